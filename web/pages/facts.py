"""The facts of an affair in words, from a row of its page: the present one or an earlier one."""

from projections.affair_page import AffairPageRow
from web.masks import Opened
from web.telling import Teller
from web.words import Words

SHOWN = (
    "area", "source", "registered", "accepted", "resolved", "closed", "archived", "retention",
    "level", "supervision", "reworks", "reopened", "rating", "version",
)  # fmt: skip
"""What stands beside the story, in this order."""

PEOPLE = ("applicant", "telephone", "address", "registered_by", "assignee", "lead", "referral")
"""Whose affair it is and who has to do with it."""


def facts_of(row: AffairPageRow, teller: Teller, words: Words, opened: Opened) -> dict[str, str]:
    """Every fact by its key; empty where there is none."""
    moments = {
        "registered": row.registered_at,
        "accepted": row.accepted_at,
        "resolved": row.resolved_at,
        "closed": row.closed_at,
        "archived": row.archived_at,
    }
    return {
        **{key: words.moment(at) if at else "" for key, at in moments.items()},
        "applicant": opened.field("applicant", row.applicant),
        "telephone": opened.field("telephone", row.telephone),
        "address": opened.field("address", row.address),
        "area": teller.unit_name(row.area) if row.area else "",
        "source": words(f"source.{row.source}"),
        "retention": words(f"retention.{row.retention}") if row.retention else "",
        "level": words(f"level.{row.level}"),
        "registered_by": teller.staff(row.registered_by),
        "assignee": teller.staff(row.assignee) if row.assignee else "",
        "lead": teller.unit_name(row.lead_unit),
        "referral": teller.unit_name(row.referral) if row.referral else "",
        "supervision": words("fact.supervision.of", done=row.orders_answered, all=row.orders)
        if row.orders
        else "",
        "reworks": words.counted("times", row.reworks) if row.reworks else "",
        "reopened": words.counted("times", row.round) if row.round else "",
        "rating": words(f"rating.{row.last_rating}") if row.last_rating else "",
        "version": f"{row.line} {row.line_version}",
    }
