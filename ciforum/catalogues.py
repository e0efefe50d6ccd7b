"""The interface's translations: `python -m ciforum.catalogues collect | compile | check`.

One catalogue per app, in `<app>/locale/<language>/LC_MESSAGES/django.po`, with the strings of the
app's Python files and of its folders under `templates/`. Made with Babel, so that nobody needs
GNU gettext; Django's own `templatize` turns templates into something a lexer can read.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.checkers import checkers
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
# Texts are written in English; these are translated.
LANGUAGES = ("es",)

_BLANK = re.compile(r"%\(\w+\)s")
_RENAMED = re.compile(r"\b(\w*gettext\w*) as (\w+)")
_PAIR = (1, 2)
_CONTEXT = ((1, "c"), 2)
KEYWORDS: dict[str, Any] = {
    **DEFAULT_KEYWORDS,
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop", "_"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), _PAIR),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), _CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}


@dataclass(frozen=True)
class App:
    """Where an app's strings stand and where its catalogue lies."""

    folder: str
    python: tuple[str, ...]
    templates: tuple[str, ...]

    def catalogue(self, language: str) -> Path:
        return ROOT / self.folder / "locale" / language / "LC_MESSAGES" / "django.po"


APPS = (
    App(
        "ciforum/people",
        ("ciforum/**/*.py",),
        (
            *("templates/*.html", "templates/people/**/*", "templates/account/**/*"),
            *("templates/mfa/**/*", "templates/allauth/**/*", "templates/django/**/*"),
            "templates/usersessions/**/*",
        ),
    ),
    *(
        App(name, (f"{name}/**/*.py",), (f"templates/{name}/**/*",))
        for name in ("equity", "agenda", "measurement", "backbone")
    ),
)


def strings(app: App) -> Catalog:
    """Every string of an app that people may see, as a catalogue without translations."""
    found = Catalog(charset="utf-8")
    for path in _files(app.python):
        source = path.read_text("utf-8")
        plain = "\n".join((source, *_within_fstrings(source))).encode()
        _add(found, path, extract("python", io.BytesIO(plain), _keywords(source)))
    for path in _files(app.templates):
        lexed = templatize(path.read_text("utf-8"), origin=str(path)).encode()
        _add(found, path, extract("javascript", io.BytesIO(lexed), KEYWORDS))
    return found


def _keywords(source: str) -> dict[str, Any]:
    """The calls that mark a string in this file, with the names it gives them on import."""
    renamed = {alias: KEYWORDS[name] for name, alias in _RENAMED.findall(source)}
    return {**KEYWORDS, **renamed}


def _within_fstrings(source: str) -> Iterator[str]:
    """What stands in the braces of f-strings, as code: before Python 3.12 Babel passes over it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FormattedValue):
            yield ast.unparse(node.value)


def _files(patterns: Iterable[str]) -> Iterator[Path]:
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and "migrations" not in path.parts:
                yield path


def _add(found: Catalog, path: Path, messages: Iterable[Any]) -> None:
    where = str(path.relative_to(ROOT))
    for _line, message, _comments, context in messages:
        if message and (isinstance(message, tuple) or message.strip()):
            found.add(message, locations=[(where, 0)], context=context)


def load(path: Path, language: str) -> Catalog:
    """The catalogue at `path`; an empty one when there is none yet."""
    if not path.exists():
        return Catalog(locale=language, project="CI Forum", version="", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def collect() -> None:
    """Bring the catalogues in step with the strings; what is new waits for its translation."""
    for app in APPS:
        template = strings(app)
        for language in LANGUAGES:
            path = app.catalogue(language)
            catalogue = load(path, language)
            template.creation_date = catalogue.creation_date
            catalogue.update(template, no_fuzzy_matching=True)
            catalogue.obsolete.clear()
            catalogue.fuzzy = False
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                write_po(file, catalogue, width=100, sort_output=True, include_lineno=False)
            missing = sum(1 for message in catalogue if message.id and not _is_whole(message))
            print(f"{path.relative_to(ROOT)}: {len(catalogue)} strings, {missing} to translate")


def compile_all() -> None:
    """Write the `.mo` files that Django reads. They are made at install, never committed."""
    for app in APPS:
        for language in LANGUAGES:
            path = app.catalogue(language)
            if path.exists():
                with path.with_suffix(".mo").open("wb") as file:
                    write_mo(file, load(path, language))


def check() -> int:
    """Say every string without a sound translation; answers how many there are."""
    wrong = 0
    for app in APPS:
        template = strings(app)
        for language in LANGUAGES:
            catalogue = load(app.catalogue(language), language)
            for complaint in _complaints(template, catalogue):
                print(f"{app.folder} [{language}] {complaint}")
                wrong += 1
    return wrong


def _complaints(template: Catalog, catalogue: Catalog) -> Iterator[str]:
    for message in template:
        if not message.id:
            continue
        known = catalogue.get(message.id, message.context)
        if known is None:
            yield f"not in the catalogue: {message.id!r}"
        elif known.fuzzy:
            yield f"fuzzy: {message.id!r}"
        elif not _is_whole(known):
            yield f"not translated: {message.id!r}"
        else:
            yield from _broken(known, catalogue)
    for message in catalogue:
        if message.id and template.get(message.id, message.context) is None:
            yield f"no longer used: {message.id!r}"


def _is_whole(message: Message) -> bool:
    if isinstance(message.id, str):
        return bool(message.string)
    return all(message.string or ("",))


def _broken(message: Message, catalogue: Catalog) -> Iterator[str]:
    """Placeholders that a translation lost or made up."""
    # Babel lets a translation lose a named placeholder; only "one …" may do without its number.
    if _blanks(message.id) != _blanks(message.string):
        yield f"not the same placeholders: {message.id!r}"
    for checker in checkers:
        try:
            checker(catalogue, message)
        except Exception as error:  # babel's TranslationError is not exported everywhere
            yield f"{error}: {message.id!r}"


def _blanks(text: Any) -> set[str]:
    """The named placeholders of a text, or of its plural."""
    return set(_BLANK.findall(text if isinstance(text, str) else text[-1]))


def main(command: str) -> int:
    match command:
        case "collect":
            collect()
        case "compile":
            compile_all()
        case "check":
            wrong = check()
            if wrong:
                print(f"{wrong} strings want a translation: run `make messages`, then translate.")
            return 1 if wrong else 0
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
