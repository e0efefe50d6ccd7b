"""What the rules of seats and decisions say, per code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import _StrPromise

Params = dict[str, Any]

REMEDIES: dict[str, _StrPromise] = {
    "not_chosen": gettext_lazy("Go to the seat"),
}


def _not_chosen(params: Params) -> str:
    return ngettext(
        "%(chosen)s resident said that residents chose the holder. It takes %(needed)s.",
        "%(chosen)s residents said that residents chose the holder. It takes %(needed)s.",
        params["chosen"],
    ) % {"chosen": params["chosen"], "needed": params["needed"]}


def _chosen(params: Params) -> str:
    if "chosen" not in params:
        return _("This seat is not one for lived experience.")
    return ngettext(
        "%(chosen)s resident said that residents chose the holder.",
        "%(chosen)s residents said that residents chose the holder.",
        params["chosen"],
    ) % {"chosen": params["chosen"]}


def _fixed(words: _StrPromise) -> Callable[[Params], str]:
    return lambda params: str(words)


SENTENCES: dict[str, Callable[[Params], str]] = {
    "chosen_by_residents": _chosen,
    "not_chosen": _not_chosen,
    "holder_no_resident": _fixed(
        gettext_lazy(
            "The holder is no resident: a community member who does not work for the backbone."
        )
    ),
}
