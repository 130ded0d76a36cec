"""Every view: live rows equal the rebuilt ones and what the folds say one event at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain.errors import ViewOutdated
from domain.line import CalendarImported, LinePublished
from domain.log import Recorded
from domain.organisation import AreaAssigned, UnitRegistered
from projections.audit import audit_trail
from projections.catalogue import ALL
from projections.satisfaction import affair_facts
from projections.visits import visit_facts
from tests.adapters.projector.conftest import Opens
from tests.adapters.projector.district import FOLLOWING, District, moved
from tests.projections.histories import AREA, COMMUNITY, Log, staff, story
from tests.projections.lives import logs
from tests.projections.memory import Memory

DAY = date(2011, 7, 1)
AT = datetime(2011, 7, 1, 8, tzinfo=UTC)


def with_the_house(log: Log) -> Log:
    """Visits and what is not an affair, after the affairs."""
    log.visit("07-20 09:00")
    log.visit("07-20 09:00", light="green", counted=False)
    log.add(
        UUID(int=0xC1),
        UnitRegistered(
            code=AREA, kind="area", name="三片", parent=COMMUNITY, lines=(), valid_from=DAY
        ),
    )
    log.add(UUID(int=0xC1), AreaAssigned(code=AREA, worker="linxiaohe", valid_from=DAY))
    log.add(
        UUID(int=0xC2),
        LinePublished(
            code="CG",
            version="2011.1",
            valid_from=DAY,
            valid_to=None,
            definition="{}",
            by="luwen",
            occurred_at=AT,
        ),
    )
    log.add(
        UUID(int=0xC3),
        CalendarImported(
            year=2011,
            version="2011.1",
            holidays=(DAY,),
            workdays=(),
            source="国办发明电〔2010〕40号",
            by="sunkai",
            occurred_at=AT,
        ),
    )
    return staff(log)


@st.composite
def interleaved(draw: st.DrawFn) -> list[Recorded]:
    """A history in which the affairs go on by turns."""
    streams: dict[UUID, list[Recorded]] = {}
    for seen in with_the_house(draw(logs(events=10))).recorded:
        streams.setdefault(seen.stream_id, []).append(seen)
    waiting = list(streams.values())
    told = []
    while waiting:
        stream = waiting[draw(st.integers(0, len(waiting) - 1))]
        told.append(stream.pop(0))
        if not stream:
            waiting.remove(stream)
    return moved(told)


def cut(draw: st.DataObject, told: Sequence[Recorded]) -> list[Sequence[Recorded]]:
    """The history in batches of any size."""
    places = sorted(draw.draw(st.sets(st.integers(1, len(told)), max_size=4)))
    return [told[start:end] for start, end in zip([0, *places], [*places, len(told)], strict=True)]


def test_live_rows_are_the_rebuilt_ones_after_any_history(district: District) -> None:
    @settings(
        max_examples=10,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
    )
    @given(interleaved(), st.data())
    def agrees(told: list[Recorded], draw: st.DataObject) -> None:
        for batch in cut(draw, told):
            district.record(batch)
            if draw.draw(st.booleans()):
                district.follower.step()
        district.follow()
        live = {view.name: district.contents(view) for view in ALL}

        for view in ALL:
            district.rebuild(view)

            assert district.contents(view) == live[view.name], view.name

    agrees()

    whole = district.recorded()
    for view in ALL:
        memory = Memory(view, whole)
        rows, sums = district.contents(view)
        assert district.rows(view) == memory.rows, view.name
        assert len(rows) == len(memory.rows)
        assert {tuple(key): number for *key, number in sums} == dict(memory.tally), view.name
    assert district.follower.parked() == []


def test_a_batch_may_end_anywhere(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    district.record(story().recorded)
    monkeypatch.setattr("adapters.projector.follower.BATCH", 3)
    monkeypatch.setattr("adapters.projector.rebuild.BATCH", 5)
    monkeypatch.setattr("adapters.projector.rebuild.KEPT_ROWS", 1)

    district.follow()

    for view in ALL:
        live = district.contents(view)
        assert district.rows(view) == Memory(view, district.recorded()).rows
        district.rebuild(view)
        assert district.contents(view) == live


def test_a_view_that_begins_late_reads_the_log_from_its_beginning(opens: Opens) -> None:
    early = opens(following=(audit_trail, visit_facts))
    early.record(with_the_house(story()).recorded)
    early.follow()

    late = opens()
    assert late.follower.position() == 0
    late.follow()

    for view in FOLLOWING:
        assert late.rows(view) == Memory(view, late.recorded()).rows
    # What was level already is not folded again.
    assert {number for *_, number in late.contents(visit_facts)[1]} == {1}


def test_nothing_is_folded_into_a_view_of_another_version(opens: Opens) -> None:
    before = opens()
    before.record(with_the_house(story()).recorded)
    before.follow()
    ours = visit_facts.version
    changed = replace(visit_facts, version=ours + 1)

    after = opens(following=(audit_trail, affair_facts, changed))
    after.record(moved(story().recorded))
    contents, position = before.contents(visit_facts), after.follower.position()

    with pytest.raises(ViewOutdated) as refused:
        after.follower.step()
    told = (refused.value.view, refused.value.stored, refused.value.ours)
    assert told == ("visit_facts", ours, ours + 1)
    assert (after.contents(visit_facts), after.follower.position()) == (contents, position)

    # Built anew by the one, it takes nothing more from the other.
    after.rebuild(changed)
    with pytest.raises(ViewOutdated):
        before.follower.step()
    after.follow()
    assert after.rows(changed) == Memory(changed, after.recorded()).rows


def test_the_position_is_that_of_the_view_that_is_furthest_behind(district: District) -> None:
    assert district.follower.position() == 0
    district.record(story().recorded)

    district.rebuild(FOLLOWING[0])

    assert district.follower.position() == 0
    district.follow()
    assert district.follower.position() == district.log.head()


def test_waiting_for_a_position(district: District) -> None:
    district.record(story().recorded)
    head = district.log.head()

    assert not district.follower.wait_for(head, timeout=0.0)
    district.follow()
    assert district.follower.wait_for(head, timeout=5.0)
    assert not district.follower.wait_for(head + 1, timeout=0.0)
