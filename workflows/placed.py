"""The guards that ask for the place an affair has or wants (see `workflows.guards`)."""

from workflows.conditions import Ask, Bare, guard


@guard(placed=True)
def place_left(ask: Ask, bare: Bare) -> bool:
    """The offering has a place for this affair now; whoever waits comes first. `place_left`"""
    return ask.place is not None and ask.place.left


@guard(placed=True)
def standby_left(ask: Ask, bare: Bare) -> bool:
    """The offering has no place for this affair now, but a rank to wait in. `standby_left`"""
    return ask.place is not None and not ask.place.left and ask.place.standby_left


@guard(placed=True)
def place_kept(ask: Ask, bare: Bare) -> bool:
    """A place became free and is kept for this affair until it has answered. `place_kept`"""
    return ask.place is not None and ask.place.hold == "offered"


@guard(placed=True)
def first_in_line(ask: Ask, bare: Bare) -> bool:
    """A place is free, and this affair is the first that waits for it. `first_in_line`"""
    return ask.place is not None and ask.place.first


@guard(placed=True)
def offering_cancelled(ask: Ask, bare: Bare) -> bool:
    """The offering was cancelled. `offering_cancelled`"""
    return ask.place is not None and ask.place.cancelled


@guard(timed=True, placed=True)
def not_barred(ask: Ask, bare: Bare) -> bool:
    """The resident did not miss so many places that none is given for a while. `not_barred`"""
    until = ask.place.barred_until if ask.place else None
    return until is None or until <= ask.at
