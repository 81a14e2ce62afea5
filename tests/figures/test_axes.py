"""Axes that have names: how far they reach, how long they stay, and what a message may say."""

import math
import random

import numpy as np
import pytest

from visualizer.figures import Axis
from visualizer.figures.axes import LONGEST, SHORTEST, ends, format_ends, parse_ends
from visualizer.lessons import LESSONS

Z = Axis("z", least=5.0)


def end(axis, values, kept=0.0, **others):
    return axis.end(kept, {axis.name: np.array(values, float)}, others)


@pytest.mark.parametrize(
    ("values", "reach"), [([1, 2], 5), ([-6], 10), ([1e308], LONGEST), ([], 5), ([math.nan, 7], 10)]
)
def test_an_axis_is_fitted_to_its_values(values, reach):
    assert end(Z, values) == reach


def test_it_stays_while_its_values_are_inside_and_grows_when_one_leaves_it():
    assert end(Z, [0.1], kept=50) == 50
    assert end(Z, [50], kept=50) == 50
    assert end(Z, [50.1], kept=50) == 100


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_a_value_that_is_not_finite_makes_no_axis_shorter(value):
    assert end(Z, [value, 1], kept=50) == 50
    assert end(Z, [1, value, 60], kept=50) == 100


def test_an_axis_that_does_not_grow_stays_wherever_its_values_go():
    fixed = Axis("dx", grows=False)
    assert end(fixed, [0.7]) == 1
    assert end(fixed, [7], kept=1) == 1


def test_room_is_left_when_an_axis_is_fitted_and_none_is_asked_for_afterwards():
    roomy = Axis("s", room=2.0, grows=False)
    assert end(roomy, [0.4]) == 1
    assert end(Axis("s"), [0.4]) == 0.5


def test_an_axis_never_exceeds_its_most():
    assert end(Axis("s", most=1.0, room=2.0), [0.9]) == 1


def test_crowded_values_may_have_a_shorter_axis():
    axis = Axis("s", least=1.0, crowded=1e-3)
    assert end(axis, [0.01] * 10) == 1
    assert end(axis, [0.01] * 11) == 0.01
    assert end(axis, np.full((20, 3), 0.01)) == 1  # a row of three is not crowded


def test_an_axis_that_shares_another_one_follows_it():
    axis = Axis("dx", share=("g", 0.25))
    assert end(axis, [0.1], g=2) == 0.5
    assert end(axis, [3], g=2) == 5
    assert end(axis, [0.1], kept=0.5, g=10) == 5
    assert end(axis, [0.1], kept=5, g=2) == 5


def test_a_shared_axis_that_does_not_grow_by_itself_still_follows_the_other_one():
    axis = Axis("dx", share=("g", 0.25), grows=False)
    assert end(axis, [3], g=2) == 5
    assert end(axis, [30], kept=5, g=2) == 5
    assert end(axis, [30], kept=5, g=40) == 10


def test_the_axes_of_a_page_are_found_by_name_whatever_their_order():
    axes = [Axis("dx", share=("g", 0.5)), Axis("g", least=2.0), Axis("z", over="logits")]
    values = {"g": np.array([3.0]), "logits": np.array([7.0])}
    assert ends(axes, {}, values) == {"g": 5, "z": 10, "dx": 5}  # half of 5 is 2.5
    assert ends(axes, {"z": 20.0, "nowhere": 1.0}, values)["z"] == 20


def test_of_two_axes_with_one_name_the_first_counts():
    assert ends([Axis("g", least=2.0), Axis("g", least=7.0)], {}, {}) == {"g": 2}


@pytest.mark.parametrize("kept", [0.0, -1.0, 5e-324, SHORTEST / 2, 1e305, math.inf, math.nan])
def test_an_end_that_cannot_be_drawn_is_fitted_anew(kept):
    assert ends([Axis("g", least=2.0, grows=False)], {"g": kept}, {}) == {"g": 2}


def test_an_end_beyond_the_most_of_its_axis_is_fitted_anew():
    assert ends([Axis("s", least=1.0, most=1.0, grows=False)], {"s": 100.0}, {}) == {"s": 1}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("z:5.0,dx:0.5", {"z": 5.0, "dx": 0.5}),
        ("z:5", {"z": 5.0}),
        ("z:1e+304", {"z": 1e304}),
        ("", {}),
        (",,:,z", {}),
        ("z:5:6,g:2", {"g": 2.0}),
        ("z:-5,g:0,s:nan,dx:inf,J:1e999,x:1e-400", {}),
        ("z:five,g:0x10,s:1j,dx:--1", {}),
        ("z:٣,g:1_0,s: 5,dx:5\n,J:\u00a05", {}),
        ("z:1,z:2", {"z": 2.0}),
        ("__class__:1,{z}:2", {"__class__": 1.0, "{z}": 2.0}),  # names that no axis has
        ("\0:1\0,\ud800:x", {}),
    ],
)
def test_of_a_text_what_says_where_an_axis_ends_is_taken(text, found):
    assert parse_ends(text) == found


def test_a_text_of_thousands_of_axes_is_not_read_to_its_end():
    assert len(parse_ends(",".join(f"a{i}:1" for i in range(5000)))) <= 20


def test_no_text_makes_trouble():
    rng = random.Random(0)
    for _ in range(3000):
        text = "".join(rng.choices("zg:,.-+e0159 _naif\0٣½\n", k=rng.randrange(30)))
        assert all(0 < value < math.inf for value in parse_ends(text).values())


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_what_is_written_reads_back_exactly(lesson):
    found = lesson.moment(lesson.Scenario.usual(), {}).ends
    assert found
    assert parse_ends(format_ends(found)) == found


def test_every_end_reads_back_exactly():
    for value in (1 / 3, 5e-324, LONGEST, np.float64(0.1), 7):
        assert parse_ends(format_ends({"z": value})) == {"z": value}
