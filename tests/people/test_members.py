"""Members, partners, places and settings, as staff keep them and others read them."""

from __future__ import annotations

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from ciforum.people.models import AuditLine, Initiative, Membership, Organization, Place
from ciforum.people.transitions import StateChanged
from tests import builders

OTHERS = ["committee", "partner", "community", "funder"]


def page(name, initiative, *args):
    return reverse(f"people:{name}", args=[initiative.slug, *args])


def place(initiative, name, parent=None):
    return Place.objects.create(initiative=initiative, code=name.lower(), name=name, parent=parent)


def names(answer):
    return [member.user.name for member in answer.context["page"]]


class TestTheList:
    """Everybody may see who belongs here."""

    @pytest.fixture
    def people(self, initiative):
        health = builders.an_organization(initiative, name="Health", slug="health")
        for name, role, organization in (
            ("Zoe", "partner", health),
            ("Émile", "backbone", None),
            ("eva", "partner", None),
        ):
            builders.a_member(
                initiative, role, organization=organization, user=builders.a_user(name=name)
            )
        return initiative

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", ["Émile", "eva", "Zoe"]),
            ("?q=emil", ["Émile"]),
            ("?q=health", ["Zoe"]),
            ("?role=partner", ["eva", "Zoe"]),
            ("?org=health", ["Zoe"]),
            ("?sort=organization", ["Zoe", "Émile", "eva"]),
            ("?role=nonsense&sort=nonsense", ["Émile", "eva", "Zoe"]),
            ("?q=nobody", []),
            ("?page=99", ["Émile", "eva", "Zoe"]),
        ],
    )
    def test_it_is_sorted_as_people_expect_and_filtered(self, login, people, query, found):
        reader = Membership.objects.get(user__name="eva").user

        assert names(login(reader).get(page("members", people) + query)) == found

    def test_addresses_are_for_staff_only(self, login, people):
        staff = Membership.objects.get(user__name="Émile").user
        other = Membership.objects.get(user__name="Zoe").user
        address = Membership.objects.get(user__name="eva").user.email

        assert address in login(staff).get(page("members", people)).content.decode()
        assert address not in login(other).get(page("members", people)).content.decode()

    @pytest.mark.parametrize("more", [1, 3])
    def test_it_costs_the_same_however_long_it_is(
        self, login, people, more, django_assert_num_queries
    ):
        browser = login(Membership.objects.get(user__name="Émile").user)
        for _ in range(more):
            builders.a_member(people, "community")
        browser.get(page("members", people))

        with django_assert_num_queries(7):
            browser.get(page("members", people))


def test_staff_change_roles_and_name_a_data_steward(login, initiative, backbone, partner):
    login(backbone.user).post(
        page("member", initiative, partner.uid),
        {"roles": ["partner", "committee"], "data_steward": "on"},
    )

    partner.refresh_from_db()
    assert (partner.roles, partner.data_steward) == (["partner", "committee"], True)
    assert AuditLine.objects.get(record_uid=partner.uid).by_uid == backbone.user.uid


def test_staff_end_a_membership(login, initiative, backbone, partner):
    login(backbone.user).post(page("member_end", initiative, partner.uid))

    partner.refresh_from_db()
    assert partner.ended_at is not None
    with pytest.raises(StateChanged):
        partner.end(by=backbone.user)


def test_the_last_of_the_staff_can_neither_leave_nor_give_up_the_role(login, initiative, backbone):
    browser = login(backbone.user)

    left = browser.post(page("member_end", initiative, backbone.uid), follow=True)
    given_up = browser.post(page("member", initiative, backbone.uid), {"roles": ["funder"]})

    for answer in (left, given_up):
        assert "This is the last member of the backbone." in answer.content.decode()
    backbone.refresh_from_db()
    assert (backbone.roles, backbone.ended_at) == (["backbone"], None)


def test_somebody_who_may_not_sign_in_does_not_count_as_staff(initiative, backbone):
    builders.a_member(initiative, "backbone", user=builders.a_user(is_active=False))

    with pytest.raises(ValidationError):
        backbone.end(by=backbone.user)


@pytest.mark.django_db(transaction=True)
def test_two_directors_who_leave_at_once_do_not_both_get_away():
    initiative = builders.an_initiative()
    staff = [builders.a_member(initiative, "backbone") for _ in range(2)]
    start = threading.Barrier(2)
    refused = []

    def leave(member):
        start.wait()
        try:
            member.end(by=member.user)
        except ValidationError:
            refused.append(member)
        connection.close()

    threads = [threading.Thread(target=leave, args=[member]) for member in staff]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert Membership.objects.current().get() == refused[0]


@pytest.mark.parametrize("role", OTHERS)
def test_others_change_nothing(login, initiative, backbone, role):
    browser = login(builders.a_member(initiative, role).user)
    organization = builders.an_organization(initiative)
    there = place(initiative, "There")
    pages = [
        page("member", initiative, backbone.uid),
        page("organization_new", initiative),
        page("organization", initiative, organization.slug),
        page("settings", initiative),
        page("place_new", initiative),
        page("place", initiative, there.uid),
    ]

    assert {browser.get(address).status_code for address in pages} == {403}
    assert {browser.post(address).status_code for address in pages} == {403}
    assert browser.post(page("member_end", initiative, backbone.uid)).status_code == 403


def test_nothing_of_another_initiative_can_be_reached(login, initiative, backbone):
    elsewhere = builders.an_initiative()
    foreign = [
        page("member", initiative, builders.a_member(elsewhere, "partner").uid),
        page("organization", initiative, builders.an_organization(elsewhere).slug),
        page("place", initiative, place(elsewhere, "There").uid),
    ]

    browser = login(backbone.user)
    assert {browser.get(address).status_code for address in foreign} == {404}


class TestOrganizations:
    """Partners."""

    @pytest.mark.parametrize(
        ("name", "slug"),
        [
            ("County Health", "county-health"),
            ("New", "new-1"),
            ("妇女互助会", "organization"),
            ("<script>alert(1)</script>", "scriptalert1script"),
        ],
    )
    def test_a_partner_is_added_with_an_address_of_its_own(
        self, login, initiative, backbone, name, slug
    ):
        browser = login(backbone.user)

        browser.post(
            page("organization_new", initiative),
            {"name": name, "sector": "community", "community_led": "on"},
        )

        made = Organization.objects.get()
        assert (made.initiative, made.name, made.slug) == (initiative, name, slug)
        assert browser.get(page("organization", initiative, slug)).status_code == 200

    def test_names_that_shorten_alike_get_numbers(self, login, initiative, backbone):
        browser = login(backbone.user)
        for name in ("A B", "A-B", "A, B"):
            browser.post(page("organization_new", initiative), {"name": name, "sector": "faith"})

        assert set(Organization.objects.values_list("slug", flat=True)) == {"a-b", "a-b-2", "a-b-3"}

    def test_a_name_that_is_taken_is_said_on_the_form(self, login, initiative, backbone):
        builders.an_organization(initiative, name="Health")

        answer = login(backbone.user).post(
            page("organization_new", initiative), {"name": "Health", "sector": "health"}
        )

        assert answer.status_code == 200
        assert answer.context["form"].errors
        assert Organization.objects.count() == 1

    def test_changing_a_partner_keeps_its_address(self, login, initiative, backbone):
        organization = builders.an_organization(initiative, slug="old")

        login(backbone.user).post(
            page("organization", initiative, "old"), {"name": "New name", "sector": "faith"}
        )

        organization.refresh_from_db()
        assert (organization.slug, organization.name) == ("old", "New name")

    @pytest.mark.parametrize("more", [1, 3])
    def test_the_list_costs_the_same_however_long_it_is(
        self, login, initiative, backbone, more, django_assert_num_queries
    ):
        browser = login(backbone.user)
        for _ in range(more):
            builders.an_organization(initiative)
        browser.get(page("organizations", initiative))

        with django_assert_num_queries(5):
            browser.get(page("organizations", initiative))


class TestPlaces:
    """A tree."""

    def test_parts_stand_under_what_they_are_part_of(self, login, initiative, resident):
        county = place(initiative, "County")
        place(initiative, "Zenith", county)
        place(initiative, "Ålesund", county)
        place(initiative, "Beyond")

        answer = login(resident.user).get(page("places", initiative))

        assert [each.name for each in answer.context["page"]] == [
            "Beyond",
            "County",
            "Ålesund",
            "Zenith",
        ]

    def test_a_place_is_added_and_changed(self, login, initiative, backbone):
        browser = login(backbone.user)
        browser.post(page("place_new", initiative), {"name": "County", "code": "51590"})
        county = Place.objects.get(code="51590")
        browser.post(page("place", initiative, county.uid), {"name": "The County", "code": "51590"})

        county.refresh_from_db()
        assert (county.name, county.parent) == ("The County", None)
        assert AuditLine.objects.filter(record_uid=county.uid).count() == 2

    def test_a_place_cannot_lie_inside_its_own_part(self, login, initiative, backbone):
        county = place(initiative, "County")
        north = place(initiative, "North", county)
        block = place(initiative, "Block", north)

        answer = login(backbone.user).post(
            page("place", initiative, county.uid),
            {"name": "County", "code": "county", "parent": block.pk},
        )

        assert answer.context["form"].errors.keys() == {"parent"}
        county.refresh_from_db()
        assert county.parent is None

    def test_a_code_that_is_taken_is_said_on_the_form(self, login, initiative, backbone):
        place(initiative, "County")

        answer = login(backbone.user).post(
            page("place_new", initiative), {"name": "Other", "code": "county"}
        )

        assert answer.context["form"].errors
        assert Place.objects.count() == 1


class TestSettings:
    """What the initiative says of itself."""

    VALUES = {
        "name_en": "Born Well",
        "name_es": "Nacer Bien",
        "purpose_en": "Every baby is born healthy.",
        "population_en": "Families",
        "languages": ["en", "es"],
        "time_zone": "America/Chicago",
        "contact": "team@example.org",
    }

    def test_staff_change_it_and_cached_public_pages_are_built_anew(
        self, login, initiative, backbone
    ):
        version = Initiative.objects.get(pk=initiative.pk).public_version

        answer = login(backbone.user).post(page("settings", initiative), self.VALUES)

        assert answer.status_code == 302
        initiative.refresh_from_db()
        assert initiative.name == {"en": "Born Well", "es": "Nacer Bien"}
        assert initiative.time_zone == "America/Chicago"
        assert initiative.public_version == version + 1

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"name_en": "", "name_es": ""}, "name"),
            ({"languages": []}, "languages"),
            ({"languages": ["es"], "name_es": ""}, "name"),
            ({"time_zone": "Mars/Olympus"}, "time_zone"),
            ({"contact": "nobody"}, "contact"),
        ],
    )
    def test_what_cannot_be_is_said_on_the_field(self, login, initiative, backbone, wrong, field):
        answer = login(backbone.user).post(page("settings", initiative), {**self.VALUES, **wrong})

        assert answer.context["form"].errors.keys() == {field}

    def test_a_place_of_another_initiative_is_refused(self, login, initiative, backbone):
        foreign = place(builders.an_initiative(), "There")

        answer = login(backbone.user).post(
            page("settings", initiative), {**self.VALUES, "place": foreign.pk}
        )

        assert answer.context["form"].errors.keys() == {"place"}
