"""Intake: choose the matter, fill in, check the answers, register. No script is needed: the
answers travel from page to page in the form itself.
"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from domain.affair.commands import Register
from domain.affair.decide import WISHES
from domain.errors import CommandReused, FieldMissing, FormStale, NotAllowed, NotFound, Refusal
from projections.worklist import Alike, WorklistRow
from web.api.conditions import made_for
from web.deadlines import Watch
from web.entrance import OfficeOf, Visitor, reach
from web.filling import field_words, moment, put
from web.forms import Form, minute
from web.intake import OCCURRED, REGISTER, Intake, own_input
from web.language import language_of
from web.offering_forms import openable
from web.offerings import Running
from web.pages.frame import LINES, render
from web.pages.steps import filling_of, to_affair
from web.pages.worklist import shortened
from web.ports import Office, SignedIn
from web.posted import COMMAND, TOKEN, Posted, typed
from web.refusals import kind_of
from web.telling import Teller
from web.turns import turn_of
from web.words import words_of
from workflows.booking import RUN
from workflows.machine import CompiledLine
from workflows.rights import NOWHERE, matrix, scope_of

router = APIRouter(include_in_schema=False)

ASKED, APART = "asked", "apart"
"""Which button was pressed; the numbers of affairs that were seen to be others."""

Matter = Annotated[str, Query(pattern=r"^[A-Z]{2}[0-9]{2}$")]


@router.get("/affairs/new")
def choose(
    request: Request,
    who: Visitor,
    office: OfficeOf,
    matter: Annotated[str, Query(pattern=r"^([A-Z]{2}[0-9]{2})?$")] = "",
) -> Response:
    """The matters that the reader may take in; of a chosen one, the form."""
    reach(who, REGISTER)
    intake = Intake(office, who, words_of(language_of(request)))
    if not matter:
        lines = sorted(intake.lines(), key=lambda line: _place(line[0]))
        return render(request, "intake.html", who, lines=lines, form=None)
    line = intake.line(matter)
    form = intake.form(line, matter)
    _suggest(form, office)
    return _drawn(request, intake, line, matter, form, office.new_id())


@router.post("/affairs/new")
async def take_in(request: Request, who: Visitor, office: OfficeOf, matter: Matter) -> Response:
    """Check the answers and show them; register what was checked; or go back to the form."""
    reach(who, REGISTER)
    sent, ours = await typed(request)
    intake = Intake(office, who, words_of(language_of(request)))
    line = intake.line(matter)
    form = intake.form(line, matter)
    form.check(sent, {COMMAND, TOKEN, ASKED, APART})
    command_id = sent.id(COMMAND)
    affair_id = made_for(command_id, "affair", who.actor.account)
    assert affair_id is not None
    command = await run_in_threadpool(_command, intake, line, matter, form, sent, affair_id)
    if not ours:
        form.top.insert(0, ("", intake.words("form.other_sign_in")))
    if not ours or command is None or sent.text(ASKED) == "edit":
        status = 422 if form.errors else 200
        status = status if ours else kind_of(FormStale).status
        return await run_in_threadpool(
            _drawn, request, intake, line, matter, form, command_id, status
        )
    alike = await run_in_threadpool(intake.duplicates, command)
    apart = set(sent.text(APART).split())
    unseen = not {row.number for row in alike.rows} <= apart
    if sent.text(ASKED) != "register" or unseen:
        return await run_in_threadpool(
            _checked, request, intake, line, form, command, alike, sent.text(ASKED) == "register"
        )
    try:
        await office.run(command)
    except (NotFound, NotAllowed):
        raise
    except CommandReused:
        told = "again"
    except Refusal as refusal:
        put(form, refusal, intake.words)
        status = kind_of(type(refusal)).status
        return await run_in_threadpool(
            _drawn, request, intake, line, matter, form, command_id, status
        )
    else:
        told = "1"
    return await run_in_threadpool(_done, office, who, affair_id, told)


# The ten lines in their order, then others by code.
def _place(line: str) -> tuple[int, str]:
    return ([*LINES, line].index(line), line)


def _suggest(form: Form, office: Office) -> None:
    for control in form.controls:
        if control.input == own_input(OCCURRED):
            control.typed = minute(office.now())
        elif control.input == "own-unit" and len(control.choices) == 1:
            control.chosen = [control.choices[0][0]]
        elif control.input == "own-contact_wish":
            control.chosen = [WISHES[0]]


def _command(
    intake: Intake, line: CompiledLine, matter: str, form: Form, sent: Posted, affair_id: UUID
) -> Register | None:
    """What the form asks for; None where something in it is wrong, which it says itself."""
    filling = filling_of(intake.office, intake.who, affair_id, intake.words)
    told = filling.fill(form, sent)
    filling.check(form, told, affair_id, None, None)
    at = moment(told.get(own_input(OCCURRED), ""))
    unit = form.of("unit")
    if unit and unit.chosen and unit.chosen[0] not in dict(unit.choices):
        unit.chosen = []
        unit.error = field_words(unit, FieldMissing("", "unit"), intake.words)
    if form.errors or at is None:
        return None
    command = intake.command(matter, affair_id, sent.id(COMMAND), at, told)
    for refusal in intake.faults(command):
        put(form, refusal, intake.words)
    return None if form.errors else command


def _drawn(
    request: Request,
    intake: Intake,
    line: CompiledLine,
    matter: str,
    form: Form,
    command_id: UUID,
    status: int = 200,
) -> Response:
    return render(
        request,
        "intake.html",
        intake.who,
        status=status,
        lines=[],
        form=form,
        line=line.line,
        line_name=intake.words.label(line.spec.names),
        matter=intake.offered(line, matter),
        hidden={COMMAND: command_id},
        unbooked=intake.unbooked(form),
        openers=[intake.words(f"role.{role}") for role in matrix()[RUN]],
        opens=_opens(intake, matter),
    )


def _opens(intake: Intake, matter: str) -> bool:
    """Whether the reader can open a session of the matter."""
    if scope_of(intake.who.actor, RUN) == NOWHERE:
        return False
    return matter in openable(Running(intake.office, intake.who, intake.words))


def _checked(
    request: Request,
    intake: Intake,
    line: CompiledLine,
    form: Form,
    command: Register,
    alike: Alike,
    missed: bool,
) -> Response:
    """The answers to be checked, and what may be the same affair. missed: it was to be
    registered without saying that it is another."""
    words = intake.words
    if missed:
        form.top.append((APART, words("intake.apart.missing")))
    return render(
        request,
        "check.html",
        intake.who,
        status=422 if missed else 200,
        form=form,
        line=line.line,
        line_name=words.label(line.spec.names),
        matter=intake.offered(line, command.matter),
        hidden={COMMAND: command.command_id},
        rows=[_duplicate(row, intake, line) for row in alike.rows],
        alike=alike.total,
        apart=" ".join(row.number for row in alike.rows),
    )


def _duplicate(row: WorklistRow, intake: Intake, line: CompiledLine) -> dict[str, Any]:
    office, words = intake.office, intake.words
    teller = Teller(office, words, intake.who.actor)
    states = line.states
    return {
        "number": row.number,
        "title": shortened(teller.opened(row.affair_id).field("summary", row.summary)),
        "registered": words.moment(row.registered_at),
        "state": words.label(states[row.state]) if row.state in states else row.state,
        "turn": turn_of(row, line, office.organisation, teller, words),
        "deadline": Watch(office.now(), office.calendar, words).of_row(row, line),
    }


def _done(office: Office, who: SignedIn, affair_id: UUID, told: str) -> Response:
    affair, _ = office.standing(affair_id)
    return to_affair(office, who, affair_id, affair.identity.number, told)
