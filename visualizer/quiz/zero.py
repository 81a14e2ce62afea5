"""Kind *zero*: which dxⱼ is 0, and behind a softmax from level 2 on, which gⱼ would make it so."""

from collections.abc import Collection

import numpy as np

from visualizer.figures.dust import settled
from visualizer.figures.numbers import number
from visualizer.quiz import drawing
from visualizer.quiz.question import Kind, Question, Results, factors, results
from visualizer.quiz.words import components, of_the_others, product, rule, subscript


def _draw(rng: np.random.Generator, level: int, layer: str) -> Question | None:
    draw = _which_gradient if layer == "softmax" and level > 1 else _which_component
    return draw(rng, level, layer, int(rng.integers(level + 2)))


def _which_component(rng: np.random.Generator, level: int, layer: str, j: int) -> Question | None:
    lucky = bool(drawing.lucky(rng, 1)[0])
    return drawing.patiently(lambda: _component_of_one(rng, level, layer, j, lucky), drawing.FEW)


def _component_of_one(
    rng: np.random.Generator, level: int, layer: str, j: int, lucky: bool
) -> Question | None:
    drawn = drawing.sample_with_zero(rng, level, layer, j)
    if drawn is None:
        return None
    away = np.abs(drawn.g - drawn.g.mean())
    if layer == "sigmoid" and lucky != (away[j] == away.min()):
        return None
    dx = results(*drawn).dx
    if dx[j] != 0 or np.abs(np.delete(dx, j)).min() < drawing.MARGIN:
        return None
    return drawing.asked("zero", level, drawn, components(layer, len(dx)), j)


def _which_gradient(rng: np.random.Generator, level: int, layer: str, j: int) -> Question | None:
    """Ask for the gⱼ that makes dxⱼ = 0: the mean of the others, weighted by s.

    A dxⱼ that is exactly 0 at numbers in steps of one half would be found by the plain mean: the
    powers of e are independent, so that g has to be balanced among logits that are the same.
    """
    smaller, lucky = drawing.smaller_rivals(rng), bool(drawing.lucky(rng, 1)[0])
    batch = drawing.samples(rng, level, layer, drawing.FEW)
    return drawing.first_of(
        batch, lambda m: _gradient_of_one(rng, batch.sample(m), batch.y[m], j, (smaller, lucky))
    )


def _gradient_of_one(
    rng: np.random.Generator, drawn: drawing.Sample, s: np.ndarray, j: int, wish: tuple[int, bool]
) -> Question | None:
    (smaller, lucky), g = wish, drawn.g
    right, wrong = _balances(s, g, j, drawn.T)
    found = drawing.rivals(rng, smaller, right, wrong, lambda rows: rows[:, 0])
    if found is None or abs(right - g[j]) < drawing.APART:
        return None
    values = (right, *found.values())
    # Else the right one is the one that is no round number.
    if sum(2 * value == round(2 * value) for value in found.values()) > 1:
        return None
    away = np.abs(np.array(values) - np.delete(g, j)[np.delete(drawn.x, j).argmax()])
    if lucky != (away[0] == away.min()):
        return None
    options, place, mistakes = drawing.told_apart(rng, right, found, number)
    return drawing.asked("zero", len(g) - 2, drawn, options, place, j=j, mistakes=mistakes)


def _balances(s: np.ndarray, g: np.ndarray, j: int, T: float) -> tuple[float, dict[str, float]]:
    """Return the gⱼ that makes dxⱼ = 0, and what others take for it, by what they get wrong."""
    right = _mean_of_others(s, g, j)
    wrong = {
        "is the mean with gⱼ as it stands, which moves along with gⱼ": s @ g,
        "counts all the others alike": _mean_of_others(np.ones(len(g)), g, j),
        "forgets to divide by 1 − sⱼ": s @ g - s[j] * g[j],
        "has the sign reversed": -right,
        "weights by e to the −z": _mean_of_others(1 / s, g, j),
        "is what a sigmoid would need": 0.0,
    }
    if T != 1:
        wrong["forgets the temperature in s"] = _mean_of_others(s**T, g, j)
    added = np.outer(g, np.ones(len(wrong) + 1))  # each of them adds up g
    right, *rest = settled(np.array([right, *wrong.values()]), added).tolist()
    return right, dict(zip(wrong, rest, strict=True))


def _mean_of_others(weights: np.ndarray, g: np.ndarray, j: int) -> float:
    others = np.arange(len(g)) != j
    return float(weights[others] @ g[others] / weights[others].sum())


def _ask(asked: Question) -> str:
    if not asked.mistakes:
        return f"Exactly one component of {asked.dx} is 0. Which one?"
    i = subscript(asked.j)
    return f"To which value must g{i} alone move, so that dz{i} is 0?"


def _reason(asked: Question, found: Results) -> str:
    if asked.mistakes:
        return _reason_of_gradient(asked, found)
    j = asked.right
    if asked.layer == "sigmoid":
        return (
            f"{product(asked, found, j)}. The slope of a sigmoid is never 0, not even at x = 0, "
            "where it is largest; so only g can make a 0."
        )
    trail = ""
    if (others := [i for i, g in enumerate(asked.g) if g == 0 and i != j]) and found.dx[others[0]]:
        trail = f" g{subscript(others[0])} = 0 makes no 0: it lies away from the mean."
    return (
        f"{product(asked, found, j)}: g{subscript(j)} is the s-weighted mean of g. The others are "
        f"equally likely, and stand as far above it as below.{trail}"
    )


def _reason_of_gradient(asked: Question, found: Results) -> str:
    j, i, s = asked.j, subscript(asked.j), found.y
    mean, _ = _balances(s, np.array(asked.g), j, asked.T)
    return (
        f"dz{i} = 0 where g{i} is the s-weighted mean of g, and so that of the others: "
        f"(Σ sᵢgᵢ without i = {j}) / (1 − s{i}) = {number(mean * (1 - s[j]), 4)} / "
        f"{number(1 - s[j], 4)} = {number(mean)}. {of_the_others(asked.mistakes)}"
    )


def _pointed(asked: Question, dx: np.ndarray) -> int:
    return asked.j if asked.mistakes else asked.right


def _hint(asked: Question) -> str:
    i = subscript(asked.j)
    if asked.mistakes:
        return (
            f"{rule(asked, i)} is 0 where g{i} equals the mean of g weighted by s. That mean "
            f"has g{i} in it: what do the others alone come to?"
        )
    if asked.layer == "sigmoid":
        return f"{rule(asked, 'ⱼ')}. Which of these factors can be 0, and where?"
    return (
        f"{rule(asked, 'ⱼ')}, and no sⱼ is 0. So find the mean of g, weighted by s: equal logits "
        "have equal weights."
    )


def _speaks_of(asked: Question) -> Collection[str]:
    return ("g", "local") if asked.mistakes else factors(asked)


ZERO = Kind("zero", "Which is 0", _draw, _ask, _reason, _pointed, _hint, _speaks_of)
