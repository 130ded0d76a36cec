"""Destroying a resident's key erases what their affairs say of them, in events and views."""

from pathlib import Path

from adapters.house import House
from domain.affair.commands import Register
from domain.personal import Erased
from tests.faults.district import AREA, WORKER, founded, settings_in
from workflows.rights import EVERYWHERE


def registered(house: House, **subject: object) -> str:
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
            **subject,
        )
    )
    return house.affairs.get(affair_id)[0].identity.number


def test_the_affairs_of_a_resident_are_erased_with_them(tmp_path: Path) -> None:
    house = founded(settings_in(tmp_path))
    resident = house.new_id()
    theirs, other = registered(house, subject=resident), registered(house)

    house.keys.destroy(resident)

    page = house.queries.affair(EVERYWHERE, theirs)
    for value in (page.summary, page.applicant, page.telephone):
        assert house.reveal(value, page.affair_id) == Erased.BY_LAW.value
    kept = house.queries.affair(EVERYWHERE, other)
    assert house.reveal(kept.summary, kept.affair_id) == "张某家门口堆放废品"
    house.close()
