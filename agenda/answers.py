"""What a ballot says, in words: the answers to choose from, and a choice read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ciforum.people.words import Words

if TYPE_CHECKING:
    from agenda.models import Decision, Round


@dataclass(frozen=True)
class Answer:
    """One thing to choose: its value on the ballot, its name, and what it means."""

    value: str
    label: Any
    means: Any = ""


SIDES = (
    Answer("agree", gettext_lazy("I agree"), gettext_lazy("Do it as the text says.")),
    Answer("disagree", gettext_lazy("I disagree"), gettext_lazy("Do not do it.")),
    Answer(
        "abstain",
        gettext_lazy("I abstain"),
        gettext_lazy("I take no side. My seat counts as present."),
    ),
)
CONSENT = (
    SIDES[0],
    Answer(
        "disagree",
        gettext_lazy("I stand aside"),
        gettext_lazy("I do not agree, and I do not stop it."),
    ),
    SIDES[2],
    Answer(
        "block",
        gettext_lazy("I block"),
        gettext_lazy("This would do harm. One block stops the decision."),
    ),
)
# After Sam Kaner's gradients of agreement; see `agenda/tally`.
STEPS = (
    Answer("1", gettext_lazy("I support it fully")),
    Answer("2", gettext_lazy("I agree, with a small point")),
    Answer("3", gettext_lazy("I support it, with doubts")),
    Answer("4", gettext_lazy("I take no side")),
    Answer("5", gettext_lazy("We need to talk more")),
    Answer("6", gettext_lazy("I do not like it, and will go along")),
    Answer("7", gettext_lazy("I disagree strongly")),
    Answer("8", gettext_lazy("I stop it"), gettext_lazy("One 8 stops the decision.")),
)


def answers(method: str) -> tuple[Answer, ...]:
    """The answers of a method that asks for one; none where options are ranked or get points."""
    return {"consent": CONSENT, "majority": SIDES, "two_thirds": SIDES, "gradients": STEPS}.get(
        method, ()
    )


def options(round: Round) -> dict[str, Words]:
    """The options as they were frozen: key → words."""
    return {key: Words(words) for key, words in round.paper["options"]}


def in_words(decision: Decision, labels: Mapping[str, Words], choice: Any) -> list[str]:
    """A choice as its seat would say it, one line for each thing it says."""
    match choice:
        case list():
            return _ranking(labels, choice)
        case dict():
            return [
                ngettext("%(option)s: %(points)s point", "%(option)s: %(points)s points", points)
                % {"option": label, "points": points}
                for key, label in labels.items()
                for points in [choice.get(key, 0)]
            ]
    named = {each.value: each for each in answers(decision.method)}
    label = str(named[str(choice)].label)
    return [f"{choice} · {label}" if decision.method == "gradients" else label]


def _ranking(labels: Mapping[str, Words], choice: list[list[str]]) -> list[str]:
    lines = [
        _("Place %(place)s: %(options)s")
        % {"place": place, "options": ", ".join(str(labels.get(key, key)) for key in tied)}
        for place, tied in enumerate(choice, start=1)
    ]
    named = {key for tied in choice for key in tied}
    rest = [str(label) for key, label in labels.items() if key not in named]
    if rest:
        lines.append(_("Last, without a place: %(options)s") % {"options": ", ".join(rest)})
    return lines
