"""How small groups are protected here: the presets to choose from, and what is in force."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ciforum.people.permissions import public
from ciforum.people.requests import MemberRequest
from equity.models import Policy
from equity.permissions import may_tighten_policy
from equity.thresholds import small_groups_in_words
from measurement.protecting import preset_words
from measurement.protecting.presets import PRESETS
from measurement.showing.symbols import SYMBOLS
from measurement.views.crumbs import trail


@public
@require_http_methods(["GET", "HEAD", "POST"])
def protection(request: MemberRequest, initiative: str) -> HttpResponse:
    """Read the rules; the backbone may choose a preset, which only ever makes them stricter."""
    may_choose = may_tighten_policy(request.membership)
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not may_choose:
            raise PermissionDenied
        return _choose(request)
    policy = Policy.of(request.initiative)
    presets = [
        {
            "preset": preset,
            "name": preset_words.name(preset.key),
            "rules": preset_words.in_words(preset),
            "is_chosen": (preset.key, preset.version)
            == (policy.protection_preset, policy.protection_preset_version),
            "asks_more": preset_words.asks_more(preset, policy),
        }
        for preset in PRESETS.values()
    ]
    context = {
        "in_force": preset_words.in_force(policy),
        "rules": small_groups_in_words(policy),
        "presets": presets,
        "symbols": SYMBOLS.values(),
        "may_choose": may_choose,
        "crumbs": trail(request),
    }
    return render(request, "measurement/protection.html", context)


def _choose(request: MemberRequest) -> HttpResponse:
    preset = preset_words.find(request.POST.get("preset", ""))
    if preset is None:
        raise Http404
    if request.POST.get("understood") != "on":
        messages.error(
            request, _("Say that you know: only a decision of the community makes it looser again.")
        )
    else:
        Policy.of(request.initiative).protect_by(
            preset=preset.key,
            version=preset.version,
            by=request.user,
            **preset_words.rules(preset),
        )
        messages.success(
            request,
            _("Small groups are protected by it from the next release on. Everybody can see it."),
        )
    return redirect("measurement:protection", request.initiative.slug)
