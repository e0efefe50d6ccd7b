"""Who may do what with a submission, and what each reader gets to see of it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from ciforum.people.cells import harmless
from ciforum.people.models import Duty, Notice
from measurement.desk.staging import without_persons
from measurement.desk.troubles import problem_sentence
from measurement.models import RowProblem, Submission
from measurement.reading.errors import Problem
from measurement.reading.tables import TableReading
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

NUMBERS = {
    (2020, "Here"): (62, 1051),
    (2020, "Here", "race:white"): (39, 867),
    (2020, "Here", "race:black"): (4, 117),
    (2020, "Here", "race:other"): (60, 67),
}
PAGES = ["submission", "submission_problems_csv", "submission_file"]
ACTIONS = [
    "submission_hand_in",
    "submission_approve",
    "submission_return",
    "submission_withdraw",
]


@pytest.fixture
def indicator(initiative, backbone):
    builders.a_dimension(initiative)
    return builders.an_indicator(initiative, by=backbone.user)


@pytest.fixture
def submission(indicator, partner):
    """Read, not handed in, with one problem that quotes a small count."""
    submission = builders.a_submission(indicator, partner)
    Submission.objects.filter(pk=submission.pk).update(state="checking")
    submission.refresh_from_db()
    problem = Problem(
        7, "=SUM(A1)", "numerator_above_denominator", {"numerator": 9, "denominator": 8}
    )
    rows = [builders._row(*item) for item in NUMBERS.items()]
    submission.store_reading(TableReading(rows, [problem]), {7: "Here,2020,black,9,8"})
    return submission


@pytest.fixture
def handed_in(submission, partner):
    submission.hand_in(by=partner.user, leave_out_problems=True)
    return submission


def at(submission, name="submission", query=""):
    return reverse(f"measurement:{name}", args=[submission.initiative.slug, submission.uid]) + query


def other_partner(initiative):
    return builders.a_member(
        initiative, "partner", organization=builders.an_organization(initiative)
    )


@pytest.mark.parametrize(
    ("who", "pages", "actions"),
    [
        ("partner", [200, 200, 200], [302, 403, 403, 302]),
        ("other partner", [403, 403, 403], [403, 403, 403, 403]),
        ("steward", [200, 200, 200], [403, 302, 422, 403]),
        ("backbone", [200, 200, 403], [403, 302, 422, 403]),
        ("resident", [403, 403, 403], [403, 403, 403, 403]),
        ("stranger", [404, 404, 404], [404, 404, 404, 404]),
    ],
)
def test_who_may_read_and_decide(login, handed_in, partner, backbone, who, pages, actions):
    initiative = handed_in.initiative
    people = {
        "partner": lambda: partner,
        "other partner": lambda: other_partner(initiative),
        "steward": lambda: backbone,
        "backbone": lambda: builders.a_member(initiative, "backbone"),
        "resident": lambda: builders.a_member(initiative, "community"),
        "stranger": lambda: builders.a_member(builders.an_initiative(), "backbone"),
    }
    browser = login(people[who]().user)

    assert [browser.get(at(handed_in, name)).status_code for name in PAGES] == pages
    got = []
    for name in ACTIONS:
        Submission.objects.filter(pk=handed_in.pk).update(state="handed_in", reason="x")
        got.append(browser.post(at(handed_in, name)).status_code)
    assert got == actions


def test_a_director_who_is_no_steward_sees_no_small_count(login, handed_in, initiative):
    browser = login(builders.a_member(initiative, "backbone").user)

    page = browser.get(at(handed_in))

    shown = {row.groups: (row.counted, row.out_of, row.rate) for row in page.context["rows"]}
    assert shown == {
        # The total less the one group that is left would give a small one away.
        "everyone": ("hidden", "–", "–"),
        "White": ("hidden", "–", "–"),
        "Black": ("fewer than 11", "–", "–"),
        "Other": ("fewer than 11", "–", "–"),  # 7 of 67 are not counted
    }
    problems = browser.get(at(handed_in, query="?view=problems")).content.decode()
    assert "fewer than 11 is more than the fewer than 11" in problems
    assert "Here,2020,black" not in problems
    assert "Here,2020,black" not in browser.get(at(handed_in, PAGES[1])).content.decode()


def test_a_remark_tells_no_count_where_all_are_hidden():
    remark = RowProblem(code="parts_above_total_numerator", params={"sum": "63", "total": "62"})

    sentence = problem_sentence(remark, floor=11, hides_all=True)

    assert ("63" in problem_sentence(remark, floor=11), "6" in sentence) == (True, False)


def test_her_partner_sees_what_she_brought(login, handed_in, partner):
    page = login(partner.user).get(at(handed_in, query="?view=problems"))

    (problem,) = page.context["problems"]
    assert (problem.line, problem.sentence) == ("7", "9 is more than the 8 it is out of.")
    assert problem.raw == "Here,2020,black,9,8"


def test_problems_as_a_table_run_nothing_in_a_spreadsheet(login, handed_in, partner):
    table = login(partner.user).get(at(handed_in, "submission_problems_csv")).content.decode()

    assert ",'=SUM(A1)," in table
    assert [harmless(text) for text in ("=1", " @x", "\uff1d1", "-5", "ok", "")] == [
        "'=1", "' @x", "'\uff1d1", "'-5", "ok", "",
    ]  # fmt: skip


def test_lines_with_problems_stay_out_only_when_she_says_so(login, submission, partner):
    browser = login(partner.user)

    refused = browser.post(at(submission, "submission_hand_in"))
    assert refused.status_code == 422
    assert "Mend them, or say that they may be left out" in refused.content.decode()

    browser.post(at(submission, "submission_hand_in"), {"leave_out_problems": "on"})
    submission.refresh_from_db()
    assert submission.state == "handed_in"


def test_everybody_hears_what_concerns_them(login, handed_in, partner, backbone):
    assert list(Notice.objects.filter(to=backbone.user).values_list("kind", flat=True)) == [
        "submission.approve"
    ]
    login(backbone.user).post(at(handed_in, "submission_return"), {"words": "Add Hispanic."})

    told = Notice.objects.filter(to=partner.user).values_list("kind", flat=True)
    assert list(told) == ["submission.mend"]
    owed = Duty.objects.filter(done_at=None).values_list("owner", "kind")
    assert list(owed) == [(partner.pk, "submission.mend")]
    page = login(partner.user).get(at(handed_in)).content.decode()
    assert "Add Hispanic." in page


def test_of_two_who_decide_at_once_one_is_told(login, handed_in, backbone):
    browser = login(backbone.user)
    browser.post(at(handed_in, "submission_approve"))

    late = browser.post(at(handed_in, "submission_return"), {"words": "Wait"}, follow=True)

    assert "Somebody else changed this a moment ago" in late.content.decode()
    handed_in.refresh_from_db()
    assert handed_in.state == "approved"


def test_the_preview_asks_the_same_of_the_database_for_one_row_and_for_many(
    login, submission, partner, django_assert_max_num_queries
):
    browser = login(partner.user)
    browser.get(at(submission))
    for query in ("", "?view=problems", "?view=changes", "?place=here&group=race:white"):
        with django_assert_max_num_queries(36):
            assert browser.get(at(submission, query=query)).status_code == 200


@pytest.mark.parametrize(
    "query", ["?page=x", "?page=99", "?place=nowhere", "?period=1_2_3", "?view=z"]
)
def test_odd_addresses_still_show_the_page(login, submission, partner, query):
    assert login(partner.user).get(at(submission, query=query)).status_code == 200


def test_a_text_few_people_have_is_not_kept(initiative):
    many = Problem(None, "race", "unknown_people_label", {"text": "Asian", "count": 40})
    few = [
        Problem(None, "race", "unknown_people_label", {"text": name, "count": 1})
        for name in ("Rosa", "Juan")
    ]

    kept = list(without_persons([many, *few], initiative))

    assert kept == [many, Problem(None, "race", "rare_people_label", {"count": 2})]
