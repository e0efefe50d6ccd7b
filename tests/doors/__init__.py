"""The addresses of newer areas: each module holds their rows and what stands behind them.

A module has `TABLE` (as in `tests/test_doors.py`), maybe `POSTED`, and maybe `furnish(house)`:
it builds the records that its rows need and answers them by the names of the arguments. `house` is
the class of the test: `house.initiative`, `house.people[role]`, `house.arguments` so far.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType


def areas() -> list[ModuleType]:
    """Every module of this package that has rows."""
    found = [
        importlib.import_module(f"{__name__}.{each.name}")
        for each in pkgutil.iter_modules(__path__)
    ]
    return [module for module in found if hasattr(module, "TABLE")]
