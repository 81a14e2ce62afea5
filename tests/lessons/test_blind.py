"""Where a test would miss a wrong pass: what is found agrees; where nothing is, nothing does."""

import time
from dataclasses import replace

import numpy as np
import pytest

from nnfs import Sigmoid, Softmax
from nnfs.wrong_passes import WRONG_PASSES
from tests.lessons.showing import name, scenario_of
from visualizer.lessons import BY_NAME
from visualizer.lessons.blind import Blind, blind_spot
from visualizer.lessons.wrong import known

softmax, sigmoid = BY_NAME["softmax"], BY_NAME["sigmoid"]
LAYER = {softmax: Softmax, sigmoid: Sigmoid}
EVERY = [(page, wrong) for page, layer in LAYER.items() for wrong in known(layer)]
# States to begin with: as it opens, a batch at a temperature, many inputs, g = 0.
BEGIN = [
    (softmax, {}),
    (softmax, {"z": "2,1,0.1;0,0,3", "g": "1,0,0;0,1,0", "n": "1", "T": "0.7"}),
    (softmax, {"z": ",".join(map(str, range(40))), "g": ",".join(["0.5"] * 39 + ["1"])}),
    (softmax, {"z": "3,3", "g": "0,0", "T": "3"}),
    (sigmoid, {}),
    (sigmoid, {"x": "7", "g": "0"}),
    (sigmoid, {"x": ",".join(map(str, range(40))), "g": ",".join(["0.5"] * 40)}),
]


def agrees_by_hand(page, wrong, scenario):
    """Whether the wrong pass, called directly, gives what the layer gives, to rounding of g."""
    T = getattr(scenario, "T", 1)
    x = np.array(scenario.z) / T if page is softmax else np.array(scenario.x)
    g, layer = np.array(scenario.g), LAYER[page]()
    layer.forward(x)
    passes = {item.__name__: item for item in WRONG_PASSES[LAYER[page]]}
    atol = 1e-14 * np.abs(g).sum()
    return np.allclose(passes[wrong](layer, x, g), layer.backward(g), rtol=0, atol=atol)


@pytest.mark.parametrize(("page", "query"), BEGIN, ids=name)
def test_in_what_is_found_the_wrong_pass_agrees_though_g_is_not_0(page, query):
    scenario = scenario_of(page, **query)
    for wrong in known(LAYER[page]):
        if wrong in {**page.blind.never, **page.blind.always}:
            continue
        found = blind_spot(page, scenario, wrong)
        shown, messages = scenario.changed(**found.fields)
        assert found.fields and messages == []
        assert found.why == page.blind.states[wrong].why
        if wrong != "flattened_batch":  # which keeps g as it is
            assert np.any(shown.g)
        assert agrees_by_hand(page, wrong, shown), (wrong, shown)


@pytest.mark.parametrize(("page", "wrong"), EVERY, ids=name)
def test_what_a_state_hides_is_seen_in_the_states_that_hide_others(page, wrong):
    """Else the reason would be another one than the one given."""
    if wrong in page.blind.always:
        return
    scenario = scenario_of(page, **({"g": "1,-0.5,0.5"} if page is softmax else {}))
    others = [s for w, s in page.blind.states.items() if wrong not in (w, "flattened_batch")]
    seen = [scenario.changed(**state.fields(scenario))[0] for state in others]
    assert not all(agrees_by_hand(page, wrong, state) for state in seen) or not seen


@pytest.mark.parametrize("page", LAYER, ids=name)
def test_where_there_is_none_it_says_so_with_the_reason_and_changes_nothing(page):
    found = blind_spot(page, scenario_of(page), "without_derivative")
    assert found.fields == {}
    assert found.why.startswith("Nowhere, unless g is 0. ")
    assert found.why.endswith(page.blind.never["without_derivative"])


@pytest.mark.parametrize("page", LAYER, ids=name)
def test_the_missing_transpose_is_right_everywhere(page):
    rng = np.random.default_rng(1)
    field = page.blind.inputs
    for _ in range(20):
        x, g = (",".join(map(str, row)) for row in rng.normal(0, 2, (2, 4)).round(2))
        assert agrees_by_hand(page, "without_transpose", scenario_of(page, **{field: x, "g": g}))
    found = blind_spot(page, scenario_of(page), "without_transpose")
    assert found.fields == {} and found.why.startswith("Everywhere")


def test_no_eigenvalue_of_a_softmax_is_above_one_half_and_no_slope_above_a_quarter():
    rng = np.random.default_rng(2)
    for _ in range(100):
        s = Softmax().forward(rng.normal(0, 4, (1, 5)))[0]
        assert np.linalg.eigvalsh(np.diag(s) - np.outer(s, s)).max() <= 0.5 + 1e-12
        y = Sigmoid().forward(rng.normal(0, 4, 5))
        assert (y * (1 - y)).max() <= 0.25


def test_a_page_that_knows_no_states_searches_at_random_and_says_how_often():
    page = replace(softmax, blind=Blind(inputs="z"))
    found = blind_spot(page, scenario_of(page), "elementwise")
    assert found.why.startswith("Nowhere, unless g is 0. 100 random states")
    assert blind_spot(page, scenario_of(page), "flattened_batch").fields


@pytest.mark.parametrize("classes", [3, 1000])
def test_it_takes_no_longer_than_a_click_may(classes):
    values = ",".join(["0.5"] * classes)
    scenario = scenario_of(softmax, z=values, g="1," + ",".join(["0"] * (classes - 1)))
    fastest = []
    for _ in range(3):  # the machine may be busy with something else
        begun = time.process_time()
        blind_spot(softmax, scenario, "without_derivative")
        fastest.append(time.process_time() - begun)
    assert min(fastest) < 0.3
