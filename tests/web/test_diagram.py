"""The diagram of a procedure: nothing lies on anything else, and it says what the machine says."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import lines
from tests.workflows.scenes import CG
from tests.workflows.small import small
from web.diagram import diagram, ems, own_steps, wrapped
from web.layout import Box, Drawing, Point, Size, drawn
from web.pages.frame import ENVIRONMENT
from web.words import Language, words_of
from workflows.machine import CompiledLine

SVG = "{http://www.w3.org/2000/svg}"


@st.composite
def machines(draw: st.DrawFn) -> tuple[dict[str, Size], dict[tuple[str, str], Size]]:
    """Up to nine states of any size, any ways between them, to themselves and back as well."""
    sizes = st.tuples(st.floats(20, 160), st.floats(20, 60))
    names = [f"s{number}" for number in range(draw(st.integers(1, 9)))]
    ends = st.sampled_from(names)
    ways = draw(st.lists(st.tuples(ends, ends), unique=True, max_size=20))
    return {name: draw(sizes) for name in names}, {way: draw(sizes) for way in ways}


@given(machines())
def test_nothing_in_a_drawing_lies_on_anything_else(
    machine: tuple[dict[str, Size], dict[tuple[str, str], Size]],
) -> None:
    drawing = drawn(*machine)

    assert collisions(drawing) == []
    assert set(drawing.boxes) == set(machine[0])
    assert {(arrow.source, arrow.target) for arrow in drawing.arrows} == set(machine[1])


@given(machines())
def test_an_arrow_leaves_its_state_and_points_at_the_other(
    machine: tuple[dict[str, Size], dict[tuple[str, str], Size]],
) -> None:
    drawing = drawn(*machine)

    for arrow in drawing.arrows:
        assert on_the_edge(arrow.strokes[0][0], drawing.boxes[arrow.source])
        assert on_the_edge(arrow.strokes[-1][-1], drawing.boxes[arrow.target])
        lower = drawing.boxes[arrow.target].y - drawing.boxes[arrow.source].y
        assert (lower < 0) == arrow.back


@given(machines())
def test_every_thing_stands_within_the_picture(
    machine: tuple[dict[str, Size], dict[tuple[str, str], Size]],
) -> None:
    drawing = drawn(*machine)

    for box in [*drawing.boxes.values(), *(arrow.label for arrow in drawing.arrows)]:
        assert box.x >= 0
        assert box.y >= 0
        assert box.right <= drawing.width
        assert box.bottom <= drawing.height


def test_boxes_on_one_another_are_caught() -> None:
    one, other = Box(0, 0, 50, 20), Box(40, 10, 50, 20)

    assert overlap(one, other)
    assert not overlap(one, Box(60, 0, 50, 20))
    assert collisions(Drawing(100, 40, {"a": one, "b": other}, ())) == [("a", "b")]


VERSIONS = pytest.mark.parametrize(
    "line", lines.versions(), ids=lambda line: f"{line.line}-{line.version}"
)


@VERSIONS
@pytest.mark.parametrize("language", ["zh", "en"])
def test_in_the_diagram_of_a_line_nothing_overlaps_and_all_stands_within_it(
    line: CompiledLine, language: Language
) -> None:
    svg = fromstring(svg_of(line, language))
    rects = [rect_box(rect) for rect in svg.iter(f"{SVG}rect")]
    labels = [text_box(text) for text in svg.findall(f"{SVG}text")]
    placed = [*rects, *labels]

    assert len(rects) >= len(line.spec.states)
    assert len(labels) >= len(line.spec.transitions)
    assert [pair for pair in combinations(placed, 2) if overlap(*pair)] == []
    left, top, width, height = map(float, (svg.get("viewBox") or "").split())
    picture = Box(left, top, width, height)
    assert [box for box in placed if not within(box, picture)] == []
    for group in svg.iter(f"{SVG}g"):
        if (rect := group.find(f"{SVG}rect")) is not None:
            names = [text_box(text, 15) for text in group.findall(f"{SVG}text")]
            assert [name for name in names if not within(name, rect_box(rect))] == []


@VERSIONS
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_diagram_names_every_state_and_every_step_of_the_line(
    line: CompiledLine, language: Language
) -> None:
    words = words_of(language)
    told = "".join(fromstring(svg_of(line, language)).itertext()).replace(" ", "")

    for state in line.spec.states.values():
        assert words.label(state).replace(" ", "") in told
    for way in own_steps(line):
        assert f"{way.id} {words.label(way.spec.label)}".replace(" ", "") in told


@VERSIONS
def test_the_diagram_draws_one_arrow_for_each_way_between_two_states(line: CompiledLine) -> None:
    svg = fromstring(svg_of(line, "zh"))
    ways = {(source, way.to) for way in own_steps(line) for source in way.sources}

    drawn_ways = [group for group in svg.iter(f"{SVG}g") if group.get("class") in ("e", "e b")]
    assert len(drawn_ways) == len(ways)
    states = {*line.spec.states, *(to for _, to in ways)}
    assert len(list(svg.iter(f"{SVG}rect"))) == len(states)


def test_the_diagram_says_what_it_is_and_holds_no_style_and_no_script() -> None:
    text = svg_of(CG, "en")
    svg = fromstring(text)

    assert svg.get("role") == "img"
    named = {element.get("id") for element in svg}
    assert set((svg.get("aria-labelledby") or "").split()) <= named
    assert "Urban management" in (svg.findtext(f"{SVG}title") or "")
    assert svg.findtext(f"{SVG}desc")
    assert not re.search(r"\sstyle=|<style|<script|\son[a-z]+=", text)


def test_a_label_that_holds_markup_stays_text() -> None:
    line = CompiledLine(small("{zh: 派修, en: Order}", "{zh: 派修, en: 'Order <b>&'}"))

    assert "Order <b>&" in "".join(fromstring(svg_of(line, "en")).itertext())


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("G8 劝导未果上报", ["G8 劝导未果上报"]),
        ("城市管理综合执法队到场处置", ["城市管理综合执法队到场", "处置"]),
        ("G8 File after failed persuasion", ["G8 File after", "failed persuasion"]),
        ("Incomprehensibilities", ["Incomprehensibilities"]),
    ],
)
def test_a_long_text_is_broken_where_its_language_allows(text: str, lines: list[str]) -> None:
    assert wrapped(text, 11.0) == lines


def test_a_chinese_character_is_an_em_wide() -> None:
    assert ems("劝导") == 2.0
    assert ems("G8") < 2.0


# --- how it is looked at -----------------------------------------------------------------------


def svg_of(line: CompiledLine, language: Language) -> str:
    """As the page writes it."""
    macros: Any = ENVIRONMENT.get_template("m.html").module
    return str(macros.procedure_diagram(diagram(line, words_of(language))))


def overlap(one: Box, other: Box) -> bool:
    """Whether two rectangles share more than an edge."""
    slack = 1e-6
    return (
        one.x + slack < other.right
        and other.x + slack < one.right
        and one.y + slack < other.bottom
        and other.y + slack < one.bottom
    )


def collisions(drawing: Drawing) -> list[tuple[str, str]]:
    """What lies on one another: states, labels, and the lines that would cross them."""
    things = dict(drawing.boxes)
    things |= {f"{a.source}→{a.target}": a.label for a in drawing.arrows}
    found = [
        (one, other)
        for one, other in combinations(things, 2)
        if overlap(things[one], things[other])
    ]
    for arrow in drawing.arrows:
        for stroke in arrow.strokes:
            for start, end in pairwise(stroke):
                # A curve stays between its ends.
                left, right = sorted((start[0], end[0]))
                top, bottom = sorted((start[1], end[1]))
                line = Box(left, top, right - left, bottom - top)
                found += [
                    (f"line {arrow.source}→{arrow.target}", name)
                    for name, thing in things.items()
                    if overlap(line, thing)
                ]
    return found


def on_the_edge(point: Point, box: Box) -> bool:
    (x, y), slack = point, 1e-6
    within = box.x - slack <= x <= box.right + slack and box.y - slack <= y <= box.bottom + slack
    inside = box.x + slack < x < box.right - slack and box.y + slack < y < box.bottom - slack
    return within and not inside


def rect_box(rect: object) -> Box:
    get = getattr(rect, "get")  # noqa: B009
    return Box(*(float(get(name)) for name in ("x", "y", "width", "height")))


def text_box(text: object, size: int = 13) -> Box:
    """Where a line of text stands, by its widest."""
    get, told = getattr(text, "get"), str(getattr(text, "text"))  # noqa: B009
    assert float(get("font-size")) == size
    width = ems(told) * size
    return Box(float(get("x")) - width / 2, float(get("y")) - size + 1, width, size + 2)


def within(box: Box, other: Box) -> bool:
    """Whether one rectangle lies in another."""
    slack = 0.1
    return (
        box.x >= other.x - slack
        and box.y >= other.y - slack
        and box.right <= other.right + slack
        and box.bottom <= other.bottom + slack
    )
