"""Looking at masked values in clear: asked for with a reason, recorded, then seen."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from pytest_bdd import parsers, then, when

from domain.commands import Reveal
from domain.reads import reads_of
from tests.steps.affair import WHO
from tests.steps.people import Table
from tests.steps.time import MOMENT, WHEN, told
from tests.steps.world import World
from web.reveal import hidden, label, reason_of
from web.telling import Teller
from web.words import words_of
from workflows.masks import policy

FIELDS = {"反映人": "applicant", "电话": "telephone", "地址": "address"}
REASONS = {reason.zh: code for code, reason in policy().reasons.items()}
ZH = words_of("zh")


@when(parsers.re(f"{WHO}于{MOMENT}查看(?P<fields>.+)的明文"), converters=WHEN)
def look(
    world: World,
    who: str,
    moment: datetime,
    fields: str,
    datatable: Table | tuple[()] = (),
) -> None:
    """Somebody asks for it. Rows are 事由 and 说明."""
    said = dict(datatable)
    world.at(moment)
    world.attempt(
        Reveal(
            **world.asked(who),
            affair_id=world.affair_id,
            fields=tuple(FIELDS[one] for one in fields.split("、")),
            reason=REASONS[said["事由"]] if "事由" in said else "",
            note=said.get("说明", ""),
        )
    )


@then(parsers.re(f"{WHO}看到的明文为"))
def seen(world: World, who: str, datatable: Table) -> None:
    """What is shown after the look was recorded: the fields of its record, no other."""
    world.settled()
    asked = world.command
    assert isinstance(asked, Reveal)
    teller = Teller(cast(Any, world.house), ZH, world.person(who))
    there = hidden(teller, world.line, world.history())
    shown = [[label(one, ZH), there[one][-1].clear] for one in asked.fields]
    assert shown == datatable


@then("明文查看记录为")
def recorded(world: World, datatable: Table) -> None:
    """All looks at this affair; the head is 时间, 人员, 内容, 事由."""
    rows = [
        [
            told(seen.event.occurred_at),
            world.name_of(seen.metadata.actor),
            "、".join(label(one, ZH) for one in seen.event.fields),
            reason_of(seen.event.reason, ZH),
        ]
        for seen in world.house.history.stream(reads_of(world.affair_id))
    ]
    assert [["时间", "人员", "内容", "事由"], *rows] == datatable


@then("没有人查看过明文")
def nobody(world: World) -> None:
    """No look at this affair is recorded."""
    assert world.house.history.stream(reads_of(world.affair_id)) == []
