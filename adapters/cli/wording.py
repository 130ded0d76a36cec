"""The words of the pages, for the command line: what a line says is told once, not twice."""

from adapters.cli.words import language
from web.differing import Differing, told
from web.trying import closed_because
from web.words import Words, words_of
from workflows.line import Line

__all__ = ["Differing", "because", "differing", "words"]


def words() -> Words:
    """The pages' words in the terminal's language."""
    return words_of(language())


def differing(old: Line, new: Line) -> list[Differing]:
    """What two versions of a line say differently."""
    return told(old, new, words())


def because(code: str) -> str:
    """Why a step would not be open."""
    return closed_because(code, words())
