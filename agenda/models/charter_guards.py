"""What the database holds of a charter, whatever route somebody takes."""

from __future__ import annotations

import pgtrigger

VERSION_GUARDS = [
    pgtrigger.Trigger(
        name="adopted_by_a_decision",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Q(new__state="adopted"),
        func="""
            IF NOT EXISTS (SELECT 1 FROM equity_ledgerentry entry
                           WHERE entry.id = NEW.passed_id AND entry.kind = 'pass'
                             AND entry.gate = 'agenda.charter.adopt'
                             AND entry.record_uid = NEW.uid
                             AND entry.initiative_id = NEW.initiative_id) THEN
                RAISE EXCEPTION 'a charter is adopted through its gate only'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF NOT EXISTS (SELECT 1 FROM agenda_decision decision
                           JOIN agenda_outcome outcome ON outcome.decision_id = decision.id
                           WHERE decision.uid = NEW.decision_uid
                             AND decision.initiative_id = NEW.initiative_id
                             AND decision.state = 'closed' AND outcome.outcome = 'passed'
                             AND decision.effect = 'charter.adopt'
                             AND decision.effect_params ->> 'version' = NEW.uid::text) THEN
                RAISE EXCEPTION 'a charter is adopted by a decision only'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="goes_its_way",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF TG_OP = 'INSERT' THEN
                IF NEW.state <> 'draft' THEN
                    RAISE EXCEPTION 'a version of the charter begins as a draft'
                        USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
            END IF;
            IF TG_OP = 'DELETE' THEN
                IF OLD.state <> 'draft' THEN
                    RAISE EXCEPTION 'what was proposed stays readable'
                        USING ERRCODE = 'check_violation';
                END IF;
                RETURN OLD;
            END IF;
            IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
                ('draft', 'proposed'), ('proposed', 'adopted'), ('proposed', 'rejected'),
                ('proposed', 'withdrawn'), ('adopted', 'superseded')) THEN
                RAISE EXCEPTION 'a version of the charter does not go back'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF OLD.state <> 'draft' AND (
                (OLD.initiative_id, OLD.uid, OLD.charter_id, OLD.number, OLD.proposed_at,
                 OLD.started_at, OLD.started_by_id)
                IS DISTINCT FROM
                (NEW.initiative_id, NEW.uid, NEW.charter_id, NEW.number, NEW.proposed_at,
                 NEW.started_at, NEW.started_by_id)
                OR OLD.decision_uid IS DISTINCT FROM NEW.decision_uid
                OR OLD.basis_id IS DISTINCT FROM NEW.basis_id
                OR OLD.place_id IS DISTINCT FROM NEW.place_id
                OR OLD.state <> 'proposed' AND (
                    OLD.passed_id IS DISTINCT FROM NEW.passed_id
                    OR OLD.adopted_at IS DISTINCT FROM NEW.adopted_at)) THEN
                RAISE EXCEPTION 'a proposed charter can no longer be changed'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    ),
]

# For rows that belong to a version: FOR SHARE waits for whoever proposes it at this moment.
_FROZEN = """
    about := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.{column}]
                        WHEN 'DELETE' THEN ARRAY[OLD.{column}]
                        ELSE ARRAY[OLD.{column}, NEW.{column}] END;
    PERFORM 1 FROM agenda_charterversion version
      WHERE version.{key} = ANY (about) FOR SHARE;
    IF EXISTS (SELECT 1 FROM agenda_charterversion version
               WHERE version.{key} = ANY (about) AND version.state <> 'draft') THEN
        RAISE EXCEPTION 'a proposed charter can no longer be changed'
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


# What is withdrawn takes back the notes about it as well, wherever it is cited.
MAY_LOSE_ITS_NOTE = """
    IF TG_OP = 'UPDATE' AND NEW.note = ''
       AND to_jsonb(OLD) - 'note' = to_jsonb(NEW) - 'note' THEN
        RETURN NEW;
    END IF;
"""


def frozen(name: str, *, column: str, key: str, kind: str, but: str = "") -> pgtrigger.Trigger:
    """Refuse every change of a row whose `column` names a version that is no draft any more."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("about", f"{kind}[]")],
        func=but + _FROZEN.format(column=column, key=key),
    )
