"""Empty the tables that a test wrote to, and leave the others alone.

After each test with real transactions Django truncates every table there is. PostgreSQL then makes
new files for a hundred tables and all their indexes, though most tests write to a few of them.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql.operations import DatabaseOperations

# Filled from the code after each flush: what stands there is what comes back.
FROM_CODE = {"django_content_type", "auth_permission"}


def sql_flush(self: DatabaseOperations, style: Any, tables: Any, **options: Any) -> list[str]:
    """In place of `DatabaseOperations.sql_flush`, inside one transaction of the owner's.

    Append-only tables refuse DELETE by a trigger, so triggers rest meanwhile. Foreign keys are
    checked when everything is gone, and before the triggers wake.
    """
    written = [self.quote_name(name) for name in _written(self, set(tables) - FROM_CODE)]
    if not written:
        return []
    return [
        *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in written),
        *(f"DELETE FROM {table}" for table in written),
        "SET CONSTRAINTS ALL IMMEDIATE",
        *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in written),
    ]


def _written(ops: DatabaseOperations, tables: set[str]) -> list[str]:
    asked = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {ops.quote_name(name)})"
        for name in sorted(tables)
    )
    with ops.connection.cursor() as cursor:
        cursor.execute(asked)
        return [name for (name,) in cursor.fetchall()]
