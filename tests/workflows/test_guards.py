"""The vocabulary of guards: each holds where its docstring says, fails where not, and its example
is one that a line file may hold."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import yaml

from domain.actor import Actor, Role
from domain.affair.state import Joint
from domain.offering import Place
from domain.record import Field, Kind, Record
from tests.workflows.scenes import CALENDAR, CG, ME, NOON, THEY, Scene
from workflows.conditions import Unknown
from workflows.fields import Label
from workflows.guards import VOCABULARY, Ask, compiled
from workflows.line import QuestionSpec, RedoRule
from workflows.machine import CompiledLine

Written = str | Mapping[str, Any]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EXEMPT = CompiledLine(
    CG.spec.model_copy(
        update={
            "matters": {
                code: matter.model_copy(update={"return_visit": "exempt"})
                for code, matter in CG.spec.matters.items()
            },
            "redo": (RedoRule(to="dispatched", when=({"step_taken": ["G8"]},)),),
            "withdrawal_barred": ({"step_taken": ["G14"]},),
            "deemed_acceptance": False,
        }
    )
)

ASKING = CompiledLine(
    CG.spec.model_copy(
        update={
            "questions": tuple(
                QuestionSpec(name=name, label=Label(zh=name, en=name))
                for name in ("ownership", "planning")
            )
        }
    )
)


def scene(**changes: Any) -> Scene:
    return replace(Scene(matter="CG01", state="resolved", role=Role.CD), **changes)


def with_steps(*steps: str, by: str = THEY, **changes: Any) -> Scene:
    made = scene(**changes)
    made.done(*steps, by=by)
    return made


def with_attempts(*results: str, **changes: Any) -> Scene:
    made = scene(**changes)
    for result in results:
        made.done("G6", result=result)
    return made


def with_entries(*results: str, **changes: Any) -> Scene:
    made = scene(**changes)
    for result in results:
        made.noted("persuasion", result=result)
    return made


def with_visits(*visits: tuple[Any, ...], **changes: Any) -> Scene:
    made = scene(**{"entered_at": NOON - 5 * DAY, **changes})
    for visit in visits:
        made.visited(*visit)
    return made


def with_clock(*, due: timedelta, stopped: bool = False, calendar: str = "2011.1") -> Scene:
    made = scene()
    made.clock("disposal", due=due, stopped=stopped, calendar=calendar)
    return made


def with_work(*, unit: str = "", facts: dict[str, str] | None = None, **changes: Any) -> Scene:
    made = scene(unit=unit, facts=facts or {})
    made.work = replace(made.work, **changes)
    return made


def asked(written: Written, told: Scene, line: CompiledLine = CG, **facts: str) -> bool:
    """Ask a guard, written as in a file, with `facts` recorded by the step itself."""
    record = Record(tuple(Field(name, Kind.TEXT, value) for name, value in facts.items()))
    guard = compiled({written: True} if isinstance(written, str) else written)
    ask = Ask(told.affair(), told.actor, record, told.at, CALENDAR, line, frozenset(facts))
    return guard.holds(ask)


INEFFECTIVE = {"entry": "persuasion", "where": {"result": "ineffective"}, "count": 1}
THREE = {"count": 3, "days": 3, "bands": 2}
TRIED = [
    ("unreachable", 0, "none", 0, "morning"),
    ("unreachable", 0, "none", 24, "evening"),
    ("unreachable", 0, "none", 48, "morning"),
]
SAME_DAY = [("unreachable", 0, "none", hour, "morning") for hour in (0, 1, 2)]
WATCH = {"part": "attending", "whole": "members", "numerator": 2, "denominator": 3}

# A guard, a scene in which it holds, a scene in which it fails.
CASES: list[tuple[Written, Scene, Scene]] = [
    ({"matter_in": ["CG01", "CG02"]}, scene(), scene(matter="CG03")),
    ({"state_in": "resolved"}, scene(), scene(state="closed")),
    ({"contact_wish_is": "contact"}, scene(), scene(contact_wish="deceased")),
    ({"contact_wish_is_not": "contact"}, scene(contact_wish="none"), scene()),
    ("not_suspended", scene(), scene(suspended_at=NOON)),
    ("accepted", scene(accepted_at=NOON), scene()),
    ("suspension_left", scene(suspended_days=59), scene(suspended_days=60)),
    ("suspendable", scene(state="enforcing"), scene(state="handling")),
    ("referral_open", with_work(referral="370103008/cg"), scene()),
    ({"reopened_fewer_than": 2}, scene(round=1), scene(round=2)),
    ({"reopened_at_least": 2}, scene(round=2), scene(round=1)),
    ({"actor_role_is": ["CD", "SL"]}, scene(), scene(role=Role.FD)),
    ({"actor_is_not": "handler"}, with_steps("G1"), with_steps("G1", by=ME)),
    ({"actor_is_not": "registrar"}, scene(), scene(registered_by=ME)),
    (
        {"actor_is_not": "investigator"},
        scene(facts={"investigators": "li,wang"}),
        scene(facts={"investigators": f"li,{ME}"}),
    ),
    (
        {"actor_is_not": "proposer"},
        with_work(proposed_by="li"),
        with_work(proposed_by=ME),
    ),
    ({"actor_named": "account"}, scene(facts={"account": ME}), scene(facts={"account": "li"})),
    ({"actor_named": ["account"]}, scene(), scene(facts={"account": "li"})),
    ("supervision_proposed", with_work(proposed_by="li"), scene()),
    (
        {"actor_is_not": {"steps": ["G12", "G13"]}},
        with_steps("G1", by=ME),
        with_steps("G13", by=ME),
    ),
    (
        {"actor_is_not": {"fields": "checker"}},
        scene(facts={"checker": "li"}),
        scene(facts={"checker": ME}),
    ),
    (
        {"field_is": {"grade": ["yellow", "blue"]}},
        scene(facts={"grade": "blue"}),
        scene(facts={"grade": "red"}),
    ),
    ({"field_true": "eligible"}, scene(facts={"eligible": "yes"}), scene(facts={"eligible": "no"})),
    ({"field_reached": "starts_at"}, scene(facts={"starts_at": NOON.isoformat()}), scene()),
    (
        {"field_reached": "due"},
        scene(facts={"due": "2011-07-24"}),
        scene(facts={"due": "2011-07-25"}),
    ),
    ({"field_given": "hospital"}, scene(facts={"hospital": "x"}), scene()),
    (
        {"fields_differ": ["first", "second"]},
        scene(facts={"first": "li", "second": "wang"}),
        scene(facts={"first": "li", "second": "li"}),
    ),
    (
        {"none_recused": ["first", "second"]},
        with_work(recused=("zhao",), facts={"first": "li", "second": "wang"}),
        with_work(recused=("zhao", "wang"), facts={"first": "li", "second": "wang"}),
    ),
    ({"names_masked": "shown"}, scene(facts={"shown": "张*"}), scene(facts={"shown": "张桂芬"})),
    (
        {"names_masked": "shown"},
        scene(facts={"shown": "张**、李*"}),
        scene(facts={"shown": "张**、李四"}),
    ),
    ({"names_masked": "shown"}, scene(facts={"shown": "欧**"}), scene(facts={"shown": "欧阳*"})),
    ({"names_masked": "shown"}, scene(facts={"shown": "A*"}), scene(facts={"shown": "1*"})),
    ({"names_masked": "shown"}, scene(facts={"shown": "张*"}), scene()),
    (
        {"sum_at_most": {"part": "amount", "whole": "ceiling"}},
        scene(facts={"amount": "2000.00", "ceiling": "2000"}),
        scene(facts={"amount": "2000.01", "ceiling": "2000"}),
    ),
    ({"sum_at_most": {"part": "a", "whole": "b"}}, scene(facts={"a": "9", "b": "10"}), scene()),
    (
        {"sum_at_most": {"part": ["a", "b"], "whole": "c"}},
        scene(facts={"a": "6", "b": "4", "c": "10"}),
        scene(facts={"a": "6", "b": "5", "c": "10"}),
    ),
    (
        {"days_in_order": ["since", "until"]},
        scene(facts={"since": "2011-08-01", "until": "2011-08-01"}),
        scene(facts={"since": "2011-08-01", "until": "2011-07-31"}),
    ),
    ({"days_in_order": "since"}, scene(facts={"since": "2011-08-01"}), scene()),
    (
        {"share_at_least": WATCH},
        scene(facts={"attending": "6", "members": "9"}),
        scene(facts={"attending": "5", "members": "8"}),
    ),
    ({"entries_at_least": INEFFECTIVE}, with_entries("ineffective"), with_entries("effective")),
    # Written at noon: before the affair came into its state, or since.
    (
        {"entries_at_least": {**INEFFECTIVE, "in_state": True}},
        with_entries("ineffective", entered_at=NOON),
        with_entries("ineffective", entered_at=NOON + HOUR),
    ),
    (
        {"entries_at_least": {**INEFFECTIVE, "steps": ["G6"], "in_state": True}},
        with_attempts("ineffective"),
        with_attempts("effective"),
    ),
    (
        {"entries_at_least": {**INEFFECTIVE, "steps": ["G6"]}},
        with_attempts("ineffective", "effective", facts={"result": "effective"}),
        with_attempts("effective", "effective", facts={"result": "ineffective"}),
    ),
    (
        {"entries_at_least": {**INEFFECTIVE, "steps": ["G6"], "count": 2}},
        with_attempts("ineffective", "ineffective"),
        with_attempts("ineffective", "effective"),
    ),
    (
        {"entries_fewer_than": {**INEFFECTIVE, "count": 2}},
        with_entries("effective", "ineffective"),
        with_entries("ineffective", "ineffective"),
    ),
    (
        {"steps_at_least": {"steps": ["G6"], "where": {"result": "effective"}, "count": 1}},
        with_attempts("effective", "ineffective"),
        with_attempts("ineffective", facts={"result": "effective"}),
    ),
    (
        {"steps_fewer_than": {"steps": ["G6"], "where": {"result": "effective"}, "count": 1}},
        with_attempts("ineffective"),
        with_attempts("effective", "ineffective"),
    ),
    ({"steps_at_least": {"steps": ["G6"], "count": 1}}, with_steps("G6"), with_steps("G4")),
    (
        {"steps_fewer_than": {"steps": ["G4", "G6"], "count": 3}},
        with_steps("G4", "G6"),
        with_steps("G4", "G6", "G6"),
    ),
    ({"step_taken": ["G5", "G8"]}, with_steps("G8"), with_steps("G1")),
    ({"step_never_taken": "G8"}, with_steps("G1"), with_steps("G8")),
    (
        "no_open_joint_task",
        with_work(joint=(Joint(1, "hw", done=True),)),
        with_work(joint=(Joint(1, "hw", done=True), Joint(2, "cg"))),
    ),
    ("no_open_question", scene(), with_work(questions=("means_check",))),
    ({"answer_received": "means_check"}, with_work(answers=("means_check",)), scene()),
    (
        "supervision_open",
        with_work(orders=2, orders_answered=1),
        with_work(orders=1, orders_answered=1),
    ),
    ("clock_extendable", with_clock(due=DAY), with_clock(due=-HOUR)),
    ("clock_extendable", with_clock(due=DAY), with_clock(due=DAY, stopped=True)),
    ("level_above", scene(level="street"), scene(level="district")),
    (
        "referred_to_actor",
        with_work(referral="hw", unit="hw"),
        with_work(referral="hw", unit="cg"),
    ),
    ("supervision_reported", with_work(orders=2, orders_answered=2), scene()),
    (
        "supervision_reported",
        with_work(orders=1, orders_answered=1),
        with_work(orders=2, orders_answered=1),
    ),
    ({"rating_at_least": 3}, with_visits(("reached", 3)), with_visits(("reached", 2))),
    ({"rating_at_least": 3}, with_visits(("reached", 3), ("unreachable",)), scene()),
    ({"rating_at_most": 2}, with_visits(("reached", 2)), scene()),
    (
        {"finding_is": "rework_due"},
        with_visits(("reached", 1, "rework_due")),
        with_visits(("reached", 1, "lawfully_done")),
    ),
    (
        {"visit_outcome": "refused"},
        with_visits(("refused",)),
        with_visits(("refused",), ("reached", 5)),
    ),
    ({"contact_attempts": THREE}, with_visits(*TRIED), with_visits(*SAME_DAY)),
    (
        {"contact_attempts": THREE},
        with_visits(*TRIED),
        with_visits(*TRIED, ("reached", 1, "rework_due")),
    ),
    ({"clock_running": "disposal"}, with_clock(due=-HOUR), with_clock(due=HOUR, stopped=True)),
    ({"clock_expired": "disposal"}, with_clock(due=timedelta()), with_clock(due=HOUR)),
    ({"clock_expired": "disposal"}, with_clock(due=-HOUR), with_clock(due=-HOUR, stopped=True)),
    ({"within_clock": "disposal"}, with_clock(due=HOUR), with_clock(due=timedelta())),
    # While a year of the calendar is missing, nothing has run out.
    (
        {"clock_expired": "disposal"},
        with_clock(due=-HOUR),
        with_clock(due=-HOUR, calendar="2011.1+2012?"),
    ),
    (
        {"within_clock": "disposal"},
        with_clock(due=-HOUR, calendar="2011.1+2012?"),
        with_clock(due=-HOUR),
    ),
    (
        {"time_in_state_at_most": {"count": 4, "unit": "wh"}},
        scene(entered_at=NOON - 3 * HOUR),
        # 2011-07-22 is a Friday: four hours of work end on Monday at ten.
        scene(entered_at=NOON - 3 * DAY + 3 * HOUR),
    ),
    (
        {"time_in_state_at_least": {"count": 4, "unit": "wh"}},
        scene(entered_at=NOON - 3 * DAY + 3 * HOUR),
        scene(entered_at=NOON - 3 * HOUR),
    ),
    # Thirty days after the 22nd of June end on Friday the 22nd of July; a day later they end on
    # a Saturday, and so on Monday the 25th at 24:00.
    (
        {"time_since_day_at_least": {"day": "due", "count": 30, "unit": "d"}},
        scene(facts={"due": "2011-06-22"}),
        scene(facts={"due": "2011-06-23"}),
    ),
    (
        {"time_since_day_at_least": {"day": "due", "count": 1, "unit": "d"}},
        scene(facts={"due": "2011-07-21"}),
        scene(),
    ),
    # Seven days after Sunday the 17th end on Sunday the 24th, and so on Monday at 24:00.
    (
        {"notice_days_passed": 7},
        scene(entered_at=NOON - 10 * DAY),
        scene(entered_at=NOON - 8 * DAY),
    ),
    (
        {"notice_days_passed": {"count": 5, "unit": "wd"}},
        scene(entered_at=NOON - 10 * DAY),
        scene(entered_at=NOON - 7 * DAY),
    ),
    (
        {"days_since_closing_at_most": 30},
        scene(closed_at=NOON - 31 * DAY),
        scene(closed_at=NOON - 33 * DAY),
    ),
    ({"days_since_closing_at_most": 30}, scene(closed_at=NOON), scene(closed_at=None)),
    (
        {"time_since_registered_at_most": {"count": 5, "unit": "wd"}},
        scene(registered_at=NOON - 7 * DAY),
        scene(registered_at=NOON - 8 * DAY - DAY),
    ),
    (
        {"time_since_entry_at_least": {"entry": "persuasion", "count": 0, "unit": "h"}},
        with_entries("effective"),
        scene(),
    ),
    ({"all_of": ["no_open_question", {"matter_in": "CG01"}]}, scene(), scene(matter="CG02")),
    ({"any_of": ["referral_open", {"matter_in": "CG01"}]}, scene(), scene(matter="CG02")),
    ({"not": {"matter_in": "CG01"}}, scene(matter="CG02"), scene()),
]


@pytest.mark.parametrize(("written", "holding", "failing"), CASES, ids=range(len(CASES)))
def test_a_guard_holds_and_fails(written: Written, holding: Scene, failing: Scene) -> None:
    assert asked(written, holding)
    assert not asked(written, failing)


def test_the_line_is_asked_for_its_own_rules() -> None:
    assert asked("redo_possible", scene())
    assert asked("redo_possible", with_steps("G8"), EXEMPT)
    assert not asked("redo_possible", scene(), EXEMPT)
    assert asked("withdrawal_open", with_steps("G13"), EXEMPT)
    assert not asked("withdrawal_open", with_steps("G14"), EXEMPT)
    assert asked("question_left", with_work(questions=("ownership",)), ASKING)
    assert not asked("question_left", with_work(questions=("ownership", "planning")), ASKING)
    assert not asked("question_left", scene())
    assert asked("return_visit_exempt", scene(), EXEMPT)
    assert not asked("return_visit_exempt", scene())
    assert asked("deemed_acceptance", scene())
    assert not asked("deemed_acceptance", scene(), EXEMPT)


def test_every_guard_of_the_vocabulary_is_tried() -> None:
    tried = {next(iter(w)) if isinstance(w, dict) else w for w, _, _ in CASES}

    of_the_line = {
        *("redo_possible", "withdrawal_open", "return_visit_exempt", "deemed_acceptance"),
        "question_left",
    }
    # By what is told in the moment of the step: see test_days.
    by_birth = {"age_at_least", "age_below"}
    assert tried | of_the_line | by_birth | set(PLACED) == set(VOCABULARY)


def place(**changes: Any) -> Place:
    """What an affair has of an offering: nothing yet, and nothing is left."""
    told: dict[str, Any] = {"left": False, "first": False, "standby_left": False}
    return Place(**{"hold": "none", "cancelled": False, **told, **changes})


PLACED = {
    "place_left": (place(left=True), place()),
    "standby_left": (place(standby_left=True), place(left=True, standby_left=True)),
    "place_kept": (place(hold="offered"), place(hold="waiting")),
    "first_in_line": (place(hold="waiting", first=True), place(hold="waiting")),
    "offering_cancelled": (place(cancelled=True), place()),
    "not_barred": (place(barred_until=NOON), place(barred_until=NOON + HOUR)),
}
"""Guards of the place: one of which each holds, and one of which it fails."""


@pytest.mark.parametrize("name", PLACED)
def test_a_guard_of_the_place_holds_and_fails(name: str) -> None:
    guard, told = compiled({name: True}), scene()

    def holds(place: Place | None) -> bool:
        ask = Ask(told.affair(), told.actor, Record(), NOON, CALENDAR, CG, place=place)
        return guard.holds(ask)

    holding, failing = PLACED[name]
    assert holds(holding)
    assert not holds(failing)
    # An affair that names no offering is barred from none, and has none.
    assert holds(None) is (name == "not_barred")


def test_what_the_step_asks_for_counts_only_as_recorded_now() -> None:
    before = scene(facts={"eligible": "yes"})

    assert asked({"field_true": "eligible"}, before)
    assert not asked({"field_true": "eligible"}, before, eligible="no")


def test_an_earlier_round_does_not_count() -> None:
    affair = with_steps("G6", by=ME).affair()
    later = replace(affair, standing=replace(affair.standing, round=1))
    ask = Ask(later, scene().actor, Record(), NOON, CALENDAR, CG)

    assert not compiled({"steps_at_least": {"steps": ["G6"], "count": 1}}).holds(ask)
    assert compiled({"actor_is_not": "handler"}).holds(ask)
    assert compiled({"step_taken": ["G6"]}).holds(ask)


@pytest.mark.parametrize(
    "written",
    ["handler", "registrar", "investigator", {"steps": ["G1"]}, {"fields": "checker"}],
    ids=str,
)
def test_a_deputy_is_held_to_what_the_principal_did(written: object) -> None:
    did = with_steps(
        "G1", by=ME, registered_by=ME, facts={"investigators": ME, "checker": f"li,{ME}"}
    )
    principal = did.actor
    deputy = replace(principal, account="chenyan", deputy_for=principal.account)
    guard = compiled({"actor_is_not": written})

    def holds(actor: Actor) -> bool:
        return guard.holds(Ask(did.affair(), actor, Record(), NOON, CALENDAR, CG))

    assert not holds(deputy)
    assert holds(replace(deputy, deputy_for=""))
    assert holds(replace(deputy, deputy_for="suqing"))


def test_a_rating_from_before_the_affair_was_resolved_does_not_close_it() -> None:
    told = with_visits(("reached", 5))
    told.visits = [replace(told.visits[0], at=told.entered_at - HOUR)]

    assert not asked({"rating_at_least": 3}, told)


@pytest.mark.parametrize("name", sorted(VOCABULARY))
def test_the_example_of_its_docstring_can_be_written(name: str) -> None:
    read = yaml.safe_load(VOCABULARY[name].example)

    guard = compiled({read: True} if isinstance(read, str) else read)

    assert guard.name == name
    assert (VOCABULARY[name].holds.__doc__ or "")[0].isupper()


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ({"matters_in": ["CG01"]}, "no guard matters_in"),
        ({"reopened_fewer_than": "two"}, "guard reopened_fewer_than"),
        ({"reopened_fewer_than": -1}, "guard reopened_fewer_than"),
        ({"steps_fewer_than": {"steps": ["G4"]}}, "`count` is missing"),
        ({"steps_fewer_than": {"steps": ["G4"], "count": 1, "when": 1}}, "unknown key `when`"),
        ({"time_in_state_at_most": {"count": 4}}, "`unit` is missing"),
        ({"time_in_state_at_most": {"count": 4, "unit": "weeks"}}, "unknown unit `weeks`"),
        ({"no_open_question": 3}, "guard no_open_question"),
        ({"any_of": [{"nothing": 1}]}, "no guard nothing"),
        ({"field_true": "a", "field_given": "b"}, "one guard expected"),
        ({"field_is": {"rating": 2}}, "guard field_is"),
    ],
)
def test_a_guard_that_is_written_wrongly_is_refused(written: dict[str, Any], wrong: str) -> None:
    with pytest.raises(Unknown) as refused:
        compiled(written)

    assert wrong in refused.value.wrong
