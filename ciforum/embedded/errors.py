"""What goes wrong with the embedded PostgreSQL."""

from __future__ import annotations

from ciforum.trouble import Trouble


class EmbeddedPostgresError(Trouble):
    """The embedded PostgreSQL cannot run; the sentence says why and what to do."""
