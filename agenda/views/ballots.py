"""The ballot of somebody who is signed in: vote, see what was counted, take it back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from agenda import answers
from agenda.models import Ballot, Decision
from agenda.permissions import may_see_decision
from agenda.views.booth import Booth, context, vote
from agenda.views.tabs import crumbs
from ciforum.people import clock
from ciforum.people.context import Link
from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest, SignedInRequest
from ciforum.people.transitions import StateChanged
from equity.models import Channel, Seat


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def ballot(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Vote with a seat of one's own."""
    decision = find_decision(request, uid)
    own = _own_seats(request, decision)
    may = decision.may_vote_with(request.user)
    if not may:
        return _closed(request, decision, own)
    seat = _chosen(request, may)
    if seat is None:
        return _which(request, decision, may)
    return _in_the_booth(request, decision, seat)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ballot_take_back(request: SignedInRequest, initiative: str, uid: UUID) -> HttpResponse:
    """Take an open ballot back; asks first."""
    decision = find_decision(request, uid)
    cast = _effective(decision, _own_seats(request, decision), request.GET.get("seat"))
    back = reverse("agenda:ballot", args=[initiative, uid])
    if cast is None:
        messages.info(request, _("There is no ballot to take back."))
        return redirect(back)
    if request.method != "POST":
        page = {
            "decision": decision,
            "ballot": cast,
            "lines": lines_of(cast),
            "back": back,
            "crumbs": way(request, decision),
        }
        return render(request, "agenda/voices/ballot_take_back.html", page)
    try:
        decision.take_back_ballot(cast, by=request.user)
    except (StateChanged, ValidationError) as error:
        messages.error(request, error.messages[0] if hasattr(error, "messages") else str(error))
    else:
        messages.success(request, _("Taken back. Your seat can vote until the vote ends."))
    return redirect(back)


@public
@require_safe
def ballot_find(request: MemberRequest, initiative: str, uid: UUID) -> HttpResponse:
    """The list of secret ballots by code. Which one is hers, she finds in her own browser."""
    decision = find_decision(request, uid)
    round = decision.round
    if not decision.secret or round is None or round.counted_at is None:
        raise Http404
    labels = answers.options(round)
    rows = [
        {"code": each.code, "lines": answers.in_words(decision, labels, each.choice), "row": each}
        for each in round.counted_ballots.order_by("code")
    ]
    page = {"decision": decision, "rows": rows, "crumbs": way(request, decision)}
    return render(request, "agenda/voices/ballot_find.html", page)


# --- shared with the other pages of voices


def find_decision(request: MemberRequest, uid: UUID) -> Decision:
    """The decision of this address, for whoever may see it; 404 otherwise."""
    found = get_object_or_404(Decision.objects.for_initiative(request.initiative), uid=uid)
    if not may_see_decision(request.membership, found):
        raise Http404
    return found


def way(request: MemberRequest, decision: Decision) -> list[Link]:
    return crumbs(
        request,
        (_("Decisions"), reverse("agenda:decisions", args=[request.initiative.slug])),
        (str(decision.title), decision.get_absolute_url()),
    )


def lines_of(ballot: Ballot) -> list[str]:
    """What an open ballot says, in lines."""
    return answers.in_words(ballot.decision, answers.options(ballot.round), ballot.choice)


def why_closed(decision: Decision, seats: list[Seat]) -> str:
    """Why nobody votes here now, or none of these seats."""
    round = decision.round
    if decision.state in ("counted", "closed"):
        return _("The vote is over.")
    if decision.state == "withdrawn":
        return _("This decision was withdrawn. Nobody votes on it.")
    if decision.state != "voting" or round is None or round.voting_until is None:
        return _("The vote is not open yet.")
    if clock.now() > round.voting_until:
        return _("The time to vote is over.")
    if not any(each.is_seated() for each in seats):
        return _("This seat has ended or is not taken, so it cannot vote.")
    if decision.recusals().filter(seat__in=seats).exists():
        return _("This seat stands back from this decision, so it does not vote.")
    return _("This seat does not vote here: it did not vote when the vote opened.")


# --- inside


def _own_seats(request: SignedInRequest, decision: Decision) -> list[Seat]:
    """Every seat of the committee that is or was hers. Only seats vote: 403 without one."""
    own = list(decision.committee.seats.held_by(request.user).distinct())
    if not own:
        raise PermissionDenied
    return own


def _chosen(request: SignedInRequest, may: list[Seat]) -> Seat | None:
    """The seat of the address, or her only one. Somebody else's is not found."""
    asked = request.GET.get("seat")
    if asked:
        found = next((each for each in may if str(each.uid) == asked), None)
        if found is None:
            raise Http404
        return found
    return may[0] if len(may) == 1 else None


def _which(request: SignedInRequest, decision: Decision, may: list[Seat]) -> HttpResponse:
    page = {"decision": decision, "seats": may, "crumbs": way(request, decision)}
    return render(request, "agenda/voices/ballot_seats.html", page)


def _closed(request: SignedInRequest, decision: Decision, own: list[Seat]) -> HttpResponse:
    page = {
        "decision": decision,
        "why": why_closed(decision, own),
        "crumbs": way(request, decision),
        "posted": request.method == "POST",
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "agenda/voices/ballot_closed.html", page, status=status)


def _in_the_booth(request: SignedInRequest, decision: Decision, seat: Seat) -> HttpResponse:
    round = decision.round
    if round is None:  # it went back between two looks
        raise StateChanged
    voted = seat.pk in decision.voted_seats()
    booth = Booth(
        request=request,
        decision=decision,
        round=round,
        seat=seat,
        by=request.user,
        replaces=decision.secret and voted and "change" in request.GET,
        crumbs=way(request, decision),
    )
    if request.method != "POST" and voted and "change" not in request.GET:
        return _standing(booth)
    return vote(booth, _open_is_in)


def _standing(booth: Booth) -> HttpResponse:
    """The seat has voted: what is counted for it, and what can be done."""
    cast = booth.current
    page = context(booth, ballot=cast, lines=lines_of(cast) if cast else [])
    if cast:
        page["channel"] = dict(Channel.choices).get(cast.channel, "")
    return render(booth.request, "agenda/voices/ballot_standing.html", page)


def _open_is_in(booth: Booth, cast: Ballot, fresh: bool) -> HttpResponse:
    if fresh:
        messages.success(booth.request, _("Your ballot is in."))
    else:
        messages.warning(
            booth.request,
            _("This page had been sent before, so nothing was changed now. This is what counts."),
        )
    here = reverse("agenda:ballot", args=[booth.request.initiative.slug, booth.decision.uid])
    return redirect(f"{here}?seat={booth.seat.uid}")


def _effective(decision: Decision, own: list[Seat], asked: str | None) -> Ballot | None:
    round = decision.round
    if round is None or decision.secret:
        return None
    cast = round.ballots.effective().filter(seat__in=own).select_related("seat", "round")
    found = [each for each in cast if not asked or str(each.seat.uid) == asked]
    return found[0] if found else None
