"""Kind *largest*: which component of dx is the largest in absolute value."""

import numpy as np

from visualizer.figures.numbers import number
from visualizer.quiz import drawing
from visualizer.quiz.question import (
    Kind,
    Question,
    Results,
    factors,
    largest_component,
    weighted_mean,
)
from visualizer.quiz.words import components, divided, product, subscript

# How many scores there are.
RULES = {"softmax": 3, "sigmoid": 2}


def scores(batch: drawing.Batch) -> list[np.ndarray]:
    """Return by what one would put |dxⱼ| in order without the product: each of shape (M, C)."""
    x, g = batch.x, batch.g
    if batch.layer == "sigmoid":
        return [np.abs(g), -np.abs(x)]
    return [np.abs(g), x, np.abs(g - g.mean(axis=1, keepdims=True))]


def _draw(rng: np.random.Generator, level: int, layer: str) -> Question | None:
    j, lucky = int(rng.integers(level + 2)), drawing.lucky(rng, RULES[layer])
    return drawing.patiently(lambda: _of_batch(drawing.samples(rng, level, layer), level, j, lucky))


def _of_batch(batch: drawing.Batch, level: int, j: int, lucky: np.ndarray) -> Question | None:
    size = np.abs(batch.dx)
    two = -np.sort(-size, axis=1)[:, :2]
    fits = (size.argmax(axis=1) == j) & drawing.falls_clearly(two)
    if level > 1:  # at level 1 the rule is the lesson
        for score, luck in zip(scores(batch), lucky, strict=True):
            fits &= (score[:, j] == score.max(axis=1)) == luck
    m = batch.first(fits)
    if m is None:
        return None
    return drawing.asked("largest", level, batch.sample(m), components(batch.layer, level + 2), j)


def _ask(asked: Question) -> str:
    return f"Which component of {asked.dx} is the largest in absolute value?"


def reason_of_sizes(asked: Question, found: Results) -> str:
    """Say what |dxⱼ| is made of, and how large the two largest are."""
    rule = (
        "|dzⱼ| = gⱼ’s distance from the s-weighted mean "
        f"{number(weighted_mean(found.y, asked.g), 2)}, times sⱼ{divided(asked)}"
        if asked.layer == "softmax"
        else "|dxⱼ| = |gⱼ| times the slope yⱼ(1 − yⱼ), which falls from ¼ on both sides of x = 0"
    )
    first, second = np.argsort(-np.abs(found.dx))[:2].tolist()
    return (
        f"{rule}. {product(asked, found, first)}; the next is "
        f"{asked.dx}{subscript(second)} = {number(found.dx[second])}.{_rule_of_level_1(asked)}"
    )


def _rule_of_level_1(asked: Question) -> str:
    if asked.level > 1:
        return ""
    if asked.layer == "sigmoid":
        return " Where all |gⱼ| are alike, the x nearest to 0 has the largest."
    return (
        " Behind a one-hot g the class that is 1 always has the largest: dz adds up to 0, and all "
        "the others have the other sign."
    )


def hint_of_sizes(asked: Question) -> str:
    """Say which two factors make a component large."""
    if asked.layer == "sigmoid":
        return (
            "|dxⱼ| = |gⱼ|·yⱼ(1 − yⱼ): the size of gⱼ times the slope of the curve. Where is the "
            "curve steep, and where is it flat?"
        )
    return (
        f"|dzⱼ| = sⱼ·|gⱼ − mean|{divided(asked)}, and the mean of g is weighted by s. Find the "
        "likely classes: near which g does the mean lie?"
    )


LARGEST = Kind(
    "largest",
    "Largest",
    _draw,
    _ask,
    reason_of_sizes,
    largest_component,
    hint_of_sizes,
    factors,
)
