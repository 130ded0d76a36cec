"""The door: what people come in by, who is in, and what was refused there."""

from adapters.door.breached import Breached
from adapters.door.door import Door
from adapters.door.passwords import Passwords
from adapters.door.porter import Porter
from adapters.door.provider import provider

__all__ = ["Breached", "Door", "Passwords", "Porter", "provider"]
