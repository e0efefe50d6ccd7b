"""The kind "finding": what residents found at a data walk, cited by charter, goals and decisions.

`of_indicator` answers the findings that stand beside an indicator's numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agenda.citing import hang, record_of
from ciforum.people import registry
from ciforum.people.models import Citable
from measurement.models import DataWalk, Finding

if TYPE_CHECKING:
    from ciforum.people.models import Initiative, Membership
    from measurement.models import Indicator

KIND = "finding"
TITLE_SIGNS = 80


def of_indicator(indicator: Indicator) -> list[Finding]:
    """Agreed findings about a station that shows this indicator, the newest first."""
    return list(
        _every().agreed().filter(stations__indicator=indicator).distinct().order_by("-agreed_at")
    )


def signed(finding: Finding) -> str:
    """Who found it: "Found by Rosa M., a resident and one more." Authors without a name count."""
    said = finding.names()
    if unnamed := finding.unnamed():
        said.append(
            ngettext(
                "%(count)s person without a name",
                "%(count)s people without a name",
                unnamed,
            )
            % {"count": unnamed}
        )
    if len(said) > 1:
        last = said.pop()
        names = _("%(names)s and %(last)s") % {"names": ", ".join(said), "last": last}
    else:
        names = "".join(said)
    return _("Found by %(names)s.") % {"names": names} if names else ""


def register() -> None:
    """Fill the ground's tables; called once at start-up."""
    registry.citations.add(
        KIND,
        registry.CitationKind(
            label=gettext_lazy("Finding of a data walk"),
            icon="quote",
            title=lambda citable: title(finding(citable)),
            url=lambda citable: finding(citable).get_absolute_url(),
            excerpt=lambda citable, member: excerpt(finding(citable)),
            visible_to=lambda citable, member: finding(citable).is_agreed,
            choices=choices,
            find=find,
            traits=lambda citable: {"voice"} if finding(citable).is_agreed else set(),
            load=lambda citables: hang(citables, _every()),
        ),
    )
    registry.public_urls.add("data walks", _public_urls)
    registry.evidence.add(
        "measurement.walks",
        registry.EvidenceSource(
            4, gettext_lazy("Do residents read the numbers, and say what they mean?"), walked
        ),
    )


def finding(citable: Citable) -> Finding:
    found: Finding = record_of(citable, _every())
    return found


def title(found: Finding) -> str:
    """Its first words."""
    return Truncator(str(found.text)).chars(TITLE_SIGNS)


def excerpt(found: Finding) -> str:
    """All it says, and who says it."""
    return " ".join(filter(None, [f"“{found.text}”", signed(found)]))


def choices(initiative: Initiative, member: Membership | None) -> Iterable[tuple[Any, str]]:
    """Every agreed finding, the newest first."""
    agreed = Finding.objects.for_initiative(initiative).agreed().order_by("-agreed_at")
    return [(each.uid, title(each)) for each in agreed]


def find(initiative: Initiative, uid: Any) -> Citable | None:
    """The row that stands for an agreed finding, made when it is cited first."""
    own = Finding.objects.for_initiative(initiative).agreed().select_related("initiative")
    try:
        found = own.filter(uid=uid).first()
    except ValidationError:  # no uid at all
        return None
    return Citable.of(found, KIND) if found else None


def walked(initiative: Initiative, member: Membership | None) -> registry.Evidence:
    """How many walks were held, and what residents found at them."""
    walks = DataWalk.objects.for_initiative(initiative).shown().count()
    found = Finding.objects.for_initiative(initiative).agreed().count()
    held = ngettext("%(count)s data walk was held", "%(count)s data walks were held", walks)
    signed = ngettext(
        "%(count)s finding is signed by residents",
        "%(count)s findings are signed by residents",
        found,
    )
    sentence = _("%(held)s, and %(signed)s.") % {
        "held": held % {"count": walks},
        "signed": signed % {"count": found},
    }
    if not walks:
        sentence = _("No data walk was held yet.")
    url = reverse("measurement:walks", args=[initiative.slug])
    return registry.Evidence(sentence, found, ((_("Data walks"), url),))


def _public_urls(initiative: Initiative) -> list[str]:
    walks = DataWalk.objects.for_initiative(initiative).shown().select_related("initiative")
    listed = reverse("measurement:walks", args=[initiative.slug])
    return [listed, *(each.get_absolute_url() for each in walks)]


def _every() -> Any:
    return Finding.objects.select_related("initiative", "walk__initiative").prefetch_related(
        "authors"
    )
