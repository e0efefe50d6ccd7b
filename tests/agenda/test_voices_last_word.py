"""The last word: spoken, recorded, stood by, taken back, erased, heard."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from agenda import audio
from agenda.models import Decision, LastWord
from ciforum.people.models import Notice, StoredFile
from ciforum.people.words import Words
from tests import builders
from tests.agenda.booths import an_open_last_word, signed_in, url

pytestmark = pytest.mark.django_db

WEBM = (
    b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm"
    + bytes(range(200))
)


@pytest.fixture
def heard(initiative, backbone):
    return an_open_last_word(initiative, backbone, text=Words(en="Saturdays.", es="Los sábados."))


def recording(content=WEBM, name="María privado.webm"):
    return SimpleUploadedFile(name, content)


def speak(seat, decision, **boxes):
    client = signed_in(seat.holder)
    return client.post(url("decision_last_word", decision), {"choice": "support", **boxes})


# --- speaking


def test_opening_the_page_reaches_her_in_the_language_she_reads(heard):
    decision, seats = heard
    seats[0].prefer(by=seats[0].holder.user, shown_as="", channel="letter", language="es")

    page = signed_in(seats[0].holder).get(url("decision_last_word", decision))

    opened = decision.round.tries.filter(seat=seats[0], opened=True)
    assert 'lang="es"><p>Los sábados.' in page.content.decode()
    assert [each.language for each in opened] == ["es"]
    assert "microphone=(self)" in page["Permissions-Policy"]
    assert "media-src 'self' blob:" in page["Content-Security-Policy"]


def test_only_this_page_may_use_the_microphone(heard):
    page = signed_in(heard[1][0].holder).get(url("decision_input", heard[0]))

    assert "microphone=()" in page["Permissions-Policy"]
    assert "blob:" not in page["Content-Security-Policy"].split("media-src")[1].split(";")[0]


def test_she_speaks_in_words_and_replaces_them_until_the_vote_opens(heard):
    decision, seats = heard

    speak(seats[0], decision, words="Bien.", language="Mixteco", is_public="on")
    speak(seats[0], decision, choice="changes", words="Later hours, please.")

    first, second = LastWord.objects.order_by("at")
    assert (first.is_current, first.language, first.is_public) == (False, "Mixteco", True)
    assert (second.is_current, second.choice, second.words) == (
        True, "changes", "Later hours, please.",
    )  # fmt: skip


def test_a_send_back_asks_first_and_is_there_once(heard, backbone):
    decision, seats = heard
    words = {"choice": "send_back", "words": "Ask the aunts."}

    unsure = speak(seats[0], decision, **words)
    sure = speak(seats[0], decision, sure="on", **words)
    decision = Decision.objects.get(pk=decision.pk)
    decision.open_last_word(by=backbone.user)
    page = signed_in(seats[0].holder).get(url("decision_last_word", decision)).content.decode()
    again = speak(seats[0], decision, sure="on", **words)

    assert (unsure.status_code, sure.status_code) == (422, 302)
    assert 'value="send_back"' not in page
    assert again.status_code == 422
    assert "sent back once already" in again.content.decode()


def test_asking_for_changes_without_saying_which_is_refused(heard):
    answer = speak(heard[1][0], heard[0], choice="changes")

    assert answer.status_code == 422
    assert "Say what should change" in answer.content.decode()


def test_only_a_seat_for_lived_experience_speaks(heard, backbone, partner):
    decision, seats = heard
    address = url("decision_last_word", decision)
    statuses = [
        signed_in(each).post(address, {"choice": "support"}).status_code
        for each in (backbone, partner, seats[-1].holder)
    ]
    other = signed_in(seats[0].holder).post(f"{address}?seat={seats[1].uid}", {"choice": "support"})

    assert statuses == [403, 403, 403]
    assert other.status_code == 409
    assert not LastWord.objects.exists()


def test_what_comes_too_late_is_not_kept_and_not_lost(heard, backbone):
    decision, seats = heard
    for seat in decision.lived_seats():
        decision.speak(seat=seat, choice="support", by=seat.holder.user)
    decision.open_voting(by=backbone.user)

    late = speak(seats[0], decision, words="One more thing.")

    assert late.status_code == 409
    assert "One more thing." in late.content.decode()
    assert LastWord.objects.filter(words="One more thing.").count() == 0


# --- voices


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (WEBM, "webm"),
        (b"OggS\x00\x02", "ogg"),
        (b"\x00\x00\x00\x20ftypM4A ", "m4a"),
        (b"\x00\x00\x00\x18ftypmp42", "m4a"),
        (b"ID3\x04\x00", "mp3"),
        (b"\xff\xfb\x90\x64", "mp3"),
        (b"RIFF\x24\x08\x00\x00WAVEfmt ", "wav"),
        (b"RIFF\x24\x08\x00\x00AVI LIST", ""),
        (b"\x1a\x45\xdf\xa3 matroska", ""),
        (b"\xff\xd8\xff\xe0 JFIF", ""),
        (b"<html><script>", ""),
        (b"%PDF-1.7", ""),
        (b"", ""),
    ],
)
def test_a_recording_is_known_by_how_it_begins(head, found):
    assert audio.ending(head) == found


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The recording is empty"),
        (b"<html>voice</html>", "no recording we can play"),
        (WEBM + bytes(10_000_000), "too large"),
    ],
)
def test_what_is_no_recording_is_refused_with_a_sentence(heard, content, sentence):
    answer = speak(heard[1][0], heard[0], voice=recording(content))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not StoredFile.objects.filter(kind="last_word").exists()


def test_a_voice_is_kept_without_the_name_it_came_with(heard):
    speak(heard[1][0], heard[0], choice="changes", voice=recording())

    said = LastWord.objects.get()
    assert (said.voice.name, said.voice.kind) == ("last-word.webm", "last_word")
    assert "Mar" not in said.voice.storage.name


def test_members_hear_it_and_the_public_only_where_she_allows_it(heard, partner):
    decision, seats = heard
    speak(seats[0], decision, voice=recording())
    speak(seats[1], decision, voice=recording(), is_public="on")
    hers, open_one = LastWord.objects.order_by("at")

    def status(client, said):
        return client.get(url("last_word_voice", decision, said.uid)).status_code

    assert [status(signed_in(partner), each) for each in (hers, open_one)] == [200, 200]
    assert [status(Client(), each) for each in (hers, open_one)] == [404, 200]
    stranger = signed_in(builders.a_user())
    assert [status(stranger, each) for each in (hers, open_one)] == [404, 200]


def test_a_former_recording_is_for_its_seat_alone(heard, partner):
    decision, seats = heard
    speak(seats[0], decision, voice=recording(), is_public="on")
    speak(seats[0], decision, words="Better so.", is_public="on")
    address = url("last_word_voice", decision, LastWord.objects.get(is_current=False).uid)

    statuses = [
        client.get(address).status_code
        for client in (Client(), signed_in(partner), signed_in(seats[0].holder))
    ]

    assert statuses == [404, 404, 200]


@pytest.mark.parametrize(
    ("wanted", "status", "part", "body"),
    [
        (None, 200, None, WEBM),
        ("bytes=0-", 206, f"bytes 0-{len(WEBM) - 1}/{len(WEBM)}", WEBM),
        ("bytes=0-1", 206, f"bytes 0-1/{len(WEBM)}", WEBM[:2]),
        ("bytes=10-19", 206, f"bytes 10-19/{len(WEBM)}", WEBM[10:20]),
        ("bytes=-5", 206, f"bytes {len(WEBM) - 5}-{len(WEBM) - 1}/{len(WEBM)}", WEBM[-5:]),
        ("bytes=5-99999", 206, f"bytes 5-{len(WEBM) - 1}/{len(WEBM)}", WEBM[5:]),
        ("bytes=99999-", 416, f"bytes */{len(WEBM)}", b""),
        ("bytes=9-3", 416, f"bytes */{len(WEBM)}", b""),
        ("bytes=-", 200, None, WEBM),
        ("lines=1-2", 200, None, WEBM),
    ],
)
def test_a_phone_asks_for_parts_of_a_recording(heard, wanted, status, part, body):
    decision, seats = heard
    speak(seats[0], decision, voice=recording())
    address = url("last_word_voice", decision, LastWord.objects.get().uid)

    headers = {"Accept-Encoding": "gzip", **({"Range": wanted} if wanted else {})}
    answer = signed_in(seats[0].holder).get(address, headers=headers)

    assert (answer.status_code, answer.headers.get("Content-Range")) == (status, part)
    assert answer.content == body
    assert answer["Content-Type"] == "audio/webm"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == 'inline; filename="last-word.webm"'


def test_a_recording_that_was_refused_leaves_no_bytes(heard):
    decision, seats = heard
    for seat in decision.lived_seats():
        decision.speak(seat=seat, choice="support", by=seat.holder.user)
    stored = StoredFile.keep(recording(), initiative=decision.initiative, kind="last_word")
    seats[0].end(by=seats[0].holder.user)

    answer = speak(seats[0], decision, voice=recording())

    assert answer.status_code == 409
    assert list(StoredFile.objects.filter(kind="last_word")) == [stored]


@pytest.mark.django_db(transaction=True)
def test_erasing_takes_words_and_voice_and_leaves_the_choice(heard):
    decision, seats = heard
    client = signed_in(seats[0].holder)
    speak(seats[0], decision, choice="changes", words="Later.", voice=recording())
    said = LastWord.objects.get()
    stored, path = said.voice, said.voice.storage.path

    client.post(url("last_word_erase", decision, said.uid))

    said.refresh_from_db()
    stored.refresh_from_db()
    from pathlib import Path  # noqa: PLC0415

    assert (said.words, said.voice, said.choice) == ("", None, "changes")
    assert stored.forgotten_at
    assert not Path(path).exists()
    assert client.get(url("last_word_voice", decision, said.uid)).status_code == 404


def test_nobody_erases_or_takes_back_what_another_seat_said(heard, backbone):
    decision, seats = heard
    speak(seats[0], decision, words="Mine.")
    said = LastWord.objects.get()

    statuses = [
        signed_in(each).post(url(name, decision, said.uid)).status_code
        for each in (backbone, seats[1].holder)
        for name in ("last_word_erase", "last_word_take_back")
    ]

    assert statuses == [403] * 4
    assert LastWord.objects.get().words == "Mine."


# --- written down for her


def written_down(decision, seat, by):
    return decision.speak(
        seat=seat, choice="changes", words="She wants later hours.", by=by.user,
        recorded=True, channel="phone",
    )  # fmt: skip


def test_she_stands_by_what_was_written_down_or_takes_it_back(heard, backbone):
    decision, seats = heard
    first = written_down(decision, seats[0], backbone)
    second = written_down(decision, seats[1], backbone)
    told = Notice.objects.filter(kind="decision.word_recorded").count()

    signed_in(seats[0].holder).post(url("last_word_confirm", decision, first.uid))
    signed_in(seats[1].holder).post(url("last_word_take_back", decision, second.uid))

    first.refresh_from_db()
    second.refresh_from_db()
    assert told == 2
    assert first.confirmed_by == seats[0].holder.user
    assert (second.is_current, bool(second.taken_back_at)) == (False, True)


def test_staff_cannot_stand_by_what_they_wrote_down(heard, backbone):
    decision, seats = heard
    said = written_down(decision, seats[0], backbone)

    answer = signed_in(backbone).post(url("last_word_confirm", decision, said.uid))

    assert answer.status_code == 403
    assert LastWord.objects.get().confirmed_by is None


def test_words_she_gave_herself_cannot_end_a_vote_and_false_ones_can(heard, backbone):
    decision, seats = heard
    own = decision.speak(seat=seats[0], choice="support", by=seats[0].holder.user)
    false_one = written_down(decision, seats[1], backbone)
    decision.confirm(false_one, by=builders.a_member(decision.initiative, "community"))
    decision.open_voting(by=backbone.user)

    with pytest.raises(ValidationError, match="The vote is open"):
        decision.take_back_word(own, by=seats[0].holder.user)
    decision.take_back_word(false_one, by=seats[1].holder.user)

    assert Decision.objects.get(pk=decision.pk).state == "deliberation"
