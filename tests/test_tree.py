"""What the repository may hold: the top level, the size of files, and words that never belong.

Each rule carries a text that breaks it and one that does not, so that a rule that has gone
blind is seen.
"""

import re
import subprocess
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from glob import glob
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HERE = "tests/test_tree.py"
PRODUCT = ("domain", "workflows", "projections", "adapters", "web")

TOP = {
    # the house
    *PRODUCT,
    "features",
    "tests",
    "benchmarks",
    # what is said about it
    "README.md",
    "README.zh-CN.md",
    "CHANGELOG.md",
    "LICENSE",
    "docs",
    # how it is made
    "pyproject.toml",
    "Makefile",
    "requirements",
    ".ci",
    # the usual dot files
    ".editorconfig",
    ".gitattributes",
    ".gitignore",
    ".pre-commit-config.yaml",
}

LINES_MOST = 350
# Path and the reason why this one is better long.
LONG = {
    "domain/errors.py": "the family tree of refusals, one after another: one idea",
    "domain/affair/events.py": "the affair's fixed vocabulary, one event after another: one idea",
}


def tracked() -> list[str]:
    """Paths that git keeps, as they are on disk now, relative to the root."""
    # A clone owned by another user is still ours to read.
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        timeout=60,
    )
    paths = listed.stdout.decode().rstrip("\0").split("\0")
    return [path for path in paths if (ROOT / path).is_file()]


def text_of(path: str) -> str:
    """The file's text; empty for a picture or a workbook."""
    data = (ROOT / path).read_bytes()
    return "" if b"\0" in data else data.decode()


def strangers(paths: list[str]) -> set[str]:
    """Top-level names that have no place in the house."""
    return {path.partition("/")[0] for path in paths} - TOP


def test_the_top_level_holds_the_house_and_nothing_else() -> None:
    assert strangers(tracked()) == set()


def test_a_stranger_at_the_top_is_caught() -> None:
    paths = ["domain/affair.py", "notes.txt", "scripts/try.py", "README.md"]

    assert strangers(paths) == {"notes.txt", "scripts"}


def is_long(path: str, text: str) -> bool:
    """Whether a source file or template of the product has outgrown one idea."""
    measured = path.startswith(tuple(f"{package}/" for package in PRODUCT)) and path.endswith(
        (".py", ".html", ".js")
    )
    return measured and len(text.splitlines()) > LINES_MOST


def test_no_file_of_the_product_is_long_without_a_reason() -> None:
    long = {path for path in tracked() if is_long(path, text_of(path))}

    # Both ways: a file that was split leaves the list.
    assert long == set(LONG)
    assert all(LONG.values())


def test_a_long_file_is_caught() -> None:
    assert is_long("domain/affair.py", "\n" * (LINES_MOST + 1))
    assert not is_long("domain/affair.py", "\n" * LINES_MOST)
    assert not is_long("adapters/calendars/2011.csv", "\n" * 1000)
    assert not is_long("tests/test_affair.py", "\n" * 1000)


def packed(data: dict[str, list[str]]) -> dict[str, set[str]]:
    """Each pattern of pyproject.toml's package-data with the files that it takes along."""
    return {
        f"{package}/{pattern}": {
            f"{package}/{path}"
            # As setuptools finds them.
            for path in glob(pattern, root_dir=ROOT / package, recursive=True)  # noqa: PTH207
            if (ROOT / package / path).is_file()
        }
        for package, patterns in data.items()
        for pattern in patterns
    }


def left_behind(data: dict[str, list[str]]) -> set[str]:
    """Files of the product that an installed Tenlines would lack."""
    kept = {path for path in tracked() if path.partition("/")[0] in PRODUCT}
    return {path for path in kept if not path.endswith(".py")} - set().union(*packed(data).values())


def test_what_the_product_reads_is_installed_with_it() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))
    data = project["tool"]["setuptools"]["package-data"]

    assert left_behind(data) == set()
    assert [pattern for pattern, taken in packed(data).items() if not taken] == []


def test_a_file_that_would_be_left_behind_is_caught() -> None:
    data = {"workflows": ["lines/**/*.yaml"], "web": ["py.typed"]}

    assert "workflows/rights.yaml" in left_behind(data)
    assert "workflows/lines/CG.yaml" not in left_behind(data)
    assert packed(data)["web/py.typed"] == set()


@dataclass(frozen=True, kw_only=True)
class Ban:
    """A pattern that no line of the files in question may hold."""

    name: str
    pattern: str
    where: Callable[[str], bool]
    breaks: tuple[str, ...]
    keeps: tuple[str, ...]

    def found(self, text: str) -> list[int]:
        """Line numbers, from 1."""
        seen = re.compile(self.pattern, re.IGNORECASE)
        return [at for at, line in enumerate(text.splitlines(), 1) if seen.search(line)]


def anywhere(path: str) -> bool:
    return path != HERE


def in_templates(path: str) -> bool:
    return path.startswith("web/templates/")


def in_pins(path: str) -> bool:
    return re.fullmatch(r"requirements/.*\.txt", path) is not None


def in_product_source(path: str) -> bool:
    return path.startswith(PRODUCT) and path.endswith(".py")


REGISTRIES = (("pypi", "org"), ("registry", "npmjs", "org"), ("mirrors", "example", "cn"))
MACHINES = (("root", "x"), ("home", "li", "notes"), ("opt", "wheels"), ("work", "main"))

BANS = (
    Ban(
        name="package registry",
        pattern=r"\b((pypi|pythonhosted|npmjs|npmmirror|crates|proxy\.golang)\.(org|com|io)"
        r"|mirrors?\.[\w-]+\.(com|cn|edu\.cn|org))\b",
        where=anywhere,
        # Put together here, so that this file names none either.
        breaks=tuple(f"see https://{'.'.join(host)}/x" for host in REGISTRIES),
        keeps=("pip install tenlines", "tenlines.example.org"),
    ),
    Ban(
        name="address or folder in pins",
        pattern=r"://|--(extra-)?index-url|--find-links|--trusted-host|^-[fi] | @ |/[a-z]+/",
        where=in_pins,
        breaks=("--find-links wheels", "x @ file:///w/x.whl", "# via -r /srv/dev.in"),
        keeps=("    # via -r dev.in", 'uvloop==1 ; sys_platform != "win32" \\'),
    ),
    Ban(
        name="path of one machine",
        pattern=r"(?<![\w.])/(root(?! [0-9])|Users|home/\w+|opt/\w+|work/\w+|tmp/probe)\b|file:///",
        where=anywhere,
        breaks=tuple("/".join(("cd ", *folder)) for folder in MACHINES),
        keeps=("/affairs/1/work", "daily/work/", "/portal/home", "~/.config", "/Root 1 0 R"),
    ),
    Ban(
        name="unescaped output",
        pattern=r"\|\s*safe\b|autoescape\s+false|\bMarkup\(",
        where=in_templates,
        breaks=("{{ note|safe }}", "{{ note | safe }}", "{% autoescape false %}"),
        keeps=("{{ note | safety }}", "{% autoescape true %}"),
    ),
    Ban(
        name="unfinished work",
        pattern=r"(?-i:(?<![A-Za-z])(TODO|FIXME|XXX|HACK)(?![A-Za-z]))",
        where=anywhere,
        breaks=("# TODO: later", "# FIXME", "待办XXX待办", "<!-- todo -->".upper()),
        keeps=("the todos of a morning", "XXXX-07-22", "todo: a noun"),
    ),
    Ban(
        name="unwritten function",
        pattern=r"\bNotImplementedError\b",
        where=in_product_source,
        breaks=("raise NotImplementedError",),
        keeps=("return NotImplemented",),
    ),
)


@pytest.mark.parametrize("ban", BANS, ids=lambda ban: ban.name)
def test_no_file_holds(ban: Ban) -> None:
    found = [
        f"{path}:{line}: {ban.name}"
        for path in tracked()
        if ban.where(path)
        for line in ban.found(text_of(path))
    ]

    assert found == []


@pytest.mark.parametrize("ban", BANS, ids=lambda ban: ban.name)
def test_a_ban_sees_what_breaks_it_and_nothing_else(ban: Ban) -> None:
    assert [text for text in ban.breaks if not ban.found(text)] == []
    assert [text for text in ban.keeps if ban.found(text)] == []


VAGUE = {"utils", "util", "helpers", "helper", "manager", "managers", "misc", "common"}


def vague(paths: list[str]) -> list[str]:
    """Sources named for no noun."""
    return [path for path in paths if VAGUE & set(Path(path).with_suffix("").parts)]


def test_every_file_is_named_for_a_noun() -> None:
    assert vague([path for path in tracked() if path.endswith(".py")]) == []


def test_a_vague_name_is_caught() -> None:
    paths = ["web/utils.py", "adapters/helpers/mail.py", "domain/affair.py"]

    assert vague(paths) == ["web/utils.py", "adapters/helpers/mail.py"]
