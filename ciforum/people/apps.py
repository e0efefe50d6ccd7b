"""The ground app."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

WEB_ROLE = "ciforum_web"

# pgtrigger lets a session switch triggers off (`pgtrigger.ignore`). The web's may not: its own
# version of the function that every trigger asks first is put in place after each migration.
_NO_TRIGGER_IS_IGNORED = f"""
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME)
RETURNS BOOLEAN LANGUAGE sql STABLE AS $$
    SELECT current_user <> '{WEB_ROLE}' AND coalesce(
        trigger_name = ANY(nullif(current_setting('pgtrigger.ignore', true), '')::text[]), false)
$$
"""

# A session may have tables of its own, and they come before all others: what a trigger looks up
# must not be found in one of those.
_TRIGGERS_LOOK_IN_PUBLIC = """
DO $$
DECLARE asked regprocedure;
BEGIN
    FOR asked IN SELECT oid FROM pg_proc
                 WHERE pronamespace = 'public'::regnamespace AND prorettype = 'trigger'::regtype
                   AND proconfig IS NULL LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, public, pg_temp', asked);
    END LOOP;
END
$$
"""


def let_the_web_in(using: str = "default", **kwargs: Any) -> None:
    """Give the web's role its rights on the tables; never TRUNCATE, never a change of tables."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [WEB_ROLE])
        if cursor.fetchone() is None:
            return
        for grant in (
            "USAGE ON SCHEMA public",
            "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public",
            "USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public",
        ):
            cursor.execute(f"GRANT {grant} TO {WEB_ROLE}")
        cursor.execute(_NO_TRIGGER_IS_IGNORED)
        cursor.execute(_TRIGGERS_LOOK_IN_PUBLIC)


class PeopleConfig(AppConfig):
    name = "ciforum.people"
    label = "people"
    verbose_name = "People"

    def ready(self) -> None:
        from ciforum.people import checks  # noqa: F401, PLC0415 - registers the system checks

        post_migrate.connect(let_the_web_in, sender=self)
