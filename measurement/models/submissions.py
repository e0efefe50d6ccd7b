"""Submissions: what a partner hands in, from the raw file to approval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.jobs import enqueue
from ciforum.people.models import Scoped, ScopedQuerySet, StoredFile
from ciforum.people.transitions import StateChanged, audit, lock, move, verb
from ciforum.people.words import Words
from equity.models import Policy
from measurement import telling
from measurement.desk import approval, restating, staging
from measurement.models.readings import RowProblem, SavedMapping
from measurement.models.restatements import Restatement
from measurement.owing import expecting, telling_duties

if TYPE_CHECKING:
    from collections.abc import Mapping as AnyMapping
    from collections.abc import Sequence

    from ciforum.people.models import Job, Organization, User
    from measurement.models.indicators import Indicator
    from measurement.reading.mapping import Mapping
    from measurement.reading.rows import PeopleReading, TableReading


class SubmissionQuerySet(ScopedQuerySet):
    def open(self) -> SubmissionQuerySet:
        return self.exclude(state__in=["approved", "withdrawn", "retracted"])


class Submission(Scoped):
    """One file of one partner for one indicator: uploaded → checked → handed in → approved."""

    class Kind(models.TextChoices):
        TABLE = "table", _("Counts: each line is a number for a group, a place or a year")
        PEOPLE = "people", _("People: each line is one person; only counts are kept")

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Columns to be named")
        CHECKING = "checking", _("Being read")
        CHECKED = "checked", _("Read, not handed in yet")
        HANDED_IN = "handed_in", _("Waiting for approval")
        APPROVED = "approved", _("Approved")
        RETURNED = "returned", _("Sent back")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        RETRACTED = "retracted", _("Withdrawn after approval")

    class Way(models.TextChoices):
        FILE = "file", _("as a file")
        PASTE = "paste", _("pasted from a spreadsheet")
        GRID = "grid", _("typed on screen")

    OPEN = ("uploaded", "checking", "checked", "handed_in", "returned")
    EDITABLE = ("uploaded", "checked", "returned")

    indicator = models.ForeignKey(
        "measurement.Indicator", on_delete=models.PROTECT, related_name="submissions"
    )
    version = models.ForeignKey(
        "measurement.IndicatorVersion", on_delete=models.PROTECT, related_name="submissions"
    )
    organization = models.ForeignKey(
        "people.Organization", on_delete=models.PROTECT, related_name="submissions"
    )
    kind = models.CharField(_("each line is"), max_length=8, choices=Kind, default=Kind.TABLE)
    way = models.CharField(_("how it came"), max_length=8, choices=Way, default=Way.FILE)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED, editable=False)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now)
    # The sheets of a workbook that are read, in order: {"name": …, "line": where its rows begin in
    # the lines of the submission, "row": that row's number in the sheet}. Empty for a plain table.
    sheets = models.JSONField(default=list)
    header = models.JSONField(default=list)
    signature = models.CharField(max_length=64, blank=True)
    mapping = models.JSONField(default=dict)
    job = models.ForeignKey("people.Job", on_delete=models.SET_NULL, null=True, related_name="+")
    # Why the file as a whole could not be read: {"code": …, "params": …}.
    trouble = models.JSONField(default=dict)
    # What the preview offers as filters: {"places": how many, "periods": [[kind, start, end]],
    # "groups": [keys], "left_out": lines or persons the mapping ignores}.
    summary = models.JSONField(default=dict)
    lines = models.PositiveBigIntegerField(default=0)
    row_count = models.PositiveIntegerField(default=0)
    error_count = models.PositiveIntegerField(default=0)
    warning_count = models.PositiveIntegerField(default=0)
    reason = models.CharField(_("why these numbers change"), max_length=500, blank=True)
    handed_in_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    handed_in_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    words = models.TextField(_("what to mend"), max_length=2000, blank=True)
    added = models.PositiveIntegerField(default=0)
    restated = models.PositiveIntegerField(default=0)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["-uploaded_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(words=""), name="sent_back_with_words"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "returned"]) | Q(decided_by__isnull=False),
                name="submission_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} – {self.indicator}"

    def get_absolute_url(self) -> str:
        return reverse("measurement:submission", args=[self.initiative.slug, self.uid])

    @property
    def is_of_people(self) -> bool:
        return self.kind == self.Kind.PEOPLE

    @classmethod
    @verb
    def receive(
        cls,
        *,
        indicator: Indicator,
        organization: Organization,
        file: File[bytes],
        kind: str,
        header: list[str],
        signature: str,
        by: User,
        sheets: Sequence[dict[str, Any]] = (),
        way: str = Way.FILE,
    ) -> Submission:
        """Keep a partner's file. What its first look said: `header`, `signature`, `sheets`.

        A workbook whose sheets are still to be chosen has neither header nor sheets. Raises
        ValidationError for an indicator that is no longer counted.
        """
        if indicator.retired_at:
            raise ValidationError(_("“%(name)s” is no longer counted.") % {"name": indicator.name})
        stored = StoredFile.keep(file, initiative=indicator.initiative, kind=f"submission/{kind}")
        try:
            with transaction.atomic():
                submission = cls.objects.create(
                    initiative=indicator.initiative,
                    indicator=indicator,
                    version=indicator.current,
                    organization=organization,
                    kind=kind,
                    way=way,
                    file=stored,
                    sheets=list(sheets),
                    header=header,
                    signature=signature,
                    uploaded_by=by,
                    uploaded_at=clock.now(),
                )
                audit(submission, before="", after=cls.State.UPLOADED, by=by)
        except Exception:
            # The row is rolled back; the bytes would stay.
            stored.storage.delete(save=False)
            raise
        return submission

    @property
    def sheet_names(self) -> list[str]:
        """The sheets that are read; empty for a plain table."""
        return [each["name"] for each in self.sheets]

    @property
    def awaits_sheets(self) -> bool:
        """A workbook of which nobody has said yet which sheets to read."""
        return not self.header

    def place_of(self, line: int) -> tuple[str, int]:
        """The sheet and the row in it that a line of the reading stands for; ("", line) if none."""
        at = [each for each in self.sheets if each["line"] <= line]
        return (at[-1]["name"], line - at[-1]["line"] + at[-1]["row"]) if at else ("", line)

    @verb
    def choose_sheets(
        self, sheets: Sequence[dict[str, Any]], *, header: list[str], signature: str, by: User
    ) -> None:
        """Say which sheets of a workbook to read; what was said of its columns is forgotten."""
        lock(self)
        if self.state not in self.EDITABLE:
            raise StateChanged
        self.sheets, self.header, self.signature = list(sheets), header, signature
        self.mapping = {}
        self.save(update_fields=["sheets", "header", "signature", "mapping"])

    @property
    def saved_mapping(self) -> dict[str, Any] | None:
        """What this partner said of the last file with these columns, if it was such a file."""
        saved = SavedMapping.objects.filter(
            organization=self.organization_id,
            indicator=self.indicator_id,
            signature=self.signature,
        ).first()
        return saved.mapping if saved and saved.mapping.get("kind") == self.kind else None

    @property
    def twin(self) -> Submission | None:
        """An approved submission of the very same file for the same indicator."""
        same = Submission.objects.filter(
            indicator=self.indicator_id,
            file__sha256=self.file.sha256,
            state=self.State.APPROVED,
        )
        return same.exclude(pk=self.pk).first()

    @property
    def is_refused_whole(self) -> bool:
        """True when the reading found a fault that puts every line in doubt, such as the scale."""
        if self.is_of_people:
            return False
        return self.problems.filter(line=None, severity=RowProblem.Severity.ERROR).exists()

    @verb
    def sketch(self, mapping: Mapping, *, by: User) -> None:
        """Remember what has been said of the columns so far; nothing is read yet."""
        lock(self)
        if self.state not in self.EDITABLE:
            raise StateChanged
        self.mapping = mapping.to_json()
        self.save(update_fields=["mapping"])

    @verb
    def read_as(self, mapping: Mapping, *, by: User) -> Job:
        """Say what the columns mean; the file is read in the background, by this job."""
        lock(self)
        if self.file.forgotten_at:
            raise ValidationError(
                _("The file is no longer kept. Upload it again to read it another way.")
            )
        job = enqueue("measurement.read", self.pk, dedup_key=str(self.pk))
        move(
            self,
            start=self.EDITABLE,
            to=self.State.CHECKING,
            by=by,
            mapping=mapping.to_json(),
            job=job,
            trouble={},
        )
        SavedMapping.objects.update_or_create(
            organization=self.organization,
            indicator=self.indicator,
            signature=self.signature,
            defaults={"initiative": self.initiative, "mapping": self.mapping},
        )
        return job

    @verb
    def store_reading(
        self, reading: TableReading | PeopleReading, raw: AnyMapping[int, str] | None = None
    ) -> None:
        """Keep what was read for the preview. A file of people is deleted now.

        raw: the text of lines that have problems. Raises Unreadable when a group or place that
        the mapping names is gone.
        """
        lock(self)
        if self.state != self.State.CHECKING:
            raise StateChanged
        counts = staging.replace(self, reading, raw or {})
        if self.is_of_people:
            self.file.forget()
        move(self, start=self.State.CHECKING, to=self.State.CHECKED, by=None, **counts)

    @verb
    def store_trouble(self, code: str, params: dict[str, Any]) -> None:
        """The file as a whole could not be read so; say why and let her map it again."""
        lock(self)
        staging.clear(self)
        move(
            self,
            start=self.State.CHECKING,
            to=self.State.UPLOADED,
            by=None,
            trouble={"code": code, "params": params},
        )

    @verb
    def hand_in(self, *, by: User, leave_out_problems: bool = False, reason: str = "") -> None:
        """Give it to the backbone. Lines with problems stay out only when she says so."""
        lock(self.indicator)
        lock(self)
        if not self.row_count:
            raise ValidationError(
                _("There is no line to hand in. Mend the file and upload it again.")
            )
        if self.is_refused_whole:
            raise ValidationError(
                _("One problem puts every line in doubt. Say again what the columns mean.")
            )
        if self.error_count and not leave_out_problems:
            raise ValidationError(
                _("Some lines have problems. Mend them, or say that they may be left out.")
            )
        self._refuse_closed_reports()
        if staging.changes(self) and not reason.strip():
            raise ValidationError(
                _("Some of these numbers replace earlier ones. Say in a few words why.")
            )
        move(
            self,
            start=self.State.CHECKED,
            to=self.State.HANDED_IN,
            by=by,
            reason=reason.strip(),
            handed_in_by=by,
            handed_in_at=clock.now(),
        )
        telling.handed_in(self)
        expecting.tie(submission=self.pk)
        telling_duties.settled(self)

    def _refuse_closed_reports(self) -> None:
        """No new or other numbers for a report that the backbone has closed; she reads why."""
        if closed := expecting.closed_periods(self):
            raise ValidationError(
                [
                    ValidationError(
                        _(
                            "The report for %(period)s is closed: %(why)s Leave its lines out, or "
                            "ask the backbone to open it again."
                        ),
                        params={"period": duty.period, "why": duty.why},
                    )
                    for duty in closed
                ]
            )

    @verb
    def approve(self, *, by: User, public_words: Words | None = None) -> None:
        """Turn the rows into observations, all or none.

        `public_words` stand beside public releases whose numbers change by it, for everybody.
        Raises ValidationError when groups or approved numbers changed since she handed it in.
        """
        self._lock_all()
        if self.state != self.State.HANDED_IN:
            raise StateChanged
        added, restated = approval.observe(self)
        move(
            self,
            start=self.State.HANDED_IN,
            to=self.State.APPROVED,
            by=by,
            decided_by=by,
            decided_at=clock.now(),
            added=added,
            restated=restated,
        )
        restating.confirm(self)
        staging.clear(self)
        telling.approved(self)
        Restatement.of_approval(self, by=by, public_words=public_words or Words())

    @verb
    def retract(self, *, reason: str, by: User, public_words: Words | None = None) -> None:
        """Withdraw it after approval. What was printed stays printed; a new release can say it.

        Its numbers go back to what another approved submission said, or become missing. The rows
        themselves stay. Raises StateChanged when it is not approved (any more).
        """
        if not reason.strip():
            raise ValidationError({"reason": _("Say in a few words why it is withdrawn.")})
        self._lock_all()
        if self.state != self.State.APPROVED:
            raise StateChanged
        Restatement.of_withdrawal(
            self, reason=reason.strip(), by=by, public_words=public_words or Words()
        )
        move(self, start=self.State.APPROVED, to=self.State.RETRACTED, by=by)
        telling_duties.retracted(self, by)

    @verb
    def send_back(self, *, words: str, by: User) -> None:
        """Return it to the partner, saying what to mend."""
        if not words.strip():
            raise ValidationError(_("Say what should be mended."))
        lock(self)
        move(
            self,
            start=self.State.HANDED_IN,
            to=self.State.RETURNED,
            by=by,
            decided_by=by,
            decided_at=clock.now(),
            words=words.strip(),
        )
        self._forget_counted_people()
        telling.sent_back(self)

    @verb
    def withdraw(self, *, by: User) -> None:
        """Take it back before it is approved. Of a file of people nothing stays."""
        lock(self)
        was_read = self.state in (self.State.CHECKED, self.State.HANDED_IN, self.State.RETURNED)
        move(self, start=self.OPEN, to=self.State.WITHDRAWN, by=by)
        if was_read:
            self._forget_counted_people()
        else:
            staging.clear(self)
        if self.is_of_people and not self.file.forgotten_at:
            self.file.forget()
        telling.withdrawn(self)
        telling_duties.taken_back(self)

    def _forget_counted_people(self) -> None:
        """Numbers of a table stay to be looked at, as long as its file; counts of people go."""
        if self.is_of_people:
            staging.clear(self)

    def _lock_all(self) -> None:
        """Policy, then the indicator, then this: the order every gated change keeps."""
        lock(Policy.of(self.initiative))
        lock(self.indicator)
        lock(self)
