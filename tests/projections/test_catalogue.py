"""What holds for every read model."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from dataclasses import FrozenInstanceError, fields, is_dataclass
from typing import Any

import pytest

import projections
from adapters.codec import Codec
from domain.log import Recorded
from projections.catalogue import ALL
from projections.view import Lifecycle, View
from tests.projections.histories import offered, staff, story
from tests.projections.memory import Memory

EACH = pytest.mark.parametrize("view", ALL, ids=lambda view: view.name)


def told(upto: int | None = None) -> list[Recorded]:
    """The story, or its beginning, and the staff."""
    log = story()
    if upto is not None:
        del log.recorded[upto:]
    return offered(staff(log)).recorded


def test_no_view_is_left_out() -> None:
    modules = [
        importlib.import_module(module.name)
        for module in pkgutil.iter_modules(projections.__path__, "projections.")
    ]
    known = {
        id(value) for module in modules for value in vars(module).values() if type(value) is View
    }

    assert {id(view) for view in ALL} == known
    assert len({view.name for view in ALL}) == len(ALL)


@EACH
def test_its_row_is_frozen_and_has_the_columns_of_key_and_indexes(view: View[Any]) -> None:
    assert is_dataclass(view.row)
    columns = {field.name for field in fields(view.row)}

    assert set(view.key) <= columns
    assert {name for index in view.indexes for name in index} <= columns


@EACH
def test_a_row_cannot_be_changed(view: View[Any]) -> None:
    memory = Memory(view, told(upto=5))
    row = next(iter(memory.rows.values()))

    with pytest.raises(FrozenInstanceError):
        setattr(row, view.key[0], None)


@EACH
def test_folding_anew_gives_the_same_rows(view: View[Any]) -> None:
    assert Memory(view, told()).rows == Memory(view, told()).rows


def as_read_back(seen: Recorded, codec: Codec) -> Recorded:
    """The event as a rebuild gets it from the log."""
    topic, state = codec.encode(seen.event)
    event = codec.decode(topic, state, version=seen.version, stream_id=seen.stream_id)
    return seen._replace(event=event)


@EACH
def test_what_happens_now_and_what_is_read_back_give_the_same_rows(view: View[Any]) -> None:
    # Cut in the middle, where clocks run.
    live, codec = told(upto=10), Codec()

    rebuilt = Memory(view, [as_read_back(seen, codec) for seen in live]).rows
    rows = Memory(view, live).rows

    assert rows == rebuilt
    if view.lifecycle is Lifecycle.INLINE:
        assert texts_of(rows.values()) == texts_of(rebuilt.values())


def texts_of(rows: Iterable[Any]) -> list[str]:
    """The columns that are kept as text, zones included."""
    nested = [getattr(row, field.name) for row in rows for field in fields(row)]
    return [repr(value) for value in nested if isinstance(value, tuple)]
