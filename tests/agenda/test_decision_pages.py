"""The page of a decision at every state, for each reader, and the log."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ciforum.people import clock
from ciforum.people.words import Words
from tests import deciding

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(initiative, backbone):
    return deciding.a_body(initiative, backbone)


@pytest.fixture
def decision(body, backbone):
    return deciding.a_decision(body[0], backbone)


@pytest.fixture
def read(login, initiative):
    """What a person (None: signed out) gets at a page of a decision, at a moment."""
    from django.test import Client  # noqa: PLC0415

    def fetch(decision, person, moment=None, name="decision", query=""):
        client = login(person) if person else Client()
        url = reverse(f"agenda:{name}", args=[initiative.slug, decision.uid]) + query
        with clock.at(moment or clock.now()):
            return client.get(url)

    return fetch


def text_of(response):
    """Its words, blanks made one."""
    return " ".join(response.content.decode().split())


def test_a_draft_is_for_members(decision, read, resident):
    assert read(decision, None).status_code == 404
    assert read(decision, resident.user).status_code == 200


def test_each_state_has_a_page_for_everybody(decision, body, backbone, read, resident):
    _committee, seats = body
    choices = dict(zip(seats, ("agree", "agree", "disagree", "abstain"), strict=True))
    people = [None, resident.user, backbone.user, *(seat.holder.user for seat in seats)]

    later = deciding.closed(decision, backbone, choices)

    assert [read(decision, each, later).status_code for each in people] == [200] * len(people)
    said = text_of(read(decision, None, later))
    assert "4 of 4 seats have voted. 2 agree, 1 disagree, 1 abstain." in said
    assert "Because mothers asked for it." in said


def test_what_happens_now_and_the_one_thing_to_do(decision, body, backbone, read, resident):
    _committee, seats = body
    speaker, institution = seats[0].holder.user, seats[2].holder.user
    seen = {}

    def look(state, moment=None):
        for name, person in (
            ("public", None), ("resident", resident.user), ("backbone", backbone.user),
            ("speaker", speaker), ("institution", institution),
        ):  # fmt: skip
            page = read(decision, person, moment)
            if page.status_code == 200:
                action = page.context["action"]
                seen[state, name] = (action.label, bool(action.why)) if action else None

    look("draft")
    deciding.in_input(decision, backbone)
    look("input")
    over = clock.now() + timedelta(days=9)
    with clock.at(over):
        decision.end_input()
        look("deliberation", over)
        decision.open_last_word(by=backbone.user)
        look("last_word", over)
        deciding.all_spoken(decision)
        decision.open_voting(by=backbone.user)
        decision.cast(seat=seats[0], choice="agree", by=speaker)
        look("voting", over)

    assert seen == {
        ("draft", "resident"): ("Open it for input", True),
        ("draft", "backbone"): ("Open it for input", False),
        ("draft", "speaker"): ("Open it for input", False),
        ("draft", "institution"): ("Open it for input", False),
        ("input", "public"): ("Sign in to say what you think", False),
        **{
            ("input", who): ("Say what you think", False)
            for who in ("resident", "backbone", "speaker", "institution")
        },
        ("deliberation", "public"): ("Open the last word", True),
        ("deliberation", "resident"): ("Join the talk", False),
        **{
            ("deliberation", who): ("Open the last word", False)
            for who in ("backbone", "speaker", "institution")
        },
        ("last_word", "public"): ("Speak last", True),
        ("last_word", "resident"): ("Speak last", True),
        ("last_word", "backbone"): ("Open the vote", False),
        ("last_word", "speaker"): ("Speak last", False),
        ("last_word", "institution"): ("Open the vote", False),
        ("voting", "public"): ("Vote", True),
        ("voting", "resident"): ("Vote", True),
        ("voting", "backbone"): ("Vote", True),
        ("voting", "speaker"): ("Change your ballot", False),
        ("voting", "institution"): ("Vote", False),
    }


def test_a_page_during_the_vote_is_the_same_whatever_was_chosen(
    initiative, backbone, read, resident
):
    """No choice, reason or running tally for anybody: every page, before and after a change."""
    committee, seats = deciding.a_body(initiative, backbone)
    decision = deciding.a_decision(committee, backbone, method="consent")
    moment = deciding.in_vote(decision, backbone)
    people = [None, resident.user, backbone.user, seats[1].holder.user, seats[2].holder.user]
    names = ("decision", "decision_hearing", "decision_inputs", "decision_cite", "decision_edit")

    def pages():
        made = [read(decision, each, moment, name) for each in people for name in names]
        made += [read(decision, each, moment, query="?held=1") for each in people]
        return [re.sub(r'(csrf\w*|nonce)[^>]*value="\w+"', "", text_of(each)) for each in made]

    with clock.at(moment):
        decision.cast(seat=seats[0], choice="agree", by=seats[0].holder.user)
    before = pages()
    with clock.at(moment):
        decision.cast(
            seat=seats[0], choice="block", by=seats[0].holder.user, reason="Because of the noise."
        )
    after = pages()

    assert before == after
    assert not any("Because of the noise" in each for each in after)
    assert "1 of 4 seats have voted." in after[0]


def test_a_held_vote_says_everything_that_is_missing(decision, backbone, login, read, initiative):
    moment = deciding.in_last_word(decision, backbone)
    url = reverse("agenda:decision_open_voting", args=[initiative.slug, decision.uid])

    with clock.at(moment):
        answer = login(backbone.user).post(url)
    page = read(decision, backbone.user, moment, query="?held=1")

    assert answer.url == f"{decision.get_absolute_url()}?held=1"
    said = text_of(page)
    assert "Held: not yet ready to open the vote" in said
    assert "0 of 2 seats for lived experience spoke last or passed themselves. It takes 2." in said
    assert reverse("agenda:decision_hearing", args=[initiative.slug, decision.uid]) in said


def test_only_those_who_take_it_on_press_the_buttons(
    decision, backbone, login, initiative, resident
):
    client = login(resident.user)
    names = ("open_input", "open_last_word", "open_voting", "again", "withdraw", "close", "retry")

    codes = {
        name: client.post(
            reverse(f"agenda:decision_{name}", args=[initiative.slug, decision.uid])
        ).status_code
        for name in names
    }

    assert codes == dict.fromkeys(names, 403)


def test_words_that_are_not_public_stay_with_members(decision, backbone, read, resident):
    moment = deciding.in_last_word(decision, backbone)
    first, second = decision.lived_seats()
    with clock.at(moment):
        decision.speak(
            seat=first, choice="changes", words="Ask my aunt.", by=first.holder.user, is_public=True
        )
        decision.speak(
            seat=second, choice="changes", words="My boss must not know.", by=second.holder.user
        )

    outside = text_of(read(decision, None, moment))
    inside = text_of(read(decision, resident.user, moment))

    assert "Ask my aunt." in outside
    assert "My boss must not know." not in outside
    assert "I ask for changes" not in outside
    assert "A last word was given." in outside
    assert "My boss must not know." in inside
    assert "I ask for changes" in inside


def test_what_the_last_word_changed_is_shown_word_by_word(decision, backbone, read):
    moment = deciding.in_last_word(decision, backbone)
    seat = decision.lived_seats()[0]
    with clock.at(moment):
        decision.speak(seat=seat, choice="send_back", words="Earlier.", by=seat.holder.user)
        decision.describe(
            by=backbone.user, text=Words(en="The clinic opens on Saturdays from 8 to 1.")
        )
        decision.open_last_word(by=backbone.user)

    said = text_of(read(decision, None, moment))

    assert "From round 1 to round 2" in said
    assert "Sent back by a last word." in said
    assert re.search(r"<del>.{0,80}taken out:.{0,20}</span>9<", said)
    assert re.search(r"<ins>.{0,80}new:.{0,20}</span>8<", said)


def test_a_secret_count_tells_no_class_and_no_seat(initiative, backbone, read):
    from agenda import secrecy  # noqa: PLC0415

    committee, seats = deciding.a_body(initiative, backbone, lived=3)
    decision = deciding.a_decision(committee, backbone, secret=True)
    moment = deciding.in_vote(decision, backbone)
    with clock.at(moment):
        for seat in seats:
            decision.cast_in_secret(
                seat=seat, choice="agree", receipt=secrecy.new_receipt(), by=seat.holder.user
            )
    later = moment + timedelta(days=9)
    with clock.at(later):
        decision.end_voting()

    page = read(decision, backbone.user, later)

    rows = page.context["result"].tally.rows
    assert [row.withheld for row in rows] == [False, True, True, True]
    assert all(cell is None for row in rows[1:] for _name, cell in row.cells)
    codes = {each.who for each in page.context["ballots"].rows}
    assert codes == set(decision.round.counted_ballots.values_list("code", flat=True))


def test_the_log_asks_the_database_as_often_for_three_as_for_one(
    body, decision, backbone, login, initiative
):
    url = reverse("agenda:decisions", args=[initiative.slug])
    client = login(backbone.user)
    client.get(url)

    counts = []
    for more in (0, 2):
        for _each in range(more):
            deciding.in_input(deciding.a_decision(body[0], backbone), backbone)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(url)
        counts.append((len(page.context["rows"]), len(asked)))

    assert [rows for rows, _asked in counts] == [1, 3]
    assert counts[0][1] == counts[1][1]


def test_the_log_finds_by_state_committee_year_outcome_and_words(initiative, body, backbone, login):
    open_one = deciding.a_decision(body[0], backbone, title=Words(en="Bücher für alle"))
    deciding.in_input(open_one, backbone)
    draft = deciding.a_decision(body[0], backbone, title=Words(en="Buses"))
    url = reverse("agenda:decisions", args=[initiative.slug])
    client = login(backbone.user)

    def found(query, who=client):
        return [str(row.decision.title) for row in who.get(url + query).context["rows"]]

    from django.test import Client  # noqa: PLC0415

    assert found("") == ["Buses", "Bücher für alle"]
    assert found("", Client()) == ["Bücher für alle"]
    assert found("?q=bucher") == ["Bücher für alle"]
    assert found("?state=running") == ["Bücher für alle"]
    assert found("?state=draft") == ["Buses"]
    assert found(f"?committee={body[0].slug}") == ["Buses", "Bücher für alle"]
    assert found("?outcome=passed") == []
    assert found(f"?year={draft.created_at.year}&order=soon") == ["Bücher für alle", "Buses"]
    assert found("?year=1999&state=nonsense") == ["Buses", "Bücher für alle"]
