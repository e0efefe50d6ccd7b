"""An outsider's program: reads the JSON text of a record and nothing else, and counts again.

It was written from docs/decisions.md and shares no line with the site.
"""

import hashlib
import json
from fractions import Fraction
from itertools import permutations

SIDES = {"agree": 1, "disagree": -1, "block": -1, "abstain": 0}
STEPS = {1: 1, 2: 1, 3: 1, 4: 0, 5: -1, 6: -1, 7: -1, 8: -1}


def canonical(value):
    if isinstance(value, dict):
        inside = (canonical(key) + ":" + canonical(value[key]) for key in sorted(value))
        return "{" + ",".join(inside) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def digest(value):
    return hashlib.sha256(canonical(value).encode("utf-8")).hexdigest()


def faults(text):
    """Every line of a record that does not hold, in words; [] when all does."""
    record = json.loads(text)
    papers = {each["digest"] for each in record["papers"]}
    found = [
        f"paper {each['round']}"
        for each in record["papers"]
        if digest(each["paper"]) != each["digest"]
    ]
    last = 0
    for link in record["links"]:
        face, content = link["face"], link["content"]
        name = f"link {face['number']}"
        if digest(face) != link["hash"] or digest(content) != face["content"]:
            found.append(name)
        if face["number"] <= last:
            found.append(f"order of {name}")
        last = face["number"]
        if content.get("paper", next(iter(papers))) not in papers:
            found.append(f"paper of {name}")
        if "ballots" in content:
            found += [f"{name}: {each}" for each in count_faults(content)]
            counted = (face["content"], content["result"]["outcome"])
        if "count" in content and (content["count"], content["outcome"]) != counted:
            found.append(f"count of {name}")
        if "reasons" in content and content["reasons"] != digest(record["reasons"]):
            found.append("reasons")
    return found


def count_faults(count):
    """What of a stored result does not follow from its ballots."""
    said = count["result"]
    secret = count["secret"]
    outcome, winners, unmet = tally(count, said if secret else None)
    mine = {"outcome": outcome, "winners": winners, "unmet": unmet}
    return [name for name, value in mine.items() if said[name] != value]


def tally(count, told=None):
    """Outcome, winners and what is unmet.

    `told`: the stored result of a secret ballot, whose ballots name no class: it says how many of
    each class voted, and whether a class met its threshold.
    """
    ballots, seats = count["ballots"], count["seats"]
    cast = {name: 0 for name in seats}
    for ballot in ballots:
        if not told:
            cast[ballot["class"]] += 1
    if told:
        cast = {name: told["turnout"][name]["cast"] for name in seats}
    have = {"all": sum(seats.values()), **seats}
    came = {"all": len(ballots), **cast}
    order = ["all", *sorted(seats)]
    short = [
        f"quorum:{name}"
        for name in order
        if name in count["quorum"]
        and (not have[name] or Fraction(came[name], have[name]) < Fraction(count["quorum"][name]))
    ]
    if short:
        return "no quorum", [], short
    unmet, tied, winners, share = METHODS[count["method"]](
        [ballot["choice"] for ballot in ballots], count["threshold"].get("all")
    )
    for name in order:
        if name not in count["threshold"] or share is None:
            continue
        if told and name != "all":
            met = told["by_class"][name]["threshold"]["met"]
        else:
            own = [b["choice"] for b in ballots if name == "all" or b["class"] == name]
            met = (share(own) or 0) >= Fraction(count["threshold"][name])
        if not met and f"threshold:{name}" not in unmet:
            unmet.append(f"threshold:{name}")
    return ("failed" if unmet else "tied" if tied else "passed"), [] if unmet else winners, unmet


def supported(side):
    def share(choices):
        sides = [s for s in map(side, choices) if s]
        return Fraction(sum(s > 0 for s in sides), len(sides)) if sides else None

    return share


def proposal(kind):
    def decide(choices, bar):
        share = supported((STEPS if kind == "gradients" else SIDES).__getitem__)
        got = share(choices)
        unmet, tied = [], False
        if kind == "consent":
            if "block" in choices:
                unmet = ["block:all"]
            elif not got:
                unmet = ["threshold:all"]
        elif kind == "two_thirds":
            unmet = [] if got is not None and got >= Fraction(2, 3) else ["threshold:all"]
        elif kind == "majority":
            unmet = [] if got is not None and got >= Fraction(1, 2) else ["threshold:all"]
            tied = got == Fraction(1, 2)
        else:
            unmet = ["block:all"] if 8 in choices else []
            if not got or (bar is None and got < Fraction(1, 2)):
                unmet.append("threshold:all")
            tied = bar is None and got == Fraction(1, 2)
        return unmet, tied, [], share

    return decide


def chosen(winners, runners, higher):
    """The verdict over options: `higher(choice, a, b)` > 0 where a ballot puts a above b."""
    if not winners:
        return ["threshold:all"], False, [], None
    if len(winners) > 1:
        return [], True, sorted(winners), None
    (winner,) = winners

    def share(choices):
        shares = [
            supported(lambda c, r=r: higher(c, winner, r))(choices) for r in runners or [None]
        ]
        return None if None in shares else min(shares)

    return [], False, [winner], share


def place(choice, option):
    return next((n for n, tied in enumerate(choice) if option in tied), len(choice))


def above(choice, a, b):
    return place(choice, b) - place(choice, a)


def irv(choices, bar):
    ends = {}
    options = {option for choice in choices for tied in choice for option in tied}
    if options:
        runoff(choices, frozenset(options), ends)
    return chosen(set(ends), set().union(*ends.values()) if ends else set(), above)


def runoff(choices, left, ends):
    """Follow every order in which a tie for the last place could fall."""
    votes = dict.fromkeys(left, Fraction(0))
    for choice in choices:
        best = next((s for tied in choice if (s := [o for o in tied if o in left])), [])
        for option in best:
            votes[option] += Fraction(1, len(best))
    if len(left) == 1 or max(votes.values()) * 2 > sum(votes.values()):
        winner = max(votes, key=votes.get)
        rest = {o: v for o, v in votes.items() if o != winner}
        second = {o for o, v in rest.items() if v == max(rest.values())}
        ends.setdefault(winner, set()).update(second)
        return
    low = min(votes.values())
    last = {o for o in left if votes[o] == low}
    higher = [v for v in votes.values() if v > low]
    groups = [last] if higher and low * len(last) < min(higher) else [{o} for o in last]
    for group in groups:
        runoff(choices, left - group, ends)


def schulze(choices, bar):
    options = sorted({option for choice in choices for tied in choice for option in tied})
    wins = {(a, b): sum(above(c, a, b) > 0 for c in choices) for a, b in permutations(options, 2)}
    path = {(a, b): n if n > wins[b, a] else 0 for (a, b), n in wins.items()}
    for via, a, b in permutations(options, 3):
        path[a, b] = max(path[a, b], min(path[a, via], path[via, b]))

    def best(among):
        return {a for a in among if all(path[a, b] >= path[b, a] for b in among if a != b)}

    winners = best(options)
    return chosen(winners, best([o for o in options if o not in winners]), above)


def points(choices, bar):
    sums = {}
    for choice in choices:
        for option, number in choice.items():
            sums[option] = sums.get(option, 0) + number
    most = {o for o, n in sums.items() if n == max(sums.values())}
    rest = {o: n for o, n in sums.items() if o not in most}
    second = {o for o, n in rest.items() if n == max(rest.values())}
    return chosen(most, second, lambda c, a, b: c.get(a, 0) - (c.get(b, 0) if b else 0))


METHODS = {
    **{kind: proposal(kind) for kind in ("consent", "majority", "two_thirds", "gradients")},
    "irv": irv,
    "schulze": schulze,
    "score": points,
    "dot": points,
}

if __name__ == "__main__":
    import sys

    print(faults(sys.stdin.read()) or "all holds")
