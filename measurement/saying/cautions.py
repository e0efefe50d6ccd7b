"""What every picture and sentence about groups carries: why a gap is there, and who is left out.

A gap without its cause reads like the fault of those on its lower side; a comparison of groups
says little where many people are in none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measurement.saying import headline, reasons
from measurement.showing import unknown, wording
from measurement.showing.derived import of
from measurement.showing.pages import kept

if TYPE_CHECKING:
    from measurement.models import Indicator
    from measurement.saying.reasons import Reasons
    from measurement.showing.derived import Derived
    from measurement.showing.shown import Shown


def why_of(indicator: Indicator) -> Reasons:
    """What is said about the causes of its gaps; kept until anything public changes.

    One query for all indicators of an initiative, so a dashboard asks no more than one chart.
    """
    initiative = indicator.initiative
    every = kept(initiative, ("causes",), lambda: reasons.why_all(initiative))
    return every.get(indicator.pk) or reasons.Reasons()


def cause(why: Reasons) -> str:
    """In a few words, for where nothing can be linked."""
    if not why.named:
        return _("Cause not yet researched.")
    names = "; ".join(str(each.event.title) for each in why.named if each.event)
    return ngettext(
        "A cause is named: %(names)s.", "Causes are named: %(names)s.", len(why.named)
    ) % {"names": names}


def after_a_gap(source: Derived | Shown) -> str:
    """Its cause in words, where a sentence tells of a gap between groups; else ""."""
    derived = of(source)
    return cause(why_of(derived.shown.indicator)) if headline.gap(derived) else ""


@dataclass(frozen=True)
class Unknown:
    """Whose group is not known, in a sentence. is_much: it is worth a warning on the chart."""

    sentence: str
    is_much: bool


def unknown_groups(shown: Shown) -> Unknown | None:
    """None where the question does not arise: groups that overlap, or no whole groups.

    Where a number it would need is hidden or missing, only that it cannot be told.
    """
    share = unknown.unknown_share(shown)
    if share is not None:
        told = _("The group of %(share)s of the people counted is not known.")
        return Unknown(told % {"share": wording.rate(share * 100, 100)}, unknown.is_much(share))
    if not unknown.is_asked(shown):
        return None
    return Unknown(
        _(
            "For how many people the group is not known cannot be told, as not every number it "
            "takes can be shown."
        ),
        False,
    )


def below(source: Derived | Shown) -> list[str]:
    """What stands below a picture that leaves the page: the cause of a gap, and who is left out."""
    derived = of(source)
    said = [after_a_gap(derived)]
    if found := unknown_groups(derived.shown):
        warned = _("Read with care: %(sentence)s") % {"sentence": found.sentence}
        said.append(warned if found.is_much else found.sentence)
    return [each for each in said if each]
