"""Names of dimensions and groups can be mended; what they stand for cannot."""

from __future__ import annotations

import pytest
from django.urls import reverse

from ciforum.people.models import AuditLine
from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from tests import builders


@pytest.fixture
def race(initiative):
    return builders.a_dimension(initiative, groups=("white", "black"))


def test_the_director_adds_a_missing_language_and_the_code_stays(race, backbone, login):
    black = race.groups.get(code="black")
    fields = {"name_en": "Race", "name_es": "Raza"}
    for group in race.groups.all():
        fields |= {f"group-{group.pk}_en": group.name["en"], f"group-{group.pk}_es": "Negra"}

    answer = login(backbone.user).post(
        reverse("equity:dimension_names", args=[race.initiative.slug, race.code]), fields
    )

    assert answer.status_code == 302
    black.refresh_from_db()
    race.refresh_from_db()
    assert (black.code, black.name["es"], race.name["es"]) == ("black", "Negra", "Raza")
    assert AuditLine.objects.filter(record_uid=race.uid, after="renamed").exists()


def test_a_name_left_empty_in_every_language_is_refused(race, backbone, login):
    url = reverse("equity:dimension_names", args=[race.initiative.slug, race.code])

    answer = login(backbone.user).post(url, {"name_en": "Race"})

    assert answer.status_code == 422
    assert "Write this in at least one language." in answer.content.decode()
    race.refresh_from_db()
    assert race.name["es"] == "Race"


def test_a_retired_version_keeps_its_names(race, backbone):
    race.revise(by=backbone.user)

    with pytest.raises(StateChanged):
        race.rename(name=Words(en="Other"), groups={}, by=backbone.user)
