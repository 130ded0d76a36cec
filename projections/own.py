"""Which affairs are somebody's own: what is assigned to them, and what waits for them."""

from typing import NamedTuple

State = tuple[str, str, str]
"""Line, state and matter."""


class Own(NamedTuple):
    """Affairs that are somebody's own: those to which all of this applies. Empty asks nothing.

    assigned: accounts that have it. referred: units that it is offered to. joint: a unit with an
    open joint task. states: line, state and matter in which it waits for a step. areas: where it
    is. within: its community's code begins so. led: by its community. leads: units that lead it,
    or those whose codes begin with `office`. free: nobody has it.
    """

    assigned: tuple[str, ...] = ()
    referred: tuple[str, ...] = ()
    joint: str = ""
    states: tuple[State, ...] = ()
    areas: tuple[str, ...] = ()
    within: str = ""
    led: bool | None = None
    leads: tuple[str, ...] = ()
    office: str = ""
    free: bool = False
