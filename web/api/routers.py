"""Every part of the API, in the order in which a request looks for its route."""

from web.api import (
    affairs,
    assignments,
    attachments,
    audit,
    commands,
    lines,
    offerings,
    reads,
    statistics,
    visits,
)

ROUTERS = (
    commands.router,
    assignments.router,
    reads.router,
    affairs.router,
    attachments.router,
    visits.router,
    offerings.router,
    statistics.router,
    audit.router,
    lines.router,
)
