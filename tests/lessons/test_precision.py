"""The Precision page: what is found, against other ways to find it, and what is said of NaN."""

import math
import re

import numpy as np
import pytest

from nnfs import Softmax, Tanh, func_sigmoid
from tests.lessons.showing import figures_of, scenario_of
from visualizer.figures.window import NAMES
from visualizer.lessons import BY_NAME
from visualizer.lessons import precision as page
from visualizer.lessons import precision_forms as forms
from visualizer.lessons.precision import LESSON
from visualizer.lessons.precision_forms import DTYPES, FORMS, breaks, overflows, zeros
from visualizer.lessons.precision_runs import GAPS, probabilities

quiet = pytest.mark.filterwarnings("ignore::RuntimeWarning")

# DESIGN: where s(1 − s) becomes exactly 0. Half of the last place of 1 is 2⁻ᵖ: x = p ln 2.
KNOWN = {"float16": 7.62, "float32": 16.64, "float64": 36.74}
BITS = {"float16": 11, "float32": 24, "float64": 53}


def values_of(**query):
    return LESSON.compute(scenario_of(LESSON, **query))


def drawn(**query):
    return figures_of(LESSON, scenario_of(LESSON, **query))


def bisected(holds, dtype, low=0.0, high=1000.0):
    """The plain way: halve the stretch, one number at a time, until no number lies in between."""
    while True:
        middle = dtype((low + high) / 2)
        if float(middle) in (low, high):
            return high
        low, high = (low, float(middle)) if holds(middle) else (float(middle), high)


def slope_of_sigmoid(x):
    """σ(1 − σ) of one number, written once more."""
    y = 1 / (1 + np.exp(-x))
    return y * (1 - y)


def slope_of_tanh(x):
    return 1 - np.tanh(x) ** 2


def slope_of_products(x):
    return func_sigmoid(np.array([x])) * func_sigmoid(np.array([-x]))


@quiet
@pytest.mark.parametrize(("i", "name"), list(enumerate(NAMES)))
def test_the_x_from_which_the_slope_is_0_is_that_of_a_plain_bisection(i, name):
    found = zeros("sigmoid")[i]
    assert found == bisected(lambda x: slope_of_sigmoid(x) == 0, DTYPES[i])
    assert found == pytest.approx(KNOWN[name], abs=0.006)
    assert found == pytest.approx(BITS[name] * math.log(2), rel=2.0 ** (1 - BITS[name]))


@quiet
def test_the_oracle_tells_the_precisions_and_the_forms_apart():
    for i, dtype in enumerate(DTYPES):
        other = DTYPES[(i + 1) % 3]
        assert zeros("sigmoid")[i] != bisected(lambda x: slope_of_sigmoid(x) == 0, other)
        assert zeros("sigmoid")[i] != bisected(lambda x: slope_of_tanh(x) == 0, dtype)


@quiet
@pytest.mark.parametrize(
    ("layer", "is_naive", "side", "slope"),
    [
        ("sigmoid", True, -1, slope_of_sigmoid),
        ("sigmoid", False, 1, slope_of_products),
        ("sigmoid", False, -1, slope_of_products),
        ("tanh", True, 1, slope_of_tanh),
        ("tanh", True, -1, slope_of_tanh),
    ],
)
@pytest.mark.parametrize("i", range(3))
def test_every_break_is_that_of_a_plain_bisection(layer, is_naive, side, slope, i):
    (mark,) = [
        b for b in breaks(layer) if (b.precision, b.is_naive) == (i, is_naive) and b.x * side > 0
    ]
    assert mark.gives == "0"
    assert mark.x == side * bisected(lambda x: slope(side * x) == 0, DTYPES[i])
    assert mark.before > 0


@quiet
@pytest.mark.parametrize("i", range(3))
def test_a_softmax_is_nan_from_where_exp_overflows(i):
    """inf/inf; on the other side nothing overflows, and nothing is NaN."""
    found = [b.x for b in breaks("softmax") if b.precision == i and b.gives == "NaN"]
    assert found == [overflows()[i]]
    assert overflows()[i] == bisected(lambda x: np.isinf(np.exp(x)), DTYPES[i])
    assert overflows()[i] == pytest.approx(math.log(np.finfo(DTYPES[i]).max), abs=0.01)


@quiet
def test_the_textbook_formula_on_a_better_output_lasts_longer():
    for i, (right, left) in enumerate(forms.backward_breaks("sigmoid")):
        assert right > zeros("sigmoid")[i]
        y = forms.by_backward("sigmoid", np.array([right, np.nextafter(right, 0)], DTYPES[i]))
        assert y[0] == 0
        assert left == -min(b.x for b in breaks("sigmoid") if b.precision == i and not b.is_naive)
    assert forms.backward_breaks("tanh") == tuple((x, x) for x in zeros("tanh"))
    x = np.array([0.5, -2.0])
    passed = Tanh()
    np.testing.assert_array_equal(
        forms.by_backward("tanh", x), passed.backward(np.ones_like(passed.forward(x)))
    )


@pytest.mark.parametrize("layer", FORMS)
def test_both_ways_are_the_same_slope(layer):
    """In float64 near 0, where no digit is lost yet."""
    x = np.linspace(-3, 3, 50)
    form = FORMS[layer]
    exact = form.exact(x).high
    np.testing.assert_allclose(form.naive(x)[2], exact, rtol=1e-13)
    np.testing.assert_allclose(form.stable(x), exact, rtol=1e-14)
    np.testing.assert_allclose(10.0 ** np.array([form.decade(v) for v in x]), exact, rtol=1e-12)


def test_the_numbers_at_the_probe_are_those_of_each_precision():
    cells = values_of(at="5")["cells"]
    for row, dtype in zip(cells, DTYPES, strict=False):
        x = dtype(5)
        y = 1 / (1 + np.exp(-x))
        assert row[:3].tolist() == [float(v) for v in (y, 1 - y, y * (1 - y))]
        assert row[3] == float(slope_of_products(x)[0])
    # The last row is what is true, to more digits than are shown.
    assert cells[3, 2] == cells[3, 3] == pytest.approx(0.006648056670790155, rel=1e-15)


def test_what_is_lost_is_marked_and_what_a_precision_cannot_hold_is_not():
    lost = values_of(at="20")["lost"]
    assert lost.tolist() == [
        [False] * 4,  # float16 has no number between 0 and 6e-8: 0 is right
        [False, True, True, False],
        [False] * 4,
        [False] * 4,
    ]
    assert values_of(at="10")["lost"][0].tolist() == [False, True, True, False]
    assert values_of(at="40")["lost"][2].tolist() == [False, True, True, False]
    assert not values_of(at="0")["lost"].any()
    assert not values_of(at="-30")["lost"][1:].any()  # on this side nothing is taken from 1


def test_a_slope_that_is_a_tenth_off_is_wrong_also_where_it_is_not_0():
    """float32 at 16: a whole number of steps of 6e-8, of which two are left."""
    cells, lost = (values_of(at="16")[name] for name in ("cells", "lost"))
    assert cells[1, 2] > 0
    assert bool(lost[1, 2]) == (abs(cells[1, 2] / cells[3, 2] - 1) > 0.1)


@pytest.mark.parametrize(
    ("z", "precisions"),
    [("11,0", []), ("12,0", [0]), ("88,0", [0]), ("90,0", [0, 1]), ("710,0", [0, 1, 2])],
)
def test_the_precisions_in_which_exp_of_a_logit_overflows_give_nan(z, precisions):
    values = values_of(z=z)
    assert np.flatnonzero(np.isnan(values["s"][:, 0])).tolist() == precisions
    assert np.flatnonzero(np.isnan(values["dz"][:, 0])).tolist() == precisions
    assert np.isfinite(values["s"][:, 1:]).all()
    assert np.flatnonzero(values["no_s"][:, 0]).tolist() == precisions


def test_the_other_classes_become_0_and_their_gradient_nan():
    values = values_of(z="100,0", j="1")
    assert values["s"][1, 0] == 0  # a number/inf
    assert np.isnan(values["dz"][1, 0])  # Σ s·g has the NaN of the largest class in it
    assert probabilities(scenario_of(LESSON, z="100,0"))["float32, exp(z)"][1] == 0


def test_one_maximum_for_all_does_not_mend_a_row_that_is_far_below():
    query = LESSON.moments["Rows far apart: one maximum is too few"]
    values = values_of(**query)
    assert np.isnan(values["s"][:, 1]).all()
    assert np.isnan(values["dz"][:, 1]).all()
    assert np.isfinite(values["s"][:, [0, 2]]).all()
    # Of the row with the maximum itself, nothing is lost.
    other = values_of(**query | {"n": "0"})
    assert np.isnan(other["s"][:, 0]).all()
    assert np.isfinite(other["s"][:, 1:]).all()


@pytest.mark.parametrize("query", [{"z": "2,1,0.5"}, {"z": "5,-3,0;1,2,3", "n": "1", "j": "2"}])
def test_what_backward_returns_is_what_nnfs_returns(query):
    scenario = scenario_of(LESSON, **query)
    z, n, j = np.array(scenario.z), scenario.n, scenario.j
    layer = Softmax()
    layer.forward(z)
    g = np.zeros_like(z)
    g[:, j] = 1
    dz = LESSON.compute(scenario)["dz"]
    assert dz[2, 2] == layer.backward(g)[n, j]
    np.testing.assert_allclose(dz, dz[2, 2], rtol=3e-3)  # float16 has eleven bits
    np.testing.assert_allclose(dz[1:], dz[2, 2], rtol=1e-6)


@pytest.mark.parametrize("z", ["100,0", "3,0,1", "0,0", "700,-100,5"])
def test_the_gradient_in_one_step_is_s_minus_t_at_any_distance(z):
    values = values_of(z=z)
    others = np.delete(np.array(values["z"]), values["target"])
    spread = np.exp(others - others.max()).sum()
    # s of the target is exp(−gap) / (exp(−gap) + spread): less 1, that is −spread over the same.
    expected = -spread / (np.exp(-np.array(GAPS)) + spread)
    np.testing.assert_allclose(values["fused"], expected, rtol=1e-12)
    assert values["gap"] == others.max() - values["z"][values["target"]]


def test_in_two_steps_it_is_lost_where_s_underflows_and_a_naive_one_is_nan():
    values = values_of(z="0,0")
    for i, dtype in enumerate(DTYPES):
        normal = -math.log(np.finfo(dtype).tiny)
        gone = -math.log(np.finfo(dtype).smallest_subnormal)
        two_step, gaps = values["two_step"][i], np.array(GAPS)
        kept = two_step[gaps < normal - 0.5]
        np.testing.assert_allclose(kept, values["fused"][gaps < normal - 0.5], rtol=4e-3)
        assert (np.abs(two_step[gaps > gone + 1]) == 0).all()
        # −t/s is infinite from where 1/s is.
        assert values["crosses"][i] == pytest.approx(math.log(np.finfo(dtype).max), rel=3e-3)


def test_where_it_is_nan_the_curve_ends_and_is_drawn_nowhere():
    figures = drawn(layer="softmax", x="0,100", at="90")
    naive = [t for t in figures["slope"]["data"] if t.get("line", {}).get("dash") == "solid"]
    errors = [t for t in figures["error"]["data"] if t.get("line", {}).get("dash") == "solid"]
    for trace, end in zip([*naive, *errors], overflows() * 2, strict=True):
        seen = [x for x, y in zip(trace["x"], trace["y"], strict=True) if y is not None]
        assert max(seen) == max(x for x in trace["x"] if x < end)
    points = figures["slope"]["data"][-1]
    assert points["marker"]["symbol"] == ["x", "x", "circle"]


def test_nan_is_said_as_such_and_0_only_of_what_is_0():
    texts = drawn(layer="softmax", x="0,100", at="90")["table"]["data"][0]["text"]
    assert [text.split()[0] for text in texts[0]] == ["NaN", "NaN", "NaN", "0"]
    assert texts[2] == ["1", "0 ✗", "0 ✗", "8.19e−40"]
    cells = drawn(z="710,0")["softmax"]
    assert [row[0] for row in cells["data"][0]["text"]] == ["NaN ✗"] * 3
    assert cells["elements"]["numbers"][0] == "NaN"
    assert "NaN" in cells["layout"]["meta"]["alt"]
    assert "NaN = NaN" not in cells["layout"]["meta"]["alt"]


def test_the_formula_says_nan():
    formula = drawn(layer="softmax", x="0,100", at="90")["formula"]
    assert formula["data"][0]["text"][:3] == ["NaN", "NaN", "NaN"]


@pytest.mark.parametrize("layer", FORMS)
@pytest.mark.parametrize("x", ["-40,40", "4,9", "-760,760", "36,37", "-5,-4", "0,0"])
def test_the_curves_are_those_of_the_precisions_and_reach_from_end_to_end(layer, x):
    scenario = scenario_of(LESSON, layer=layer, x=x)
    left, right = page.X.span(LESSON.moment(scenario, {}).ends)
    for sample, dtype in zip(page.sampled(scenario, left, right), DTYPES, strict=True):
        assert sample.x.dtype == sample.naive.dtype == sample.stable.dtype == dtype
        assert (np.diff(sample.x) > 0).all()
        unit = max(float(np.spacing(dtype(max(abs(left), abs(right))))), 1e-12)
        assert abs(sample.x[0] - left) <= unit
        assert abs(sample.x[-1] - right) <= unit
        with np.errstate(all="ignore"):
            np.testing.assert_array_equal(sample.naive, FORMS[layer].naive(sample.x)[2])


def test_a_curve_falls_at_the_number_that_is_found_and_not_between_two_points():
    scenario = scenario_of(LESSON)
    for i, sample in enumerate(page.sampled(scenario, -52.0, 52.0)):
        first = sample.x[(sample.naive == 0) & (sample.x > 0)][0]
        assert first == zeros("sigmoid")[i]
        before = sample.x[sample.x < first][-1]
        assert before == np.nextafter(first, DTYPES[i](0))
        assert sample.naive[sample.x == before] > 0


def test_the_stable_way_is_never_more_than_a_few_units_off():
    for layer in FORMS:
        for sample in page.sampled(scenario_of(LESSON, layer=layer), -52.0, 52.0):
            assert sample.stable_error.max() < 4
    naive = page.sampled(scenario_of(LESSON), -52.0, 52.0)
    lost = [sample.naive_error.max() for sample in naive]
    assert [2.0**10 < lost[0] < 2.0**11, lost[1] > 2.0**23, lost[2] > 2.0**52] == [True] * 3


@pytest.mark.parametrize("preset", page.RANGES)
def test_a_range_of_the_menu_is_rising_and_holds_what_it_says(preset):
    for layer in FORMS:
        scenario = scenario_of(LESSON, layer=layer)
        low, high = page.RANGES[preset](scenario)
        assert low < high
        if found := re.search(r"float\d\d breaks", preset):
            assert low < zeros(layer)[NAMES.index(found[0].split()[0])] < high


def test_zooming_keeps_the_probe_where_it_is():
    scenario = scenario_of(LESSON, x="-10,30", at="10")
    assert page.zoomed(0.5)(scenario) == [0, 20]
    assert page.zoomed(2)(scenario) == [-30, 50]
    assert page.zoomed(2)(scenario_of(LESSON, x="-900,900")) == [-1000, 1000]


def test_the_ends_of_the_range_are_put_in_order_and_push_the_probe():
    scenario = scenario_of(LESSON, x="40,-40", at="20")
    assert scenario.x == ((-40.0, 40.0),)
    assert scenario.changed(x=((-40.0, 12.0),))[0].at == 12
    assert scenario.changed(x=((30.0, 40.0),))[0].at == 30
    assert scenario.changed(at=99.0) == (scenario.having(at=40.0), [])
    moved = LESSON.moved(LESSON.moment(scenario.changed(x=((-40.0, 12.0),))[0], {}), ["slope"])
    assert moved["slope"]["handles"] == [12.0]


@pytest.mark.parametrize("text", ["1", "1,2,3", "1,2;3,4", "-2000,5"])
def test_a_range_of_another_form_is_refused_with_a_word(text):
    scenario, (message,) = LESSON.Scenario.from_query({"x": text})
    assert message.startswith("x: expected")
    assert len(scenario.x) == 1
    assert len(scenario.x[0]) == 2


def test_every_moment_opens_without_a_message_and_the_first_is_the_usual_state():
    first, *_ = LESSON.moments.values()
    assert scenario_of(LESSON, **first) == LESSON.Scenario.usual()
    for query in LESSON.moments.values():
        scenario = scenario_of(LESSON, **query)
        low, high = scenario.x[0]
        assert low <= scenario.at <= high


def test_the_code_that_is_shown_and_exported_is_the_code_that_runs():
    source = page.NAIVE_CODE
    space = {"np": np}
    exec(source, space)
    x = np.linspace(-5, 5, 11)
    np.testing.assert_array_equal(space["naive_sigmoid"](x), forms.naive_sigmoid(x))
    assert all(function in LESSON.code for function in page.NAIVE)
    assert "naive_sigmoid" in LESSON.export.numpy


def test_the_page_is_in_its_place():
    names = list(BY_NAME)
    assert LESSON.section == "Trust"
    assert names.index("precision") < names.index("practice")
