"""What can be done with an affair, by whom, and if not, why not: the procedure's word and the
permission matrix together."""

from collections.abc import Sequence
from uuid import UUID

from domain.affair.state import Affair
from web import answers as a
from web.ports import Office, SignedIn
from web.reasons import reason
from web.telling import name_of
from web.words import Words
from workflows.fields import FieldSpec
from workflows.line import REDO
from workflows.machine import CompiledLine
from workflows.rights import VIEW, Resource, resource_of, right_of, scope_of
from workflows.ways import Option

RIGHT = "right"
"""In the way where the matrix gives the role no such right here."""


def options_of(
    office: Office, who: SignedIn, id_: UUID, affair: Affair, version: int, words: Words
) -> a.Options:
    """Every step, entry and action of the affair's state."""
    line, now, calendar = office.procedure(affair), office.now(), office.calendar
    asked = (affair, who.actor, now, calendar, office.place(id_, affair))
    return a.Options(
        affair_id=id_,
        number=affair.identity.number,
        version=version,
        state=affair.standing.state,
        steps=_all(line.options(*asked), who, affair, line, words),
        entries=_all(line.entry_options(*asked), who, affair, line, words),
        actions=_all(line.action_options(*asked), who, affair, line, words),
    )


def because_of(option: Option, who: SignedIn, resource: Resource) -> str:
    """What is in the way; empty where it is open."""
    if option.because:
        return option.because
    rights = (VIEW, right_of(option.kind, option.step))
    reached = all(scope_of(who.actor, right).covers(resource) for right in rights)
    return "" if reached else RIGHT


def why(option: Option, because: str, words: Words) -> str:
    """What is in the way, in words; empty where nothing is."""
    if option.told and because == option.because:
        return words.label(option.told)
    return reason(because, words) if because else ""


def _all(
    options: Sequence[Option], who: SignedIn, affair: Affair, line: CompiledLine, words: Words
) -> list[a.Option]:
    resource = resource_of(affair)
    told = []
    for option in options:
        because = because_of(option, who, resource)
        told.append(
            a.Option(
                id=option.step,
                action=option.action,
                kind=option.kind,
                name=name_of(option.label),
                to=line.redo_state(affair) if option.to == REDO else option.to,
                law=option.law or line.spec.law or "",
                open=not because,
                because=because,
                because_text=why(option, because, words),
                depends=list(option.depends),
                by=[role.value for role in option.by],
                fields=[_field(field) for field in option.fields],
            )
        )
    return told


def _field(field: FieldSpec) -> a.AskedField:
    return a.AskedField(
        name=field.name,
        kind=field.kind.value,
        label=name_of(field.label),
        required=field.required,
        choices=[a.Choice(code=code, name=name_of(label)) for code, label in field.choices.items()],
        min=field.min,
        max=field.max,
        help=name_of(field.help) if field.help else None,
    )
