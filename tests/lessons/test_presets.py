"""Presets: well-known inputs, the same whenever they are chosen."""

import numpy as np
import pytest

from nnfs import func_softmax
from tests.lessons.showing import takes
from visualizer.lessons import LESSONS
from visualizer.lessons.softmax import LESSON, Scenario, compute
from visualizer.scenario import resized, with_row
from visualizer.scenario.codecs import format_rows

Z_PRESETS, G_PRESETS = LESSON.presets["z"], LESSON.presets["g"]
OFFERED = [
    (lesson, field, name)
    for lesson in LESSONS
    for field, presets in lesson.presets.items()
    for name in presets
]


def preset(field, name, **query):
    return LESSON.presets[field][name](Scenario.from_query(query)[0])


def shown(field, name, **query):
    """The numbers of the page after the preset, and the messages on the way."""
    row = preset(field, name, **query)
    scenario, messages = Scenario.from_query(query | {field: format_rows((row,))})
    return compute(scenario), messages


def identify(value):
    return value if isinstance(value, str) else getattr(value, "name", None)


@pytest.mark.parametrize(("lesson", "field", "name"), OFFERED, ids=identify)
@pytest.mark.parametrize("classes", [2, 3, 10])
def test_a_preset_fits_the_classes_and_is_accepted(lesson, field, name, classes):
    if not takes(lesson, classes):
        pytest.skip(f"the page has no {classes} classes")
    query = {next(iter(lesson.presets)): format_rows([[0.5] * classes]), "j": str(classes - 1)}
    scenario, _ = lesson.Scenario.from_query(query)
    row = lesson.presets[field][name](scenario)
    assert len(row) == classes
    assert lesson.Scenario.from_query(query | {field: format_rows((row,))})[1] == []


@pytest.mark.parametrize(("lesson", "field", "name"), OFFERED, ids=identify)
def test_a_preset_is_the_same_every_time(lesson, field, name):
    first, second = (lesson.presets[field][name](lesson.Scenario.usual()) for _ in range(2))
    assert list(first) == list(second)


def named(presets, word):
    (name,) = [name for name in presets if word in name]
    return name


def test_the_presets_that_the_design_asks_for_are_there():
    for word in ("Uniform", "winner", "aturated", "1000"):
        named(Z_PRESETS, word)
    for word in ("ne-hot", "ll ones", "−t/s"):
        named(G_PRESETS, word)
    assert any("seed" in name for name in Z_PRESETS)
    assert any("seed" in name for name in G_PRESETS)


def test_a_one_hot_gradient_reads_a_row_of_J():
    values, _ = shown("g", named(G_PRESETS, "ne-hot"), z="2,1,0.1", j="1")
    np.testing.assert_allclose(values["dx"], values["J"][1], rtol=1e-12)


def test_all_ones_give_0():
    values, _ = shown("g", named(G_PRESETS, "ll ones"))
    np.testing.assert_allclose(values["dx"], 0, atol=1e-15)


def test_the_cross_entropy_gradient_gives_s_minus_t():
    values, _ = shown("g", named(G_PRESETS, "−t/s"), z="2,1,0.1", j="2")
    s = func_softmax(np.array([[2, 1, 0.1]]))[0]
    np.testing.assert_allclose(values["dx"], s - [0, 0, 1], atol=1e-15)


def test_the_cross_entropy_gradient_knows_the_temperature():
    values, _ = shown("g", named(G_PRESETS, "−t/s"), z="2,1,0.1", j="2", T="2")
    s = func_softmax(np.array([[1, 0.5, 0.05]]))[0]
    np.testing.assert_allclose(values["dx"], (s - [0, 0, 1]) / 2, atol=1e-15)


def test_the_cross_entropy_gradient_of_a_hopeless_target_is_accepted():
    _, messages = shown("g", named(G_PRESETS, "−t/s"), z="0,1000,0", j="0")
    assert messages == []


def test_the_winner_is_the_selected_input():
    values, _ = shown("z", named(Z_PRESETS, "One winner"), j="1")
    assert values["s"].argmax() == 1


def test_only_the_row_in_view_is_replaced():
    assert with_row(((1, 2), (3, 4)), 1, [5, 6]) == ((1, 2), (5, 6))


@pytest.mark.parametrize(("classes", "row"), [(2, (1, 2)), (3, (1, 2, 3)), (5, (1, 2, 3, 0, 0))])
def test_a_row_is_cut_or_filled_up_with_zeros(classes, row):
    assert resized(((1, 2, 3),), classes) == (row,)
