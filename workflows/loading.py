"""Line files: read, checked, and turned into the one text that the log keeps.

Every fault is told with its file, its line, what is wrong and what to write instead; all faults
of a file are told at once.
"""

import json
import types
import typing
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from domain.errors import LineInvalid
from workflows.line import Line
from workflows.shapes import in_words
from workflows.soundness import Fault, faults_of
from workflows.tree import LARGEST, TOO_LARGE, Route, Told, Tree, parse

FOLDER = Path(__file__).parent / "lines"
COMMON = "common.yaml"


def load(path: Path, common: Path | None = None) -> Line:
    """A line file with the common rules beside it, or in the folder above. Raises LineInvalid."""
    shared = common or next(
        (p / COMMON for p in (path.parent, path.parent.parent) if (p / COMMON).is_file()),
        FOLDER / COMMON,
    )
    return read(_text(path), str(path), _text(shared), str(shared))


# The same text says the same line, which nobody changes, and takes long to say it.
@lru_cache(maxsize=64)
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
        if route := _of_common(fault.route, own.value):
            return (common_file, shared.line(route), fault.wrong, fault.remedy)
        return (file, own.line(fault.route), fault.wrong, fault.remedy)

    whole = _with_common(own.value, shared.value)
    try:
        line = Line.model_validate_json(json.dumps(whole))
    except ValidationError as error:
        raise LineInvalid(sorted(told(fault) for fault in _shapes(error))) from None
    found = sorted(told(fault) for fault in faults_of(line))
    if found:
        raise LineInvalid(found)
    return line


REGISTRATION = "registration"
"""Key of the common rules: fields that every matter's registration asks for besides its own."""


# Written into each matter, so that a definition says of itself all that is asked.
def _with_common(own: dict[str, Any], common: dict[str, Any]) -> dict[str, Any]:
    everywhere = common.get(REGISTRATION, [])
    matters = own.get("matters")
    if not isinstance(everywhere, list):
        return {**own, "common": common}
    rest = {key: value for key, value in common.items() if key != REGISTRATION}
    if not isinstance(matters, dict):
        return {**own, "common": rest}
    asking = {
        code: matter | {"fields": [*matter.get("fields", []), *everywhere]}
        if isinstance(matter, dict) and isinstance(matter.get("fields", []), list)
        else matter
        for code, matter in matters.items()
    }
    return {**own, "matters": asking, "common": rest}


def _of_common(route: Route, own: dict[str, Any]) -> Route:
    """Where the common rules say the field of a matter; empty where its own file does."""
    match route:
        case ("matters", str(code), "fields", int(at), *rest):
            after = at - len(own["matters"][code].get("fields", []))
            return (REGISTRATION, after, *rest) if after >= 0 else ()
        case _:
            return ()


# No more is read than can be a line file: a name may lead to something that never ends.
def _text(path: Path) -> str:
    content = b""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise LineInvalid([(str(path), 1, *TOO_LARGE)])
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise LineInvalid(
            [(str(path), line, "not UTF-8", "write the file in the encoding UTF-8")]
        ) from None
    except OSError as error:
        wrong = error.strerror or "cannot be read"
        raise LineInvalid([(str(path), 0, wrong, "write the path of a line file")]) from None


def read_draft(text: str, file: str = "draft.yaml") -> Line:
    """The line that a text says, with the common rules as they are shipped. Raises LineInvalid."""
    return read(text, file, _text(FOLDER / COMMON))


def line_files(folder: Path = FOLDER) -> list[Path]:
    """The line files of a folder and of the folders in it; common rules and hidden ones aside.

    So are pipes, sockets and devices: to open one might wait for ever.
    """
    return sorted(
        path
        for path in folder.rglob("*.yaml")
        if path.name != COMMON
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and (path.is_file() or path.is_dir() or not path.exists())
    )


def load_folder(*folders: Path) -> list[Line]:
    """Every line file of some folders, else those shipped. Raises LineInvalid with the faults of
    all of them."""
    files = (path for folder in folders or (FOLDER,) for path in line_files(folder))
    found, faults = load_each(files)
    if faults:
        raise LineInvalid(faults)
    return [line for _, line in found]


def load_each(files: Iterable[Path]) -> tuple[list[tuple[Path, Line]], list[Told]]:
    """The lines of some files, and all that is wrong with any. A version of a line stands once."""
    found: list[tuple[Path, Line]] = []
    faults: list[Told] = []
    known: dict[tuple[str, str], Path] = {}
    for path in files:
        try:
            line = load(path)
        except LineInvalid as refusal:
            faults += [fault for fault in refusal.faults if fault not in faults]
            continue
        other = known.setdefault((line.code, line.version), path)
        if other == path:
            found.append((path, line))
        else:
            wrong = f"{line.code} {line.version} stands in {other} too"
            faults.append((str(path), _line_of(path, "version"), wrong, "write another `version`"))
    return found, faults


def _line_of(path: Path, key: str) -> int:
    return parse(_text(path), str(path)).line((key,))


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


@lru_cache(maxsize=64)
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
        wrong, remedy = in_words(what, route, _keys(route[:-1]))
        yield Fault(route, wrong, remedy)


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
