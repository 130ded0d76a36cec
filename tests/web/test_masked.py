"""What each role sees of the same affair, wherever it looks: the policy, and nothing in clear.

The affair has a value of every field that the policy names, in the registration, in records and in
records that stay inside; and the recorded histories are told like what was written today.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapters.cli import telling as terminal
from adapters.codec import replaced
from adapters.keys import sealing
from domain.actor import Actor, Role
from domain.affair.events import EntryRecorded, Reminded
from domain.log import Metadata, Recorded
from domain.personal import Personal
from domain.record import Field, Kind, Record
from domain.topics import TOPIC_OF
from tests.builders.affairs import CG
from tests.test_histories import KEY, LINES, LOG, STREAM, Line
from tests.web.district import ID_NUMBER, RESIDENT, TELEPHONE, District
from tests.web.matrix import EVERYBODY, Person, World, made
from web.inside import inside
from web.masks import Opened
from web.telling import Teller
from web.timeline import Storyteller
from web.words import words_of
from workflows.masks import MASKS, policy
from workflows.rights import matrix

# --- every role × every field --------------------------------------------------------------------

CLEAR = {
    "telephone": TELEPHONE,
    "objector_telephone": "13900005678",
    "id_number": ID_NUMBER,
    "account_number": "6222020011112222333",
    "birth_date": "1949-12-31",
    "file_name": "体检13600003333.jpg",
    "address": "建新小区6号楼2-301，电话13700002222",
}
NOTE = "家里电话是13812341234，身份证11010519491231002X"
FIELDS: tuple[tuple[str, Kind], ...] = (
    *((name, Kind.PERSON) for name in policy().fields),
    ("opponent", Kind.PERSON),
    ("note", Kind.NOTE),
)


def clear_of(field: str, kind: Kind) -> str:
    return NOTE if kind is Kind.NOTE else CLEAR.get(field, RESIDENT)


class Desk:
    """The office of a teller: it opens what a value was made of."""

    def __init__(self, clear: dict[bytes, str]) -> None:
        self.clear, self.accounts, self.units = clear, self, dict[str, Any]()

    def reveal(self, value: Personal, stream_id: UUID) -> str:
        assert stream_id == STREAM
        return self.clear[value.sealed]

    def names_of(self, accounts: set[str]) -> dict[str, str]:
        return dict.fromkeys(accounts, "某工作人员")

    @property
    def organisation(self) -> Any:
        return self


def event_of(*, internal: bool) -> tuple[Recorded, Desk]:
    """A record with a value of each field, and what opens it. internal: it stays inside."""
    clear = {f"{name}/{kind}".encode(): clear_of(name, kind) for name, kind in FIELDS}
    record = Record(
        tuple(
            Field(name, kind, Personal(STREAM, f"{name}/{kind}".encode(), f"2/record.{name}"))
            for name, kind in FIELDS
        )
    )
    at = datetime(2011, 7, 22, 2, 30, tzinfo=UTC)
    event: Any = EntryRecorded(
        entry="persuasion", record=record, clocks=(), by="linxiaohe", occurred_at=at
    )
    if internal:
        event = Reminded(record=record, by="linxiaohe", occurred_at=at)
    told = Metadata(
        actor="linxiaohe",
        role="CW",
        unit="",
        command_id=UUID(int=1),
        request_hash="",
        correlation_id=STREAM,
    )
    return Recorded(2, STREAM, 2, TOPIC_OF[type(event)], event, at, told), Desk(clear)


def expected(role: Role, field: str, kind: Kind, *, internal: bool) -> str:
    """By the letters of the file alone."""
    if role.value not in matrix()["view_profile"] or (internal and role is Role.RES):
        return "***"
    shown = policy().fields.get(field) or policy().kinds[kind]
    return MASKS[shown.roles.get(role, shown.mask)](clear_of(field, kind))


@pytest.mark.parametrize("internal", [False, True])
@pytest.mark.parametrize("role", list(Role))
def test_each_role_is_told_each_field_under_its_mask_by_pages_and_by_the_api(
    role: Role, internal: bool
) -> None:
    seen, office = event_of(internal=internal)
    words = words_of("zh")
    teller = Teller(office, words, Actor(account="x", role=role))  # type: ignore[arg-type]
    wanted = {name: expected(role, name, kind, internal=internal) for name, kind in FIELDS}

    entry = teller.entry(seen, CG)
    moment = Storyteller(teller, words, CG, "CG01", inside([seen], CG)).moment(seen)

    assert {field.name: field.value for field in entry.record} == wanted
    assert sorted([*moment.notes, *(one.text for one in moment.said)]) == sorted(wanted.values())


@pytest.mark.parametrize("role", list(Role))
def test_no_role_is_told_a_person_in_clear(role: Role) -> None:
    seen, office = event_of(internal=False)
    teller = Teller(office, words_of("zh"), Actor(account="x", role=role))  # type: ignore[arg-type]

    told = teller.entry(seen, CG).model_dump_json()

    for clear in (RESIDENT, *CLEAR.values()):
        assert clear not in told


def test_the_terminal_is_told_nothing() -> None:
    seen, _ = event_of(internal=False)

    told = json.dumps(terminal.event_of(seen), ensure_ascii=False) + terminal.gist(seen.event)

    assert f'"telephone": "{MASKS["withheld"]("")}"' in told
    for clear in (RESIDENT, NOTE, *CLEAR.values()):
        assert clear not in told


# --- what was recorded long ago ------------------------------------------------------------------


def old(line: Line) -> tuple[Any, Opened]:
    """An event as it was stored, and what opens it for a community director."""
    aead: AESGCM = KEY

    def reveal(value: Personal, stream_id: UUID) -> str:
        version, _, field = value.origin.partition("/")
        bound = sealing.field_bound(sealing.stream_bound(LOG, stream_id), int(version), field)
        return sealing.opened(aead, value.subject, value.sealed, bound).decode()

    return line.read(), Opened(reveal, STREAM, reader=Role.CD, erased="", unreadable="")


@pytest.mark.parametrize(
    "line", [line for line in LINES if line.personal], ids=lambda line: line.where
)
def test_an_old_event_is_masked_like_one_of_today(line: Line) -> None:
    event, opened = old(line)
    told: dict[str, str] = {}
    kinds = {field.name: field.kind for field in getattr(event, "record", ())}

    def note(value: Personal, path: str) -> Personal:
        name = path.rpartition(".")[2]
        kind = kinds.get(name) if path.startswith("record.") else None
        told[path] = opened.field(name, value, kind)
        return value

    replaced(event, note)

    assert told.keys() == line.personal.keys()
    for path, shown in told.items():
        name, clear = path.rpartition(".")[2], line.personal[path]
        kind = kinds.get(name) if path.startswith("record.") else None
        mask = policy().of(name, kind).mask
        assert shown == MASKS[mask](clear)
        # All but free text hides something.
        assert mask == "text" or shown != clear


# --- the same affair, asked for by everybody -----------------------------------------------------

WAYS = (
    "/",
    "/?show=all",
    "/affairs/{number}",
    "/affairs/{number}/timeline",
    "/affairs/{number}/materials",
    "/affairs/{number}/relations",
    "/affairs/{number}/history",
    "/affairs/{number}/history?v=1",
    "/affairs/{number}/reveal",
    "/affairs/{number}/actions/remind",
    "/affairs/{number}/actions/correct?of_version=1",
    "/assignments",
    "/audit",
    "/audit?affair={number}",
    "/live",
    "/masks",
    "/api/v1/affairs?open=all",
    "/api/v1/affairs/{number}",
    "/api/v1/affairs/{number}/history",
    "/api/v1/affairs/{number}/state",
    "/api/v1/affairs/{number}/options",
    "/api/v1/assignments",
    "/api/v1/audit",
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A district with an affair of everybody's own."""
    with made(tmp_path_factory.mktemp("masked")) as found:
        yield found


@pytest.mark.parametrize("person", EVERYBODY, ids=lambda one: f"{one.role}-{one.account}")
def test_nobody_is_shown_a_person_in_clear_anywhere(world: World, person: Person) -> None:
    number = world.things[person.account, "own"].number
    seen = set()

    for way in WAYS:
        answer = world.ask(person.account, "GET", way.format(number=number))
        seen.add(answer.status_code)
        for clear in (RESIDENT, TELEPHONE):
            assert clear.encode() not in answer.content, (way, clear)

    if person.may("view_profile") and person.line:
        assert 200 in seen
        affair = world.ask(person.account, "GET", f"/api/v1/affairs/{number}").json()
        assert (affair["applicant"], affair["telephone"]) == ("张*", "138****1234")
        page = world.ask(person.account, "GET", f"/affairs/{number}").text
        assert "张*" in page
        assert "138****1234" in page


# --- names of files ------------------------------------------------------------------------------


def test_the_name_of_a_file_is_shown_under_its_mask(fresh: District) -> None:
    number = fresh.registered()["number"]
    name = f"低保{ID_NUMBER}.txt"
    kept = fresh.api(
        "linxiaohe", "POST", f"/affairs/{number}/attachments", files={"file": (name, b"a paper")}
    ).json()["id"]
    fresh.done("suqing", number, "entries/supplement_notice", "07-25 10:00", missing_list="身份证")
    fresh.done("suqing", number, "entries/supplement", "07-25 11:00", answers="已补", papers=[kept])

    page = fresh.page("linxiaohe", f"/affairs/{number}/materials").text
    taken = fresh.page("linxiaohe", f"/attachments/{kept}")

    assert "低保110105********002X.txt" in page
    assert taken.status_code == 200
    for told in (page, str(taken.headers)):
        assert ID_NUMBER not in told
