"""Then and now: a map of an earlier time, its cause, and today's number on the same plane."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from agenda.timeline import citing
from ciforum.people.transitions import StateChanged
from measurement.models import HistoricMap
from tests import builders
from tests.maps_building import a_historic_map, a_picture, area

pytestmark = pytest.mark.django_db


def test_each_value_of_the_areas_gets_a_grade(initiative, backbone):
    made = a_historic_map(initiative, backbone)

    assert made.state == "draft"
    assert [(grade["value"], grade["class"]) for grade in made.grades] == [("A", 0), ("D", 1)]


def test_a_public_map_shows_on_the_page_of_its_event(initiative, backbone):
    made = a_historic_map(initiative, backbone)

    made.publish(by=backbone.user)

    made.event.refresh_from_db()
    (face,), hidden = citing(made.event, None)
    assert (face.title, face.url, hidden) == (str(made.title), made.get_absolute_url(), 0)
    made.take_back(by=backbone.user)
    assert citing(made.event, None) == ([], 0)


def test_a_map_is_public_only_with_a_published_event(initiative, backbone):
    event = builders.an_event(initiative, backbone.user, published=False)
    made = a_historic_map(initiative, backbone, event=event)

    with pytest.raises(ValidationError, match="has to be public first"):
        made.publish(by=backbone.user)
    with pytest.raises(IntegrityError, match="published event"), transaction.atomic():
        HistoricMap.objects.filter(pk=made.pk).update(state="public")


def test_an_event_of_elsewhere_tells_no_cause_here(initiative, backbone):
    other = builders.an_event(builders.an_initiative())

    with pytest.raises(ValidationError, match="event of this initiative"):
        a_historic_map(initiative, backbone, event=other)
    made = a_historic_map(initiative, backbone)
    with pytest.raises(IntegrityError, match="published event"), transaction.atomic():
        HistoricMap.objects.filter(pk=made.pk).update(state="public", event=other)


def test_a_withdrawn_event_hides_its_map(initiative, backbone):
    made = a_historic_map(initiative, backbone)
    made.publish(by=backbone.user)

    made.event.withdraw(by=backbone.user)

    assert not HistoricMap.objects.public().exists()


def test_what_is_public_does_not_change(initiative, backbone):
    made = a_historic_map(initiative, backbone)
    made.publish(by=backbone.user)

    with pytest.raises(StateChanged):
        made.edit(by=backbone.user, year=1938)
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        HistoricMap.objects.filter(pk=made.pk).update(year=1938)
    made.refresh_from_db()
    made.take_back(by=backbone.user)
    made.edit(by=backbone.user, year=1938, areas=[area("All", "C", -79)])
    assert (made.year, [grade["value"] for grade in made.grades]) == (1938, ["C"])


def test_a_picture_needs_its_edges(initiative, backbone):
    with pytest.raises(ValidationError, match="four edges"):
        a_historic_map(initiative, backbone, picture=a_picture())
    with pytest.raises(ValidationError, match="west is less than east"):
        a_historic_map(
            initiative, backbone, picture=a_picture(), west=-77, south=41, east=-78, north=42
        )

    made = a_historic_map(
        initiative, backbone, picture=a_picture(), west=-79, south=41, east=-77, north=42
    )
    assert made.image_type == "image/webp"
    assert made.bounds["coordinates"][0][2] == [-77, 42]
