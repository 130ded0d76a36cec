"""Indicators of a period."""

from datetime import date

from pydantic import ConfigDict, Field

from web.answers.base import Answer


class Period(Answer):
    """Both days included."""

    model_config = ConfigDict(populate_by_name=True)

    start: date = Field(serialization_alias="from")
    end: date = Field(serialization_alias="to")


class Cut(Answer):
    """What the figures were asked for; empty is no limit but the asker's own reach."""

    line: str
    unit: str


class Figure(Answer):
    """`value` is null where the denominator is 0; `denominator` is null for what is counted."""

    value: float | int | None
    numerator: int
    denominator: int | None


class Statistics(Answer):
    """The indicators of a period. `parked`: streams that cannot be read and are not counted."""

    period: Period
    scope: Cut
    indicators: dict[str, Figure]
    parked: int
