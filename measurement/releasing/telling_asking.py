"""Who hears of councils' words and of data requests, and what it gives them to do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ciforum.people import clock, registry
from ciforum.people.duties import owe, settle
from ciforum.people.models import Duty, Initiative, Membership, Role
from ciforum.people.notices import notify_all
from ciforum.people.words import Words
from measurement.releasing import authority

if TYPE_CHECKING:
    from equity.models import AuthorityWord
    from measurement.models import DataRequest, Release, Withholding

SPEAK, DUE, RENEW = "authority.speak", "request.due", "request.renew"
KEPT, GIVEN = "authority.kept_back", "authority.given_back"
# So many days before its date the backbone hears of a request.
AHEAD = (14, 3)


# --- councils


def ask_councils(release: Release) -> None:
    """Those who sit in a council that has not agreed are asked for their word."""
    for concern in authority.concerning(release):
        if concern.says:
            continue
        key = f"{release.uid}:{concern.authority.uid}:{release.seen_by(concern.authority)[:12]}"
        about: dict[str, Any] = {
            "release": str(release.uid),
            "authority": str(concern.authority.uid),
            "indicator": dict(release.indicator.name),
            "group": dict(concern.authority.group.name),
        }
        seats = list(concern.authority.seats().select_related("holder__user"))
        for seat in seats:
            owe(seat.holder, SPEAK, about=release.uid, dedup_key=key, **about)
        notify_all(
            [seat.holder.user for seat in seats],
            SPEAK,
            initiative=release.initiative,
            dedup_key=key,
            about=release.uid,
            **about,
        )


def spoke(word: AuthorityWord) -> None:
    """Whoever may speak for the seat has nothing more to do there."""
    speakers = {word.by_id, word.seat.holder.user_id}
    waiting = Duty.objects.filter(about=word.record_uid, kind=SPEAK, done_at=None)
    waiting.filter(owner__user__in=speakers).update(done_at=clock.now())


def answered_or_out(release: Release) -> None:
    """The release is public or discarded: nobody is asked any more."""
    settle(release.uid, SPEAK)


def kept_back(changed: Withholding) -> None:
    """Whoever prepares releases hears that public numbers are hidden, or may be shown again."""
    team = Membership.objects.current().filter(initiative=changed.initiative)
    kind = GIVEN if changed.ended_at else KEPT
    notify_all(
        [each.user for each in team.with_role(Role.BACKBONE).select_related("user")],
        kind,
        initiative=changed.initiative,
        dedup_key=str(changed.uid),
        about=changed.indicator.uid,
        slug=changed.indicator.slug,
        indicator=dict(changed.indicator.name),
        group=dict(changed.authority.group.name),
    )


# --- data requests


def remind(request: DataRequest, kind: str, day: datetime) -> None:
    left = day - clock.now()
    step = min(days for days in AHEAD if left <= timedelta(days=days))
    team = Membership.objects.current().filter(initiative=request.initiative)
    notify_all(
        [each.user for each in team.with_role(Role.BACKBONE).select_related("user")],
        kind,
        initiative=request.initiative,
        dedup_key=f"{request.uid}:{day:%Y%m%d}:{step}",
        about=request.uid,
        uid=str(request.uid),
        holder=request.holder,
        indicator=dict(request.indicator.name),
        day=day.isoformat(),
    )


# --- how it reads


def _of_release(sentence: str, params: dict[str, Any]) -> str:
    return sentence % {name: Words(params[name]) for name in ("indicator", "group")}


def _of_request(sentence: str, params: dict[str, Any]) -> str:
    return sentence % {
        "holder": params["holder"],
        "indicator": Words(params["indicator"]),
        "day": date_format(localtime(datetime.fromisoformat(params["day"])), "DATE_FORMAT"),
    }


def _word_url(initiative: Initiative, params: dict[str, Any]) -> str:
    args = [initiative.slug, params["authority"], params["release"]]
    return reverse("measurement:authority_word", args=args)


def _indicator_url(initiative: Initiative, params: dict[str, Any]) -> str:
    return reverse("measurement:indicator", args=[initiative.slug, params["slug"]])


def _request_url(initiative: Initiative, params: dict[str, Any]) -> str:
    return reverse("measurement:request", args=[initiative.slug, params["uid"]])


def register() -> None:
    """Fill the ground's tables of notices and duties; called once at start-up."""
    registry.notices.add(
        SPEAK,
        registry.NoticeKind(
            lambda p: _of_release(_("Your council decides: numbers of “%(group)s”"), p),
            lambda p: _of_release(
                _(
                    "“%(indicator)s” is about to be released. It holds numbers of “%(group)s”. "
                    "Your council says whether they are shown. Nothing goes out without its word."
                ),
                p,
            ),
            _word_url,
        ),
    )
    registry.notices.add(
        KEPT,
        registry.NoticeKind(
            lambda p: _of_release(_("A council keeps public numbers back: “%(indicator)s”"), p),
            lambda p: _of_release(
                _(
                    "The council of “%(group)s” keeps its numbers in “%(indicator)s” from now on. "
                    "Every page hides them at once, with all numbers by the same groups. Prepare "
                    "a new release: it shows the others again as far as that is safe."
                ),
                p,
            ),
            _indicator_url,
        ),
    )
    registry.notices.add(
        GIVEN,
        registry.NoticeKind(
            lambda p: _of_release(_("A council gives numbers back: “%(indicator)s”"), p),
            lambda p: _of_release(
                _(
                    "The council of “%(group)s” lets its numbers in “%(indicator)s” be shown "
                    "again. Prepare a new release if they are still hidden."
                ),
                p,
            ),
            _indicator_url,
        ),
    )
    registry.duties.add(
        SPEAK,
        registry.DutyKind(
            lambda p: _of_release(
                _("Say for your seat whether numbers of “%(group)s” are shown: “%(indicator)s”."), p
            ),
            _word_url,
            gettext_lazy("Say it"),
            "shield",
        ),
    )
    registry.notices.add(
        DUE,
        registry.NoticeKind(
            lambda p: _of_request(_("%(holder)s has until %(day)s"), p),
            lambda p: _of_request(
                _(
                    "%(holder)s was asked for data on “%(indicator)s”. The date is %(day)s. After "
                    "that the next release waits, unless the request is taken further with others."
                ),
                p,
            ),
            _request_url,
        ),
    )
    registry.notices.add(
        RENEW,
        registry.NoticeKind(
            lambda p: _of_request(_("Ask %(holder)s again by %(day)s"), p),
            lambda p: _of_request(
                _(
                    "The request to %(holder)s for data on “%(indicator)s” was taken further. Ask "
                    "again by %(day)s, or the next release waits."
                ),
                p,
            ),
            _request_url,
        ),
    )
