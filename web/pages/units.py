"""Units: the tree of the district, each unit with its names and people over time, and the forms
by which it is changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal, TypedDict
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain.actor import Actor, Role
from domain.affair.commands import Command
from domain.clock import local_day
from domain.commands import AssignArea, CloseUnit, RegisterUnit, RenameUnit
from domain.errors import FieldInvalid, NotAllowed, NotFound
from domain.organisation import OrganisationUnit
from web.api.texts import CodeOrNone, Instant, Line
from web.entrance import OfficeOf, Visitor
from web.language import language_of
from web.pages.frame import render
from web.ports import Office, SignedIn
from web.posted import form_of
from web.reasons import sentence
from web.words import Words, words_of
from workflows.foundations import authorise_unit

router = APIRouter(include_in_schema=False)

Deed = Literal["register", "rename", "assign", "close"]
FIELDS: Mapping[Deed, tuple[str, ...]] = {
    "register": ("kind", "code", "name", "valid_from", "lines"),
    "rename": ("name", "valid_from"),
    "assign": ("worker", "valid_from"),
    "close": ("valid_to",),
}
"""What each form asks, in the order of the page."""
BELOW: Mapping[str, tuple[str, ...]] = {
    "district": ("street", "department", "provider"),
    "street": ("community", "department", "provider"),
    "community": ("area", "provider"),
}
"""What can be entered below a unit of a kind."""

_Code = Annotated[str, Path(max_length=64)]


@dataclass(frozen=True, slots=True)
class Shown:
    """A unit as it is told. until: its last day, empty where it is not closed. past: it is over."""

    code: str
    address: str
    name: str
    kind: str
    since: str
    until: str
    past: bool
    worker: str
    lines: Sequence[str]
    below: "Sequence[Shown]" = ()


class Sent(BaseModel):
    """What a form of this page sends; each deed reads its own fields. draw_again: only that."""

    model_config = ConfigDict(extra="forbid")

    command_id: UUID
    asked_at: Instant
    draw_again: Literal["", "yes"] = ""
    kind: CodeOrNone = ""
    code: Line = ""
    name: Line = ""
    worker: Line = ""
    valid_from: Line = ""
    valid_to: Line = ""
    lines: Annotated[list[CodeOrNone], Field(max_length=50)] = []


@router.get("/units")
def units(request: Request, who: Visitor, office: OfficeOf) -> Response:
    """The district, its street offices and communities; areas stand on their community's page."""
    tell = Telling(office, words_of(language_of(request)))
    tops = [unit for unit in office.organisation.units.values() if not unit.parent]
    return render(
        request,
        "units.html",
        who,
        tree=[tell.tree(unit) for unit in sorted(tops, key=lambda unit: unit.code)],
        own=who.actor.unit,
    )


@router.get("/units/{code:path}")
def unit(
    code: _Code,
    request: Request,
    who: Visitor,
    office: OfficeOf,
    do: Annotated[Deed | None, Query()] = None,
    done: Annotated[Deed | None, Query()] = None,
) -> Response:
    """A unit. do: with the form of a change. done: what was changed just now."""
    found = office.organisation.unit(code)
    if do is not None:
        _check(who, found, do)
        return _form(request, who, office, found, do)
    words = words_of(language_of(request))
    tell = Telling(office, words)
    return render(
        request,
        "unit.html",
        who,
        unit=tell.unit(found),
        above=[tell.unit(one) for one in _above(office, found)],
        below=[tell.unit(one) for one in office.organisation.below(code)],
        names=[(words.day(since), name) for since, name in sorted(found.names, reverse=True)],
        workers=[(words.day(since), tell.person(one))
                 for since, one in sorted(found.workers, reverse=True)],
        deeds=[deed for deed in FIELDS if _may(who, found, deed)],
        done=done,
    )  # fmt: skip


@router.post("/units/{code:path}")
async def change(
    code: _Code,
    request: Request,
    who: Visitor,
    office: OfficeOf,
    do: Annotated[Deed, Query()],
    sent: Annotated[Sent, Depends(form_of(Sent))],
) -> Response:
    """Change a unit, or enter one below it. A form that is wrong comes back with its input."""
    found = office.organisation.unit(code)
    _check(who, found, do)
    if sent.draw_again:
        return await run_in_threadpool(_form, request, who, office, found, do, sent)
    try:
        await office.run(_command(do, found, sent, who))
    except FieldInvalid as refusal:
        return await run_in_threadpool(_form, request, who, office, found, do, sent, refusal)
    await run_in_threadpool(office.refresh)
    below = sent.code.strip() if do == "register" else code
    return RedirectResponse(f"{_address(below)}?done={do}", 303)


# --- who may do what ---------------------------------------------------------------------------


def _check(who: SignedIn, unit: OrganisationUnit, deed: Deed) -> None:
    """Raises NotAllowed, NotFound: before anything is drawn, as it will be when it is sent."""
    if deed == "register":
        kinds = BELOW.get(unit.kind, ())
        if unit.valid_to is not None or not kinds:
            raise NotFound("form", deed)
        # Of what may stand below, a director enters areas.
        kind = "area" if "area" in kinds else kinds[0]
        authorise_unit(who.actor, unit.code, kind, unit.code)
        return
    if deed == "assign" and unit.kind != "area":
        raise NotFound("form", deed)
    authorise_unit(who.actor, unit.code, unit.kind, unit.parent)


def _may(who: SignedIn, unit: OrganisationUnit, deed: Deed) -> bool:
    try:
        _check(who, unit, deed)
    except (NotAllowed, NotFound):
        return False
    return True


def _kinds(who: SignedIn, unit: OrganisationUnit) -> list[str]:
    found = []
    for kind in BELOW.get(unit.kind, ()):
        try:
            authorise_unit(who.actor, unit.code, kind, unit.code)
        except (NotAllowed, NotFound):
            continue
        found.append(kind)
    return found


# --- the forms ---------------------------------------------------------------------------------


def _form(
    request: Request,
    who: SignedIn,
    office: Office,
    unit: OrganisationUnit,
    deed: Deed,
    sent: Sent | None = None,
    refusal: FieldInvalid | None = None,
) -> Response:
    words = words_of(language_of(request))
    tell = Telling(office, words)
    wrong, because = "", ""
    if refusal:
        wrong = refusal.field if refusal.field in FIELDS[deed] else FIELDS[deed][0]
        told = sentence(refusal.because, words)
        because = words("form.wrong", label=words(f"unit.{wrong}"), because=told)
    return render(
        request,
        "unit_form.html",
        who,
        status=422 if refusal else 200,
        deed=deed,
        unit=tell.unit(unit),
        fields=FIELDS[deed],
        values=sent.model_dump() if sent else _proposed(deed, unit, office),
        command_id=office.new_id() if sent is None else sent.command_id,
        asked_at=(office.now() if sent is None else sent.asked_at).isoformat(),
        wrong=wrong,
        because=because,
        kinds=_kinds(who, unit),
        holders=tell.holders(unit) if deed == "assign" else [],
        lines=[(code, words(f"line.{code}") if words.has(f"line.{code}") else code)
               for code in office.line_codes()],
    )  # fmt: skip


def _proposed(deed: Deed, unit: OrganisationUnit, office: Office) -> dict[str, object]:
    today = local_day(office.now()).isoformat()
    code = ""
    if deed == "register":
        places = len(office.organisation.below(unit.code)) + 1
        code = f"{unit.code}-{places:02}" if unit.kind == "community" else unit.code
    return {
        "kind": "",
        "code": code,
        "name": unit.names[-1][1] if deed == "rename" else "",
        "worker": "",
        "valid_from": today,
        "valid_to": today,
        "lines": [],
    }


def _command(deed: Deed, unit: OrganisationUnit, sent: Sent, who: SignedIn) -> Command:
    def day(field: Literal["valid_from", "valid_to"]) -> date:
        try:
            return date.fromisoformat(getattr(sent, field))
        except ValueError:
            raise FieldInvalid(deed, field, "a date of the calendar such as 2011-07-22") from None

    # As the form was drawn: sent twice, it is the same request and acts once.
    asked: _Drawn = {
        "command_id": sent.command_id,
        "by": who.actor,
        "occurred_at": sent.asked_at,
        "code": sent.code.strip() if deed == "register" else unit.code,
    }
    match deed:
        case "register":
            return RegisterUnit(
                **asked,
                kind=sent.kind,
                name=sent.name.strip(),
                parent=unit.code,
                lines=tuple(line for line in sent.lines if line),
                valid_from=day("valid_from"),
            )
        case "rename":
            return RenameUnit(**asked, name=sent.name.strip(), valid_from=day("valid_from"))
        case "assign":
            return AssignArea(**asked, worker=sent.worker.strip(), valid_from=day("valid_from"))
        case "close":
            return CloseUnit(**asked, valid_to=day("valid_to"))


class _Drawn(TypedDict):
    command_id: UUID
    by: Actor
    occurred_at: datetime
    code: str


# --- how units are told ------------------------------------------------------------------------


class Telling:
    """Units in one language, as they stand today."""

    def __init__(self, office: Office, words: Words) -> None:
        self._office, self._words = office, words
        self._today = local_day(office.now())

    def unit(self, unit: OrganisationUnit, below: "Sequence[Shown]" = ()) -> Shown:
        """A unit."""
        words = self._words
        return Shown(
            code=unit.code,
            address=_address(unit.code),
            name=unit.name(self._today),
            kind=words(f"unit.{unit.kind}"),
            since=words.day(unit.valid_from),
            until=words.day(unit.valid_to) if unit.valid_to else "",
            past=unit.closed(self._today),
            worker=self.person(unit.worker(self._today)) if unit.kind == "area" else "",
            lines=[
                words(f"line.{line}") if words.has(f"line.{line}") else line for line in unit.lines
            ],
            below=below,
        )

    def tree(self, unit: OrganisationUnit) -> Shown:
        """A unit with those below it, without areas."""
        below = [
            self.tree(one)
            for one in self._office.organisation.below(unit.code)
            if one.kind != "area"
        ]
        return self.unit(unit, below)

    def holders(self, unit: OrganisationUnit) -> Sequence[tuple[str, str]]:
        """Those who may be given an area today: account and name."""
        held = self._office.people.at_each((unit.code,), self._today)[unit.code]
        return [(one.account, self.person(one.account)) for one in held if one.role is Role.CW]

    def person(self, account: str) -> str:
        """Who holds an area; in words where nobody does."""
        return self._office.accounts.name_of(account) if account else self._words("unit.nobody")


def _above(office: Office, unit: OrganisationUnit) -> Iterable[OrganisationUnit]:
    found: list[OrganisationUnit] = []
    all_ = office.organisation.units
    while unit.parent in all_ and len(found) < len(all_):
        unit = all_[unit.parent]
        found.append(unit)
    return found[::-1]


def _address(code: str) -> str:
    return f"/units/{quote(code)}"
