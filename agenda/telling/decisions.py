"""Who hears of a decision's stages, and what they give to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from agenda import ballot_links
from ciforum.people import clock, registry
from ciforum.people.duties import owe, settle
from ciforum.people.models import Duty, Initiative, Membership, Notice, Role, User
from ciforum.people.notices import notify_all
from ciforum.people.words import Words

if TYPE_CHECKING:
    from agenda.models import (
        Ballot,
        ContactTry,
        Decision,
        Input,
        LastWord,
        Outcome,
        Round,
    )
    from equity.models import Seat

SPEAK, VOTE, FOLLOW = "decision.speak", "decision.vote", "decision.follow"
PREPARE, FINISH, UNHEARD = "decision.prepare", "decision.finish", "decision.unheard"
REVIEW = "decision.review"


# --- what happened


def input_opened(decision: Decision) -> None:
    """Everybody who belongs here may say something."""
    _tell_all(decision, {each.user for each in _everybody(decision)}, "decision.input_opened")


def input_ended(decision: Decision) -> None:
    for member in _staff(decision):
        owe(member, PREPARE, about=decision.uid, dedup_key=_round_key(decision), **_about(decision))


def last_word_opened(decision: Decision, seats: Iterable[Seat]) -> None:
    settle(decision.uid, PREPARE)
    round = decision.round
    for seat in seats:
        for member in _of(seat):
            owe(
                member,
                SPEAK,
                about=decision.uid,
                dedup_key=f"{_round_key(decision)}:{seat.uid}",
                due=round.until if round else None,
                **_about(decision),
            )
            _tell(decision, member.user, SPEAK, key=_round_key(decision))


def with_mail_as_it_went(decision: Decision, tries: Iterable[ContactTry]) -> list[ContactTry]:
    """The tries, where those that the site made by mail count from when the mail went out.

    A mail that still waits, or that could not be sent, has reached nobody and is left out.
    """
    mails = Notice.objects.filter(about=decision.uid, kind=SPEAK).exclude(sent_at=None)
    key = f"{SPEAK}:{decision.uid}:{_round_key(decision)}"
    sent = dict(mails.filter(dedup_key=key).values_list("to", "sent_at"))
    counted = []
    for each in tries:
        if each.by_id is None and not each.opened:
            went_out = sent.get(each.seat.holder.user_id)
            if went_out is None:
                continue
            each.at = went_out
        counted.append(each)
    return counted


def spoke(decision: Decision, said: LastWord) -> None:
    _done(decision, said.seat, SPEAK)
    if said.recorded_by_id:
        for member in _of(said.seat):
            _tell(decision, member.user, "decision.word_recorded", key=str(said.uid))


def voting_opened(decision: Decision) -> None:
    settle(decision.uid, SPEAK, UNHEARD)
    round = decision.round
    if round is None:
        return
    for elector in round.electors.select_related("seat__holder__user", "seat__alternate__user"):
        for member in _of(elector.seat):
            owe(
                member,
                VOTE,
                about=decision.uid,
                dedup_key=f"{_round_key(decision)}:{elector.seat.uid}",
                due=round.voting_until,
                **_about(decision),
            )
        _tell(
            decision,
            elector.seat.holder.user,
            VOTE,
            key=f"{_round_key(decision)}:{elector.seat.uid}",
            seat=str(elector.seat.uid),
            round=str(round.uid),
        )


def vote_held(decision: Decision) -> None:
    """The last word is over and a rule holds the vote: staff look at it."""
    for member in _staff(decision):
        owe(member, UNHEARD, about=decision.uid, dedup_key=_round_key(decision), **_about(decision))


def remind(decision: Decision, seats: Iterable[Seat]) -> None:
    """The vote ends soon and these have not voted; once per round."""
    round = decision.round
    for seat in seats:
        _tell(
            decision,
            seat.holder.user,
            "decision.vote_ends",
            key=f"{_round_key(decision)}:{seat.uid}",
            seat=str(seat.uid),
            round=str(round.uid) if round else "",
        )


def voted(decision: Decision, seat: Seat, ballot: Ballot | None) -> None:
    _done(decision, seat, VOTE)
    if ballot is not None and ballot.recorded_by_id:
        for member in _of(seat):
            _tell(decision, member.user, "decision.ballot_recorded", key=str(ballot.uid))


def voted_in_secret(decision: Decision, seat: Seat) -> None:
    """It is no longer owed; the row goes, for the time it was done would be one too many."""
    Duty.objects.filter(
        about=decision.uid, dedup_key=f"{VOTE}:{_round_key(decision)}:{seat.uid}"
    ).delete()


def everyone_heard(round: Round) -> list[User]:
    """Those whose last word or ballot a change of the text voids."""
    people: dict[int, User] = {}
    for said in round.last_words.filter(is_current=True).select_related("by"):
        people[said.by.pk] = said.by
    for ballot in round.ballots.filter(is_current=True).select_related("by"):
        people[ballot.by.pk] = ballot.by
    for row in round.voted.select_related("seat__holder__user"):
        people[row.seat.holder.user.pk] = row.seat.holder.user
    return list(people.values())


def sent_back(decision: Decision, round: Round, how: str, told: Iterable[User]) -> None:
    settle(decision.uid, SPEAK, VOTE, UNHEARD, FINISH)
    _tell_all(decision, told, f"decision.{how}", key=str(round.uid))
    for member in _staff(decision):
        owe(member, PREPARE, about=decision.uid, dedup_key=str(round.uid), **_about(decision))
        _tell(decision, member.user, f"decision.{how}", key=str(round.uid))


def counted(decision: Decision, outcome: Outcome) -> None:
    settle(decision.uid, VOTE)
    for member in _staff(decision):
        owe(member, FINISH, about=decision.uid, dedup_key=_round_key(decision), **_about(decision))
    _tell_all(decision, _seated(decision), "decision.counted", key=str(outcome.uid))


def closed(decision: Decision, outcome: Outcome) -> None:
    settle(decision.uid, FINISH)
    people = {person.pk: person for person in _seated(decision)}
    for said in decision.inputs.exclude(author=None).select_related("author"):
        people[said.author.pk] = said.author
    _tell_all(decision, people.values(), "decision.closed")
    if decision.review_on:
        due = clock.end_of_day(decision.review_on, decision.initiative.time_zone)
        for member in _staff(decision):
            owe(member, REVIEW, about=decision.uid, due=due, **_about(decision))
    for answer in decision.answers.select_related("seat__holder__user", "seat__alternate__user"):
        for member in _of(answer.seat):
            owe(
                member,
                FOLLOW,
                about=decision.uid,
                dedup_key=f"{decision.uid}:{answer.seat.uid}",
                due=answer.due,
                **_about(decision),
            )
            _tell(decision, member.user, FOLLOW, key=f"{decision.uid}:{answer.seat.uid}")


def reviewed(decision: Decision) -> None:
    settle(decision.uid, REVIEW)


def withdrawn(decision: Decision) -> None:
    settle(decision.uid, PREPARE, FINISH)
    for said in decision.inputs.exclude(author=None).select_related("author"):
        _tell(decision, said.author, "decision.withdrawn")


def replied(said: Input) -> None:
    if said.author is not None:
        _tell(said.decision, said.author, "decision.replied", key=str(said.uid))


def followed(decision: Decision, seat: Seat) -> None:
    _done(decision, seat, FOLLOW)


# --- to whom


def _everybody(decision: Decision) -> Iterable[Membership]:
    own = Membership.objects.for_initiative(decision.initiative).current()
    return own.select_related("user")


def _staff(decision: Decision) -> Iterable[Membership]:
    return [each for each in _everybody(decision) if each.has(Role.BACKBONE)]


def _seated(decision: Decision) -> list[User]:
    seats = decision.committee.seated().select_related("holder__user")
    return [each.holder.user for each in seats]


def _of(seat: Seat) -> list[Membership]:
    """Its holder and its alternate."""
    return [seat.holder, *([seat.alternate] if seat.alternate else [])]


def _done(decision: Decision, seat: Seat, kind: str) -> None:
    """It is done for this seat, whoever of the two did it; other seats still owe theirs."""
    key = f"{kind}:{_round_key(decision)}:{seat.uid}"
    if kind == FOLLOW:
        key = f"{kind}:{decision.uid}:{seat.uid}"
    Duty.objects.filter(about=decision.uid, dedup_key=key, done_at=None).update(done_at=clock.now())


def _round_key(decision: Decision) -> str:
    round = decision.round
    return str(round.uid) if round else f"{decision.uid}:{decision.rounds.count()}"


def _about(decision: Decision) -> dict[str, Any]:
    return {"uid": str(decision.uid), "title": dict(decision.title)}


def _tell(decision: Decision, to: User, kind: str, *, key: str = "", **more: Any) -> None:
    _tell_all(decision, [to], kind, key=key, **more)


def _tell_all(
    decision: Decision, people: Iterable[User], kind: str, *, key: str = "", **more: Any
) -> None:
    notify_all(
        people,
        kind,
        initiative=decision.initiative,
        dedup_key=f"{decision.uid}:{key}",
        about=decision.uid,
        **{**_about(decision), **more},
    )


# --- in words


def _filled(sentence: str, params: dict[str, Any]) -> str:
    return sentence % {"decision": Words(params["title"])}


def _to(name: str) -> Callable[[Initiative, dict[str, Any]], str]:
    return lambda initiative, params: reverse(name, args=[initiative.slug, params["uid"]])


def _ballot_url(initiative: Initiative, params: dict[str, Any]) -> str:
    """One tap to the ballot: a link for this seat and this round, for a few days."""
    token = ballot_links.token(seat=params["seat"], round=params["round"])
    return reverse("agenda:ballot_link", args=[initiative.slug, token])


def register() -> None:
    """Fill the ground's tables of notices and duties; called once at start-up."""
    page, ballot, word = (
        _to("agenda:decision"),
        _ballot_url,
        _to("agenda:decision_last_word"),
    )
    for kind, subject, body, url in (
        (
            "decision.input_opened",
            gettext_lazy("What do you think of “%(decision)s”?"),
            gettext_lazy("“%(decision)s” is open for input. Every input gets a reply."),
            page,
        ),
        (
            SPEAK,
            gettext_lazy("Your last word on “%(decision)s”"),
            gettext_lazy(
                "The text of “%(decision)s” is settled. Before anybody votes, you speak last: "
                "support it, ask for changes, send it back, or pass."
            ),
            word,
        ),
        (
            "decision.word_recorded",
            gettext_lazy("A last word was written down for you: “%(decision)s”"),
            gettext_lazy(
                "Somebody wrote down your last word on “%(decision)s”. Look at it: you can stand "
                "by it or take it back."
            ),
            word,
        ),
        (
            VOTE,
            gettext_lazy("The vote is open: “%(decision)s”"),
            gettext_lazy(
                "You can vote on “%(decision)s” now. The link is for your seat alone and works for "
                "a few days; later, sign in."
            ),
            ballot,
        ),
        (
            "decision.vote_ends",
            gettext_lazy("The vote ends soon: “%(decision)s”"),
            gettext_lazy("Your seat has not voted on “%(decision)s” yet."),
            ballot,
        ),
        (
            "decision.ballot_recorded",
            gettext_lazy("A ballot was written down for you: “%(decision)s”"),
            gettext_lazy(
                "Somebody wrote down your ballot on “%(decision)s”. If it is not what you said, "
                "take it back before the vote ends."
            ),
            _to("agenda:ballot"),
        ),
        (
            "decision.sent_back",
            gettext_lazy("Sent back: “%(decision)s”"),
            gettext_lazy(
                "A last word sent “%(decision)s” back. It is in deliberation again; last words of "
                "this round are kept and count no more."
            ),
            page,
        ),
        (
            "decision.edited",
            gettext_lazy("The text changed: “%(decision)s”"),
            gettext_lazy(
                "The text of “%(decision)s” was changed, so last words and ballots given to the "
                "former text count no more. You will be asked again."
            ),
            page,
        ),
        (
            "decision.no_quorum",
            gettext_lazy("Too few voted: “%(decision)s”"),
            gettext_lazy("“%(decision)s” goes back to deliberation, and will be voted on again."),
            page,
        ),
        (
            "decision.counted",
            gettext_lazy("The votes are counted: “%(decision)s”"),
            gettext_lazy("See how the vote on “%(decision)s” came out, by class and as a whole."),
            page,
        ),
        (
            "decision.closed",
            gettext_lazy("Decided: “%(decision)s”"),
            gettext_lazy(
                "“%(decision)s” is closed. Read the reasons and the replies to every input."
            ),
            page,
        ),
        (
            "decision.withdrawn",
            gettext_lazy("Withdrawn: “%(decision)s”"),
            gettext_lazy("“%(decision)s” will not be decided. The reason stands on its page."),
            page,
        ),
        (
            "decision.replied",
            gettext_lazy("A reply to what you said on “%(decision)s”"),
            gettext_lazy("Somebody answered what you said on “%(decision)s”."),
            page,
        ),
        (
            FOLLOW,
            gettext_lazy("Your answer to “%(decision)s”"),
            gettext_lazy(
                "“%(decision)s” was decided. Answer by its date: “will do”, or “cannot, because”."
            ),
            page,
        ),
    ):
        _add_notice(kind, subject, body, url)
    for kind, sentence, url, action, icon in (
        (
            SPEAK,
            gettext_lazy("Give your last word on “%(decision)s”."),
            word,
            gettext_lazy("Speak last"),
            "quote",
        ),
        (
            VOTE,
            gettext_lazy("Vote on “%(decision)s”."),
            _to("agenda:ballot"),
            gettext_lazy("Vote"),
            "vote",
        ),
        (
            FOLLOW,
            gettext_lazy("Answer the decision “%(decision)s”."),
            page,
            gettext_lazy("Answer"),
            "handshake",
        ),
        (
            PREPARE,
            gettext_lazy("Take “%(decision)s” through deliberation to its last word."),
            page,
            gettext_lazy("Go on"),
            "messages-square",
        ),
        (
            UNHEARD,
            gettext_lazy("The vote on “%(decision)s” is held. See what is missing."),
            page,
            gettext_lazy("See it"),
            "hand",
        ),
        (
            REVIEW,
            gettext_lazy("Look again at “%(decision)s”, as was agreed."),
            page,
            gettext_lazy("Look at it"),
            "calendar",
        ),
        (
            FINISH,
            gettext_lazy("Write the reasons and replies for “%(decision)s”, and close it."),
            page,
            gettext_lazy("Close it"),
            "gavel",
        ),
    ):
        _add_duty(kind, sentence, url, action, icon)


def _add_notice(kind: str, subject: Any, body: Any, url: Any) -> None:
    registry.notices.add(
        kind,
        registry.NoticeKind(
            lambda params: _filled(str(subject), params),
            lambda params: _filled(str(body), params),
            url,
        ),
    )


def _add_duty(kind: str, sentence: Any, url: Any, action: Any, icon: str) -> None:
    registry.duties.add(
        kind,
        registry.DutyKind(lambda params: _filled(str(sentence), params), url, action, icon),
    )
