"""The demonstration: the scrap heap of July 2011, played through the real commands."""

from adapters.demo.building import TOKENS, Built, build, play, tokens
from adapters.demo.cast import CAST, Person

__all__ = ["CAST", "TOKENS", "Built", "Person", "build", "play", "tokens"]
