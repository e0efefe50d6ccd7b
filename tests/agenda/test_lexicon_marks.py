"""Words in force are explained where they occur; nothing else in a text changes."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from itertools import chain, pairwise

import pytest
from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from agenda.lexicon.glossary import Glossary
from agenda.lexicon.marking import Spellings, opening
from ciforum.people import current
from ciforum.people.models import Initiative
from ciforum.people.templatetags.words import defined
from ciforum.people.words import Words
from tests import builders
from tests.measurement.reading.files import SHARED

FORMS = {"racism": ["racism"], "structural-racism": ["structural racism", "structurally racist"],
         "equity": ["equity", "inequities"], "power": ["power"], "equidad": ["equidad", "¡poder!"],
         "low-income": ["low-income"], "half": ["2", "½"], "accent": ["crèche"]}  # fmt: skip
SPELLINGS = Spellings(FORMS)


def spots(text, seen=None):
    found = SPELLINGS.first_in(text, set() if seen is None else seen)
    return [(spot.code, text[spot.start : spot.end]) for spot in found]


# --- where they occur


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Equity first, then EQUITY.", [("equity", "Equity")]),
        ("Powerful people; powerless", []),
        ("Structural racism is racism.", [("structural-racism", "Structural racism"),
                                          ("racism", "racism")]),
        ("structural racism, structural racism", [("structural-racism", "structural racism")]),
        ("Structural\n racism", [("structural-racism", "Structural\n racism")]),
        ("low income, Low-Income", [("low-income", "low income")]),
        ("inequities and equity", [("equity", "inequities")]),
        ("La EQUIDÁD llega", [("equidad", "EQUIDÁD")]),
        ("cre\u0300che's door", [("accent", "cre\u0300che")]),
        ("equidad\u0301.", [("equidad", "equidad\u0301")]),
        ("power-sharing", [("power", "power")]),
        ("1/2 and ½", [("half", "2")]),
        ("x½ ¼", []),
        ("", []),
    ],
)  # fmt: skip
def test_whole_words_are_found_in_any_case_and_accent(text, found):
    assert spots(text) == found


def test_what_was_marked_before_is_not_marked_again():
    assert spots("power and equity", {"power"}) == [("equity", "equity")]


def test_no_terms_find_nothing():
    assert Spellings({"x": ["", " , "]}).first_in("x , y", set()) == []


@given(st.lists(st.sampled_from([*chain(*FORMS.values()), "É", "\u0301", "ﬁ", "½", " ", "-", "<b>",
                                 "İ", "ß", ".", "\n"])).map("".join))  # fmt: skip
def test_spots_lie_apart_in_reading_order_each_term_once(text):
    seen = set()
    found = SPELLINGS.first_in(text, seen)

    assert [spot.code for spot in found] == list(dict.fromkeys(spot.code for spot in found))
    assert all(0 <= spot.start < spot.end <= len(text) for spot in found)
    ends = [(a.end, b.start) for a, b in pairwise(found)]
    assert all(end <= start for end, start in ends)
    assert seen == {spot.code for spot in found}


def test_the_first_paragraph_opens_a_meaning():
    assert opening("One.\r\n\r\nTwo.\n\nThree.") == "One."


# --- on a page


class Read(HTMLParser):
    """What a reader sees of the text, without what the marks add; and what tags there are."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.words, self.tags, self._inside = [], [], 0

    def handle_starttag(self, tag, attributes):
        if tag == "br":
            self.words.append("\n")
        self.tags.append(tag)
        if self._inside or dict(attributes).get("class") == "defined__words":
            self._inside += tag == "span"

    def handle_endtag(self, tag):
        if self._inside and tag == "span":
            self._inside -= 1
        if tag == "p":
            self.words.append("\n\n")

    def handle_data(self, data):
        if not self._inside:
            self.words.append(data)


def read(html):
    reader = Read()
    reader.feed(str(html))
    reader.close()
    return "".join(reader.words), set(reader.tags)


OURS = {"p", "br", "button", "span", "strong", "a", "div"}


MEANINGS = {
    code: (word, Words(), Words(en=f"<i>{word['en']}</i>\n\nMore.", es="Qué & cómo"))
    for code, word in (
        ("racism", Words(en="racism", es="racismo")),
        ("structural-racism", Words(en="structural racism", es="racismo estructural")),
        ("tag", Words(en="script", es="<b>guion</b>")),
    )
}


@pytest.fixture
def here():
    return a_page()


def a_page():
    """A request inside an initiative that agreed on three words, which were read before."""
    request = RequestFactory().get("/")
    request.initiative = Initiative(slug="valley")
    request._glossary = Glossary(request.initiative, meanings=MEANINGS)
    return request


def shown(request, text, shape="paragraphs"):
    with current.answering(request):
        return defined(text, shape)


def test_a_word_in_force_is_a_button_that_opens_its_meaning(here):
    html = shown(here, "We name Structural Racism here.", "inline")

    assert 'popovertarget="' in html
    assert ">Structural Racism</button>" in html
    assert "&lt;i&gt;structural racism&lt;/i&gt;" in html
    assert "More." not in html
    assert f"/{here.initiative.slug}/agenda/lexicon/structural-racism/" in html
    assert "style=" not in html


def test_every_mark_of_a_page_has_an_id_of_its_own(here):
    html = shown(here, "racism, structural racism") + shown(here, "racism")
    ids = html.split(' id="')[1:]

    assert len({each.split('"')[0] for each in ids}) == len(ids) == 3


def test_a_page_asks_once_for_all_its_texts(initiative, backbone, django_assert_num_queries):
    builders.an_agreed_term(initiative, backbone, "racism")
    builders.a_term(initiative, backbone, "power")
    request = RequestFactory().get("/")
    request.initiative = initiative

    with django_assert_num_queries(1), current.answering(request):
        html = [defined(Words(en="racism and power")) for _text in range(5)]

    assert [each.count("<button") for each in html] == [1] * 5


def test_a_fragment_repeats_no_id_of_its_page(initiative, backbone):
    builders.an_agreed_term(initiative, backbone, "racism")
    ids = []
    for _each in range(2):
        request = RequestFactory().get("/", headers={"HX-Request": "true"})
        request.initiative = initiative
        ids.append(shown(request, "racism").split('id="')[1].split('"')[0])

    assert ids[0] != ids[1]


def test_a_text_is_marked_in_its_own_language(here):
    text = Words(es="El racismo estructural existe.")

    html = shown(here, text)

    assert '<div lang="es"><p>' in html
    assert ">racismo estructural</button>" in html
    assert "(not yet in English)" in html
    with translation.override("es"):
        assert "racism</button>" not in shown(here, Words(es="racism"))


def test_outside_of_a_request_nothing_is_marked(here):
    assert defined("racism & co") == "<p>racism &amp; co</p>"
    assert defined("racism & co", "inline") == "racism &amp; co"
    assert defined(None) == ""


def test_paragraphs_and_lines_stay(here):
    assert shown(here, "One\r\ntwo\n\n\nThree ") == "<p>One<br>two</p>\n<p>Three </p>"


def test_a_term_is_marked_once_in_a_text_of_many_paragraphs(here):
    assert shown(here, "racism\n\nracism\nracism").count("<button") == 1


@given(text=st.text(st.one_of(st.sampled_from("<>&\"' \nracism½"), st.characters())))
def test_readers_see_the_text_as_it_was_written(text):
    written = text.replace("\0", "").replace("\r", "") + " racism"

    html = shown(a_page(), written, "inline")

    assert read(html)[0] == written
    assert read(html)[1] <= OURS


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)> structural racism',
    "racism<svg/onload=alert(1)>",
    "'-alert(1)-' racism",
    "&lt;script&gt; racism",
    '<a href="javascript:alert(1)">racism</a>',
    "</p></div>racism",
    "\u202eracism\u202c",
]


def naughty():
    """The big list of naughty strings, where it lies beside the checkout."""
    path = SHARED / "corpora/blns.json"
    return json.loads(path.read_text()) if path.exists() else []


@pytest.mark.parametrize("shape", ["paragraphs", "inline"])
def test_nothing_people_write_becomes_markup(here, shape):
    for text in [*HOSTILE, *naughty()]:
        for value in (text, mark_safe(text), Words(en=text)):  # noqa: S308 - that is the test
            words, tags = read(shown(here, value, shape))
            assert words.split() == text.split()
            assert tags <= OURS
