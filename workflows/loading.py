"""Line files: read, checked, and turned into the one text that the log keeps.

Every fault is told with its file, its line, what is wrong and what to write instead; all faults
of a file are told at once. Values are read plainly, so that `no`, `on` and `10:30` are texts;
true and false are the only flags.
"""

import difflib
import json
import re
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from domain.errors import LineInvalid
from workflows.line import Line
from workflows.soundness import Fault, faults_of

FOLDER = Path(__file__).parent / "lines"
COMMON = "common.yaml"
LARGEST = 1_000_000
"""Bytes of a line file."""

Told = tuple[str, int, str, str]
Route = tuple[str | int, ...]

_PLAIN = {
    "tag:yaml.org,2002:bool": re.compile(r"true|false"),
    "tag:yaml.org,2002:null": re.compile(r"null|~|"),
    "tag:yaml.org,2002:int": re.compile(r"-?(0|[1-9][0-9]*)"),
    "tag:yaml.org,2002:float": re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+"),
}
_HINTS = {
    "unit": "unit: wd` (working days), `d` (days), `wh` (working hours) or `unit: h",
    "count": "count: 3",
    "zh": "zh: 中文名称",
    "en": "en: the English name",
    "label": "label: {zh: 受理, en: Accept}",
    "names": "names: {zh: 城市管理, en: Urban management}",
    "by": "by: [CW, CD]",
    "from": "from: registered",
    "to": "to: resolved",
    "id": "id: G8",
    "version": 'version: "2011.1"',
    "kind": "kind: stage",
    "retention": 'retention: "10"',
}


class _Plain(yaml.SafeLoader):
    """Reads scalars plainly; knows neither anchors nor tags."""

    yaml_implicit_resolvers = {}  # noqa: RUF012

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event: Any = self.get_event()  # type: ignore[no-untyped-call]
            wrong = "a reference with *"
            raise yaml.composer.ComposerError(None, None, wrong, event.start_mark)
        return super().compose_node(parent, index)


for _tag, _shape in _PLAIN.items():
    _Plain.add_implicit_resolver(_tag, re.compile(rf"^(?:{_shape.pattern})$"), None)


class Tree(NamedTuple):
    """A file as plain values, and the line of each of them."""

    file: str
    value: Any
    lines: Mapping[Route, int]

    def line(self, route: Route) -> int:
        """The line of a value, or of the nearest one around it that stands in the file."""
        while route and route not in self.lines:
            route = route[:-1]
        return self.lines.get(route, 1)


# The common rules are read with every line.
@lru_cache(maxsize=4)
def parse(text: str, file: str) -> Tree:
    """The values of a YAML text with their lines. Raises LineInvalid."""
    lines: dict[Route, int] = {}
    faults: list[Told] = []
    if len(text.encode("utf-8", "replace")) > LARGEST:
        raise LineInvalid([(file, 1, "larger than 1 MB", "write one line per file")])
    try:
        node = _Plain(text).get_single_node()
        value = _plain(node, (), file, lines, faults) if node is not None else {}
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        wrong = " ".join(part for part in (error.problem, error.context) if part)
        fault = (file, mark.line + 1 if mark else 1, f"not YAML: {wrong}", _yaml_remedy(wrong))
        raise LineInvalid([fault]) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        sign = error.character
        wrong = (
            f"a character that cannot be read, U+{sign if isinstance(sign, int) else ord(sign):04X}"
        )
        raise LineInvalid([(file, line, wrong, "write it without that character")]) from None
    except RecursionError:
        raise LineInvalid([(file, 1, "nested too deeply", "write it flatter")]) from None
    if faults:
        raise LineInvalid(faults)
    return Tree(file, value, lines)


def _yaml_remedy(wrong: str) -> str:
    if "\\t" in wrong:
        return "write spaces, not tabs, before the key"
    if "reference with *" in wrong:
        return "write the value out where it is needed"
    if "single document" in wrong:
        return "write one line per file, without ---"
    return "write `key: value`, lists with `- `, and texts that hold `: ` or `#` in quotes"


def _plain(node: Any, route: Route, file: str, lines: dict[Route, int], faults: list[Told]) -> Any:
    lines.setdefault(route, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                faults.append((file, line, "a key that is not a word", "write `key: value`"))
                continue
            name = str(key.value)
            if name in found:
                before = lines[(*route, name)]
                remedy = f"write it once; the first is in line {before}"
                faults.append((file, line, f"`{name}` stands twice", remedy))
                continue
            lines[(*route, name)] = line
            found[name] = _plain(value, (*route, name), file, lines, faults)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(one, (*route, at), file, lines, faults) for at, one in enumerate(node.value)]
    kind = node.tag.rpartition(":")[2]
    match kind:
        case "str":
            return node.value
        case "bool":
            return node.value == "true"
        case "null":
            return None
        case "int":
            return int(node.value)
        case "float":
            return float(node.value)
    line = node.start_mark.line + 1
    faults.append((file, line, f"the tag {node.tag}", "write the value without a tag"))
    return None


def load(path: Path, common: Path | None = None) -> Line:
    """A line file with the common rules beside it, or in the folder above. Raises LineInvalid."""
    shared = common or next(
        (p / COMMON for p in (path.parent, path.parent.parent) if (p / COMMON).is_file()),
        FOLDER / COMMON,
    )
    return read(_text(path), str(path), _text(shared), str(shared))


def read(text: str, file: str, common: str, common_file: str = COMMON) -> Line:
    """The line that a text says, with common rules from another. Raises LineInvalid."""
    trees: list[Tree] = []
    faults: list[Told] = []
    for one, name in ((text, file), (common, common_file)):
        try:
            trees.append(parse(one, name))
        except LineInvalid as refusal:
            faults += refusal.faults
    if faults:
        raise LineInvalid(faults)
    own, shared = trees
    if not isinstance(own.value, dict) or not isinstance(shared.value, dict):
        raise LineInvalid([(file, 1, "no line of service", "write `code: CG` and so on")])
    if "common" in own.value:
        wrong, remedy = "unknown key `common`", f"write rules of all lines in {common_file}"
        raise LineInvalid([(file, own.line(("common",)), wrong, remedy)])

    def told(fault: Fault) -> Told:
        if fault.route[:1] == ("common",):
            return (common_file, shared.line(fault.route[1:]), fault.wrong, fault.remedy)
        return (file, own.line(fault.route), fault.wrong, fault.remedy)

    whole = {**own.value, "common": shared.value}
    try:
        line = Line.model_validate_json(json.dumps(whole))
    except ValidationError as error:
        raise LineInvalid(sorted(told(fault) for fault in _shapes(error))) from None
    found = sorted(told(fault) for fault in faults_of(line))
    if found:
        raise LineInvalid(found)
    return line


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes().count(b"\n", 0, error.start) + 1
        raise LineInvalid(
            [(str(path), line, "not UTF-8", "write the file in the encoding UTF-8")]
        ) from None
    except OSError as error:
        wrong = error.strerror or "cannot be read"
        raise LineInvalid([(str(path), 0, wrong, "write the path of a line file")]) from None


def line_files(folder: Path = FOLDER) -> list[Path]:
    """The line files of a folder and of the folders in it, common rules aside."""
    return sorted(path for path in folder.rglob("*.yaml") if path.name != COMMON)


def load_folder(folder: Path = FOLDER) -> list[Line]:
    """Every line file of a folder. Raises LineInvalid with the faults of all of them."""
    found: list[Line] = []
    faults: list[Told] = []
    for path in line_files(folder):
        try:
            found.append(load(path))
        except LineInvalid as refusal:
            faults += [fault for fault in refusal.faults if fault not in faults]
    if faults:
        raise LineInvalid(faults)
    return found


def definition(line: Line) -> str:
    """The whole line, common rules included, as the one JSON text that is published."""
    whole = line.model_dump(mode="json", by_alias=True)
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


def from_definition(text: str) -> Line:
    """The line that was published. Raises LineInvalid where it is not one."""
    try:
        return Line.model_validate_json(text)
    except ValidationError as error:
        raise LineInvalid([_placed(fault) for fault in _shapes(error)]) from None


def publishable(text: str) -> Line:
    """The line that a definition says, checked as a file is. Raises LineInvalid.

    What was published once is read by `from_definition`: a later, stricter check does not undo it.
    """
    line = from_definition(text)
    found = [_placed(fault) for fault in faults_of(line)]
    if found:
        raise LineInvalid(found)
    return line


# A definition has no lines: the keys that lead to the fault are told instead.
def _placed(fault: Fault) -> Told:
    route = ".".join(str(part) for part in fault.route)
    return ("definition", 0, f"{route}: {fault.wrong}", fault.remedy)


# --- what the shapes say, in words ---------------------------------------------------------------


def _shapes(error: ValidationError) -> Iterator[Fault]:
    for what in error.errors(include_url=False):
        route = tuple(what["loc"])
        wrong, remedy = _words(what, route)
        yield Fault(route, wrong, remedy)


def _words(what: ErrorDetails, route: Route) -> tuple[str, str]:
    key = next((part for part in reversed(route) if isinstance(part, str)), "")
    given = what["input"]
    match what["type"]:
        case "missing":
            return f"`{key}` is missing", f"write `{_HINTS.get(key, f'{key}: …')}`"
        case "extra_forbidden":
            known = _keys(route[:-1])
            near = difflib.get_close_matches(key, known, n=1)
            remedy = f"write `{near[0]}`" if near else f"write one of {', '.join(known)}"
            return f"unknown key `{key}`", remedy
        case "enum" | "literal_error":
            known = re.findall(r"'([^']*)'", str(what.get("ctx", {}).get("expected")))
            near = difflib.get_close_matches(str(given), known, n=1, cutoff=0.5)
            one_of = f"one of {', '.join(known)}"
            return (
                f"unknown {key} `{given}`",
                f"write `{near[0]}`, {one_of}" if near else f"write {one_of}",
            )
        case "string_type" if isinstance(given, int | float | bool):
            return f"`{key}` is a number, not a text", f'write "{json.dumps(given)}", in quotes'
        case "string_pattern_mismatch":
            shape = str(what.get("ctx", {}).get("pattern"))
            return f"`{key}` is `{given}`", f"write it with the signs that {shape} allows"
        case "date_from_datetime_parsing" | "date_parsing" | "date_type":
            return f"`{key}` is no date", f"write `{key}: 2011-07-01`"
        case "model_type" | "dict_type" | "tuple_type":
            shape = "a list: `- …`" if what["type"] == "tuple_type" else "keys with values below it"
            return f"`{key}` has the wrong shape", f"write {shape}"
        case _:
            return f"`{key}`: {what['msg']}", "write what the handbook's page on line files shows"


# The keys that a place in a line file may have, found by walking the models.
def _keys(route: Route) -> list[str]:
    shape: Any = Line
    for part in route:
        shape = _within(shape, part)
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        names = (field.alias or name for name, field in shape.model_fields.items())
        return [name for name in names if not (shape is Line and name == "common")]
    return []


def _within(shape: Any, part: str | int) -> Any:
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        fields: Iterable[tuple[str, Any]] = shape.model_fields.items()
        inner: Any = next((f.annotation for n, f in fields if part in (n, f.alias)), None)
    else:
        origin, inside = typing.get_origin(shape), typing.get_args(shape)
        inner = inside[-1] if origin is dict and inside else inside[0] if inside else None
    while typing.get_origin(inner) in (typing.Annotated, typing.Union, types.UnionType):
        inner = typing.get_args(inner)[0]
    return inner
