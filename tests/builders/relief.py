"""Affairs of social assistance, played through the real decider, each deed by its own account."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from domain.actor import Role
from domain.clock import SHANGHAI
from tests.builders.lived import Lived, moment
from tests.workflows.scenes import PHOTO
from workflows.loading import FOLDER, load
from workflows.machine import CompiledLine

OLD = CompiledLine(load(FOLDER / "MZ" / "2011.yaml"))
NEW = CompiledLine(load(FOLDER / "MZ" / "current.yaml"))

SENT: dict[str, Any] = {"investigator_1": "lin", "investigator_2": "he"}
SIGNED: dict[str, Any] = {
    "found": "情况属实",
    "signed_by_household": True,
    "signed_by_investigators": True,
}
HELD: dict[str, Any] = {"members": "9", "attending": "6", "votes_for": "6", "votes_against": "0"}
REMEDIES: dict[str, Any] = {"reason": "收入超过标准", "remedies_told": True}


def earlier(text: str, **time: int) -> str:
    return f"{moment(text) - timedelta(**time):%Y-%m-%d %H:%M}"


@dataclass
class Played(Lived):
    """An affair of social assistance."""

    matter: str = "MZ01"
    registrar: str = "SC"

    def due(self, clock: str) -> str:
        """The first late instant; of a whole day, the day before."""
        found = self.now.clock(clock)
        assert found is not None, f"{clock} never ran"
        assert found.running, f"{clock} does not run"
        local = found.due_at.astimezone(SHANGHAI)
        if (local.hour, local.minute) == (0, 0):
            return f"{local - timedelta(days=1):%Y-%m-%d}"
        return f"{local:%Y-%m-%d %H:%M}"

    def stopped(self, clock: str) -> bool:
        found = self.now.clock(clock)
        return found is not None and found.stopped_at is not None

    # --- the plain way ---------------------------------------------------------------------------

    def accepted(self, at: str, **record: Any) -> Self:
        papers = {"materials_complete": True, "receipt": "7", "staff_relation": "none"}
        return self.registered(at).step("B1", "SC", at, **{**papers, **record})

    def surveying(self, at: str, **record: Any) -> Self:
        self.accepted(at, **record).act(
            "request_answer", "SC", at, question="means_check", unit="370103/hd"
        )
        self.act("receive_answer", "SC", at, question="means_check", answer="无异常")
        return self.step("B5", "SC", at, **SENT)

    def surveyed(self, at: str, account: Any = "lin", **record: Any) -> Self:
        told = {"surveyed_at": moment(at).isoformat(), **SENT, **SIGNED, **record}
        return self.entry("household_survey", "CW", at, account, **told)

    def proposed(self, at: str, opinion: str = "eligible", **record: Any) -> Self:
        said = {"adjustment" if self.matter == "MZ05" else "opinion": opinion}
        self.surveying(at, **record).surveyed(at)
        if self.line is NEW:
            return self.step("B7", "SC", at, grounds="人均收入低于标准", **said)
        minutes = {**HELD, "minutes": [PHOTO], "signed_by_members": True}
        return self.step("B6", "SC", at).step("B8", "CD", at, **minutes, **said)

    def posted(self, at: str) -> Self:
        money = {} if self.matter == "MZ04" else {"amount": "620"}
        place = {"notice_name": "赵*", "notice_members": "3", "notice_place": "社区公示栏"}
        return self.step("B9", "SL", at, **place, **money)

    def noticing(self, at: str, opinion: str = "eligible", **record: Any) -> Self:
        return self.proposed(at, opinion, **record).posted(at)

    def submitted(self, at: str, opinion: str = "eligible", **record: Any) -> Self:
        return self.noticing(earlier(at, days=20), opinion, **record).step("B14", "SC", at)


def granted(told: Played, at: str, account: Any = "dl", **more: Any) -> Played:
    day = f"{moment(at).replace(day=1) + timedelta(days=32):%Y-%m-01}"
    paid = {"amount": "620", "from_month": day, "certificate": "7"}
    known = told.line.steps["B16"].reader(told.matter, Role.DL).names
    return told.step(
        "B16", "DL", at, account, **{n: v for n, v in {**paid, **more}.items() if n in known}
    )
