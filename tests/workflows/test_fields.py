"""What is sent in is stored exactly as it came, or refused with the name of its field."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import FieldInvalid, FieldMissing
from domain.personal import Personal
from domain.record import Kind, Record
from workflows.fields import LONGEST, LONGEST_ACCOUNT, FieldSpec, Label, Reader

SUBJECT = UUID("0197f3b2-0000-7000-8000-000000000001")
PHOTO = UUID("0197f3b2-0000-7000-8000-00000000000a")
ANOTHER = UUID("0197f3b2-0000-7000-8000-00000000000b")
LABEL = Label(zh="字段", en="Field")
FRIDAY = datetime(2011, 7, 22, 16, 30, tzinfo=UTC)  # already the 23rd in Jinan


def field(kind: Kind, **more: Any) -> FieldSpec:
    return FieldSpec(name="value", kind=kind, label=LABEL, **more)


def read(kind: Kind, value: object, **more: Any) -> object:
    """What a field of this kind makes of a value."""
    record = Reader("G1", [field(kind, **more)]).read({"value": value}, SUBJECT, FRIDAY)
    assert record.fields[0].kind is kind
    return record.fields[0].value


TEXTS = (Kind.TEXT, Kind.NOTE, Kind.PERSON)
CHOICES = {"5": LABEL, "yes": LABEL}
RARE = "𠀀𠮷 🗑️ \u202bשלום\u202c 王\u200d丽"


@pytest.mark.parametrize(
    ("kind", "more", "given", "stored"),
    [
        (Kind.TEXT, {}, "鲁建〔2011〕7号", "鲁建〔2011〕7号"),
        (Kind.TEXT, {}, RARE, RARE),
        (Kind.TEXT, {}, "x" * LONGEST, "x" * LONGEST),
        (Kind.NUMBER, {}, 3, Decimal(3)),
        (Kind.NUMBER, {}, "3.5", Decimal("3.5")),
        (Kind.NUMBER, {}, 0.1, Decimal("0.1")),
        (Kind.NUMBER, {"min": 0, "max": 3}, 0, Decimal(0)),
        (Kind.MONEY, {}, "300", Decimal("300.00")),
        (Kind.MONEY, {}, 300.5, Decimal("300.50")),
        (Kind.DATE, {}, "2011-07-22", date(2011, 7, 22)),
        (Kind.DATE, {}, date(2011, 7, 22), date(2011, 7, 22)),
        (Kind.DATE, {"from_today": True}, "2011-07-23", date(2011, 7, 23)),
        (Kind.DATE, {"within_days": 90}, "2011-10-21", date(2011, 10, 21)),
        (Kind.DATE, {"next_month": True}, "2011-08-01", date(2011, 8, 1)),
        (Kind.INSTANT, {"within_days": 0}, "2011-07-22T16:30:00Z", FRIDAY),
        (Kind.INSTANT, {}, "2011-07-22T10:30:00Z", datetime(2011, 7, 22, 10, 30, tzinfo=UTC)),
        (
            Kind.INSTANT,
            {},
            "2011-07-22T10:30:00+08:00",
            datetime(2011, 7, 22, 10, 30, tzinfo=timezone(timedelta(hours=8))),
        ),
        (Kind.CHOICE, {"choices": CHOICES}, "yes", "yes"),
        (Kind.CHOICE, {"choices": CHOICES}, 5, "5"),
        (Kind.FLAG, {}, True, True),
        (Kind.FLAG, {}, "no", False),
        (Kind.UNIT, {}, "370103008/cg", "370103008/cg"),
        (Kind.ACCOUNT, {}, "linxiaohe", "linxiaohe"),
        (Kind.ACCOUNT, {}, "x" * LONGEST_ACCOUNT, "x" * LONGEST_ACCOUNT),
        (Kind.UNITS, {}, ["370103008/cg", "370103008001-03"], ("370103008/cg", "370103008001-03")),
        (Kind.PLACE, {}, "116.99,36.65", "116.99,36.65"),
        (Kind.PLACE, {}, "-180,-90", "-180,-90"),
        (Kind.PHOTOS, {}, [str(PHOTO), ANOTHER], (PHOTO, ANOTHER)),
        (Kind.PAPERS, {}, [str(PHOTO), ANOTHER], (PHOTO, ANOTHER)),
        (Kind.REFERENCE, {}, str(PHOTO), PHOTO),
    ],
)
def test_a_value_is_read(kind: Kind, more: dict[str, Any], given: object, stored: object) -> None:
    value = read(kind, given, **more)

    assert value == stored
    assert type(value) is type(stored)


@pytest.mark.parametrize("kind", [Kind.NOTE, Kind.PERSON])
def test_notes_and_persons_are_personal(kind: Kind) -> None:
    value = read(kind, RARE)

    assert value == Personal(SUBJECT)
    assert isinstance(value, Personal)
    assert value.clear == RARE
    assert RARE not in repr(value)


def test_a_note_may_have_lines() -> None:
    value = read(Kind.NOTE, "第一行\r\n第二行\t完")

    assert isinstance(value, Personal)
    assert value.clear == "第一行\r\n第二行\t完"


@pytest.mark.parametrize(
    ("kind", "more", "given"),
    [
        *((kind, {}, f"a{sign}b") for kind in TEXTS for sign in "\0\x07\x1b\x7f\x9b\ud800\udfff"),
        *((kind, {}, "x" * (LONGEST + 1)) for kind in TEXTS),
        (Kind.NOTE, {}, "好" * 100_000),
        (Kind.NOTE, {"min": 5}, "短"),
        (Kind.TEXT, {}, "two\nlines"),
        (Kind.TEXT, {}, "two\u2028lines"),
        (Kind.TEXT, {}, 7),
        (Kind.TEXT, {}, {"a": 1}),
        *((Kind.NUMBER, {}, wrong) for wrong in ("NaN", "1e9", "Infinity", "1_000", "１２")),
        *((Kind.NUMBER, {}, wrong) for wrong in (True, [1], float("nan"), 1e300, "9" * 16)),
        (Kind.NUMBER, {"min": 1}, 0),
        (Kind.NUMBER, {"max": 3}, 4),
        (Kind.MONEY, {}, "1.005"),
        (Kind.MONEY, {}, -1),
        (Kind.MONEY, {}, 0.1 + 0.2),
        *((Kind.DATE, {}, wrong) for wrong in ("2011-02-30", "20110722", "0001-01-01", 20110722)),
        (Kind.DATE, {}, FRIDAY),
        (Kind.DATE, {"from_today": True}, "2011-07-22"),
        (Kind.DATE, {"within_days": 90}, "2011-10-22"),
        *((Kind.DATE, {"next_month": True}, f"2011-{day}") for day in ("07-31", "08-02", "09-01")),
        (Kind.INSTANT, {"within_days": 0}, "2011-07-22T16:31:00Z"),
        *(
            (Kind.INSTANT, {}, wrong)
            for wrong in ("2011-07-22T10:30", "now", "9999-12-31T23:59Z", 5)
        ),
        (Kind.CHOICE, {"choices": CHOICES}, "maybe"),
        (Kind.CHOICE, {"choices": CHOICES}, True),
        (Kind.CHOICE, {"choices": CHOICES}, ["yes"]),
        *((Kind.FLAG, {}, wrong) for wrong in ("on", 1, 0, [True])),
        *((Kind.ACCOUNT, {}, wrong) for wrong in ("a\0b", "two\nlines", "x" * 65, 7, ["a"])),
        *((Kind.UNIT, {}, wrong) for wrong in ("a b", "'; drop", "x" * 65, 7)),
        (Kind.UNITS, {}, "370103008/cg"),
        (Kind.UNITS, {}, ["a", "a"]),
        (Kind.UNITS, {"min": 2}, ["a"]),
        (Kind.UNITS, {"max": 2}, ["a", "b", "c"]),
        *(
            (Kind.PLACE, {}, wrong)
            for wrong in ("181,0", "0,91", "116.99", "1, 2", "a,b", [116, 36])
        ),
        (Kind.PHOTOS, {}, ["not-an-id"]),
        (Kind.PAPERS, {}, ["not-an-id"]),
        (Kind.PHOTOS, {}, [str(PHOTO), PHOTO]),
        (Kind.PHOTOS, {}, [str(PHOTO).replace("-", "")]),
        (Kind.PHOTOS, {}, [str(UUID(int=n)) for n in range(51)]),
        (Kind.REFERENCE, {}, 12),
    ],
)
def test_a_value_of_the_wrong_shape_is_refused(
    kind: Kind, more: dict[str, Any], given: object
) -> None:
    with pytest.raises(FieldInvalid) as refused:
        read(kind, given, **more)

    assert (refused.value.step, refused.value.field) == ("G1", "value")
    assert refused.value.because


def test_a_field_that_is_not_asked_for_is_refused() -> None:
    with pytest.raises(FieldInvalid) as refused:
        Reader("G12", []).read({"note": "?"}, SUBJECT)

    assert (refused.value.field, refused.value.because) == ("note", "not asked for")


@pytest.mark.parametrize("nothing", [None, "", "  \n", [], ()])
def test_nothing_counts_as_missing(nothing: object) -> None:
    needed = Reader("G1", [field(Kind.NOTE)])
    spared = Reader("G1", [field(Kind.NOTE, required=False)])

    with pytest.raises(FieldMissing) as refused:
        needed.read({"value": nothing}, SUBJECT)

    assert (refused.value.step, refused.value.field) == ("G1", "value")
    assert spared.read({"value": nothing}, SUBJECT) == Record()


def test_an_instant_is_kept_in_utc() -> None:
    value = read(Kind.INSTANT, "2011-07-22T10:30:00+08:00")

    assert isinstance(value, datetime)
    assert value.isoformat() == "2011-07-22T02:30:00+00:00"


def test_fields_come_in_the_order_of_the_file() -> None:
    specs = [FieldSpec(name=name, kind=Kind.TEXT, label=LABEL) for name in ("b", "a", "c")]

    record = Reader("G1", specs).read({"a": "1", "c": "2", "b": "3"}, SUBJECT)

    assert [recorded.name for recorded in record] == ["b", "a", "c"]


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=5,
)


@given(kind=st.sampled_from(Kind), value=JUNK)
def test_whatever_is_sent_is_read_or_refused(kind: Kind, value: object) -> None:
    spec = field(kind, choices=CHOICES if kind is Kind.CHOICE else {}, from_today=kind is Kind.DATE)

    try:
        record = Reader("G1", [spec]).read({"value": value}, SUBJECT, FRIDAY)
    except (FieldInvalid, FieldMissing) as refused:
        named = refused.field
    else:
        named = record.fields[0].name

    assert named == "value"


@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200))
def test_a_text_is_stored_exactly(text: str) -> None:
    if not text.isspace() and not set(text) & set("\u2028\u2029"):
        assert read(Kind.TEXT, text) == text
