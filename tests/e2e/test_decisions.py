"""A decision as people live it: on a phone, by keys alone, through links, without JavaScript."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import pytest

pytest.importorskip("pytest_playwright", reason="playwright is not installed")
from playwright.sync_api import expect

from agenda import secrecy
from agenda.models import Decision, InputLink
from ciforum.demo.people import SLUG, gather
from ciforum.people import clock, notices
from ciforum.people.models import Initiative, Membership, Notice
from equity.models import Seat, SeatClass
from tests import builders, deciding
from tests.agenda.outsider import faults
from tests.e2e.conftest import CHROMIUM, LENA, PASSWORD, PHONE, add_lena, committed, served
from tests.e2e.keyboard import Keyboard

pytestmark = [
    pytest.mark.e2e,
    # Rows are written by the server's threads and by `committed`; the test's own are rolled back.
    pytest.mark.django_db,
    pytest.mark.skipif(
        not CHROMIUM and not os.environ.get("REQUIRE_BROWSER"), reason="no Chromium was found"
    ),
]
expect.set_options(timeout=30_000)

COUNCIL = "Clinic council"
DECISIONS = f"/{SLUG}/agenda/decisions/"
TITLE = "Open the clinic on Saturdays"
TEXT = "The clinic opens on Saturdays from 9 to 1, with an interpreter."
STRANGER_SAID = "The last bus leaves at noon. Please open at 8."


def member(key):
    return Membership.objects.get(initiative__slug=SLUG, user__email__startswith=key)


def a_council(name, lived, others):
    """A committee of people who have a browser: residents chosen by residents, then others."""
    initiative, rosa = Initiative.objects.get(slug=SLUG), member("rosa")
    words = {"en": name, "es": f"{name} (ES)"}
    committee = deciding.a_committee(initiative, rosa, name=deciding.Words(words))
    with clock.at(clock.now() - timedelta(days=20)):
        seats = [deciding.a_seat(committee, holder=member(each)) for each in lived]
        for key, seat_class in others.items():
            seats.append(deciding.a_seat(committee, seat_class, holder=member(key)))
    return committee, seats


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """The people of the demonstration without what they have done: that takes a minute to live."""

    def load():
        initiative = gather().initiative
        builders.a_dimension(initiative, groups=["black", "latina"])
        add_lena(initiative)

    with django_db_blocker.unblock(), served(load) as address:
        yield address


@pytest.fixture(scope="module")
def council(site, django_db_blocker):
    """The clinic council: Denise and Lena for lived experience, Martin for the hospital."""
    with django_db_blocker.unblock():
        others = {"martin": SeatClass.INSTITUTION}
        return committed(lambda: a_council(COUNCIL, ["denise", "lena"], others))


def begun(bring_there, council, **fields):
    """A decision of the council that stands, since days, where `bring_there` brought it."""

    def live() -> Decision:
        with clock.at(clock.now() - timedelta(days=11)):
            decision = deciding.a_decision(council[0], member("rosa"), **fields)
            bring_there(decision, member("rosa"))
        return decision

    return committed(live)


def mails(to):
    """What the mailer sends this person now, newest last."""
    from django.core import mail  # noqa: PLC0415

    committed(notices.send_unsent)
    return [each.body for each in mail.outbox if to in each.to]


def link_in(body):
    return re.search(rf"/{SLUG}/\S+", body)[0]


def on_phone(enter, key):
    page = enter(key, viewport=PHONE)
    return page, Keyboard(page)


def button(page, name):
    return page.get_by_role("button", name=name)


def box(page, group, language="English"):
    words = page.get_by_role("group", name=re.compile(f"^{group}"))
    return words.get_by_role("textbox", name=language)


# --- 1. a whole decision


def day(after):
    """As hands type it into a box for a date, by the calendar on the wall in the valley."""
    here = clock.now().astimezone(ZoneInfo("America/New_York"))
    return (here + timedelta(days=after)).strftime("%m%d%Y")


def propose(page, keys):
    page.goto(DECISIONS)
    keys.enter(page.get_by_role("link", name="Propose a decision"))
    keys.write(box(page, "Title"), TITLE)
    keys.write(box(page, "Purpose"), "Mothers who work cannot come on weekdays.")
    keys.type(page.get_by_label("Who decides", exact=True), COUNCIL)
    keys.pick(page.get_by_role("radio", name=re.compile("^Majority")))
    keys.tick(page.get_by_role("checkbox", name="Black", exact=True))
    keys.type(page.get_by_label("Input until the end of"), day(9))
    keys.enter(button(page, "Save the draft"))


def complete(page, keys):
    """It is held first; each rule says what is missing and leads to where it is mended."""
    expect(page.get_by_text("Say how each group without a seat is being asked.")).to_be_visible()
    keys.enter(page.get_by_role("link", name="Cancel"))
    paper = page.url
    keys.enter(button(page, "Open it for input"))
    held = page.locator("#held")
    expect(held).to_be_focused()
    expect(held).to_contain_text("2 things are missing")
    keys.enter(held.locator(".rule--unmet a.button").first)
    keys.write(box(page, "What can still change"), "The hours, and how it is paid for.")
    keys.write(box(page, "The text that is decided"), TEXT)
    keys.write(box(page, "How is it being asked"), "At the parents' table, each Tuesday.")
    keys.enter(button(page, "Save"))
    page.goto(paper)
    keys.enter(button(page, "Open it for input"))
    expect(page.get_by_text("It is open for input")).to_be_visible()
    return paper.partition("?")[0]


def a_link_for_input(page, keys):
    keys.enter(page.get_by_role("link", name="Invite people without an account"))
    keys.write(page.get_by_label("Whom it is for"), "Parents at the school gate")
    keys.enter(button(page, "Make a link"))
    return page.locator("#made").inner_text()


def say_as_a_stranger(page, link):
    keys = Keyboard(page)
    page.goto(link)
    keys.write(page.get_by_label("What you want to say"), STRANGER_SAID)
    keys.enter(button(page, "Send"))
    expect(page.get_by_role("heading", name="Thank you. It is here.")).to_be_visible()
    return page.locator("#address").inner_text()


def reply(page, keys, paper):
    page.goto(f"{paper}inputs/")
    keys.write(page.get_by_label("Reply"), "We changed the hours: 8 to 12.")
    keys.enter(button(page, "Reply"))


def speak_last(page, keys, choice, words=""):
    keys.pick(page.get_by_role("radio", name=choice))
    if words:
        keys.write(page.get_by_label("In your words"), words)
    keys.enter(button(page, "Give my last word"))
    expect(page.get_by_role("heading", name="What you said")).to_be_visible()


def vote(page, keys, choice):
    expect(page.locator("#h-heard")).to_be_visible()
    keys.pick(page.get_by_role("radio", name=re.compile(f"^{choice}")))
    keys.enter(button(page, "Look at it once more"))
    expect(page.get_by_role("heading", name="Is this your ballot?")).to_be_visible()
    keys.enter(button(page, "Cast this ballot"))
    expect(page.locator("main")).to_contain_text("What counts for your seat")


def test_a_whole_decision_by_keys_on_a_phone(council, enter, window, later):
    rosa, keys = on_phone(enter, "director")
    propose(rosa, keys)
    paper = complete(rosa, keys)
    link = a_link_for_input(rosa, keys)
    stranger = window(viewport=PHONE)
    address = say_as_a_stranger(stranger, link)
    reply(rosa, keys, paper)
    stranger.goto(address)
    expect(stranger.locator("main")).to_contain_text("8 to 12")

    later(days=10)
    rosa.goto(paper)
    keys.enter(button(rosa, "Open the last word"))
    denise, hers = on_phone(enter, "resident")
    denise.goto(paper)
    hers.enter(denise.get_by_role("link", name="Speak last"))
    speak_last(denise, hers, "I support it", "Keep the interpreter.")
    rosa.goto(paper)
    keys.enter(button(rosa, "Open the vote"))
    expect(rosa.locator("#held")).to_contain_text("the text has not reached her in her language")
    lena = window(viewport=PHONE)
    lenas = Keyboard(lena)
    lena.goto(link_in(mails(LENA)[-1]))
    lenas.write(lena.get_by_label("Email"), LENA)
    lenas.write(lena.get_by_role("textbox", name="Password"), PASSWORD)
    lenas.enter(button(lena, re.compile("^Sign in$")))
    speak_last(lena, lenas, "I support it")

    rosa.goto(paper)
    keys.enter(button(rosa, "Open the vote"))
    denise.goto(paper)
    hers.enter(denise.get_by_role("link", name="Vote", exact=True))
    vote(denise, hers, "I agree")
    voter = window(viewport=PHONE)
    voter.goto(link_in(mails(LENA)[-1]))
    vote(voter, Keyboard(voter), "I agree")
    martin, his = on_phone(enter, "committee")
    martin.goto(paper)
    his.enter(martin.get_by_role("link", name="Vote", exact=True))
    vote(martin, his, "I disagree")
    martin.goto(paper)
    expect(martin.locator("main")).not_to_contain_text("I disagree")

    later(days=8)
    rosa.goto(paper)
    keys.enter(rosa.get_by_role("link", name="Write the reasons").first)
    keys.write(rosa.get_by_role("textbox", name="English"), "Two of three agreed.")
    keys.enter(button(rosa, "Save the reasons"))
    keys.enter(button(rosa, "Close it"))
    expect(rosa.get_by_text("Closed. Nothing in it can change any more.")).to_be_visible()

    stranger.goto(paper)
    page = stranger.locator("main")
    for words in ("Passed", "Two of three agreed.", STRANGER_SAID, "8 to 12"):
        expect(page).to_contain_text(words)
    expect(page).not_to_contain_text("Keep the interpreter.")
    record = stranger.request.get(f"{paper}record.json").text()
    assert faults(record) == []
    assert '"outcome":"passed"' in re.sub(r"\s", "", record)


# --- 2. a secret ballot


@pytest.fixture(scope="module")
def large_council(site, django_db_blocker):
    """Three seats for lived experience, one of them Denise's, and the hospital's."""
    with django_db_blocker.unblock():

        def found():
            for key in ("mai", "lupe"):
                user = builders.a_user(f"{key}@example.org", name=key.capitalize())
                builders.a_member(Initiative.objects.get(slug=SLUG), "community", user=user)
            others = {"martin": SeatClass.INSTITUTION}
            return a_council("Speakers", ["denise", "mai", "lupe"], others)

        return committed(found)


def test_a_secret_ballot_is_found_again_by_its_receipt(large_council, enter, window, later):
    decision, seats = begun(deciding.in_vote, large_council, secret=True), large_council[1]
    denise = enter("resident", viewport=PHONE)
    denise.goto(f"{DECISIONS}{decision.uid}/ballot/")
    receipt = denise.locator("#receipt").inner_text()
    expect(denise.get_by_text("Write this down first")).to_be_visible()
    denise.get_by_role("radio", name=re.compile("^I agree")).check()
    button(denise, "Look at it once more").click()
    expect(denise.locator("#receipt")).to_have_text(receipt)
    button(denise, "Cast this ballot").click()
    expect(denise.get_by_role("heading", name="Your ballot is in")).to_be_visible()
    expect(denise.locator("#receipt")).to_have_text(receipt)

    def others_vote():
        for seat in seats[1:]:
            code = secrecy.new_receipt()
            decision.cast_in_secret(seat=seat, choice="disagree", receipt=code, by=seat.holder.user)

    committed(others_vote)
    later(days=8)
    reader = window(viewport=PHONE)
    reader.goto(f"{DECISIONS}{decision.uid}/ballot/find/")
    reader.get_by_label("The first 8 signs of your receipt").fill(receipt[:9])
    expect(reader.get_by_text("Here it is, marked in the list.")).to_be_visible()
    code = receipt.replace("-", "")[:8]
    expect(reader.locator(f'[data-code="{code}"]')).to_contain_text("I agree")


# --- 3. from a mail


STEPS = 3


def test_a_ballot_is_a_mail_and_three_presses_away(council, window, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    title = deciding.Words(en="A bench at every bus stop")
    decision = begun(deciding.in_vote, council, title=title)
    committed(lambda: Notice.objects.filter(about=decision.uid).update(created_at=clock.now()))
    committed(notices.send_unsent)
    files = [file.read_bytes() for file in tmp_path.iterdir()]
    parsed = [each for file in files for each in messages_in(file)]
    (link,) = {
        link_in(each)
        for each in parsed
        if "martin@" in each and "/ballot/" in each and str(decision.title) in each
    }

    martin = window(viewport=PHONE)
    presses = 0
    martin.goto(link)
    for control in (
        martin.get_by_role("radio", name=re.compile("^I disagree")),
        button(martin, "Look at it once more"),
        button(martin, "Cast this ballot"),
    ):
        control.click()
        presses += 1

    expect(martin.get_by_role("heading", name="Your ballot is in")).to_be_visible()
    assert presses <= STEPS
    ballot = committed(lambda: decision.ballots.get(seat=council[1][2]))
    assert (ballot.choice, ballot.channel) == ("disagree", "link")


def messages_in(file):
    """Each mail of a file: to whom, and what it says."""
    for part in file.split(b"-" * 79):
        mail = message_from_bytes(part.strip(), policy=policy.default)
        if mail["To"]:
            yield f"{mail['To']}\n{mail.get_content()}"


# --- 4. without JavaScript


def test_input_last_word_and_ballot_need_no_javascript(council, enter, window, tmp_path):
    recording = tmp_path / "word.ogg"
    recording.write_bytes(b"OggS recording")
    plain = {"viewport": PHONE, "java_script_enabled": False}
    asked = begun(deciding.in_input, council, input_until=clock.now() + timedelta(days=3))

    def link():
        made = InputLink.make(decision=asked, label="Poster", by=member("rosa").user)
        return made[1]

    stranger = window(**plain)
    stranger.goto(f"/{SLUG}/agenda/input/{committed(link)}/")
    stranger.get_by_label("What you want to say").fill(STRANGER_SAID)
    button(stranger, "Send").click()
    expect(stranger.get_by_text(STRANGER_SAID)).to_be_visible()

    denise = enter("resident", **plain)
    at_last = begun(deciding.in_last_word, council)
    denise.goto(f"{DECISIONS}{at_last.uid}/last-word/")
    denise.get_by_role("radio", name=re.compile("^I ask for changes")).check()
    denise.get_by_label("Or a recording of your voice").set_input_files(recording)
    button(denise, "Give my last word").click()
    expect(denise.locator("#yours, main").first).to_contain_text("I ask for changes")
    expect(denise.get_by_role("link", name="Open the recording by itself")).to_be_visible()

    voted = begun(deciding.in_vote, council)
    denise.goto(f"{DECISIONS}{voted.uid}/ballot/")
    denise.get_by_role("radio", name=re.compile("^I agree")).check()
    button(denise, "Look at it once more").click()
    button(denise, "Cast this ballot").click()
    expect(denise.get_by_role("heading", name="Your seat has voted")).to_be_visible()


# --- 5. in Spanish

# What only the interface says; what people wrote may be in any language.
ENGLISH = re.compile(
    r"\b(the|your|you|seat|seats|ballot|until|text|word|words|send|open|close|optional|with|"
    r"for|and|before|after|page|read|choose)\b",
    re.IGNORECASE,
)
IN_SPANISH = {
    "title": deciding.Words(en="Open it", es="Abrir la clínica los sábados"),
    "purpose": deciding.Words(en="Because", es="Las madres que trabajan no pueden venir."),
    "can_change": deciding.Words(en="Hours", es="El horario."),
    "text": deciding.Words(en="It opens.", es="La clínica abre los sábados."),
}


def test_last_word_and_ballot_speak_spanish(council, site, enter):
    at_last = begun(deciding.in_last_word, council, **IN_SPANISH)
    voted = begun(deciding.in_vote, council, **IN_SPANISH)
    committed(lambda: Seat.objects.filter(pk=council[1][0].pk).update(language="es"))
    denise = enter("resident", viewport=PHONE)
    denise.context.add_cookies([{"name": "language", "value": "es", "url": site}])
    found = {}
    for page in (f"{at_last.uid}/last-word/", f"{voted.uid}/ballot/"):
        denise.goto(f"{DECISIONS}{page}")
        expect(denise.locator("html")).to_have_attribute("lang", "es")
        found[page] = ENGLISH.findall(denise.locator("main").inner_text())

    assert not any(found.values()), found
