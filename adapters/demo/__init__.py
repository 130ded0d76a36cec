"""The demonstration: the scrap heap of July 2011, played through the real commands."""

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
