"""What is recorded with a deed: Chinese labels and values, read as the line asks for them."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol

from domain.actor import Role
from domain.clock import SHANGHAI, local_day
from domain.record import Kind
from workflows.dated import next_month
from workflows.fields import FieldSpec
from workflows.ways import Way

PLACE = re.compile(r"东经([\d.]+)度，北纬([\d.]+)度")
ATTACHED = re.compile(r"(\d+)([张份])")
LATER = re.compile(r"当日|(\d+)日后")
NOTHING = "无"
YES, NO = "是", "否"
TODAY, NOW, NEXT_MONTH = "当日", "当时", "次月一日"
PLAINLY = {
    Kind.NOTE: "情况属实",
    Kind.PERSON: "张桂芬",
    Kind.FLAG: YES,
    Kind.PLACE: "东经116.99217度，北纬36.63458度",
}
"""What is said where it does not matter what."""


class Around(Protocol):
    """Where something is recorded: what the names in it mean there."""

    @property
    def now(self) -> datetime:
        """When it is recorded."""
        ...

    def unit(self, name: str) -> str:
        """The code of a unit."""
        ...

    def account(self, name: str) -> str:
        """Somebody's account."""
        ...

    def affair(self, about: str) -> str:
        """The id of an affair."""
        ...

    def offering(self, about: str) -> str:
        """The id of a session or venue."""
        ...

    def photo(self) -> str:
        """A photo, handed in now; its id."""
        ...

    def paper(self) -> str:
        """A paper, likewise."""
        ...

    def plainly(self, spec: FieldSpec) -> str | None:
        """What is said of a field of which nothing is told; None for nothing."""
        ...


def day(told: str) -> date:
    """`2011年7月22日`."""
    return datetime.strptime(told, "%Y年%m月%d日").date()  # noqa: DTZ007 (a day)


def moment(told: str) -> datetime:
    """`2011年7月22日10:30`, in Shanghai."""
    return datetime.strptime(told, "%Y年%m月%d日%H:%M").replace(tzinfo=SHANGHAI)


def record(
    known: Way, told: Mapping[str, str], around: Around, *, matter: str, role: Role
) -> dict[str, object]:
    """The record of a deed by somebody in that role; empty where the matter knows no such deed."""
    if matter not in known.forms:
        return {}
    return read(known.reader(matter, role).specs, told, around)


def read(specs: Iterable[FieldSpec], told: Mapping[str, str], around: Around) -> dict[str, object]:
    """The values of these fields. What is told must be asked for; 无 tells that it is left out."""
    known = {spec.label.zh: spec for spec in specs if not spec.filled}
    strangers = set(told) - set(known)
    assert not strangers, f"{strangers}: it asks for {', '.join(known)}"
    found: dict[str, object] = {}
    for label, spec in known.items():
        text = told.get(label)
        if text is None:
            text = around.plainly(spec)
        if text is not None and text != NOTHING:
            found[spec.name] = _value(spec, text, around)
    return found


def plainly(spec: FieldSpec, account: str, decides: Collection[str] = ()) -> str | None:
    """What is said of a field that is required and of which it does not matter what is said: a
    photo, a place, a note, a flag that is set; a number, a sum, a day, an account.

    account: of whoever records it. decides: the fields on which something hangs, which are told.
    """
    if not spec.required:
        return None
    least = 1 if spec.min is None else spec.min
    match spec.kind:
        case Kind.TEXT:
            return "济市字第1号"[: spec.max].ljust(spec.min or 0, "号")
        case Kind.PHOTOS:
            return f"{least}张"
        case Kind.PAPERS:
            return f"{least}份"
        case Kind.CHOICE if len(spec.choices) == 1:
            return next(iter(spec.choices.values())).zh
        case _ if spec.kind in PLAINLY:
            return PLAINLY[spec.kind]
        case Kind.NUMBER if spec.min == 0:
            return "0"
        case Kind.DATE if spec.next_month:
            return NEXT_MONTH
        case _ if spec.name in decides:
            return None
        case Kind.NUMBER:
            return str(least)
        case Kind.MONEY:
            return str(spec.max if spec.max is not None and spec.max < 300 else max(300, least))
        case Kind.DATE:
            return TODAY
        case Kind.INSTANT:
            return NOW
        case Kind.ACCOUNT:
            return account
    return None


def _value(spec: FieldSpec, text: str, around: Around) -> object:
    match spec.kind:
        case Kind.FLAG:
            assert text in (YES, NO), f"{spec.label.zh}: {YES} or {NO}"
            return text == YES
        case Kind.CHOICE:
            codes = {label.zh: code for code, label in spec.choices.items()}
            assert text in codes, f"{spec.label.zh}: one of {', '.join(codes)}"
            return codes[text]
        case Kind.UNIT:
            return around.unit(text)
        case Kind.UNITS:
            return [around.unit(one) for one in text.split("、")]
        case Kind.ACCOUNT:
            return around.account(text)
        case Kind.NUMBER | Kind.MONEY:
            return str(Decimal(text))
        case Kind.PERSON if spec.form == "date":
            return day(text).isoformat()
        case Kind.DATE:
            if text == NEXT_MONTH:
                return next_month(local_day(around.now))
            if later := LATER.fullmatch(text):
                return local_day(around.now) + timedelta(days=int(later.group(1) or 0))
            return day(text)
        case Kind.INSTANT:
            return around.now if text == NOW else moment(text)
        case Kind.PLACE:
            found = PLACE.fullmatch(text)
            assert found, f"{spec.label.zh}: such as {PLAINLY[Kind.PLACE]}"
            return ",".join(found.groups())
        case Kind.PHOTOS | Kind.PAPERS:
            found = ATTACHED.fullmatch(text)
            assert found, f"{spec.label.zh}: such as 2张, 1份"
            hand_in: Callable[[], str] = around.photo if found.group(2) == "张" else around.paper
            return [hand_in() for _ in range(int(found.group(1)))]
        case Kind.REFERENCE:
            return around.affair(text.strip("“”"))
        case Kind.OFFERING:
            return around.offering(text.strip("“”"))
        case _:
            return text
