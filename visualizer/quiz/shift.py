"""Kind *shift*: c is added to g; to all of it at level 1, to a part of it from level 2 on."""

from collections.abc import Collection

import numpy as np

from nnfs import func_sigmoid
from visualizer.figures.numbers import number
from visualizer.quiz import drawing
from visualizer.quiz.question import (
    Kind,
    Question,
    Results,
    asked_input,
    largest_component,
    result_name,
    results,
    weighted_mean,
)
from visualizer.quiz.words import bracketed, divided, of_the_others, rule, short, subscript

SHIFTS = (-2.0, -1.0, 1.0, 2.0)
# By how much the options of one component differ.
GAP = 0.05
# How often all of g is shifted from level 2 on, which changes nothing behind a softmax.
ALL = 0.2
# How often any dxⱼ is asked about behind a sigmoid, and not one whose gⱼ changes.
AT_RANDOM = 0.6


def _draw(rng: np.random.Generator, level: int, layer: str) -> Question | None:
    c = float(rng.choice(SHIFTS))
    return (_of_all if level == 1 else _of_some)(rng, level, layer, c)


def _of_all(rng: np.random.Generator, level: int, layer: str, c: float) -> Question | None:
    """Ask what happens to all of dx: for a layer always the same, which is the lesson."""
    drawn = drawing.sample(rng, level, layer)
    y = results(*drawn).y
    dx, out = result_name(layer), "s" if layer == "softmax" else "y"
    changes = {
        f"{dx} stays as it is": 0 * y,
        f"Every {dx}ⱼ changes by c": c + 0 * y,
        f"Each {dx}ⱼ changes by c·{out}ⱼ": c * y,
        f"Each {dx}ⱼ changes by c·{out}ⱼ(1 − {out}ⱼ)": c * y * (1 - y),
    }
    if not drawing.apart(list(changes.values())):
        return None
    options = list(changes)
    options.insert(0, options.pop(0 if layer == "softmax" else 3))
    shown, right = drawing.shuffled(rng, options)
    moved = tuple(range(len(y)))
    return drawing.asked("shift", level, drawn, shown, right, c=c, moved=moved)


def _of_some(rng: np.random.Generator, level: int, layer: str, c: float) -> Question | None:
    """Ask by how much one dxⱼ changes when c is added to two or more components of g."""
    part = _part(rng, level + 2)
    j = _input(rng, layer, part)
    batch = drawing.samples(rng, level, layer, drawing.FEW)
    changes = drawing.batch_of(layer, batch.x, np.tile(c * part, (len(batch.x), 1)), batch.T)
    smaller, moved = drawing.smaller_rivals(rng), tuple(np.flatnonzero(part).tolist())
    if np.all(part) if layer == "softmax" else not part[j]:
        changes.dx[:, j] = 0  # but for rounding
        smaller = 0

    def attempt(m: int) -> Question | None:
        right, wrong = float(changes.dx[m, j]), WRONG_CHANGES[layer](batch.y[m], batch.T, part, j)
        wrong = {name: c * change + 0.0 for name, change in wrong.items()}
        found = drawing.rivals(rng, smaller, right, wrong, lambda rows: np.abs(rows[:, 0]), GAP)
        if found is None:
            return None
        options, place, mistakes = drawing.told_apart(rng, right, found, number)
        more = {"j": j, "c": c, "moved": moved, "mistakes": mistakes}
        return drawing.asked("shift", level, batch.sample(m), options, place, **more)

    return drawing.first_of(batch, attempt)


def _part(rng: np.random.Generator, count: int) -> np.ndarray:
    """Return 1 for two or more components that are shifted, and 0 for the others."""
    size = count if rng.random() < ALL else rng.integers(2, count)
    return rng.permutation(np.arange(count) < size).astype(float)


def _input(rng: np.random.Generator, layer: str, part: np.ndarray) -> int:
    """Choose the dxⱼ that is asked about."""
    if layer == "sigmoid" and rng.random() >= AT_RANDOM:
        return int(rng.choice(np.flatnonzero(part)))
    return int(rng.integers(len(part)))


def _wrong_behind_softmax(s: np.ndarray, T: float, part: np.ndarray, j: int) -> dict[str, float]:
    """Return by how much dxⱼ changes at c = 1 for those who are mistaken, by their mistake."""
    own, p, sj = float(part[j]), float(s @ part), float(s[j])
    change = sj * (own - p) / T
    wrong = {
        "passes the change on as it is": own,
        "keeps diag(s) of J only": sj * own / T,
        "keeps the diagonal of J only": sj * (1 - sj) * own / T,
        "forgets to weight by sⱼ": (own - p) / T,
        "takes the plain mean for the weighted one": sj * (own - float(part.mean())) / T,
        "has the sign reversed": -change,
        "divides by the number of inputs": change / len(s),
        "multiplies by the share that is shifted": sj * p / T,
    }
    return wrong if T == 1 else wrong | {drawing.NO_FACTOR: change * T}


def _wrong_behind_sigmoid(y: np.ndarray, T: float, part: np.ndarray, j: int) -> dict[str, float]:
    own, p, yj = float(part[j]), float(y @ part), float(y[j])
    slope = yj * (1 - yj)
    wrong = {
        "passes the change on as it is": own,
        "forgets the factor 1 − y": yj * own,
        "forgets the factor y": (1 - yj) * own,
        "couples the inputs, as a softmax does": yj * (own - p),
        "couples the inputs, and turns the sign": yj * (p - own),
        "applies the slope twice": slope**2 * own,
        "divides by the number of inputs": slope * own / len(y),
        "has the sign reversed": -slope * (own or 1),
        "takes the slope at y in place of x": _slope(yj) * own,
    }
    if own:
        return wrong | {"takes gⱼ for one that does not change": 0.0}
    return wrong | {"takes gⱼ for one that changes": slope}


def _slope(x: float) -> float:
    y = float(func_sigmoid(x))
    return y * (1 - y)


def _ask(asked: Question) -> str:
    if not asked.mistakes:
        return f"c = {short(asked.c)} is added to every gᵢ. What happens to {asked.dx}?"
    names = [f"g{subscript(i)}" for i in asked.moved]
    every = len(names) == len(asked.g)
    which = "every gᵢ" if every else f"{', '.join(names[:-1])} and {names[-1]}"
    return (
        f"c = {short(asked.c)} is added to {which}. By how much does "
        f"{asked.dx}{subscript(asked.j)} change?"
    )


def _reason(asked: Question, found: Results) -> str:
    why = _because_of_mean if asked.layer == "softmax" else _because_of_diagonal
    others = f" {of_the_others(asked.mistakes)}" if asked.mistakes else ""
    return why(asked, found.y) + others


def _because_of_mean(asked: Question, s: np.ndarray) -> str:
    if len(asked.moved) == len(s):
        mean = weighted_mean(s, asked.g)
        always = " So it is for every z, g and c." if asked.level == 1 else ""
        return (
            f"The s-weighted mean of g moves along, from {number(mean, 2)} to "
            f"{number(mean + asked.c, 2)}, so every gⱼ − mean stays, and dz with it: the columns "
            f"of J add up to 0.{always}"
        )
    j, i, moved = asked.j, subscript(asked.j), asked.c * float(s[list(asked.moved)].sum())
    own = asked.c if j in asked.moved else 0.0
    change = s[j] * (own - moved) / asked.T
    return (
        f"The s-weighted mean of g moves by c times the s of what is shifted, {number(moved)}; "
        f"g{i} itself by {short(own)}. So dz{i} changes by s{i}·({short(own)} − "
        f"{bracketed(number(moved))}){divided(asked, short(asked.T))} = {number(change)}."
    )


def _because_of_diagonal(asked: Question, y: np.ndarray) -> str:
    slopes = y * (1 - y)
    if asked.level == 1:
        changes = ", ".join(map(number, asked.c * slopes))
        return (
            f"dxⱼ = gⱼ·yⱼ(1 − yⱼ), and J is diagonal: c adds c·yⱼ(1 − yⱼ), here ({changes}). "
            "So it is for every x, g and c."
        )
    j, i = asked.j, subscript(asked.j)
    if j not in asked.moved:
        return f"J is diagonal: dx{i} depends on g{i} alone, and that does not change."
    return (
        f"J is diagonal: of all that changes, only g{i} counts for dx{i}, by c·y{i}(1 − y{i}) = "
        f"{bracketed(short(asked.c))}·{number(slopes[j])} = {number(asked.c * slopes[j])}."
    )


def _pointed(asked: Question, dx: np.ndarray) -> int:
    return (asked_input if asked.mistakes else largest_component)(asked, dx)


WRONG_CHANGES = {"softmax": _wrong_behind_softmax, "sigmoid": _wrong_behind_sigmoid}


def _hint(asked: Question) -> str:
    j = subscript(asked.j) if asked.mistakes else "ⱼ"
    if asked.layer == "sigmoid":
        return f"{rule(asked, j)}. Which components of g does dx{j} depend on, and how strongly?"
    return (
        f"{rule(asked, j)}, where the mean of g is weighted by s. By how much does this mean move, "
        f"and by how much g{j} itself?"
    )


def _speaks_of(asked: Question) -> Collection[str]:
    if asked.layer == "softmax":
        every = len(asked.moved) == len(asked.g)
        return ("g", "local", "jacobian", "dx") if every else ("g", "local")
    return ("local", "jacobian") if asked.j in asked.moved else ("jacobian",)


SHIFT = Kind("shift", "g shifted", _draw, _ask, _reason, _pointed, _hint, _speaks_of)
