"""Data agreements: written down, renewed, ended, and remembered before they run out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, transaction
from django.urls import reverse

from ciforum.people import clock
from ciforum.people.models import Duty, Notice
from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from measurement.catalogue.agreeing import RENEW
from measurement.catalogue.agreements_due import remind_of_agreements
from measurement.models import DataAgreement
from tests.builders import a_member, an_indicator, an_initiative, an_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def indicator(initiative, partner):
    return an_indicator(initiative, steward=partner.organization)


@pytest.fixture
def start(initiative, backbone, indicator):
    def make(days=90, **fields):
        values = {
            "name": Words(en="Birth records", es="Actas"),
            "terms": Words(en="Counts by town and year."),
            "others": "State Office",
            "starts": clock.now().date(),
            "ends": clock.now() + timedelta(days=days),
            "indicators": [indicator],
        }
        return DataAgreement.start(initiative=initiative, by=backbone.user, **{**values, **fields})

    return make


def reminded():
    return sorted(Notice.objects.filter(kind=RENEW).values_list("to__email", flat=True))


def test_stewards_and_the_backbone_hear_of_the_end_once(start, partner, backbone, resident):
    agreement = start(days=90, reminder_days=60)
    remind_of_agreements()
    assert reminded() == []

    with clock.at(clock.now() + timedelta(days=31)):
        remind_of_agreements()
        remind_of_agreements()

    assert reminded() == sorted([partner.user.email, backbone.user.email])
    duties = Duty.objects.filter(kind=RENEW, done_at=None)
    assert {duty.owner for duty in duties} == {partner, backbone}
    assert {duty.due for duty in duties} == {agreement.ends}


def test_a_renewal_settles_the_duty_and_keeps_the_earlier_terms(start, backbone):
    agreement = start(days=20)
    remind_of_agreements()

    after = agreement.renew(
        by=backbone.user,
        starts=agreement.ends.date(),
        ends=agreement.ends + timedelta(days=365),
        terms=Words(en="Counts by quarter."),
    )

    agreement.refresh_from_db()
    assert (agreement.state, str(agreement.terms)) == ("renewed", "Counts by town and year.")
    assert (after.state, str(after.terms), after.parties) == (
        "in_force",
        "Counts by quarter.",
        ["State Office"],
    )
    assert list(after.indicators.all()) == list(agreement.indicators.all())
    assert not Duty.objects.filter(kind=RENEW, done_at=None).exists()


def test_it_is_renewed_or_ended_once(start, backbone):
    agreement = start()
    agreement.end(by=backbone.user, why=Words(en="The office closed."))
    later = agreement.ends + timedelta(days=1)

    with pytest.raises(StateChanged):
        agreement.renew(by=backbone.user, starts=clock.now().date(), ends=later)
    with pytest.raises(StateChanged):
        agreement.end(by=backbone.user, why=Words(en="Again."))


def test_the_one_that_ended_reminds_nobody(start, backbone):
    start(days=20).end(by=backbone.user, why=Words(en="The office closed."))

    remind_of_agreements()

    assert reminded() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"indicators": []},
        {"others": " "},
        {"days": -3},
        {"reminder_days": 0},
        {"terms": Words()},
    ],
)
def test_an_agreement_without_what_it_needs_is_refused(start, fields):
    with pytest.raises(ValidationError):
        start(**fields)

    assert not DataAgreement.objects.exists()


def test_indicators_and_partners_of_elsewhere_are_refused(start):
    elsewhere = an_initiative()

    with pytest.raises(ValidationError):
        start(indicators=[an_indicator(elsewhere)])
    with pytest.raises(ValidationError):
        start(organizations=[an_organization(elsewhere)])


def test_the_database_keeps_terms_and_states(start):
    agreement = start()
    own = DataAgreement.objects.filter(pk=agreement.pk)
    changes = [
        {"terms": Words(en="All names and birthdays.")},
        {"ends": agreement.ends + timedelta(days=9)},
        {"state": "ended"},
        {"state": "lost"},
    ]

    for change in changes:
        with pytest.raises(Error), transaction.atomic():
            own.update(**change)


def form(indicator, **fields):
    return {
        "name_en": "Birth records",
        "indicators": [indicator.pk],
        "others": "State Office",
        "terms_en": "Counts by town and year.",
        "starts": "2026-01-01",
        "ends": "2030-12-31",
        "reminder_days": "60",
        **fields,
    }


def test_the_paper_is_kept_and_given_to_members_only(
    initiative, backbone, resident, indicator, login
):
    new = reverse("measurement:agreement_new", args=[initiative.slug])
    paper = SimpleUploadedFile("signed.pdf", b"%PDF-1.7 signed")

    answer = login(backbone.user).post(new, {**form(indicator), "file": paper})

    found = DataAgreement.objects.get()
    assert answer.url == found.get_absolute_url()
    assert found.ends == clock.end_of_day(date(2030, 12, 31), initiative.time_zone)
    file = reverse("measurement:agreement_file", args=[initiative.slug, found.uid])
    given = login(resident.user).get(file)
    assert b"".join(given.streaming_content) == b"%PDF-1.7 signed"
    assert "attachment" in given["Content-Disposition"]
    stranger = a_member(an_initiative(), "backbone").user
    assert login(stranger).get(file).status_code == 404


def test_a_page_in_disguise_is_no_paper(initiative, backbone, indicator, login):
    new = reverse("measurement:agreement_new", args=[initiative.slug])
    page = SimpleUploadedFile("signed.pdf", b"<html><script>")

    answer = login(backbone.user).post(new, {**form(indicator), "file": page})

    assert answer.status_code == 422
    assert not DataAgreement.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_often_for_one_as_for_many(
    start, initiative, backbone, login, number, django_assert_max_num_queries
):
    for _each in range(number):
        start(days=20)
    browser = login(backbone.user)

    with django_assert_max_num_queries(LIST):
        page = browser.get(reverse("measurement:agreements", args=[initiative.slug]))

    assert "Ends in 20 days" in page.content.decode()


LIST = 20
