"""The desk: every command comes in here. Load, authorise, decide, store; then answer.

A command without an expected version is tried again when somebody else was faster; one with
a version is refused with what changed meanwhile. The same command id gets the first answer.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from domain.affair.commands import Command, deed_of
from domain.affair.decide import Facts
from domain.affair.evolve import project
from domain.affair.state import Affair
from domain.clock import local_day
from domain.errors import ClaimHeld, Conflict, FieldInvalid, Malformed, Refusal, VersionMismatch
from domain.log import NEW, Append, Claim, Draft, Metadata, Receipt, Recorded
from domain.ports import People, Procedure
from domain.record import ATTACHED, Kind
from workflows.decision import Beside, Decision
from workflows.ports import Affairs, Log, Reference
from workflows.rights import VIEW, authorise, authorise_affair, resource_of, scope_of

TRIES = 30
"""How often a command without an expected version is decided anew before it gives up."""

NUMBER = "number/"
"""Claims of affair numbers: whoever loses one takes the next."""


def zoned(name: str, at: datetime) -> datetime:
    """An instant in UTC, as the log keeps it. Raises Malformed for one without a zone."""
    if at.tzinfo is None:
        raise Malformed(name, "needs a zone")
    return at.astimezone(UTC)


Handler = Callable[["Desk", Any], Decision]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The ports that commands need, and the way they take.

    answered: the receipt of a command that was stored before, by actor, id and request
        hash. Raises CommandReused for another request.
    history: events of a stream above a version, for telling what changed meanwhile.
    seal: events with their personal values sealed for a stream from a version on.
    encode: an event's topic and stored bytes.
    strange: those of some attachments that are not kept for a stream.
    is_picture: whether an attachment that is kept is one.
    request_hash: keyed hash of what was asked, command id aside.
    next_number: the next free number of a line in a year.
    people: who holds which role.
    """

    log: Log
    affairs: Affairs
    reference: Reference
    people: People
    now: Callable[[], datetime]
    answered: Callable[[str, UUID, str], Receipt | None]
    history: Callable[[UUID, int], list[Recorded]]
    seal: Callable[[list[Any], UUID, int], list[Any]]
    encode: Callable[[Any], tuple[str, bytes]]
    strange: Callable[[UUID, Sequence[UUID]], Sequence[UUID]]
    is_picture: Callable[[UUID], bool]
    request_hash: Callable[[Command], str]
    next_number: Callable[[str, int], str]
    handlers: Mapping[type, Handler]

    def run(self, command: Command) -> Receipt:
        """Carry a command out. Raises the Refusals of its decision, of rights and of the log."""
        for tried in range(TRIES):
            asked = self._decide(command)
            if isinstance(asked, Receipt):
                return asked
            try:
                return self._stored(asked, self.log.append(asked.append))
            except (Conflict, ClaimHeld) as refusal:
                time.sleep(self._lost(command, asked, refusal, tried))
        raise AssertionError("the last try answers or raises")

    async def run_async(self, command: Command) -> Receipt:
        """The same without blocking the event loop while it is stored."""
        for tried in range(TRIES):
            asked = self._decide(command)
            if isinstance(asked, Receipt):
                return asked
            try:
                return self._stored(asked, await self.log.append_async(asked.append))
            except (Conflict, ClaimHeld) as refusal:
                await asyncio.sleep(self._lost(command, asked, refusal, tried))
        raise AssertionError("the last try answers or raises")

    def run_many(self, commands: Sequence[Command]) -> list[Receipt | Refusal]:
        """Carry commands out, stored together; each has its own answer, and a refused one
        spoils no other. Those that somebody else was faster with are tried again.

        Raises what is no refusal, as `run` does.
        """
        answers: dict[int, Receipt | Refusal] = {}
        for tried in range(TRIES):
            asked: dict[int, _Asked] = {}
            for at, command in enumerate(commands):
                if at in answers:
                    continue
                try:
                    decided = self._decide(command)
                except Refusal as refusal:
                    answers[at] = refusal
                    continue
                if isinstance(decided, Receipt):
                    answers[at] = decided
                else:
                    asked[at] = decided
            outcomes = self.log.append_many([one.append for one in asked.values()])
            pause = 0.0
            for (at, one), outcome in zip(asked.items(), outcomes, strict=True):
                try:
                    if isinstance(outcome, Conflict | ClaimHeld):
                        pause = max(pause, self._lost(commands[at], one, outcome, tried))
                    elif isinstance(outcome, Exception):
                        raise outcome
                    else:
                        answers[at] = self._stored(one, outcome)
                except Refusal as refusal:
                    answers[at] = refusal
            if len(answers) == len(commands):
                return [answers[at] for at in range(len(commands))]
            time.sleep(pause)
        raise AssertionError("the last try answers or raises")

    def affair(self, command: Any, right: str | Callable[[Affair], str]) -> tuple[Affair, int]:
        """The affair a command is about, if its actor may view it and has the right.

        right: its row in the matrix, or what tells it of the affair.

        Raises NotFound, NotAllowed, and VersionMismatch where the asker had read another.
        """
        expected = command.expected_version
        affair, version = self.affairs.get(command.affair_id)
        if expected is not None and expected != version:
            # The cache may be behind: only the log can say that the asker is wrong.
            self.affairs.forget(command.affair_id)
            affair, version = self.affairs.get(command.affair_id)
        resource, named = resource_of(affair), command.affair_id
        if not isinstance(right, str):
            authorise(command.by, VIEW, resource, named, what="affair")
            right = right(affair)
        authorise_affair(command.by, right, resource, named)
        if expected is not None and expected != version:
            raise self._mismatch(command, affair, command.affair_id, version)
        return affair, version

    def facts(self, procedure: Procedure, **chosen: Any) -> Facts:
        """What a decision may know."""
        return Facts(
            procedure=procedure,
            calendar=self.reference.calendar,
            now=self.now(),
            units=self.reference.organisation.units,
            **chosen,
        )

    def procedure(self, affair: Affair, at: datetime) -> Procedure:
        """The version an affair is pinned to; until then, the one in force when it happened."""
        identity, lines = affair.identity, self.reference.lines
        if identity.accepted_at is not None:
            return lines.version(identity.line, identity.line_version)
        return lines.ruling(identity.line, local_day(zoned("occurred_at", at)))

    def kind_of(self, affair: Affair, step: str) -> str:
        """Which kind of step it is, by the version that the affair was registered under or is
        pinned to; `step` for one that nobody knows."""
        identity = affair.identity
        return self.reference.lines.version(identity.line, identity.line_version).kind(step)

    def _decide(self, command: Command) -> "_Asked | Receipt":
        request_hash = self.request_hash(command)
        try:
            decision = self._decided(command)
        except Refusal:
            # A repeated command finds its own effect in the way: the first answer stands.
            answered = self.answered(command.by.account, command.command_id, request_hash)
            if answered is None:
                raise
            return answered
        if not decision.events:
            return Receipt(command_id=command.command_id, first=0, last=0, recorded_at=self.now())
        if decision.numbered is not None:
            # A repeated registration takes no number of its own.
            answered = self.answered(command.by.account, command.command_id, request_hash)
            if answered is not None:
                return answered
            decision = self._numbered(decision, *decision.numbered)
        return _Asked(decision, self._append(command, request_hash, decision))

    def _decided(self, command: Command) -> Decision:
        """The handler's decision. A no from a remembered state is asked again of the log's."""
        try:
            decision = self._handled(command)
            if decision.events or not self._was_behind(command):
                return decision
        except Refusal:
            if not self._was_behind(command):
                raise
        return self._handled(command)

    def _handled(self, command: Command) -> Decision:
        decision = self.handlers[type(command)](self, command)
        for event in decision.events:
            self._check_references(deed_of(command), decision.stream_id, event)
        return decision

    # Another process, or a request that was given up, may have moved the affair meanwhile.
    def _was_behind(self, command: Command) -> bool:
        affair_id = getattr(command, "affair_id", None)
        known = self.affairs.known(affair_id) if affair_id else None
        if affair_id is None or known is None:
            return False
        self.affairs.forget(affair_id)
        return self.affairs.get(affair_id)[1] != known

    # What an affair shows must have been given to it: another's photo opens nowhere else.
    def _check_references(self, deed: str, stream_id: UUID, event: Any) -> None:
        for name, kind, ids in _attached(event):
            if ids and self.strange(stream_id, ids):
                raise FieldInvalid(deed, name, "an attachment that was given to this one")
            if kind is Kind.PHOTOS and not all(self.is_picture(id_) for id_ in ids):
                raise FieldInvalid(deed, name, "a picture, JPEG or PNG")
        for name, code in _named_units(event):
            if not self.reference.organisation.takes(code, local_day(event.occurred_at)):
                raise FieldInvalid(deed, name, "the code of a unit that is registered and open")

    def _numbered(self, decision: Decision, line: str, year: int) -> Decision:
        number = self.next_number(line, year)
        claim = Claim(name=NUMBER + number, stream_id=decision.stream_id)
        return replace(
            decision,
            events=[replace(event, number=number) for event in decision.events],
            claims=(*decision.claims, claim),
        )

    def _append(self, command: Command, request_hash: str, decision: Decision) -> Append:
        own = Beside(decision.stream_id, decision.version, tuple(decision.events))
        drafts = []
        for part in (own, *decision.beside):
            first = part.version + 1
            sealed = self.seal(list(part.events), part.stream_id, first)
            for version, event in enumerate(sealed, first):
                topic, state = self.encode(event)
                drafts.append(
                    Draft(
                        stream_id=part.stream_id,
                        version=version,
                        topic=topic,
                        state=state,
                        event=event,
                    )
                )
        return Append(
            drafts=tuple(drafts),
            expected={**dict(decision.rests_on), own.stream_id: own.version},
            claims=decision.claims,
            metadata=Metadata(
                actor=command.by.account,
                role=command.by.role.value,
                unit=command.by.unit,
                command_id=command.command_id,
                request_hash=request_hash,
                correlation_id=decision.correlation_id,
                causation_id=command.causation_id,
            ),
        )

    def _stored(self, asked: "_Asked", receipt: Receipt) -> Receipt:
        decision = asked.decision
        if receipt.repeated:
            self.affairs.forget(decision.stream_id)
        elif decision.of_affair:
            after = project(decision.before, decision.events)
            assert after is not None
            self.affairs.keep(decision.stream_id, after, decision.version + len(decision.events))
        return receipt

    def _lost(
        self, command: Command, asked: "_Asked", refusal: Conflict | ClaimHeld, tried: int
    ) -> float:
        self.affairs.forget(asked.decision.stream_id)
        if isinstance(refusal, Conflict):
            # What it only rests on may be an affair, too.
            self.affairs.forget(refusal.stream_id)
            if asked.decision.version == NEW and not asked.decision.of_many:
                raise refusal
            of_its_own = refusal.stream_id == asked.decision.stream_id
            if command.expected_version is not None and of_its_own:
                before = asked.decision.before
                raise self._mismatch(command, before, refusal.stream_id, refusal.actual)
        elif not refusal.name.startswith(NUMBER):
            raise refusal
        if tried + 1 == TRIES:
            raise refusal
        # Jitter, so that two desks that met do not meet again: no secret hangs on it.
        return random.uniform(0.001, 0.004 * (tried + 1))  # noqa: S311  # nosec B311

    # Who may assign an affair without viewing it is not told what changed.
    def _mismatch(
        self, command: Command, affair: Affair | None, stream_id: UUID, actual: int
    ) -> VersionMismatch:
        expected = command.expected_version or 0
        told = affair is None or scope_of(command.by, VIEW).covers(resource_of(affair))
        since = self.history(stream_id, expected) if told else ()
        return VersionMismatch(stream_id, expected, actual, since)


def _attached(event: Any) -> Iterator[tuple[str, Kind, tuple[UUID, ...]]]:
    for field in getattr(event, "record", ()):
        if field.kind in ATTACHED:
            yield field.name, field.kind, field.value
    yield "photos", Kind.PHOTOS, getattr(event, "photos", ())


def _named_units(event: Any) -> Iterator[tuple[str, str]]:
    for field in getattr(event, "record", ()):
        if field.kind is Kind.UNIT:
            yield field.name, field.value
        elif field.kind is Kind.UNITS:
            yield from ((field.name, code) for code in field.value)


@dataclass(frozen=True, slots=True)
class _Asked:
    decision: Decision
    append: Append
