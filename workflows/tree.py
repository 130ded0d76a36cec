"""A YAML text as plain values, each with its line; every fault of the text with what to write.

Values are read plainly, so that `no`, `on` and `10:30` are texts; true and false are the only
flags.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import yaml

from domain.errors import LineInvalid

LARGEST = 1_000_000
"""Bytes of a line file."""
TOO_LARGE = ("larger than 1 MB", "write one line per file")

Told = tuple[str, int, str, str]
Route = tuple[str | int, ...]

_PLAIN = {
    "tag:yaml.org,2002:bool": re.compile(r"true|false"),
    "tag:yaml.org,2002:null": re.compile(r"null|~|"),
    "tag:yaml.org,2002:int": re.compile(r"-?(0|[1-9][0-9]*)"),
    "tag:yaml.org,2002:float": re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+"),
}
_TAGS = ("str", "map", "seq", *(tag.rpartition(":")[2] for tag in _PLAIN))
LONGEST_NUMBER = 15
"""Digits of a number."""


class _Plain(yaml.SafeLoader):
    """Reads scalars plainly; knows neither anchors nor tags.

    marks: the parser's own, where each collection begins that it is in.
    quoted: the last text in quotes that goes on over several lines.
    """

    yaml_implicit_resolvers = {}  # noqa: RUF012
    marks: list[yaml.Mark]
    quoted: yaml.ScalarToken | None = None

    def scan_flow_scalar(self, style: str) -> yaml.ScalarToken:
        token: yaml.ScalarToken = super().scan_flow_scalar(style)
        if token.start_mark.line < token.end_mark.line:
            self.quoted = token
        return token

    # PyYAML takes every code for a character: half a pair, and those that are beyond Unicode.
    def scan_flow_scalar_non_spaces(self, double: bool, start_mark: yaml.Mark) -> list[str]:
        try:
            signs = super().scan_flow_scalar_non_spaces(double, start_mark)
            return ["".join(signs).encode("utf-16", "surrogatepass").decode("utf-16")]
        except (ValueError, OverflowError):
            raise yaml.scanner.ScannerError(
                None, None, "an escape that is no character", self.get_mark()
            ) from None

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event: Any = self.get_event()  # type: ignore[no-untyped-call]  # types-PyYAML has none
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
        raise LineInvalid([(file, 1, *TOO_LARGE)])
    try:
        loader = _Plain(text)
        node = loader.get_single_node()
        value = _plain(node, (), file, lines, faults) if node is not None else {}
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if mark and (opened := _unclosed(loader, error, text)):
            sign = text[opened.index]
            wrong = f"`{sign}` is not closed before line {mark.line + 1}"
            remedy = f"write `{_CLOSING[sign]}` where it ends"
            if sign in "[{":
                remedy += ", and commas between its parts"
            raise LineInvalid([(file, opened.line + 1, wrong, remedy)]) from None
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


_CLOSING = {"[": "]", "{": "}", '"': '"', "'": "'"}


# Quotes and brackets that are not closed take in the lines below, until something there does not
# fit. What is to be mended stands above, where they open.
def _unclosed(loader: _Plain, error: yaml.MarkedYAMLError, text: str) -> yaml.Mark | None:
    problem, opened = error.problem_mark, None
    if problem is None:
        return None
    if error.context == "while scanning a quoted scalar":
        opened = error.context_mark
    elif loader.quoted and loader.quoted.end_mark.line == problem.line:
        opened = loader.quoted.start_mark
    elif isinstance(error, yaml.parser.ParserError) and loader.marks:
        opened = loader.marks[-1]
    if opened is None or opened.line == problem.line or text[opened.index] not in _CLOSING:
        return None
    return opened


def _yaml_remedy(wrong: str) -> str:
    if "no character" in wrong:
        return "write the character itself"
    if "\\t" in wrong:
        return "write spaces, not tabs, before the key"
    if "reference with *" in wrong:
        return "write the value out where it is needed"
    if "single document" in wrong:
        return "write one line per file, without ---"
    return "write `key: value`, lists with `- `, and texts that hold `: ` or `#` in quotes"


def _plain(node: Any, route: Route, file: str, lines: dict[Route, int], faults: list[Told]) -> Any:
    line = node.start_mark.line + 1
    lines.setdefault(route, line)
    kind = node.tag.removeprefix("tag:yaml.org,2002:")
    if kind not in _TAGS or (node.tag in _PLAIN and not _PLAIN[node.tag].fullmatch(node.value)):
        faults.append((file, line, f"the tag {node.tag}", "write the value without a tag"))
        return None
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            at = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                faults.append((file, at, "a key that is not a word", "write `key: value`"))
                continue
            name = str(key.value)
            if name in found:
                before = lines[(*route, name)]
                remedy = f"write it once; the first is in line {before}"
                faults.append((file, at, f"`{name}` stands twice", remedy))
                continue
            lines[(*route, name)] = at
            found[name] = _plain(value, (*route, name), file, lines, faults)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(one, (*route, at), file, lines, faults) for at, one in enumerate(node.value)]
    match kind:
        case "bool":
            return node.value == "true"
        case "null":
            return None
        case "int" | "float" if len(node.value) > LONGEST_NUMBER:
            wrong = f"a number of {len(node.value)} digits"
            faults.append((file, line, wrong, f"write at most {LONGEST_NUMBER} digits"))
            return None
        case "int":
            return int(node.value)
        case "float":
            return float(node.value)
    return node.value
