"""The project's own PostgreSQL: no account, port or system service, nothing to install by hand.

The programs come with a Python wheel (or from the system). The server listens on a Unix socket
only. Three roles: `ciforum_admin` made the cluster and is never used by Django, `ciforum_owner`
owns the tables, `ciforum_web` reads and writes rows.
"""

from __future__ import annotations

from ciforum.embedded.errors import EmbeddedPostgresError
from ciforum.embedded.place import database_url, local_folder
from ciforum.embedded.server import Postgres

__all__ = ["EmbeddedPostgresError", "Postgres", "database_url", "local_folder"]
