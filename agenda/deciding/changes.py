"""What the last word changed: the papers of consecutive rounds, word by word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from agenda import comparing, paper
from agenda.comparing import Run
from agenda.deciding import words
from agenda.models import Method

if TYPE_CHECKING:
    from agenda.models import Decision, Round

LABELS = ("title", "purpose", "can_change", "text")


@dataclass(frozen=True)
class Field:
    """One part of the paper that differs: the older words and the newer, marked."""

    label: str
    language: str
    language_name: str  # "" where it is the reader's own
    before: tuple[Run, ...]
    after: tuple[Run, ...]


@dataclass(frozen=True)
class Change:
    """From one round's paper to the next, and how the round ended."""

    number: int
    why: str
    fields: list[Field]
    rules: list[str]
    is_now: bool  # compared with the text as it stands, not with a later round

    @property
    def is_none(self) -> bool:
        return not self.fields and not self.rules


def between_rounds(decision: Decision, rounds: Sequence[Round]) -> list[Change]:
    """For each round that ended: what differs from the next paper, or from the text of today."""
    found = []
    for place, round in enumerate(rounds):
        if not round.ended_how:
            continue
        later = rounds[place + 1] if place + 1 < len(rounds) else None
        after = later.paper if later else paper.content(decision)
        found.append(
            Change(
                number=round.number,
                why=str(round.get_ended_how_display()),
                fields=_fields(round.paper, after),
                rules=_rules(round.paper, after),
                is_now=later is None,
            )
        )
    return found


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Field]:
    named = {
        "title": _("Title"),
        "purpose": _("Purpose"),
        "can_change": _("What can still change"),
        "text": _("The text"),
    }
    found = [_field(named[name], before[name], after[name]) for name in LABELS]
    found.append(_field(_("Options"), _lines(before["options"]), _lines(after["options"])))
    return [each for each in found if each is not None]


def _field(label: str, before: Mapping[str, str], after: Mapping[str, str]) -> Field | None:
    """In the reader's language where that changed, else in the first language that did."""
    changed = [
        code for code in dict.fromkeys([*after, *before]) if before.get(code) != after.get(code)
    ]
    if not changed:
        return None
    own = (get_language() or "en").split("-")[0]
    code = own if own in changed else changed[0]
    old, new = comparing.words(before.get(code, ""), after.get(code, ""))
    name = "" if code == own else get_language_info(code)["name_translated"]
    return Field(label, code, name, old, new)


def _lines(options: Sequence[Sequence[Any]]) -> dict[str, str]:
    """The labels of all options, one in a line, for each language."""
    codes = dict.fromkeys(code for _key, label in options for code in label)
    return {code: "\n".join(label.get(code, "") for _key, label in options) for code in codes}


def _rules(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The rules that differ, one sentence each."""
    said = []
    if before["method"] != after["method"]:
        said.append(
            _("The method went from “%(before)s” to “%(after)s”.")
            % {"before": Method(before["method"]).label, "after": Method(after["method"]).label}
        )
    if before["secret"] != after["secret"]:
        said.append(
            _("The ballot became secret.") if after["secret"] else _("The ballot became open.")
        )
    for name, sentences in (
        ("quorum", words.quorum_sentences),
        ("threshold", lambda kept: words.threshold_sentences(kept, after["method"])),
    ):
        if before[name] != after[name]:
            said.extend(sentences(after[name]) or [_("No class has a threshold of its own now.")])
    for name, sentence in (
        ("groups", _("The list of affected groups changed.")),
        ("evidence", _("The evidence changed.")),
        ("committee", _("Another committee decides.")),
        ("effect_content", _("What it would put in force changed.")),
    ):
        if before.get(name) != after.get(name):
            said.append(sentence)
    return said
