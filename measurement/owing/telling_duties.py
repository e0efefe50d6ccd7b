"""Who hears of reports that are owed and of numbers that change, and what it gives them to do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ciforum.people import clock, registry
from ciforum.people.duties import owe, settle
from ciforum.people.models import Duty, Initiative, Membership, Period, Role, User
from ciforum.people.notices import notify_all
from ciforum.people.words import Words

if TYPE_CHECKING:
    from measurement.models import ReportDuty, Restatement, Submission

HAND_IN, ANSWER, RESTATE = "report.hand_in", "report.answer", "release.restate"
REMINDER, ASKED_AGAIN, ACCEPTED = "report.reminder", "report.asked_again", "report.accepted"
CLOSED, PUT_OFF, RETRACTED = "report.closed", "report.put_off", "submission.retracted"
# A mail names so many reports; the page it leads to names all.
NAMED = 15


# --- what happens to an expected report


def excused(duty: ReportDuty) -> None:
    """The partner's people need do nothing more; the backbone answers."""
    settle(duty.uid, HAND_IN)
    key = f"{duty.uid}:{clock.now():%Y%m%d%H%M%S%f}"
    staff = _staff(duty.initiative)
    for member in staff:
        owe(member, ANSWER, about=duty.uid, dedup_key=key, **_about(duty))
    _tell(staff, ANSWER, duty, key)


def accepted(duty: ReportDuty) -> None:
    settle(duty.uid, ANSWER)
    _tell_partner(ACCEPTED, duty)


def asked_again(duty: ReportDuty) -> None:
    settle(duty.uid, ANSWER)
    reopened([duty.uid], due=duty.due)
    _tell_partner(ASKED_AGAIN, duty)


def closed(duty: ReportDuty) -> None:
    settle(duty.uid, HAND_IN, ANSWER)
    _tell_partner(CLOSED, duty)


def put_off(duty: ReportDuty) -> None:
    Duty.objects.filter(about=duty.uid, kind=HAND_IN, done_at=None).update(due=duty.due)
    _tell_partner(PUT_OFF, duty)


def reopened(uids: Iterable[UUID], due: datetime | None = None) -> None:
    """It is owed again by those who owed it."""
    changed: dict[str, Any] = {"done_at": None} | ({"due": due} if due else {})
    Duty.objects.filter(about__in=list(uids), kind=HAND_IN).update(**changed)


def settled(submission: Submission) -> None:
    """Handed in: nobody owes its reports any more, and no excuse waits for an answer."""
    Duty.objects.filter(
        about__in=_tied(submission), kind__in=[HAND_IN, ANSWER], done_at=None
    ).update(done_at=clock.now())


def taken_back(submission: Submission) -> None:
    """Its reports are owed again, but for those that another submission brings."""
    duties = apps.get_model("measurement", "ReportDuty").objects.filter(
        hand_ins__submission=submission, state="open"
    )
    owed = duties.with_standing().filter(standing__in=["due", "late", "returned"])
    reopened(owed.values_list("uid", flat=True))


def _tied(submission: Submission) -> list[UUID]:
    return list(submission.duties.values_list("duty__uid", flat=True))


# --- numbers that change


def propose_release(made: Restatement) -> None:
    """Public releases show numbers that changed: the backbone is asked to prepare a new one."""
    said: dict[str, Any] = {
        "uid": str(made.uid),
        "indicator": dict(made.indicator.name),
        "organization": made.submission.organization.name,
        "count": made.count,
    }
    staff = _staff(made.initiative)
    for member in staff:
        owe(member, RESTATE, about=made.indicator.uid, dedup_key=str(made.uid), **said)
    notify_all(
        [member.user for member in staff],
        RESTATE,
        initiative=made.initiative,
        dedup_key=str(made.uid),
        about=made.uid,
        **said,
    )


def retracted(submission: Submission, by: User) -> None:
    """The others hear of it: the partner's people when staff did it, and staff in any case."""
    taken_back(submission)
    team = [*_staff(submission.initiative), *partners(submission.organization_id)]
    notify_all(
        {member.user_id: member.user for member in team if member.user_id != by.pk}.values(),
        RETRACTED,
        initiative=submission.initiative,
        dedup_key=str(submission.uid),
        about=submission.uid,
        uid=str(submission.uid),
        indicator=dict(submission.indicator.name),
        organization=submission.organization.name,
    )


# --- who


def _staff(initiative: Initiative) -> list[Membership]:
    own = Membership.objects.for_initiative(initiative).current()
    return list(own.with_role(Role.BACKBONE).select_related("user"))


def partners(organization_id: int) -> list[Membership]:
    """Who hands in for an organization."""
    team = Membership.objects.filter(organization=organization_id).current()
    return list(team.with_role(Role.PARTNER).filter(user__is_active=True).select_related("user"))


def _tell_partner(kind: str, duty: ReportDuty) -> None:
    key = f"{duty.uid}:{clock.now():%Y%m%d%H%M%S%f}"
    _tell(partners(duty.organization_id), kind, duty, key)


def _tell(team: list[Membership], kind: str, duty: ReportDuty, key: str) -> None:
    notify_all(
        [member.user for member in team],
        kind,
        initiative=duty.initiative,
        dedup_key=key,
        about=duty.uid,
        **_about(duty),
    )


def _about(duty: ReportDuty) -> dict[str, Any]:
    return {
        "uid": str(duty.uid),
        "indicator": dict(duty.indicator.name),
        "organization": duty.organization.name,
        "period": period_params(duty.period),
        "due": duty.due.isoformat(),
        "why": dict(duty.why),
    }


def period_params(period: Period) -> list[str]:
    return [period.kind, period.start.isoformat(), period.end.isoformat()]


# --- how it reads


def _filled(sentence: str, params: dict[str, Any]) -> str:
    said: dict[str, Any] = {
        "indicator": Words(params["indicator"]),
        "organization": params.get("organization", ""),
        "why": Words(params.get("why", {})),
    }
    if "period" in params:
        said["period"] = _period(params["period"])
    if "due" in params:
        said["due"] = _day(params["due"])
    return sentence % said


def _period(params: list[str]) -> str:
    kind, start, end = params
    return str(Period(kind=kind, start=date.fromisoformat(start), end=date.fromisoformat(end)))


def _day(moment: str) -> str:
    return date_format(localtime(datetime.fromisoformat(moment)), "DATE_FORMAT")


def _reminder_subject(p: dict[str, Any]) -> str:
    day, number = _day(p["due"]), len(p["reports"])
    if p["days"] < 0:
        text = ngettext(
            "%(number)s report is due on %(day)s", "%(number)s reports are due on %(day)s", number
        )
    else:
        text = ngettext(
            "%(number)s report was due on %(day)s and is not there yet",
            "%(number)s reports were due on %(day)s and are not there yet",
            number,
        )
    return text % {"number": number, "day": day}


def _reminder_body(p: dict[str, Any]) -> str:
    lines = [
        _("“%(indicator)s” for %(period)s")
        % {"indicator": Words(each["indicator"]), "period": _period(each["period"])}
        for each in p["reports"][:NAMED]
    ]
    if len(p["reports"]) > NAMED:
        lines.append(_("… and %(number)s more") % {"number": len(p["reports"]) - NAMED})
    before = _("%(organization)s is expected to hand in:") % {"organization": p["organization"]}
    after = _(
        "If there are no numbers, say so there, and why. To get no more reminders of these "
        "reports, or of any, open: %(url)s"
    ) % {"url": settings.SITE_URL + p["mute"]}
    return "\n".join([before, "", *(f"- {line}" for line in lines), "", after])


def _restate_sentence(p: dict[str, Any]) -> str:
    text = ngettext(
        "Prepare a new release of “%(indicator)s”: a public one shows %(count)s number that "
        "has changed.",
        "Prepare a new release of “%(indicator)s”: public ones show %(count)s numbers that "
        "have changed.",
        p["count"],
    )
    return text % {"indicator": Words(p["indicator"]), "count": p["count"]}


def _duty_url(initiative: Initiative, params: dict[str, Any]) -> str:
    return reverse("measurement:duty", args=[initiative.slug, params["uid"]])


def _matrix_url(initiative: Initiative, params: dict[str, Any]) -> str:
    if len(params["reports"]) == 1:
        return reverse("measurement:duty", args=[initiative.slug, params["reports"][0]["uid"]])
    return reverse("measurement:duties", args=[initiative.slug])


def _restatement_url(initiative: Initiative, params: dict[str, Any]) -> str:
    return reverse("measurement:restatement", args=[initiative.slug, params["uid"]])


def _submission_url(initiative: Initiative, params: dict[str, Any]) -> str:
    return reverse("measurement:submission", args=[initiative.slug, params["uid"]])


def register() -> None:
    """Fill the ground's tables of notices and duties; called once at start-up."""
    add = registry.notices.add
    add(REMINDER, registry.NoticeKind(_reminder_subject, _reminder_body, _matrix_url))
    add(
        RESTATE,
        registry.NoticeKind(
            lambda p: _filled(_("Public numbers of “%(indicator)s” have changed"), p),
            _restate_sentence,
            _restatement_url,
        ),
    )
    for kind, subject, body, url in (
        (
            ANSWER,
            lambda p: _filled(_("%(organization)s says that there are no numbers"), p),
            lambda p: _filled(
                _(
                    "%(organization)s hands in nothing for “%(indicator)s”, %(period)s: %(why)s "
                    "Please accept that or ask again."
                ),
                p,
            ),
            _duty_url,
        ),
        (
            ACCEPTED,
            lambda p: _filled(_("Nothing more to do for “%(indicator)s”, %(period)s"), p),
            lambda p: _filled(
                _("It is accepted that there are no numbers for “%(indicator)s”, %(period)s."), p
            ),
            _duty_url,
        ),
        (
            ASKED_AGAIN,
            lambda p: _filled(_("You are asked again for “%(indicator)s”, %(period)s"), p),
            lambda p: _filled(
                _(
                    "The backbone asks again for “%(indicator)s”, %(period)s, by %(due)s. Its "
                    "words are on the page."
                ),
                p,
            ),
            _duty_url,
        ),
        (
            CLOSED,
            lambda p: _filled(_("“%(indicator)s” for %(period)s is closed"), p),
            lambda p: _filled(
                _("Nobody expects “%(indicator)s” for %(period)s any more: %(why)s"), p
            ),
            _duty_url,
        ),
        (
            PUT_OFF,
            lambda p: _filled(_("“%(indicator)s” for %(period)s has another date"), p),
            lambda p: _filled(_("“%(indicator)s” for %(period)s is expected by %(due)s now."), p),
            _duty_url,
        ),
        (
            RETRACTED,
            lambda p: _filled(_("Approved numbers for “%(indicator)s” were withdrawn"), p),
            lambda p: _filled(
                _(
                    "Numbers of %(organization)s for “%(indicator)s” were withdrawn after they "
                    "were approved. The page says why, and which releases show them."
                ),
                p,
            ),
            _submission_url,
        ),
    ):
        add(kind, registry.NoticeKind(subject, body, url))
    _register_duties()


def _register_duties() -> None:
    for kind, sentence, url, action, icon in (
        (
            HAND_IN,
            lambda p: _filled(_("Hand in “%(indicator)s” for %(period)s."), p),
            _duty_url,
            gettext_lazy("Hand it in"),
            "file-up",
        ),
        (
            ANSWER,
            lambda p: _filled(
                _("Answer %(organization)s, who has no numbers for “%(indicator)s”, %(period)s."),
                p,
            ),
            _duty_url,
            gettext_lazy("Answer"),
            "messages-square",
        ),
        (RESTATE, _restate_sentence, _restatement_url, gettext_lazy("Prepare it"), "megaphone"),
    ):
        registry.duties.add(kind, registry.DutyKind(sentence, url, action, icon))
