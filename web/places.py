"""The places that a list can be narrowed to: communities and areas within somebody's reach."""

from domain.errors import NotFound
from workflows.organisation import Organisation
from workflows.rights import COMMUNITY, Resource, Scope

MOST = 12
"""Of more communities than that only the chosen one shows its areas."""

Group = tuple[str, tuple[tuple[str, str], ...]]


def narrowed(organisation: Organisation, scope: Scope, code: str) -> tuple[str, str]:
    """The place as a list asks for it: community or area, the other empty; both where none is
    named. Raises NotFound: for what lies beyond reach as for what is not there."""
    if not code:
        return "", ""
    unit = organisation.units.get(code)
    if unit is None or not scope.covers(Resource(area=code)):
        raise NotFound("unit", code)
    if unit.kind == "community":
        return code, ""
    if unit.kind == "area":
        return "", code
    raise NotFound("unit", code)


def offered(organisation: Organisation, scope: Scope, chosen: str) -> tuple[Group, ...]:
    """Areas by their community, each by code and name; nothing where there is no choice. Whoever
    reaches several communities can choose one of them whole."""
    if scope.prefix is None or scope.assigned or scope.own or len(scope.prefix) > COMMUNITY:
        return ()
    communities = _communities(organisation, scope.prefix)
    open_ = communities if len(communities) <= MOST else [chosen.partition("-")[0]]
    groups, name = [], organisation.name_of
    for code in communities:
        whole = [code] if len(communities) > 1 else []
        below = organisation.below(code) if code in open_ else ()
        areas = [unit.code for unit in below if unit.kind == "area"]
        groups.append((name(code), tuple((one, name(one)) for one in (*whole, *areas))))
    return tuple(groups) if sum(len(places) for _, places in groups) > 1 else ()


def _communities(organisation: Organisation, code: str) -> list[str]:
    unit = organisation.units.get(code)
    if unit is not None and unit.kind == "community":
        return [code]
    below = [one for one in organisation.below(code) if one.kind in ("street", "community")]
    return [found for one in below for found in _communities(organisation, one.code)]
