"""Axes that have names: how far they reach, how long they stay, and what a message may say."""

import math
import random

import numpy as np
import pytest

from visualizer.figures import Axis
from visualizer.figures.axes import LONGEST, SHORTEST, ends, format_ends, parse_ends, tight
from visualizer.lessons import LESSONS

Z = Axis("z", least=5.0)
SIDES = Axis("z", least=1.0, room=1.25, sides=0.4)


def end(axis, values, kept=0.0, **others):
    return axis.ends({axis.name: kept}, {axis.name: np.array(values, float)}, others)[axis.name]


def both(axis, values, **kept):
    found = axis.ends({name.replace("_", "-"): e for name, e in kept.items()}, {"z": values}, {})
    return found["z-"], found["z"]


@pytest.mark.parametrize(
    ("values", "reach"), [([1, 2], 5), ([-6], 6), ([1e308], LONGEST), ([], 5), ([math.nan, 7], 7)]
)
def test_an_axis_is_fitted_to_its_values(values, reach):
    assert end(Z, values) == reach


@pytest.mark.parametrize(
    ("value", "reach"),
    [(1.0, 1.0), (1.01, 1.1), (0.0999, 0.1), (9.95, 10), (7.3, 7.3), (1.24e-7, 1.3e-7)],
)
def test_an_end_is_rounded_up_to_two_digits(value, reach):
    assert tight(value) == reach


def test_no_end_is_shorter_than_what_it_shows():
    for value in 10.0 ** np.random.default_rng(0).uniform(-299, 303, 2000):
        assert value <= tight(value) <= 1.11 * value


def test_it_stays_while_its_values_are_inside_and_grows_when_one_leaves_it():
    assert end(Z, [0.1], kept=50) == 50
    assert end(Z, [50], kept=50) == 50
    assert end(Z, [50.1], kept=50) == 51


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_a_value_that_is_not_finite_makes_no_axis_shorter(value):
    assert end(Z, [value, 1], kept=50) == 50
    assert end(Z, [1, value, 60], kept=50) == 60


def test_an_axis_that_does_not_grow_stays_wherever_its_values_go():
    fixed = Axis("dx", grows=False)
    assert end(fixed, [0.7]) == 0.7
    assert end(fixed, [7], kept=1) == 1


def test_room_is_left_when_an_axis_is_fitted_and_none_is_asked_for_afterwards():
    roomy = Axis("s", room=2.0, grows=False)
    assert end(roomy, [0.4]) == 0.8
    assert end(Axis("s"), [0.4]) == 0.4


def test_an_axis_never_exceeds_its_most():
    assert end(Axis("s", most=1.0, room=2.0), [0.9]) == 1


def test_an_axis_of_decades_ends_so_many_powers_of_ten_above_and_below_1():
    axis = Axis("z", sides=0.1, decades=True)
    assert both(axis, [1e-8, 1e2]) == (8, 2)
    assert both(axis, [1e-300, 0.0]) == (300, 30)  # 0 has no place
    assert both(axis, [math.inf, math.nan, 1e5]) == (0.5, 5)
    assert both(axis, [1e-9], z_=10, z=3) == (10, 3)
    # Without decades the same values need no side below 0.
    assert both(Axis("z", sides=0.1), [1e-8, 1e2]) == (10, 100)


def test_crowded_values_may_have_a_shorter_axis():
    axis = Axis("s", least=1.0, crowded=1e-3)
    assert end(axis, [0.01] * 6) == 1
    assert end(axis, [0.01] * 7) == 0.01
    assert end(axis, np.full((20, 3), 0.01)) == 1  # a row of three is not crowded


def test_each_side_of_0_reaches_as_far_as_it_has_to():
    assert both(SIDES, [4, -2]) == (2.5, 5)
    assert both(SIDES, [-4, 2]) == (5, 2.5)
    assert both(SIDES, [4, 1]) == (2, 5)  # room to drag into
    assert both(SIDES, [0.1, -0.2]) == both(SIDES, []) == (1, 1)


def test_each_side_stays_and_grows_alone():
    assert both(SIDES, [0.1], z=5.0, z_=2.0) == (2, 5)
    assert both(SIDES, [8, -1], z=5.0, z_=2.0) == (2, 10)
    assert both(SIDES, [1, -4], z=5.0, z_=2.0) == (5, 5)


def test_a_side_that_cannot_be_drawn_is_fitted_anew():
    for bad in (0.0, -1.0, math.inf, math.nan, 5e-324):
        assert both(SIDES, [4, -2], z=5.0, z_=bad) == (2.5, 5)


def test_each_of_a_few_columns_has_an_axis_of_its_own():
    axis = Axis("terms", columns=True)
    few = axis.ends({}, {"terms": np.array([[1.0, 20.0], [-3.0, 4.0]])}, {})
    assert few == {"terms.0": 3, "terms.1": 20}
    assert axis.ends({}, {"terms": np.full((13, 13), 2.0)}, {}) == {"terms": 2}


def test_an_axis_that_shares_another_one_follows_it():
    axis = Axis("dx", share=("g", 0.25))
    assert end(axis, [0.1], g=2) == 0.5
    assert end(axis, [3], g=2) == 3
    assert end(axis, [0.1], kept=0.5, g=10) == 2.5
    assert end(axis, [0.1], kept=5, g=2) == 5


def test_a_shared_axis_that_does_not_grow_by_itself_still_follows_the_other_one():
    axis = Axis("dx", share=("g", 0.25), grows=False)
    assert end(axis, [3], g=2) == 3
    assert end(axis, [30], kept=5, g=2) == 5
    assert end(axis, [30], kept=5, g=40) == 10


def test_the_axes_of_a_page_are_found_by_name_whatever_their_order():
    axes = [Axis("dx", share=("g", 0.5)), Axis("g", least=2.0), Axis("z", over="logits")]
    values = {"g": np.array([3.0]), "logits": np.array([7.0])}
    assert ends(axes, {}, values) == {"g": 3, "z": 7, "dx": 1.5}
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
        ("z-:1,terms.0-:2", {"z-": 1.0, "terms.0-": 2.0}),
        ("__class__:1,{z}:2", {"__class__": 1.0, "{z}": 2.0}),  # names that no axis has
        ("\0:1\0,\ud800:x", {}),
    ],
)
def test_of_a_text_what_says_where_an_axis_ends_is_taken(text, found):
    assert parse_ends(text) == found


def test_a_text_of_thousands_of_axes_is_not_read_to_its_end():
    assert len(parse_ends(",".join(f"a{i}:1" for i in range(5000)))) <= 40


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
