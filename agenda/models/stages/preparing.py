"""From the draft to the end of deliberation: what is proposed, to whom, and who was asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda import shares
from agenda.telling import decisions as telling
from ciforum.people import clock, registry
from ciforum.people.models import Citable, Citation, Membership
from ciforum.people.transitions import StateChanged, audit, lock, move, verb
from ciforum.people.words import Words
from equity.models import Committee, Group, Policy, Seat, SeatClass
from equity.steps import open_input

if TYPE_CHECKING:
    from agenda.models import Decision
    from ciforum.people.models import User

DECIDED = gettext_lazy("It is decided and can no longer be changed.")

# Whoever may still change the text without voiding anything.
OPEN_STATES = ("draft", "input", "deliberation")


class Preparing:
    """The first stages of a decision."""

    # --- questions

    def missing_basics(self: Decision) -> list[str]:
        missing = [name for name in ("purpose", "can_change", "text") if not getattr(self, name)]
        if self.asks_for_options and self.options.count() < 2:
            missing.append("options")
        if self.input_until is None:
            missing.append("until")
        return missing

    @property
    def asks_for_options(self: Decision) -> bool:
        return self.method in ("irv", "schulze", "score", "dot")

    def affected_groups(self: Decision) -> int:
        return self.affected.count()

    def unasked_groups(self: Decision) -> list[dict[str, str]]:
        seated = set(self.committee.seated().values_list("group", flat=True))
        return [
            dict(each.group.name)
            for each in self.affected.select_related("group")
            if each.group_id not in seated and not each.asked_how
        ]

    def days_of_input(self: Decision) -> int:
        """Whole days for which it was open for input."""
        if self.input_opened_at is None:
            return 0
        return ((self.input_ended_at or clock.now()) - self.input_opened_at).days

    # --- changes

    @classmethod
    @verb
    def propose(
        cls: Any, *, committee: Committee, title: Words, by: Membership, **fields: Any
    ) -> Decision:
        """Begin a draft, as any member may. Raises ValidationError."""
        lock(Policy.of(committee.initiative))  # two drafts at once take two numbers
        last = cls.objects.for_initiative(committee.initiative).aggregate(
            last=models.Max("number")
        )["last"]
        decision = cls(
            initiative=committee.initiative,
            committee=committee,
            number=(last or 0) + 1,
            title=title,
            proposed_by=by.user,
            proposed_class=_class_of(committee, by),
            created_at=clock.now(),
        )
        decision._set(fields)
        decision.save()
        audit(decision, before="", after=decision.State.DRAFT, by=by.user)
        return decision

    @verb
    def describe(
        self: Decision,
        *,
        by: User,
        options: Iterable[tuple[str, Words]] | None = None,
        groups: Mapping[Group, Words] | None = None,
        **fields: Any,
    ) -> None:
        """Change the paper: its words, rules, options and groups. Raises ValidationError.

        From the last word on, this voids every last word and ballot, tells their authors and
        returns the decision to deliberation; dates beside the paper, and what is the same as
        before, void nothing.
        """
        self._lock()
        options = list(options) if options is not None else None
        if self._changes_paper(fields, options, groups):
            self._unfreeze(by)
        elif self.state not in (*OPEN_STATES, "last_word", "voting"):
            raise ValidationError(DECIDED)
        carried = (self.effect, self.effect_params)
        if (fields.get("effect", carried[0]), fields.get("effect_params", carried[1])) != carried:
            self._release_subject()
        self._set(fields)
        self.save()
        if self.is_public and (self.effect, self.effect_params) != carried:
            self._freeze_subject()
        if options is not None and options != self._options():
            self._replace_options(options)
        if groups is not None and groups != self._groups():
            self._replace_groups(groups)
        audit(self, before=self.state, after="described", by=by)

    @verb
    def cite(self: Decision, citable: Citable, *, by: User, note: str = "", **detail: Any) -> None:
        """Add evidence to the pack. As every change of the paper, it voids what was said of it."""
        self._lock()
        self._unfreeze(by)
        Citation.cite(self, citable, by=by, note=note, detail=detail)
        audit(self, before=self.state, after="evidence added", by=by)

    @verb
    def uncite(self: Decision, citation: Citation, *, by: User) -> None:
        """Take evidence out of the pack."""
        self._lock()
        self._unfreeze(by)
        Citation.objects.of(self).filter(pk=citation.pk).delete()
        audit(self, before=self.state, after="evidence removed", by=by)

    @verb
    def open_input(self: Decision, *, by: User) -> None:
        """Let everybody see it and say what they think. Raises GateClosed or StateChanged."""
        policy = self._lock()
        self._must_be("draft")
        earliest = clock.now() + timedelta(days=policy.input_days)
        if self.input_until is not None and self.input_until < earliest:
            raise ValidationError(
                {
                    "input_until": _("Input stays open for at least %(days)s days.")
                    % {"days": policy.input_days}
                }
            )
        entry = open_input.require(self, by=by)
        move(
            self,
            start="draft",
            to="input",
            by=by,
            passed_input=entry,
            input_opened_at=clock.now(),
        )
        self._freeze_subject()
        self.initiative.public_changed()
        telling.input_opened(self)

    @verb
    def end_input(self: Decision, *, by: User | None = None) -> None:
        """Go on to deliberation when the time for input is over: the clock does this."""
        self._lock()
        self._must_be("input")
        if self.input_until is None or self.input_until > clock.now():
            raise ValidationError(_("Input is still open; it ends by itself."))
        move(self, start="input", to="deliberation", by=by, input_ended_at=self.input_until)
        self.initiative.public_changed()
        telling.input_ended(self)

    @verb
    def withdraw(self: Decision, *, by: User, because: str) -> None:
        """Give it up, in the open, before a last word opened or when no quorum was reached."""
        self._lock()
        if not because.strip():
            raise ValidationError({"because": _("Say why. Everybody can read it.")})
        if self.state not in OPEN_STATES and not (
            self.state == "counted" and self.counted().outcome == "no quorum"
        ):
            raise ValidationError(
                _("It cannot be withdrawn now: the last word was opened, so it goes to its end.")
            )
        self._release_subject()
        move(
            self,
            start=(*OPEN_STATES, "counted"),
            to="withdrawn",
            by=by,
            withdrawn_because=because.strip()[:500],
            closed_at=clock.now(),
        )
        self.initiative.public_changed()
        telling.withdrawn(self)

    # --- inside

    def _lock(self: Decision) -> Policy:
        """The policy, then the decision: the order of every verb here."""
        policy = lock(Policy.of(self.initiative))
        lock(self)
        return policy

    def _must_be(self: Decision, *states: str) -> None:
        if self.state not in states:
            raise StateChanged

    def _set(self: Decision, fields: Mapping[str, Any]) -> None:
        until = self.input_until
        for name, value in fields.items():
            if name not in EDITABLE:
                raise ValueError(f"{name} is not changed by hand")
            setattr(self, name, value)
        if self.committee.initiative_id != self.initiative_id:
            raise ValidationError(_("Choose a committee of this initiative."))
        self._check_rules()
        if self.state == "input" and self.input_until != until:
            self._must_keep_input_open()
        self.full_clean(exclude=["groups"])

    def _check_rules(self: Decision) -> None:
        policy = Policy.of(self.initiative)
        if self.last_word_days < policy.last_word_days:
            raise ValidationError(
                {
                    "last_word_days": _("The last word lasts at least %(days)s days.")
                    % {"days": policy.last_word_days}
                }
            )
        if not {shares.ALL, SeatClass.LIVED} <= set(self.quorum):
            raise ValidationError(
                {"quorum": _("Set a quorum for all seats and one for lived experience.")}
            )
        if self.effect and registry.effects.get(self.effect) is None:
            raise ValidationError({"effect": _("There is no such effect.")})
        if self.effect and self.asks_for_options:
            raise ValidationError(
                {"method": _("A decision that puts a text in force is a yes or no.")}
            )

    def _must_keep_input_open(self: Decision) -> None:
        """Nobody shortens what was promised when input opened, or takes its end away."""
        days = Policy.of(self.initiative).input_days
        now, opened = clock.now(), self.input_opened_at or clock.now()
        if self.input_until is None or self.input_until < max(now, opened + timedelta(days=days)):
            raise ValidationError(
                {"input_until": _("Input stays open for at least %(days)s days.") % {"days": days}}
            )

    def _options(self: Decision) -> list[tuple[str, Words]]:
        return [(each.key, each.label) for each in self.options.all()]

    def _groups(self: Decision) -> dict[Group, Words]:
        return {each.group: each.asked_how for each in self.affected.select_related("group")}

    def _changes_paper(
        self: Decision,
        fields: Mapping[str, Any],
        options: list[tuple[str, Words]] | None,
        groups: Mapping[Group, Words] | None,
    ) -> bool:
        """Whether what is frozen with the text would be another than now."""
        return (
            any(getattr(self, name) != fields[name] for name in fields if name not in ASIDE)
            or (options is not None and options != self._options())
            or (groups is not None and groups != self._groups())
        )

    def _unfreeze(self: Decision, by: User) -> None:
        if self.state in OPEN_STATES:
            return
        if self.state not in ("last_word", "voting"):
            raise ValidationError(DECIDED)
        self._must_not_be_over()
        # A seat that sees a vote go against it must not be able to stop it with a comma.
        if not self.may_void(by):
            raise ValidationError(
                _("From the last word on, staff or a seat for lived experience changes the text.")
            )
        self._end_round("edited", by=by)

    def _replace_options(self: Decision, options: Iterable[tuple[str, Words]]) -> None:
        from agenda.models import Option  # noqa: PLC0415 - the classes of one model file

        self.options.all().delete()
        for order, (key, label) in enumerate(options):
            option = Option(
                initiative=self.initiative, decision=self, key=key, label=label, order=order
            )
            option.full_clean()
            option.save()

    def _replace_groups(self: Decision, groups: Mapping[Group, Words]) -> None:
        from agenda.models import AffectedGroup  # noqa: PLC0415 - the classes of one model file

        if any(group.initiative_id != self.initiative_id for group in groups):
            raise ValidationError(_("Choose groups of this initiative."))
        self.affected.all().delete()
        for group, how in groups.items():
            AffectedGroup.objects.create(
                initiative=self.initiative, decision=self, group=group, asked_how=how
            )

    def _freeze_subject(self: Decision) -> None:
        """What the effect would put in force may not change while it is decided on."""
        effect = registry.effects.get(self.effect)
        if effect and effect.freeze:
            subject = effect.subject(self.initiative, self.effect_params)
            if subject is None:
                raise ValidationError(_("What this decision would put in force is gone."))
            effect.freeze(subject, self)

    def _release_subject(self: Decision) -> None:
        effect = registry.effects.get(self.effect)
        if effect and effect.let_go and self.is_public:
            subject = effect.subject(self.initiative, self.effect_params)
            if subject is not None:
                effect.let_go(subject, self)


# Dates beside the paper: nobody's last word or ballot was about them.
ASIDE = ("input_until", "follow_days", "review_on")
EDITABLE = (
    *("title", "purpose", "can_change", "text", "method", "secret", "points", "quorum"),
    *("threshold", "effect", "effect_params", "input_until", "last_word_days", "voting_days"),
    *("follow_days", "review_on"),
)


def _class_of(committee: Committee, member: Membership) -> str:
    """The class of the seat from which she proposes, or "backbone" or "member" without one."""
    seat = Seat.objects.filter(committee=committee, state="seated").held_by(member.user).first()
    if seat is not None:
        return str(seat.seat_class)
    return "backbone" if "backbone" in getattr(member, "all_roles", member.roles) else "member"
