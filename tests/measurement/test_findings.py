"""Findings: a resident signs, everybody cites, and what is withdrawn is gone."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from agenda import citing
from ciforum.people import registry
from ciforum.people.models import Citation
from ciforum.people.transitions import StateChanged
from ciforum.people.words import Words
from measurement.models import Finding, FindingAuthor
from measurement.walking.findings import KIND, of_indicator, signed
from tests import builders, chartering
from tests import walks_building as walking

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def indicator(initiative, backbone):
    return chartering.a_figure(initiative, backbone)


@pytest.fixture
def walk(initiative, backbone, indicator):
    return walking.a_debrief(initiative, backbone, indicator)


@pytest.fixture
def draft(walk, backbone) -> Finding:
    return walking.a_finding(walk, backbone)


def refused(change) -> bool:
    """The database itself says no."""
    try:
        with transaction.atomic():
            change()
    except IntegrityError:
        return True
    return False


# --- residents sign


def test_a_finding_needs_a_resident_who_said_yes(draft, backbone, resident):
    draft.sign(member=backbone, name="Rosa, staff")
    draft.record_author(name="A doctor", is_resident=False, how="In the hall", by=backbone.user)

    with pytest.raises(ValidationError) as error:
        draft.agree(by=backbone.user)
    assert error.value.messages == [
        "A finding needs at least one resident among its authors who said yes to these words."
    ]

    draft.sign(member=resident, name="Denise")
    draft.agree(by=backbone.user)
    assert Finding.objects.get().is_agreed


def test_the_database_asks_for_the_resident_too(draft, backbone):
    draft.sign(member=backbone, name="Staff")
    rows = Finding.objects.filter(pk=draft.pk)

    assert refused(lambda: rows.update(state="agreed", agreed_at=draft.written_at))


def test_a_yes_that_somebody_else_wrote_down_says_how(draft, backbone):
    with pytest.raises(ValidationError):
        draft.record_author(name="Ana", is_resident=True, how=" ", by=backbone.user)
    walking.with_a_resident(draft, backbone)

    assert refused(lambda: FindingAuthor.objects.update(yes_how=""))


def test_other_words_ask_for_another_yes(draft, backbone, resident):
    draft.sign(member=resident, name="Denise")
    assert refused(lambda: Finding.objects.update(text={"en": "Slipped in"}))

    draft.rewrite(
        text=Words(en="Changed", es="Cambiado"),
        stations=list(draft.stations.all()),
        by=backbone.user,
    )

    assert FindingAuthor.objects.get().yes_at is None
    with pytest.raises(ValidationError):
        draft.agree(by=backbone.user)


def test_what_is_agreed_stays_as_it_was_agreed(draft, backbone):
    walking.with_a_resident(draft, backbone).agree(by=backbone.user)

    with pytest.raises(StateChanged):
        draft.rewrite(text=Words(en="X", es="X"), stations=[], by=backbone.user)
    assert refused(lambda: Finding.objects.update(text={"en": "Slipped in"}))
    assert refused(lambda: FindingAuthor.objects.update(is_resident=False))
    assert refused(lambda: FindingAuthor.objects.update(yes_at=None, yes_by=None))
    assert refused(lambda: FindingAuthor.objects.all().delete())


def test_her_name_is_hers_to_take_away_while_her_yes_stays(walk, backbone):
    finding = walking.an_agreed_finding(walk, backbone)

    finding.authors.get().take_name_away(by=backbone.user)

    finding = Finding.objects.get()
    assert signed(finding) == "Found by 1 person without a name."
    assert finding.has_resident()


def test_staff_who_live_here_do_not_sign_as_residents(draft, initiative):
    staff = builders.a_member(initiative, "backbone", "community")

    draft.sign(member=staff, name="Both")

    assert not FindingAuthor.objects.get().is_resident


def test_it_is_agreed_in_every_language_of_the_walk(walk, backbone):
    finding = Finding.write(
        walk=walk,
        text=Words(en="Only English"),
        stations=[walk.stations.first()],
        by=backbone.user,
    )
    walking.with_a_resident(finding, backbone)

    with pytest.raises(ValidationError) as error:
        finding.agree(by=backbone.user)

    assert error.value.messages == ["Write it in every language of the walk. Missing: Spanish."]


def test_stations_of_another_walk_are_refused(initiative, backbone, indicator, walk):
    other = walking.a_ready_walk(initiative, backbone, indicator)

    with pytest.raises(ValidationError):
        Finding.write(
            walk=walk,
            text=Words(en="X", es="X"),
            stations=[other.stations.first()],
            by=backbone.user,
        )


# --- cited


def test_names_are_told_in_a_sentence(draft, backbone, resident):
    draft.sign(member=resident, name="Denise")
    for name in ("A mother of Eastgate", ""):
        draft.record_author(name=name, is_resident=True, how="In the hall", by=backbone.user)

    assert signed(draft) == "Found by Denise, A mother of Eastgate and 1 person without a name."


def test_only_agreed_findings_can_be_cited(initiative, walk, draft, backbone):
    kind = registry.citations[KIND]
    assert kind.find(initiative, draft.uid) is None
    agreed = walking.an_agreed_finding(walk, backbone, "No bus.")

    assert list(kind.choices(initiative, None)) == [(agreed.uid, "No bus.")]
    assert kind.find(builders.an_initiative(), agreed.uid) is None
    assert kind.find(initiative, "no uid") is None


def test_a_withdrawn_finding_leaves_a_sentence_where_it_was_cited(initiative, walk, backbone):
    finding = walking.an_agreed_finding(walk, backbone)
    version = chartering.a_draft(initiative, backbone)
    chartering.cite(version, KIND, finding, backbone)
    (cited,) = citing.present(Citation.objects.of(version), None)
    assert cited.excerpt == "“The bus is the gap.” Found by A mother of Eastgate."

    finding.refresh_from_db()
    finding.withdraw(by=backbone.user)

    (cited,) = citing.present(Citation.objects.of(version), None)
    assert cited.withdrawn
    assert "bus" not in cited.excerpt
    assert (Finding.objects.get().text, finding.authors.get().name) == (Words(), "")
    assert Client().get(finding.get_absolute_url()).status_code == 200
    assert of_indicator(finding.stations.get().indicator) == []


def test_findings_stand_beside_their_indicator(initiative, backbone, walk, indicator):
    finding = walking.an_agreed_finding(walk, backbone)
    walking.a_finding(walk, backbone, "A draft")

    assert of_indicator(indicator) == [finding]
    assert of_indicator(builders.an_indicator(initiative)) == []


def test_a_draft_is_for_members_and_agreed_for_everyone(draft, backbone):
    address = draft.get_absolute_url()
    assert Client().get(address).status_code == 404

    walking.with_a_resident(draft, backbone).agree(by=backbone.user)

    shown = Client().get(address)
    assert "The bus is the gap." in shown.content.decode()
    assert "She said yes" not in shown.content.decode()


def test_a_resident_signs_on_the_page(draft, resident, login):
    address = draft.get_absolute_url()

    login(resident.user).post(address + "sign/", {"name": "Denise"})

    author = FindingAuthor.objects.get()
    assert (author.name, author.is_resident, author.said_it_herself) == ("Denise", True, True)
