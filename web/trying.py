"""What a trial finds, in words."""

from web.reasons import reason
from web.words import Words
from workflows.trial import NO_MATTER, NO_STATE, NO_STEP

_OWN = {NO_STEP: "try.no_step", NO_STATE: "try.no_state", NO_MATTER: "try.no_matter"}


def closed_because(because: str, words: Words) -> str:
    """Why a step that was taken would not be open under a draft."""
    if because in _OWN:
        return words(_OWN[because])
    kind, _, field = because.partition(": ")
    if kind == "field":
        return words("try.field", field=field)
    return reason(because, words)
