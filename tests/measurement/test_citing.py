"""A figure that others cite: the release they saw, in words, and nothing that it hides."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from agenda import citing
from ciforum.people import registry
from ciforum.people.models import Citation
from ciforum.people.words import Words
from tests import builders

GROUPS_2020 = {
    (2020, "Here"): (620, 10510),
    (2020, "Here", "race:white"): (390, 8670),
    (2020, "Here", "race:black"): (230, 1840),
}


@pytest.fixture
def race(initiative):
    return builders.a_dimension(initiative, groups=("white", "black"))


@pytest.fixture
def published(initiative, race, partner, backbone):
    """An indicator with one release that shows groups."""
    return release(builders.an_indicator(initiative), partner, backbone, GROUPS_2020)


def release(indicator, partner, backbone, numbers):
    builders.approved(indicator, partner, backbone, numbers)
    builders.a_release(indicator, backbone, ready=True).publish(by=backbone.user)
    return indicator


def cite(source, indicator, by, anchor=""):
    return citing.cite(source, kind="figure", uid=indicator.uid, by=by.user, anchor=anchor)


def a_source(initiative):
    """A record that cites: any with a uid will do."""
    return builders.a_dimension(initiative, code=f"source-{initiative.pk}", groups=())


def test_a_figure_reads_as_the_headline_of_the_release_that_was_seen(
    initiative, published, backbone, resident
):
    source = a_source(initiative)
    cite(source, published, backbone)

    (cited,) = citing.present(Citation.objects.of(source), resident)

    assert cited.title == "Babies born small"
    assert "5.9%" in cited.excerpt
    assert "newer release" not in cited.excerpt


def test_a_newer_release_is_named_and_the_old_words_stay(initiative, published, backbone, partner):
    source = a_source(initiative)
    cite(source, published, backbone)
    release(published, partner, backbone, {
        (2021, "Here"): (1100, 11000),
        (2021, "Here", "race:white"): (700, 9000),
        (2021, "Here", "race:black"): (400, 2000),
    })  # fmt: skip

    (cited,) = citing.present(Citation.objects.of(source), None)

    assert "2020" in cited.excerpt
    assert "10.0%" not in cited.excerpt
    assert "A newer release came out on" in cited.excerpt


def test_only_a_release_with_groups_is_disaggregated(initiative, published, backbone, partner):
    plain = builders.an_indicator(initiative, name="Homes with lead pipes")
    release(plain, partner, backbone, {(2020, "Here"): (620, 10510)})
    source = a_source(initiative)
    cite(source, published, backbone)
    cite(source, plain, backbone)

    found = {
        citation.citable.record.indicator: citing.traits(citation)
        for citation in citing.loaded(Citation.objects.of(source))
    }

    assert found == {published: ["disaggregated"], plain: []}


def test_an_indicator_without_a_release_cannot_be_cited(initiative, race, backbone, partner):
    secret = builders.an_indicator(initiative)
    builders.approved(secret, partner, backbone, GROUPS_2020)

    with pytest.raises(ValidationError):
        cite(a_source(initiative), secret, backbone)

    assert list(registry.citations["figure"].choices(initiative, backbone)) == []


def test_another_initiatives_figure_cannot_be_cited(published, backbone):
    elsewhere = builders.an_initiative()

    with pytest.raises(ValidationError):
        cite(a_source(elsewhere), published, backbone)


def test_three_figures_cost_as_many_queries_as_one(
    initiative, published, backbone, partner, django_assert_num_queries
):
    source = a_source(initiative)
    cite(source, published, backbone)
    with django_assert_num_queries(7):
        citing.present(Citation.objects.of(source), backbone)
    for number in range(2):
        more = builders.an_indicator(initiative, name=f"Figure {number}")
        cite(source, release(more, partner, backbone, GROUPS_2020), backbone)

    with django_assert_num_queries(7):
        found = citing.present(Citation.objects.of(source), backbone)

    assert len(found) == 3


def test_a_citation_is_made_once_in_a_part_and_can_be_taken_away(initiative, published, backbone):
    source = a_source(initiative)
    first = cite(source, published, backbone, anchor="problem")
    second = cite(source, published, backbone, anchor="problem")
    cite(source, published, backbone, anchor="vision")

    citing.uncite(source, uid=first.uid, by=backbone.user)

    assert first == second
    assert [c.anchor for c in Citation.objects.of(source)] == ["vision"]


def test_the_form_offers_published_figures_under_their_kind(initiative, published, backbone):
    builders.an_indicator(initiative, name="Not published")

    form = citing.cite_form(initiative, backbone, {"record": f"figure:{published.uid}"})

    assert form.is_valid()
    assert form.chosen() == {"kind": "figure", "uid": str(published.uid), "note": ""}
    assert ("Figure", [(f"figure:{published.uid}", "Babies born small")]) in form.found


def test_the_form_finds_by_title_without_accents(initiative, published, backbone):
    found = citing.cite_form(initiative, backbone, q="BABIÉS").found
    missed = citing.cite_form(initiative, backbone, q="pipes").found

    assert sum(len(some) for _label, some in found) == 1
    assert sum(len(some) for _label, some in missed) == 0


def test_a_withdrawn_record_leaves_a_sentence_only(initiative, published, backbone):
    source = a_source(initiative)
    citation = cite(source, published, backbone)
    type(citation.citable).objects.update(withdrawn_at=citation.at)

    (cited,) = citing.present(Citation.objects.of(source), backbone)

    assert (cited.title, cited.url, cited.withdrawn) == ("Figure", "", True)
    assert cited.excerpt.startswith("Withdrawn on")


def test_what_a_reader_may_not_see_says_nothing_of_itself(initiative, published, backbone):
    source = a_source(initiative)
    citation = citing.cite(
        source, kind="figure", uid=published.uid, by=backbone.user, note="Babies"
    )
    type(citation.citable).objects.update(kind="a kind that nobody registered")

    (cited,) = citing.present(Citation.objects.of(source), None)

    assert (cited.title, cited.url, cited.note, cited.hidden) == ("A record", "", "", True)


def test_the_name_is_in_the_readers_language(initiative, published, backbone):
    published.describe(
        by=backbone.user, required_dimensions=[], name=Words(en="Small", es="Pequeños")
    )

    (choice,) = registry.citations["figure"].choices(initiative, None)

    assert choice == (published.uid, "Small")
