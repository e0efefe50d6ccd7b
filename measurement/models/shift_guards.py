"""What the database holds of systems shifts, behind every verb."""

from __future__ import annotations

import pgtrigger

_PASSED = """
    IF NOT EXISTS (SELECT 1 FROM equity_ledgerentry entry
                   WHERE entry.id = NEW.passed_id AND entry.kind = 'pass'
                     AND entry.gate = 'measurement.shift.confirm'
                     AND entry.record_uid = NEW.uid
                     AND entry.initiative_id = NEW.initiative_id) THEN
        RAISE EXCEPTION 'a systems shift is confirmed through its gate only'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

_WORDS_STAY = """
    IF ROW(NEW.title, NEW.level, NEW.kind, NEW.strategies, NEW.before, NEW.after,
           NEW.where_words, NEW.since, NEW.since_precision, NEW.proposed_by_id)
       IS DISTINCT FROM
       ROW(OLD.title, OLD.level, OLD.kind, OLD.strategies, OLD.before, OLD.after,
           OLD.where_words, OLD.since, OLD.since_precision, OLD.proposed_by_id) THEN
        RAISE EXCEPTION 'what was claimed stays as it was said'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

SHIFT = [
    pgtrigger.Trigger(
        name="passed_names_this_shift",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Q(new__state="confirmed"),
        func=_PASSED,
    ),
    pgtrigger.Trigger(
        name="claimed_words_stay",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=~pgtrigger.Q(old__state="hoped_for"),
        func=_WORDS_STAY,
    ),
    pgtrigger.Protect(
        name="withdrawn_stays",
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Q(old__state="withdrawn"),
    ),
]

EVIDENCE = [
    pgtrigger.Trigger(
        name="evidence_of_a_confirmed_shift_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF EXISTS (SELECT 1 FROM measurement_systemsshift shift
                       WHERE shift.id = OLD.shift_id
                         AND shift.state IN ('confirmed', 'withdrawn')) THEN
                RAISE EXCEPTION 'what a shift was confirmed on stays'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN COALESCE(NEW, OLD);
        """,
    ),
]

VOICE = [
    pgtrigger.Trigger(
        name="voices_speak_of_a_claim",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
            PERFORM 1 FROM measurement_systemsshift shift
            WHERE shift.id = NEW.shift_id AND shift.state = 'claimed' FOR SHARE;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'seats speak of a claim while it stands'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="what_a_seat_said_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF TG_OP = 'DELETE' THEN
                RAISE EXCEPTION 'what a seat said stays' USING ERRCODE = 'check_violation';
            END IF;
            IF ROW(NEW.shift_id, NEW.seat_id, NEW.stance, NEW.words, NEW.by_id, NEW.at)
               IS DISTINCT FROM
               ROW(OLD.shift_id, OLD.seat_id, OLD.stance, OLD.words, OLD.by_id, OLD.at)
               OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at) THEN
                RAISE EXCEPTION 'what a seat said stays' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    ),
]
