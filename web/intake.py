"""Taking a request in: which matters and places are open to whom, what is asked, what it may be a
duplicate of, and the command that it becomes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from domain.affair.applicant import ON_BEHALF, faults_of
from domain.affair.commands import Register
from domain.affair.decide import SOURCES, WISHES
from domain.clock import local_day
from domain.errors import Malformed, NotAfterTheLast, NotAllowed, NotFound, Refusal
from domain.record import Kind
from projections.worklist import Alike
from web.api.texts import LONGEST_NAME
from web.deadlines import limits_promised
from web.entrance import reach
from web.forms import Drawer, Form, Groups, label_of
from web.ports import Office, SignedIn
from web.words import Words
from workflows.fields import FieldSpec
from workflows.line import Matter
from workflows.machine import CompiledLine
from workflows.publication import day_fault
from workflows.rights import VIEW, Resource

REGISTER = "register_affair"
DUPLICATES_WITHIN = timedelta(days=30)


def _spec(name: str, kind: Kind, *, required: bool = False, **more: Any) -> FieldSpec:
    label = label_of(f"intake.{name}")
    return FieldSpec(name=name, kind=kind, label=label, required=required, **more)


_TELEPHONE_LONGEST = 40
OWN = (
    _spec("source", Kind.CHOICE, required=True, choices={
        source: label_of(f"source.{source}") for source in SOURCES if source != "reaction"
    }),
    _spec("unit", Kind.UNIT, required=True),
    _spec("summary", Kind.NOTE, required=True, help=label_of("intake.summary.help")),
    _spec("contact_wish", Kind.CHOICE, required=True, help=label_of("intake.contact_wish.help"),
          choices={wish: label_of(f"wish.{wish}") for wish in WISHES}),
    _spec("applicant", Kind.PERSON, max=LONGEST_NAME, help=label_of("intake.applicant.help")),
    _spec("telephone", Kind.PERSON, max=_TELEPHONE_LONGEST),
    _spec("address", Kind.PERSON, max=LONGEST_NAME),
)  # fmt: skip
"""What every registration asks for, beside the fields of its matter."""

OCCURRED = _spec("occurred_at", Kind.INSTANT, required=True)


@dataclass(frozen=True, slots=True)
class Offered:
    """A matter that can be taken in. limits: what its line promises of it, in words."""

    code: str
    name: str
    materials: Sequence[str]
    limits: Sequence[str]
    law: str


@dataclass(frozen=True, slots=True)
class Intake:
    """Taking in as one reader may do it. Made by whoever may register at all."""

    office: Office
    who: SignedIn
    words: Words

    def lines(self) -> list[tuple[str, str, list[Offered]]]:
        """The matters by line: (code, name, matters)."""
        found = []
        for line in self.office.lines_in_force(local_day(self.office.now())):
            reached = bool(self.places(line.line))
            matters = [
                self._offered(line, code, matter)
                for code, matter in line.spec.matters.items()
                if reached and line.may_register(code, self.who.actor)
            ]
            if matters:
                found.append((line.line, self.words.label(line.spec.names), matters))
        return found

    def line(self, matter: str) -> CompiledLine:
        """The line of a matter, as it is in force today. Raises NotFound, NotAllowed."""
        line = self.office.line_in_force(matter[:2], local_day(self.office.now()))
        if matter not in line.spec.matters:
            raise NotFound("matter", matter)
        if not line.may_register(matter, self.who.actor) or not self.places(line.line):
            raise NotAllowed(REGISTER, self.who.actor.role.value)
        return line

    def offered(self, line: CompiledLine, matter: str) -> Offered:
        """What is said of a matter."""
        return self._offered(line, matter, line.matter(matter))

    def _offered(self, line: CompiledLine, code: str, matter: Matter) -> Offered:
        words = self.words
        return Offered(
            code=code,
            name=words.label(matter),
            materials=[words.label(one) for one in matter.materials],
            limits=limits_promised(line, code, words),
            law=matter.law or "",
        )

    def places(self, line: str) -> Groups:
        """The areas and communities within reach, each community with its areas."""
        scope, units = reach(self.who, REGISTER), self.office.organisation.units
        groups: dict[str, list[tuple[str, str]]] = {}
        for code, unit in sorted(units.items()):
            if unit.kind not in ("community", "area"):
                continue
            resource = Resource(area=code, line=line, owner=self.who.actor.account)
            if scope.covers(resource):
                community = unit.parent if unit.kind == "area" else code
                name = unit.names[-1][1]
                if unit.kind == "community":
                    name = self.words("intake.whole", name=name)
                groups.setdefault(community, []).append((code, name))
        return [(units[code].names[-1][1], choices) for code, choices in groups.items()]

    def form(self, line: CompiledLine, matter: str) -> Form:
        """An empty form: what every matter asks for, then what this one does."""
        places = self.places(line.line)
        drawer = Drawer(self.words, places, sessions=self._sessions(matter, places))
        own = [drawer.control(spec, own_input(spec)) for spec in (*OWN, OCCURRED)]
        return Form([*own, *drawer.form(line.spec.matters[matter].fields).controls])

    def unbooked(self, form: Form) -> bool:
        """Whether the matter takes a place, and there is no session to choose one of."""
        return any(one.spec.kind is Kind.OFFERING and not one.choices for one in form.controls)

    # Whether the place that is chosen lies where the session is held, the decision says.
    def _sessions(self, matter: str, places: Groups) -> Groups:
        known = [code for _, units in places for code, _ in units]
        words, coming = self.words, self.office.offerings(matter)
        mine = [one for one in coming if any(code.startswith(one.unit) for code in known)]
        return [
            (
                "",
                [
                    (
                        str(one.offering_id),
                        words(
                            "intake.session",
                            title=one.title,
                            when=words.moment(one.starts_at),
                            venue=one.venue,
                            free=max(0, one.free - one.waiting),
                        ),
                    )
                    for one in mine
                ],
            )
        ]

    def command(
        self, matter: str, affair_id: UUID, command_id: UUID, at: datetime, told: Mapping[str, Any]
    ) -> Register:
        """What is to be carried out. told: what the form says, its own fields first of all."""
        own: dict[str, Any] = {spec.name: str(told.get(own_input(spec), "")) for spec in OWN}
        unit = own.pop("unit")
        area = unit if self.office.organisation.unit(unit).kind == "area" else ""
        fields = self.line(matter).spec.matters[matter].fields
        return Register(
            command_id=command_id,
            by=self.who.actor,
            occurred_at=at,
            affair_id=affair_id,
            matter=matter,
            community="" if area else unit,
            area=area,
            record={spec.name: told[spec.name] for spec in fields if spec.name in told},
            **own,
        )

    def faults(self, command: Register) -> Iterator[Refusal]:
        """What can be told before it is sent: Malformed, FieldMissing, NotAfterTheLast."""
        told = command.record
        yield from faults_of(command, {**told, ON_BEHALF: told.get(ON_BEHALF) == "yes"})
        if command.occurred_at > self.office.now():
            yield NotAfterTheLast(command.occurred_at, None, self.office.now())
        published = self.office.line_versions(command.matter[:2])
        if because := day_fault(published, local_day(command.occurred_at)):
            yield Malformed("occurred_at", because)

    def duplicates(self, command: Register) -> Alike:
        """Open affairs of the same matter and place, registered in the last thirty days, that
        the reader may see: the latest few, and how many there are."""
        place, since = command.area or command.community, self.office.now() - DUPLICATES_WITHIN
        scope = reach(self.who, VIEW)
        return self.office.alike(scope, command.matter, place, since, command.affair_id)


def own_input(spec: FieldSpec) -> str:
    """The input of a field of every registration: apart from those of line files."""
    return f"own-{spec.name}"
