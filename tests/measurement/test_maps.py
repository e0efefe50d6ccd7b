"""Maps of places: outlines handed in, and released numbers of every place at once."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ciforum.people.models import Place, StoredFile
from measurement.models import HistoricMap
from measurement.places import outlining, place_map
from measurement.places.overlaying import shares
from measurement.showing.shown import Choice, show
from measurement.showing.shown_places import by_place, offer
from tests.builders import a_dimension, a_release, an_indicator, an_initiative, approved
from tests.maps_building import (
    a_historic_map,
    a_picture,
    area,
    collection,
    feature,
    outlined,
    square,
)

pytestmark = pytest.mark.django_db

NUMBERS = {
    (2020, "East"): (620, 1000),
    (2020, "East", "race:white"): (420, 700),
    (2020, "East", "race:black"): (197, 290),
    (2020, "East", "race:other"): (3, 10),
    (2020, "West"): (810, 1000),
    (2021, "East"): (640, 1000),
    (2021, "West"): (830, 1000),
}


@pytest.fixture
def released(initiative, partner, backbone):
    a_dimension(initiative)
    indicator = an_indicator(initiative, slug="visits")
    approved(indicator, partner, backbone, NUMBERS)
    a_release(indicator, backbone, ready=True).publish(by=backbone.user)
    return indicator


@pytest.fixture
def on_the_map(released, initiative, backbone):
    outlined(initiative, backbone, "West", -79)
    outlined(initiative, backbone, "East", -78)
    return released


def test_places_have_the_cells_that_their_own_pages_show(released, django_assert_max_num_queries):
    found = offer(released)
    for key in found.series:
        for period in found.periods:
            with django_assert_max_num_queries(3):
                cells = by_place(released, found, key, period)
            for place, cell in cells:
                own = show(released, Choice(place=place.code, by=cell.series.breakdown))
                assert own.by_key[period, cell.series] == cell
    assert "race:black" in found.series
    assert [str(each) for each in found.periods] == ["2020", "2021"]


def test_a_hidden_number_is_on_no_map(released, client, initiative):
    found = offer(released)
    drawn = place_map.drawn(released, found, "race:other", found.periods[0])

    (east,) = drawn.areas
    assert (east.value, east.band, east.distance) == ("[c]", place_map.SIGN, "")
    page = client.get(
        reverse("measurement:place_map", args=[initiative.slug, "visits"])
        + f"?group=race:other&period={found.periods[0].uid}"
    ).content.decode()
    assert "hidden to protect people" in page
    assert "30.0" not in page


def test_the_map_says_how_far_places_are_apart(on_the_map, client, initiative):
    page = client.get(reverse("measurement:place_map", args=[initiative.slug, "visits"]))

    drawn = page.context["map"]
    assert "2021, Everyone: from 64.0% to 83.0% across" in drawn.sentence
    assert "East" not in drawn.sentence
    assert [(each.place.name, each.band) for each in drawn.areas] == [("East", "0"), ("West", "1")]
    assert page.content.decode().count('class="place-map__area map-') == 4  # places and legend


@pytest.mark.parametrize("query", ["group=race:none", "period=x", "periods=month"])
def test_what_is_not_public_is_not_found(released, client, initiative, query):
    address = reverse("measurement:place_map", args=[initiative.slug, "visits"])
    assert client.get(f"{address}?{query}").status_code == 404


# --- outlines


def _hand_in(client, initiative, content):
    file = SimpleUploadedFile("shapes.geojson", content)
    return client.post(reverse("measurement:outlines", args=[initiative.slug]), {"file": file})


def test_a_file_becomes_outlines_only_after_she_has_seen_it(
    initiative, backbone, login, django_capture_on_commit_callbacks
):
    Place.objects.create(initiative=initiative, code="east", name="East")
    Place.objects.create(initiative=initiative, code="west", name="Wést")
    shapes = collection(
        feature(square(-78, 41), fips=1, label="East"),
        feature(square(-79, 41), fips=2, label="WEST"),
        feature(square(-70, 41), fips=3, label="Elsewhere"),
    )
    client = login(backbone.user)

    answer = _hand_in(client, initiative, shapes)
    assert not Place.objects.exclude(geojson=None).exists()
    page = client.get(answer.url)
    assert page.context["found"].name == "label"
    assert [each.place.code for each in page.context["found"].matches] == ["east", "west"]
    assert "“Elsewhere” is the name or code of no place here" in page.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(answer.url, {"property": "label"})

    east = Place.objects.get(code="east")
    assert east.geojson["coordinates"] == [[square(-78, 41)]]
    assert client.post(answer.url).status_code == 404
    assert not StoredFile.objects.filter(kind="outlines", forgotten_at=None).exists()


def test_a_broken_file_is_not_kept(initiative, backbone, login):
    answer = _hand_in(login(backbone.user), initiative, b"[" * 100_000)

    assert answer.status_code == 422
    assert "cannot be read as JSON" in answer.content.decode()
    assert not StoredFile.objects.filter(kind="outlines").exists()


def test_outlines_reach_places_of_this_initiative_only(initiative, backbone, login):
    other = an_initiative()
    Place.objects.create(initiative=other, code="east", name="East")
    stored = outlining.hand_in(
        initiative=other,
        file=ContentFile(collection(feature(square(-78, 41), n="East")), name="x.geojson"),
    )

    client = login(backbone.user)
    address = reverse("measurement:outlines_match", args=[initiative.slug, stored.uid])
    assert client.get(address).status_code == 404


# --- then and now


def test_shares_say_how_much_of_a_place_a_grade_covered():
    place = [[[(0, 0), (2, 0), (2, 1), (0, 1)]]]
    left = [[[(-1, -1), (0.5, -1), (0.5, 2), (-1, 2)]]]
    right = [[[(1, 0), (3, 0), (3, 1), (1, 1)], [(1.5, 0), (2, 0), (2, 1), (1.5, 1)]]]

    found = shares(place, [("D", left), ("A", right)])

    assert found == {"D": pytest.approx(25, abs=1), "A": pytest.approx(25, abs=1)}


def test_both_maps_stand_in_one_frame_with_the_cause(on_the_map, initiative, backbone, client):
    made = a_historic_map(
        initiative, backbone, areas=[area("Far", "A", -80), area("East", "D", -78, 0.5)]
    )
    made.publish(by=backbone.user)

    page = client.get(made.get_absolute_url())

    text = page.content.decode()
    box = page.context["frame"].view_box
    assert text.count(f'viewBox="{box}"') == 2
    assert str(made.event.what_happened) in text
    assert made.event.get_absolute_url() in text
    assert [(row.place, row.grades, row.now) for row in page.context["rows"]] == [
        ("East", "D (about 25%)", "64.0%"),
        ("West", "not on the map", "83.0%"),
    ]
    assert "style=" not in text


def test_a_draft_is_for_members(initiative, backbone, client, login):
    made = a_historic_map(initiative, backbone)

    assert client.get(made.get_absolute_url()).status_code == 404
    assert login(backbone.user).get(made.get_absolute_url()).status_code == 200


def test_a_withdrawn_cause_takes_its_map_and_picture_along(initiative, backbone, client):
    made = a_historic_map(
        initiative, backbone, picture=a_picture(), west=-79, south=41, east=-77, north=42
    )
    made.publish(by=backbone.user)
    picture = reverse("measurement:historic_map_picture", args=[initiative.slug, made.uid])
    assert client.get(picture)["Content-Type"] == "image/webp"
    assert client.get(made.get_absolute_url()).status_code == 200

    made.event.withdraw(by=backbone.user)

    assert client.get(made.get_absolute_url()).status_code == 404
    assert client.get(picture).status_code == 404


def test_a_map_is_added_with_its_grades(initiative, backbone, login):
    event = a_historic_map(initiative, backbone).event
    content = collection(
        feature(square(-78, 41), holc="D", area="East"), feature(square(-79, 41), holc="A")
    )
    client = login(backbone.user)

    answer = client.post(
        reverse("measurement:historic_map_new", args=[initiative.slug]),
        {
            "title_en": "A map", "year": 1937, "source_en": "Archive", "alt_en": "Two areas",
            "event": event.pk, "grade_property": "holc", "name_property": "area",
            "areas": SimpleUploadedFile("map.geojson", content),
        },
    )  # fmt: skip
    assert answer.status_code == 302, answer.context["form"].errors
    grades = {"label_0_en": "Best", "class_0": 0, "label_1_en": "Hazardous", "class_1": 4}
    assert client.post(answer.url, grades).status_code == 302

    made = HistoricMap.objects.for_initiative(initiative).last()
    assert [(each["label"], each["class"]) for each in made.grades] == [
        ({"en": "Best"}, 0),
        ({"en": "Hazardous"}, 4),
    ]
