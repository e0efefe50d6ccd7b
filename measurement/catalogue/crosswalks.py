"""What crosswalks say: which group a text most likely stands for, and where a line breaks off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from equity.models import Group
from equity.models.groups import groups_by_key
from measurement.models.crosswalks import (
    Crosswalk,
    CrosswalkEntry,
    Pair,
    Relation,
    key_of,
)

if TYPE_CHECKING:
    from ciforum.people.models import Initiative


def breaks_between(
    initiative: Initiative,
    dimension_code: str,
    before: int | None = None,
    after: int | None = None,
) -> set[str]:
    """Codes of groups that mean somebody else after a change of versions than before.

    A number counted before and one counted after must not be joined for them, though their code
    is the same. before, after: versions of the dimension to look between, both ends included;
    left out, all of its versions. A change of versions without a crosswalk breaks nothing: its
    groups were copied as they were.
    """
    entries = CrosswalkEntry.objects.for_initiative(initiative).filter(
        crosswalk__dimension_code=dimension_code, crosswalk__before__isnull=False
    )
    if before is not None:
        entries = entries.filter(crosswalk__before__gte=before)
    if after is not None:
        entries = entries.filter(crosswalk__after__lte=after)
    return changed(entries.values_list("text", "to", "relation"))


def changed(entries: Iterable[tuple[str, Sequence[str], str]]) -> set[str]:
    """The codes on either side of every line that is not "the same people, the same code"."""
    found: set[str] = set()
    for code, to, relation in entries:
        if relation != Relation.SAME or list(to) != [code]:
            found |= {code, *to}
    return found


def related(wanted: Mapping[str, Sequence[str]]) -> list[Pair]:
    """Lines from what each text goes over into: the relation follows from the numbers.

    Into none: no counterpart. Into several: told apart. Into one that others go into as well: put
    together. Into one alone: the same.
    """
    uses = Counter(code for to in wanted.values() for code in set(to))
    pairs = []
    for text, codes in wanted.items():
        to = tuple(dict.fromkeys(codes))
        if len(to) != 1:
            relation = Relation.SPLIT if to else Relation.NONE
        else:
            relation = Relation.MERGED if uses[to[0]] > 1 else Relation.SAME
        pairs.append(Pair(text, to, relation))
    return pairs


def labelled(wanted: Mapping[str, Sequence[str]]) -> list[Pair]:
    """Lines of labels: several labels may stand for one group without being put together."""
    return [
        Pair(pair.text, pair.to, Relation.SAME if len(pair.to) == 1 else pair.relation)
        for pair in related(wanted)
    ]


def proposals(initiative: Initiative, dimension_code: str, texts: Iterable[str]) -> dict[str, str]:
    """Text → key of the group (`race:black`) that a crosswalk names for it.

    A text that goes over into several groups stands for the nearest group that holds them all;
    where there is none, nothing is proposed. Names of groups of earlier versions count as labels.
    """
    groups = {
        group.code: group
        for group in groups_by_key(initiative).values()
        if group.dimension.code == dimension_code
    }
    known = _known(initiative, dimension_code, groups)
    found = {text: known[key] for text in texts if (key := key_of(text)) in known}
    return {text: f"{dimension_code}:{code}" for text, code in found.items()}


def _known(
    initiative: Initiative, dimension_code: str, groups: Mapping[str, Group]
) -> dict[str, str]:
    """Folded label → code of the one group it stands for now."""
    entries = list(
        CrosswalkEntry.objects.for_initiative(initiative)
        .filter(crosswalk__dimension_code=dimension_code)
        .select_related("crosswalk")
        .order_by("crosswalk__before", "id")
    )
    names = _earlier_names(initiative, dimension_code) if entries else {}
    known: dict[str, str] = {}
    for entry in entries:
        code = _nearest([each for each in entry.to if each in groups], groups)
        if len(entry.to) and code and all(each in groups for each in entry.to):
            before = entry.crosswalk.before
            keys = [entry.key] if before is None else names.get((before, entry.text), [])
            known |= dict.fromkeys(keys, code)
    return known


def _earlier_names(initiative: Initiative, dimension_code: str) -> dict[tuple[int, str], list[str]]:
    """(version, code) → what the group was called then, folded, in every language."""
    earlier = Group.objects.filter(
        initiative=initiative, dimension__code=dimension_code, dimension__retired_at__isnull=False
    ).select_related("dimension")
    return {
        (group.dimension.version, group.code): [key_of(name) for name in group.name.values()]
        for group in earlier
    }


def _nearest(codes: Sequence[str], groups: Mapping[str, Group]) -> str:
    """The one code, or the nearest group that all are part of; "" where there is none."""
    if len(codes) < 2:
        return next(iter(codes), "")
    by_pk = {group.pk: group for group in groups.values()}
    paths = [_path(groups[code], by_pk) for code in codes]
    shared = [code for code in paths[0] if all(code in path for path in paths[1:])]
    return next(iter(shared), "")


def _path(group: Group, by_pk: Mapping[int, Group]) -> list[str]:
    """The group's own code and those above it, upward."""
    path = []
    above: Group | None = group
    while above is not None:
        path.append(above.code)
        above = by_pk.get(above.parent_id) if above.parent_id else None
    return path


def written_for(initiative: Initiative, dimension_code: str) -> dict[int, Crosswalk]:
    """Version it leads from → the crosswalk, of those between versions."""
    own = Crosswalk.objects.for_initiative(initiative).filter(
        dimension_code=dimension_code, before__isnull=False
    )
    return {crosswalk.before or 0: crosswalk for crosswalk in own.select_related("initiative")}
