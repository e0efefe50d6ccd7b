"""An outsider can count again, from the JSON alone."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from agenda import secrecy
from agenda.tally import Ballot, tally
from ciforum.people import clock
from ciforum.people.words import Words
from tests import deciding
from tests.agenda import outsider

OPTIONS = [(key, Words(en=key.upper())) for key in ("a", "b", "c")]
# method → the choices of two seats for lived experience, an institution, a funder, a group
CHOICES = {
    "consent": ["agree", "agree", "disagree", "abstain", "agree"],
    "majority": ["agree", "agree", "disagree", "disagree", "abstain"],
    "two_thirds": ["agree", "agree", "disagree", "abstain", "agree"],
    "gradients": [1, 3, 5, 4, 2],
    "irv": [
        [["a"], ["b"]],
        [["a"], ["c"]],
        [["b"], ["a"]],
        [["c"], ["b"]],
        [["c", "b"]],
    ],
    "schulze": [
        [["a"], ["b"], ["c"]],
        [["b"], ["c"], ["a"]],
        [["c"], ["a"], ["b"]],
        [["a", "b"]],
        [["a"]],
    ],
    "score": [{"a": 5, "b": 1}, {"b": 4}, {"a": 3, "c": 3}, {"c": 1}, {"a": 1}],
    "dot": [{"a": 5, "b": 1}, {"b": 4}, {"a": 3, "c": 3}, {"c": 1}, {}],
}


def counted(initiative, backbone, method, *, secret=False, **fields):
    committee, seats = deciding.a_body(
        initiative, backbone, others=("institution", "funder", "grassroots")
    )
    options = OPTIONS if method in ("irv", "schulze", "score", "dot") else None
    decision = deciding.a_decision(
        committee, backbone, method=method, options=options, secret=secret, **fields
    )
    moment = deciding.in_vote(decision, backbone)
    with clock.at(moment):
        for seat, choice in zip(seats, CHOICES[method], strict=True):
            if secret:
                receipt = secrecy.new_receipt()
                decision.cast_in_secret(
                    seat=seat, choice=choice, receipt=receipt, by=seat.holder.user
                )
            else:
                decision.cast(seat=seat, choice=choice, by=seat.holder.user)
    later = moment + timedelta(days=8)
    with clock.at(later):
        decision.end_voting()
        if decision.outcome.outcome != "no quorum":
            decision.give_reasons(reasons=Words(en="So it is.", es="Así es."), by=backbone.user)
            decision.close(by=backbone.user)
    return decision


def read(client, decision):
    slug = decision.initiative.slug
    answer = client.get(reverse("agenda:decision_json", args=[slug, decision.uid]))
    return answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("secret", [False, True])
@pytest.mark.parametrize("method", CHOICES)
def test_an_outsider_comes_to_the_same_result(client, initiative, backbone, method, secret):
    threshold = {} if secret else {"lived_experience": "1/2"}
    decision = counted(initiative, backbone, method, secret=secret, threshold=threshold)

    text = read(client, decision)

    assert outsider.faults(text) == []
    assert [link["face"]["kind"] for link in json.loads(text)["links"]] == [
        "agenda.round",
        "agenda.count",
        "agenda.close",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        ('"choice":"disagree"', '"choice":"agree"', "link 2"),
        ('"outcome":"tied"', '"outcome":"passed"', "link 2: outcome"),
        ("Saturdays from 9", "Sundays from 9", "paper 1"),
        ("Así es", "No es", "reasons"),
        ('"institution":1', '"institution":3', "link 2"),
    ],
)
def test_an_outsider_sees_what_was_changed(client, initiative, backbone, was, becomes, fault):
    text = read(client, counted(initiative, backbone, "majority"))
    assert was in text

    assert fault in outsider.faults(text.replace(was, becomes))


@pytest.mark.django_db
def test_the_program_runs_outside_the_project(client, initiative, backbone, tmp_path):
    text = read(client, counted(initiative, backbone, "schulze"))
    program = Path(outsider.__file__)
    copy = tmp_path / "outsider.py"
    copy.write_text(program.read_text())

    ran = subprocess.run(
        [sys.executable, "-I", str(copy)],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        timeout=60,
    )

    assert ran.stdout == "all holds\n"


@pytest.mark.django_db
def test_the_program_in_the_documentation_checks_a_record(client, initiative, backbone):
    text = read(client, counted(initiative, backbone, "majority"))
    page = (settings.BASE_DIR / "docs" / "decisions.md").read_text()
    program = page.split("```python\n")[1].split("```")[0]

    def ran(given):
        return subprocess.run(
            [sys.executable, "-I", "-c", program],
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    good, bad = ran(text), ran(text.replace('"choice":"disagree"', '"choice":"agree"'))

    assert (good.returncode, good.stdout.count("ok "), good.stderr) == (0, 9, "")
    assert (bad.returncode, bad.stdout.count("BAD")) == (1, 1)


@pytest.mark.django_db
def test_before_the_count_the_record_tells_no_ballot(client, initiative, backbone):
    committee, seats = deciding.a_body(initiative, backbone)
    decision = deciding.a_decision(committee, backbone)
    with clock.at(deciding.in_vote(decision, backbone)):
        decision.cast(seat=seats[0], choice="disagree", by=seats[0].holder.user)

    text = read(client, decision)

    assert outsider.faults(text) == []
    assert "disagree" not in text
    assert str(seats[2].uid) not in text


CLASSES = ("community", "funder", "institution")
shares = st.sampled_from(["1/3", "1/2", "2/3", "1"])
choices = {
    "consent": st.sampled_from(["agree", "disagree", "abstain", "block"]),
    "majority": st.sampled_from(["agree", "disagree", "abstain"]),
    "two_thirds": st.sampled_from(["agree", "disagree", "abstain"]),
    "gradients": st.integers(1, 8),
    "irv": st.permutations("abcd").map(lambda order: [[each] for each in order[:3]]),
    "schulze": st.permutations("abcd").map(lambda order: [list(order[:2]), [order[2]]]),
    "score": st.dictionaries(st.sampled_from("abc"), st.integers(0, 3)),
    "dot": st.dictionaries(st.sampled_from("abc"), st.integers(0, 3)),
}


@given(st.data(), st.sampled_from(sorted(choices)))
def test_both_programs_agree_on_any_vote(data, method):
    voters = data.draw(st.lists(st.sampled_from(CLASSES), max_size=9))
    seats = {name: voters.count(name) + data.draw(st.integers(0, 2)) for name in CLASSES}
    bars = st.dictionaries(st.sampled_from(("all", *CLASSES)), shares)
    quorum, threshold = data.draw(bars), data.draw(bars)
    ballots = [
        {"seat": str(at), "class": name, "choice": data.draw(choices[method])}
        for at, name in enumerate(voters)
    ]

    ours = tally(
        method,
        [Ballot(each["seat"], each["class"], each["choice"]) for each in ballots],
        seats=seats,
        quorum={name: outsider.Fraction(share) for name, share in quorum.items()},
        threshold={name: outsider.Fraction(share) for name, share in threshold.items()},
    )
    theirs = outsider.tally(
        {
            "method": method,
            "ballots": ballots,
            "seats": seats,
            "quorum": quorum,
            "threshold": threshold,
        }
    )

    assert theirs == (ours.outcome, list(ours.winners), list(ours.unmet))
