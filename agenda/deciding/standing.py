"""Where a decision stands, until when, and the one thing that this reader can do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agenda.deciding import words
from agenda.permissions import may_take_on
from ciforum.people import clock
from equity.models import Seat, SeatClass

if TYPE_CHECKING:
    from agenda.models import Decision, Outcome
    from ciforum.people.models import Membership, User

STATUS = {
    "draft": "neutral",
    "input": "watch",
    "deliberation": "watch",
    "last_word": "watch",
    "voting": "watch",
    "counted": "watch",
    "closed": "ok",
    "withdrawn": "off",
}
ORDER = ("input", "deliberation", "last_word", "voting", "counted", "closed")


@dataclass(frozen=True)
class Step:
    label: str
    state: str
    url: str = ""


@dataclass(frozen=True)
class Action:
    """What this reader can do: a link, a button (`post`), or a greyed one that says why not."""

    label: str
    icon: str
    url: str = ""
    post: bool = False
    why: str = ""


@dataclass(frozen=True)
class Reader:
    """Who reads: what she may do comes from her seats and her roles, asked once per page."""

    member: Membership | None
    takes_on: bool
    seats: list[Seat]
    user: User | None

    @property
    def speaks_last(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.seat_class == SeatClass.LIVED]


def reader(decision: Decision, member: Membership | None) -> Reader:
    """What this member is to this decision; None is somebody signed out."""
    if member is None:
        return Reader(None, False, [], None)
    own = decision.committee.seated().held_by(member.user).distinct()
    seats = list(own.select_related("holder__user", "alternate__user", "committee"))
    seats = [seat for seat in seats if seat.may_speak(member.user)]
    return Reader(member, bool(seats) or may_take_on(member, decision), seats, member.user)


def steps(decision: Decision) -> list[Step]:
    """The way of a decision; before and beside it nothing is current."""
    labels = {
        "input": _("Input"),
        "deliberation": _("Deliberation"),
        "last_word": _("Last word"),
        "voting": pgettext("stage of a decision", "Vote"),
        "counted": _("Counted"),
        "closed": _("Closed"),
    }
    here = ORDER.index(decision.state) if decision.state in ORDER else -1
    return [
        Step(labels[name], _place(place, here, name == "closed"))
        for place, name in enumerate(ORDER)
    ]


def _place(place: int, here: int, is_end: bool) -> str:
    if place < here or (place == here and is_end):
        return "done"
    return "current" if place == here else "todo"


def when(moment: datetime | None, zone: Any) -> str:
    """A moment in the initiative's zone, in the reader's language."""
    return date_format(localtime(moment, zone), "DATETIME_FORMAT") if moment else ""


def until(decision: Decision) -> datetime | None:
    """When the present stage ends by itself, or None where no clock runs."""
    match decision.state:
        case "input":
            return decision.input_until
        case "last_word":
            round = decision.round
            return round.until if round else None
        case "voting":
            return decision.acts_at
    return None


def now(decision: Decision) -> str:
    """What happens now, and until when, in one or two sentences."""
    moment = when(until(decision), decision.initiative.zone)
    match decision.state:
        case "draft":
            return _("A draft that members can read. It becomes public when it opens for input.")
        case "input":
            return _(
                "Until %(moment)s everybody can say what they think. Every input gets a reply."
            ) % {"moment": moment}
        case "deliberation":
            return _back(decision) or _(
                "Members talk it through and settle the text. Then those most affected speak last."
            )
        case "last_word":
            return _last_word(decision, moment)
        case "voting":
            return _(
                "Until %(moment)s the seats of the committee vote. Nobody sees what was chosen "
                "before the votes are counted."
            ) % {"moment": moment}
        case "counted":
            return _counted(decision)
        case "closed":
            return _("Closed on %(day)s. Nothing in it can change any more.") % {
                "day": date_format(
                    localtime(decision.closed_at, decision.initiative.zone), "DATE_FORMAT"
                )
            }
    return _("Withdrawn: %(because)s") % {"because": decision.withdrawn_because}


def _back(decision: Decision) -> str:
    """Why it is in deliberation once more, or "" the first time."""
    last = decision.rounds.exclude(ended_how="").order_by("number").last()
    if last is None:
        return ""
    return {
        "sent_back": _("A last word sent it back. The text is open again, for everybody to see."),
        "edited": _(
            "The text was changed, so last words and ballots given to the former text count no "
            "more. The seats are asked again."
        ),
        "no_quorum": _("Too few voted. It is talked through again, and voted on again."),
    }[last.ended_how]


def _last_word(decision: Decision, moment: str) -> str:
    if (end := until(decision)) and end > clock.now():
        return _(
            "The text is settled. Until %(moment)s the seats for lived experience speak, and "
            "nobody else adds anything."
        ) % {"moment": moment}
    return _("The time for the last word is over. The vote opens as soon as every rule is met.")


def _counted(decision: Decision) -> str:
    if decision.counted().outcome == "no quorum":
        return _("The votes are counted, and too few were given. It goes back, or is withdrawn.")
    return _("The votes are counted. Reasons and replies are being written; then it is closed.")


# --- the one thing to do


def action(decision: Decision, who: Reader) -> Action | None:
    """The main action for this reader now; greyed where it belongs to somebody else."""
    match decision.state:
        case "draft":
            return _draft(decision, who)
        case "input":
            return _input(decision, who)
        case "deliberation":
            return _deliberation(decision, who)
        case "last_word":
            return _speak(decision, who)
        case "voting":
            return _vote(decision, who)
        case "counted":
            return _finish(decision, who)
        case "closed":
            return _after(decision, who)
    return None


def url(decision: Decision, name: str, *more: Any) -> str:
    return reverse(f"agenda:{name}", args=[decision.initiative.slug, decision.uid, *more])


def _draft(decision: Decision, who: Reader) -> Action:
    if who.takes_on:
        opening = url(decision, "decision_open_input")
        return Action(_("Open it for input"), "megaphone", opening, post=True)
    if who.user and who.user.pk == decision.proposed_by_id:
        return Action(_("Go on writing"), "pencil", url(decision, "decision_edit"))
    return Action(_("Open it for input"), "megaphone", why=_takers())


def _takers() -> str:
    return _("Backbone staff or a seat of the committee take it on.")


def _input(decision: Decision, who: Reader) -> Action:
    if who.member is None:
        return Action(_("Sign in to say what you think"), "log-in", _sign_in(decision))
    return Action(_("Say what you think"), "messages-square", url(decision, "decision_input"))


def _sign_in(decision: Decision) -> str:
    query = urlencode({"next": decision.get_absolute_url()})
    return f"{resolve_url(settings.LOGIN_URL)}?{query}"


def _deliberation(decision: Decision, who: Reader) -> Action:
    if who.takes_on:
        opening = url(decision, "decision_open_last_word")
        return Action(_("Open the last word"), "quote", opening, post=True)
    if who.member:
        return Action(_("Join the talk"), "messages-square", url(decision, "decision_input"))
    return Action(_("Open the last word"), "quote", why=_takers())


def _speak(decision: Decision, who: Reader) -> Action:
    round = decision.round
    if who.speaks_last and round:
        spoken = set(round.last_words.filter(is_current=True).values_list("seat", flat=True))
        page = url(decision, "decision_last_word")
        if any(seat.pk not in spoken for seat in who.speaks_last):
            return Action(_("Speak last"), "quote", page)
        if not who.takes_on:
            return Action(_("See your last word"), "quote", page)
    if who.takes_on:
        return Action(_("Open the vote"), "vote", url(decision, "decision_open_voting"), post=True)
    why = _("Only the seats for lived experience of this committee speak now.")
    return Action(_("Speak last"), "quote", why=why)


def _vote(decision: Decision, who: Reader) -> Action:
    if who.user and (mine := decision.may_vote_with(who.user)):
        voted = decision.voted_seats()
        if any(seat.pk not in voted for seat in mine):
            return Action(_("Vote"), "vote", url(decision, "ballot"))
        return Action(_("Change your ballot"), "vote", url(decision, "ballot"))
    if who.seats:
        return Action(_("Vote"), "vote", why=_("Your seat does not vote on this decision."))
    return Action(_("Vote"), "vote", why=_("Only the seats of the committee vote."))


def _finish(decision: Decision, who: Reader) -> Action | None:
    if not who.takes_on:
        return Action(_("Close it"), "gavel", why=_takers())
    if decision.counted().outcome == "no quorum":
        return Action(_("Decide again"), "undo-2", url(decision, "decision_again"), post=True)
    if not decision.reasons_written():
        return Action(_("Write the reasons"), "pencil", url(decision, "decision_reasons"))
    if decision.unanswered_inputs():
        return Action(_("Write the replies"), "messages-square", url(decision, "decision_inputs"))
    return Action(_("Close it"), "gavel", url(decision, "decision_close"), post=True)


def _after(decision: Decision, who: Reader) -> Action | None:
    own = {seat.pk: seat for seat in who.seats}
    owed = decision.answers.filter(seat__in=own, answer="").first() if own else None
    if owed:
        follow = url(decision, "decision_follow", own[owed.seat_id].uid)
        return Action(_("Answer this decision"), "handshake", follow)
    if decision.counted().effect_state == "held" and who.takes_on:
        return Action(_("Try again"), "refresh-cw", url(decision, "decision_retry"), post=True)
    if is_due_for_review(decision) and who.takes_on:
        return Action(_("Look at it again"), "calendar", url(decision, "decision_review"))
    return None


def is_due_for_review(decision: Decision) -> bool:
    today = localtime(clock.now(), decision.initiative.zone).date()
    return bool(decision.review_on and decision.reviewed_at is None and decision.review_on <= today)


def voted_sentence(voted: set[int], electors: int) -> str:
    """While the vote is open: how many have voted."""
    return words.seats_voted(len(voted), electors)


# --- what else may be done


def may_withdraw(decision: Decision, outcome: Outcome | None) -> bool:
    """As `Decision.withdraw` asks."""
    if decision.state in ("draft", "input", "deliberation"):
        return True
    return decision.state == "counted" and outcome is not None and outcome.outcome == "no quorum"


def may_stand_back(decision: Decision, seats: Iterable[Seat]) -> list[Seat]:
    """Those of her seats with which she can still stand back from it."""
    if decision.state in ("counted", "closed", "withdrawn"):
        return []
    gone = set(decision.recusals().values_list("seat", flat=True))
    if decision.state == "voting":
        gone |= decision.voted_seats()
    return [seat for seat in seats if seat.pk not in gone]


@dataclass(frozen=True)
class Voids:
    """What a change of the paper would void now; nothing before the last word."""

    last_words: int
    ballots: int

    @property
    def mark(self) -> str:
        return f"{self.last_words}/{self.ballots}"


def voids(decision: Decision) -> Voids | None:
    """None while a change voids nothing."""
    round = decision.round
    if decision.state not in ("last_word", "voting") or round is None:
        return None
    said = round.last_words.filter(is_current=True).count()
    return Voids(said, len(decision.voted_seats()) if decision.state == "voting" else 0)
