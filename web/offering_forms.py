"""What can be done about a session from a page: who may, what the form asks, which command it
becomes, and beside which field a refusal stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from domain.actor import Actor
from domain.affair.commands import NIL, Command
from domain.clock import local_day
from domain.commands import CancelOffering, OpenOffering, ResizeOffering
from domain.errors import FieldInvalid, FieldMissing, NotFound, NotPermittedNow, Refusal
from domain.offering import LONGEST, MOST, Offering
from domain.record import Kind
from web.entrance import reach
from web.filling import Filling, field_words, put
from web.forms import Drawer, Form, Groups, label_of
from web.offerings import Running
from web.posted import Posted
from web.words import Words
from workflows.booking import RUN, RUNNING
from workflows.fields import FieldSpec, Label
from workflows.rights import Resource

Deed = Literal["open", "resize", "cancel"]
DEEDS: Mapping[Deed, str] = {
    "open": "open_offering",
    "resize": "resize_offering",
    "cancel": "cancel_offering",
}
"""As refusals call it."""

REASON_LONGEST = 500
COUNTS = ("capacity", "standby")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """One deed about one session, by one reader. version: of it, as the form was drawn.

    offering: as it stands; None for one that is to be opened.
    """

    deed: Deed
    words: Words
    form: Form
    offering_id: UUID = NIL
    version: int | None = None
    offering: Offering | None = None

    def read(self, sent: Posted) -> dict[str, Any]:
        """What was sent; what is missing or of no shape is beside its field."""
        filling = Filling.plain(self.words)
        told = filling.fill(self.form, sent)
        filling.check(self.form, told, NIL, None, None)
        unit = self.form.of("unit")
        if unit is not None and unit.chosen and unit.chosen[0] not in dict(unit.choices):
            unit.chosen = []
            unit.error = field_words(unit, FieldMissing(DEEDS[self.deed], "unit"), self.words)
        for name in COUNTS:
            control = self.form.of(name)
            if control is not None and not control.error and not _whole(told[name]):
                wanted = f"a number from {control.spec.min} to {control.spec.max}"
                refusal = FieldInvalid(DEEDS[self.deed], name, wanted)
                control.error = field_words(control, refusal, self.words)
        return told

    def command(
        self,
        told: Mapping[str, Any],
        command_id: UUID,
        by: Actor,
        at: datetime,
        drawn: int | None = None,
    ) -> Command:
        """What it becomes. told: as `read` gave it, without anything wrong. drawn: the version that
        its form was drawn from."""
        asked: dict[str, Any] = {
            "command_id": command_id,
            "by": by,
            "occurred_at": at,
            "expected_version": drawn,
            "offering_id": self.offering_id,
        }
        counts: dict[str, Any] = {name: int(Decimal(told[name])) for name in COUNTS if name in told}
        match self.deed:
            case "open":
                times: dict[str, Any] = {
                    name: datetime.fromisoformat(told[name]) for name in _TIMES
                }
                texts = {name: told[name] for name in ("matter", "unit", "title", "venue")}
                return OpenOffering(**asked, **texts, **counts, **times)
            case "resize":
                return ResizeOffering(**asked, **counts)
            case "cancel":
                return CancelOffering(**asked, reason=told["reason"])

    def put(self, refusal: Refusal) -> None:
        """Put a refusal beside the field that it is about, or at the top."""
        put(self.form, refusal, self.words)


def opening(running: Running, offering_id: UUID = NIL, matter: str = "") -> Deal:
    """The form of a new session, filled in as far as it can be told. matter: that was chosen.

    Raises NotAllowed.
    """
    reach(running.who, RUN)
    matters, units = openable(running), units_of(running)
    form = Drawer(running.words, units).form(
        (
            _spec("matter", Kind.CHOICE, choices=matters),
            _spec("unit", Kind.UNIT, help=label_of("off.field.unit.help")),
            _spec("title", Kind.TEXT, max=LONGEST, help=label_of("off.field.title.help")),
            _spec("venue", Kind.TEXT, max=LONGEST),
            _spec("starts_at", Kind.INSTANT),
            _spec("ends_at", Kind.INSTANT),
            _spec("capacity", Kind.NUMBER, min=1, max=MOST),
            _spec("standby", Kind.NUMBER, min=0, max=MOST, help=label_of("off.field.standby.help")),
        )
    )
    for name, chosen in (("matter", matter), ("unit", "")):
        control = form.of(name)
        assert control is not None
        there = [code for code, _ in control.choices]
        if chosen in there or len(there) == 1:
            control.chosen = [chosen if chosen in there else there[0]]
    return Deal(deed="open", words=running.words, form=form, offering_id=offering_id)


def deal_of(running: Running, deed: Deed, offering_id: UUID) -> Deal:
    """What is done about a session that is there, with its form. Raises NotAllowed, NotFound."""
    reach(running.who, RUN)
    offering, version = running.office.offering(offering_id)
    if deed == "open" or not running.runs(offering):
        raise NotFound("offering", offering_id)
    specs = (
        (
            _spec("capacity", Kind.NUMBER, min=max(1, offering.used), max=MOST),
            _spec("standby", Kind.NUMBER, min=offering.queued, max=MOST),
        )
        if deed == "resize"
        else (
            _spec("reason", Kind.NOTE, max=REASON_LONGEST, help=label_of("off.field.reason.help")),
        )
    )
    form = Drawer(running.words).form(specs)
    for name in COUNTS:
        if (control := form.of(name)) is not None:
            control.typed = str(getattr(offering, name))
    return Deal(
        deed=deed,
        words=running.words,
        form=form,
        offering_id=offering_id,
        version=version,
        offering=offering,
    )


def over(offering: Offering, now: datetime) -> bool:
    """Whether nothing is changed about it any more: it has begun, or is cancelled."""
    return offering.cancelled or offering.starts_at <= now


def check(deal: Deal, now: datetime) -> None:
    """Before it is drawn, as it will be when it is sent. Raises NotPermittedNow."""
    if deal.offering is not None and over(deal.offering, now):
        raise NotPermittedNow(DEEDS[deal.deed], "it has begun or is cancelled")


def openable(running: Running) -> dict[str, Label]:
    """The matters for whose affairs the reader can open a session, with their names."""
    scope = reach(running.who, RUN)
    return {
        code: Label(zh=matter.zh, en=matter.en)
        for line in running.office.lines_in_force(local_day(running.office.now()))
        if line.places is not None and (not scope.lines or line.line in scope.lines)
        for code, matter in line.spec.matters.items()
        if line.filled(code)
    }


def units_of(running: Running) -> Groups:
    """The units that the reader can open a session for, by their names."""
    scope, today = reach(running.who, RUN), local_day(running.office.now())
    units = sorted(running.office.organisation.units.items())
    return [
        (
            "",
            [
                (code, unit.name(today))
                for code, unit in units
                if unit.kind in RUNNING
                and not unit.closed(today)
                and scope.covers(Resource(area=code))
            ],
        )
    ]


_TIMES = ("starts_at", "ends_at")


def _whole(told: str) -> bool:
    number = Decimal(told)
    return number == number.to_integral_value()


def _spec(name: str, kind: Kind, **more: Any) -> FieldSpec:
    return FieldSpec(name=name, kind=kind, label=label_of(f"off.field.{name}"), **more)
