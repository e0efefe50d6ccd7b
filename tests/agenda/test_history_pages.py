"""The timeline and the pages of an event."""

from __future__ import annotations

import pytest
from django.urls import reverse

from agenda.models import HistoryEvent
from ciforum.people.models import Place
from ciforum.people.words import Words
from tests import builders
from tests.agenda.pictures import a_picture, geojson, image_bytes, square, upload


@pytest.fixture
def address(initiative):
    return reverse("agenda:history", args=[initiative.slug])


def posted(**fields):
    return {
        "title_en": "They closed our ward",
        "what_happened_en": "Nobody asked us.",
        "began": "1988-06",
        "ended": "",
        "kind": "harm",
        **fields,
    }


def of(event, name):
    return reverse(f"agenda:{name}", args=[event.initiative.slug, event.uid])


def test_an_empty_timeline_says_what_to_do_now(client, login, address, resident):
    assert "not written down yet" in client.get(address).content.decode()
    assert reverse("agenda:event_new", args=[resident.initiative.slug]) in (
        login(resident.user).get(address).content.decode()
    )


def test_events_stand_in_their_decades_oldest_first(client, initiative, backbone, address):
    for began in ("2011", "1937", "1934-06-01"):
        builders.an_event(initiative, backbone.user, f"Event {began}", began=began)

    body = client.get(address).content.decode()

    places = [
        body.index(text) for text in ("1930s", "Event 1934", "Event 1937", "2010s", "Event 2")
    ]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("kind=policy", ["Map"]),
        ("place=here", ["Ward", "Map"]),
        ("words=HÓSPITAL ward", ["Ward"]),
        ("words=cruzar", ["Ward"]),
        ("structural=on", ["Ward"]),
        ("kind=nonsense&place=nowhere", ["Ward", "Map", "Doulas"]),
    ],
)
def test_the_timeline_can_be_narrowed(client, initiative, backbone, address, query, shown):
    here = Place.objects.create(initiative=initiative, code="here", name="Here")
    inside = Place.objects.create(initiative=initiative, code="in", name="In", parent=here)
    for title, fields in (
        ("Ward", {"place": inside, "source": "Hospital board"}),
        ("Map", {"place": here, "kind": "policy", "is_structural": False}),
        ("Doulas", {"kind": "resistance", "is_structural": False}),
    ):
        told = Words(en="Told.", es="Hubo que cruzar el río." if title == "Ward" else "Contado.")
        builders.an_event(initiative, backbone.user, title, what_happened=told, **fields)

    body = client.get(f"{address}?{query}").content.decode()

    assert [title for title in ("Ward", "Map", "Doulas") if f">{title}</a>" in body] == shown


@pytest.mark.parametrize("number", [1, 3])
def test_more_events_take_no_more_queries(
    client, initiative, backbone, address, number, django_assert_max_num_queries
):
    for _each in range(number):
        builders.an_event(initiative, backbone.user)

    with django_assert_max_num_queries(12):
        client.get(address)


def test_any_member_writes_an_event_down_and_only_she_and_the_backbone_see_it(
    client, login, initiative, backbone, resident, partner
):
    url = reverse("agenda:event_new", args=[initiative.slug])

    answer = login(resident.user).post(url, posted(own_words="on"))

    event = HistoryEvent.objects.get()
    assert (answer.url, event.state, event.own_words) == (event.get_absolute_url(), "draft", True)
    readers = (client, login(partner.user), login(resident.user), login(backbone.user))
    seen = [reader.get(event.get_absolute_url()).status_code for reader in readers]
    assert seen == [404, 404, 200, 200]
    assert login(resident.user).post(of(event, "event_publish")).status_code == 403
    assert login(backbone.user).post(of(event, "event_publish")).status_code == 302
    assert client.get(event.get_absolute_url()).status_code == 200


def test_a_seat_holder_publishes(login, initiative, backbone):
    holder = builders.a_member(initiative, "community")
    builders.a_seat(builders.a_committee(initiative), holder)
    event = builders.an_event(initiative, backbone.user, published=False)

    login(holder.user).post(of(event, "event_publish"))

    event.refresh_from_db()
    assert event.state == "published"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"began": "long ago"}, "Write a year"),
        ({"title_en": ""}, "at least one language"),
        ({"began": "1990", "ended": "1980"}, "cannot end before"),
        ({"source_url": "javascript:alert(1)"}, "valid URL"),
        ({"picture": upload(b"<svg><script/></svg>", "a.png")}, "no PNG, JPEG or WebP"),
        ({"picture": upload(image_bytes())}, "Say what the picture shows"),
        ({"map_file": upload(b"<kml/>", "a.geojson")}, "no GeoJSON"),
    ],
)
def test_what_cannot_be_kept_gets_a_sentence(login, initiative, resident, fields, sentence):
    url = reverse("agenda:event_new", args=[initiative.slug])

    answer = login(resident.user).post(url, posted(**fields))

    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert not HistoryEvent.objects.exists()


def test_a_map_is_drawn_without_styles_and_told_as_a_table(client, login, initiative, backbone):
    url = reverse("agenda:event_new", args=[initiative.slug])
    evil = geojson(square(name="<script>alert(1)</script>", grade="D"))
    login(backbone.user).post(url, posted(map_file=upload(evil, "map.geojson")))
    event = HistoryEvent.objects.get()
    event.publish(by=backbone.user)

    body = client.get(event.get_absolute_url()).content.decode()

    assert 'class="overlay__area overlay__grade--1"' in body
    assert "<td>&lt;script&gt;alert(1)&lt;/script&gt;</td>" in body
    assert "style=" not in body


def test_a_picture_is_served_as_what_it_is(client, initiative, backbone):
    event = builders.an_event(
        initiative, backbone.user, picture=a_picture(), image_alt=Words(en="An empty ward")
    )

    answer = client.get(of(event, "event_image"))

    assert b"".join(answer.streaming_content)[8:12] == b"WEBP"
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert 'alt="An empty ward"' in client.get(event.get_absolute_url()).content.decode()
    event.withdraw(by=backbone.user)
    assert client.get(of(event, "event_image")).status_code == 404


def test_the_picture_of_a_draft_is_not_public(client, login, initiative, backbone):
    event = builders.an_event(
        initiative,
        backbone.user,
        published=False,
        picture=a_picture(),
        image_alt=Words(en="An empty ward"),
    )

    assert client.get(of(event, "event_image")).status_code == 404
    assert login(backbone.user).get(of(event, "event_image")).status_code == 200


def test_other_words_wait_for_her_on_her_page(login, initiative, backbone, resident):
    event = builders.an_event(
        initiative, resident.user, "They closed our ward", published=False, own_words=True
    )
    hers, staff = login(resident.user), login(backbone.user)

    staff.post(of(event, "event_edit"), posted(title_en="Service was optimized"))

    assert "until she agrees" in staff.get(event.get_absolute_url()).content.decode()
    assert "I agree to these words" in hers.get(event.get_absolute_url()).content.decode()
    assert staff.post(of(event, "event_agree")).status_code == 403
    hers.post(of(event, "event_agree"))
    staff.post(of(event, "event_publish"))
    event.refresh_from_db()
    assert (event.state, str(event.title)) == ("published", "Service was optimized")


def test_she_takes_her_own_telling_back_even_when_it_is_public(
    client, login, initiative, backbone, resident
):
    event = builders.an_event(
        initiative, resident.user, "They closed our ward", published=False, own_words=True
    )
    event.publish(by=backbone.user)
    hers = login(resident.user)

    assert hers.post(of(event, "event_withdraw"), {}).status_code == 422
    hers.post(of(event, "event_withdraw"), {"understood": "on"})

    body = client.get(event.get_absolute_url()).content.decode()
    assert "This event was withdrawn" in body
    assert "They closed our ward" not in body
