"""Commands by chance, for hypothesis: any deed of the line and none of it, well and badly asked."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from domain.actor import Actor, Role
from domain.affair.commands import Act, Command, Expire, RecordEntry, Register, TakeStep
from domain.affair.state import ENDS
from domain.clock import SHANGHAI
from domain.record import Kind
from tests.builders.affairs import (
    AFFAIR,
    ANOTHER,
    AREA,
    CG,
    CITY_MANAGEMENT,
    COMMUNITY,
    PHOTO,
    SANITATION,
    asks,
)
from workflows.fields import FieldSpec
from workflows.ways import Way

PEOPLE = ("linxiaohe", "zhoumin", "suqing", "zhenglan", "gaoyuan", "hansong", "liheng")
UNITS = (AREA, COMMUNITY, CITY_MANAGEMENT, SANITATION, "370103", "")

ACTORS = st.builds(
    Actor,
    account=st.sampled_from(PEOPLE),
    role=st.sampled_from(Role),
    unit=st.sampled_from(UNITS),
)

RUBBISH = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.decimals(),
    st.text(max_size=20),
    st.binary(max_size=8),
    st.dates(),
    st.datetimes(),
    st.uuids(),
    st.lists(st.one_of(st.text(max_size=5), st.integers(), st.uuids()), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


def values(spec: FieldSpec, at: datetime) -> st.SearchStrategy[object]:
    """Values that a field takes."""
    samples: dict[Kind, tuple[object, ...]] = {
        Kind.TEXT: ("2011-12",),
        Kind.ACCOUNT: ("suqing",),
        Kind.NOTE: ("说明",),
        Kind.PERSON: ("张桂芬",),
        Kind.NUMBER: (1, "2", Decimal(3)),
        Kind.MONEY: ("300.00",),
        Kind.DATE: ((at + timedelta(days=3)).date(), date(2011, 8, 1), "2011-08-15"),
        Kind.INSTANT: (at,),
        Kind.CHOICE: tuple(spec.choices) or ("none",),
        Kind.FLAG: (True, True, False),
        Kind.UNIT: (CITY_MANAGEMENT, SANITATION),
        Kind.UNITS: ([SANITATION],),
        Kind.PLACE: ("116.99,36.63",),
        Kind.PHOTOS: ([PHOTO],),
        Kind.PAPERS: ([PHOTO],),
        Kind.REFERENCE: (str(ANOTHER), ANOTHER),
        Kind.OFFERING: (str(ANOTHER), ANOTHER),
    }
    return st.sampled_from(samples[spec.kind])


@st.composite
def records(draw: st.DrawFn, way: Way, at: datetime, role: Role) -> dict[str, object]:
    """What is recorded: mostly as the line asks, sometimes not."""
    reader = way.reader("CG01", role) if "CG01" in way.forms else None
    found: dict[str, object] = {}
    for spec in reader.specs if reader else ():
        if draw(st.integers(0, 19)) < (19 if spec.required else 6):
            found[spec.name] = draw(values(spec, at))
    if draw(st.integers(0, 19)) == 0:
        names = [*found, "colour", "clock", ""]
        found[draw(st.sampled_from(names))] = draw(RUBBISH)
    return found


def registrations(at: datetime) -> st.SearchStrategy[Register]:
    """Requests, possible ones and others."""
    return st.builds(
        Register,
        command_id=st.just(AFFAIR),
        by=ACTORS,
        occurred_at=st.sampled_from((at, at - timedelta(days=1), at + timedelta(days=1))),
        affair_id=st.just(AFFAIR),
        matter=st.sampled_from((*CG.spec.matters, "CG99", "", "MZ01")),
        source=st.sampled_from(("hall", "visit", "pigeon", "")),
        community=st.just(COMMUNITY),
        area=st.just(AREA),
        summary=st.sampled_from(("小区门口堆放废品", " ", "")),
        applicant=st.sampled_from(("张桂芬", "")),
        contact_wish=st.sampled_from(("contact", "anonymous", "none", "never")),
        record=st.one_of(
            st.just({}), st.dictionaries(st.sampled_from(("place", "photos", "x")), RUBBISH)
        ),
    )


@st.composite
def commands(draw: st.DrawFn, now: datetime, state: str) -> Command:
    """Something that somebody asks of an affair in this state, at or about now."""
    by = draw(ACTORS)
    at = now + timedelta(minutes=draw(st.sampled_from((*[0] * 20, -3, 3, -100000))))
    asked: dict[str, Any] = {**asks(by, at), "affair_id": AFFAIR}
    kind = draw(st.sampled_from(("step", "step", "step", "entry", "action", "expire", "unknown")))
    match kind:
        case "step":
            way = draw(st.sampled_from(_near(CG.steps, state)))
            by = asked["by"] = draw(likely(by, way))
            return TakeStep(**asked, step=way.id, record=draw(records(way, at, by.role)))
        case "entry":
            way = draw(st.sampled_from(_near(CG.entries, state)))
            by = asked["by"] = draw(likely(by, way))
            return RecordEntry(**asked, entry=way.id, record=draw(records(way, at, by.role)))
        case "action":
            way = draw(st.sampled_from(_near(CG.actions, state)))
            by = asked["by"] = draw(likely(by, way))
            return Act(**asked, action=way.id, record=draw(records(way, at, by.role)))
        case "expire":
            return Expire(
                **asked,
                clock=draw(st.sampled_from([spec.name for spec in CG.spec.all_clocks()])),
                colour=draw(st.sampled_from(("yellow", "red", "timer"))),
                due_at=draw(st.sampled_from((at, datetime(2011, 7, 26, tzinfo=SHANGHAI)))),
            )
        case _:
            name = draw(st.sampled_from(("G99", "", "G1", "persuasion", "refer")))
            return draw(
                st.sampled_from(
                    (
                        TakeStep(**asked, step=name),
                        RecordEntry(**asked, entry=name),
                        Act(**asked, action=name),
                    )
                )
            )


def likely(by: Actor, way: Way) -> st.SearchStrategy[Actor]:
    """Somebody in one of the roles that may, mostly."""
    roles = sorted(way.by | way.behalf)
    return st.sampled_from((*roles, *roles, *roles, by.role)).map(
        lambda role: Actor(account=by.account, role=role, unit=by.unit)
    )


# Those that lead on from here come often, ends seldom, so that lives go on.
def _near(ways: dict[str, Way], state: str) -> list[Way]:
    here = [way for way in ways.values() if state in way.sources and way.to not in ENDS]
    return [*here * (1 + len(ways) // (1 + len(here))), *ways.values()]
