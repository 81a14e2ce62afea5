"""A window of x: where it begins and ends, and what stands in it."""

from types import SimpleNamespace

import numpy as np
import pytest

from tests.figures.drawing import assert_plotly_takes
from visualizer.figures import Moment
from visualizer.figures.axes import format_ends, parse_ends
from visualizer.figures.window import (
    Break,
    ErrorCurves,
    FallingCurves,
    Sample,
    Window,
    decades,
    power,
)

X = Window("x", room=1.2, least=1e-6, most=1000.0)
DEPTH = Window("depth", room=1.5, least=0.2, most=600.0)


def fitted(*shown, kept=None, window=X):
    return window.ends(kept or {}, {window.name: np.array(shown)}, {})


@pytest.mark.parametrize("shown", [(-40, 40), (4, 9), (-9, -4), (36.7, 36.8), (0, 1e-5)])
def test_a_window_begins_and_ends_a_little_beyond_what_it_shows(shown):
    left, right = X.span(fitted(*shown))
    low, high = shown
    for room in (low - left, right - high):
        assert 0.09 <= room / (high - low) <= 0.12


def test_around_a_single_number_there_is_room_to_drag():
    assert X.span(fitted(5, 5)) == (3, 7)


@pytest.mark.parametrize("shown", [(-990, 990), (-1000, 1000), (999.5, 1000)])
def test_a_window_goes_no_further_than_it_may(shown):
    left, right = X.span(fitted(*shown))
    assert -1000 <= left < right <= 1000


def test_it_stays_as_long_as_it_shows_all_that_it_has_to():
    before = fitted(-40, 40)
    assert fitted(-3, 44, kept=before) == before
    assert fitted(30, 30, kept=before) == before
    assert fitted(-40, 60, kept=before) == fitted(-40, 60) != before


def test_its_ends_are_above_0_and_go_through_a_message_as_they_are():
    for shown in ((-40, 40), (4, 9), (-760, -700)):
        found = fitted(*shown)
        assert min(found.values()) > 0
        assert parse_ends(format_ends(found)) == found


@pytest.mark.parametrize("end", [0.0, -1.0, 2.5, 1e300, float("nan")])
def test_ends_from_outside_that_are_none_are_fitted(end):
    assert fitted(4, 9, kept={"x": end, "x-": end}) == fitted(4, 9)
    assert fitted(4, 9, kept={"x": 1.2}) == fitted(4, 9)


def test_a_window_from_outside_that_has_no_width_is_fitted():
    assert fitted(5, 5, kept={"x": 1.005, "x-": 0.995}) == fitted(5, 5)


def sample(dtype):
    x = np.linspace(-10, 10, 21).astype(dtype)
    naive = np.where(x > 7, 0, np.exp(-np.abs(x))).astype(dtype)
    naive[0] = np.nan
    stable = np.exp(-np.abs(x)).astype(dtype)
    return Sample(x, naive, stable, np.linspace(0, 4, 21), np.full(21, np.nan))


def moment(at=5.0, p="float32", x=(-8.0, 8.0), rows=0):
    between = {"at": {"between": (-100, 100)}, "x": {"between": (-100, 100)}}
    scenario = SimpleNamespace(at=at, p=p, x=(x,), row=1, step=0, said_of=between.get)
    values = {
        "points": np.array([0.0, np.nan, 1e-3]),
        **{"naive_error": np.array([0.0, np.nan, 1e5]), "stable_error": np.array([0.3, 0.4, 0.5])},
        **{"naive_form": "a", "stable_form": "b", "probe": "5"},
    }
    ends = X.ends({}, {"x": np.array(x)}, {}) | DEPTH.ends({}, {"depth": np.array([-4, 0])}, {})
    return Moment(scenario, values, ends, {}, rows)


MARKS = (
    Break(0, 7.0, "0", True, 1e-3),
    Break(1, -7.5, "0", True, 5e-4),
    Break(2, 7.2, "NaN", False, 0.0),
    Break(2, 70.0, "0", True, 1e-3),
)
SAMPLES = tuple(sample(dtype) for dtype in (np.float16, np.float32, np.float64))
FALLING = FallingCurves(
    "slope",
    "t",
    of="points",
    window=X,
    axis=DEPTH,
    sampled=lambda scenario, left, right: SAMPLES,
    breaks=lambda scenario: MARKS,
    drag="at",
    symbol="x",
)
ERRORS = ErrorCurves(
    "error", "t", window=X, axis=X, sampled=FALLING.sampled, drag="x", against="against b"
)


@pytest.mark.parametrize("figure", [FALLING, ERRORS])
@pytest.mark.parametrize("rows", [0, 2])
def test_plotly_takes_both(figure, rows):
    assert_plotly_takes(figure.drawn(moment(rows=rows)))


def test_0_stands_in_the_cellar_and_what_is_no_number_nowhere():
    drawn = FALLING.drawn(moment())
    low, _ = FALLING.floor(moment())
    for i in range(3):
        naive = drawn["data"][2 + 2 * i]
        assert naive["y"][0] is None
        assert naive["y"][10] == 0.0  # exp(0), by its logarithm
        assert naive["y"][-1] == FALLING.level(i, moment()) < low
    assert len({FALLING.level(i, moment()) for i in range(3)}) == 3


def test_points_stand_at_the_probe_and_a_cross_says_that_one_is_no_number():
    points = FALLING.drawn(moment())["data"][-1]
    assert points["x"] == [5.0] * 3
    assert points["y"][0] == FALLING.level(0, moment())
    assert points["y"][2] == pytest.approx(-3)
    assert points["marker"]["symbol"] == ["circle", "x", "circle"]


def test_marks_say_what_breaks_off_and_those_outside_are_not_drawn():
    *_, marks, numbers, _, _ = FALLING.drawn(moment())["data"]
    assert marks["x"] == [7.0, -7.5, 7.2]
    assert marks["marker"]["symbol"] == ["circle", "circle", "x"]
    assert marks["customdata"][2] == "float64: b is NaN from 7.20"
    assert [text.strip("\u00a0") for text in numbers["text"]] == ["7.00", "−7.50"]
    assert "float16: a is 0 from 7.00" in FALLING.in_words(moment())


def test_what_is_outside_of_the_range_is_shaded():
    shade = FALLING.drawn(moment(x=(-8.0, 3.0)))["data"][0]
    left, right = X.span(moment(x=(-8.0, 3.0)).ends)
    assert shade["x"] == [left, left, -8, -8, None, 3, 3, right, right]


def test_handles_stand_upright_at_the_ends_and_at_the_probe():
    probe, ends = FALLING.drawn(moment())["handles"], ERRORS.drawn(moment())["handles"]
    assert (probe["grip"], ends["grip"]) == ("line", "line")
    assert (probe["values"], probe["labels"]) == ([5.0], ["x"])
    assert (ends["values"], ends["labels"]) == ([-8.0, 8.0], ["x from", "x to"])
    # A row of its own, whatever sample of a batch is in view.
    assert ends["row"] == 0
    assert (ends["min"], ends["max"]) == X.span(moment().ends)
    assert ends["step"] == 0.05


def test_a_handle_goes_no_further_than_its_field_allows():
    far = Moment(**vars(moment()) | {"ends": {**moment().ends, "x": 1.9, "x-": 1.9}})
    assert ERRORS.dragged_between(far) == (-100, 100)


def test_errors_are_drawn_from_a_tenth_on_and_none_of_what_is_no_number():
    drawn = ERRORS.drawn(moment())
    stable, naive = drawn["data"][1:3]
    assert set(stable["y"]) == {None}
    assert naive["y"][0] == ERRORS.LEAST
    assert naive["y"][-1] == pytest.approx(np.log10(4), abs=0.01)
    points = drawn["data"][-1]
    assert points["y"][3:] == [ERRORS.LEAST, None, 5.0]
    assert "NaN" in ERRORS.in_words(moment())
    assert [note["text"] for note in drawn["layout"]["annotations"]] == ["against b"]


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [(-20, 0, [-20, -10, 0]), (-4.2, -0.3, [-4, -3, -2, -1]), (-330, 0, [-300, -200, -100, 0])],
)
def test_decades_are_round_and_few(low, high, found):
    assert decades(low, high, 4) == found


def test_a_stretch_within_one_decade_has_its_foot():
    assert decades(-3.4, -3.1, 4) == [-4]
    with pytest.raises(ValueError, match="expected ends less than"):
        decades(-1e6, 0, 4)


def test_a_power_has_a_true_minus():
    assert power(-8) == "10<sup>−8</sup>"
