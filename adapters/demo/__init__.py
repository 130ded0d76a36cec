"""The demonstration, played through the real commands: the scrap heap of July 2011, and a community
with affairs of all ten lines in every state."""

from adapters.demo.building import (
    PASSWORDS,
    TOKENS,
    Built,
    build,
    passwords,
    play,
    tokens,
)
from adapters.demo.cast import CAST, Person

__all__ = ["CAST", "PASSWORDS", "TOKENS", "Built", "Person", "build", "passwords", "play", "tokens"]
