"""Picking a record to cite, of any kind that can be cited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ciforum.people import registry
from ciforum.people.folding import folded

if TYPE_CHECKING:
    from ciforum.people.models import Initiative, Membership

# More than this of one kind are found by searching.
LISTED = 100


class CiteForm(forms.Form):
    """One list of all records that may be cited now, under their kinds, and what they show here."""

    record = forms.ChoiceField(
        label=_("What to cite"),
        error_messages={
            "required": _("Choose what to cite."),
            "invalid_choice": _("This cannot be cited now. Choose something else."),
        },
    )
    note = forms.CharField(
        label=_("What it shows here"),
        max_length=300,
        required=False,
        help_text=_("A few words, so that readers know why they should look at it."),
    )

    def __init__(
        self,
        *args: Any,
        initiative: Initiative,
        member: Membership | None,
        q: str = "",
        kinds: tuple[str, ...] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.q = q.strip()
        # A chosen record counts although a search would not list it.
        self.found = _groups(initiative, member, kinds, "" if self.is_bound else self.q)
        record = self.fields["record"]
        assert isinstance(record, forms.ChoiceField)  # noqa: S101 - for mypy
        listed = [(label, some[:LISTED]) for label, some in self.found if some]
        record.choices = [("", _("Choose…")), *(self.found if self.is_bound else listed)]
        self.is_empty = not listed
        self.left_out = sum(max(0, len(some) - LISTED) for _label, some in self.found)

    def chosen(self) -> dict[str, str]:
        """`kind`, `uid` and `note`, as `citing.cite` takes them."""
        kind, _colon, uid = self.cleaned_data["record"].partition(":")
        return {"kind": kind, "uid": uid, "note": self.cleaned_data["note"]}


def _groups(
    initiative: Initiative, member: Membership | None, kinds: tuple[str, ...], q: str
) -> list[tuple[Any, list[tuple[str, str]]]]:
    """(label of the kind, [("kind:uid", title)]) with titles that hold `q`, in order of title."""
    wanted = folded(q)
    found = []
    for name, kind in registry.citations.items():
        if kinds and name not in kinds:
            continue
        some = [(f"{name}:{uid}", str(title)) for uid, title in kind.choices(initiative, member)]
        some = [each for each in some if wanted in folded(each[1])]
        found.append((kind.label, sorted(some, key=lambda each: folded(each[1]))))
    return found
