"""The audit trail as a page, for the auditor: who did what and when, the latest first."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from domain.actor import Role
from domain.errors import NotFound
from web.api.requests import KIND
from web.api.routes import key_of
from web.api.texts import storable
from web.days import day_of, held_day
from web.entrance import OfficeOf, Visitor, reach
from web.language import language_of
from web.pages.frame import render
from web.ports import AskedTrail, Office
from web.telling import Teller
from web.trails import Trails, kinds
from web.words import Words, words_of
from workflows.rights import Scope

router = APIRouter(include_in_schema=False)

PAGE = 50
FIELDS = ("affair", "who", "role", "unit", "kind", "from", "to")
"""In the order of the form."""

_Text = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=64), AfterValidator(storable)
]


class Chosen(BaseModel):
    """What the form asks for, as it was typed; empty asks nothing. cursor: a position."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    affair: _Text = ""
    who: _Text = ""
    role: Role | Annotated[str, StringConstraints(pattern="^$")] = ""
    unit: _Text = ""
    kind: Annotated[str, StringConstraints(pattern=f"{KIND}|^$")] = ""
    start: Annotated[str, Field(alias="from", max_length=40)] = ""
    end: Annotated[str, Field(alias="to", max_length=40)] = ""
    cursor: Annotated[int | None, Field(ge=1, lt=2**63)] = None
    lang: str = ""

    def told(self) -> dict[str, str]:
        """What was asked for, by the names of the form."""
        values = self.model_dump(by_alias=True)
        return {name: str(values[name]) for name in FIELDS if values[name]}


@router.get("/audit")
def audit(
    chosen: Annotated[Chosen, Query()], request: Request, who: Visitor, office: OfficeOf
) -> Response:
    """What happened, cut as it was asked for; the form again where that cannot be."""
    scope = reach(who, "read_audit_trail")
    words = words_of(language_of(request))
    told = chosen.told()
    asked, errors = _asked(chosen, office, scope, words)
    trail = None if asked is None else office.audit(scope, asked)
    rows = Trails(office, Teller(office, words), words).tell(trail) if trail else []
    level = office.level()
    return render(
        request,
        "audit.html",
        who,
        # An affair out of reach is answered like one that is not there.
        status=(404 if "affair" in errors else 422) if errors else 200,
        asked={name: told.get(name, "") for name in FIELDS},
        errors=errors,
        roles=[(role.value, words(f"role.{role.value}")) for role in Role],
        kinds=kinds(words),
        chips=[
            (name, _shown(name, value, office, words), f"/audit?{urlencode(_but(told, name))}")
            for name, value in told.items()
        ],
        rows=rows,
        older=f"/audit?{urlencode({**told, 'cursor': trail.next})}" if trail and trail.next else "",
        first=f"/audit?{urlencode(told)}" if chosen.cursor else "",
        behind=level.behind_events,
        parked=level.parked.get("audit_trail", 0),
    )


def _but(told: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in told.items() if key != name}


def _asked(
    chosen: Chosen, office: Office, scope: Scope, words: Words
) -> tuple[AskedTrail | None, dict[str, str]]:
    """What the log is asked for, and what is wrong, by field; where anything is, nothing."""
    errors: dict[str, str] = {}
    days: dict[str, date | None] = {}
    for name, text in (("from", chosen.start), ("to", chosen.end)):
        try:
            days[name] = date.fromisoformat(held_day(text.strip())) if text.strip() else None
        except ValueError:
            errors[name] = words("audit.wrong.day")
    start, end = days.get("from"), days.get("to")
    if start and end and end < start:
        errors["to"] = words("audit.wrong.order")
    if chosen.unit and chosen.unit not in office.organisation.units:
        errors["unit"] = words("audit.wrong.unit")
    stream = None
    if chosen.affair:
        try:
            stream = office.affair(scope, key_of(chosen.affair)).affair_id
        except NotFound:
            errors["affair"] = words("audit.wrong.affair")
    if errors:
        return None, {name: errors[name] for name in FIELDS if name in errors}
    return (
        AskedTrail(
            stream_id=stream,
            actor=chosen.who,
            role=chosen.role,
            unit=chosen.unit,
            kind=chosen.kind,
            start=start,
            end=end,
            before=chosen.cursor,
            limit=PAGE,
        ),
        {},
    )


def _shown(name: str, value: str, office: Office, words: Words) -> str:
    """What a field was filled with, in words."""
    if name == "role":
        return words(f"role.{value}")
    if name == "unit" and value in office.organisation.units:
        return office.organisation.units[value].names[-1][1]
    if name in ("from", "to") and (on := day_of(held_day(value))):
        return words.day(on)
    if name == "kind":
        named: dict[str, Any] = {}
        for thing, told, members in kinds(words):
            named |= {thing: told, **dict(members)}
        return str(named.get(value, value))
    return value
