"""Crosswalks: what a label stands for, and where the line of a group breaks off."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import Error, transaction
from django.test import Client
from django.urls import reverse

from ciforum.people.words import Words
from measurement.catalogue.crosswalks import breaks_between, changed, labelled, proposals, related
from measurement.models import Crosswalk
from measurement.models.crosswalks import Pair, key_of
from measurement.showing.breaks import Joints
from measurement.showing.shown import Choice, show
from tests.builders import a_dimension, a_release, an_indicator, an_initiative, approved

pytestmark = pytest.mark.django_db
GROUPS = ("white", "black", "asian", "asian/hmong", "asian/vietnamese", "pacific")


@pytest.fixture
def race(initiative):
    return a_dimension(initiative, "race", GROUPS)


@pytest.fixture
def write(initiative, backbone, race):
    def keep(*pairs, before=None, code="race"):
        return Crosswalk.start(
            initiative=initiative,
            dimension_code=code,
            name=Words(en="Labels of the state"),
            pairs=pairs,
            before=before,
            by=backbone.user,
        )

    return keep


def test_a_label_is_proposed_however_it_is_spaced(initiative, write):
    write(Pair("Black, not of Hispanic origin", ("black",)))
    texts = ["BLACK  not of hispanic-origin", "Black", "White"]

    assert proposals(initiative, "race", texts) == {texts[0]: "race:black"}
    assert proposals(initiative, "language", texts) == {}
    assert proposals(an_initiative(), "race", texts) == {}


def test_a_label_of_several_groups_stands_for_the_nearest_that_holds_them(initiative, write):
    write(
        Pair("Southeast Asian", ("hmong", "vietnamese"), "split"),
        Pair("Asian or Pacific Islander", ("asian", "pacific"), "split"),
    )

    found = proposals(initiative, "race", ["Southeast Asian", "Asian or Pacific Islander"])

    assert found == {"Southeast Asian": "race:asian"}


def test_names_of_an_earlier_version_stand_for_the_groups_that_followed(
    initiative, race, write, backbone
):
    after = race.revise(by=backbone.user)
    after.add_group(code="aapi", name=Words(en="Asian and Pacific"), by=backbone.user)
    write(Pair("pacific", ("aapi",), "merged"), Pair("asian", ("aapi",), "merged"), before=1)

    assert proposals(initiative, "race", ["Pacific"]) == {"Pacific": "race:aapi"}


def test_the_relation_follows_from_what_goes_where():
    pairs = related({"a": ["a"], "b": ["c"], "d": ["c"], "e": ["e", "f"], "g": []})

    assert [(pair.text, pair.relation) for pair in pairs] == [
        ("a", "same"),
        ("b", "merged"),
        ("d", "merged"),
        ("e", "split"),
        ("g", "none"),
    ]
    assert [pair.relation for pair in labelled({"AA": ["black"], "Black": ["black"]})] == [
        "same",
        "same",
    ]


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        (("a", ["a"], "same"), set()),
        (("a", ["b"], "same"), {"a", "b"}),
        (("a", ["a", "b"], "split"), {"a", "b"}),
        (("a", ["b"], "merged"), {"a", "b"}),
        (("a", [], "none"), {"a"}),
    ],
)
def test_both_sides_of_a_change_mean_others(entry, found):
    assert changed([entry]) == found


def test_breaks_are_those_between_the_versions_asked_for(initiative, race, write, backbone):
    race.revise(by=backbone.user).revise(by=backbone.user)
    write(Pair("asian", ("asian", "pacific"), "split"), Pair("white", ("white",)), before=1)
    write(Pair("black", (), "none"), before=2)

    assert breaks_between(initiative, "race") == {"asian", "pacific", "black"}
    assert breaks_between(initiative, "race", 1, 2) == {"asian", "pacific"}
    assert breaks_between(initiative, "race", 2, 3) == {"black"}
    assert breaks_between(initiative, "language") == set()
    assert breaks_between(an_initiative(), "race") == set()


@pytest.mark.parametrize(
    "pairs",
    [
        [],
        [Pair("Black", ("blue",))],
        [Pair("Black", ("black",)), Pair("BLACK", ("white",))],
        [Pair("Black", ("black", "white"))],
        [Pair("Black", ("black",), "split")],
        [Pair("Black", ("black",), "none")],
        [Pair("***", ("black",))],
    ],
)
def test_a_crosswalk_that_makes_no_sense_is_refused(write, pairs):
    with pytest.raises(ValidationError):
        write(*pairs)

    assert not Crosswalk.objects.exists()


def test_a_crosswalk_between_versions_names_groups_that_were_there(write, race, backbone):
    with pytest.raises(ValidationError):
        write(Pair("black", ("black",)), before=1)  # there is no next version
    race.revise(by=backbone.user)

    with pytest.raises(ValidationError):
        write(Pair("African American", ("black",)), before=1)
    write(Pair("black", ("black",)), before=1)
    with pytest.raises(ValidationError):
        write(Pair("black", ("black",)), before=1)


def test_the_database_keeps_lines_that_make_sense(write):
    entry = write(Pair("Black", ("black",))).entries.get()
    own = type(entry).objects.filter(pk=entry.pk)

    for change in ({"to": []}, {"relation": "split"}, {"relation": "none"}, {"key": ""}):
        with pytest.raises(Error), transaction.atomic():
            own.update(**change)
    with pytest.raises(Error), transaction.atomic():
        Crosswalk.objects.update(before=1, after=3)


@pytest.fixture
def over_two_versions(initiative, race, partner, backbone):
    """Numbers by race over two years, the second with the next version of the groups."""

    def publish(*pairs, crosswalk):
        indicator = an_indicator(initiative, required=[race])
        numbers = {"race:white": (400, 4000), "race:black": (300, 2000), "race:asian": (90, 900)}

        def year(number):
            return {
                (number, "Here"): (900, 9000),
                **{(number, "Here", key): value for key, value in numbers.items()},
            }

        approved(indicator, partner, backbone, year(2020))
        after = race.revise(by=backbone.user)
        crosswalk(*pairs, before=1)
        indicator.describe(by=backbone.user, required_dimensions=[])
        approved(indicator, partner, backbone, year(2021))
        a_release(indicator, backbone, ready=True).publish(by=backbone.user)
        assert after.version == 2
        return indicator

    return publish


def test_a_group_that_means_others_is_not_drawn_through(initiative, over_two_versions, write):
    indicator = over_two_versions(
        Pair("black", ("black",)), Pair("asian", ("asian", "pacific"), "split"), crosswalk=write
    )

    shown = show(indicator, Choice())
    joints = Joints(shown)
    address = reverse("measurement:chart", args=[initiative.slug, indicator.slug])
    figure = Client().get(address).json()

    broken = {series.name: joints.breaks(*shown.line(series)) for series in shown.series}
    assert broken == {"": False, "White": False, "Black": False, "Asian": True}
    assert [each.sentence for each in joints.all()] == [
        "From 2021 on, these groups mean other people than before: Asian."
    ]
    drawn = {trace["name"]: None in trace["y"] for trace in figure["data"]}
    assert drawn == {"Everyone": False, "White": False, "Black": False, "Asian": True}


def test_no_total_is_made_of_groups_that_overlap(initiative, partner, backbone):
    """A count without a total for everyone stays without one."""
    needs = a_dimension(initiative, "needs", ("young", "unsheltered"), kind="overlapping")
    indicator = an_indicator(initiative, required=[needs], definition={"measure": "count"})
    approved(
        indicator,
        partner,
        backbone,
        {(2020, "Here", "needs:young"): 400, (2020, "Here", "needs:unsheltered"): 700},
    )
    a_release(indicator, backbone, ready=True).publish(by=backbone.user)

    shown = show(indicator, Choice(by="needs"))

    assert shown.overlaps
    assert {cell.series.key: cell.numerator for cell in shown.cells} == {
        "needs:young": 400,
        "needs:unsheltered": 700,
    }
    page = Client().get(indicator.get_absolute_url()).content.decode()
    assert "1,100" not in page


def test_labels_are_written_on_the_page(initiative, race, backbone, login):
    new = reverse("measurement:crosswalk_new", args=[initiative.slug]) + "?dimension=race"
    browser = login(backbone.user)
    assert browser.get(new).status_code == 200

    answer = browser.post(
        new,
        {
            "name_en": "The state’s",
            "r0-text": "Black, not of Hispanic origin",
            "r0-0": "black",
            "r1-text": "API",
            "r1-0": "asian",
            "r1-1": "pacific",
        },
    )

    found = Crosswalk.objects.get()
    assert answer.url == found.get_absolute_url()
    assert [(each.text, each.to, each.relation) for each in found.entries.all()] == [
        ("Black, not of Hispanic origin", ["black"], "same"),
        ("API", ["asian", "pacific"], "split"),
    ]


def test_a_label_written_twice_is_told(initiative, race, backbone, login):
    new = reverse("measurement:crosswalk_new", args=[initiative.slug])

    answer = login(backbone.user).post(
        new,
        {"name_en": "x", "r0-text": "API", "r0-0": "asian", "r1-text": "API", "r1-0": "white"},
    )

    assert answer.status_code == 422
    assert "stands here twice" in answer.content.decode()


def test_after_a_revision_the_page_offers_to_say_who_is_who(initiative, race, backbone, login):
    browser = login(backbone.user)
    race.revise(by=backbone.user)
    offered = reverse("measurement:crosswalk_versions", args=[initiative.slug, "race"])

    assert offered in browser.get(race.get_absolute_url()).content.decode()
    form = browser.get(offered).context["form"]
    assert [row.first.value() for row in form.rows()] == [
        *("white", "black", "asian", "hmong", "vietnamese", "pacific")
    ]

    sent = {"name_en": "1 to 2"}
    sent |= {row.first.html_name: row.first.value() for row in form.rows()}
    browser.post(offered, sent)
    assert breaks_between(initiative, "race") == set()
    assert browser.get(offered).status_code == 302  # there is one now: change that


def test_labels_are_compared_by_their_letters():
    assert key_of("Black,  not of HISPANIC origin") == key_of("black not of hispanic origin")
