#!/usr/bin/env python
"""Django's command line for CI Forum."""

from __future__ import annotations

import os
import sys

try:
    from django.core.management import execute_from_command_line
except ImportError:
    sys.exit(
        "Django is not installed for this Python. Use .venv/bin/python, which make demo makes."
    )

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ciforum.settings")
    execute_from_command_line(sys.argv)
