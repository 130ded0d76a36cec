"""Guards as people read them: the words of the guard, and in brackets what it names in its line."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from web.reasons import condition
from web.words import Words
from workflows.clockspec import Limit
from workflows.conditions import Guard, Share
from workflows.days import Rises
from workflows.fields import Written
from workflows.line import Line
from workflows.machine import CompiledLine
from workflows.missing import labels_of

_NAMED = {
    "steps": "step",
    "step": "step",
    "entry": "entry",
    "entries": "entry",
    "fields": "field",
    "part": "field",
    "whole": "field",
    "born": "field",
    "day": "field",
}
"""What the keys of a parameter name."""

_COUNTED = {"count": "times", "days": "limit.d", "bands": "bands", "years": "limit.years"}
"""The words for the numbers of a parameter."""

_OF = {
    "notice_days_passed": "limit.d",
    "days_since_closing_at_most": "limit.d",
    "reopened_fewer_than": "times",
    "reopened_at_least": "times",
}
"""The words for a parameter that is a number."""

_PARTS = ("part", "whole")


class Conditions:
    """The guards of one line, in one language."""

    def __init__(self, line: Line, words: Words) -> None:
        self._words = words
        self._labels = {key: words.label(label) for key, label in labels_of(line).items()}
        self._labels |= {
            ("action", action.name): words.label(action.label) for action in line.common.actions
        }

    def told(self, guards: Iterable[Guard]) -> list[str]:
        """Each guard as a condition."""
        return [self._told(guard) for guard in guards]

    def asked(self, guards: Iterable[Guard]) -> list[str]:
        """The same, in the line's own words where it has some for a refusal, to be listed."""
        own = (self._words.label(g.told).rstrip("。.") if g.told else self._told(g) for g in guards)
        return list(dict.fromkeys(own))

    def cases(self, guards: Iterable[Guard]) -> list[str]:
        """What has to be recorded for the guards to hold, and no more: `类别代码：渣土`."""
        return [told for told in map(self._case, guards) if told]

    def called(self, name: str, kind: str) -> str:
        """What the line calls a step, an entry, a state and so on."""
        return self._named(name, kind)

    def happening(self, name: str) -> str:
        """What a clock waits for: a step, an entry, an action, a state that is entered."""
        kind, _, what = name.partition(":")
        if what and kind in ("state", "entry", "question"):
            key = f"happening.{kind}"
            return self._words(key, name=self._named(what, kind))
        if self._words.has(f"happening.{kind}"):
            return self._words(f"happening.{kind}")
        told = self._labels.get(("action", kind)) or self._labels.get(("step", kind), kind)
        return self._words("list.pair", key=told, value=self._named(what, "")) if what else told

    def _told(self, guard: Guard, *, negated: bool = False) -> str:
        if guard.name == "not":
            return self._told(guard.parameter[0], negated=not negated)
        if guard.predicate.names == "guard":
            either = (guard.name == "any_of") is not negated
            parts = [self._told(part, negated=negated) for part in guard.parameter]
            key = "conditions.any" if either else "conditions.all"
            return self._words(key, parts=self._words("list.semicolon").join(parts))
        name = f"not.{guard.name}" if negated else guard.name
        if guard.name == "field_is":
            pairs = (self._pair(f"told.{name}", *pair) for pair in guard.parameter.items())
            return self._words.listed(pairs)
        if isinstance(guard.parameter, Share):
            fields = {key: self._named(getattr(guard.parameter, key), "field") for key in _PARTS}
            return self._words(f"told.{name}", **{**dict(guard.parameter), **fields})
        named = self._words.listed(self._values(guard.parameter, guard.predicate.names))
        if self._words.has(f"told.{name}"):
            return self._words(f"told.{name}", named=named)
        if isinstance(guard.parameter, int) and guard.name in _OF:
            named = self._words.counted(_OF[guard.name], guard.parameter)
        words = condition(f"not: {guard.name}" if negated else guard.name, self._words)
        return self._words("conditions.named", words=words, named=named) if named else words

    def _case(self, guard: Guard) -> str:
        if guard.name == "not":
            told = self._case(guard.parameter[0])
            return told and self._words("conditions.except", named=told)
        if guard.predicate.names == "guard":
            return self._words("conditions.or").join(self.cases(guard.parameter))
        if guard.predicate.names != "field":
            return ""
        return self._words.listed(self._values(guard.parameter, "field"))

    def _values(self, value: Any, kind: str) -> Iterator[str]:
        match value:
            case bool() | None:
                return
            case Limit():
                yield from self._values(getattr(value, "entry", ()), "entry")
                yield from self._values(getattr(value, "day", ()), "field")
                yield self._words.counted(f"limit.{value.unit.value}", value.count)
            case Rises(since=since, every=every, to=to):
                yield self._words(
                    "conditions.rises", since=self._words.day(since), every=every, to=to
                )
            case Written():
                for key, part in value:
                    if key in _COUNTED:
                        yield self._words.counted(_COUNTED[key], part)
                        continue
                    if part is True:
                        yield self._words(f"conditions.{key}")
                        continue
                    yield from self._values(part, _NAMED.get(key, ""))
            case Mapping():
                for name, wanted in value.items():
                    yield self._pair("list.pair", name, wanted)
            case int():
                yield str(value)
            case str():
                yield self._named(value, kind)
            case _:
                for part in value:
                    yield from self._values(part, kind)

    def _pair(self, told: str, name: str, wanted: Iterable[str]) -> str:
        value = self._words("conditions.or").join(
            self._labels.get(("value", f"{name}.{one}"), one) for one in wanted
        )
        return self._words(told, key=self._named(name, "field"), value=value)

    def _named(self, name: str, kind: str) -> str:
        if kind == "role":
            return self._words(f"role.{name}")
        if kind == "" and self._words.has(f"conditions.{name}"):
            return self._words(f"conditions.{name}")
        # A step is known by its number, and a matter by its code.
        return name if kind in ("step", "matter") else self._labels.get((kind, name), name)


@lru_cache(maxsize=64)
def conditions_of(line: CompiledLine, words: Words) -> Conditions:
    """The guards of a line as a page tells them, made once."""
    return Conditions(line.spec, words)


def limit_words(limit: Limit, words: Words) -> str:
    """`1 个工作日`; none at all is told as what it means."""
    if limit.count == 0:
        return words("limit.same_day" if limit.unit.value in ("wd", "d") else "limit.at_once")
    return words.counted(f"limit.{limit.unit.value}", limit.count)
