"""An affair of line CG in the plainest words: dictionaries, sets and `if`s.

Written from the domain reference (sections 2, 3.0, 3.7 and 5), not from the code that it is
compared with. It says of a deed whether it is allowed, and then how the affair stands.
Where the reference is silent (reminders, reports, corrections), the line file's word is taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from domain.clock import SHANGHAI
from tests.stateful import days

OPEN = (
    "registered", "onsite", "persuading", "filed",
    "dispatched", "handling", "enforcing", "checking",
)  # fmt: skip
CHECKS = ("documents_complete", "authentic", "integral", "usable", "safe")
ENDED = ("closed", "not_accepted", "withdrawn", "terminated")
LEVELS = ("community", "street", "district")

# Section 3.7, and X1 to X10 of 3.0: from, to, by, and what must be recorded.
STEPS: dict[str, tuple[tuple[str, ...], str, str, tuple[str, ...]]] = {
    "G0": (("registered",), "not_accepted", "CD", ("outside_scope", "reason", "channel")),
    "G1": (("registered",), "onsite", "CW CD", ("place",)),
    "G2": (("onsite",), "resolved", "CW CD", ("photos", "note")),
    "G3": (("onsite",), "resolved", "CW CD", ("before_photos", "after_photos")),
    "G4": (("onsite",), "persuading", "CW CD", ()),
    "G5": (("onsite",), "filed", "CD", ("beyond_means", "category")),
    "G6": (("persuading",), "persuading", "CW CD", ("held_at", "partners", "result")),
    "G7": (("persuading",), "resolved", "CW CD", ("after_photos",)),
    "G8": (("persuading",), "filed", "CW CD", ()),
    "G9": (("filed",), "dispatched", "SC", ("lead_unit",)),
    "G10": (("filed",), "onsite", "SC", ("missing_facts",)),
    "G11": (("dispatched",), "filed", "SC DO SRV", ("reason",)),
    "G12": (("dispatched",), "handling", "SC DO SRV", ()),
    "G13": (("handling",), "checking", "SC DO SRV", ("after_photos",)),
    "G14": (("handling",), "enforcing", "SC DO", ("order_number", "rights_told")),
    "G15": (("enforcing",), "checking", "SC DO", ("enforcement_outcome",)),
    "G16": (("checking",), "resolved", "CW CD SUP", ()),
    "G17": (("checking",), "dispatched", "CW CD SUP", ("reason",)),
    "X1": (("resolved",), "closed", "FD CD SC SL SUP RES", ()),
    "X2": (("resolved",), "redo", "CD SL SUP", ("reason",)),
    "X3": (("resolved",), "closed", "CD SL SUP", ("explanation", "remedies_told")),
    "X4": (("resolved",), "closed", "FD CD SUP", ("attempt_log",)),
    "X5": (("resolved",), "closed", "SYS", ()),
    "X6": (("closed",), "redo", "CD SL SUP", ("new_facts", "evidence")),
    "X7": (ENDED, "archived", "FD SC", CHECKS),
    "X8": (OPEN, "withdrawn", "RES FD", ("request",)),
    "X9": (OPEN, "terminated", "CD SL DL", ("ground", "reason")),
    "X10": (("registered",), "registered", "SYS", ()),
}  # fmt: skip

ENTRIES: dict[str, tuple[tuple[str, ...], str, tuple[str, ...]]] = {
    "persuasion": (("persuading",), "CW CD", ("result",)),
    "supplement_notice": (("registered",), "FD CW SC", ("missing_list",)),
    "supplement": (OPEN, "RES FD CW SC", ("answers",)),
}

EVERYBODY = "CW FD MED CD SC SL DO DL SRV"
HIGHER = "CW FD CD SC SL DO DL"
ACTIONS: dict[str, tuple[tuple[str, ...], str, tuple[str, ...]]] = {
    "refer": (OPEN, HIGHER, ("unit", "reason")),
    "sign_in": (OPEN, EVERYBODY, ()),
    "refuse_referral": (OPEN, EVERYBODY, ("reason",)),
    "open_joint": (OPEN, HIGHER, ("unit",)),
    "joint_done": (OPEN, EVERYBODY, ()),
    "escalate": (OPEN, HIGHER, ("unit", "reason")),
    "supervise": ((*OPEN, "resolved"), "SL DL SUP", ("reason",)),
    "propose_supervision": ((*OPEN, "resolved"), "SC DO", ("reason",)),
    "confirm_supervision": ((*OPEN, "resolved"), "SL DL", ()),
    "decline_supervision": ((*OPEN, "resolved"), "SL DL", ("reason",)),
    "answer_supervision": ((*OPEN, "resolved", *ENDED), "CD SC SL DO DL", ("report",)),
    "remind": ((*OPEN, "resolved"), "FD CD SC SL DO DL SUP", ()),
    "extend": (OPEN, "CD SL DL", ("clock", "count", "reason", "applicant_told")),
    "suspend": (OPEN, "CD SL DL", ("cause",)),
    "resume": (OPEN, "CD SL DL SYS", ()),
    "return_visit": ((*OPEN, "resolved"), "RES FD CD SC SL SUP", ("outcome",)),
    "assign": ((*OPEN, "resolved", *ENDED), "FD CD SC SL DO DL SUP", ("account",)),
    "recuse": ((*OPEN, "resolved", *ENDED), f"{EVERYBODY} SUP", ("recusal_ground",)),
    "correct": ((*OPEN, "resolved", *ENDED), "CW FD MED CD SC SL DO DL", ("of_version", "why")),
}

# Who may work on it, among those who are known; the auditor is, and may not.
WORKING = (
    "linxiaohe", "suqing", "tanhe", "zhoumin", "zhenglan", "gaoyuan", "luocheng", "hemei",
    "hansong", "liheng",
)  # fmt: skip
KNOWN = (*WORKING, "bailu")

HANDLING = ("G12", "G13", "G14", "G15")
LIMITS = {"CG01": ("wd", 1), "CG02": ("wh", 4), "CG04": ("wd", 20)}
STREET, COMMUNITY = "370103008", "370103008001"


@dataclass(frozen=True)
class Deed:
    """Something that somebody wants to do."""

    kind: str
    name: str
    account: str
    role: str
    unit: str
    at: datetime
    record: Mapping[str, Any]


@dataclass
class PlainAffair:
    """How the affair stands; what belongs to a round is emptied when one begins."""

    matter: str
    wish: str
    registered_at: datetime
    state: str = "registered"
    entered_at: datetime = field(init=False)
    acted_at: datetime = field(init=False)
    round: int = 0
    closed_at: datetime | None = None
    level: str = "community"
    lead: str = COMMUNITY
    category: str = ""
    filed_once: bool = False
    referral: str = ""
    joint: list[bool] = field(default_factory=list)
    joint_units: list[str] = field(default_factory=list)
    assignee: str = "linxiaohe"
    recused: set[str] = field(default_factory=set)
    proposed_by: str = ""
    orders: int = 0
    answered: int = 0
    accepted: bool = False
    suspended_at: datetime | None = None
    stood_still: int = 0
    done: list[tuple[str, str]] = field(default_factory=list)
    attempts: list[str] = field(default_factory=list)
    notices: list[datetime] = field(default_factory=list)
    supplements: int = 0
    visits: list[dict[str, Any]] = field(default_factory=list)
    clocks: dict[str, datetime] = field(default_factory=dict)
    paused: dict[str, datetime] = field(default_factory=dict)
    extended: set[str] = field(default_factory=set)
    red: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.entered_at = self.acted_at = self.registered_at
        self.start("acceptance", days.working_days(1, self.registered_at))
        self.start("deemed", days.working_days(5, self.registered_at))

    # --- whether -------------------------------------------------------------------------------

    def allows(self, deed: Deed) -> bool:
        """Whether the deed may be done now."""
        match deed.kind:
            case "step":
                sources, _, by, asked = STEPS[deed.name]
            case "entry":
                sources, by, asked = ENTRIES[deed.name]
            case _:
                sources, by, asked = ACTIONS[deed.name]
        if deed.at < self.acted_at or deed.account in self.recused:
            return False
        behalf = self.on_behalf(by, deed.role)
        if self.state not in sources or not (behalf or deed.role in by.split()):
            return False
        asked = (*asked, "signed_request") if behalf else asked
        if any(deed.record.get(name) is None for name in asked):
            return False
        return bool(getattr(self, f"_{deed.name.lower()}_allowed", self._always)(deed))

    def on_behalf(self, by: str, role: str) -> bool:
        """Front desk and street officer may enter a resident's step on signed request."""
        return "RES" in by and role in ("FD", "SC") and role not in by.split()

    def _always(self, deed: Deed) -> bool:
        return deed.kind != "step" or self.goes_on(deed)

    def goes_on(self, deed: Deed) -> bool:
        """No step while it is suspended, no resolving while a joint task is open."""
        to = STEPS[deed.name][1]
        return self.suspended_at is None and (to != "resolved" or all(self.joint))

    def handlers(self) -> set[str]:
        """Actors of its line steps since the last reopening."""
        return {account for step, account in self.done if step.startswith("G")}

    def rated(self) -> Mapping[str, Any] | None:
        """The rating that counts: of the resident reached since it was resolved."""
        return next((v for v in reversed(self.visits) if v["outcome"] == "reached"), None)

    def _g0_allowed(self, deed: Deed) -> bool:
        return bool(deed.record["outside_scope"])

    def _g5_allowed(self, deed: Deed) -> bool:
        return self.goes_on(deed) and bool(deed.record["beyond_means"])

    def _g6_allowed(self, deed: Deed) -> bool:
        tried = [step for step, _ in self.done if step in ("G4", "G6")]
        held = self.registered_at <= deed.record["held_at"] <= deed.at
        return held and self.goes_on(deed) and len(tried) < 3

    def _g8_allowed(self, deed: Deed) -> bool:
        return self.goes_on(deed) and "ineffective" in self.attempts

    def _g11_allowed(self, deed: Deed) -> bool:
        return self.goes_on(deed) and deed.at < days.working_hours(4, self.entered_at)

    def _g14_allowed(self, deed: Deed) -> bool:
        return self.goes_on(deed) and bool(deed.record["rights_told"])

    def _g16_allowed(self, deed: Deed) -> bool:
        worked = {account for step, account in self.done if step in HANDLING}
        return self.goes_on(deed) and deed.account not in worked

    _g17_allowed = _g16_allowed

    def _x1_allowed(self, deed: Deed) -> bool:
        rated = self.rated()
        return rated is not None and bool(rated["rating"] >= 3)

    def _x2_allowed(self, deed: Deed) -> bool:
        rated = self.rated()
        if rated is None or deed.account in self.handlers() or rated["rating"] > 2:
            return False
        return self.round < 2 and bool(rated["finding"] == "rework_due")

    def _x3_allowed(self, deed: Deed) -> bool:
        rated = self.rated()
        if rated is None or deed.account in self.handlers() or rated["rating"] > 2:
            return False
        reported = self.orders > 0 and self.orders == self.answered
        lawful = rated["finding"] == "lawfully_done" or (self.round == 2 and reported)
        return lawful and bool(deed.record["remedies_told"])

    def _x4_allowed(self, deed: Deed) -> bool:
        if deed.account in self.handlers() or self.rated() is not None:
            return False
        if self.visits and self.visits[-1]["outcome"] == "refused":
            return True
        tried = [visit["at"] for visit in self.visits if visit["outcome"] == "unreachable"]
        bands = {band(at) for at in tried}
        return len(tried) >= 3 and len({days.day_of(at) for at in tried}) >= 3 and len(bands) >= 2

    def _x5_allowed(self, deed: Deed) -> bool:
        return self.wish != "contact"

    def _x6_allowed(self, deed: Deed) -> bool:
        return self.closed_at is not None and deed.at < days.days(30, self.closed_at)

    def _x7_allowed(self, deed: Deed) -> bool:
        return all(deed.record[name] for name in CHECKS)

    def _x8_allowed(self, deed: Deed) -> bool:
        return True

    def _x9_allowed(self, deed: Deed) -> bool:
        ground, merged = deed.record["ground"], deed.record.get("merged_into") is not None
        if ground == "material_refused":
            refused = any(deed.at >= days.days(30, notice) for notice in self.notices[-1:])
            return not merged and refused and not self.supplements
        return bool(ground == "duplicate") == merged

    def _x10_allowed(self, deed: Deed) -> bool:
        return not self.accepted and not self.notices

    def _supplement_notice_allowed(self, deed: Deed) -> bool:
        return not self.notices and deed.at < days.working_days(5, self.registered_at)

    def _supplement_allowed(self, deed: Deed) -> bool:
        return bool(self.notices)

    def _refer_allowed(self, deed: Deed) -> bool:
        return not self.referral and deed.record["unit"] != self.lead

    def _open_joint_allowed(self, deed: Deed) -> bool:
        return self.lendable([deed.record["unit"]], self.lead)

    def _g9_allowed(self, deed: Deed) -> bool:
        lead, joint = deed.record["lead_unit"], deed.record.get("joint_units") or []
        digits = {"community": 12, "street": 9, "district": 6}[self.level]
        here = lead.split("/")[0] == COMMUNITY[:digits]
        return self.goes_on(deed) and here and self.lendable(joint, lead)

    def lendable(self, units: list[str], lead: str) -> bool:
        """Whether each may be asked to lend a hand: none leads, none is asked already."""
        asked = {unit for unit, over in zip(self.joint_units, self.joint, strict=True) if not over}
        return lead not in units and not asked & set(units)

    def _sign_in_allowed(self, deed: Deed) -> bool:
        below = deed.unit.startswith((f"{self.referral}/", f"{self.referral}-"))
        return bool(self.referral) and (deed.unit == self.referral or below)

    _refuse_referral_allowed = _sign_in_allowed

    def _joint_done_allowed(self, deed: Deed) -> bool:
        return len(self.meant(deed)) == 1

    def meant(self, deed: Deed) -> list[int]:
        """The open tasks that a deed may mean, from 1: of a joint unit its own, and no other's."""
        named = deed.record.get("task")
        undone = [
            number
            for number, over in enumerate(self.joint, 1)
            if not over and named in (None, str(number))
        ]
        own = [number for number in undone if self.joint_units[number - 1] == deed.unit]
        lends = deed.unit in self.joint_units and deed.unit != self.lead
        return own if own or lends else undone

    def _escalate_allowed(self, deed: Deed) -> bool:
        wanted = {"community": STREET, "street": STREET[:6]}.get(self.level)
        return wanted is not None and deed.record["unit"] in (wanted, f"{wanted}/cg")

    def _assign_allowed(self, deed: Deed) -> bool:
        account = deed.record["account"]
        return account in WORKING and account not in self.recused and account != self.assignee

    def _recuse_allowed(self, deed: Deed) -> bool:
        account = deed.record.get("account") or deed.account
        oneself = account == deed.account
        ordered = deed.role in ("CD", "SL", "DL") and account in KNOWN
        return (oneself or ordered) and account not in self.recused

    def _propose_supervision_allowed(self, deed: Deed) -> bool:
        return not self.proposed_by

    def _confirm_supervision_allowed(self, deed: Deed) -> bool:
        return self.proposed_by not in ("", deed.account)

    _decline_supervision_allowed = _confirm_supervision_allowed

    def _answer_supervision_allowed(self, deed: Deed) -> bool:
        return self.answered < self.orders

    def _extend_allowed(self, deed: Deed) -> bool:
        name = deed.record["clock"]
        runs = name in self.clocks and name not in ("suspension", "exempt", "deemed")
        in_time = runs and deed.at < self.clocks[name]
        return in_time and name not in self.extended and bool(deed.record["applicant_told"])

    def _suspend_allowed(self, deed: Deed) -> bool:
        return self.state == "enforcing" and self.suspended_at is None and self.stood_still < 60

    def _resume_allowed(self, deed: Deed) -> bool:
        return self.suspended_at is not None

    def _return_visit_allowed(self, deed: Deed) -> bool:
        record = deed.record
        reached = record["outcome"] == "reached"
        if deed.account in self.handlers() or self.state != "resolved":
            return False
        if self.rated() is not None:
            return False
        if any((record.get(name) is not None) != reached for name in ("rating", "solved")):
            return False
        low = reached and int(record["rating"]) <= 2
        return not low or record.get("finding") in ("rework_due", "lawfully_done")

    def _correct_allowed(self, deed: Deed) -> bool:
        of_registration = {"place", "telephone"} & set(deed.record)
        # Who wishes to stay anonymous is not named afterwards either.
        names_somebody = self.wish == "anonymous" and "telephone" in deed.record
        return (
            deed.record["of_version"] == "1"
            and "category" not in deed.record
            and bool(of_registration)
            and not names_somebody
        )

    # --- what becomes of it --------------------------------------------------------------------

    def does(self, deed: Deed) -> None:
        """The deed is done."""
        self.acted_at = max(self.acted_at, deed.at)
        match deed.kind:
            case "step":
                self._step(deed)
            case "entry":
                self._entry(deed)
            case _:
                self._action(deed)

    def _step(self, deed: Deed) -> None:
        before, to = self.state, STEPS[deed.name][1]
        self.category = deed.record.get("category") or self.category
        self.filed_once = self.filed_once or deed.name in ("G5", "G8")
        if to == "redo":
            self._reopened(deed)
        else:
            self.done.append((deed.name, deed.account))
            self.state = to
        if deed.name in ("G1", "X10"):
            self.accepted = True
            self.stop("deemed")
        if deed.name == "G6":
            self.attempts.append(deed.record["result"])
        if deed.name in ("G5", "G8", "G11"):
            self.level = "street"
            self.leads(STREET)
        if deed.name == "G10":
            self.level = "community"
            self.leads(COMMUNITY)
        if deed.name == "G9":
            self.leads(deed.record["lead_unit"])
            self.joint_units += deed.record.get("joint_units") or ()
            self.joint += [False for _ in deed.record.get("joint_units") or ()]
        if before != self.state or deed.name.startswith("X"):
            self.entered_at = deed.at
        if self.state in ("resolved", *ENDED):
            self.referral = ""
        if self.state in ENDED:
            self.closed_at = deed.at
            self.suspended_at = None
        if self.state in (*ENDED, "archived"):
            self.assignee = ""
        self._clocks_of_state(before, deed)

    def _reopened(self, deed: Deed) -> None:
        self.state = "dispatched" if self.filed_once else "onsite"
        self.round += 1
        self.closed_at, self.stood_still = None, 0
        self.done, self.attempts, self.visits = [], [], []
        self.notices, self.supplements = [], 0

    def _entry(self, deed: Deed) -> None:
        match deed.name:
            case "persuasion":
                self.attempts.append(deed.record["result"])
            case "supplement_notice":
                self.notices.append(deed.at)
                self.stop("deemed")
            case "supplement":
                self.supplements += 1

    def _action(self, deed: Deed) -> None:
        record, at = deed.record, deed.at
        match deed.name:
            case "refer":
                self.referral = record["unit"]
                self.start("referral", days.working_days(1, at))
            case "sign_in":
                self.leads(self.referral)
                self.referral = ""
                self.stop("referral")
            case "refuse_referral":
                self.referral = ""
                self.stop("referral")
            case "open_joint":
                self.joint.append(False)
                self.joint_units.append(record["unit"])
            case "joint_done":
                (number,) = self.meant(deed)
                self.joint[number - 1] = True
            case "escalate":
                self.level = LEVELS[LEVELS.index(self.level) + 1]
                self.leads(record["unit"])
            case "supervise" | "confirm_supervision":
                self.orders += 1
                self.proposed_by = ""
            case "decline_supervision":
                self.proposed_by = ""
            case "propose_supervision":
                self.proposed_by = deed.account
            case "assign":
                self.assignee = record["account"]
            case "recuse":
                account = record.get("account") or deed.account
                self.recused.add(account)
                if account == self.assignee:
                    self.assignee = ""
            case "answer_supervision":
                self.answered += 1
            case "extend":
                self._extended(record["clock"], int(record["count"]))
            case "suspend":
                self.suspended_at, self.paused, self.clocks = at, self.clocks, {}
                self.start("suspension", days.days(60 - self.stood_still, at))
            case "resume":
                self._resumed(at)
            case "return_visit":
                self._visited(deed)

    def leads(self, unit: str) -> None:
        """Another unit leads: who was assigned is so no more."""
        if unit != self.lead:
            self.lead, self.assignee = unit, ""

    def _visited(self, deed: Deed) -> None:
        rating = int(deed.record.get("rating") or 0)
        finding = deed.record.get("finding") or "none"
        visit = {"outcome": deed.record["outcome"], "rating": rating, "finding": finding}
        self.visits.append({**visit, "at": deed.at})
        if visit["outcome"] != "unreachable":
            self.stop("return_visit")

    # --- clocks --------------------------------------------------------------------------------

    def start(self, name: str, due: datetime) -> None:
        """It runs, anew where it ran before."""
        self.clocks[name] = due
        self.paused.pop(name, None)
        self.extended.discard(name)
        self.red.discard(name)

    def stop(self, name: str) -> None:
        """It runs no more."""
        self.clocks.pop(name, None)
        self.paused.pop(name, None)

    def _clocks_of_state(self, before: str, deed: Deed) -> None:
        at, state = deed.at, self.state
        if state in (*ENDED, "archived"):
            self.clocks, self.paused = {}, {}
            if state in ENDED:
                year = days.day_of(at).year + 1
                self.start("archiving", days.midnight_after(date(year, 6, 30)))
            return
        if state == "resolved" and before != "resolved":
            self.stop("reopened")
            self.stop("referral")
        runs_in = {
            "acceptance": ("registered",),
            "onsite": ("onsite",),
            "persuading": ("persuading",),
            "filed": ("filed",),
            "disposal": ("dispatched", "handling"),
            "checking": ("checking",),
            "exempt": (),
        }
        for name, states in runs_in.items():
            if state in states and before not in states:
                self.start(name, self._limit(name, deed))
            elif state not in states:
                self.stop(name)
        if deed.name in ("X2", "X6"):
            self.stop("return_visit")
            self.stop("archiving")
            self.start("reopened", self._redo_limit(deed))
        if state == "resolved" and self.wish == "contact":
            self.start("return_visit", days.working_days(3, at))
        elif state == "resolved":
            self.start("exempt", at)

    def _limit(self, name: str, deed: Deed) -> datetime:
        match name:
            case "filed":
                return days.working_hours(4, deed.at)
            case "disposal":
                if isinstance(deed.record.get("due"), date):
                    return days.midnight_after(deed.record["due"])
                unit, count = self._disposal()
                count_from = days.working_days if unit == "wd" else days.working_hours
                return count_from(count, deed.at)
            case _:
                return days.working_days(1, deed.at)

    def _disposal(self) -> tuple[str, int]:
        rubble = self.matter == "CG01" and self.category == "rubble"
        return ("wd", 2) if rubble else LIMITS[self.matter]

    def _redo_limit(self, deed: Deed) -> datetime:
        """Half the line's limit, rounded up, at least three working days."""
        if deed.name == "X2" and isinstance(deed.record.get("new_due"), date):
            return days.midnight_after(deed.record["new_due"])
        unit, count = self._disposal()
        half = (count + 1) // 2
        least = days.working_days(3, deed.at)
        if unit == "wh":
            return max(least, days.working_hours(half, deed.at))
        return max(least, days.working_days(half, deed.at))

    def _extended(self, name: str, count: int) -> None:
        due = self.clocks[name]
        counted_in_hours = name == "filed" or (name == "disposal" and self._disposal()[0] == "wh")
        if counted_in_hours:
            self.clocks[name] = days.working_hours(count, due)
        else:
            day = days.later_working_day(days.last_day(due), count)
            self.clocks[name] = days.midnight_after(day)
        self.extended.add(name)
        self.red.discard(name)

    def _resumed(self, at: datetime) -> None:
        since = self.suspended_at
        assert since is not None
        until = min(at, since + timedelta(days=60 - self.stood_still))
        self.stood_still += (days.day_of(until) - days.day_of(since)).days
        self.suspended_at = None
        self.stop("suspension")
        for name, due in self.paused.items():
            moved = due
            if due > since:
                stood = days.worked_between(since, until)
                day = days.later_working_day(days.last_day(due), stood)
                today = days.day_of(until)
                open_until = today if days.worked(today) else days.later_working_day(today, 1)
                moved = days.midnight_after(max(day, open_until))
            self.clocks[name] = moved
            if moved != due:
                self.red.discard(name)
        self.paused = {}

    def late(self, now: datetime) -> list[str]:
        """The clocks that have run out and were not yet called red, in the order of their end."""
        over = [name for name, due in self.clocks.items() if due <= now and name not in self.red]
        return sorted((name for name in over), key=lambda name: self.clocks[name])

    def turns_red(self, name: str) -> None:
        """A red warning opens a supervision order."""
        self.red.add(name)
        self.orders += 1


def band(at: datetime) -> str:
    """Morning until noon, afternoon until six, evening after."""
    hour = at.astimezone(SHANGHAI).hour
    return "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"
