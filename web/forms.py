"""From the fields that a line file asks for to a form: how each is drawn, what is chosen from,
what was typed, and what is wrong. `web/filling.py` goes the other way.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from domain.affair.applicant import TELEPHONE
from domain.clock import SHANGHAI
from domain.organisation import OrganisationUnit
from domain.record import ATTACHED, Kind
from web.days import day_of, minute_of
from web.posted import Posted
from web.words import Words, words_of
from workflows.fields import FieldSpec, Label
from workflows.organisation import Organisation

KEPT = ".kept"
"""After the name of a file input: the ids of what was handed in before."""

FEW = 8
"""So many choices are laid open; more are a list to pull down."""

CHOSEN = (Kind.CHOICE, Kind.FLAG, Kind.UNIT, Kind.UNITS, Kind.ACCOUNT, Kind.OFFERING)
"""Kinds whose values are chosen, not written."""

HOLDS = {Kind.DATE: (day_of, "date"), Kind.INSTANT: (minute_of, "datetime-local")}
"""What the input of a day or an instant can hold, and its type."""

SHAPED = ("money", "place", "photos", "papers", "reference", "date", "instant")
"""Kinds of which it is said how they are written."""

Groups = Sequence[tuple[str, Sequence[tuple[str, str]]]]
"""Choices under their headings: (heading, [(code, name), …])."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was handed in already. picture: it can be given as a photo."""

    id: UUID
    name: str
    picture: bool


@dataclass(slots=True)
class Control:
    """A field as it is drawn. input: its name in the form. typed: as it was sent, or is
    suggested. chosen: what of several was. error: what is wrong, in the reader's words.
    """

    spec: FieldSpec
    input: str
    label: str
    hint: str
    groups: Groups = ()
    typed: str = ""
    chosen: list[str] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    error: str = ""

    @property
    def kind(self) -> str:
        """Which macro draws it: a day that is kept sealed is written down like any other."""
        return self.spec.form or self.spec.kind.value

    @property
    def id(self) -> str:
        """Of the element that an entry of the summary leads to."""
        return f"f-{self.input}"

    @property
    def files(self) -> bool:
        """Whether it takes files."""
        return self.spec.kind in ATTACHED

    @property
    def pattern(self) -> str:
        """What a telephone number has to match; empty for any other field."""
        return TELEPHONE if self.spec.name == "telephone" else ""

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Every choice, under whichever heading."""
        return [choice for _, choices in self.groups for choice in choices]

    @property
    def few(self) -> bool:
        """Whether its choices are laid open."""
        return len(self.choices) <= FEW

    @property
    def sent(self) -> list[tuple[str, str]]:
        """As a browser sends it, files by what they were kept as."""
        if self.files:
            return [(self.input + KEPT, str(kept.id)) for kept in self.kept]
        return [(self.input, text) for text in (self.chosen or [self.typed])]

    @property
    def described(self) -> str:
        """The ids of what explains it."""
        return " ".join(
            f"{self.id}-{part}" for part, there in (("h", self.hint), ("e", self.error)) if there
        )

    @property
    def shape(self) -> str:
        """Of the input of a day or an instant: what is neither is shown as it was written."""
        holds, native = HOLDS[Kind(self.kind)]
        return native if not self.typed or holds(self.typed) else "text"

    def told(self, words: Words) -> list[tuple[str, str]]:
        """What was filled in, as it is read back: each with its `datetime`, or empty."""
        if self.files:
            return [(kept.name, "") for kept in self.kept]
        if self.spec.kind in CHOSEN:
            names = dict(self.choices)
            return [(names.get(code, code), "") for code in self.chosen]
        if self.kind == Kind.DATE and (on := day_of(self.typed)):
            return [(words.day(on), on.isoformat())]
        if self.kind == Kind.INSTANT and (at := minute_of(self.typed)):
            return [(words.moment(at), at.isoformat())]
        return [(line, "") for line in self.typed.splitlines()]


@dataclass(slots=True)
class Form:
    """The fields of one deed. top: what is wrong with no field of it, and the id of what to mend
    it by, empty where there is nothing."""

    controls: list[Control]
    top: list[tuple[str, str]] = field(default_factory=list)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """What is wrong, in the order of the page: (id of the element, words)."""
        beside = [(control.id, control.error) for control in self.controls if control.error]
        return self.top + beside

    @property
    def files(self) -> bool:
        """Whether any field takes files."""
        return any(control.files for control in self.controls)

    @property
    def inputs(self) -> set[str]:
        """The names that a browser may send."""
        names = {control.input for control in self.controls}
        return names | {control.input + KEPT for control in self.controls if control.files}

    @property
    def several(self) -> set[str]:
        """The inputs of which a browser may send more than one."""
        kept = {control.input + KEPT for control in self.controls if control.files}
        return kept | {one.input for one in self.controls if one.spec.kind is Kind.UNITS}

    def check(self, sent: Posted, shared: Collection[str], several: Collection[str] = ()) -> None:
        """Refuse whatever it did not ask for; a file where a text is asked for is told by the
        control, when it is filled. shared: names besides its own, and several: those of which any
        number may come. Raises Malformed.
        """
        filled = {control.input for control in self.controls}
        sent.check(self.inputs.union(shared, several), self.several.union(several), filled)

    def of(self, name: str) -> Control | None:
        """The control of the field of that name."""
        return next((one for one in self.controls if one.spec.name == name), None)

    def wrong(self, name: str, words: str) -> None:
        """Put an error beside the field of that name, or at the top where there is none."""
        control = self.of(name)
        if control is None:
            self.top.append(("", words))
        elif not control.error:
            control.error = words


@dataclass(frozen=True, slots=True)
class Drawer:
    """Draws controls in one language, with choices under their headings. units: those that can
    be named. leads: those of them that can lead; as `units` where it is left out. people: accounts.
    sessions: offerings in which places can be asked for.
    """

    words: Words
    units: Groups = ()
    leads: Groups = ()
    people: Groups = ()
    sessions: Groups = ()

    def form(self, specs: Iterable[FieldSpec]) -> Form:
        """An empty form of these fields."""
        return Form([self.control(spec) for spec in specs if not spec.filled])

    def control(self, spec: FieldSpec, input_: str = "") -> Control:
        """An empty field."""
        return Control(
            spec=spec,
            input=input_ or spec.name,
            label=self.words.label(spec.label),
            hint=self._hint(spec),
            groups=self._groups(spec),
        )

    def _groups(self, spec: FieldSpec) -> Groups:
        match spec.kind:
            case Kind.CHOICE:
                named = [(code, self.words.label(label)) for code, label in spec.choices.items()]
                return [("", named)]
            case Kind.FLAG:
                return [("", [("yes", self.words("yes")), ("no", self.words("no"))])]
            case Kind.UNIT if spec.name == LEAD:
                return self.leads or self.units
            case Kind.UNIT | Kind.UNITS:
                return self.units
            case Kind.ACCOUNT:
                return self.people
            case Kind.OFFERING:
                return self.sessions
            case _:
                return ()

    def _hint(self, spec: FieldSpec) -> str:
        told = [self.words.label(spec.help)] if spec.help else []
        told += [bound for bound in self._bounds(spec) if bound]
        return self.words("list.semicolon").join(told)

    def _bounds(self, spec: FieldSpec) -> Iterable[str]:
        words, kind = self.words, spec.kind
        least, most = spec.min, spec.max
        if kind in (Kind.NUMBER, Kind.MONEY):
            least = 0 if kind is Kind.MONEY and least is None else least
            if least is not None and most is not None:
                yield words("form.bound.between", least=least, most=most)
            elif least is not None:
                yield words("form.bound.least", least=least)
            elif most is not None:
                yield words("form.bound.most", most=most)
        elif kind in (Kind.TEXT, Kind.NOTE):
            if least is not None:
                yield words("form.bound.longer", least=least)
            if most is not None:
                yield words("form.bound.shorter", most=most)
        if spec.from_today:
            yield words("form.bound.from_today")
        if spec.next_month:
            yield words("form.bound.next_month")
        if spec.within_days is not None:
            yield words("form.bound.within_days", days=spec.within_days)
        if spec.past:
            yield words("form.bound.past")
        if (shape := spec.form or kind.value) in SHAPED:
            yield words(f"form.kind.{shape}")
        if kind in ATTACHED and least is not None:
            yield words("form.bound.files", least=least)


def label_of(key: str) -> Label:
    """A label that stands in the catalogues, as line files give theirs."""
    return Label(zh=words_of("zh")(key), en=words_of("en")(key))


OCCURRED = FieldSpec(name="occurred_at", kind=Kind.INSTANT, label=label_of("form.occurred_at"))
OCCURRED_INPUT = "occurred-at"
"""When something was done, of every form by which it is recorded."""

LEAD = "lead_unit"
"""The field that says who leads."""


def units_of(organisation: Organisation, on: date, *, areas: bool = True) -> Groups:
    """The units that are not closed on the day, under their street and their community. areas:
    responsibility areas too, which never lead."""
    groups: dict[str, list[tuple[str, str]]] = {}
    there = {
        code: unit
        for code, unit in sorted(organisation.units.items())
        if not unit.closed(on) and (areas or unit.kind != "area")
    }
    parents = {unit.parent for unit in there.values()}
    for code, unit in there.items():
        # A unit with others below it stands at their head.
        heading = code if code in parents or unit.parent not in there else unit.parent
        groups.setdefault(heading, []).append((code, unit.name(on)))
    return [(_heading(there, code, on), choices) for code, choices in groups.items()]


# A community's with its street before it, for communities of two streets may bear one name.
def _heading(there: Mapping[str, OrganisationUnit], code: str, on: date) -> str:
    unit = there[code]
    above = there.get(unit.parent)
    names = (above, unit) if above and above.kind == "street" else (unit,)
    return "·".join(one.name(on) for one in names)


def minute(at: datetime) -> str:
    """An instant as the field of one holds it: to the minute, Asia/Shanghai."""
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
