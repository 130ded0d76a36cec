"""Versions of lines: drafted by one person, published by another, and only sound ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from adapters.demo.cast import LINE_CHIEF
from domain.actor import Actor, Role
from domain.commands import DraftLine, PublishDraft
from domain.errors import (
    FieldInvalid,
    LineInvalid,
    NotAfterTheLast,
    NotAllowed,
    NotFound,
    NotPermittedNow,
    VersionMismatch,
)
from domain.line import LineDrafted, LinePublished, draft_of, version_of
from domain.log import Append, Draft, Metadata
from tests.adapters.worker.office import DIRECTOR, Office, at, office
from workflows.chinese import in_chinese
from workflows.line import Line, Validity
from workflows.loading import FOLDER, load
from workflows.publication import covered, defined

CHIEF = LINE_CHIEF.actor
POLICY = Actor(account="mengzhu", role=Role.POL, unit="370103")
CG = load(FOLDER / "CG.yaml")
SINCE = date(2011, 9, 1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Office]:
    with office(f"sqlite:///{tmp_path}/log.db", tmp_path) as opened:
        yield opened


def version(name: str = "2011.2", since: date = SINCE, **changes: Any) -> Line:
    """Another version of CG."""
    return CG.model_copy(update={"version": name, "valid": Validity(**{"from": since}), **changes})


def drafting(desk: Office, line: Line | None = None, **given: Any) -> DraftLine:
    told: dict[str, Any] = {
        "command_id": uuid4(),
        "by": POLICY,
        "occurred_at": desk.clock.at,
        "note": "劝导的时限放宽",
        **defined(line or version()),
        **given,
    }
    return DraftLine(**told)


def publishing(desk: Office, name: str = "2011.2", **given: Any) -> PublishDraft:
    told: dict[str, Any] = {
        "command_id": uuid4(),
        "by": CHIEF,
        "occurred_at": desk.clock.at,
        "code": "CG",
        "version": name,
        "draft": 1,
        **given,
    }
    return PublishDraft(**told)


def drafted(desk: Office, line: Line | None = None) -> None:
    desk.run(drafting(desk, line))
    desk.house.reference.refresh()


def streams(desk: Office, name: str = "2011.2") -> tuple[int, int]:
    """How often a version was drafted, and published."""
    history = desk.house.history.stream
    return len(history(draft_of("CG", name))), len(history(version_of("CG", name)))


# --- drafting ------------------------------------------------------------------------------------


def test_a_draft_is_kept_whole_and_binds_nobody(desk: Office) -> None:
    drafted(desk)

    (recorded,) = desk.house.history.stream(draft_of("CG", "2011.2"))
    event = recorded.event
    assert isinstance(event, LineDrafted)
    assert (event.by, event.note, event.valid_from) == ("mengzhu", "劝导的时限放宽", SINCE)
    (draft,) = desk.house.reference.drafts.all("CG")
    assert (draft.event, draft.revision) == (event, 1)
    assert draft.line().spec == version()
    assert desk.house.reference.lines.in_force("CG", date(2011, 12, 1)).version == "2011.1"
    with pytest.raises(NotFound):
        desk.house.reference.lines.version("CG", "2011.2")


def test_drafted_again_it_takes_the_place_of_the_one_before(desk: Office) -> None:
    drafted(desk)
    drafted(desk, version(since=date(2011, 10, 1)))

    draft = desk.house.reference.drafts.get("CG", "2011.2")
    assert (draft.revision, draft.event.valid_from) == (2, date(2011, 10, 1))


def test_whoever_drafts_over_what_another_drafted_meanwhile_is_told(desk: Office) -> None:
    drafted(desk)

    with pytest.raises(VersionMismatch) as refused:
        desk.run(drafting(desk, expected_version=0))

    assert (refused.value.expected, refused.value.actual) == (0, 1)
    assert len(refused.value.since) == 1
    desk.run(drafting(desk, expected_version=1))
    assert streams(desk) == (2, 0)


@pytest.mark.parametrize("by", [CHIEF, DIRECTOR], ids=lambda by: by.role.value)
def test_only_policy_staff_draft(desk: Office, by: Actor) -> None:
    with pytest.raises(NotAllowed):
        desk.run(drafting(desk, by=by))
    assert streams(desk) == (0, 0)


def test_what_is_not_sound_never_becomes_an_event(desk: Office) -> None:
    dead_end = version(transitions=tuple(t for t in CG.transitions if t.id not in ("G16", "G17")))

    with pytest.raises(LineInvalid):
        desk.run(drafting(desk, dead_end))

    assert streams(desk) == (0, 0)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"note": "  "}, "note"),
        ({"note": "两\n行"}, "note"),
        ({"note": "长" * 501}, "note"),
        ({"version": "2011.3"}, "definition"),
        ({"valid_from": date(2011, 9, 2)}, "definition"),
    ],
)
def test_a_draft_says_what_it_is(desk: Office, given: dict[str, Any], field: str) -> None:
    with pytest.raises(FieldInvalid) as refused:
        desk.run(drafting(desk, **given))
    assert refused.value.field == field


def test_nobody_drafts_tomorrow(desk: Office) -> None:
    with pytest.raises(NotAfterTheLast):
        desk.run(drafting(desk, occurred_at=at("07-22 10:06")))


def test_what_is_published_is_not_drafted_over(desk: Office) -> None:
    with pytest.raises(FieldInvalid) as refused:
        desk.run(drafting(desk, version("2011.1")))

    assert refused.value.because == "2011.1 is published already"


# --- publishing ----------------------------------------------------------------------------------


def test_what_is_published_is_exactly_what_was_drafted(desk: Office) -> None:
    drafted(desk)

    desk.run(publishing(desk))
    desk.house.reference.refresh()

    (recorded,) = desk.house.history.stream(version_of("CG", "2011.2"))
    assert isinstance(recorded.event, LinePublished)
    draft = desk.house.history.stream(draft_of("CG", "2011.2"))[-1].event
    assert recorded.event.definition == draft.definition
    assert recorded.event.by == CHIEF.account
    lines = desk.house.reference.lines
    assert lines.in_force("CG", date(2011, 8, 31)).version == "2011.1"
    assert lines.in_force("CG", SINCE).version == "2011.2"
    assert desk.house.reference.drafts.all() == []


def test_a_draft_that_was_changed_since_it_was_read_is_not_published(desk: Office) -> None:
    drafted(desk)
    drafted(desk, version(since=date(2011, 10, 1)))

    with pytest.raises(VersionMismatch) as refused:
        desk.run(publishing(desk, draft=1))

    assert refused.value.actual == 2
    assert streams(desk) == (2, 0)
    desk.run(publishing(desk, draft=2))


def test_only_a_district_leader_publishes(desk: Office) -> None:
    drafted(desk)

    for by in (POLICY, DIRECTOR):
        with pytest.raises(NotAllowed):
            desk.run(publishing(desk, by=by))
    assert streams(desk) == (1, 0)


def test_whoever_drafted_it_does_not_publish_it(desk: Office) -> None:
    drafted(desk)
    same = Actor(account=POLICY.account, role=Role.DL, unit="370103", lines=("CG",))

    with pytest.raises(NotPermittedNow) as refused:
        desk.run(publishing(desk, by=same))

    assert refused.value.because == "whoever drafted a version does not publish it"
    assert in_chinese(refused.value.because) == "起草人不得发布自己起草的版本"


def test_what_was_never_drafted_is_not_found(desk: Office) -> None:
    with pytest.raises(NotFound):
        desk.run(publishing(desk, "2011.9"))


def test_it_is_published_once_and_the_same_command_is_answered_again(desk: Office) -> None:
    drafted(desk)
    command = publishing(desk)

    first = desk.run(command)
    desk.house.reference.refresh()
    again = desk.run(command)

    assert (again.first, again.repeated) == (first.first, True)
    with pytest.raises(FieldInvalid) as refused:
        desk.run(publishing(desk))
    assert refused.value.because == "2011.2 is published already"


@pytest.mark.parametrize(
    ("since", "passes"),
    [(date(2011, 7, 21), False), (date(2011, 7, 22), True), (date(2011, 7, 23), True)],
)
def test_what_has_happened_is_not_judged_anew(desk: Office, since: date, passes: bool) -> None:
    drafted(desk, version(since=since))

    if passes:
        desk.run(publishing(desk))
    else:
        with pytest.raises(FieldInvalid) as refused:
            desk.run(publishing(desk))
        assert refused.value.field == "valid_from"
        assert in_chinese(refused.value.because) == (
            "应不早于 2011-07-22：已经发生的不按新版本重判"
        )
    assert streams(desk) == (1, int(passes))


def test_the_first_version_of_a_line_may_begin_before_today(desk: Office) -> None:
    line = next(load(path) for path in sorted(FOLDER.rglob("LB.yaml")))
    desk.run(drafting(desk, line))

    desk.run(publishing(desk, line.version, code="LB"))

    assert len(desk.house.history.stream(version_of("LB", line.version))) == 1


def test_on_the_days_that_both_cover_the_later_publication_counts(desk: Office) -> None:
    lines = desk.house.reference.lines
    open_end = list(lines.publications("CG"))

    assert [one.version for one in covered(open_end, SINCE, None)] == ["2011.1"]
    assert covered(open_end, date(1990, 1, 1), date(1990, 12, 31)) == []


# --- what stays untouched ------------------------------------------------------------------------


def test_a_draft_that_cannot_be_read_stands_in_nobodys_way(desk: Office) -> None:
    stream = draft_of("QQ", "1")
    spoilt = Draft(stream_id=stream, version=1, topic="line.drafted.v1", state=b"{]", event=None)
    metadata = Metadata(
        actor="mengzhu",
        role="POL",
        unit="370103",
        command_id=uuid4(),
        request_hash="5f" * 32,
        correlation_id=stream,
    )
    desk.house.log.append(Append(drafts=(spoilt,), expected={stream: 0}, metadata=metadata))
    desk.house.reference.refresh()

    assert [one.topic for one in desk.house.reference.parked()] == ["line.drafted.v1"]
    with pytest.raises(NotFound):
        desk.house.reference.lines.in_force("QQ", SINCE)
    assert desk.registered()


def test_running_affairs_know_nothing_of_a_draft(desk: Office) -> None:
    affair = desk.persuading()

    drafted(desk, version(since=date(2011, 7, 22)))
    desk.run(desk.persuasion(affair))

    assert desk.house.affairs.get(affair)[0].identity.line_version == "2011.1"
