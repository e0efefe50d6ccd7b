"""Who hears of a term: those who took part, when it is settled or worded anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ciforum.people import registry
from ciforum.people.models import Initiative, User
from ciforum.people.notices import notify
from ciforum.people.words import Words

if TYPE_CHECKING:
    from agenda.models import Term, TermWording

SETTLED, AMENDED = "term.settled", "term.amended"


def settled(term: Term, wording: TermWording, by: User) -> None:
    """Whoever took a stance, proposed the wording or discussed the term hears how it ended."""
    people = {stance.person for stance in wording.stances.select_related("person")}
    people |= {remark.person for remark in term.remarks.select_related("person")}
    _tell(people | {wording.proposed_by}, SETTLED, term, wording, by, state=term.state)


def amended(term: Term, before: TermWording | None, by: User) -> None:
    """Those who took a stance on the wording before hear that there is another to look at."""
    if before is None or before == term.in_force:
        return
    people = {stance.person for stance in before.stances.select_related("person")}
    if term.newest:
        _tell(people, AMENDED, term, term.newest, by)


def _tell(
    people: set[User], kind: str, term: Term, wording: TermWording, by: User, **params: Any
) -> None:
    for person in people - {by}:
        notify(
            person,
            kind,
            initiative=term.initiative,
            dedup_key=f"{wording.uid}:{params.get('state', '')}",
            about=term.uid,
            word=dict(wording.word),
            code=term.code,
            **params,
        )


def _url(initiative: Initiative, params: dict[str, Any]) -> str:
    return reverse("agenda:term", args=[initiative.slug, params["code"]])


def _filled(sentence: str, params: dict[str, Any]) -> str:
    return sentence % {"word": Words(params["word"])}


def _subject(params: dict[str, Any]) -> str:
    if params["state"] == "agreed":
        return _filled(_("We agreed on “%(word)s”"), params)
    return _filled(_("We do not agree on “%(word)s”"), params)


def _body(params: dict[str, Any]) -> str:
    if params["state"] == "agreed":
        return _filled(_("“%(word)s” is agreed. Dissent stays beside it for all to read."), params)
    return _filled(
        _("As many dissent from “%(word)s” as agree. Read why, and propose words you can share."),
        params,
    )


def register() -> None:
    """Fill the ground's table of notices; called once at start-up."""
    registry.notices.add(SETTLED, registry.NoticeKind(_subject, _body, _url))
    registry.notices.add(
        AMENDED,
        registry.NoticeKind(
            lambda p: _filled(_("There are new words for “%(word)s”"), p),
            lambda p: _filled(
                _("Your answer was about the words before. Say what you think of the new ones."), p
            ),
            _url,
        ),
    )
