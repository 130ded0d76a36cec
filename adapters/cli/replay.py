"""`tenlines replay`: every event of an affair in order, and the state they make."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from adapters.cli import telling
from adapters.cli.district import opened, page_of
from adapters.cli.output import as_json, note, table, tell
from adapters.cli.refusals import sentence
from adapters.cli.times import moment, shown
from adapters.cli.words import language, say

if TYPE_CHECKING:
    from adapters.event_store import StoredRow
    from adapters.house import House
    from domain.affair.state import Affair
    from domain.errors import Unreadable
    from domain.log import Recorded
    from projections.affair_page import AffairPageRow


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

    unread: list[Unread] = []
    with opened(context) as house:
        page = page_of(house, affair)
        recorded = house.history.batch(
            house.log.read_stream(page.affair_id), lambda row, why: unread.append(Unread(row, why))
        )
        events = chosen(recorded, as_of, as_known_at)
        # When an unread event occurred is not known: it is told wherever it was known.
        unread = [u for u in unread if as_known_at is None or u.row.recorded_at <= as_known_at]
        # Beyond what cannot be read, nothing can be said of the state.
        state = None if unread else project(None, (seen.event for seen in events))
        labels = Labels(house, page)
    if json:
        as_json(
            {
                "affair_id": str(page.affair_id),
                "number": page.number,
                "as_of": telling.plain(as_of),
                "as_known_at": telling.plain(as_known_at),
                "events": [telling.event_of(seen) for seen in events],
                "unread": [one.told() for one in unread],
                "state": telling.plain(state),
            }
        )
    else:
        _events(f"{page.number} · {page.affair_id}", events, unread, labels)
        for one in unread:
            note(sentence(one.why, language()))
        if state is not None:
            _state(state, labels)
        elif not unread:
            tell(say("当时尚未登记。", "It had not been registered then."))
    if unread:
        raise typer.Exit(1)


class Unread(NamedTuple):
    """An event that cannot be read, and why."""

    row: "StoredRow"
    why: "Unreadable"

    def told(self) -> dict[str, Any]:
        """What is known of it without its content."""
        return {
            "position": self.row.position,
            "version": self.row.version,
            "topic": self.row.topic,
            "recorded_at": telling.plain(self.row.recorded_at),
            "because": self.why.because,
        }

    def cells(self) -> tuple[str, ...]:
        """Its row, in its place: what it says is not known, nor the state from there on."""
        row = self.row
        says = say(
            "✗ 无法读取；自此往后的状态不明", "✗ cannot be read; the state is not known from here"
        )
        return (str(row.version), "?", shown(row.recorded_at), "?", row.topic, says, "?")


def _events(title: str, events: "list[Recorded]", unread: "list[Unread]", labels: "Labels") -> None:
    rows = {seen.version: _told(seen, labels) for seen in events}
    rows |= {one.row.version: one.cells() for one in unread}
    table(
        title,
        ("序", "发生", "记录", "何人", "何事", "内容", "时钟")
        if language() == "zh"
        else ("#", "happened", "recorded", "who", "what", "says", "clocks"),
        (rows[version] for version in sorted(rows)),
    )


def _told(seen: "Recorded", labels: "Labels") -> tuple[str, ...]:
    return (
        str(seen.version),
        shown(telling.occurred(seen)),
        shown(seen.recorded_at),
        f"{seen.metadata.actor} ({seen.metadata.role})",
        labels.event(seen.event),
        telling.gist(seen.event),
        telling.clocks_of(seen.event),
    )


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

    def __init__(self, house: "House", page: "AffairPageRow") -> None:
        self._states: dict[str, str] = {}
        self._steps: dict[str, str] = {}
        self._clocks: dict[str, str] = {}
        zh = language() == "zh"
        line = house.reference.lines.version(page.line, page.line_version).spec
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
