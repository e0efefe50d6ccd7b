"""What the database itself refuses about authority over data, whoever asks."""

from __future__ import annotations

import pgtrigger

# Who counts in a council, as `DataAuthority.seats` asks it: taken, voting, not the backbone's.
_COUNTS = "seat.state = 'seated' AND seat.is_voting AND seat.seat_class <> 'backbone'"

_COUNCIL = """
    IF NOT EXISTS (SELECT 1 FROM equity_committee council
                   JOIN equity_group people ON people.initiative_id = council.initiative_id
                   WHERE council.id = NEW.council_id AND council.kind = 'council'
                     AND council.initiative_id = NEW.initiative_id
                     AND people.id = NEW.group_id) THEN
        RAISE EXCEPTION 'a community council of the same initiative holds the authority'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

_CONSENT = """
    IF NOT EXISTS (SELECT 1 FROM equity_seat seat
                   WHERE seat.id = NEW.consented_by_id AND seat.committee_id = NEW.council_id
                     AND seat.seat_class = 'lived_experience' AND COUNTS) THEN
        RAISE EXCEPTION 'a resident of the council consents before its authority stands'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
""".replace("COUNTS", _COUNTS)

_ENDED = """
    IF OLD.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'an authority that ended stays ended' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.since IS NULL THEN
        RETURN NEW;
    END IF;
    IF 2 = (SELECT count(DISTINCT entry.gate) FROM equity_ledgerentry entry
            WHERE entry.record_uid = NEW.decision_uid AND entry.kind = 'pass'
              AND entry.initiative_id = NEW.initiative_id
              AND entry.gate IN ('agenda.decision.open_voting', 'agenda.decision.close'))
       AND EXISTS (SELECT 1 FROM equity_ledgerentry entry
                   WHERE entry.id = NEW.passed_id AND entry.kind = 'pass'
                     AND entry.gate = 'equity.authority.end' AND entry.record_uid = NEW.uid
                     AND entry.initiative_id = NEW.initiative_id) THEN
        RETURN NEW;
    END IF;
    IF 2 * (SELECT count(*) FROM (
                SELECT DISTINCT ON (word.seat_id) word.says FROM equity_authorityword word
                JOIN equity_seat seat ON seat.id = word.seat_id AND COUNTS
                WHERE word.authority_id = NEW.id AND word.record_uid = NEW.uid
                ORDER BY word.seat_id, word.id DESC) said WHERE said.says = 'end')
       <= (SELECT count(*) FROM equity_seat seat
           WHERE seat.committee_id = NEW.council_id AND COUNTS) THEN
        RAISE EXCEPTION 'an authority ends by its own council or by a decision'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
""".replace("COUNTS", _COUNTS)

_SPEAKS = """
    PERFORM 1 FROM equity_dataauthority authority
    JOIN equity_seat seat ON seat.committee_id = authority.council_id AND COUNTS
    WHERE authority.id = NEW.authority_id AND authority.since IS NOT NULL
      AND authority.ended_at IS NULL AND seat.id = NEW.seat_id
      AND authority.initiative_id = NEW.initiative_id
    FOR SHARE OF authority;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a seat of the council speaks while its authority stands'
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM equity_ledgerentry entry
               WHERE entry.record_uid = NEW.record_uid AND entry.kind = 'pass'
                 AND entry.gate = 'measurement.release.publish') THEN
        RAISE EXCEPTION 'this release is public already' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
""".replace("COUNTS", _COUNTS)

AUTHORITY = [
    pgtrigger.Trigger(
        name="held_by_a_council",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=_COUNCIL,
    ),
    pgtrigger.Trigger(
        name="stands_by_consent",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Q(new__since__isnull=False),
        func=_CONSENT,
    ),
    pgtrigger.Trigger(
        name="begins_by_consent",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(new__since__isnull=False, old__since__isnull=True),
        func=_CONSENT,
    ),
    pgtrigger.Trigger(
        name="ends_by_its_own_council",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(new__ended_at__isnull=False),
        func=_ENDED,
    ),
    pgtrigger.Protect(
        name="standing_stays",
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__since__isnull=False, new__ended_at__isnull=True),
    ),
    pgtrigger.ReadOnly(
        name="keeps_whose_it_is",
        fields=["initiative", "uid", "group", "council", "proposed_by", "proposed_at"],
    ),
    pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
]

WORD = [
    pgtrigger.Trigger(
        name="its_council_speaks",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=_SPEAKS,
    ),
    pgtrigger.Protect(name="what_was_said_stays", operation=pgtrigger.Update | pgtrigger.Delete),
]
