"""Maps of understanding: what stands on them, who may change them, and the ways round."""

from __future__ import annotations

import threading

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agenda import citing
from agenda.maps import draw
from agenda.models import Mark, Scenario, ScenarioSet
from ciforum.people import registry
from ciforum.people.models import AuditLine, Citable, Citation
from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def drawn(initiative, backbone):
    return builders.a_map(initiative, backbone, people=3, stages=2)


def test_the_growing_number_of_obstacles_is_counted(drawn):
    shown = draw(drawn, None)

    assert [(each.obstacles, each.supports) for each in shown.columns] == [(6, 0), (4, 0), (2, 2)]
    assert shown.sentence == (
        "On the same journey, Ana 1 meets 6 obstacles, 0 supports and Ana 3 meets 2 obstacles, "
        "2 supports. What differs is what surrounds them."
    )
    assert [cell.heat for _stage, cells in shown.rows for cell in cells] == [9, 6, 3, 9, 6, 3]


def test_nobody_real_stands_on_a_map(drawn, backbone):
    with pytest.raises(ValidationError) as refused:
        drawn.add_scenario(name=Words(en="Rosa"), who=Words(), origin="real", by=backbone.user)

    assert "only with her own consent" in refused.value.message_dict["origin"][0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Scenario.objects.filter(set=drawn).update(origin="real")


def test_a_map_has_two_to_six_people(initiative, backbone):
    made = builders.a_map(initiative, backbone, people=6)

    with pytest.raises(ValidationError, match="room for 6"):
        made.add_scenario(name=Words(en="A"), who=Words(), origin="invented", by=backbone.user)
    lonely = builders.a_map(initiative, backbone, people=1)
    with pytest.raises(ValidationError, match="at least two people"):
        lonely.publish(by=backbone.user)


def test_a_published_map_keeps_two_people(initiative, backbone):
    made = builders.a_map(initiative, backbone)
    made.publish(by=backbone.user)

    with pytest.raises(ValidationError, match="keeps at least two"):
        made.remove(made.scenarios.first(), by=backbone.user)


def test_what_was_taken_off_comes_back(drawn, backbone):
    second = drawn.scenarios.live()[1]

    drawn.remove(second, by=backbone.user)
    without = [each.name["en"] for each in draw(drawn, None).scenarios]
    drawn.restore(second, by=backbone.user)

    assert without == ["Ana 1", "Ana 3"]
    assert [each.name["en"] for each in draw(drawn, None).scenarios] == ["Ana 1", "Ana 3", "Ana 2"]
    drawn.shift(second, by=backbone.user, steps=-1)
    assert [each.name["en"] for each in draw(drawn, None).scenarios] == ["Ana 1", "Ana 2", "Ana 3"]


def test_of_two_editors_the_second_is_told(drawn, backbone, resident):
    mark = drawn.marks.first()
    hers, mine = Mark.objects.get(pk=mark.pk), Mark.objects.get(pk=mark.pk)

    drawn.change(hers, by=resident.user, seen=1, text=Words(en="No bus"))
    with pytest.raises(StateChanged):
        drawn.change(mine, by=backbone.user, seen=1, text=Words(en="No road"))

    assert str(Mark.objects.get(pk=mark.pk)) == "No bus"


def test_every_change_leaves_a_line_and_the_earlier_words(drawn, backbone):
    drawn.publish(by=backbone.user)
    mark = drawn.marks.first()

    drawn.change(mark, by=backbone.user, text=Words(en="No bus"))

    last = AuditLine.objects.filter(record_uid=drawn.uid).latest("pk")
    assert (last.before, last.after, last.by_uid) == (
        "published",
        "entry changed",
        backbone.user.uid,
    )
    events = apps.get_model("agenda", "MarkTrail").objects.filter(pgh_obj=mark)
    earlier = [dict(event.text) for event in events.order_by("pgh_id")]
    assert earlier == [{"en": "obstacle"}, {"en": "No bus"}]


def test_an_entry_belongs_to_one_map_even_from_a_shell(drawn, initiative, backbone):
    other = builders.a_map(initiative, backbone)

    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.filter(set=drawn).update(stage=other.stages.first())
    with pytest.raises(ValidationError):
        drawn.add_mark(
            scenario=other.scenarios.first(),
            stage=drawn.stages.first(),
            kind="obstacle",
            text=Words(en="x"),
            by=backbone.user,
        )


def test_a_withdrawn_map_stays_withdrawn(drawn, backbone):
    drawn.publish(by=backbone.user)
    citable = Citable.of(drawn, "scenario")
    drawn.withdraw(by=backbone.user)

    citable.refresh_from_db()
    assert citable.withdrawn_at is not None
    with pytest.raises(StateChanged):
        drawn.add_stage(title=Words(en="More"), by=backbone.user)
    with pytest.raises(Exception, match=r"[Ii]nvalid transition"), transaction.atomic():
        ScenarioSet.objects.filter(pk=drawn.pk).update(state="published")


def test_evidence_on_an_entry_goes_with_what_it_shows(drawn, initiative, backbone):
    event = builders.an_event(initiative, backbone.user)
    mark = drawn.marks.first()

    citing.cite(mark, kind="event", uid=event.uid, by=backbone.user)

    shown = draw(drawn, backbone)
    cited = [
        entry.cited
        for column in shown.columns
        for cell in column.cells
        for entry in cell.obstacles
        if entry.cited
    ]
    assert [each.title for each in cited[0]] == [str(event.title)]
    drawn.remove(mark, by=backbone.user)
    with pytest.raises(StateChanged):
        citing.uncite(mark, uid=Citation.objects.of(mark).get().uid, by=backbone.user)


def test_a_draft_cannot_be_cited(drawn, initiative, backbone):
    kind = registry.citations["scenario"]

    before = kind.find(initiative, drawn.uid)
    drawn.publish(by=backbone.user)
    after = kind.find(initiative, drawn.uid)

    assert before is None
    assert kind.title(after) == "Nine months"
    assert kind.visible_to(after, None)


def test_two_who_move_at_once_lose_nobody(drawn, backbone):
    first, last = drawn.scenarios.live()[0], drawn.scenarios.live()[2]

    def move(part, steps):
        try:
            ScenarioSet.objects.get(pk=drawn.pk).shift(part, by=backbone.user, steps=steps)
        finally:
            connection.close()

    both = [threading.Thread(target=move, args=each) for each in ((first, 1), (last, -1))]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()

    positions = sorted(each.position for each in drawn.scenarios.live())
    assert positions == [1, 2, 3]


# --- pages


def _url(drawn, name="scenario_set", *more):
    return reverse(f"agenda:{name}", args=[drawn.initiative.slug, drawn.slug, *more])


def test_a_draft_is_unknown_outside_and_seen_inside(drawn, client, login, resident):
    assert client.get(_url(drawn)).status_code == 404
    assert client.get(_url(drawn, "scenario_room")).status_code == 404
    assert login(resident.user).get(_url(drawn)).status_code == 200


def test_the_room_leads_from_stage_to_stage(drawn, backbone, client):
    drawn.publish(by=backbone.user)

    pages = [client.get(_url(drawn, "scenario_room") + f"?stage={n}") for n in (0, 1, 2)]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert 'rel="next" href="?stage=1"' in pages[0].content.decode()
    assert "3 obstacles so far" in pages[1].content.decode()
    assert 'rel="next"' not in pages[2].content.decode()
    for wrong in ("3", "-1", "x", "9" * 5000):
        assert client.get(_url(drawn, "scenario_room") + f"?stage={wrong}").status_code == 404


def test_a_real_person_is_refused_at_the_form(drawn, login, resident):
    answer = login(resident.user).post(
        _url(drawn, "scenario_person_new"), {"name_en": "Rosa", "origin": "real"}
    )

    assert answer.status_code == 422
    assert "only with her own consent" in answer.content.decode()


def test_the_page_shows_both_wordings_when_two_change_one(drawn, login, backbone, resident):
    mark = drawn.marks.first()
    drawn.change(mark, by=backbone.user, text=Words(en="No bus after five"))
    client, url = login(resident.user), _url(drawn, "scenario_part", mark.uid)
    data = {"kind": "obstacle", "text_en": "No bus at all", "seen": "1"}

    first = client.post(url, data)

    assert first.status_code == 422
    assert "No bus after five" in first.content.decode()
    assert "No bus at all" in first.content.decode()
    assert client.post(url, {**data, "seen": "2"}).status_code == 302
    assert str(Mark.objects.get(pk=mark.pk)) == "No bus at all"


def test_removing_leads_back(drawn, login, resident):
    mark = drawn.marks.first()
    client = login(resident.user)

    answer = client.post(_url(drawn, "scenario_remove", mark.uid), follow=True)

    assert f"{_url(drawn, 'scenario_edit')}#removed" in answer.content.decode()
    client.post(_url(drawn, "scenario_restore", mark.uid))
    assert Mark.objects.get(pk=mark.pk).removed_at is None


def test_a_large_map_asks_no_more_than_a_small_one(initiative, backbone, client):
    small = builders.a_map(initiative, backbone)
    large = builders.a_map(initiative, backbone, people=5, stages=6)
    event = builders.an_event(initiative, backbone.user)
    for made in (small, large):
        made.publish(by=backbone.user)
        for mark in made.marks.live()[:3]:
            citing.cite(mark, kind="event", uid=event.uid, by=backbone.user)
    client.get(_url(small))

    def asked(made):
        url = _url(made)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return [query["sql"].split(" FROM ")[-1].split()[0] for query in queries]

    assert sorted(asked(large)) == sorted(asked(small))
