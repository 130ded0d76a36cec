"""Where the boxes, labels and arrows of a procedure stand: in ranks, from the top down.

A state stands one rank below the lowest state that leads to it; steps that lead back do not
count. The label of a step has a rank of its own between the two states, and an arrow that passes
a rank has a place in it. So nothing can lie on anything else: in a rank things stand side by
side, and arrows bend only in the gaps between ranks. What leads back runs outside, on the right.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import dist

from web.ranks import BESIDE, Slot, in_ranks, order, ranked, spread

BETWEEN, MARGIN = 30.0, 8.0
"""Space between ranks, and around it all."""
LOOP = 26.0
"""How far the arrow of a step that leads to its own state goes out."""
NEAR = 0.01

Size = tuple[float, float]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Arrow:
    """From state to state; back where it leads up again. strokes: lines without the label's gap,
    each a row of points of which neighbours are joined, the last one the tip."""

    source: str
    target: str
    label: Box
    strokes: tuple[tuple[Point, ...], ...]
    back: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything in its place."""

    width: float
    height: float
    boxes: Mapping[str, Box]
    arrows: Sequence[Arrow]


@dataclass(slots=True)
class _Way:
    """An arrow with the places that it passes, from its upper state to its lower one."""

    source: str
    target: str
    size: Size
    back: bool
    slots: list[Slot]
    labelled: Slot


def drawn(states: Mapping[str, Size], ways: Mapping[tuple[str, str], Size]) -> Drawing:
    """The drawing of a machine. states: the first is where it starts; ways: from, to; each with
    the size of its text."""
    ranks, backs = ranked(list(states), [way for way in ways if way[0] != way[1]])
    loops = {source: size for (source, target), size in ways.items() if source == target}
    nodes = {
        name: Slot(
            2 * ranks[name],
            width / 2,
            width / 2 + (LOOP + loops[name][0] if name in loops else 0),
            max(height, loops[name][1] if name in loops else 0),
        )
        for name, (width, height) in states.items()
    }
    chains = [
        _way(source, target, size, nodes, (source, target) in backs)
        for (source, target), size in ways.items()
        if source != target
    ]
    inner = in_ranks([*nodes.values(), *(s for c in chains if not c.back for s in c.slots)])
    order(inner)
    spread(inner)
    _outside(inner, [chain for chain in chains if chain.back])
    return _placed(states, loops, nodes, chains)


def _way(source: str, target: str, size: Size, nodes: Mapping[str, Slot], back: bool) -> _Way:
    upper, lower = (nodes[target], nodes[source]) if back else (nodes[source], nodes[target])
    between = range(upper.rank + 1, lower.rank)
    # Beside the state that it leaves.
    labelled = between[-1] if back else between[0]
    slots = [
        Slot(rank, size[0] / 2, size[0] / 2, size[1])
        if rank == labelled
        else Slot(rank, 2.0, 2.0, 0.0, thing=False)
        for rank in between
    ]
    if not back:
        for one, next_ in pairwise([upper, *slots, lower]):
            one.below.append(next_)
            next_.above.append(one)
    return _Way(source, target, size, back, slots, slots[between.index(labelled)])


def _outside(ranks: list[list[Slot]], backs: list[_Way]) -> None:
    """Give each way back a straight lane to the right of all that it passes, short ones within."""
    edges = [max((slot.x + slot.right for slot in rank), default=0.0) for rank in ranks]
    for back in sorted(backs, key=lambda way: len(way.slots)):
        x = max(edges[slot.rank] + BESIDE + slot.left for slot in back.slots)
        for slot in back.slots:
            slot.x, edges[slot.rank] = x, x + slot.right


# --- what is drawn -----------------------------------------------------------------------------


def _placed(
    states: Mapping[str, Size],
    loops: Mapping[str, Size],
    nodes: Mapping[str, Slot],
    chains: list[_Way],
) -> Drawing:
    every = [*nodes.values(), *(slot for chain in chains for slot in chain.slots)]
    shift = MARGIN - min(slot.x - slot.left for slot in every)
    for slot in every:
        slot.x += shift
    tops, y = {}, MARGIN
    heights: dict[int, float] = defaultdict(float)
    for slot in every:
        heights[slot.rank] = max(heights[slot.rank], slot.height)
    for rank in range(max(heights) + 1):
        tops[rank] = y
        y += heights[rank] + BETWEEN

    def box(slot: Slot, size: Size) -> Box:
        middle = tops[slot.rank] + heights[slot.rank] / 2
        return Box(slot.x - size[0] / 2, middle - size[1] / 2, *size)

    boxes = {name: box(nodes[name], size) for name, size in states.items()}
    ports = _ports(boxes, chains)
    arrows = [
        _arrow(chain, box(chain.labelled, chain.size), ports[index], tops, heights)
        for index, chain in enumerate(chains)
    ]
    arrows += [_loop(name, size, boxes[name]) for name, size in loops.items()]
    width = max(slot.x + slot.right for slot in every) + MARGIN
    return Drawing(width, y - BETWEEN + MARGIN, boxes, arrows)


def _ports(boxes: Mapping[str, Box], chains: list[_Way]) -> list[tuple[Point, Point]]:
    """Where each way touches its upper and its lower state: side by side, in order of direction."""
    touching: dict[tuple[str, bool], list[tuple[float, int]]] = defaultdict(list)
    for index, chain in enumerate(chains):
        upper, lower = (chain.target, chain.source) if chain.back else (chain.source, chain.target)
        touching[upper, True].append((chain.slots[0].x, index))
        touching[lower, False].append((chain.slots[-1].x, index))
    found: dict[tuple[int, bool], Point] = {}
    for (name, beneath), there in touching.items():
        box = boxes[name]
        for place, (_, index) in enumerate(sorted(there), 1):
            x = box.x + box.width * place / (len(there) + 1)
            found[index, beneath] = (x, box.bottom if beneath else box.y)
    return [(found[index, True], found[index, False]) for index in range(len(chains))]


def _arrow(
    chain: _Way,
    label: Box,
    ports: tuple[Point, Point],
    tops: Mapping[int, float],
    heights: Mapping[int, float],
) -> Arrow:
    leaving = _edge(ports[0], chain.slots[0].rank - 1, tops, heights, beneath=True)
    first: list[Point] = [ports[0], leaving]
    second: list[Point] = []
    points = first
    for slot in chain.slots:
        above, under = tops[slot.rank], tops[slot.rank] + heights[slot.rank]
        points.append((slot.x, above))
        if slot is chain.labelled:
            points.append((slot.x, label.y))
            points = second
            points.append((slot.x, label.bottom))
        points.append((slot.x, under))
    points.append(_edge(ports[1], chain.slots[-1].rank + 1, tops, heights, beneath=False))
    points.append(ports[1])
    strokes = (tuple(_bare(first)), tuple(_bare(second)))
    if chain.back:
        strokes = (strokes[1][::-1], strokes[0][::-1])
    return Arrow(chain.source, chain.target, label, strokes, chain.back)


# A state may be less high than its rank: straight on to the rank's edge before any bend.
def _edge(
    port: Point, rank: int, tops: Mapping[int, float], heights: Mapping[int, float], beneath: bool
) -> Point:
    return port[0], tops[rank] + (heights[rank] if beneath else 0.0)


# Of points that are the same but for rounding the last is kept.
def _bare(points: Iterable[Point]) -> list[Point]:
    kept: list[Point] = []
    for point in points:
        if kept and dist(kept[-1], point) < NEAR:
            kept.pop()
        kept.append(point)
    return kept


def _loop(name: str, size: Size, box: Box) -> Arrow:
    middle, out = box.middle[1], box.right + LOOP - 6
    reach = min(10.0, box.height / 2 - 4)
    label = Box(box.right + LOOP, middle - size[1] / 2, *size)
    stroke = (
        (box.right, middle - reach),
        (out, middle - reach),
        (out, middle + reach),
        (box.right, middle + reach),
    )
    return Arrow(name, name, label, (stroke,), False)
