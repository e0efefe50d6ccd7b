"""Events of the history: told, published, changed, withdrawn."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from agenda import when
from agenda.models import HistoryEvent, HistoryWording
from ciforum.people import registry
from ciforum.people.models import Citable, Citation, Duty, Initiative, Notice, StoredFile
from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from tests import builders
from tests.agenda.pictures import a_picture


@pytest.fixture
def event(initiative, backbone):
    return builders.an_event(initiative, backbone.user, "Ward closed", published=False)


def edit(event, by, **fields):
    event.edit(by=by, began=event.began, ended=event.ended, **fields)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1934", date(1934, 1, 1), date(1934, 12, 31)),
        ("1936-02", date(1936, 2, 1), date(1936, 2, 29)),
        ("1934-12", date(1934, 12, 1), date(1934, 12, 31)),
        ("1934-6-2", date(1934, 6, 2), date(1934, 6, 2)),
    ],
)
def test_a_date_is_known_to_the_year_the_month_or_the_day(text, first, last):
    found = when.read(text)

    assert (found.day, found.last) == (first, last)


@pytest.mark.parametrize("text", ["34", "1934-13", "1934-02-30", "June 1934", "0999", "١٩٣٤", ""])
def test_other_dates_get_a_sentence(text):
    with pytest.raises(ValueError, match=r"[.]$"):
        when.read(text)


def test_dates_read_as_precisely_as_they_are_known():
    spans = [("1937", "1968"), ("1934-06", None), ("1934-06-12", "1934-06-12")]

    said = [when.span(when.read(start), when.read(end) if end else None) for start, end in spans]

    assert said == ["1937 – 1968", "June 1934", "June 12, 1934"]


def test_an_event_has_not_ended_before_it_began_and_is_not_to_come(initiative, backbone):
    for dates, field in ((("1934", "1933"), "ended"), (("2999", ""), "began")):
        with pytest.raises(ValidationError) as refused:
            builders.an_event(initiative, backbone.user, began=dates[0], ended=dates[1])
        assert list(refused.value.error_dict) == [field]


def test_an_event_without_words_is_refused(initiative, backbone):
    with pytest.raises(ValidationError) as refused:
        builders.an_event(initiative, backbone.user, what_happened=Words())

    assert list(refused.value.error_dict) == ["what_happened"]


def test_a_source_that_is_no_web_address_is_refused(initiative, backbone):
    with pytest.raises(ValidationError) as refused:
        builders.an_event(initiative, backbone.user, source_url="javascript:alert(1)")

    assert list(refused.value.error_dict) == ["source_url"]


def test_a_place_of_somewhere_else_is_refused(initiative, backbone):
    other = builders.an_initiative()
    place = other.place or other._meta.get_field("place").related_model.objects.create(
        initiative=other, code="there", name="There"
    )

    with pytest.raises(ValidationError) as refused:
        builders.an_event(initiative, backbone.user, place=place)

    assert list(refused.value.error_dict) == ["place"]


def test_the_backbone_has_a_proposed_event_to_read(initiative, backbone, resident):
    event = builders.an_event(initiative, resident.user, "Our ward closed", published=False)

    duty = Duty.objects.get(about=event.uid)
    assert (duty.owner, duty.kind, duty.params) == (backbone, "event.read", {"uid": str(event.uid)})

    event.publish(by=backbone.user)

    duty.refresh_from_db()
    assert duty.done_at is not None
    assert Notice.objects.filter(to=resident.user, kind="event.published").count() == 1


def test_publishing_reaches_every_cached_page(event, backbone):
    before = Initiative.objects.get(pk=event.initiative_id).public_version

    event.publish(by=backbone.user)

    assert Initiative.objects.get(pk=event.initiative_id).public_version > before


def test_nobody_publishes_twice(event, backbone):
    event.publish(by=backbone.user)

    with pytest.raises(StateChanged):
        event.publish(by=backbone.user)


def test_every_wording_is_kept(event, backbone):
    edit(event, backbone.user, title=Words(en="Ward closed for good"))
    edit(event, backbone.user, kind="policy")  # no other words, so no other wording

    assert [(each.number, str(each.title)) for each in event.wordings.all()] == [
        (1, "Ward closed"),
        (2, "Ward closed for good"),
    ]


def test_the_edit_trail_keeps_no_words(event, backbone):
    edit(event, backbone.user, title=Words(en="A secret word"), kind="policy")

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(t)::text FROM agenda_historyeventtrail t")
        trail = [row for (row,) in cursor.fetchall()]
    assert len(trail) >= 2
    assert not any("secret" in row or "Ward" in row for row in trail)


# --- somebody's own telling


@pytest.fixture
def hers(initiative, resident):
    return builders.an_event(
        initiative, resident.user, "They closed our ward", published=False, own_words=True
    )


def test_her_own_telling_is_published_as_she_wrote_it(hers, backbone):
    hers.publish(by=backbone.user)

    assert (hers.state, str(hers.title)) == ("published", "They closed our ward")


def test_other_words_for_her_telling_wait_for_her(hers, backbone, resident):
    edit(hers, backbone.user, title=Words(en="Service was optimized"))

    with pytest.raises(ValidationError, match="somebody else changed her words"):
        hers.publish(by=backbone.user)
    assert Duty.objects.open_for(resident).get().kind == "event.agree"

    with pytest.raises(ValidationError, match="Only the one who told it"):
        hers.agree_to_wording(by=backbone.user)
    hers.agree_to_wording(by=resident.user)
    hers.publish(by=backbone.user)

    assert hers.state == "published"


def test_her_own_edit_makes_them_her_words_again(hers, backbone, resident):
    edit(hers, backbone.user, title=Words(en="Service was optimized"))
    edit(hers, resident.user, title=Words(en="They closed our ward, and nobody asked"))

    hers.publish(by=backbone.user)

    assert hers.reworded_at is None


def test_dates_and_sources_of_her_telling_may_be_mended(hers, backbone):
    edit(hers, backbone.user, source="County archive, box 12")

    hers.publish(by=backbone.user)

    assert hers.reworded_at is None


def test_once_public_only_she_changes_her_words(hers, backbone, resident):
    hers.publish(by=backbone.user)

    with pytest.raises(ValidationError, match="Only the one who told it"):
        edit(hers, backbone.user, told_by="The hospital")
    edit(HistoryEvent.objects.get(pk=hers.pk), resident.user, told_by="Eastgate mothers")

    hers.refresh_from_db()
    assert hers.told_by == "Eastgate mothers"


def test_the_database_keeps_other_words_from_being_published(hers, backbone):
    edit(hers, backbone.user, title=Words(en="Service was optimized"))

    with pytest.raises(IntegrityError), transaction.atomic():
        HistoryEvent.objects.filter(pk=hers.pk).update(
            state="published", published_at=hers.proposed_at
        )


# --- withdrawal


def test_a_withdrawal_erases_everything_but_the_date(
    initiative, backbone, django_capture_on_commit_callbacks
):
    event = builders.an_event(
        initiative,
        backbone.user,
        "Ward closed",
        picture=a_picture(),
        image_alt=Words(en="An empty ward"),
        told_by="Elders' circle",
        source="Archive",
        overlay=[{"name": "x", "grade": "", "type": "Point", "coordinates": [1, 2]}],
    )
    kept = StoredFile.objects.get(pk=event.image_id)
    path = kept.storage.path

    with django_capture_on_commit_callbacks(execute=True):
        event.withdraw(by=backbone.user)

    event.refresh_from_db()
    kept.refresh_from_db()
    texts = (event.told_by, event.source, event.source_url, event.image_credit)
    assert (event.title, event.what_happened, event.image_alt) == ({}, {}, {})
    assert (texts, event.overlay, event.image_id) == (("", "", "", ""), None, None)
    assert not HistoryWording.objects.filter(event=event).exists()
    assert event.start == date(1988, 1, 1)
    assert (kept.storage.name, kept.forgotten_at is not None) == ("", True)
    with pytest.raises(FileNotFoundError):
        open(path, "rb").close()


def test_what_cites_a_withdrawn_event_says_so(initiative, backbone):
    event = builders.an_event(initiative, backbone.user)
    indicator = builders.an_indicator(initiative)
    citable = registry.citations["event"].find(initiative, event.uid)
    Citation.cite(indicator, citable, by=backbone.user, note="The ward closed")

    event.withdraw(by=backbone.user)

    citable = Citable.objects.get(pk=citable.pk)
    kind = registry.citations["event"]
    assert citable.withdrawn_at is not None
    assert kind.visible_to(citable, backbone) is False
    assert kind.traits(citable) == set()
    assert Citation.objects.get(citable=citable).note == ""
    assert list(kind.choices(initiative, backbone)) == []
    assert kind.find(initiative, event.uid) is None


def test_a_withdrawn_event_comes_back_by_no_road(initiative, backbone):
    event = builders.an_event(initiative, backbone.user)
    event.withdraw(by=backbone.user)

    with pytest.raises(StateChanged):
        event.withdraw(by=backbone.user)
    with pytest.raises(StateChanged):
        edit(event, backbone.user, title=Words(en="Again"))
    with pytest.raises(Exception, match="withdrawn_stays"), transaction.atomic():
        HistoryEvent.objects.filter(pk=event.pk).update(state="published")


def test_the_database_wants_a_withdrawn_event_empty(initiative, backbone):
    event = builders.an_event(initiative, backbone.user)

    with pytest.raises(IntegrityError, match="withdrawn_event_is_empty"), transaction.atomic():
        HistoryEvent.objects.filter(pk=event.pk).update(
            state="withdrawn", withdrawn_at=event.proposed_at
        )


# --- citing


def test_an_event_is_cited_with_its_date_and_kind(initiative, backbone):
    event = builders.an_event(initiative, backbone.user, "Ward closed", began="1988-06")
    kind = registry.citations["event"]
    citable = kind.find(initiative, event.uid)

    assert kind.excerpt(citable, None) == "June 1988: Harm. Ward closed"
    assert kind.traits(citable) == {"structural"}
    assert kind.find(builders.an_initiative(), event.uid) is None


def test_a_draft_cannot_be_cited(event, initiative):
    assert registry.citations["event"].find(initiative, event.uid) is None


def test_a_cited_cause_stays_structural(initiative, backbone):
    event = builders.an_event(initiative, backbone.user)
    indicator = builders.an_indicator(initiative)
    Citation.cite(indicator, Citable.of(event, "event"), by=backbone.user)
    event.refresh_from_db()

    with pytest.raises(ValidationError, match="so it stays one"):
        edit(event, backbone.user, is_structural=False)
