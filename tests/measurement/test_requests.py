"""Data we asked for: public from the first day, with every answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError
from django.test import Client
from django.urls import reverse

from ciforum.people import clock, registry
from ciforum.people.models import Initiative, Notice
from measurement.models import DataRequest, RequestSigner
from measurement.releasing.asking import remind_of_requests
from tests.asking_building import POLICY, WORDS, escalated, signed
from tests.builders import (
    a_dimension,
    a_member,
    a_request,
    an_indicator,
    an_initiative,
    an_organization,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def race(initiative):
    return a_dimension(initiative)


@pytest.fixture
def indicator(initiative, race):
    return an_indicator(initiative, required=[race])


@pytest.fixture
def asked(indicator, race, backbone):
    return a_request(indicator, race, backbone, days=30)


def address(name, asked):
    return reverse(f"measurement:{name}", args=[asked.initiative.slug, asked.uid])


def filled(race, **fields):
    day = (clock.now() + timedelta(days=30)).date().isoformat()
    return {
        "dimension": race.pk,
        "holder": "State Department of Health",
        "organization": "",
        "ask": "Please count births by race, so that we see whom we do not reach.",
        "due": day,
        **fields,
    }


def test_anyone_reads_what_was_asked_and_how_long_it_takes(asked):
    with clock.at(asked.sent_at + timedelta(days=12)):
        page = Client().get(reverse("measurement:requests", args=[asked.initiative.slug]))
        one = Client().get(asked.get_absolute_url())

    assert "State Department of Health" in page.content.decode()
    assert "Waiting for 12 days" in page.content.decode()
    assert "finer groups than white, black and other" in one.content.decode()


def test_the_backbone_asks_in_public(indicator, race, backbone, login):
    asking = reverse("measurement:request_new", args=[indicator.initiative.slug, indicator.slug])

    answer = login(backbone.user).post(asking, filled(race))

    asked = DataRequest.objects.get()
    assert answer.url == asked.get_absolute_url()
    assert asked.due == clock.end_of_day(
        (asked.sent_at + timedelta(days=30)).date(), indicator.initiative.time_zone
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("due", "2001-01-01"),
        ("due", "2999-01-01"),
        ("due", "soon"),
        ("ask", "Data!"),
        ("holder", ""),
    ],
)
def test_a_request_without_a_near_date_or_words_is_sent_back(
    indicator, race, backbone, login, field, value
):
    asking = reverse("measurement:request_new", args=[indicator.initiative.slug, indicator.slug])

    answer = login(backbone.user).post(asking, filled(race, **{field: value}))

    assert answer.status_code == 422
    assert not DataRequest.objects.exists()


def test_the_same_is_not_asked_twice_at_once(asked, race, backbone, login, indicator):
    asking = reverse("measurement:request_new", args=[indicator.initiative.slug, indicator.slug])

    answer = login(backbone.user).post(asking, filled(race))

    assert answer.status_code == 422
    assert "waits for an answer" in answer.content.decode()


def test_a_dimension_of_another_initiative_cannot_be_chosen(indicator, backbone, login):
    other = a_dimension(an_initiative(), "age")
    asking = reverse("measurement:request_new", args=[indicator.initiative.slug, indicator.slug])

    assert login(backbone.user).post(asking, filled(other)).status_code == 422


def test_an_answer_is_public_and_final(asked, backbone, login):
    browser = login(backbone.user)
    words = {"outcome": "refused", "answer": "They have no staff for it."}

    browser.post(address("request_answer", asked), words)
    browser.post(address("request_answer", asked), {**words, "answer": "Something else."})

    page = Client().get(asked.get_absolute_url()).content.decode()
    assert "They have no staff for it." in page
    assert "Something else." not in page


def test_a_request_is_taken_further_only_once_it_is_due(asked, backbone, login):
    words = "We ask the board of health in its public meeting in May."
    browser = login(backbone.user)

    further = {"words": words, "addressee": "State Board of Health", "policy": POLICY}
    early = browser.post(address("request_escalate", asked), further)
    with clock.at(asked.due + timedelta(days=1)):
        alone = browser.post(address("request_escalate", asked), further)
        signed(asked)
        late = browser.post(address("request_escalate", asked), further)

    assert early.status_code == alone.status_code == 422
    assert "has to sign" in alone.content.decode()
    assert late.status_code == 302
    assert words in Client().get(asked.get_absolute_url()).content.decode()


def test_a_request_standing_is_one_in_time_or_taken_further(asked, backbone):
    assert asked.is_standing
    with clock.at(asked.due + timedelta(days=1)):
        assert not asked.is_standing
        assert list(DataRequest.objects.standing()) == []
        with pytest.raises(ValidationError):
            asked.escalate(words="Too short.", by=backbone.user)
        escalated(asked, backbone)
        assert asked.is_standing
        assert list(DataRequest.objects.standing()) == [asked]


@pytest.mark.parametrize("name", ["request_answer", "request_escalate"])
def test_only_the_backbone_writes(asked, resident, login, name):
    assert login(resident.user).get(address(name, asked)).status_code == 403
    stranger = a_member(an_initiative(), "backbone")
    assert login(stranger.user).get(address(name, asked)).status_code == 404


def test_requests_can_be_read_by_state(asked):
    listing = reverse("measurement:requests", args=[asked.initiative.slug])

    assert "State Department" in Client().get(listing + "?state=waiting").content.decode()
    assert "State Department" not in Client().get(listing + "?state=shared").content.decode()
    with clock.at(asked.due + timedelta(days=1)):
        assert "Overdue" in Client().get(listing + "?state=overdue").content.decode()


def test_a_longer_list_needs_no_more_questions(
    initiative, indicator, backbone, django_assert_max_num_queries
):
    for number in range(3):
        a_request(indicator, a_dimension(initiative, f"d{number}"), backbone)

    with django_assert_max_num_queries(8):
        Client().get(reverse("measurement:requests", args=[initiative.slug]))


# --- taken further: with others, and again each half year


def test_it_goes_no_further_alone(asked, backbone, initiative):
    own = a_member(initiative, "backbone", organization=an_organization(initiative))
    further = {"words": WORDS, "addressee": "The board", "policy": POLICY, "by": backbone.user}

    with clock.at(asked.due + timedelta(days=1)):
        with pytest.raises(ValidationError, match="belong"):
            RequestSigner.sign(request=asked, member=own, organization=own.organization)
        RequestSigner.sign(request=asked, member=backbone)  # for herself: no partner
        with pytest.raises(ValidationError, match="partner organization"):
            asked.escalate(**further)
        signed(asked)
        with pytest.raises(ValidationError) as error:
            asked.escalate(**{**further, "addressee": "", "policy": "Count."})
        assert set(error.value.message_dict) == {"addressee", "policy"}
        asked.escalate(**further)

    assert [ask.addressee for ask in asked.policy_asks.all()] == ["The board"]


def test_the_database_knows_no_other_way_further(asked):
    now = clock.now()

    with pytest.raises(IntegrityError):
        DataRequest.objects.update(escalated_at=now, escalation=WORDS, renew_by=now)


def test_it_keeps_the_gate_open_for_half_a_year_at_a_time(asked, backbone):
    with clock.at(asked.due + timedelta(days=1)):
        escalated(asked, backbone)
    with clock.at(asked.renew_by + timedelta(hours=1)):
        assert not asked.is_standing
        assert asked.why_not == "lapsed"
        asked.ask_again(words="We stood up at the meeting of the board in March.", by=backbone.user)
        assert asked.is_standing
    with clock.at(asked.renew_by + timedelta(hours=1)):
        assert not asked.is_standing
    with pytest.raises(IntegrityError):
        DataRequest.objects.update(renew_by=asked.renew_by + timedelta(days=400))


def test_a_promise_keeps_the_gate_open_until_its_day(asked, backbone):
    day = clock.now() + timedelta(days=200)
    answer = {"outcome": "will_collect", "answer": "From next fall on.", "by": backbone.user}
    for wrong in (None, clock.now() - timedelta(days=1), clock.now() + timedelta(days=400)):
        with pytest.raises(ValidationError):
            asked.record_answer(collects_from=wrong, **answer)

    asked.record_answer(collects_from=day, **answer)

    with clock.at(day):
        assert asked.is_standing
    with clock.at(day + timedelta(days=1)):
        assert not asked.is_standing
        assert asked.can_escalate
        assert asked.why_not == "promise_over"


def test_a_holder_who_cannot_is_taken_further_too(asked, backbone):
    asked.record_answer(outcome="cannot", answer="They never wrote it down.", by=backbone.user)

    assert not asked.is_standing
    assert asked.why_not == "cannot"
    escalated(asked, backbone)
    assert asked.is_standing
    asked.record_answer(outcome="shared", answer="They found it.", by=backbone.user)
    assert not asked.is_standing


# --- letter, timeline, holder, reminders


def test_the_letter_speaks_the_holders_language_and_stays(initiative, race, backbone, login):
    Initiative.objects.update(languages=["en", "es"])
    indicator = an_indicator(initiative, "Babies born small", required=[race])
    asking = reverse("measurement:request_new", args=[indicator.initiative.slug, indicator.slug])
    browser = login(backbone.user)

    page = browser.post(asking, {**filled(race), "language": "en", "write": "1"})
    letter = page.context["form"].data["letter"]
    assert not DataRequest.objects.exists()
    browser.post(asking, {**filled(race), "language": "en", "letter": letter + "\n\nMaria"})

    asked = DataRequest.objects.get()
    assert "State Department of Health" in letter
    assert "Black" in letter
    assert reverse("measurement:requests", args=[initiative.slug]) + "." in letter
    assert asked.letter.endswith("Maria")
    assert "Maria" in Client().get(address("request_letter", asked)).content.decode()
    with pytest.raises(DatabaseError):
        DataRequest.objects.update(letter="Something else.")


def test_every_step_stands_on_the_page_in_its_words(asked, backbone):
    asked.record_answer(outcome="refused", answer="They have no staff for it.", by=backbone.user)
    escalated(asked, backbone)
    asked.ask_again(words="We stood up at the meeting of the board in March.", by=backbone.user)

    page = Client().get(asked.get_absolute_url()).content.decode()

    steps = ["finer groups", "no staff", "signs it too", WORDS, "in March"]
    places = [page[page.index('id="h-timeline"') :].index(step) for step in steps]
    assert places == sorted(places)
    assert POLICY in page


def test_a_partner_signs_and_takes_it_back(asked, partner, resident, login):
    browser = login(partner.user)
    browser.post(address("request_sign", asked), {"for_whom": str(partner.pk)})
    assert "County Health Department" in Client().get(asked.get_absolute_url()).content.decode()

    signer = RequestSigner.objects.get()
    undo = reverse(
        "measurement:request_unsign", args=[asked.initiative.slug, asked.uid, signer.uid]
    )
    assert login(resident.user).post(undo).status_code == 403
    login(partner.user).post(undo)

    assert not asked.cosigners().exists()


def test_a_holder_has_a_page_with_all_we_asked(asked, initiative):
    listing = reverse("measurement:request_holder", args=[initiative.slug])

    page = Client().get(listing, {"name": "state department of health"})

    assert asked.get_absolute_url() in page.content.decode()
    assert Client().get(listing, {"name": "Nobody"}).status_code == 404


def test_the_backbone_hears_before_the_date_once(asked, backbone):
    def told():
        remind_of_requests()
        remind_of_requests()
        return Notice.objects.filter(to=backbone.user, kind="request.due").count()

    assert told() == 0
    with clock.at(asked.due - timedelta(days=13)):
        assert told() == 1
    with clock.at(asked.due - timedelta(days=2)):
        assert told() == 2


def test_a_policy_ask_can_be_cited(asked, backbone):
    with clock.at(asked.due + timedelta(days=1)):
        escalated(asked, backbone)
    ask = asked.policy_asks.get()

    kind = registry.citations["policy_ask"]
    citable = kind.find(asked.initiative, ask.uid)
    assert (kind.excerpt(citable, None), kind.url(citable)) == (POLICY, ask.get_absolute_url())
