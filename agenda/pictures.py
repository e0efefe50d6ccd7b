"""Pictures that people upload: checked by their bytes and written anew, so that nothing hides in
them.

Writing anew drops what a camera adds, above all where the picture was taken. Only PNG, JPEG and
WebP are read, whatever the file is called.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

if TYPE_CHECKING:
    from django.core.files.base import File

MAX_BYTES = 8_000_000
MAX_POINTS = 25_000_000  # width × height, before it is made smaller
LONGEST_SIDE = 2000  # px, as it is kept
FORMATS = ("PNG", "JPEG", "WEBP")


class Unfit(ValueError):
    """An upload that is not kept; the sentence says why."""


@dataclass(frozen=True)
class Picture:
    """A picture that is safe to show to anyone."""

    file: ContentFile
    width: int
    height: int
    content_type: str = "image/webp"


def read(file: File[bytes]) -> Picture:
    """The picture in an upload, written anew. Raises Unfit with a sentence."""
    if file.size > MAX_BYTES:
        raise Unfit(
            _("The picture is too large. At most %(megabytes)s MB can be kept.")
            % {"megabytes": MAX_BYTES // 1_000_000}
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _again(file)
    except Unfit:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unfit(_too_many_points()) from error
    except (SyntaxError, OSError, EOFError, ValueError) as error:  # all that Pillow may say
        raise Unfit(_("This is no PNG, JPEG or WebP picture that can be read.")) from error


def _again(file: File[bytes]) -> Picture:
    file.seek(0)
    with Image.open(file, formats=FORMATS) as image:
        width, height = image.size
        if width * height > MAX_POINTS:
            raise Unfit(_too_many_points())
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        plain = ImageOps.exif_transpose(image)
        plain = plain.convert("RGBA" if _sees_through(plain) else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clean = Image.new(plain.mode, plain.size)  # pixels only: no metadata comes along
    clean.paste(plain)
    out = io.BytesIO()
    clean.save(out, "WEBP", quality=82, method=4)
    return Picture(ContentFile(out.getvalue(), name="picture.webp"), *clean.size)


def _sees_through(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info


def _too_many_points() -> str:
    return _("The picture is larger than %(points)s million points. Make it smaller first.") % {
        "points": MAX_POINTS // 1_000_000
    }
