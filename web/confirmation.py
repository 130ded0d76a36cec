"""What the affair page says after something was done from a form: what happened, whose turn it
is now, by when. It is told from the affair itself: the address names no more than the record.
"""

from dataclasses import dataclass

from starlette.requests import Request

from web.deadlines import Deadline
from web.timeline import Timeline
from web.turns import Turn
from web.words import Words

AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """what: what happened. turn: whose turn it is; empty where it is over. yours: the reader's.
    due: by when."""

    what: str
    turn: str
    yours: bool
    due: Deadline


def confirmation(
    request: Request,
    number: str,
    timeline: Timeline,
    turn: Turn,
    due: Deadline,
    words: Words,
    *,
    yours: bool,
) -> Confirmation | None:
    """What is confirmed by `?done=`: the record of that version; None for nothing."""
    done = request.query_params.get("done", "")
    if done == AGAIN:
        return Confirmation(words("done.again"), str(turn), yours, due)
    for moment in timeline.moments:
        if str(moment.version) == done:
            key = "done.registered" if moment.version == 1 else "done.recorded"
            what = words(key, number=number, what=moment.title, version=moment.version)
            return Confirmation(what, str(turn), yours, due)
    return None
