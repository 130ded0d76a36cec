"""The documents are true: what they link to, name and tabulate is there.

Each rule is a function from a text to what is wrong with it; beside each, a text that breaks it
must be caught.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from typer.core import TyperGroup
from typer.main import get_command

from adapters.cli.foundation import read_organisation
from adapters.cli.main import app
from adapters.settings import Settings
from domain.errors import Malformed
from web.api import PREFIX
from web.api.routers import ROUTERS
from web.problems import HTTP_CODES
from web.refusals import TABLE

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh-CN.md")
HOUSE = ("domain", "workflows", "projections", "adapters", "web", "features", "tests", "benchmarks")
# Paths that a document makes up, and why.
MADE_UP = {"workflows/lines/MZ/2011.yaml": "a line in several versions, of which there is none yet"}


def documents() -> list[str]:
    """Every document, relative to the root."""
    within = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))
    return [*READMES, "CHANGELOG.md", *within]


def text_of(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def prose(text: str) -> str:
    """The text without its blocks of code."""
    return FENCED.sub("", text)


def code(text: str) -> list[str]:
    """Every line of a block and every inline piece of code."""
    blocks = "".join(block for _, block in FENCED.findall(text))
    # A command goes on over a backslash at the end of its line.
    told = blocks.replace("\\\n", " ").splitlines()
    return told + [" ".join(piece.split()) for piece in re.findall(r"`([^`]+)`", prose(text))]


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip().strip("|"))]


# --- links -------------------------------------------------------------------------------------


def anchors(text: str) -> set[str]:
    """What a heading is called in an address."""
    headings = re.findall(r"^#+ +(.+)$", prose(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def lost_links(path: str, text: str) -> list[str]:
    """Relative links that lead nowhere, or to no heading of where they lead."""
    lost = []
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(text)):
        if re.match(r"[a-z]+:", link):
            continue
        place, _, heading = link.partition("#")
        target = (ROOT / path).parent / place if place else ROOT / path
        if not target.exists() or (heading and heading not in anchors(target.read_text("utf-8"))):
            lost.append(link)
    return lost


@pytest.mark.parametrize("path", documents())
def test_every_relative_link_leads_somewhere(path: str) -> None:
    assert lost_links(path, text_of(path)) == []


def test_a_lost_link_is_caught() -> None:
    text = "[a](../glossary.md) [b](gone.md) [c](running.md#copies) [d](running.md#nowhere)"

    assert lost_links("docs/handbook/new.md", text) == ["gone.md", "running.md#nowhere"]


# --- the command line --------------------------------------------------------------------------


def offered() -> dict[str, set[str]]:
    """Every command of `tenlines` with its options; the empty one is `tenlines` itself."""
    top = get_command(app)
    assert isinstance(top, TyperGroup)
    found = {"": {name for parameter in top.params for name in parameter.opts}}
    for name, command in top.commands.items():
        below = command.commands if isinstance(command, TyperGroup) else {}
        for whole, one in {name: command, **{f"{name} {n}": c for n, c in below.items()}}.items():
            options = [(*p.opts, *p.secondary_opts) for p in one.params]
            found[whole] = {option for names in options for option in names}
    return found


ALWAYS = {"--help", "-h"}


def wrong_calls(text: str) -> list[str]:
    """Calls of `tenlines` that it would not understand: no such command, no such option."""
    calls = [
        call.split()
        for piece in code(text)
        for call in re.findall(r"\btenlines (?![-\w]*:)([^|>;&#)\n]+)", piece)
    ]
    return [" ".join(call) for call in calls if not understood(call)]


def understood(call: list[str]) -> bool:
    known = offered()
    words = list(call)
    while words and words[0].startswith("-"):
        option = words.pop(0)
        if option not in known[""] | ALWAYS:
            return False
        if option == "--data-dir":
            words.pop(0)
    name = words.pop(0) if words else ""
    if words and any(one.startswith(f"{name} ") for one in known):
        name = f"{name} {words.pop(0)}"
    options = {word for word in words if word.startswith("--")}
    return name in known and options <= known[name] | ALWAYS


@pytest.mark.parametrize("path", documents())
def test_every_call_of_the_command_line_is_understood(path: str) -> None:
    assert wrong_calls(text_of(path)) == []


def test_a_call_that_is_not_understood_is_caught() -> None:
    text = (
        "`tenlines fly`, `tenlines verify --fast`, `tenlines lines draw`, `tenlines stats --json`"
    )

    assert wrong_calls(text) == ["fly", "verify --fast", "lines draw"]
    assert wrong_calls("```sh\ntenlines --data-dir x stats \\\n  --until 1 | wc\n```") == [
        "--data-dir x stats --until 1"
    ]
    assert wrong_calls("`tenlines --data-dir x lines show CG --json`, tenlines is a product") == []


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))


def wrong_targets(text: str) -> list[str]:
    """Targets of `make` that the Makefile has not."""
    named = [name for piece in code(text) for name in re.findall(r"^make ([a-z-]+)", piece)]
    return [name for name in named if name not in targets()]


@pytest.mark.parametrize("path", documents())
def test_every_target_of_make_is_there(path: str) -> None:
    assert wrong_targets(text_of(path)) == []


def test_a_target_that_is_not_there_is_caught() -> None:
    assert wrong_targets("`make setup`, `make coffee`\n\n```sh\nmake tea\n```\n") == [
        "tea",
        "coffee",
    ]


def told(text: str) -> list[str]:
    """The commands that a README names, in their order, without its comments."""
    bare = (piece.partition(" #")[0].strip() for piece in code(text))
    return [piece for piece in bare if re.match(r"make |tenlines |\.venv/bin/", piece)]


def test_both_readmes_name_the_same_commands() -> None:
    english, chinese = (told(text_of(path)) for path in READMES)

    assert len(english) > 5
    assert english == chinese


def test_a_command_that_one_readme_lacks_is_caught() -> None:
    assert told("```sh\nmake run  # serve\n.venv/bin/tenlines --help\n```\n`make help`") == [
        "make run",
        ".venv/bin/tenlines --help",
        "make help",
    ]


# --- settings, paths, words --------------------------------------------------------------------


@cache
def sources() -> str:
    """All that the house's programs and data say."""
    return "\n".join(
        path.read_text("utf-8")
        for package in HOUSE
        for path in sorted((ROOT / package).rglob("*"))
        if path.suffix in (".py", ".yaml") and path != Path(__file__)
    )


def wrong_settings(text: str) -> list[str]:
    """Names of settings that nothing reads."""
    known = {f"TENLINES_{name.upper()}" for name in Settings.model_fields}
    named = re.findall(r"\bTENLINES_[A-Z_]+\b(?!\*)", text)
    return [n for n in named if n not in known and not re.search(rf'"{n}"', sources())]


@pytest.mark.parametrize("path", documents())
def test_every_setting_is_read_by_something(path: str) -> None:
    assert wrong_settings(text_of(path)) == []


def test_a_setting_that_nothing_reads_is_caught() -> None:
    text = "`TENLINES_DATA_DIR`, `TENLINES_DEBUG`, `TENLINES_COLOUR`, all of `TENLINES_*`"

    assert wrong_settings(text) == ["TENLINES_COLOUR"]


def test_every_setting_is_documented() -> None:
    named = set(re.findall(r"`TENLINES_(\w+)`", text_of("docs/handbook/running.md")))

    assert {name.upper() for name in Settings.model_fields} <= named


def wrong_paths(text: str) -> list[str]:
    """Files of the house that are not there."""
    pattern = re.compile(rf"({'|'.join(HOUSE)})/[^\s:*…]*")
    named = [match.group() for piece in code(text) if (match := pattern.match(piece))]
    return [name for name in named if name not in MADE_UP and not (ROOT / name).exists()]


@pytest.mark.parametrize("path", documents())
def test_every_file_that_is_named_is_there(path: str) -> None:
    assert wrong_paths(text_of(path)) == []


def test_a_file_that_is_not_there_is_caught() -> None:
    text = "`adapters/settings.py`, `web/gone.py`, `tests/test_tree.py::test_x`, `web/`, `a/b.py`"

    assert wrong_paths(text) == ["web/gone.py"]


def strange_words(text: str) -> list[str]:
    """Identifiers of the glossary that are no word of the sources."""
    rows = [cells(row) for row in text.splitlines() if row.startswith("|")]
    named = [word for row in rows[2:] for piece in re.findall(r"`([^`]+)`", row[2])
             for word in piece.split(".")]  # fmt: skip
    return [word for word in named if not re.search(rf"\b{re.escape(word)}\b", sources())]


def test_every_identifier_of_the_glossary_is_a_word_of_the_sources() -> None:
    assert strange_words(text_of("docs/glossary.md")) == []


def test_an_identifier_that_nobody_uses_is_caught() -> None:
    text = "| 中文 | English | identifier |\n|---|---|---|\n| a | b | `Affair.handlers`, `Qxz` |"

    assert strange_words(text) == ["Qxz"]


# --- what is tabulated -------------------------------------------------------------------------


def tabulated(text: str) -> set[tuple[str, str]]:
    """Method and path of every row of the tables whose first heading is a method."""
    found, method = set(), ""
    for line in text.splitlines():
        first = cells(line)[0].strip("`") if line.startswith("|") else ""
        method = first if first in ("GET", "POST") else method if first else ""
        if method and first.startswith("/"):
            found.add((method, PREFIX + first))
    return found


def routed() -> set[tuple[str, str]]:
    return {
        (method, route.path)
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }


def test_the_api_page_names_every_route_and_no_other() -> None:
    assert tabulated(text_of("docs/handbook/api.md")) == routed()


def test_a_route_is_read_from_its_table() -> None:
    text = "| `GET` | answers |\n|---|---|\n| `/affairs` | x |\n\n| code | y |\n| `/z` | x |"

    assert tabulated(text) == {("GET", "/api/v1/affairs")}


def problems(text: str) -> Mapping[str, int]:
    """Code and status of the table of problems."""
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d{3}) \|", text, re.MULTILINE)
    return {name: int(status) for name, status in rows}


def test_the_api_page_names_every_problem_with_its_status() -> None:
    answered = {name: status for status, (name, _) in HTTP_CODES.items()}
    answered |= {refusal.code: kind.status for refusal, kind in TABLE.items()}

    assert problems(text_of("docs/handbook/api.md")) == answered


def test_a_problem_is_read_from_its_row() -> None:
    assert problems("| code | status | |\n|---|---|---|\n| `not-found` | 404 | |") == {
        "not-found": 404
    }


def example(text: str) -> str:
    """The organisation file of the page on running."""
    (found,) = (block for kind, block in FENCED.findall(text) if kind == "yaml")
    return str(found)


def test_the_organisation_file_of_the_example_is_accepted(tmp_path: Path) -> None:
    file = tmp_path / "organisation.yaml"
    file.write_text(example(text_of("docs/handbook/running.md")), "utf-8")

    organisation = read_organisation(file)

    assert organisation.units
    assert organisation.accounts


def test_a_wrong_example_is_caught(tmp_path: Path) -> None:
    file = tmp_path / "organisation.yaml"
    file.write_text("units: [{code: 370103, kind: planet}]", "utf-8")

    with pytest.raises(Malformed):
        read_organisation(file)


# --- security ----------------------------------------------------------------------------------

SECURITY = "docs/handbook/security.md"
STATES = ("holds", "partly", "later", "does not apply")
LINES = range(1, 43)


@cache
def functions_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, kinds))


def missing_tests(text: str) -> list[str]:
    """Tests that are named and not there."""
    named = re.findall(r"(tests/[\w/]+\.py)::(\w+)", text)
    return [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / file).is_file() or name not in functions_in(ROOT / file)
    ]


@pytest.mark.parametrize("path", documents())
def test_every_test_that_is_named_is_there(path: str) -> None:
    assert missing_tests(text_of(path)) == []


def test_a_test_that_is_not_there_is_caught() -> None:
    here = "tests/test_documents.py"
    text = (
        f"`{here}::test_a_test_that_is_not_there_is_caught` `{here}::test_x` `tests/y.py::test_z`"
    )

    assert missing_tests(text) == [f"{here}::test_x", "tests/y.py::test_z"]


def checklist(text: str) -> Iterator[tuple[int, str, str]]:
    """Number, state and proof of every line of the checklist."""
    for line in text.splitlines():
        if re.match(r"\| \d+ \|", line):
            number, _, state, _, proof = cells(line)
            yield int(number), state, proof


def unsound(text: str) -> list[str]:
    """Lines of the checklist that are missing, twice, in no known state, or hold by no proof."""
    rows = list(checklist(text))
    found = [f"{number} stands {n} times" for number in LINES
             if (n := [row[0] for row in rows].count(number)) != 1]  # fmt: skip
    for number, state, proof in rows:
        if not state.startswith(STATES):
            found.append(f"{number} is {state}")
        if state.startswith(("holds", "partly")) and "`" not in proof:
            found.append(f"{number} has no proof")
    return found


def test_every_line_of_the_checklist_has_its_state_and_proof() -> None:
    assert unsound(text_of(SECURITY)) == []


def test_an_unsound_checklist_is_caught() -> None:
    rows = [f"| {number} | x | later | | |" for number in LINES if number != 7]
    rows += ["| 9 | x | later | | |", "| 43 | x | perhaps | | |", "| 44 | x | holds | | by eye |"]

    assert unsound("\n".join(rows)) == [
        "7 stands 0 times",
        "9 stands 2 times",
        "43 is perhaps",
        "44 has no proof",
    ]


# --- the guide to a new line -------------------------------------------------------------------

GUIDE, EXAMPLE = "docs/handbook/writing-a-line.zh-CN.md", "docs/handbook/examples/BX.yaml"


def strange(guide: str, example: str) -> list[str]:
    """The lines of the guide's blocks that do not follow one another so in the example."""
    found = []
    for kind, block in FENCED.findall(guide):
        there = iter(example.splitlines())
        found += [line for line in block.splitlines() if kind == "yaml" and line not in there]
    return found


def test_what_the_guide_shows_stands_in_its_example() -> None:
    assert strange(text_of(GUIDE), text_of(EXAMPLE)) == []


def test_a_line_that_the_example_has_not_is_found() -> None:
    guide = text_of(GUIDE).replace("count: 3, unit: wd", "count: 4, unit: wd")

    assert strange(guide, text_of(EXAMPLE)) == [
        "      - {matters: [BX01], count: 4, unit: wd}",
        "      - {matters: [BX02], count: 10, unit: wd}",
        "    starts_on: [accepted]",
        "    basis: product default",
    ]
