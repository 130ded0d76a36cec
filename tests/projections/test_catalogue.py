"""What holds for every read model."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import FrozenInstanceError, fields, is_dataclass
from typing import Any

import pytest

import projections
from projections.catalogue import ALL
from projections.view import View
from tests.projections.histories import story
from tests.projections.memory import Memory

EACH = pytest.mark.parametrize("view", ALL, ids=lambda view: view.name)


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
    memory = Memory(view, story().recorded[:5])
    row = next(iter(memory.rows.values()))

    with pytest.raises(FrozenInstanceError):
        setattr(row, view.key[0], None)


@EACH
def test_folding_anew_gives_the_same_rows(view: View[Any]) -> None:
    log = story()

    assert Memory(view, log.recorded).rows == Memory(view, log.recorded).rows
