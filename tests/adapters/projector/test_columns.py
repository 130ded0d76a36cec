"""Every row comes back from its columns as it went in."""

from __future__ import annotations

import dataclasses
import types
import typing
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.event_store.instants import from_micros
from adapters.projector.columns import columns_of, personal_from_text, personal_to_text
from adapters.projector.table import ViewTable
from domain.clock import SHANGHAI
from domain.personal import Personal
from projections.catalogue import ALL
from projections.view import View
from tests.adapters.projector.conftest import Opens
from tests.adapters.projector.district import District

EACH = pytest.mark.parametrize("view", ALL, ids=lambda view: view.name)

# What the log refuses, no view is ever given: NUL and halves of surrogate pairs.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
INSTANTS = st.builds(
    lambda micros, zone: from_micros(micros).astimezone(zone),
    st.integers(-(2**51), 2**53),
    st.sampled_from((UTC, SHANGHAI)),
)
SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(-(2**63), 2**63 - 1),
    bool: st.booleans(),
    UUID: st.uuids(),
    datetime: INSTANTS,
    date: st.dates(),
    Personal: st.builds(
        Personal,
        st.uuids(),
        sealed=st.binary(min_size=1, max_size=40),
        origin=st.builds("{}/{}".format, st.integers(1, 99), TEXT),
    ),
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Any value that a field of this type may hold."""
    if hint in SIMPLE:
        return SIMPLE[hint]
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return st.one_of(*(st.none() if part is types.NoneType else values(part) for part in inner))
    if origin is tuple:
        return st.lists(values(inner[0]), max_size=3).map(tuple)
    assert isinstance(hint, type)
    assert dataclasses.is_dataclass(hint) or issubclass(hint, tuple)
    return rows_of(hint)


def rows_of(row: type) -> st.SearchStrategy[Any]:
    """Any row of a view."""
    hints = typing.get_type_hints(row)
    return st.builds(row, **{name: values(hint) for name, hint in hints.items()})


@EACH
def test_rows_come_back_as_they_went_in(district: District, view: View[Any]) -> None:
    database = district.place(view)
    table = ViewTable(view, sqlite=database.is_sqlite)

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(rows_of(view.row), min_size=1, max_size=4))
    def round_trip(rows: list[Any]) -> None:
        kept = {tuple(getattr(row, name) for name in view.key): row for row in rows}

        with database.writing() as connection:
            table.write(connection, kept)

        with database.reading() as connection:
            assert table.load(connection, kept) == kept
        with database.writing() as connection:
            table.write(connection, dict.fromkeys(kept))
            assert table.load(connection, kept) == {}

    round_trip()


def test_more_rows_than_one_statement_names(district: District) -> None:
    view = next(view for view in ALL if view.name == "due")
    database, count = district.place(view), 1501
    table = ViewTable(view, sqlite=database.is_sqlite)
    at = datetime(2011, 7, 22, tzinfo=UTC)
    rows = {
        (UUID(int=n), "disposal"): view.row(
            affair_id=UUID(int=n),
            clock="disposal",
            kind="stage",
            started_at=at,
            warn_at=at + timedelta(microseconds=n),
            due_at=at,
            next_at=None if n % 2 else at,
            colour="green",
            provisional=n % 3 == 0,
        )
        for n in range(count)
    }

    with database.writing() as connection:
        table.write(connection, rows)

    with database.reading() as connection:
        assert table.load(connection, rows) == rows


def test_a_sealed_value_may_come_from_a_field_of_any_name() -> None:
    value = Personal(UUID(int=7), sealed=b"\x01\x02", origin="3/record.name|alias|")

    assert personal_from_text(personal_to_text(value)) == value


@pytest.mark.parametrize("sqlite", [True, False])
def test_a_field_of_no_known_type_is_refused(*, sqlite: bool) -> None:
    @dataclasses.dataclass(frozen=True)
    class Row:
        key: str
        weight: complex

    with pytest.raises(TypeError, match="weight"):
        columns_of(Row, sqlite=sqlite)


@dataclasses.dataclass(frozen=True)
class Told:
    """A row whose instant is its whole content."""

    key: str
    at: datetime


def test_an_instant_without_a_zone_is_refused(opens: Opens) -> None:
    view = View("told", ALL[0].lifecycle, Told, key=("key",))
    district = opens(inline=(view,), following=())
    table = ViewTable(view, sqlite=district.database.is_sqlite)

    with (
        pytest.raises(TypeError, match="offset"),
        district.database.writing() as connection,
    ):
        table.write(connection, {("a",): Told("a", datetime(2011, 7, 22))})  # noqa: DTZ001


def test_the_zone_of_an_instant_does_not_matter(opens: Opens) -> None:
    view = View("told", ALL[0].lifecycle, Told, key=("key",))
    district = opens(inline=(view,), following=())
    table = ViewTable(view, sqlite=district.database.is_sqlite)
    noon = datetime(2011, 7, 22, 12, tzinfo=timezone(timedelta(hours=8)))

    with district.database.writing() as connection:
        table.write(connection, {("a",): Told("a", noon)})

    with district.database.reading() as connection:
        kept = table.load(connection, [("a",)])["a",]
    assert kept.at == noon
    assert kept.at.utcoffset() == timedelta(0)
