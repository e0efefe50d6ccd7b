"""Pages of a data walk: building by keyboard, phones, typing in, the debrief, addresses."""

from __future__ import annotations

import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from ciforum.people import clock
from equity.models import Group
from measurement.models import DataWalk, Follower, Reaction, WalkMail
from measurement.walking import mailing, pace
from tests import builders, chartering
from tests import walks_building as walking

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def indicator(initiative, backbone):
    return chartering.a_figure(initiative, backbone)


@pytest.fixture
def opened(initiative, backbone, indicator) -> DataWalk:
    return walking.an_open_walk(initiative, backbone, indicator)


def page(walk, name, *args):
    return reverse(f"measurement:{name}", args=[walk.initiative.slug, *args])


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# --- building


def test_a_walk_is_built_with_a_keyboard_and_opened(initiative, backbone, indicator, login):
    browser = login(backbone.user)
    new = reverse("measurement:walk_new", args=[initiative.slug])
    data = {
        "title_en": "Walk with us",
        "title_es": "Camine con nosotros",
        "hall": "Library",
        "starts": "2030-05-03T18:00",
        "languages": ["en", "es"],
    }

    assert browser.post(new, data).status_code == 302
    walk = DataWalk.objects.get()
    add = page(walk, "walk_station_new", walk.uid) + f"?indicator={indicator.slug}"
    for number in range(5):
        said = {"title_en": f"Who? {number}", "title_es": "¿Quién?", "place": "here", "by": "race"}
        assert browser.post(add, said).status_code == 302
    second = walk.stations.get(order=2)
    move = page(walk, "walk_station_move", walk.uid, second.uid)
    answer = browser.post(move, {"to": "up"})
    browser.post(page(walk, "walk_open", walk.uid), {"sure": "yes"})

    assert answer["Location"].endswith(f"#up-{second.uid}")
    assert walk.stations.first() == second
    assert DataWalk.objects.get().is_open


def test_prompts_are_changed_at_the_station(initiative, backbone, indicator, login):
    walk = walking.a_ready_walk(initiative, backbone, indicator)
    station = walk.stations.first()
    address = page(walk, "walk_station", walk.uid, station.uid)
    data = {"title_en": "T", "title_es": "T", "place": "here", "by": "race", "kind": "year"}

    login(backbone.user).post(address, {**data, "prompt_1_en": "Why?", "prompt_1_es": "¿Por qué?"})

    assert [dict(each.words) for each in station.prompts.all()] == [
        {"en": "Why?", "es": "¿Por qué?"}
    ]


def test_a_walk_in_preparation_is_not_for_the_street(initiative, backbone, indicator, login):
    walk = walking.a_ready_walk(initiative, backbone, indicator)
    station = walk.stations.first()
    closed = (
        walk.get_absolute_url(),
        walk.phone_url(),
        station.phone_url(),
        station.phone_url() + "picture.svg",
        page(walk, "walk_posters", walk.uid),
        page(walk, "walk_follow", walk.code),
    )

    assert [Client().get(each).status_code for each in closed] == [404] * 6
    assert "Preview" in text(login(backbone.user).get(page(walk, "walk_posters", walk.uid)))
    listed = Client().get(reverse("measurement:walks", args=[initiative.slug]))
    assert str(walk.title) not in listed.content.decode()


def test_a_stranger_to_the_initiative_finds_nothing(opened, login):
    elsewhere = builders.an_initiative()
    other = builders.a_member(elsewhere, "backbone")

    for name in ("walk", "walk_debrief", "walk_csv", "walk_edit"):
        address = reverse(f"measurement:{name}", args=[elsewhere.slug, opened.uid])
        assert login(other.user).get(address).status_code == 404
    assert Client().get(f"/{elsewhere.slug}/measurement/walks/{opened.code}/").status_code == 404


# --- phones


def ticket_of(response) -> str:
    return re.search(r'name="ticket" value="([^"]+)"', response.content.decode()).group(1)


def test_a_phone_walks_through_without_an_account(opened):
    phone = Client(enforce_csrf_checks=True)
    start = phone.get(opened.phone_url())
    assert start.status_code == 200
    assert not start.cookies  # nothing to guard yet

    station = opened.stations.first()
    shown = phone.get(station.phone_url() + "?lang=es")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown.content.decode())
    answer = phone.post(
        station.phone_url() + "?lang=es",
        {
            "csrfmiddlewaretoken": token.group(1),
            "ticket": ticket_of(shown),
            "p1": "Sube",
            "p5": "<script>alert(1)</script>",
        },
    )

    assert set(phone.cookies) == {"csrftoken"}
    assert answer["Location"].startswith(f"{opened.phone_url()}2/?lang=es&sent=")
    assert list(Reaction.objects.values_list("text", "language", "via").order_by("text")) == [
        ("<script>alert(1)</script>", "es", "phone"),
        ("Sube", "es", "phone"),
    ]


def test_a_double_tap_is_kept_once(opened):
    station = opened.stations.first()
    data = {"ticket": ticket_of(Client().get(station.phone_url())), "p1": "Up"}

    for _tap in range(2):
        assert Client().post(station.phone_url(), data).status_code == 302

    assert Reaction.objects.count() == 1


def test_what_is_not_kept_stays_in_the_boxes(opened):
    station, other = opened.stations.all()[:2]
    foreign = ticket_of(Client().get(other.phone_url()))
    own = ticket_of(Client().get(station.phone_url()))

    for data in (
        {"ticket": foreign, "p1": "My words"},
        {"ticket": own, "p1": "My words" + "x" * 1000},
        {"ticket": own, "p1": "My words", "website": "http://spam"},
        {"p1": "My words"},
    ):
        answer = Client().post(station.phone_url(), data)
        assert answer.status_code == 422
        assert "My words" in answer.content.decode()
    assert not Reaction.objects.exists()


def test_too_much_from_one_connection_waits(opened, monkeypatch):
    monkeypatch.setitem(pace.LIMITS, "walk.reaction", "1/m/key")
    station = opened.stations.first()
    statuses = [
        Client()
        .post(
            station.phone_url(), {"ticket": ticket_of(Client().get(station.phone_url())), "p1": "A"}
        )
        .status_code
        for _each in range(2)
    ]

    assert statuses == [302, 429]
    assert Reaction.objects.count() == 1


def test_hostile_words_are_text_on_every_page(opened, backbone, login):
    station = opened.stations.first()
    hostile = '<img src=x onerror=alert(1)>"\' =HYPERLINK("http://x")'
    walking.a_reaction(station, hostile)
    walking.a_reaction(station, "=1+1")
    browser = login(backbone.user)

    debrief = browser.get(page(opened, "walk_debrief", opened.uid)).content.decode()
    csv = browser.get(page(opened, "walk_csv", opened.uid)).content.decode("utf-8-sig")

    assert "<img src=x" not in debrief
    assert "&lt;img src=x" in debrief
    assert ",'=1+1," in csv


def test_a_phones_page_is_light_and_needs_no_script(opened):
    station = opened.stations.first()
    picture = Client().get(station.phone_url() + "picture.svg?size=phone&lang=en")
    html = Client().get(station.phone_url())

    assert len(html.content) + len(picture.content) < 100_000
    assert picture["Content-Type"] == "image/svg+xml"
    assert "hx-" not in html.content.decode()


def test_the_picture_is_no_other_than_the_public_table(opened):
    station = opened.stations.first()
    svg = Client().get(station.phone_url() + "picture.svg?lang=en").content
    root = ET.fromstring(svg)  # noqa: S314 - our own picture

    assert b"style" not in svg
    assert root.find("{http://www.w3.org/2000/svg}title").text.startswith("Here, 2020")
    assert Client().get(station.phone_url() + "picture.svg?lang=es").content != svg


def test_names_stand_in_the_language_of_the_picture_whoever_asks(opened, backbone, login):
    Group.objects.filter(code="white").update(name={"en": "White", "es": "Blanca y larga"})
    address = opened.stations.first().phone_url() + "picture.svg?size=poster&lang="
    hers, anonymous = login(backbone.user), Client()

    assert hers.get(address + "es").content == anonymous.get(address + "es").content
    assert hers.get(address + "en").content != hers.get(address + "es").content


def test_after_the_round_phones_rest(opened, backbone):
    station = opened.stations.first()
    ticket = ticket_of(Client().get(station.phone_url()))
    opened.begin_debrief(by=backbone.user)

    assert "<textarea" not in Client().get(station.phone_url()).content.decode()
    answer = Client().post(station.phone_url(), {"ticket": ticket, "p1": "Late"})
    assert answer.status_code == 422
    assert not Reaction.objects.exists()


# --- typing in from paper


def test_the_grid_keeps_what_was_typed(opened, backbone, login):
    station = opened.stations.first()
    address = page(opened, "walk_type", opened.uid, station.uid)
    browser = login(backbone.user)
    data = {f"seen-{number}": "yes" for number in (1, 2)}

    answer = browser.post(
        address, {**data, "r1-p1": "Up", "r2-p2": "Sí", "r2-language": "es", "r1-language": "en"}
    )

    assert answer.status_code == 302
    assert list(
        Reaction.objects.order_by("sheet").values_list("sheet", "prompt__order", "text", "language")
    ) == [(1, 1, "Up", "en"), (2, 2, "Sí", "es")]
    again = browser.get(address).content.decode()
    assert ">Up</textarea>" in again
    assert 'maxlength="1000"' in again


def test_a_row_is_kept_as_one_goes_on(opened, backbone, login):
    station = opened.stations.first()
    address = page(opened, "walk_type", opened.uid, station.uid)
    data = {"seen-1": "yes", "seen-2": "yes", "r1-p1": "One", "r2-p1": "Two", "row": "1"}

    answer = login(backbone.user).post(address, data, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert 'id="row-1"' in answer.content.decode()
    assert list(Reaction.objects.values_list("sheet", "text")) == [(1, "One")]


def test_a_row_that_is_not_on_the_page_is_not_there(opened, backbone, login):
    address = page(opened, "walk_type", opened.uid, opened.stations.first().uid)

    answer = login(backbone.user).post(address, {"row": "999"}, headers={"HX-Request": "true"})

    assert answer.status_code == 404


def test_a_nul_byte_typed_in_is_left_out(opened, backbone, login):
    address = page(opened, "walk_type", opened.uid, opened.stations.first().uid)

    login(backbone.user).post(address, {"seen-1": "yes", "r1-p1": "U\x00p"})

    assert Reaction.objects.get().text == "Up"


def test_a_row_that_is_too_long_says_so_and_the_others_are_kept(opened, backbone, login):
    station = opened.stations.first()
    address = page(opened, "walk_type", opened.uid, station.uid)
    data = {"seen-1": "yes", "seen-2": "yes", "r1-p1": "x" * 1001, "r2-p1": "Two"}

    answer = login(backbone.user).post(address, data)

    assert answer.status_code == 422
    assert "at most 1000 signs" in text(answer)
    assert list(Reaction.objects.values_list("sheet", "text")) == [(2, "Two")]


# --- the debrief


def test_reactions_are_put_together_under_a_theme(opened, resident, login):
    station = opened.stations.first()
    one, two = walking.a_reaction(station, "No bus"), walking.a_reaction(station, "Too far")
    address = page(opened, "walk_themes", opened.uid, station.uid)

    login(resident.user).post(
        address, {"reaction": [str(one.uid), str(two.uid)], "name": "Ways to the clinic"}
    )

    theme = station.themes.get()
    assert (theme.name, theme.reactions.count()) == ("Ways to the clinic", 2)
    shown = text(login(resident.user).get(page(opened, "walk_debrief", opened.uid)))
    assert "Ways to the clinic 2" in shown


def test_a_hidden_reaction_is_on_no_page(opened, backbone, login):
    said = walking.a_reaction(opened.stations.first(), "Call Maria, 555-0100")
    browser = login(backbone.user)
    hide = page(opened, "walk_hide", opened.uid, said.uid)
    assert browser.post(hide, {"reason": ""}).status_code == 422

    browser.post(hide, {"reason": "A telephone number"})

    for name in ("walk_debrief", "walk_csv"):
        assert "555-0100" not in browser.get(page(opened, name, opened.uid)).content.decode()


def test_a_debrief_asks_as_much_of_the_database_for_many_as_for_few(
    opened, backbone, login, django_assert_max_num_queries
):
    browser = login(backbone.user)
    address = page(opened, "walk_debrief", opened.uid)
    browser.get(address)
    for station in opened.stations.all():
        for number in range(3):
            walking.a_reaction(station, f"Said {number}")

    with django_assert_max_num_queries(18):
        browser.get(address)


# --- addresses


def follow(walk, address="Ana@example.org", lang="es"):
    return Client().post(
        page(walk, "walk_follow", walk.code) + f"?lang={lang}", {"address": address}
    )


def link(message, what) -> str:
    return re.search(rf"http\S+/walks/{what}/\S+", message.body).group(0).split("testserver")[-1]


def path_of(url: str) -> str:
    return "/" + url.split("//", 1)[-1].split("/", 1)[1]


def test_an_address_is_asked_confirmed_told_and_erased(opened, backbone, run_jobs):
    assert follow(opened).status_code == 200
    run_jobs()
    (asked,) = mail.outbox
    assert asked.to == ["Ana@example.org"]
    assert asked.subject.startswith(("¿", "Do you"))
    yes, stop = path_of(link(asked, "yes")), path_of(link(asked, "stop"))

    assert Client().get(yes).status_code == 200
    assert not Follower.objects.reached().exists()  # a program that opens links says nothing
    Client().post(yes)
    assert Follower.objects.reached().count() == 1

    mail.outbox.clear()
    opened.begin_debrief(by=backbone.user)
    walking.an_agreed_finding(opened, backbone)
    walking.an_agreed_finding(opened, backbone, "No interpreter on Saturdays.")
    run_jobs()
    assert mail.outbox == []  # what is agreed in the next minutes comes along
    with clock.at(clock.now() + timedelta(minutes=16)):
        run_jobs()
    (told,) = mail.outbox
    assert "The bus is the gap. (es)" in told.body
    assert "No interpreter on Saturdays. (es)" in told.body
    assert path_of(link(told, "stop")) == stop

    mail.outbox.clear()
    opened.close(next_steps=walking.NEXT, by=backbone.user)
    run_jobs()
    (closed,) = mail.outbox
    assert "El comité los lee en mayo." in closed.body
    assert "bus" not in closed.body  # she knows the findings

    Client().get(stop)
    assert Follower.objects.get().address
    Client().post(stop)
    follower = Follower.objects.get()
    assert (follower.address, follower.erased_on is None) == ("", False)


def test_the_same_answer_whether_an_address_is_known(opened, run_jobs):
    first, second = follow(opened), follow(opened, "ana@EXAMPLE.org")

    assert first.content == second.content
    for _each in range(5):
        follow(opened)
        run_jobs()
    assert Follower.objects.count() == 1
    assert len(mail.outbox) <= 3


def test_a_mail_is_sent_once_though_two_workers_try(opened):
    follow(opened)
    seen_by_both = WalkMail.objects.get()

    for _worker in range(2):
        assert mailing._send(seen_by_both)

    assert len(mail.outbox) == 1
    assert WalkMail.objects.get().sent_at is not None


def test_addresses_nobody_confirmed_go_when_the_walk_closes(opened, backbone, run_jobs):
    follow(opened)
    opened.begin_debrief(by=backbone.user)
    opened.close(next_steps=walking.NEXT, by=backbone.user)
    run_jobs()

    assert list(Follower.objects.values_list("address", flat=True)) == [""]
    assert mail.outbox == []


def test_an_address_nobody_confirmed_is_erased_after_two_weeks(opened):
    with clock.at(clock.now() - timedelta(days=15)):
        follow(opened)
    follow(opened, "bea@example.org")

    mailing.forget_unconfirmed()

    kept = Follower.objects.exclude(erased_on=None)
    assert list(kept.values_list("address", flat=True)) == [""]
    assert Follower.objects.unconfirmed().get().address == "bea@example.org"


def test_made_up_links_open_nothing(opened):
    follow(opened)
    uid = Follower.objects.get().uid
    slug = opened.initiative.slug
    yes = Follower.objects.get().yes_url

    assert Client().get(f"/{slug}/measurement/walks/yes/{uid}:abc/").status_code == 404
    assert Client().get(yes.replace("/yes/", "/stop/")).status_code == 404
    other = builders.an_initiative()
    assert Client().get(yes.replace(slug, other.slug, 1)).status_code == 404


def test_nothing_leads_from_an_address_to_a_reaction(opened):
    """Both tables know a walk and a day, and nothing else of each other."""
    shared = {"id", "initiative", "uid", "language"}
    follower = {field.name for field in Follower._meta.concrete_fields}
    reaction = {field.name for field in Reaction._meta.concrete_fields}

    assert follower & reaction == shared
    kinds = {
        field.get_internal_type()
        for model in (Follower, Reaction)
        for field in model._meta.concrete_fields
        if field.name not in ("hidden_at",)
    }
    assert "DateTimeField" not in kinds
