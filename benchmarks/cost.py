"""What evidence and erasure cost: a leaf hash and two sealed fields, in the time of a step."""

import time
from collections.abc import Callable
from statistics import median
from uuid import UUID

from adapters.event_store.leaf import LeafHasher
from adapters.house import House
from adapters.time import Told
from benchmarks.district import opened, settings_of
from benchmarks.places import folder
from benchmarks.report import Row, alone
from benchmarks.steps import LATER, WRITERS, Life, played, prepared
from domain.affair.events import ReturnVisitRecorded
from domain.personal import Personal
from domain.record import Field, Kind, Record

AFFAIRS = 48
TIMES = 7
SUBJECT = UUID("01900000-0000-7000-8000-00000000f001")
COMMENT = "大门口干净了，邻居们都说好。"
METADATA = b"m" * 330
STATE = b"s" * 700
"""As long as they are on average."""


def rows(large: bool = False) -> list[Row]:
    """One row: the dearest case, eight writers on SQLite. `large` changes nothing here."""
    del large
    with folder() as place:
        where = place / "district", ""
        lives = prepared(where, AFFAIRS * TIMES)
        with opened(settings_of(*where), Told(LATER)) as house:
            return [share(house, lives, AFFAIRS)]


def share(house: House, lives: list[Life], affairs: int) -> Row:
    """Per cent of a step's time, each part measured beside the steps of its round."""
    shares, parts = [], []
    for start in range(0, len(lives), affairs):
        run = lives[start : start + affairs]
        began = time.perf_counter()
        played(house, run, WRITERS)
        step = (time.perf_counter() - began) / sum(map(len, run))
        leaf, sealed = _leaf(house), _sealed(house)
        shares.append(100 * (leaf + sealed) / step)
        parts.append((leaf * 1e6, sealed * 1e6, step * 1e6))
    leaf, sealed, step = (median(column) for column in zip(*parts, strict=True))
    return alone(
        "leaf hash and two sealed fields, of a step's time",
        shares,
        target=10.0,
        unit="%",
        at_most=True,
        note=f"{leaf:.1f} µs and {sealed:.1f} µs of {step:.0f} µs, SQLite, {WRITERS} writers",
    )


def _leaf(house: House) -> float:
    hasher = LeafHasher(house.info.log_id)
    topic = b"affair.return_visit_recorded.v1"
    return _seconds(lambda: hasher(1, SUBJECT.bytes, 1, topic, 1, METADATA, STATE))


def _sealed(house: House) -> float:
    """Sealing an event with two values, looking for them included."""
    clear = Personal(SUBJECT, clear=COMMENT)
    event = ReturnVisitRecorded(
        outcome="reached",
        solved="yes",
        rating=5,
        finding="none",
        time_band="morning",
        comment=clear,
        record=Record((Field("comment", Kind.NOTE, clear),)),
        clocks=(),
        by="suqing",
        occurred_at=LATER,
    )
    log_id = house.info.log_id
    return _seconds(
        lambda: house.keys.seal([event], log_id=log_id, stream_id=SUBJECT, first_version=1)
    )


def _seconds(run: Callable[[], object], times: int = 2000) -> float:
    run()
    began = time.perf_counter()
    for _ in range(times):
        run()
    return (time.perf_counter() - began) / times
