"""Every read model there is."""

from typing import Any

from projections.affair_page import affair_page
from projections.audit import audit_trail
from projections.due import due
from projections.numbers import numbers
from projections.satisfaction import affair_facts
from projections.view import View
from projections.visits import visit_facts
from projections.worklist import worklist

ALL: tuple[View[Any], ...] = (
    due,
    worklist,
    affair_page,
    numbers,
    audit_trail,
    affair_facts,
    visit_facts,
)
