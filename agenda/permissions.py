"""Who may do what in the agenda. Rights that come with a seat are asked of the seat."""

from __future__ import annotations
