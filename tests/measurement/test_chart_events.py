"""Events of the history in charts and on the public page of an indicator."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from ciforum.people.models import Place
from ciforum.people.words import Words
from measurement.models import Cause
from tests import builders

NUMBERS = {
    (year, "Here", *groups): number
    for year in range(2015, 2023)
    for groups, number in (
        ((), (620, 10510)),
        (("race:white",), (390, 8670)),
        (("race:black",), (230, 1840)),
    )
}


@pytest.fixture
def indicator(initiative, partner, backbone):
    builders.a_dimension(initiative, groups=("white", "black"))
    indicator = builders.an_indicator(initiative, slug="births")
    builders.approved(indicator, partner, backbone, NUMBERS)
    builders.a_release(indicator, backbone, ready=True).publish(by=backbone.user)
    return indicator


def figure(client, indicator):
    url = reverse("measurement:chart", args=[indicator.initiative.slug, indicator.slug])
    return json.loads(client.get(url).content)


def letters(client, indicator):
    notes = figure(client, indicator)["layout"].get("annotations", [])
    return [(note["x"][:4], note["text"]) for note in notes]


def page(client, indicator):
    return client.get(indicator.get_absolute_url()).content.decode()


def an_event(initiative, backbone, began, **fields):
    return builders.an_event(initiative, backbone.user, f"Event of {began}", began=began, **fields)


def test_a_chart_shows_the_events_of_its_years(client, indicator, initiative, backbone):
    for began in ("2014", "2016-05", "2020", "2023"):
        an_event(initiative, backbone, began)

    assert letters(client, indicator) == [("2016", "A"), ("2020", "B")]
    body = page(client, indicator)
    assert [f"Event of {year}" in body for year in ("2014", "2016-05", "2020", "2023")] == [
        *(False, True, True, False)
    ]


def test_an_event_that_lasts_into_its_years_is_shown_too(client, indicator, initiative, backbone):
    an_event(initiative, backbone, "1990", ended="2015-02")

    assert letters(client, indicator) == [("2015", "A")]


def test_letters_that_would_run_into_each_other_stand_as_one(
    client, indicator, initiative, backbone
):
    for began in ("2018-01", "2018-03", "2018-05"):
        an_event(initiative, backbone, began)

    assert letters(client, indicator) == [("2018", "A–C")]


def test_of_too_many_events_named_causes_are_kept(client, indicator, initiative, backbone):
    cause = an_event(initiative, backbone, "2015")
    for month in range(1, 13):
        an_event(initiative, backbone, f"2019-{month:02}")
    Cause.name(indicator=indicator, event=cause, by=backbone.user)

    body = page(client, indicator)

    assert "Event of 2015" in body
    assert "Event of 2019-01<" not in body
    assert "One more event of these years" in body


def test_events_of_other_places_are_left_out(client, indicator, initiative, backbone):
    here = Place.objects.get(initiative=initiative, code="here")
    inside = Place.objects.create(initiative=initiative, code="in", name="Inside", parent=here)
    other = Place.objects.create(initiative=initiative, code="other", name="Elsewhere")
    an_event(initiative, backbone, "2016", place=inside)
    an_event(initiative, backbone, "2019", place=other)

    assert letters(client, indicator) == [("2016", "A")]


def test_drafts_and_other_initiatives_are_left_out(client, indicator, initiative, backbone):
    an_event(initiative, backbone, "2016", published=False)
    builders.an_event(builders.an_initiative(), began="2017")

    assert letters(client, indicator) == []


def test_a_withdrawn_event_is_gone_from_cached_pages_and_charts(
    client, indicator, initiative, backbone, settings
):
    settings.DEBUG = False  # pages are cached only without it
    event = an_event(initiative, backbone, "2016")
    Cause.name(
        indicator=indicator, event=event, note=Words(en="Told by the event"), by=backbone.user
    )
    overview = reverse("agenda:history", args=[initiative.slug])
    before = page(client, indicator) + json.dumps(figure(client, indicator))
    assert before.count("Event of 2016") >= 3

    event.withdraw(by=backbone.user)

    after = page(client, indicator) + json.dumps(figure(client, indicator))
    after += client.get(overview).content.decode()
    after += client.get(event.get_absolute_url()).content.decode()
    assert "Event of 2016" not in after
    assert "Told by the event" not in after
    assert "was withdrawn on" in after


def test_beside_the_gap_stands_its_cause_or_that_nobody_has_looked(
    client, indicator, initiative, backbone
):
    assert "Cause not yet researched. The elders" in page(client, indicator)
    event = an_event(initiative, backbone, "1988")

    Cause.name(indicator=indicator, event=event, note=Words(en="Until today."), by=backbone.user)

    body = page(client, indicator)
    assert "Cause not yet researched" not in body
    assert f'<a href="{event.get_absolute_url()}">Event of 1988</a>' in body
    assert "Until today." in body


def test_the_backbone_says_why_on_a_page(login, indicator, initiative, backbone):
    event = an_event(initiative, backbone, "1988")
    url = reverse("measurement:causes", args=[initiative.slug, indicator.slug])
    browser = login(backbone.user)

    wrong = browser.post(url, {"what": "cause", "event": ""})
    done = browser.post(url, {"what": "cause", "event": str(event.uid), "note_en": "Still."})

    assert (wrong.status_code, done.status_code) == (422, 302)
    cause = indicator.causes.named().get()
    assert (cause.event, str(cause.note)) == (event, "Still.")
    ended = reverse("measurement:cause_end", args=[initiative.slug, indicator.slug, cause.uid])
    assert browser.post(ended).status_code == 302
    again = browser.post(url, {"what": "statement", "who": "The library", "until": "2001-01-01"})
    assert (again.status_code, "within a year" in again.content.decode()) == (422, True)


def test_a_seat_holder_may_name_causes(login, indicator, initiative):
    resident = builders.a_member(initiative, "community")
    url = reverse("measurement:causes", args=[initiative.slug, indicator.slug])
    assert login(resident.user).get(url).status_code == 403

    builders.a_seat(builders.a_committee(initiative), resident)

    assert login(resident.user).get(url).status_code == 200
