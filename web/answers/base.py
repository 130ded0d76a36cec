"""What answers share."""

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """What every answer shares."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Name(Answer):
    """A name in both languages."""

    zh: str
    en: str


class Person(Answer):
    """Staff: the account, and the name that is shown for it."""

    account: str
    name: str


class Unit(Answer):
    """A unit: its code, and the name it bears now; the code again where it has none here."""

    code: str
    name: str
