"""Still pictures of public numbers: nothing hidden or unreliable is in them, in either language."""

from __future__ import annotations

import pytest

from measurement.boarding.panes import bars, pieces
from measurement.drawing.pictures import _last
from measurement.drawing.pictures_many import DRAWINGS, alone
from measurement.showing.derived import of
from measurement.showing.shown import Choice, show
from tests.builders import a_dimension, a_release, an_indicator, approved

pytestmark = pytest.mark.django_db(transaction=True)

# The rate of "other" rests on 25 people: NCHS's standard does not show it.
NUMBERS = {
    (2018, "Here"): (6000, 9000),
    (2018, "Here", "race:white"): (5800, 8700),
    (2018, "Here", "race:other"): (200, 300),
    (2020, "Here"): (6012, 9025),
    (2020, "Here", "race:white"): (6000, 9000),
    (2020, "Here", "race:other"): (12, 25),
}


@pytest.fixture
def shown(initiative, partner, backbone):
    a_dimension(initiative, groups=("white", "other"))
    indicator = an_indicator(initiative)
    approved(indicator, partner, backbone, NUMBERS)
    a_release(indicator, backbone, ready=True).publish(by=backbone.user)
    return show(indicator, Choice(by="race"))


def test_an_unreliable_number_is_drawn_nowhere(shown):
    derived = of(shown)
    other = next(each for each in shown.series if each.key == "race:other")

    row = next(bar for bar in bars(derived) if bar.name == "Other")

    assert (row.value, row.length, row.interval) == ("[u]", None, "")
    assert [cell.period.start.year for part in pieces(derived, other) for cell in part] == [2018]
    assert _last(derived, other).period.start.year == 2018


def test_a_line_breaks_where_years_are_missing(shown):
    derived = of(shown)

    assert [len(part) for part in pieces(derived, shown.everyone)] == [1, 1]


@pytest.mark.parametrize("drawing", DRAWINGS)
def test_what_stands_around_a_picture_says_where_it_comes_from(shown, drawing):
    figure, title, _sentence = alone(shown, drawing, "en")

    said = "\n".join(text.get_text() for text in figure.texts)

    assert title == "Babies born small – Here"
    assert "Source: Birth records." in said
    assert "release 1 of" in said
    assert "[u]" in said
