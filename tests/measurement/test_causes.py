"""A published gap names a structural cause, or says that nobody has looked into it yet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from agenda.timeline import citing
from ciforum.people import clock, registry
from ciforum.people.models import Citation, Initiative
from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from equity.gates import GateClosed, publish_release
from equity.models import Waiver
from equity.presenting import present
from measurement.models import Cause, Release
from tests import builders

NUMBERS = {
    (2020, "here"): (620, 10510),
    (2020, "here", "race:white"): (390, 8670),
    (2020, "here", "race:black"): (230, 1840),
}


@pytest.fixture
def indicator(initiative, partner, backbone):
    builders.a_dimension(initiative, groups=("white", "black"))
    indicator = builders.an_indicator(initiative)
    builders.approved(indicator, partner, backbone, NUMBERS)
    return indicator


@pytest.fixture
def release(indicator, backbone):
    """Ready but for its causes."""
    release = Release.draft(indicator=indicator, by=backbone.user)
    release.protect(release.work_out_protection(), by=backbone.user)
    release.tell(story=builders.STORY, by=backbone.user)
    return release


@pytest.fixture
def event(initiative, backbone):
    return builders.an_event(initiative, backbone.user, "The hospital closed its ward")


def held_by(release, by):
    try:
        release.publish(by=by.user)
    except GateClosed as closed:
        return [unmet.code for unmet in closed.unmet]
    return []


def in_days(days):
    return (clock.now() + timedelta(days=days)).date()


def state(indicator, by, **values):
    return Cause.not_researched(
        indicator=indicator, by=by.user, **{"who": "The library", "until": in_days(90), **values}
    )


def test_a_gap_without_a_word_on_its_causes_is_held(release, backbone):
    assert held_by(release, backbone) == ["cause_missing"]
    assert release.remedy_url("cause_missing").endswith(f"/{release.indicator.slug}/causes/")


def test_a_gap_that_names_a_structural_event_is_published(release, indicator, event, backbone):
    Cause.name(indicator=indicator, event=event, by=backbone.user)

    assert held_by(release, backbone) == []
    said = next(a for a in release.passed.answers if a["rule"] == "structural_cause")
    assert (said["outcome"], said["params"]) == ("met", {"events": 1})


def test_a_gap_that_says_nobody_has_looked_is_published(release, indicator, backbone):
    state(indicator, backbone)

    assert held_by(release, backbone) == []
    assert "until" in str(release.passed.answers)
    assert "The library" not in str(release.passed.answers)  # names stay out of the ledger


def test_a_release_without_groups_shows_no_gap(initiative, partner, backbone):
    whole = builders.an_indicator(initiative)
    builders.approved(whole, partner, backbone, {(2020, "here"): (620, 10510)})
    release = Release.draft(indicator=whole, by=backbone.user)
    release.protect(release.work_out_protection(), by=backbone.user)
    release.tell(story=builders.STORY, by=backbone.user)

    assert held_by(release, backbone) == []


def test_a_statement_that_ran_out_holds_the_next_release(release, indicator, backbone):
    state(indicator, backbone, until=in_days(10))

    with clock.at(clock.now() + timedelta(days=12)):
        assert held_by(release, backbone) == ["cause_overdue"]
        state(indicator, backbone, until=in_days(30))
        assert held_by(release, backbone) == []


def test_a_withdrawn_event_is_no_cause(release, indicator, event, backbone):
    Cause.name(indicator=indicator, event=event, by=backbone.user)
    event.withdraw(by=backbone.user)

    assert held_by(release, backbone) == ["cause_missing"]


def test_a_cause_that_was_taken_back_is_no_cause(release, indicator, event, backbone):
    Cause.name(indicator=indicator, event=event, by=backbone.user).end(by=backbone.user)

    assert held_by(release, backbone) == ["cause_missing"]


def test_the_rule_cannot_be_waived(release, backbone, resident):
    assert held_by(release, backbone) == ["cause_missing"]

    with pytest.raises(ValidationError):
        Waiver.ask(
            gate=publish_release,
            record=release,
            code="structural_cause",
            reason="The board wants to see the numbers before its next meeting.",
            days=30,
            by=backbone.user,
        )


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_answer_is_a_sentence(release, indicator, event, backbone, language):
    def said():
        shown = present(publish_release.ask(release))
        return [line.sentence for line in (*shown.unmet, *shown.met)]

    with translation.override(language):
        before = said()
        state(indicator, backbone)
        stated = said()
        Cause.name(indicator=indicator, event=event, by=backbone.user)
        named = said()
    assert len({str(each) for each in (before, stated, named)}) == 3
    assert not any("no longer asked" in each for each in before + stated + named)


# --- the verbs


@pytest.mark.parametrize("fields", [{"published": False}, {"is_structural": False}])
def test_only_published_structural_events_are_causes(indicator, initiative, backbone, fields):
    event = builders.an_event(initiative, backbone.user, **fields)

    with pytest.raises(ValidationError) as refused:
        Cause.name(indicator=indicator, event=event, by=backbone.user)

    assert list(refused.value.error_dict) == ["event"]


def test_another_initiatives_event_is_no_cause_here(indicator, backbone):
    event = builders.an_event(builders.an_initiative())

    with pytest.raises(ValidationError):
        Cause.name(indicator=indicator, event=event, by=backbone.user)


def test_an_event_is_named_once(indicator, event, backbone):
    Cause.name(indicator=indicator, event=event, by=backbone.user)

    with pytest.raises(ValidationError, match="named already"):
        Cause.name(indicator=indicator, event=event, by=backbone.user)


def test_a_cause_ends_the_statement_and_is_a_citation(indicator, event, backbone):
    statement = state(indicator, backbone)

    cause = Cause.name(indicator=indicator, event=event, by=backbone.user)

    statement.refresh_from_db()
    assert statement.ended_at is not None
    assert Citation.objects.of(indicator, "causes").count() == 1
    cause.end(by=backbone.user)
    assert Citation.objects.of(indicator, "causes").count() == 0
    with pytest.raises(StateChanged):
        cause.end(by=backbone.user)


def test_nobody_says_not_researched_beside_a_cause(indicator, event, backbone):
    Cause.name(indicator=indicator, event=event, by=backbone.user)

    with pytest.raises(ValidationError, match="has been looked into"):
        state(indicator, backbone)


@pytest.mark.parametrize("days", [-2, 400])
def test_a_statement_stands_for_a_year_at_most(indicator, backbone, days):
    with pytest.raises(ValidationError) as refused:
        state(indicator, backbone, until=in_days(days))

    assert list(refused.value.error_dict) == ["until"]


def test_a_statement_says_who(indicator, backbone):
    with pytest.raises(ValidationError):
        state(indicator, backbone, who=" ")


def test_putting_it_off_leaves_the_earlier_statement_on_record(indicator, backbone):
    state(indicator, backbone)
    state(indicator, backbone, until=in_days(200))

    assert [each.ended_at is None for each in indicator.causes.all()] == [False, True]


def test_every_word_on_causes_reaches_the_cached_pages(indicator, event, backbone):
    def version():
        return Initiative.objects.get(pk=indicator.initiative_id).public_version

    versions = [version()]
    state(indicator, backbone)
    versions.append(version())
    cause = Cause.name(indicator=indicator, event=event, by=backbone.user)
    versions.append(version())
    cause.end(by=backbone.user)
    versions.append(version())

    assert versions == sorted(set(versions))


def test_the_event_lists_only_indicators_its_reader_may_see(indicator, event, backbone):
    Cause.name(indicator=indicator, event=event, note=Words(en="Still"), by=backbone.user)
    event.refresh_from_db()

    assert citing(event, None) == ([], 1)
    shown, hidden = citing(event, backbone)
    assert ([each.title for each in shown], hidden) == ([str(indicator.name)], 0)
    assert isinstance(shown[0], registry.Citer)
