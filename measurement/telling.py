"""Who hears of what happens to submissions and releases, and what it gives them to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ciforum.people import registry
from ciforum.people.duties import owe, settle
from ciforum.people.models import Initiative, Membership, Role
from ciforum.people.notices import notify
from ciforum.people.words import Words
from measurement.owing import telling_duties
from measurement.releasing import publishing

if TYPE_CHECKING:
    from measurement.models import Release, Submission

APPROVE, MEND, RELEASE = "submission.approve", "submission.mend", "release.prepare"


def handed_in(submission: Submission) -> None:
    """The backbone has something to approve."""
    settle(submission.uid, MEND)
    for member in _members(submission.initiative, Role.BACKBONE):
        owe(member, APPROVE, about=submission.uid, dedup_key=_key(submission), **_about(submission))
        notify(
            member.user,
            APPROVE,
            initiative=submission.initiative,
            dedup_key=_key(submission),
            about=submission.uid,
            **_about(submission),
        )


def sent_back(submission: Submission) -> None:
    """The partner has something to mend."""
    settle(submission.uid, APPROVE)
    for member in _partner(submission):
        owe(member, MEND, about=submission.uid, dedup_key=_key(submission), **_about(submission))
    _tell_partner(submission, MEND)


def approved(submission: Submission) -> None:
    settle(submission.uid, APPROVE)
    _tell_partner(submission, "submission.approved")
    settle(submission.indicator.uid, RELEASE)  # one line on Today, however many files came
    for member in _members(submission.initiative, Role.BACKBONE):
        owe(
            member,
            RELEASE,
            about=submission.indicator.uid,
            dedup_key=_key(submission),
            **_about(submission),
        )


def withdrawn(submission: Submission) -> None:
    settle(submission.uid, APPROVE, MEND)


def published(release: Release) -> None:
    """Those whose numbers these are hear first."""
    settle(release.indicator.uid, RELEASE)
    if not publishing.waiting(release.indicator):
        settle(release.indicator.uid, telling_duties.RESTATE)
    senders = {
        submission.handed_in_by
        for submission in release.indicator.submissions.filter(state="approved").select_related(
            "handed_in_by"
        )
        if submission.handed_in_by
    }
    for person in senders:
        notify(
            person,
            "release.published",
            initiative=release.initiative,
            dedup_key=str(release.uid),
            about=release.uid,
            indicator=dict(release.indicator.name),
            slug=release.indicator.slug,
        )


def _members(initiative: Initiative, role: str) -> list[Membership]:
    everybody = Membership.objects.for_initiative(initiative).current()
    return list(everybody.with_role(role).select_related("user"))


def _partner(submission: Submission) -> list[Membership]:
    """Who handed it in, or everybody of the organization when she has left."""
    own = Membership.objects.for_initiative(submission.initiative).current()
    team = own.filter(organization=submission.organization).select_related("user")
    return list(team.filter(user=submission.handed_in_by)) or list(team)


def _tell_partner(submission: Submission, kind: str) -> None:
    for member in _partner(submission):
        notify(
            member.user,
            kind,
            initiative=submission.initiative,
            dedup_key=_key(submission),
            about=submission.uid,
            **_about(submission),
        )


def _key(submission: Submission) -> str:
    return f"{submission.uid}:{submission.handed_in_at:%Y%m%d%H%M%S%f}"


def _about(submission: Submission) -> dict[str, Any]:
    return {
        "uid": str(submission.uid),
        "indicator": dict(submission.indicator.name),
        "slug": submission.indicator.slug,
        "organization": submission.organization.name,
    }


def _filled(sentence: str, params: dict[str, Any]) -> str:
    return sentence % {
        "indicator": Words(params["indicator"]),
        "organization": params.get("organization", ""),
    }


def _submission_url(initiative: Initiative, params: dict[str, Any]) -> str:
    return reverse("measurement:submission", args=[initiative.slug, params["uid"]])


def _indicator_url(initiative: Initiative, params: dict[str, Any]) -> str:
    return reverse("measurement:indicator", args=[initiative.slug, params["slug"]])


def register() -> None:
    """Fill the ground's tables of notices and duties; called once at start-up."""
    for kind, subject, body, url in (
        (
            APPROVE,
            lambda p: _filled(_("New numbers from %(organization)s"), p),
            lambda p: _filled(
                _("%(organization)s handed in numbers for “%(indicator)s”. Please look at them."), p
            ),
            _submission_url,
        ),
        (
            MEND,
            lambda p: _filled(_("Please mend your numbers for “%(indicator)s”"), p),
            lambda p: _filled(
                _("Your numbers for “%(indicator)s” came back with a note on what to mend."), p
            ),
            _submission_url,
        ),
        (
            "submission.approved",
            lambda p: _filled(_("Your numbers for “%(indicator)s” were approved"), p),
            lambda p: _filled(_("Thank you. Your numbers for “%(indicator)s” were approved."), p),
            _submission_url,
        ),
        (
            "release.published",
            lambda p: _filled(_("“%(indicator)s” is public"), p),
            lambda p: _filled(
                _("Numbers that you handed in for “%(indicator)s” are now on a public page."), p
            ),
            _indicator_url,
        ),
    ):
        registry.notices.add(kind, registry.NoticeKind(subject, body, url))
    for kind, sentence, url, action, icon in (
        (
            APPROVE,
            lambda p: _filled(_("Look at the numbers of %(organization)s for “%(indicator)s”."), p),
            _submission_url,
            gettext_lazy("Look at them"),
            "inbox",
        ),
        (
            MEND,
            lambda p: _filled(_("Mend your numbers for “%(indicator)s”."), p),
            _submission_url,
            gettext_lazy("See what to mend"),
            "pencil",
        ),
        (
            RELEASE,
            lambda p: _filled(_("Prepare the release of “%(indicator)s”: new numbers wait."), p),
            _indicator_url,
            gettext_lazy("Prepare it"),
            "megaphone",
        ),
    ):
        registry.duties.add(kind, registry.DutyKind(sentence, url, action, icon))
