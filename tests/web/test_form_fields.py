"""Each kind of field both ways: how it is drawn, what a browser sends, what a command gets."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx2
import pytest

from domain.clock import SHANGHAI, local_day
from domain.personal import Personal
from domain.record import Kind
from tests.web.district import AREA, NEIGHBOURS, SANITATION, District, png
from tests.web.forms import Page
from web.filling import Filling, moment
from web.forms import Drawer, Form, minute, units_of
from web.pages.frame import ENVIRONMENT
from web.pages.steps import filling_of
from web.ports import Office, SignedIn
from web.posted import Posted
from web.words import Language, Words, words_of
from workflows.fields import FieldSpec, Label, Reader

SUBJECT = UUID(int=7)
ZH = words_of("zh")
DRAWN = ENVIRONMENT.from_string(
    '{% import "form.html" as f %}{{ f.summary(w, form) }}<form action="/x">'
    "{% for control in form.controls %}{{ f.field(w, control) }}{% endfor %}</form>"
)
CHOICES = {"effective": Label(zh="有效", en="Effective"), "none": Label(zh="未果", en="None")}


@pytest.fixture(scope="module")
def office(district: District) -> Office:
    office: Office = district.app.state.office
    return office


@pytest.fixture(scope="module")
def who(district: District) -> SignedIn:
    found = district.app.state.office.porter.visitor(district.cookies["zhoumin"])
    assert found is not None
    who: SignedIn = found
    return who


@pytest.fixture
def filling(office: Office, who: SignedIn) -> Filling:
    return filling_of(office, who, SUBJECT, words_of("zh"))


def spec(kind: Kind, **more: Any) -> FieldSpec:
    more = {"choices": CHOICES, **more} if kind is Kind.CHOICE else more
    return FieldSpec(name="it", kind=kind, label=Label(zh="内容", en="It"), **more)


def drawn(form: Form, words: Words = ZH) -> Page:
    return Page("", httpx2.Response(200, text=DRAWN.render(w=words, form=form)))


def empty(asked: FieldSpec, office: Office, language: Words = ZH) -> Form:
    people = [("第一片区", [("linxiaohe", "林晓禾 社区工作者")])]
    units = units_of(office.organisation, local_day(office.now()))
    return Drawer(language, units, people=people).form([asked])


def sent_again(page: Page) -> Posted:
    """What a browser sends of a form as it stands."""
    return Posted({name: list(texts) for name, texts in page.values.items()}, {})


WRITTEN = [
    (Kind.TEXT, "文书 7 号", "文书 7 号"),
    (Kind.NOTE, "两行\n说明 & <b>", Personal(SUBJECT, clear="两行\n说明 & <b>")),
    (Kind.PERSON, "张桂芬", Personal(SUBJECT, clear="张桂芬")),
    (Kind.NUMBER, "12", Decimal(12)),
    (Kind.NUMBER, " １２．５ ", Decimal("12.5")),
    (Kind.MONEY, "30.50", Decimal("30.50")),
    (Kind.PLACE, "116.99，36.65", "116.99,36.65"),
    (Kind.PLACE, "116.99, 36.65", "116.99,36.65"),
    (Kind.DATE, "2011-07-26", datetime(2011, 7, 26).date()),  # noqa: DTZ001 (a day)
    (Kind.INSTANT, "2011-07-22T10:30", datetime(2011, 7, 22, 2, 30, tzinfo=UTC)),
    (Kind.REFERENCE, str(UUID(int=9)), UUID(int=9)),
]


@pytest.mark.parametrize(("kind", "typed", "kept"), WRITTEN)
def test_what_is_written_is_read_and_drawn_again_as_it_was_written(
    office: Office, filling: Filling, kind: Kind, typed: str, kept: object
) -> None:
    form = empty(spec(kind), office)

    told = filling.fill(form, Posted({"it": [typed]}))
    filling.check(form, told, SUBJECT, None, None)

    assert form.errors == []
    assert Reader("", (spec(kind),)).read(told, SUBJECT).get("it") == kept
    assert drawn(form).values["it"] == [typed]


DAYS = [
    (Kind.DATE, "2011年7月26日", "2011-07-26", "2011年7月26日", "26 July 2011"),
    (Kind.DATE, "26 July 2011", "2011-07-26", "2011年7月26日", "26 July 2011"),
    (Kind.DATE, "２６ jul. 2011", "2011-07-26", "2011年7月26日", "26 July 2011"),
    (Kind.DATE, "26 ju 2011", "26 ju 2011", "26 ju 2011", "26 ju 2011"),
    (Kind.DATE, "2011-02-30", "2011-02-30", "2011-02-30", "2011-02-30"),
    (
        Kind.INSTANT, "2011/7/2 9:30", "2011-07-02T09:30", "2011年7月2日 09:30",
        "2 July 2011, 09:30",
    ),
    (
        Kind.INSTANT, "2 July 2011, 09:30", "2011-07-02T09:30", "2011年7月2日 09:30",
        "2 July 2011, 09:30",
    ),
    (Kind.INSTANT, "2011-07-02", "2011-07-02", "2011-07-02", "2011-07-02"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "typed", "held", "zh", "en"), DAYS)
def test_a_day_is_held_as_the_browser_has_it_and_told_as_the_page_does(
    office: Office, filling: Filling, kind: Kind, typed: str, held: str, zh: str, en: str
) -> None:
    form = empty(spec(kind), office)

    filling.fill(form, Posted({"it": [typed]}))

    page, (control,) = drawn(form), form.controls
    assert page.values["it"] == [held]
    told = [control.told(words)[0] for words in (ZH, words_of("en"))]
    assert [words for words, _ in told] == [zh, en]
    native = {Kind.DATE: "date", Kind.INSTANT: "datetime-local"}[kind]
    # What is no day would not be seen in a field of days.
    shape, iso = (native, held) if zh != held else ("text", "")
    assert f'type="{shape}"' in page.answer.text
    assert {stamp.partition("+")[0].removesuffix(":00") for _, stamp in told} == {iso}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", [Kind.DATE, Kind.INSTANT])
def test_a_field_of_days_says_how_the_page_writes_them_and_takes_it_so(
    office: Office, filling: Filling, kind: Kind, language: Language
) -> None:
    words = words_of(language)
    form = empty(spec(kind), office, words)
    (control,) = form.controls
    example = control.hint.rpartition("如 " if language == "zh" else "such as ")[2]

    told = filling.fill(form, Posted({"it": [example]}))
    filling.check(form, told, SUBJECT, None, None)

    assert form.errors == []
    assert control.told(words)[0][0] == example
    assert f'aria-describedby="{control.id}-h"' in drawn(form).answer.text


@pytest.mark.parametrize("typed", ["1972-03-05", "1972年3月5日"])
def test_a_day_that_is_kept_sealed_is_written_down_like_any_other(
    office: Office, filling: Filling, typed: str
) -> None:
    asked = spec(Kind.PERSON, form="date")
    form = empty(asked, office)

    told = filling.fill(form, Posted({"it": [typed]}))
    filling.check(form, told, SUBJECT, None, None)

    kept = Reader("", (asked,)).read(told, SUBJECT).get("it")
    assert form.errors == []
    assert isinstance(kept, Personal)
    assert kept.clear == "1972-03-05"
    page = drawn(form)
    assert page.values["it"] == ["1972-03-05"]
    assert 'type="date"' in page.answer.text


def test_a_day_that_is_kept_sealed_and_is_none_is_refused(office: Office, filling: Filling) -> None:
    form = empty(spec(Kind.PERSON, form="date"), office)

    filling.check(form, filling.fill(form, Posted({"it": ["张三"]})), SUBJECT, None, None)

    assert [words for _, words in form.errors] == ["内容：应为历上有的日期，如 2011年7月22日"]


CHOSEN = [
    (Kind.CHOICE, ["effective"], "effective"),
    (Kind.FLAG, ["yes"], True),
    (Kind.FLAG, ["no"], False),
    (Kind.UNIT, [SANITATION], SANITATION),
    (Kind.UNITS, [NEIGHBOURS, AREA], (NEIGHBOURS, AREA)),
    (Kind.ACCOUNT, ["linxiaohe"], "linxiaohe"),
]


@pytest.mark.parametrize(("kind", "chosen", "kept"), CHOSEN)
def test_what_is_chosen_is_read_and_stays_chosen(
    office: Office, filling: Filling, kind: Kind, chosen: list[str], kept: object
) -> None:
    form = empty(spec(kind), office)
    before = drawn(form)
    assert set(chosen) <= set(before.options["it"])
    # Nothing is chosen beforehand.
    assert before.values.get("it", [""]) == [""]

    told = filling.fill(form, Posted({"it": chosen}))
    filling.check(form, told, SUBJECT, None, None)

    assert form.errors == []
    assert Reader("", (spec(kind),)).read(told, SUBJECT).get("it") == kept
    assert sorted(drawn(form).values["it"]) == sorted(chosen)


@pytest.mark.parametrize("kind", [Kind.PHOTOS, Kind.PAPERS])
def test_files_are_kept_at_once_and_stay_chosen_until_they_are_unticked(
    office: Office, filling: Filling, kind: Kind
) -> None:
    form = empty(spec(kind), office)
    assert drawn(form).files == {"it"}

    told = filling.fill(form, Posted({}, {"it": [("gate.png", png()), ("door.png", png())]}))
    first, second = told["it"]
    again = drawn(form)
    assert again.values["it.kept"] == [first, second]
    assert [kept.name for kept in form.controls[0].kept] == ["gate.png", "door.png"]

    form = empty(spec(kind), office)
    assert filling.fill(form, Posted({"it.kept": [second]})) == {"it": [second]}
    filling.check(form, {"it": [second]}, SUBJECT, None, None)
    assert form.errors == []


@pytest.mark.parametrize("told", [str(UUID(int=1)), "none", ""])
def test_a_file_of_another_affair_is_not_taken_over(
    office: Office, who: SignedIn, filling: Filling, told: str
) -> None:
    theirs = filling_of(office, who, UUID(int=8), words_of("zh"))
    strange = theirs.fill(
        empty(spec(Kind.PHOTOS), office), Posted({}, {"it": [("gate.png", png())]})
    )["it"]
    form = empty(spec(Kind.PHOTOS), office)

    assert filling.fill(form, Posted({"it.kept": [told, *strange]})) == {}
    assert form.errors == [("f-it", "内容：应为交给本事务的材料")]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("gate.png", b"not a picture \x00", "内容：gate.png：不是 JPEG、PNG、PDF 或 UTF-8 纯文本"),
        ("gate.jpg", png(), "内容：gate.jpg：内容是 image/png，与扩展名不符"),
        ("gate.png", b"", "内容：gate.png：是空的"),
    ],
)
def test_a_file_that_is_refused_is_named_beside_its_field(
    office: Office, filling: Filling, name: str, content: bytes, said: str
) -> None:
    form = empty(spec(Kind.PHOTOS), office)

    told = filling.fill(form, Posted({}, {"it": [("first.png", png()), (name, content)]}))

    assert form.errors == [("f-it", said)]
    assert len(told["it"]) == 1


MISSING = {
    Kind.CHOICE: "请选择内容", Kind.FLAG: "请选择内容", Kind.UNIT: "请选择内容",
    Kind.UNITS: "请选择内容", Kind.ACCOUNT: "请选择内容", Kind.OFFERING: "请选择内容",
    Kind.PHOTOS: "请添加内容", Kind.PAPERS: "请添加内容",
}  # fmt: skip


@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_missing_says_so_in_the_same_words_beside_the_field_and_in_the_summary(
    office: Office, filling: Filling, kind: Kind
) -> None:
    form = empty(spec(kind), office)

    filling.check(form, filling.fill(form, Posted()), SUBJECT, None, None)

    page, said = drawn(form), MISSING.get(kind, "请填写内容")
    assert page.errors == [("#f-it", said)]
    assert "f-it" in page.ids
    assert page.text.count(said) == 2
    assert 'aria-invalid="true"' in page.answer.text
    assert 'aria-describedby="' in page.answer.text


@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_optional_may_be_left_out_and_says_so(
    office: Office, filling: Filling, kind: Kind
) -> None:
    form = empty(spec(kind, required=False), office)
    assert "（选填）" in drawn(form).text

    told = filling.fill(form, sent_again(drawn(form)))
    filling.check(form, told, SUBJECT, None, None)

    assert told == {}
    assert form.errors == []


WRONG = [
    (Kind.TEXT, {}, "一\t二", "内容：应为一行，不含制表符"),
    (Kind.TEXT, {"max": 3}, "四个字了", "内容：至多 3 字"),
    (Kind.NOTE, {"min": 3}, "短", "内容：至少 3 字"),
    (Kind.NOTE, {}, "铃\x07", "内容：含有不能保存的字符 U+0007"),
    (Kind.PERSON, {"max": 2}, "张桂芬", "内容：至多 2 字"),
    (Kind.NUMBER, {}, "很多", "内容：应为数字"),
    (Kind.NUMBER, {"min": 1}, "0", "内容：应不小于 1"),
    (Kind.NUMBER, {"max": 9}, "10", "内容：应不大于 9"),
    (Kind.MONEY, {}, "1.234", "内容：应为金额（元），至多两位小数"),
    (Kind.MONEY, {}, "-1", "内容：应不小于 0"),
    (Kind.DATE, {}, "明天", "内容：应为历上有的日期，如 2011年7月22日"),
    (Kind.DATE, {}, "2011-02-30", "内容：应为历上有的日期，如 2011年7月22日"),
    (Kind.INSTANT, {}, "2011-07-22", "内容：应为日期和时间，如 2011年7月22日 10:30"),
    (Kind.INSTANT, {}, "2011-07-22T25:00", "内容：应为日期和时间，如 2011年7月22日 10:30"),
    (Kind.PLACE, {}, "村口", "内容：应为经度和纬度，如 116.99,36.65"),
    (Kind.PLACE, {}, "200,36", "内容：应为经度和纬度，如 116.99,36.65"),
    (Kind.REFERENCE, {}, "CG-1999-0001", "内容：应为确有的事务"),
]


@pytest.mark.parametrize(("kind", "bound", "typed", "said"), WRONG)
def test_what_is_wrong_is_kept_and_says_why(
    office: Office, filling: Filling, kind: Kind, bound: dict[str, Any], typed: str, said: str
) -> None:
    form = empty(spec(kind, **bound), office)

    filling.check(form, filling.fill(form, Posted({"it": [typed]})), SUBJECT, None, None)

    page = drawn(form)
    assert page.errors == [("#f-it", said)]
    assert page.values["it"] == [typed]


@pytest.mark.parametrize(
    ("kind", "chosen"),
    [(Kind.CHOICE, "other"), (Kind.FLAG, "maybe"), (Kind.UNIT, "x y"), (Kind.UNITS, "x y")],
)
def test_a_choice_that_is_none_is_refused(
    office: Office, filling: Filling, kind: Kind, chosen: str
) -> None:
    form = empty(spec(kind), office)

    filling.check(form, filling.fill(form, Posted({"it": [chosen]})), SUBJECT, None, None)

    assert [id_ for id_, _ in form.errors] == ["f-it"]


HINTS = [
    (Kind.NUMBER, {"min": 1, "max": 9}, "1 至 9", "from 1 to 9"),
    (Kind.NUMBER, {"max": 9}, "不大于 9", "9 or less"),
    (Kind.MONEY, {}, "不小于 0；元，至多两位小数", "0 or more; yuan, at most two decimals"),
    (Kind.TEXT, {"max": 80}, "至多 80 字", "at most 80 characters"),
    (Kind.NOTE, {"min": 5}, "至少 5 字", "at least 5 characters"),
    (Kind.DATE, {"from_today": True}, "不早于办理当天", "not before the day on which it happens"),
    (Kind.DATE, {"next_month": True}, "办理次月的一日", "the first day of the next month"),
    (Kind.DATE, {"within_days": 30}, "不晚于办理后 30 天", "at most 30 days later"),
    (Kind.INSTANT, {"past": True}, "在登记之后、办理时间之前", "after the registration"),
    (Kind.PHOTOS, {"min": 2}, "至少 2 个", "at least 2"),
    (Kind.REFERENCE, {}, "事务的编号", "the number of an affair"),
]


@pytest.mark.parametrize(("kind", "bound", "zh", "en"), HINTS)
def test_a_bound_is_told_before_anything_is_typed(
    office: Office, kind: Kind, bound: dict[str, Any], zh: str, en: str
) -> None:
    for words, said in ((ZH, zh), (words_of("en"), en)):
        form = empty(spec(kind, **bound), office, words)
        assert said in drawn(form, words).text
        assert 'aria-describedby="f-it-h"' in drawn(form).answer.text


def test_the_help_of_the_line_file_stands_beside_its_bound(office: Office) -> None:
    asked = spec(Kind.NUMBER, min=1, help=Label(zh="按单位计", en="In its unit"))

    assert "按单位计；不小于 1" in drawn(empty(asked, office)).text


def test_every_wrong_field_says_so_not_the_first_alone(office: Office, filling: Filling) -> None:
    two = [spec(Kind.NUMBER), spec(Kind.DATE).model_copy(update={"name": "other"})]
    form = Drawer(words_of("zh"), ()).form(two)

    filling.check(form, filling.fill(form, Posted({"it": ["x"]})), SUBJECT, None, None)

    page = drawn(form)
    assert [id_ for id_, _ in page.errors] == ["#f-it", "#f-other"]
    assert "有 2 处需要更正" in page.text


def test_many_choices_are_a_list_to_pull_down(office: Office) -> None:
    many = {f"c{n}": Label(zh=f"第 {n} 种", en=f"Kind {n}") for n in range(9)}

    assert "<select" in drawn(empty(spec(Kind.CHOICE, choices=many), office)).answer.text
    assert "<select" not in drawn(empty(spec(Kind.CHOICE), office)).answer.text


def test_a_minute_is_told_in_the_time_of_the_place() -> None:
    at = datetime(2011, 7, 25, 8, 10, 59, tzinfo=UTC)

    assert minute(at) == "2011-07-25T16:10"
    assert moment("2011-07-25T16:10:00+08:00") == datetime(2011, 7, 25, 16, 10, tzinfo=SHANGHAI)
    assert moment("2011-07-25T16:10") is None
    assert moment("9999-12-31T23:59:00+08:00") is None
