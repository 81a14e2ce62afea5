"""Every question has one right answer, clear of ties: computed here once more, by other means."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from views.questions import ANY, KINDS, LAYERS, question

SEEDS = range(60)
LEVELS = (1, 2, 3)
EVERY = list(itertools.product(KINDS, LAYERS, LEVELS))
CLEAR = 0.029  # what the generator promises is 0.03; the rest is rounding


def gradient(asked, g=None):
    """∂L/∂x by the complete Jacobian, in plain Python: nothing of nnfs, nothing of the page."""
    g = asked.g if g is None else g
    if asked.layer == "sigmoid":
        slopes = [1 / (math.exp(x / 2) + math.exp(-x / 2)) ** 2 for x in asked.x]
        return [gi * slope for gi, slope in zip(g, slopes, strict=True)]
    s = output(asked)
    return [
        sum(g[i] * s[i] * ((i == j) - s[j]) for i in range(len(s))) / asked.T for j in range(len(s))
    ]


def output(asked):
    if asked.layer == "sigmoid":
        return [1 / (1 + math.exp(-x)) for x in asked.x]
    weights = [math.exp(x / asked.T) for x in asked.x]
    return [weight / sum(weights) for weight in weights]


def right_answers(asked):
    """The indices of all options that are right."""
    dx = gradient(asked)
    size = [abs(value) for value in dx]
    if asked.kind == "sign":
        value = dx[asked.j]
        found = "Zero" if abs(value) < 1e-12 else "Positive" if value > 0 else "Negative"
        return [i for i, option in enumerate(asked.options) if option == found]
    if asked.kind == "zero":
        return [j for j in range(len(dx)) if size[j] < 1e-12]
    if asked.kind == "largest":
        return [j for j in range(len(dx)) if size[j] == max(size)]
    if asked.kind == "order":
        orders = [[ord(c) - ord("₀") for c in o if "₀" <= c <= "₉"] for o in asked.options]
        return [i for i, o in enumerate(orders) if sorted(o, key=lambda j: -size[j]) == o]
    if asked.kind == "result":
        read = [[float(v.replace("−", "-")) for v in o.split(", ")] for o in asked.options]
        return [i for i, row in enumerate(read) if np.abs(np.subtract(row, dx)).max() <= 5.1e-4]
    if asked.kind == "wrong":
        apart = [np.abs(np.subtract(row, dx)).max() for row in formulas(asked)]
        return [i for i, distance in enumerate(apart) if distance > 1e-9]
    change = np.subtract(gradient(asked, [g + asked.c for g in asked.g]), dx)
    return [i for i, said in enumerate(claims(asked)) if np.abs(said - change).max() < 1e-12]


def claims(asked):
    """What each option of a shift says that dx changes by."""
    y = np.array(output(asked))
    meaning = {
        "dx stays as it is": 0 * y,
        "Every dxⱼ changes by c": asked.c + 0 * y,
        "Each dxⱼ changes by c·yⱼ": asked.c * y,
        "Each dxⱼ changes by c·yⱼ(1 − yⱼ)": asked.c * y * (1 - y),
    }
    return [meaning[option] for option in asked.options]


# What the formulas of the options mean, once more: x, y, g to dx, in scalars.
MEANING = {
    "s ⊙ (g − Σᵢ sᵢgᵢ)": lambda x, y, g, j: y[j] * (g[j] - dot(y, g)),
    "s ⊙ g − s (sᵀg)": lambda x, y, g, j: y[j] * g[j] - y[j] * dot(y, g),
    "s ⊙ (g − gᵀs)": lambda x, y, g, j: y[j] * (g[j] - dot(g, y)),
    "Jᵀ·g with J = diag(s) − s sᵀ": lambda x, y, g, j: sum(
        g[i] * y[i] * ((i == j) - y[j]) for i in range(len(g))
    ),
    "g ⊙ y ⊙ (1 − y)": lambda x, y, g, j: g[j] * y[j] * (1 - y[j]),
    "g ⊙ (y − y²)": lambda x, y, g, j: g[j] * (y[j] - y[j] ** 2),
    "g ⊙ σ(x) ⊙ σ(−x)": lambda x, y, g, j: g[j] / (1 + math.exp(-x[j])) / (1 + math.exp(x[j])),
    "Jᵀ·g with J = diag(y (1 − y))": lambda x, y, g, j: y[j] * (1 - y[j]) * g[j],
    "s ⊙ g": lambda x, y, g, j: y[j] * g[j],
    "s ⊙ (1 − s) ⊙ g": lambda x, y, g, j: y[j] * (1 - y[j]) * g[j],
    "z ⊙ (g − Σᵢ zᵢgᵢ)": lambda x, y, g, j: x[j] * (g[j] - dot(x, g)),
    "g − Σᵢ sᵢgᵢ": lambda x, y, g, j: g[j] - dot(y, g),
    "g ⊙ x ⊙ (1 − x)": lambda x, y, g, j: g[j] * x[j] * (1 - x[j]),
    "g ⊙ y": lambda x, y, g, j: g[j] * y[j],
    "g ⊙ (1 − y²)": lambda x, y, g, j: g[j] * (1 - y[j] ** 2),
    "y ⊙ (1 − y)": lambda x, y, g, j: y[j] * (1 - y[j]),
}


def dot(a, b):
    return sum(p * q for p, q in zip(a, b, strict=True))


def formulas(asked):
    """What each option of a question about passes comes to at its numbers."""
    y = output(asked)
    return [
        [MEANING[option](asked.x, y, asked.g, j) for j in range(len(y))] for option in asked.options
    ]


def is_clear(asked):
    """Whether what decides the answer is clear of a tie."""
    size = sorted((abs(value) for value in gradient(asked)), reverse=True)
    steps = list(itertools.pairwise(size))
    if asked.kind == "sign":
        value = abs(gradient(asked)[asked.j])
        return value < 1e-12 or value > CLEAR
    if asked.kind == "zero":
        return size[-1] < 1e-12 and size[-2] > CLEAR
    if asked.kind in ("largest", "order"):
        steps = steps[:1] if asked.kind == "largest" else steps
        return all(a > 1.29 * b and a - b > CLEAR for a, b in steps)
    if asked.kind == "result":
        rows = [[float(v.replace("−", "-")) for v in o.split(", ")] for o in asked.options]
    elif asked.kind == "wrong":
        rows = [formulas(asked)[asked.right], gradient(asked)]
    else:
        rows = claims(asked)
    pairs = itertools.combinations(rows, 2)
    return all(np.abs(np.subtract(a, b)).max() > 0.095 for a, b in pairs)


@pytest.mark.parametrize(("kind", "layer", "level"), EVERY)
def test_a_question_has_exactly_one_right_answer(kind, layer, level):
    for seed in SEEDS:
        asked = question(seed, level, 1, kind, layer)
        assert right_answers(asked) == [asked.right], asked


@pytest.mark.parametrize(("kind", "layer", "level"), EVERY)
def test_the_right_answer_is_clear_of_ties(kind, layer, level):
    for seed in SEEDS:
        asked = question(seed, level, 1, kind, layer)
        assert is_clear(asked), asked


@pytest.mark.parametrize(("kind", "layer", "level"), EVERY)
def test_the_options_differ_and_every_place_can_be_right(kind, layer, level):
    asked = [question(seed, level, 1, kind, layer) for seed in SEEDS]
    assert all(len(set(a.options)) == len(a.options) >= 3 for a in asked)
    assert {a.right for a in asked} == set(range(len(asked[0].options)))


@pytest.mark.parametrize(("kind", "layer", "level"), EVERY)
def test_numbers_are_few_and_in_steps_of_one_half(kind, layer, level):
    for seed in SEEDS:
        asked = question(seed, level, 1, kind, layer)
        assert len(asked.x) == len(asked.g) == (min(level, 2) if kind == "order" else level) + 2
        assert all(2 * value == round(2 * value) for value in (*asked.x, *asked.g))
        assert max(map(abs, (*asked.x, *asked.g))) <= 3


def test_temperature_comes_with_level_3():
    assert {question(seed, 2, 1, "sign", "softmax").T for seed in SEEDS} == {1.0}
    assert {question(seed, 3, 1, "sign", "softmax").T for seed in SEEDS} == {0.5, 2.0}


def test_the_same_seed_gives_the_same_question_also_when_asked_anew():
    for seed, (kind, layer, level) in enumerate(EVERY):
        first = question(seed, level, 4, kind, layer)
        assert question.__wrapped__(seed, level, 4, kind, layer) == first


def test_seed_level_and_number_each_make_another_question():
    one = question(7, 2, 3, "order", "softmax")
    assert one not in (
        question(8, 2, 3, "order", "softmax"),
        question(7, 1, 3, "order", "softmax"),
        question(7, 2, 4, "order", "softmax"),
    )


@pytest.mark.parametrize("seed", range(20))
def test_of_any_kind_each_comes_once_in_a_row_of_all(seed):
    row = len(KINDS)
    kinds = [question(seed, 1, n).kind for n in range(1, 2 * row + 1)]
    assert sorted(kinds[:row]) == sorted(kinds[row:]) == sorted(KINDS)


def test_any_gives_the_question_that_its_kind_and_layer_give_by_name():
    for n in range(1, 13):
        asked = question(5, 2, n, ANY, ANY)
        assert question(5, 2, n, asked.kind, asked.layer) == asked


def test_the_oracle_finds_a_wrong_key():
    for kind, layer, level in EVERY:
        asked = question(1, level, 1, kind, layer)
        wrong = replace(asked, right=(asked.right + 1) % len(asked.options))
        assert right_answers(wrong) != [wrong.right]


def test_the_oracle_finds_a_tie():
    asked = question(1, 1, 1, "largest", "sigmoid")
    assert not is_clear(replace(asked, x=(1.0, -1.0, 3.0), g=(1.0, 1.0, 1.0)))
