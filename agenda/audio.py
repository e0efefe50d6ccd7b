"""Voice recordings: what counts as one, and how a phone gets to play it."""

from __future__ import annotations

import re
from typing import IO

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from ciforum.people.models import StoredFile

MOST_BYTES = 10_000_000
# What StoredFile.name ends in, and how it is sent. Nothing of the name it came with is kept.
TYPES = {
    "webm": "audio/webm",
    "ogg": "audio/ogg",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
}


def ending(head: bytes) -> str:
    """Which kind of recording begins like this, "" for none. `head`: 64 bytes or more."""
    if head[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in head[:64]:
        return "webm"
    if head[:4] == b"OggS":
        return "ogg"
    if head[4:8] == b"ftyp":
        return "m4a"
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    # A tag, or the first frame: 11 bits set, then a version, layer III.
    if head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2):
        return "mp3"
    return ""


def check(file: UploadedFile[bytes]) -> str:
    """The ending of a recording somebody handed in. Raises ValidationError with what to do."""
    if not file.size:
        raise ValidationError(_("The recording is empty. Record it again."))
    if file.size > MOST_BYTES:
        raise ValidationError(
            _("The recording is too large: at most 10 MB, about ten minutes. Make a shorter one.")
        )
    head = file.read(64)
    file.seek(0)
    found = ending(head)
    if not found:
        raise ValidationError(
            _("This is no recording we can play. Send a WebM, Ogg, MP4, M4A, MP3 or WAV file.")
        )
    return found


def play(request: HttpRequest, stored: StoredFile) -> HttpResponse:
    """The bytes of a recording, whole or the part that was asked for (HTTP ranges, RFC 9110)."""
    with stored.storage.open("rb") as file:
        answer = _part(request.headers.get("Range", ""), file, stored.size)
    suffix = stored.name.rpartition(".")[2]
    sent = {
        "Content-Type": TYPES.get(suffix, "application/octet-stream"),
        "Content-Disposition": f'inline; filename="last-word.{suffix}"',
        "Accept-Ranges": "bytes",
        # A part that is compressed on its way is no part any more.
        "Content-Encoding": "identity",
        "X-Content-Type-Options": "nosniff",
        # Asked again each time: what was erased is gone in every browser.
        "Cache-Control": "private, no-store",
    }
    for name, value in sent.items():
        answer.headers[name] = value
    return answer


def _part(wanted: str, file: IO[bytes], size: int) -> HttpResponse:
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", wanted.strip())
    if not found or found.groups() == ("", ""):
        return HttpResponse(file.read())
    first, last = found.groups()
    if first:
        start, end = int(first), min(int(last or size - 1), size - 1)
    else:
        start, end = max(size - int(last), 0), size - 1
    if start > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    file.seek(start)
    return HttpResponse(
        file.read(end - start + 1),
        status=206,
        headers={"Content-Range": f"bytes {start}-{end}/{size}"},
    )
