"""Taking a decision on through its pages: paper, evidence, hearing, closing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from agenda.forms.papers import PaperForm
from agenda.models import Decision, Input
from ciforum.people import clock
from ciforum.people.words import Words
from equity.models import Group
from tests import builders, chartering, deciding

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(initiative, backbone):
    return deciding.a_body(initiative, backbone)


@pytest.fixture
def decision(body, backbone):
    return deciding.a_decision(body[0], backbone)


@pytest.fixture
def send(login, initiative):
    """POST to a page of a decision as somebody, at a moment."""

    def post(decision, person, name, data=None, *more, moment=None):
        url = reverse(f"agenda:{name}", args=[initiative.slug, decision.uid, *more])
        with clock.at(moment or clock.now()):
            return login(person).post(url, data or {})

    return post


@pytest.fixture
def read_cite(login, initiative):
    def fetch(decision, person, moment):
        url = reverse("agenda:decision_cite", args=[initiative.slug, decision.uid])
        with clock.at(moment):
            return login(person).get(url)

    return fetch


def typed(initiative, decision=None, **changed):
    """What a browser sends of the paper form as it stands, with changes."""
    form = PaperForm(initiative=initiative, decision=decision)
    sent = {}
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        if hasattr(field, "languages"):
            for code in field.languages:
                sent[f"{name}_{code}"] = (value or {}).get(code, "")
        elif value not in (None, "", False):
            sent[name] = value
    return {**sent, **changed}


def fresh(decision):
    return Decision.objects.get(pk=decision.pk)


def test_a_member_proposes_with_options_and_groups(initiative, body, resident, login):
    builders.a_dimension(initiative)
    group = Group.objects.for_initiative(initiative).first()
    data = typed(
        initiative,
        committee=body[0].slug,
        title_en="Where to meet",
        method="irv",
        **{"options-en": "Park\nSchool\n", "groups": [str(group.uid)]},
    )

    answer = login(resident.user).post(reverse("agenda:decision_new", args=[initiative.slug]), data)

    made = Decision.objects.get()
    assert answer.status_code == 302
    assert [(each.key, str(each.label)) for each in made.options.all()] == [
        ("a", "Park"),
        ("b", "School"),
    ]
    assert [each.group for each in made.affected.all()] == [group]
    assert made.proposed_class == "member"


def test_languages_need_the_same_number_of_options(initiative, body, resident, login):
    data = typed(
        initiative,
        committee=body[0].slug,
        title_en="Where",
        method="irv",
        **{"options-en": "Park\nSchool", "options-es": "Parque"},
    )

    answer = login(resident.user).post(reverse("agenda:decision_new", args=[initiative.slug]), data)

    assert answer.status_code == 422
    assert "Write as many options in each language." in answer.content.decode()


def test_an_edit_that_voids_asks_first(initiative, decision, backbone, send):
    moment = deciding.in_vote(decision, backbone)
    seat = decision.lived_seats()[0]
    with clock.at(moment):
        decision.cast(seat=seat, choice="agree", by=seat.holder.user)
    data = typed(initiative, fresh(decision), text_en="Saturdays from 9 to 12.")

    refused = send(decision, backbone.user, "decision_edit", data, moment=moment)
    assert refused.status_code == 422
    assert fresh(decision).state == "voting"
    said = " ".join(refused.content.decode().split())
    assert "2 last words count no more." in said
    assert "1 ballot counts no more." in said

    sure = {**data, "void-mark": "2/1", "void-understood": "on"}
    done = send(decision, backbone.user, "decision_edit", sure, moment=moment)
    assert done.status_code == 302
    assert fresh(decision).state == "deliberation"


def test_more_said_meanwhile_is_asked_about_again(initiative, decision, backbone, send):
    moment = deciding.in_vote(decision, backbone)
    data = typed(initiative, fresh(decision), text_en="Saturdays from 9 to 12.")
    seat = decision.lived_seats()[0]
    with clock.at(moment):
        decision.cast(seat=seat, choice="agree", by=seat.holder.user)

    stale = {**data, "void-mark": "2/0", "void-understood": "on"}
    answer = send(decision, backbone.user, "decision_edit", stale, moment=moment)

    assert answer.status_code == 422
    assert fresh(decision).state == "voting"


def test_two_who_write_at_once_lose_nothing(initiative, decision, backbone, send):
    data = typed(initiative, fresh(decision), text_en="Mine.")
    decision.describe(by=backbone.user, text=Words(en="Theirs."))

    answer = send(decision, backbone.user, "decision_edit", data)

    assert answer.status_code == 422
    assert "Mine." in answer.content.decode()
    assert str(fresh(decision).text) == "Theirs."


def test_only_who_may_changes_the_paper(decision, backbone, resident, send, initiative, login):
    url = reverse("agenda:decision_edit", args=[initiative.slug, decision.uid])

    assert login(resident.user).get(url).status_code == 403
    assert login(backbone.user).get(url).status_code == 200


def test_a_try_is_noted_and_disputed(decision, backbone, send):
    moment = deciding.in_last_word(decision, backbone)
    seat = decision.lived_seats()[0]
    data = {"channel": seat.channel, "language": seat.language, "delivered": "on"}
    before = decision.round.tries.count()

    send(decision, backbone.user, "hearing_try", data, seat.uid, moment=moment)
    tried = decision.round.tries.order_by("id").last()
    by_staff = send(decision, backbone.user, "try_dispute", {}, tried.uid, moment=moment)
    by_her = send(decision, seat.holder.user, "try_dispute", {}, tried.uid, moment=moment)

    assert decision.round.tries.count() == before + 1
    assert (by_staff.status_code, by_her.status_code) == (403, 302)
    tried.refresh_from_db()
    assert tried.disputed_at


def test_a_word_by_phone_is_written_down_and_waits_for_her(decision, backbone, send, login):
    moment = deciding.in_last_word(decision, backbone)
    seat = decision.lived_seats()[0]
    data = {"choice": "changes", "words": "Add a nurse.", "channel": "phone"}

    answer = send(decision, backbone.user, "hearing_word", data, seat.uid, moment=moment)

    said = decision.round.last_words.get()
    assert answer.status_code == 302
    assert (said.recorded_by, said.is_hers) == (backbone.user, False)
    url = reverse("agenda:decision_hearing", args=[decision.initiative.slug, decision.uid])
    with clock.at(moment):
        page = " ".join(login(seat.holder.user).get(url).content.decode().split())
    assert "What was written down for her needs her own word" in page
    assert "I stand by it" in page


def test_reasons_replies_and_the_close(decision, body, backbone, resident, send):
    _committee, seats = body
    deciding.in_input(decision, backbone)
    said, _key = Input.give(decision=decision, words="And the bus?", member=resident, language="en")
    moment = clock.now() + timedelta(days=9)
    with clock.at(moment):
        decision.end_input()
        decision.open_last_word(by=backbone.user)
        deciding.all_spoken(decision)
        decision.open_voting(by=backbone.user)
        for seat in seats:
            decision.cast(seat=seat, choice="agree", by=seat.holder.user)
    later = moment + timedelta(days=9)
    with clock.at(later):
        decision.end_voting()

    held = send(decision, backbone.user, "decision_close", moment=later)
    empty = send(
        decision, backbone.user, "input_reply", {f"{said.uid}-reply": " "}, said.uid, moment=later
    )
    send(
        decision, backbone.user, "input_reply", {f"{said.uid}-reply": "It runs."}, said.uid,
        moment=later,
    )  # fmt: skip
    send(decision, backbone.user, "decision_reasons", {"reasons_en": "All want it."}, moment=later)
    send(decision, backbone.user, "decision_close", moment=later)

    assert held.url.endswith("?held=1")
    assert empty.status_code == 422
    said.refresh_from_db()
    assert said.reply == "It runs."
    assert fresh(decision).state == "closed"
    assert str(fresh(decision).outcome.reasons) == "All want it."
    send(decision, backbone.user, "decision_review", moment=later)
    assert fresh(decision).reviewed_at


def test_followers_answer_for_their_own_seat(initiative, backbone, send):
    committee = deciding.a_committee(initiative, backbone, institutions_follow=True)
    lived = [deciding.a_seat(committee) for _each in range(2)]
    follower = deciding.a_seat(committee, "institution")
    decision = deciding.a_decision(committee, backbone)
    later = deciding.closed(decision, backbone, dict.fromkeys(lived, "agree"))
    data = {"answer": "cannot", "words": "Our budget is closed."}

    other = send(
        decision, lived[0].holder.user, "decision_follow", data, follower.uid, moment=later
    )
    own = send(decision, follower.holder.user, "decision_follow", data, follower.uid, moment=later)

    assert (other.status_code, own.status_code) == (403, 302)
    assert [(each.answer, each.words) for each in decision.answers.all()] == [
        ("cannot", "Our budget is closed.")
    ]


def test_a_seat_stands_back_and_a_decision_is_withdrawn_in_the_open(
    decision, body, backbone, resident, send, login
):
    holder = body[1][2].holder.user
    data = {"seat": str(body[1][2].uid), "interest": "I work for the clinic."}

    refused = send(decision, resident.user, "decision_recuse", data)
    send(decision, holder, "decision_recuse", data)
    send(decision, backbone.user, "decision_withdraw", {"because": "The clinic closes."})

    assert refused.status_code == 403
    assert [each.interest for each in decision.recusals()] == ["I work for the clinic."]
    assert fresh(decision).state == "withdrawn"
    page = login(resident.user).get(decision.get_absolute_url()).content.decode()
    assert "I work for the clinic." in page
    assert "Withdrawn: The clinic closes." in page


def test_what_two_questions_of_equity_are_answered(decision, body, backbone, initiative):
    from agenda.deciding import evidence  # noqa: PLC0415

    deciding.closed(decision, backbone, dict.fromkeys(body[1], "agree"))

    said = evidence.last_words(initiative, None)

    assert said.count == 2
    assert "Before the one vote that opened" in said.sentence
    assert evidence.replies(initiative, None).count == 0


def test_an_address_brings_the_charter_to_a_decision(initiative, body, backbone, login):
    draft = chartering.a_draft(initiative, backbone)
    url = reverse("agenda:decision_new", args=[initiative.slug])
    query = f"?effect=charter.adopt&version={draft.uid}"

    form = login(backbone.user).get(url + query).context["form"]
    data = {**typed(initiative), "effect": form.initial["effect"], "committee": body[0].slug}
    data |= {"title_en": "Adopt the charter"}
    login(backbone.user).post(url, data)

    made = Decision.objects.get()
    assert (made.effect, made.effect_params) == ("charter.adopt", {"version": str(draft.uid)})


def test_a_change_of_evidence_is_confirmed_before_it_voids(decision, backbone, send, read_cite):
    moment = deciding.in_last_word(decision, backbone)

    page = read_cite(decision, backbone.user, moment)
    send(decision, backbone.user, "decision_cite", {"record": ""}, moment=moment)

    assert "This change voids what people said" in page.content.decode()
    assert fresh(decision).state == "last_word"
