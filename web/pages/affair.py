"""An affair: whose turn, by when, on what law; then its story; beside it the facts."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from domain.affair.state import Affair
from domain.errors import Unreadable
from projections.affair_page import AffairPageRow
from web.api.attachments import served
from web.api.routes import key_of
from web.deadlines import Watch, limits_on_entering
from web.entrance import OfficeOf, Visitor, reach
from web.language import language_of
from web.options import because_of
from web.pages.frame import render
from web.pages.worklist import tag_of
from web.ports import Office, SignedIn, Unread
from web.reasons import condition, reason
from web.telling import Teller
from web.timeline import Storyteller
from web.turns import turn_of
from web.words import Words, words_of
from workflows.line import REDO, RESOLVED
from workflows.machine import CompiledLine
from workflows.rights import resource_of
from workflows.ways import Option

router = APIRouter(include_in_schema=False)

OTHERS = ("role", "right")
"""In the way of this reader, but not of everybody."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step as it is told. kind: mine, others or barred. why: what is in the way."""

    id: str
    name: str
    kind: str
    left: str
    to: str
    who: str
    limits: str
    needs: str
    depends: str
    law: str
    why: str


@router.get("/affairs/{affair}")
def affair(
    affair: Annotated[str, Path(max_length=64)],
    request: Request,
    who: Visitor,
    office: OfficeOf,
) -> Response:
    """The page of an affair."""
    row = office.affair(reach(who, "view_affair"), key_of(affair))
    words = words_of(language_of(request))
    teller = Teller(office, words)
    line = office.line_version(row.line, row.line_version)
    watch = Watch(office.now(), office.calendar, words)
    life = office.life(row.affair_id)
    state = _standing(office, row.affair_id)
    steps = _steps(office, who, state, words) if state else []
    deadlines = watch.of_affair(state, office.procedure(state)) if state else []
    first = deadlines[0] if deadlines else watch.of_row(row, line)
    opened = teller.opened(row.affair_id)
    return render(
        request,
        "affair.html",
        who,
        row=row,
        title=opened.field("summary", row.summary),
        line_name=words.label(line.spec.names),
        matter_name=words.label(line.matter(row.matter)),
        state_name=words.label(line.states[row.state]),
        tag=tag_of(row, first),
        turn=turn_of(row, line, office.organisation, teller, words),
        law=line.spec.law or "",
        applicant=opened.field("applicant", row.applicant),
        deadline=first,
        deadlines=deadlines,
        steps=steps,
        entries=_open_names(office, who, state, words) if state else [],
        timeline=Storyteller(teller, words, line, row.matter).tell(life, row.community),
        unread=any(isinstance(seen, Unread) for seen in life),
        facts=_facts(row, teller, words, opened.field("telephone", row.telephone),
                     opened.field("address", row.address)),
        joint=[(teller.unit_name(task.unit), task.done) for task in row.joint],
    )  # fmt: skip


@router.get("/attachments/{attachment}")
def attachment(attachment: UUID, who: Visitor, office: OfficeOf) -> Response:
    """A photo or a paper."""
    return served(office, who, attachment)


# The page still shows what its own row knows where an event of the affair cannot be read.
def _standing(office: Office, affair_id: UUID) -> Affair | None:
    try:
        return office.standing(affair_id)[0]
    except Unreadable:
        return None


def _steps(office: Office, who: SignedIn, affair: Affair, words: Words) -> list[Step]:
    line = office.procedure(affair)
    options = line.options(affair, who.actor, office.now(), office.calendar)
    steps = [_step(option, who, affair, line, words) for option in options if _ours(option)]
    return sorted(steps, key=lambda step: ("mine", "others", "barred").index(step.kind))


# What the clock alone may do is nobody's next step.
def _ours(option: Option) -> bool:
    return any(role != "SYS" for role in option.by)


def _step(option: Option, who: SignedIn, affair: Affair, line: CompiledLine, words: Words) -> Step:
    because = because_of(option, who, resource_of(affair))
    to = line.redo_state(affair) if option.to == REDO else option.to
    matter = affair.identity.matter
    return Step(
        id=option.step,
        name=words.label(option.label),
        kind=_kind(option, because, affair.standing.state, line),
        left=words.label(line.states[affair.standing.state]),
        to=words.label(line.states[to]) if to in line.states else "",
        who=words.listed(words(f"role.{role.value}") for role in option.by),
        limits=words("list.semicolon").join(
            f"{name} {limit}" for name, limit in limits_on_entering(line, matter, to, words)
        ),
        needs=words.listed(words.label(field.label) for field in option.fields if field.required),
        depends=words("list.semicolon").join(
            condition(one, words) for one in option.depends if ":" not in one
        ),
        law=option.law,
        why=reason(because, words) if because else "",
    )


# Rules of all lines, such as withdrawal, are nobody's next step while the line has its own.
def _kind(option: Option, because: str, state: str, line: CompiledLine) -> str:
    if not because:
        return "mine"
    next_one = state == RESOLVED or any(s.id == option.step for s in line.spec.transitions)
    return "others" if because in OTHERS and next_one else "barred"


def _open_names(office: Office, who: SignedIn, affair: Affair, words: Words) -> list[str]:
    line, resource = office.procedure(affair), resource_of(affair)
    asked = (affair, who.actor, office.now(), office.calendar)
    return [
        words.label(option.label)
        for option in (*line.entry_options(*asked), *line.action_options(*asked))
        if not because_of(option, who, resource)
    ]


def _facts(
    row: AffairPageRow, teller: Teller, words: Words, telephone: str, address: str
) -> list[tuple[str, str]]:
    told = [
        ("telephone", telephone),
        ("address", address),
        ("area", teller.unit_name(row.area) if row.area else ""),
        ("source", words(f"source.{row.source}")),
        ("registered", words.moment(row.registered_at)),
        ("accepted", words.moment(row.accepted_at) if row.accepted_at else ""),
        ("resolved", words.moment(row.resolved_at) if row.resolved_at else ""),
        ("closed", words.moment(row.closed_at) if row.closed_at else ""),
        ("archived", words.moment(row.archived_at) if row.archived_at else ""),
        ("retention", words(f"retention.{row.retention}") if row.retention else ""),
        ("level", words(f"level.{row.level}")),
        ("assignee", teller.staff(row.assignee) if row.assignee else ""),
        ("lead", teller.unit_name(row.lead_unit)),
        ("referral", teller.unit_name(row.referral) if row.referral else ""),
        ("supervision", words("fact.supervision.of", done=row.orders_answered, all=row.orders)
         if row.orders else ""),
        ("reworks", words.counted("times", row.reworks) if row.reworks else ""),
        ("reopened", words.counted("times", row.round) if row.round else ""),
        ("rating", words(f"rating.{row.last_rating}") if row.last_rating else ""),
        ("version", f"{row.line} {row.line_version}"),
    ]  # fmt: skip
    return [(words(f"fact.{key}"), value) for key, value in told if value]
