"""What the affairs that fill the community are told by: each a row of its line's module."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from adapters.demo.ways import NOTHING
from domain.clock import SHANGHAI

SAME_DAY = timedelta(minutes=15)
DAILY = timedelta(days=1)


def when(told: str) -> datetime:
    """`06-15 16:40` of 2012, or `2011-12-05 09:30`, in Shanghai."""
    whole = told if told.count("-") > 1 else f"2012-{told}"
    return datetime.strptime(whole, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


class Then(NamedTuple):
    """Something that happens beside the plain way: a referral, a joint task, a return visit.

    who: by name, of the line's regulars or of the cast.
    """

    at: str
    who: str
    deed: str
    told: Mapping[str, str] = NOTHING


@dataclass(frozen=True, slots=True)
class Case:
    """An affair that comes the plain way into a state, and stands there.

    state: by its name; at: when the affair came into it. resident, door: invented.
    source: 来访, 电话, 走访, 12345热线, 留言板 or 网上申报. area: of the community, 1 to 5.
    pace: at least so much time between two deeds. words: by the label of a field, what is said
        there instead of what the line's affairs say. then: beside the way. by: who registers,
        where it is neither who the line says nor the one whom the source names.
    """

    matter: str
    state: str
    at: str
    resident: str
    door: str
    summary: str
    source: str = "来访"
    area: int = 1
    pace: timedelta = SAME_DAY
    words: Mapping[str, str] = field(default_factory=dict)
    then: tuple[Then, ...] = ()
    by: str = ""


class Session(NamedTuple):
    """A session or venue with places, opened by the front desk."""

    title: str
    matter: str
    venue: str
    capacity: int
    standby: int
    opened: str
    starts: str
    ends: str
