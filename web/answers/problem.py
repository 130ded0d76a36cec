"""Why not."""

from pydantic import BaseModel, ConfigDict

from web.answers.base import Answer
from web.answers.history import HistoryEntry


class Fault(Answer):
    """A field of a request, and what is wrong with it."""

    field: str
    because: str


class ProblemAnswer(BaseModel):
    """Why not (RFC 9457). Further members name what stands in the way, such as `field`,
    `step`, `because`, `missing`, `expected`, `actual`, and `since`: what changed
    meanwhile, by whom."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None
    because: str | None = None
    step: str | None = None
    errors: list[Fault] | None = None
    since: list[HistoryEntry] | None = None
