"""What the database itself refuses of data agreements."""

from __future__ import annotations

import pgtrigger

# Whether a council whose group one of the indicators counts, or has to count, has not said yes.
_UNHEARD = """
    IF EXISTS (SELECT 1 FROM measurement_dataagreement before
               WHERE before.id = NEW.renews_id AND before.terms = NEW.terms
                 AND before.initiative_id = NEW.initiative_id) THEN
        RETURN NEW;
    END IF;
    IF EXISTS (
        WITH RECURSIVE family AS (
            SELECT a.id AS authority, a.council_id, g.id, d.code
            FROM equity_dataauthority a
            JOIN equity_group mine ON mine.id = a.group_id
            JOIN equity_dimension d ON d.id = mine.dimension_id
            JOIN equity_dimension same ON same.initiative_id = d.initiative_id
                 AND same.code = d.code
            JOIN equity_group g ON g.dimension_id = same.id AND g.code = mine.code
            WHERE a.initiative_id = NEW.initiative_id AND a.since IS NOT NULL
              AND a.ended_at IS NULL
            UNION
            SELECT family.authority, family.council_id, part.id, family.code
            FROM family JOIN equity_group part ON part.parent_id = family.id
        )
        SELECT 1 FROM family
        WHERE (EXISTS (SELECT 1 FROM measurement_dataagreement_indicators covers
                       JOIN measurement_indicator_required_dimensions asked
                            ON asked.indicator_id = covers.indicator_id
                       JOIN equity_dimension d ON d.id = asked.dimension_id
                            AND d.code = family.code
                       WHERE covers.dataagreement_id = NEW.id)
               OR EXISTS (SELECT 1 FROM measurement_dataagreement_indicators covers
                          JOIN measurement_indicatorversion v
                               ON v.indicator_id = covers.indicator_id
                          JOIN measurement_observation o ON o.version_id = v.id
                               AND o.initiative_id = NEW.initiative_id
                          JOIN measurement_stratumgroup sg ON sg.stratum_id = o.stratum_id
                               AND sg.group_id = family.id
                          WHERE covers.dataagreement_id = NEW.id))
          AND (SELECT 2 * count(*) FILTER (WHERE said.says = 'release') <= (
                          SELECT count(*) FROM equity_seat seat
                          WHERE seat.committee_id = family.council_id AND seat.state = 'seated'
                            AND seat.is_voting AND seat.seat_class <> 'backbone')
                      OR count(*) FILTER (WHERE said.says = 'withhold') > 0
               FROM (SELECT DISTINCT ON (word.seat_id) word.says FROM equity_authorityword word
                     JOIN equity_seat seat ON seat.id = word.seat_id AND seat.state = 'seated'
                          AND seat.is_voting AND seat.seat_class <> 'backbone'
                     WHERE word.authority_id = family.authority AND word.record_uid = NEW.uid
                     ORDER BY word.seat_id, word.id DESC) said)
    ) THEN
        RAISE EXCEPTION 'a council whose numbers it shares has not agreed'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

AGREEMENT = [
    pgtrigger.Protect(
        name="begins_waiting",
        operation=pgtrigger.Insert,
        condition=~pgtrigger.Q(new__state="waiting"),
    ),
    pgtrigger.Trigger(
        name="its_councils_agree",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(new__state="in_force") & ~pgtrigger.Q(old__state="in_force"),
        func=_UNHEARD,
    ),
]
