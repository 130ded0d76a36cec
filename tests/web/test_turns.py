"""Whose turn it is: the very office whose step is next, as the table of each line has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.actor import Actor, Role
from domain.clock import local_day
from domain.organisation import OrganisationUnit
from projections.worklist import WorklistRow, worklist
from tests.builders import lines
from tests.projections.histories import story
from tests.projections.memory import Memory
from web.turns import HELPERS, Waits, waits_for
from web.words import words_of
from workflows.organisation import Organisation

STREET, COMMUNITY, AREA = "370103008", "370103008001", "370103008001-01"
SINCE = date(2011, 7, 1)
ROW: WorklistRow = replace(
    Memory(worklist, story().recorded[:2]).only(),
    community=COMMUNITY,
    area=AREA,
    lead_unit=COMMUNITY,
    assignee="linxiaohe",
    open=True,
    referral="",
)
TODAY = local_day(ROW.last_at)


def unit(
    code: str, kind: str, name: str, parent: str, *of: str, until: date | None = None
) -> OrganisationUnit:
    return OrganisationUnit(
        code=code, kind=kind, parent=parent, lines=of, names=((SINCE, name),), valid_to=until
    )


UNITS = (
    unit("370103", "district", "市中区", ""),
    unit("370103/mz", "department", "区民政局", "370103", "MZ", "YL"),
    unit("370103/wl", "department", "区文旅局", "370103", "WT"),
    unit("370103/jt", "department", "区教体局", "370103", "WT"),
    unit(STREET, "street", "二七新村街道", "370103"),
    unit("370103008/cg", "department", "城管科", STREET, "CG"),
    unit("370103008/dj", "department", "党建办", STREET, "DJ"),
    unit("370103008/mz", "department", "民政办", STREET, "MZ", "YL"),
    unit("370103008/cl", "department", "残联", STREET, "YL"),
    unit("370103008/old", "department", "旧城管科", STREET, "CG", until=date(2011, 7, 2)),
    unit("370103008/hw", "provider", "环卫所", STREET),
    unit(COMMUNITY, "community", "建新社区", STREET),
    unit(AREA, "area", "第一片区", COMMUNITY),
)


def turn(
    line: str, state: str, lead: str = COMMUNITY, *, units: tuple[OrganisationUnit, ...] = UNITS,
    language: str = "zh", matter: str = "", assignee: str = "linxiaohe",
) -> tuple[str, str]:  # fmt: skip
    """Where it is, and whose turn: by the version of the line that is the last of its file."""
    organisation, words = Organisation({one.code: one for one in units}), words_of(language)
    procedure = lines.of(line)[-1]
    assert state in procedure.states
    row = replace(
        ROW,
        line=line,
        matter=matter or next(iter(procedure.spec.matters)),
        state=state,
        lead_unit=lead,
        assignee=assignee,
    )
    waits = waits_for(row, procedure, organisation)
    return waits.where(organisation, words), waits.account or waits.whose(words)


@pytest.mark.parametrize(
    ("line", "state", "told"),
    [
        # Each by the row of its table: A4 to A6, B1, G9, K9.
        ("DJ", "verifying", ("党建办", "街道科室经办")),
        ("MZ", "registered", ("民政办", "街道科室经办")),
        ("CG", "filed", ("城管科", "街道科室经办")),
        ("YL", "approving", ("区民政局", "区部门经办、区部门负责人")),
        # B9, B10: the leader of the whole street, and the district's office.
        ("MZ", "proposed", ("二七新村街道、区民政局", "街道分管领导、区部门负责人")),
        # K3, K4: either of two offices, so as the line calls them.
        ("YL", "accepted", ("街道民政办、街道残联", "街道科室经办")),
        # No unit here is the office of these lines. M3: a supervisor is the whole district's.
        ("JS", "cross_checking", ("街道卫健办", "街道科室经办")),
        ("XF", "registered", ("街道信访办、物业办、市中区", "街道科室经办、督办员")),
    ],
)
def test_the_turn_is_that_of_the_office_that_can_act(
    line: str, state: str, told: tuple[str, str]
) -> None:
    assert turn(line, state) == told


def test_an_office_without_lines_of_its_own_is_for_all_that_no_other_names() -> None:
    more = (*UNITS, unit("370103008/gg", "department", "公共服务办", STREET))

    assert turn("LB", "certifying", units=more)[0] == "公共服务办、区人力资源社会保障局"
    assert turn("CG", "filed", units=more)[0] == "城管科"


def test_a_line_tells_of_its_office_in_the_readers_language() -> None:
    told = turn("YL", "accepted", language="en")

    office = "Street office of civil affairs and disabled persons' federation"
    assert told == (office, "street officer")


def test_where_a_whole_street_leads_it_is_its_office_of_the_line() -> None:
    assert turn("CG", "filed", STREET, assignee="") == ("城管科", "街道科室经办")
    # Somebody was given it there.
    assert turn("CG", "filed", STREET, assignee="zhenglan") == ("二七新村街道", "zhenglan")


def test_where_an_office_leads_it_is_its_turn_if_the_step_is_for_its_people() -> None:
    assert turn("CG", "handling", "370103008/cg", assignee="") == ("城管科", "街道科室经办")
    assert turn("CG", "handling", "370103008/hw", assignee="") == ("环卫所", "服务机构")
    # Nobody there has a step now: the district's office has.
    found = turn("YL", "approving", "370103008/mz", assignee="")
    assert found == ("区民政局", "区部门经办、区部门负责人")


def test_what_the_community_does_is_its_own_wherever_it_is_led() -> None:
    assert turn("CG", "registered") == ("建新社区", "linxiaohe")
    assert turn("CG", "registered", assignee="")[0] == "建新社区"


def test_nobody_has_the_turn_of_what_has_ended() -> None:
    organisation = Organisation({one.code: one for one in UNITS})

    assert waits_for(replace(ROW, open=False), lines.of("CG")[-1], organisation).places == ()


@pytest.mark.parametrize("waits", [Waits("", joint=("370103",)), Waits("370103")], ids=str)
def test_what_a_unit_was_asked_for_is_the_turn_of_who_can_answer(waits: Waits) -> None:
    def on(role: Role, unit: str = "370103") -> bool:
        return waits.on(Actor(account="x", role=role, unit=unit))

    assert on(Role.DL)
    assert on(Role.DO, "370103/mz")
    assert not on(Role.DO, "370104/mz")
    assert not any(map(on, (Role.AUD, Role.SUP, Role.POL, Role.ADM, Role.SEC)))


def test_who_answers_for_a_unit_is_who_the_lines_say() -> None:
    for line in lines.versions():
        for name in ("sign_in", "refuse_referral", "joint_done"):
            assert {*line.actions[name].spec.by} == HELPERS, (line.line, name)


@pytest.mark.parametrize("matter", ["MZ01", "YL01", "JS02", "LB02", "LB04"])
def test_a_notice_waits_for_who_submits_after_it_and_not_for_an_objection(matter: str) -> None:
    _, who = turn(matter[:2], "noticing", matter=matter)

    assert "社区主任" not in who
