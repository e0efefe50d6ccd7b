"""Decisions as files: table, feed, calendars, paper."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from xml.etree import ElementTree

import icalendar
import pytest
from django.urls import reverse

from ciforum.people import clock
from ciforum.people.words import Words
from tests import deciding

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def decision(initiative, backbone):
    committee, _seats = deciding.a_body(initiative, backbone)
    return deciding.a_decision(committee, backbone)


@pytest.mark.parametrize("name", ["decision_json", "decision_ics", "decision_print"])
def test_a_draft_is_unknown_outside_and_open_once_it_asks_for_input(
    client, initiative, backbone, decision, name
):
    url = reverse(f"agenda:{name}", args=[initiative.slug, decision.uid])
    before = client.get(url).status_code

    deciding.in_input(decision, backbone)

    assert (before, client.get(url).status_code) == (404, 200)


@pytest.mark.parametrize(
    "name", ["records", "records_json", "decisions_csv", "decisions_atom", "decisions_ics"]
)
def test_the_log_is_open_to_everybody(client, initiative, decision, name):
    assert client.get(reverse(f"agenda:{name}", args=[initiative.slug])).status_code == 200


def get(client, name, decision, **headers):
    slug = decision.initiative.slug
    arguments = [slug] if name.startswith(("decisions_", "records")) else [slug, decision.uid]
    return client.get(reverse(f"agenda:{name}", args=arguments), **headers)


def test_the_table_says_in_words_what_won_and_who_proposed_it(client, initiative, backbone):
    committee, seats = deciding.a_body(initiative, backbone)
    streets = [("a", Words(en="Mill Street")), ("b", Words(en="Bridge Street"))]
    decision = deciding.a_decision(committee, backbone, method="score", options=streets)
    deciding.closed(decision, backbone, {seat: {"a": 5, "b": 1} for seat in seats})

    text = get(client, "decisions_csv", decision).content.decode("utf-8-sig")

    row = next(csv.DictReader(io.StringIO(text)))
    assert (row["Winners"], row["Proposed from"]) == ("Mill Street", "Backbone")


def test_the_record_is_asked_again_and_sent_only_when_it_changed(client, backbone, decision):
    deciding.in_input(decision, backbone)
    first = get(client, "decision_json", decision)
    same = get(client, "decision_json", decision, headers={"If-None-Match": first["ETag"]})
    decision.describe(by=backbone.user, title=Words(en="Open the clinic on Sundays"))
    changed = get(client, "decision_json", decision, headers={"If-None-Match": first["ETag"]})

    assert first["Cache-Control"] == "public, no-cache"
    assert (same.status_code, changed.status_code) == (304, 200)


def test_the_table_holds_no_formula_and_says_what_it_leaves_out(client, backbone, decision):
    decision.describe(by=backbone.user, title=Words(en='=HYPERLINK("http://evil","x")'))
    deciding.in_input(decision, backbone)
    deciding.a_decision(decision.committee, backbone, title=Words(en="A secret draft"))

    text = get(client, "decisions_csv", decision).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))

    assert rows[1][1] == '\'=HYPERLINK("http://evil","x")'
    assert {len(row) for row in rows[:2]} == {len(rows[0])}
    assert "Drafts: they become public when they are opened for input." in [r[0] for r in rows[2:]]
    assert "A secret draft" not in text


def test_the_table_says_how_a_decision_came_out(client, initiative, backbone):
    committee, seats = deciding.a_body(initiative, backbone)
    decision = deciding.a_decision(committee, backbone)
    deciding.closed(decision, backbone, dict.fromkeys(seats, "agree"))

    text = get(client, "decisions_csv", decision).content.decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(text)))

    told = {name: row[name] for name in ("State", "Outcome", "Ballots", "Seats", "Secret ballot")}
    assert told == {
        "State": "Closed",
        "Outcome": "passed",
        "Ballots": "4",
        "Seats": "4",
        "Secret ballot": "no",
    }


def test_the_feed_tells_each_stage_once_in_the_language_of_the_reader(client, initiative, backbone):
    committee, seats = deciding.a_body(initiative, backbone)
    decision = deciding.a_decision(
        committee, backbone, title=Words(en="Open on Saturdays", es="Abrir los sábados")
    )
    deciding.a_decision(committee, backbone, title=Words(en="A secret draft"))
    deciding.closed(decision, backbone, dict.fromkeys(seats, "agree"))

    answer = get(client, "decisions_atom", decision, headers={"Accept-Language": "es"})
    feed = ElementTree.fromstring(answer.content)  # noqa: S314 - our own
    entries = feed.findall(f"{ATOM}entry")

    assert len(entries) == 5
    assert len({each.findtext(f"{ATOM}id") for each in entries}) == 5
    assert all("Abrir los sábados" in each.findtext(f"{ATOM}title") for each in entries)
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "es"
    assert feed.find(f"{ATOM}author") is not None
    assert "secret draft" not in answer.content.decode()
    again = get(client, "decisions_atom", decision, headers={"Accept-Language": "es"})
    assert again["ETag"] == answer["ETag"]


def test_calendars_take_the_dates(client, initiative, backbone):
    committee, _seats = deciding.a_body(initiative, backbone)
    long = (
        "¿Abrimos la clínica los sábados por la mañana para las madres que trabajan de noche? " * 2
    )
    decision = deciding.a_decision(
        committee, backbone, title=Words(en="Open", es=long.strip()), review_on="2031-05-04"
    )
    deciding.in_vote(decision, backbone)
    decision.refresh_from_db()

    answer = get(client, "decision_ics", decision, headers={"Accept-Language": "es"})
    lines = answer.content.split(b"\r\n")
    events = {
        each["UID"].split("@")[0].removeprefix(f"{decision.uid}-"): each
        for each in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    }

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"\n" not in answer.content.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    assert set(events) == {"input", "last-word", "vote", "review"}
    assert all(long.strip() in each["SUMMARY"] for each in events.values())
    vote = events["vote"].decoded("DTSTART")
    assert str(vote.tzinfo) == initiative.time_zone
    assert vote == decision.round.voting_until.replace(microsecond=0)
    assert events["review"].decoded("DTSTART").isoformat() == "2031-05-04"
    assert b"BEGIN:VTIMEZONE" in answer.content


def test_a_later_file_wins_and_the_same_one_is_the_same(client, initiative, backbone):
    committee, _seats = deciding.a_body(initiative, backbone)
    decision = deciding.a_decision(committee, backbone)
    deciding.in_input(decision, backbone)

    def told():
        content = get(client, "decisions_ics", decision).content
        [event] = icalendar.Calendar.from_ical(content).walk("VEVENT")
        return content, event["UID"], event["SEQUENCE"], str(event["STATUS"])

    first, same = told(), told()
    decision.withdraw(by=backbone.user, because="The clinic moves.")
    later = told()

    assert first == same
    assert (later[1], later[3]) == (first[1], "CANCELLED")
    assert later[2] > first[2]


def test_paper_has_what_a_meeting_needs_and_then_the_result(client, initiative, backbone):
    committee, seats = deciding.a_body(initiative, backbone)
    decision = deciding.a_decision(committee, backbone)
    deciding.in_input(decision, backbone)
    before = get(client, "decision_print", decision).content.decode()

    with clock.at(clock.now() + timedelta(days=9)):
        decision.end_input()
    with clock.at(clock.now() + timedelta(days=9, hours=1)):
        decision.open_last_word(by=backbone.user)
        deciding.all_spoken(decision)
        decision.open_voting(by=backbone.user)
        for seat in seats:
            decision.cast(seat=seat, choice="agree", by=seat.holder.user)
    with clock.at(clock.now() + timedelta(days=19)):
        decision.end_voting()
    after = get(client, "decision_print", decision).content.decode()

    assert "sheet-lines" in before
    assert "The clinic opens on Saturdays" in before
    assert "What came out" not in before
    assert "What came out" in after
    assert "sheet-lines" not in after


def test_members_see_the_links_and_have_them_checked(client, login, initiative, backbone):
    committee, seats = deciding.a_body(initiative, backbone)
    decision = deciding.a_decision(committee, backbone)
    deciding.closed(decision, backbone, dict.fromkeys(seats, "agree"))
    member = login(backbone.user)

    outside = get(client, "records", decision).content.decode()
    inside = get(member, "records", decision).content.decode()
    checked = member.post(reverse("agenda:records_verify", args=[initiative.slug]))
    public = get(client, "records_json", decision).json()
    whole = member.get(
        reverse("agenda:records_json", args=[initiative.slug]), {"verify": ""}
    ).json()

    assert public["head"] in outside
    assert "The decision was closed" in inside
    assert "The decision was closed" not in outside
    assert "all hold" in checked.content.decode()
    assert set(public) == {"links", "head", "at"}
    assert (len(whole["chain"]), whole["verified"]) == (3, {"links": 3, "trouble": ""})
