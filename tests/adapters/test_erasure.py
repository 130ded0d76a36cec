"""Destroying a resident's key erases what their affairs say of them, in events and views."""

from contextlib import closing
from pathlib import Path
from uuid import UUID

from adapters.house import House
from domain.affair.commands import Act, Register
from domain.personal import Erased
from tests.faults.district import AREA, WORKER, founded, settings_in
from workflows.rights import EVERYWHERE


def registered(house: House, subject: UUID | None = None) -> str:
    affair_id = house.new_id()
    house.desk.run(
        Register(
            command_id=house.new_id(),
            by=WORKER,
            occurred_at=house.now(),
            affair_id=affair_id,
            matter="CG01",
            source="hall",
            community="",
            area=AREA,
            summary="张某家门口堆放废品",
            applicant="张某",
            telephone="13800001234",
            subject=subject,
        )
    )
    return house.affairs.get(affair_id)[0].identity.number


def test_the_affairs_of_a_resident_are_erased_with_them(tmp_path: Path) -> None:
    with closing(founded(settings_in(tmp_path))) as house:
        resident = house.new_id()
        theirs, other = registered(house, subject=resident), registered(house)

        house.keys.destroy(resident)

        page = house.queries.affair(EVERYWHERE, theirs)
        for value in (page.summary, page.applicant, page.telephone):
            assert house.reveal(value, page.affair_id) == Erased.BY_LAW.value
        kept = house.queries.affair(EVERYWHERE, other)
        assert house.reveal(kept.summary, kept.affair_id) == "张某家门口堆放废品"


def test_what_was_corrected_is_erased_with_its_person(tmp_path: Path) -> None:
    with closing(founded(settings_in(tmp_path))) as house:
        resident = house.new_id()
        number = registered(house, subject=resident)
        affair_id = house.queries.affair(EVERYWHERE, number).affair_id
        house.desk.run(
            Act(
                command_id=house.new_id(),
                by=WORKER,
                occurred_at=house.now(),
                affair_id=affair_id,
                action="correct",
                record={"of_version": 1, "why": "记错", "telephone": "13900005678"},
            )
        )
        shown = house.queries.affair(EVERYWHERE, number).telephone
        assert house.reveal(shown, affair_id) == "13900005678"
        first, second = [seen.event for seen in house.history.stream(affair_id)]
        assert house.reveal(first.telephone, affair_id) == "13800001234"

        house.keys.destroy(resident)

        for value in (shown, first.telephone, second.record.get("telephone")):
            assert house.reveal(value, affair_id) == Erased.BY_LAW.value
        assert shown is not None
        assert shown.subject == resident
