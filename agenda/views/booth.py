"""Voting with one seat: choose, look again, cast. Only the last step writes anything."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from agenda import answers, secrecy
from agenda.deciding import heard
from agenda.forms.ballots import (
    BallotForm,
    OpenBallotForm,
    ReplacingBallotForm,
    SecretBallotForm,
)
from agenda.models import Ballot, Decision, Round
from agenda.views.light import languages
from ciforum.people.context import Link
from ciforum.people.models import User
from ciforum.people.requests import MemberRequest
from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from equity.forms import put
from equity.models import Seat


@dataclass(frozen=True)
class Booth:
    """Who votes here, with which seat, and how she came in."""

    request: MemberRequest
    decision: Decision
    round: Round
    seat: Seat
    by: User
    channel: str = "site"
    replaces: bool = False
    crumbs: list[Link] = field(default_factory=list)

    @property
    def current(self) -> Ballot | None:
        """The open ballot that counts for this seat now."""
        if self.decision.secret:
            return None
        return self.round.ballots.effective().filter(seat=self.seat).first()

    @property
    def by_link(self) -> bool:
        return self.channel == "link"


Done = Callable[[Booth, Ballot, bool], HttpResponse]


def vote(booth: Booth, done: Done) -> HttpResponse:
    """The page of the step at hand; `done` answers when an open ballot was cast.

    It gets the ballot, and False where this very form had been sent before with another choice,
    or its ballot was changed since: then nothing was counted now.
    """
    posted = booth.request.method == "POST"
    form, shown = _form(booth, booth.request.POST if posted else None)
    if not posted:
        return _choose(booth, form, shown)
    if not form.is_valid():
        return _choose(booth, form, shown, status=422)
    match booth.request.POST.get("step"):
        case "cast":
            return _cast(booth, form, done)
        case "change":
            return _choose(booth, form, _receipt(form))
    return _review(booth, form)


def context(booth: Booth, **more: Any) -> dict[str, Any]:
    """What every page of the booth shows."""
    frozen = booth.round.paper
    return {
        "booth": booth,
        "frame": "agenda/voices/_light.html" if booth.by_link else "base.html",
        "decision": booth.decision,
        "text": Words(frozen["text"]),
        "purpose": Words(frozen["purpose"]),
        "seat": booth.seat,
        "crumbs": booth.crumbs,
        "languages": languages(booth.request) if booth.by_link else [],
        **more,
    }


# --- the steps


def _form(booth: Booth, data: Any) -> tuple[BallotForm, str]:
    """The form for this ballot, and the receipt to show beside it, if it is a new secret one."""
    common: dict[str, Any] = {"decision": booth.decision, "round": booth.round}
    if not booth.decision.secret:
        current = booth.current
        start = {"key": uuid.uuid4(), "reason": current.reason if current else ""}
        chosen = current.choice if current else None
        return OpenBallotForm(data, initial=start, current=chosen, **common), ""
    if booth.replaces:
        return ReplacingBallotForm(data, **common), ""
    receipt = _shown_before(booth, data) if data else secrecy.new_receipt()
    start = {"receipt": secrecy.sign(receipt, booth.round.uid)}
    return SecretBallotForm(data, initial=start, **common), receipt


def _shown_before(booth: Booth, data: Any) -> str:
    try:
        return secrecy.unsign(data.get("receipt", ""), booth.round.uid)
    except ValidationError:
        return ""


def _choose(booth: Booth, form: BallotForm, receipt: str, status: int = 200) -> HttpResponse:
    page = context(booth, form=form, receipt=secrecy.shown(receipt), last_words=_last_words(booth))
    return render(booth.request, "agenda/voices/ballot.html", page, status=status)


def _last_words(booth: Booth) -> list[heard.WordShown]:
    """What she hears before she votes, as every last word was promised.

    A link opens no recording that is for members: there it says that it has to be heard signed in.
    """
    slug = booth.request.initiative.slug
    said = heard.last_words(booth.round, booth.seat.holder, slug)
    return [_without_voice(each) if booth.by_link else each for each in said]


def _without_voice(each: heard.WordShown) -> heard.WordShown:
    if not each.voice_url or each.said.is_public:
        return each
    return replace(each, voice_url="", note=_("She spoke it. Sign in to hear it."))


def _review(booth: Booth, form: BallotForm) -> HttpResponse:
    page = context(
        booth,
        form=form,
        receipt=secrecy.shown(_receipt(form)),
        lines=answers.in_words(booth.decision, form.labels, form.cleaned_data["choice"]),
        sent=sent(form),
    )
    return render(booth.request, "agenda/voices/ballot_review.html", page)


def _cast(booth: Booth, form: BallotForm, done: Done) -> HttpResponse:
    choice = {"choice": form.cleaned_data["choice"], "reason": form.cleaned_data["reason"]}
    try:
        if booth.decision.secret:
            replaced = booth.decision.cast_in_secret(
                seat=booth.seat, by=booth.by, receipt=_receipt(form), **choice
            )
            # The same page sent once more is no change that she made.
            return _sealed(booth, form, booth.replaces and replaced)
        ballot = booth.decision.cast(
            seat=booth.seat,
            by=booth.by,
            key=form.cleaned_data["key"],
            channel=booth.channel,
            **choice,
        )
    except StateChanged:
        form.add_error(None, _("The vote is not open any more. Nothing was counted just now."))
    except ValidationError as error:
        put(form, error)
    else:
        ballot.refresh_from_db(fields=["is_current"])
        return done(booth, ballot, ballot.is_current and ballot.choice == choice["choice"])
    return _choose(booth, form, _receipt(form), status=409)


def _sealed(booth: Booth, form: BallotForm, replaced: bool) -> HttpResponse:
    """Answers the POST itself: the receipt goes into no session, message or address."""
    page = context(booth, receipt=secrecy.shown(_receipt(form)), replaced=replaced)
    return render(booth.request, "agenda/voices/ballot_sealed.html", page)


def _receipt(form: BallotForm) -> str:
    return form.cleaned_data.get("receipt", "") if form.decision.secret else ""


def sent(form: BallotForm) -> list[tuple[str, str]]:
    """The boxes as they were filled, to be sent once more."""
    return [
        (name, str(form.data.get(form.add_prefix(name), "")))
        for name in form.fields
        if form.data.get(form.add_prefix(name), "") != ""
    ]
