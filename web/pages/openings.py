"""What can be done next with an affair: open to the reader, waiting for others, or barred and why.

Each leads to its form at an address of its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from domain.affair.state import Affair
from domain.clock import Clock
from domain.record import NOTHING
from web.conditions import conditions_of
from web.deadlines import limits_on_entering
from web.deeds import Kind
from web.options import because_of, why
from web.pages.case import Case
from web.tasks import DONE, asked_of
from workflows.conditions import Ask, Guard
from workflows.due import due, failing, is_next
from workflows.line import REDO
from workflows.rights import ASSIST, resource_of, right_of
from workflows.ways import Option, Way

OTHERS = ("role", "right")
"""In the way of this reader, but not of everybody."""

OUT = ("not_accepted", "withdrawn", "terminated")
"""Ends at which nothing was brought about."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step, or an entry or action that is due, as it is told.

    id: of a step. kind: mine, others or barred. link: to its form, where it is open to the reader.
    main: it is the reader's turn, and it leads on. asked: what a joint unit was asked to do.
    clock: the limits that it starts, or the deadlines that it meets. why: what is in the way, in
    sentences.
    """

    id: str
    name: str
    kind: str
    link: str
    main: bool
    left: str
    to: str
    who: str
    asked: str
    clock: str
    needs: str
    depends: str
    law: str
    why: tuple[str, ...]


class Link(NamedTuple):
    """Something that the reader may do besides. id: of a step."""

    address: str
    name: str
    id: str


class Openings(NamedTuple):
    """What stands on the page of an affair.

    yours: it is the reader's turn. next: what is due, then the next steps of the line. also: what
    the reader may do besides. barred: what else is not open, and why. cancelled: so is the session
    that it has a place in, or waits for.
    """

    yours: bool = False
    next: tuple[Step, ...] = ()
    also: tuple[Link, ...] = ()
    barred: tuple[Step, ...] = ()
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class _Offer:
    """A way as it stands for the reader.

    because: what is in the reader's way. bars: what bars it whoever takes it. due: it is an entry
    or action that is due. meets: the clocks that it stops. units: those that it is asked of.
    foreign: the reader's is none of them.
    """

    folder: Kind
    way: Way
    option: Option
    because: str
    bars: tuple[Guard, ...] = ()
    due: bool = False
    meets: tuple[Clock, ...] = ()
    units: tuple[str, ...] = ()
    foreign: bool = False

    @property
    def kind(self) -> str:
        if not self.bars and not self.because and not self.foreign:
            return "mine"
        others = not self.bars and (self.because in OTHERS or self.foreign)
        return "others" if others else "barred"


class _Reader:
    """One reader before one affair."""

    def __init__(self, case: Case, affair: Affair) -> None:
        self._case, self._affair = case, affair
        self._line = case.office.procedure(affair)
        self._resource, self._yours = resource_of(affair), case.waits.on(case.who.actor)
        place = case.office.place(case.row.affair_id, affair)
        self._cancelled = place is not None and place.cancelled
        now, calendar, by = case.watch.now, case.office.calendar, case.who.actor
        self._ask = Ask(affair, by, NOTHING, now, calendar, self._line, place=place)
        self._own = {spec.id for spec in self._line.spec.transitions}
        self._state = affair.standing.state

    def openings(self) -> Openings:
        """What is due first, then the line's own steps, of these first those that lead on."""
        ask, line = self._ask, self._line
        asked = (ask.affair, ask.by, ask.at, self._case.office.calendar, ask.place)
        steps = self._offered("steps", line.steps, line.options(*asked))
        notes = self._offered("entries", line.entries, line.entry_options(*asked))
        notes += self._offered("actions", line.actions, line.action_options(*asked))
        ahead = [
            replace(one, bars=failing(one.way, ask))
            for one in steps
            if is_next(line, one.way.id, self._state)
        ]
        ahead.sort(key=lambda one: (one.way.id not in self._own, self._away(one)))
        owed = due(line, ask, [guard for one in ahead for guard in one.bars])
        acts = [
            self._asked(replace(one, due=True, meets=owed[one.way.id]))
            for one in notes
            if one.way.id in owed and (not one.because or not one.way.spec.internal)
        ]
        # It is the turn of those for whom it waits who can go on; the others of them wait too.
        self._yours = self._yours and any(one.kind == "mine" for one in (*acts, *ahead))
        # In the reader's own turn what others may take stands aside.
        shown = [one for one in ahead if not self._yours or one.because not in OTHERS]
        order = ("mine", "others", "barred").index
        cards = sorted([*acts, *shown], key=lambda one: order(one.kind))
        taken = {one.way.id for one in cards if one.kind == "mine"}
        next_ones = {one.way.id for one in ahead}
        rest = [one for one in steps if one.way.id not in next_ones]
        also = [one for one in (*rest, *notes) if not one.because and one.way.id not in taken]
        aside = [one for one in ahead if one not in shown]
        aside += [one for one in rest if one.because]
        return Openings(
            self._yours,
            tuple(self._step(one) for one in cards),
            tuple(self._link(one) for one in also),
            tuple(self._step(one) for one in aside),
            self._cancelled,
        )

    def _offered(
        self, folder: Kind, ways: Mapping[str, Way], options: Iterable[Option]
    ) -> list[_Offer]:
        return [
            _Offer(folder, ways[one.step], one, because_of(one, self._case.who, self._resource))
            for one in options
            # What the clock alone may do is nobody's next step.
            if any(role != "SYS" for role in one.by)
        ]

    # Of several units that were asked, the reader answers for those that they serve.
    def _asked(self, offer: _Offer) -> _Offer:
        if right_of(offer.way.kind, offer.way.id) != ASSIST:
            return offer
        units = self._resource.asked
        served = tuple(unit for unit in units if self._ask.by.serves(unit))
        return replace(offer, units=served or units, foreign=bool(units) and not served)

    # A line names its states in the order in which an affair goes through them.
    def _away(self, offer: _Offer) -> bool:
        """Whether a step leads back, or out of the procedure."""
        order, to = list(self._line.states), offer.option.to
        if to not in order:
            return False
        return to in OUT or order.index(to) < order.index(self._state)

    def _link(self, offer: _Offer) -> Link:
        name = self._case.words.label(offer.option.label)
        return Link(
            f"{offer.folder}/{offer.way.id}", name, offer.way.id if offer.folder == "steps" else ""
        )

    def _step(self, offer: _Offer) -> Step:
        case, line, option = self._case, self._line, offer.option
        words, told = case.words, conditions_of(line, case.words)
        link, to = self._link(offer), option.to
        to = line.redo_state(self._affair) if to == REDO else to
        who = [case.teller.unit_name(unit) for unit in offer.units]
        who = who or [words(f"role.{role.value}") for role in option.by]
        kind = offer.kind
        return Step(
            id=link.id,
            name=link.name,
            kind=kind,
            link=link.address if kind == "mine" else "",
            main=self._yours and not self._away(offer),
            left=words.label(line.states[self._state]),
            to=words.label(line.states[to]) if to in line.states else "",
            who=words.listed(who),
            asked=words("list.semicolon").join(self._tasks(offer)),
            clock=words("list.semicolon").join(self._clocks(offer, to)),
            needs=words.listed(
                words.label(field.label) for field in option.fields if field.required
            ),
            depends=words("list.semicolon").join(told.asked(offer.way.after)),
            law=option.law,
            why=tuple(self._why(offer)),
        )

    def _tasks(self, offer: _Offer) -> Iterable[str]:
        if offer.way.id != DONE:
            return ()
        told = asked_of(self._case.life, self._case.opened, self._case.words)
        tasks = (one for one in self._affair.work.joint if not one.done)
        asked = (told.get(one.task, "") for one in tasks if one.unit in offer.units)
        return [one for one in asked if one]

    def _clocks(self, offer: _Offer, to: str) -> Iterable[str]:
        words, matter = self._case.words, self._affair.identity.matter
        limits = limits_on_entering(self._line, matter, to, words)
        yield from (f"{name} {limit}" for name, limit in limits)
        for clock in offer.meets:
            spec = self._line.clock(clock.name)
            assert spec is not None, "the line knows the clocks that it started"
            until = words("step.until", moment=words.deadline(clock.due_at))
            yield f"{words.label(spec.label)} {until}"

    def _why(self, offer: _Offer) -> Iterable[str]:
        words = self._case.words
        if not offer.bars:
            yield why(offer.option, offer.because, words)
            return
        yield from (words.label(guard.told) for guard in offer.bars if guard.told)
        told = conditions_of(self._line, words).told(g for g in offer.bars if not g.told)
        if told:
            yield words("needs.all", conditions=words("list.semicolon").join(dict.fromkeys(told)))


def openings_of(case: Case) -> Openings:
    """What the reader finds on the page; nothing where a record of the affair cannot be read."""
    return Openings() if case.state is None else _Reader(case, case.state).openings()
