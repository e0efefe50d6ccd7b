"""Who belongs to an initiative, in which roles, and how people are asked in."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ciforum.people import clock, registry
from ciforum.people.models.scoped import Scoped, ScopedQuerySet
from ciforum.people.models.user import User
from ciforum.people.transitions import StateChanged, audit, lock, verb

if TYPE_CHECKING:
    from ciforum.people.models.initiative import Initiative, Organization

INVITATION_DAYS = 14


class Role(models.TextChoices):
    BACKBONE = "backbone", _("Backbone staff")
    COMMITTEE = "committee", _("Steering committee")
    PARTNER = "partner", _("Partner")
    COMMUNITY = "community", _("Community member")
    FUNDER = "funder", _("Funder")


class MembershipQuerySet(ScopedQuerySet):
    def current(self) -> MembershipQuerySet:
        return self.filter(ended_at=None)

    def with_role(self, role: str) -> MembershipQuerySet:
        return self.filter(roles__contains=[role])


class Membership(Scoped):
    """A person in an initiative, for an organization or for herself, with her roles."""

    user = models.ForeignKey(
        "people.User",
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("person"),
    )
    organization = models.ForeignKey(
        "people.Organization",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("organization"),
    )
    roles = ArrayField(models.CharField(max_length=12, choices=Role), verbose_name=_("roles"))
    # Named by the director: may see counts below the floor of every partner, to check them.
    data_steward = models.BooleanField(_("data steward"), default=False)
    joined_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                "initiative",
                "user",
                "organization",
                name="one_membership_per_organization",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(roles__len__gt=0) & Q(roles__contained_by=Role.values),
                name="membership_has_known_roles",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)

    def has(self, *roles: str) -> bool:
        """True when she holds one of these roles."""
        return bool(set(roles) & set(self.roles))

    @property
    def role_labels(self) -> list[str]:
        return [str(Role(role).label) for role in self.roles]

    @verb
    def end(self, *, by: User) -> None:
        """Let the membership end; her past work keeps her name.

        Raises ValidationError for the last member of the backbone, StateChanged if it has ended.
        """
        self._lock_with_initiative()
        self._refuse_to_leave_no_backbone()
        self._refuse_to_cut_ties(None)
        self.ended_at = clock.now()
        self.save(update_fields=["ended_at"])
        audit(self, before="member", after="ended", by=by)

    @verb
    def change(self, *, roles: list[str], data_steward: bool, by: User) -> None:
        """Give her other roles, or name her data steward.

        Raises ValidationError when the last member of the backbone would lose that role,
        StateChanged if the membership has ended.
        """
        self._lock_with_initiative()
        if Role.BACKBONE not in roles:
            self._refuse_to_leave_no_backbone()
        self._refuse_to_cut_ties(roles)
        self.roles, self.data_steward = roles, data_steward
        self.full_clean()
        self.save(update_fields=["roles", "data_steward"])
        audit(self, before="member", after="changed", by=by, note=", ".join(roles))

    def _refuse_to_cut_ties(self, roles: list[str] | None) -> None:
        """Nobody takes a seat from its holder by taking away her membership or her roles."""
        for tie in registry.ties:
            if sentence := tie(self, roles):
                raise ValidationError(sentence, code="tied")

    def _lock_with_initiative(self) -> None:
        # The initiative first: of two directors who leave at once, the second must see the first.
        lock(self.initiative)
        lock(self)
        if self.ended_at:
            raise StateChanged

    def _refuse_to_leave_no_backbone(self) -> None:
        if Role.BACKBONE not in self.roles:
            return
        staff = Membership.objects.for_initiative(self.initiative).current()
        if not (
            staff.with_role(Role.BACKBONE).filter(user__is_active=True).exclude(pk=self.pk).exists()
        ):
            raise ValidationError(
                _(
                    "This is the last member of the backbone. Give somebody else that role first, "
                    "so that the initiative does not stand without staff."
                ),
                code="last_backbone",
            )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class InvitationQuerySet(ScopedQuerySet):
    def open(self) -> InvitationQuerySet:
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=clock.now())

    def by_token(self, token: str) -> Invitation | None:
        """The invitation whose link holds `token`, open or not; only its digest is kept."""
        return self.filter(token_digest=_digest(token)).first()


class Invitation(Scoped):
    """A link sent by e-mail: who follows it and proves the address joins with these roles."""

    email = models.EmailField(_("e-mail address"))
    language = models.CharField(
        _("language of the message"), max_length=10, choices=settings.LANGUAGES, default="en"
    )
    roles = ArrayField(models.CharField(max_length=12, choices=Role), verbose_name=_("roles"))
    organization = models.ForeignKey(
        "people.Organization",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organization"),
    )
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(roles__len__gt=0) & Q(roles__contained_by=Role.values),
                name="invitation_has_known_roles",
            ),
            models.UniqueConstraint(
                "initiative",
                Lower("email"),
                "organization",
                name="one_open_invitation",
                nulls_distinct=False,
                condition=Q(accepted_at=None, withdrawn_at=None),
                violation_error_message=_("This person already has an open invitation."),
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def standing(self) -> str:
        """ "open", or why its link no longer works: "used", "withdrawn", "expired"."""
        if self.accepted_at:
            return "used"
        if self.withdrawn_at:
            return "withdrawn"
        return "open" if self.expires_at > clock.now() else "expired"

    @property
    def role_labels(self) -> list[str]:
        return [str(Role(role).label) for role in self.roles]

    def is_for(self, user: User) -> bool:
        """True when the link was sent to this person's address."""
        return user.email.lower() == self.email.lower()

    @property
    def account(self) -> User | None:
        """The account that signs in with the invited address, if there is one."""
        return User.objects.filter(email__iexact=self.email).first()

    @classmethod
    @verb
    def send(
        cls,
        *,
        initiative: Initiative,
        email: str,
        roles: list[str],
        by: User,
        organization: Organization | None = None,
        language: str = "en",
    ) -> tuple[Invitation, str]:
        """Ask somebody in. Returns the invitation and the token of its link, known only now.

        An expired or open invitation of the same address is replaced.
        """
        lock(initiative)  # two invitations of one address at once: the later replaces the earlier
        now = clock.now()
        cls.objects.for_initiative(initiative).filter(
            email__iexact=email, organization=organization, accepted_at=None, withdrawn_at=None
        ).update(withdrawn_at=now)
        token = secrets.token_urlsafe(24)
        invitation = cls(
            initiative=initiative,
            email=email,
            roles=roles,
            organization=organization,
            language=language,
            invited_by=by,
            token_digest=_digest(token),
            created_at=now,
            expires_at=now + timedelta(days=INVITATION_DAYS),
        )
        invitation.full_clean()
        invitation.save()
        audit(invitation, before="", after="sent", by=by)
        return invitation, token

    @verb
    def accept(self, *, by: User) -> Membership:
        """Join with the roles of the invitation; roles held already are kept.

        Following the link has proved the address. Raises StateChanged when the invitation is no
        longer open, ValidationError when it was sent to somebody else or its roles do not go with
        what hangs on her membership.
        """
        self._lock_open()
        if not self.is_for(by):
            raise ValidationError(
                _("This invitation was sent to another address than yours."), code="wrong_person"
            )
        membership, created = Membership.objects.get_or_create(
            initiative=self.initiative,
            user=by,
            organization=self.organization,
            defaults={"roles": self.roles},
        )
        if not created:
            lock(membership)
            kept = [] if membership.ended_at else membership.roles
            joined = sorted({*kept, *self.roles})
            membership._refuse_to_cut_ties(joined)
            membership.roles = joined
            membership.ended_at = None
            membership.save(update_fields=["roles", "ended_at"])
        self.accepted_at, self.accepted_by = clock.now(), by
        self.save(update_fields=["accepted_at", "accepted_by"])
        _record_proved_address(by)
        audit(self, before="sent", after="accepted", by=by)
        return membership

    @verb
    def open_account(self, *, name: str, language: str, password: str | None) -> User:
        """Make the account of the invited address and join with it.

        Without a password she signs in by codes sent to her address. Raises StateChanged when
        the invitation is no longer open or the address has an account by now.
        """
        self._lock_open()
        if self.account is not None:
            raise StateChanged
        user = User.objects.create_user(
            self.email.lower(), password or None, name=name, language=language
        )
        self.accept(by=user)
        return user

    @verb
    def withdraw(self, *, by: User) -> None:
        """Make the link worthless. Raises StateChanged when it has been used or withdrawn."""
        lock(self)
        if self.standing in ("used", "withdrawn"):
            raise StateChanged
        self.withdrawn_at = clock.now()
        self.save(update_fields=["withdrawn_at"])
        audit(self, before="sent", after="withdrawn", by=by)

    def _lock_open(self) -> None:
        lock(self)
        if self.standing != "open":
            raise StateChanged


def _record_proved_address(user: User) -> None:
    """Tell the sign-in package that the address is verified, so that it asks no second time."""
    addresses = apps.get_model("account", "EmailAddress").objects.filter(user=user)
    primary = not addresses.filter(primary=True).exclude(email__iexact=user.email).exists()
    addresses.update_or_create(
        user=user, email=user.email.lower(), defaults={"verified": True, "primary": primary}
    )
