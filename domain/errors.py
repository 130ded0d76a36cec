"""Every way in which the product says no.

Refusal
├── Malformed            the request itself is wrong (field named)
├── MediaTypeWrong       the request is of another media type than the one expected
├── FormTooLong          a form holds more fields or files than are read of one
├── NotFound             no such thing, or not within the asker's scope
│   └── NameUnknown      the line has no step, entry or action of that name (those it has named)
├── NotAllowed           the role has no right to this action
├── SignInRefused        account, password or code do not fit; never which of them
├── SignInOver           the session, or its first half, is over
├── FactorMissing        the password is right, and there is no second factor
├── TooManyTries         so many failed that the next one waits
├── InvitationOver       the link was used, is too old, or never was one
├── NoRoleToday          the account holds no grant that this session acts under
├── FormStale            the form was drawn for another session, or under another role
├── StepNotOpen          the procedure offers no such step now (guard, role or state named)
├── FieldMissing         a step or entry lacks a field that must be recorded
├── FieldInvalid         a recorded field has the wrong shape
├── NotAfterTheLast      occurred_at lies before the previous step or in the future
├── NotPermittedNow      an action does not fit the affair, or the account, as it stands
├── NotForOneself        nobody decides on an account of their own
├── RolesApart           one account may not hold both roles
├── LastOfItsRole        nobody else would hold a role that the district cannot be without
├── MustRecuse           the account was recused: it takes no part in this affair
├── Conflict             the stream has moved on since the asker read it
│   └── VersionMismatch  … and the asker had named the version
├── ClaimHeld            another stream holds the name
├── NoPlaceLeft          an offering has neither a place nor a rank to wait in
├── CommandReused        this command id was used for another request
├── LineInvalid          a line file is malformed or unsound (file, line, remedy)
├── CalendarMissing      no working-day table where one is needed to decide
├── AttachmentRefused    size or type not accepted
├── Unreadable           a stored event cannot be decoded or opened
├── DistrictInUse        other processes have the district open, or one makes it anew
├── MasterKeyMissing     data keys are there, and not the master key that wraps them
├── StorageUnavailable   the database cannot take the command; nothing was stored
│   ├── PlaceUnusable    … because of a file, folder or address that cannot be used
│   ├── MasterKeyWrong   … because its data keys were wrapped by another master key
│   └── ViewOutdated     … because a view's table is of another version than the program
└── OutcomeUnknown       connection lost while committing; ask again with the same id
"""

from collections.abc import Sequence
from uuid import UUID

from domain.missing import Missing


class Refusal(Exception):
    """The product says no, and nothing was stored."""

    code = "refused"


class Malformed(Refusal):
    """A value in the request cannot be accepted. `field` is the caller's own name for it."""

    code = "malformed"

    def __init__(self, field: str, because: str) -> None:
        super().__init__(f"{field}: {because}")
        self.field, self.because = field, because


class MediaTypeWrong(Refusal):
    """The request says that its body is of another media type than the one expected."""

    code = "unsupported-media-type"

    def __init__(self, expected: str) -> None:
        super().__init__(f"expected {expected}")
        self.expected = expected


class FormTooLong(Refusal):
    """A form holds more than is read of one. what: `fields` or `files`; most: so many at most."""

    code = "form-too-long"

    def __init__(self, what: str, most: int) -> None:
        super().__init__(f"at most {most} {what} in one form")
        self.what, self.most = what, most


class NotFound(Refusal):
    """No such thing, or not one that the asker may know of: the same answer for both."""

    code = "not-found"

    def __init__(self, what: str, key: object) -> None:
        super().__init__(f"no {what} {key}")
        self.what, self.key = what, str(key)


class NameUnknown(NotFound):
    """A line has no step, entry or action (`what`) of that name. known: those that it has."""

    code = "name-unknown"

    def __init__(self, what: str, key: str, line: str, known: Sequence[str]) -> None:
        super().__init__(what, key)
        self.line, self.known = line, ", ".join(known)


class NotAllowed(Refusal):
    """The actor's role has no right to this action on this resource."""

    code = "not-allowed"

    def __init__(self, action: str, role: str) -> None:
        super().__init__(f"{role} may not {action}")
        self.action, self.role = action, role


class SignInRefused(Refusal):
    """Account, password or code do not fit. The same for a wrong one and for an unknown one."""

    code = "sign-in-refused"


class SignInOver(Refusal):
    """The session, or its first half, is over: sign in anew."""

    code = "sign-in-over"


class FactorMissing(Refusal):
    """The password is right, but staff need a second factor and the account has none."""

    code = "factor-missing"


class TooManyTries(Refusal):
    """So many tries failed that the next one waits for `minutes`."""

    code = "too-many-tries"

    def __init__(self, minutes: int) -> None:
        super().__init__(f"too many tries: wait {minutes} min")
        self.minutes = minutes


class InvitationOver(Refusal):
    """The invitation was used, is too old, or never was one."""

    code = "invitation-over"


class NoRoleToday(Refusal):
    """The grant that the session acts under is worth nothing today."""

    code = "no-role-today"

    def __init__(self, account: str) -> None:
        super().__init__(f"{account} holds no role here today")
        self.account = account


class FormStale(Refusal):
    """The form was drawn for another session, or for another role of its holder."""

    code = "form-stale"


class StepNotOpen(Refusal):
    """The procedure offers no such step now; `because` names the guard, role or state.

    missing: what the guard finds missing. own: the line's own words for it, Chinese and English.
    """

    code = "step-not-open"

    def __init__(
        self,
        step: str,
        because: str,
        missing: Sequence[Missing] = (),
        own: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(f"{step} is not open: {because}")
        self.step, self.because = step, because
        self.missing, self.own = tuple(missing), own


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
    """A state-neutral action (refer, suspend, extend …) does not fit the affair as it stands, or
    what is asked of an account does not fit the account.

    missing, own: as for StepNotOpen.
    """

    code = "not-permitted-now"

    def __init__(
        self,
        action: str,
        because: str,
        missing: Sequence[Missing] = (),
        own: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(f"{action}: {because}")
        self.action, self.because = action, because
        self.missing, self.own = tuple(missing), own


class NotForOneself(Refusal):
    """Nobody opens, closes, grants or withdraws for an account of their own."""

    code = "not-for-oneself"

    def __init__(self, action: str, account: str) -> None:
        super().__init__(f"{action}: {account} is the asker's own account")
        self.action, self.account = action, account


class RolesApart(Refusal):
    """Administrator, security administrator and auditor hold no other role on the same day."""

    code = "roles-apart"

    def __init__(self, role: str, held: str) -> None:
        super().__init__(f"{role} and {held} are never held by one account on one day")
        self.role, self.held = role, held


class LastOfItsRole(Refusal):
    """Somebody else has to hold the role without a last day before this grant can end."""

    code = "last-of-its-role"

    def __init__(self, role: str) -> None:
        super().__init__(f"nobody else holds {role} without a last day; grant it to another first")
        self.role = role


class MustRecuse(Refusal):
    """The account was recused from this affair: it neither works on it nor is assigned to it."""

    code = "must-recuse"

    def __init__(self, account: str) -> None:
        super().__init__(f"{account} was recused from this affair")
        self.account = account


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


class NoPlaceLeft(Refusal):
    """An offering has no place, or no rank to wait in, for this affair. offering: its title."""

    code = "no-place-left"

    def __init__(self, offering: str) -> None:
        super().__init__(f"{offering}: no place is left")
        self.offering = offering


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
    """Size, count or type of an attachment is not accepted. field: of the form it came in."""

    code = "attachment-refused"
    field = "file"

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


class DistrictInUse(Refusal):
    """The files of a district are not replaced under a process that has them open, nor opened
    while they are replaced.

    place: the data folder or the database. holders: process ids, as far as they are known.
    alone: whether the asker wanted the place for itself.
    """

    code = "district-in-use"

    def __init__(self, place: str, holders: Sequence[int], alone: bool) -> None:
        self.place, self.alone = place, alone
        self.holders = ", ".join(map(str, holders)) or "?"
        super().__init__(
            f"{place} is open in other processes (pid {self.holders}): stop tenlines serve, "
            "tenlines worker and other commands there first"
            if alone
            else f"{place} is being replaced by another process (pid {self.holders}): "
            "wait until it has ended"
        )


class MasterKeyMissing(Refusal):
    """The master key of a district is not where it should lie. None is made in its stead."""

    code = "master-key-missing"

    def __init__(self, path: object) -> None:
        super().__init__(f"the master key {path} is missing: put it back; no other opens the keys")
        self.path = str(path)


class StorageUnavailable(Refusal):
    """The database cannot take the command now (disk full, no connection); nothing was stored."""

    code = "storage-unavailable"


class PlaceUnusable(StorageUnavailable):
    """A file, a folder or an address cannot be used; `because` is the system's own word for it."""

    code = "place-unusable"

    def __init__(self, place: object, because: object) -> None:
        self.place = str(place)
        self.because = getattr(because, "strerror", None) or str(because)
        super().__init__(f"{self.place}: {self.because}")


class MasterKeyWrong(StorageUnavailable):
    """The data keys were wrapped by another master key than the one that lies there."""

    code = "master-key-wrong"

    def __init__(self, path: object) -> None:
        super().__init__(
            f"the master key {path} is not the one that wrapped this district's keys: "
            "put the right one there and start anew"
        )
        self.path = str(path)


class ViewOutdated(StorageUnavailable):
    """The table of a view was made by another version of its fold: nothing is added to it.

    stored: version of the table, 0 where it was never built. ours: of this program.
    """

    code = "view-outdated"

    def __init__(self, view: str, stored: int, ours: int) -> None:
        super().__init__(
            f"view {view} stands at version {stored}, this program has version {ours}; "
            "run tenlines rebuild --outdated"
        )
        self.view, self.stored, self.ours = view, stored, ours


class OutcomeUnknown(Refusal):
    """The connection was lost while committing. Ask again with the same command id."""

    code = "outcome-unknown"

    def __init__(self, command_id: UUID) -> None:
        super().__init__(f"outcome of command {command_id} unknown")
        self.command_id = command_id
