"""A rate that rests on too few people is [u], explained, wherever a number goes."""

from __future__ import annotations

import csv
import io

import duckdb
import pytest
from django.urls import reverse
from django.utils.translation import override

from agenda.models import GroupDistance
from ciforum.people.models import Place
from equity.models import Policy
from measurement.boarding.panes import panes
from measurement.models import Release, Target
from measurement.protecting import preset_words
from measurement.protecting.presets import PRESETS
from measurement.saying import headline, tiles
from measurement.showing import places_of, printing
from measurement.showing.derived import of
from measurement.showing.shown import Choice, show
from measurement.showing.symbols import UNRELIABLE
from measurement.walking import presenting
from tests import boards_building, builders, maps_building, walks_building

pytestmark = pytest.mark.django_db(transaction=True)

MEANING = str(UNRELIABLE.meaning)
# 12 of 25: safe to show, and as a rate it could be anything from 28 to 69 %.
NUMBERS = {
    (2019, "Here"): (300, 900),
    (2019, "There"): (310, 880),
    (2020, "Here"): (12, 25),
    (2020, "There"): (320, 900),
}


@pytest.fixture
def births(initiative, partner, backbone):
    made = builders.an_indicator(initiative, slug="births")
    builders.approved(made, partner, backbone, NUMBERS)
    builders.a_release(made, backbone, ready=True).publish(by=backbone.user)
    return made


def page(client, name, births, *arguments, query=""):
    address = reverse(f"measurement:{name}", args=[births.initiative.slug, *arguments])
    answer = client.get(address + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_tile_says_u_and_what_it_means(client, births):
    (tile,) = tiles.tiles([births])

    assert (tile.number, tile.delta) == ("[u]", "")
    assert [sign.meaning for sign in tiles.signs([tile])] == [MEANING]
    assert MEANING in page(client, "overview", births)


def test_the_front_page_explains_its_signs(client, births):
    text = client.get(births.initiative.get_absolute_url()).content.decode()

    assert "[u]" in text
    assert MEANING in text


def test_a_change_from_an_unreliable_number_is_none(initiative, partner, backbone):
    made = builders.an_indicator(initiative)
    numbers = {(2018, "Here"): (300, 900), (2019, "Here"): (12, 25), (2020, "Here"): (310, 900)}
    builders.approved(made, partner, backbone, numbers)
    builders.a_release(made, backbone, ready=True).publish(by=backbone.user)

    (tile,) = tiles.tiles([made])

    assert (tile.number, tile.delta) == ("34.4%", "from 33.3%")
    assert "In 2019 it was unreliable: [u]." in headline.headline(show(made, Choice(by="")))


def test_sentences_tell_counts_and_why_there_is_no_rate(births):
    shown = show(births, Choice("here"))

    said = headline.headline(shown)

    assert "12 of 25" in said
    assert "The rate is unreliable [u]" in said
    assert "48" not in said
    assert "1 number is marked [u], unreliable" in headline.chart_sentence(shown)


def test_a_map_dots_the_place_and_says_so(client, births, initiative, backbone):
    maps_building.outlined(initiative, backbone, "Here", 0)
    maps_building.outlined(initiative, backbone, "There", 2)

    text = page(client, "place_map", births, "births")

    assert text.count('fill="url(#now-dots)"') == 2  # the place, and its key in the legend
    assert "[u] unreliable</li>" in text
    assert "For 1 place the number is unreliable, [u]" in text
    assert MEANING in text
    assert "48.0%" not in text


def test_then_and_now_dots_it_too(client, births, initiative, backbone):
    for west, name in enumerate(("Here", "There")):
        maps_building.outlined(initiative, backbone, name, west)
    found = maps_building.a_historic_map(initiative, backbone)
    found.publish(by=backbone.user)

    text = page(client, "then_and_now", births, found.uid)

    assert 'fill="url(#now-dots)"' in text
    assert MEANING in text
    assert "48.0%" not in text


@pytest.fixture
def rows(client, births):
    address = reverse("api:cells", args=[births.initiative.slug, "births"])
    return client.get(address).json()["items"]


def test_the_api_gives_counts_and_no_rate(client, births, rows, tmp_path):
    here = next(row for row in rows if row["numerator"] == 12)
    there = next(row for row in rows if row["numerator"] == 320)
    assert (here["rate"], here["low_95"], here["sign"]) == (None, None, "unreliable")
    assert there["sign"] == ""
    assert there["low_95"] < there["rate"] < there["high_95"]

    address = [births.initiative.slug, "births"]
    text = client.get(reverse("api:cells_file", args=[*address, "csv"])).content.decode("utf-8-sig")
    listed = next(row for row in csv.DictReader(io.StringIO(text)) if row["numerator"] == "12")
    assert (listed["rate"], listed["sign"]) == ("", "unreliable")
    parquet = tmp_path / "cells.parquet"
    parquet.write_bytes(client.get(reverse("api:cells_file", args=[*address, "parquet"])).content)
    query = f"SELECT rate, high_95, sign FROM '{parquet}' WHERE numerator = 12"
    assert duckdb.sql(query).fetchall() == [(None, None, "unreliable")]


def test_the_api_and_the_page_agree_on_every_cell(births, rows):
    for code in ("here", "there"):
        derived = of(show(births, Choice(code)))
        for cell in derived.shown.cells:
            row = next(
                each
                for each in rows
                if (each["place_code"], each["period_start"])
                == (code, cell.period.start.isoformat())
            )
            found = printing.symbol(derived, cell)
            assert row["sign"] == (found.code if found else "")
            precise = derived.precision(cell)
            if precise.is_shown:
                assert row["low_95"] == pytest.approx(precise.low, abs=1e-6)


def test_page_by_page_the_api_judges_as_it_does_at_once(client, births, rows):
    address = reverse("api:cells", args=[births.initiative.slug, "births"])

    found = [client.get(address, {"size": 1, "page": n}).json()["items"][0] for n in (1, 2, 3, 4)]

    assert found == rows


def test_a_station_and_its_alt_text_say_u(births, initiative, backbone):
    walk = walks_building.a_ready_walk(initiative, backbone, births)

    found = presenting.stop(walk.in_order()[0])

    assert [row["value"] for row in found.rows] == ["[u]"]
    assert "The rate is unreliable [u]" in found.alt
    assert [sign.meaning for sign in presenting.signs_of([found])] == [MEANING]


def test_a_poster_explains_it_in_its_own_language(client, births, initiative, backbone):
    walk = walks_building.a_ready_walk(initiative, backbone, births)
    walk.open(by=backbone.user)
    client.force_login(backbone.user)

    with override("es"):
        text = page(client, "walk_posters", births, walk.uid, query="?lang=es")

    assert MEANING in text


def test_places_side_by_side_explain_it(client, births):
    text = page(client, "indicator", births, "births", query="?place=there&places=here,there")

    compared = text[text.index('id="h-places"') :]
    assert "[u]" in compared
    assert MEANING in compared


def test_a_small_chart_of_a_place_leaves_a_gap_for_it(births):
    lines = places_of.lines(
        places_of.compare(of(show(births, Choice("there", ""))), ["there", "here"])
    )

    here, there = panes(lines)

    assert [here.name, there.name] == ["Here", "There"]
    assert (here.value, len(here.dots), here.parts) == ("[u]", 1, [])
    assert len(there.parts) == 1


def test_an_embedded_view_explains_it(client, births, initiative, backbone):
    board = boards_building.a_board(initiative, backbone)
    for kind in ("tile", "map"):
        boards_building.a_panel(board, backbone, births, kind)
    board.publish(by=backbone.user)
    made = boards_building.an_embedding(board, backbone)

    text = page(client, "embed", births, made.token)

    assert text.count(MEANING) == 2
    assert "48.0%" not in text


def test_a_goal_hears_that_it_is_unreliable(births, initiative, backbone):
    Place.objects.filter(code="here").update(name="A")  # the widest place is the first one
    goal = builders.a_goal(initiative, backbone)

    Target.aim(goal=goal, indicator=births, by=backbone.user)

    found = GroupDistance.objects.get(goal=goal, group=None)
    assert (found.number, found.missing) == (None, "unreliable")


# --- CDC WONDER: rates of fewer than 20 events


@pytest.fixture
def by_wonder(initiative, backbone):
    preset = PRESETS["cdc-wonder-10"]
    Policy.of(initiative).protect_by(
        preset=preset.key, version=preset.version, by=backbone.user, **preset_words.rules(preset)
    )


@pytest.mark.parametrize(("events", "said"), [(19, "[u]"), (20, "5.0%")])
def test_wonder_calls_rates_of_fewer_than_20_events_unreliable(
    by_wonder, initiative, partner, backbone, events, said
):
    made = builders.an_indicator(initiative)
    builders.approved(made, partner, backbone, {(2020, "Here"): (events, 400)})
    builders.a_release(made, backbone, ready=True).publish(by=backbone.user)

    (tile,) = tiles.tiles([made])

    assert tile.number == said


def test_a_rule_taken_later_leaves_what_is_out_as_it_is(births, initiative, backbone):
    """A release keeps the rules it went out with."""
    preset = PRESETS["cdc-wonder-10"]
    Policy.of(initiative).protect_by(
        preset=preset.key, version=preset.version, by=backbone.user, **preset_words.rules(preset)
    )

    assert Release.objects.get(indicator=births).reliable_count == 0
