"""The last word: seats for lived experience are heard last, each in her channel and language."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from agenda import paper, record
from agenda.heard import Heard, heard, said_digest, seat_numbers
from agenda.models.rounds import ContactTry, LastWord, Round
from agenda.telling import decisions as telling
from ciforum.people import clock
from ciforum.people.models import ChainLink, Membership, StoredFile
from ciforum.people.models.chain import digest
from ciforum.people.transitions import StateChanged, audit, lock, move, verb
from equity.models import Channel, LedgerEntry, Policy, Recusal, Seat, SeatClass, is_resident
from equity.steps import open_voting

if TYPE_CHECKING:
    from agenda.models import Decision
    from ciforum.people.models import User


class Hearing:
    """The last-word stage of a decision."""

    # --- questions

    @property
    def round(self: Decision) -> Round | None:
        """The standing round, from the opening of last word on."""
        return self.rounds.standing().first()

    @property
    def was_sent_back(self: Decision) -> bool:
        """Whether its one send-back is used."""
        return self.rounds.filter(ended_how=Round.End.SENT_BACK).exists()

    def lived_seats(self: Decision) -> list[Seat]:
        """The seats that speak last: seated now, and not standing back from this decision."""
        back = Recusal.objects.filter(about=self.uid).values("seat")
        seats = self.committee.voting().filter(seat_class=SeatClass.LIVED).exclude(pk__in=back)
        return list(seats.select_related("holder__user", "alternate__user", "committee"))

    def hearing(self: Decision) -> list[Heard]:
        """How it stands with each seat for lived experience, in three queries."""
        round = self.round
        if round is None:
            return []
        said = {
            each.seat_id: each
            for each in round.last_words.filter(is_current=True).select_related("seat")
        }
        tries: dict[int, list[ContactTry]] = {}
        for each in telling.with_mail_as_it_went(
            self, round.tries.filter(disputed_at=None).select_related("seat__holder")
        ):
            tries.setdefault(each.seat_id, []).append(each)
        policy = Policy.of(self.initiative)
        return [
            heard(seat, said.get(seat.pk), tries.get(seat.pk, []), policy, self.initiative.zone)
            for seat in self.lived_seats()
        ]

    def unheard_seats(self: Decision) -> list[dict[str, Any]]:
        policy = Policy.of(self.initiative)
        numbers = seat_numbers(self)
        return [
            {
                "seat": numbers[each.seat.pk],
                "why": each.why,
                "tries": each.tries,
                "needed": policy.contact_tries,
                "days": policy.last_word_days,
            }
            for each in self.hearing()
            if each.state == "waiting"
        ]

    def heard_seats(self: Decision) -> dict[str, int]:
        heard = self.hearing()
        return {
            "lived": len(heard),
            "heard": sum(each.state == "spoken" for each in heard),
        }

    def composition(self: Decision) -> dict[str, int]:
        seats = list(self.committee.voting().values_list("seat_class", flat=True))
        return {"seats": len(seats), "lived": sum(each == SeatClass.LIVED for each in seats)}

    def text_unchanged(self: Decision) -> bool:
        round = self.round
        if round is None:
            return False
        return round.paper_digest == digest(round.paper) == paper.fingerprint(self)

    # --- changes

    @verb
    def open_last_word(self: Decision, *, by: User) -> None:
        """Freeze the text; from now on only seats for lived experience add anything.

        Raises ValidationError where the text is not in a seat's language.
        """
        policy = self._lock()
        self._must_be("deliberation")
        seats = self.lived_seats()
        if not seats:
            raise ValidationError(_("No seat for lived experience is taken in this committee."))
        self._must_speak(seats)
        now = clock.now()
        content = paper.content(self)
        days = max(self.last_word_days, policy.last_word_days)
        until = clock.days_on(days, self.initiative.time_zone)
        round = Round.objects.create(
            initiative=self.initiative,
            decision=self,
            number=self.rounds.count() + 1,
            paper=content,
            paper_digest=digest(content),
            opened_at=now,
            until=until,
        )
        move(self, start="deliberation", to="last_word", by=by, acts_at=until)
        telling.last_word_opened(self, seats)
        for seat in seats:
            if seat.channel == Channel.EMAIL:
                self._log(round, seat, by=None, channel=seat.channel, language=seat.language)
        self.initiative.public_changed()
        ChainLink.add(
            self.initiative,
            kind=record.ROUND,
            record_uid=round.uid,
            content=record.round_content(round),
        )

    @verb
    def speak(
        self: Decision,
        *,
        seat: Seat,
        choice: str,
        by: User,
        words: str = "",
        voice: StoredFile | None = None,
        language: str = "",
        is_public: bool = False,
        recorded: bool = False,
        channel: str = "site",
    ) -> LastWord:
        """Give a seat's last word; a second one takes the place of the first.

        With `recorded`, somebody else writes down what she said by phone or on paper; she is told
        and can take it back. A send-back returns the decision to deliberation, once.
        Raises ValidationError or StateChanged.
        """
        self._lock()
        self._must_be("last_word")
        round = self._standing()
        lock(seat)
        self._may_be_heard(seat, by, recorded=recorded, channel=channel)
        if choice == LastWord.Choice.SEND_BACK and self.was_sent_back:
            raise ValidationError(
                _("This decision was sent back once already. You can ask for changes.")
            )
        if (
            choice != LastWord.Choice.PASS
            and choice != LastWord.Choice.SUPPORT
            and not (words.strip() or voice)
        ):
            raise ValidationError({"words": _("Say what should change, in words or by voice.")})
        if recorded and round.last_words.filter(seat=seat, is_current=True).exists():
            raise ValidationError(
                _("Her last word is here. Only she can change it, or take it back.")
            )
        salt = secrets.token_hex(16)
        round.last_words.filter(seat=seat, is_current=True).update(is_current=False)
        said = LastWord(
            initiative=self.initiative,
            round=round,
            seat=seat,
            choice=choice,
            words=words.strip(),
            voice=voice,
            language=language or seat.language,
            is_public=is_public,
            salt=salt,
            digest=said_digest(salt, choice, words.strip(), voice),
            by=seat.holder.user if recorded else by,
            recorded_by=by if recorded else None,
            channel=channel,
            at=clock.now(),
        )
        said.full_clean(exclude=["salt", "voice"])
        said.save()
        audit(self, before=self.state, after="last word given", by=by)
        telling.spoke(self, said)
        if choice == LastWord.Choice.SEND_BACK and not recorded:
            self._end_round(Round.End.SENT_BACK, by=by)
        return said

    @verb
    def confirm(self: Decision, said: LastWord, *, by: Membership) -> None:
        """She, her alternate or another resident stands by what was written down for her, once.

        A send-back that was written down takes effect now, not before: till then she could take
        it back.
        """
        self._lock()
        self._must_be("last_word")
        lock(said)
        if said.round_id != self._standing().pk:
            raise ValidationError(_("That was said in an earlier round."))
        if said.confirmed_by_id or not said.is_current:
            raise StateChanged
        if said.recorded_by_id is None or said.recorded_by_id == by.user_id:
            raise ValidationError(_("Somebody else has to stand by it."))
        if not said.seat.may_speak(by.user) and not is_resident(by):
            raise ValidationError(_("A resident who heard it stands by it, or she herself."))
        LastWord.objects.filter(pk=said.pk).update(confirmed_by=by.user)
        audit(self, before=self.state, after="last word confirmed", by=by.user)
        if said.choice == LastWord.Choice.SEND_BACK:
            self._end_round(Round.End.SENT_BACK, by=by.user)

    @verb
    def take_back_word(self: Decision, said: LastWord, *, by: User) -> None:
        """She takes back her last word; in the vote only what others wrote down in her name.

        That ends the round: the vote opened on words that she did not give. Words that she gave
        or stood by herself cannot end it, or a last word would be a veto without end.
        """
        self._lock()
        self._must_be("last_word", "voting")
        lock(said)
        if said.round_id != self._standing().pk:
            raise ValidationError(_("That was said in an earlier round."))
        if not said.seat.may_speak(by) or not said.is_current:
            raise ValidationError(_("Only she whose last word it is can take it back."))
        if self.state == "voting" and said.was_given_by_her:
            raise ValidationError(_("The vote is open. You can still erase what you said."))
        self._must_not_be_over()
        LastWord.objects.filter(pk=said.pk).update(is_current=False, taken_back_at=clock.now())
        audit(self, before=self.state, after="last word taken back", by=by)
        if self.state == "voting":
            self._end_round(Round.End.EDITED, by=by)

    @verb
    def log_try(
        self: Decision, *, seat: Seat, by: User, channel: str, language: str, delivered: bool
    ) -> ContactTry:
        """Note a try to reach a seat. It goes to the ledger, with channel and time."""
        self._lock()
        self._must_be("last_word")
        if seat.pk not in {each.pk for each in self.lived_seats()}:
            raise ValidationError(_("Choose a seat for lived experience of this committee."))
        if channel not in Channel.values or language not in self.initiative.languages:
            raise ValidationError(_("Choose a channel and a language of the list."))
        return self._log(
            self._standing(), seat, by=by, channel=channel, language=language, delivered=delivered
        )

    @verb
    def dispute_try(self: Decision, tried: ContactTry, *, by: User) -> None:
        """She says that this try did not happen: it no longer counts."""
        self._lock()
        self._must_be("last_word", "voting")
        if tried.round_id != self._standing().pk:
            raise ValidationError(_("That was in an earlier round."))
        if not tried.seat.may_speak(by) or tried.opened:
            raise ValidationError(_("Only she whom it was about can dispute it."))
        ContactTry.objects.filter(pk=tried.pk, disputed_at=None).update(disputed_at=clock.now())
        audit(self, before=self.state, after="try disputed", by=by)

    @verb
    def reach(self: Decision, *, seat: Seat, by: User, language: str) -> None:
        """She opened the text in this language. Noted once; from then on her days count."""
        if self.state != "last_word" or not seat.may_speak(by):
            return
        self._lock()
        round = self.round
        if self.state != "last_word" or round is None or language not in self.text:
            return
        if not round.tries.filter(seat=seat, opened=True, language=language).exists():
            self._log(round, seat, by=by, channel="site", language=language, opened=True)

    @verb
    def erase_word(self: Decision, said: LastWord, *, by: User) -> None:
        """Take words and voice away for good; that something was said, and the choice, stay.

        Safe to ask for twice.
        """
        lock(said)
        if not said.seat.may_speak(by):
            raise ValidationError(_("Only she whose last word it is can erase it."))
        if said.erased_at:
            return
        voice = said.voice
        LastWord.objects.filter(pk=said.pk).update(
            words="", voice=None, salt="", erased_at=clock.now()
        )
        if voice:
            voice.forget()
        audit(self, before=self.state, after="last word erased", by=by)

    @verb
    def recuse(self: Decision, *, seat: Seat, by: User, interest: str) -> None:
        """A seat stands back because of an interest. It leaves the base of the quorum."""
        self._lock()
        self._must_be("draft", "input", "deliberation", "last_word", "voting")
        lock(seat)
        if not seat.may_speak(by) or seat.committee_id != self.committee_id:
            raise ValidationError(_("Only the holder of a seat can stand back with it."))
        self._must_not_be_over()
        if self._has_voted(seat):
            raise ValidationError(_("This seat has voted; it cannot stand back any more."))
        if not interest.strip():
            raise ValidationError({"interest": _("Say which interest. Everybody can read it.")})
        Recusal.objects.get_or_create(
            seat=seat,
            about=self.uid,
            defaults={
                "initiative": self.initiative,
                "interest": interest.strip()[:500],
                "by": by,
                "at": clock.now(),
            },
        )
        audit(self, before=self.state, after="recused", by=by)

    # --- inside

    def _standing(self: Decision) -> Round:
        round = self.round
        if round is None:
            raise ValidationError(_("No last word is open."))
        return round

    def _must_not_be_over(self: Decision) -> None:
        """Nothing moves the count between the end of the vote and the clock that counts it."""
        if self.state != "voting":
            return
        until = self._standing().voting_until
        if until is None or clock.now() > until:
            raise ValidationError(_("The time to vote is over."))

    def _must_speak(self: Decision, seats: Iterable[Seat]) -> None:
        """The text stands in the language of every seat that speaks last."""
        for seat in seats:
            if not self.text.get(seat.language):
                language = get_language_info(seat.language)["name_translated"]
                raise ValidationError(
                    {
                        "text": _("Put the text into %(language)s first: %(seat)s reads it so.")
                        % {"language": language, "seat": seat.public_name}
                    }
                )

    def _may_be_heard(
        self: Decision, seat: Seat, by: User, *, recorded: bool, channel: str
    ) -> None:
        if seat.pk not in {each.pk for each in self.lived_seats()}:
            raise ValidationError(_("The last word belongs to seats for lived experience."))
        if recorded:
            if channel not in ("phone", "letter", "in_person"):
                raise ValidationError(_("Say whether it came by phone, on paper or in person."))
            if not self.may_record(by):
                raise ValidationError(_("Staff or a seat of the committee writes it down."))
        elif not seat.may_speak(by):
            raise ValidationError(_("Only the holder of a seat speaks for it."))

    def may_record(self: Decision, person: User) -> bool:
        """Backbone staff and seats of the committee write down what others say by phone."""
        own = Membership.objects.current().filter(initiative=self.initiative_id, user=person)
        return (
            own.with_role("backbone").exists() or self.committee.seated().held_by(person).exists()
        )

    def may_void(self: Decision, person: User) -> bool:
        """Backbone staff and the seats that speak last may change the text when it is frozen."""
        own = Membership.objects.current().filter(initiative=self.initiative_id, user=person)
        return own.with_role("backbone").exists() or any(
            seat.may_speak(person) for seat in self.lived_seats()
        )

    def _log(
        self: Decision,
        round: Round,
        seat: Seat,
        *,
        by: User | None,
        channel: str,
        language: str,
        delivered: bool = True,
        opened: bool = False,
    ) -> ContactTry:
        tried = ContactTry.objects.create(
            initiative=self.initiative,
            round=round,
            seat=seat,
            channel=channel,
            language=language,
            delivered=delivered,
            opened=opened,
            by=by,
            at=clock.now(),
        )
        params = {
            "seat": seat_numbers(self)[seat.pk],
            "channel": channel,
            "language": language,
            "delivered": delivered,
            "opened": opened,
        }
        LedgerEntry.write(
            kind=LedgerEntry.Kind.TRY,
            gate=open_voting.name,
            record=self,
            answers=[
                {
                    "rule": "last_word",
                    "strategy": 3,
                    "outcome": "noted",
                    "code": "contact_try",
                    "params": params,
                }
            ],
            by=by,
        )
        return tried

    def _end_round(self: Decision, how: str, *, by: User | None) -> None:
        """Void what was said and chosen in the round, tell its authors, go back."""
        round = self._standing()
        told = telling.everyone_heard(round)
        self._void_ballots(round)
        Round.objects.filter(pk=round.pk).update(ended_how=how, ended_at=clock.now(), ended_by=by)
        move(
            self,
            start=("last_word", "voting", "counted"),
            to="deliberation",
            by=by,
            acts_at=None,
            passed_voting=None,
        )
        self.initiative.public_changed()
        telling.sent_back(self, round, how, told)
