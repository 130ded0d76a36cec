"""Those who have a place in a session that is cancelled, let go together: by the line's own step
for each of them, with one record for all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.actor import Role
from domain.affair.commands import NIL, TakeStep
from domain.affair.state import ENDS
from domain.clock import local_day
from domain.errors import Malformed, NotFound
from domain.offering import Offering
from web.api.conditions import made_for
from web.assigning import MOST, Outcome, each
from web.deeds import meant
from web.entrance import reach
from web.filling import Filling, moment
from web.forms import OCCURRED, OCCURRED_INPUT, Drawer, Form, minute, units_of
from web.offerings import Running
from web.posted import Posted
from workflows.line import Places
from workflows.machine import CompiledLine
from workflows.rights import VIEW, right_of, scope_of
from workflows.ways import Way

TICKED = "affair"
"""The input of those who are let go."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What lets go of them, for a reader who may do so. form: what it records."""

    running: Running
    offering_id: UUID
    way: Way
    places: Places
    form: Form

    def read(self, sent: Posted) -> tuple[dict[str, Any], datetime | None]:
        """The record and its time; what is missing or wrong is beside its field."""
        filling = Filling.plain(self.running.words)
        told = filling.fill(self.form, sent)
        filling.check(self.form, told, NIL, None, None)
        return told, moment(told.pop(OCCURRED_INPUT, ""))

    def carried_out(
        self, ticked: Sequence[str], record: dict[str, Any], at: datetime, command_id: UUID
    ) -> list[Outcome]:
        """An outcome for each affair, in the order in which they were ticked."""
        office, who = self.running.office, self.running.who

        def step(affair_id: UUID) -> TakeStep:
            affair, _ = office.standing(affair_id)
            if affair.facts.get(self.places.field) != str(self.offering_id):
                raise NotFound("affair", affair_id)
            own = made_for(command_id, f"{self.way.id}/{affair_id}", who.actor.account)
            return TakeStep(
                command_id=own or office.new_id(),
                by=who.actor,
                occurred_at=meant(at, affair),
                affair_id=affair_id,
                step=self.way.id,
                record=record,
            )

        return each(office, reach(who, VIEW), list(dict.fromkeys(ticked)), step)


def ticks(sent: Posted) -> Sequence[str]:
    """The affairs that were ticked, by number. Raises Malformed."""
    found = sent.texts.get(TICKED, ())
    if len(found) > MOST:
        raise Malformed(TICKED, f"at most {MOST} affairs at once")
    if not all(one.isprintable() and 0 < len(one) <= 64 for one in found):
        raise Malformed(TICKED, "a number of an affair")
    return found


def ending_of(running: Running, offering_id: UUID, offering: Offering) -> Ending | None:
    """What lets go of those who have a place; None while the session takes place, and for whoever
    has no right to that step anywhere. Of each affair the desk asks again."""
    office, who = running.office, running.who
    if not offering.cancelled:
        return None
    line = office.line_in_force(offering.matter[:2], local_day(office.now()))
    way = _letting_go(line, offering.matter)
    if way is None or line.places is None or who.actor.role not in way.by | way.behalf:
        return None
    if scope_of(who.actor, right_of(line.kind(way.id))).prefix is None:
        return None
    drawer = Drawer(running.words, units_of(office.organisation, local_day(office.now())))
    form = drawer.form(way.reader(offering.matter, who.actor.role).specs)
    form.controls.append(drawer.control(OCCURRED, OCCURRED_INPUT))
    form.controls[-1].typed = minute(office.now())
    # A file belongs to one affair.
    return None if form.files else Ending(running, offering_id, way, line.places, form)


def _letting_go(line: CompiledLine, matter: str) -> Way | None:
    """The line's own step by which people end an affair that has a place."""
    held = frozenset(line.places.held_in if line.places else ())
    ways = (line.steps[spec.id] for spec in line.spec.transitions)
    return next(
        (
            way
            for way in ways
            if way.to in ENDS and way.sources & held and way.by - {Role.SYS} and matter in way.forms
        ),
        None,
    )
