"""The addresses of the catalogue, agreements, packs and crosswalks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ciforum.people import clock
from ciforum.people.words import Words
from equity.models import Dimension
from measurement.models import Crosswalk, DataAgreement, Indicator
from measurement.models.crosswalks import Pair
from tests import builders
from tests.doors.roles import BACKBONE, everyone, members

TABLE = {
    "measurement:catalogue": ("get", ("initiative",), everyone()),
    "measurement:catalogue_csv": ("get", ("initiative",), everyone()),
    "measurement:agreements": ("get", ("initiative",), members()),
    "measurement:agreement_new": ("get", ("initiative",), members(only=BACKBONE)),
    "measurement:agreement": ("get", ("initiative", "agreement"), members()),
    "measurement:agreement_renew": ("get", ("initiative", "agreement"), members(only=BACKBONE)),
    "measurement:agreement_end": ("get", ("initiative", "agreement"), members(only=BACKBONE)),
    "measurement:agreement_file": ("get", ("initiative", "agreement"), members()),
    "measurement:packs": ("get", ("initiative",), members(only=BACKBONE)),
    "measurement:pack_own": ("get", ("initiative",), members(only=BACKBONE)),
    "measurement:pack_template": ("get", ("initiative",), members(only=BACKBONE)),
    "measurement:pack": ("get", ("initiative",), members(only=BACKBONE)),
    "measurement:indicator_retire": (
        "post", ("initiative", "indicator"), members(302, only=BACKBONE)
    ),
    "measurement:indicator_discard": (
        "post", ("initiative", "indicator"), members(302, only=BACKBONE)
    ),
    "measurement:crosswalks": ("get", ("initiative",), members()),
    "measurement:crosswalk_new": ("get", ("initiative",), members(only=BACKBONE)),
    "measurement:crosswalk_versions": (
        "get", ("initiative", "revised"), members(only=BACKBONE)
    ),
    "measurement:crosswalk": ("get", ("initiative", "crosswalk"), members()),
    "measurement:crosswalk_edit": ("get", ("initiative", "crosswalk"), members(only=BACKBONE)),
}  # fmt: skip


def furnish(house: Any) -> dict[str, Any]:
    """An agreement with its paper, a crosswalk of labels, a dimension in its second version."""
    by = house.people["backbone"]
    agreement = DataAgreement.start(
        initiative=house.initiative,
        by=by,
        indicators=[Indicator.objects.get(initiative=house.initiative, slug="births")],
        others="State Office of Vital Records",
        name=Words(en="Birth records"),
        terms=Words(en="Counts by town and year."),
        starts=clock.now().date(),
        ends=clock.now() + timedelta(days=30),
        file=builders.SimpleUploadedFile("signed.pdf", b"%PDF-1.7"),
    )
    gender = builders.a_dimension(house.initiative, "gender", ("women", "men"))
    crosswalk = Crosswalk.start(
        initiative=house.initiative,
        dimension_code="gender",
        name=Words(en="Labels of the state"),
        pairs=[Pair("F", ("women",))],
        by=by,
    )
    Dimension.revise(gender, by=by)
    return {
        "agreement": agreement.uid,
        "crosswalk": crosswalk.uid,
        "revised": "gender",
    }
