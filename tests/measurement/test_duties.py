"""Who owes what by when: agreements make reports, and each report says how it stands."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from ciforum.people import clock
from ciforum.people.models import Duty, Notice, Period
from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from measurement.models import DutyNote, ReportDuty, ReportingRule, Submission
from measurement.owing import expecting, matrix, reminding
from measurement.reading.periods import PeriodSpec
from tests import builders
from tests.duties_building import NOW, a_duty, a_quarter, a_rule, brought, standing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def one_day():
    """The sixteenth of May 2026, mid-morning."""
    with clock.at(NOW):
        yield


@pytest.fixture
def indicator(initiative, backbone):
    return builders.an_indicator(initiative, "Attendance", by=backbone.user)


# --- what an agreement makes


def test_an_agreement_makes_its_reports_so_far_with_their_dates(indicator, partner, backbone):
    a_rule(indicator, partner, backbone, begins=date(2026, 1, 1))

    made = ReportDuty.objects.order_by("due").values_list("period__start", "due")

    assert [(start, due.date()) for start, due in made] == [
        (date(2026, 1, 1), date(2026, 4, 21)),  # 20 April ends at 04:00 of the 21st in UTC
        (date(2026, 4, 1), date(2026, 7, 21)),
    ]


def test_it_makes_the_next_one_a_month_ahead_and_nothing_twice(indicator, partner, backbone):
    rule = a_rule(indicator, partner, backbone, begins=date(2026, 4, 1))
    assert rule.look_ahead() == 0

    with clock.at(NOW + timedelta(days=20)):
        made = [reminding.look_ahead(), reminding.look_ahead()]

    assert made == [1, 0]
    assert ReportDuty.objects.count() == 2


@pytest.mark.parametrize(
    ("every", "day", "expected"),
    [
        ("month", date(2026, 1, 2), [(date(2026, 2, 1), date(2026, 3, 1))]),
        ("quarter", date(2025, 12, 1), [(date(2026, 1, 1), date(2026, 4, 1))]),
        ("year", date(2026, 1, 1), [(date(2026, 1, 1), date(2027, 1, 1))]),
        ("school_year", date(2025, 7, 2), [(date(2026, 7, 1), date(2027, 7, 1))]),
        ("fiscal_year", date(2025, 7, 1), [(date(2025, 7, 1), date(2026, 7, 1))]),
    ],
)
def test_periods_begin_on_or_after_the_day(every, day, expected):
    assert list(expecting.spans(every, day, expected[0][0])) == expected


@pytest.mark.parametrize("every", ["month", "quarter", "year", "school_year", "fiscal_year"])
def test_any_day_stands_for_the_one_period_around_it(every):
    for offset in range(0, 800, 13):
        day = date(2025, 1, 1) + timedelta(days=offset)
        start, end = expecting.around(every, day)
        assert start <= day < end
        assert expecting.first_start(every, start) == start


def test_an_ended_agreement_closes_what_is_not_due_and_says_why(indicator, partner, backbone):
    rule = a_rule(indicator, partner, backbone, begins=date(2026, 1, 1))

    rule.end(words=Words(en="The program moved to the county."), by=backbone.user)

    late, ahead = ReportDuty.objects.order_by("due")
    assert (late.now, ahead.now) == ("late", "closed")
    assert str(ahead.why) == "The program moved to the county."
    with clock.at(NOW + timedelta(days=90)):
        assert reminding.look_ahead() == 0
    with pytest.raises(StateChanged):
        rule.end(words=Words(en="Again."), by=backbone.user)


def test_the_same_agreement_stands_once(indicator, partner, backbone):
    a_rule(indicator, partner, backbone)

    with pytest.raises(ValidationError):
        a_rule(indicator, partner, backbone)


# --- how a report stands


def test_a_report_is_due_then_late(indicator, partner, backbone):
    duty = a_duty(indicator, partner, backbone, days=3)
    assert duty.now == "due"

    with clock.at(NOW + timedelta(days=4)):
        assert duty.now == "late"


def test_it_follows_the_submission_that_brings_it(indicator, partner, backbone):
    duty = a_duty(indicator, partner, backbone, days=3)
    seen = [duty.now]

    submission = brought(indicator, partner)
    seen.append(duty.now)
    submission.send_back(words="The schools are mixed up.", by=backbone.user)
    seen.append(duty.now)
    submission.withdraw(by=partner.user)
    seen.append(duty.now)
    brought(indicator, partner).approve(by=backbone.user)
    seen.append(duty.now)

    assert seen == ["due", "received", "returned", "due", "approved"]


def test_another_partner_indicator_or_period_brings_nothing(
    initiative, indicator, partner, backbone
):
    duty = a_duty(indicator, partner, backbone, days=3)
    other = builders.a_member(
        initiative, "partner", organization=builders.an_organization(initiative)
    )

    brought(indicator, other)
    brought(builders.an_indicator(initiative), partner)
    brought(indicator, partner, a_quarter(2025, 4))

    assert duty.now == "due"


def test_a_report_expected_later_finds_what_was_handed_in_before(indicator, partner, backbone):
    brought(indicator, partner)

    assert a_duty(indicator, partner, backbone, days=3).now == "received"


def test_a_partner_says_why_there_is_nothing_and_the_backbone_answers(indicator, partner, backbone):
    duty = a_duty(indicator, partner, backbone, days=3)
    seen = []

    duty.excuse(reason="cannot_share", words=Words(en="Our counsel forbids it."), by=partner.user)
    seen.append((duty.now, duty.state))
    duty.ask_again(words=Words(en="Totals are enough."), by=backbone.user)
    seen.append((duty.now, duty.state, duty.reason, dict(duty.why)))
    duty.excuse(reason="not_collected", words=Words(en="Not even totals."), by=partner.user)
    duty.accept(by=backbone.user)
    seen.append((duty.now, duty.state))

    assert seen == [
        ("not_collected", "excused"),
        ("due", "open", "", {}),
        ("not_collected", "accepted"),
    ]
    said = list(duty.notes.order_by("pk").values_list("kind", "reason"))
    assert said == [
        ("excused", "cannot_share"),
        ("asked_again", ""),
        ("excused", "not_collected"),
        ("accepted", ""),
    ]


def test_an_excuse_needs_a_reason_and_words(indicator, partner, backbone):
    duty = a_duty(indicator, partner, backbone, days=3)

    with pytest.raises(ValidationError):
        duty.excuse(reason="", words=Words(en="Sorry."), by=partner.user)
    with pytest.raises(ValidationError):
        duty.excuse(reason="not_collected", words=Words(en=" "), by=partner.user)

    duty.refresh_from_db()
    assert (duty.state, duty.notes.count()) == ("open", 0)


def test_who_has_handed_in_makes_no_excuse(indicator, partner, backbone):
    duty = a_duty(indicator, partner, backbone, days=3)
    brought(indicator, partner)

    with pytest.raises(ValidationError):
        duty.excuse(reason="not_collected", words=Words(en="We do not."), by=partner.user)


def test_a_closed_report_takes_no_numbers_and_says_why(indicator, partner, backbone):
    duty = a_duty(indicator, partner, backbone, days=3)
    duty.close(words=Words(en="We asked the wrong school."), by=backbone.user)

    with pytest.raises(ValidationError) as refused:
        brought(indicator, partner)
    assert "We asked the wrong school." in refused.value.messages[0]
    assert duty.now == "closed"

    duty.reopen(by=backbone.user)
    brought(indicator, partner)
    assert duty.now == "received"


def test_a_file_of_all_years_passes_a_closed_period_it_does_not_change(
    indicator, partner, backbone
):
    first = {(a_quarter(2026, 1), "Here"): (50, 60)}
    duty = a_duty(indicator, partner, backbone, days=3)
    builders.approved(indicator, partner, backbone, first)
    duty.close(words=Words(en="It is final."), by=backbone.user)

    both = {**first, (a_quarter(2026, 2), "Here"): (52, 61)}
    builders.handed_in(indicator, partner, both)
    with pytest.raises(ValidationError):
        builders.handed_in(indicator, partner, {(a_quarter(2026, 1), "Here"): (49, 60)}, "Counted")

    assert Submission.objects.filter(state="handed_in").count() == 1


def test_of_closing_and_handing_in_at_once_one_sees_the_other(indicator, partner, backbone):
    """Whoever comes second waits for the first: numbers never slip into a closed report."""
    for _round in range(3):
        duty = a_duty(indicator, partner, backbone, days=3, quarter=_round + 1)
        submission = brought(indicator, partner, a_quarter(2026, _round + 1), hand_in=False)
        outcome = {}

        def close(duty=duty, outcome=outcome):
            with clock.at(NOW):
                duty.close(words=Words(en="Too late."), by=backbone.user)
            outcome["closed"] = True
            connection.close()

        def hand_in(submission=submission, outcome=outcome):
            try:
                with clock.at(NOW):
                    submission.hand_in(by=partner.user)
                outcome["handed"] = True
            except ValidationError:
                outcome["refused"] = True
            connection.close()

        threads = [threading.Thread(target=close), threading.Thread(target=hand_in)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)

        assert outcome in ({"closed": True, "handed": True}, {"closed": True, "refused": True})
        received = "received" if "handed" in outcome else "closed"
        assert duty.now == received


# --- what hangs on it


def test_what_is_owed_soon_stands_on_today_and_goes_when_handed_in(indicator, partner, backbone):
    near = a_duty(indicator, partner, backbone, days=20)
    a_duty(indicator, partner, backbone, days=60, quarter=2)

    reminding.owe_soon()
    reminding.owe_soon()
    owed = Duty.objects.filter(kind="report.hand_in")
    assert list(owed.values_list("owner", "about", "done_at")) == [(partner.pk, near.uid, None)]

    submission = brought(indicator, partner)
    assert owed.get().done_at is not None

    submission.withdraw(by=partner.user)
    assert owed.get().done_at is None


def test_an_excuse_gives_the_backbone_something_to_answer(indicator, partner, backbone):
    duty = a_duty(indicator, partner, backbone, days=3)
    duty.excuse(reason="not_collected", words=Words(en="We do not."), by=partner.user)

    waiting = Duty.objects.get(kind="report.answer")
    assert (waiting.owner_id, waiting.done_at) == (backbone.pk, None)

    duty.accept(by=backbone.user)
    waiting.refresh_from_db()
    assert waiting.done_at is not None
    assert Notice.objects.filter(to=partner.user, kind="report.accepted").count() == 1


# --- behind the verbs


def test_the_database_keeps_a_report_from_a_shell(indicator, partner, backbone):
    duty = a_duty(indicator, partner, backbone, days=3)
    duty.put_off(due=NOW + timedelta(days=9), by=backbone.user)
    own = ReportDuty.objects.filter(pk=duty.pk)

    for change in ({"state": "closed"}, {"state": "excused", "why": Words(en="x")}):
        with pytest.raises(DatabaseError), transaction.atomic():
            own.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        DutyNote.objects.update(words=Words(en="Never said."))
    with pytest.raises(DatabaseError), transaction.atomic():
        DutyNote.objects.all().delete()


# --- pages


def test_the_matrix_shows_each_standing_in_words_and_links_on(login, indicator, partner, backbone):
    late = a_duty(indicator, partner, backbone, days=-2)
    soon = a_duty(indicator, partner, backbone, days=9, quarter=2)
    done = a_duty(indicator, partner, backbone, days=-40, quarter=4, year=2025)
    submission = brought(indicator, partner, a_quarter(2025, 4))
    address = reverse("measurement:duties", args=[indicator.initiative.slug])

    theirs = login(partner.user).get(address).content.decode()
    ours = login(backbone.user).get(address).content.decode()

    upload = reverse("measurement:upload", args=[indicator.initiative.slug])
    for duty in (late, soon):
        link = matrix.hand_in_url(duty)
        assert link.startswith(upload)
        assert escape(link) in theirs
        assert escape(link) not in ours
        assert duty.get_absolute_url() in ours
    assert submission.get_absolute_url() in ours
    assert done.now == "received"
    for word in ("Late", "Due", "Received"):
        assert f"<span>{word}" in ours


def test_the_link_of_a_report_fills_in_whose_what_and_when(login, indicator, partner, backbone):
    owed = a_duty(indicator, partner, backbone, days=9, quarter=2)

    page = login(partner.user).get(matrix.hand_in_url(owed))

    assert page.context["form"]["indicator"].value() == indicator.uid
    assert page.context["asked_for"] == str(owed.period)


def test_a_partner_sees_own_rows_only(login, initiative, indicator, partner, backbone):
    other = builders.a_member(
        initiative, "partner", organization=builders.an_organization(initiative, name="Elsewhere")
    )
    mine, theirs = a_duty(indicator, partner, backbone), a_duty(indicator, other, backbone)
    client = login(partner.user)
    slug = initiative.slug

    page = client.get(reverse("measurement:duties", args=[slug])).content.decode()
    file = b"".join(client.get(reverse("measurement:duties_csv", args=[slug])).streaming_content)

    assert "Elsewhere" not in page
    assert b"Elsewhere" not in file
    assert client.get(mine.get_absolute_url()).status_code == 200
    assert client.get(theirs.get_absolute_url()).status_code == 403
    history = reverse("measurement:duty_partner", args=[slug, other.organization.slug])
    assert client.get(history).status_code == 404
    excuse = reverse("measurement:duty_excuse", args=[slug, theirs.uid])
    assert client.post(excuse, {"reason": "not_collected", "words_en": "x"}).status_code == 403


def test_filters_and_counts(login, initiative, indicator, partner, backbone):
    a_duty(indicator, partner, backbone, days=-2)
    a_duty(indicator, partner, backbone, days=9, quarter=2)
    second = builders.an_indicator(initiative, "Reading")
    a_duty(second, partner, backbone, days=-3)
    client = login(backbone.user)
    address = reverse("measurement:duties", args=[initiative.slug])

    page = client.get(address, {"indicator": indicator.slug, "state": "late"})

    assert [each[:4:3] for each in page.context["counts"]] == [("late", 1), ("due", 1)]
    assert [row.indicator for row in page.context["matrix"].rows] == ["Attendance"]
    assert len(page.context["matrix"].periods) == 1
    nonsense = {"partner": "nobody", "since": "x", "earlier": "²", "page": "x", "sort": "worst"}
    assert client.get(address, nonsense).status_code == 200


def test_the_matrix_asks_as_many_questions_for_one_row_as_for_many(
    login, initiative, indicator, partner, backbone
):
    a_duty(indicator, partner, backbone)
    client = login(backbone.user)
    address = reverse("measurement:duties", args=[initiative.slug])
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(address)
    _many(initiative, indicator, partners=6, indicators=4, quarters=12)

    with CaptureQueriesContext(connection) as many:
        page = client.get(address)

    assert len(page.context["matrix"].rows) == 25
    assert len(many) == len(few) <= 20


def _many(initiative, like, *, partners, indicators, quarters):
    """Rows as an agreement makes them, without living through each."""
    organizations = [builders.an_organization(initiative) for _each in range(partners)]
    measures = [like, *(builders.an_indicator(initiative) for _each in range(indicators - 1))]
    specs = [a_quarter(2023 + n // 4, n % 4 + 1) for n in range(quarters)]
    periods = [Period.objects.of(initiative, spec.kind, spec.start, spec.end) for spec in specs]
    ReportDuty.objects.bulk_create(
        ReportDuty(
            initiative=initiative,
            indicator=indicator,
            organization=organization,
            period=period,
            due=datetime(period.end.year, period.end.month, 20, tzinfo=UTC),
        )
        for organization in organizations
        for indicator in measures
        for period in periods
    )


def test_a_csv_cell_runs_nothing(login, initiative, backbone, indicator):
    partner = builders.a_member(
        initiative, "partner", organization=builders.an_organization(initiative, name="=1+1")
    )
    a_duty(indicator, partner, backbone)

    address = reverse("measurement:duties_csv", args=[initiative.slug])
    file = b"".join(login(backbone.user).get(address).streaming_content).decode()

    assert "\n=1" not in file.replace("\r", "")
    assert "=1+1" in file


def test_the_backbone_agrees_for_several_at_once_by_form(
    login, initiative, indicator, partner, backbone
):
    second = builders.an_indicator(initiative, "Reading")
    client = login(backbone.user)
    address = reverse("measurement:duty_rule_new", args=[initiative.slug])
    data = {
        "organizations": [partner.organization.uid],
        "indicators": [indicator.uid, second.uid],
        "every": "quarter",
        "days_after": "20",
        "begins": "2026-01-01",
    }

    assert client.get(address).status_code == 200
    assert client.post(address, data).status_code == 302
    assert client.post(address, data).status_code == 422  # all of it stands already

    assert ReportingRule.objects.count() == 2
    assert ReportDuty.objects.count() == 4


def test_a_whole_excuse_by_forms(login, indicator, partner, backbone):
    duty = a_duty(indicator, partner, backbone, days=3)
    slug = indicator.initiative.slug
    hers, ours = login(partner.user), login(backbone.user)
    excuse = reverse("measurement:duty_excuse", args=[slug, duty.uid])

    assert hers.get(excuse).status_code == 200
    assert hers.post(excuse, {"reason": "not_collected"}).status_code == 422
    hers.post(excuse, {"reason": "not_collected", "words_en": "No nurse, no count."})
    assert "No nurse, no count." in ours.get(duty.get_absolute_url()).content.decode()
    ours.post(
        reverse("measurement:duty_ask_again", args=[slug, duty.uid]),
        {"words_en": "A total will do.", "due": "2026-06-30"},
    )

    duty.refresh_from_db()
    assert (duty.state, duty.due.date()) == ("open", date(2026, 7, 1))
    assert "A total will do." in hers.get(duty.get_absolute_url()).content.decode()
    assert standing(duty) == "due"


def test_a_period_of_another_kind_is_another_period(indicator, partner, backbone):
    duty = a_duty(indicator, partner, backbone, days=3)
    whole_year = PeriodSpec(date(2026, 1, 1), date(2027, 1, 1), "year", "2026")

    brought(indicator, partner, whole_year)

    assert duty.now == "due"
