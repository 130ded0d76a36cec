"""Imports point inward, and nothing opens a connection when it is imported.

web, adapters -> projections, workflows -> domain -> the standard library. The tests read the
source of all five packages; beside each rule a piece of source that breaks it must be caught.
"""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("domain", "workflows", "projections", "adapters", "web")
STANDARD = frozenset(sys.stdlib_module_names) | {"__future__"}

# What a package may import of the house, and of third parties (None: any that is declared).
INWARD = {
    "domain": {"domain"},
    "workflows": {"domain", "workflows"},
    "projections": {"domain", "projections"},
    "adapters": {"domain", "workflows", "projections", "adapters"},
    "web": {"domain", "workflows", "projections", "web"},
}
THIRD_PARTIES: dict[str, set[str] | None] = {
    "domain": set(),
    "workflows": {"transitions", "pydantic", "pydantic_core", "yaml", "msgspec"},
    "projections": set(),
    "adapters": None,
    "web": None,
}
# The doors between the outer packages: the composition root, the command that serves it, and the
# words of the pages, which the command line borrows.
DOORS = {
    "web/app.py": {"adapters"},
    "adapters/cli/serve.py": {"web"},
    "adapters/cli/wording.py": {"web"},
}
# Not declared themselves: parts of a declared one's own interface.
BROUGHT = {"starlette": "fastapi", "anyio": "fastapi", "pydantic_core": "pydantic"}


def imported(source: str, path: str) -> Iterator[tuple[int, str]]:
    """Line and dotted name of every import in the source, type-checking and nested ones too."""
    package = Path(path).parts[:-1]
    for node in ast.walk(ast.parse(source, path)):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, name.name) for name in names)
            case ast.ImportFrom(module=module, level=0) if module:
                yield node.lineno, module
            case ast.ImportFrom(module=module, level=level):
                yield node.lineno, ".".join((*package[: len(package) - level + 1], module or ""))
            case ast.Call(
                func=ast.Attribute(attr="import_module") | ast.Name(id="import_module"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield node.lineno, name


def wrong_imports(source: str, path: str) -> list[str]:
    """The imports that a file at this path, relative to the root, may not have."""
    home = Path(path).parts[0]
    house = INWARD[home] | DOORS.get(path, set())
    outside = THIRD_PARTIES[home]
    found = []
    for line, name in imported(source, path):
        top = name.partition(".")[0]
        if top in STANDARD or top in house:
            continue
        if top in PACKAGES or top in {"tests", "benchmarks", "features"}:
            found.append(f"{path}:{line}: {home} may not import {name}")
        elif outside is not None and top not in outside:
            found.append(f"{path}:{line}: {home} may not import the third party {name}")
        elif outside is None and not declared(top):
            found.append(f"{path}:{line}: {name} is not in requirements/product.in")
    return found


def normal(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def declared(top: str) -> bool:
    """Whether the product lists a distribution that holds this top-level module."""
    listed = {
        normal(found.group())
        for line in (ROOT / "requirements/product.in").read_text("utf-8").splitlines()
        if (found := re.match(r"[A-Za-z][\w.-]*", line))
    }
    holders = DISTRIBUTIONS.get(BROUGHT.get(top, top), ())
    return any(normal(holder) in listed for holder in holders)


DISTRIBUTIONS = packages_distributions()


def sources() -> list[str]:
    return sorted(
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
    )


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_point_inward(package: str) -> None:
    files = [path for path in sources() if path.startswith(f"{package}/")]

    found = [
        wrong for path in files for wrong in wrong_imports((ROOT / path).read_text("utf-8"), path)
    ]

    assert files, f"{package} holds no source"
    assert found == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("domain/affair.py", "import msgspec"),
        ("domain/affair.py", "from workflows.machine import Machine"),
        ("domain/affair.py", "def late():\n    import sqlalchemy"),
        ("domain/affair.py", "import importlib\nimportlib.import_module('adapters.codec')"),
        ("workflows/machine.py", "from sqlalchemy import select"),
        ("workflows/machine.py", "import eventsourcing.application"),
        ("workflows/machine.py", "import fastapi"),
        ("workflows/machine.py", "from projections.worklist import worklist"),
        ("workflows/machine.py", "from adapters import codec"),
        ("projections/worklist.py", "from workflows.lines import load"),
        ("projections/worklist.py", "import msgspec"),
        (
            "projections/worklist.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import web",
        ),
        ("adapters/codec.py", "from web.problems import table"),
        ("adapters/cli/main.py", "from web.app import build"),
        ("adapters/codec.py", "import hypothesis"),
        ("adapters/codec.py", "from tests.postgres import cluster"),
        ("web/problems.py", "from adapters.event_store import Log"),
        ("web/api/affairs.py", "import adapters"),
        ("web/app.py", "import benchmarks"),
    ],
)
def test_a_wrong_import_is_caught(path: str, source: str) -> None:
    assert len(wrong_imports(source, path)) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("domain/affair.py", "from domain.log import Recorded\nimport dataclasses"),
        ("workflows/machine.py", "import transitions, pydantic, yaml, msgspec, domain.affair"),
        ("projections/worklist.py", "from domain.affair import StepTaken"),
        ("adapters/codec.py", "import msgspec, sqlalchemy, projections.worklist, workflows"),
        ("adapters/cli/serve.py", "from web.app import build"),
        ("adapters/cli/serve.py", "from . import main"),
        ("web/app.py", "from adapters.event_store import Log"),
        ("web/api/affairs.py", "from starlette.responses import Response\nimport fastapi"),
    ],
)
def test_a_right_import_passes(path: str, source: str) -> None:
    assert wrong_imports(source, path) == []


# Run in a process of its own: an audit hook cannot be taken back. libpq opens its sockets without
# Python's knowledge, so psycopg is watched at its own door.
IMPORT_EVERYTHING = """
import importlib, json, sys

def refuse(what):
    def opened(*args, **kwargs):
        raise RuntimeError(f"{what} at import")
    return opened

def watch(event, args):
    if event in ("socket.connect", "socket.bind", "sqlite3.connect"):
        raise RuntimeError(f"{event} at import")

import psycopg, sqlalchemy, sqlalchemy.ext.asyncio
psycopg.connect = psycopg.Connection.connect = refuse("psycopg.connect")
psycopg.AsyncConnection.connect = refuse("psycopg.connect")
sqlalchemy.create_engine = sqlalchemy.engine.create_engine = refuse("create_engine")
sqlalchemy.ext.asyncio.create_async_engine = refuse("create_engine")
sys.addaudithook(watch)

sys.path.insert(0, sys.argv[1])
failed = {}
for name in sys.argv[2:]:
    try:
        importlib.import_module(name)
    except Exception as error:
        failed[name] = f"{type(error).__name__}: {error}"
print(json.dumps(failed))
"""


def failures_at_import(root: Path, modules: list[str]) -> dict[str, str]:
    """Import the modules in one fresh process where no connection can be opened."""
    done = subprocess.run(
        [sys.executable, "-B", "-c", IMPORT_EVERYTHING, str(root), *modules],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    failed: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return failed


def test_no_module_opens_a_connection_when_imported() -> None:
    modules = [
        path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for path in sources()
        if not path.endswith("__main__.py")
    ]

    assert failures_at_import(ROOT, modules) == {}


@pytest.mark.parametrize(
    ("source", "caught"),
    [
        ("import sqlite3\nsqlite3.connect(':memory:')", "sqlite3.connect"),
        ("import socket\nsocket.create_connection(('127.0.0.1', 9))", "socket.connect"),
        ("import socket\nsocket.socket().bind(('127.0.0.1', 0))", "socket.bind"),
        ("from sqlalchemy import create_engine\ncreate_engine('sqlite://')", "create_engine"),
        ("import psycopg\npsycopg.connect('host=127.0.0.1 port=9')", "psycopg.connect"),
    ],
)
def test_a_connection_at_import_is_caught(tmp_path: Path, source: str, caught: str) -> None:
    (tmp_path / "eager.py").write_text(source, "utf-8")
    (tmp_path / "calm.py").write_text("import sqlite3, socket, psycopg, sqlalchemy", "utf-8")

    failed = failures_at_import(tmp_path, ["calm", "eager"])

    assert failed == {"eager": f"RuntimeError: {caught} at import"}
