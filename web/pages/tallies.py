"""The four tallies of the inbox, each a link to what it counts."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from domain.clock import SHANGHAI, local_day
from web.ports import Counts

KEYS = ("late", "today", "new", "visit")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many, and where they are listed."""

    key: str
    count: int
    address: str


def tallies_of(counts: Counts) -> list[Tally]:
    """The tallies, the most urgent first."""
    return [Tally(key, getattr(counts, key), f"/?due={key}") for key in KEYS]


def midnight(now: datetime) -> datetime:
    """The end of today, Asia/Shanghai."""
    return datetime.combine(local_day(now) + timedelta(days=1), time(), SHANGHAI)
