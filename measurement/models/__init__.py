"""Shared measurement: from a partner's file to a release that anyone may read."""

from __future__ import annotations

from measurement.models.agreements import DataAgreement
from measurement.models.boards import Board
from measurement.models.causes import Cause
from measurement.models.crosswalks import Crosswalk, CrosswalkEntry
from measurement.models.curve import Against, Comparison, CurveNote, Question
from measurement.models.drafts import GridDraft
from measurement.models.duties import OWED, DutyHandIn, DutyNote, Reason, ReportDuty, Standing
from measurement.models.duty_rules import (
    Frequency,
    ReminderMute,
    ReminderSchedule,
    ReportingRule,
    ReportReminder,
)
from measurement.models.embeddings import Embedding
from measurement.models.findings import Finding, FindingAuthor
from measurement.models.followers import Follower, WalkMail
from measurement.models.indicators import Indicator, IndicatorVersion
from measurement.models.maps import HistoricMap
from measurement.models.observations import Grade, Missing, Observation, Stratum, StratumGroup
from measurement.models.panels import Panel
from measurement.models.public_tables import PublicTable
from measurement.models.reactions import Reaction, Theme
from measurement.models.readings import RowProblem, SavedMapping, SubmissionRow
from measurement.models.releases import Published, Release, ReleaseCell
from measurement.models.requests import DataRequest

from measurement.models.request_steps import PolicyAsk, RequestSigner, RequestStep  # isort: skip
from measurement.models.restatements import Confirmation, RestatedNumber, Restatement
from measurement.models.shift_voices import EvidenceGrade, ShiftEvidence, ShiftVoice
from measurement.models.shifts import SystemsShift
from measurement.models.stations import Prompt, Station
from measurement.models.submissions import Submission
from measurement.models.targets import Target
from measurement.models.walks import DataWalk
from measurement.models.withholdings import PublicNumbers, Withholding

__all__ = [
    "OWED",
    "Against",
    "Board",
    "Cause",
    "Comparison",
    "Confirmation",
    "Crosswalk",
    "CrosswalkEntry",
    "CurveNote",
    "DataAgreement",
    "DataRequest",
    "DataWalk",
    "DutyHandIn",
    "DutyNote",
    "Embedding",
    "EvidenceGrade",
    "Finding",
    "FindingAuthor",
    "Follower",
    "Frequency",
    "Grade",
    "GridDraft",
    "HistoricMap",
    "Indicator",
    "IndicatorVersion",
    "Missing",
    "Observation",
    "Panel",
    "PolicyAsk",
    "Prompt",
    "PublicNumbers",
    "PublicTable",
    "Published",
    "Question",
    "Reaction",
    "Reason",
    "Release",
    "ReleaseCell",
    "ReminderMute",
    "ReminderSchedule",
    "ReportDuty",
    "ReportReminder",
    "ReportingRule",
    "RequestSigner",
    "RequestStep",
    "RestatedNumber",
    "Restatement",
    "RowProblem",
    "SavedMapping",
    "ShiftEvidence",
    "ShiftVoice",
    "Standing",
    "Station",
    "Stratum",
    "StratumGroup",
    "Submission",
    "SubmissionRow",
    "SystemsShift",
    "Target",
    "Theme",
    "WalkMail",
    "Withholding",
]
