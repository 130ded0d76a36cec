"""Procedures: which lines are in force, and what each says, with its law and its diagram."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from domain.clock import local_day
from domain.errors import NotFound
from web.conditions import Conditions, limit_words
from web.deadlines import clock_name, limits_promised
from web.diagram import diagram, own_steps
from web.entrance import OfficeOf, Visitor
from web.language import language_of
from web.pages.frame import LINES, render
from web.pages.promises import promises
from web.ports import Office
from web.versions import READERS
from web.words import Words, words_of
from workflows.clockspec import ClockSpec
from workflows.guards import all_compiled
from workflows.line import REDO, Matter
from workflows.machine import CompiledLine
from workflows.rights import scope_of
from workflows.ways import Way

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Service:
    """A line of service among the ten. address: empty where no version was ever published."""

    code: str
    name: str
    address: str
    version: str = ""
    since: str = ""
    until: str = ""
    matters: Sequence[str] = ()
    states: int = 0
    steps: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """A step, an entry or an action as it is told."""

    id: str
    name: str
    left: str
    to: str
    who: str
    conditions: Sequence[str]
    fields: Sequence[str]
    counts: Sequence[str]
    internal: bool
    law: str


@dataclass(frozen=True, slots=True)
class Timed:
    """A clock as it is told."""

    name: str
    kind: str
    limits: Sequence[str]
    runs: str
    when: Sequence[str]
    law: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A matter as it is told. limits: what a resident can count on."""

    code: str
    name: str
    materials: Sequence[str]
    limits: Sequence[str]
    visit: str
    retention: str
    restricted: bool
    law: str


@router.get("/procedures")
def procedures(request: Request, who: Visitor, office: OfficeOf) -> Response:
    """The ten lines, and any after them."""
    words = words_of(language_of(request))
    reads = any(scope_of(who.actor, right).prefix is not None for right in READERS)
    return render(request, "procedures.html", who, lines=services(office, words), reads=reads)


@router.get("/procedures/{code}")
def procedure(
    code: Annotated[str, Path(max_length=16)],
    request: Request,
    who: Visitor,
    office: OfficeOf,
    version: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """A version of a line: the one named, else the one in force, else the latest."""
    published = office.line_versions(code)
    if not published:
        raise NotFound("line", code)
    words, today = words_of(language_of(request)), local_day(office.now())
    try:
        in_force = office.line_in_force(code, today).version
    except NotFound:
        in_force = ""
    line = office.line_version(code, version or in_force or published[-1].version)
    spec, conditions = line.spec, Conditions(line.spec, words)
    own = own_steps(line)
    shared = [way for way in line.steps.values() if way not in own]
    others = [*line.entries.values(), *line.actions.values()]
    return render(
        request,
        "procedure.html",
        who,
        line=line,
        name=words.label(spec.names),
        law=spec.law or "",
        basis=spec.basis or "",
        department=(words.label(spec.department.street), words.label(spec.department.district)),
        since=words.day(spec.valid.since),
        until=words.day(spec.valid.to) if spec.valid.to else "",
        in_force=in_force,
        versions=[
            (one.version, words.day(one.valid_from),
             words.day(one.valid_to) if one.valid_to else "")
            for one in published
        ],
        ruler=services(office, words),
        diagram=diagram(line, words),
        states=[
            (words.label(label), _clocks_in(line, state, words))
            for state, label in line.states.items()
        ],
        steps=[_told(way, line, conditions, words) for way in own],
        shared=[_told(way, line, conditions, words) for way in shared],
        others=[_told(way, line, conditions, words) for way in others],
        clocks=[_timed(clock, line, conditions, words) for clock in spec.all_clocks()],
        matters=[_asked(code, matter, line, words) for code, matter in spec.matters.items()],
        every=conditions.told(all_compiled(spec.common.every_move.when)),
        entering=[
            (words.label(line.states[state]), conditions.told(all_compiled(rule.when)))
            for state, rule in spec.common.entering.items()
            if rule.when
        ],
        redo=_redo(line, conditions, words),
        suspendable=words.listed(words.label(line.states[state]) for state in spec.suspendable),
        specifications=promises(spec.names.zh, words),
    )  # fmt: skip


def services(office: Office, words: Words) -> list[Service]:
    """The ten lines in their order, then all others that were published."""
    published = office.line_codes()
    return [
        _service(code, office, words)
        if code in published
        else Service(code, words(f"line.{code}"), "")
        for code in dict.fromkeys((*LINES, *sorted(published)))
    ]


def _service(code: str, office: Office, words: Words) -> Service:
    address = f"/procedures/{code}"
    try:
        line = office.line_in_force(code, local_day(office.now()))
    except NotFound:
        latest = office.line_version(code, office.line_versions(code)[-1].version)
        return Service(code, words.label(latest.spec.names), address)
    spec = line.spec
    return Service(
        code=code,
        name=words(f"line.{code}") if code in LINES else words.label(spec.names),
        address=address,
        version=line.version,
        since=words.day(spec.valid.since),
        until=words.day(spec.valid.to) if spec.valid.to else "",
        matters=[words.label(matter) for matter in spec.matters.values()],
        states=len(spec.states),
        steps=len(spec.transitions),
    )


# --- what is done ------------------------------------------------------------------------------


def _told(way: Way, line: CompiledLine, conditions: Conditions, words: Words) -> Told:
    fields = {f.name: f for form in way.forms.values() for f in form.own.specs}
    marks = dict.fromkeys(mark for form in way.forms.values() for mark in form.marks)
    only = [matter for matter in line.spec.matters if matter in way.forms]
    limited = [] if len(only) == len(line.spec.matters) else [
        words("procedure.only", matters=words.listed(only))
    ]  # fmt: skip
    return Told(
        id=way.id,
        name=words.label(way.spec.label),
        left=_states(way.sources, line, words),
        to=_to(way, line, words),
        who=words.listed(words(f"role.{role.value}") for role in way.spec.by),
        conditions=[*limited, *conditions.told(all_compiled(way.spec.when))],
        fields=[
            words.label(f.label) if f.required
            else words("procedure.optional", field=words.label(f.label))
            for f in fields.values()
        ],
        counts=[words(f"mark.{mark}") for mark in marks],
        internal=way.spec.internal,
        law=way.spec.law or "",
    )  # fmt: skip


def _to(way: Way, line: CompiledLine, words: Words) -> str:
    if way.to == REDO:
        return words("procedure.redo")
    return words.label(line.states[way.to]) if way.to else ""


# Named one by one they would fill a column: whole families have a word.
def _states(sources: Iterable[str], line: CompiledLine, words: Words) -> str:
    left = set(sources)
    told = []
    for family in ("open", "ended"):
        members = line.spec.states_of((family,))
        if members <= left and len(members) > 1:
            told.append(words(f"states.{family}"))
            left -= members
    told += [words.label(label) for state, label in line.states.items() if state in left]
    return words.listed(told)


# --- clocks and matters ------------------------------------------------------------------------


def _timed(clock: ClockSpec, line: CompiledLine, conditions: Conditions, words: Words) -> Timed:
    states = words.listed(words.label(line.states[s]) for s in _running(clock, line))
    starts = words.listed(conditions.happening(one) for one in clock.starts_on)
    stops = words.listed(conditions.happening(one) for one in clock.stops_on)
    runs = [words("procedure.runs", states=states)] if states else []
    runs += [words("procedure.starts", what=starts)] if starts else []
    runs += [words("procedure.stops", what=stops)] if stops else []
    return Timed(
        name=words.label(clock.label),
        kind=words(f"clock.{clock.kind.value}"),
        limits=list(_limits(clock, conditions, words)),
        runs=words("list.semicolon").join(runs),
        when=conditions.told(all_compiled(clock.when)),
        law=clock.law or "",
    )


def _running(clock: ClockSpec, line: CompiledLine) -> Iterator[str]:
    meant = line.spec.states_of(clock.runs_in)
    return (state for state in line.states if state in meant)


def _limits(clock: ClockSpec, conditions: Conditions, words: Words) -> Iterator[str]:
    if clock.limit is not None:
        limit = limit_words(clock.limit, words)
        if clock.after is not None:
            after = limit_words(clock.after, words)
            limit = words("procedure.after", limit=limit, after=after)
        yield limit
    for case in clock.limits:
        told = [words.listed(case.matters)] if case.matters else []
        told += conditions.told(all_compiled(case.when))
        limit = limit_words(case, words)
        yield (words("list.pair", key=words.listed(told), value=limit) if told else limit)
    if clock.until is not None:
        yield words(
            "procedure.until",
            month=clock.until.month,
            day=clock.until.day,
            years=clock.until.years,
        )
    if clock.due_field:
        yield words("procedure.named_due")
    if clock.half_line_limit:
        yield words("procedure.half")


def _clocks_in(line: CompiledLine, state: str, words: Words) -> str:
    return words.listed(
        clock_name(line, clock.name, words)
        for clock in line.spec.all_clocks()
        if state in line.spec.states_of(clock.runs_in)
    )


def _asked(code: str, matter: Matter, line: CompiledLine, words: Words) -> Asked:
    return Asked(
        code=code,
        name=words.label(matter),
        materials=[words.label(material) for material in matter.materials],
        limits=limits_promised(line, code, words),
        visit=words(f"visit.{matter.return_visit}"),
        retention=words(f"retention.{matter.retention}"),
        restricted=matter.restricted,
        law=matter.law or "",
    )


def _redo(line: CompiledLine, conditions: Conditions, words: Words) -> list[str]:
    told = []
    for rule in line.spec.redo:
        when = list(conditions.told(all_compiled(rule.when)))
        if rule.matters:
            when.insert(0, words.listed(rule.matters))
        state = words.label(line.states[rule.to])
        told.append(words("list.pair", key=words.listed(when), value=state) if when else state)
    return told
