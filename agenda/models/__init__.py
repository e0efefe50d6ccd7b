"""The agenda's models, one file for each cluster of nouns."""

from __future__ import annotations

from agenda.models.ballots import Ballot, CountedBallot, SealedBallot, SeatVoted
from agenda.models.charter import Charter, CharterVersion
from agenda.models.decisions import AffectedGroup, Decision, Method, Option
from agenda.models.evidence import Evidence
from agenda.models.goal_groups import GoalDimension, GroupDistance
from agenda.models.goals import Goal
from agenda.models.history import HistoryEvent, HistoryWording
from agenda.models.inputs import Input, InputLink
from agenda.models.lexicon import Term, TermSettlement, TermWording
from agenda.models.outcomes import FollowerAnswer, Outcome
from agenda.models.paragraphs import CharterCitation, CharterGoal, Paragraph, Part
from agenda.models.plans import Barrier, NotYet, Strategy
from agenda.models.rounds import ContactTry, Elector, LastWord, Round
from agenda.models.scenarios import Mark, Scenario, ScenarioSet, Stage
from agenda.models.stances import Stance, TermRemark

__all__ = [
    "AffectedGroup",
    "Ballot",
    "Barrier",
    "Charter",
    "CharterCitation",
    "CharterGoal",
    "CharterVersion",
    "ContactTry",
    "CountedBallot",
    "Decision",
    "Elector",
    "Evidence",
    "FollowerAnswer",
    "Goal",
    "GoalDimension",
    "GroupDistance",
    "HistoryEvent",
    "HistoryWording",
    "Input",
    "InputLink",
    "LastWord",
    "Mark",
    "Method",
    "NotYet",
    "Option",
    "Outcome",
    "Paragraph",
    "Part",
    "Round",
    "Scenario",
    "ScenarioSet",
    "SealedBallot",
    "SeatVoted",
    "Stage",
    "Stance",
    "Strategy",
    "Term",
    "TermRemark",
    "TermSettlement",
    "TermWording",
]
