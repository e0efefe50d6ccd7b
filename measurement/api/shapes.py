"""What the API's answers look like: the types of its OpenAPI document."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Field, Schema


class Definition(Schema):
    """One version of what is meant. Numbers name the version they were counted with."""

    number: int
    measure: str = Field(description="proportion, rate or count")
    numerator: str
    denominator: str
    direction: str = Field(description="up: higher is better; down: lower is better")
    scale: int = Field(description="A rate is the numerator of every `scale`.")
    unit: str
    source: str
    since: datetime


class IndicatorLine(Schema):
    slug: str
    code: str = Field(description="The same in every initiative that counts the same thing.")
    name: str
    tier: str
    level: str
    aspect: str
    steward: str
    released_at: datetime | None
    page: str
    cells: str


class IndicatorWhole(IndicatorLine):
    definitions: list[Definition]
    story: str = Field(description="The story behind the numbers of the newest release.")
    protection: dict[str, object] = Field(description="How small groups are protected in it.")


class IndicatorPage(Schema):
    count: int
    page: int
    pages: int
    items: list[IndicatorLine]


class Row(Schema):
    """One public cell. Where a number is null, `sign` says why; a rate of too few people is null
    and unreliable, with its counts beside it.
    """

    indicator: str
    definition: int
    place_code: str
    place: str
    period_kind: str
    period_start: date
    period_end: date = Field(description="The day after its last.")
    breakdown: str = Field(description="Codes of the dimensions, joined by points; empty: all.")
    group_code: str = Field(description="dimension:group, joined by +; empty for everyone.")
    group: str
    numerator: int | None
    denominator: int | None
    denominator_is_approximate: bool | None
    rate: float | None
    rate_per: int | None
    low_95: float | None = Field(description="Low end of the 95 % interval, in the rate's unit.")
    high_95: float | None = Field(description="High end of it.")
    sign: str = Field(
        description=(
            "confidential (hidden to protect people), unreliable (it rests on so few people that "
            "it could easily be another number), not_available or not_applicable; empty: a number "
            "to rely on. An unreliable count is still given."
        )
    )
    sample_size: int | None = Field(description="People really asked, where not everybody was.")
    standard_error: float | None = Field(
        description="Of a survey, in the rate's unit; null where it could lead to a hidden number."
    )
    population_weight: float | None
    evidence_grade: str
    added_up: str = Field(
        description="parent: from the groups that are part of it; two_years: two years together; "
        "empty: handed in as it is"
    )
    release: int
    released_on: date


class RowPage(Schema):
    count: int
    page: int
    pages: int
    items: list[Row]


class Shift(Schema):
    uid: str
    title: str
    level: str
    kind: str
    state: str
    strategies: list[int]
    before: str
    after: str
    since: date | None
    page: str


class ShiftPage(Schema):
    count: int
    page: int
    pages: int
    items: list[Shift]


class Request(Schema):
    uid: str
    indicator: str
    breakdown: str
    holder: str
    state: str
    sent_at: datetime
    due: datetime
    answered_at: datetime | None
    escalated_at: datetime | None
    page: str


class RequestPage(Schema):
    count: int
    page: int
    pages: int
    items: list[Request]


class Trouble(Schema):
    detail: str = Field(description="What is wrong and how to mend it, in the reader's language.")
