"""Whether a clock lets itself be extended: by so much, and where its own guards hold."""

from decimal import Decimal

from domain.errors import FieldInvalid, NotPermittedNow
from workflows.clockspec import ClockSpec
from workflows.guards import Ask, all_compiled
from workflows.missing import Labels
from workflows.ways import refused_by


def check_extension(spec: ClockSpec | None, ask: Ask, labels: Labels) -> None:
    """The record of `ask` extends the clock of `spec`. Raises NotPermittedNow with the guard in
    the way, FieldInvalid."""
    if spec is None:
        return
    for guard in all_compiled(spec.extends_when):
        if not guard.holds(ask):
            raise refused_by(guard, NotPermittedNow, "extend", ask, labels)
    count, most = ask.record.get("count"), spec.extension
    if most is not None and isinstance(count, Decimal) and count > most:
        raise FieldInvalid("extend", "count", f"{most} or less")
