"""An affair of line CG lives by chance, in the decider and in plain words, and they agree.

Whoever does whatever, with time going on: both allow it or both refuse it, and afterwards the
affair stands the same. Every history replays to its state, comes back from the codec as it was
stored, and can be brought to an end. A failure prints the way to play it again.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from adapters.codec import Codec, replaced
from domain.actor import SYSTEM, Actor, Role
from domain.affair import decide
from domain.affair.commands import Act, Expire, RecordEntry, TakeStep
from domain.affair.decide import Facts
from domain.affair.evolve import evolve, project
from domain.affair.state import Affair
from domain.errors import Refusal
from domain.personal import Personal
from tests.builders.affairs import (
    AFFAIR,
    ANOTHER,
    AREA,
    CG,
    CITY_MANAGEMENT,
    COMMUNITY,
    FRIDAY,
    PHOTO,
    SANITATION,
    UNITS,
    asks,
    registration,
)
from tests.stateful.days import midnight_after
from tests.stateful.plain import (
    ACTIONS,
    ENDED,
    ENTRIES,
    KNOWN,
    OPEN,
    STEPS,
    WORKING,
    Deed,
    PlainAffair,
)
from tests.stateful.years import CALENDAR

CODEC = Codec()

TIMERS = {
    "suspension": ("action", "resume"),
    "exempt": ("step", "X5"),
    "deemed": ("step", "X10"),
}

POSTS: dict[str, tuple[str, str]] = {
    "CW": ("linxiaohe", AREA),
    "FD": ("suqing", COMMUNITY),
    "MED": ("tanhe", COMMUNITY),
    "CD": ("zhoumin", COMMUNITY),
    "SC": ("zhenglan", CITY_MANAGEMENT),
    "SL": ("gaoyuan", "370103008"),
    "DO": ("luocheng", "370103/cg"),
    "DL": ("hemei", "370103"),
    "SRV": ("hansong", SANITATION),
    "SUP": ("liheng", "370103"),
    "RES": ("zhangguifen", ""),
    "AUD": ("bailu", "370103"),
}
ACCOUNTS = tuple(account for account, _ in POSTS.values())
TASKS = (None, None, "1", "2")
DECIDERS: dict[str, Any] = {
    "step": (decide.take_step, TakeStep),
    "entry": (decide.record_entry, RecordEntry),
    "action": (decide.act, Act),
}

seen: Counter[str] = Counter()
"""What was done in this run, for the count that is printed."""


def choices(name: str, now: datetime) -> tuple[Any, ...]:
    """What a field may hold; the first is the usual one."""
    day = now.astimezone(midnight_after(FRIDAY.date()).tzinfo).date()
    return {
        "result": ("ineffective", "effective"),
        "category": ("piles", "rubble"),
        "lead_unit": (CITY_MANAGEMENT, SANITATION, "370103/cg"),
        "joint_units": (None, [SANITATION], [SANITATION, "370103008/ga"]),
        "due": (None, None, day, day + timedelta(days=5)),
        "new_due": (None, None, day + timedelta(days=7)),
        "held_at": (now, now - timedelta(hours=30)),
        "place": ("116.99,36.63", None),
        "telephone": (None, "13800001234"),
        "unit": (SANITATION, CITY_MANAGEMENT, "370103/cg"),
        "clock": ("disposal", "reopened", "filed", "checking", "onsite", "referral"),
        "count": ("1", "3"),
        "cause": ("court", "appraisal"),
        "outcome": ("unreachable", "reached", "reached", "refused"),
        "rating": ("5", "3", "2", "1"),
        "solved": ("yes", "no"),
        "finding": (None, "rework_due", "rework_due", "lawfully_done"),
        "ground": ("moved_out", "death", "material_refused", "duplicate"),
        "merged_into": (None, None, str(ANOTHER)),
        "task": TASKS,
        "account": (*ACCOUNTS, "nobody"),
        "recusal_ground": ("relatives", "own_interest"),
        "of_version": ("1", "1", "1", "99"),
    }.get(name, _PLAIN.get(name, ("说明",)))


FLAGS = ("outside_scope", "beyond_means", "rights_told", "remedies_told", "applicant_told")
CHECKS = STEPS["X7"][3]
PHOTOS = ("photos", "before_photos", "after_photos", "evidence", "signed_request")
_PLAIN: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(FLAGS, (True, True, True, False)),
    **dict.fromkeys(CHECKS, (*[True] * 19, False)),
    **dict.fromkeys(PHOTOS, ([PHOTO],)),
}
OPTIONAL: dict[str, tuple[str, ...]] = {
    "G8": ("category",),
    "G9": ("joint_units", "due"),
    "X2": ("new_due",),
    "X9": ("merged_into",),
    "joint_done": ("task",),
    "recuse": ("account",),
    "return_visit": ("finding",),
    "correct": ("place", "telephone", "category"),
}


Way = tuple[tuple[str, str, dict[str, Any]], ...]
_UNSATISFIED = {"outcome": "reached", "rating": "1", "solved": "no", "finding": "rework_due"}
_PERSUADING: Way = (("G1", "CW", {}), ("G4", "CW", {}))
_FILED: Way = (*_PERSUADING, ("persuasion", "CW", {}), ("G8", "CW", {}))
_HANDLING: Way = (*_FILED, ("G9", "SC", {}), ("G12", "SC", {}))
_RESOLVED: Way = (*_HANDLING, ("G13", "SC", {}), ("G16", "CW", {}))
_AGAIN: Way = (
    *_RESOLVED,
    ("return_visit", "FD", _UNSATISFIED),
    ("X2", "SUP", {}),
    *_RESOLVED[5:],
)
_TWICE: Way = (*_AGAIN, *_AGAIN[8:])
WAYS: dict[str, Way] = {
    "Registered": (),
    "Noticed": (("supplement_notice", "FD", {}),),
    "Persuading": (*_PERSUADING, ("G6", "CW", {}), ("G6", "CD", {})),
    "Filed": _FILED,
    "Handling": _HANDLING,
    "Suspended": (*_HANDLING, ("G14", "SC", {}), ("suspend", "CD", {})),
    "Resolved": _RESOLVED,
    "Rated": (*_RESOLVED, ("return_visit", "FD", {**_UNSATISFIED, "rating": "4"})),
    "Closed": (
        *_RESOLVED,
        ("return_visit", "FD", {**_UNSATISFIED, "rating": "3"}),
        ("X1", "FD", {}),
    ),
    "Reopened": _AGAIN,
    "ReopenedTwice": (*_TWICE, ("return_visit", "FD", _UNSATISFIED)),
    "Ordered": (*_TWICE, ("return_visit", "FD", _UNSATISFIED), ("supervise", "SL", {})),
    "SuspendedAgain": (*_AGAIN[:-2], ("G14", "SC", {}), ("suspend", "SL", {})),
}
"""Ways that an affair has come when the life begins."""


def _post(role: str) -> tuple[str, str, str]:
    account, unit = POSTS.get(role, ("SYS", ""))
    return account, role, unit


class Lives(RuleBasedStateMachine):
    """One affair, twice. way: how it has come to where its life by chance begins."""

    way: Way = ()
    affair: Affair
    plain: PlainAffair

    @initialize(
        matter=st.sampled_from(("CG01", "CG02", "CG04")),
        wish=st.sampled_from(("contact", "contact", "contact", "anonymous")),
        short=st.sampled_from((0, 0, 0, 1, 2)),
    )
    def register(self, matter: str, wish: str, short: int) -> None:
        """It begins, and comes all of its way, or nearly."""
        asked = registration(matter=matter, contact_wish=wish)
        self.now, self.events = FRIDAY, []
        self.events = decide.register(asked, self.facts())
        self.affair = evolve(None, self.events[0])
        self.plain = PlainAffair(matter, wish, FRIDAY)
        for name, role, told in self.way[: len(self.way) - short]:
            self.now += timedelta(minutes=20)
            assert self.attempt(self.usual(name, role, **told))

    def facts(self, version: object = None) -> Facts:
        """What a decision may know; of a correction, the event that it names."""
        named = dict(enumerate(self.events, 1)).get(int(str(version))) if version else None
        return Facts(
            procedure=CG,
            calendar=CALENDAR,
            now=self.now,
            assignee="linxiaohe",
            corrected=named,
            units=UNITS,
            staff={account: account in WORKING for account in KNOWN},
        )

    # --- what people do ------------------------------------------------------------------------

    @rule(data=st.data())
    def something_leads_on(self, data: st.DataObject) -> None:
        """A step that this state knows, by whoever takes it."""
        steps = [name for name in STEPS if self.plain.state in STEPS[name][0]]
        on = [name for name in steps if STEPS[name][1] not in ("withdrawn", "terminated")]
        name = data.draw(st.sampled_from([*on * 5, *steps] or ["X7"]), label="step")
        self.attempt(self.drawn(data, "step", name))

    @rule(data=st.data())
    def something_is_done_besides(self, data: st.DataObject) -> None:
        """An entry or an action that this state knows, by whoever does it."""
        here = [("entry", name) for name in ENTRIES if self.plain.state in ENTRIES[name][0]]
        here += [("action", name) for name in ACTIONS if self.plain.state in ACTIONS[name][0]]
        here += [deed for deed in here if deed[1] in ("extend", "suspend", "resume", "sign_in")] * 2
        kind, name = data.draw(st.sampled_from(here or [("action", "correct")]), label="deed")
        self.attempt(self.drawn(data, kind, name))

    @rule(data=st.data())
    def anything_is_tried(self, data: st.DataObject) -> None:
        """Any deed by anybody."""
        deeds = [("step", name) for name in STEPS]
        deeds += [("entry", n) for n in ENTRIES] + [("action", n) for n in ACTIONS]
        kind, name = data.draw(st.sampled_from(deeds), label="deed")
        self.attempt(self.drawn(data, kind, name, anybody=True))

    def drawn(self, data: st.DataObject, kind: str, name: str, *, anybody: bool = False) -> Deed:
        """Who does it, and what is recorded; now and then somebody else, or something less."""
        asked, by = self.asked(kind, name)
        strange = data.draw(st.integers(0, 15), label="strange")
        roles = list(POSTS) if anybody or strange == 1 else by.split()
        role = data.draw(st.sampled_from(roles), label="role")
        account, unit = POSTS.get(role, ("SYS", ""))
        if strange in (2, 3) and role != "SYS":
            account = data.draw(st.sampled_from(ACCOUNTS), label="account")
        if self.plain.on_behalf(by, role):
            asked = (*asked, "signed_request")
        if self.plain.referral and name in ("sign_in", "refuse_referral") and strange > 3:
            unit = self.plain.referral
        record = {}
        for field in (*asked, *OPTIONAL.get(name, ())):
            value = data.draw(st.sampled_from(self.values(name, field)), label=field)
            if value is not None:
                record[field] = value
        if name == "return_visit" and (record["outcome"] == "reached" or strange == 4):
            for field in ("rating", "solved"):
                record[field] = data.draw(st.sampled_from(choices(field, self.now)), label=field)
        if record and strange == 0:
            record.pop(data.draw(st.sampled_from(sorted(record)), label="forgotten"))
        late = timedelta(hours=30) if strange in (5, 6) else timedelta()
        return Deed(kind, name, account, role, unit, self.now - late, record)

    def usual(self, name: str, role: str, **told: Any) -> Deed:
        """A deed as it is usually done."""
        kind = "step" if name in STEPS else "entry" if name in ENTRIES else "action"
        record = {field: choices(field, self.now)[0] for field in self.asked(kind, name)[0]}
        return Deed(kind, name, *_post(role), self.now, {**record, **told})

    def values(self, name: str, field: str) -> tuple[Any, ...]:
        """What a field may hold here."""
        found = choices(field, self.now)
        if field == "clock":
            return (*self.plain.clocks, *self.plain.clocks, *found)
        return found

    def asked(self, kind: str, name: str) -> tuple[tuple[str, ...], str]:
        """What must be recorded, and the roles."""
        if kind == "step":
            return STEPS[name][3], STEPS[name][2]
        _, by, asked = (ENTRIES if kind == "entry" else ACTIONS)[name]
        return asked, by

    def attempt(self, deed: Deed) -> bool:
        """Both allow it, and it is done, or both refuse it."""
        allowed = self.plain.allows(deed)
        decider, command = DECIDERS[deed.kind]
        asked = command(
            **asks(Actor(account=deed.account, role=Role(deed.role), unit=deed.unit), deed.at),
            affair_id=AFFAIR,
            record=deed.record,
            **{deed.kind: deed.name},
        )
        before, refused = self.affair, None
        try:
            facts = self.facts(deed.record.get("of_version"))
            self.happened(decider(self.affair, asked, facts))
        except Refusal as refusal:
            refused = refusal
        assert allowed == (refused is None), f"{deed}: {refused!r}"
        if refused is not None:
            assert self.affair == before
            seen["refused"] += 1
            return False
        self.plain.does(deed)
        seen[deed.name] += 1
        return True

    def happened(self, events: list[Any]) -> None:
        """Fold them."""
        self.events += events
        for event in events:
            self.affair = evolve(self.affair, event)

    # --- what time does ------------------------------------------------------------------------

    @rule(hours=st.sampled_from((0, 1, 3, 5, 24, 24, 72, 240, 900, 1600)))
    def time_goes_on(self, hours: int) -> None:
        """Nothing happens; then the sweeper comes by."""
        self.now += timedelta(hours=hours)
        self.sweep()

    def sweep(self) -> None:
        """Whatever has fallen due by now, in the order of time."""
        while late := self.plain.late(self.now):
            name = late[0]
            due = self.plain.clocks[name]
            timer = name in TIMERS
            at = max(due, self.affair.standing.last_at)
            self.happened(self.expired(name, "timer" if timer else "red", due))
            if timer:
                fires = TIMERS[name]
                self.plain.red.add(name)
                self.plain.does(Deed(*fires, "SYS", "SYS", "", at, {}))
                seen[f"{fires[1]} by itself"] += 1
            else:
                self.plain.turns_red(name)
                seen["red"] += 1
        for clock in self.affair.clocks:
            if clock.running:
                assert self.expired(clock.name, "red", clock.due_at) == []

    def expired(self, clock: str, colour: str, due: datetime) -> list[Any]:
        """What the decider says of a clock that has run out."""
        asked = Expire(
            **asks(SYSTEM, due), affair_id=AFFAIR, clock=clock, colour=colour, due_at=due
        )
        return decide.expire(self.affair, asked, self.facts())

    # --- they agree ----------------------------------------------------------------------------

    @invariant()
    def stand_the_same(self) -> None:
        """Whatever a person can see."""
        if hasattr(self, "plain"):
            assert self.shown() == self.told()

    def shown(self) -> dict[str, Any]:
        """The affair as the decider has it."""
        standing, work = self.affair.standing, self.affair.work
        visit = self.affair.last_visit()
        return {
            "state": standing.state,
            "round": standing.round,
            "level": standing.level,
            "lead": standing.lead_unit,
            "referral": work.referral,
            "joint": [task.done for task in work.joint],
            "orders": (work.orders, work.orders_answered, work.proposed_by),
            "assignee": standing.assignee,
            "recused": set(work.recused),
            "suspended": standing.suspended_at is not None and standing.state in OPEN,
            "handlers": set(self.affair.handlers()),
            "closed": standing.closed_at,
            "acted": standing.acted_at,
            "visit": (visit.outcome, visit.rating, visit.finding) if visit else None,
            "clocks": {clock.name: clock.due_at for clock in self.affair.clocks if clock.running},
            "standing still": {c.name for c in self.affair.clocks if c.paused_at is not None},
        }

    def told(self) -> dict[str, Any]:
        """The affair in plain words."""
        plain = self.plain
        visit = plain.visits[-1] if plain.visits else None
        return {
            "state": plain.state,
            "round": plain.round,
            "level": plain.level,
            "lead": plain.lead,
            "referral": plain.referral,
            "joint": plain.joint,
            "orders": (plain.orders, plain.answered, plain.proposed_by),
            "assignee": plain.assignee,
            "recused": plain.recused,
            "suspended": plain.suspended_at is not None,
            "handlers": plain.handlers(),
            "closed": plain.closed_at,
            "acted": plain.acted_at,
            "visit": (visit["outcome"], visit["rating"], visit["finding"]) if visit else None,
            "clocks": plain.clocks,
            "standing still": set(plain.paused),
        }

    # --- at the end ----------------------------------------------------------------------------

    def teardown(self) -> None:
        """It replays, it is stored, and it can be brought to an end."""
        if not hasattr(self, "plain"):
            return
        assert project(None, self.events) == self.affair
        stored = [self.sealed(event, version) for version, event in enumerate(self.events, 1)]
        again = [CODEC.decode(*CODEC.encode(event), version=v) for v, event in enumerate(stored, 1)]
        assert again == stored
        assert project(None, again) == project(None, stored)
        self.brought_to_an_end()
        seen["lives"] += 1

    def sealed(self, event: Any, version: int) -> Any:
        """The event with its personal values closed, as it is stored."""
        return replaced(
            event,
            lambda value, path: Personal(
                value.subject, sealed=b"1" + value.clear.encode(), origin=f"{version}/{path}"
            ),
        )

    def brought_to_an_end(self) -> None:
        """By the plain way, by people who had no part in it."""
        for number in range(60):
            if self.plain.state == "archived":
                return
            self.now += timedelta(hours=1)
            name, role, told = self.next_deed()
            if name == "G9" and self.plain.level == "district":
                told = {"lead_unit": "370103/cg", **told}
            deed = self.usual(name, role, **told)
            if role != "SYS":
                deed = replace(deed, account=f"fresh{number}")
            assert self.attempt(deed), f"{deed}: refused"
        raise AssertionError(f"no way out of {self.plain.state}")

    def next_deed(self) -> tuple[str, str, dict[str, Any]]:
        """What leads on from here: deed, role, and what is not recorded as usual."""
        plain = self.plain
        if plain.suspended_at is not None:
            return "resume", "CD", {}
        if plain.state in OPEN and not all(plain.joint):
            return "joint_done", "CD", {"task": str(plain.joint.index(False) + 1)}
        if plain.state in ENDED:
            return "X7", "FD", {}
        if plain.state == "resolved":
            return self.closing()
        name, role = {
            "registered": ("G1", "CW"),
            "onsite": ("G3", "CW"),
            "persuading": ("G7", "CW"),
            "filed": ("G9", "SC"),
            "dispatched": ("G12", "SC"),
            "handling": ("G13", "SC"),
            "enforcing": ("G15", "SC"),
            "checking": ("G16", "SUP"),
        }[plain.state]
        return name, role, {}

    def closing(self) -> tuple[str, str, dict[str, Any]]:
        """What closes a resolved affair, or sends it back."""
        plain, rated = self.plain, self.plain.rated()
        if plain.wish != "contact":
            return "X5", "SYS", {}
        if rated is None:
            return "return_visit", "FD", {"outcome": "reached", "rating": "5", "solved": "yes"}
        if rated["rating"] >= 3:
            return "X1", "FD", {}
        if rated["finding"] == "lawfully_done":
            return "X3", "SUP", {}
        if plain.round < 2:
            return "X2", "SUP", {}
        if plain.answered < plain.orders:
            return "answer_supervision", "SL", {}
        if not plain.orders:
            return "supervise", "SUP", {}
        return "X3", "SUP", {}


LIVES = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def lives(name: str, way: Way) -> Any:
    """A machine whose lives begin at the end of a way."""
    machine: Any = type(name, (Lives,), {"way": way})
    case = machine.TestCase
    case.settings = LIVES
    return case


for _name, _way in WAYS.items():
    globals()[f"Test{_name}"] = lives(_name, _way)


def test_the_count_of_what_was_done() -> None:
    print(f"{seen['lives']} lives: {', '.join(f'{name} {n}' for name, n in sorted(seen.items()))}")
