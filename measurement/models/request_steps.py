"""What hangs on a data request: who signs it too, each step, and the call for another policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock
from ciforum.people.models import CanBeCited, Membership, Role, Scoped, ScopedQuerySet
from ciforum.people.transitions import StateChanged, audit, lock, verb
from measurement.models import request_guards
from measurement.models.requests import DataRequest, partners_beside_backbone

if TYPE_CHECKING:
    from ciforum.people.models import Organization, User


class RequestSigner(Scoped):
    """An organization, or a member for herself, that signs a request in public."""

    request = models.ForeignKey(DataRequest, on_delete=models.PROTECT, related_name="signers")
    # Who signed: for the organization, or where there is none for herself.
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        "people.Organization", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("co-signer")
        verbose_name_plural = _("co-signers")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                "request",
                "organization",
                name="an_organization_signs_once",
                condition=Q(withdrawn_at=None, organization__isnull=False),
                violation_error_message=_("Your organization has signed this already."),
            ),
            models.UniqueConstraint(
                "request",
                "member",
                name="a_member_signs_once",
                condition=Q(withdrawn_at=None, organization=None),
                violation_error_message=_("You have signed this already."),
            ),
        ]
        triggers = request_guards.SIGNER

    def __str__(self) -> str:
        if self.organization:
            return self.organization.name
        return self.member.user.name or str(_("A member"))

    @classmethod
    @verb
    def sign(
        cls, *, request: DataRequest, member: Membership, organization: Organization | None = None
    ) -> RequestSigner:
        """Sign in public: for an organization she belongs to, or for herself.

        Raises ValidationError.
        """
        lock(request)
        if request.state == DataRequest.State.SHARED:
            raise ValidationError(_("The data is shared. There is nothing left to sign."))
        if organization and not may_sign_for(member, organization, request):
            raise ValidationError(
                {"organization": _("You sign for an organization that you belong to.")}
            )
        signer = cls(
            initiative=request.initiative,
            request=request,
            member=member,
            organization=organization,
            at=clock.now(),
        )
        signer.full_clean()
        signer.save()
        request.initiative.public_changed()
        audit(request, before=request.state, after="signed", by=member.user)
        return signer

    @verb
    def withdraw(self, *, by: User) -> None:
        """Take the name off the request; that it stood there is kept. Raises StateChanged."""
        lock(self.request)
        lock(self)
        if self.withdrawn_at:
            raise StateChanged
        self.withdrawn_at = clock.now()
        self.save(update_fields=["withdrawn_at"])
        self.initiative.public_changed()
        audit(self.request, before=self.request.state, after="signature withdrawn", by=by)


def may_sign_for(member: Membership, organization: Organization, request: DataRequest) -> bool:
    """She belongs to it now, and it is a partner beside the backbone's own."""
    hers = Membership.objects.current().filter(
        initiative=request.initiative_id, user=member.user_id, organization=organization
    )
    return hers.exists() and partners_beside_backbone(request).filter(pk=organization.pk).exists()


def signing_members(member: Membership) -> list[Membership]:
    """Her current memberships here for an organization, but for the backbone's."""
    own = Membership.objects.current().filter(
        initiative=member.initiative_id, user=member.user_id, organization__isnull=False
    )
    return [each for each in own.select_related("organization") if Role.BACKBONE not in each.roles]


class RequestStep(models.Model):
    """One step of a request, in the words of that day. Kept for good."""

    class Kind(models.TextChoices):
        SENT = "sent", _("Asked")
        SHARED = "shared", _("They share the data")
        WILL_COLLECT = "will_collect", _("They will collect it")
        REFUSED = "refused", _("They refused")
        CANNOT = "cannot", _("They cannot")
        ESCALATED = "escalated", _("Taken further")
        AGAIN = "again", _("Asked again")

    request = models.ForeignKey(DataRequest, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind)
    words = models.TextField(max_length=4000)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "id"]
        triggers = request_guards.STAYS

    def __str__(self) -> str:
        return f"{self.request_id} {self.kind}"


class PolicyAsk(CanBeCited, Scoped):
    """A call to change a rule, so that a holder collects finer groups: to whom, and what for."""

    request = models.ForeignKey(DataRequest, on_delete=models.PROTECT, related_name="policy_asks")
    addressee = models.CharField(_("who can change the rule"), max_length=200)
    text = models.TextField(
        _("what we ask them to change"), max_length=4000, validators=[MinLengthValidator(30)]
    )
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy ask")
        verbose_name_plural = _("policy asks")
        ordering = ["-at", "-id"]
        triggers = request_guards.ASK

    def __str__(self) -> str:
        return str(_("%(addressee)s: finer data")) % {"addressee": self.addressee}

    def get_absolute_url(self) -> str:
        return f"{self.request.get_absolute_url()}#policy"

    @classmethod
    def put(cls, *, request: DataRequest, addressee: str, text: str, by: User) -> PolicyAsk:
        """Written down while its request is taken further. Raises ValidationError."""
        ask = cls(
            initiative=request.initiative,
            request=request,
            addressee=addressee.strip(),
            text=text,
            by=by,
            at=clock.now(),
        )
        try:
            ask.full_clean()
        except ValidationError as error:
            named = {"addressee": "addressee", "text": "policy"}
            raise ValidationError(
                {named.get(name, "words"): texts for name, texts in error.message_dict.items()}
            ) from error
        ask.save()
        return ask
