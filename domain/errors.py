"""Every way in which the product says no.

Refusal
├── Malformed            the request itself is wrong (field named)
├── NotFound             no such thing, or not within the asker's scope
├── NotAllowed           the role has no right to this action
├── StepNotOpen          the procedure offers no such step now (guard, role or state named)
├── FieldMissing         a step or entry lacks a field that must be recorded
├── FieldInvalid         a recorded field has the wrong shape
├── NotAfterTheLast      occurred_at lies before the previous step or in the future
├── NotPermittedNow      a state-neutral action does not fit the affair as it stands
├── Conflict             the stream has moved on since the asker read it
│   └── VersionMismatch  … and the asker had named the version
├── ClaimHeld            another stream holds the name
├── CommandReused        this command id was used for another request
├── LineInvalid          a line file is malformed or unsound (file, line, remedy)
├── CalendarMissing      no working-day table where one is needed to decide
├── AttachmentRefused    size or type not accepted
├── Unreadable           a stored event cannot be decoded or opened
├── StorageUnavailable   the database cannot take the command; nothing was stored
└── OutcomeUnknown       connection lost while committing; ask again with the same id
"""

from collections.abc import Sequence
from uuid import UUID


class Refusal(Exception):
    """The product says no, and nothing was stored."""

    code = "refused"


class Malformed(Refusal):
    """A value in the request cannot be accepted. `field` is the caller's own name for it."""

    code = "malformed"

    def __init__(self, field: str, because: str) -> None:
        super().__init__(f"{field}: {because}")
        self.field, self.because = field, because


class NotFound(Refusal):
    """No such thing, or not one that the asker may know of: the same answer for both."""

    code = "not-found"

    def __init__(self, what: str, key: object) -> None:
        super().__init__(f"no {what} {key}")
        self.what, self.key = what, str(key)


class NotAllowed(Refusal):
    """The actor's role has no right to this action on this resource."""

    code = "not-allowed"

    def __init__(self, action: str, role: str) -> None:
        super().__init__(f"{role} may not {action}")
        self.action, self.role = action, role


class StepNotOpen(Refusal):
    """The procedure offers no such step now; `because` names the guard, role or state."""

    code = "step-not-open"

    def __init__(self, step: str, because: str) -> None:
        super().__init__(f"{step} is not open: {because}")
        self.step, self.because = step, because


class FieldMissing(Refusal):
    """A step or entry needs `field`, and the record does not have it."""

    code = "field-missing"

    def __init__(self, step: str, field: str) -> None:
        super().__init__(f"{step} needs {field}")
        self.step, self.field = step, field


class FieldInvalid(Refusal):
    """A recorded field has the wrong shape; `because` says which shape is wanted."""

    code = "field-invalid"

    def __init__(self, step: str, field: str, because: str) -> None:
        super().__init__(f"{step}: {field}: {because}")
        self.step, self.field, self.because = step, field, because


class NotAfterTheLast(Refusal):
    """What happened cannot lie before the previous step (`earliest`) nor after now (`latest`)."""

    code = "not-after-the-last"

    def __init__(self, occurred_at: object, earliest: object, latest: object) -> None:
        super().__init__(f"{occurred_at} is not between {earliest} and {latest}")
        self.occurred_at, self.earliest, self.latest = occurred_at, earliest, latest


class NotPermittedNow(Refusal):
    """A state-neutral action (refer, suspend, extend …) does not fit the affair as it stands."""

    code = "not-permitted-now"

    def __init__(self, action: str, because: str) -> None:
        super().__init__(f"{action}: {because}")
        self.action, self.because = action, because


class Conflict(Refusal):
    """The stream has moved on: somebody else stored events first."""

    code = "conflict"

    def __init__(self, stream_id: UUID, expected: int, actual: int) -> None:
        super().__init__(f"stream {stream_id}: expected version {expected}, found {actual}")
        self.stream_id, self.expected, self.actual = stream_id, expected, actual


class VersionMismatch(Conflict):
    """The asker named the version it had read; `since` tells what changed meanwhile, by whom."""

    code = "version-mismatch"

    def __init__(
        self, stream_id: UUID, expected: int, actual: int, since: Sequence[object]
    ) -> None:
        super().__init__(stream_id, expected, actual)
        self.since = tuple(since)


class ClaimHeld(Refusal):
    """Another stream holds the name."""

    code = "claim-held"

    def __init__(self, name: str, holder: UUID) -> None:
        super().__init__(f"{name} is held by {holder}")
        self.name, self.holder = name, holder


class CommandReused(Refusal):
    """This command id was stored before, for another request."""

    code = "command-reused"

    def __init__(self, command_id: UUID) -> None:
        super().__init__(f"command {command_id} was used for another request")
        self.command_id = command_id


class LineInvalid(Refusal):
    """A line file is malformed or unsound. Each fault is (file, line number, wrong, remedy)."""

    code = "line-invalid"

    def __init__(self, faults: Sequence[tuple[str, int, str, str]]) -> None:
        super().__init__("; ".join(f"{f}:{n}: {w} ({r})" for f, n, w, r in faults))
        self.faults = tuple(faults)


class CalendarMissing(Refusal):
    """A working-day table is needed for `year` and has not been imported."""

    code = "calendar-missing"

    def __init__(self, year: int) -> None:
        super().__init__(f"no working-day table for {year}")
        self.year = year


class AttachmentRefused(Refusal):
    """Size, count or type of an attachment is not accepted."""

    code = "attachment-refused"

    def __init__(self, name: str, because: str) -> None:
        super().__init__(f"{name}: {because}")
        self.name, self.because = name, because


class Unreadable(Refusal):
    """A stored event cannot be decoded: its stream is parked and shown, the others go on."""

    code = "unreadable"

    def __init__(self, topic: str, stream_id: UUID, version: int, because: str) -> None:
        super().__init__(f"{topic} at {stream_id}/{version}: {because}")
        self.topic, self.stream_id, self.version = topic, stream_id, version
        self.because = because


class StorageUnavailable(Refusal):
    """The database cannot take the command now (disk full, no connection); nothing was stored."""

    code = "storage-unavailable"


class OutcomeUnknown(Refusal):
    """The connection was lost while committing. Ask again with the same command id."""

    code = "outcome-unknown"

    def __init__(self, command_id: UUID) -> None:
        super().__init__(f"outcome of command {command_id} unknown")
        self.command_id = command_id
