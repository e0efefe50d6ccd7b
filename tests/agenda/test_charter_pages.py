"""The pages of the charter: who reads what, writing together, comparing."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from agenda.models import CharterVersion, Part
from ciforum.people.words import Words
from tests import builders, chartering

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(initiative, backbone):
    return chartering.a_draft(initiative, backbone)


@pytest.fixture
def address(initiative):
    """The address of a page of this charter."""
    return lambda name, *args: reverse(f"agenda:{name}", args=[initiative.slug, *args])


def typed(response, **changes):
    """What a browser would send back from the form of a page, with these changes."""
    form = response.context["form"]
    data = {}
    for field in form:
        value = field.value()
        if hasattr(field.field, "languages"):
            if isinstance(value, list):  # what was typed, box by box
                value = dict(zip(field.field.languages, value, strict=True))
            value = value or {}
            data |= {
                f"{field.html_name}_{code}": value.get(code, "") for code in field.field.languages
            }
        elif isinstance(value, list):
            data[field.html_name] = value
        else:
            data[field.html_name] = "" if value is None else str(value)
    return {**data, **changes}


def box(paragraph, code="en"):
    return f"text-{paragraph.uid}_{code}"


def test_a_draft_is_for_members(draft, address, login, resident):
    assert "Babies are born small" in login(resident.user).get(address("charter")).text
    assert "Babies are born small" not in Client().get(address("charter")).text
    assert Client().get(address("charter_version", 1)).status_code == 404
    assert Client().get(address("charter_print", 1)).status_code == 404
    assert Client().get(address("charter_compare")).status_code == 404


def test_a_proposed_charter_is_public_with_its_state(draft, address, backbone):
    chartering.proposed(draft, backbone)

    text = Client().get(address("charter")).text

    assert "Babies are born small" in text
    assert "Proposed" in text


def test_the_adopted_one_leads_and_the_draft_stays_inside(initiative, address, backbone):
    first = chartering.adopted(chartering.a_ready_draft(initiative, backbone), backbone)
    after = first.amend(by=backbone.user)
    after.add(part=Part.VISION, text=Words(en="A secret thought."), by=backbone.user)

    outside = Client()

    assert "What we agreed on" in outside.get(address("charter")).text
    assert "A secret thought" not in outside.get(address("charter_compare") + "?a=1&b=2").text
    assert outside.get(address("charter_version", 2)).status_code == 404


def test_a_version_that_is_no_number_is_none(draft, address, login, backbone):
    answer = login(backbone.user).post(address("charter_start"), {"from": "²"})

    assert (answer.status_code, CharterVersion.objects.count()) == (302, 1)


def test_only_the_backbone_writes(draft, address, login, resident, partner):
    uid = chartering.paragraph(draft).uid
    for member in (resident, partner):
        client = login(member.user)
        statuses = [
            client.get(address("charter_edit")).status_code,
            client.post(address("charter_edit"), {"do": "save"}).status_code,
            client.post(address("charter_cite", uid), {}).status_code,
            client.post(address("charter_start")).status_code,
            client.post(address("charter_discard")).status_code,
        ]
        assert statuses == [403] * 5


def test_the_director_writes_moves_and_removes_without_javascript(draft, address, login, backbone):
    client = login(backbone.user)
    problem = chartering.paragraph(draft)
    form = client.get(address("charter_edit"))

    data = typed(form, **{box(problem): "Rents are high.", "new-problem_en": "Pay is low."})
    client.post(address("charter_edit"), {**data, "do": "add:problem"})
    client.post(
        address("charter_edit"),
        {**typed(client.get(address("charter_edit"))), "do": f"down:{problem.uid}"},
    )

    texts = [str(each) for each in draft.paragraphs.filter(part="problem")]
    assert texts == ["Pay is low.", "Rents are high."]
    client.post(
        address("charter_edit"),
        {**typed(client.get(address("charter_edit"))), "do": f"remove:{problem.uid}"},
    )
    assert [str(p) for p in draft.paragraphs.filter(part="problem")] == ["Pay is low."]


def test_two_editors_of_different_paragraphs_both_win(draft, address, login, initiative, backbone):
    other = builders.a_member(initiative, "backbone")
    problem, vision = (chartering.paragraph(draft, part) for part in ("problem", "vision"))
    one, two = login(backbone.user), login(other.user)
    first, second = one.get(address("charter_edit")), two.get(address("charter_edit"))

    one.post(address("charter_edit"), typed(first, **{box(problem): "Changed by one."}))
    answer = two.post(address("charter_edit"), typed(second, **{box(vision): "Changed by two."}))

    assert answer.status_code == 302
    assert [str(p) for p in draft.paragraphs.order_by("id")][:2] == [
        "Changed by one.",
        "Changed by two.",
    ]


def test_two_editors_of_the_same_words_lose_nothing(draft, address, login, initiative, backbone):
    other = builders.a_member(initiative, "backbone")
    problem = chartering.paragraph(draft)
    one, two = login(backbone.user), login(other.user)
    first, second = one.get(address("charter_edit")), two.get(address("charter_edit"))
    one.post(address("charter_edit"), typed(first, **{box(problem): "Changed by one."}))

    answer = two.post(address("charter_edit"), typed(second, **{box(problem): "Changed by two."}))

    assert answer.status_code == 422
    assert "Somebody else changed the same words" in answer.text
    assert "Changed by one." in answer.text
    assert "Changed by two." in answer.text
    problem.refresh_from_db()
    assert str(problem) == "Changed by one."
    again = two.post(address("charter_edit"), typed(answer, **{box(problem): "By both."}))
    problem.refresh_from_db()
    assert (again.status_code, str(problem)) == (302, "By both.")


def test_words_for_a_paragraph_that_is_gone_are_shown(draft, address, login, initiative, backbone):
    problem = chartering.paragraph(draft)
    client = login(backbone.user)
    data = typed(client.get(address("charter_edit")), **{box(problem): "Typed in vain?"})
    draft.remove(problem.uid, by=backbone.user)

    answer = client.post(address("charter_edit"), data)

    assert answer.status_code == 422
    assert "Typed in vain?" in answer.text


def test_other_languages_stay_when_one_is_written(draft, address, login, backbone):
    problem = chartering.paragraph(draft)
    client = login(backbone.user)

    data = typed(client.get(address("charter_edit")), **{box(problem): "New."})
    client.post(address("charter_edit"), data)

    problem.refresh_from_db()
    assert problem.text == {"en": "New.", "es": "Babies are born small where rents are high. (es)"}


def test_citing_from_the_page(draft, address, login, initiative, backbone):
    event = builders.an_event(initiative, backbone.user, "The mill closed")
    uid = chartering.paragraph(draft).uid
    client = login(backbone.user)

    data = {"record": f"event:{event.uid}", "note": "Work left with it."}
    client.post(address("charter_cite", uid), data)

    text = client.get(address("charter")).text
    assert "The mill closed" in text
    assert "Work left with it." in text


def test_a_withdrawn_event_says_nothing_any_more(draft, address, login, initiative, backbone):
    event = builders.an_event(initiative, backbone.user, "The mill closed")
    citation = chartering.cite(draft, "event", event, backbone)
    chartering.proposed(draft, backbone)
    assert "The mill closed" in Client().get(address("charter")).text
    type(citation.citable).objects.update(withdrawn_at=citation.at)

    text = Client().get(address("charter")).text

    assert "The mill closed" not in text
    assert "Withdrawn on" in text


def test_an_event_that_was_never_published_is_not_told_outside(
    draft, address, login, initiative, backbone
):
    event = builders.an_event(initiative, backbone.user, "The mill closed")
    chartering.cite(draft, "event", event, backbone)
    chartering.proposed(draft, backbone)

    event.withdraw(by=backbone.user)

    assert "The mill closed" not in Client().get(address("charter")).text


def test_versions_compare_word_by_word_in_each_language(draft, address, backbone):
    version = chartering.proposed(draft, backbone)
    after = version.amend(by=backbone.user)
    form = {"en": "Babies are born early where rents are high.", "es": "Otra cosa."}
    from agenda.drafting import Typed, stamp  # noqa: PLC0415 - only here

    problem = chartering.paragraph(after)
    seen = stamp(problem.text, ["en", "es"])
    words = {problem.uid: Typed(seen, Words(form), ["en", "es"])}
    after.write(by=backbone.user, typed=words)
    chartering.proposed(after, backbone)

    english = Client().get(address("charter_compare") + "?a=1&b=2").text
    spanish = Client().get(address("charter_compare") + "?a=1&b=2&language=es").text

    assert '</span>small<span class="visually-hidden">' in english
    assert '</span>early<span class="visually-hidden">' in english
    assert "Otra" in spanish


def test_the_gate_is_shown_before_the_decision(draft, address, login, backbone):
    text = login(backbone.user).get(address("charter")).text

    assert "The problem statement cites no event" in text
    assert f"effect=charter.adopt&amp;version={draft.uid}" in text


def test_ten_paragraphs_cost_as_many_queries_as_three(
    draft, address, initiative, backbone, django_assert_max_num_queries
):
    event = builders.an_event(initiative, backbone.user)
    chartering.cite(draft, "event", event, backbone)
    version = chartering.proposed(draft, backbone)
    client = Client()
    client.get(address("charter"))
    from django.db import connection  # noqa: PLC0415 - only here
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 - only here

    with CaptureQueriesContext(connection) as few:
        client.get(address("charter"))
    after = version.amend(by=backbone.user)
    for number in range(7):
        one = after.add(part=Part.PROBLEM, text=Words(en=f"More {number}."), by=backbone.user)
        chartering.cite(after, "event", builders.an_event(initiative, backbone.user), backbone)
        assert one.order > 1
    chartering.proposed(after, backbone)

    with django_assert_max_num_queries(len(few) + 1):
        client.get(address("charter_version", 2))


def test_there_is_a_way_to_begin(initiative, address, login, backbone):
    client = login(backbone.user)
    assert "Begin a draft" in client.get(address("charter")).text

    client.post(address("charter_start"))

    assert CharterVersion.objects.get(initiative=initiative).is_draft
