"""Reminders of what is owed: on their days, to the right people, once, until it is done."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from ciforum.people import clock, notices
from ciforum.people.models import Notice
from ciforum.people.words import Words
from measurement.models import ReminderMute, ReminderSchedule, ReportReminder
from measurement.owing import reminding
from tests import builders
from tests.duties_building import NOW, a_duty, brought

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def indicator(initiative, backbone):
    return builders.an_indicator(initiative, "Attendance", by=backbone.user)


@pytest.fixture
def duty(indicator, partner, backbone):
    """Due twenty days after NOW."""
    with clock.at(NOW):
        return a_duty(indicator, partner, backbone, days=20)


def reminded(*, until: int, step_hours: int = 12) -> list[int]:
    """On which days after NOW a mail was written, when the task runs twice a day."""
    days = []
    for hours in range(0, 24 * until, step_hours):
        with clock.at(NOW + timedelta(hours=hours)):
            days += [hours // 24] * reminding.remind()
    return days


def test_reminders_come_on_their_days_and_once_each(duty):
    # Due on day 20: fourteen and three days before it, one and seven after.
    assert reminded(until=40) == [6, 17, 21, 27]
    assert list(ReportReminder.objects.order_by("at").values_list("days", flat=True)) == [
        -14,
        -3,
        1,
        7,
    ]
    assert Notice.objects.filter(kind="report.reminder").count() == 4


def test_an_initiative_chooses_its_days_or_none(initiative, duty, backbone):
    ReminderSchedule.choose(initiative=initiative, days=[0, -1], by=backbone.user)
    assert reminded(until=40) == [19, 20]

    ReminderSchedule.choose(initiative=initiative, days=[], by=backbone.user)
    with clock.at(NOW + timedelta(days=27)):
        assert reminding.remind() == 0


def test_days_are_few_and_near(initiative, backbone):
    for days in ([100], range(9)):
        with pytest.raises(ValidationError):
            ReminderSchedule.choose(initiative=initiative, days=days, by=backbone.user)


def test_they_stop_once_it_is_handed_in(indicator, partner, duty):
    with clock.at(NOW + timedelta(days=10)):
        brought(indicator, partner)

    with clock.at(NOW + timedelta(days=17)):
        assert reminding.remind() == 0


@pytest.mark.parametrize("end", ["excuse", "close"])
def test_they_stop_once_it_is_answered_or_closed(duty, partner, backbone, end):
    words = Words(en="There is no nurse.")
    if end == "excuse":
        duty.excuse(reason="not_collected", words=words, by=partner.user)
    else:
        duty.close(words=words, by=backbone.user)

    assert reminded(until=40) == []


def test_muting_one_report_or_all_and_undoing_it(initiative, indicator, partner, backbone, duty):
    with clock.at(NOW):
        other = a_duty(indicator, partner, backbone, days=20, quarter=2)
    me = {"initiative": initiative, "user": partner.user}

    def told(day):
        with clock.at(NOW + timedelta(days=day)):
            reminding.remind()
        found = ReportReminder.objects.filter(at=NOW + timedelta(days=day))
        return set(found.values_list("duty", flat=True))

    ReminderMute.mute(**me, duty=duty)
    ReminderMute.mute(**me, duty=duty)  # twice is once
    first = told(6)
    ReminderMute.mute(**me, duty=None)
    second = told(17)
    ReminderMute.unmute(**me, duty=None)
    ReminderMute.unmute(**me, duty=duty)
    third = told(21)

    assert (first, second, third) == ({other.pk}, set(), {duty.pk, other.pk})


def test_a_colleague_is_reminded_when_one_has_muted(initiative, partner, duty):
    colleague = builders.a_member(initiative, "partner", organization=partner.organization)
    builders.a_member(initiative, "community", organization=partner.organization)
    ReminderMute.mute(initiative=initiative, user=partner.user, duty=None)

    reminded(until=8)

    assert list(ReportReminder.objects.values_list("user", flat=True)) == [colleague.user_id]


def test_all_reports_of_one_date_are_one_mail_in_her_language(
    initiative, indicator, partner, backbone, duty
):
    partner.user.language = "en"
    partner.user.save(update_fields=["language"])
    with clock.at(NOW):
        a_duty(indicator, partner, backbone, days=20, quarter=2)
    with clock.at(NOW + timedelta(days=6)):
        assert reminding.remind() == 1
        notices.send_unsent()

    [letter] = [each for each in mail.outbox if each.to == [partner.user.email]]
    assert letter.subject == "2 reports are due on June 5, 2026"
    assert "“Attendance” for 2026, quarter 1" in letter.body
    assert "“Attendance” for 2026, quarter 2" in letter.body
    mute = reverse("measurement:duty_reminders", args=[initiative.slug])
    assert mute in letter.body


def test_the_link_in_the_mail_leads_to_muting_and_back(login, initiative, partner, duty):
    client = login(partner.user)
    page = reverse("measurement:duty_reminders", args=[initiative.slug])
    mute = reverse("measurement:duty_mute", args=[initiative.slug])

    shown = client.get(f"{page}?duty={duty.uid}").content.decode()
    assert "Do not remind me of this report" in shown
    assert ReminderMute.objects.count() == 0  # looking changes nothing: mail programs look, too
    client.post(mute, {"duty": duty.uid})
    client.post(mute)
    assert ReminderMute.objects.count() == 2
    client.post(mute, {"duty": duty.uid, "undo": "1"})
    client.post(mute, {"undo": "1"})

    assert ReminderMute.objects.count() == 0


def test_nobody_mutes_anothers_report(login, initiative, duty):
    other = builders.a_member(
        initiative, "partner", organization=builders.an_organization(initiative)
    )

    mute = reverse("measurement:duty_mute", args=[initiative.slug])
    assert login(other.user).post(mute, {"duty": duty.uid}).status_code == 403
    assert ReminderMute.objects.count() == 0


def test_of_two_workers_at_once_one_reminds(duty):
    found = []

    def work():
        with clock.at(NOW + timedelta(days=6)):
            found.append(reminding.remind())
        connection.close()

    threads = [threading.Thread(target=work) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(found) == [0, 0, 0, 1]
    assert Notice.objects.filter(kind="report.reminder").count() == 1


def test_a_worker_that_slept_long_does_not_remind_of_yesterday(duty):
    with clock.at(NOW + timedelta(days=11)):
        assert reminding.remind() == 0
    with clock.at(NOW + timedelta(days=18)):
        assert reminding.remind() == 1


def test_another_date_is_reminded_of_anew(duty, backbone):
    with clock.at(NOW + timedelta(days=6)):
        reminding.remind()
        duty.put_off(due=NOW + timedelta(days=40), by=backbone.user)

    assert reminded(until=60) == [26, 37, 41, 47]


def test_the_backbone_sees_who_was_reminded_when(login, duty, partner, backbone):
    with clock.at(NOW + timedelta(days=6)):
        reminding.remind()

    page = login(backbone.user).get(duty.get_absolute_url()).content.decode()

    assert f"{partner.user}, 14 days before" in page


def test_what_was_sent_is_not_unsaid(duty):
    with clock.at(NOW + timedelta(days=6)):
        reminding.remind()

    for change in (
        lambda: ReportReminder.objects.update(days=1),
        lambda: ReportReminder.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_backbone_changes_the_days_by_form(login, initiative, backbone, partner):
    page = reverse("measurement:duty_reminders", args=[initiative.slug])

    assert login(partner.user).post(page, {"before": "5"}).status_code == 403
    assert login(backbone.user).post(page, {"before": "ten"}).status_code == 422
    assert login(backbone.user).post(page, {"before": "10, 0", "after": "2"}).status_code == 302

    assert ReminderSchedule.days_of(initiative) == [-10, 0, 2]
