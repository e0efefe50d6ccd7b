"""Text broken into lines by its width in the font that draws it, so that none leaves a picture."""

# matplotlib's own types are incomplete.
# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

MM = 25.4
LINE = 1.25  # heights of a letter from one line to the next
HINTED = 1.03  # letters set on the pixels of a bitmap are a little wider than their outlines


def line_mm(size: float) -> float:
    """The height of a line in letters of `size` points."""
    return size * LINE * MM / 72


def wrapped(text: str, size: float, width_mm: float, weight: str = "normal") -> list[str]:
    """Lines no wider than width_mm, at least one. size: of the letters, in points.

    A word that is wider by itself is broken.
    """
    lines, line = [], ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if _mm(joined, size, weight) <= width_mm:
            line = joined
            continue
        lines += [line] if line else []
        *full, line = _broken(word, size, width_mm, weight)
        lines += full
    return [*lines, line]


def _broken(word: str, size: float, width_mm: float, weight: str) -> list[str]:
    """The word, in pieces that fit; a letter at least in each."""
    pieces, piece = [], ""
    for letter in word:
        if piece and _mm(piece + letter, size, weight) > width_mm:
            pieces.append(piece)
            piece = ""
        piece += letter
    return [*pieces, piece]


def _mm(text: str, size: float, weight: str) -> float:
    from matplotlib.font_manager import FontProperties  # noqa: PLC0415 - takes a second
    from matplotlib.textpath import text_to_path  # noqa: PLC0415

    font = FontProperties(size=size, weight=weight)
    width, _height, _descent = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(width) * MM / 72 * HINTED
