"""A council keeps numbers back that were public: every page hides them at once, and no table tells.

Said anew: what was printed is known to whoever read it. What is public *now* must not say it.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from ciforum.people import clock
from ciforum.people.models import Notice
from ciforum.people.transitions import StateChanged
from equity.gates import GateClosed
from measurement.models import PublicNumbers, Release, ReleaseCell, Target, Withholding
from measurement.suppression import audit
from tests import asking_building as asking
from tests import boards_building, builders, walks_building

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
# Nothing of it is small: only the council's word can hide it.
NUMBERS = {
    "": (300, 3000),
    "race:white": (150, 1700),
    "race:asian": (60, 600),
    "race:black": (90, 700),
    "sex:women": (163, 1511),
    "sex:men": (137, 1489),
}
RACE = ("race:white", "race:asian", "race:black")


def table(year, **more):
    numbers = {**NUMBERS, **more}
    return {(year, "Here", *([group] if group else [])): value for group, value in numbers.items()}


@pytest.fixture
def race(initiative):
    builders.a_dimension(initiative, "sex", groups=("women", "men"))
    return builders.a_dimension(initiative, groups=("white", "asian", "black"))


@pytest.fixture
def indicator(initiative, race, partner, backbone):
    made = builders.an_indicator(initiative, slug="small", required=[race])
    with clock.at(NOW):
        builders.approved(made, partner, backbone, table(2023) | table(2024))
        builders.a_release(made, backbone, ready=True).publish(by=backbone.user)
    return made


@pytest.fixture
def seats(initiative):
    with clock.at(NOW):
        return asking.a_council(initiative)


@pytest.fixture
def authority(indicator, race, backbone, seats):
    return asking.an_authority(race.groups.get(code="asian"), backbone, seats)


def public(indicator):
    return PublicNumbers.objects.get(pk=indicator.pk)


@pytest.fixture
def later(indicator, authority, seats):
    """Seats say something a day, or more, after the release."""

    def say(says, *who, days=1, **also):
        with clock.at(NOW + timedelta(days=days)):
            asking.say(authority, public(indicator), says, *(who or seats), **also)

    return say


def rows(indicator):
    """{(year, group): (numerator, denominator, sign)} of the public file."""
    path = reverse("measurement:table_csv", args=[indicator.initiative.slug, indicator.slug])
    found = {}
    for by in ("race", "sex"):
        content = Client().get(path, {"by": by}).content.decode("utf-8-sig")
        for row in csv.DictReader(io.StringIO(content)):
            key = row["period"], row["group_code"]
            found[key] = (row["numerator"], row["denominator"])
    return found


def test_more_than_half_of_the_seats_hide_the_whole_breakdown_at_once(indicator, later, seats):
    before = rows(indicator)
    later("withhold", seats[0])
    assert rows(indicator) == before

    later("withhold", seats[1])

    after = rows(indicator)
    assert {key for key in before if before[key] != after[key]} == {
        (year, group) for year in ("2023", "2024") for group in RACE
    }
    assert {after[key] for key in after if key[1] in RACE} == {("[c]", "[c]")}


def test_the_council_gives_them_back(indicator, later, seats):
    before = rows(indicator)
    later("withhold")
    later("release", *seats[:2], days=2)
    assert rows(indicator) != before  # one seat still keeps them

    later("release", seats[2], days=3)

    assert rows(indicator) == before
    assert Withholding.objects.get().ended_at is not None


def test_no_page_file_picture_or_walk_shows_them_any_more(
    initiative, indicator, backbone, later, race
):
    with clock.at(NOW + timedelta(hours=1)):
        board = boards_building.a_public_board(initiative, backbone, indicator)
        embedded = boards_building.an_embedding(board, backbone)
        walk = walks_building.an_open_walk(initiative, backbone, indicator)
    slug, name = initiative.slug, indicator.slug
    address = f"/{slug}/measurement"
    panel = board.panels.first().uid
    places = [
        f"{address}/indicators/{name}/?by=race",
        f"{address}/indicators/{name}/chart.json?by=race",
        f"{address}/indicators/{name}/table.csv?by=race",
        f"{address}/indicators/{name}/numbers.svg?by=race",
        f"{address}/boards/{board.slug}/",
        f"{address}/boards/{board.slug}/numbers.csv",
        f"{address}/boards/{board.slug}/panels/{panel}/chart.json",
        embedded.get_embed_url(),
        f"{address}/walks/{walk.code}/1/",
        f"{address}/walks/{walk.code}/1/picture.svg",
        f"{address}/walks/{walk.uid}/posters/",
        f"/api/v1/{slug}/indicators/{name}/cells",
        f"/api/v1/{slug}/indicators/{name}/cells.csv",
    ]
    browser = Client()
    first = {path: browser.get(path) for path in places}
    tags = {path: answer["ETag"] for path, answer in first.items() if "ETag" in answer}
    assert all(answer.status_code == 200 for answer in first.values())
    assert len(tags) > 5

    later("withhold")

    for path in places:
        again = browser.get(path, headers={"If-None-Match": tags.get(path, "")})
        assert again.status_code == 200, path  # an old copy is out of date
        assert again.content != first[path].content, path
        if not path.split("?")[0].endswith(".svg"):  # where points lie are numbers as well
            text = again.content.decode()
            assert not [each for each in ("1,700", "1700", "8.8") if each in text], path


def test_the_table_as_it_is_now_narrows_nothing(indicator, later):
    later("withhold")

    cells, sums, printed = _cells(rows(indicator), "2024")
    learnt = audit(cells, sums, cells.keys() - printed, earlier={n: cells[n] for n in printed})

    low, high = learnt["x race:asian"]
    assert (low, high) == (0, 300)


def test_a_new_release_shows_the_others_again_as_far_as_it_is_safe(
    indicator, later, backbone, partner
):
    later("withhold")

    with clock.at(NOW + timedelta(days=2)):
        draft = builders.a_release(indicator, backbone, ready=True)
        draft.publish(by=backbone.user)

    after = rows(indicator)
    assert after["2024", "race:asian"] == ("[c]", "[c]")
    shown = [group for group in RACE if "[c]" not in after["2024", group]]
    assert len(shown) == 1
    cells, sums, printed = _cells(after, "2024")
    learnt = audit(cells, sums, cells.keys() - printed, earlier={n: cells[n] for n in printed})
    low, high = learnt["x race:asian"]
    assert high - low > 10
    assert not {period for period in draft.periods.all()} - {
        cell.period for cell in ReleaseCell.objects.filter(release=draft).select_related("period")
    }


def _cells(found, year):
    here = {group: value for (period, group), value in found.items() if period == year}
    cells, printed = {}, set()
    for group, (x, n) in NUMBERS.items():
        cells |= {f"x {group}": x, f"n {group}": n}
        told = dict(zip("xn", here[group], strict=True))
        printed |= {f"{what} {group}" for what, text in told.items() if text.isdigit()}
    sums = [(f"{what} ", tuple(f"{what} {group}" for group in RACE)) for what in "xn"]
    sex = ("sex:women", "sex:men")
    sums += [(f"{what} ", tuple(f"{what} {group}" for group in sex)) for what in "xn"]
    return cells, sums, printed


def test_a_release_prepared_before_does_not_go_out_after(indicator, later, backbone, partner):
    with clock.at(NOW + timedelta(hours=2)):
        builders.approved(indicator, partner, backbone, table(2025))
        draft = builders.a_release(indicator, backbone, ready=True)
    later("withhold")

    draft.refresh_from_db()
    with pytest.raises(GateClosed):
        draft.publish(by=backbone.user)

    # It has taken in the years that are dark, and needs no other word of the council.
    assert draft.periods.count() == 3
    draft.protect(draft.work_out_protection(), by=backbone.user)
    with clock.at(NOW + timedelta(days=2)):
        draft.publish(by=backbone.user)
    assert rows(indicator)["2025", "race:asian"] == ("[c]", "[c]")


def test_what_was_given_back_is_proposed_for_release(indicator, later, backbone):
    later("withhold")
    with clock.at(NOW + timedelta(days=2)):
        builders.a_release(indicator, backbone, ready=True).publish(by=backbone.user)
    later("release", days=3)

    with clock.at(NOW + timedelta(days=4)):
        draft = builders.a_release(indicator, backbone, ready=True)

    assert draft.periods.count() == 2


def test_the_page_says_honestly_what_cannot_be_taken_back(indicator, later):
    page = indicator.get_absolute_url()
    assert "nobody can take that back" not in Client().get(page).content.decode()

    later("withhold", is_told=True)

    text = Client().get(page).content.decode()
    assert "keeps the numbers of “Asian” back" in text
    assert "nobody can take that back" in text


def test_without_the_councils_leave_no_page_says_whose_they_are(
    indicator, later, authority, seats, login
):
    later("withhold")

    text = Client().get(indicator.get_absolute_url()).content.decode()

    assert "Numbers by “Race” are kept back" in text
    assert "keeps the numbers of" not in text
    here = authority.get_absolute_url()
    assert "Kept back since" not in Client().get(here).content.decode()
    assert "Kept back since" in login(seats[0].holder.user).get(here).content.decode()


def test_the_backbone_hears_of_it(indicator, later, backbone):
    later("withhold")

    told = Notice.objects.filter(to=backbone.user, kind="authority.kept_back")
    assert told.count() == 1


def test_distances_to_a_goal_are_hidden_too(initiative, indicator, backbone, later, race):
    goal = builders.a_goal(initiative, backbone, [race])
    Target.aim(goal=goal, indicator=indicator, by=backbone.user)
    assert not goal.distances.filter(missing="protected").exists()

    later("withhold")

    kept = goal.distances.filter(missing="protected", number=None).values_list("group__code")
    assert {code for (code,) in kept} == {"white", "asian", "black"}
    later("release", days=2)
    assert not goal.distances.filter(missing="protected").exists()


def test_a_seat_says_it_on_a_page(indicator, authority, seats, login, backbone, partner):
    args = [indicator.initiative.slug, authority.uid, indicator.uid]
    here = reverse("measurement:authority_public", args=args)
    said = {"says": "withhold", "words_en": "We did not agree to this."}
    for seat in seats[:2]:
        person = login(seat.holder.user)
        assert person.get(here).status_code == 200
        answer = person.post(here, {"seat": seat.pk, **said})
        assert answer.status_code == 302

    assert Withholding.objects.in_force().count() == 1
    assert "The council keeps these numbers back since" in person.get(here).content.decode()
    assert login(partner.user).get(here).status_code == 403
    assert login(backbone.user).post(here, {"seat": seats[0].pk, **said}).status_code == 403


# --- behind the verbs


def test_nobody_writes_or_ends_a_withholding_but_the_council(indicator, authority, later):
    values = {
        "initiative": indicator.initiative,
        "authority": authority,
        "indicator": indicator,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Withholding.objects.create(**values)
    later("withhold")
    kept = Withholding.objects.filter(authority=authority)

    with pytest.raises(IntegrityError), transaction.atomic():
        kept.update(ended_at=clock.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        kept.update(since=NOW - timedelta(days=30))
    with pytest.raises(DatabaseError), transaction.atomic():
        kept.delete()


def test_another_initiatives_council_has_no_say(indicator, seats, later):
    other = builders.an_initiative()
    backbone = builders.a_member(other, "backbone", data_steward=True)
    race = builders.a_dimension(other, groups=("asian",))
    theirs = asking.an_authority(race.groups.get(), backbone, asking.a_council(other))

    with pytest.raises(Exception, match="no numbers of the group"):
        asking.say(theirs, public(indicator), "withhold", theirs.consented_by)


def test_an_ended_authority_keeps_nothing_back(indicator, authority, seats, later):
    later("withhold")
    with clock.at(NOW + timedelta(days=2)):
        for seat in seats[:2]:
            authority.speak_of_itself(seat=seat, says="end", by=seat.holder.user)

    with pytest.raises(StateChanged):
        later("release", days=3)
    assert not Withholding.objects.in_force().exists()


def test_a_public_release_itself_is_not_spoken_of_again(indicator, authority, seats):
    release = Release.objects.get(indicator=indicator)
    with pytest.raises(StateChanged):
        asking.say(authority, release, "withhold", seats[0])


def test_the_file_for_programs_keeps_its_shape(indicator, later):
    path = f"/api/v1/{indicator.initiative.slug}/indicators/small/cells?by=race"
    before = json.loads(Client().get(path).content)["items"]

    later("withhold")

    after = json.loads(Client().get(path).content)["items"]
    assert [row.keys() for row in after] == [row.keys() for row in before]
    hidden = [row for row in after if row["group_code"]]
    assert {row["sign"] for row in hidden} == {"confidential"}
    assert {row["rate"] for row in hidden} == {None}
