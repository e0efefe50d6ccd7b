"""The ballot behind a link in a mail: one seat, one round, without signing in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from agenda import ballot_links, secrecy
from agenda.models import Ballot, Decision, Round
from agenda.views.ballots import lines_of, why_closed
from agenda.views.booth import Booth, context, vote
from agenda.views.light import languages, may_go_on, private_address
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest
from equity.models import Seat


@public
@private_address
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def ballot_link(request: MemberRequest, initiative: str, token: str) -> HttpResponse:
    """Vote with the seat a link was sent to. Opening it changes nothing."""
    opened = ballot_links.read(token)
    known = opened or ballot_links.read(token, max_age=None)
    if known is None:
        raise Http404
    round = get_object_or_404(
        Round.objects.for_initiative(request.initiative).select_related("decision"),
        uid=known.round,
    )
    seat = get_object_or_404(Seat.objects.for_initiative(request.initiative), uid=known.seat)
    if seat.committee_id != round.decision.committee_id:
        raise Http404
    if opened is None:
        return _no_ballot(request, _("This link has run out: it worked for a few days."))
    return _answer(request, round.decision, round, seat)


def _answer(request: MemberRequest, decision: Decision, round: Round, seat: Seat) -> HttpResponse:
    if decision.round != round:
        return _no_ballot(request, _("The text was changed since, or went back to be talked over."))
    if seat not in decision.may_vote_with(seat.holder.user):
        return _no_ballot(request, why_closed(decision, [seat]))
    if seat.pk in decision.voted_seats() and not _sent_again(request, round, seat):
        return _no_ballot(request, _("This seat has voted. To change its ballot, sign in."))
    if request.method == "POST" and not may_go_on(request, "agenda.ballot_link"):
        return _no_ballot(
            request,
            _("Too much came from your connection in a short time. Wait a minute and try again."),
            status=429,
        )
    booth = Booth(
        request=request,
        decision=decision,
        round=round,
        seat=seat,
        by=seat.holder.user,
        channel="link",
    )
    return vote(booth, _is_in)


def _sent_again(request: MemberRequest, round: Round, seat: Seat) -> bool:
    """The same ballot once more: the answer to the first request was lost on its way."""
    if request.method != "POST":
        return False
    if not round.decision.secret:
        return round.ballots.filter(seat=seat, key__in=_uuid(request.POST.get("key"))).exists()
    try:
        receipt = secrecy.unsign(request.POST.get("receipt", ""), round.uid)
    except ValidationError:
        return False
    return round.sealed_ballots.filter(lookup__in=secrecy.lookups(receipt)).exists()


def _is_in(booth: Booth, cast: Ballot, fresh: bool) -> HttpResponse:
    page = context(booth, ballot=cast, lines=lines_of(cast), fresh=fresh)
    return render(booth.request, "agenda/voices/ballot_linked.html", page)


def _no_ballot(request: MemberRequest, why: str, status: int = 410) -> HttpResponse:
    page = {"why": why, "languages": languages(request)}
    return render(request, "agenda/voices/ballot_no_link.html", page, status=status)


def _uuid(text: Any) -> list[UUID]:
    try:
        return [UUID(str(text))]
    except ValueError:
        return []
