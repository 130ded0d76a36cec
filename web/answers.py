"""What the API answers, as OpenAPI tells it. Instants are in UTC; a deadline is the first late
instant. Personal values come under their masks."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class Answer(BaseModel):
    """What every answer shares."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Name(Answer):
    """A name in both languages."""

    zh: str
    en: str


class Person(Answer):
    """Staff: the account, and the name that is shown for it."""

    account: str
    name: str


class Unit(Answer):
    """A unit: its code, and the name it bears now; the code again where it has none here."""

    code: str
    name: str


class Stored(Answer):
    """The receipt of a command. `position` is that of its last event, `version` that of the
    stream now. `repeated`: the same command was stored before, and this is its first answer."""

    command_id: UUID
    position: int
    version: int
    recorded_at: datetime
    repeated: bool


class AffairStored(Stored):
    """The receipt of a command on an affair."""

    affair_id: UUID
    number: str


class VisitStored(Stored):
    """The receipt of a visit."""

    visit_id: UUID


class RunningClock(Answer):
    """A clock that can fall due. `provisional`: the calendar of a year is missing."""

    name: str
    kind: str
    due_at: datetime
    warn_at: datetime
    provisional: bool


class AffairSummary(Answer):
    """An affair as a list shows it. `due_at` is null where no clock runs."""

    id: UUID
    number: str
    line: str
    matter: str
    state: str
    open: bool
    community: Unit
    area: Unit | None
    lead_unit: Unit
    assignee: Person | None
    level: str
    restricted: bool
    suspended: bool
    to_visit: bool
    round: int
    summary: str
    registered_at: datetime
    entered_at: datetime
    last_at: datetime
    due_at: datetime | None
    due_clock: str
    clocks: list[RunningClock]
    version: int
    position: int


class Affairs(Answer):
    """A page of the worklist, those due first. `next` is the cursor of the next page."""

    items: list[AffairSummary]
    next: str | None


class JointTask(Answer):
    """What a joint unit was asked for."""

    task: int
    unit: Unit
    done: bool


class FollowUp(Answer):
    """Return visits and attempts at one. A rating is 1 to 5, null where there is none."""

    visits: int
    attempts: int
    outcome: str
    rating: int | None
    first_rating: int | None
    solved: str
    finding: str


class AffairDetail(AffairSummary):
    """An affair with its facts. `facts` are the latest recorded values that are not personal."""

    state_name: Name
    matter_name: Name
    line_name: Name
    line_version: str
    source: str
    origin_id: UUID | None
    contact_wish: str
    applicant: str
    telephone: str
    address: str
    registered_by: Person
    accepted_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    archived_at: datetime | None
    retention: str
    merged_into: UUID | None
    referral: Unit | None
    joint: list[JointTask]
    questions: list[str]
    supervision_orders: int
    supervision_orders_answered: int
    reworks: int
    follow_up: FollowUp
    attachments: list[UUID]
    facts: dict[str, str]


class RecordedField(Answer):
    """A recorded field. Notes are open to whoever may see the affair, persons are masked."""

    name: str
    kind: str
    value: str | bool | list[str]


class ClockChange(Answer):
    """What an event did to a clock; `due_at` is null where it stopped or stands still."""

    name: str
    change: str
    kind: str
    started_at: datetime
    due_at: datetime | None
    calendar: str


class HistoryEntry(Answer):
    """An event. `event` holds what it says besides, under the masks; `what` is the step, entry
    or action. Where a stored event cannot be read, `unreadable` says so and the rest is empty."""

    position: int
    version: int
    topic: str
    what: str
    name: Name | None
    by: Person | None
    role: str
    unit: Unit | None
    occurred_at: datetime | None
    recorded_at: datetime
    command_id: UUID | None
    causation_id: int
    left: str
    to: str
    event: dict[str, Any]
    record: list[RecordedField]
    clocks: list[ClockChange]
    unreadable: bool = False


class History(Answer):
    """Every event of an affair in order."""

    affair_id: UUID
    number: str
    version: int
    items: list[HistoryEntry]


class State(Answer):
    """The affair folded from what had occurred by `as_of` and was known by `as_known_at`; null
    asks for everything. `state` is the affair as decisions read it, without personal values."""

    affair_id: UUID
    number: str
    as_of: datetime | None
    as_known_at: datetime | None
    version: int
    state: dict[str, Any]


class Choice(Answer):
    """One value of a choice."""

    code: str
    name: Name


class AskedField(Answer):
    """A field that is asked for."""

    name: str
    kind: str
    label: Name
    required: bool
    choices: list[Choice]
    min: int | None
    max: int | None
    help: Name | None


class Option(Answer):
    """A step, entry or action, whether it is open to the asker now, and if not, why not.

    `because` is `state`, `role`, `right` or the guard in the way, and `because_text` says it in
    the language asked for. `depends`: guards that what is recorded will decide.
    """

    id: str
    action: str
    kind: str
    name: Name
    to: str
    law: str
    open: bool
    because: str
    because_text: str
    depends: list[str]
    by: list[str]
    fields: list[AskedField]


class Options(Answer):
    """What can be done with an affair."""

    affair_id: UUID
    number: str
    version: int
    state: str
    steps: list[Option]
    entries: list[Option]
    actions: list[Option]


class AttachmentStored(Answer):
    """A kept photo or paper; its id is what a record of photos names."""

    id: UUID
    affair_id: UUID
    media_type: str
    size: int


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
    """The indicators of a period."""

    period: Period
    scope: Cut
    indicators: dict[str, Figure]


class Matter(Answer):
    """A kind of request within a line."""

    code: str
    name: Name
    materials: list[Name]


class LineSummary(Answer):
    """A line of service as it is in force."""

    code: str
    version: str
    name: Name
    valid_from: date
    valid_to: date | None
    matters: list[Matter]


class Lines(Answer):
    """The lines in force today."""

    items: list[LineSummary]


class LineDetail(LineSummary):
    """A version of a line; `definition` is all that was published, common rules included."""

    definition: dict[str, Any]


class Fault(Answer):
    """A field of a request, and what is wrong with it."""

    field: str
    because: str


class ProblemAnswer(BaseModel):
    """Why not (RFC 9457). Further members name what stands in the way, such as `field`,
    `step`, `because`, `expected`, `actual`, and `since`: what changed meanwhile, by whom."""

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
