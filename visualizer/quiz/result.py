"""Kind *result*: which row of numbers came out of `backward`."""

from collections.abc import Callable

import numpy as np

from nnfs import BaseLayer, func_sigmoid
from nnfs.wrong_passes import without_derivative
from visualizer.figures.dust import settled
from visualizer.figures.numbers import number
from visualizer.quiz import drawing, passes
from visualizer.quiz.question import Kind, Question, Results, factors, largest_component
from visualizer.quiz.words import of_the_others, product

TWICE = "applies J twice"
# Slips besides the well-known wrong passes: layer, input and g to what somebody who makes one takes
# for dx, each of shape (N, C).
SLIPS: dict[str, Callable[[BaseLayer, np.ndarray, np.ndarray], np.ndarray]] = {
    TWICE: lambda layer, x, g: layer.backward(layer.backward(g)),
    "divides by the number of inputs": lambda layer, x, g: layer.backward(g) / g.shape[1],
    "has the sign reversed": lambda layer, x, g: -layer.backward(g),
}
SLIPS_OF = {
    "softmax": SLIPS
    | {
        "takes the plain mean for the weighted one": lambda layer, z, g: (
            layer.output * (g - g.mean(axis=1, keepdims=True))
        ),
    },
    "sigmoid": SLIPS
    | {
        "takes x for g and g for x": lambda layer, x, g: x * func_sigmoid(g) * func_sigmoid(-g),
        "couples the inputs, as a softmax does": lambda layer, x, g: (
            layer.output * (g - np.sum(layer.output * g, axis=1, keepdims=True))
        ),
    },
}
# Wrong results that add up to 0 like the right one: nothing but the numbers tells them apart.
ADD_UP_TO_0 = {*SLIPS, drawing.NO_FACTOR}


def _draw(rng: np.random.Generator, level: int, layer: str) -> Question | None:
    batch = drawing.samples(rng, level, layer, drawing.FEW)
    rights = _settled(batch.dx, batch.g)
    wrong, smaller = _wrong_results(batch), drawing.smaller_rivals(rng)
    lucky = drawing.lucky(rng, 2)

    def attempt(m: int) -> Question | None:
        drawn, right = batch.sample(m), rights[m]
        pool = {name: dx[m] for name, dx in wrong.items()}
        found = drawing.rivals(rng, smaller, right, pool, lambda rows: np.abs(rows).sum(axis=1))
        if found is None or not _is_fair(layer, right, found, drawn.g, lucky):
            return None
        options, place, mistakes = drawing.told_apart(rng, right, found, _text)
        return drawing.asked("result", level, drawn, options, place, mistakes=mistakes)

    return drawing.first_of(batch, attempt)


def _text(dx: np.ndarray) -> str:
    return ", ".join(map(number, dx))


def _is_fair(
    layer: str, right: np.ndarray, wrong: dict[str, np.ndarray], g: np.ndarray, lucky: np.ndarray
) -> bool:
    """Tell whether the two rules of thumb, most like the others and nearest to g, do as decided."""
    rows = np.array([right, *wrong.values()])
    apart = np.abs(rows[:, np.newaxis] - rows).sum(axis=(1, 2))
    away = np.abs(rows - g).sum(axis=1)
    if np.any(lucky != (apart[0] <= apart.min(), away[0] <= away.min())):
        return False
    if layer == "sigmoid":  # not the only one with the signs of g
        return bool(np.any(np.all(np.sign(rows[1:]) == np.sign(g), axis=1)))
    # Behind a softmax the others are given away by their sum, and clearly so.
    sums = [dx.sum() for name, dx in wrong.items() if name not in ADD_UP_TO_0]
    return min(map(abs, sums), default=1) >= drawing.APART


def _wrong_results(batch: drawing.Batch) -> dict[str, np.ndarray]:
    """Return what the wrong passes make of the samples, by what they get wrong."""
    layer = passes.LAYER[batch.layer]()
    at_T, g = batch.x / batch.T, batch.g
    layer.forward(at_T)
    known = {passes.mistake(wrong): wrong for wrong in passes.wrong_passes(batch.layer)}
    if batch.T == 1:
        known[passes.mistake(without_derivative)] = without_derivative
    wrong = {
        name: mistaken(layer, at_T, g) / batch.T
        for name, mistaken in (known | SLIPS_OF[batch.layer]).items()
    }
    if batch.T != 1:
        wrong[TWICE] /= batch.T  # the factor 1/T is in J
        wrong[drawing.NO_FACTOR] = batch.dx * batch.T
    return {name: _settled(dx, g) for name, dx in wrong.items()}


def _settled(dx: np.ndarray, g: np.ndarray) -> np.ndarray:
    """Settle results of shape (N, C) whose components may have added up all of their g."""
    terms = np.broadcast_to(g.T[:, :, np.newaxis], (g.shape[1], *g.shape))
    return settled(dx, terms) + 0.0  # no −0


def _ask(asked: Question) -> str:
    return "One of these came out of `backward`. Which one?"


def _reason(asked: Question, found: Results) -> str:
    largest = product(asked, found, largest_component(asked, found.dx))
    rule = "The components of a softmax gradient add up to 0; " if asked.layer == "softmax" else ""
    return f"{rule}{largest}. {of_the_others(asked.mistakes)}"


def _hint(asked: Question) -> str:
    if asked.layer == "sigmoid":
        return (
            "Each dxⱼ is gⱼ times a slope between 0 and ¼. So which signs can it have, and how "
            "large can it be?"
        )
    return (
        "The components add up to 0, and each one is positive where its g lies above the mean "
        "of g, weighted by s. Which rows pass both?"
    )


RESULT = Kind("result", "Right result", _draw, _ask, _reason, largest_component, _hint, factors)
