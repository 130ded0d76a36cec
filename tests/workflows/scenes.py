"""Scenes: affairs in which a step is open, and in which exactly one thing stands in its way.

Built from a line file alone. For each guard of the vocabulary this says how a scene can make it
hold and how it can make it fail; combinations are searched. No scene is trusted: the tests ask
the compiled line.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

from adapters import calendars
from domain.actor import Actor, Role
from domain.affair.state import Affair, Done, Identity, Joint, Noted, Standing, Visited, Work
from domain.clock import SHANGHAI, Clock, ClockKind, Unit
from domain.record import Kind
from workflows.calendar import WorkingCalendar
from workflows.fields import FieldSpec
from workflows.guards import Guard
from workflows.loading import FOLDER, load
from workflows.machine import CompiledLine
from workflows.ways import Way

CALENDAR = WorkingCalendar.of(
    calendars.seed(range(2010, 2014), by="policy", occurred_at=datetime(2010, 1, 1, tzinfo=UTC))
)
CG = CompiledLine(load(FOLDER / "CG.yaml"))

AFFAIR = UUID("0197f3b2-0000-7000-8000-000000000001")
OTHER = UUID("0197f3b2-0000-7000-8000-000000000002")
PHOTO = "0197f3b2-0000-7000-8000-00000000000a"
NOON = datetime(2011, 7, 25, 12, 0, tzinfo=SHANGHAI)
ME, THEY = "me", "they"

SAMPLES: dict[Kind, object] = {
    Kind.TEXT: "370103-2011-7",
    Kind.NOTE: "小区大门口堆放废品",
    Kind.PERSON: "张三",
    Kind.NUMBER: 1,
    Kind.MONEY: "300.00",
    Kind.DATE: "2011-07-26",
    Kind.INSTANT: "2011-07-25T10:00:00+08:00",
    Kind.FLAG: True,
    Kind.UNIT: "370103008/cg",
    Kind.UNITS: ["370103008/hw"],
    Kind.PLACE: "116.99,36.65",
    Kind.PHOTOS: [PHOTO],
    Kind.REFERENCE: str(OTHER),
}


@dataclass
class Scene:
    """An affair, who comes to it, when, and with what."""

    matter: str
    state: str
    role: Role
    account: str = ME
    at: datetime = NOON
    record: dict[str, object] = field(default_factory=dict)
    steps: list[Done] = field(default_factory=list)
    entries: list[Noted] = field(default_factory=list)
    visits: list[Visited] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    work: Work = field(default_factory=Work)
    facts: dict[str, str] = field(default_factory=dict)
    round: int = 0
    registered_by: str = THEY
    registered_at: datetime = NOON - timedelta(hours=3)
    entered_at: datetime = NOON - timedelta(hours=2)
    contact_wish: str = "contact"
    suspended_at: datetime | None = None
    closed_at: datetime | None = NOON - timedelta(hours=1)

    @property
    def actor(self) -> Actor:
        return Actor(account=self.account, role=self.role)

    def affair(self) -> Affair:
        """As the decider would hold it."""
        return Affair(
            identity=Identity(
                number="CG-2011-0001",
                line=self.matter[:2],
                matter=self.matter,
                line_version="2011.1",
                community="370103008001",
                area="370103008001-01",
                restricted=False,
                contact_wish=self.contact_wish,
                registered_by=self.registered_by,
                registered_at=self.registered_at,
                subject=None,
            ),
            standing=Standing(
                state=self.state,
                entered_at=self.entered_at,
                last_at=self.entered_at,
                round=self.round,
                suspended_at=self.suspended_at,
                closed_at=self.closed_at,
            ),
            work=replace(
                self.work,
                steps=tuple(replace(step, round=self.round) for step in self.steps),
                entries=tuple(replace(entry, round=self.round) for entry in self.entries),
            ),
            visits=tuple(replace(visit, round=self.round) for visit in self.visits),
            clocks=tuple(self.clocks),
            facts=self.facts,
        )

    def done(self, *steps: str, by: str = THEY, common: bool = False) -> None:
        at = self.entered_at
        self.steps += [Done(step, by, at, self.round, common) for step in steps]

    def noted(self, entry: str, *, by: str = THEY, at: datetime = NOON, **facts: str) -> None:
        self.entries.append(Noted(entry, by, at, self.round, facts))

    def visited(
        self,
        outcome: str,
        rating: int = 0,
        finding: str = "none",
        hours: int = 0,
        band: str = "",
    ) -> None:
        at = self.entered_at + timedelta(hours=hours)
        self.visits.append(Visited(outcome, rating, finding, band, THEY, at, self.round))

    def clock(self, name: str, *, due: timedelta, stopped: bool = False) -> None:
        self.clocks = [clock for clock in self.clocks if clock.name != name]
        self.clocks.append(
            Clock(
                name,
                ClockKind.STAGE,
                Unit.DAY,
                self.entered_at,
                self.at + due,
                self.at,
                "",
                stopped_at=self.at if stopped else None,
            )
        )


Change = Callable[[Scene], None]
Ways = tuple[list[Change], list[Change]]
"""How to make a guard hold, and how to make it fail."""

LONG_AGO, JUST_NOW = NOON - timedelta(days=200), NOON - timedelta(minutes=1)


def setting(**changes: Any) -> Change:
    """Sets attributes of the scene."""

    def change(scene: Scene) -> None:
        for name, value in changes.items():
            setattr(scene, name, value)

    return change


def working(**changes: Any) -> Change:
    """Changes the work that was done."""

    def change(scene: Scene) -> None:
        scene.work = replace(scene.work, **changes)

    return change


def doing(name: str, *args: Any, times: int = 1, **kwargs: Any) -> Change:
    """Calls one of the scene's own methods."""

    def change(scene: Scene) -> None:
        for _ in range(times):
            getattr(scene, name)(*args, **kwargs)

    return change


def telling(way: Way, name: str, value: object, text: str) -> Change:
    """Records a field: now where the step asks for it, before where it does not."""

    def change(scene: Scene) -> None:
        kept, told = (scene.record, value) if name in way.asked else (scene.facts, text)
        kept.pop(name, None)
        if told not in (None, ""):
            kept[name] = told  # type: ignore[assignment]

    return change


def together(*changes: Change) -> Change:
    def change(scene: Scene) -> None:
        for one in changes:
            one(scene)

    return change


def each_way(parts: Sequence[list[Change]]) -> list[Change]:
    return [together(*chosen) for chosen in product(*parts)]


def ways_of(guard: Guard, way: Way) -> Ways:
    """Changes after which a guard holds, and changes after which it fails."""
    parts = [ways_of(part, way) for part in _parts(guard)]
    match guard.name:
        case "not":
            return parts[0][1], parts[0][0]
        case "any_of":
            return [change for hold, _ in parts for change in hold], each_way([f for _, f in parts])
        case "all_of":
            failing = [
                together(rest, fail)
                for at, (_, fails) in enumerate(parts)
                for fail in fails
                for rest in each_way([hold for n, (hold, _) in enumerate(parts) if n != at])
            ]
            return each_way([hold for hold, _ in parts]), failing
    return _simple(guard.name, guard.parameter, way)


def _parts(guard: Guard) -> tuple[Guard, ...]:
    return guard.parameter if guard.predicate.names == "guard" else ()


def _simple(name: str, given: Any, way: Way) -> Ways:
    match name:
        case "matter_in":
            others = [matter for matter in way.forms if matter not in given]
            return [setting(matter=given[0])], [setting(matter=other) for other in others]
        case "state_in":
            others = sorted(way.sources - set(given))
            return [setting(state=given[0])], [setting(state=other) for other in others]
        case "contact_wish_is":
            return [setting(contact_wish=given[0])], [setting(contact_wish="anonymous")]
        case "contact_wish_is_not":
            return [setting(contact_wish="anonymous")], [setting(contact_wish=given[0])]
        case "not_suspended":
            return [setting(suspended_at=None)], [setting(suspended_at=JUST_NOW)]
        case "referral_open":
            return [working(referral="370103008/cg")], [working(referral="")]
        case "reopened_fewer_than":
            return [setting(round=0)], [setting(round=given)]
        case "reopened_at_least":
            return [setting(round=given)], [setting(round=given - 1)]
        case "redo_possible":
            return [setting(), doing("done", "G8")], [setting(steps=[])]
        case "withdrawal_open":
            return [setting()], [doing("done", "G14")]
        case "suspendable":
            return [setting(state=state) for state in CG.spec.suspendable], [setting()]
        case "return_visit_exempt":
            return [], [setting()]
        case "actor_role_is":
            others = sorted(way.by - {Role(role) for role in given})
            return [setting(role=Role(given[0]))], [setting(role=other) for other in others]
        case "actor_is_not":
            return [setting(account=ME, registered_by=THEY)], _being(given)
    return _recorded(name, given, way)


def _being(who: Any) -> list[Change]:
    if who == "handler":
        return [doing("done", "G1", by=ME)]
    if who == "registrar":
        return [setting(registered_by=ME)]
    return [
        *(doing("done", step, by=ME) for step in who.steps),
        *(doing("noted", entry, by=ME) for entry in who.entries),
    ]


def _recorded(name: str, given: Any, way: Way) -> Ways:
    match name:
        case "field_is":
            wrong = [
                telling(way, field, code, code or "")
                for field, values in given.items()
                for code in (*_choices(way, field), None)
                if code not in values
            ]
            right = [telling(way, field, values[0], values[0]) for field, values in given.items()]
            return [together(*right)], wrong
        case "field_true":
            right = [telling(way, field, True, "yes") for field in given]
            return [together(*right)], [telling(way, field, False, "no") for field in given]
        case "field_given":
            right = [telling(way, field, str(OTHER), str(OTHER)) for field in given]
            return [together(*right)], [telling(way, field, None, "") for field in given]
        case "entries_at_least" | "entries_fewer_than":
            where: dict[str, Any] = {field: values[0] for field, values in given.where.items()}
            enough = doing("noted", given.entry, times=given.count, **where)
            other: dict[str, Any] = dict.fromkeys(where, "else")
            few = [setting(entries=[]), doing("noted", given.entry, **other)]
            return ([enough], few) if name == "entries_at_least" else (few[:1], [enough])
        case "steps_at_least" | "steps_fewer_than":
            enough = doing("done", given.steps[-1], times=given.count)
            few = [doing("done", given.steps[0], times=given.count - 1), setting(steps=[])]
            return ([enough], few) if name == "steps_at_least" else (few, [enough])
        case "step_taken":
            return [doing("done", given[0])], [setting(steps=[])]
        case "step_never_taken":
            return [setting(steps=[])], [doing("done", given[0])]
        case "no_open_joint_task":
            closed, left = Joint(1, "370103008/hw", done=True), Joint(2, "370103008/cg")
            return [working(joint=(closed,))], [working(joint=(closed, left))]
        case "no_open_question":
            return [working(questions=())], [working(questions=("means_check",))]
        case "answer_received":
            return [working(answers=given)], [working(answers=())]
        case "supervision_reported":
            done = [working(orders=1, orders_answered=1)]
            return done, [working(orders=0), working(orders=2, orders_answered=1)]
    return _visited(name, given)


def _choices(way: Way, field: str) -> tuple[str, ...]:
    return next((tuple(f.choices) for f in way.spec.fields if f.name == field), ())


def _visited(name: str, given: Any) -> Ways:
    match name:
        case "rating_at_least":
            return [_rated(given)], [setting(visits=[]), _rated(given - 1)]
        case "rating_at_most":
            findings = ("rework_due", "lawfully_done")
            return [_rated(given, f) for f in findings], [_rated(given + 1, f) for f in findings]
        case "finding_is":
            return [_rated(2, given[0])], [_rated(2, f) for f in ("rework_due", "none")]
        case "visit_outcome":
            return [doing("visited", given[0])], [setting(visits=[])]
        case "contact_attempts":
            n, days, bands = given.count, given.days, given.bands
            short = [(n - 1, days, bands), (n, days - 1, bands), (n, days, bands - 1)]
            return [_attempts(n, days, bands)], [_attempts(*few) for few in short]
    return _timed(name, given)


def _rated(rating: int, finding: str = "none") -> Change:
    return together(setting(visits=[]), doing("visited", "reached", rating, finding))


def _attempts(count: int, days: int, bands: int) -> Change:
    def change(scene: Scene) -> None:
        scene.visits = []
        scene.entered_at = NOON - timedelta(days=5)
        for n in range(count):
            band = ("morning", "afternoon", "evening")[n % bands]
            scene.visited("unreachable", hours=24 * (n % days), band=band)

    return change


def _timed(name: str, given: Any) -> Ways:
    soon, gone = timedelta(days=1), -timedelta(minutes=1)
    match name:
        case "clock_running":
            on, off = (doing("clock", given[0], due=soon, stopped=s) for s in (False, True))
            return [on], [off]
        case "within_clock":
            return [doing("clock", given[0], due=soon)], [doing("clock", given[0], due=gone)]
        case "clock_expired":
            return [doing("clock", given[0], due=gone)], [doing("clock", given[0], due=soon)]
        case "time_in_state_at_least" | "notice_days_passed":
            return [setting(entered_at=LONG_AGO)], [setting(entered_at=JUST_NOW)]
        case "time_in_state_at_most":
            return [setting(entered_at=JUST_NOW)], [setting(entered_at=LONG_AGO)]
        case "days_since_closing_at_most":
            return [setting(closed_at=JUST_NOW)], [setting(closed_at=LONG_AGO)]
        case "time_since_registered_at_most":
            return [setting(registered_at=JUST_NOW)], [setting(registered_at=LONG_AGO)]
        case "time_since_entry_at_least":
            long_ago = doing("noted", given.entry, at=LONG_AGO)
            return [long_ago], [setting(entries=[]), doing("noted", given.entry, at=JUST_NOW)]
    raise AssertionError(f"no scene is known for the guard {name}")


def bare(line: CompiledLine, way: Way, role: Role) -> Scene:
    """A scene in the step's first matter and state, with every field it asks for."""
    matter = next(iter(way.forms))
    state = next(state for state in line.states if state in way.sources)
    fields = way.reader(matter, role).specs
    record = {field.name: sample(field) for field in fields if field.required}
    return Scene(matter=matter, state=state, role=role, record=record)


def sample(field: FieldSpec) -> object:
    """A value that the field takes."""
    if field.kind is Kind.CHOICE:
        return next(iter(field.choices), "")
    if field.kind is Kind.NUMBER and field.min is not None:
        return field.min
    return SAMPLES[field.kind]


def scenes(
    line: CompiledLine, way: Way, role: Role, failing: Guard | None = None
) -> Iterator[Scene]:
    """Scenes in which all guards should hold, or all but `failing`."""
    guards = (*way.before, *way.after)
    tried = [ways_of(guard, way)[1 if guard is failing else 0] for guard in guards]
    for chosen in product(*tried):
        scene = bare(line, way, role)
        # The failing one last, so that no other change undoes it.
        order = sorted(zip(guards, chosen, strict=True), key=lambda pair: pair[0] is failing)
        for _, change in order:
            change(scene)
        yield scene
