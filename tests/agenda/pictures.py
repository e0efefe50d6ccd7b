"""Pictures and maps as people upload them, good and bad."""

from __future__ import annotations

import io
import json
import struct
import zlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from agenda import pictures


def image_bytes(form: str = "PNG", size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (180, 90, 40)).save(out, form, **options)
    return out.getvalue()


def upload(content: bytes, name: str = "picture.png", kind: str = "image/png") -> Any:
    return SimpleUploadedFile(name, content, kind)


def a_picture() -> pictures.Picture:
    return pictures.read(upload(image_bytes()))


def huge_png(width: int = 60_000, height: int = 60_000) -> bytes:
    """A few bytes that claim to be a picture of 3.6 billion points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0"))


def located_jpeg() -> bytes:
    """A picture that says where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "Camera of somebody"
    exif.get_ifd(0x8825).update({1: "N", 2: (41.0, 30.0, 12.0), 3: "W", 4: (73.0, 1.0, 2.0)})
    return image_bytes("JPEG", exif=exif.tobytes())


def square(west: float = -73.5, south: float = 41.5, side: float = 0.1, **properties: Any) -> Any:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def geojson(*features: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()
