"""Every address × every role. A URL or a role that is missing here fails the test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django.test import Client, TestCase, override_settings
from django.urls import get_resolver, reverse

from agenda.models import TermRemark
from ciforum.people import clock
from ciforum.people.models import Invitation, Place
from ciforum.people.words import Words
from equity.gates import GateClosed, publish_release
from equity.models import Loosening, Policy, Seat, Waiver
from measurement.models import Submission
from measurement.reading.rows import TableReading
from tests import builders, chartering, deciding
from tests.agenda import booths
from tests.agenda.pictures import a_picture
from tests.doors import areas
from tests.doors.roles import (
    BACKBONE,
    DESK,
    DRAWING,
    INSIDE,
    NO_UID,
    ROLES,
    SEATED,
    everyone,
    hers_alone,
    members,
    signed_in,
)

AREAS = areas()

# name → (method, names of the arguments, what each role gets)
TABLE: dict[str, tuple[str, tuple[str, ...], dict[str, int]]] = {
    # --- the ground
    "people:home": ("get", (), everyone()),  # a list: there are two
    "people:about": ("get", (), everyone()),
    "people:language": ("get", ("language",), everyone(302)),
    "people:health": ("get", (), everyone()),
    "people:ready": ("get", (), everyone()),
    "people:robots": ("get", (), everyone()),
    "people:favicon": ("get", (), everyone(302)),
    "people:sitemap": ("get", (), everyone()),
    "people:enter": ("get", (), everyone(404)),  # not in the demonstration
    "people:account": ("get", (), signed_in()),
    "people:invitation": ("get", ("token",), everyone()),
    "people:front": ("get", ("initiative",), everyone()),
    "people:members": ("get", ("initiative",), members()),
    "people:invite": ("get", ("initiative",), members(only=BACKBONE)),
    "people:invitation_resend": ("post", ("initiative", "sent"), members(302, only=BACKBONE)),
    "people:invitation_withdraw": ("post", ("initiative", "sent"), members(302, only=BACKBONE)),
    "people:member": ("get", ("initiative", "member"), members(only=BACKBONE)),
    "people:member_end": ("post", ("initiative", "member"), members(302, only=BACKBONE)),
    "people:organizations": ("get", ("initiative",), members()),
    "people:organization_new": ("get", ("initiative",), members(only=BACKBONE)),
    "people:organization": ("get", ("initiative", "organization"), members(only=BACKBONE)),
    "people:settings": ("get", ("initiative",), members(only=BACKBONE)),
    "people:places": ("get", ("initiative",), members()),
    "people:place_new": ("get", ("initiative",), members(only=BACKBONE)),
    "people:place": ("get", ("initiative", "place"), members(only=BACKBONE)),
    # --- today
    "backbone:today": ("get", ("initiative",), members()),
    "backbone:notices_read": ("post", ("initiative",), members(302)),
    # --- equity
    "equity:strategies": ("get", ("initiative",), everyone()),
    "equity:ledger": ("get", ("initiative",), everyone()),
    "equity:ledger_csv": ("get", ("initiative",), members()),
    "equity:ledger_entry": ("get", ("initiative", "entry"), members()),
    "equity:dimensions": ("get", ("initiative",), everyone()),
    "equity:dimension_new": ("get", ("initiative",), members(only=BACKBONE)),
    "equity:dimension": ("get", ("initiative", "dimension"), everyone()),
    "equity:group_new": ("get", ("initiative", "dimension"), members(only=BACKBONE)),
    "equity:dimension_names": ("get", ("initiative", "dimension"), members(only=BACKBONE)),
    "equity:dimension_revise": ("post", ("initiative", "dimension"), members(302, only=BACKBONE)),
    "equity:policy": ("get", ("initiative",), everyone()),
    "equity:loosening_new": ("get", ("initiative",), members(only=("community", "backbone"))),
    "equity:loosening_drop": ("post", ("initiative", "loosening"), members(302, only=BACKBONE)),
    "equity:waivers": ("get", ("initiative",), everyone()),
    "equity:waiver_new": ("get", ("initiative",), members(only=BACKBONE)),
    "equity:waiver": ("get", ("initiative", "waiver"), everyone()),
    "equity:waiver_agree": ("post", ("initiative", "waiver"), members(302, only=("community",))),
    "equity:waiver_refuse": ("post", ("initiative", "waiver"), members(302, only=("community",))),
    # --- agenda
    "agenda:lexicon": ("get", ("initiative",), everyone()),
    "agenda:term": ("get", ("initiative", "term"), everyone()),
    "agenda:term_new": ("get", ("initiative",), members()),
    "agenda:term_starters": ("post", ("initiative",), members(302)),
    "agenda:term_amend": ("get", ("initiative", "term"), members()),
    "agenda:term_core": ("post", ("initiative", "term"), members(302, only=SEATED)),
    "agenda:term_settle": ("post", ("initiative", "term"), members(302, only=SEATED)),
    "agenda:term_stance": ("post", ("initiative", "open_term"), members(302)),
    "agenda:term_note_erase": ("post", ("initiative", "term"), members(302)),
    "agenda:term_remark": ("post", ("initiative", "term"), members(302)),
    "agenda:term_remark_erase": (
        "post", ("initiative", "term", "remark"), members(302, only=BACKBONE)
    ),
    "agenda:overview": ("get", ("initiative",), everyone()),
    "agenda:history": ("get", ("initiative",), everyone()),
    "agenda:event_new": ("get", ("initiative",), members()),
    "agenda:event": ("get", ("initiative", "event"), everyone()),
    "agenda:event_image": ("get", ("initiative", "event"), everyone()),
    "agenda:event_edit": ("get", ("initiative", "event"), members(only=SEATED)),
    "agenda:event_publish": ("post", ("initiative", "event"), members(302, only=SEATED)),
    "agenda:event_agree": ("post", ("initiative", "event"), members(302, only=BACKBONE)),
    "agenda:event_withdraw": ("get", ("initiative", "event"), members(only=SEATED)),
    "agenda:charter": ("get", ("initiative",), everyone()),
    "agenda:charter_version": ("get", ("initiative", "number"), everyone()),
    "agenda:charter_print": ("get", ("initiative", "number"), everyone()),
    "agenda:charter_compare": ("get", ("initiative",), everyone()),
    "agenda:charter_start": ("post", ("initiative",), members(302, only=BACKBONE)),
    "agenda:charter_edit": ("get", ("initiative",), members(only=BACKBONE)),
    "agenda:charter_cite": ("get", ("initiative", "paragraph"), members(only=BACKBONE)),
    "agenda:charter_discard": ("post", ("initiative",), members(302, only=BACKBONE)),
    # --- agenda: maps of understanding
    "agenda:scenarios": ("get", ("initiative",), everyone()),
    "agenda:scenario_new": ("get", ("initiative",), members(only=DRAWING)),
    "agenda:scenario_set": ("get", ("initiative", "map"), everyone()),
    "agenda:scenario_room": ("get", ("initiative", "map"), everyone()),
    "agenda:scenario_edit": ("get", ("initiative", "map"), members(only=DRAWING)),
    "agenda:scenario_describe": ("get", ("initiative", "map"), members(only=DRAWING)),
    "agenda:scenario_publish": ("post", ("initiative", "map"), members(302, only=SEATED)),
    "agenda:scenario_withdraw": ("get", ("initiative", "map"), members(only=SEATED)),
    "agenda:scenario_person_new": ("get", ("initiative", "map"), members(only=DRAWING)),
    "agenda:scenario_stage_new": ("get", ("initiative", "map"), members(only=DRAWING)),
    "agenda:scenario_cell": (
        "get", ("initiative", "map", "person", "stage"), members(only=DRAWING)
    ),
    "agenda:scenario_part": ("get", ("initiative", "map", "mark"), members(only=DRAWING)),
    "agenda:scenario_move": ("post", ("initiative", "map", "mark"), members(302, only=DRAWING)),
    "agenda:scenario_remove": ("post", ("initiative", "map", "mark"), members(302, only=DRAWING)),
    "agenda:scenario_restore": ("post", ("initiative", "map", "mark"), members(302, only=DRAWING)),
    "agenda:scenario_cite": ("get", ("initiative", "map", "mark"), members(only=DRAWING)),
    "agenda:scenario_uncite": ("post", ("initiative", "map", "mark"), members(302, only=DRAWING)),
    # --- agenda: goals
    "agenda:goals": ("get", ("initiative",), everyone()),
    "agenda:goal_new": ("get", ("initiative",), members(only=DRAWING)),
    "agenda:goal": ("get", ("initiative", "goal"), everyone()),
    "agenda:goal_universal": ("get", ("initiative", "draft_goal"), members(only=DRAWING)),
    "agenda:goal_everyone": ("get", ("initiative", "draft_goal"), members(only=DRAWING)),
    "agenda:goal_groups": ("get", ("initiative", "draft_goal"), members(only=DRAWING)),
    "agenda:goal_structures": ("get", ("initiative", "draft_goal"), members(only=DRAWING)),
    "agenda:goal_strategies": ("get", ("initiative", "draft_goal"), members(only=DRAWING)),
    "agenda:goal_renew": ("get", ("initiative", "goal"), members(302, only=DRAWING)),
    "agenda:goal_discard": ("post", ("initiative", "goal"), members(302, only=DRAWING)),
    "agenda:goal_barrier_new": ("get", ("initiative", "draft_goal"), members(only=DRAWING)),
    "agenda:goal_strategy_new": ("get", ("initiative", "draft_goal"), members(only=DRAWING)),
    "agenda:goal_not_yet_new": ("get", ("initiative", "draft_goal"), members(only=DRAWING)),
    "agenda:goal_entry": ("get", ("initiative", "draft_goal", "barrier"), members(only=DRAWING)),
    "agenda:goal_entry_remove": (
        "post", ("initiative", "goal", "frozen_barrier"), members(302, only=DRAWING)
    ),
    "agenda:goal_cite": ("get", ("initiative", "draft_goal", "barrier"), members(only=DRAWING)),
    "agenda:goal_uncite": (
        "post", ("initiative", "draft_goal", "barrier"), members(302, only=DRAWING)
    ),
    "measurement:target": ("get", ("initiative", "draft_goal"), members(only=DRAWING)),
    # --- agenda: the decision room
    "agenda:decisions": ("get", ("initiative",), everyone()),
    "agenda:decision_new": ("get", ("initiative",), members()),
    "agenda:decision": ("get", ("initiative", "decision"), everyone()),
    "agenda:decision_edit": ("get", ("initiative", "decision"), members(only=BACKBONE)),
    "agenda:decision_cite": ("get", ("initiative", "decision"), members(only=BACKBONE)),
    "agenda:decision_uncite": ("post", ("initiative", "decision"), members(302, only=BACKBONE)),
    "agenda:decision_open_input": ("post", ("initiative", "decision"), members(302, only=BACKBONE)),
    "agenda:decision_open_last_word": (
        "post", ("initiative", "decision"), members(302, only=BACKBONE)
    ),
    "agenda:decision_open_voting": (
        "post", ("initiative", "decision"), members(302, only=BACKBONE)
    ),
    "agenda:decision_again": ("post", ("initiative", "decision"), members(302, only=BACKBONE)),
    "agenda:decision_close": ("post", ("initiative", "decision"), members(302, only=BACKBONE)),
    "agenda:decision_retry": ("post", ("initiative", "decision"), members(302, only=BACKBONE)),
    "agenda:decision_withdraw": ("get", ("initiative", "decision"), members(only=BACKBONE)),
    "agenda:decision_recuse": ("get", ("initiative", "decision"), members(only=())),
    "agenda:decision_hearing": ("get", ("initiative", "last_word_decision"), members()),
    "agenda:hearing_try": (
        "get", ("initiative", "last_word_decision", "lived_seat"), members(only=BACKBONE)
    ),
    "agenda:hearing_word": (
        "get", ("initiative", "last_word_decision", "lived_seat"), members(only=BACKBONE)
    ),
    "agenda:try_dispute": (
        "post", ("initiative", "last_word_decision", "tried"), members(only=())
    ),
    "agenda:decision_reasons": ("get", ("initiative", "decision"), members(302, only=BACKBONE)),
    "agenda:decision_inputs": ("get", ("initiative", "decision"), members(only=BACKBONE)),
    "agenda:input_reply": (
        "post", ("initiative", "decision", "said"), members(422, only=BACKBONE)
    ),
    "agenda:decision_follow": (
        "get", ("initiative", "closed_decision", "follower_seat"), members(only=())
    ),
    "agenda:decision_review": ("get", ("initiative", "closed_decision"), members(only=BACKBONE)),
    "agenda:committees": ("get", ("initiative",), everyone()),
    "agenda:committee_new": ("get", ("initiative",), members(only=BACKBONE)),
    "agenda:committee": ("get", ("initiative", "committee"), everyone()),
    "agenda:committee_edit": ("get", ("initiative", "committee"), members(only=BACKBONE)),
    "agenda:seat_offer": (
        "get", ("initiative", "committee"), members(only=("community", "backbone"))
    ),
    "agenda:seat": ("get", ("initiative", "seat"), everyone()),
    "agenda:seat_choose": ("post", ("initiative", "seat"), members(302, only=("community",))),
    "agenda:seat_take": ("post", ("initiative", "seat"), members(302, only=("community",))),
    "agenda:seat_alternate": ("get", ("initiative", "seat"), members(only=("community",))),
    "agenda:seat_prefer": (
        "get", ("initiative", "seat"), members(only=("community", "backbone"))
    ),
    "agenda:seat_end": ("get", ("initiative", "seat"), members(only=("community", "backbone"))),
    # --- agenda: input, last word and ballots
    "agenda:decision_input": ("get", ("initiative", "asked"), members()),
    "agenda:input_links": ("get", ("initiative", "asked"), members(only=SEATED)),
    "agenda:input_link_end": ("post", ("initiative", "asked", "link"), members(302, only=SEATED)),
    "agenda:input_erase": (
        "get", ("initiative", "asked", "own_input"), hers_alone("community")
    ),
    "agenda:input_link": ("get", ("initiative", "input_token"), everyone()),
    "agenda:input_mine": ("get", ("initiative", "input_key"), everyone()),
    "agenda:decision_last_word": ("get", ("initiative", "heard"), members(only=("community",))),
    "agenda:last_word_voice": (
        "get", ("initiative", "heard", "spoken"), {**members(), "anonymous": 404}
    ),
    "agenda:last_word_confirm": (
        "post", ("initiative", "heard", "spoken"), members(302, only=("community",))
    ),
    "agenda:last_word_take_back": (
        "get", ("initiative", "heard", "spoken"), members(only=("community",))
    ),
    "agenda:last_word_erase": (
        "get", ("initiative", "heard", "spoken"), members(only=("community",))
    ),
    "agenda:ballot": ("get", ("initiative", "voted"), members(only=("community",))),
    "agenda:ballot_take_back": ("get", ("initiative", "voted"), members(302, only=("community",))),
    "agenda:ballot_find": ("get", ("initiative", "voted"), everyone(404)),  # not secret
    "agenda:ballot_record": ("get", ("initiative", "voted"), members(only=SEATED)),
    "agenda:ballot_print": ("get", ("initiative", "voted"), everyone()),
    "agenda:ballot_link": ("get", ("initiative", "ballot_token"), everyone()),
    # --- agenda: the record, and decisions as files
    "agenda:records": ("get", ("initiative",), everyone()),
    "agenda:records_json": ("get", ("initiative",), everyone()),
    "agenda:records_verify": ("post", ("initiative",), members()),
    "agenda:decisions_csv": ("get", ("initiative",), everyone()),
    "agenda:decisions_atom": ("get", ("initiative",), everyone()),
    "agenda:decisions_ics": ("get", ("initiative",), everyone()),
    "agenda:decision_json": ("get", ("initiative", "decision"), everyone()),
    "agenda:decision_ics": ("get", ("initiative", "decision"), everyone()),
    "agenda:decision_print": ("get", ("initiative", "decision"), everyone()),
    # --- measurement: what anyone may read
    "measurement:overview": ("get", ("initiative",), everyone()),
    "measurement:indicator": ("get", ("initiative", "indicator"), everyone()),
    "measurement:chart": ("get", ("initiative", "indicator"), everyone()),
    "measurement:table_csv": ("get", ("initiative", "indicator"), everyone()),
    "measurement:requests": ("get", ("initiative",), everyone()),
    "measurement:request": ("get", ("initiative", "request"), everyone()),
    # --- measurement: indicators, releases, requests
    "measurement:dashboard": ("get", ("initiative",), members()),
    "measurement:indicator_new": ("get", ("initiative",), members(only=BACKBONE)),
    "measurement:indicator_edit": ("get", ("initiative", "indicator"), members(only=BACKBONE)),
    "measurement:indicator_define": ("get", ("initiative", "indicator"), members(only=BACKBONE)),
    "measurement:causes": ("get", ("initiative", "indicator"), members(only=SEATED)),
    "measurement:cause_end": (
        "post", ("initiative", "indicator", "cause"), members(302, only=SEATED)
    ),
    "measurement:request_new": ("get", ("initiative", "indicator"), members(only=BACKBONE)),
    "measurement:request_answer": ("get", ("initiative", "request"), members(only=BACKBONE)),
    "measurement:request_escalate": ("get", ("initiative", "request"), members(only=BACKBONE)),
    "measurement:release_new": ("post", ("initiative", "indicator"), members(302, only=BACKBONE)),
    "measurement:release": ("get", ("initiative", "release"), members()),
    "measurement:release_story": ("get", ("initiative", "release"), members(only=BACKBONE)),
    "measurement:release_protect": ("post", ("initiative", "release"), members(302, only=BACKBONE)),
    "measurement:release_renew": ("post", ("initiative", "release"), members(302, only=BACKBONE)),
    "measurement:release_publish": ("post", ("initiative", "release"), members(302, only=BACKBONE)),
    "measurement:release_discard": ("post", ("initiative", "release"), members(302, only=BACKBONE)),
    # --- measurement: the desk
    "measurement:desk": ("get", ("initiative",), members(only=DESK)),
    "measurement:upload": ("get", ("initiative",), members(only=("partner",))),
    "measurement:submission": ("get", ("initiative", "submission"), members(only=DESK)),
    "measurement:submission_columns": (
        "get", ("initiative", "submission"), members(only=("partner",))
    ),
    "measurement:submission_labels": (
        "get", ("initiative", "submission"), members(302, only=("partner",))
    ),
    "measurement:submission_progress": (
        "get", ("initiative", "submission"), members(302, only=DESK)
    ),
    "measurement:submission_problems_csv": (
        "get", ("initiative", "submission"), members(only=DESK)
    ),
    "measurement:submission_file": ("get", ("initiative", "submission"), members(only=DESK)),
    "measurement:submission_hand_in": (
        "post", ("initiative", "submission"), members(302, only=("partner",))
    ),
    "measurement:submission_approve": (
        "post", ("initiative", "handed_in"), members(302, only=BACKBONE)
    ),
    "measurement:submission_return": (
        "post", ("initiative", "handed_in"), members(302, only=BACKBONE)
    ),
    "measurement:submission_withdraw": (
        "post", ("initiative", "submission"), members(302, only=("partner",))
    ),
}  # fmt: skip
for _area in AREAS:
    TABLE |= _area.TABLE

# What a POST sends, where an empty one would not do.
POSTED: dict[str, dict[str, str]] = {
    "agenda:scenario_uncite": {"citation": NO_UID},
    "agenda:goal_uncite": {"citation": NO_UID},
    "agenda:term_stance": {"agrees": "yes"},
    "agenda:term_remark": {"text": "We say it differently on my street."},
    "measurement:submission_return": {"words": "Please add the births of December."},
    "equity:dimension_revise": {"confirm": "on"},
}
for _area in AREAS:
    POSTED |= getattr(_area, "POSTED", {})


def _walk(resolver: Any, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            space = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _walk(pattern, prefix + space)
        else:
            yield prefix + (pattern.name or "")


def _is_ours(name: str) -> bool:
    return name.split(":")[0] in OURS


OURS = ("people", "equity", "agenda", "measurement", "backbone", "api")


class Doors(TestCase):
    """One test per address; the house behind them is built once."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.initiative = builders.an_initiative("here")
        organization = builders.an_organization(cls.initiative)
        cls.people = {
            "stranger": builders.a_member(builders.an_initiative("elsewhere"), "backbone").user,
            "superuser": builders.a_user(is_superuser=True, is_staff=True),
        }
        for role in INSIDE:
            cls.people[role] = builders.a_member(
                cls.initiative,
                role,
                organization=organization if role == "partner" else None,
                data_steward=role == "backbone",
            ).user
        cls.arguments = cls._furnish()
        for area in AREAS:
            if hasattr(area, "furnish"):
                cls.arguments |= area.furnish(cls)

    @classmethod
    def _furnish(cls) -> dict[str, Any]:
        """One of everything: published and not, waiting and done."""
        initiative, people = cls.initiative, cls.people
        backbone = initiative_member(cls, "backbone")
        partner = initiative_member(cls, "partner")
        race = builders.a_dimension(initiative, groups=("white", "black"))
        indicator = builders.an_indicator(initiative, required=[race], slug="births")
        numbers = {
            (2020, "Here"): (620, 10510),
            (2020, "Here", "race:white"): (390, 8670),
            (2020, "Here", "race:black"): (230, 1840),
        }
        builders.approved(indicator, partner, backbone, numbers)
        builders.a_release(indicator, backbone, ready=True).publish(by=backbone.user)
        builders.approved(indicator, partner, backbone, {(2021, "Here"): (600, 10000)})
        draft = builders.a_release(indicator, backbone)
        try:
            draft.publish(by=backbone.user)
        except GateClosed as closed:
            entry = closed.entry
        waiver = Waiver.ask(
            gate=publish_release,
            record=draft,
            code="groups",
            reason="The state office sends the finer groups only in spring.",
            days=30,
            by=backbone.user,
        )
        request = builders.a_request(indicator, race, backbone, days=1)
        invitation, cls.token = Invitation.send(
            initiative=initiative, email="new@example.org", roles=["funder"], by=people["backbone"]
        )
        handed_in = checked(indicator, partner)
        handed_in.hand_in(by=partner.user)
        event = builders.an_event(
            initiative, backbone.user, picture=a_picture(), image_alt=Words(en="The ward")
        )
        term = builders.an_agreed_term(initiative, backbone)
        remark = TermRemark.write(term=term, by=backbone.user, text="Let us use it.")
        policy = Policy.of(initiative)
        policy.tighten(by=people["backbone"], contact_tries=3)
        loosening = Loosening.propose(
            policy=policy,
            threshold="contact_tries",
            after=2,
            reason=Words(en="Three tries took so long that a decision could not be made in time."),
            by=people["backbone"],
        )
        drawn = builders.a_map(initiative, backbone, slug="map")
        drawn.publish(by=backbone.user)
        mark = drawn.marks.first()
        draft_goal = builders.planned(
            builders.a_goal(initiative, backbone, [race], slug="draft-goal"), backbone
        )
        goal = builders.planned(
            builders.a_goal(initiative, backbone, [race], slug="goal"), backbone
        )
        goal.propose(decision=SimpleNamespace(uid=uuid4()), by=None)  # as a decision does
        room = deciding.a_room(initiative, backbone)
        committee = builders.a_committee(initiative, slug="table")
        offered = Seat.offer(
            committee=committee,
            holder=initiative_member(cls, "community"),
            seat_class="lived_experience",
            by=people["backbone"],
        )
        charter = chartering.proposed(chartering.a_draft(initiative, backbone), backbone)
        return {
            "number": charter.number,
            "paragraph": chartering.paragraph(charter.amend(by=people["backbone"])).uid,
            "loosening": loosening.uid,
            "map": drawn.slug,
            "person": mark.scenario.uid,
            "stage": mark.stage.uid,
            "mark": mark.uid,
            "draft_goal": draft_goal.slug,
            "barrier": draft_goal.barriers.first().uid,
            "goal": goal.slug,
            "frozen_barrier": goal.barriers.first().uid,
            **room,
            **booths.a_house(initiative, backbone, initiative_member(cls, "community")),
            "committee": "table",
            "seat": offered.uid,
            "initiative": "here",
            "term": term.code,
            "open_term": builders.a_term(initiative, backbone).code,
            "remark": remark.uid,
            "language": "es",
            "token": cls.token,
            "sent": invitation.uid,
            "member": initiative_member(cls, "funder").uid,
            "organization": partner.organization.slug,
            "place": Place.objects.get(initiative=initiative).uid,
            "entry": entry.uid,
            "dimension": race.code,
            "waiver": waiver.uid,
            "indicator": indicator.slug,
            "event": event.uid,
            "cause": indicator.causes.get().uid,
            "release": draft.uid,
            "request": request.uid,
            "submission": checked(indicator, partner, year=2022).uid,
            "handed_in": handed_in.uid,
        }

    def _client(self, role: str) -> Client:
        client = Client(raise_request_exception=True)
        if role != "anonymous":
            client.force_login(self.people[role])
        return client

    def _try(self, name: str) -> dict[str, int]:
        method, arguments, _expected = TABLE[name]
        url = reverse(name, args=[self.arguments[each] for each in arguments])
        if name == "equity:waiver_new":
            release = self.arguments["release"]
            url += f"?record={release}&gate={publish_release.name}&rule=story"
        if name == "measurement:request_escalate":
            with clock.at(clock.now() + timedelta(days=5)):
                return self._ask_all(url, method, name)
        return self._ask_all(url, method, name)

    def _ask_all(self, url: str, method: str, name: str) -> dict[str, int]:
        data = POSTED.get(name, {}) if method == "post" else None
        return {role: getattr(self._client(role), method)(url, data).status_code for role in ROLES}

    def test_every_address_of_ours_is_in_the_table_and_nothing_else(self) -> None:
        ours = {name for name in _walk(get_resolver()) if _is_ours(name)}

        assert ours == set(TABLE)

    def test_every_role_is_in_every_row(self) -> None:
        wrong = {name for name, row in TABLE.items() if set(row[2]) != set(ROLES)}

        assert wrong == set()

    def test_an_unpublished_indicator_is_unknown_outside(self) -> None:
        hidden = builders.an_indicator(self.initiative, slug="hidden")
        urls = [
            reverse(f"measurement:{name}", args=["here", hidden.slug])
            for name in ("indicator", "chart", "table_csv")
        ]

        outside = {
            (role, url): self._client(role).get(url).status_code
            for role in ("anonymous", "stranger", "superuser")
            for url in urls
        }

        assert set(outside.values()) == {404}

    def test_another_initiatives_ids_open_nothing(self) -> None:
        """The backbone of one place asks for another's records under her own address."""
        builders.a_member(self.initiative, "backbone", user=self.people["stranger"])
        wrong = {}
        for name, (method, arguments, _expected) in TABLE.items():
            if "initiative" not in arguments or len(arguments) < 2:
                continue
            elsewhere = {**self.arguments, "initiative": "elsewhere"}
            url = reverse(name, args=[elsewhere[each] for each in arguments])
            status = getattr(self._client("stranger"), method)(url).status_code
            if status != 404:
                wrong[name] = status

        assert wrong == {}

    def test_the_admin_opens_for_superusers_only(self) -> None:
        names = [name for name in _walk(get_resolver()) if name.startswith("admin:")]
        opened = {
            (role, name): status
            for role in ROLES
            if role != "superuser"
            for name in names
            if (status := self._admin(role, name)) not in (302, 404)
        }

        assert opened == {}
        assert self._admin("superuser", "admin:index") == 200

    def _admin(self, role: str, name: str) -> int:
        for arguments in ([], ["1"], ["1", "1"], ["people"]):
            try:
                url = reverse(name, args=arguments)
            except Exception:  # noqa: S112 - this address takes other arguments
                continue
            return self._client(role).get(url).status_code
        return 404

    def test_sign_in_is_reachable_signed_out(self) -> None:
        signed_out = Client()
        statuses = {
            name: signed_out.get(reverse(name)).status_code
            for name in ("account_login", "account_request_login_code", "account_reset_password")
        }

        assert statuses == dict.fromkeys(statuses, 200)

    def test_the_pages_of_ones_own_account_ask_for_sign_in(self) -> None:
        statuses = {
            name: Client().get(reverse(name)).status_code
            for name in (
                *("account_email", "account_change_password", "mfa_index"),
                *("mfa_activate_totp", "mfa_list_webauthn", "mfa_view_recovery_codes"),
            )
        }

        assert statuses == dict.fromkeys(statuses, 302)

    @override_settings(DEMO=True)
    def test_one_click_entry_opens_in_the_demonstration_only(self) -> None:
        assert Client().get(reverse("people:enter")).status_code == 200


def initiative_member(doors: Any, role: str) -> Any:
    return doors.people[role].memberships.get(initiative=doors.initiative)


def checked(indicator: Any, partner: Any, year: int = 2019) -> Submission:
    """A submission that was read and waits to be handed in."""
    content = f"place,year,number,births\nHere,{year},120,3000\n".encode()
    submission = builders.a_submission(indicator, partner, content=content)
    Submission.objects.filter(pk=submission.pk).update(state="checking")
    submission.refresh_from_db()
    rows = [builders._row((year, "Here"), (120, 3000))]
    submission.store_reading(TableReading(rows, []))
    return submission


def _make(name: str) -> Any:
    def test(self: Doors) -> None:
        assert self._try(name) == TABLE[name][2]

    return test


for _name in TABLE:
    setattr(Doors, f"test_{_name.replace(':', '_')}", _make(_name))
