"""The look keeps its own promises: readable colours, icons that exist, frames that need nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from plotly.offline import get_plotlyjs_version

from ciforum.people import registry

STATIC = Path(settings.BASE_DIR, "static")
TEMPLATES = Path(settings.BASE_DIR, "templates")
TOKENS = (STATIC / "css" / "tokens.css").read_text()

INKS = ["ink", "soft", "brand", "good", "watch", "bad", "info"]
PAIRS = [
    *[(ink, ground) for ink in INKS for ground in ("paper", "card", "sunken")],
    *[(ink, f"{ink}-wash") for ink in ("good", "watch", "bad", "info")],
    *[("ink", f"{level}-wash") for level in ("good", "watch", "bad", "info")],
    ("on-brand", "brand"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    *[(ink, deep) for ink in ("on-deep", "on-deep-soft", "accent") for deep in ("deep", "deeper")],
]
LINES = [*[f"chart-{number}" for number in range(1, 9)], "field-line", "focus"]


def token(name: str, scheme: int) -> str:
    """The hexadecimal colour of a token in the light (0) or the dark (1) scheme."""
    found = re.search(rf"--{name}: (?:light-dark\((#\w+), (#\w+)\)|(#\w+));", TOKENS)
    assert found, f"--{name} is no colour of tokens.css"
    return found[3] or found[scheme + 1]


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1, of `#rrggbb`. Source: WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21. Source: WCAG 2.2, success criterion 1.4.3."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_words_can_be_read_on_every_ground(ink, ground, scheme):
    assert contrast(token(ink, scheme), token(ground, scheme)) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("line", LINES)
def test_lines_can_be_seen_on_cards(line, scheme):
    assert contrast(token(line, scheme), token("card", scheme)) >= 3


def test_style_sheets_use_only_tokens_that_exist():
    sheets = [sheet.read_text() for sheet in (STATIC / "css").rglob("*.css")]
    scripts = [script.read_text() for script in (STATIC / "js").glob("*.js")]
    known = {name for sheet in sheets for name in re.findall(r"(--[\w-]+):", sheet)}
    known |= {
        name for script in scripts for name in re.findall(r'setProperty\("(--[\w-]+)"', script)
    }
    used = {name for sheet in sheets for name in re.findall(r"var\((--[\w-]+)", sheet)}

    assert used - known == set()


def test_every_icon_that_a_template_or_a_section_names_is_drawn():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons" / "icons.svg").read_text()))
    pages = [page.read_text() for page in TEMPLATES.rglob("*.html")]
    includes = [tag for page in pages for tag in re.findall(r"{% include [^%]+ %}", page)]
    named = {
        name
        for tag in includes
        if '"_icon.html"' in tag or '"_empty.html"' in tag
        for name in re.findall(r'\b(?:name|icon)="([\w-]+)"', tag)
    }
    registered = {section.icon for section in registry.sections}

    assert named
    assert registered - drawn == set()
    assert named - drawn == set()


def test_plotly_in_the_browser_is_the_plotly_of_python():
    version = get_plotlyjs_version()

    assert (STATIC / "vendor" / f"plotly-basic-{version}.min.js").is_file()
    assert f"plotly-basic-{version}.min.js" in (TEMPLATES / "_chart_script.html").read_text()


def test_the_page_for_our_own_failures_needs_no_context():
    page = render_to_string("500.html")

    assert "<h1>Something went wrong on our side</h1>" in page
    assert "csrf" not in page


class Handover(forms.Form):
    area = forms.ChoiceField(choices=[("north", "North")], widget=forms.RadioSelect)
    source = forms.CharField(help_text="Where others can check it.")
    sure = forms.BooleanField(label="I looked at it")


def test_each_mistake_is_a_link_to_its_field_and_described_there():
    page = render_to_string("_form.html", {"form": Handover({})})
    targets = re.findall(r'<a href="#([\w-]+)">', page)
    ids = re.findall(r'\bid="([\w-]+)"', page)

    assert targets == ["id_area_field", "id_source", "id_sure"]
    assert set(targets) <= set(ids)
    assert len(ids) == len(set(ids))
    for described in re.findall(r'aria-describedby="([^"]+)"', page):
        assert set(described.split()) <= set(ids)
