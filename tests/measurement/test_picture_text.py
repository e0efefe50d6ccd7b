"""Words of pictures stay within them, and name every group, also those without a line."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from django.utils.translation import override
from matplotlib.figure import Figure

from equity.models import Group
from measurement.drawing import pictures_many
from measurement.drawing.pictures import line_picture
from measurement.drawing.wrapping import _mm, wrapped
from measurement.saying import headline
from measurement.showing.derived import of
from measurement.showing.shown import Choice, show
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Families who moved here within the last two years and look for an interpreter"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def shown(initiative, partner, backbone):
    """Two groups with numbers, and one whose rate is unreliable in both years."""
    builders.a_dimension(initiative, groups=("white", "black", "native"))
    made = builders.an_indicator(initiative, slug="births", name=f"Births and {LONG.lower()}")
    numbers = {}
    for year in (2019, 2020):
        numbers |= {
            (year, "Here"): (2012, 9025),
            (year, "Here", "race:white"): (1500, 7000),
            (year, "Here", "race:black"): (500, 2000),
            (year, "Here", "race:native"): (12, 25),
        }
    builders.approved(made, partner, backbone, numbers)
    builders.a_release(made, backbone, ready=True).publish(by=backbone.user)
    return show(made, Choice("here", "race"))


def test_lines_are_as_wide_as_the_font_draws_them():
    for weight in ("normal", "bold"):
        lines = wrapped(LONG, 13, 40, weight)
        assert len(lines) > 2
        assert max(_mm(line, 13, weight) for line in lines) <= 40
        assert " ".join(lines) == LONG


def test_a_word_without_room_is_broken_and_nothing_is_lost():
    lines = wrapped("i" * 50 + " and " + "W" * 50, 13, 40)

    assert max(_mm(line, 13, "normal") for line in lines) <= 40
    assert "".join(lines).replace(" ", "") == "i" * 50 + "and" + "W" * 50


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("drawing", pictures_many.DRAWINGS)
def test_no_word_leaves_a_picture(shown, drawing, language):
    Group.objects.filter(code="white").update(name={"en": LONG, "es": LONG})
    shown = show(shown.indicator, Choice("here", "race"))
    figure, _title, _sentence = pictures_many.alone(shown, drawing, language)
    figure.canvas.draw()
    width, height = figure.bbox.width, figure.bbox.height

    words = list(figure.texts)
    for axes in figure.axes:
        words += [*axes.texts, axes.title, axes._left_title]
        words += [*axes.get_yticklabels(), *axes.get_xticklabels()]
    seen = [each for each in words if each.get_text() and each.get_visible()]
    for each in seen:
        box = each.get_window_extent()
        inside = box.x0 >= -1 and box.x1 <= width + 1 and box.y0 >= -1 and box.y1 <= height + 1
        assert inside, (each.get_text(), box, width, height)
    assert len(seen) > 5


def test_texts_around_a_picture_do_not_stand_on_it(shown):
    figure, _title, _sentence = pictures_many.alone(shown, "line", "en")
    figure.canvas.draw()

    (axes,) = figure.axes
    title, sentence, notes = [each.get_window_extent() for each in figure.texts]
    box = axes.get_tightbbox()
    assert title.y0 >= sentence.y1 - 2
    assert sentence.y0 >= box.y1
    assert notes.y1 <= box.y0


# --- who has no line


def test_only_lines_that_are_drawn_are_counted_and_the_others_named(shown):
    said = headline.chart_sentence(shown)

    assert "The chart shows everyone and 2 groups" in said
    assert "There is no line for Native: unreliable [u]." in said


def test_the_poster_names_who_has_no_line(shown, monkeypatch):
    written = []
    monkeypatch.setattr(
        Figure, "text", lambda self, x, y, text, **looks: written.append(" ".join(text.split()))
    )
    with override("en"):
        missing = headline.without_line(of(shown))
    picture = line_picture(shown, width_mm=380, height_mm=215, language="en")
    root = ET.fromstring(picture)  # noqa: S314 - our own picture

    assert missing in root.find(f"{SVG}desc").text
    assert written == [missing]


def test_a_picture_of_whom_all_have_lines_has_no_foot(shown):
    everyone = show(shown.indicator, Choice("here", ""))

    assert headline.without_line(everyone) == ""
