"""Links and messages: what comes from outside is read exactly, or refused with a reason."""

import math
import random
from dataclasses import fields, replace

import pytest

from tests.lessons.showing import dragged_rows
from visualizer.lessons import BY_NAME, LESSONS
from visualizer.lessons.softmax import Scenario
from visualizer.scenario.codecs import (
    MAX_BATCH,
    MAX_CLASSES,
    format_number,
    format_rows,
    parse_number,
    parse_rows,
)

DEFAULTS = Scenario.usual()
ALPHABET = list("0123456789" * 4 + ",;.-+eE_ \t\n\0%&<>\"'{}$\\xnaif∞−①²٣\U0001f600\ud800")
SCENARIOS = {lesson.Scenario for lesson in LESSONS}


every_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)


def drawn(lesson, scenario):
    """All figures of a page, with axes that fit them."""
    return lesson.drawn(lesson.moment(scenario, {}))


def handles(figures):
    return [figure["handles"] for figure in figures.values() if figure.get("handles")]


def read(**query):
    return Scenario.from_query(query)


def numbers_of_all_sizes(rng):
    """Floats over the whole range that a link may hold, with its corners."""
    corners = [0.0, -0.0, 5e-324, -2.2e-308, 1e308, -1e308, 0.1, 1 / 3]
    drawn = [math.ldexp(rng.uniform(-1, 1), rng.randint(-1073, 1023)) for _ in range(50)]
    return corners + drawn


@pytest.mark.parametrize("value", numbers_of_all_sizes(random.Random(0)))
def test_a_number_reads_back_as_the_same_float(value):
    again = parse_number(format_number(value))
    assert (again, math.copysign(1, again)) == (value, math.copysign(1, value))


@pytest.mark.parametrize(("value", "text"), [(2.0, "2"), (0.1, "0.1"), (1e-7, "1e-07")])
def test_a_number_is_written_as_short_as_it_can_be(value, text):
    assert format_number(value) == text


def test_a_scenario_comes_back_from_its_query_and_from_its_link():
    rng = random.Random(1)
    for _ in range(50):
        batch, classes = rng.randint(1, 4), rng.randint(2, 6)
        pool = numbers_of_all_sizes(rng)
        z, g = (
            tuple(tuple(rng.choice(pool) for _ in range(classes)) for _ in range(batch))
            for _ in range(2)
        )
        chosen = {"n": rng.randrange(batch), "j": rng.randrange(classes), "T": rng.uniform(1, 20)}
        scenario = Scenario(z=z, g=g, **chosen).fitted(frozenset())[0]
        assert Scenario.from_query(scenario.to_query()) == (scenario, [])
        assert Scenario.from_query(scenario.to_link()) == (scenario, [])


def test_a_link_reads_as_the_issue_says():
    assert DEFAULTS.to_link() == {"z": "2,1,0.1", "g": "1,-1,2", "T": "1"}


@every_lesson
def test_where_all_is_0_there_are_axes_to_drag_on(lesson):
    usual, dragged = lesson.Scenario.usual(), dragged_rows(lesson)
    zeros = {name: format_rows([[0] * len(getattr(usual, name)[0])]) for name in dragged}
    scenario, messages = lesson.Scenario.from_query({**lesson.shown_at, **zeros})
    assert messages == []
    specs = [spec for spec in handles(drawn(lesson, scenario)) if spec["field"] in dragged]
    assert {spec["field"] for spec in specs} == {*dragged} != set()
    least = {"g": 0.5}
    for spec in specs:
        room = least.get(spec["field"], 1)
        assert spec["min"] <= -room < room <= spec["max"]
        assert spec["step"] > 0


def test_rows_of_a_batch_are_separated_by_semicolons():
    assert read(z="1,2;3,4", g="0,1;1,0")[0].z == ((1, 2), (3, 4))


@pytest.mark.parametrize(
    ("field", "text", "got", "allowed"),
    [
        ("z", "1,abc", "got `abc`", "a number between −1e308 and 1e308"),
        ("z", "1,nan", "got `nan`", "a number between −1e308 and 1e308"),
        ("z", "inf,1", "got `inf`", "a number between −1e308 and 1e308"),
        ("z", "1,-1e309", "got `-1e309`", "a number between −1e308 and 1e308"),
        ("z", "1,1.1e308", "got `1.1e308`", "a number between −1e308 and 1e308"),
        ("z", "", "got nothing", "a number between −1e308 and 1e308"),
        ("z", "1_0,2", "got `1_0`", "a number between −1e308 and 1e308"),
        ("z", "1,,2", "got nothing", "a number between −1e308 and 1e308"),
        ("z", "1,٣", "got `٣`", "a number between −1e308 and 1e308"),
        ("z", "1, 2", "got ` 2`", "a number between −1e308 and 1e308"),
        ("z", "1,2\n", "got `2\\n`", "a number between −1e308 and 1e308"),
        ("z", "1,1e-400", "got `1e-400`", "a number that float64 does not round to 0"),
        ("g", "1,0,-0.1E-323", "got `-0.1E-323`", "a number that float64 does not round to 0"),
        ("T", "１", "got `１`", "a number from 0.05 to 20"),
        ("T", " 1", "got ` 1`", "a number from 0.05 to 20"),
        ("j", "١", "got `١`", "a whole number from 0 to 999"),
        ("j", " 1", "got ` 1`", "a whole number from 0 to 999"),
        ("z", "1", "got 1", "at least 2 numbers in a row"),
        ("z", "1,2;3", "1 and 2 numbers", "rows of one length"),
        ("z", ",".join("1" * 1001), "got more", "at most 1000 numbers in a row"),
        ("z", ";".join(["1,2"] * 257), "got more", "at most 256 rows"),
        ("g", "1,0", "1 × 2", "1 × 3 numbers"),
        ("g", "1,0,x", "got `x`", "a number between −1e308 and 1e308"),
        ("T", "0", "got `0`", "a number from 0.05 to 20"),
        ("T", "21", "got `21`", "a number from 0.05 to 20"),
        ("T", "nan", "got `nan`", "a number from 0.05 to 20"),
        ("T", "warm", "got `warm`", "a number from 0.05 to 20"),
        ("n", "1", "got 1", "a whole number from 0 to 0"),
        ("n", "256", "got `256`", "a whole number from 0 to 255"),
        ("n", "-1", "got `-1`", "a whole number from 0 to 255"),
        ("n", "²", "got `²`", "a whole number from 0 to 255"),
        ("j", "3", "got 3", "a whole number from 0 to 2"),
        ("j", "0.5", "got `0.5`", "a whole number from 0 to 999"),
        ("j", "9" * 5000, "got `9999999999", "a whole number from 0 to 999"),
        ("v", "2", "got `2`", "version 1"),
    ],
)
def test_a_refusal_names_the_field_what_came_and_what_is_allowed(field, text, got, allowed):
    scenario, (message,) = read(**{field: text})
    assert message.startswith("Link:" if field == "v" else f"{Scenario.called(field)}:")
    assert got in message
    assert allowed in message
    assert len(message) < 200
    instead = {"g": ((1.0, 0.0, 0.0),)} if "one-hot" in message else {}
    assert scenario == replace(DEFAULTS, **instead)


@pytest.mark.parametrize("text", ["0", "-0", "0.000", "0e5", "-0.0E-999", "5e-324", "1e-307"])
def test_0_and_what_is_smallest_are_no_loss(text):
    assert parse_number(text) == float(text)


def test_a_value_that_would_be_lost_leaves_the_others():
    scenario, (message,) = read(z="1e-400,0,0", g="0,1,0", T="2")
    assert message.startswith("z: expected 0, or a number that float64 does not round to 0")
    assert (scenario.g, scenario.T) == (((0, 1, 0),), 2)


def test_what_came_cannot_leave_the_code_in_which_it_is_shown():
    _, (message,) = read(T="`**<b>$x$")
    assert message.count("`") == 2
    assert "\n" not in read(T="1\n# title")[1][0]


def test_what_is_refused_leaves_the_other_fields_as_the_link_says():
    scenario, messages = read(z="5,6,7", g="x", T="2")
    assert (scenario.z, scenario.T) == (((5, 6, 7),), 2)
    assert [message[:2] for message in messages] == ["g:"]


def test_each_refused_field_has_its_own_message():
    _, messages = read(z="x", g="y", T="z", n="a", j="b")
    assert [message.partition(":")[0] for message in messages] == [
        "z",
        "g",
        "T",
        "Sample",
        "Input j",
    ]


def test_parameters_that_are_no_fields_are_passed_over():
    assert read(utm_source="mail", embed="true") == (DEFAULTS, [])


def test_g_follows_silently_where_a_link_gives_z_alone():
    scenario, messages = read(z="1,2,3,4")
    assert (scenario.g, messages) == (((1, 0, 0, 0),), [])


def test_the_largest_sizes_are_accepted():
    assert len(parse_rows(",".join(["1"] * MAX_CLASSES))[0]) == MAX_CLASSES
    assert len(parse_rows(";".join(["1,2"] * MAX_BATCH))) == MAX_BATCH


def test_a_temperature_that_overflows_z_is_refused_with_both_names():
    scenario, (message,) = read(z="1e308,0,0", T="0.5")
    assert message.startswith("T:")
    assert "z / T" in message
    assert scenario.T == 1


def hostile(rng):
    """Text of the characters that numbers, markup and protocols are made of, and a near miss."""
    if rng.random() < 0.5:
        return "".join(rng.choices(ALPHABET, k=rng.randint(0, 30)))
    text = list("2,1,0.1;1e3,-5,0")
    for _ in range(rng.randint(1, 3)):
        text[rng.randrange(len(text))] = rng.choice(ALPHABET)
    return "".join(text)


@every_lesson
def test_hostile_text_never_raises_and_leaves_a_scenario_that_can_be_shown(lesson):
    rng = random.Random(2)
    scenario_type, shown = lesson.Scenario, 0
    names = [item.name for item in fields(scenario_type)]
    for _ in range(1500):
        query = {name: hostile(rng) for name in rng.sample(names, rng.randint(1, len(names)))}
        scenario, messages = scenario_type.from_query(query)
        edited, more = scenario_type.usual().updated(query)
        called = [*map(scenario_type.called, names), "Link", "answer"]
        assert all(message.split(":")[0] in called for message in messages + more)
        for state in (scenario, edited):
            assert scenario_type.from_query(state.to_query()) == (state, [])
        shown += not messages
        if rng.random() < 0.1:
            drawn(lesson, scenario)
    assert 0 < shown < 1500  # the text is neither all good nor all bad


@pytest.mark.parametrize("scenario_type", SCENARIOS)
def test_a_scenario_cannot_be_changed(scenario_type):
    scenario = scenario_type()
    with pytest.raises(AttributeError):
        setattr(scenario, fields(scenario)[0].name, None)


def test_an_edit_that_is_refused_changes_nothing():
    before = read(z="5,6,7")[0]
    after, (message,) = before.updated({"z": "5,x,7"})
    assert after == before
    assert "Nothing was changed" in message


def axes_after(kept, query):
    """Where the axes of Softmax end after an edit, before which they ended at `kept`."""
    edited, messages = DEFAULTS.updated(query)
    assert messages == []
    return BY_NAME["softmax"].moment(edited, kept).ends


FITTED = BY_NAME["softmax"].moment(DEFAULTS, {}).ends


def test_axes_stay_while_they_hold_what_is_dragged():
    assert FITTED["z"] > 2.4
    assert axes_after(FITTED, {"z": "2.4,1,0.1"}) == FITTED


@pytest.mark.parametrize("z", ["6,1,0.1", "1000,0,0"])
def test_an_axis_that_is_too_short_is_fitted(z):
    after = axes_after(FITTED, {"z": z})
    assert after["z"] >= float(z.partition(",")[0])
    assert after | {"z": FITTED["z"]} == FITTED


def test_without_axes_to_keep_all_are_fitted():
    assert axes_after({}, {"z": "4.9,1,0.1"}) != FITTED


@pytest.mark.parametrize("end", [math.nan, math.inf, -1.0, 0.0, 1e305])
def test_an_axis_from_outside_that_cannot_be_drawn_is_fitted(end):
    assert axes_after({name: end for name in FITTED}, {}) == FITTED


def test_a_link_names_no_axes_and_passes_over_those_of_an_old_export():
    assert read(axes="1,2,3") == (DEFAULTS, [])
    assert "axes" not in DEFAULTS.to_query()


def test_messages_name_what_is_on_screen():
    """No field of a page with more than one letter is called by its name in the code."""
    for lesson in LESSONS:
        for item in fields(lesson.Scenario):
            called = lesson.Scenario.called(item.name)
            assert called != item.name or len(called) == 1 or item.name == "answer"
    _, (message,) = BY_NAME["sigmoid"].Scenario.from_query({"eps": "7"})
    assert message.startswith("ε: expected a number from 0.0001 to 2, got `7`")
