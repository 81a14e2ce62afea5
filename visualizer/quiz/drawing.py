"""Draw the numbers of questions, so that no rule of thumb finds the answer without the mathematics.

A rule of thumb is a way to answer that looks at the numbers or the options and leaves out the
layer, such as "the largest |g|". Questions where one is right are kept in a share of cases that
is decided before the numbers are: see `lucky` for rules about numbers, `rivals` for options.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

import numpy as np

from visualizer.quiz.question import Question, run

# What has to differ, differs by this much, and what is compared, by this factor.
MARGIN, RATIO = 0.03, 1.3
# Whole results that stand beside each other differ by this much in some component.
APART = 0.1
# No number of a question is larger.
LARGEST = 3
# How many samples are drawn at once: it takes not much longer than one, and one in 200 may do.
BATCH = 512
# How often a rule of thumb is right where it can be foiled. Below one half, with room for chance.
LUCK = 0.4
WRONG_OPTIONS = 3
# How often a dxⱼ that is 0 behind a softmax has the logit of another input.
EQUAL = 0.75
NO_FACTOR = "forgets the factor 1/T"

# How many batches are tried for one decision about a question.
PATIENCE = 8
# How many samples are tried where each one has wrong options of its own.
FEW = 48

Result = TypeVar("Result", float, np.ndarray)
Found = TypeVar("Found")


class Sample(NamedTuple):
    """The numbers of a question to be: layer, inputs, upstream gradient, temperature."""

    layer: str
    x: np.ndarray
    g: np.ndarray
    T: float


class Batch(NamedTuple):
    """Samples to choose from, with what the layer makes of them: arrays of shape (M, C)."""

    layer: str
    x: np.ndarray
    g: np.ndarray
    T: float
    y: np.ndarray
    dx: np.ndarray

    def first(self, fits: np.ndarray) -> int | None:
        """Return the index of the first sample that fits, if any does."""
        found = np.flatnonzero(fits)
        return int(found[0]) if len(found) else None

    def sample(self, m: int) -> Sample:
        """Return the numbers of sample m."""
        return Sample(self.layer, self.x[m], self.g[m], self.T)


def samples(rng: np.random.Generator, level: int, layer: str, count: int = BATCH) -> Batch:
    """Draw numbers in steps of one half: at level 1 a one-hot g, or for a sigmoid ±1."""
    shape = (count, level + 2)
    T = float(rng.choice([0.5, 2.0])) if level == 3 and layer == "softmax" else 1.0
    if layer == "softmax":
        x = rng.integers(-2 * LARGEST, 2 * LARGEST + 1, shape) / 2
    else:  # all different, so that each has its own place on the curve
        places = np.tile(np.arange(-2 * LARGEST, 2 * LARGEST + 1), (count, 1))
        x = rng.permuted(places, axis=1)[:, : shape[1]] / 2
    if level > 1:
        g = rng.integers(-4, 5, shape) / 2
    elif layer == "softmax":
        g = np.eye(shape[1])[rng.integers(shape[1], size=count)]
    else:
        g = rng.choice([-1.0, 1.0], shape)
    return batch_of(layer, x, g, T)


def batch_of(layer: str, x: np.ndarray, g: np.ndarray, T: float) -> Batch:
    """Run the layer on samples; arrays of shape (M, C)."""
    return Batch(layer, x, g, T, *run(layer, x, g, T))


def sample(rng: np.random.Generator, level: int, layer: str) -> Sample:
    """Draw the numbers of one question."""
    return samples(rng, level, layer, 1).sample(0)


def sample_with_zero(rng: np.random.Generator, level: int, layer: str, j: int) -> Sample | None:
    """Draw numbers where dxⱼ = 0; None if they are too large.

    Behind a sigmoid that takes gⱼ = 0; a 0 in x is a false trail. Behind a softmax gⱼ has to be
    the weighted mean of g, and a 0 in g is the false trail.
    """
    drawn = sample(rng, level, layer)
    x, g = drawn.x, drawn.g
    if layer == "softmax":
        _balance(rng, x, g, j)
    else:
        g[j] = 0
        x[j - 1] = x[j - 1] if 0 in x else 0.0
    return drawn if max(*abs(x), *abs(g)) <= LARGEST else None


def _balance(rng: np.random.Generator, x: np.ndarray, g: np.ndarray, j: int) -> None:
    """Make gⱼ the weighted mean of g, in place.

    In steps of one half that is exact in two cases: the others are equally likely, or come in
    pairs of equally likely ones, and stand as far above gⱼ as below it. In most draws the logit of
    j is that of another input, so that it does not stand out.
    """
    others = np.flatnonzero(np.arange(len(x)) != j)
    x[others] = rng.integers(-3, 4) / 2
    away = rng.integers(-3, 4, len(others)) / 2
    if len(others) == 4 and rng.random() < 0.5:
        x[others[:2]] = rng.integers(-3, 4) / 2
        away[[1, 3]] = -away[[0, 2]]
    else:
        away[-1] -= away.sum()
    differs = 0.0 if rng.random() < EQUAL else rng.choice([-1.5, -1, -0.5, 0.5, 1, 1.5])
    x[j] = x[j - 1] + differs
    g[j] = rng.choice([-1.0, -0.5, 0.5, 1.0])
    g[others] = g[j] + away


def lucky(rng: np.random.Generator, rules: int) -> np.ndarray:
    """Decide for each rule of thumb whether this question is one where it is right."""
    return rng.random(rules) < LUCK


def patiently(attempt: Callable[[], Found | None], times: int = PATIENCE) -> Found | None:
    """Try until something is found: what was decided before is not decided anew.

    Else the questions would gather where they are easy to find, and tell their answers by it.
    """
    return next((found for _ in range(times) if (found := attempt()) is not None), None)


def first_of(batch: Batch, attempt: Callable[[int], Found | None]) -> Found | None:
    """Return what is found in the first sample of the batch where something is."""
    tries = (attempt(m) for m in range(len(batch.x)))
    return next((found for found in tries if found is not None), None)


def smaller_rivals(rng: np.random.Generator) -> int:
    """Decide how many of the wrong options are smaller than the right one."""
    return int(rng.integers(WRONG_OPTIONS + 1))


def rivals(
    rng: np.random.Generator,
    smaller: int,
    right: Result,
    pool: Mapping[str, Result],
    size: Callable[[np.ndarray], np.ndarray],
    gap: float = APART,
) -> dict[str, Result] | None:
    """Choose three wrong results.

    Args:
        rng: chooses among those that fit.
        smaller: how many of the three are smaller than the right one.
        right: the right result.
        pool: wrong results, by what they get wrong.
        size: by which results are compared: of an array of shape (results, C), shape (results,).
        gap: by how much each result differs from each other one, in some component.

    Returns:
        Three of the pool; None if it has not as many smaller or larger ones, clear of each other.
    """
    names, rows = list(pool), np.array([right, *pool.values()]).reshape(len(pool) + 1, -1)
    sizes = size(rows)
    below = (sizes < sizes[0]).tolist()
    room = {True: smaller, False: WRONG_OPTIONS - smaller}
    if not smaller <= sum(below) <= len(names) - room[False]:
        return None
    clear = (np.abs(rows[:, np.newaxis] - rows).max(axis=2) >= gap).tolist()
    chosen = [0]
    for i in (rng.permutation(len(names)) + 1).tolist():
        if room[below[i]] and all(clear[i][other] for other in chosen):
            chosen.append(i)
            room[below[i]] -= 1
    found = {names[i - 1]: pool[names[i - 1]] for i in chosen[1:]}
    return found if len(found) == WRONG_OPTIONS else None


def asked(
    kind: str, level: int, drawn: Sample, options: Sequence[str], right: int, **more: Any
) -> Question:
    """Return the question about a sample; `more` are other fields of it."""
    x, g = ((values + 0.0).tolist() for values in (drawn.x, drawn.g))  # + 0.0: no −0
    numbers = Question(kind, drawn.layer, level, tuple(x), tuple(g), drawn.T)
    return replace(numbers, options=tuple(options), right=right, **more)


def falls_clearly(sizes: np.ndarray) -> np.ndarray:
    """Tell in which rows each size is above the next by the factor and by the margin."""
    larger, smaller = sizes[..., :-1], sizes[..., 1:]
    return np.all(larger >= np.maximum(RATIO * smaller, smaller + MARGIN), axis=-1)


def apart(vectors: Sequence[np.ndarray], gap: float = APART) -> bool:
    """Tell whether any two vectors differ clearly in some component."""
    return all(np.max(np.abs(a - b)) >= gap for i, a in enumerate(vectors) for b in vectors[:i])


def shuffled(rng: np.random.Generator, options: Sequence[str]) -> tuple[list[str], int]:
    """Return the options in any order, and where the first of them has come to stand."""
    order = rng.permutation(len(options)).tolist()
    return [options[i] for i in order], order.index(0)


def told_apart(
    rng: np.random.Generator,
    right: Result,
    wrong: Mapping[str, Result],
    text: Callable[[Result], str],
) -> tuple[list[str], int, tuple[str, ...]]:
    """Return the options in any order, the place of the right one, and the mistake of each."""
    said = {text(right): ""} | {text(result): mistake for mistake, result in wrong.items()}
    options, place = shuffled(rng, list(said))
    return options, place, tuple(said[option] for option in options)
