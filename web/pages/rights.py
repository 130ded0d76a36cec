"""The permission matrix, as it is decided by: which role may do what, and how far it reaches."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from domain.actor import Role
from web.entrance import Visitor
from web.language import language_of
from web.pages.frame import render
from web.words import Words, words_of
from workflows.rights import matrix, notes

router = APIRouter(include_in_schema=False)

ROLES = tuple(role for role in Role if role is not Role.SYS)
REACHES = ("S", "Sa", "A", "K", "T", "D", "a", "n")
"""The matrix's letters without `l`, which stands for the lines of a role beside the others."""


@dataclass(frozen=True, slots=True)
class Row:
    """A right. cells: how far each role reaches, in short words, empty where it has no such right.

    say: the same in a sentence, for the one role that is shown alone.
    """

    name: str
    note: str
    cells: tuple[str, ...]
    say: str


@router.get("/rights")
def rights(
    request: Request, who: Visitor, role: Annotated[Role | None, Query()] = None
) -> Response:
    """The whole matrix; of one role, a list. Whoever is in may read it."""
    words = words_of(language_of(request))
    shown = role if role in ROLES else None
    rows = [_row(action, shown, words) for action in matrix()]
    return render(
        request,
        "rights.html",
        who,
        roles=[(one.value, words(f"role.{one.value}")) for one in ROLES],
        chosen=shown.value if shown else "",
        rows=[row for row in rows if not shown or row.say],
        lacking=[row.name for row in rows if shown and not row.say],
        key=[(words(f"cell.{letter}"), words(f"cell.say.{letter}")) for letter in (*REACHES, "l")],
    )


def _row(action: str, shown: Role | None, words: Words) -> Row:
    cells, note = matrix()[action], notes().get(action)
    cell = cells.get(shown.value, "") if shown else ""
    return Row(
        name=words(f"right.{action}"),
        note=words.label(note) if note else "",
        cells=tuple(_short(cells.get(role.value, ""), words) for role in ROLES),
        say=_say(cell, words) if cell else "",
    )


def _short(cell: str, words: Words) -> str:
    parts = [words(f"cell.{cell.removesuffix('l')}")] if cell else []
    return "·".join(parts + ([words("cell.l")] if cell.endswith("l") else []))


def _say(cell: str, words: Words) -> str:
    said = words(f"cell.say.{cell.removesuffix('l')}")
    return said + (words("matrix.lines") if cell.endswith("l") else "")
