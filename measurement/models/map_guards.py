"""What the database itself refuses of historic maps."""

from __future__ import annotations

import pgtrigger

HISTORIC_MAP = [
    pgtrigger.Trigger(
        name="a_public_map_has_a_public_cause",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Q(new__state="public"),
        func="""
            IF NOT EXISTS (
                SELECT 1 FROM agenda_historyevent
                 WHERE id = NEW.event_id AND state = 'published'
                   AND initiative_id = NEW.initiative_id
            ) THEN
                RAISE EXCEPTION 'a public map names a published event of its initiative'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Protect(
        name="a_public_map_stays",
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__state="public", new__state="public"),
    ),
    pgtrigger.Protect(
        name="no_public_map_is_deleted",
        operation=pgtrigger.Delete,
        condition=pgtrigger.Q(old__state="public"),
    ),
]
