"""Data walks: preparing, opening, what is fixed then, reactions, closing."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, transaction

from agenda import citing
from ciforum.people import clock, registry
from ciforum.people.models import AuditLine, Citation, Membership
from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from measurement.models import DataWalk, Finding, Follower, Prompt, Reaction, Station, Theme
from measurement.models.walk_guards import FEWEST, MOST
from measurement.showing.shown import Choice
from measurement.walking import quotes
from tests import builders, chartering
from tests import walks_building as walking

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def indicator(initiative, backbone):
    return chartering.a_figure(initiative, backbone)


@pytest.fixture
def ready(initiative, backbone, indicator) -> DataWalk:
    return walking.a_ready_walk(initiative, backbone, indicator)


@pytest.fixture
def opened(ready, backbone) -> DataWalk:
    ready.open(by=backbone.user)
    return ready


def refused(change) -> bool:
    """The database itself says no."""
    try:
        with transaction.atomic():
            change()
    except (IntegrityError, ProgrammingError):
        return True
    return False


# --- preparing and opening


def test_a_station_begins_with_the_usual_prompts_in_the_languages_of_the_walk(
    initiative, backbone, indicator
):
    walk = walking.a_walk(initiative, backbone, languages=["es"], title=Words(es="Paseo"))

    station = walking.a_station(walk, indicator, backbone)

    assert [dict(each.words) for each in station.prompts.all()] == [
        {"es": "¿Qué nota?"},
        {"es": "¿Qué le sorprende?"},
        {"es": "¿Qué falta?"},
        {"es": "¿Por qué podría ser así?"},
        {"es": "¿Qué deberíamos hacer?"},
    ]


@pytest.mark.parametrize("stations", [FEWEST - 1, FEWEST, MOST])
def test_a_walk_opens_with_five_to_ten_stations(initiative, backbone, indicator, stations):
    walk = walking.a_ready_walk(initiative, backbone, indicator, stations=stations)

    if stations < FEWEST:
        with pytest.raises(ValidationError) as error:
            walk.open(by=backbone.user)
        assert error.value.messages == ["A walk has 5 to 10 stations; this one has 4."]
    else:
        walk.open(by=backbone.user)
    assert DataWalk.objects.get().is_open == (stations >= FEWEST)


def test_an_eleventh_station_is_refused(initiative, backbone, indicator):
    walk = walking.a_ready_walk(initiative, backbone, indicator, stations=MOST)

    with pytest.raises(ValidationError):
        walking.a_station(walk, indicator, backbone)


def test_a_station_shows_released_numbers_only(initiative, backbone, ready):
    unreleased = builders.an_indicator(initiative)

    with pytest.raises(ValidationError) as nothing:
        walking.a_station(ready, unreleased, backbone)
    with pytest.raises(ValidationError) as unknown:
        walking.a_station(ready, ready.stations.first().indicator, backbone, Choice(by="age"))

    assert nothing.value.messages == ["Nothing of this indicator is released yet."]
    assert unknown.value.messages == ["This place or these groups are not released."]


def test_another_initiatives_indicator_stays_out(initiative, backbone, ready):
    elsewhere = builders.an_initiative()
    director = builders.a_member(elsewhere, "backbone", data_steward=True)
    theirs = chartering.a_figure(elsewhere, director)

    with pytest.raises(ValidationError):
        walking.a_station(ready, theirs, backbone)


def test_what_is_not_said_in_every_language_keeps_a_walk_shut(ready, backbone):
    station = ready.stations.get(order=2)
    station.change(
        indicator=station.indicator,
        choice=station.choice,
        title=Words(en="Only English", es="También"),
        prompts=[Words(en="What do you see?")],
        by=backbone.user,
    )

    with pytest.raises(ValidationError) as error:
        ready.open(by=backbone.user)

    assert error.value.messages == [
        "Station 2: write title and prompts in every language of the walk."
    ]


def test_the_database_holds_the_number_of_stations_against_a_shell(initiative, backbone, indicator):
    walk = walking.a_ready_walk(initiative, backbone, indicator, stations=4)
    rows = DataWalk.objects.filter(pk=walk.pk)

    assert refused(lambda: rows.update(state="open", opened_at=clock.now()))


def test_stations_are_put_in_order_and_numbered_anew(ready, backbone):
    first, second, third, *_rest = ready.stations.all()

    second.shift(by=backbone.user, up=True)
    third.remove(by=backbone.user)

    assert list(ready.stations.values_list("order", "pk"))[:2] == [(1, second.pk), (2, first.pk)]
    assert list(ready.stations.values_list("order", flat=True)) == [1, 2, 3, 4]


def test_once_open_stations_stay_as_they_were(opened, backbone):
    station = opened.stations.first()

    with pytest.raises(StateChanged):
        station.shift(by=backbone.user, up=False)
    with pytest.raises(StateChanged):
        station.remove(by=backbone.user)

    assert refused(lambda: Station.objects.filter(pk=station.pk).update(title={"en": "Other"}))
    assert refused(lambda: Station.objects.filter(pk=station.pk).update(release=None))
    assert refused(lambda: Prompt.objects.filter(station=station).update(words={"en": "Other"}))
    assert refused(lambda: Prompt.objects.filter(station=station).delete())


def test_everybody_sees_the_numbers_of_the_opening_whatever_is_released_later(
    initiative, backbone, partner, indicator, opened
):
    before = [cell.numerator for cell in opened.in_order()[0].shown().cells]
    later = {(2021, *key[1:]): value for key, value in chartering.GROUPS.items()}
    builders.approved(indicator, partner, backbone, later)
    with clock.at(clock.now() + timedelta(days=1)):
        builders.a_release(indicator, backbone, ready=True).publish(by=backbone.user)

    station = opened.in_order()[0]

    assert [cell.numerator for cell in station.shown().cells] == before
    station.release = None
    assert len(station.shown().cells) == 2 * len(before)


def test_a_walk_opened_too_early_goes_back_while_nobody_reacted(opened, backbone):
    opened.take_back(by=backbone.user)
    assert DataWalk.objects.get().is_preparing
    assert not opened.stations.exclude(release=None).exists()

    opened.open(by=backbone.user)
    walking.a_reaction(opened.stations.first())
    with pytest.raises(ValidationError):
        opened.take_back(by=backbone.user)


def left_an_address(walk, by):
    Follower.leave(walk=walk, address="lupe@example.org", language="es")


def wrote_a_finding(walk, by):
    said = Words(en="It is far.", es="Está lejos.")
    Finding.write(walk=walk, text=said, stations=[walk.stations.first()], by=by.user)


@pytest.mark.parametrize("left", [left_an_address, wrote_a_finding])
def test_a_walk_stays_open_for_what_people_left_there(opened, backbone, left):
    left(opened, backbone)

    with pytest.raises(ValidationError, match="so it stays open"):
        opened.take_back(by=backbone.user)

    assert DataWalk.objects.get().is_open


def test_a_station_that_is_gone_is_not_moved(ready, backbone):
    station = ready.stations.last()
    Station.objects.get(pk=station.pk).remove(by=backbone.user)

    with pytest.raises(StateChanged):
        station.shift(up=True, by=backbone.user)


def test_languages_stay_once_posters_are_printed(opened, backbone):
    opened.describe(by=backbone.user, hall="School hall")
    assert DataWalk.objects.get().hall == "School hall"

    with pytest.raises(ValidationError):
        opened.describe(by=backbone.user, languages=["en"])


# --- quotes: nothing but a kind that asks for consent


@pytest.fixture
def told(monkeypatch, initiative, backbone):
    """A kind of record whose teller consents, or not: an event stands for it here."""
    event = builders.an_event(initiative, backbone.user)
    consent = {"words": "I walked two hours."}
    asked = []

    def consented(citable, audience, purpose):
        asked.append((audience, purpose))
        return consent["words"]

    kind = dataclasses.replace(registry.citations["event"], consented=consented)
    monkeypatch.setitem(registry.citations._entries, "told", kind)
    monkeypatch.setitem(registry.citations._entries, "event", dataclasses.replace(kind))
    return event, consent, asked


def test_no_kind_of_today_can_put_words_at_a_station(initiative, ready, backbone):
    event = builders.an_event(initiative, backbone.user)

    with pytest.raises(ValidationError):
        ready.stations.first().quote(kind="event", uid=str(event.uid), by=backbone.user)


def test_a_citation_smuggled_in_shows_no_words(initiative, ready, backbone):
    event = builders.an_event(initiative, backbone.user)
    station = ready.stations.first()
    citing.cite(station, kind="event", uid=event.uid, by=backbone.user)

    assert Citation.objects.of(station).exists()
    assert quotes.at(station) is None


def test_a_quote_is_asked_for_at_every_rendering(ready, backbone, told):
    event, consent, asked = told
    station = ready.stations.first()
    station.quote(kind="event", uid=str(event.uid), by=backbone.user)

    assert quotes.at(station).words == "I walked two hours."
    consent["words"] = ""
    assert quotes.at(station) is None
    assert set(asked) == {("public", "data_walk")}


def test_a_withdrawn_record_is_quoted_no_more(ready, backbone, told):
    event, _consent, _asked = told
    station = ready.stations.first()
    station.quote(kind="event", uid=str(event.uid), by=backbone.user)

    event.refresh_from_db()
    event.withdraw(by=backbone.user)

    assert quotes.at(station) is None


# --- reactions


def test_a_reaction_sent_twice_is_kept_once(opened):
    station = opened.stations.first()
    answers, ticket = {station.prompts.first(): "  It goes   up. "}, uuid4()

    for _each in range(2):
        Reaction.send(station=station, answers=answers, language="es", ticket=ticket)

    assert list(Reaction.objects.values_list("text", "language", "via", "sheet")) == [
        ("It goes up.", "es", "phone", None)
    ]


def test_nothing_written_and_too_much_written_are_refused(opened):
    station = opened.stations.first()
    prompt = station.prompts.first()

    for text in (" ", "x" * 1001):
        with pytest.raises(ValidationError):
            Reaction.send(station=station, answers={prompt: text}, language="en", ticket=uuid4())
    assert not Reaction.objects.exists()


def test_an_answer_to_another_stations_prompt_is_left_out(opened):
    first, second, *_rest = opened.stations.all()

    Reaction.send(
        station=first,
        answers={second.prompts.first(): "There"},
        language="en",
        ticket=uuid4(),
    )

    assert not Reaction.objects.exists()


def test_phones_rest_in_the_debrief_while_paper_is_typed_in(opened, backbone):
    opened.begin_debrief(by=backbone.user)
    station = opened.stations.first()

    with pytest.raises(ValidationError):
        walking.a_reaction(station)
    walking.on_paper(station, backbone)

    assert Reaction.objects.get().via == "paper"


def test_nothing_is_taken_once_it_is_closed(opened, backbone):
    station = opened.stations.first()
    said = walking.on_paper(station, backbone)
    opened.begin_debrief(by=backbone.user)
    opened.close(next_steps=walking.NEXT, by=backbone.user)

    with pytest.raises(StateChanged):
        walking.on_paper(station, backbone, sheet=2)
    assert refused(lambda: Reaction.objects.filter(pk=said.pk).update(text="Other"))
    assert refused(
        lambda: Reaction.objects.create(
            initiative=opened.initiative,
            station=station,
            prompt=station.prompts.first(),
            text="Late",
            via="paper",
            language="en",
            sheet=9,
            day=clock.now().date(),
            typed_by=backbone.user,
        )
    )


def test_paper_typed_again_takes_the_place_of_what_was_mistyped(opened, backbone):
    station = opened.stations.first()
    walking.on_paper(station, backbone, text="Too fra")

    walking.on_paper(station, backbone, text="Too far")

    assert list(Reaction.objects.values_list("text", "sheet")) == [("Too far", 1)]


def test_an_emptied_box_hides_what_was_typed_there(opened, backbone):
    station = opened.stations.first()
    walking.on_paper(station, backbone)

    Reaction.type_in(
        station=station,
        sheet=1,
        answers={station.prompts.first(): ""},
        language="en",
        by=backbone.user,
    )

    assert not Reaction.objects.seen().exists()
    assert walking.on_paper(station, backbone, text="Again").text == "Again"


def test_what_came_by_phone_is_hidden_with_a_reason_and_never_edited(opened, backbone):
    said = walking.a_reaction(opened.stations.first(), "Call 555-0100")

    with pytest.raises(ValidationError):
        said.hide(reason=" ", by=backbone.user)
    said.hide(reason="A telephone number.", by=backbone.user)

    assert not Reaction.objects.seen().exists()
    assert refused(lambda: Reaction.objects.update(text="Call me"))
    assert refused(lambda: Reaction.objects.all().delete())
    said.show_again(by=backbone.user)
    assert Reaction.objects.seen().get().text == "Call 555-0100"


def test_a_hidden_reaction_has_a_reason_in_the_database_too(opened, backbone):
    walking.a_reaction(opened.stations.first())

    assert refused(
        lambda: Reaction.objects.update(hidden_at=clock.now(), hidden_by=backbone.user_id)
    )


def test_themes_group_reactions_of_one_station(opened, backbone):
    first, second, *_rest = opened.stations.all()
    here, there = walking.a_reaction(first), walking.a_reaction(second)
    theme = Theme.name_one(station=first, name="Distance", by=backbone.user)

    Reaction.sort(station=first, reactions=[here.uid, there.uid], theme=theme, by=backbone.user)

    assert list(theme.reactions.all()) == [here]
    with pytest.raises(ValidationError):
        Reaction.sort(station=second, reactions=[there.uid], theme=theme, by=backbone.user)
    theme.drop(by=backbone.user)
    assert Reaction.objects.get(pk=here.pk).theme is None


# --- closing


def test_closing_says_in_every_language_what_comes_next(opened, backbone):
    opened.begin_debrief(by=backbone.user)

    with pytest.raises(ValidationError):
        opened.close(next_steps=Words(en="Soon"), by=backbone.user)
    opened.close(next_steps=walking.NEXT, by=backbone.user)

    assert DataWalk.objects.get().next_steps == walking.NEXT
    assert refused(lambda: DataWalk.objects.update(next_steps={}))


def test_only_a_walk_in_preparation_is_discarded(initiative, backbone, indicator):
    draft = walking.a_ready_walk(initiative, backbone, indicator)
    draft.discard(by=backbone.user)
    assert not DataWalk.objects.exists()

    walk = walking.an_open_walk(initiative, backbone, indicator)
    with pytest.raises(StateChanged):
        walk.discard(by=backbone.user)
    assert refused(lambda: DataWalk.objects.filter(pk=walk.pk).delete())


def test_a_phone_leaves_no_line_and_no_time_finer_than_the_day(opened):
    before = AuditLine.objects.count()
    walking.a_reaction(opened.stations.first())

    assert AuditLine.objects.count() == before
    assert "time" not in {
        field.get_internal_type().lower()[-4:]
        for field in Reaction._meta.concrete_fields
        if getattr(Reaction.objects.get(), field.attname) is not None
    }
    assert Membership.objects.exists()
