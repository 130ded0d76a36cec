"""What can be done with an affair."""

from uuid import UUID

from web.answers.base import Answer, Name


class Choice(Answer):
    """One value of a choice."""

    code: str
    name: Name


class AskedField(Answer):
    """A field that is asked for."""

    name: str
    kind: str
    label: Name
    required: bool
    choices: list[Choice]
    min: int | None
    max: int | None
    help: Name | None


class Option(Answer):
    """A step, entry or action, whether it is open to the asker now, and if not, why not.

    `because` is `state`, `role`, `right` or the guard in the way, and `because_text` says it in
    the language asked for. `depends`: guards that what is recorded will decide.
    """

    id: str
    action: str
    kind: str
    name: Name
    to: str
    law: str
    open: bool
    because: str
    because_text: str
    depends: list[str]
    by: list[str]
    fields: list[AskedField]


class Options(Answer):
    """What can be done with an affair."""

    affair_id: UUID
    number: str
    version: int
    state: str
    steps: list[Option]
    entries: list[Option]
    actions: list[Option]
