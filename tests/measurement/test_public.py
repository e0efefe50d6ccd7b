"""The public page of an indicator: from releases only, and no byte gives a hidden cell away."""

from __future__ import annotations

import csv
import io
import json
import re

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from scipy.optimize import Bounds, LinearConstraint, milp

from ciforum.people.models import Initiative
from ciforum.people.words import Words
from measurement.showing import pages
from measurement.suppression import audit
from tests.builders import (
    a_dimension,
    a_member,
    a_release,
    an_indicator,
    an_initiative,
    approved,
)

pytestmark = pytest.mark.django_db(transaction=True)

# Small people counted, small others, a small whole and a zero, over two years.
NUMBERS = {
    (2019, "Here"): (71, 905),
    (2019, "Here", "race:white"): (47, 610),
    (2019, "Here", "race:black"): (20, 215),
    (2019, "Here", "race:other"): (4, 80),
    (2020, "Here"): (68, 900),
    (2020, "Here", "race:white"): (46, 600),
    (2020, "Here", "race:black"): (19, 220),
    (2020, "Here", "race:other"): (3, 80),
}


@pytest.fixture
def indicator(initiative):
    a_dimension(initiative)
    return an_indicator(initiative, slug="births")


@pytest.fixture
def public(indicator, partner, backbone):
    """Release these numbers; answers the address of the indicator's page."""

    def release(numbers=NUMBERS, of=indicator, reason="Recounted."):
        approved(of, partner, backbone, numbers, reason=reason)
        a_release(of, backbone, ready=True).publish(by=backbone.user)
        return of.get_absolute_url()

    return release


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_stranger_reads_the_newest_number_in_a_sentence(public):
    page = Client().get(public())

    assert page.status_code == 200
    assert (
        "Here, 2020: babies born under 2,500 grams were 7.6% of all babies born alive "
        "(68 of 900). In 2019 it was 7.8%. The aim is the same for every group: as low as it "
        "can be." in text(page)
    )


def test_what_is_hidden_has_one_sign_and_its_meaning(public):
    page = text(Client().get(public()))

    assert "White [c] 600 [c]" in page
    assert "Other [c] 80 [c]" in page
    assert "[c] confidential: hidden to protect people; too few to show safely" in page


def test_every_missing_number_says_why(public):
    page = text(
        Client().get(
            public(
                {
                    (2020, "Here"): (68, 900),
                    (2020, "Here", "race:white"): "not_collected",
                    (2020, "Here", "race:black"): "refused",
                    (2020, "Here", "race:other"): "late",
                }
            )
        )
    )

    assert (
        "[x] not available: nobody counted this group; counted, but not shared by whoever holds "
        "the numbers; not there yet" in page
    )


def test_an_unpublished_indicator_is_not_there_for_strangers(indicator, backbone, login):
    address = indicator.get_absolute_url()

    assert Client().get(address).status_code == 404
    assert Client().get(address + "chart.json").status_code == 404
    assert Client().get(address + "table.csv").status_code == 404
    assert login(backbone.user).get(address).status_code == 200


def test_numbers_that_came_later_stay_inside_until_they_are_released(
    public, indicator, partner, backbone
):
    address = public()
    approved(indicator, partner, backbone, {(2021, "Here"): (77_777, 99_999)})

    pages = [Client().get(address + end) for end in ("", "chart.json", "table.csv")]

    assert all(b"77,777" not in each.content for each in pages)
    assert all(b"77777" not in each.content for each in pages)


def test_another_initiative_has_no_page_of_it(public):
    public()
    other = an_initiative()

    assert (
        Client().get(reverse("measurement:indicator", args=[other.slug, "births"])).status_code
        == 404
    )


def test_an_anonymous_reader_gets_no_cookie(public):
    address = public()

    for end in ("", "chart.json", "table.csv"):
        response = Client().get(address + end)
        assert not response.cookies
        assert "Cookie" in response.headers["Vary"]


def test_a_page_that_did_not_change_is_not_sent_again(public):
    address = public()
    first = Client().get(address)

    again = Client().get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert again.content == b""


def test_a_cached_page_is_built_without_asking_for_numbers(public, django_assert_max_num_queries):
    address = public()
    Client().get(address)

    with django_assert_max_num_queries(1):
        Client().get(address)


def test_made_up_values_do_not_fill_the_cache(public, monkeypatch):
    address = public()
    monkeypatch.setattr(pages, "MOST", 3)

    for made_up in range(9):
        assert Client().get(f"{address}table.csv?framing={made_up}").status_code == 200

    def questions(made_up):
        with CaptureQueriesContext(connection) as asked:
            Client().get(f"{address}table.csv?framing={made_up}")
        return len(asked)

    assert questions(0) <= 1 < questions(8)


def test_a_new_release_is_public_at_once(public):
    address = public()
    Client().get(address)
    public({(2021, "Here"): (50, 1000)})

    assert "Here, 2021" in text(Client().get(address))


def test_each_language_has_its_own_page(public):
    address = public()

    english = Client().get(address, headers={"Accept-Language": "en"})
    spanish = Client().get(address, headers={"Accept-Language": "es"})

    assert b'<html lang="en"' in english.content
    assert b'<html lang="es"' in spanish.content


def test_a_members_page_is_never_kept(public, backbone, login):
    address = public()

    page = login(backbone.user).get(address)

    assert page.headers["Cache-Control"] == "private, no-store"
    assert "Releases" not in text(Client().get(address))


@pytest.mark.parametrize("query", ["?place=nowhere", "?by=age", "?periods=month", "?by=race.race"])
def test_what_is_not_published_cannot_be_chosen(public, query):
    assert Client().get(public() + query).status_code == 404


def test_odd_questions_are_answered(public):
    address = public()

    for query in ("?page=banana", "?page=9999", "?utm_source=x", "?lang=xx", "?place=", "?by="):
        assert Client().get(address + query).status_code == 200, query


def test_the_csv_holds_the_cells_of_the_page(public):
    answer = Client().get(public() + "table.csv")

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith("\N{ZERO WIDTH NO-BREAK SPACE}".encode())
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["period"], row["group"], row["numerator"], row["rate"]) for row in rows[4:]] == [
        ("2020", "Everyone", "68", "7.5556"),
        ("2020", "White", "[c]", "[c]"),
        ("2020", "Black", "19", "8.6364"),
        ("2020", "Other", "[c]", "[c]"),
    ]


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "+1", "-1", "\tx"])
def test_no_spreadsheet_runs_a_name_as_a_formula(initiative, partner, backbone, name, public):
    evil = an_indicator(initiative, name=name)
    address = public(NUMBERS_FOR_EVERYONE, of=evil)

    rows = csv.DictReader(
        io.StringIO(Client().get(address + "table.csv").content.decode("utf-8-sig"))
    )

    assert {row["indicator"] for row in rows} == {f"'{name}"}


NUMBERS_FOR_EVERYONE = {(2020, "Here"): (68, 900)}


def test_the_chart_breaks_where_a_number_is_hidden(public):
    figure = Client().get(public({**NUMBERS, (2021, "Here"): (70, 950)}) + "chart.json").json()

    everyone, white, _black, other = figure["data"][:4]
    assert everyone["y"] == pytest.approx([7.8453, 7.5556, 7.3684], abs=1e-4)
    assert white["name"] == "White"
    assert white["y"][1] is None
    assert other["y"] == [None, None]
    assert not everyone["connectgaps"]


def test_no_line_runs_over_a_year_that_nobody_counted(public):
    figure = (
        Client()
        .get(public({(2018, "Here"): (60, 900), (2020, "Here"): (70, 900)}) + "chart.json")
        .json()
    )

    assert [value is None for value in figure["data"][0]["y"]] == [False, True, False]


def test_a_new_definition_is_marked_and_not_compared(public, indicator, backbone):
    address = public({(2019, "Here"): (71, 905)})
    indicator.define(
        reason=Words(en="The form asks in a new way"),
        by=backbone.user,
        measure="proportion",
        numerator=Words(en="babies born under 2,000 grams"),
        denominator=Words(en="babies born alive"),
        direction="down",
        scale=100,
    )
    public({(2020, "Here"): (40, 900)})

    figure = Client().get(address + "chart.json").json()
    page = text(Client().get(address))

    assert len(figure["layout"]["shapes"]) == 1
    assert figure["layout"]["annotations"][0]["text"] == "counted differently from here"
    assert figure["data"][0]["y"][1] is None
    assert "In 2019 it was" not in page


def test_groups_that_overlap_say_so(initiative, public):
    a_dimension(initiative, "language", ["english", "spanish"], kind="overlapping")

    page = text(
        Client().get(
            public(
                {
                    (2020, "Here"): (100, 1000),
                    (2020, "Here", "language:english"): (80, 800),
                    (2020, "Here", "language:spanish"): (50, 500),
                }
            )
        )
    )

    assert "A person can be in several of these groups, so they are never added up." in page


def test_a_rate_is_worded_for_its_scale(initiative, public):
    deaths = an_indicator(
        initiative,
        definition={
            "measure": "rate",
            "scale": 1000,
            "numerator": Words(en="infant deaths"),
        },
    )

    page = text(Client().get(public({(2019, "State"): (570, 96_600)}, of=deaths)))

    assert (
        "State, 2019: 5.9 infant deaths for every 1,000 babies born alive (570 among 96,600)."
        in page
    )


def test_a_story_in_another_language_says_so(public):
    page = text(Client().get(public(), headers={"Accept-Language": "es"}))

    assert re.search(r"\([^)]*español\) Mothers told us", page, re.IGNORECASE)


def test_a_page_with_many_rows_stays_light(initiative, public):
    groups = [f"g{number}" for number in range(20)]
    a_dimension(initiative, "origin", groups)
    numbers = {
        (year, "Here", f"origin:{group}"): (100 + year % 7, 1000 + number)
        for year in range(2000, 2021)
        for number, group in enumerate(groups)
    }

    page = Client().get(public(numbers))

    assert len(page.content) < 150_000
    assert "Next page" in text(page)


@pytest.mark.parametrize("years", [1, 3])
def test_more_rows_need_no_more_questions(public, years, django_assert_max_num_queries):
    address = public(
        {(2000 + year, *key[1:]): value for year in range(years) for key, value in ROWS.items()}
    )

    with django_assert_max_num_queries(25):
        Client().get(address)


ROWS = {key: value for key, value in NUMBERS.items() if key[0] == 2019}


# --- an attacker with nothing but what is public


def everything_public(address: str) -> str:
    client = Client()
    pages = [client.get(address + end) for end in ("", "?by=", "?by=race", "chart.json")]
    return "\n".join(page.content.decode() for page in pages)


def read_csv(address: str, query: str = "") -> dict[tuple[str, str, str], dict[str, str]]:
    body = Client().get(address + "table.csv" + query).content.decode("utf-8-sig")
    return {
        (row["place_code"], row["period"], row["group_code"]): row
        for row in csv.DictReader(io.StringIO(body))
    }


def learnt(published: list[dict[str, int | None]], groups: list[str]) -> dict[str, tuple]:
    """What sums teach about every hidden number of tables {"x:group": value or None}."""
    cells: dict[str, int] = {}
    hidden, relations = set(), []
    for number, table in enumerate(published):
        for name, value in table.items():
            cells[f"{number}|{name}"] = 0 if value is None else value
            if value is None:
                hidden.add(f"{number}|{name}")
        for what in "xn":
            parts = [f"{number}|{what}:{group}" for group in groups]
            relations.append((f"{number}|{what}:", tuple(parts)))
        for group in ["", *groups]:
            others = f"{number}|c:{group}"
            x, n = (table[f"{what}:{group}"] for what in "xn")
            cells[others] = n - x if x is not None and n is not None else 0
            if x is None or n is None:
                hidden.add(others)
            relations.append((f"{number}|n:{group}", (f"{number}|x:{group}", others)))
    return _bounds(cells, relations, hidden)


def _bounds(cells, relations, hidden):
    # The values behind hidden cells are unknown to the attacker; any that fit the sums will do.
    names = list(cells)
    index = {name: position for position, name in enumerate(names)}
    sums = np.zeros((len(relations), len(names)))
    for row, (total, parts) in enumerate(relations):
        sums[row, index[total]] = 1
        for part in parts:
            sums[row, index[part]] = -1
    low = [0 if name in hidden else cells[name] for name in names]
    high = [np.inf if name in hidden else cells[name] for name in names]
    fit = milp(
        np.zeros(len(names)),
        constraints=[LinearConstraint(sums, 0, 0)],
        bounds=Bounds(low, high),
        integrality=np.ones(len(names)),
    )
    assert fit.success, "the public table contradicts itself"
    guess = {name: round(fit.x[index[name]]) for name in names}
    return audit(guess, relations, frozenset(hidden))


def test_an_attacker_with_every_public_byte_learns_no_small_number(public):
    address = public()
    groups = ["race:white", "race:black", "race:other"]

    tables = []
    cells = read_csv(address)
    for year in ("2019", "2020"):
        tables.append(
            {
                f"{what}:{group}": int(value) if (value := row[column]).isdigit() else None
                for group in ["", *groups]
                for what, column in (("x", "numerator"), ("n", "denominator"))
                for row in [cells["here", year, group]]
            }
        )
    bounds = learnt(tables, groups)

    hidden_small = ["0|x:race:other", "1|x:race:other"]
    for name in hidden_small:
        low, high = bounds[name]
        assert low <= 1
        assert high is None or high >= 10


def test_no_public_byte_holds_a_hidden_number(public):
    # Numbers that occur nowhere else, so that finding one is a leak.
    numbers = {
        (2020, "Here"): (7081, 90_000),
        (2020, "Here", "race:white"): (6543, 60_000),
        (2020, "Here", "race:black"): (531, 29_931),
        (2020, "Here", "race:other"): (7, 69),
    }
    address = public(numbers)
    body = everything_public(address) + json.dumps(
        list(map(dict, read_csv(address).values())), default=str
    )

    cells = read_csv(address)
    gone = [
        value
        for (_year, _place, *groups), value in numbers.items()
        if groups and not cells["here", "2020", groups[0]]["numerator"].isdigit()
    ]
    assert gone, "something was hidden"
    for x, _n in gone:
        if x > 100:
            assert str(x) not in body
            assert f"{x:,}" not in body


def test_a_withdrawn_version_of_the_page_is_never_served(public, initiative):
    address = public()
    Client().get(address)
    before = Initiative.objects.get(pk=initiative.pk).public_version

    public({(2020, "Here"): (69, 901), (2020, "Here", "race:white"): (47, 601)})

    assert Initiative.objects.get(pk=initiative.pk).public_version > before
    assert "(69 of 901)" in text(Client().get(address))


def test_a_member_of_another_initiative_reads_like_anyone(public, login):
    address = public()
    stranger = a_member(an_initiative(), "backbone")

    page = login(stranger.user).get(address)

    assert page.status_code == 200
    assert "Prepare a release" not in text(page)


def test_the_front_page_and_the_sitemap_know_it(public, initiative):
    address = public()

    assert "7.6%" in text(Client().get(initiative.get_absolute_url()))
    assert address in Client().get(reverse("people:sitemap")).content.decode()


def test_what_the_page_tells_who_just_signed_out_is_not_kept_for_others(public, login, resident):
    address = public()
    leaving = login(resident.user)
    leaving.post("/accounts/logout/")

    hers = leaving.get(address)
    next_reader = Client().get(address)

    assert "You have signed out" in text(hers)
    assert hers.headers["Cache-Control"] == "private, no-store"
    assert "You have signed out" not in text(next_reader)
    assert dict(next_reader.cookies) == {}
