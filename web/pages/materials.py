"""The materials of an affair: what its matter asks for and what is there; every photo and paper."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from domain.errors import NotFound, Unreadable
from domain.personal import Erased
from domain.record import ATTACHED
from web.entrance import OfficeOf, Visitor
from web.file_names import FileNames
from web.inside import recorded
from web.pages.case import Case, Key, case_of, show
from web.ports import Paper
from web.words import Words

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A material that the matter asks for. there: the records that hold it, by their number."""

    name: str
    there: tuple[int, ...]


GONE = "gone"


@dataclass(frozen=True, slots=True)
class Item:
    """A photo or a paper. kind: picture, paper or gone. field: as what it was handed in."""

    id: UUID
    kind: str
    name: str
    size: str
    field: str
    when: str
    iso: str
    by: str
    version: int


@router.get("/affairs/{affair}/materials")
def materials(affair: Key, request: Request, who: Visitor, office: OfficeOf) -> Response:
    """What is asked for, what is there."""
    case = case_of(request, who, office, affair)
    return show(request, case, "materials", wanted=_wanted(case), items=list(_items(case)))


# A line names the materials of a matter and the fields of its forms, not which is which: one is
# there where a field was recorded whose name its own ends with, 现场照片 where 照片 are.
def _wanted(case: Case) -> list[Wanted]:
    storyteller, asked = case.storyteller(), case.line.matter(case.row.matter).materials
    found: dict[str, list[int]] = {}
    for seen, field in recorded(case.life):
        spec = storyteller.spec_of(seen.event, field.name)
        for material in asked if spec else ():
            if spec and material.zh.endswith(spec.label.zh):
                found.setdefault(material.zh, []).append(seen.version)
    return [
        Wanted(case.words.label(material), tuple(dict.fromkeys(found.get(material.zh, ()))))
        for material in asked
    ]


def files_of(case: Case) -> Iterator[tuple[UUID, str, str]]:
    """The photos and papers as a short list has them, none of them opened: id, kind of the field,
    and its label with a number, 现场照片 1."""
    storyteller, counted = case.storyteller(), Counter[str]()
    told: set[object] = set()
    for seen, field in recorded(case.life):
        if field.kind not in ATTACHED or not isinstance(field.value, tuple):
            continue
        spec = storyteller.spec_of(seen.event, field.name)
        label = case.words.label(spec.label) if spec else field.name
        for id_ in (one for one in field.value if one not in told):
            told.add(id_)
            counted[label] += 1
            yield UUID(str(id_)), field.kind.value, f"{label} {counted[label]}"


def _items(case: Case) -> Iterator[Item]:
    storyteller, words = case.storyteller(), case.words
    told: set[UUID] = set()
    counted = Counter[str]()
    names = FileNames(case.teller, case.who.actor.role, case.line, case.whole)
    for seen, field in recorded(case.life):
        if field.kind not in ATTACHED or not isinstance(field.value, tuple):
            continue
        spec = storyteller.spec_of(seen.event, field.name)
        at = getattr(seen.event, "occurred_at", seen.recorded_at)
        for id_ in field.value:
            if not isinstance(id_, UUID) or id_ in told:
                continue
            told.add(id_)
            kind, name, size = _paper(case, id_)
            counted[kind] += 1
            if kind != GONE:
                instead = f"{words(f'materials.{kind}')} {counted[kind]}"
                name = names.shown(name, instead)
            yield Item(
                id=id_,
                kind=kind,
                name=name,
                size=size,
                field=words.label(spec.label) if spec else field.name,
                when=words.moment(at),
                iso=at.isoformat(),
                by=case.teller.staff(seen.metadata.actor),
                version=seen.version,
            )


def _paper(case: Case, id_: UUID) -> tuple[str, str, str]:
    words = case.words
    try:
        paper = case.office.paper(id_)
    except (NotFound, Unreadable):
        return GONE, words("unreadable"), ""
    if isinstance(paper.name, Erased):
        return GONE, words("erased"), ""
    kind = "picture" if paper.media_type.startswith("image/") else "paper"
    return kind, paper.name, size_of(paper, words)


def size_of(paper: Paper, words: Words) -> str:
    """How large it is, in the unit that people know."""
    if paper.size < 1024:
        return words("size.byte", count=paper.size)
    if paper.size < 1024 * 1024:
        return words("size.kib", count=round(paper.size / 1024))
    return words("size.mib", count=f"{paper.size / 1024 / 1024:.1f}")
