"""Published lines: which version is in force on a day, compiled from the log alone."""

import json
from datetime import UTC, date, datetime

import pytest

from domain.errors import Malformed, NotFound
from domain.line import LinePublished
from tests.workflows.scenes import CG
from tests.workflows.small import small
from workflows.chinese import in_chinese
from workflows.line import Line
from workflows.publication import Lines, defined

NOON = datetime(2011, 7, 1, 4, tzinfo=UTC)


def published(
    version: str, since: date, to: date | None = None, line: Line | None = None
) -> LinePublished:
    given = (line or small()).model_copy(update={"version": version})
    told = defined(given)
    return LinePublished(
        code=given.code,
        version=version,
        valid_from=since,
        valid_to=to,
        definition=str(told["definition"]),
        by="policy",
        occurred_at=NOON,
    )


LINES = Lines(
    [
        published("2011.1", date(2011, 7, 1), date(2020, 12, 31)),
        published("2021.1", date(2021, 1, 1)),
        published("2011.1", date(2011, 7, 1), line=CG.spec),
        published("2011.2", date(2012, 1, 1), date(2012, 6, 30)),
    ]
)


@pytest.mark.parametrize(
    ("on", "version"),
    [
        (date(2011, 7, 1), "2011.1"),
        (date(2011, 12, 31), "2011.1"),
        (date(2012, 1, 1), "2011.2"),
        (date(2012, 6, 30), "2011.2"),
        (date(2012, 7, 1), "2011.1"),
        (date(2020, 12, 31), "2011.1"),
        (date(2021, 1, 1), "2021.1"),
        (date(2999, 1, 1), "2021.1"),
    ],
)
def test_the_version_of_a_day_is_the_last_one_published_for_it(on: date, version: str) -> None:
    assert LINES.in_force("ZA", on).version == version


def test_versions_and_codes() -> None:
    assert LINES.codes() == ("ZA", "CG")
    assert [event.version for event in LINES.publications("ZA")] == ["2011.1", "2021.1", "2011.2"]
    assert LINES.version("CG", "2011.1").spec == CG.spec
    assert LINES.version("ZA", "2021.1") is LINES.in_force("ZA", date(2021, 1, 1))


@pytest.mark.parametrize(("code", "on"), [("ZA", date(2011, 6, 30)), ("ZZ", date(2011, 7, 1))])
def test_what_was_never_in_force_is_not_found(code: str, on: date) -> None:
    with pytest.raises(NotFound):
        LINES.in_force(code, on)


GAP = Lines(
    [
        published("2011.1", date(2011, 7, 1), date(2011, 12, 31)),
        published("2013.1", date(2013, 1, 1), date(2013, 6, 30)),
        published("2012.2", date(2012, 7, 1), date(2012, 9, 30)),
        published("2011.1", date(1990, 1, 1), line=CG.spec),
    ]
)


@pytest.mark.parametrize(
    ("on", "because", "zh"),
    [
        (
            date(2011, 6, 30),
            "2011-07-01 or later: ZA is in force from then",
            "应不早于 2011-07-01：条线 ZA 自该日起施行",
        ),
        (
            date(2012, 1, 1),
            "2012-07-01 or later: ZA is in force from then",
            "应不早于 2012-07-01：条线 ZA 自该日起施行",
        ),
        (
            date(2013, 7, 1),
            "2013-06-30 or earlier: ZA was in force until then",
            "应不晚于 2013-06-30：条线 ZA 施行至该日",
        ),
    ],
)
def test_what_happened_on_a_day_without_a_version_is_told_when_there_is_one(
    on: date, because: str, zh: str
) -> None:
    with pytest.raises(Malformed) as refused:
        GAP.ruling("ZA", on)

    assert (refused.value.field, refused.value.because) == ("occurred_at", because)
    assert in_chinese(because) == zh


def test_a_version_rules_what_happened_while_it_was_in_force() -> None:
    for on in (date(2011, 7, 1), date(2011, 12, 31), date(2012, 9, 30), date(2013, 1, 1)):
        assert GAP.ruling("ZA", on) is GAP.in_force("ZA", on)
    assert LINES.ruling("ZA", date(2999, 1, 1)).version == "2021.1"


def test_a_line_that_was_never_published_rules_nothing() -> None:
    with pytest.raises(NotFound):
        GAP.ruling("ZZ", date(2011, 7, 1))


def test_a_version_that_was_never_published_is_not_found() -> None:
    with pytest.raises(NotFound):
        LINES.version("ZA", "1999.1")


def test_somebody_must_look_only_where_a_version_has_reactions() -> None:
    assert LINES.reacting
    without = CG.spec.model_copy(
        update={"common": CG.spec.common.model_copy(update={"reactions": ()})}
    )
    assert not Lines([published("2011.1", date(2011, 7, 1), line=without)]).reacting


def test_a_publication_says_the_whole_line() -> None:
    told = defined(small())

    assert (told["code"], told["version"]) == ("ZA", "2011.1")
    assert (told["valid_from"], told["valid_to"]) == (date(2011, 7, 1), date(2020, 12, 31))
    assert "X1" in [
        step["id"] for step in json.loads(str(told["definition"]))["common"]["transitions"]
    ]
