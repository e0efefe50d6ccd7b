"""The API tells what anyone may read, to any program, and nothing more."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import duckdb
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ciforum.people import clock
from ciforum.people.models import ApiToken
from measurement.api import shapes
from tests import builders
from tests import shifts_building as shifting

pytestmark = pytest.mark.django_db

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
def published(initiative, partner, backbone):
    race = builders.a_dimension(initiative)
    indicator = builders.an_indicator(initiative, required=[race], slug="births")
    builders.approved(indicator, partner, backbone, NUMBERS)
    builders.a_release(indicator, backbone, ready=True).publish(by=backbone.user)
    return indicator


@pytest.fixture
def ask(client, published):
    def get(name="cells", *arguments, query=None, **headers):
        slug = published.initiative.slug
        address = reverse(f"api:{name}", args=[slug, *arguments])
        return client.get(address, query or {}, headers=headers)

    return get


@pytest.fixture
def token(initiative, backbone):
    def issue(*scopes, days=30):
        until = clock.now() + timedelta(days=days)
        return ApiToken.issue(
            initiative=initiative,
            label="A report",
            scopes=list(scopes),
            expires_at=until,
            by=backbone.user,
        )

    return issue


def test_rows_are_the_cells_of_the_release(ask, published):
    found = ask("cells", "births").json()

    assert found["count"] == len(NUMBERS)
    everyone = next(row for row in found["items"] if row["group_code"] == "")
    assert (everyone["numerator"], everyone["denominator"]) == (71, 905)
    assert everyone["rate"] == pytest.approx(7.845304)
    assert everyone["period_start"] == "2019-01-01"
    assert everyone["sign"] == ""


def test_a_small_group_is_a_sign_in_every_format(ask, tmp_path):
    rows = ask("cells", "births", query={"by": "race"}).json()["items"]
    text = ask("cells_file", "births", "csv").content.decode("utf-8-sig")
    parquet = tmp_path / "cells.parquet"
    parquet.write_bytes(ask("cells_file", "births", "parquet").content)

    hidden = [row for row in rows if row["group_code"] == "race:other"]
    assert {(row["numerator"], row["rate"], row["sign"]) for row in hidden} == {
        (None, None, "confidential")
    }
    listed = [row for row in csv.DictReader(io.StringIO(text)) if "other" in row["group_code"]]
    assert {(row["numerator"], row["rate"], row["sign"]) for row in listed} == {
        ("", "", "confidential")
    }
    query = f"SELECT DISTINCT numerator, sign FROM '{parquet}' WHERE group_code = 'race:other'"
    assert duckdb.sql(query).fetchall() == [(None, "confidential")]


def test_all_three_formats_hold_the_same_rows(ask, tmp_path):
    rows = ask("cells", "births").json()["items"]
    text = ask("cells_file", "births", "csv").content.decode("utf-8-sig")
    parquet = tmp_path / "cells.parquet"
    parquet.write_bytes(ask("cells_file", "births", "parquet").content)

    counts = [row["numerator"] for row in rows]
    listed = [int(row["numerator"] or -1) for row in csv.DictReader(io.StringIO(text))]
    typed = duckdb.sql(f"SELECT numerator FROM '{parquet}'").fetchall()
    assert counts == [None if each == -1 else each for each in listed]
    assert counts == [each for (each,) in typed]
    assert duckdb.sql(f"SELECT typeof(period_start) FROM '{parquet}' LIMIT 1").fetchall() == [
        ("DATE",)
    ]


def test_pages_follow_each_other(ask):
    first = ask("cells", "births", query={"size": 3})
    last = ask("cells", "births", query={"size": 3, "page": 3})

    assert first.json()["pages"] == 3
    assert 'page=2>; rel="next"' in first.headers["Link"]
    assert len(last.json()["items"]) == 2
    assert "next" not in last.headers["Link"]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"place": "here"}, 8),
        ({"place": "elsewhere"}, 0),
        ({"by": ""}, 2),
        ({"by": "race"}, 6),
        ({"start": "2020-01-01"}, 4),
        ({"end": "2020-01-01"}, 4),
        ({"periods": "month"}, 0),
    ],
)
def test_less_can_be_asked_for(ask, query, count):
    assert ask("cells", "births", query=query).json()["count"] == count


@pytest.mark.parametrize(
    "query", [{"page": "0"}, {"size": "x"}, {"start": "soon"}, {"size": 10**9}]
)
def test_a_wrong_question_gets_a_sentence(ask, query):
    answer = ask("cells", "births", query=query)

    assert answer.status_code == 422
    assert next(iter(query)) in answer.json()["detail"]


def test_an_indicator_without_a_release_is_not_there(ask, initiative):
    builders.an_indicator(initiative, slug="hidden")

    assert ask("indicator", "hidden").status_code == 404
    assert ask("cells", "hidden").status_code == 404
    assert [each["slug"] for each in ask("indicators").json()["items"]] == ["births"]


def test_what_is_known_is_not_sent_again_until_something_is_published(ask, initiative):
    first = ask("cells", "births")

    again = ask("cells", "births", **{"if-none-match": first.headers["ETag"]})
    initiative.public_changed()
    later = ask("cells", "births", **{"if-none-match": first.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert later.status_code == 200


def test_a_token_opens_its_scopes_only(ask, token):
    _made, secret = token("measures")
    own = {"authorization": f"Bearer {secret}"}

    assert ask("cells", "births", **own).status_code == 200
    assert ask("shifts", **own).status_code == 403
    assert ask("cells", "births", authorization="Bearer ciforum_guess").status_code == 401
    assert ask("cells", "births", authorization=secret).status_code == 401


def test_a_token_that_ended_or_was_revoked_opens_nothing(ask, token, backbone):
    made, secret = token("measures")
    own = {"authorization": f"Bearer {secret}"}
    with clock.at(clock.now() + timedelta(days=31)):
        ended = ask("cells", "births", **own).status_code
    made.revoke(by=backbone.user)

    assert (ended, ask("cells", "births", **own).status_code) == (401, 401)


def test_a_token_of_one_initiative_opens_no_other(ask, backbone):
    elsewhere = builders.an_initiative("elsewhere")
    _made, secret = ApiToken.issue(
        initiative=elsewhere,
        label="Theirs",
        scopes=["measures"],
        expires_at=clock.now() + timedelta(days=1),
        by=backbone.user,
    )

    assert ask("cells", "births", authorization=f"Bearer {secret}").status_code == 401


def test_only_the_digest_of_a_secret_is_kept(token):
    made, secret = token("measures")

    kept = " ".join(str(value) for value in ApiToken.objects.filter(pk=made.pk).values_list()[0])
    assert secret not in kept


@pytest.mark.parametrize("days", [0, 733])
def test_a_token_ends_within_two_years(token, days):
    with pytest.raises(ValidationError, match="two years"):
        token("measures", days=days)


def test_who_asks_too_often_waits(ask):
    answers = {ask("indicators").status_code for _turn in range(125)}

    assert answers == {200, 429}


def test_answers_have_the_shapes_that_the_document_tells(ask, backbone, published):
    builders.a_request(published, published.required_dimensions.first(), backbone)

    for name, shape, *arguments in (
        ("indicators", shapes.IndicatorPage),
        ("indicator", shapes.IndicatorWhole, "births"),
        ("cells", shapes.RowPage, "births"),
        ("shifts", shapes.ShiftPage),
        ("requests", shapes.RequestPage),
    ):
        shape.model_validate(ask(name, *arguments).json())


def test_more_shifts_need_no_more_questions(ask, backbone, published):
    def questions():
        shifting.a_claim(published.initiative, backbone)
        with CaptureQueriesContext(connection) as asked:
            assert ask("shifts").status_code == 200
        return len(asked)

    assert questions() == questions() == questions()


def test_the_document_names_every_address(ask):
    document = json.loads(ask("openapi").content)

    paths = {path.rsplit("}/", 1)[-1] for path in document["paths"]}
    assert all(path.startswith("/api/v1/") for path in document["paths"])
    assert document["openapi"].startswith("3.")
    assert paths >= {"indicators", "cells", "cells.{kind}", "shifts", "requests"}


def test_the_secret_is_shown_once(login, initiative, backbone):
    browser = login(backbone.user)
    url = reverse("measurement:token_new", args=[initiative.slug])
    data = {"label": "R", "scopes": ["measures"], "expires_at": clock.now().date() + timedelta(9)}

    shown = browser.post(url, data).content.decode()
    listed = browser.get(reverse("measurement:programs", args=[initiative.slug])).content.decode()

    token = ApiToken.objects.get()
    assert token.start in shown
    secret = shown[shown.index(token.start) :].split("<")[0]
    assert ApiToken.objects.by_secret(secret) == token
    assert secret not in listed


def test_no_name_runs_as_a_formula(ask, published):
    place = published.public_tables.get().place
    place.describe(by=None, name="=HYPERLINK(1)", code=place.code, parent=None)

    rows = csv.DictReader(
        io.StringIO(ask("cells_file", "births", "csv").content.decode("utf-8-sig"))
    )
    assert {row["place"] for row in rows} == {"'=HYPERLINK(1)"}
