"""The pages of the lexicon: who reads and does what there, in both languages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from agenda.lexicon import showing
from agenda.lexicon.starters import STARTERS
from agenda.models import Stance, Term, TermRemark
from ciforum.people import clock
from ciforum.people.models import Citable
from ciforum.people.words import Words
from tests import builders


@pytest.fixture
def term(initiative, backbone):
    """A word, proposed eight days ago."""
    with clock.at(clock.now() - timedelta(days=8)):
        return builders.a_term(initiative, backbone, "equity")


@pytest.fixture
def member(login, resident):
    return login(resident.user)


@pytest.fixture
def staff(login, backbone):
    return login(backbone.user)


def at(name, initiative, *arguments):
    return reverse(f"agenda:{name}", args=[initiative.slug, *arguments])


def page(client, name, initiative, *arguments, **data):
    return client.get(at(name, initiative, *arguments), data).content.decode()


def said(response, client):
    """The messages on the page that a POST leads to."""
    assert response.status_code == 302
    return client.get(response.url).content.decode()


# --- the list


def test_an_empty_lexicon_begins_with_starter_words(member, initiative, client):
    assert "Propose the starter words" in page(member, "lexicon", initiative)
    assert "Propose the starter words" not in page(client, "lexicon", initiative)

    member.post(at("term_starters", initiative))

    assert Term.objects.for_initiative(initiative).count() == len(STARTERS)


def test_signed_out_readers_see_what_was_settled_only(client, initiative, backbone, term):
    builders.an_agreed_term(initiative, backbone, "power")

    html = page(client, "lexicon", initiative)

    assert ">power</a>" in html
    assert ">equity</a>" not in html
    assert client.get(term.get_absolute_url()).status_code == 404


def test_the_search_sets_accents_and_case_aside(client, initiative, backbone):
    builders.an_agreed_term(initiative, backbone, "school", word=Words(en="school", es="Educación"))
    builders.an_agreed_term(initiative, backbone, "power")

    html = page(client, "lexicon", initiative, q="EDUCACION")

    assert ">school</a>" in html
    assert ">power</a>" not in html
    assert "No word fits" in page(client, "lexicon", initiative, q="zebra")


def test_the_list_shows_one_state(member, initiative, backbone, term):
    builders.an_agreed_term(initiative, backbone, "power")

    assert ">power</a>" not in page(member, "lexicon", initiative, state="proposed")
    assert ">equity</a>" not in page(member, "lexicon", initiative, state="agreed")
    both = page(member, "lexicon", initiative, state="no such state")
    assert ">power</a>" in both
    assert ">equity</a>" in both


def test_a_longer_list_asks_no_more(member, initiative, backbone, django_assert_max_num_queries):
    builders.an_agreed_term(initiative, backbone, "power")
    url = at("lexicon", initiative)
    member.get(url)
    with django_assert_max_num_queries(30) as one:
        member.get(url)
    for code in ("race", "equity"):
        builders.an_agreed_term(initiative, backbone, code)
    with django_assert_max_num_queries(30) as three:
        member.get(url)

    assert len(one) == len(three)


def test_words_stand_in_the_order_of_letters(client, initiative, backbone):
    for code, word in (("z", "Zone"), ("e", "Équity"), ("f", "fair")):
        builders.an_agreed_term(initiative, backbone, code, word=Words(en=word, es=word))
    html = page(client, "lexicon", initiative)

    assert html.index("Équity") < html.index("fair") < html.index("Zone")


# --- a term


def test_agreed_and_proposed_words_stand_side_by_side(client, member, initiative, backbone):
    term = builders.an_agreed_term(initiative, backbone, "equity")
    term.propose_amendment(
        by=backbone.user, word=term.word, definition=Words(en="Newer words.", es="Otras.")
    )

    inside, outside = (page(who, "term", initiative, "equity") for who in (member, client))

    assert "What we mean by it." in inside
    assert "Newer words." in inside
    assert "What we mean by it." in outside
    assert "Newer words." not in outside


def test_dissent_stays_beside_agreed_words_with_the_name_she_chose(client, initiative, backbone):
    with clock.at(clock.now() - timedelta(days=8)):
        term = builders.a_term(initiative, backbone, "equity")
    open_one, silent = (builders.a_member(initiative, "community") for _each in range(2))
    for member, note, shows in ((open_one, "It omits land.", True), (silent, "It hurts.", False)):
        Stance.take(wording=term.newest, by=member.user, agrees=False, note=note, shows_name=shows)
    builders.agreed(term, backbone)

    html = page(client, "term", initiative, "equity")

    assert "It omits land." in html
    assert open_one.user.name in html
    assert "It hurts." in html
    assert silent.user.name not in html
    assert "A member" in html


def test_the_discussion_is_for_members(client, member, initiative, backbone):
    term = builders.an_agreed_term(initiative, backbone, "equity")
    TermRemark.write(term=term, by=backbone.user, text="Among us <b>only</b>.")

    assert "Among us &lt;b&gt;only&lt;/b&gt;." in page(member, "term", initiative, "equity")
    assert "Among us" not in page(client, "term", initiative, "equity")


def test_a_spanish_reader_reads_spanish(client, initiative, backbone):
    builders.an_agreed_term(initiative, backbone, "equity", word=Words(en="equity", es="equidad"))

    html = client.get(at("term", initiative, "equity"), headers={"accept-language": "es"})

    assert "equidad" in html.content.decode()
    assert "Lo que queremos decir." in html.content.decode()


def test_a_member_answers_and_changes_her_answer(member, resident, initiative, term):
    url = at("term_stance", initiative, "equity")
    wording = str(term.newest.uid)

    refused = member.post(url, {"agrees": "no", "wording": wording})
    assert refused.status_code == 422
    assert "Say why you do not agree." in refused.content.decode()
    member.post(url, {"agrees": "no", "note": "Too short.", "wording": wording})
    member.post(url, {"agrees": "yes", "wording": wording})

    assert [(s.agrees, s.note) for s in term.stances.filter(person=resident.user)] == [(True, "")]


def test_an_answer_to_older_words_is_not_taken_for_the_new(member, initiative, term, backbone):
    old = str(term.newest.uid)
    term.propose_amendment(by=backbone.user, word=term.word, definition=Words(en="a", es="b"))

    answer = member.post(at("term_stance", initiative, "equity"), {"agrees": "yes", "wording": old})

    assert "There are newer words by now" in said(answer, member)
    assert not Stance.objects.exists()


def test_settling_says_what_is_missing_or_how_it_stands(staff, initiative, term, backbone):
    url = at("term_settle", initiative, "equity")

    assert "It is not agreed" in said(staff.post(url), staff)
    for _each in range(3):
        resident = builders.a_member(initiative, "community")
        Stance.take(wording=term.newest, by=resident.user, agrees=True)
    assert "Counted." in said(staff.post(url), staff)
    assert "Somebody else changed this" in said(staff.post(url), staff)


def test_a_new_word_gets_a_code_and_a_page(member, initiative):
    posted = {"word_en": "Fair share", "word_es": "Parte justa", "definition_en": "a"}

    made = member.post(at("term_new", initiative), posted)

    assert made.url == at("term", initiative, "fair-share")
    again = member.post(at("term_new", initiative), posted)
    assert again.status_code == 422
    assert "This word is in the lexicon already." in again.content.decode()
    taken = member.post(at("term_new", initiative), {**posted, "word_en": "new"})
    assert "This word is used by the site." in taken.content.decode()


def test_an_amendment_changes_something(member, initiative, term):
    same = {f"{name}_{code}": text
            for name in ("word", "also", "definition", "example", "misuse")
            for code, text in getattr(term.newest, name).items()}  # fmt: skip
    url = at("term_amend", initiative, "equity")

    assert member.post(url, same).status_code == 422
    member.post(url, {**same, "definition_en": "Better."})

    assert term.wordings.first().definition == Words(en="Better.", es="Lo que queremos decir.")


def test_her_own_note_and_words_can_be_erased_on_the_page(member, resident, initiative, term):
    Stance.take(wording=term.newest, by=resident.user, agrees=False, note="It omits land.")
    remark = TermRemark.write(term=term, by=resident.user, text="My street.")

    member.post(at("term_note_erase", initiative, "equity"), {"number": "1"})
    member.post(at("term_remark_erase", initiative, "equity", remark.uid))

    html = page(member, "term", initiative, "equity")
    assert "It omits land." not in html
    assert "My street." not in html
    assert "Its author erased it" in html
    assert "Their author erased them" in html


def test_nobody_erases_the_words_of_another(staff, resident, initiative, term):
    remark = TermRemark.write(term=term, by=resident.user, text="My street.")

    answer = staff.post(at("term_remark_erase", initiative, "equity", remark.uid))

    assert answer.status_code == 403


# --- where others meet it


def test_an_agreed_word_can_be_cited_and_a_proposed_one_is_not_shown_outside(
    initiative, backbone, resident, term
):
    agreed = builders.an_agreed_term(initiative, backbone, "power")
    stranger = builders.a_member(builders.an_initiative(), "backbone")

    assert [title for _uid, title in showing._choices(initiative, resident)] == ["power"]
    assert showing._find(initiative, term.uid) is None
    cited = showing._find(initiative, agreed.uid)
    assert showing._excerpt(cited, None) == "What we mean by it."
    hidden = Citable.of(term, "term")
    seen = [showing._visible(hidden, who) for who in (None, stranger, resident)]
    assert seen == [False, False, True]


def test_the_strategies_count_the_core_words(client, initiative, backbone):
    builders.an_agreed_term(initiative, backbone, "equity", is_core=True)

    html = client.get(reverse("equity:strategies", args=[initiative.slug])).content.decode()

    assert "1 of 5 core words are agreed." in html
