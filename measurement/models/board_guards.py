"""What the database holds of dashboards against any shell."""

from __future__ import annotations

import pgtrigger

# The same number stands in the CHECK of a panel's order.
MOST = 24

BOARD_GUARDS = [
    pgtrigger.Trigger(
        name="public_with_panels",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Q(new__state="public"),
        func="""
            IF NOT EXISTS (SELECT 1 FROM measurement_panel p
                           WHERE p.board_id = NEW.id AND p.removed_at IS NULL) THEN
                RAISE EXCEPTION 'a public dashboard has a panel'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    ),
]

PANEL_GUARDS = [
    pgtrigger.Trigger(
        name="arranged_while_a_draft",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF EXISTS (SELECT 1 FROM measurement_board b
                       WHERE b.id = (CASE WHEN TG_OP = 'INSERT' THEN NEW.board_id
                                          ELSE OLD.board_id END)
                         AND b.state <> 'draft') THEN
                RAISE EXCEPTION 'panels are arranged while the dashboard is a draft'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="shows_its_own_initiative",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="""
            IF NOT EXISTS (SELECT 1 FROM measurement_board b
                           WHERE b.id = NEW.board_id AND b.initiative_id = NEW.initiative_id)
               OR (NEW.indicator_id IS NOT NULL AND NOT EXISTS (
                       SELECT 1 FROM measurement_release r
                       WHERE r.indicator_id = NEW.indicator_id AND r.state = 'published'
                         AND r.initiative_id = NEW.initiative_id))
               OR (NEW.place_id IS NOT NULL AND NOT EXISTS (
                       SELECT 1 FROM people_place p
                       WHERE p.id = NEW.place_id AND p.initiative_id = NEW.initiative_id)) THEN
                RAISE EXCEPTION 'a panel shows a released indicator of its own initiative'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    ),
]

EMBEDDING_GUARDS = [
    pgtrigger.Trigger(
        name="embeds_its_own_initiative",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="""
            IF (NEW.board_id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM measurement_board b
                    WHERE b.id = NEW.board_id AND b.initiative_id = NEW.initiative_id))
               OR (NEW.indicator_id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM measurement_indicator i
                    WHERE i.id = NEW.indicator_id AND i.initiative_id = NEW.initiative_id)) THEN
                RAISE EXCEPTION 'an embedding shows something of its own initiative'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="stays_revoked",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func="""
            IF (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS NULL)
               OR OLD.token <> NEW.token OR OLD.origin <> NEW.origin THEN
                RAISE EXCEPTION 'an embedding stays revoked, and its site stays the same'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    ),
]
