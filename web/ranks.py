"""The ranks of a drawing: which state stands in which, what stands beside what, and where."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

BESIDE = 18.0
"""Space between things of a rank."""
SWEEPS = 8


@dataclass(slots=True, eq=False)
class Slot:
    """A place in a rank, reaching so far to the left and right of its middle."""

    rank: int
    left: float
    right: float
    height: float
    x: float = 0.0
    above: "list[Slot]" = field(default_factory=list)
    below: "list[Slot]" = field(default_factory=list)
    thing: bool = True


def ranked(
    states: Sequence[str], ways: Sequence[tuple[str, str]]
) -> tuple[dict[str, int], set[tuple[str, str]]]:
    """The rank of each state by the longest way there, and the ways that lead back."""
    onward: dict[str, list[str]] = {name: [] for name in states}
    for source, target in ways:
        onward[source].append(target)
    backs: set[tuple[str, str]] = set()
    finished: list[str] = []
    begun: dict[str, bool] = {}  # True while its followers are being looked at
    for root in states:
        if root in begun:
            continue
        begun[root] = True
        open_ = [(root, iter(onward[root]))]
        while open_:
            name, rest = open_[-1]
            following = next(rest, None)
            if following is None:
                begun[name] = False
                finished.append(name)
                open_.pop()
            elif begun.get(following):
                backs.add((name, following))
            elif following not in begun:
                begun[following] = True
                open_.append((following, iter(onward[following])))
    ranks = dict.fromkeys(states, 0)
    for name in reversed(finished):
        for following in onward[name]:
            if (name, following) not in backs:
                ranks[following] = max(ranks[following], ranks[name] + 1)
    return ranks, backs


def in_ranks(slots: Iterable[Slot]) -> list[list[Slot]]:
    found: dict[int, list[Slot]] = defaultdict(list)
    for slot in slots:
        found[slot.rank].append(slot)
    return [found[rank] for rank in range(max(found) + 1)]


def order(ranks: list[list[Slot]]) -> None:
    """Order each rank by the middle of its neighbours; the order with the fewest crossings."""
    best, fewest = [list(rank) for rank in ranks], _crossings(ranks)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        for index in range(len(ranks)) if down else reversed(range(len(ranks))):
            rank = ranks[index]
            beside = ranks[index - 1 if down else index + 1] if _has(ranks, index, down) else []
            place = {id(slot): at for at, slot in enumerate(beside)}
            own = {id(slot): at for at, slot in enumerate(rank)}

            rank.sort(key=partial(_middle, down=down, place=place, own=own))
        crossed = _crossings(ranks)
        if crossed < fewest:
            best, fewest = [list(rank) for rank in ranks], crossed
    for rank, kept in zip(ranks, best, strict=True):
        rank[:] = kept


def _middle(slot: Slot, *, down: bool, place: Mapping[int, int], own: Mapping[int, int]) -> float:
    near = [place[id(n)] for n in (slot.above if down else slot.below)]
    return sum(near) / len(near) if near else float(own[id(slot)])


def _has(ranks: list[list[Slot]], index: int, down: bool) -> bool:
    return index > 0 if down else index < len(ranks) - 1


def _crossings(ranks: list[list[Slot]]) -> int:
    count = 0
    for upper, lower in pairwise(ranks):
        place = {id(slot): at for at, slot in enumerate(lower)}
        ends = [end for slot in upper for end in sorted(place[id(n)] for n in slot.below)]
        count += sum(a > b for at, a in enumerate(ends) for b in ends[at + 1 :])
    return count


def spread(ranks: list[list[Slot]]) -> None:
    """Give each slot its place across: near its neighbours, at a distance from those beside."""
    for rank in ranks:
        _set(rank, [0.0] * len(rank), [1.0] * len(rank))
    for sweep in range(2 * SWEEPS + 1):
        down = sweep % 2 == 0
        for rank in ranks if down else reversed(ranks):
            wanted = [_wanted(slot, slot.above if down else slot.below) for slot in rank]
            _set(rank, [x for x, _ in wanted], [weight for _, weight in wanted])


# Long arrows are kept straight before anything else.
def _wanted(slot: Slot, near: list[Slot]) -> tuple[float, float]:
    if not near:
        return slot.x, 0.1
    straight = not slot.thing or not near[0].thing
    return sum(n.x for n in near) / len(near), 8.0 if straight else 1.0


def _set(rank: list[Slot], wanted: list[float], weights: list[float]) -> None:
    """Set each where it is wanted, or as near as the order and the distances allow: the nearest
    by least squares, pooling neighbours that push each other."""
    offsets = [0.0]
    for one, next_ in pairwise(rank):
        offsets.append(offsets[-1] + one.right + BESIDE + next_.left)
    pools: list[tuple[float, float, int]] = []  # middle, weight, how many
    for x, weight, offset in zip(wanted, weights, offsets, strict=False):
        pool = (x - offset, weight, 1)
        while pools and pools[-1][0] > pool[0]:
            middle, heavy, count = pools.pop()
            whole = heavy + pool[1]
            pool = ((middle * heavy + pool[0] * pool[1]) / whole, whole, count + pool[2])
        pools.append(pool)
    places = [middle for middle, _, count in pools for _ in range(count)]
    for slot, place, offset in zip(rank, places, offsets, strict=False):
        slot.x = place + offset
