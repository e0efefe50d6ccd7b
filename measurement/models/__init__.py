"""Shared measurement: from a partner's file to a release that anyone may read."""

from __future__ import annotations

from measurement.models.agreements import DataAgreement
from measurement.models.causes import Cause
from measurement.models.crosswalks import Crosswalk, CrosswalkEntry
from measurement.models.indicators import Indicator, IndicatorVersion
from measurement.models.observations import Grade, Missing, Observation, Stratum, StratumGroup
from measurement.models.public_tables import PublicTable
from measurement.models.readings import RowProblem, SavedMapping, SubmissionRow
from measurement.models.releases import Published, Release, ReleaseCell
from measurement.models.requests import DataRequest
from measurement.models.submissions import Submission
from measurement.models.targets import Target

__all__ = [
    "Cause",
    "Crosswalk",
    "CrosswalkEntry",
    "DataAgreement",
    "DataRequest",
    "Grade",
    "Indicator",
    "IndicatorVersion",
    "Missing",
    "Observation",
    "PublicTable",
    "Published",
    "Release",
    "ReleaseCell",
    "RowProblem",
    "SavedMapping",
    "Stratum",
    "StratumGroup",
    "Submission",
    "SubmissionRow",
    "Target",
]
