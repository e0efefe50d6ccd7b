"""Public tables: a copy of what releases hold, which nobody but the database writes."""

from __future__ import annotations

import psycopg
import pytest

from measurement.models import ReleaseCell
from measurement.showing.shown import Choice, show, show_all
from tests.builders import a_dimension, a_release, an_indicator, approved

pytestmark = pytest.mark.django_db

NUMBERS = {
    (2020, "Here"): (620, 10510),
    (2020, "Here", "race:white"): (390, 8670),
    (2020, "Here", "race:black"): (225, 1640),
    (2020, "Here", "race:other"): (5, 200),
}


@pytest.fixture
def published(initiative, partner, backbone):
    a_dimension(initiative)

    def publish(slug="births", numbers=NUMBERS, indicator=None):
        indicator = indicator or an_indicator(initiative, slug=slug)
        approved(indicator, partner, backbone, numbers, reason="Recounted.")
        a_release(indicator, backbone, ready=True).publish(by=backbone.user)
        return indicator

    return publish


def test_a_public_table_holds_what_the_release_holds_and_no_more(published):
    indicator = published()

    (table,) = indicator.public_tables.all()
    cells = {(row[3], row[4], row[5]) for row in table.cells}
    assert cells == set(
        ReleaseCell.objects.filter(release__indicator=indicator).values_list(
            "stratum", "numerator", "denominator"
        )
    )
    assert table.periods == 1


def test_a_restated_period_takes_its_place(published):
    indicator = published()

    published(indicator=indicator, numbers={**NUMBERS, (2020, "Here"): (640, 10510)})

    shown = show(indicator, Choice())
    assert shown.latest(shown.everyone).numerator == 640
    assert indicator.public_tables.count() == 1


def test_twelve_indicators_are_read_with_the_questions_of_one(
    published, django_assert_max_num_queries
):
    indicators = [published(slug=f"births-{number}") for number in range(3)]
    indicators = list(type(indicators[0]).objects.select_related("initiative"))

    with django_assert_max_num_queries(6):
        one = show_all([(indicators[0], Choice())])
    with django_assert_max_num_queries(6):
        three = show_all([(each, Choice()) for each in indicators])

    assert one[0].cells == three[0].cells
    assert [each.indicator for each in three] == indicators


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO measurement_publictable (initiative_id, indicator_id, place_id, kind, "
        "periods, cells) SELECT initiative_id, indicator_id, place_id, 'quarter', 1, '[]' "
        "FROM measurement_publictable",
        "UPDATE measurement_publictable SET cells = '[]'",
        "DELETE FROM measurement_publictable",
    ],
)
@pytest.mark.django_db(transaction=True)
def test_the_web_writes_no_public_table(published, web, statement):
    indicator = published()

    with pytest.raises(psycopg.errors.CheckViolation, match="from releases only"):
        web.execute(statement)

    web.execute("SELECT measurement_refresh_public_tables(%s)", [indicator.pk])
    assert len(indicator.public_tables.get().cells) == 4
