"""What a terminal in Chinese is told: no short English sentence of a refusal or a fault is left."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.cli.refusals import sentence
from domain.errors import LineInvalid, Malformed
from tests.adapters.cli.conftest import Tenlines
from tests.workflows.small import SMALL, written
from workflows.chinese import LOCALE, TABLES, in_chinese

ROOT = LOCALE.parent.parent
REFUSALS = ("Malformed", "NotPermittedNow", "AttachmentRefused")
SAID = ("because", "wrong", "remedy", "timeless")
"""Names under which a sentence is put together before it is raised."""

# What only a bug can meet: events are made by the product itself.
INNER = ("adapters/codec/",)

# Filled with what it names in the tests of line files, where each is looked at again.
PARTS = {
    "",
    "something: something",
    "write something",
    "write `something`, something",
    "no something `something`",
}

FAULTS = ("tree", "loading", "shapes", "faults", "conditions", "references", "offered", "soundness")


def texts(node: ast.expr | None) -> Iterator[str]:
    """The texts that an expression may come to, blanks filled with a word."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else "something" for part in parts
            )
        case ast.IfExp(body=one, orelse=other):
            yield from (*texts(one), *texts(other))


def details(source: str) -> set[str]:
    """The details of refusals that a source raises, and what is put together for them."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[_, detail, *_]) if name in REFUSALS:
                found |= {*texts(detail)}
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in SAID:
                found |= {*texts(value)}
    return found


def said(source: str) -> set[str]:
    """What is wrong and what to write, wherever a check of line files says it."""
    found = details(source)
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id="Fault" | "Unknown"), args=args):
                found |= {text for arg in args for text in texts(arg)}
            case ast.Tuple(elts=[*_, wrong, remedy]):
                found |= {*texts(wrong), *texts(remedy)}
            case ast.Return(value=value):
                found |= {*texts(value)}
    # A single word is a code or a key, no sentence.
    return {text for text in found - PARTS if " " in text}


def sources() -> list[Path]:
    return [
        path
        for folder in ("domain", "workflows", "adapters", "web")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not str(path.relative_to(ROOT)).startswith(INNER)
    ]


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_detail_of_a_refusal_has_its_chinese(path: Path) -> None:
    found = details(path.read_text("utf-8")) - PARTS

    assert {text for text in found if in_chinese(numbered(text)) == numbered(text)} == set()


def numbered(text: str) -> str:
    """With a number where only a number fits."""
    for before, after in (
        ("more than something", "more than 12"),
        ("U+something", "U+0000"),
        ("from something to something", "from 1 to 2"),
        ("at least something", "at least 12"),
        ("at most something", "at most 12"),
        ("a something something", "a unit of the street 1"),
    ):
        text = text.replace(before, after)
    return text


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_of_a_line_file_has_its_chinese(name: str) -> None:
    found = said((ROOT / "workflows" / f"{name}.py").read_text("utf-8"))

    assert {text for text in found if in_chinese(text) == text} == set()


def test_a_sentence_without_chinese_is_caught() -> None:
    source = 'def f():\n    raise Malformed("moon", f"the moon of {x} is full")\n'

    [found] = details(source)

    assert in_chinese(found) == found == "the moon of something is full"


@pytest.mark.parametrize("table", TABLES)
def test_no_two_patterns_of_a_table_are_the_same(table: str) -> None:
    patterns = [one for one, _ in json.loads((LOCALE / f"{table}.json").read_text("utf-8"))]

    assert len(patterns) == len(set(patterns))


def test_a_sentence_within_a_sentence_is_told_too() -> None:
    assert in_chinese("guard steps_at_least: `count` is missing") == (
        "条件 steps_at_least：缺少 `count`"
    )
    assert in_chinese("line 2: 2012-02-30 is no date; write YYYY-MM-DD; and 3 more") == (
        "第 2 行：2012-02-30 不是日期，应写成 YYYY-MM-DD；另有 3 处"
    )


def test_refusals_of_files_are_told_in_chinese() -> None:
    wrong = sentence(Malformed("accounts.json", "others can read it; say chmod 600"), "zh")
    faulty = sentence(LineInvalid([("CG.yaml", 7, "`by` is empty", "write `by: [CW, CD]`")]), "zh")

    assert wrong == "accounts.json 不正确：别人也能读取，请执行 chmod 600"
    assert faulty == "CG.yaml:7: `by` 是空的 (写 `by: [CW, CD]`)"


def test_faults_are_told_in_the_language_of_the_terminal(
    tenlines: Tenlines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, SMALL.replace("count: 10", "count: -1").replace("by: [CW]", "by: []"))
    english = tenlines("lines", "check", file)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    chinese = tenlines("lines", "check", file)

    assert english.code == chinese.code == 1
    assert "`count` is -1 (write 0 or more)" in english.out
    assert "`count` 是 -1 (写不小于 0 的数)" in chinese.out
    assert "`by` 是空的 (写 `by: [CW, CD]`)" in chinese.out
    assert "should" not in english.out + chinese.out
