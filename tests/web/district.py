"""A small district behind the web application: two communities, a street office, their people.

Everything is entered by commands at the desk of a real house; nothing stands in for anything.
"""

from __future__ import annotations

import json
import re
import struct
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import sqlalchemy as sa
from fastapi import FastAPI
from starlette.testclient import TestClient

from adapters import calendars
from adapters.house import House, open_house
from adapters.house import create as create_house
from adapters.settings import Settings
from adapters.staff import Entry, hire
from adapters.time import Told
from domain.actor import SYSTEM, Role
from domain.clock import SHANGHAI
from domain.commands import AssignArea, ImportCalendar, PublishLine, RegisterUnit
from tests.builders.asking import Asked
from tests.templates import copied
from web.app import create_app
from workflows.loading import FOLDER, load
from workflows.publication import defined
from workflows.rights import EVERYWHERE

COMMUNITY, AREA, AREA_2 = "370103008001", "370103008001-01", "370103008001-02"
NEIGHBOURS, THEIR_AREA = "370103008002", "370103008002-01"
CITY_MANAGEMENT, SANITATION = "370103008/cg", "370103008/hw"

UNITS = (
    ("370103", "district", "市中区", ""),
    ("370103008", "street", "二七新村街道", "370103"),
    (CITY_MANAGEMENT, "department", "街道城管科", "370103008"),
    (SANITATION, "provider", "街道环卫所", "370103008"),
    (COMMUNITY, "community", "建新社区", "370103008"),
    (AREA, "area", "第一片区", COMMUNITY),
    (AREA_2, "area", "第二片区", COMMUNITY),
    (NEIGHBOURS, "community", "郎茂山社区", "370103008"),
    (THEIR_AREA, "area", "郎茂山第一片区", NEIGHBOURS),
)

PEOPLE = (
    Entry(account="linxiaohe", name="林晓禾", role=Role.CW, unit=AREA),
    Entry(account="chenyan", name="陈砚", role=Role.CW, unit=AREA_2),
    Entry(account="zhoumin", name="周敏", role=Role.CD, unit=COMMUNITY),
    Entry(account="suqing", name="苏青", role=Role.FD, unit=COMMUNITY),
    Entry(account="renhe", name="任和", role=Role.MED, unit=COMMUNITY, lines=("TJ",)),
    Entry(account="zhenglan", name="郑岚", role=Role.SC, unit=CITY_MANAGEMENT, lines=("CG",)),
    Entry(account="gaoyuan", name="高远", role=Role.SL, unit="370103008"),
    Entry(account="hansong", name="韩松", role=Role.SRV, unit=SANITATION),
    Entry(account="luocheng", name="罗成", role=Role.DO, unit="370103", lines=("CG",)),
    Entry(account="hemei", name="贺梅", role=Role.DL, unit="370103", lines=("CG",)),
    Entry(account="liheng", name="李衡", role=Role.SUP, unit="370103"),
    Entry(account="bailu", name="白露", role=Role.AUD, unit="370103"),
    Entry(account="mengzhu", name="孟竹", role=Role.POL, unit="370103"),
    Entry(account="shilei", name="石磊", role=Role.ADM, unit="370103"),
    Entry(account="anning", name="安宁", role=Role.SEC, unit="370103"),
    Entry(account="jumin", name="张敏", role=Role.RES),
    Entry(account="wanglei", name="王磊", role=Role.CW, unit=THEIR_AREA),
    Entry(account="sunping", name="孙萍", role=Role.CD, unit=NEIGHBOURS),
)

RESIDENT, TELEPHONE = "张桂芬", "13812341234"
ID_NUMBER = "11010519491231002X"
SUMMARY = "小区南门外常年堆放废品，出入不便"
ADDRESS = "建新小区6号楼2-301"


def at(moment: str) -> datetime:
    """`07-22 10:05` in 2011, Asia/Shanghai."""
    return datetime.fromisoformat(f"2011-{moment}").replace(tzinfo=SHANGHAI)


FOUNDED = at("07-01 08:30")
NOW = at("07-25 16:10")


@dataclass(frozen=True, slots=True)
class District:
    """The house, its clock, the application over it, and what everybody is in by.

    tokens: of a program of theirs. cookies: of a session in a browser.
    """

    house: House
    clock: Told
    app: FastAPI
    tokens: Mapping[str, str]
    cookies: Mapping[str, str]
    client: TestClient

    def api(
        self, account: str, method: str, path: str, headers: Mapping[str, str] = {}, **sent: Any
    ) -> httpx2.Response:
        """Call the API as somebody."""
        told = {"Authorization": f"Bearer {self.tokens[account]}", **headers}
        answer = self.client.request(method, f"/api/v1{path}", headers=told, **sent)
        undocumented = self.undocumented(method, f"/api/v1{path}", answer)
        assert not undocumented, undocumented
        return answer

    def undocumented(self, method: str, path: str, answer: httpx2.Response) -> str:
        """What of an answer the API's description does not know; empty where it is true.

        Whoever asks by a method or an address that is not described learns only that.
        """
        bare = path.partition("?")[0]
        for template, shape, methods in _described(self.app):
            described = methods.get(method.lower())
            if described is None or not shape.fullmatch(bare):
                continue
            known = described["responses"].get(str(answer.status_code))
            if known is None:
                return f"{method} {template} may answer {answer.status_code}"
            kind = answer.headers.get("content-type", "").partition(";")[0]
            if kind not in known.get("content", {"": {}}):
                return f"{method} {template} may answer {answer.status_code} as {kind!r}"
        return ""

    def page(self, account: str, path: str, **sent: Any) -> httpx2.Response:
        """Look at a page as somebody."""
        headers = {"Cookie": f"tenlines={self.cookies[account]}", **sent.pop("headers", {})}
        return self.client.get(path, headers=headers, follow_redirects=False, **sent)

    def post(self, account: str, path: str, **data: Any) -> httpx2.Response:
        """Send a form of a page as somebody."""
        cookie = self.cookies[account]
        sent = {"form-token": self.form_token(cookie), **data}
        headers = {"Cookie": f"tenlines={cookie}", "Origin": "http://testserver"}
        return self.client.post(path, data=sent, headers=headers, follow_redirects=False)

    def form_token(self, cookie: str) -> str:
        """What the forms of a session carry, read from a page."""
        page = self.client.get("/role", headers={"Cookie": f"tenlines={cookie}"})
        return form_token_of(page.text)

    def registered(self, by: str = "linxiaohe", **changes: Any) -> dict[str, Any]:
        """A new affair of the first area; the receipt."""
        answer = self.api(by, "POST", "/affairs", json=registration(**changes))
        assert answer.status_code == 201, answer.text
        receipt: dict[str, Any] = answer.json()
        return receipt

    def done(self, by: str, affair: str, deed: str, when: str, **record: Any) -> dict[str, Any]:
        """Something done with an affair, `steps/G1` or `actions/open_joint`; the receipt."""
        answer = self.api(by, "POST", f"/affairs/{affair}/{deed}", json=doing(when, **record))
        assert answer.status_code == 200, answer.text
        receipt: dict[str, Any] = answer.json()
        return receipt

    def photo(self, by: str, affair: str) -> str:
        """A photo handed in for an affair; its id."""
        answer = self.api(
            by, "POST", f"/affairs/{affair}/attachments", files={"file": ("gate.png", png())}
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def follow(self) -> None:
        """Bring the following views level, as the worker does."""
        while self.house.follower.step():
            pass


_DESCRIBED: list[tuple[str, re.Pattern[str], Any]] = []
_DESCRIBING = threading.Lock()


# Put together once: every application describes itself alike, and takes long over it.
def _described(app: FastAPI) -> list[tuple[str, re.Pattern[str], Any]]:
    """The addresses of the API with their shapes, and the methods of each."""
    with _DESCRIBING:
        if not _DESCRIBED:
            for template, methods in app.openapi()["paths"].items():
                shape = re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(template))
                _DESCRIBED.append((template, re.compile(shape), methods))
    return _DESCRIBED


def form_token_of(page: str) -> str:
    """The token of the first form on a page."""
    found = re.search(r'name="form-token" value="([0-9a-f]{64})"', page)
    assert found is not None, page
    return found.group(1)


def registration(**changes: Any) -> dict[str, Any]:
    """What is sent to register the scrap heap."""
    return {
        "matter": "CG01",
        "source": "hall",
        "area": AREA,
        "summary": SUMMARY,
        "applicant": RESIDENT,
        "telephone": TELEPHONE,
        "address": ADDRESS,
        "occurred_at": at("07-22 10:05").isoformat(),
        **changes,
    }


def doing(when: str, **record: Any) -> dict[str, Any]:
    """What is sent to do something: when, and what is recorded."""
    return {"occurred_at": at(when).isoformat(), "record": record}


def persuading(district: District) -> str:
    """An affair in which persuasion has begun; its number."""
    affair: str = district.registered()["number"]
    place = "116.99,36.65"
    district.done("linxiaohe", affair, "steps/G1", "07-22 10:30", place=place, note="占道三米")
    district.done("zhoumin", affair, "steps/G4", "07-22 10:50")
    return affair


def told(district: District) -> str:
    """The scrap heap up to the check of 25 July (domain reference, section 7); its number."""
    affair = persuading(district)
    district.done("zhoumin", affair, "actions/open_joint", "07-22 10:50", unit=SANITATION)
    district.done(
        "linxiaohe", affair, "entries/persuasion", "07-22 16:00", result="ineffective", note="未果"
    )
    district.done("hansong", affair, "actions/joint_done", "07-22 16:00")
    district.done("zhoumin", affair, "steps/G8", "07-25 08:50")
    district.done("zhenglan", affair, "steps/G9", "07-25 09:20", lead_unit=CITY_MANAGEMENT)
    district.done("zhenglan", affair, "steps/G12", "07-25 09:40")
    photo = district.photo("zhenglan", affair)
    district.done("zhenglan", affair, "steps/G13", "07-25 15:30", after_photos=[photo])
    return affair


def spoil(district: District, number: str, version: int = 2) -> None:
    """Spoil an event of an affair on the disk, so that nothing can read it."""
    id_ = district.house.queries.affair(EVERYWHERE, number).affair_id
    spoil_stream(district.house, id_, version)
    district.house.affairs.forget(id_)


def spoil_stream(house: House, id_: UUID, version: int) -> None:
    """Spoil an event of any stream on the disk."""
    events = house.log.tables.events
    with house.log.database.writing() as connection:
        triggers = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in connection.execute(triggers).all():
            connection.execute(sa.text(f"DROP TRIGGER {name}"))
        connection.execute(
            sa.update(events)
            .where(events.c.stream_id == id_.bytes, events.c.version == version)
            .values(state=b'{"spoilt": true}')
        )


def png(width: int = 1, height: int = 1) -> bytes:
    """A picture of one pixel, whatever size it says it has."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0\0\0\0")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


@contextmanager
def standing(folder: Path, database_url: str = "", rates: str = "off") -> Iterator[District]:
    """A district in the folder, its application up, on 25 July 2011 in the afternoon.

    In files it is a copy of one that was founded once in this run. rates: how often somebody may
    ask; a test asks more often than any office.
    """
    clock = Told(NOW)
    if database_url:
        _founded(folder, database_url)
    else:
        copied("district", _founded, folder)
    tokens, cookies = json.loads((folder / STAFF).read_text("utf-8"))
    settings = Settings(data_dir=folder, database_url=database_url, rates=rates)
    house = open_house(settings, now=clock)
    try:
        app = create_app(house, log=Silent())
        with TestClient(app, raise_server_exceptions=False) as client:
            yield District(house, clock, app, tokens, cookies, client)
    finally:
        house.close()


STAFF = "staff.json"
"""What everybody is in by."""


def _founded(folder: Path, database_url: str = "") -> None:
    clock = Told(FOUNDED)
    settings = Settings(data_dir=folder, database_url=database_url)
    with closing(create_house(settings, now=clock)) as house:
        _found(house)
        hired = hire(house, PEOPLE)
        clock.at = NOW
        tokens = {one: house.porter.issue(one, grant) for one, grant in hired.items()}
        cookies = {one: browser(house, one, grant) for one, grant in hired.items()}
    (folder / STAFF).write_text(json.dumps([tokens, cookies]), "utf-8")


def browser(house: House, account: str, grant: UUID) -> str:
    """A session of somebody who has come in by both factors."""
    standing = house.people.standing(account)
    assert standing is not None
    return house.door.sessions.begin(
        account, grant, method="password+factor", position=standing.sessions_end
    )


class Silent:
    """A log that nobody reads."""

    def info(self, event: str, **said: Any) -> None:
        """Say nothing."""

    def error(self, event: str, **said: Any) -> None:
        """Say nothing, but do not hide what nobody foresaw from a test that fails."""
        print(event, said)


def _found(house: House) -> None:
    def asked() -> Asked:
        return {"command_id": house.new_id(), "by": SYSTEM, "occurred_at": FOUNDED}

    since = date(2011, 7, 1)
    for code, kind, name, parent in UNITS:
        house.desk.run(
            RegisterUnit(
                **asked(), code=code, kind=kind, name=name, parent=parent, valid_from=since
            )
        )
        house.reference.refresh()
    for area, worker in ((AREA, "linxiaohe"), (AREA_2, "chenyan"), (THEIR_AREA, "wanglei")):
        house.desk.run(AssignArea(**asked(), code=area, worker=worker, valid_from=since))
    line = load(FOLDER / "CG.yaml")
    house.desk.run(PublishLine(**asked(), **defined(line)))
    for table in calendars.seed((2011, 2012), by="SYS", occurred_at=FOUNDED):
        house.desk.run(
            ImportCalendar(
                **asked(),
                year=table.year,
                version=table.version,
                source=table.source,
                holidays=table.holidays,
                workdays=table.workdays,
            )
        )
    house.reference.refresh()


def uuid(text: object) -> UUID:
    """The id that a text writes."""
    return UUID(str(text))
