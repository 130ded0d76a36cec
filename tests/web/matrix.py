"""The district of the matrix: the same roles, and three places for each to reach or not to reach.

What a role may see follows from `workflows/rights.yaml` alone. The letters of its reach are
written out here as places, and nothing of `workflows.rights` is asked: S is what somebody
registered, a what somebody was given, A to D a unit with its siblings and what is foreign to both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import httpx2
import yaml

from adapters.staff import Entry, hire
from domain.actor import SYSTEM, Role
from domain.commands import OpenOffering, PublishLine, RegisterUnit
from tests.web.district import (
    AREA,
    AREA_2,
    CITY_MANAGEMENT,
    COMMUNITY,
    FOUNDED,
    PEOPLE,
    SANITATION,
    THEIR_AREA,
    District,
    at,
    browser,
    png,
    standing,
)
from tests.web.forms import ORIGIN
from workflows.loading import FOLDER, load
from workflows.publication import defined
from workflows.rights import MATRIX

RIGHTS: Mapping[str, Mapping[str, str]] = yaml.safe_load(MATRIX.read_text("utf-8"))["actions"]

Where = Literal["own", "sibling", "foreign"]
WHERE: tuple[Where, ...] = ("own", "sibling", "foreign")
Verdict = Literal["passes", "no right", "out of reach"]

# --- places --------------------------------------------------------------------------------------

STREET_2, DISTRICT_2, DISTRICT_3 = "370103009001-01", "370104001001-01", "370203001001-01"

MORE_UNITS = (
    ("370103009", "street", "泺源街道", "370103"),
    ("370103009001", "community", "泺源社区", "370103009"),
    (STREET_2, "area", "泺源第一片区", "370103009001"),
    ("370104", "district", "槐荫区", ""),
    ("370104001", "street", "振兴街街道", "370104"),
    ("370104001001", "community", "振兴街社区", "370104001"),
    (DISTRICT_2, "area", "振兴街第一片区", "370104001001"),
    ("370203", "district", "市北区", ""),
    ("370203001", "street", "大港街道", "370203"),
    ("370203001001", "community", "大港社区", "370203001"),
    (DISTRICT_3, "area", "大港第一片区", "370203001001"),
)

# A role by the level of its unit: the area of its own, of a sibling, of neither.
PLACES: Mapping[str, tuple[str, str, str]] = {
    "A": (AREA, AREA_2, THEIR_AREA),
    "K": (AREA, THEIR_AREA, STREET_2),
    "T": (AREA, STREET_2, DISTRICT_2),
    "D": (AREA, DISTRICT_2, DISTRICT_3),
}
"""Of a community worker the sibling is the next area, of a street officer the next street."""

LEVELS: Mapping[Role, str] = {
    Role.CW: "A", Role.FD: "K", Role.MED: "K", Role.CD: "K", Role.SC: "T", Role.SL: "T",
    Role.SRV: "T",
}  # fmt: skip
"""Where the unit of a role stands; all others serve the district."""

# --- people --------------------------------------------------------------------------------------

DIRECTORS = {
    STREET_2: "fangjun",
    DISTRICT_2: "tangwei",
    DISTRICT_3: "yulan",
    THEIR_AREA: "sunping",
    AREA: "zhoumin",
    AREA_2: "zhoumin",
}
"""Who takes in what happens at a place."""

MORE_PEOPLE = (
    Entry(account="fangjun", name="方君", role=Role.CD, unit="370103009001"),
    Entry(account="tangwei", name="唐薇", role=Role.CD, unit="370104001001"),
    Entry(account="yulan", name="于兰", role=Role.CD, unit="370203001001"),
    Entry(account="guozhen", name="郭真", role=Role.RES),
    # Granted for another line than that of the affairs.
    Entry(account="renhe2", name="任和", role=Role.MED, unit=COMMUNITY, lines=("MZ",)),
    Entry(account="zhenglan2", name="郑岚", role=Role.SC, unit=CITY_MANAGEMENT, lines=("MZ",)),
    Entry(account="luocheng2", name="罗成", role=Role.DO, unit="370103", lines=("MZ",)),
    Entry(account="hemei2", name="贺梅", role=Role.DL, unit="370103", lines=("MZ",)),
    # Granted for the line whose affairs take places.
    Entry(account="zhenglan3", name="郑岚", role=Role.SC, unit=CITY_MANAGEMENT, lines=("WT",)),
    Entry(account="luocheng3", name="罗成", role=Role.DO, unit="370103", lines=("WT",)),
)


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks. lines: those that the role was granted for; empty for all."""

    account: str
    role: Role
    unit: str
    lines: tuple[str, ...] = ()

    @property
    def line(self) -> bool:
        """Whether the line of the affairs is one of them."""
        return self.knows("CG")

    def knows(self, line: str) -> bool:
        """Whether a line is one of them."""
        return not self.lines or line in self.lines

    @property
    def level(self) -> str:
        """Where the unit stands."""
        return LEVELS.get(self.role, "D")

    def reach(self, right: str) -> str:
        """The letters of the matrix; empty where there is no such right."""
        return RIGHTS[right].get(self.role.value, "")

    def may(self, right: str) -> bool:
        """Whether the matrix names the role at all; of several rights, for one of them."""
        return right == "" or any(self.reach(one) for one in right.split(" or "))

    def reaches(self, right: str, where: Where, line: str = "CG") -> bool:
        """Whether it lies within: what is the person's own does, in a line that is theirs."""
        reach = self.reach(right)
        # Who sees more than they were given does what asks for that with nothing of it here.
        if reach == "a" and self.reach("view_affair") != "a":
            return False
        return where == "own" and bool(reach) and (self.knows(line) or not reach.endswith("l"))

    def verdict(
        self, right: str, where: Where, *, affair: bool = False, line: str = "CG"
    ) -> Verdict:
        """What the matrix says. Of an affair nothing is done by whoever may not see it."""
        if not self.may(right):
            return "no right"
        if affair and right != "assign_affair" and not self.reaches("view_affair", where):
            return "out of reach"
        # Residents live anywhere: what they register is their own.
        for one in right.split(" or "):
            if self.reaches(one, where, line) or (self.reach(one) == "S" and not affair):
                return "passes"
        return "no right" if affair and right != "assign_affair" else "out of reach"


ROLES = tuple(role for role in Role if role is not Role.SYS)
FIRST = {role: next(entry for entry in PEOPLE if entry.role is role) for role in ROLES}
EVERYBODY = (
    *(Person(entry.account, entry.role, entry.unit, entry.lines) for entry in FIRST.values()),
    *(
        Person(entry.account, entry.role, entry.unit, entry.lines)
        for entry in MORE_PEOPLE
        if entry.lines
    ),
)
"""One of each role; then those of the roles by line, granted for others."""
NOBODY = Person("nobody", Role.RES, "")
"""Has a token that nobody was given."""


# --- what is asked for ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Thing:
    """What a request is about. gone: the same, where nothing is of that name."""

    area: str
    number: str = ""
    id: str = ""
    photo: str = ""
    session: str = ""

    @property
    def community(self) -> str:
        """The community of the area."""
        return self.area[:12]


GONE = Thing(
    "370103008099-01",
    "CG-2011-9999",
    "01314f7f-c980-7000-a25b-50f4a95e7e9f",
    "01314f7f-c980-7000-a25b-50f4a95e7e9e",
    "01314f7f-c980-7000-a25b-50f4a95e7e9d",
)
"""As long as what is there, so that answers can be compared."""


@dataclass(frozen=True, slots=True)
class World:
    """A district with something at every place. things: by account and place. sessions: by
    community."""

    district: District
    things: Mapping[tuple[str, Where], Thing]
    sessions: Mapping[str, str]
    form_tokens: dict[str, str] = field(default_factory=dict)

    def thing(self, person: Person, where: Where, *, affair: bool) -> Thing:
        """What a person is to ask for. A place is one of the unit's, whoever was given what."""
        if affair:
            return self.things[person.account, where]
        there = Thing(PLACES[person.level][WHERE.index(where)])
        return replace(there, session=self.sessions[there.community])

    def ask(self, account: str, method: str, path: str, **sent: Any) -> httpx2.Response:
        """Ask as somebody: a program where the path is the API's, a browser elsewhere."""
        if path.startswith("/api/v1"):
            return self.district.api(account, method, path.removeprefix("/api/v1"), **sent)
        headers = {"Cookie": f"tenlines={self.district.cookies[account]}", "Origin": ORIGIN}
        return self.district.client.request(
            method, path, headers=headers, follow_redirects=False, **sent
        )

    def form(self, account: str, **fields: Any) -> dict[str, Any]:
        """What a browser sends with a form that was drawn for somebody."""
        shared = {"form-token": self.form_token(account), "drawn-version": "1"}
        return {"data": {**shared, "command-id": str(uuid4()), **fields}}

    def form_token(self, account: str) -> str:
        """What the forms of somebody's session carry."""
        if account == NOBODY.account:
            return "0" * 64
        if account not in self.form_tokens:
            cookie = self.district.cookies[account]
            self.form_tokens[account] = self.district.form_token(cookie)
        return self.form_tokens[account]

    def head(self) -> int:
        """Where the log ends."""
        return self.district.house.log.head()


@contextmanager
def made(folder: Path) -> Iterator[World]:
    """The district, and at every place an affair with a photo."""
    with standing(folder) as founded:
        _units(founded)
        district = _joined(founded)
        # The number that pages give as an example is nobody's.
        district.registered()
        there = {area: _affair(district, DIRECTORS[area], area) for area in DIRECTORS}
        things: dict[tuple[str, Where], Thing] = {}
        for person in EVERYBODY:
            places = dict(zip(WHERE, PLACES[person.level], strict=True))
            things |= {(person.account, where): there[area] for where, area in places.items()}
        # Residents see what they registered, not what others did or what lies in their community.
        things["jumin", "own"] = _affair(district, "jumin", AREA)
        things["jumin", "sibling"] = _affair(district, "guozhen", AREA)
        # Who is only given affairs sees none but those, wherever they lie.
        things["renhe", "own"] = _affair(district, "zhoumin", AREA, assigned="renhe")
        things["renhe2", "own"] = _affair(district, "zhoumin", AREA, assigned="renhe2")
        things["renhe", "sibling"] = things["renhe2", "sibling"] = there[AREA]
        things["hansong", "own"] = _affair(district, "zhoumin", AREA, lead=SANITATION)
        things["hansong", "sibling"] = _affair(district, "zhoumin", AREA, lead=CITY_MANAGEMENT)
        sessions = {area[:12]: opened(district, area[:12]) for area in DIRECTORS}
        things = {
            key: replace(thing, session=sessions[thing.community]) for key, thing in things.items()
        }
        district.follow()
        # A stream that is asked for ends at once.
        district.app.state.streams.close()
        yield World(district, things, sessions)


def _units(district: District) -> None:
    published = defined(load(FOLDER / "WT.yaml"))
    district.house.desk.run(
        PublishLine(command_id=district.house.new_id(), by=SYSTEM, occurred_at=FOUNDED, **published)
    )
    for code, kind, name, parent in MORE_UNITS:
        district.house.desk.run(
            RegisterUnit(
                command_id=district.house.new_id(),
                by=SYSTEM,
                occurred_at=FOUNDED,
                code=code,
                kind=kind,
                name=name,
                parent=parent,
                valid_from=date(2011, 7, 1),
            )
        )
        district.house.reference.refresh()


def opened(district: District, community: str) -> str:
    """A session of a community; its id."""
    house = district.house
    offering_id = house.new_id()
    house.desk.run(
        OpenOffering(
            command_id=house.new_id(),
            by=SYSTEM,
            occurred_at=house.now(),
            offering_id=offering_id,
            matter="WT01",
            unit=community,
            title="书法课",
            venue="社区活动室",
            capacity=1,
            standby=1,
            starts_at=at("07-29 09:00"),
            ends_at=at("07-29 11:00"),
        )
    )
    return str(offering_id)


def _joined(district: District) -> District:
    """The district with more people, and with somebody whose tokens nobody gave."""
    house = district.house
    hired = hire(house, MORE_PEOPLE)
    tokens = {one: house.porter.issue(one, grant) for one, grant in hired.items()}
    cookies = {one: browser(house, one, grant) for one, grant in hired.items()}
    forged = {NOBODY.account: "x" * 43}
    return replace(
        district,
        tokens={**district.tokens, **tokens, **forged},
        cookies={**district.cookies, **cookies, **forged},
    )


def _affair(district: District, by: str, area: str, *, assigned: str = "", lead: str = "") -> Thing:
    receipt = district.registered(by, area=area)
    number, id_ = receipt["number"], receipt["affair_id"]
    director = DIRECTORS[area]
    upload = {"file": ("gate.png", png())}
    photo = district.api(director, "POST", f"/affairs/{number}/attachments", files=upload).json()
    if assigned:
        district.done("suqing", number, "actions/assign", "07-25 16:00", account=assigned)
    if lead:
        district.done(
            director, number, "steps/G1", "07-22 10:20", place="116.99,36.65", note="占道"
        )
        district.done(
            director, number, "steps/G5", "07-22 10:30", beyond_means=True, category="piles"
        )
        district.done("zhenglan", number, "steps/G9", "07-22 10:40", lead_unit=lead)
    return Thing(area, number, id_, photo["id"])


Ask = Callable[[World, Person, Thing], httpx2.Response]
