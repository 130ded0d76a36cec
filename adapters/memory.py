"""Memory of a process that lasts: what was loaded at its start is not looked through again.

Python looks for cycles whenever some hundred objects were made, and through all that lives
whenever a quarter more does. Here modules, compiled lines and cached states live as long as the
process, and events are made by the thousand, without cycles: a third of a rebuild went there.
"""

import gc

YOUNG = 50_000
"""Objects made before the youngest are looked through: Python's own number is 700."""


def settle() -> None:
    """Set aside what lives now, and look through the rest less often. Asked once, at the start."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 50)
