"""How strict this initiative is: open to everybody; the backbone can make it stricter."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest
from equity.forms import PolicyForm, put
from equity.models import Policy
from equity.models.policy import SMALL_COUNT, STORY_WORDS, WAIVER_DAYS
from equity.permissions import may_tighten_policy
from equity.views.tabs import tabs


@public
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: MemberRequest, initiative: str) -> HttpResponse:
    """The thresholds in words, and the form that makes them stricter."""
    may_tighten = may_tighten_policy(request.membership)
    if request.method == "POST" and not may_tighten:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise PermissionDenied
    kept = Policy.of(request.initiative)
    form = PolicyForm(request.POST or None, instance=Policy.of(request.initiative))
    if request.method == "POST" and form.is_valid():
        if not form.changes():
            messages.info(request, _("Nothing is different from now."))
            return redirect("equity:policy", initiative)
        try:
            kept.tighten(by=request.user, **form.changes())
        except ValidationError as error:
            put(form, error)
        else:
            messages.success(request, _("The thresholds are stricter now. Everybody can see it."))
            return redirect("equity:policy", initiative)
    context = {
        **tabs(request, "policy"),
        "thresholds": _in_words(Policy.of(request.initiative)),
        "form": form,
        "may_tighten": may_tighten,
    }
    return render(request, "equity/policy.html", context, status=422 if form.errors else 200)


def _in_words(kept: Policy) -> list[tuple[str, str]]:
    """(what holds here, what holds for every initiative) for each threshold."""
    return [
        (
            _("Counts from 1 to %(most)s are never shown, and cannot be worked out.")
            % {"most": kept.small_count - 1},
            _("Every initiative protects at least counts from 1 to %(most)s.")
            % {"most": SMALL_COUNT - 1},
        ),
        (
            ngettext(
                "The story behind the numbers has at least %(words)s word.",
                "The story behind the numbers has at least %(words)s words.",
                kept.story_words,
            )
            % {"words": kept.story_words},
            ngettext(
                "Every initiative asks for at least %(words)s word.",
                "Every initiative asks for at least %(words)s words.",
                STORY_WORDS,
            )
            % {"words": STORY_WORDS},
        ),
        (
            ngettext(
                "A waiver ends after at most %(days)s day.",
                "A waiver ends after at most %(days)s days.",
                kept.waiver_days,
            )
            % {"days": kept.waiver_days},
            ngettext(
                "In every initiative a waiver ends after at most %(days)s day.",
                "In every initiative a waiver ends after at most %(days)s days.",
                WAIVER_DAYS,
            )
            % {"days": WAIVER_DAYS},
        ),
    ]
