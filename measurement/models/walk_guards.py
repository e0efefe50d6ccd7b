"""What the database holds of a data walk against any shell."""

from __future__ import annotations

import pgtrigger

# The same numbers stand in the first trigger: SQL is written out, never put together.
FEWEST, MOST = 5, 10

WALK_GUARDS = [
    pgtrigger.Trigger(
        name="opened_with_its_stations",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=~pgtrigger.Q(new__state="preparing"),
        func="""
            IF (SELECT count(*) FROM measurement_station s
                WHERE s.walk_id = NEW.id AND s.release_id IS NOT NULL
                  AND EXISTS (SELECT 1 FROM measurement_prompt p WHERE p.station_id = s.id)
               ) NOT BETWEEN 5 AND 10
               OR EXISTS (SELECT 1 FROM measurement_station s
                          WHERE s.walk_id = NEW.id AND s.release_id IS NULL) THEN
                RAISE EXCEPTION 'a data walk opens with five to ten released stations'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Protect(
        name="only_a_draft_goes",
        operation=pgtrigger.Delete,
        condition=~pgtrigger.Q(old__state="preparing"),
    ),
]

STATION_GUARDS = [
    pgtrigger.Trigger(
        name="stands_while_the_walk_is_on",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF EXISTS (SELECT 1 FROM measurement_datawalk w
                       WHERE w.id = (CASE WHEN TG_OP = 'INSERT' THEN NEW.walk_id
                                          ELSE OLD.walk_id END)
                         AND w.state <> 'preparing') THEN
                RAISE EXCEPTION 'stations stay as they were when the walk opened'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="frozen_to_a_public_release",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Q(new__release__isnull=False),
        func="""
            IF NOT EXISTS (SELECT 1 FROM measurement_release r
                           WHERE r.id = NEW.release_id AND r.state = 'published'
                             AND r.indicator_id = NEW.indicator_id
                             AND r.initiative_id = NEW.initiative_id) THEN
                RAISE EXCEPTION 'a station shows a public release of its indicator'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    ),
]

PROMPT_GUARDS = [
    pgtrigger.Trigger(
        name="asked_as_it_was_opened",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF EXISTS (SELECT 1 FROM measurement_station s
                       JOIN measurement_datawalk w ON w.id = s.walk_id
                       WHERE s.id = (CASE WHEN TG_OP = 'INSERT' THEN NEW.station_id
                                          ELSE OLD.station_id END)
                         AND w.state <> 'preparing') THEN
                RAISE EXCEPTION 'prompts stay as they were when the walk opened'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    ),
]

REACTION_GUARDS = [
    pgtrigger.Trigger(
        name="taken_while_the_walk_is_on",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
            IF NOT EXISTS (SELECT 1 FROM measurement_prompt p
                           JOIN measurement_station s ON s.id = p.station_id
                           JOIN measurement_datawalk w ON w.id = s.walk_id
                           WHERE p.id = NEW.prompt_id
                             AND s.id = NEW.station_id
                             AND w.initiative_id = NEW.initiative_id
                             AND (w.state = 'open'
                                  OR (w.state = 'debrief' AND NEW.via = 'paper'))) THEN
                RAISE EXCEPTION 'reactions are taken while the walk is open'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    ),
    # What came by phone is hers, word for word; what was typed from paper can be mistyped.
    pgtrigger.Trigger(
        name="words_are_never_edited",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__text__df=pgtrigger.F("new__text")),
        func="""
            IF OLD.via <> 'paper' OR OLD.hidden_at IS NOT NULL
               OR NOT EXISTS (SELECT 1 FROM measurement_station s
                              JOIN measurement_datawalk w ON w.id = s.walk_id
                              WHERE s.id = OLD.station_id
                                AND w.state IN ('open', 'debrief')) THEN
                RAISE EXCEPTION 'a reaction is hidden with a reason, and never edited'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.ReadOnly(
        name="stays_where_it_was_said",
        fields=["initiative", "station", "prompt", "via", "sheet", "day", "uid", "ticket"],
    ),
    pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
]

FINDING_GUARDS = [
    pgtrigger.Trigger(
        name="agreed_with_a_resident",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Q(new__state="agreed"),
        func="""
            IF NOT EXISTS (SELECT 1 FROM measurement_findingauthor a
                           WHERE a.finding_id = NEW.id AND a.is_resident
                             AND a.yes_at IS NOT NULL) THEN
                RAISE EXCEPTION 'a finding needs a resident among its authors who said yes'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    ),
    # Whoever said yes said it to these words.
    pgtrigger.Trigger(
        name="says_what_they_agreed_to",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__text__df=pgtrigger.F("new__text")),
        func="""
            IF NEW.state <> 'withdrawn'
               AND (OLD.state <> 'draft'
                    OR EXISTS (SELECT 1 FROM measurement_findingauthor a
                               WHERE a.finding_id = NEW.id AND a.yes_at IS NOT NULL)) THEN
                RAISE EXCEPTION 'somebody said yes to these very words'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Protect(
        name="withdrawn_stays",
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Q(old__state="withdrawn"),
    ),
    pgtrigger.Protect(
        name="agreed_is_withdrawn_not_removed",
        operation=pgtrigger.Delete,
        condition=pgtrigger.Q(old__state="agreed"),
    ),
]

AUTHOR_GUARDS = [
    # Her name is hers to take away at any time; that she said yes stays, or the finding goes.
    pgtrigger.Trigger(
        name="stands_behind_what_was_agreed",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF EXISTS (SELECT 1 FROM measurement_finding f
                       WHERE f.id = (CASE WHEN TG_OP = 'INSERT' THEN NEW.finding_id
                                          ELSE OLD.finding_id END)
                         AND f.state = 'agreed')
               AND (TG_OP <> 'UPDATE'
                    OR (OLD.finding_id, OLD.is_resident, OLD.yes_at, OLD.yes_by_id)
                       IS DISTINCT FROM
                       (NEW.finding_id, NEW.is_resident, NEW.yes_at, NEW.yes_by_id)) THEN
                RAISE EXCEPTION 'the authors of an agreed finding stay as they were'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    ),
]
