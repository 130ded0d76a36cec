"""From what a browser sent to the record that a command wants. Whatever was typed stays in the
form, and every field that is missing or wrong says so, not the first alone.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.errors import (
    AttachmentRefused,
    FieldInvalid,
    FieldMissing,
    Malformed,
    NotAfterTheLast,
    NotFound,
    NotPermittedNow,
    Refusal,
    StepNotOpen,
)
from domain.record import Kind
from web.days import held_day, held_minute, instant
from web.forms import CHOSEN, KEPT, Control, Form, Kept
from web.posted import Posted
from web.problems import problem_of
from web.reasons import in_the_way, sentence
from web.words import Words
from workflows.fields import Reader
from workflows.guards import Guard

_TYPED = (Kind.NUMBER, Kind.MONEY, Kind.PLACE, Kind.DATE, Kind.INSTANT, Kind.REFERENCE)
"""Kinds with a shape of their own: full-width signs and spaces around them mean nothing. So with
a telephone number."""
_HELD = {Kind.DATE.value: held_day, Kind.INSTANT.value: held_minute}
"""Kinds that a field holds otherwise than people may write them: it would seem empty."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What it takes to read a form.

    keep: keeps a file for this affair. known: what was kept for it, by id; None for another's.
    named: the id of the affair that a number names. Raises NotFound.
    """

    words: Words
    keep: Callable[[str, bytes], Kept]
    known: Callable[[UUID], Kept | None]
    named: Callable[[str], UUID]

    @classmethod
    def plain(cls, words: Words) -> "Filling":
        """For forms of what is no affair, which ask for neither files nor affairs."""
        return cls(words, _no_file, lambda _: None, _no_affair)

    def fill(self, form: Form, posted: Posted) -> dict[str, Any]:
        """What was sent, by input, as a command wants it; the form holds all that was typed.

        Files are kept at once, so that they stay chosen when something else is wrong. Raises
        what keeping raises, but for AttachmentRefused, which is told beside its field.
        """
        record: dict[str, Any] = {}
        for control in form.controls:
            self._type(control, posted)
            value = self._value(control)
            if value not in ("", []):
                record[control.input] = value
        return record

    def check(
        self,
        form: Form,
        told: Mapping[str, Any],
        subject: UUID,
        at: datetime | None,
        since: datetime | None,
    ) -> None:
        """Have every field that is missing or wrong say so, not the first alone."""
        for control in form.controls:
            spec = control.spec
            raw = {spec.name: told[control.input]} if control.input in told else {}
            try:
                Reader("", (spec,)).read(raw, subject, at, since)
            except (FieldMissing, FieldInvalid) as refusal:
                control.error = control.error or field_words(control, refusal, self.words)

    def _type(self, control: Control, posted: Posted) -> None:
        texts = posted.texts.get(control.input, ())
        if control.files:
            if any(texts):
                control.error = wrong(control, "a file, not a text", self.words)
            self._keep(control, posted)
            return
        chosen = control.spec.kind in CHOSEN
        if control.input in posted.files:
            instead = "chosen from a list, not a file" if chosen else "a text, not a file"
            control.error = wrong(control, instead, self.words)
        if chosen:
            control.chosen = list(dict.fromkeys(text for text in texts if text))
        else:
            control.typed = _HELD.get(control.kind, str)(texts[0] if texts else "")

    def _keep(self, control: Control, posted: Posted) -> None:
        for told in dict.fromkeys(posted.texts.get(control.input + KEPT, ())):
            try:
                kept = self.known(UUID(told))
            except (ValueError, NotFound):
                kept = None
            if kept is None:
                strange = "an attachment that was given to this one"
                control.error = wrong(control, strange, self.words)
            else:
                self._take(control, kept)
        for name in posted.left.get(control.input, ()):
            self._leave(control, name, "all files at once are more than 12 MiB")
        for name, content in posted.files.get(control.input, ()):
            try:
                self._take(control, self.keep(name, content))
            except AttachmentRefused as refusal:
                self._leave(control, refusal.name, refusal.because)

    # What is no picture would be refused again with every sending, were it kept as one.
    def _take(self, control: Control, kept: Kept) -> None:
        if control.spec.kind is Kind.PHOTOS and not kept.picture:
            self._leave(control, kept.name, "a picture, JPEG or PNG")
        else:
            control.kept.append(kept)

    def _leave(self, control: Control, name: str, because: str) -> None:
        told = self.words("form.wrong", label=name, because=sentence(because, self.words))
        control.error = (
            control.error + self.words("list.semicolon") + told
            if control.error
            else self.words("form.wrong", label=control.label, because=told)
        )

    def _value(self, control: Control) -> Any:
        kind = Kind(control.kind)
        if control.files:
            return [str(kept.id) for kept in control.kept]
        if kind is Kind.UNITS:
            return control.chosen
        if kind in CHOSEN:
            return control.chosen[0] if control.chosen else ""
        if kind not in _TYPED and not control.pattern:
            return control.typed
        typed = unicodedata.normalize("NFKC", control.typed).strip()
        match kind:
            case Kind.DATE:
                return held_day(typed)
            case Kind.INSTANT:
                return instant(typed)
            case Kind.PLACE:
                return re.sub(r"\s*,\s*", ",", typed)
            case Kind.REFERENCE if typed:
                return self._reference(control, typed)
            case _:
                return typed

    # People know an affair by its number; the log knows it by its id.
    def _reference(self, control: Control, typed: str) -> str:
        try:
            return str(UUID(typed))
        except ValueError:
            pass
        try:
            return str(self.named(typed))
        except NotFound:
            control.error = wrong(control, "an affair that is there", self.words)
            return typed


def _no_file(name: str, content: bytes) -> Kept:
    raise FieldInvalid("form", name, "not asked for")


def _no_affair(number: str) -> UUID:
    raise FieldInvalid("form", number, "not asked for")


def moment(told: str) -> datetime | None:
    """The instant that a form told, as it is sent to a command; None where it is none."""
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        return None
    return at if at.tzinfo is not None and 1900 <= at.year <= 2100 else None


# --- what is wrong, in words -------------------------------------------------------------------


def field_words(control: Control, refusal: FieldMissing | FieldInvalid, words: Words) -> str:
    """What is wrong with a field, as it is said beside it and in the summary."""
    if isinstance(refusal, FieldInvalid):
        return wrong(control, refusal.because, words)
    act = "add" if control.files else "choose" if control.spec.kind in CHOSEN else "write"
    return words(f"form.missing.{act}", label=control.label)


def wrong(control: Control, because: str, words: Words) -> str:
    """That a field is not as it has to be; because: the decision's short English."""
    own = f"form.because.{control.kind}"
    # Here nobody types an instant with its zone, a day as computers do, or an affair by its id.
    shape = because.startswith(("a time with its zone", "a date ", "an id"))
    told = words(own) if shape and words.has(own) else sentence(because, words)
    return words("form.wrong", label=control.label, because=told)


def put(form: Form, refusal: Refusal, words: Words, guards: Iterable[Guard] = ()) -> None:
    """Put a refusal beside the field that it names, or at the top. guards: those of the deed
    that what is recorded decides: a refusal by one of them stands beside what it read.
    """
    match refusal:
        case FieldMissing() | FieldInvalid():
            control = form.of(refusal.field)
            told = field_words(control, refusal, words) if control else _detail(refusal, words)
            form.wrong(refusal.field, told)
        case Malformed():
            control = form.of(refusal.field)
            told = wrong(control, refusal.because, words) if control else _detail(refusal, words)
            form.wrong(refusal.field, told)
        case NotAfterTheLast():
            form.wrong("occurred_at", _detail(refusal, words))
        case StepNotOpen() | NotPermittedNow():
            read = _read_by(form, refusal.because, guards)
            because = in_the_way(refusal, words)
            for control in read:
                control.error = words("form.wrong", label=control.label, because=because)
            if not read:
                form.top.append(("", words("form.barred", because=because)))
        case _:
            form.top.append(("", _detail(refusal, words)))


# Of several things that must be confirmed, those that were denied are the ones to mend.
def _read_by(form: Form, because: str, guards: Iterable[Guard]) -> list[Control]:
    names = {name for guard in guards if guard.title == because for name in guard.fields()}
    read = [control for control in form.controls if control.spec.name in names]
    return [one for one in read if one.chosen == ["no"]] or read[:1]


def _detail(refusal: Refusal, words: Words) -> str:
    return problem_of(refusal, words).detail
