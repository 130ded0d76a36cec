"""The diagram of a procedure, drawn from the machine itself: what the macro `procedure_diagram`
writes as SVG."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from unicodedata import east_asian_width

from web.layout import Arrow, Box, Point, Size, drawn
from web.words import Words
from workflows.machine import CompiledLine
from workflows.ways import Way

STATE_TEXT, STEP_TEXT = 15, 13
"""Sizes of type."""
_LEADING = 1.35
_STATE_WIDEST, _STEP_WIDEST = 9.0, 11.0
"""In ems of their own size; longer texts are broken."""
ROOT_EM = 16
COLUMN = 560
"""How wide a drawing may be that has other things beside it."""
TIP = 7.0


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text: the middle of its baseline, and its size."""

    x: float
    y: float
    size: int
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """An arrow: the data of its path and of its tip. back: it leads up again."""

    path: str
    tip: str
    back: bool


@dataclass(frozen=True, slots=True)
class State:
    """A state: its box and what stands in it. kind: first, open or end."""

    kind: str
    box: Box
    texts: Sequence[Text]


@dataclass(frozen=True, slots=True)
class Picture:
    """A diagram in its place. em: by how much its size is divided, so that it grows with the
    reader's text."""

    width: float
    height: float
    em: int
    title: str
    desc: str
    lines: Sequence[Line]
    labels: Sequence[Text]
    states: Sequence[State]

    @property
    def wide(self) -> bool:
        """Whether it needs the whole width of a page."""
        return self.width > COLUMN


# Compiled lines and words are shared and never change: each picture is made once.
@lru_cache(maxsize=64)
def diagram(line: CompiledLine, words: Words) -> Picture:
    """The states of a line and the steps of its own between them. What all lines have in common
    is told in the table beside it: drawn, it would lead from everywhere to everywhere."""
    steps = own_steps(line)
    ways: dict[tuple[str, str], list[str]] = {}
    for way in steps:
        for source in _sources(line, way):
            told = wrapped(f"{way.id} {words.label(way.spec.label)}", _STEP_WIDEST)
            ways.setdefault((source, way.to), []).extend(told)
    named = dict.fromkeys([*line.spec.states, *(target for _, target in ways)])
    states = {name: wrapped(words.label(line.states[name]), _STATE_WIDEST) for name in named}
    drawing = drawn(
        {name: _size(told, STATE_TEXT, 14, 9) for name, told in states.items()},
        {way: _size(told, STEP_TEXT, 4, 3) for way, told in ways.items()},
    )
    return Picture(
        width=_short(drawing.width),
        height=_short(drawing.height),
        em=ROOT_EM,
        title=words("diagram.title", line=words.label(line.spec.names)),
        desc=words("diagram.desc", states=len(states), steps=len(steps)),
        lines=[_line(arrow) for arrow in drawing.arrows],
        labels=[
            text
            for arrow in drawing.arrows
            for text in _texts(ways[arrow.source, arrow.target], arrow.label, STEP_TEXT)
        ],
        states=[
            State(_kind(line, state), _rounded(box), _texts(states[state], box, STATE_TEXT))
            for state, box in drawing.boxes.items()
        ],
    )


def own_steps(line: CompiledLine) -> list[Way]:
    """The steps of a line's own, in the order of its file."""
    own = {spec.id for spec in line.spec.transitions}
    return [way for way in line.steps.values() if way.id in own]


def _sources(line: CompiledLine, way: Way) -> Iterator[str]:
    return (state for state in line.states if state in way.sources)


def _kind(line: CompiledLine, state: str) -> str:
    if state == line.initial:
        return "first"
    return "open" if state in line.spec.states else "end"


# --- text --------------------------------------------------------------------------------------


def ems(text: str) -> float:
    """How wide a text is at most, in ems: no font is asked."""
    return sum(1.0 if east_asian_width(char) in "WFA" else 0.64 for char in text)


def wrapped(text: str, widest: float) -> list[str]:
    """A text in lines of so many ems at most, where its words allow it."""
    lines = [""]
    for part in _parts(text):
        if lines[-1] and ems(lines[-1] + part.rstrip()) > widest:
            lines[-1] = lines[-1].rstrip()
            lines.append(part.lstrip())
        else:
            lines[-1] += part
    return [line.rstrip() for line in lines]


# A Chinese text may break after every character, another between its words.
def _parts(text: str) -> Iterator[str]:
    part = ""
    for char in text:
        part += char
        if char == " " or east_asian_width(char) in "WF":
            yield part
            part = ""
    if part:
        yield part


def _size(lines: Sequence[str], type_: int, beside: float, above: float) -> Size:
    width = max(ems(line) for line in lines) * type_
    return round(width + 2 * beside, 1), round(len(lines) * type_ * _LEADING + 2 * above, 1)


def _texts(lines: Sequence[str], box: Box, type_: int) -> list[Text]:
    x, middle = box.middle
    leading = type_ * _LEADING
    first = middle - leading * (len(lines) - 1) / 2 + type_ * 0.36
    return [
        Text(_short(x), _short(first + leading * at), type_, line) for at, line in enumerate(lines)
    ]


# --- lines -------------------------------------------------------------------------------------


def _line(arrow: Arrow) -> Line:
    path = " ".join(_stroke(stroke) for stroke in arrow.strokes)
    return Line(path, _tip(*arrow.strokes[-1][-2:]), arrow.back)


def _stroke(points: Sequence[Point]) -> str:
    told = [f"M{_at(points[0])}"]
    for (x, y), (to_x, to_y) in pairwise(points):
        half = (y + to_y) / 2
        if x == to_x or y == to_y:
            told.append(f"L{_at((to_x, to_y))}")
        else:
            told.append(f"C{_at((x, half))} {_at((to_x, half))} {_at((to_x, to_y))}")
    return "".join(told)


def _tip(before: Point, end: Point) -> str:
    (x, y), side = end, TIP / 2
    if before[1] == y:
        back = x + (TIP if before[0] > x else -TIP)
        return f"M{_at(end)}L{_at((back, y - side))}L{_at((back, y + side))}z"
    back = y + (TIP if before[1] > y else -TIP)
    return f"M{_at(end)}L{_at((x - side, back))}L{_at((x + side, back))}z"


def _at(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"


def _rounded(box: Box) -> Box:
    return Box(*(_short(value) for value in (box.x, box.y, box.width, box.height)))


def _short(value: float) -> float:
    return round(value, 1)
