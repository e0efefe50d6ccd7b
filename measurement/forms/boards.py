"""Forms of dashboards: itself, a panel, and leave to embed one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ciforum.people.models import Period
from ciforum.people.words import Words, WordsFormField
from measurement.models import Board, Panel
from measurement.showing import wording
from measurement.showing.shown import Choice, Shown, show_all

if TYPE_CHECKING:
    from ciforum.people.models import Initiative
    from measurement.models import Indicator


class BoardForm(forms.Form):
    """Title and introduction, in the initiative's languages."""

    title = WordsFormField(label=_("Title"), max_length=160)
    intro = WordsFormField(
        label=_("What this dashboard is for"),
        long=True,
        max_length=2000,
        required=False,
        help_text=_("A sentence or two that stand above the panels."),
    )

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        board: Board | None = kwargs.pop("board", None)
        if board is not None:
            kwargs["initial"] = {"title": board.title, "intro": board.intro}
        super().__init__(*args, **kwargs)
        for name in ("title", "intro"):
            box = self.fields[name]
            assert isinstance(box, WordsFormField)  # noqa: S101 - for mypy
            box.limit_to(initiative.languages)


class NewPanelForm(forms.Form):
    """Which kind of panel, of which indicator; the rest is asked on the next page."""

    kind = forms.ChoiceField(label=_("Kind of panel"), choices=Panel.Kind.choices)
    indicator = forms.ChoiceField(label=_("Indicator"), required=False)

    def __init__(self, *args: Any, indicators: list[Indicator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        box = self.fields["indicator"]
        assert isinstance(box, forms.ChoiceField)  # noqa: S101 - for mypy
        box.choices = [(each.slug, str(each.name)) for each in indicators]


class PanelForm(forms.Form):
    """What a panel shows of an indicator, and what it says; a text only says."""

    def __init__(
        self,
        *args: Any,
        board: Board,
        kind: str,
        shown: Shown | None,
        panel: Panel | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.shown = shown
        self.panel = panel or Panel(kind=kind)
        self.languages = board.initiative.languages
        if shown is not None:
            self._ask(shown, panel)
        self.fields["title"] = self._words(
            label=_("Title"),
            max_length=160,
            required=False,
            help_text="" if shown is None else _("Left empty, the indicator's name stands here."),
            initial=panel.title if panel else None,
        )
        self.fields["words"] = self._words(
            label=_("Words"),
            long=True,
            max_length=2000,
            required=shown is None,
            help_text="" if shown is None else _("Stand below the chart."),
            initial=panel.words if panel else None,
        )

    def _ask(self, shown: Shown, panel: Panel | None) -> None:
        """The choices there are; the only one there is goes without saying."""
        if not self.panel.shows_places:
            now = panel.place.code if panel and panel.place else None
            self._choose("place", _("Place"), _places(shown), now, shown.place)
        if self.panel.shows_one_group:
            self._choose("group", _("For whom"), _groups(shown), panel.group if panel else "", "")
        else:
            now = panel.breakdown if panel else None
            self._choose("by", _("Groups"), _breakdowns(shown), now, shown.by)
        kinds = _kinds(shown)
        self._choose("kind", _("Periods"), kinds, panel.period_kind if panel else None, shown.kind)

    def _choose(
        self, name: str, label: Any, choices: list[tuple[str, str]], now: str | None, usual: Any
    ) -> None:
        box = forms.ChoiceField(label=label, choices=choices, required=False)
        box.initial = getattr(usual, "code", usual) if now is None else now
        if len(choices) < 2:
            box.widget = forms.HiddenInput()
        self.fields[name] = box

    def _words(self, **options: Any) -> WordsFormField:
        box = WordsFormField(**options)
        box.limit_to(self.languages)
        return box

    def asked(self) -> dict[str, Any]:
        """What the verbs take: choice, group, title, words."""
        said = self.cleaned_data
        values = {"title": said["title"] or Words(), "words": said["words"] or Words()}
        if self.shown is None:
            return {"choice": Choice(), **values}
        group = said.get("group", "")
        by = _breakdown_of(group) if self.panel.shows_one_group else said.get("by", "")
        place = "" if self.panel.shows_places else said.get("place") or _code(self.shown)
        choice = Choice(place, by, said.get("kind") or self.shown.kind)
        return {"choice": choice, "group": group, **values}


def _code(shown: Shown) -> str:
    return shown.place.code if shown.place else ""


def _breakdown_of(key: str) -> str:
    """`race.sex` of `race:black+sex:female`."""
    return ".".join(sorted({part.split(":")[0] for part in key.split("+") if part}))


def _places(shown: Shown) -> list[tuple[str, str]]:
    return [(each.code, each.name) for each in shown.places]


def _breakdowns(shown: Shown) -> list[tuple[str, str]]:
    named = [
        (by, " × ".join(str(each.name) for each in dimensions))
        for by, dimensions in shown.breakdowns.items()
        if by
    ]
    return [*named, ("", str(_("Everyone together")))]


def _kinds(shown: Shown) -> list[tuple[str, str]]:
    return [(kind, str(Period.Kind(kind).label)) for kind in shown.kinds]


def _groups(shown: Shown) -> list[tuple[str, str]]:
    """Everyone, then every group and intersection that is public here."""
    place = _code(shown)
    wanted = [(shown.indicator, Choice(place, by, shown.kind)) for by in shown.breakdowns if by]
    found = [("", wording.series_name(shown.everyone))]
    for each in show_all(wanted):
        if isinstance(each, Shown):
            found += [(series.key, series.name) for series in each.series if series.members]
    return list(dict.fromkeys(found))


class EmbeddingForm(forms.Form):
    """Which site may show it."""

    origin = forms.CharField(
        label=_("Address of the site"),
        max_length=260,
        help_text=_("Such as https://www.example.org. Only pages of this site can show it."),
    )
    label = forms.CharField(
        label=_("Who shows it, and where"), max_length=120, help_text=_("For your own list.")
    )
