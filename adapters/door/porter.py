"""Who stands at the door: the rules of coming in, of being in, and of going out.

The log says who there is, which means of coming in count and what has ended; the door's database
holds the secrets. Every answer to somebody who is not in is the same for what is wrong and for
what is not there, and takes as long.
"""

from adapters.door.elsewhere import Elsewhere
from adapters.door.renewing import Renewing
from adapters.door.sessions import IDLE


class Porter(Elsewhere, Renewing):
    """The porter of one district. idle_seconds: so long a person may rest and is still in."""

    idle_seconds = IDLE // 1_000_000
