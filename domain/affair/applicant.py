"""What is said of the applicant, at registration or by a correction."""

import re
from collections.abc import Iterator, Mapping

from domain.affair.commands import NIL, Register
from domain.errors import FieldMissing, Malformed, Refusal
from domain.record import Record

ON_BEHALF, ON_BEHALF_WHY = "filed_on_behalf", "behalf_ground"
"""Fields of a registration, where its line asks for them."""

_COUNTRY = r"(\+?86|0086)[ \-]?"
_AREA = r"(10|2[0-9]|[3-9][0-9]{2})"
_LOCAL = r"[2-9][0-9]{2,3}[ \-]?[0-9]{4}( ?(-|转|ext\.?) ?[0-9]{1,6})?"
TELEPHONE = (
    rf"({_COUNTRY})?1[3-9][0-9]([ \-]?[0-9]{{4}}){{2}}"
    rf"|({_COUNTRY}(0?{_AREA}|\(0?{_AREA}\))[ \-]?|(0{_AREA}|\(0{_AREA}\))[ \-]?)?{_LOCAL}"
)
"""A number by which a household is reached: of a mobile; or of a landline, with its area code or
of our own area without it, and an extension. Service numbers such as 110 or 12345 are none.
Means the same to Python and to the `pattern` of a browser's field."""

_TELEPHONE = re.compile(TELEPHONE)


def applicant_fault(wish: str, told: Mapping[str, str]) -> tuple[str, str] | None:
    """The field that is wrong and why; None where all are right.

    Who wishes to be unknown is not written down, and a telephone can be called.

    wish: the contact wish. told: what is said, by field.
    """
    if wish == "anonymous":
        for name in ("applicant", "telephone", "address"):
            if told.get(name, "").strip():
                return name, "left empty, as the resident wishes to stay anonymous"
    telephone = told.get("telephone", "")
    if telephone and not _TELEPHONE.fullmatch(telephone):
        return "telephone", "one mobile or landline number, such as 0531-82345678"
    return None


def faults_of(asked: Register, record: Mapping[str, object] | Record) -> Iterator[Refusal]:
    """What of the applicant is wrong or lacking in a registration: Malformed, FieldMissing.

    Who may be contacted can be reached; the household is known where the request came from a
    visit or from another affair. Who files for somebody else says for whom and why.

    record: the fields of the matter, of which a flag is told by True.
    """
    told = {name: getattr(asked, name) for name in ("applicant", "telephone", "address")}
    if fault := applicant_fault(asked.contact_wish, told):
        yield Malformed(*fault)
    known = asked.subject is not None or asked.origin_id != NIL
    reached = known or told["telephone"].strip() or told["address"].strip()
    if asked.contact_wish == "contact" and not reached:
        yield Malformed("telephone", "needed, or else an address, as the resident may be contacted")
    if record.get(ON_BEHALF) is True:
        if not told["applicant"].strip() and asked.contact_wish != "anonymous":
            yield FieldMissing("register", "applicant")
        if not record.get(ON_BEHALF_WHY):
            yield FieldMissing("register", ON_BEHALF_WHY)
