"""Shared measurement: from a partner's file to a release that anyone may read."""

from __future__ import annotations

from measurement.models.agreements import DataAgreement
from measurement.models.causes import Cause
from measurement.models.crosswalks import Crosswalk, CrosswalkEntry
from measurement.models.drafts import GridDraft
from measurement.models.findings import Finding, FindingAuthor
from measurement.models.followers import Follower, WalkMail
from measurement.models.indicators import Indicator, IndicatorVersion
from measurement.models.observations import Grade, Missing, Observation, Stratum, StratumGroup
from measurement.models.public_tables import PublicTable
from measurement.models.reactions import Reaction, Theme
from measurement.models.readings import RowProblem, SavedMapping, SubmissionRow
from measurement.models.releases import Published, Release, ReleaseCell
from measurement.models.requests import DataRequest
from measurement.models.stations import Prompt, Station
from measurement.models.shift_voices import EvidenceGrade, ShiftEvidence, ShiftVoice
from measurement.models.shifts import SystemsShift
from measurement.models.submissions import Submission
from measurement.models.targets import Target
from measurement.models.walks import DataWalk

__all__ = [
    "Cause",
    "Crosswalk",
    "CrosswalkEntry",
    "DataAgreement",
    "DataRequest",
    "DataWalk",
    "EvidenceGrade",
    "Finding",
    "FindingAuthor",
    "Follower",
    "Grade",
    "GridDraft",
    "Indicator",
    "IndicatorVersion",
    "Missing",
    "Observation",
    "Prompt",
    "PublicTable",
    "Published",
    "Reaction",
    "Release",
    "ReleaseCell",
    "RowProblem",
    "SavedMapping",
    "ShiftEvidence",
    "ShiftVoice",
    "Station",
    "Stratum",
    "StratumGroup",
    "Submission",
    "SubmissionRow",
    "SystemsShift",
    "Target",
    "Theme",
    "WalkMail",
]
