"""How personal values are shown: 张*, 138****1234, 110105********002X (domain reference 6).

The policy is data (`masks.yaml`), and the same for every event, however old.
"""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import AfterValidator, BeforeValidator, ValidationError, model_validator
from pydantic import Field as Key

from domain.actor import Role
from domain.errors import Malformed
from domain.record import Kind
from workflows.fields import Code, Label, Name, Written
from workflows.rights import PROFILE, matrix

POLICY = Path(__file__).with_name("masks.yaml")

Mask = Callable[[str], str]

_MOBILE = re.compile(r"(\+?86[ -]?)?1[3-9]\d{9}")
_ID = re.compile(r"\d{17}[\dXx]|\d{15}")
_ACCOUNT = re.compile(r"\d{16,19}")
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"\d{4}")

_NUMBERS = re.compile(
    r"(?<![0-9A-Za-z])(?:"
    r"(?P<id>[1-9]\d{16}[\dXx])"
    r"|(?P<account>\d{16,19}|\d{4}(?: \d{4}){3}(?: \d{1,3})?)"
    r"|(?P<telephone>(?:(?:\+?86|0086)[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}"
    r"|(?:0\d{2,3}[ -]?|\(0\d{2,3}\) ?)\d{7,8})"
    r")(?![0-9A-Za-z])"
)
"""Numbers in a text that lead to a person. A number with a letter beside it is a reference."""


def open_(clear: str) -> str:
    """As it is."""
    return clear


def withheld(_: str) -> str:
    """`***`."""
    return "***"


def name(clear: str) -> str:
    """`张*`."""
    return f"{clear.strip()[:1]}*"


def telephone(clear: str) -> str:
    """`138****1234`; of other numbers the last two digits."""
    digits = "".join(_DIGIT.findall(clear))
    if _MOBILE.fullmatch(re.sub("[ -]", "", clear.strip())):
        return f"{digits[-11:-8]}****{digits[-4:]}"
    return f"****{digits[-2:]}" if len(digits) >= 7 else "****"


def id_(clear: str) -> str:
    """`110105********002X`; what is too short for that shows nothing."""
    value = clear.strip()
    hidden = len(value) - 10
    return f"{value[:6]}{'*' * hidden}{value[-4:]}" if hidden >= 4 else "****"


def account(clear: str) -> str:
    """`****4321`."""
    digits = "".join(_DIGIT.findall(clear))
    return f"****{digits[-4:]}" if len(digits) >= 8 else "****"


def birth(clear: str) -> str:
    """`1949-**-**`."""
    found = _YEAR.match(clear.strip())
    return f"{found.group()}-**-**" if found else "****"


def person(clear: str) -> str:
    """A name, or a telephone, ID or account number, told by its shape."""
    value = clear.strip()
    if _ID.fullmatch(value):
        return id_(value)
    if _MOBILE.fullmatch(value):
        return telephone(value)
    if _ACCOUNT.fullmatch(value):
        return account(value)
    if len(_DIGIT.findall(value)) >= 4:
        return telephone(value) if not re.search(r"[A-Za-z]", value) else f"{value[:1]}****"
    return name(value)


def text(clear: str) -> str:
    """As it is, but for the numbers in it that lead to a person."""
    return _NUMBERS.sub(_hidden, clear)


def _hidden(found: re.Match[str]) -> str:
    masks: dict[str, Mask] = {"id": id_, "account": account, "telephone": telephone}
    return masks[found.lastgroup or "id"](found.group())


MASKS: dict[str, Mask] = {
    "open": open_,
    "text": text,
    "name": name,
    "telephone": telephone,
    "id": id_,
    "account": account,
    "birth": birth,
    "person": person,
    "withheld": withheld,
}


def _known(told: str) -> str:
    if told not in MASKS:
        raise ValueError(f"one of {', '.join(MASKS)}")
    return told


MaskName = Annotated[str, AfterValidator(_known)]
RoleName = Annotated[Role, BeforeValidator(Role)]
KindName = Annotated[Kind, BeforeValidator(Kind)]


class Shown(Label):
    """How a field or a kind of field is shown.

    roles: where a role is shown otherwise. reveal: it can be looked at in clear.
    """

    mask: MaskName
    roles: dict[RoleName, MaskName] = Key(default_factory=dict)
    sensitive: bool = False
    reveal: bool = False

    def to(self, role: Role) -> str:
        """The name of the mask for a role."""
        return self.roles.get(role, self.mask)


class Reason(Label):
    """Why somebody looks at what is masked. explain: it is said in words, too."""

    explain: bool = False


class Policy(Written):
    """The whole of `masks.yaml`.

    texts: fields of free text that are no recorded ones, shown like notes.
    internal: what a role is shown of records that stay inside.
    """

    masks: dict[MaskName, Label]
    fields: dict[Name, Shown]
    kinds: dict[KindName, Shown]
    texts: Annotated[tuple[Name, ...], BeforeValidator(tuple)]
    other: Shown
    internal: dict[RoleName, MaskName]
    reasons: dict[Code, Reason]

    @model_validator(mode="after")
    def _whole(self) -> "Policy":
        if lacking := {*MASKS} - {*self.masks}:
            raise ValueError(f"masks: {', '.join(sorted(lacking))} has no name")
        for kind in (Kind.NOTE, Kind.PERSON):
            if kind not in self.kinds:
                raise ValueError(f"kinds: {kind.value} is not told")
        if twice := {*self.fields} & {*self.texts}:
            raise ValueError(f"texts: {', '.join(sorted(twice))} stands among the fields")
        if not self.reasons:
            raise ValueError("reasons: at least one")
        return self

    def of(self, field: str, kind: Kind | None = None) -> Shown:
        """How a field is shown: by its name, else by its kind. kind: of a recorded field."""
        if field in self.fields:
            return self.fields[field]
        if field in self.texts:
            kind = Kind.NOTE
        return self.kinds.get(kind, self.other) if kind else self.other

    def mask_for(
        self, role: Role | None, field: str, kind: Kind | None = None, *, internal: bool = False
    ) -> str:
        """The name of the mask. role: the reader's; nobody in particular is shown nothing.

        internal: of a record that stays inside.
        """
        if role is None or role.value not in matrix()[PROFILE]:
            return WITHHELD
        if internal and role in self.internal:
            return self.internal[role]
        return self.of(field, kind).to(role)


WITHHELD = "withheld"


def load(path: Path = POLICY) -> Policy:
    """The policy of a file. Raises Malformed, which names the place and what is wrong there."""
    try:
        return Policy.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except yaml.YAMLError as error:
        raise Malformed(path.name, str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise Malformed(path.name, f"{where}: {first['msg']}".removeprefix(": ")) from error


@cache
def policy() -> Policy:
    """The policy of this house."""
    return load()
