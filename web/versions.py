"""Versions of lines as routes ask for them: drafts, trials, moves, within the asker's rights."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.errors import Malformed, NotFound
from web.entrance import reach_any
from web.ports import Office, SignedIn
from web.trials import Move, Trial
from workflows.drafting import DRAFT, PUBLISH
from workflows.machine import CompiledLine
from workflows.rights import EVERYWHERE, VIEW, scope_of
from workflows.trial import Sums, summed

READERS = (DRAFT, PUBLISH)
"""Whoever has one of these rights reads drafts and tries them."""

MOST_TRIED = 200
MOST_MOVED = 100
"""Affairs of one request."""


@dataclass(frozen=True, slots=True)
class TriedMany:
    """A trial of many. registered: how many there are, of which the latest were tried.

    shown: those that would be otherwise and that the reader may view; the others only count.
    """

    registered: int
    sums: Sums
    shown: Sequence[Trial]


@dataclass(frozen=True, slots=True)
class Moves:
    """Running affairs that would be, or were, moved. left: those that are still to be."""

    moves: Sequence[Move]
    left: int

    @property
    def staying(self) -> int:
        """How many cannot move."""
        return sum(bool(one.found.because) for one in self.moves)


def version_named(office: Office, who: SignedIn, code: str, version: str) -> CompiledLine:
    """A version that was published, which is public; or one that is drafted, for whoever may read
    drafts. Raises NotFound, NotAllowed."""
    if any(one.version == version for one in office.line_versions(code)):
        return office.line_version(code, version)
    reach_any(who, READERS)
    return office.drafts.get(code, version).line()


def standing(office: Office, code: str, today: date) -> CompiledLine | None:
    """The version in force today, else the one published last; None for a line that is new."""
    published = office.line_versions(code)
    if not published:
        return None
    try:
        return office.line_in_force(code, today)
    except NotFound:
        return office.line_version(code, published[-1].version)


def tried(office: Office, who: SignedIn, line: CompiledLine, start: date, end: date) -> TriedMany:
    """The latest affairs of these days under a version. Raises NotAllowed, Malformed."""
    reach_any(who, READERS)
    if end < start:
        raise Malformed("to", f"not before {start}")
    trials = office.trials
    known = trials.registered(EVERYWHERE, line.line, start, end)
    found = list(trials.tried(known[:MOST_TRIED], line))
    scope = scope_of(who.actor, VIEW)
    viewed = {one.id for one in trials.registered(scope, line.line, start, end)}
    shown = [
        one for one in found if one.affair.id in viewed and (one.found is None or one.found.differs)
    ]
    return TriedMany(len(known), summed([one.found for one in found]), shown)


def moves(office: Office, who: SignedIn, line: CompiledLine, since: str = "") -> Moves:
    """What would become of the running affairs that the reader may view. Raises NotAllowed."""
    reach_any(who, (PUBLISH,))
    found = office.trials.moves(office.trials.running(who.actor, line.line), line, since=since)
    kept: list[Move] = []
    left = 0
    for one in found:
        if len(kept) < MOST_MOVED:
            kept.append(one)
        else:
            left += 1
    return Moves(kept, left)


def moved(office: Office, who: SignedIn, line: CompiledLine, reason: str, since: str = "") -> Moves:
    """The same, done: each that can move goes on under `line`. Raises NotAllowed, Malformed."""
    if not reason.strip():
        raise Malformed("reason", "say in one line why")
    found = moves(office, who, line, since)
    done = [office.trials.move(one, line, who.actor, reason) for one in found.moves]
    return Moves(done, found.left)
