"""What the API answers, as OpenAPI tells it. Instants are in UTC; a deadline is the first late
instant. Personal values come under their masks."""

from web.answers.affairs import (
    AffairDetail,
    Affairs,
    AffairSummary,
    FollowUp,
    JointTask,
    RunningClock,
    State,
)
from web.answers.assignments import (
    AssignmentResult,
    Assignments,
    Unassigned,
    UnassignedAffair,
)
from web.answers.base import Answer, Name, Person, Unit
from web.answers.figures import Cut, Figure, Period, Statistics
from web.answers.history import ClockChange, History, HistoryEntry, RecordedField
from web.answers.lines import LineDetail, Lines, LineSummary, Matter
from web.answers.offerings import (
    Offering,
    OfferingDetail,
    Offerings,
    OfferingStored,
    PlaceHeld,
    PlacesHeld,
)
from web.answers.options import AskedField, Choice, Option, Options
from web.answers.problem import Fault, ProblemAnswer
from web.answers.reads import Revealed, RevealedValue
from web.answers.receipts import AffairStored, AttachmentStored, Stored, VisitStored
from web.answers.trail import Trail, TrailEntry
from web.answers.versions import (
    ClosedStep,
    Difference,
    Differences,
    LineDraft,
    LineDrafts,
    LineMigration,
    LineStored,
    LineTrial,
    MovedAffair,
    MovedDeadline,
    TriedAffair,
)

__all__ = [
    "AffairDetail",
    "AffairStored",
    "AffairSummary",
    "Affairs",
    "Answer",
    "AskedField",
    "AssignmentResult",
    "Assignments",
    "AttachmentStored",
    "Choice",
    "ClockChange",
    "ClosedStep",
    "Cut",
    "Difference",
    "Differences",
    "Fault",
    "Figure",
    "FollowUp",
    "History",
    "HistoryEntry",
    "JointTask",
    "LineDetail",
    "LineDraft",
    "LineDrafts",
    "LineMigration",
    "LineStored",
    "LineSummary",
    "LineTrial",
    "Lines",
    "Matter",
    "MovedAffair",
    "MovedDeadline",
    "Name",
    "Offering",
    "OfferingDetail",
    "OfferingStored",
    "Offerings",
    "Option",
    "Options",
    "Period",
    "Person",
    "PlaceHeld",
    "PlacesHeld",
    "ProblemAnswer",
    "RecordedField",
    "Revealed",
    "RevealedValue",
    "RunningClock",
    "State",
    "Statistics",
    "Stored",
    "Trail",
    "TrailEntry",
    "TriedAffair",
    "Unassigned",
    "UnassignedAffair",
    "Unit",
    "VisitStored",
]
