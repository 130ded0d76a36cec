"""The handbook's page on line files says all that a line file can say."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.clock import ClockKind, Unit
from domain.record import Kind
from workflows.clockspec import ClockSpec, TimerSpec
from workflows.fields import FieldSpec
from workflows.guards import VOCABULARY
from workflows.line import EntrySpec, Line, Make, Matter, QuestionSpec, TransitionSpec

PAGE = Path(__file__).parents[2].joinpath("docs/handbook/line-files.md").read_text("utf-8")
MODELS = (
    Line,
    Matter,
    TransitionSpec,
    EntrySpec,
    QuestionSpec,
    ClockSpec,
    TimerSpec,
    Make,
    FieldSpec,
)


def keys() -> Iterator[str]:
    for model in MODELS:
        for name, field in model.model_fields.items():
            if name not in ("common", "corrects", "zh", "en"):
                yield field.alias or name


@pytest.mark.parametrize("name", sorted(VOCABULARY))
def test_every_guard_is_listed_with_its_example(name: str) -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |")]

    example = " ".join(VOCABULARY[name].example.split())
    assert any(row.endswith(f"| `{example}` |") for row in rows)


@pytest.mark.parametrize("key", sorted(set(keys())))
def test_every_key_is_explained(key: str) -> None:
    assert any(shown in PAGE for shown in (f"`{key}", f"{key}:", f"`{key}:"))


def test_every_kind_and_unit_is_named() -> None:
    for word in (*Kind, *ClockKind, *Unit):
        assert f"`{word.value}`" in PAGE
