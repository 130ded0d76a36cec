"""What two versions of a line say differently, in words: one telling for pages and terminals."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from domain.clock import Unit
from web.conditions import Conditions, limit_words
from web.words import Words
from workflows.clockspec import Limit
from workflows.conditions import Unknown, all_compiled
from workflows.differences import NAMED, ORDER, Difference, differences
from workflows.line import REDO, Line


@dataclass(frozen=True, slots=True)
class Differing:
    """A difference as it is told. group: the heading it stands under. what: the thing; part: what
    of it, empty where the whole of it is new or gone. was, now: empty where nothing is."""

    group: str
    change: str
    what: str
    part: str
    was: str
    now: str
    law: str


def told(old: Line, new: Line, words: Words) -> list[Differing]:
    """All that is otherwise in `new`, in the order of a line file."""
    before, after = _Version(old, words), _Version(new, words)
    return [_told(one, before, after, words) for one in differences(old, new)]


def _told(one: Difference, before: "_Version", after: "_Version", words: Words) -> Differing:
    one, part = _guards_apart(one, words)
    now, was = after.value(one, one.now), before.value(one, one.was)
    if one.part and was == now:
        # What the reader's language, or its words, do not tell apart is told as it is written.
        was, now = _written(one.was), _written(one.now)
    version = before if one.change == "gone" else after
    return Differing(
        group=words("differ.shared") if one.shared else words(f"differ.{_group(one)}"),
        change=words(f"differ.{one.change}"),
        what=version.named(one),
        part=part,
        was=was,
        now=now,
        # Where the law is what changed, it stands there.
        law=one.law if one.part not in ("law", "basis") else "",
    )


def _group(one: Difference) -> str:
    return one.place[0][0] if one.place and one.place[0][0] in NAMED else "line"


# Of many conditions those that stay would hide the one that does not.
def _guards_apart(one: Difference, words: Words) -> tuple[Difference, str]:
    if not one.part:
        return one, ""
    part = words(f"differ.{one.part}")
    if one.part not in _GUARDS or not (one.was and one.now):
        return one, part
    was = [guard for guard in one.was if guard not in one.now]
    now = [guard for guard in one.now if guard not in one.was]
    if not (was or now) or (len(was), len(now)) == (len(one.was), len(one.now)):
        return one, part
    return replace(one, was=was, now=now), words("differ.in_part", part=part)


def _written(value: Any) -> str:
    match value:
        case None:
            return ""
        case Mapping():
            return "{" + ", ".join(f"{key}: {_written(one)}" for key, one in value.items()) + "}"
        case str():
            return value
        case Sequence():
            return "[" + ", ".join(_written(one) for one in value) + "]"
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


class _Version:
    """One of the two versions: what it calls what it names."""

    def __init__(self, line: Line, words: Words) -> None:
        self._line, self._words = line, words
        self._conditions = Conditions(line, words)
        self._tellers: dict[str, Callable[[Any], str]] = {
            **dict.fromkeys(_GUARDS, self._guards),
            **dict.fromkeys(("by", "of", "opened_by"), self._each("role")),
            **dict.fromkeys(_STATES, self._states),
            **dict.fromkeys(("starts_on", "stops_on", "on"), self._happenings),
            "return_visit": self._each("visit"),
            **dict.fromkeys(("accepted_on", "unless", "lapse", "fires"), self._names("step")),
            **dict.fromkeys(("due_field", "field", "matter_from"), self._names("field")),
            **dict.fromkeys(("line_limit", "clock"), self._names("clock")),
            "offer": self._names("entry"),
            "matters": self._names("matter"),
            "matter": self._names("matter"),
            "retention": self._each("retention"),
            "marks": self._each("mark"),
            "level": lambda one: words(f"level.{one}" if one != "unit" else "differ.level.unit"),
            "materials": lambda many: words.listed(map(self._label, many)),
            "fields": lambda many: words.listed(self._field(one) for one in many),
            "valid": self._valid,
            "limit": self._limit,
            "limits": self._limits,
            "record": self._filled,
            "copy": self._filled,
            "choices_from": self._each("differ"),
            "command": self._each("differ.command"),
            "filled": self._each("differ.filled"),
            "form": self._each("differ.kind"),
            "until": lambda one: words("procedure.until", **one),
            "redo": self._redo,
            "clock_stop_on": self._stops,
            "extension": str,
        }

    # --- what it belongs to ------------------------------------------------------------------

    def named(self, one: Difference) -> str:
        """`G8 劝导未果上报 · 情况说明`."""
        if not one.place:
            return self._words("differ.line")
        found: Any = self._line.common if one.shared else self._line
        found, parts = found.model_dump(mode="json", by_alias=True), []
        for key, name in one.place:
            found = _inner(found, key, name)
            parts.append(self._thing(key, name, found))
        return self._words("differ.within").join(parts)

    def _thing(self, key: str, name: str, found: Any) -> str:
        if not name:
            return self._words(f"differ.{key}")
        label = found if isinstance(found, Mapping) else {}
        label = label if "zh" in label else label.get("label", {})
        if key == "timers":
            return self._names("clock")(name)
        if key == "entering":
            return self._states([name])
        told = self._label(label) if label else ""
        return f"{name} {told}".strip() if key in _CODED else told or name

    # --- what it says ------------------------------------------------------------------------

    def value(self, one: Difference, value: Any) -> str:
        """What a version says there, in words; empty for nothing."""
        if one.part == ORDER:
            outer = one.place[-1][0]
            return self._words.listed(self._member(one, outer, name) for name in value)
        if one.part:
            return self._part(one.part, value, _kind_of(one))
        return self._whole(value, one.place[-1][0])

    def _whole(self, thing: Any, kind: str) -> str:
        if not isinstance(thing, Mapping):
            return self._part(kind, thing, "")
        parts = (
            (key, self._part(key, value, kind))
            for key, value in thing.items()
            if key not in _TOLD_APART and value is not False
        )
        pair = "list.pair"
        return self._words("list.semicolon").join(
            self._words(pair, key=self._words(f"differ.{key}"), value=told)
            for key, told in parts
            if told
        )

    def _part(self, key: str, value: Any, kind: str) -> str:
        if value is None or value in ([], {}, ""):
            return ""
        if isinstance(value, bool):
            return self._words("yes" if value else "no")
        if key == "to" and value == REDO:
            return self._words("procedure.redo")
        if key == "kind":
            family = {"clocks": "clock", "fields": "differ.kind"}.get(kind, "differ.kind")
            return self._words(f"{family}.{value}")
        if (tell := self._tellers.get(key)) is not None:
            return tell(value)
        if isinstance(value, Mapping):
            if "zh" in value:
                return self._label(value)
            return _written(value)
        if isinstance(value, list):
            return self._words.listed(self._part("", one, "") for one in value)
        return str(value)

    def _member(self, one: Difference, key: str, name: str) -> str:
        return {
            "states": lambda: self._states([name]),
            "fields": lambda: self._names("field")(name),
            "clocks": lambda: self._names("clock")(name),
            "entries": lambda: self._names("entry")(name),
        }.get(key, lambda: name)()

    def _label(self, label: Mapping[str, str]) -> str:
        return label[self._words.language]

    def _guards(self, written: Any) -> str:
        return self._words("list.semicolon").join(self._guard(one) for one in written)

    # A definition of long ago may ask what nobody asks any more.
    def _guard(self, written: Any) -> str:
        try:
            return self._words.listed(self._conditions.told(all_compiled((written,))))
        except Unknown:
            return _written(written)

    def _each(self, family: str) -> Callable[[Any], str]:
        return lambda many: self._words.listed(
            self._words(f"{family}.{one}") for one in _many(many)
        )

    def _names(self, kind: str) -> Callable[[Any], str]:
        return lambda many: self._words.listed(
            self._conditions.called(one, kind) for one in _many(many)
        )

    # Whole families have a word; the first state is known by its name.
    def _states(self, written: Any) -> str:
        return self._words.listed(
            self._words(f"states.{one}")
            if one in ("open", "ended")
            else self._conditions.called(self._line.state(one), "state")
            for one in _many(written)
        )

    def _happenings(self, written: Any) -> str:
        return self._words.listed(self._conditions.happening(one) for one in written)

    def _field(self, field: Mapping[str, Any]) -> str:
        told = self._label(field["label"])
        return told if field["required"] else self._words("procedure.optional", field=told)

    def _filled(self, record: Mapping[str, Any]) -> str:
        return self._words.listed(
            self._words("list.pair", key=self._names("field")(name), value=_written(value))
            for name, value in record.items()
        )

    def _valid(self, valid: Mapping[str, str | None]) -> str:
        since = self._words.day(date.fromisoformat(str(valid["from"])))
        if valid["to"] is None:
            return self._words("valid.since", since=since)
        until = self._words.day(date.fromisoformat(valid["to"]))
        return self._words("valid.between", since=since, until=until)

    def _limit(self, limit: Mapping[str, Any]) -> str:
        return limit_words(Limit(count=limit["count"], unit=Unit(limit["unit"])), self._words)

    def _limits(self, cases: Iterable[Mapping[str, Any]]) -> str:
        return self._cased((case, self._limit(case)) for case in cases)

    def _redo(self, rules: Any) -> str:
        # Of a matter it is the state alone.
        if isinstance(rules, str):
            return self._words("differ.none") if rules == "none" else self._states([rules])
        return self._cased((rule, self._states([rule["to"]])) for rule in rules)

    def _cased(self, cases: Iterable[tuple[Mapping[str, Any], str]]) -> str:
        return self._words("list.semicolon").join(self._case(*one) for one in cases)

    def _case(self, case: Mapping[str, Any], value: str) -> str:
        when = [*case["matters"], *map(self._guard, case["when"])]
        if not when:
            return value
        return self._words("list.pair", key=self._words.listed(when), value=value)

    def _stops(self, stops: Mapping[str, Sequence[str]]) -> str:
        return self._words("list.semicolon").join(
            self._words(
                "list.pair",
                key=self._words("list.any") if matter == "all" else matter,
                value=self._names("step")(steps),
            )
            for matter, steps in stops.items()
        )


_GUARDS = ("when", "extends_when", "suspends_when", "withdrawal_barred")
_STATES = (
    "from", "to", "states", "initial", "suspendable", "runs_in", "held_in", "waits_in", "missed_in",
)  # fmt: skip
_CODED = ("matters", "transitions")
_TOLD_APART = ("id", "name", "label", "zh", "en", "law", "basis")
"""Told as what it is called, and beside it."""


def _many(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    else:
        yield from value


def _kind_of(one: Difference) -> str:
    return one.place[-1][0] if one.place else ""


def _inner(found: Any, key: str, name: str) -> Any:
    """What stands at a place of a definition; None where it is not there."""
    found = found.get(key) if isinstance(found, Mapping) else None
    if not name or isinstance(found, Mapping):
        return found.get(name) if name and found else found
    by = ("id", "name", "clock")
    return next((m for m in found or () if any(m.get(k) == name for k in by)), None)
