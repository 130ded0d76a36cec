"""Working-day tables: the shipped ones against the notices, a file's faults told line by line."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.calendars import BYTES_MOST, parse, read, seed, seeded_years
from domain.errors import CalendarMissing, Malformed
from domain.line import CalendarImported

NOW = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)

# 国办发明电〔2010〕40号, and its last line from the notice of the year after.
NOTICE_2011 = """date,kind,name
2011-01-03,holiday,元旦
2011-02-02,holiday,春节
2011-02-03,holiday,春节
2011-02-04,holiday,春节
2011-02-07,holiday,春节
2011-02-08,holiday,春节
2011-01-30,workday,春节
2011-02-12,workday,春节
2011-04-04,holiday,清明节
2011-04-05,holiday,清明节
2011-04-02,workday,清明节
2011-05-02,holiday,劳动节
2011-06-06,holiday,端午节
2011-09-12,holiday,中秋节
2011-10-03,holiday,国庆节
2011-10-04,holiday,国庆节
2011-10-05,holiday,国庆节
2011-10-06,holiday,国庆节
2011-10-07,holiday,国庆节
2011-10-08,workday,国庆节
2011-10-09,workday,国庆节
2011-12-31,workday,元旦
"""


def parsed(text: str | bytes, year: int = 2027, name: str = "2027.csv") -> CalendarImported:
    content = text if isinstance(text, bytes) else text.encode()
    return parse(name, content, year, by="policy", occurred_at=NOW)


def refusal(text: str | bytes, name: str = "2027.csv") -> str:
    with pytest.raises(Malformed) as refused:
        parsed(text, name=name)
    assert refused.value.field == name
    return refused.value.because


def shipped(year: int) -> CalendarImported:
    return seed([year], by="policy", occurred_at=NOW)[0]


# --- the seed --------------------------------------------------------------------------------


def test_the_shipped_table_of_2011_is_that_of_the_notice() -> None:
    notice, table = parsed(NOTICE_2011, 2011), shipped(2011)

    assert (table.holidays, table.workdays) == (notice.holidays, notice.workdays)


def test_the_days_of_the_vectors_are_shipped() -> None:
    assert {date(2011, 10, 8), date(2011, 10, 9)} <= set(shipped(2011).workdays)
    assert date(2025, 9, 28) in shipped(2025).workdays
    assert date(2026, 2, 14) in shipped(2026).workdays
    assert {date(2026, 2, day) for day in (16, 17, 18, 19, 20, 23)} <= set(shipped(2026).holidays)


def test_a_shipped_table_tells_year_revision_source_and_who() -> None:
    table = seed([2012], by="policy", occurred_at=NOW, revision=3)[0]

    assert (table.year, table.version, table.by) == (2012, "2012.3", "policy")
    assert table.occurred_at == NOW
    assert table.source.startswith("chinesecalendar ")


def test_every_shipped_table_holds_what_a_file_of_it_would() -> None:
    tables = seed(seeded_years(), by="policy", occurred_at=NOW)

    assert [table.year for table in tables] == list(seeded_years())
    for table in tables:
        rows = [f"{day},holiday" for day in table.holidays]
        rows += [f"{day},workday" for day in table.workdays]
        again = parsed("\n".join(["date,kind", *rows]), table.year)
        assert (again.holidays, again.workdays) == (table.holidays, table.workdays)


@pytest.mark.parametrize("year", [2003, seeded_years().stop, 2100])
def test_a_year_outside_the_seed_is_not_guessed(year: int) -> None:
    with pytest.raises(CalendarMissing) as refused:
        seed([2011, year], by="policy", occurred_at=NOW)

    assert refused.value.year == year


# --- files -----------------------------------------------------------------------------------


def test_a_csv_file_becomes_an_import() -> None:
    event = parse(
        "2027.csv",
        "\ufeffdate,kind\r\n\r\n2027-10-01 , holiday\r\n2027-09-26,workday\r\n".encode(),
        2027,
        by="policy",
        occurred_at=NOW,
        revision=2,
        source="国办发明电〔2026〕1号",
    )

    assert event == CalendarImported(
        year=2027,
        version="2027.2",
        holidays=(date(2027, 10, 1),),
        workdays=(date(2027, 9, 26),),
        source="国办发明电〔2026〕1号",
        by="policy",
        occurred_at=NOW,
    )


def test_a_json_file_becomes_the_same_import() -> None:
    rows = [
        {"date": "2027-10-01", "kind": "holiday", "name": "国庆节"},
        {"date": "2027-09-26", "kind": "workday"},
    ]

    from_json = [
        parsed(json.dumps(rows, indent=indent), name="2027.JSON") for indent in (None, 2, "\t")
    ]
    from_csv = parsed("date,kind\n2027-10-01,holiday\n2027-09-26,workday\n")

    for event in from_json:
        assert (event.holidays, event.workdays) == (from_csv.holidays, from_csv.workdays)
        assert event.source == "2027.JSON"


def test_days_are_kept_in_order_however_they_are_listed() -> None:
    event = parsed("date,kind\n2027-10-05,holiday\n2027-10-01,holiday\n2027-10-04,holiday\n")

    assert event.holidays == (date(2027, 10, 1), date(2027, 10, 4), date(2027, 10, 5))


def test_a_file_is_read_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "2011.csv"
    path.write_text(NOTICE_2011, "utf-8")

    event = read(path, 2011, by="policy", occurred_at=NOW)

    assert (event.version, event.source) == ("2011.1", "2011.csv")
    assert len(event.holidays) == 16


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(Malformed, match="cannot be read"):
            read(path, 2027, by="policy", occurred_at=NOW)


@pytest.mark.parametrize(
    ("row", "because"),
    [
        ("2027-13-01,holiday", "line 3: '2027-13-01' is no date; write YYYY-MM-DD"),
        ("2027/10/1,holiday", "line 3: '2027/10/1' is no date; write YYYY-MM-DD"),
        ("20271001,holiday", "line 3: '20271001' is no date; write YYYY-MM-DD"),
        ("2027-W39-5,holiday", "line 3: '2027-W39-5' is no date; write YYYY-MM-DD"),
        ("２０２７-10-01,holiday", "line 3: '２０２７-10-01' is no date; write YYYY-MM-DD"),
        ("2027-10-01,off", "line 3: 'off' is no kind; write holiday or workday"),
        ("2027-10-01,", "line 3: '' is no kind; write holiday or workday"),
        (
            "2026-12-31,holiday",
            "line 3: 2026-12-31 is not in 2027; put it into the file of 2026",
        ),
        (
            "2027-10-02,holiday",
            "line 3: 2027-10-02 lies on a weekend, off anyway; leave it out",
        ),
        (
            "2027-10-08,workday",
            "line 3: 2027-10-08 is a weekday, worked anyway; leave it out",
        ),
        ("2027-01-01,holiday", "line 3: 2027-01-01 stands in line 2 already; keep one"),
        ("2027-01-01,workday", "line 3: 2027-01-01 is a weekday, worked anyway; leave it out"),
        ("2027-10-01", "line 3: 1 cells; write date,kind"),
        ("2027-10-01,holiday,国庆节", "line 3: 3 cells; write date,kind"),
        ('2027-10-01,"hol"iday', "line 3: ',' expected after '\"'; quote no cell"),
    ],
)
def test_a_wrong_line_is_told_with_its_remedy(row: str, because: str) -> None:
    assert refusal(f"date,kind\n2027-01-01,holiday\n{row}\n") == because


def test_all_wrong_lines_are_told_at_once() -> None:
    because = refusal("date,kind\n2027-10-02,holiday\n2027-10-01,holiday\n2027-10-01,rest\n")

    assert because == (
        "line 2: 2027-10-02 lies on a weekend, off anyway; leave it out; "
        "line 4: 'rest' is no kind; write holiday or workday"
    )


def test_of_very_many_wrong_lines_twenty_are_told() -> None:
    because = refusal("date,kind\n" + "x,y\n" * 50)

    assert because.count("is no date") == 20
    assert because.endswith("; and 30 more")


@pytest.mark.parametrize(
    ("text", "name", "because"),
    [
        ("", "2027.csv", "holds no day"),
        ("date,kind\n", "2027.csv", "holds no day"),
        ("[]", "2027.json", "holds no day"),
        ("2027-10-01,holiday\n", "2027.csv", "line 1: no header; begin with date,kind"),
        ("date,kind\n2027-10-01,holiday\n", "2027.xlsx", "neither .csv nor .json"),
        (b"date,kind,name\n2027-10-01,holiday,\xb9\xfa\xc7\xec\n", "2027.csv", "line 2: not UTF-8"),
        (b"x" * (BYTES_MOST + 1), "2027.csv", f"larger than {BYTES_MOST} bytes"),
        ("{}", "2027.json", "line 1: no array"),
        ('[\n{"date": "2027-10-01"}]', "2027.json", "line 2: not an object with date and kind"),
        ('[\n\n"2027-10-01"]', "2027.json", "line 3: not an object with date and kind"),
        (
            '[{"date": "2027-10-01", "kind": "holiday", "off": 1}]',
            "2027.json",
            "line 1: not an object with date and kind",
        ),
        (
            '[\n{"date": "2027-10-01", "kind": "holiday"},\n]',
            "2027.json",
            "line 3: no JSON",
        ),
        (
            '[\n{"date": "2027-10-01", "kind": "holiday"}\n{',
            "2027.json",
            "line 2: neither comma nor end",
        ),
        ('[{"date": "2027-10-01", "kind": "holiday"}] x', "2027.json", "line 1: neither comma"),
        ("[" + "9" * 5000, "2027.json", "line 1: no JSON"),
        ("[" * 60_000, "2027.json", "line 1: no JSON"),
        ('[\n{"date": 20271001, "kind": "holiday"}]', "2027.json", "line 2: '20271001' is no date"),
        (
            '[\n{"date": "2027-10-01", "kind": "holiday"},\n{"date": "2027-10-02", "kind": null}]',
            "2027.json",
            "line 3: 'None' is no kind",
        ),
    ],
)
def test_a_wrong_file_is_told_with_its_remedy(text: str | bytes, name: str, because: str) -> None:
    assert refusal(text, name).startswith(because)


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_whatever_is_in_a_file_it_is_read_or_refused(content: bytes) -> None:
    for name, begin in (("2027.csv", b"date,kind\n"), ("2027.json", b"["), ("2027.csv", b"")):
        with pytest.raises(Malformed):
            parsed(begin + content, name=name)
