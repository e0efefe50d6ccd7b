"""The pages of a ballot: chosen, looked at again, cast, changed, taken back."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from agenda import secrecy
from agenda.models import Ballot, Decision, SealedBallot, SeatVoted
from ciforum.people import clock
from ciforum.people.models import Notice, StoredFile
from ciforum.people.words import Words
from tests import builders, deciding
from tests.agenda.booths import BEGAN, an_open_vote, cast, hidden, link_to, signed_in, url

pytestmark = pytest.mark.django_db

OPTIONS = [("a", Words(en="Saturday")), ("b", Words(en="Sunday")), ("c", Words(en="Evenings"))]


@pytest.fixture
def vote(initiative, backbone):
    return an_open_vote(initiative, backbone)


@pytest.fixture
def secret(initiative, backbone):
    return an_open_vote(initiative, backbone, lived=3, secret=True)


def versions(decision):
    return list(decision.ballots.order_by("version").values_list("version", "choice", "is_current"))


def a_recording(initiative):
    file = ContentFile(b"OggS recording", "last-word.ogg")
    return StoredFile.keep(file, initiative=initiative, kind="last_word")


# --- open


def test_a_seat_votes_in_three_requests_and_only_the_last_writes(vote):
    decision, seats = vote
    client, address = signed_in(seats[0].holder), url("ballot", decision)

    form = hidden(client.get(address))
    looked = client.post(address, {**form, "answer": "agree", "reason": "Buses", "step": "look"})
    before = decision.ballots.count()
    done = client.post(address, {**hidden(looked), "step": "cast"})

    assert before == 0
    assert "I agree" in looked.content.decode()
    assert done.status_code == 302
    ballot = decision.ballots.get()
    assert (ballot.choice, ballot.reason, ballot.seat, ballot.channel) == (
        "agree", "Buses", seats[0], "site",
    )  # fmt: skip
    assert ballot.receipt in client.get(done.url).content.decode()


def test_whoever_votes_hears_the_last_words_before_she_chooses(initiative, backbone):
    with clock.at(clock.now() - BEGAN):
        committee, seats = deciding.a_body(initiative, backbone)
        decision = deciding.a_decision(committee, backbone)
        moment = deciding.in_last_word(decision, backbone)
    with clock.at(moment):
        for seat, words in zip(seats, ("Nine is too early.", ""), strict=False):
            spoken = {"words": words} if words else {"voice": a_recording(initiative)}
            decision.speak(seat=seat, choice="changes", by=seat.holder.user, **spoken)
        decision.open_voting(by=backbone.user)

    page = signed_in(seats[2].holder).get(url("ballot", decision)).content.decode()
    linked = Client().get(link_to(decision, seats[2])).content.decode()

    assert page.index("Nine is too early.") < page.index('name="answer"')
    assert "<audio" in page
    assert linked.index("Nine is too early.") < linked.index('name="answer"')
    # A link opens no recording that is for members.
    assert "<audio" not in linked
    assert "Sign in to hear it." in linked


def test_the_same_form_sent_twice_counts_once_and_says_so(vote):
    decision, seats = vote
    client, address = signed_in(seats[0].holder), url("ballot", decision)
    looked = client.post(address, {"answer": "agree", "key": str(uuid.uuid4()), "step": "look"})
    again = {**hidden(looked), "step": "cast"}

    client.post(address, again)
    client.post(address, again)
    other = client.post(address, {**again, "answer": "disagree"}, follow=True)

    assert versions(decision) == [(1, "agree", True)]
    assert "nothing was changed now" in other.content.decode()


def test_a_ballot_is_changed_and_taken_back_and_every_version_stays(vote):
    decision, seats = vote
    client, address = signed_in(seats[0].holder), url("ballot", decision)
    cast(client, address, answer="agree")

    cast(client, f"{address}?change=1", answer="abstain")
    asks = client.get(url("ballot_take_back", decision))
    client.post(url("ballot_take_back", decision))

    assert asks.status_code == 200
    assert versions(decision) == [(1, "agree", False), (2, "abstain", False)]
    assert decision.voted_seats() == set()


@pytest.mark.parametrize(
    ("method", "boxes", "choice"),
    [
        ("consent", {"answer": "block"}, "block"),
        ("two_thirds", {"answer": "disagree"}, "disagree"),
        ("gradients", {"answer": "3"}, 3),
        ("irv", {"place-a": "2", "place-b": "1", "place-c": ""}, [["b"], ["a"]]),
        ("schulze", {"place-a": "2", "place-b": "1", "place-c": "2"}, [["b"], ["a", "c"]]),
        ("score", {"points-a": "10", "points-b": "0", "points-c": ""}, {"a": 10, "b": 0, "c": 0}),
        ("dot", {"points-a": "7", "points-b": "3", "points-c": "0"}, {"a": 7, "b": 3, "c": 0}),
    ],
)
def test_every_method_has_its_ballot(initiative, backbone, method, boxes, choice):
    options = OPTIONS if method in ("irv", "schulze", "score", "dot") else None
    decision, seats = an_open_vote(initiative, backbone, method=method, options=options)

    cast(signed_in(seats[0].holder), url("ballot", decision), **boxes)

    assert decision.ballots.get().choice == choice


@pytest.mark.parametrize(
    ("method", "boxes", "sentence"),
    [
        ("majority", {}, "Choose one of the answers."),
        ("majority", {"answer": "block"}, "is not one of the available choices"),
        ("gradients", {"answer": "9"}, "is not one of the available choices"),
        ("irv", {"place-a": "", "place-b": "", "place-c": ""}, "Give at least one option a place."),
        ("irv", {"place-a": "4"}, "is not one of the available choices"),
        ("dot", {"points-a": "8", "points-b": "3"}, "1 dot too many"),
        ("score", {"points-a": "11"}, "less than or equal to 10"),
        ("score", {"points-a": "-1"}, "greater than or equal to 0"),
    ],
)
def test_a_ballot_nobody_can_count_is_refused_with_a_sentence(
    initiative, backbone, method, boxes, sentence
):
    options = OPTIONS if method in ("irv", "dot", "score") else None
    decision, seats = an_open_vote(initiative, backbone, method=method, options=options)
    client, address = signed_in(seats[0].holder), url("ballot", decision)

    sent = {**hidden(client.get(address)), **boxes, "step": "cast"}
    answer = client.post(address, sent)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not decision.ballots.exists()


# --- secret


def receipt_on(page):
    found = re.search(r'class="receipt__signs"[^>]*>([^<]+)<', page.content.decode())
    return secrecy.read_receipt(found.group(1))


def test_a_secret_ballot_shows_its_receipt_before_and_after_and_keeps_it_nowhere(secret):
    decision, seats = secret
    client, address = signed_in(seats[0].holder), url("ballot", decision)

    page = client.get(address)
    looked = client.post(address, {**hidden(page), "answer": "agree", "step": "look"})
    done = client.post(address, {**hidden(looked), "step": "cast"})

    assert done.status_code == 200
    assert "no-store" in done["Cache-Control"]
    assert receipt_on(page) == receipt_on(looked) == receipt_on(done)
    assert SealedBallot.objects.get().lookup == secrecy.lookup(receipt_on(done))
    assert "receipt" not in str(dict(client.session))
    assert receipt_on(done) not in str(client.cookies)


def test_a_secret_ballot_changes_only_with_its_receipt(secret):
    decision, seats = secret
    client, address = signed_in(seats[0].holder), url("ballot", decision)
    receipt = receipt_on(cast(client, address, answer="agree"))
    change = f"{address}?change=1"

    wrong = cast(client, change, answer="disagree", receipt="2" * 20)
    right = cast(client, change, answer="disagree", receipt=secrecy.shown(receipt).lower())

    assert wrong.status_code == 409
    assert "use the receipt" in wrong.content.decode()
    assert "was changed" in right.content.decode()
    with clock.at(decision.round.voting_until + timedelta(minutes=1)):
        decision.end_voting()
    assert [each.choice for each in decision.round.counted_ballots.all()] == ["disagree"]


def test_a_receipt_that_this_site_did_not_make_is_no_receipt(secret):
    decision, seats = secret
    client, address = signed_in(seats[0].holder), url("ballot", decision)
    other = secrecy.sign(secrecy.new_receipt(), uuid.uuid4())
    made_up = {"answer": "agree", "receipt": "ABCD" * 5, "step": "cast"}

    statuses = [
        client.post(address, made_up).status_code,
        client.post(f"{address}?change=1", made_up).status_code,
        client.post(address, {**made_up, "receipt": other}).status_code,
    ]

    assert statuses == [422, 422, 422]
    assert not SeatVoted.objects.exists()


def test_two_seats_cannot_cast_under_one_code(secret):
    decision, seats = secret
    first = secrecy.new_receipt()
    decision.cast_in_secret(seat=seats[0], choice="agree", receipt=first, by=seats[0].holder.user)
    same_code = secrecy.code(first) + secrecy.new_receipt()[8:]

    with pytest.raises(Exception, match="out of date"):
        decision.cast_in_secret(
            seat=seats[1], choice="agree", receipt=same_code, by=seats[1].holder.user
        )


def test_a_receipt_of_another_class_does_not_move_a_vote_between_classes(secret):
    decision, seats = secret
    lived, funder = seats[0], seats[-1]
    hers, theirs = secrecy.new_receipt(), secrecy.new_receipt()
    decision.cast_in_secret(seat=lived, choice="agree", receipt=hers, by=lived.holder.user)
    decision.cast_in_secret(seat=funder, choice="agree", receipt=theirs, by=funder.holder.user)

    with pytest.raises(Exception, match="out of date"):
        decision.cast_in_secret(seat=funder, choice="disagree", receipt=hers, by=funder.holder.user)


def test_after_the_count_the_list_names_codes_and_the_page_asks_for_none(secret):
    decision, seats = secret
    receipt = receipt_on(cast(signed_in(seats[0].holder), url("ballot", decision), answer="agree"))
    before = Client().get(url("ballot_find", decision))
    with clock.at(decision.round.voting_until + timedelta(minutes=1)):
        decision.end_voting()
        page = Client().get(url("ballot_find", decision))

    assert before.status_code == 404
    assert f'data-code="{receipt[:8]}"' in page.content.decode()
    assert receipt[8:] not in page.content.decode()
    assert "<form" not in page.content.decode()


# --- by link


def test_a_link_opens_one_seats_ballot_and_opening_changes_nothing(vote):
    decision, seats = vote
    address, stranger = link_to(decision, seats[0]), Client()

    page = stranger.get(address)
    done = cast(stranger, address, answer="agree")

    assert page.status_code == 200
    assert "sessionid" not in stranger.cookies
    assert "noindex" in page["X-Robots-Tag"]
    assert done.status_code == 200
    ballot = decision.ballots.get()
    assert (ballot.seat, ballot.by, ballot.channel) == (seats[0], seats[0].holder.user, "link")


def test_a_link_is_spent_once_its_seat_has_voted(vote):
    decision, seats = vote
    address, stranger = link_to(decision, seats[0]), Client()
    form = hidden(stranger.get(address))
    sent = {**form, "answer": "agree", "step": "cast"}
    stranger.post(address, sent)

    again = stranger.post(address, sent)
    other = stranger.post(address, {**sent, "key": str(uuid.uuid4()), "answer": "disagree"})
    opened = stranger.get(address)

    assert [again.status_code, other.status_code, opened.status_code] == [200, 410, 410]
    assert versions(decision) == [(1, "agree", True)]


def test_a_secret_ballot_by_link_shows_the_receipt_and_takes_an_echo_of_itself(secret):
    decision, seats = secret
    address, stranger = link_to(decision, seats[0]), Client()
    sent = {**hidden(stranger.get(address)), "answer": "agree", "step": "cast"}

    first, echo = stranger.post(address, sent), stranger.post(address, sent)
    fresh = {**sent, "receipt": secrecy.sign(secrecy.new_receipt(), decision.round.uid)}

    assert receipt_on(first) == receipt_on(echo)
    assert stranger.post(address, fresh).status_code == 410
    assert SealedBallot.objects.count() == 1


def test_a_link_says_nothing_of_the_decision_once_it_opens_no_ballot(vote):
    decision, seats = vote
    address = link_to(decision, seats[0])

    with clock.at(decision.round.voting_until + timedelta(minutes=1)):
        over = Client().get(address)
    decision.describe(by=decision.proposed_by, text=Words(en="Saturdays from 9 to 12."))
    voided = Client().get(address)

    for page in (over, voided):
        assert page.status_code == 410
        assert str(decision.title) not in page.content.decode()
        assert str(decision.uid) not in page.content.decode()


def test_made_up_and_foreign_links_are_not_found(vote):
    decision, seats = vote
    address = link_to(decision, seats[0])
    elsewhere = builders.an_initiative("elsewhere")

    foreign = address.replace(decision.initiative.slug, elsewhere.slug, 1)
    made_up = address.replace("ballot/", "ballot/x")

    assert Client().get(foreign).status_code == 404
    assert Client().get(made_up).status_code == 404


def test_an_old_link_says_that_it_ran_out(vote, monkeypatch):
    decision, seats = vote
    address = link_to(decision, seats[0])
    import time  # noqa: PLC0415

    later = time.time() + 4 * 24 * 3600
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)

    page = Client().get(address)

    assert page.status_code == 410
    assert "run out" in page.content.decode()


# --- written down for her


def test_staff_write_a_ballot_down_and_she_is_told_and_takes_it_back(vote, backbone):
    decision, seats = vote
    staff, address = signed_in(backbone), url("ballot_record", decision)
    boxes = {"seat": str(seats[0].uid), "channel": "phone", "answer": "agree"}

    done = cast(staff, address, **boxes)
    hers = signed_in(seats[0].holder).get(url("ballot", decision))
    told = Notice.objects.filter(to=seats[0].holder.user, kind="decision.ballot_recorded")
    signed_in(seats[0].holder).post(url("ballot_take_back", decision))

    assert done.status_code == 302
    assert (decision.ballots.get().recorded_by, decision.ballots.get().channel) == (
        backbone.user, "phone",
    )  # fmt: skip
    assert "wrote it down for you" in hers.content.decode()
    assert told.count() == 1
    assert decision.voted_seats() == set()


def test_nobody_writes_down_over_a_ballot_or_a_secret_one(vote, secret, backbone):
    decision, seats = vote
    cast(signed_in(seats[0].holder), url("ballot", decision), answer="agree")
    boxes = {"seat": str(seats[0].uid), "channel": "phone", "answer": "disagree"}
    key = {"key": str(uuid.uuid4()), "step": "cast"}

    over = signed_in(backbone).post(url("ballot_record", decision), {**boxes, **key})
    hidden_one = signed_in(backbone).post(url("ballot_record", secret[0]), {**boxes, **key})

    assert over.status_code == 422
    assert hidden_one.status_code == 409
    assert versions(decision) == [(1, "agree", True)]


# --- on paper


def test_the_paper_ballot_speaks_every_language_in_which_the_text_stands(initiative, backbone):
    text = Words(en="The clinic opens on Saturdays.", es="La clínica abre los sábados.")
    decision, _seats = an_open_vote(initiative, backbone, text=text)

    page = Client().get(url("ballot_print", decision)).content.decode()

    assert 'lang="en"' in page
    assert "La clínica abre los sábados." in page
    assert decision.round.paper_digest[:8] in page


def test_a_secret_ballot_has_no_paper(secret):
    page = Client().get(url("ballot_print", secret[0]))

    assert "cannot be on paper" in page.content.decode()
    assert "Mark one box" not in page.content.decode()


# --- who does not vote


def test_only_seats_vote(vote, backbone, partner):
    decision, seats = vote
    sent = {"answer": "agree", "key": str(uuid.uuid4()), "step": "cast"}
    address = url("ballot", decision)
    others = {
        "staff": signed_in(backbone).post(address, sent).status_code,
        "member": signed_in(partner).post(address, sent).status_code,
        "stranger": signed_in(builders.a_user()).post(address, sent).status_code,
        "nobody": Client().post(address, sent).status_code,
        "another seat": signed_in(seats[0].holder)
        .post(f"{address}?seat={seats[1].uid}", sent)
        .status_code,
    }

    assert others == {
        "staff": 403, "member": 403, "stranger": 404, "nobody": 302, "another seat": 404,
    }  # fmt: skip
    assert not Ballot.objects.exists()


def test_an_ended_seat_a_recused_one_and_an_alternate_of_another_do_not_vote(vote, backbone):
    decision, seats = vote
    ended, recused = seats[0], seats[1]
    address = url("ballot", decision)
    sent = {"answer": "agree", "key": str(uuid.uuid4()), "step": "cast"}
    decision.recuse(seat=recused, by=recused.holder.user, interest="I work there.")
    ended.end(by=ended.holder.user)

    gone = signed_in(ended.holder).post(address, sent)
    back = signed_in(recused.holder).post(address, sent)
    by_link = Client().post(link_to(decision, ended), sent)

    assert (gone.status_code, back.status_code, by_link.status_code) == (409, 409, 410)
    assert "stands back" in back.content.decode()
    assert not Ballot.objects.exists()


def test_an_alternate_votes_for_her_seat(initiative, backbone):
    decision, seats = an_open_vote(initiative, backbone)
    stand_in = builders.a_member(initiative, "community")
    seats[0].name_alternate(alternate=stand_in, by=seats[0].holder.user)

    cast(signed_in(stand_in), url("ballot", decision), answer="agree")

    assert decision.ballots.get().by == stand_in.user
    assert decision.ballots.get().seat == seats[0]


def test_a_ballot_sent_after_the_deadline_is_not_counted(vote):
    decision, seats = vote
    client, address = signed_in(seats[0].holder), url("ballot", decision)
    looked = client.post(address, {"answer": "agree", "key": str(uuid.uuid4()), "step": "look"})

    with clock.at(decision.round.voting_until + timedelta(seconds=1)):
        late = client.post(address, {**hidden(looked), "step": "cast"})

    assert late.status_code == 409
    assert "not counted" in late.content.decode()
    assert not Ballot.objects.exists()


def test_a_key_of_another_decision_is_refused_with_a_sentence(initiative, backbone):
    first, seats = an_open_vote(initiative, backbone)
    second, others = an_open_vote(initiative, backbone)
    key = str(uuid.uuid4())
    sent = {"answer": "agree", "key": key, "step": "cast"}

    signed_in(seats[0].holder).post(url("ballot", first), sent)
    answer = signed_in(others[0].holder).post(url("ballot", second), sent)

    assert answer.status_code == 409
    assert "out of date" in answer.content.decode()
    assert Ballot.objects.count() == 1


def test_the_standing_of_a_vote_says_nothing_of_choices(vote, backbone):
    decision, seats = vote
    cast(signed_in(seats[0].holder), url("ballot", decision), answer="disagree", reason="Rats!")

    page = signed_in(backbone).get(url("ballot_record", decision)).content.decode()

    assert "Rats!" not in page
    assert Decision.objects.get(pk=decision.pk).voted_seats() == {seats[0].pk}
