"""Where the personal values of an event are: `summary`, `record.note`, `members.0.name`."""

import dataclasses
from collections.abc import Callable
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin

from adapters.codec.making import Maker, field
from domain.personal import Personal
from domain.record import Record

T = TypeVar("T")
Change = Callable[[Personal, str], Personal]
_Visit = Callable[[Any, str, Change], Any]


def replaced(event: T, change: Change) -> T:
    """The event with every personal value passed through `change`, which is told its path.

    The event itself where nothing changed.
    """
    kind: Any = type(event)
    visit = _visit(kind)
    return event if visit is None else cast(T, visit(event, "", change))


def _personal(value: Personal, path: str, change: Change) -> Personal:
    return change(value, path)


def _record(record: Record, path: str, change: Change) -> Record:
    changed = False
    fields = []
    for recorded in record.fields:
        value = recorded.value
        if type(value) is Personal:
            new = change(value, f"{path}.{recorded.name}")
            if new is not value:
                changed, recorded = True, field(recorded.name, recorded.kind, new)  # noqa: PLW2901
        fields.append(recorded)
    return Record(tuple(fields)) if changed else record


def _sequence(inner: _Visit) -> _Visit:
    def visit(values: tuple[Any, ...], path: str, change: Change) -> tuple[Any, ...]:
        new = tuple([inner(value, f"{path}.{i}", change) for i, value in enumerate(values)])
        unchanged = all(a is b for a, b in zip(values, new, strict=True))
        return values if unchanged else new

    return visit


def _optional(inner: _Visit) -> _Visit:
    return lambda value, path, change: None if value is None else inner(value, path, change)


def _object(cls: type) -> _Visit | None:
    maker = Maker(cls)
    visits = [
        (i, maker.names[i], visit) for i, hint in enumerate(maker.hints) if (visit := _visit(hint))
    ]
    if not visits:
        return None

    def visit_fields(value: Any, path: str, change: Change) -> Any:
        values: list[Any] = []
        for i, name, visit in visits:
            old = getattr(value, name)
            new = visit(old, f"{path}.{name}" if path else name, change)
            if new is not old:
                values = values or list(maker.values_of(value))
                values[i] = new
        return maker.made(values) if values else value

    return visit_fields


@cache
def _visit(kind: Any) -> _Visit | None:
    """How to visit a value of this type, None where it holds nothing personal."""
    if kind is Personal:
        return _personal
    if kind is Record:
        return _record
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType) and inner[1] is NoneType:
        within = _visit(inner[0])
        return within and _optional(within)
    if origin is tuple:
        within = _visit(inner[0])
        return within and _sequence(within)
    return _object(kind) if dataclasses.is_dataclass(kind) and isinstance(kind, type) else None
