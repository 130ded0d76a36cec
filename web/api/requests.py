"""What the API is asked: every field typed and limited, unknown ones refused."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError, PydanticKnownError

from domain.actor import Role
from domain.affair.commands import NIL
from web.api.texts import Code, CodeOrNone, Day, Instant, Line, Note, Said, Telephone, storable


class Asked(BaseModel):
    """What every request shares."""

    model_config = ConfigDict(extra="forbid", frozen=True)


FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


def _value(value: object) -> object:
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return _text(value, LONGEST_RECORDED)
        case list() if len(value) <= MOST_PARTS:
            for part in value:
                if not isinstance(part, str):
                    break
                _text(part, LONGEST_PART)
            else:
                return value
    raise PydanticCustomError("record_value", "a text, a number, true, false or a list of texts")


def _text(value: str, longest: int) -> str:
    if len(value) > longest:
        raise PydanticKnownError("string_too_long", {"max_length": longest})
    return storable(value)


LONGEST_RECORDED = 8_000
LONGEST_FILE = 500_000
LONGEST_PART = 80
MOST_PARTS = 100
_TEXT = {"type": "string", "maxLength": LONGEST_RECORDED}
_PART = {"type": "string", "maxLength": LONGEST_PART}
RecordValue = Annotated[
    Any,
    BeforeValidator(_value),
    WithJsonSchema(
        {
            "anyOf": [
                _TEXT,
                {"type": "number"},
                {"type": "boolean"},
                {"type": "array", "items": _PART, "maxItems": MOST_PARTS},
                {"type": "null"},
            ]
        }
    ),
]
RecordFields = Annotated[
    dict[FieldName, RecordValue],
    Field(
        max_length=60,
        description="The fields that the step asks for, by name: texts, numbers (money best as a "
        "text), true and false, dates and instants as texts, photos and papers as lists of "
        "attachment ids.",
    ),
]


class Registration(Asked):
    """A request that enters the house. Name the area, or the community where there is none.

    `subject`: the resident's own id where the register knows one; without it the personal
    values belong to this affair alone. Who may be contacted gives a telephone or an address,
    unless `subject` or `origin_id` tells who it is; `filed_on_behalf` needs the applicant and
    `behalf_ground`.
    """

    matter: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[0-9]{2}$")]
    source: Literal["hall", "visit", "phone", "message", "mailbox", "hotline", "portal"]
    community: CodeOrNone = ""
    area: CodeOrNone = ""
    summary: Said
    applicant: Line = ""
    subject: UUID | None = None
    telephone: Telephone = ""
    address: Line = ""
    contact_wish: Literal["contact", "anonymous", "none", "deceased", "no_reply"] = "contact"
    origin_id: UUID = NIL
    occurred_at: Instant
    record: RecordFields = Field(default_factory=dict)


class Doing(Asked):
    """A step, an entry or an action: when it happened, and what is recorded."""

    occurred_at: Instant
    record: RecordFields = Field(default_factory=dict)


class Revealing(Asked):
    """Which masked fields of an affair are looked at in clear, by name, and why: a code of the
    policy, and a note where the code has to be explained."""

    fields: Annotated[list[FieldName], Field(max_length=40)] = Field(default_factory=list)
    reason: Annotated[str, StringConstraints(pattern=r"^[a-z_]{0,40}$")] = ""
    note: Note = ""


class AssignmentRequest(Asked):
    """Affairs, by number or id, that one account is made responsible for."""

    affairs: Annotated[
        list[Annotated[Line, StringConstraints(min_length=1, max_length=64)]],
        Field(min_length=1, max_length=100),
    ]
    account: Annotated[Line, StringConstraints(min_length=1, max_length=64)]
    reason: Note = ""
    occurred_at: Instant


class VisitRecord(Asked):
    """A visit to a household."""

    household: UUID
    area: Code
    light: Literal["red", "yellow", "green"]
    kind: Literal["routine", "follow_up", "emergency"]
    outcome: Literal["met", "not_home", "refused"]
    started_at: Instant
    ended_at: Instant
    visitors: Annotated[list[Line], Field(max_length=20)] = Field(default_factory=list)
    interviewee: Line = ""
    seen: Note = ""
    heard: Note = ""
    noted: Note = ""
    findings: Annotated[
        list[Literal["need", "complaint", "suggestion", "hazard", "profile_change", "eligibility"]],
        Field(max_length=20),
    ] = Field(default_factory=list)
    photos: Annotated[list[UUID], Field(max_length=50)] = Field(default_factory=list)
    next_on: Day | None = None


Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]


class OfferingRequest(Asked):
    """A session or a venue whose places can be asked for. `standby`: how many may wait."""

    matter: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[0-9]{2}$")]
    unit: Code
    title: Line
    venue: Line
    capacity: Count
    standby: Count
    starts_at: Instant
    ends_at: Instant
    occurred_at: Instant


class OfferingSize(Asked):
    """Another number of places, and of those who may wait."""

    capacity: Count
    standby: Count
    occurred_at: Instant


class OfferingEnd(Asked):
    """Why a session does not take place."""

    reason: Said
    occurred_at: Instant


class OfferingsQuery(Asked):
    """Which sessions: of a matter, of a unit and those below it, that end later than `since`, by
    default now; cancelled ones too where `cancelled` says so."""

    matter: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[0-9]{2}$")] | None = None
    unit: Code | None = None
    since: Instant | None = None
    cancelled: bool = False


def _cursor(text: str) -> str:
    due, colon, position = text.partition(":")
    if not (colon and _number(due) and _number(position)):
        raise PydanticCustomError("cursor", "a cursor that an answer gave")
    return text


def _number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 19 and int(text) < 2**63


class WorklistQuery(Asked):
    """Which affairs, and how many. `open`: only open ones, only ended ones, or all."""

    line: Code | None = None
    state: Code | None = None
    area: Code | None = None
    assignee: Annotated[str, StringConstraints(max_length=64), AfterValidator(storable)] | None = (
        None
    )
    number: Annotated[str, StringConstraints(max_length=32), AfterValidator(storable)] | None = None
    open: Literal["true", "false", "all"] = "true"
    to_visit: bool | None = None
    due_before: Instant | None = None
    cursor: Annotated[str, StringConstraints(max_length=42), AfterValidator(_cursor)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class StateQuery(Asked):
    """Two moments: what had occurred by the one, and was known by the other."""

    as_of: Instant | None = None
    as_known_at: Instant | None = None


class StatisticsQuery(Asked):
    """A period, both days included, and its cuts. `after`: wait until the views hold the log
    up to this position, which the answer to a command has told."""

    start: Annotated[Day, Field(alias="from")]
    end: Annotated[Day, Field(alias="to")]
    line: Code | None = None
    unit: Code | None = None
    after: Annotated[int, Field(ge=0)] | None = None


def _position(text: str) -> str:
    if not _number(text):
        raise PydanticCustomError("cursor", "a cursor that an answer gave")
    return text


KIND = r"^[a-z_]{1,40}(\.[a-z_]{1,40})?$"
"""A kind of event: its topic without the version, or the first part of it."""


class AuditQuery(Asked):
    """Which rows of the audit trail. `affair`: by number or id. `actor`: by account. `unit`: with
    those below it. `kind`: of event, such as `affair.step_taken`, or all of `affair`. `from`,
    `to`: days on which it was recorded, both included. `after`: wait until the trail holds the
    log up to this position, which the answer to a command has told."""

    affair: Annotated[str, StringConstraints(max_length=64), AfterValidator(storable)] | None = None
    actor: Annotated[str, StringConstraints(max_length=64), AfterValidator(storable)] | None = None
    role: Role | None = None
    unit: Code | None = None
    kind: Annotated[str, StringConstraints(pattern=KIND)] | None = None
    start: Annotated[Day | None, Field(alias="from")] = None
    end: Annotated[Day | None, Field(alias="to")] = None
    cursor: Annotated[str, StringConstraints(max_length=20), AfterValidator(_position)] | None = (
        None
    )
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    after: Annotated[int, Field(ge=0)] | None = None


class LineQuery(Asked):
    """The version in force on a day, or a version by its name; without either, today's."""

    on: Day | None = None
    version: Code | None = None


class DifferencesQuery(Asked):
    """Two versions or drafts. `old`: by default the version in force today."""

    new: Code
    old: Code | None = None


class DraftText(Asked):
    """A line file, word for word, and in one line what is new and why. It is read with the rules
    shared by all lines as they are shipped."""

    text: Annotated[
        str, StringConstraints(min_length=1, max_length=LONGEST_FILE), AfterValidator(storable)
    ]
    note: Annotated[Note, StringConstraints(min_length=1, max_length=500)]
    occurred_at: Instant


class DraftPublication(Asked):
    """Which draft was read, by its number: one that was changed since is not published."""

    draft: Annotated[int, Field(ge=1, le=1_000_000)]
    occurred_at: Instant


class TrialQuery(Asked):
    """Days on which affairs were registered, both included."""

    start: Annotated[Day, Field(alias="from")]
    end: Annotated[Day, Field(alias="to")]


class MigrationQuery(Asked):
    """`from`: only running affairs that go by this version."""

    since: Annotated[Code | None, Field(alias="from")] = None


class MigrationRequest(Asked):
    """Why running affairs are moved, which is recorded on each. `from`: only those that go by this
    version."""

    reason: Said
    since: Annotated[CodeOrNone, Field(alias="from")] = ""
