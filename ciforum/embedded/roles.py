"""The database and the roles in a running server; the rules are those of production."""

from __future__ import annotations

from pathlib import Path

import psycopg

from ciforum.embedded.place import ADMIN, CHECKOUT, DATABASE

# One file for both: the production start (docker-compose.yml) runs the same.
ROLES = CHECKOUT / "deploy" / "roles.sql"


def connect(socket: Path, database: str) -> psycopg.Connection:
    """A connection as the role that made the cluster; raises psycopg.Error."""
    return psycopg.connect(
        host=str(socket), user=ADMIN, dbname=database, autocommit=True, connect_timeout=5
    )


def prepare(socket: Path) -> None:
    """Make the database and the roles where they are missing. Safe to run at every start."""
    with connect(socket, "postgres") as server:
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        if server.execute(query, [DATABASE]).fetchone() is None:
            server.execute(f'CREATE DATABASE "{DATABASE}"')
    with connect(socket, DATABASE) as database:
        database.execute(ROLES.read_bytes())
