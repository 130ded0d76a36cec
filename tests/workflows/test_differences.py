"""What two versions say differently: nothing is left out, and nothing is made up."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import lines
from tests.builders.leaves import LEAVES, SMALL, changed_at
from workflows.differences import ORDER, differences
from workflows.line import Line


@pytest.mark.parametrize("leaf", LEAVES)
def test_no_changed_leaf_is_passed_over(leaf: str) -> None:
    found = changed_at(leaf)

    assert list(differences(SMALL, found))
    assert list(differences(found, SMALL))


@pytest.mark.parametrize("line", lines.versions(), ids=lambda line: f"{line.line} {line.version}")
def test_the_same_line_differs_in_nothing(line: Any) -> None:
    assert list(differences(line.spec, line.spec.model_copy(deep=True))) == []


def changed(**changes: Any) -> Line:
    return SMALL.model_copy(update=changes)


def test_what_is_new_and_what_is_gone_is_told_whole_with_its_law() -> None:
    kept = tuple(one for one in SMALL.transitions if one.id != "S2")

    (gone,) = differences(SMALL, changed(transitions=kept))
    (new,) = differences(changed(transitions=kept), SMALL)

    assert (gone.change, gone.place, gone.part) == ("gone", (("transitions", "S2"),), "")
    assert (new.change, new.place, new.now["id"]) == ("added", (("transitions", "S2"),), "S2")


def test_a_part_of_a_part_is_told_where_it_stands_by_the_nearest_law() -> None:
    spec = next(one for one in SMALL.transitions if one.fields)
    field = spec.fields[0].model_copy(update={"required": not spec.fields[0].required})
    step = spec.model_copy(update={"law": "某条例 第一条", "fields": (field, *spec.fields[1:])})
    steps = tuple(step if one.id == spec.id else one for one in SMALL.transitions)

    found = {one.part: one for one in differences(SMALL, changed(transitions=steps))}

    assert set(found) == {"required", "law"}
    assert found["required"].place == (("transitions", spec.id), ("fields", field.name))
    assert found["required"].law == "某条例 第一条"
    assert (found["required"].was, found["required"].now) == (not field.required, field.required)


def test_another_order_is_told_as_such() -> None:
    (found,) = differences(SMALL, changed(states=dict(reversed(SMALL.states.items()))))

    assert (found.part, found.change) == (ORDER, "changed")
    assert found.now == list(reversed(SMALL.states))


def test_rules_of_all_lines_are_told_apart() -> None:
    common = SMALL.common.model_copy(update={"clocks": SMALL.common.clocks[1:]})

    (found,) = differences(SMALL, changed(common=common))

    assert (found.shared, found.change) == (True, "gone")
