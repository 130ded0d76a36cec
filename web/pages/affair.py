"""An affair at a glance, and its whole story: whose turn, by when, on what law; then what was."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from web.api.attachments import served
from web.entrance import OfficeOf, Visitor
from web.inside import outside
from web.pages.case import Key, case_of, show
from web.pages.facts import PEOPLE, SHOWN, facts_of
from web.pages.materials import files_of
from web.pages.openings import openings_of
from web.pages.reveal import may_reveal

router = APIRouter(include_in_schema=False)

LATEST = 5
"""So many moments stand on the first page."""


class Told(BaseModel):
    """Which entries of the timeline are asked for."""

    model_config = ConfigDict(extra="forbid")

    show: Literal["", "public", "internal"] = ""
    lang: str = ""


@router.get("/affairs/{affair}")
def overview(affair: Key, request: Request, who: Visitor, office: OfficeOf) -> Response:
    """The first page: next steps, the latest moments, the facts."""
    case = case_of(request, who, office, affair)
    row, words = case.row, case.words
    facts = facts_of(row, case.teller, words, case.opened)
    openings = openings_of(case)
    return show(
        request,
        case,
        "overview",
        law=case.line.spec.law or "",
        yours=openings.yours,
        openings=openings,
        timeline=case.storyteller().tell(case.life, row.community, latest=LATEST),
        facts=[(words(f"fact.{key}"), facts[key]) for key in SHOWN if facts[key]],
        people=[(words(f"fact.{key}"), facts[key]) for key in PEOPLE if facts[key]],
        files=list(files_of(case)),
        reveals=may_reveal(case),
        joint=[(case.teller.unit_name(task.unit), task.task, task.done) for task in row.joint],
    )


@router.get("/affairs/{affair}/timeline")
def timeline(
    affair: Key, chosen: Annotated[Told, Query()], request: Request, who: Visitor, office: OfficeOf
) -> Response:
    """Everything that happened, newest first; or only what is public, or internal."""
    case = case_of(request, who, office, affair)
    inside = {"": None, "public": False, "internal": True}[chosen.show]
    told = case.storyteller().tell(case.life, case.row.community, internal=inside)
    return show(
        request,
        case,
        "timeline",
        timeline=told,
        chosen=chosen.show,
        outside=outside(who.actor.role),
    )


@router.get("/attachments/{attachment}")
def attachment(attachment: UUID, who: Visitor, office: OfficeOf) -> Response:
    """A photo or a paper."""
    return served(office, who, attachment)
