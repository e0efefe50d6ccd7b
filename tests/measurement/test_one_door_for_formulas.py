"""What a spreadsheet would run is disarmed in one way, in Python and in the database."""

from __future__ import annotations

import pytest
from django.db import connection

from ciforum.people.cells import harmless
from measurement.api.cells import _harmless
from measurement.drawing import downloads, sheet
from measurement.showing.columns import TYPES

STARTS = ["=1", " =1", "+1", "-1", "@x", "\t=1", "\r1", "\n1", "|x", "%x", "\uff1d1", "\uff0b1"]


@pytest.mark.django_db
@pytest.mark.parametrize("text", [*STARTS, "ok", "", "a=1", "5 %"])
def test_the_database_disarms_what_python_does(text):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_harmless('name')} FROM (SELECT %s::text AS name) t", [text])
        assert cursor.fetchone()[0] == harmless(text)
    assert (harmless(text) != text) == (text in STARTS)


def test_people_a_survey_speaks_for_have_one_name_in_every_file():
    for columns in (sheet.COLUMNS, downloads._COLUMNS, TYPES):
        assert "population_weight" in columns
