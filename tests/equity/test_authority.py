"""A group's council agrees before the group's numbers are shown."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError
from django.test import Client
from django.urls import reverse

from ciforum.people.models import Duty, Notice
from ciforum.people.transitions import StateChanged
from equity.effects import END_AUTHORITY
from equity.gates import GateClosed, publish_release
from equity.models import AuthorityWord, DataAuthority, LedgerEntry, SeatClass
from tests import asking_building as asking
from tests import builders, deciding

pytestmark = pytest.mark.django_db(transaction=True)

QUORUM = {"all": "1/2", "lived_experience": "1/2"}
NUMBERS = {
    (2020, "here"): (300, 3000),
    (2020, "here", "race:white"): (150, 1800),
    (2020, "here", "race:asian"): (60, 500),
    (2020, "here", "race:hmong"): (40, 300),
    (2020, "here", "race:black"): (90, 700),
}


@pytest.fixture
def race(initiative):
    return builders.a_dimension(initiative, groups=["white", "black", "asian", "asian/hmong"])


@pytest.fixture
def indicator(initiative, race):
    return builders.an_indicator(initiative, required=[race])


@pytest.fixture
def release(indicator, partner, backbone):
    builders.approved(indicator, partner, backbone, NUMBERS)
    return builders.a_release(indicator, backbone, ready=True)


@pytest.fixture
def seats(initiative):
    return asking.a_council(initiative)


@pytest.fixture
def authority(race, backbone, seats):
    return asking.an_authority(race.groups.get(code="asian"), backbone, seats)


def held_by(release, by):
    try:
        release.publish(by=by.user)
    except GateClosed as closed:
        return [unmet.code for unmet in closed.unmet]
    return []


def shown(release):
    """Numerator and denominator by group, of what is public."""
    cells = release.cells.prefetch_related("stratum__members__group")
    return {
        "+".join(member.group.code for member in cell.stratum.members.all()): (
            cell.numerator,
            cell.denominator,
        )
        for cell in cells
    }


def test_more_than_half_of_the_seats_release_it(release, authority, seats, backbone):
    assert held_by(release, backbone) == ["authority_waits"]
    asking.say(authority, release, "release", seats[0])
    assert held_by(release, backbone) == ["authority_waits"]
    asking.say(authority, release, "release", seats[1])

    assert held_by(release, backbone) == []
    assert shown(release)["asian"] == (60, 500)


def test_one_seat_that_keeps_it_is_enough_to_wait(release, authority, seats, backbone):
    asking.say(authority, release, "release", seats[0], seats[1])
    asking.say(authority, release, "withhold", seats[2])

    assert held_by(release, backbone) == ["authority_waits"]


def test_what_the_council_keeps_is_hidden_with_its_parts(release, authority, seats, backbone):
    asking.say(authority, release, "withhold", seats[0], seats[1])
    assert set(held_by(release, backbone)) == {"protection_stale", "authority_not_withheld"}

    release.protect(release.work_out_protection(), by=backbone.user)

    assert held_by(release, backbone) == []
    public = shown(release)
    assert public["asian"] == public["hmong"] == (None, None)
    # Nobody works it out from the whole and the others either.
    assert any(public[code][0] is None for code in ("", "white", "black"))
    assert any(public[code][1] is None for code in ("", "white", "black"))
    assert release.protected["withheld"] == []


def test_a_council_may_think_again_until_it_is_public(release, authority, seats, backbone):
    asking.say(authority, release, "withhold", *seats)
    asking.say(authority, release, "release", *seats)

    assert held_by(release, backbone) == []
    assert AuthorityWord.objects.count() == 6
    with pytest.raises(StateChanged):
        asking.say(authority, release, "withhold", seats[0])


def test_a_yes_is_void_once_the_numbers_are_others(
    release, authority, seats, backbone, indicator, partner
):
    asking.say(authority, release, "release", *seats)
    builders.approved(
        indicator, partner, backbone, {(2020, "here", "race:asian"): (61, 500)}, reason="A slip."
    )

    assert "authority_waits" in held_by(release, backbone)


def test_only_a_release_with_the_group_or_a_part_of_it_waits(
    authority, seats, race, initiative, partner, backbone
):
    others, parts = (builders.an_indicator(initiative) for _each in range(2))
    builders.approved(others, partner, backbone, {(2020, "here", "race:black"): (90, 700)})
    builders.approved(parts, partner, backbone, {(2020, "here", "race:hmong"): (40, 300)})
    without, within = (builders.a_release(each, backbone, ready=True) for each in (others, parts))

    assert without.authorities() == []
    assert [each["group"]["en"] for each in within.authorities()] == ["Asian"]
    with pytest.raises(ValidationError):
        asking.say(authority, without, "release", seats[0])


def test_another_version_of_the_dimension_is_the_same_group(release, authority, race, backbone):
    race.revise(by=backbone.user)

    assert held_by(release, backbone) == ["authority_waits"]


def test_it_cannot_be_waived(release, authority):
    rule = next(rule for rule in publish_release.rules if rule.code == "group_authority")
    assert not rule.waivable


def test_a_council_without_seats_is_asked_in_vain(release, authority, seats, backbone):
    for seat in seats:
        seat.end(by=seat.holder.user)

    assert held_by(release, backbone) == ["authority_waits"]


# --- who begins it and who ends it


def test_the_backbone_cannot_consent(race, backbone, seats):
    authority = DataAuthority.propose(
        group=race.groups.get(code="black"), council=seats[0].committee, by=backbone.user
    )

    with pytest.raises(ValidationError):
        authority.consent(seat=seats[0], by=backbone.user)
    with pytest.raises(IntegrityError):
        DataAuthority.objects.filter(pk=authority.pk).update(since=authority.proposed_at)


def test_only_a_community_council_holds_it(race, backbone, initiative):
    with pytest.raises(ValidationError):
        DataAuthority.propose(
            group=race.groups.first(), council=builders.a_committee(initiative), by=backbone.user
        )
    elsewhere = asking.a_council(builders.an_initiative(), seats=1)[0].committee
    with pytest.raises(ValidationError):
        DataAuthority.propose(group=race.groups.first(), council=elsewhere, by=backbone.user)


def test_it_ends_by_more_than_half_of_its_seats(authority, seats, backbone):
    with pytest.raises(ValidationError):
        authority.speak_of_itself(seat=seats[0], says="end", by=backbone.user)
    authority.speak_of_itself(seat=seats[0], says="end", by=seats[0].holder.user)
    authority.refresh_from_db()
    assert authority.is_standing

    authority.speak_of_itself(seat=seats[1], says="end", by=seats[1].holder.user)

    authority.refresh_from_db()
    assert not authority.is_standing


def test_nobody_else_ends_it(authority, backbone):
    with pytest.raises(StateChanged):
        authority.take_back(by=backbone.user)
    with pytest.raises(IntegrityError):
        DataAuthority.objects.filter(pk=authority.pk).update(ended_at=authority.since)
    with pytest.raises(DatabaseError):
        DataAuthority.objects.filter(pk=authority.pk).delete()


def test_words_stay_and_are_the_councils_own(release, authority, seats, initiative, backbone):
    asking.say(authority, release, "release", seats[0])
    stranger = asking.a_council(initiative, seats=1)[0]

    with pytest.raises(ValidationError):
        asking.say(authority, release, "release", stranger)
    with pytest.raises(DatabaseError):
        AuthorityWord.objects.update(says="withhold")
    with pytest.raises(IntegrityError):
        AuthorityWord.objects.create(
            initiative=initiative,
            authority=authority,
            record_uid=release.uid,
            seat=stranger,
            says="release",
            by=backbone.user,
        )
    assert not LedgerEntry.objects.filter(record_uid=release.uid, kind="pass").exists()


# --- a decision


def a_decision(authority, backbone, **bars):
    others = (SeatClass.INSTITUTION, SeatClass.FUNDER)
    committee, seats = deciding.a_body(authority.initiative, backbone, others=others)
    decision = deciding.a_decision(
        committee,
        backbone,
        effect=END_AUTHORITY,
        effect_params={"authority": str(authority.uid)},
        **bars,
    )
    return decision, seats


def test_a_decision_of_the_community_ends_it(authority, backbone):
    strict = {"threshold": {"lived_experience": "2/3"}, "quorum": QUORUM}
    decision, seats = a_decision(authority, backbone, **strict)
    deciding.closed(decision, backbone, dict.fromkeys(seats, "agree"))

    authority.refresh_from_db()
    assert authority.decision_uid == decision.uid
    assert not authority.is_standing


def test_institutions_cannot_vote_it_away(authority, backbone):
    decision, _seats = a_decision(authority, backbone, threshold={}, quorum=QUORUM)

    with pytest.raises(GateClosed) as closed:
        deciding.in_vote(decision, backbone)

    assert "no_community_majority" in str(closed.value.answers)


# --- pages


def address(name, *uids):
    return reverse(f"measurement:{name}", args=[*uids])


def test_a_seat_reads_her_own_groups_table_and_speaks(
    release, authority, seats, backbone, partner, login
):
    release.protect(release.work_out_protection(), by=backbone.user)
    person = seats[0].holder.user
    assert Duty.objects.filter(owner=seats[0].holder, kind="authority.speak", done_at=None).exists()
    assert Notice.objects.filter(to=person, kind="authority.speak").count() == 1
    here = address("authority_word", release.initiative.slug, authority.uid, release.uid)

    page = login(person).get(here).content.decode()
    answer = login(person).post(here, {"seat": seats[0].pk, "says": "release", "words_en": "Yes."})

    assert "Asian" in page
    assert "500" in page
    assert "1,800" not in page  # the table of others is not hers to see before it is out
    assert answer.status_code == 302
    assert AuthorityWord.objects.get().says == "release"
    assert not Duty.objects.filter(owner=seats[0].holder, done_at=None).exists()
    assert login(partner.user).get(here).status_code == 403
    assert login(backbone.user).post(here, {"says": "release"}).status_code == 403


def test_a_council_consents_on_its_page(race, seats, backbone, login):
    slug = race.initiative.slug
    login(backbone.user).post(
        address("authority_new", slug),
        {"group": race.groups.get(code="black").pk, "council": seats[0].committee.pk},
    )
    made = DataAuthority.objects.get()
    login(backbone.user).post(address("authority_consent", slug, made.uid))
    made.refresh_from_db()
    assert made.since is None

    login(seats[0].holder.user).post(address("authority_consent", slug, made.uid))

    made.refresh_from_db()
    assert made.is_standing
    dimension = Client().get(race.get_absolute_url()).content.decode()
    assert made.get_absolute_url() in dimension


@pytest.mark.parametrize("is_told", [True, False])
def test_the_page_says_who_keeps_the_numbers_only_if_the_council_wishes(
    release, authority, seats, backbone, is_told
):
    asking.say(authority, release, "withhold", *seats, is_told=is_told)
    release.protect(release.work_out_protection(), by=backbone.user)
    assert held_by(release, backbone) == []

    page = Client().get(release.indicator.get_absolute_url()).content.decode()

    assert ("keeps the numbers of" in page) is is_told
    assert "too few to show safely" in page.lower() or "[c]" in page
