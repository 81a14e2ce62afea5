"""Real homework: every mistake is found, and named where it has a name; nobody is accused."""

import numpy as np
import pytest

from tests.student.homework import CONVENTIONS, RIGHT, WRONG
from tests.student.running import bench_of
from visualizer.student.compare import found_by, judge

INPUTS = 100
# Of random inputs a few hide a mistake: a ReLU whose inputs are all positive passes all of g on.
SHOWN = 90

right = pytest.mark.parametrize(("convention", "layer", "text"), RIGHT, ids=lambda v: str(v)[:9])
wrong = pytest.mark.parametrize(
    ("convention", "layer", "text", "name"), WRONG, ids=lambda v: str(v)[:20]
)


def random_states(bench, name, samples):
    """Random inputs and gradients, of layers that take any number of inputs of 2 to 6 of them."""
    rng, survey = np.random.default_rng(1), bench.survey(name)
    widths = [int(width) for width in survey["outputs"] if 1 < int(width) < 7]
    for _ in range(INPUTS):
        width = int(rng.choice(widths))
        x = rng.normal(0, 2, (samples, width))
        yield x, rng.normal(0, 1, (samples, survey["outputs"][str(width)]))


def test_each_convention_has_six_layers_with_three_mistakes_each():
    assert [len(layers) for layers in CONVENTIONS.values()] == [6, 6, 6]
    assert all(len(m) == 3 for layers in CONVENTIONS.values() for _, m in layers.values())
    texts = {text for _, _, text in RIGHT} | {text for _, _, text, _ in WRONG}
    assert len(texts) == len(RIGHT) + len(WRONG) == 72  # each replacement replaces something


@right
def test_its_convention_is_seen(convention, layer, text):
    bench, name = bench_of(text)
    assert bench.survey(name)["convention"] == convention


@right
def test_a_right_layer_is_accused_of_nothing(convention, layer, text):
    bench, name = bench_of(text)
    for seed in range(3):
        found = found_by(bench.audit(name, seed))
        assert (found.is_wrong, found.mistake, found.parameters, found.notes) == (
            False,
            None,
            {},
            (),
        )
    for x, g in random_states(bench, name, samples=2):
        assert judge(bench.examine(name, x, g, 1)).worst is None, (x, g)


@wrong
def test_a_mistake_is_found_and_named_where_it_has_a_name(convention, layer, text, name):
    bench, called = bench_of(text)
    for seed in range(2):
        found = found_by(bench.audit(called, seed))
        assert found.is_wrong
        assert (found.mistake and found.mistake.name) == name
    if found.mistake:
        assert found.mistake.what.endswith(".")
        assert found.mistake.who == "" or found.mistake.who.startswith("Made by those who")


@wrong
def test_a_mistake_shows_at_random_inputs(convention, layer, text, name):
    bench, called = bench_of(text)
    judged = [
        judge(bench.examine(called, x, g, 0)) for x, g in random_states(bench, called, samples=2)
    ]
    assert sum(one.worst is not None for one in judged) >= SHOWN


@pytest.mark.parametrize(("samples", "shows"), [(1, False), (2, True)])
def test_a_factor_of_the_batch_shows_with_a_second_sample(samples, shows):
    _, _, text, _ = next(case for case in WRONG if case[3] == "divided by batch")
    bench, name = bench_of(text)
    x, g = next(random_states(bench, name, samples))
    assert (judge(bench.examine(name, x, g, 0)).worst is not None) is shows
