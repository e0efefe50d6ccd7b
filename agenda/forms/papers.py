"""The whole paper of a decision as one form."""

from __future__ import annotations

import string
from collections.abc import Mapping
from copy import copy
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from agenda import paper
from agenda.deciding import words
from agenda.deciding.effects import effects, packed, unpacked
from agenda.models import Decision, Method
from agenda.models.stages.voting import SECRET_NEEDS_SEATS
from ciforum.people import clock, registry
from ciforum.people.models import Initiative
from ciforum.people.words import Words, WordsFormField
from equity.models import Committee, Group, Policy, SeatClass

TEXTS = ("title", "purpose", "can_change", "text")
DAYS = ("last_word_days", "voting_days", "follow_days", "points")
CLASSES = (words.ALL, *SeatClass.values)
NEEDED = (words.ALL, SeatClass.LIVED)
KEYS = string.ascii_lowercase
OVERTAKEN = _(
    "Somebody else changed the paper while you were writing. Nothing of yours is lost: it stands "
    "in the form. Look at the paper, put both together, then save again."
)


class PaperForm(forms.Form):
    """Words, rules, options, groups and dates of a decision. `fields_of_it()` is for its verbs."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, initiative: Initiative, decision: Decision | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initiative, self.decision = initiative, decision
        self.policy = Policy.of(initiative)
        if decision is None:
            self._ask_committee()
        for name in TEXTS:
            self.fields[name] = self._words(_box(name))
        self._ask_effect()
        self._ask_rules()
        self._ask_options()
        self._ask_groups()
        self._ask_dates()
        self.initial = {**self._now(), **self.initial}

    # --- the boxes

    def _ask_committee(self) -> None:
        own = Committee.objects.for_initiative(self.initiative).standing()
        self.fields["committee"] = forms.ModelChoiceField(
            label=_("Who decides"),
            queryset=own,
            to_field_name="slug",
            initial=own.first().slug if own.count() == 1 else None,  # type: ignore[union-attr]
            empty_label=_("Choose…"),
        )

    def _words(self, field: WordsFormField) -> WordsFormField:
        field.limit_to(self.initiative.languages)
        return field

    def _ask_effect(self) -> None:
        choices = list(effects(self.initiative))
        kept = self._kept_effect()
        if kept and kept[0] not in dict(choices):
            choices.append(kept)
        self.fields["effect"] = forms.ChoiceField(
            label=_("What it puts in force if it passes"),
            choices=[("", _("Nothing by itself: people carry it out")), *choices],
            required=False,
            help_text=_("A charter, a goal or a looser threshold that waits for a decision."),
        )

    def _kept_effect(self) -> tuple[str, str] | None:
        if self.decision is None or not self.decision.effect:
            return None
        effect = registry.effects.get(self.decision.effect)
        subject = effect.subject(self.initiative, self.decision.effect_params) if effect else None
        label = effect.sentence(subject) if effect and subject is not None else ""
        return packed(self.decision.effect, self.decision.effect_params), label or _t(
            "What is gone"
        )

    def _ask_rules(self) -> None:
        self.fields["method"] = forms.ChoiceField(
            label=_("Method"),
            choices=[
                (each.value, format_html("<b>{}</b><br>{}", each.label, words.METHODS[each.value]))
                for each in Method
            ],
            widget=forms.RadioSelect,
        )
        self.fields["points"] = forms.IntegerField(
            label=_("Highest score, or dots of each seat"),
            min_value=1,
            max_value=100,
            help_text=_("Only for score and dots."),
        )
        self.fields["secret"] = forms.BooleanField(
            label=_("Secret ballot"),
            required=False,
            help_text=_(
                "Nobody can see who chose what, now or later, and it can never be made open. "
                "Ballots cannot be given by phone or on paper, and are changed only with the "
                "receipt. By class the count is told only where five or more voted and not alike."
            ),
        )
        bars = [(share, str(label)) for share, label in words.SHARES.items()]
        for name in CLASSES:
            label = words.seats_named(name)
            needed = name in NEEDED
            self.fields[f"quorum-{name}"] = forms.ChoiceField(
                label=_t("How many have to vote: %(seats)s") % {"seats": label},
                choices=bars if needed else [("", _("not asked")), *bars],
                required=needed,
            )
            self.fields[f"threshold-{name}"] = forms.ChoiceField(
                label=_t("How many have to be for it: %(seats)s") % {"seats": label},
                choices=[("", _("not asked")), *bars],
                required=False,
            )

    def _ask_options(self) -> None:
        for code in self.initiative.languages:
            name = get_language_info(code)["name_translated"]
            self.fields[f"options-{code}"] = forms.CharField(
                label=_t("Options (%(language)s)") % {"language": name},
                required=False,
                max_length=5000,
                widget=forms.Textarea(attrs={"rows": 4, "lang": code}),
                help_text=_("One in each line, in the same order in every language."),
            )

    def _ask_groups(self) -> None:
        own = Group.objects.for_initiative(self.initiative).select_related("dimension", "parent")
        self.affected = (
            {each.group_id: each for each in self.decision.affected.select_related("group")}
            if self.decision
            else {}
        )
        listed = [
            each
            for each in own.order_by("dimension__id", "order", "id")
            if each.dimension.retired_at is None or each.pk in self.affected
        ]
        self.groups = {str(each.uid): each for each in listed}
        choices: dict[str, list[tuple[str, str]]] = {}
        for uid, group in self.groups.items():
            choices.setdefault(str(group.dimension), []).append((uid, str(group)))
        self.fields["groups"] = forms.MultipleChoiceField(
            label=_("Groups it affects"),
            choices=list(choices.items()),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.asked = {}
        for uid in self._chosen_groups():
            box = WordsFormField(
                label=_t("How is it being asked? %(group)s") % {"group": self.groups[uid]},
                required=False,
                max_length=500,
            )
            self.fields[f"asked-{uid}"] = self._words(box)
            self.asked[uid] = f"asked-{uid}"

    def _chosen_groups(self) -> list[str]:
        """Those that are saved, and those that are ticked in what was sent."""
        chosen = {str(each.group.uid) for each in self.affected.values()}
        if self.is_bound and hasattr(self.data, "getlist"):
            chosen |= set(self.data.getlist("groups"))
        return [uid for uid in self.groups if uid in chosen]

    def _ask_dates(self) -> None:
        self.fields["input_until"] = _day(
            _("Input until the end of"),
            _t("At least %(days)s days after it opens.") % {"days": self.policy.input_days},
        )
        for name in ("last_word_days", "voting_days", "follow_days"):
            self.fields[name] = _box(name)
        self.fields["last_word_days"].help_text = _t("At least %(days)s.") % {
            "days": self.policy.last_word_days
        }
        self.fields["review_on"] = _day(_("Look at it again on"), "")

    # --- what stands there now

    def _now(self) -> dict[str, Any]:
        if self.decision is None:
            return {
                "method": Method.MAJORITY,
                "points": 10,
                "input_until": localtime(clock.now()).date()
                + timedelta(days=self.policy.input_days + 1),
                "last_word_days": max(7, self.policy.last_word_days),
                "quorum-all": "1/2",
                f"quorum-{SeatClass.LIVED}": "1/2",
            }
        decision = self.decision
        now: dict[str, Any] = {name: getattr(decision, name) for name in (*TEXTS, *DAYS)}
        now |= {"method": decision.method, "secret": decision.secret}
        now |= {f"quorum-{name}": share for name, share in decision.quorum.items()}
        now |= {f"threshold-{name}": share for name, share in decision.threshold.items()}
        now |= self._options_now() | self._groups_now()
        now["effect"] = packed(decision.effect, decision.effect_params) if decision.effect else ""
        if decision.input_until:
            now["input_until"] = localtime(decision.input_until, self.initiative.zone).date()
        now["review_on"] = decision.review_on
        now["seen"] = paper.fingerprint(decision)
        return now

    def _options_now(self) -> dict[str, str]:
        options = list(self.decision.options.all()) if self.decision else []
        return {
            f"options-{code}": "\n".join(each.label.get(code, "") for each in options)
            for code in self.initiative.languages
        }

    def _groups_now(self) -> dict[str, Any]:
        uids = [str(each.group.uid) for each in self.affected.values()]
        asked = {f"asked-{each.group.uid}": each.asked_how for each in self.affected.values()}
        return {"groups": uids, **asked}

    # --- what was typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        now = paper.fingerprint(self.decision) if self.decision else ""
        if now and cleaned.get("seen") != now:
            data: Any = copy(self.data)
            data["seen"] = now
            self.data = data
            self.add_error(None, OVERTAKEN)
        self._check_options(cleaned)
        self._check_secret(cleaned)
        return cleaned

    def _check_options(self, cleaned: dict[str, Any]) -> None:
        lines = self._lines(cleaned)
        counts = {code: len(each) for code, each in lines.items() if each}
        if len(set(counts.values())) > 1:
            first, *rest = counts
            for code in rest:
                if counts[code] != counts[first]:
                    self.add_error(f"options-{code}", _t("Write as many options in each language."))
        if any(count > len(KEYS) for count in counts.values()):
            self.add_error(None, _t("There can be at most 26 options."))

    def _lines(self, cleaned: Mapping[str, Any]) -> dict[str, list[str]]:
        return {
            code: [line.strip() for line in (cleaned.get(f"options-{code}") or "").splitlines()
                   if line.strip()]
            for code in self.initiative.languages
        }  # fmt: skip

    def _check_secret(self, cleaned: dict[str, Any]) -> None:
        committee = self.decision.committee if self.decision else cleaned.get("committee")
        if not cleaned.get("secret") or committee is None:
            return
        seats = list(committee.voting().values_list("seat_class", flat=True))
        for name in SeatClass.values:
            if cleaned.get(f"threshold-{name}") and seats.count(name) < SECRET_NEEDS_SEATS:
                self.add_error(
                    f"threshold-{name}",
                    _t(
                        "This class has fewer than three seats, so a secret ballot would show how "
                        "they voted. Ask for no threshold here, or make the ballot open."
                    ),
                )

    def fields_of_it(self) -> dict[str, Any]:
        """What `Decision.propose` and `describe` take, but options and groups."""
        cleaned = self.cleaned_data
        effect, params = unpacked(cleaned["effect"])
        fields = {name: cleaned[name] for name in (*TEXTS, *DAYS, "method", "secret", "review_on")}
        day = cleaned["input_until"]
        return {
            **fields,
            "quorum": self._shares("quorum"),
            "threshold": self._shares("threshold"),
            "effect": effect,
            "effect_params": params,
            "input_until": clock.end_of_day(day, self.initiative.time_zone) if day else None,
        }

    def options_of_it(self) -> list[tuple[str, Words]]:
        if self.cleaned_data["method"] in words.PROPOSALS:
            return []
        lines = self._lines(self.cleaned_data)
        number = max((len(each) for each in lines.values()), default=0)
        return [
            (KEYS[at], Words({code: each[at] for code, each in lines.items() if each}))
            for at in range(number)
        ]

    def groups_of_it(self) -> dict[Group, Words]:
        return {
            self.groups[uid]: self.cleaned_data.get(f"asked-{uid}") or Words()
            for uid in self.cleaned_data["groups"]
        }

    def _shares(self, what: str) -> dict[str, str]:
        shares = {name: self.cleaned_data[f"{what}-{name}"] for name in CLASSES}
        return {name: share for name, share in shares.items() if share}

    # --- for the page

    def texts(self) -> list[forms.BoundField]:
        return [self[name] for name in TEXTS]

    def bars(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """(whose seats, how many have to vote, how many have to be for it)."""
        return [
            (capfirst(words.seats_named(name)), self[f"quorum-{name}"], self[f"threshold-{name}"])
            for name in CLASSES
        ]

    def option_boxes(self) -> list[forms.BoundField]:
        return [self[f"options-{code}"] for code in self.initiative.languages]

    def asked_boxes(self) -> list[forms.BoundField]:
        return [self[name] for name in self.asked.values()]

    def dates(self) -> list[forms.BoundField]:
        names = ("input_until", "last_word_days", "voting_days", "follow_days", "review_on")
        return [self[name] for name in names]


def _box(name: str) -> Any:
    """The form field of one of the decision's own fields."""
    field: Any = Decision._meta.get_field(name)
    return field.formfield()


def _day(label: Any, help_text: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, help_text=help_text)
