"""Both languages are complete, and every word that is asked for is there."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from string import Formatter
from typing import get_args, get_type_hints

import pytest
import yaml

import workflows.guards  # noqa: F401  (enters its guards in the vocabulary)
from adapters.settings import RATES
from domain.account.decide import CREDENTIALS, PLACES
from domain.actor import Role
from domain.affair.decide import SOURCES, WISHES
from domain.affair.neutral import ACTIONS
from domain.clock import SHANGHAI, ClockKind, Unit
from domain.missing import Count
from domain.record import Kind
from domain.topics import TOPICS
from tests.builders.affairs import CG
from tests.web.district import at
from web.account_forms import NAMES, RIGHTS
from web.forms import SHAPED
from web.intake import OCCURRED, OWN
from web.offering_forms import DEEDS
from web.pages.accounts import Kind as AccountKind
from web.pages.audit import FIELDS as AUDITED
from web.pages.case import PARTS
from web.pages.door_journal import KINDS
from web.pages.facts import PEOPLE, SHOWN
from web.pages.frame import LINES, MODULES
from web.pages.history import COMPARED
from web.pages.relations import HOW
from web.pages.rights import REACHES
from web.pages.tallies import KEYS
from web.pages.units import FIELDS
from web.preferences import THEMES
from web.problems import HTTP_CODES
from web.reasons import reason, sentence
from web.trails import THINGS
from web.words import LOCALE, catalogue, preferred, words_of
from workflows import clockspec, fields
from workflows import line as line_shapes
from workflows.allowed import Reach
from workflows.conditions import VOCABULARY
from workflows.foundations import CODES
from workflows.rights import MATRIX


def keys_of_lines() -> set[str]:
    """Every key that can stand in a line file, but those of guards and of values."""
    shapes = [
        one
        for module in (line_shapes, clockspec, fields)
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, fields.Written)
    ]
    values = (fields.Written, clockspec.Limit, clockspec.LimitCase, clockspec.Until)
    return {
        field.alias or name
        for shape in shapes
        if shape not in (*values, line_shapes.Validity)
        for name, field in shape.model_fields.items()
    } - {"common"}


WEB = LOCALE.parent
ROOT = WEB.parent
ZH, EN = catalogue("zh"), catalogue("en")

NEGATED = {
    part.name
    for way in (*CG.steps.values(), *CG.entries.values(), *CG.actions.values())
    for guard in (*way.before, *way.after)
    for outer in guard.parts()
    if outer.name == "not"
    for part in outer.parameter
}
"""Guards that a line asks not to hold."""

PARTS_OF_LINES = {*keys_of_lines(), "order", "added", "gone", "changed", "line", "shared"}
"""What two versions can say differently."""

FAMILIES = {
    "right": yaml.safe_load(MATRIX.read_text("utf-8"))["actions"],
    "role": [role.value for role in Role],
    "guard": [name for name in VOCABULARY if name not in ("all_of", "any_of", "not")],
    "guard.not": NEGATED,
    "tl": ["photos", "papers"],
    "form.parts": ["fields", "files"],
    "event": [
        topic.split(".")[1]
        if topic.startswith(("affair.", "account."))
        else topic.rpartition(".")[0]
        for topic in TOPICS
    ],
    "keys": ["next", "previous", "open", "pick"],
    "keys.does": ["find", "register", "next", "previous", "open", "pick", "step"],
    "audit.thing": THINGS,
    "audit.field": AUDITED,
    "source": SOURCES,
    "line": LINES,
    "limit": [unit.value for unit in Unit],
    "level": ["community", "street", "district"],
    "retention": ["10", "30", "permanent"],
    "rating": list("12345"),
    "colour": ["yellow", "red", "timer"],
    "nav": [module.name for module in MODULES],
    "clock": [kind.value for kind in ClockKind],
    "mark": ["accepted", "clock_stop", "referred"],
    "states": ["open", "ended"],
    "happening": [
        "state",
        "entry",
        "question",
        "answer",
        "accepted",
        "clock_stop",
        "ended",
        "reopened",
        "register",
    ],
    "told": [
        *("rating_at_least", "rating_at_most", "field_is", "field_true", "field_given"),
        *("finding_is", "visit_outcome", "share_at_least", "field_reached", "matter_in"),
        *("contact_wish_is", "contact_wish_is_not"),
    ],
    "told.not": [
        *("rating_at_least", "field_is", "field_given", "field_true", "matter_in"),
        *("field_reached", "entries_at_least", "question_left"),
    ],
    "visit": ["required", "exempt"],
    "theme": THEMES,
    "unit": [*CODES, "name", "worker", "code", "valid_from", "valid_to"],
    "unit.do": FIELDS,
    "unit.done": FIELDS,
    "conditions": [
        "in_state",
        "handler",
        "registrar",
        "proposer",
        "investigator",
        "contact",
        "lawfully_done",
        "rework_due",
        "refused",
        "reached",
        "unreachable",
    ],
    "problem.next": [
        "401",
        "403",
        "404",
        "405",
        "409",
        "410",
        "412",
        "413",
        "415",
        "422",
        "429",
        "500",
        "503",
    ],
    "weekday": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    "problem": ["refused", *(key for _, key in HTTP_CODES.values())],
    "list.title": ["open", "ended", "all"],
    "view": ["open", "ended", "all"],
    "group": ["late", "today", "ok", "stop"],
    "tally": KEYS,
    "filter": KEYS,
    "list.empty": KEYS,
    "affair": PARTS,
    "fact": {*COMPARED, *SHOWN, *PEOPLE},
    "timeline": ["all", "public", "internal"],
    "materials": ["picture", "paper"],
    "relations": HOW,
    "history": ["as_of", "as_of.hint", "as_known_at", "as_known_at.hint"],
    "acc.do": RIGHTS,
    "acc.about": RIGHTS,
    "acc.done": RIGHTS,
    "acc.way": CREDENTIALS,
    "acc.place": [role.value for role in PLACES],
    "acc.field": [
        "account",
        "account.help",
        "name",
        "reason",
        "valid_from",
        "valid_until",
        "until.help",
        "until.deputy",
        "of",
        "unit",
        "lines",
        "lines.help",
    ],
    "acc": ["in_force", "to_come", "over"],
    "deed": [*NAMES.values(), *DEEDS.values(), "reveal"],
    "off.title": ["coming", "past"],
    "off.show": ["coming", "past"],
    "off.empty": ["coming", "past"],
    "off.standing": ["open", "full", "begun", "over", "cancelled"],
    "off.do": DEEDS,
    "off.done": DEEDS,
    "off.about": DEEDS,
    "off.field": [
        "matter",
        "unit",
        "unit.help",
        "title",
        "title.help",
        "venue",
        "starts_at",
        "ends_at",
        "capacity",
        "standby",
        "standby.help",
        "reason",
        "reason.help",
    ],
    "reveal": ["fields", "fields.help", "reason", "reason.help", "note", "note.help"],
    "reveal.missing": ["fields", "reason"],
    "acc.kind": get_args(AccountKind),
    "acc.find": get_args(AccountKind),
    "cell": [*REACHES, "l"],
    "cell.say": [*REACHES, "l"],
    "factor": ["password.wrong", "old.wrong", "code.wrong"],
    "reach": [reach.value for reach in Reach],
    "because": ["state", "role", "right", "matter_in", "recused"],
    "door": KINDS,
    "door.why": [
        "password",
        "password+factor",
        "identity",
        "identity+factor",
        "too many tries",
        "no factor",
        "wrong",
        "over",
        "unknown",
        "ended",
        "no role",
        "token",
        "origin",
        "not linked",
        "everywhere",
        "elsewhere",
        "state",
        "claims",
        "provider",
        "unlinked",
        "no right",
        "out of reach",
        "no reason",
        *RATES,
    ],
    "method": ["password", "factor", "identity", "issued"],
    "session": ["browser", "token"],
    "invitation.password": ["short", "long", "simple", "common", "personal", "breached"],
    "invitation": ["again.different", "code.wrong"],
    "action": list(ACTIONS),
    "needs": [*get_args(get_type_hints(Count)["limit"]), "details", "until", "none"],
    "measure": ["times", "days", "bands", "points", "members"],
    "name": ["step", "entry", "action"],
    "form.missing": ["write", "choose", "add"],
    "form.because": ["date", "instant", "reference"],
    "form.kind": SHAPED,
    "form.this": ["steps", "entries", "actions"],
    "intake": [spec.name for spec in (*OWN, OCCURRED)],
    "intake.part": ["choose", "answer", "review"],
    "wish": WISHES,
    "specification": ["done", "late", "hold"],
    "version.late": ["both", "was", "would"],
    "differ": PARTS_OF_LINES,
    "differ.kind": [*Kind, "step", "reopen", "archive"],
    "differ.command": ["register", "entry", "action"],
    "differ.filled": ["starts_at", "ends_at"],
}
"""Keys that are put together when they are asked for: the family, and every member of it."""

TOLD_BY = ("invalid", "fact")
"""Families whose members stand elsewhere as plain words."""


def test_both_catalogues_have_the_same_keys() -> None:
    assert ZH.keys() == EN.keys()


@pytest.mark.parametrize("key", sorted(ZH))
def test_a_text_has_the_same_blanks_in_both_languages(key: str) -> None:
    assert ZH[key].strip()
    assert EN[key].strip()
    assert blanks(ZH[key]) == blanks(EN[key])
    assert not re.search(r"[\u4e00-\u9fff]", EN[key]) or key == "language"


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name} - {"count"}


def test_every_member_of_a_family_has_its_words() -> None:
    wanted = {f"{family}.{member}" for family, members in FAMILIES.items() for member in members}

    assert wanted - ZH.keys() == set()


def test_every_word_that_is_asked_for_is_there_and_no_other() -> None:
    asked = {key for path in sources() for key in named(path.read_text("utf-8"))}
    families = {f"{family}.{one}" for family, members in FAMILIES.items() for one in members}

    missing = {key for key in asked if looks_like_a_key(key)} - ZH.keys()
    unasked = {
        key
        for key in ZH.keys() - asked - families
        if key.removesuffix(".one") not in asked | families
        and key.removesuffix(".detail") not in families
        and not key.startswith(TOLD_BY)
    }

    assert missing == set()
    assert unasked == set()


def sources() -> list[Path]:
    return [*WEB.rglob("*.py"), *(WEB / "templates").glob("*.html")]


def named(text: str) -> set[str]:
    """Texts in quotes."""
    return set(re.findall(r"""["']([a-z_]+(?:\.[A-Za-z0-9_]+)*)["']""", text))


def looks_like_a_key(text: str) -> bool:
    """Whether a text in quotes can only be a key: its family is one of ours."""
    family = text.partition(".")[0]
    file = text.endswith((".html", ".css", ".svg"))
    return (
        not file and "." in text and family in {key.partition(".")[0] for key in ZH if "." in key}
    )


# --- reasons -----------------------------------------------------------------------------------


def english_reasons() -> set[str]:
    """The short English reasons that decisions give, blanks filled with a sign."""
    found = set()
    for path in (
        "domain/visit.py",
        "domain/reads.py",
        "domain/account/decide.py",
        *(f"domain/affair/{name}.py" for name in ("decide", "neutral", "correcting")),
        "workflows/fields.py",
        "workflows/machine.py",
        "domain/offering.py",
        "workflows/booking.py",
        "workflows/handlers.py",
        "workflows/foundations.py",
        "workflows/drafting.py",
        "workflows/organisation.py",
        "workflows/desk.py",
        *(f"web/api/{path.name}" for path in (WEB / "api").glob("*.py")),
        "web/pages/filters.py",
        "web/posted.py",
        "web/ending.py",
        "adapters/door/preferences.py",
        "adapters/attachments/media.py",
        "adapters/attachments/store.py",
    ):
        for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                at = {"Wrong": 0, "FieldInvalid": 2, "StepNotOpen": 1}.get(node.func.id)
                if node.func.id in ("Malformed", "NotPermittedNow", "AttachmentRefused"):
                    at = 1
                if at is not None and len(node.args) > at:
                    found |= {filled(node.args[at])} - {""}
    return found


def filled(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(
                str(part.value) if isinstance(part, ast.Constant) else blank(part) for part in parts
            )
        case _:
            return ""


def blank(part: ast.expr) -> str:
    """A number where the format says so or a limit is meant, else a name."""
    source = ast.unparse(part)
    if ":04X" in source:
        return "0000"
    limits = ("limit_bytes", "PIXELS", "MOST", "LONGEST", "longest", "spec.m", "least", "most")
    return "12" if any(name in source for name in limits) else "something"


def test_every_reason_has_its_chinese() -> None:
    reasons = english_reasons()

    assert len(reasons) > 30
    zh = words_of("zh")
    assert {one for one in reasons if sentence(one, zh) == one} == set()


def test_a_reason_without_chinese_is_caught() -> None:
    assert sentence("the moon is full", words_of("zh")) == "the moon is full"


@pytest.mark.parametrize(
    ("because", "zh", "en"),
    [
        ("state", "事务当前的状态不能办这一步。", "The affair's state does not offer this."),
        ("no_open_joint_task", "须满足：协办均已完成", "needed: every joint task is done"),
        (
            "not: referral_open",
            "须满足：没有转办待签收",
            "needed: no referral is open",
        ),
        (
            "any_of: finding_is, not: redo_possible",
            "须满足其一：回访认定符合规定；本事项不能重办",
            "one of these is needed: the return visit found",
        ),
        ("suspended already", "已挂起", "suspended already"),
    ],
)
def test_what_is_in_the_way_is_said_in_words(because: str, zh: str, en: str) -> None:
    assert reason(because, words_of("zh")) == zh
    assert reason(because, words_of("en")).startswith(en)


# --- dates -------------------------------------------------------------------------------------


def test_dates_are_said_in_full_and_midnight_is_the_day_before() -> None:
    zh, en = words_of("zh"), words_of("en")

    assert zh.moment(at("07-22 10:05")) == "2011年7月22日 10:05"
    assert en.moment(at("07-22 10:05")) == "22 July 2011, 10:05"
    assert zh.deadline(at("07-27 00:00")) == "2011年7月26日 24:00"
    assert en.deadline(at("07-27 00:00")) == "26 July 2011, 24:00"
    assert zh.deadline(at("07-25 14:00")) == "2011年7月25日 14:00"
    assert zh.weekday(at("07-25 09:00")) == "周一"
    assert at("07-25 09:00").tzinfo is SHANGHAI


def test_one_is_said_as_one() -> None:
    assert words_of("en").counted("limit.wd", 1) == "1 working day"
    assert words_of("en").counted("limit.wd", 2) == "2 working days"


@pytest.mark.parametrize(
    ("accept", "language"),
    [("", None), ("*", None), ("en", "en"), ("zh-Hans-CN", "zh"), ("en;q=0.1,zh;q=0.2", "zh")],
)
def test_the_best_of_the_two_is_taken(accept: str, language: str | None) -> None:
    assert preferred(accept) == language


def test_catalogues_are_written_key_by_key() -> None:
    for language in ("zh", "en"):
        pairs = json.loads((LOCALE / f"{language}.json").read_text("utf-8"), object_pairs_hook=list)
        assert len({key for key, _ in pairs}) == len(pairs)
