from __future__ import annotations

import pytest

from measurement.reading.catalogue import GroupName, IndicatorName, PlaceName
from measurement.reading.guessing import guess, with_labels
from measurement.reading.guessing_labels import guess_labels
from measurement.reading.mapping import Column, check
from measurement.reading.tables import read_table
from tests.measurement.reading.files import PLACES, RACES, SEXES, long_mapping, source_of


def roles(mapping):
    return {name: column.role for name, column in mapping.columns.items()}


def test_headers_and_labels_of_a_long_file_are_recognized(tmp_path):
    source = source_of(
        tmp_path,
        "locality,year,group,number,percent,percent_3yr\n"
        "Albemarle County,2000,all,62,5.9,NA\nCommonwealth Of Virginia,2001,black,19,16.2,NA\n",
    )

    mapping = guess(source, groups=RACES, places=PLACES)

    assert roles(mapping) == {
        "locality": "place", "year": "period", "group": "group",
        "number": "numerator", "percent": "rate", "percent_3yr": "ignore",
    }  # fmt: skip
    assert mapping.columns["group"] == Column(
        "group", "race", {"all": "everyone", "black": "black"}
    )
    assert mapping.columns["locality"].labels == {
        "Albemarle County": "albemarle", "Commonwealth Of Virginia": "va",
    }  # fmt: skip
    check(mapping)


def test_numbers_speak_before_names(tmp_path):
    lines = [f"{2000 + n},{n + 3},{97 + n},{round(1000 * (n + 3) / (97 + n), 2)}" for n in range(9)]
    source = source_of(tmp_path, "\n".join(["jahr,q1,q2,q3", *lines]))

    mapping = guess(source, places=PLACES[:1], indicator=IndicatorName("x", scale=100))

    assert roles(mapping) == {
        "jahr": "period", "q1": "numerator", "q2": "denominator", "q3": "rate",
    }  # fmt: skip
    assert (mapping.scale, mapping.place) == (1_000, "va")


def test_without_proof_the_indicator_says_the_scale(tmp_path):
    source = source_of(tmp_path, "place,year,number,percent\nVirginia,2019,570,5.9\n")

    assert guess(source, indicator=IndicatorName("Infant deaths", scale=1_000)).scale == 1_000


def test_spanish_headers_and_labels(tmp_path):
    source = source_of(
        tmp_path,
        "localidad;a\u00f1o;raza;casos;poblaci\u00f3n;tasa\n"
        "Virginia;2019;Todos;50;1.000;5,0\nVirginia;2019;Afroamericano;5;80;6,25\n",
    )

    mapping = guess(source, groups=RACES, places=PLACES)

    assert list(roles(mapping).values()) == [
        "place", "period", "group", "numerator", "denominator", "rate",
    ]  # fmt: skip
    assert mapping.columns["raza"].labels == {"Todos": "everyone", "Afroamericano": "black"}
    assert mapping.decimal_comma
    assert [row.denominator for row in read_table(source, mapping).rows] == [1000, 80]


def test_several_indicators_in_one_file_are_told_apart_by_filters(tmp_path):
    source = source_of(
        tmp_path,
        "school_year,division_name,subject,test_level,pass_count,total_count,pass_rate\n"
        "2005-2006,Albemarle County,Reading,Grade 3,732,833,87.88\n"
        "2005-2006,Albemarle County,Mathematics,Grade 3,768,845,90.89\n"
        "2006-2007,Virginia,Reading,Grade 5,818,876,93.38\n",
    )

    mapping = guess(source, groups=RACES, places=PLACES)

    assert list(roles(mapping).values()) == [
        "period", "place", "filter", "filter", "numerator", "denominator", "rate",
    ]  # fmt: skip
    assert mapping.columns["subject"].labels == {"Reading": "keep", "Mathematics": "ignore"}


def test_wide_columns_per_group(tmp_path):
    source = source_of(
        tmp_path,
        "Place,Year,pass_count_White,total_count_White,pass_count_Black,pass_count_all\n"
        "Virginia,2019,10,20,5,15\n",
    )

    columns = guess(source, groups=RACES, places=PLACES).columns

    assert columns["pass_count_White"] == Column("numerator", groups=("white",))
    assert columns["total_count_White"] == Column("denominator", groups=("white",))
    assert columns["pass_count_Black"] == Column("numerator", groups=("black",))
    assert columns["pass_count_all"] == Column("numerator")


def test_wide_columns_per_year(tmp_path):
    source = source_of(tmp_path, "County,2018,2019,SY 2005-06\nVirginia,5,6,7\n")

    mapping = guess(source, places=PLACES)

    assert [column.period for column in mapping.columns.values()] == [
        "", "2018", "2019", "SY 2005-06",
    ]  # fmt: skip
    assert [row.period.label for row in read_table(source, mapping).rows] == [
        "2018", "2019", "2005\u201306",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Black, not of Hispanic origin", "black"),
        ("Black or African American alone", "black"),
        ("  WHITE ", "white"),
        ("Non-Hispanic White", "white"),
        ("All Students", "everyone"),
        ("TOTAL", "everyone"),
        ("Race Unknown", "unknown"),
        ("", "unknown"),
        ("Mujeres", "female"),
        ("Hmong", None),
    ],
)
def test_labels_meet_the_groups_they_mean(text, key):
    assert guess_labels([text], "group", groups=[*RACES, *SEXES]).get(text) == key


def test_overlapping_schemes_in_one_column_keep_their_dimensions_apart(tmp_path):
    groups = [*RACES, GroupName("hisp", "Hispanic or Latino", "ethnicity")]
    source = source_of(tmp_path, "year,group,n\n2019,white,1\n2019,hispanic,2\n2019,total,3\n")

    column = guess(source, groups=groups).columns["group"]

    assert column == Column(
        "group", "", {"white": "white", "hispanic": "hisp", "total": "everyone"}
    )


def test_a_total_among_places_is_no_new_place(tmp_path):
    source = source_of(tmp_path, "state,year,n\nTOTAL,2019,9\nOhio,2019,4\nUtah,2019,5\n")

    assert guess(source).columns["state"].labels == {"Ohio": "new", "Utah": "new"}


def test_yes_and_no_are_an_outcome_in_a_people_file(tmp_path):
    source = source_of(
        tmp_path, "id,county,born,race,graduated\n1,Virginia,2001-02-03,White,Yes\n"
        "2,Virginia,2001-03-04,Black,No\n3,Virginia,2002-05-06,Black,Unknown\n",
    )  # fmt: skip

    mapping = guess(source, groups=RACES, places=PLACES, kind="people")

    assert roles(mapping) == {
        "id": "ignore", "county": "place", "born": "period", "race": "group",
        "graduated": "outcome",
    }  # fmt: skip
    assert mapping.columns["graduated"].labels == {"Yes": "yes", "No": "no", "Unknown": "unknown"}
    assert mapping.bucket == "year"


def test_proposals_never_replace_what_a_person_said():
    mapping = long_mapping(group=Column("group", labels={"White": "other"}))

    labels = with_labels(mapping, "group", ["White", "Black"], groups=RACES).columns["group"].labels

    assert labels == {"White": "other", "Black": "black"}


def test_place_kinds_do_not_keep_places_apart():
    places = [PlaceName("va", "Virginia"), PlaceName("c", "Charlottesville")]

    labels = guess_labels(["Commonwealth Of Virginia", "Charlottesville City"], "place",
                          places=places)  # fmt: skip

    assert labels == {"Commonwealth Of Virginia": "va", "Charlottesville City": "c"}
