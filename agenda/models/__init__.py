"""The agenda's models, one file for each cluster of nouns."""

from __future__ import annotations

from agenda.models.history import HistoryEvent, HistoryWording
from agenda.models.lexicon import Term, TermSettlement, TermWording
from agenda.models.stances import Stance, TermRemark

__all__ = [
    "HistoryEvent",
    "HistoryWording",
    "Stance",
    "Term",
    "TermRemark",
    "TermSettlement",
    "TermWording",
]
