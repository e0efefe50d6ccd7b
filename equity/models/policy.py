"""How strict an initiative is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ciforum.people.models import Scoped, ScopedQuerySet
from ciforum.people.transitions import audit, lock, verb

if TYPE_CHECKING:
    from ciforum.people.models import Initiative, User
    from equity.models.loosening import Loosening

# The floors everybody starts with; an initiative may only be stricter (see `Policy.tighten`).
SMALL_COUNT = 11
STORY_WORDS = 25
WAIVER_DAYS = 90
# Of how many seats at least one is for lived experience, and how many at least in any body.
LIVED_ONE_IN = 3
LIVED_MINIMUM = 2
RESIDENT_CHOOSERS = 2
INPUT_DAYS = 7
LAST_WORD_DAYS = 7
CONTACT_TRIES = 2
# What a protection preset asks for beyond the smallest count; 0 means nothing.
PROTECTION = (
    *("smallest_population", "next_smallest", "hide_totals", "hide_zeros"),
    *("hide_unanimous", "hide_extremes", "reliable_count"),
)
# Those that staff set one by one; the others come with a preset.
SET_BY_HAND = (
    *("small_count", "story_words", "waiver_days", "lived_one_in", "lived_minimum"),
    *("resident_choosers", "input_days", "last_word_days", "contact_tries"),
)
THRESHOLDS = (*SET_BY_HAND, *PROTECTION)
# Of these a smaller number is the stricter one.
SMALLER_IS_STRICTER = ("waiver_days", "lived_one_in")

LOOSER = _(
    "This would be looser than now. Rules can be made stricter here; making them looser takes a "
    "decision of the community."
)


def is_looser(name: str, before: int, after: int) -> bool:
    """True when `after` would hold less than `before`."""
    return after > before if name in SMALLER_IS_STRICTER else after < before


# Each looser threshold needs a loosening in force, made for this very change and newly named.
_REFUSE_LOOSER = """
        IF NEW.THRESHOLD LOOSER OLD.THRESHOLD THEN
            IF NOT EXISTS (SELECT 1 FROM equity_loosening loosening
                           WHERE loosening.id = NEW.loosened_id
                             AND loosening.id > COALESCE(OLD.loosened_id, 0)
                             AND loosening.initiative_id = NEW.initiative_id
                             AND loosening.state = 'done'
                             AND loosening.threshold = 'THRESHOLD'
                             AND loosening.before = OLD.THRESHOLD
                             AND loosening.after = NEW.THRESHOLD) THEN
                RAISE EXCEPTION 'a threshold gets looser by a decision only'
                    USING ERRCODE = 'check_violation';
            END IF;
        END IF;"""


def _refuse_looser() -> str:
    """The SQL above for every threshold."""
    each = (
        _REFUSE_LOOSER.replace("THRESHOLD", name).replace(
            "LOOSER", ">" if name in SMALLER_IS_STRICTER else "<"
        )
        for name in THRESHOLDS
    )
    return "".join(each) + "\n        RETURN NEW;"


class Policy(Scoped):
    """The thresholds of one initiative. Its row is the first lock of every gated change.

    They have an upper end too: a slip of the hand here could be undone by no one alone.
    """

    initiative = models.OneToOneField(
        "people.Initiative", on_delete=models.PROTECT, related_name="equity_policy"
    )
    small_count = models.PositiveIntegerField(
        _("smallest count that may be shown"),
        default=SMALL_COUNT,
        validators=[MinValueValidator(SMALL_COUNT), MaxValueValidator(100)],
    )
    story_words = models.PositiveIntegerField(
        _("words a story behind the numbers needs"),
        default=STORY_WORDS,
        validators=[MinValueValidator(STORY_WORDS), MaxValueValidator(300)],
    )
    waiver_days = models.PositiveIntegerField(
        _("days a waiver may last"),
        default=WAIVER_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(WAIVER_DAYS)],
    )
    lived_one_in = models.PositiveIntegerField(
        _("one seat for lived experience in how many seats"),
        default=LIVED_ONE_IN,
        validators=[MinValueValidator(1), MaxValueValidator(LIVED_ONE_IN)],
    )
    lived_minimum = models.PositiveIntegerField(
        _("seats for lived experience in any body that decides"),
        default=LIVED_MINIMUM,
        validators=[MinValueValidator(LIVED_MINIMUM), MaxValueValidator(30)],
    )
    resident_choosers = models.PositiveIntegerField(
        _("residents who must have chosen a seat for lived experience"),
        default=RESIDENT_CHOOSERS,
        validators=[MinValueValidator(RESIDENT_CHOOSERS), MaxValueValidator(50)],
    )
    input_days = models.PositiveIntegerField(
        _("days that a decision is open for input"),
        default=INPUT_DAYS,
        validators=[MinValueValidator(INPUT_DAYS), MaxValueValidator(180)],
    )
    last_word_days = models.PositiveIntegerField(
        _("days of the last word, from when the text reached each seat"),
        default=LAST_WORD_DAYS,
        validators=[MinValueValidator(LAST_WORD_DAYS), MaxValueValidator(60)],
    )
    contact_tries = models.PositiveIntegerField(
        _("tries to reach a seat before its last word lapses"),
        default=CONTACT_TRIES,
        validators=[MinValueValidator(CONTACT_TRIES), MaxValueValidator(20)],
    )

    smallest_population = models.PositiveIntegerField(
        _("fewest people a row may be about"), default=0, validators=[MaxValueValidator(500)]
    )
    next_smallest = models.PositiveIntegerField(
        _("hide the next smallest group as well"), default=0, validators=[MaxValueValidator(1)]
    )
    hide_totals = models.PositiveIntegerField(
        _("hide totals of which a part is hidden"), default=0, validators=[MaxValueValidator(1)]
    )
    hide_zeros = models.PositiveIntegerField(
        _("hide that nobody was counted"), default=0, validators=[MaxValueValidator(1)]
    )
    hide_unanimous = models.PositiveIntegerField(
        _("hide that everybody was counted"), default=0, validators=[MaxValueValidator(1)]
    )
    hide_extremes = models.PositiveIntegerField(
        _("hide percents close to 0 and 100"), default=0, validators=[MaxValueValidator(1)]
    )
    reliable_count = models.PositiveIntegerField(
        _("events below which a rate is called unreliable"),
        default=0,
        validators=[MaxValueValidator(100)],
    )
    # The named set of rules for small groups that was chosen last, and its version.
    protection_preset = models.CharField(max_length=40, blank=True, editable=False)
    protection_preset_version = models.CharField(max_length=20, blank=True, editable=False)

    # The decision's work that made one of them looser last.
    loosened = models.ForeignKey(
        "equity.Loosening", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("equity policy")
        constraints = [
            models.CheckConstraint(
                condition=Q(small_count__gte=SMALL_COUNT), name="policy_small_count_floor"
            ),
            models.CheckConstraint(
                condition=Q(story_words__gte=STORY_WORDS), name="policy_story_floor"
            ),
            models.CheckConstraint(
                condition=Q(waiver_days__lte=WAIVER_DAYS), name="policy_waiver_ceiling"
            ),
            models.CheckConstraint(
                condition=Q(lived_one_in__gte=1, lived_one_in__lte=LIVED_ONE_IN)
                & Q(lived_minimum__gte=LIVED_MINIMUM, resident_choosers__gte=RESIDENT_CHOOSERS),
                name="policy_seats_floor",
            ),
            models.CheckConstraint(
                condition=Q(input_days__gte=INPUT_DAYS, last_word_days__gte=LAST_WORD_DAYS)
                & Q(contact_tries__gte=CONTACT_TRIES),
                name="policy_last_word_floor",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="loosened_by_a_decision",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=_refuse_looser(),
            )
        ]

    def __str__(self) -> str:
        return f"policy of {self.initiative}"

    @classmethod
    def of(cls, initiative: Initiative) -> Policy:
        """The initiative's policy, made with the common floors when it has none yet."""
        policy, _made = cls.objects.get_or_create(initiative=initiative)
        return policy

    @verb
    def tighten(self, *, by: User, **stricter: int) -> None:
        """Set stricter THRESHOLDS. Raises ValidationError when one would be looser.

        Loosening takes a decision with last word and a majority of community seats.
        """
        lock(self)
        changes = []
        for name, value in stricter.items():
            before = self.threshold(name)
            if is_looser(name, before, value):
                raise ValidationError({name: LOOSER})
            setattr(self, name, value)
            changes.append(f"{name} {before} → {value}")
        self.full_clean()
        self.save(update_fields=list(stricter))
        self.initiative.public_changed()
        audit(self, before="", after="tightened", by=by, note=", ".join(changes))

    @verb
    def protect_by(self, *, preset: str, version: str, by: User, **rules: int) -> None:
        """Choose a named set of rules for small groups. What is stricter already stays so.

        rules: values for `small_count` and PROTECTION. Raises ValueError for any other name.
        """
        lock(self)
        if unknown := sorted(rules.keys() - {"small_count", *PROTECTION}):
            raise ValueError(f"{', '.join(unknown)} are no rules for small groups")
        for name, value in rules.items():
            setattr(self, name, max(self.threshold(name), value))
        self.protection_preset, self.protection_preset_version = preset, version
        self.full_clean()
        self.save(update_fields=[*rules, "protection_preset", "protection_preset_version"])
        self.initiative.public_changed()
        audit(self, before="", after="protected", by=by, note=f"{preset} {version}")

    @verb
    def loosen(self, loosening: Loosening, *, by: User | None) -> None:
        """Set what a loosening in force says; the database refuses any other looser value."""
        lock(self)
        setattr(self, loosening.threshold, loosening.after)
        self.loosened = loosening
        changed = [loosening.threshold, "loosened"]
        if loosening.threshold in ("small_count", *PROTECTION):
            # It may ask for less than the preset now, whose name would promise too much.
            self.protection_preset, self.protection_preset_version = "", ""
            changed += ["protection_preset", "protection_preset_version"]
        self.full_clean()
        self.save(update_fields=changed)
        self.initiative.public_changed()
        audit(self, before="", after="loosened", by=by, note=str(loosening))

    def threshold(self, name: str) -> int:
        """The value of one of THRESHOLDS. Raises ValueError for any other name."""
        if name not in THRESHOLDS:
            raise ValueError(f"{name} is no threshold")
        return int(getattr(self, name))


def field_of(name: str) -> Any:
    """The model field of one of THRESHOLDS: its name for people, and its floor."""
    return Policy._meta.get_field(name)
