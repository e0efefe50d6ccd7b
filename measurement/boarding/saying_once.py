"""A dashboard says each paragraph once, though several panels show the same numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from measurement.saying import headline

if TYPE_CHECKING:
    from measurement.boarding.presenting import Face


def once(faces: list[Face]) -> list[Face]:
    """The same panels; what an earlier one says of everyone, or of the gap, is not said again.

    What only a panel's own chart shows stays with it.
    """
    told: set[str] = set()
    for face in faces:
        if face.derived is None:
            continue
        for part in (headline.headline(face.derived), headline.gap(face.derived)):
            if not part or part not in face.sentence:
                continue
            if part in told:
                face.sentence = " ".join(face.sentence.replace(part, "").split())
            told.add(part)
    return faces
