"""An affair as one reader opens it, and what all its pages begin with: the identity bar, the tabs.

Outside the reader's reach every page of an affair answers like one of an affair that is not there.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response

from domain.affair.state import Affair
from domain.errors import Unreadable
from projections.affair_page import AffairPageRow
from web.api.routes import key_of
from web.confirmation import confirmation
from web.deadlines import Deadline, Watch
from web.entrance import reach
from web.inside import Life, attached, inside, shown, told
from web.language import language_of
from web.masks import Opened
from web.pages.frame import render
from web.pages.rows import tag_of
from web.ports import Office, SignedIn, Unread
from web.telling import Teller
from web.timeline import Storyteller, Timeline
from web.turns import Turn, Waits, turn_of, waits_for
from web.words import Words, words_of
from workflows.machine import CompiledLine
from workflows.rights import Scope

Key = Annotated[str, Path(max_length=64)]
"""Number or id of an affair."""

PARTS = ("overview", "timeline", "materials", "relations", "history")


@dataclass(frozen=True, slots=True)
class Case:
    """What is read once for whichever page. row: as the reader is told of it. whole: its events.
    inside: versions of those that stay inside. life: those that the reader is told of.
    state: None where an event cannot be read."""

    who: SignedIn
    office: Office
    scope: Scope
    words: Words
    teller: Teller
    watch: Watch
    row: AffairPageRow
    line: CompiledLine
    whole: Life
    inside: frozenset[int]
    life: Life
    state: Affair | None
    opened: Opened

    @property
    def unread(self) -> bool:
        """Whether a record of it cannot be read."""
        return any(isinstance(seen, Unread) for seen in self.whole)

    @property
    def title(self) -> str:
        """What it is about, in the resident's words."""
        return self.opened.field("summary", self.row.summary)

    @property
    def waits(self) -> Waits:
        """Whom it waits for."""
        return waits_for(self.row, self.line, self.office.organisation)

    @property
    def turn(self) -> Turn:
        """The same in words."""
        return turn_of(self.row, self.line, self.office.organisation, self.teller, self.words)

    def storyteller(self) -> Storyteller:
        """Who tells its timeline."""
        return Storyteller(self.teller, self.words, self.line, self.row.matter, self.inside)

    def deadlines(self) -> list[Deadline]:
        """Every clock that can fall due or stands still, the first due first."""
        if self.state is None:
            return []
        return self.watch.of_affair(self.state, self.office.procedure(self.state))


def case_of(request: Request, who: SignedIn, office: Office, key: str) -> Case:
    """The affair of that number or id. Raises NotAllowed, and NotFound outside the reach too."""
    scope = reach(who, "view_affair")
    row = office.affair(scope, key_of(key))
    words = words_of(language_of(request))
    teller = Teller(office, words, who.actor)
    line, life = office.line_version(row.line, row.line_version), office.life(row.affair_id)
    return Case(
        who=who,
        office=office,
        scope=scope,
        words=words,
        teller=teller,
        watch=Watch(office.now(), office.calendar, words),
        row=told(row, life, line, who.actor.role),
        line=line,
        whole=life,
        inside=inside(life, line),
        life=shown(life, line, who.actor.role),
        state=_standing(office, row),
        opened=teller.opened(row.affair_id),
    )


# The pages still show what the row knows where an event of the affair cannot be read.
def _standing(office: Office, row: AffairPageRow) -> Affair | None:
    try:
        return office.standing(row.affair_id)[0]
    except Unreadable:
        return None


def show(
    request: Request,
    case: Case,
    part: str,
    *,
    status: int = 200,
    timeline: Timeline | None = None,
    yours: bool = False,
    **shown: Any,
) -> Response:
    """One of the pages of an affair. timeline: what is told on it; it confirms what was done, and
    whether it is the reader's turn now."""
    words, row, line = case.words, case.row, case.line
    deadlines = case.deadlines()
    first = deadlines[0] if deadlines else case.watch.of_row(row, line)
    turn = case.turn
    confirmed = timeline and confirmation(
        request, row.number, timeline, turn, first, words, yours=yours
    )
    address = f"/affairs/{row.number}"
    counts = {"timeline": len(case.life), "materials": len(attached(case.life))}
    return render(
        request,
        f"affair_{part}.html",
        case.who,
        status=status,
        row=row,
        title=case.title,
        part=part,
        tabs=[
            (name, address if name == "overview" else f"{address}/{name}", counts.get(name))
            for name in PARTS
        ],
        address=address,
        line_name=words.label(line.spec.names),
        matter_name=words.label(line.matter(row.matter)),
        state_name=words.label(line.states[row.state]),
        tag=tag_of(row, first),
        turn=turn,
        confirmed=confirmed,
        timeline=timeline,
        applicant=case.opened.field("applicant", row.applicant),
        deadline=first,
        deadlines=deadlines,
        unread=case.unread,
        **shown,
    )
