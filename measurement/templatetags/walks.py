"""What templates of data walks ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.translation import get_language

from measurement.walking import findings, presenting

if TYPE_CHECKING:
    from measurement.models import Finding, Indicator, Station

register = template.Library()


@register.filter
def signed(finding: Finding) -> str:
    """Who found it, as a sentence."""
    return findings.signed(finding)


@register.simple_tag
def findings_of(indicator: Indicator) -> list[Finding]:
    """Agreed findings about an indicator, the newest first."""
    return findings.of_indicator(indicator)


@register.simple_tag
def picture(station: Station, size: str = "phone") -> str:
    """The address of a station's picture in the reader's language."""
    return presenting.picture_url(station, size, (get_language() or "en").split("-")[0])


@register.filter
def alt(station: Station) -> str:
    """What a station's picture shows, in words."""
    seen = presenting.stop(station)
    return seen.alt if seen else ""
