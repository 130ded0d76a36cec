"""The policy of masks as it is kept: what is shown of each field, to whom, what can be revealed."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from domain.actor import Role
from web.entrance import Visitor
from web.language import language_of
from web.pages.frame import render
from web.words import Words, words_of
from workflows.masks import Shown, policy
from workflows.rights import PROFILE, REVEAL, matrix

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Row:
    """A field or a kind of field. less: (roles, what they are shown instead)."""

    name: str
    code: str
    shown: str
    less: tuple[tuple[str, str], ...]
    sensitive: bool
    reveal: bool


@router.get("/masks")
def masks(request: Request, who: Visitor) -> Response:
    """The whole policy. Whoever is in may read it."""
    words, told = words_of(language_of(request)), policy()
    rows = [_row(name, shown, words) for name, shown in told.fields.items()]
    rows += [_row(kind.value, shown, words) for kind, shown in told.kinds.items()]
    rows.append(_row("", told.other, words))
    return render(
        request,
        "masks.html",
        who,
        rows=rows,
        inside=_less(told.internal, words),
        seeing=_roles(PROFILE, words),
        never=_roles(PROFILE, words, but=True),
        revealing=_roles(REVEAL, words),
        reasons=[(words.label(one), one.explain) for one in told.reasons.values()],
    )


def _row(code: str, shown: Shown, words: Words) -> Row:
    return Row(
        name=words.label(shown),
        code=code,
        shown=words.label(policy().masks[shown.mask]),
        less=_less(shown.roles, words),
        sensitive=shown.sensitive,
        reveal=shown.reveal,
    )


def _less(roles: dict[Role, str], words: Words) -> tuple[tuple[str, str], ...]:
    by_mask: dict[str, list[str]] = {}
    for role, mask in roles.items():
        by_mask.setdefault(mask, []).append(words(f"role.{role.value}"))
    return tuple(
        (words.listed(names), words.label(policy().masks[mask])) for mask, names in by_mask.items()
    )


def _roles(right: str, words: Words, *, but: bool = False) -> str:
    """The roles that have the right, or those that have not."""
    named = (role for role in Role if role is not Role.SYS)
    return words.listed(
        words(f"role.{role.value}") for role in named if (role.value in matrix()[right]) is not but
    )
