"""What became of asking for a breakdown, as the rule on required groups says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# By what became of the request; each is filled with the dimension and its groups.
SAID: dict[str, _StrPromise] = {
    "cannot": gettext_lazy(
        "“%(dimension)s” does not count %(groups)s. Whoever holds the data cannot tell them apart, "
        "and we have not taken it further."
    ),
    "promise_over": gettext_lazy(
        "“%(dimension)s” does not count %(groups)s. The day from which they were to be counted is "
        "over, and we have not taken it further."
    ),
    "lapsed": gettext_lazy(
        "“%(dimension)s” does not count %(groups)s. We took it further, and have not asked again "
        "for half a year."
    ),
}

GAPS = ("request_cannot", "request_promise_over", "request_lapsed")

REMEDIES: dict[str, _StrPromise] = dict.fromkeys(GAPS, gettext_lazy("Go to the data requests"))
