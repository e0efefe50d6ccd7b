"""What people said to a decision, as far as this reader may read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf.locale import LANG_INFO
from django.urls import reverse
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from agenda.models import ContactTry, Input, LastWord
from equity.decision_sentences import CHANNELS
from equity.models import Policy, Seat, is_resident

if TYPE_CHECKING:
    from agenda.deciding.standing import Reader
    from agenda.heard import Heard
    from agenda.models import Decision, Round
    from ciforum.people.models import Membership


@dataclass(frozen=True)
class InputShown:
    """One input with its reply; `words` is empty where its author erased it."""

    said: Input
    who: str
    language: str

    @property
    def is_erased(self) -> bool:
        return self.said.erased_at is not None


@dataclass(frozen=True)
class WordShown:
    """One last word. `choice` and `words` are empty where this reader may not read them."""

    said: LastWord
    who: str
    choice: str
    words: str
    voice_url: str
    note: str
    language: str


@dataclass(frozen=True)
class SeatShown:
    """A seat in the last word, as those who reach it see it."""

    seat: Seat
    state: str  # for _status.html
    status: str
    sentence: str
    reached_at: datetime | None
    wishes: str
    tries: list[TryShown]
    said: LastWord | None
    may_confirm: bool
    is_mine: bool


@dataclass(frozen=True)
class TryShown:
    tried: ContactTry
    sentence: str
    may_dispute: bool


def inputs(decision: Decision, member: Membership | None, stage: str) -> list[InputShown]:
    """What was said in one stage, in the order it came. Names of members are for members."""
    rows = decision.inputs.filter(stage=stage).select_related("author", "link")
    return [InputShown(each, _author(each, member), tongue(each.language)) for each in rows]


def _author(said: Input, member: Membership | None) -> str:
    if said.erased_at:
        return _("Somebody")
    if said.author is not None:
        return (said.author.name if member else "") or _("A member")
    return said.name or _("Somebody, through a link")


def tongue(language: str) -> str:
    """A language code in words; what is no code, as it was typed."""
    return get_language_info(language)["name_translated"] if language in LANG_INFO else language


def last_words(round: Round | None, member: Membership | None, slug: str) -> list[WordShown]:
    """The last words of a round as allowed: to the public only those that are public."""
    if round is None:
        return []
    rows = round.last_words.filter(is_current=True)
    return [
        _word(each, member, slug) for each in rows.select_related("seat__holder__user", "voice")
    ]


def _word(said: LastWord, member: Membership | None, slug: str) -> WordShown:
    open_to_her = member is not None or said.is_public
    voice = ""
    if open_to_her and said.voice_id:
        decision = said.round.decision
        voice = reverse("agenda:last_word_voice", args=[slug, decision.uid, said.uid])
    return WordShown(
        said=said,
        who=said.seat.public_name,
        choice=str(said.get_choice_display()) if member is not None else "",
        words=said.words if open_to_her else "",
        voice_url=voice,
        note=_note(said, open_to_her),
        language=tongue(said.language) if open_to_her else "",
    )


def _note(said: LastWord, open_to_her: bool) -> str:
    if said.erased_at:
        return _("She erased her words. That she spoke stays.")
    if not open_to_her:
        return _("A last word was given.")
    if said.recorded_by_id and not said.confirmed_by_id:
        return _("Written down for her; nobody has confirmed it yet.")
    if said.recorded_by_id:
        return _("Written down for her, and confirmed.")
    return ""


# --- for those who reach the seats


def seats(decision: Decision, who: Reader) -> list[SeatShown]:
    """Each seat for lived experience: state, what is missing, and every try to reach it."""
    round, policy = decision.round, Policy.of(decision.initiative)
    if round is None:
        return []
    tries: dict[int, list[ContactTry]] = {}
    for each in round.tries.select_related("by"):
        tries.setdefault(each.seat_id, []).append(each)
    resident = who.member is not None and is_resident(who.member)
    mine = {seat.pk for seat in who.seats}
    return [
        _seat(heard, tries.get(heard.seat.pk, []), policy, who, heard.seat.pk in mine, resident)
        for heard in decision.hearing()
    ]


def _seat(
    heard: Heard,
    tries: list[ContactTry],
    policy: Policy,
    who: Reader,
    is_mine: bool,
    resident: bool,
) -> SeatShown:
    seat, said = heard.seat, heard.last_word
    state, status = _state(heard)
    waits = said is not None and not said.is_hers
    recorder = said.recorded_by_id if said else None
    me = who.user.pk if who.user else None
    return SeatShown(
        seat=seat,
        state=state,
        status=status,
        sentence=missing(heard, policy),
        reached_at=heard.reached_at,
        wishes=wishes(seat),
        tries=[_tried(each, is_mine) for each in tries],
        said=said,
        may_confirm=waits and recorder != me and (is_mine or resident),
        is_mine=is_mine,
    )


def wishes(seat: Seat) -> str:
    """How she wants to be reached: "by phone, in Spanish"."""
    return _("%(channel)s, in %(language)s") % {
        "channel": CHANNELS.get(seat.channel, seat.channel),
        "language": tongue(seat.language),
    }


def _state(heard: Heard) -> tuple[str, str]:
    if heard.state == "spoken":
        passed = heard.last_word is not None and heard.last_word.choice == "pass"
        return "ok", _("Passed") if passed else _("Has spoken")
    if heard.state == "lapsed":
        return "neutral", _("Her time is over")
    return "watch", _("Waited for")


def missing(heard: Heard, policy: Policy) -> str:
    """What is missing for this seat, in a sentence; "" where nothing is."""
    if heard.state == "spoken":
        return ""
    if heard.state == "lapsed":
        return _(
            "She was tried often enough and her days are over. The vote need not wait for her."
        )
    match heard.why:
        case "not_confirmed":
            return _(
                "What was written down for her needs her own word, or that of another resident."
            )
        case "not_reached":
            return _("The text has not reached her in her language.")
        case "tries":
            return ngettext(
                "Tried in her channel and language on %(tries)s day; it takes %(needed)s days.",
                "Tried in her channel and language on %(tries)s days; it takes %(needed)s days.",
                heard.tries,
            ) % {"tries": heard.tries, "needed": policy.contact_tries}
    return _("She has %(days)s days from when the text reached her.") % {
        "days": policy.last_word_days
    }


def _tried(tried: ContactTry, is_mine: bool) -> TryShown:
    return TryShown(
        tried,
        _try_sentence(tried),
        is_mine and not tried.opened and tried.disputed_at is None,
    )


def _try_sentence(tried: ContactTry) -> str:
    params: dict[str, Any] = {
        "channel": CHANNELS.get(tried.channel, tried.channel),
        "language": tongue(tried.language),
    }
    if tried.opened:
        return _("She opened the text on this site, in %(language)s.") % params
    if tried.delivered:
        return _("The text was brought to her %(channel)s, in %(language)s.") % params
    return _("She was tried %(channel)s, in %(language)s; the text did not reach her.") % params
