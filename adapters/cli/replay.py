"""`tenlines replay`: every event of an affair in order, and the state they make."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from adapters.cli import telling
from adapters.cli.district import opened
from adapters.cli.output import as_json, table, tell
from adapters.cli.times import moment, shown
from adapters.cli.words import language, say

if TYPE_CHECKING:
    from adapters.house import House
    from domain.affair.state import Affair
    from domain.log import Recorded


def replay(
    context: typer.Context,
    affair: Annotated[
        str,
        typer.Argument(help=say("事务编号，如 CG-2011-0001，或 id", "number of the affair, or id")),
    ],
    as_of: Annotated[
        datetime | None,
        typer.Option(
            parser=moment,
            metavar="TIME",
            help=say(
                "只看到该时刻为止发生的；只写日期即当日结束（北京时间）",
                "what had happened by then; a bare day means its end, Asia/Shanghai",
            ),
        ),
    ] = None,
    as_known_at: Annotated[
        datetime | None,
        typer.Option(
            parser=moment,
            metavar="TIME",
            help=say("只看到该时刻为止已记录的", "what had been recorded by then"),
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help=say("输出 JSON", "print JSON"))] = False,
) -> None:
    """Every event with who and when, and the state folded from them. Personal values masked."""
    from adapters.history import as_of as chosen
    from domain.affair.evolve import project

    with opened(context) as house:
        affair_id = _id(house, affair)
        recorded = house.history.stream(affair_id)
        events = chosen(recorded, as_of, as_known_at)
        state = project(None, (seen.event for seen in events))
        number = recorded[0].event.number
        if json:
            as_json(_told(affair_id, number, as_of, as_known_at, events, state))
            return
        labels = Labels(house, state)
    zh = language() == "zh"
    columns = (
        ("序", "发生", "记录", "何人", "何事", "内容", "时钟")
        if zh
        else ("#", "happened", "recorded", "who", "what", "says", "clocks")
    )
    table(
        f"{number} · {affair_id}",
        columns,
        (
            (
                str(seen.version),
                shown(telling.occurred(seen)),
                shown(seen.recorded_at),
                f"{seen.metadata.actor} ({seen.metadata.role})",
                labels.event(seen.event),
                telling.gist(seen.event),
                telling.clocks_of(seen.event),
            )
            for seen in events
        ),
    )
    if state is None:
        tell(say("当时尚未登记。", "It had not been registered then."))
    else:
        _state(state, labels)


def _id(house: "House", affair: str) -> UUID:
    from workflows.rights import EVERYWHERE

    try:
        key: UUID | str = UUID(affair)
    except ValueError:
        key = affair
    return house.queries.affair(EVERYWHERE, key).affair_id


def _told(
    affair_id: UUID,
    number: str,
    as_of: datetime | None,
    as_known_at: datetime | None,
    events: "list[Recorded]",
    state: "Affair | None",
) -> dict[str, Any]:
    return {
        "affair_id": str(affair_id),
        "number": number,
        "as_of": telling.plain(as_of),
        "as_known_at": telling.plain(as_known_at),
        "events": [telling.event_of(seen) for seen in events],
        "state": telling.plain(state),
    }


def _state(state: "Affair", labels: "Labels") -> None:
    standing = state.standing
    running = "; ".join(
        f"{labels.clock(clock.name)} {shown(clock.due_at)}"
        for clock in state.clocks
        if clock.running
    )
    visit = state.last_visit()
    for zh, en, value in (
        ("状态", "state", labels.state(standing.state)),
        ("层级", "level", standing.level),
        ("主办", "leads", standing.lead_unit),
        ("期限（最早逾期的时刻）", "due (the first late instant)", running or "—"),
        ("重办次数", "reopened", str(standing.round)),
        ("回访评价", "rating", str(visit.rating) if visit and visit.rating else "—"),
    ):
        tell(say(f"{zh}：{value}", f"{en}: {value}"))


class Labels:
    """Names of states, steps and clocks in the terminal's language, beside their codes."""

    def __init__(self, house: "House", state: "Affair | None") -> None:
        self._states: dict[str, str] = {}
        self._steps: dict[str, str] = {}
        self._clocks: dict[str, str] = {}
        if state is None:
            return
        identity, zh = state.identity, language() == "zh"
        line = house.reference.lines.version(identity.line, identity.line_version).spec
        for known, named in (
            (self._states, line.all_states().items()),
            (self._steps, ((step.id, step.label) for step in line.all_transitions())),
            (self._steps, ((entry.name, entry.label) for entry in line.all_entries())),
            (self._clocks, ((clock.name, clock.label) for clock in line.all_clocks())),
        ):
            known.update((code, label.zh if zh else label.en) for code, label in named)

    def state(self, code: str) -> str:
        """`checking 核查`."""
        return " ".join(filter(None, (code, self._states.get(code, ""))))

    def clock(self, name: str) -> str:
        """`checking 核查`."""
        return " ".join(filter(None, (name, self._clocks.get(name, ""))))

    def event(self, event: Any) -> str:
        """`step_taken G16 核查结案`."""
        code = getattr(event, "step", "") or getattr(event, "entry", "")
        return " ".join(filter(None, (telling.name_of(event), code, self._steps.get(code, ""))))
