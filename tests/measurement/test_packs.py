"""Packs of common measures: what comes along, one's own, and bringing rows in."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from equity.models import Dimension
from measurement.catalogue.packing import bring_in, offered
from measurement.catalogue.packs import KNOWN, read_text, written
from measurement.models import Indicator
from tests.builders import a_dimension, an_indicator

SIZES = {
    "cradle-to-career": 13,
    "birth-outcomes": 14,
    "promise-neighborhoods": 15,
    "opportunity-youth": 9,
    "good-jobs": 8,
    "hope": 6,
    "homelessness": 9,
}


@pytest.mark.parametrize(("key", "size"), SIZES.items())
def test_a_pack_that_comes_along_is_whole_in_both_languages(key, size):
    pack = KNOWN[key].read()

    assert pack.mistakes == ()
    assert len(pack.indicators) == size
    texts = [row.name for row in pack.indicators]
    texts += [row.definition["numerator"] for row in pack.indicators]
    texts += [row.definition["source"] for row in pack.indicators]
    texts += [each.name for each in pack.dimensions.values()]
    texts += [group.name for each in pack.dimensions.values() for group in each.groups]
    assert [text for text in texts if set(text) != {"en", "es"}] == []
    required = {code for row in pack.indicators for code in row.required}
    assert required == set(pack.dimensions)


def test_a_pack_written_anew_is_the_same():
    pack = KNOWN["homelessness"].read()

    assert read_text(written(pack).encode()) == pack


def test_the_federal_program_asks_for_fifteen_and_says_so():
    rows = KNOWN["promise-neighborhoods"].read().indicators

    assert [row.code for row in rows] == [f"gpra-{number:02}" for number in range(1, 16)]
    assert all("Promise Neighborhoods" in row.fields["required_by"][0] for row in rows)


@pytest.mark.django_db
def test_homelessness_brings_groups_that_overlap(initiative, backbone):
    pack = KNOWN["homelessness"].read()

    made = bring_in(initiative=initiative, pack=pack, codes=["without-a-home"], by=backbone.user)

    assert [each.code for each in made] == ["without-a-home"]
    dimensions = {each.code: each.kind for each in made[0].required_dimensions.all()}
    assert dimensions == {"race": "exclusive", "circumstances": "overlapping"}
    assert made[0].current.measure == "count"
    assert str(made[0].name) == "People without a home on one night"


@pytest.mark.django_db
def test_what_is_here_is_skipped_and_kept(initiative, backbone):
    own = an_indicator(initiative, "Our hope", slug="hope-adults", code="ours")
    race = a_dimension(initiative, "race", ("white",))
    pack = KNOWN["hope"].read()

    made = bring_in(
        initiative=initiative,
        pack=pack,
        codes=[row.code for row in pack.indicators],
        by=backbone.user,
    )

    own.refresh_from_db()
    assert (str(own), own.versions.count()) == ("Our hope", 1)
    assert len(made) == 5
    assert list(Dimension.objects.filter(code="race")) == [race]
    assert [each.is_free for each in offered(initiative, pack)] == [False] * 6
    with pytest.raises(ValidationError):
        bring_in(initiative=initiative, pack=pack, codes=["hope-young"], by=backbone.user)


@pytest.mark.django_db
def test_all_of_it_or_nothing(initiative, backbone):
    a_dimension(initiative, "circumstances", ("alone",), kind="exclusive")
    pack = KNOWN["homelessness"].read()

    with pytest.raises(ValidationError, match="relate in another way"):
        bring_in(
            initiative=initiative,
            pack=pack,
            codes=["eviction-filings", "without-a-home"],
            by=backbone.user,
        )

    assert not Indicator.objects.exists()
    assert not Dimension.objects.filter(code="race").exists()


HEAD = (
    "code,name_en,direction,numerator_en,denominator_en,tier,scale,required,what,part_of,relation\n"
)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Rent!,Rent,up,homes,homes,,,,,,", "is no code"),
        ("new,Rent,up,homes,homes,,,,,,", "is no code"),
        ("rent,,up,homes,homes,,,,,,", "“name” is empty"),
        ("rent,Rent,,homes,homes,,,,,,", "“direction” is empty. It must be one of: up, down."),
        ("rent,Rent,sideways,homes,homes,,,,,,", "“direction” is “sideways”"),
        ("rent,Rent,up,,homes,,,,,,", "“numerator” is empty"),
        ("rent,Rent,up,homes,,,,,,,", "“denominator” is empty"),
        ("rent,Rent,up,homes,homes,top,,,,,", "“tier” is “top”"),
        ("rent,Rent,up,homes,homes,,7,,,,", "“scale” is “7”"),
        (f"rent,{'x' * 201},up,homes,homes,,,,,,", "longer than 200 letters"),
        ("good,Rent,up,homes,homes,,,,,,", "stands here twice"),
        ("old,Old,,,,,,,group,age,", "is no breakdown of this file"),
        ("age,Age,,,,,,,dimension,,sorted", "“relation” is “sorted”"),
        ("rent,Rent,up,homes,homes,,,,thing,,", "“what” is “thing”"),
        ("rent,Rent", "cells"),
    ],
)
def test_a_wrong_row_is_told_with_its_line(line, told):
    good = "good,Good,up,homes,homes,,,,,,\n"

    pack = read_text((HEAD + good + line + "\n").encode())

    assert [mistake.line for mistake in pack.mistakes] == [3]
    assert told in pack.mistakes[0].sentence
    assert [row.code for row in pack.indicators] == ["good"]


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"PK\x03\x04", b"code;name\n", b"\x00\x01\x02", b"name_en\nx\n"]
)
def test_what_is_no_pack_is_told_and_brings_nothing(content):
    pack = read_text(content)

    assert len(pack.mistakes) == 1
    assert pack.indicators == ()


def own(initiative):
    return reverse("measurement:pack_own", args=[initiative.slug])


@pytest.mark.django_db
def test_ones_own_file_is_looked_at_first_and_brought_in_then(initiative, backbone, login):
    browser = login(backbone.user)
    file = SimpleUploadedFile("p.csv", (HEAD + "rent,Rent,up,homes,homes,,,,,,\n").encode())

    look = browser.post(own(initiative), {"file": file})
    assert not Indicator.objects.exists()
    answer = browser.post(own(initiative), {"content": look.context["content"], "codes": ["rent"]})

    assert answer.status_code == 302
    assert [each.code for each in Indicator.objects.all()] == ["rent"]


@pytest.mark.django_db
def test_a_file_with_one_wrong_row_brings_nothing_in(initiative, backbone, login):
    text = HEAD + "rent,Rent,up,homes,homes,,,,,,\nbad,Bad,sideways,homes,homes,,,,,,\n"

    answer = login(backbone.user).post(own(initiative), {"content": text, "codes": ["rent"]})

    assert answer.status_code == 422
    assert "Line 3:" in answer.content.decode()
    assert not Indicator.objects.exists()


@pytest.mark.django_db
def test_a_row_that_requires_what_nobody_has_is_greyed(initiative, backbone, login):
    text = HEAD + "rent,Rent,up,homes,homes,,,age,,,\n"

    answer = login(backbone.user).post(own(initiative), {"content": text, "codes": ["rent"]})

    assert answer.status_code == 422
    assert "neither here nor in the pack" in answer.content.decode()
    assert not Indicator.objects.exists()


@pytest.mark.django_db
def test_the_page_of_a_pack_brings_in_the_chosen_ones(initiative, backbone, login):
    page = reverse("measurement:pack", args=[initiative.slug]) + "?pack=hope"
    browser = login(backbone.user)

    assert browser.get(page).status_code == 200
    browser.post(page, {"codes": ["belonging", "asked-first"]})

    assert sorted(each.code for each in Indicator.objects.all()) == ["asked-first", "belonging"]
    assert "Here already" in browser.get(page).content.decode()
    assert browser.get(page + "less").status_code == 404
