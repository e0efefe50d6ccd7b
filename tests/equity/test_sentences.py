"""Every answer of a rule has a sentence, in every language, for ever."""

from __future__ import annotations

import ast
import inspect

import pytest
from django.utils.translation import override

from equity import sentences, strategies
from equity.gates import Answer, Gate, GateClosed, publish_release
from equity.presenting import present, present_entry
from equity.strategies import data_and_context
from tests import builders

UNTIL = "2030-05-03T12:00:00+00:00"
GAP = {"dimension": {"en": "Race", "es": "Raza"}, "groups": [{"en": "Black", "es": "Negra"}]}
COUNCIL = {
    "group": {"en": "Asian", "es": "Asiática"},
    "council": {"en": "Council", "es": "Consejo"},
    **{"seats": 3, "release": 1, "withhold": 2},
}
PARAMS = {
    "groups": {"dimensions": [{"en": "Race"}]},
    "small_cells": {"state": "sound", "threshold": 11, "rows": 120, "hidden": 14},
    "story": {"words": 40},
    "groups_missing": {"missing": [{**GAP, "request": "none"}]},
    "request_overdue": {"missing": [{**GAP, "request": "overdue"}]},
    "request_refused": {"missing": [{**GAP, "request": "refused"}]},
    "protection_weak": {"state": "sound", "threshold": 11, "wanted": 20, "rows": 1, "hidden": 0},
    "story_missing": {"written": 3, "words": 25},
    "could_not_be_checked": {"rule": "story"},
    "waiver": {"reason": "Because.", "until": UNTIL},
    "structural_cause": {"events": 2},
    "cause_overdue": {"until": UNTIL},
    # goals
    "gap_goal": {"words": "close the gap"},
    "groups_named": {"considered": 4},
    "barriers_missing": {"lacking": [{"group": {"en": "Black"}, "lacks": ["barrier"]}]},
    "strategies_missing": {"lacking": [{"group": {"en": "Black"}, "lacks": ["strategy"]}]},
    "barriers_named": {"planned": 3},
    "strategies_targeted": {"planned": 3},
    # the charter
    "core_terms": {"agreed": 4},
    "core_terms_open": {"terms": [{"en": "Equity"}]},
    "problem_history": {"events": 1},
    "problem_figure": {"figures": 1},
    "problem_voice": {"voices": 2},
    "systems_goal": {"population": 2, "systems": 1},
    # seats and looser thresholds
    "chosen_by_residents": {"seat_class": "lived_experience", "chosen": 2},
    "not_chosen": {"chosen": 1, "needed": 2},
    "last_word_first": {"last_word": "held"},
    # decisions
    "basics_missing": {"missing": ["purpose", "options"]},
    "groups_asked": {"groups": 2},
    "groups_not_asked": {"groups": [{"en": "Black"}]},
    "composition": {"lived": 2, "seats": 7, "needed": 3},
    "last_word": {"lived": 4, "heard": 3},
    "half_heard": {"lived": 4, "heard": 3, "needed": 2},
    "too_few_heard": {"lived": 4, "heard": 1, "needed": 2},
    "seats_unheard": {"seats": [{"seat": 3, "why": "tries", "tries": 1, "needed": 2, "days": 7}]},
    "effect_held": {"objections": [{"code": "no_goal", "params": {}}]},
    "input_long_enough": {"days": 15},
    "input_too_short": {"days": 3, "needed": 14},
    "quorum": {"turnout": {"all": {"cast": 5, "seats": 7}}},
    "quorum_missing": {"missing": ["all", "lived_experience"]},
    "inputs_unanswered": {"inputs": 2},
    # systems shifts
    "systems_beside": {"headline": True, "shifts": {"hoped_for": 1}},
    "community_confirms": {"yes": 2, "partly": 0, "no": 1, "own": 0, "needed": True},
    "no_community_voice": {"yes": 0, "partly": 0, "no": 0, "own": 1, "needed": True},
    "community_contradicts": {"yes": 1, "partly": 0, "no": 2, "own": 0, "needed": True},
    "evidence_graded": {"grades": {"documented": 2, "unknown": 1}},
    "disagreement_answered": {"disagree": 1},
    "disagreement_unanswered": {"voices": 1},
    # authority over data
    "group_authority": {"authorities": [{**COUNCIL, "says": "withhold", "withheld": True}]},
    "authority_waits": {"waiting": [{**COUNCIL, "says": "", "withheld": False}]},
    "authority_not_withheld": {"open": [{**COUNCIL, "says": "withhold", "withheld": False}]},
    # data requests
    "request_cannot": {"missing": [{**GAP, "request": "cannot"}]},
    "request_promise_over": {"missing": [{**GAP, "request": "promise_over"}]},
    "request_lapsed": {"missing": [{**GAP, "request": "lapsed"}]},
}
# What no screen of the record can mend: it takes another holder, another text, or time.
NO_SCREEN = {
    *("holder_no_resident", "holder_is_staff", "reason_missing", "own_claim"),
    *("loosening_ended", "loosening_moved", "loosening_below"),
    *("text_changed", "effect_held", "input_too_short", "quorum_missing"),
}
UNKNOWN = "is no longer asked"


def codes_in(module):
    """Every code with which the rules of a module may object; a computed one fails the test."""
    for call in ast.walk(ast.parse(inspect.getsource(module))):
        if not (isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Unmet"):
            continue
        match call.args[0]:
            case ast.Constant(value=code):
                yield code
            case ast.Subscript(value=ast.Name(id=table)):
                yield from getattr(module, table).values()
            case ast.Name(id="worst"):
                yield from data_and_context.GAP_CODES.values()
            case other:
                pytest.fail(f"{module.__name__} computes a code: {ast.dump(other)}")


def objections():
    modules = [getattr(strategies, name) for name in strategies.__all__]
    return {code for module in modules for code in codes_in(module)}


def all_codes():
    met = {rule.code for gate in Gate.all.values() for rule in gate.rules if rule.in_force}
    return sorted(objections() | met | {"could_not_be_checked", "no_rule_in_force", "waiver"})


@pytest.mark.parametrize("code", all_codes())
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_code_that_a_rule_uses_has_a_sentence(code, language):
    with override(language):
        said = sentences.sentence(code, PARAMS.get(code, {}))

        unknown = sentences.sentence("no such code", {}).replace("no such code", code)

    assert said.strip()
    assert said != unknown
    assert "%(" not in said


def test_every_rule_says_what_it_asks_for_and_what_it_waits_for():
    for gate in Gate.all.values():
        assert str(gate.label)
        for rule in gate.rules:
            assert str(rule.promise).endswith("."), rule.code
            assert rule.in_force or rule.until in sentences.WAITS, rule.code


def test_every_objection_but_the_sites_own_leads_to_a_screen():
    assert set(sentences.REMEDIES) == set(objections()) - NO_SCREEN


@pytest.mark.parametrize("code", sorted(objections()))
def test_an_objection_is_one_line_that_says_its_sentence(code):
    answer = Answer(publish_release.rules[0], "unmet", code, PARAMS.get(code, {}))

    shown = present([answer])

    assert [line.sentence for line in shown.unmet] == [sentences.sentence(code, answer.params)]


def test_a_code_of_a_rule_that_is_gone_is_named():
    assert sentences.sentence("old_rule", {}) == (
        "A rule of that time, “old_rule”, is no longer asked."
    )


def test_an_old_entry_with_other_params_is_still_read():
    assert UNKNOWN in sentences.sentence("story", {})


def test_a_sentence_speaks_the_readers_language_where_names_do():
    with override("es"):
        said = sentences.sentence("groups_missing", PARAMS["groups_missing"])

    assert "Raza" in said
    assert "Negra" in said


@pytest.fixture
def bare(initiative, backbone, partner):
    """A release that lacks two breakdowns, of which one was asked for, and its story."""
    race, language = (
        builders.a_dimension(initiative, code=code, groups=["one"]) for code in ("race", "language")
    )
    indicator = builders.an_indicator(initiative, required=[race, language])
    builders.approved(indicator, partner, backbone, {(2020, "here"): (30, 300)})
    builders.a_request(indicator, race, backbone).record_answer(
        outcome="refused", answer="We do not count it.", by=backbone.user
    )
    return builders.a_release(indicator, backbone)


def test_each_breakdown_that_lacks_has_a_line_and_a_remedy_of_its_own(bare, backbone):
    shown = present(publish_release.ask(bare), record=bare, member=backbone)

    assert sorted((line.remedy_label, line.remedy_url) for line in shown.unmet) == sorted(
        [
            ("Ask for the missing groups", bare.remedy_url("groups_missing")),
            ("Go to the data requests", bare.remedy_url("request_refused")),
            ("Protect small groups", bare.remedy_url("protection_none")),
            ("Write the story", bare.remedy_url("story_missing")),
        ]
    )
    # It has numbers; without groups it shows no gap; it is no headline.
    assert len(shown.met) == 4
    assert len(shown.not_yet) == 2


def test_a_waiver_is_offered_to_who_may_ask_for_it_where_it_can_be(bare, backbone, resident):
    def offered(member):
        shown = present(publish_release.ask(bare), record=bare, member=member)
        return [line.strategy for line in shown.unmet if line.waiver_url], shown

    to_backbone, shown = offered(backbone)
    to_resident, _shown = offered(resident)

    assert to_backbone == [1, 1, 1]  # two breakdowns and the story; never small groups
    assert to_resident == []
    assert f"record={bare.uid}" in shown.unmet[0].waiver_url


def test_the_ledger_shows_no_remedies(bare, backbone):
    with pytest.raises(GateClosed) as closed:
        bare.publish(by=backbone.user)

    shown = present_entry(closed.value.entry)

    assert shown.unmet
    assert all(not line.remedy_url and not line.waiver_url for line in shown.unmet)
