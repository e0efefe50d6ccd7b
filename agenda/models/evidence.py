"""The evidence pack of a decision, as the database guards it."""

from __future__ import annotations

import pgtrigger

from agenda.models.charter_guards import MAY_LOSE_ITS_NOTE
from ciforum.people.models import Citation


class Evidence(Citation):
    """A citation by a decision: part of its paper, and frozen with the text.

    The ground keeps citations and knows no decisions; this proxy carries what decisions ask of
    them.
    """

    class Meta:
        proxy = True
        triggers = [
            pgtrigger.Trigger(
                name="evidence_is_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("about", "uuid[]")],
                func=MAY_LOSE_ITS_NOTE  # noqa: S608 - both halves are written here
                + """
                    about := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.source_uid]
                                        WHEN 'DELETE' THEN ARRAY[OLD.source_uid]
                                        ELSE ARRAY[OLD.source_uid, NEW.source_uid] END;
                    IF EXISTS (SELECT 1 FROM agenda_decision decision
                               WHERE decision.uid = ANY (about)
                                 AND decision.state NOT IN ('draft', 'input', 'deliberation')) THEN
                        RAISE EXCEPTION 'the text is frozen from the last word on'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            ),
        ]
