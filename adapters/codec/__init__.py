"""How events become bytes and come back, in one form for ever.

`Codec` writes and reads events and metadata; `replaced` visits every personal value of an
event by its path; `Upcasters` lift old topics to new ones.
"""

from adapters.codec.codec import Codec
from adapters.codec.paths import replaced
from adapters.codec.upcasters import UPCASTERS, Upcasters

__all__ = ["UPCASTERS", "Codec", "Upcasters", "replaced"]
