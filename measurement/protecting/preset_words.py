"""Protection presets in plain words, and what choosing one would ask of an initiative."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measurement.protecting.presets import NEXT_SMALLEST, PRESETS, TOTALS, Preset

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from equity.models import Policy

_NAMES: dict[str, _StrPromise] = {
    "cms-11": gettext_lazy("CMS, cell size 11"),
    "cdc-wonder-10": gettext_lazy("CDC WONDER, 10"),
    "nysed-5": gettext_lazy("New York schools, 5 and the next smallest"),
    "nces-bands": gettext_lazy("NCES, bands for percents"),
    "idea-10-30": gettext_lazy("IDEA, 10 and 30"),
}


def name(key: str) -> str:
    """The preset's name; its key where it is no longer known."""
    return str(_NAMES.get(key, key))


def rules(preset: Preset) -> dict[str, int]:
    """The preset as the thresholds of an initiative's policy; see `Policy.protect_by`.

    A smallest count below the floor of every initiative leaves the floor where it is.
    """
    return {
        "small_count": preset.threshold,
        "smallest_population": preset.population_minimum,
        "next_smallest": int(NEXT_SMALLEST in preset.complementary),
        "hide_totals": int(TOTALS in preset.complementary),
        "hide_zeros": int(not preset.zero_allowed),
        "hide_unanimous": int(preset.hides_unanimous),
        "hide_extremes": int(bool(preset.bands)),
        "reliable_count": preset.rates_unreliable_below,
    }


def in_words(preset: Preset) -> list[str]:
    """What the rule hides, one sentence each."""
    found = [_("Counts from 1 to %(most)s are not shown.") % {"most": preset.threshold - 1}]
    if preset.population_minimum:
        found.append(
            _("Nothing is shown about fewer than %(people)s people.")
            % {"people": preset.population_minimum}
        )
    if NEXT_SMALLEST in preset.complementary:
        found.append(_("Beside a hidden group, the next smallest one is hidden as well."))
    if TOTALS in preset.complementary:
        found.append(_("A total is hidden where one of its parts is."))
    if not preset.zero_allowed:
        found.append(_("That nobody was counted is not shown either."))
    if preset.hides_unanimous:
        found.append(_("That everybody of a group was counted is not shown."))
    if preset.bands:
        found.append(
            _("Percents close to 0 and to 100 are not shown; the fewer people, the wider the band.")
        )
    if preset.rates_unreliable_below:
        found.append(
            _("Rates that rest on fewer than %(people)s people are called unreliable.")
            % {"people": preset.rates_unreliable_below}
        )
    return found


def asks_more(preset: Preset, policy: Policy) -> bool:
    """True when choosing it would make something stricter than now."""
    return any(value > policy.threshold(name) for name, value in rules(preset).items())


def in_force(policy: Policy) -> str:
    """The preset chosen, by name and version; "" while none is."""
    return said(policy.protection_preset, policy.protection_preset_version)


def said(key: str, version: str) -> str:
    """ "CMS, cell size 11, version 2020"; "" without a preset."""
    if not key:
        return ""
    return _("%(name)s, version %(version)s") % {"name": name(key), "version": version}


def find(key: str) -> Preset | None:
    return PRESETS.get(key)
