"""The policy of masks: what each looks like, who is shown what, and what is wrong with a file."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from domain.actor import Role
from domain.errors import Malformed
from domain.record import Kind
from workflows import masks
from workflows.masks import MASKS, POLICY, WITHHELD, load, policy
from workflows.rights import matrix

WRITTEN = yaml.safe_load(POLICY.read_text("utf-8"))
SEEING = [Role(role) for role in matrix()["view_profile"]]
NOT_SEEING = [role for role in Role if role not in SEEING]


@pytest.mark.parametrize(
    ("clear", "shown"),
    [
        ("张敏", "张*"),
        ("欧阳春晓", "欧*"),
        (" 张敏 ", "张*"),
        ("John Smith", "J*"),
        ("𠮷田", "𠮷*"),
        ("13812341234", "138****1234"),
        ("+86 13812341234", "138****1234"),
        ("0531-88881234", "****34"),
        ("110", "1*"),
        ("11010519491231002X", "110105********002X"),
        ("440524188001010014", "440524********0014"),
        ("110105491231002", "110105*****1002"),
        ("6222020011112222333", "****2333"),
        ("E12345678", "E****"),
        ("张敏 13812341234", "****34"),
    ],
)
def test_a_person_is_masked_by_the_shape_of_the_value(clear: str, shown: str) -> None:
    assert masks.person(clear) == shown


@pytest.mark.parametrize(
    ("clear", "shown"),
    [
        ("电话13812341234，家里有人。", "电话138****1234，家里有人。"),
        ("身份证11010519491231002X已核对", "身份证110105********002X已核对"),
        ("回电 138 1234 1234", "回电 138****1234"),
        ("座机0531-82345678转3", "座机****78转3"),
        ("卡号6222 0200 1111 2222 333", "卡号****2333"),
        ("单号A13812341234", "单号A13812341234"),
        ("立案号201107221234", "立案号201107221234"),
        ("CG-2011-0001，三米，2011年7月22日", "CG-2011-0001，三米，2011年7月22日"),
        ("建新小区6号楼2-301", "建新小区6号楼2-301"),
        ("", ""),
    ],
)
def test_of_a_text_only_the_numbers_of_people_are_masked(clear: str, shown: str) -> None:
    assert masks.text(clear) == shown


@pytest.mark.parametrize(
    ("mask", "clear", "shown"),
    [
        ("telephone", "138-1234-1234", "138****1234"),
        ("telephone", "12345", "****"),
        ("id", "11010519491231002X", "110105********002X"),
        ("id", "E12345678", "****"),
        ("account", "6222 0200 1111 2222", "****2222"),
        ("account", "1234", "****"),
        ("birth", "1949-12-31", "1949-**-**"),
        ("birth", "年初", "****"),
        ("open", "张敏", "张敏"),
        ("withheld", "张敏", "***"),
    ],
)
def test_a_mask_hides_what_it_says(mask: str, clear: str, shown: str) -> None:
    assert MASKS[mask](clear) == shown


@pytest.mark.parametrize("role", SEEING)
@pytest.mark.parametrize("field", [*WRITTEN["fields"], "anything", "summary"])
def test_each_role_is_shown_each_field_as_the_file_says(role: Role, field: str) -> None:
    told = WRITTEN["fields"].get(field, WRITTEN["other"])
    mask = WRITTEN["kinds"]["note"]["mask"] if field == "summary" else told["mask"]

    assert policy().mask_for(role, field) == told.get("roles", {}).get(role.value, mask)


@pytest.mark.parametrize("field", ["applicant", "telephone", "id_number", "objector", "x"])
def test_no_role_is_shown_a_person_in_clear(field: str) -> None:
    shown = {policy().mask_for(role, field, kind) for role in Role for kind in (None, *Kind)}

    assert shown.isdisjoint({"open", "text"} - ({"text"} if field == "x" else set()))


@pytest.mark.parametrize("role", [*NOT_SEEING, None])
def test_who_may_not_see_a_profile_is_shown_nothing(role: Role | None) -> None:
    shown = {policy().mask_for(role, field, Kind.NOTE) for field in ("applicant", "summary", "x")}

    assert shown == {WITHHELD}


def test_a_name_goes_before_a_kind() -> None:
    assert policy().mask_for(Role.CW, "telephone", Kind.NOTE) == "telephone"
    assert policy().mask_for(Role.CW, "note", Kind.NOTE) == "text"
    assert policy().mask_for(Role.CW, "signer", Kind.PERSON) == "person"


def test_residents_read_nothing_that_stays_inside() -> None:
    assert policy().mask_for(Role.RES, "note", Kind.NOTE, internal=True) == WITHHELD
    assert policy().mask_for(Role.RES, "note", Kind.NOTE) == "text"
    assert policy().mask_for(Role.CW, "note", Kind.NOTE, internal=True) == "text"


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"other": {**WRITTEN["other"], "mask": "stars"}}, "other.mask"),
        ({"internal": {"RSE": "withheld"}}, "internal"),
        ({"fields": {"x": {"zh": "某", "en": "x", "mask": "name", "shown": True}}}, "shown"),
        ({"kinds": {"note": WRITTEN["kinds"]["note"]}}, "kinds: person"),
        ({"masks": {"open": WRITTEN["masks"]["open"]}}, "masks: account"),
        ({"texts": ["applicant"]}, "texts: applicant"),
        ({"reasons": {}}, "reasons"),
        ({"more": 1}, "more"),
    ],
)
def test_a_file_that_is_wrong_is_refused_by_name(
    tmp_path: Path, changes: dict[str, object], wrong: str
) -> None:
    path = tmp_path / "masks.yaml"
    path.write_text(yaml.safe_dump({**WRITTEN, **changes}, allow_unicode=True), "utf-8")

    with pytest.raises(Malformed) as refused:
        load(path)

    assert refused.value.field == "masks.yaml"
    assert wrong in refused.value.because


def test_a_file_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "masks.yaml"
    path.write_text("masks: [", "utf-8")

    with pytest.raises(Malformed):
        load(path)
