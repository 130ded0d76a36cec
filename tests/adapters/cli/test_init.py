"""`tenlines init`: a district is made, and nothing is made twice."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from adapters.cli.foundation import read_organisation
from adapters.demo.building import ORGANISATION
from adapters.house import open_house
from adapters.settings import Settings
from tests.adapters.cli.conftest import Tenlines
from tests.builders.lines import versions

UNITS = read_organisation(ORGANISATION).units


def test_it_enters_lines_calendars_and_units(tenlines: Tenlines, tmp_path: Path) -> None:
    place = tmp_path / "var"

    ran = tenlines("--data-dir", place, "init", "--organisation", ORGANISATION, "--json")

    assert ran.code == 0
    assert ran.json["lines"] == [f"{one.line} {one.version}" for one in versions()]
    assert ran.json["years"] == [str(year) for year in range(2011, 2027)]
    assert len(ran.json["units"]) == len(UNITS)
    house = open_house(Settings(data_dir=place))
    try:
        assert house.info.kind == "production"
        assert house.info.anchor is None
        assert house.reference.organisation.unit("370103008001-01").kind == "area"
    finally:
        house.close()


def test_twice_does_no_harm(tenlines: Tenlines, tmp_path: Path) -> None:
    arguments = (
        "--data-dir", tmp_path / "var", "init", "--years", "2011-2012",
        "--organisation", ORGANISATION, "--json",
    )  # fmt: skip
    first = tenlines(*arguments)

    second = tenlines(*arguments)

    assert (first.code, second.code) == (0, 0)
    assert not any(second.json.values())
    told = tenlines("--data-dir", tmp_path / "var", "verify", "--json").json
    assert told["head"] == sum(
        len(first.json[what]) for what in ("lines", "years", "units", "areas")
    )


def test_what_is_new_in_the_file_is_added(tenlines: Tenlines, tmp_path: Path) -> None:
    file = tmp_path / "units.yaml"
    place = ("--data-dir", tmp_path / "var", "init", "--years", "2011", "--organisation", file)
    units = json.loads(ORGANISATION.read_text("utf-8"))["units"]
    file.write_text(json.dumps({"units": units[:-1]}), "utf-8")
    tenlines(*place)
    units[-2]["worker"] = "newcomer"
    file.write_text(json.dumps({"units": units}), "utf-8")

    ran = tenlines(*place, "--json")

    assert ran.json["units"] == [units[-1]["code"]]
    assert set(ran.json["areas"]) == {
        f"{units[-2]['code']} newcomer",
        f"{units[-1]['code']} {units[-1]['worker']}",
    }


def test_accounts_of_the_file_are_invited_once(tenlines: Tenlines, tmp_path: Path) -> None:
    file = tmp_path / "units.yaml"
    file.write_text(
        "units:\n"
        "  - {code: '370103', kind: district, name: 市中区, since: 2011-07-01}\n"
        "accounts:\n"
        "  - {account: shilei, name: 石磊, role: ADM, unit: '370103'}\n",
        "utf-8",
    )
    arguments = (
        "--data-dir", tmp_path / "var", "init", "--years", "2011", "--organisation", file, "--json",
    )  # fmt: skip

    first, second = tenlines(*arguments), tenlines(*arguments)

    token = first.json["invitations"]["shilei"]
    with closing(open_house(Settings(data_dir=tmp_path / "var"))) as house:
        assert house.porter.invited(token).name == "石磊"
    assert second.json["invitations"] == {}


DISTRICT = " - {code: '370103', kind: district, name: a, since: 2011-07-01}\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("units: [", "YAML"),
        ("units: 5", "units"),
        ("units: []\nmore: 1", "more"),
        ("units:\n - {code: x, kind: area, name: a, since: 2011-07-01}", "code"),
        ("units:\n - {code: '370103', kind: kingdom, name: a, since: 2011-07-01}", "district"),
        (
            "units:\n - {code: '370103', kind: district, name: a, since: 2011-07-01, worker: b}",
            "area",
        ),
        (
            "units:\n" + 2 * " - {code: '370103', kind: district, name: a, since: 2011-07-01}\n",
            "twice",
        ),
        ("\udcff", "UTF-8"),
    ],
)
def test_a_wrong_organisation_file_is_refused_before_anything_is_made(
    tenlines: Tenlines, tmp_path: Path, text: str, told: str
) -> None:
    file = tmp_path / "units.yaml"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))

    ran = tenlines("--data-dir", tmp_path / "var", "init", "--organisation", file)

    assert ran.code == 1
    assert "units.yaml" in ran.err
    assert told in ran.err
    assert not (tmp_path / "var").exists()


def test_a_unit_below_one_that_is_not_there_is_refused(tenlines: Tenlines, tmp_path: Path) -> None:
    file = tmp_path / "units.yaml"
    file.write_text(
        "units:\n - {code: '370103008', kind: street, name: a, parent: '370103', since: 2011-07-01}"
    )

    ran = tenlines(
        "--data-dir", tmp_path / "var", "init", "--years", "2011", "--organisation", file
    )

    assert (ran.code, ran.err) == (1, "there is no unit 370103\n")


def test_a_year_without_a_table_is_refused_before_anything_is_made(
    tenlines: Tenlines, tmp_path: Path
) -> None:
    ran = tenlines("--data-dir", tmp_path / "var", "init", "--years", "2026-2030")

    assert (ran.code, ran.err) == (1, "there is no working-day table for 2027; import it first\n")
    assert not (tmp_path / "var").exists()


def test_a_demonstration_needs_its_anchor(tenlines: Tenlines, tmp_path: Path) -> None:
    place = ("--data-dir", tmp_path / "var", "init", "--years", "2011")

    made = tenlines(*place, "--kind", "demonstration", "--anchor", "2011-11-30T18:00+08:00")
    other = tenlines(*place)

    assert made.code == 0
    assert other.code == 1
    assert "demonstration" in other.err


def test_lines_that_are_not_sound_are_not_published(tenlines: Tenlines, tmp_path: Path) -> None:
    (tmp_path / "lines").mkdir()
    (tmp_path / "lines" / "QQ.yaml").write_text("code: QQ\n")

    ran = tenlines("--data-dir", tmp_path / "var", "init", "--lines-dir", tmp_path / "lines")

    assert ran.code == 1
    assert "QQ.yaml:1:" in ran.err
    assert not (tmp_path / "var").exists()


@pytest.mark.postgres
def test_a_district_in_postgresql_is_made_read_and_copied(
    tenlines: Tenlines, tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENLINES_DATABASE_URL", postgres_url)
    place = ("--data-dir", tmp_path / "var")
    tenlines(*place, "init", "--years", "2011-2012", "--organisation", ORGANISATION)

    verified = tenlines(*place, "verify", "--json")
    rebuilt = tenlines(*place, "rebuild", "--all", "--json")
    figures = tenlines(*place, "stats", "--from", "2011-07-01", "--to", "2011-11-30", "--json")
    copied = tenlines(*place, "backup", tmp_path / "copy", "--json")

    assert [ran.code for ran in (verified, rebuilt, figures, copied)] == [0, 0, 0, 0]
    assert verified.json["head"] == copied.json["events"] == 7 + len(UNITS) + len(versions())
    assert figures.json["indicators"]["acceptance_volume"]["value"] == 0
    assert not (tmp_path / "var" / "log.db").exists()
