"""When a wording is agreed: who counts, and the rule, here and once more in the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from ciforum.people.models import Initiative, Membership, Role

# Agreed: at least three members, two of them residents, and more than dissent; after seven days.
MEMBERS = 3
RESIDENTS = 2
OPEN_DAYS = 7


@dataclass(frozen=True)
class Count:
    """Stances on one wording: all, and of them those of residents."""

    agree: int = 0
    agree_residents: int = 0
    dissent: int = 0
    dissent_residents: int = 0

    @property
    def agree_others(self) -> int:
        return self.agree - self.agree_residents

    @property
    def dissent_others(self) -> int:
        return self.dissent - self.dissent_residents

    @property
    def is_agreed(self) -> bool:
        return (
            self.agree >= MEMBERS
            and self.agree_residents >= RESIDENTS
            and self.agree > self.dissent
        )

    @property
    def is_contested(self) -> bool:
        return self.dissent > 0 and self.dissent >= self.agree

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def standing(initiative: Initiative) -> dict[int, bool]:
    """Who is a member now: {person's key: is she a resident}, as `equity.seats.is_resident` says.

    One query, however many have spoken.
    """
    roles: dict[int, set[str]] = {}
    own = Membership.objects.for_initiative(initiative).current()
    for person, held in own.values_list("user", "roles"):
        roles.setdefault(person, set()).update(held)
    return {
        person: Role.COMMUNITY in held and Role.BACKBONE not in held
        for person, held in roles.items()
    }


def count(stances: Iterable[tuple[int, bool]], members: Mapping[int, bool]) -> Count:
    """Count (person, agrees) of those who are still members."""
    kept = [(agrees, members[person]) for person, agrees in stances if person in members]
    agree = [resident for agrees, resident in kept if agrees]
    dissent = [resident for agrees, resident in kept if not agrees]
    return Count(len(agree), sum(agree), len(dissent), sum(dissent))


# The same count and the same conditions, before a settlement is written by whatever route.
COUNTED_SQL = f"""
    IF NOT EXISTS (
        SELECT 1 FROM agenda_termwording wording
        JOIN agenda_term term ON term.id = wording.term_id AND term.newest_id = wording.id
        JOIN people_initiative place ON place.id = term.initiative_id
        WHERE wording.id = NEW.wording_id AND term.initiative_id = NEW.initiative_id
          AND wording.initiative_id = NEW.initiative_id AND term.state <> 'agreed'
          AND wording.proposed_at + interval '{OPEN_DAYS} days' <= NEW.at
          AND (NEW.outcome = 'contested' OR NOT EXISTS (
              SELECT 1 FROM unnest(place.languages) AS code
              WHERE coalesce(btrim(wording.word ->> code), '') = ''
                 OR coalesce(btrim(wording.definition ->> code), '') = ''))) THEN
        RAISE EXCEPTION 'this wording cannot be settled now' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM (
            SELECT stance.agrees,
                   bool_or('community' = ANY(member.roles))
                   AND NOT bool_or('backbone' = ANY(member.roles)) AS resident
            FROM agenda_stance stance
            JOIN people_membership member
              ON member.user_id = stance.person_id AND member.ended_at IS NULL
             AND member.initiative_id = NEW.initiative_id
            WHERE stance.wording_id = NEW.wording_id
            GROUP BY stance.id, stance.agrees) AS said
        HAVING count(*) FILTER (WHERE said.agrees) = NEW.agree
           AND count(*) FILTER (WHERE said.agrees AND said.resident) = NEW.agree_residents
           AND count(*) FILTER (WHERE NOT said.agrees) = NEW.dissent
           AND count(*) FILTER (WHERE NOT said.agrees AND said.resident) = NEW.dissent_residents
        ) THEN
        RAISE EXCEPTION 'a settlement counts the stances' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""  # noqa: S608 - a number of ours, nothing a person wrote
