"""What the database itself refuses about seats, whoever asks: verb, shell or admin."""

from __future__ import annotations

import pgtrigger

THROUGH_ITS_GATE = pgtrigger.Trigger(
    name="taken_through_its_gate",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    condition=pgtrigger.Q(new__state="seated"),
    func="""
        IF NOT EXISTS (SELECT 1 FROM equity_ledgerentry entry
                       WHERE entry.id = NEW.passed_id AND entry.kind = 'pass'
                         AND entry.gate = 'equity.seat.take'
                         AND entry.record_uid = NEW.uid
                         AND entry.initiative_id = NEW.initiative_id) THEN
            RAISE EXCEPTION 'a seat is taken through its gate only'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)

# A person may be a member twice, for herself and for an organization; she still has one vote.
ONE_PERSON_ONE_SEAT = pgtrigger.Trigger(
    name="one_person_one_seat",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    condition=~pgtrigger.Q(new__state="ended"),
    func="""
        IF EXISTS (SELECT 1 FROM equity_seat other
                   JOIN people_membership theirs ON theirs.id = other.holder_id
                   JOIN people_membership hers ON hers.id = NEW.holder_id
                   WHERE other.committee_id = NEW.committee_id AND other.id <> NEW.id
                     AND other.state <> 'ended' AND theirs.user_id = hers.user_id) THEN
            RAISE EXCEPTION 'a person holds one seat of a committee'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)

# A community seat ends by its holder's word or with its term, and an offer that residents stand
# behind is theirs: nobody else takes it away.
ENDS_BY_HER_OWN_WORD = pgtrigger.Trigger(
    name="ends_by_her_own_word",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Q(new__state="ended") & ~pgtrigger.Q(old__state="ended"),
    func="""
        IF OLD.seat_class IN ('lived_experience', 'grassroots')
           AND (OLD.state = 'seated'
                OR EXISTS (SELECT 1 FROM equity_seatchoice word WHERE word.seat_id = OLD.id))
           AND NOT (OLD.term_ends IS NOT NULL AND NEW.ended_at >= OLD.term_ends)
           AND NOT EXISTS (SELECT 1 FROM people_membership hers
                           WHERE hers.id = OLD.holder_id
                             AND (hers.user_id = NEW.ended_by_id OR hers.ended_at IS NOT NULL))
        THEN
            RAISE EXCEPTION 'a community seat ends by its holder or with its term'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)

KEEPS_SINCE_WHEN = pgtrigger.Trigger(
    name="keeps_since_when",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Q(old__state="seated"),
    func="""
        IF (OLD.taken_at, OLD.term_starts, OLD.passed_id)
           IS DISTINCT FROM (NEW.taken_at, NEW.term_starts, NEW.passed_id) THEN
            RAISE EXCEPTION 'since when a seat is held stays as it was'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)

# Her chosen name alone can still change: she may want to be forgotten.
ENDED_STAYS = pgtrigger.Trigger(
    name="ended_stays",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Q(old__state="ended"),
    func="""
        IF to_jsonb(OLD) - 'shown_as' IS DISTINCT FROM to_jsonb(NEW) - 'shown_as' THEN
            RAISE EXCEPTION 'an ended seat stays ended' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)

TRIGGERS = [
    THROUGH_ITS_GATE,
    ONE_PERSON_ONE_SEAT,
    ENDS_BY_HER_OWN_WORD,
    pgtrigger.FSM(
        name="its_way",
        field="state",
        transitions=[("offered", "seated"), ("offered", "ended"), ("seated", "ended")],
    ),
    # Who was chosen, for what and for how long, stays as it was: anything else is another seat.
    pgtrigger.ReadOnly(
        name="keeps_who_was_chosen",
        fields=[
            *("initiative", "uid", "committee", "seat_class", "is_voting", "holder", "group"),
            *("organization", "term_ends"),
        ],
    ),
    KEEPS_SINCE_WHEN,
    ENDED_STAYS,
    pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
]
