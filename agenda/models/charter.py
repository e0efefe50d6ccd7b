"""The charter: what a community agreed on, in numbered versions that stay readable for good."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from agenda import citing, drafting
from agenda.models.charter_guards import VERSION_GUARDS
from agenda.models.goals import Goal
from agenda.models.lexicon import Term
from agenda.models.paragraphs import MOST_PARAGRAPHS, CharterGoal, Paragraph, Part
from ciforum.people import clock
from ciforum.people.models import Citable, Citation, Place, Scoped, ScopedQuerySet
from ciforum.people.transitions import audit, lock, move, verb
from ciforum.people.words import Words
from equity.models import LedgerEntry, Policy
from equity.steps import adopt_charter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ciforum.people.models import Initiative, Membership, User

# Without these there is nothing to decide on.
NEEDED = (Part.PROBLEM, Part.VISION, Part.PRINCIPLES)


class Charter(Scoped):
    """One of each initiative: the lock of everything that happens to its versions."""

    class Meta:
        verbose_name = _("charter")
        verbose_name_plural = _("charters")
        constraints = [models.UniqueConstraint("initiative", name="one_charter_per_initiative")]

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.initiative)

    @classmethod
    def of(cls, initiative: Initiative) -> Charter:
        """The initiative's charter, made when it is first asked for."""
        return cls.objects.get_or_create(initiative=initiative)[0]


class CharterVersionQuerySet(ScopedQuerySet):
    def visible_to(self, member: Membership | None) -> CharterVersionQuerySet:
        """Members read drafts too; everybody else what was proposed once."""
        return self if member else self.exclude(state=CharterVersion.State.DRAFT)

    def adopted(self) -> CharterVersionQuerySet:
        return self.filter(state=CharterVersion.State.ADOPTED)

    def drafts(self) -> CharterVersionQuerySet:
        return self.filter(state=CharterVersion.State.DRAFT)


class CharterVersion(Scoped):
    """One version: draft → proposed → adopted → superseded, or rejected, or withdrawn.

    A draft is written by the backbone. From when a decision carries it nothing of it can change;
    who wants other words makes the next version with `amend`.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Proposed")
        ADOPTED = "adopted", _("Adopted")
        SUPERSEDED = "superseded", _("Replaced by a later version")
        REJECTED = "rejected", _("Not adopted")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    charter = models.ForeignKey(Charter, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    basis = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    place = models.ForeignKey(
        "people.Place",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("where"),
    )
    goals = models.ManyToManyField(
        Goal, through=CharterGoal, related_name="charters", verbose_name=_("goals for everyone")
    )
    started_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=clock.now)
    proposed_at = models.DateTimeField(null=True, editable=False)
    # The decision that carries it; adopting keeps the one that did it.
    decision_uid = models.UUIDField(null=True, editable=False)
    adopted_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    passed = models.ForeignKey(
        LedgerEntry, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = CharterVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of the charter")
        verbose_name_plural = _("versions of the charter")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint("charter", "number", name="one_charter_version_per_number"),
            models.UniqueConstraint(
                "charter", name="one_draft_of_the_charter", condition=Q(state="draft")
            ),
            models.UniqueConstraint(
                "charter", name="one_charter_in_force", condition=Q(state="adopted")
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["adopted", "superseded"])
                | Q(passed__isnull=False, adopted_at__isnull=False, decision_uid__isnull=False),
                name="charter_passed_its_gate",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", proposed_at=None)
                | Q(proposed_at__isnull=False) & ~Q(state="draft"),
                name="charter_drafts_are_not_proposed",
            ),
        ]
        triggers = VERSION_GUARDS

    def __str__(self) -> str:
        return _now("Charter, version %(number)s") % {"number": self.number}

    def get_absolute_url(self) -> str:
        return reverse("agenda:charter_version", args=[self.initiative.slug, self.number])

    # --- questions, the gate's among them

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def decision_url(self) -> str:
        if self.decision_uid is None:
            return ""
        return reverse("agenda:decision", args=[self.initiative.slug, self.decision_uid])

    def citations(self) -> list[Citation]:
        """All that its paragraphs cite; the anchor is the paragraph's uid."""
        return citing.loaded(Citation.objects.of(self))

    def cited(self, part: str) -> list[dict[str, Any]]:
        inside = set(map(str, self.paragraphs.filter(part=part).values_list("uid", flat=True)))
        return [
            {"kind": citation.citable.kind, "traits": citing.traits(citation)}
            for citation in self.citations()
            if citation.anchor in inside and citation.citable.withdrawn_at is None
        ]

    def open_core_terms(self) -> list[dict[str, str]]:
        return [dict(word) for word in Term.missing_core(self.initiative)]

    def agreed_core_terms(self) -> int:
        return int(Term.objects.agreed_core(self.initiative).count())

    def goal_levels(self) -> dict[str, int]:
        counted = self.goals.current().order_by().values_list("level").annotate(models.Count("pk"))
        return {**dict.fromkeys(Goal.Level.values, 0), **dict(counted)}

    def ledger_label(self) -> dict[str, str]:
        label = {}
        for code in self.initiative.languages:
            with translation.override(code):
                label[code] = str(self)
        return label

    def remedy_url(self, code: str) -> str:
        """Where the rule with this code can be met."""
        slug = self.initiative.slug
        match code:
            case "core_terms_open" | "no_core_terms":
                return reverse("agenda:lexicon", args=[slug])
            case "no_goal" | "no_population_goal" | "no_systems_goal":
                return reverse("agenda:goals", args=[slug])
            case _ if self.is_draft:
                return reverse("agenda:charter_edit", args=[slug]) + "#part-problem"
            case _:
                return self.get_absolute_url()

    def content(self) -> dict[str, Any]:
        """All that is put to a decision, in plain values."""
        cited: dict[str, list[str]] = {}
        for anchor, uid in Citation.objects.of(self).values_list("anchor", "citable__uid"):
            cited.setdefault(anchor, []).append(str(uid))
        return {
            "version": self.number,
            "place": str(self.place.uid) if self.place else "",
            "goals": sorted(str(uid) for uid in self.goals.values_list("uid", flat=True)),
            "paragraphs": [
                [each.part, dict(each.text), sorted(cited.get(str(each.uid), []))]
                for each in self.paragraphs.all()
            ],
        }

    # --- drafting

    @classmethod
    @verb
    def start(cls, *, initiative: Initiative, by: User) -> CharterVersion:
        """Begin the first version. Raises ValidationError when there is one already."""
        charter = lock(Charter.of(initiative))
        if charter.versions.exists():
            raise ValidationError(_("There is a charter already. Change it by its next version."))
        version = cls.objects.create(
            initiative=initiative,
            charter=charter,
            number=1,
            place=initiative.place,
            started_by=by,
            started_at=clock.now(),
        )
        audit(version, before="", after=cls.State.DRAFT, by=by)
        return version

    @verb
    def amend(self, *, by: User) -> CharterVersion:
        """Make the next draft: a copy of this version with all it cites. Raises ValidationError."""
        charter = lock(self.charter)
        if charter.versions.drafts().exists():
            raise ValidationError(_("The next version is being drafted already."))
        last = charter.versions.aggregate(last=models.Max("number"))["last"]
        version = CharterVersion.objects.create(
            initiative=self.initiative,
            charter=charter,
            number=last + 1,
            basis=self,
            place=self.place,
            started_by=by,
            started_at=clock.now(),
        )
        version._copy_from(self, by)
        audit(version, before="", after=self.State.DRAFT, by=by)
        return version

    def _copy_from(self, basis: CharterVersion, by: User) -> None:
        anchors = {}
        for each in basis.paragraphs.all():
            copy = Paragraph.objects.create(
                initiative=self.initiative,
                version=self,
                part=each.part,
                order=each.order,
                thread=each.thread,
                text=each.text,
            )
            anchors[str(each.uid)] = str(copy.uid)
        for citation in Citation.objects.of(basis).select_related("citable"):
            Citation.cite(
                self,
                citation.citable,
                by=by,
                anchor=anchors[citation.anchor],
                note=citation.note,
                detail=citation.detail,
            )
        self._link(set(basis.goals.current().values_list("uid", flat=True)))

    @verb
    def write(
        self,
        *,
        by: User,
        typed: Mapping[uuid.UUID, drafting.Typed] | None = None,
        new: Mapping[str, Words] | None = None,
        place: drafting.Chosen | None = None,
        goals: drafting.Chosen | None = None,
    ) -> None:
        """Keep what an editor typed. Raises Overtaken, and keeps nothing, where somebody else
        changed the same words since she began; ValidationError for an empty paragraph.

        typed: paragraph → what it said when she began, and what she made of it. Paragraphs that
        she left as they were are left as they are now. new: part → one more paragraph. goals: sets
        of uids; what she added or took away is added or taken away. place: the key of a place as
        text, "" for none.
        """
        self.about_to_cite()
        now = {each.uid: each for each in self.paragraphs.all()}
        texts = drafting.merge({uid: each.text for uid, each in now.items()}, typed or {})
        if place is not None:
            self._place(drafting.settle(str(self.place_id or ""), place))
        if goals is not None:
            self._link(set(goals.value) - set(goals.seen))
            gone = set(goals.seen) - set(goals.value)
            CharterGoal.objects.filter(version=self, goal__uid__in=gone).delete()
        for uid, text in texts.items():
            now[uid].text = text
            now[uid].full_clean()
            now[uid].save(update_fields=["text"])
        for part, text in (new or {}).items():
            self._add(part, text)
        audit(self, before=self.state, after="written", by=by)

    @verb
    def add(self, *, part: str, text: Words, by: User) -> Paragraph:
        """Add a paragraph at the end of a part."""
        self.about_to_cite()
        paragraph = self._add(part, text)
        audit(self, before=self.state, after="paragraph added", by=by)
        return paragraph

    @verb
    def shift(self, uid: uuid.UUID, *, by: User, up: bool) -> None:
        """Move a paragraph up or down in its part; at the edge nothing happens."""
        self.about_to_cite()
        moving = self._paragraph(uid)
        row = list(self.paragraphs.filter(part=moving.part))
        here = row.index(moving)
        there = here - 1 if up else here + 1
        if not 0 <= there < len(row):
            return
        row[here], row[there] = row[there], row[here]
        for order, each in enumerate(row, start=1):
            each.order = order
            each.save(update_fields=["order"])
        audit(self, before=self.state, after="paragraph moved", by=by)

    @verb
    def remove(self, uid: uuid.UUID, *, by: User) -> None:
        """Take a paragraph out, with what it cites."""
        self.about_to_cite()
        gone = self._paragraph(uid)
        Citation.objects.of(self, str(gone.uid)).delete()
        gone.delete()
        audit(self, before=self.state, after="paragraph removed", by=by)

    @verb
    def discard(self, *, by: User) -> None:
        """Drop a draft; nothing of it was ever public."""
        self.about_to_cite()
        audit(self, before=self.state, after="discarded", by=by)
        Citation.objects.of(self).delete()
        self.paragraphs.all().delete()
        CharterGoal.objects.filter(version=self).delete()
        self.delete()

    def about_to_cite(self) -> None:
        """Lock the charter; raise ValidationError unless this is its draft.

        The policy first: the close of a decision holds it, and the version before the charter.
        """
        lock(Policy.of(self.initiative))
        lock(self.charter)
        lock(self)
        if not self.is_draft:
            raise ValidationError(
                _("This version was proposed and can no longer be changed. Make the next one.")
            )

    def _place(self, key: str) -> None:
        own = Place.objects.for_initiative(self.initiative)
        self.place = own.filter(pk=key).first() if key else None
        self.save(update_fields=["place"])

    def _link(self, uids: set[uuid.UUID]) -> None:
        for goal in Goal.objects.for_initiative(self.initiative).current().filter(uid__in=uids):
            CharterGoal.objects.get_or_create(
                version=self, goal=goal, defaults={"initiative": self.initiative}
            )

    def _add(self, part: str, text: Words) -> Paragraph:
        inside = self.paragraphs.filter(part=part)
        if inside.count() >= MOST_PARAGRAPHS:
            raise ValidationError(
                _("A part holds at most %(most)s paragraphs."), params={"most": MOST_PARAGRAPHS}
            )
        last = inside.aggregate(last=models.Max("order"))["last"] or 0
        paragraph = Paragraph(
            initiative=self.initiative, version=self, part=part, order=last + 1, text=text
        )
        paragraph.full_clean()
        paragraph.save()
        return paragraph

    def _paragraph(self, uid: uuid.UUID) -> Paragraph:
        found = self.paragraphs.filter(uid=uid).first()
        if found is None:
            raise ValidationError(_("Somebody else took this paragraph out a moment ago."))
        return found

    # --- what a decision does with it

    @verb
    def propose(self, *, by: User | None, decision_uid: uuid.UUID) -> None:
        """A decision carries it from now on: public, and frozen. Raises ValidationError.

        A decision that comes back with the same version finds it proposed already.
        """
        lock(self.charter)
        lock(self)
        if self.state == self.State.PROPOSED:
            if self.decision_uid != decision_uid:
                raise ValidationError(_("Another decision carries this version already."))
            return
        self._must_say_enough()
        move(
            self,
            start=self.State.DRAFT,
            to=self.State.PROPOSED,
            by=by,
            proposed_at=clock.now(),
            decision_uid=decision_uid,
        )
        self.initiative.public_changed()

    def _must_say_enough(self) -> None:
        written = set(self.paragraphs.values_list("part", flat=True))
        for part in NEEDED:
            if part not in written:
                raise ValidationError(
                    _("Nothing is written yet under “%(part)s”."), params={"part": part.label}
                )

    @verb
    def let_go(self, *, by: User | None, refused: bool = False) -> None:
        """The decision ended without it: it was not adopted, or was withdrawn."""
        lock(self.charter)
        lock(self)
        if self.state != self.State.PROPOSED:
            return
        end = self.State.REJECTED if refused else self.State.WITHDRAWN
        move(self, start=self.State.PROPOSED, to=end, by=by, ended_at=clock.now())
        self.initiative.public_changed()

    @verb
    def adopt(self, *, by: User | None, decision_uid: uuid.UUID) -> None:
        """Put it in force, as a decision passed it; the one before is replaced.

        Called by the decision alone: the database knows whether it passed. Raises GateClosed or
        StateChanged. Locked first: the policy, under which terms are settled, the charter, this
        version, and what it cites.
        """
        lock(Policy.of(self.initiative))
        lock(self.charter)
        lock(self)
        self._lock_cited()
        if self.decision_uid != decision_uid:
            raise ValidationError(_("Another decision carries this version."))
        entry = adopt_charter.require(self, by=by)
        now = clock.now()
        for former in self.charter.versions.adopted():
            move(
                former,
                start=self.State.ADOPTED,
                to=self.State.SUPERSEDED,
                by=by,
                ended_at=now,
            )
        move(
            self,
            start=self.State.PROPOSED,
            to=self.State.ADOPTED,
            by=by,
            passed=entry,
            adopted_at=now,
        )
        self.initiative.public_changed()

    def _lock_cited(self) -> None:
        list(self.goals.order_by("pk").select_for_update(of=("self",), no_key=True))
        cited = Citation.objects.of(self).values("citable")
        rows = Citable.objects.filter(pk__in=cited).order_by("pk")
        list(rows.select_for_update(of=("self",), no_key=True))
