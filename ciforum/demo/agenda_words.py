"""The words that Alder Valley agreed on, one that it contests, and one still being discussed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from agenda.models import Stance, Term, TermRemark
from ciforum.demo.people import Cast
from ciforum.people import clock

AGREE = ("resident", "tasha", "mai", "committee")
OPEN, CONTESTED = "race", "low-income"
DISSENT = {
    "equity": (
        (
            "partner",
            "I would rather say fairness. My own staff hear “equity” as something one is accused "
            "of.",
        ),
    ),
    CONTESTED: (
        ("tasha", "Nobody I know calls herself that. Say what it costs to live here."),
        ("mai", "It names us by what we lack."),
    ),
}
REMARKS = {
    CONTESTED: (("committee", "The state's forms use it, so we need a bridge between both."),),
    OPEN: (("mai", "Please say that Hmong is not one line under Asian for us."),),
}


def days_ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def words(cast: Cast) -> None:
    """Starter words proposed, discussed for weeks, agreed by residents first of all."""
    director = cast.user("director")
    with clock.at(days_ago(240)):
        proposed = Term.propose_starters(initiative=cast.initiative, by=director)
    terms = {term.code: term for term in proposed if term.code != OPEN}
    with clock.at(days_ago(225)):
        for code, term in terms.items():
            _stand(cast, term, ("committee",) if code == CONTESTED else AGREE)
    with clock.at(days_ago(220)):
        for term in terms.values():
            term.settle(by=director)
    with clock.at(days_ago(9)):
        for term in proposed:
            for key, text in REMARKS.get(term.code, ()):
                TermRemark.write(term=term, by=cast.user(key), text=text, language="en")


def _stand(cast: Cast, term: Term, agree: tuple[str, ...]) -> None:
    """Who agrees with a word, and who does not, and why."""
    assert term.newest is not None  # noqa: S101 - it has just been proposed
    for key in agree:
        Stance.take(wording=term.newest, by=cast.user(key), agrees=True)
    for key, note in DISSENT.get(term.code, ()):
        Stance.take(
            wording=term.newest,
            by=cast.user(key),
            agrees=False,
            note=note,
            shows_name=True,
            language="en",
        )
