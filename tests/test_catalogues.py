"""The interface in Spanish: whole, sound, and really on the pages."""

from __future__ import annotations

import gettext
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Message
from django.urls import reverse
from django.utils.text import capfirst
from hypothesis import given
from hypothesis import strategies as st

from ciforum import catalogues
from ciforum.catalogues import APPS, App
from tests import builders

PLACEHOLDER = re.compile(r"%\((\w+)\)s|%%")
TAG = re.compile(r"</?\w+[^>]*>")


def forms(text: Any) -> tuple[str, ...]:
    """The singular and the plural, or the one text there is."""
    return (text,) if isinstance(text, str) else tuple(text)


def messages() -> list[Message]:
    return [
        message
        for app in APPS
        for message in catalogues.load(app.catalogue("es"), "es")
        if message.id
    ]


MESSAGES = messages()
PLURALS = [message for message in MESSAGES if not isinstance(message.id, str)]


# --- The catalogues as they stand


def test_every_string_has_a_sound_translation(capsys):
    assert catalogues.check() == 0, capsys.readouterr().out


def test_a_word_that_two_apps_share_reads_the_same_in_both():
    said: dict[Any, set[tuple[str, ...]]] = {}
    for message in MESSAGES:
        said.setdefault((message.context, message.id), set()).add(forms(message.string))

    assert [key for key, ways in said.items() if len(ways) > 1] == []


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.folder)
def test_a_catalogue_knows_the_two_numbers_of_spanish(app):
    catalogue = catalogues.load(app.catalogue("es"), "es")

    assert catalogue.num_plurals == 2
    assert catalogue.plural_expr == "(n != 1)"


@given(st.sampled_from(MESSAGES))
def test_both_languages_fill_in_the_same_blanks(message):
    """Only "one …" may leave its number out, or say it where English does not."""
    english = [set(PLACEHOLDER.findall(text)) for text in forms(message.id)]
    spanish = [set(PLACEHOLDER.findall(text)) for text in forms(message.string)]

    assert spanish[-1] == english[-1]
    assert spanish[0] <= english[-1]
    assert len(spanish) == len(english)


@given(st.sampled_from(MESSAGES), st.text(max_size=5))
def test_both_languages_can_be_filled_in(message, value):
    """A stray percent sign would be an error only when somebody opens the page."""
    if not message.python_format:
        return
    blanks = {name: value for text in forms(message.id) for name in PLACEHOLDER.findall(text)}

    for text in (*forms(message.id), *forms(message.string)):
        assert "%(" not in (text % blanks).replace(value, "")


@given(st.sampled_from(MESSAGES))
def test_both_languages_have_the_same_tags_and_edges(message):
    for english, spanish in zip(forms(message.id), forms(message.string), strict=True):
        assert sorted(TAG.findall(english)) == sorted(TAG.findall(spanish))
        assert spanish == spanish.strip() or english != english.strip()


# --- Compiled, as at install


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """The catalogues copied and compiled elsewhere; nothing is left in the checkout."""
    root = tmp_path_factory.mktemp("install")
    for app in APPS:
        source = app.catalogue("es")
        copy = root / source.relative_to(catalogues.ROOT)
        copy.parent.mkdir(parents=True)
        copy.write_bytes(source.read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogues, "ROOT", root)
        assert catalogues.main("compile") == 0
    return root


def opened(root: Path, app: App) -> gettext.NullTranslations:
    return gettext.translation("django", root / app.folder / "locale", ["es"])


def test_compiled_catalogues_hold_every_message(compiled):
    for app in APPS:
        reader = opened(compiled, app)
        for message in catalogues.load(app.catalogue("es"), "es"):
            if message.id and isinstance(message.id, str):
                said = reader.pgettext if message.context else reader.gettext
                words = (message.context, message.id) if message.context else (message.id,)
                assert said(*words) == message.string


@given(st.sampled_from(PLURALS), st.integers(0, 10**9))
def test_the_number_decides_the_form(compiled, message, number):
    readers = [opened(compiled, app) for app in APPS]

    said = {reader.ngettext(*message.id, number) for reader in readers}

    assert message.string[0 if number == 1 else 1] in said


def test_our_words_win_over_those_of_other_packages(settings):
    assert [app.catalogue("es").parents[2] for app in APPS] == settings.LOCALE_PATHS


# --- On the pages


class Texts(HTMLParser):
    """What a reader meets on a page: texts and labels, but those marked as another language."""

    EMPTY = frozenset(("meta", "link", "input", "br", "img", "hr", "path", "use", "circle", "col"))

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        is_other = values.get("lang", "es") != "es" or tag in ("script", "style")
        if not is_other and not self._is_silent():
            named = ("aria-label", "title", "placeholder", "alt", "data-l")
            self.found += [text for name in named if (text := values.get(name))]
        if tag not in self.EMPTY:
            self.open.append((tag, is_other))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._is_silent():
            self.found.append(" ".join(data.split()))

    def _is_silent(self) -> bool:
        return any(is_other for _tag, is_other in self.open)


def texts(page: Any) -> list[str]:
    reader = Texts()
    reader.feed(page.content.decode())
    return reader.found


def left_in_english(page: Any) -> list[str]:
    """Texts of the page that stand in a catalogue, and stayed as they were."""
    translated = {
        text
        for message in MESSAGES
        for english, spanish in zip(forms(message.id), forms(message.string), strict=True)
        if english.casefold() != spanish.casefold()
        for text in (english, capfirst(english))
    }
    return [text for text in texts(page) if text in translated]


@pytest.fixture
def spanish(compiled, settings):
    """Django reads what was just compiled, whatever lies in the checkout."""
    settings.LOCALE_PATHS = [compiled / app.folder / "locale" for app in APPS]


@pytest.fixture
def reader(spanish, initiative, login):
    rosa = builders.a_user(name="Rosa Delgado")  # whose name is no word of a catalogue
    organization = builders.an_organization(initiative, name="Alder Hospital")
    builders.a_member(initiative, "backbone", "partner", user=rosa, organization=organization)
    client = login(rosa)
    client.cookies["language"] = "es"
    return client


@pytest.mark.usefixtures("spanish")
@pytest.mark.parametrize("path", ["/", "/about/", "/accounts/login/", "/nothing-of-that-name/"])
def test_a_visitor_who_chose_spanish_meets_no_english(path, client, initiative):
    client.cookies["language"] = "es"

    page = client.get(path, follow=True)

    assert '<html lang="es"' in page.content.decode()
    assert left_in_english(page) == []
    assert "Iniciar sesión" in texts(page)


PAGES = (
    *("people:front", "people:members", "people:invite", "people:organizations"),
    *("people:organization_new", "people:places", "people:settings"),
    *("equity:strategies", "equity:ledger", "equity:dimensions", "equity:dimension_new"),
    *("equity:policy", "equity:waivers"),
    *("agenda:overview", "agenda:charter", "agenda:goals", "agenda:goal_new", "agenda:decisions"),
    *("agenda:decision_new", "agenda:lexicon", "agenda:term_new", "agenda:history"),
    *("agenda:event_new", "agenda:scenarios", "agenda:scenario_new", "agenda:committees"),
    *("agenda:committee_new", "agenda:records"),
    *("measurement:overview", "measurement:dashboard", "measurement:indicator_new"),
    *("measurement:requests", "measurement:desk", "measurement:upload", "backbone:today"),
)


@pytest.mark.parametrize("name", PAGES)
def test_a_member_who_chose_spanish_meets_no_english(name, reader, initiative):
    builders.an_indicator(initiative)

    page = reader.get(reverse(name, args=[initiative.slug]))

    assert page.status_code == 200
    assert left_in_english(page) == []


@pytest.fixture
def held(initiative, backbone, partner):
    """A release that nobody has protected or told the story of."""
    race = builders.a_dimension(initiative, groups=("white", "black"))
    indicator = builders.an_indicator(initiative, required=[race])
    builders.approved(indicator, partner, backbone, {(2020, "Here"): (30, 400)})
    return builders.a_release(indicator, backbone)


def test_a_held_step_says_in_spanish_how_much_is_missing(reader, initiative, held):
    address = reverse("measurement:release_publish", args=[initiative.slug, held.uid])

    page = reader.post(address, follow=True)

    said = texts(page)
    assert "Retenido: todavía no se puede hacer pública esta publicación" in said
    assert "Faltan 3 cosas. En el registro queda escrito que este paso se retuvo." in said
    assert left_in_english(page) == []


# --- The tool itself


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A project of one app with one string of each kind."""
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    monkeypatch.setattr(catalogues, "APPS", (App("shop", ("shop/*.py",), ("templates/**/*",)),))
    write(tmp_path / "shop/views.py", 'x = _("Closed %(day)s")\ny = ngettext("a", "%(n)s", 2)\n')
    write(
        tmp_path / "templates/shop.html",
        "{% load i18n %}{% translate 'Open' %} {% blocktranslate trimmed count n=2 %}\n  One\n"
        "  {% plural %}{{ n }} of them{% endblocktranslate %}",
    )
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def collected(root: Path) -> str:
    assert catalogues.main("collect") == 0
    return (root / "shop/locale/es/LC_MESSAGES/django.po").read_text("utf-8")


def translate(root: Path, english: str, spanish: str) -> None:
    path = root / "shop/locale/es/LC_MESSAGES/django.po"
    text = path.read_text("utf-8")
    assert f'msgid "{english}"\nmsgstr ""' in text
    write(
        path,
        text.replace(f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{spanish}"'),
    )


def test_strings_of_code_and_templates_are_found(elsewhere):
    text = collected(elsewhere)

    assert 'msgid "Open"' in text
    assert 'msgid "Closed %(day)s"' in text
    assert 'msgid "One"\nmsgid_plural "%(n)s of them"' in text
    assert "templates/shop.html" in text


def test_strings_are_found_under_the_names_that_a_file_gives_the_call(elsewhere):
    source = "from django.utils.translation import gettext as _now, ngettext as _count\n"
    calls = 'x = _now("Right now")\ny = _count("a seat", "%(n)s seats", 2)\n'
    write(elsewhere / "shop/views.py", source + calls)

    text = collected(elsewhere)

    assert 'msgid "Right now"' in text
    assert 'msgid "a seat"\nmsgid_plural "%(n)s seats"' in text


def test_strings_are_found_within_fstrings(elsewhere):
    write(elsewhere / "shop/views.py", """x = f"{price} {_('each')}"\n""")

    assert 'msgid "each"' in collected(elsewhere)


def test_collecting_again_keeps_what_was_translated_and_drops_what_is_gone(elsewhere):
    collected(elsewhere)
    translate(elsewhere, "Open", "Abierto")
    write(elsewhere / "shop/views.py", 'x = _("New here")\n')

    text = collected(elsewhere)

    assert 'msgstr "Abierto"' in text
    assert "Closed" not in text
    assert 'msgid "New here"\nmsgstr ""' in text


def test_the_check_names_what_is_missing(elsewhere, capsys):
    collected(elsewhere)
    capsys.readouterr()

    assert catalogues.main("check") == 1

    said = capsys.readouterr().out
    assert "shop [es] not translated: 'Open'" in said
    assert "4 strings want a translation" in said


def test_the_check_finds_a_blank_that_was_lost(elsewhere, capsys):
    collected(elsewhere)
    translate(elsewhere, "Closed %(day)s", "Cerrado")
    capsys.readouterr()

    catalogues.main("check")

    assert "'Closed %(day)s'" in capsys.readouterr().out


def test_the_check_finds_strings_that_are_new_or_gone(elsewhere, capsys):
    collected(elsewhere)
    write(elsewhere / "shop/views.py", 'x = _("New here")\n')
    capsys.readouterr()

    catalogues.main("check")

    said = capsys.readouterr().out
    assert "not in the catalogue: 'New here'" in said
    assert "no longer used: 'Closed %(day)s'" in said


def test_an_unknown_command_is_told_the_known_ones(capsys):
    assert catalogues.main("translate") == 2
    assert "collect | compile | check" in capsys.readouterr().out
