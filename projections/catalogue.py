"""Every read model there is."""

from typing import Any

from projections.accounts import accounts
from projections.affair_page import affair_page
from projections.audit import audit_trail
from projections.due import due
from projections.grants import grants
from projections.numbers import numbers
from projections.offerings import offerings
from projections.relations import relations
from projections.satisfaction import affair_facts
from projections.view import View
from projections.visits import visit_facts
from projections.worklist import worklist

ALL: tuple[View[Any], ...] = (
    due,
    worklist,
    affair_page,
    numbers,
    offerings,
    accounts,
    grants,
    audit_trail,
    affair_facts,
    visit_facts,
    relations,
)
