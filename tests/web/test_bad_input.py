"""Bad input at the edge: stored exactly, or refused with 422 and the name of the field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.web.district import AREA, District, at, doing, persuading, png, registration
from web.front import LARGEST_BODY, LARGEST_UPLOAD


@pytest.fixture(scope="module")
def affair(district: District) -> str:
    """An affair in which persuasion has begun."""
    return persuading(district)


@pytest.fixture
def unchanged(district: District) -> Iterator[None]:
    """Nothing is stored while the test runs."""
    head = district.house.log.head()
    yield
    assert district.house.log.head() == head


STORED_EXACTLY = {
    "emoji": "废品🗑️很多👨‍👩‍👧",
    "CJK extension B": "𠮷野家门口𪚥",
    "CJK extension G": "𰻝𰻝面馆",
    "right to left": "\u202eabc\u202c שלום \u200fمرحبا",
    "combining": "e\u0301 ゙か\u3099",
    "no break and zero width": "a\u00a0b\u200bc\ufeffd",
    "lines and tabs": "一行\n二行\t完",
    "script": '<script>alert(1)</script> & "quotes" \'',
    "formula": "=1+1",
    "template": "{{ 7*7 }} {% raw %}",
    "noncharacter": "\ufdd0\U0001ffff",
    "longest": "长" * 4_000,
}


@pytest.mark.parametrize("text", STORED_EXACTLY.values(), ids=STORED_EXACTLY)
def test_a_text_is_stored_exactly(district: District, text: str) -> None:
    receipt = district.registered(summary=text)
    district.done(
        "linxiaohe",
        receipt["number"],
        "steps/G1",
        "07-22 10:30",
        place="116.99,36.65",
        note=text,
    )

    history = district.api("linxiaohe", "GET", f"/affairs/{receipt['number']}/history").json()

    assert history["items"][0]["event"]["summary"] == text
    assert {"name": "note", "kind": "note", "value": text} in history["items"][1]["record"]
    page = district.page("linxiaohe", f"/affairs/{receipt['number']}")
    assert page.status_code == 200
    assert "<script>" not in page.text


# Raw JSON, since a client's library would refuse to write some of it.
REFUSED = {
    "NUL": r'"a\u0000b"',
    "control character": r'"a\u0007b"',
    "high surrogate": r'"a\ud800b"',
    "low surrogate": r'"\udfff"',
    "surrogates the wrong way round": r'"\udc00\ud800"',
    "too long": json.dumps("长" * 100_000),
    "a number": "5",
    "an object": "{}",
    "nothing": "null",
    "empty": '""',
}


@pytest.mark.parametrize("raw", REFUSED.values(), ids=REFUSED)
@pytest.mark.usefixtures("unchanged")
def test_a_summary_that_cannot_be_kept_is_refused(district: District, raw: str) -> None:
    answer = posted(district, "/affairs", registration(), summary=raw)

    assert answer["status"] == 422
    assert answer["field"] == "summary"


@pytest.mark.parametrize(
    ("raw", "zh", "en"),
    [
        ('""', "至少 1 字", "at least 1 character"),
        ('"   "', "一句话", "in one line"),
        (json.dumps("长" * 4_001), "至多 4000 字", "at most 4000 characters"),
    ],
)
@pytest.mark.usefixtures("unchanged")
def test_a_summary_is_told_its_bounds(district: District, raw: str, zh: str, en: str) -> None:
    told = [
        posted(district, "/affairs", registration(), language, summary=raw)["detail"]
        for language in ("zh", "en")
    ]

    assert zh in told[0]
    assert en in told[1]
    assert all(detail.startswith("summary") for detail in told)


RECORDED = {
    "NUL": r'"a\u0000b"',
    "high surrogate": r'"a\ud800b"',
    "too long for the edge": json.dumps("长" * 100_000),
    "too long for the field": json.dumps("长" * 4_001),
    "an object": '{"a": 1}',
    "nested lists": "[[1]]",
    "list of texts": '["a"]',
    "surrogate in a list": r'["\ud800"]',
}


@pytest.mark.parametrize("raw", RECORDED.values(), ids=RECORDED)
@pytest.mark.usefixtures("unchanged")
def test_a_recorded_text_that_cannot_be_kept_is_refused(
    district: District, affair: str, raw: str
) -> None:
    body = doing("07-22 16:00", result="ineffective")
    sent = json.dumps(body).replace('"ineffective"', f'"ineffective", "note": {raw}')

    answer = raw_posted(district, f"/affairs/{affair}/entries/persuasion", sent)

    assert answer["status"] == 422
    assert answer["field"] in ("note", "record.note")


FIELDS: list[tuple[str, dict[str, str], str]] = [
    ("unknown field", {"colour": '"red"'}, "colour"),
    ("unknown record field by a wrong name", {"record": '{"A-B": 1}'}, "record.A-B"),
    ("name of a field that is no text", {"record": r'{"\ud800": 1}'}, "record.���"),
    ("too many fields", {"record": json.dumps({f"a{n}": n for n in range(61)})}, "record"),
    ("record that is a list", {"record": "[]"}, "record"),
    ("naive time", {"occurred_at": '"2011-07-22T10:05:00"'}, "occurred_at"),
    ("a day for a time", {"occurred_at": '"2011-07-22"'}, "occurred_at"),
    ("a number for a time", {"occurred_at": "1311300000"}, "occurred_at"),
    ("a number below 0 for a time", {"occurred_at": '"-1311300000"'}, "occurred_at"),
    ("a time that is none", {"occurred_at": '"2011-02-30T10:05:00+08:00"'}, "occurred_at"),
    ("a time in the year 1", {"occurred_at": '"0001-01-01T00:00:00+14:00"'}, "occurred_at"),
    ("a time in the year 9999", {"occurred_at": '"9999-12-31T23:59:59-12:00"'}, "occurred_at"),
    ("no time", {"occurred_at": "null"}, "occurred_at"),
    ("matter of the wrong form", {"matter": '"CG1"'}, "matter"),
    ("matter that is none", {"matter": '"CG99"'}, "matter"),
    ("source that is none", {"source": '"reaction"'}, "source"),
    ("wish that is none", {"contact_wish": '"maybe"'}, "contact_wish"),
    ("area of the wrong form", {"area": '"../etc"'}, "area"),
    ("area that is too long", {"area": json.dumps("1" * 65)}, "area"),
    ("name of two lines", {"applicant": r'"a\nb"'}, "applicant"),
    ("name that is too long", {"applicant": json.dumps("长" * 201)}, "applicant"),
    ("telephone that is too long", {"telephone": json.dumps("1" * 41)}, "telephone"),
    ("subject that is no id", {"subject": '"张"'}, "subject"),
    ("origin that is no id", {"origin_id": '"1"'}, "origin_id"),
]


@pytest.mark.parametrize(("changes", "field"), [f[1:] for f in FIELDS], ids=[f[0] for f in FIELDS])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.usefixtures("unchanged")
def test_a_field_that_is_wrong_is_named(
    district: District, changes: dict[str, str], field: str, language: str
) -> None:
    answer = posted(district, "/affairs", registration(), language, **changes)

    assert answer["status"] == 422
    assert answer["field"] == field
    assert answer["because"]
    assert "Input should" not in str(answer)


@pytest.mark.parametrize(
    ("language", "because"),
    [
        ("zh-CN", "应不早于 2011-07-01：条线 CG 自该日起施行"),
        ("en", "2011-07-01 or later: CG is in force from then"),
    ],
)
@pytest.mark.usefixtures("unchanged")
def test_a_request_from_before_its_line_is_told_since_when_there_is_one(
    district: District, language: str, because: str
) -> None:
    before = json.dumps("2011-06-30T23:59:59+08:00")

    answer = posted(district, "/affairs", registration(), language, occurred_at=before)

    assert (answer["status"], answer["field"]) == (422, "occurred_at")
    assert answer["detail"].endswith(because)


@pytest.mark.parametrize(("matter", "status"), [("ZZ01", 404), ("CG99", 422)])
@pytest.mark.parametrize("day", ["2011-06-30", "2011-07-22"])
@pytest.mark.usefixtures("unchanged")
def test_a_line_or_a_matter_that_is_none_is_so_on_every_day(
    district: District, matter: str, status: int, day: str
) -> None:
    sent = registration(matter=matter, occurred_at=f"{day}T10:00:00+08:00")

    assert posted(district, "/affairs", sent)["status"] == status


def test_what_was_done_before_the_line_was_there_names_the_time(district: District) -> None:
    number = district.registered()["number"]
    head = district.house.log.head()
    sent = doing("06-30 10:30", place="116.99,36.65")

    answer = district.api("linxiaohe", "POST", f"/affairs/{number}/steps/G1", json=sent)

    assert (answer.status_code, answer.json()["field"]) == (422, "occurred_at")
    assert district.house.log.head() == head


def test_every_wrong_field_is_told_at_once(district: District) -> None:
    answer = posted(district, "/affairs", registration(), matter='"x"', source='"y"', colour="1")

    assert {fault["field"] for fault in answer["errors"]} == {"matter", "source", "colour"}


def test_no_value_is_repeated_in_the_answer(district: District) -> None:
    answer = posted(district, "/affairs", registration(), telephone=json.dumps("13812341234" * 9))

    assert "13812341234" not in str(answer)


NO_JSON = {
    "no JSON": (b"{", 422),
    "nothing": (b"", 422),
    "a text": (b'"x"', 422),
    "a list": (b"[]", 422),
    "not UTF-8": (b'{"summary": "\xff"}', 400),
    "too deep": (b"[" * 100_000, 400),
    "a number without end": (b'{"matter": ' + b"9" * 5_000 + b"}", 400),
    "not a number": (b'{"matter": NaN}', 422),
}


@pytest.mark.parametrize(("content", "status"), NO_JSON.values(), ids=NO_JSON)
@pytest.mark.usefixtures("unchanged")
def test_a_body_that_cannot_be_read_is_refused(
    district: District, content: bytes, status: int
) -> None:
    answer = district.api(
        "linxiaohe", "POST", "/affairs", {"Content-Type": "application/json"}, content=content
    )

    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "a/b/c"])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.usefixtures("unchanged")
def test_a_body_of_another_type_is_told_the_one_expected(
    district: District, kind: str, language: str
) -> None:
    content = json.dumps(registration()).encode()
    headers = {"Accept-Language": language} | ({"Content-Type": kind} if kind else {})

    answer = district.api("linxiaohe", "POST", "/affairs", headers, content=content)

    assert answer.status_code == 415
    assert answer.json()["expected"] == "application/json"
    assert "application/json" in answer.json()["detail"]


def test_the_parameters_of_a_type_are_left_aside(district: District) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    content = json.dumps(registration()).encode()

    assert (
        district.api("linxiaohe", "POST", "/affairs", headers, content=content).status_code == 201
    )


TWICE = {
    "beside one another": ('{"matter": "CG01", "matter": "CG02"}', "matter"),
    "the same value": ('{"area": "a", "area": "a"}', "area"),
    "written another way": (r'{"area": "a", "\u0061rea": "b"}', "area"),
    "within the record": ('{"record": {"note": "a", "x": 1, "note": "b"}}', "note"),
    "a name that is no text": (r'{"\ud800": 1, "\ud800": 2}', r"\ud800"),
    "an empty name": ('{"": 1, "": 2}', "body"),
}


@pytest.mark.parametrize(("content", "name"), TWICE.values(), ids=TWICE)
@pytest.mark.usefixtures("unchanged")
def test_a_name_that_stands_twice_is_refused(district: District, content: str, name: str) -> None:
    zh = raw_posted(district, "/affairs", content)
    en = raw_posted(district, "/affairs", content, "en")

    assert zh["status"] == en["status"] == 422
    assert zh["field"] == en["field"] == name
    assert "出现两次" in zh["detail"]
    assert "stands twice" in en["detail"]


def visit(**changes: Any) -> dict[str, Any]:
    """What is sent to record a visit."""
    return {
        "household": str(uuid4()),
        "area": AREA,
        "light": "yellow",
        "kind": "routine",
        "outcome": "met",
        "started_at": at("07-22 09:20").isoformat(),
        "ended_at": at("07-22 09:40").isoformat(),
        **changes,
    }


@pytest.mark.usefixtures("unchanged")
def test_a_visitor_who_is_no_account_is_refused_by_name(district: District) -> None:
    for language, told in (("zh", "没有账号 nobody"), ("en", "nobody is none")):
        answer = district.api(
            "linxiaohe",
            "POST",
            "/visits",
            {"Accept-Language": language},
            json=visit(visitors=["linxiaohe", "nobody"]),
        )

        assert answer.status_code == 422
        assert answer.json()["field"] == "visitors"
        assert told in answer.json()["detail"]


def test_visitors_that_are_accounts_are_recorded(district: District) -> None:
    answer = district.api(
        "linxiaohe", "POST", "/visits", json=visit(visitors=["linxiaohe", "chenyan"])
    )

    assert answer.status_code == 201, answer.text
    [recorded] = district.house.desk.history(UUID(answer.json()["visit_id"]), 0)
    assert recorded.event.visitors == ("linxiaohe", "chenyan")


@pytest.mark.parametrize(
    ("language", "because"),
    [
        ("zh-CN", "应为一个电话号码：手机，或座机如 0531-82345678"),
        ("en", "one mobile or landline number, such as 0531-82345678"),
    ],
)
@pytest.mark.parametrize("telephone", ["看门人", "门卫室2号", "12345", "1" * 40])
@pytest.mark.usefixtures("unchanged")
def test_a_telephone_that_is_none_is_refused_in_both_languages(
    district: District, telephone: str, language: str, because: str
) -> None:
    sent = registration(telephone=telephone)

    answer = posted(district, "/affairs", sent, language)

    assert (answer["status"], answer["field"]) == (422, "telephone")
    assert because in answer["detail"]


@pytest.mark.parametrize("telephone", ["看门人", "--", "门卫室2号", "12345"])
def test_a_correction_stores_no_telephone_that_a_registration_would_refuse(
    district: District, telephone: str
) -> None:
    affair = district.registered()["number"]
    head = district.house.log.head()
    record = {"of_version": 1, "why": "写错", "telephone": telephone}

    refused = district.api(
        "zhoumin", "POST", f"/affairs/{affair}/actions/correct", json=doing("07-22 16:00", **record)
    )

    assert refused.status_code == 422
    assert refused.json()["field"] == "telephone"
    assert "电话号码" in refused.json()["detail"]
    assert district.house.log.head() == head
    record["telephone"] = "0531-88881234"
    district.done("zhoumin", affair, "actions/correct", "07-22 16:00", **record)


@pytest.mark.parametrize("field", ["applicant", "telephone", "address"])
def test_a_correction_names_nobody_who_wishes_to_stay_unknown(
    district: District, field: str
) -> None:
    unknown = {"applicant": "", "telephone": "", "address": "", "contact_wish": "anonymous"}
    affair = district.registered(**unknown)["number"]
    record = {"of_version": 1, "why": "补记", field: "13812341234"}

    refused = district.api(
        "zhoumin", "POST", f"/affairs/{affair}/actions/correct", json=doing("07-22 16:00", **record)
    )

    assert refused.status_code == 422
    assert refused.json()["field"] == field


@pytest.mark.usefixtures("unchanged")
def test_a_body_that_is_too_large_is_refused(district: District) -> None:
    told = district.api(
        "linxiaohe",
        "POST",
        "/affairs",
        {"Content-Type": "application/json"},
        content=b" " * (LARGEST_BODY + 1),
    )

    def in_parts() -> Iterator[bytes]:
        for _ in range(LARGEST_BODY // 65_536 + 1):
            yield b" " * 65_536

    untold = district.api(
        "linxiaohe", "POST", "/affairs", {"Content-Type": "application/json"}, content=in_parts()
    )

    assert told.status_code == untold.status_code == 413
    assert told.headers["content-type"] == "application/problem+json"


# --- addresses ---------------------------------------------------------------------------------

QUERIES = [
    ("/affairs?limit=0", "limit"),
    ("/affairs?limit=201", "limit"),
    ("/affairs?limit=x", "limit"),
    ("/affairs?cursor=x", "cursor"),
    ("/affairs?cursor=1:99999999999999999999", "cursor"),
    ("/affairs?cursor=9999999999999999999:1", "cursor"),
    ("/affairs?cursor=%C2%B2:1", "cursor"),
    ("/affairs?open=perhaps", "open"),
    ("/affairs?to_visit=perhaps", "to_visit"),
    ("/affairs?due_before=2011-07-22", "due_before"),
    ("/affairs?due_before=2011-07-22T10:00:00", "due_before"),
    ("/affairs?assignee=%00", "assignee"),
    ("/affairs?colour=red", "colour"),
    ("/affairs/{affair}/state?as_of=2011-07-22T10:00:00", "as_of"),
    ("/affairs/{affair}/state?when=now", "when"),
    ("/affairs/{affair}/state?as_of=-1311300000", "as_of"),
    ("/lines?colour=red", "colour"),
    ("/drafts?colour=red", "colour"),
    ("/assignments?colour=red", "colour"),
    ("/affairs?open=true&open=true", "open"),
    ("/affairs?limit=20&open=true&limit=50", "limit"),
    ("/affairs/{affair}/state?as_of=2011-07-22T10:00:00Z&as_of=2011-07-23T10:00:00Z", "as_of"),
    ("/statistics?from=2011-07-01", "to"),
    ("/statistics?from=2011-07-01&to=2011-06-30", "to"),
    ("/statistics?from=July&to=2011-07-31", "from"),
    ("/statistics?from=2011-07-01&to=2011-07-31&after=-1", "after"),
    ("/statistics?from=2011-07-01&to=2011-07-31&after=999999", "after"),
    # A number would be so many seconds after 1970.
    ("/statistics?from=0&to=2011-07-31", "from"),
    ("/statistics?from=2011-07-01&to=1322611200", "to"),
    ("/statistics?from=2011-07-01T00:00:00&to=2011-07-31", "from"),
    ("/statistics?from=2011-02-30&to=2011-07-31", "from"),
    ("/lines/CG?on=yesterday", "on"),
    ("/lines/CG?on=1322611200", "on"),
    ("/lines/cg", "code"),
    ("/attachments/x", "attachment"),
]


@pytest.mark.parametrize(("path", "field"), QUERIES)
def test_an_address_that_is_wrong_is_refused(
    district: District, affair: str, path: str, field: str
) -> None:
    answer = district.api("linxiaohe", "GET", path.format(affair=affair))

    assert answer.status_code == 422, answer.text
    assert answer.json()["field"] == field


@pytest.mark.parametrize("name", ["Idempotency-Key", "If-Match"])
@pytest.mark.usefixtures("unchanged")
def test_a_condition_that_stands_twice_is_refused(
    district: District, affair: str, name: str
) -> None:
    told = [("Authorization", f"Bearer {district.tokens['linxiaohe']}")]
    answer = district.client.post(
        f"/api/v1/affairs/{affair}/entries/persuasion",
        json=doing("07-22 16:00", result="ineffective"),
        headers=[*told, (name, '"1"'), (name, '"2"')],
    )

    assert answer.status_code == 422
    assert answer.json()["field"] == name
    assert "出现两次" in answer.json()["detail"]


@pytest.mark.parametrize(
    "key", ["nothing", "CG-2011-9999", "%00", "%F0%A0%AE%B7", "' OR 1=1 --", "x" * 64]
)
def test_an_affair_that_is_none_is_not_found(district: District, key: str) -> None:
    for path in (f"/affairs/{key}", f"/affairs/{key}/history", f"/affairs/{key}/options"):
        assert district.api("linxiaohe", "GET", path).status_code == 404


@pytest.mark.parametrize("name", ["%00", "a%0Ab", "x" * 41, "1", "a-b", "%E6%AD%A5"])
@pytest.mark.parametrize("kind", ["step", "entry", "action"])
@pytest.mark.usefixtures("unchanged")
def test_a_name_that_can_be_none_is_refused(
    district: District, affair: str, kind: str, name: str
) -> None:
    plural = {"step": "steps", "entry": "entries", "action": "actions"}[kind]

    answer = district.api(
        "zhoumin", "POST", f"/affairs/{affair}/{plural}/{name}", json=doing("07-22 16:00")
    )

    assert answer.status_code == 422
    assert answer.json()["field"] == kind


# --- attachments -------------------------------------------------------------------------------

SCRIPTED = b"%PDF-1.7\n1 0 obj<</S/JavaScript>>endobj\nstartxref\n0\n%%EOF\n"
FILES = {
    "empty": ("x.png", b"", 422),
    "another type": ("x.gif", b"GIF89a" + b"\0" * 20, 422),
    "a picture that says it is a text": ("x.txt", png(), 422),
    "a program": ("x.png", b"MZ" + b"\0" * 100, 422),
    "a page that holds NUL": ("x.html", b"<html>\0", 422),
    "name that is too long": ("长" * 300 + ".png", png(), 422),
    "too large": ("x.txt", b"a" * (10 * 1024 * 1024 + 1), 422),
    "a picture that breaks off": ("x.png", png()[:-8], 422),
    "a picture of far too many pixels": ("x.png", png(60_000, 60_000), 422),
    "a PDF that breaks off and says it is a text": ("x.txt", b"%PDF-1.7\n1 0 obj", 422),
    "a PDF that holds programs": ("x.pdf", SCRIPTED, 422),
    "far too large": ("x.txt", b"a" * (LARGEST_UPLOAD + 1), 413),
}


@pytest.mark.parametrize(("name", "content", "status"), FILES.values(), ids=FILES)
def test_a_file_that_is_not_accepted_is_refused(
    district: District, affair: str, name: str, content: bytes, status: int
) -> None:
    answer = district.api(
        "linxiaohe",
        "POST",
        f"/affairs/{affair}/attachments",
        files={"file": (name, content, "image/png")},
    )

    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert status == 413 or answer.json()["field"] == "file"


def test_why_a_pdf_is_refused_is_told_in_both_languages(district: District, affair: str) -> None:
    for language, told in (
        ("zh", "PDF 含有程序，请打印成新的"),
        ("en", "holds programs; print it"),
    ):
        answer = district.api(
            "linxiaohe",
            "POST",
            f"/affairs/{affair}/attachments",
            {"Accept-Language": language},
            files={"file": ("x.pdf", SCRIPTED, "application/pdf")},
        )

        assert told in answer.json()["detail"]


def test_the_clients_path_is_left_out(district: District, affair: str) -> None:
    answer = district.api(
        "linxiaohe",
        "POST",
        f"/affairs/{affair}/attachments",
        files={"file": ("..\\..\\家 照.png", png(), "text/html")},
    )

    kept = district.api("linxiaohe", "GET", f"/attachments/{answer.json()['id']}")
    assert kept.headers["content-disposition"] == (
        "inline; filename*=UTF-8''%E5%AE%B6%20%E7%85%A7.png"
    )
    assert kept.headers["content-type"] == "image/png"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"content": png(), "headers": {"Content-Type": "image/png"}}, 415),
        ({"files": {"other": ("x.png", png())}}, 422),
        ({"files": {"file": ("x.png", png())}, "data": {"more": "1"}}, 422),
        ({"files": {"other": ("x.png", png())}, "data": {"file": "x.png"}}, 422),
        ({"files": [("file", ("x.png", png())), ("file", ("y.png", png()))]}, 413),
        ({"content": b"--x\r\n", "headers": {"Content-Type": "multipart/form-data"}}, 400),
    ],
)
def test_a_form_that_is_not_of_one_file_is_refused(
    district: District, affair: str, sent: dict[str, Any], status: int
) -> None:
    path = f"/affairs/{affair}/attachments"
    answer = district.api("linxiaohe", "POST", path, sent.pop("headers", {}), **dict(sent))

    assert answer.status_code == status, answer.text


def test_times_are_kept_to_the_instant_whatever_their_zone(district: District) -> None:
    receipt = district.registered(occurred_at="2011-07-21T21:05:00.123456-05:00")

    found = district.api("linxiaohe", "GET", f"/affairs/{receipt['number']}").json()

    assert found["registered_at"] == "2011-07-22T02:05:00.123456Z"
    assert at("07-22 10:05").utcoffset() is not None


# --- sending -----------------------------------------------------------------------------------


def posted(
    district: District,
    path: str,
    body: dict[str, Any],
    language: str = "zh-CN",
    **raw: str,
) -> dict[str, Any]:
    """Send the body with some of its fields written as raw JSON; the answer."""
    told = {name: json.dumps(value) for name, value in body.items()} | raw
    text = ", ".join(f"{json.dumps(name)}: {value}" for name, value in told.items())
    return raw_posted(district, path, f"{{{text}}}", language)


def raw_posted(district: District, path: str, text: str, language: str = "zh-CN") -> dict[str, Any]:
    """Send a text as JSON; the answer."""
    headers = {"Content-Type": "application/json", "Accept-Language": language}
    answer = district.api("linxiaohe", "POST", path, headers, content=text.encode())
    found: dict[str, Any] = answer.json()
    return found
