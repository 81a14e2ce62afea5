"""Kind *order*: the components of dx from the largest |dxⱼ| to the smallest."""

import itertools

import numpy as np

from visualizer.quiz import drawing
from visualizer.quiz.largest import RULES, hint_of_sizes, reason_of_sizes, scores
from visualizer.quiz.question import Kind, Question, factors, largest_component, result_name
from visualizer.quiz.words import subscript

# Two pairs of places; each option exchanges none, one or both of them. So every option is as much
# like the others as any, and which one is right cannot be seen by comparing them.
PAIRS = (((0, 1), (2, 3)), ((0, 2), (1, 3)), ((0, 3), (1, 2)))


def _draw(rng: np.random.Generator, level: int, layer: str) -> Question | None:
    level_of_numbers = min(level, 2)  # five are too many to put in order by head
    places, lucky = _places(rng, level_of_numbers + 2), drawing.lucky(rng, RULES[layer])
    found = drawing.patiently(
        lambda: _of_batch(drawing.samples(rng, level_of_numbers, layer), level, places, lucky)
    )
    if found is None:
        return None
    drawn, orders = found
    dx = result_name(layer)
    names = [" > ".join(f"|{dx}{subscript(j)}|" for j in order) for order in orders]
    return drawing.asked("order", level, drawn, *drawing.shuffled(rng, names))


def _of_batch(
    batch: drawing.Batch, level: int, places: np.ndarray, lucky: np.ndarray
) -> tuple[drawing.Sample, np.ndarray] | None:
    """Return a sample with the orders to choose from, the right one first."""
    order = np.argsort(-np.abs(batch.dx), axis=1)
    options = order[:, places]
    fits = drawing.falls_clearly(np.take_along_axis(np.abs(batch.dx), order, axis=1))
    if level > 1:
        for score, luck in zip(scores(batch), lucky, strict=True):
            fits &= _fits_best(score, options) == luck
    m = batch.first(fits)
    return None if m is None else (batch.sample(m), options[m])


def _places(rng: np.random.Generator, count: int) -> np.ndarray:
    """Return which places of the right order each option takes, the right one first."""
    if count == 3:  # too few for two pairs: any three of the others
        others = list(itertools.permutations(range(3)))[1:]
        return np.array([range(3), *(others[i] for i in rng.permutation(5)[:3])])
    first, second = PAIRS[rng.integers(len(PAIRS))]
    options = np.tile(np.arange(4), (4, 1))
    for places, exchanged in ((first, [1, 3]), (second, [2, 3])):
        for option in exchanged:
            options[option, places] = options[option, places[::-1]]
    return options


def _fits_best(score: np.ndarray, options: np.ndarray) -> np.ndarray:
    """Tell in which samples the first option has no more pairs against the score than another.

    Args:
        score: shape (M, C).
        options: orders of the C inputs, shape (M, options, C).
    """
    ranked = np.take_along_axis(score[:, np.newaxis], options, axis=2)
    pairs = itertools.combinations(range(score.shape[1]), 2)
    agreement = sum(np.sign(ranked[..., a] - ranked[..., b]) for a, b in pairs)
    return agreement[:, 0] == agreement.max(axis=1)


def _ask(asked: Question) -> str:
    return f"Which order is right, from the largest |{asked.dx}| to the smallest?"


ORDER = Kind(
    "order", "Order", _draw, _ask, reason_of_sizes, largest_component, hint_of_sizes, factors
)
