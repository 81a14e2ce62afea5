"""What a drag moves of a figure makes the old one the new one: the fast lane rests on it."""

from dataclasses import replace

import numpy as np
import orjson
import pytest

from tests.lessons.showing import name, scenario_of, takes, wide
from visualizer.figures import Axis, Bars
from visualizer.lessons import LESSONS
from visualizer.lessons.lesson import moved_by_field
from visualizer.scenario import with_row

# A question that is answered, with all of its figures lit: then a drag moves numbers only.
ANSWERED = {"answer": "1", "whole": "1"}


def states_of(lesson):
    """Queries of a lesson: plain, presented, in steps, with wrong passes, at T, and wide."""
    fields = lesson.Scenario.codecs()
    if lesson.name == "practice":  # nothing is dragged before the answer is locked
        asked = [ANSWERED | {"layer": layer} for layer in ("softmax", "sigmoid")]
        return asked + [query | {"present": "1"} for query in asked]
    states = [{}, {"present": "1"}]
    if lesson.steps:
        steps = [{"step": str(step)} for step in range(1, lesson.steps.last + 1)]
        states += steps + [step | {"present": "1"} for step in steps]
    states += lesson.moments.values()
    if "wrong" in fields:
        every = {"wrong": ",".join(lesson.Scenario.said_of("wrong")["allowed"])}
        states += [every, every | {"present": "1"}, every | {"step": "5"}]
    if "T" in fields:
        states += [{"T": "0.5"}, wide(lesson, 4, n="0", T="20")]
    counts = [count for count in (2, 8, 12, 13, 32, 33, 201) if takes(lesson, count)]
    states += [wide(lesson, count) for count in counts]
    return states + [wide(lesson, count, present="1") for count in counts if count in (8, 33)]


CASES = [
    (lesson, query, field)
    for lesson in LESSONS
    for query in states_of(lesson)
    for field in lesson.moves
]


def identify(value):
    text = name(value)
    return text if len(text) < 60 else f"{text[:50]}{len(text)}"


def dragged(lesson, before, field, seed=7):
    """The moment after a drag in one field, which goes as far as its axis, as a message has it."""
    scenario = before.scenario
    value, rng = getattr(scenario, field), np.random.default_rng(seed)
    # Where two figures drag it, the first one drags all of it.
    figure = next(f for f in lesson.figures_of(scenario) if f.drag == field and is_whole(f, before))
    low, high = figure.dragged_between(before)
    if isinstance(value, tuple):
        at = scenario.row if len(value) > 1 else 0
        value = with_row(value, at, rng.uniform(low, high, len(figure.dragged(before))).tolist())
    elif isinstance(value, int):
        value = int(rng.integers(low, high + 1))
    elif low > 0:  # on a logarithmic axis
        value = float(np.exp(rng.uniform(np.log(low), np.log(high))))
    else:
        value = float(rng.uniform(low, high))
    text = lesson.Scenario.codecs()[field].format(value)
    after, messages = lesson.Scenario.from_query(scenario.to_query() | {field: text})
    assert messages == []
    return lesson.moment(after, before.ends)


def is_whole(figure, moment):
    """Whether the handles of a figure edit all of a row, or a number."""
    return figure.edits_at(moment) is None


def merged(figure, moved):
    """A figure with a moving answer in it, as the browser puts it there."""
    data = [old | new for old, new in zip(figure["data"], moved["data"], strict=True)]
    if "numbers" in moved:
        figure = figure | {"elements": figure["elements"] | {"numbers": moved["numbers"]}}
    return figure | {"data": data, "layout": figure["layout"] | moved.get("layout", {})}


def seen(figures):
    """What is seen of figures: not what the pointer or a reader asks for after the drag."""
    return {
        name: figure
        | {
            "data": [
                {part: value for part, value in trace.items() if part != "customdata"}
                for trace in figure["data"]
            ],
            "layout": {k: v for k, v in figure["layout"].items() if k != "meta"},
            "handles": figure.get("handles") and figure["handles"] | {"values": None},
        }
        for name, figure in figures.items()
    }


def after_moving(lesson, before, after, names):
    """The figures that are on screen when a drag has moved those named."""
    figures = lesson.drawn(before)
    moved = lesson.moved(after, names)
    return figures | {name: merged(figures[name], moved[name]) for name in moved}


@pytest.mark.parametrize(("lesson", "query", "field"), CASES, ids=identify)
def test_what_moves_in_a_drag_makes_the_old_figures_the_new_ones(lesson, query, field):
    before = lesson.moment(scenario_of(lesson, **query), {})
    after = dragged(lesson, before, field)
    assert after.ends == before.ends  # else the axes move, and an answer of arrays has none
    on_screen = after_moving(lesson, before, after, lesson.moves[field])
    assert seen(on_screen) == seen(lesson.drawn(after))


@pytest.mark.parametrize("layer", ["softmax", "sigmoid"])
@pytest.mark.parametrize("field", ["x", "g"])
def test_a_drag_that_lights_figures_asks_for_them_whole_and_then_for_what_moves(layer, field):
    """A handle that names no figures has the browser ask so; see `question` in edits.js."""
    (lesson,) = (lesson for lesson in LESSONS if lesson.name == "practice")
    before = lesson.moment(scenario_of(lesson, layer=layer, answer="1"), {})
    after = dragged(lesson, before, field)
    # The negative control: what moves alone would leave figures dimmed.
    on_screen = after_moving(lesson, before, after, lesson.moves[field])
    assert seen(on_screen) != seen(lesson.drawn(after))
    for moment, moves in ((before, ()), (after, lesson.moves[field])):
        handles = [figure.get("handles") for figure in lesson.drawn(moment).values()]
        (spec,) = [spec for spec in handles if spec and spec["field"] == field]
        assert tuple(spec["moves"]) == moves


STATES = [(lesson, query) for lesson in LESSONS for query in states_of(lesson)]


@pytest.mark.parametrize(("lesson", "query"), STATES, ids=identify)
def test_the_fast_lane_can_send_all_that_is_drawn_and_all_that_moves(lesson, query):
    moment = lesson.moment(scenario_of(lesson, **query), {})
    figures = lesson.drawn(moment)
    orjson.dumps([figures, lesson.moved(moment, list(figures))])


def test_the_oracle_finds_a_number_that_is_not_a_plain_one():
    """json takes it, as it is a float too; orjson, by which the fast lane sends, does not."""
    with pytest.raises(TypeError, match="float64"):
        orjson.dumps([np.float64(0.5)])


def of(lesson, name):
    return next(figure for figure in lesson.figures if figure.name == name)


PLAIN = [
    (lesson, field, figure)
    for lesson in LESSONS
    for field in lesson.moves
    for figure in lesson.moves[field]
    if of(lesson, figure).moves_with  # else it asks for more than it needs, which is allowed
]


@pytest.mark.parametrize(("lesson", "field", "figure"), PLAIN, ids=name)
def test_no_figure_that_moves_could_be_left_out(lesson, field, figure):
    query = lesson.shown_at or (wide(lesson, 4) if takes(lesson, 4) else {})
    before = lesson.moment(scenario_of(lesson, **query), {})
    rest = [other for other in lesson.moves[field] if other != figure]

    def is_missed(seed):
        after = dragged(lesson, before, field, seed)
        on_screen = after_moving(lesson, before, after, rest)
        return seen(on_screen)[figure] != seen(lesson.drawn(after))[figure]

    # It may be that only some drags move it, such as those that push a number along.
    assert any(map(is_missed, range(7, 17)))


def test_a_figure_that_claims_to_stay_where_it_moves_is_found():
    """The oracle of the tests above can fail: the output of a softmax does move with z."""
    (lesson,) = (lesson for lesson in LESSONS if lesson.name == "softmax")
    figures = [f.having(moves_with=("g",)) if f.name == "s" else f for f in lesson.figures]
    mistaken = replace(lesson, figures=tuple(figures))
    before = mistaken.moment(scenario_of(lesson), {})
    after = dragged(mistaken, before, "z")
    on_screen = after_moving(mistaken, before, after, mistaken.moves["z"])
    assert seen(on_screen) != seen(mistaken.drawn(after))


def test_a_field_moves_all_figures_that_do_not_say_what_moves_them():
    look = {"title": "t", "axis": Axis("axis")}
    figures = (
        Bars(name="dx", **look),
        Bars(name="z", drag="z", moves_with=("z",), **look),
        Bars(name="g", drag="g", moves_with=("g",), **look),
        Bars(name="both", moves_with=("z", "g"), **look),
    )
    assert moved_by_field(figures) == {"z": ("dx", "z", "both"), "g": ("dx", "g", "both")}


@pytest.mark.parametrize("lesson", LESSONS, ids=name)
def test_the_handles_of_a_lesson_name_the_figures_that_they_move(lesson):
    for query in states_of(lesson):
        moment = lesson.moment(scenario_of(lesson, **query), {})
        figures = lesson.drawn(moment)
        handles = [spec for figure in figures.values() if (spec := figure.get("handles"))]
        for spec in handles:
            assert set(lesson.moved(moment, spec["moves"])) == set(spec["moves"])
            assert tuple(spec["moves"]) == lesson.moves[spec["field"]] != ()
    assert any(
        figure.get("handles")
        for query in states_of(lesson)
        for figure in lesson.drawn(lesson.moment(scenario_of(lesson, **query), {})).values()
    )


@pytest.mark.parametrize("lesson", LESSONS, ids=name)
def test_names_of_no_figure_move_nothing(lesson):
    moment = lesson.moment(lesson.Scenario.usual(), {})
    assert lesson.moved(moment, ["nowhere", "__class__"]) == {}


@pytest.mark.parametrize("lesson", LESSONS, ids=name)
def test_no_brace_of_a_title_is_left_unfilled(lesson):
    for query in states_of(lesson):
        figures = lesson.drawn(lesson.moment(scenario_of(lesson, **query), {}))
        for figure in figures.values():
            for text in (figure["layout"]["title"]["text"], figure["layout"]["meta"]["alt"]):
                assert text
                assert not set("{}") & set(text)


def test_a_brace_of_a_title_names_a_field_or_a_value():
    """The oracle of the test above can fail; and what nobody has is no empty text."""
    lesson = LESSONS[1]
    moment = lesson.moment(scenario_of(lesson, T="2", j="1"), {})
    assert moment.words("dx{j} at z{by_T}") == "dx1 at z / 2"
    assert moment.words("{{j}}") == "{j}"
    with pytest.raises(KeyError):
        moment.words("{nothing}")
