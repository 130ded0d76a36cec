"""Events become the same bytes every time, and come back the same, or are refused."""

import dataclasses
import importlib
import json
import pkgutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain
from adapters.codec import Codec, Upcasters, replaced
from adapters.codec.metadata import decode_metadata, encode_metadata
from domain.affair.events import Registered, Reminded, StepTaken
from domain.clock import ClockChange, ClockKind, Unit
from domain.errors import Malformed, Unreadable
from domain.log import Metadata
from domain.personal import Personal
from domain.record import NOTHING, Field, Kind, Record
from domain.topics import TOPICS

CODEC = Codec()
SUBJECT = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
SEALED = b"\x01\x00\x01" + bytes(range(60))
AT = datetime(2011, 7, 22, 8, 50, tzinfo=timezone(timedelta(hours=8)))
STEP = StepTaken(
    step="G8",
    action="escalate_file",
    left="persuading",
    to="filed",
    record=NOTHING,
    marks=("accepted",),
    line_version="CG@2011",
    level="",
    lead_unit="370103008/cg",
    handled_days_working=None,
    clocks=(
        ClockChange(
            name="handle",
            change="started",
            kind=ClockKind.STAGE,
            unit=Unit.WORKING_DAY,
            started_at=AT,
            due_at=None,
            warn_at=None,
            calendar="2011.1",
        ),
    ),
    by="zhang",
    occurred_at=AT,
)


# --- every class of the allow-list, from its type hints --------------------------------------

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
INSTANTS = st.datetimes(
    datetime(1900, 1, 1),  # noqa: DTZ001
    datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-5))]),
)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=2)
CLOSED = st.builds(Personal, st.uuids(), st.binary(min_size=31, max_size=80), st.just("0/x"))
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: TEXT,
    Kind.ACCOUNT: TEXT,
    Kind.NOTE: CLOSED,
    Kind.PERSON: CLOSED,
    Kind.NUMBER: st.decimals(allow_nan=False, allow_infinity=False),
    Kind.MONEY: NUMBERS,
    Kind.DATE: st.dates(),
    Kind.INSTANT: INSTANTS,
    Kind.CHOICE: TEXT,
    Kind.FLAG: st.booleans(),
    Kind.UNIT: TEXT,
    Kind.UNITS: st.lists(TEXT, max_size=3).map(tuple),
    Kind.PLACE: TEXT,
    Kind.PHOTOS: st.lists(st.uuids(), max_size=3).map(tuple),
    Kind.PAPERS: st.lists(st.uuids(), max_size=3).map(tuple),
    Kind.REFERENCE: st.uuids(),
    Kind.OFFERING: st.uuids(),
}
FIELDS = st.sampled_from(Kind).flatmap(
    lambda kind: st.builds(Field, TEXT, st.just(kind), VALUES[kind])
)
RECORDS = st.lists(FIELDS, max_size=5, unique_by=lambda field: field.name).map(
    lambda fields: Record(tuple(fields))
)
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(-(2**63), 2**63 - 1),
    bool: st.booleans(),
    UUID: st.uuids(),
    date: st.dates(),
    datetime: INSTANTS,
    Decimal: NUMBERS,
    Personal: CLOSED,
    Record: RECORDS,
    NoneType: st.none(),
}


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of the type."""
    if kind in PLAIN:
        return PLAIN[kind]
    if get_origin(kind) is tuple:
        return st.lists(values_of(get_args(kind)[0]), max_size=3).map(tuple)
    if get_args(kind):
        return st.one_of([values_of(inner) for inner in get_args(kind)])
    if issubclass(kind, StrEnum):
        return st.sampled_from(kind)
    return instances_of(kind)


def instances_of(cls: type) -> st.SearchStrategy[Any]:
    """Any instance of the dataclass."""
    hints = get_type_hints(cls)
    fields = {field.name: values_of(hints[field.name]) for field in dataclasses.fields(cls)}
    return st.builds(cls, **fields)


def placed(event: Any, version: int) -> Any:
    """The event with its personal values at home in that version."""
    return replaced(event, lambda p, path: Personal(p.subject, p.sealed, f"{version}/{path}"))


@pytest.mark.parametrize("topic", sorted(TOPICS))
@given(data=st.data())
def test_what_is_written_is_read_the_same(topic: str, data: st.DataObject) -> None:
    event = placed(data.draw(instances_of(TOPICS[topic])), 7)

    written, state = CODEC.encode(event)
    back = CODEC.decode(topic, state, version=7)

    assert written == topic
    assert back == event
    assert CODEC.encode(back) == (topic, state)
    assert CODEC.encode(event) == (topic, state)


@given(st.data())
def test_altered_bytes_are_read_or_refused_but_never_crash(data: st.DataObject) -> None:
    topic, state = CODEC.encode(SOME)
    at = data.draw(st.integers(0, len(state) - 1))
    altered = state[:at] + data.draw(st.binary(max_size=3)) + state[at + 1 :]

    with suppress(Unreadable):
        assert type(CODEC.decode(topic, altered, version=1)) is StepTaken


def test_the_codec_knows_every_event_of_the_domain() -> None:
    # Important: what imports an event enters it in the allow-list, so look before.
    known = CODEC.topics

    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        importlib.import_module(module.name)

    assert set(TOPICS) == known


def changed(event: Any, **changes: Any) -> Any:
    """The event with other values, of the right type or not."""
    return replace(event, **changes)


# --- the form --------------------------------------------------------------------------------


def recorded(*fields: tuple[str, Kind, Any]) -> StepTaken:
    return replace(STEP, record=Record(tuple(Field(*field) for field in fields)))


SOME = recorded(
    ("note", Kind.NOTE, Personal(SUBJECT, SEALED, "3/record.note")),
    ("cost", Kind.MONEY, Decimal("10.50")),
    ("photos", Kind.PHOTOS, (SUBJECT,)),
    ("on", Kind.DATE, date(2011, 7, 22)),
    ("since", Kind.INSTANT, AT),
    ("units", Kind.UNITS, ("370103008",)),
)


def test_the_stored_form_is_this_one() -> None:
    topic, state = CODEC.encode(SOME)

    assert topic == "affair.step_taken.v1"
    assert state.decode() == (
        '{"step":"G8","action":"escalate_file","left":"persuading","to":"filed","record":['
        '["note","note",["01890a5dac96774bbcceb302099a8057",'
        '"AQABAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7"]],'
        '["cost","money","10.50"],'
        '["photos","photos",["01890a5d-ac96-774b-bcce-b302099a8057"]],'
        '["on","date","2011-07-22"],'
        '["since","instant","2011-07-22T00:50:00Z"],'
        '["units","units",["370103008"]]],'
        '"marks":["accepted"],"line_version":"CG@2011","level":"","lead_unit":"370103008/cg",'
        '"handled_days_working":null,"clocks":[{"name":"handle","change":"started","kind":"stage",'
        '"unit":"wd","started_at":"2011-07-22T00:50:00Z","due_at":null,"warn_at":null,'
        '"calendar":"2011.1"}],"by":"zhang","occurred_at":"2011-07-22T00:50:00Z"}'
    )


def test_instants_come_back_in_utc() -> None:
    back = CODEC.decode(*CODEC.encode(SOME), version=3)

    assert back.occurred_at == AT
    assert back.occurred_at.tzinfo is UTC
    assert back.record.get("since").tzinfo is UTC


def test_an_instant_stored_with_another_offset_comes_back_in_utc() -> None:
    topic, state = CODEC.encode(SOME)

    back = CODEC.decode(topic, state.replace(b"00:50:00Z", b"08:50:00+08:00"), version=3)

    assert back == SOME
    assert back.clocks[0].started_at.tzinfo is UTC


def test_personal_values_come_back_with_their_place_as_origin() -> None:
    event = Registered(
        number="CG-2011-0001",
        line="CG",
        matter="scrap",
        line_version="CG@2011",
        state="registered",
        source="visit",
        origin_id=UUID(int=0),
        community="370103008001",
        area="370103008001-03",
        assignee="zhang",
        restricted=False,
        contact_wish="contact",
        summary=Personal(SUBJECT, SEALED),
        applicant=Personal(SUBJECT, SEALED),
        telephone=None,
        address=None,
        record=Record((Field("who", Kind.PERSON, Personal(SUBJECT, SEALED)),)),
        clocks=(),
        by="zhang",
        occurred_at=AT,
    )

    back = CODEC.decode(*CODEC.encode(event), version=12)

    assert back.summary.origin == "12/summary"
    assert back.applicant.origin == "12/applicant"
    assert back.record.get("who").origin == "12/record.who"
    assert back.telephone is None


@pytest.mark.parametrize(
    "text",
    [
        "😀🏚️",
        "𠀀𪚥𬺰",
        "\u202eabc\u200f",
        "a\u0301",
        "\u2028\x7f\r\n\t",
        r"\u0000 as text",
        "\ufeff",
        "字" * 33_000,
    ],
    ids=[
        "emoji",
        "extension-b",
        "right-to-left",
        "combining",
        "controls",
        "escape",
        "bom",
        "100-kb",
    ],
)
def test_odd_text_is_stored_exactly(text: str) -> None:
    event = replace(STEP, by=text, record=Record((Field("t", Kind.TEXT, text),)))

    back = CODEC.decode(*CODEC.encode(event), version=1)

    assert back.by == text
    assert back.record.get("t") == text


# --- refused on write ------------------------------------------------------------------------

NAIVE = datetime(2011, 7, 22, 8, 50)  # noqa: DTZ001


def clock(**changes: Any) -> StepTaken:
    return replace(STEP, clocks=(STEP.clocks[0], replace(STEP.clocks[0], **changes)))


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (changed(STEP, by="a\0b"), "by"),
        (changed(STEP, by="\ud83d"), "by"),
        (changed(STEP, marks=("a", "\udc00")), "marks.1"),
        (changed(STEP, step=8), "step"),
        (changed(STEP, step=None), "step"),
        (changed(STEP, step=object()), "step"),
        (changed(STEP, marks={"a"}), "marks"),
        (changed(STEP, marks={"a": 1}), "marks"),
        (changed(STEP, marks=["a"]), "marks"),
        (changed(STEP, clocks=list(STEP.clocks)), "clocks"),
        (changed(STEP, marks=("a", 1)), "marks.1"),
        (changed(STEP, record=None), "record"),
        (changed(STEP, record={"a": 1}), "record"),
        (changed(STEP, clocks=None), "clocks"),
        (changed(STEP, occurred_at=NAIVE), "occurred_at"),
        (changed(STEP, occurred_at=None), "occurred_at"),
        (changed(STEP, occurred_at="2011-07-22"), "occurred_at"),
        (changed(STEP, occurred_at=AT.date()), "occurred_at"),
        (
            changed(STEP, occurred_at=datetime.min.replace(tzinfo=AT.tzinfo)),
            "occurred_at",
        ),
        (changed(STEP, handled_days_working=True), "handled_days_working"),
        (clock(due_at=NAIVE), "clocks.1.due_at"),
        (clock(calendar="\0"), "clocks.1.calendar"),
        (clock(kind="stages"), "clocks.1.kind"),
        (recorded(("n", Kind.NOTE, Personal(SUBJECT, clear="张三"))), "record.n"),
        (recorded(("n", Kind.NOTE, "张三")), "record.n"),
        (recorded(("n", Kind.TEXT, Personal(SUBJECT, SEALED))), "record.n"),
        (recorded(("n", Kind.TEXT, "\0")), "record.n"),
        (recorded(("n", Kind.TEXT, "\ud800")), "record.n"),
        (recorded(("\0", Kind.TEXT, "")), "record.'\\x00'"),
        (recorded(("n", Kind.TEXT, 1)), "record.n"),
        (recorded(("n", Kind.INSTANT, NAIVE)), "record.n"),
        (recorded(("n", Kind.DATE, AT)), "record.n"),
        (recorded(("n", Kind.INSTANT, AT.date())), "record.n"),
        (recorded(("n", Kind.MONEY, Decimal("NaN"))), "record.n"),
        (recorded(("n", Kind.NUMBER, 1)), "record.n"),
        (recorded(("n", Kind.FLAG, "yes")), "record.n"),
        (recorded(("n", Kind.UNITS, ("a", SUBJECT))), "record.n"),
        (recorded(("n", Kind.PHOTOS, ("a",))), "record.n"),
        (recorded(("n", Kind.PHOTOS, [SUBJECT])), "record.n"),
        (recorded(("n", Kind.TEXT, "a"), ("n", Kind.TEXT, "b")), "record"),
        (UUID(int=0), "UUID"),
    ],
)
def test_what_could_not_be_read_again_is_refused_by_name(event: Any, field: str) -> None:
    with pytest.raises(Malformed) as refusal:
        CODEC.encode(event)

    assert refusal.value.field == field


def test_an_unsealed_value_is_refused_and_not_told() -> None:
    event = recorded(("n", Kind.NOTE, Personal(SUBJECT, clear="张三")))

    with pytest.raises(Malformed) as refusal:
        CODEC.encode(event)

    assert "张三" not in f"{refusal.value} {refusal.value!r} {event!r}"


# --- refused on read -------------------------------------------------------------------------


def altered(change: Callable[[dict[str, Any]], object]) -> bytes:
    state = json.loads(CODEC.encode(SOME)[1])
    change(state)
    return json.dumps(state).encode()


@pytest.mark.parametrize(
    "state",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        CODEC.encode(SOME)[1][:-1],
        CODEC.encode(SOME)[1] + b"}",
        CODEC.encode(SOME)[1].replace(b"zhang", b"\xff"),
        altered(lambda s: s.update(more=1)),
        altered(lambda s: s.pop("by")),
        altered(lambda s: s.update(by=1)),
        altered(lambda s: s["clocks"][0].update(more=1)),
        altered(lambda s: s["clocks"][0].pop("calendar")),
        altered(lambda s: s.update(occurred_at="2011-07-22T08:50:00")),
        altered(lambda s: s.update(occurred_at="0001-01-01T00:00:00+08:00")),
        altered(lambda s: s["record"][0].append(1)),
        altered(lambda s: s["record"][0][2].append("")),
        altered(lambda s: s["record"].append(["x", "riddle", ""])),
        altered(lambda s: s["record"].append(["x", "text", 1])),
        altered(lambda s: s["record"].append(["x", "money", "NaN"])),
        altered(lambda s: s["record"].append(["x", "money", "ten"])),
        altered(lambda s: s["record"].append(["x", "instant", "2011-07-22T08:50:00"])),
        altered(lambda s: s["record"].append(["x", "note", "clear"])),
        altered(lambda s: s["record"].append(["x", "note", [SUBJECT.hex, ""]])),
        altered(lambda s: s["record"].append(["x", "note", [SUBJECT.hex, "A"]])),
        altered(lambda s: s["record"].append(["x", "note", [SUBJECT.hex, "!!!!"]])),
        altered(lambda s: s["record"].append(["x", "note", ["nobody", "AQAB"]])),
        altered(lambda s: s["record"].append(["x", "photos", ["picture.jpg"]])),
        b'{"step":' + b"[" * 100_000,
    ],
)
def test_what_was_never_written_so_is_unreadable(state: bytes) -> None:
    with pytest.raises(Unreadable) as refusal:
        CODEC.decode("affair.step_taken.v1", state, version=5, stream_id=SUBJECT)

    assert (refusal.value.stream_id, refusal.value.version) == (SUBJECT, 5)


@pytest.mark.parametrize("topic", ["", "affair.step_taken.v9", "builtins.dict", "domain.affair:x"])
def test_an_unknown_topic_is_unreadable(topic: str) -> None:
    with pytest.raises(Unreadable):
        CODEC.decode(topic, b"{}", version=1)


# --- types that have no stored form ----------------------------------------------------------


@pytest.mark.parametrize(
    "kind", [dict[str, str], set[str], list[str], float, bytes, str | int, object, tuple[str, int]]
)
def test_a_class_with_such_a_field_is_refused_at_once(kind: Any) -> None:
    made = dataclasses.make_dataclass("Made", [("odd", kind)], frozen=True, slots=True)

    with pytest.raises(TypeError, match=r"Made\.odd"):
        Codec({"made.v1": made})


def test_a_class_without_slots_is_refused_at_once() -> None:
    made = dataclasses.make_dataclass("Made", [("odd", str)], frozen=True)

    with pytest.raises(TypeError, match="slots"):
        Codec({"made.v1": made})


# --- deeper shapes than today's events have --------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    name: Personal
    born_on: date | None
    clocks: tuple[ClockChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdListed:
    members: tuple[Member, ...]
    head: Member | None
    seen_at: tuple[datetime, ...]


MEMBER = Member(name=Personal(SUBJECT, SEALED), born_on=None, clocks=STEP.clocks)


@dataclass(frozen=True, slots=True)
class Single:
    amount: Decimal | None


def test_personal_values_are_placed_however_deep_they_lie() -> None:
    codec = Codec({"household.listed.v1": HouseholdListed, "single.v1": Single})
    event = HouseholdListed(members=(MEMBER, MEMBER), head=MEMBER, seen_at=(AT,))

    back = codec.decode(*codec.encode(event), version=2)

    assert back == placed(event, 2)
    assert back.members[1].name.origin == "2/members.1.name"
    assert back.head.name.origin == "2/head.name"
    for single in (Single(None), Single(Decimal("1E+3"))):
        assert codec.decode(*codec.encode(single), version=1) == single


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"seen_at": (AT, NAIVE)}, "seen_at.1"),
        ({"members": (Member(name=Personal(SUBJECT), born_on=None),)}, "members.0.name"),
        (
            {"head": changed(MEMBER, clocks=(1,))},
            "head.clocks",
        ),
    ],
)
def test_a_fault_is_named_however_deep_it_lies(change: dict[str, Any], field: str) -> None:
    codec = Codec({"household.listed.v1": HouseholdListed})
    event = replace(HouseholdListed(members=(), head=None, seen_at=()), **change)

    with pytest.raises(Malformed) as refusal:
        codec.encode(event)

    assert refusal.value.field.startswith(field)


def test_an_event_without_a_personal_value_is_not_copied() -> None:
    assert replaced(STEP, lambda p, path: pytest.fail(path)) is STEP
    assert replaced(SOME, lambda p, path: p) is SOME


# --- old shapes ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSent:
    """The third shape of an example: the text was `body`, then `text`, and is `said` now."""

    said: Personal
    channel: str


def notices() -> Codec:
    upcasters = Upcasters()
    upcasters.register(
        "notice.sent.v1",
        "notice.sent.v2",
        lambda old: {"text": old["body"]},
        moved={"text": "body"},
    )
    upcasters.register(
        "notice.sent.v2",
        "notice.sent.v3",
        lambda old: {"said": old["text"], "channel": "letter"},
        moved={"said": "text"},
    )
    return Codec({"notice.sent.v3": NoticeSent}, upcasters)


@pytest.mark.parametrize(
    ("topic", "name"),
    [("notice.sent.v1", "body"), ("notice.sent.v2", "text"), ("notice.sent.v3", "said")],
)
def test_an_old_shape_is_read_as_the_newest_and_sealed_where_it_was(topic: str, name: str) -> None:
    codec = notices()
    state = {name: [SUBJECT.hex, "AQAB"]} | ({"channel": "letter"} if name == "said" else {})

    event = codec.decode(topic, json.dumps(state).encode(), version=4)

    assert event == NoticeSent(said=Personal(SUBJECT, b"\1\0\1", f"4/{name}"), channel="letter")
    assert codec.encode(event)[0] == "notice.sent.v3"


@pytest.mark.parametrize("state", [b"{}", b"[]", b'{"body":1}', b'{"body":["a","b"]}', b"{"])
def test_an_old_shape_that_does_not_fit_is_unreadable(state: bytes) -> None:
    with pytest.raises(Unreadable):
        notices().decode("notice.sent.v1", state, version=4)


def test_a_chain_of_old_shapes_has_an_end() -> None:
    upcasters = Upcasters()
    upcasters.register("a.v1", "a.v2", dict)

    with pytest.raises(AssertionError):
        upcasters.register("a.v2", "a.v1", dict)
    with pytest.raises(AssertionError):
        upcasters.register("a.v1", "a.v3", dict)


# --- metadata --------------------------------------------------------------------------------

METADATA = Metadata(
    actor="zhang",
    role="CW",
    unit="370103008001-03",
    command_id=SUBJECT,
    request_hash="0" * 64,
    correlation_id=UUID(int=7),
)


def test_metadata_has_one_form() -> None:
    stored = encode_metadata(METADATA)

    assert stored == (
        b'{"actor":"zhang","role":"CW","unit":"370103008001-03",'
        b'"command_id":"01890a5d-ac96-774b-bcce-b302099a8057","request_hash":"' + b"0" * 64 + b'",'
        b'"correlation_id":"00000000-0000-0000-0000-000000000007","causation_id":0}'
    )
    assert CODEC.encode_metadata(METADATA) == stored
    assert decode_metadata(stored) == CODEC.decode_metadata(stored) == METADATA


@given(instances_of(Metadata))
def test_metadata_comes_back_the_same(metadata: Metadata) -> None:
    stored = encode_metadata(metadata)

    assert decode_metadata(stored) == metadata
    # The log's writer encodes the plain object: leaf hashes cover these very bytes.
    assert stored == msgspec.json.encode(metadata)


@pytest.mark.parametrize("change", [{"actor": "\0"}, {"unit": "\ud800"}, {"role": None}])
def test_metadata_that_could_not_be_read_again_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Malformed) as refusal:
        encode_metadata(replace(METADATA, **change))

    assert [refusal.value.field] == list(change)


@pytest.mark.parametrize("stored", [b"", b"{}", b'{"actor":"zhang"}', b"\xff"])
def test_other_bytes_are_no_metadata(stored: bytes) -> None:
    with pytest.raises(Unreadable):
        decode_metadata(stored)


def test_reminders_keep_only_what_they_have() -> None:
    event = Reminded(record=NOTHING, by="li", occurred_at=AT)

    assert CODEC.encode(event)[1] == (
        b'{"record":[],"by":"li","occurred_at":"2011-07-22T00:50:00Z"}'
    )
