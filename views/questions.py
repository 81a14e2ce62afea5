"""Questions about a backward pass: drawn from a seed, each with one right answer, clear of ties."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from figures import number
from nnfs import BaseLayer, Sequential, Sigmoid, Softmax, Temperature
from nnfs.wrong_passes import (
    WrongPass,
    elementwise,
    input_for_output,
    without_coupling,
    without_derivative,
)
from views import passes

KINDS = ("sign", "zero", "largest", "shift", "wrong", "result", "order")
LAYERS = ("softmax", "sigmoid")
ANY = "any"

# What has to differ, differs by this much, and what is compared, by this factor.
MARGIN, RATIO = 0.03, 1.3
# Whole results that stand beside each other differ by this much in some component.
APART = 0.1


@dataclass(frozen=True)
class Question:
    """A question, with all that decides it.

    Attributes:
        kind: one of KINDS.
        layer: one of LAYERS.
        x: inputs of the layer: the logits z of a softmax, the x of a sigmoid.
        g: upstream gradient.
        T: temperature of the softmax.
        j: the input that is asked about, where it is one.
        c: what is added to every component of g, where that is the question.
        options: the answers to choose from.
        right: the index of the right one.
        mistakes: what each option gets wrong, where they are backward passes or their results.
    """

    kind: str
    layer: str
    x: tuple[float, ...]
    g: tuple[float, ...]
    T: float
    j: int = 0
    c: float = 0.0
    options: tuple[str, ...] = ()
    right: int = 0
    mistakes: tuple[str, ...] = ()


class Results(NamedTuple):
    """What a layer makes of the numbers of a question: output and ∂L/∂x, each of shape (C,)."""

    y: np.ndarray
    dx: np.ndarray


class Drawn(NamedTuple):
    """The numbers of a question to be: layer, inputs, upstream gradient, temperature."""

    layer: str
    x: np.ndarray
    g: np.ndarray
    T: float


def results(layer: str, x: Sequence[float], g: Sequence[float], T: float) -> Results:
    """Run the layer of nnfs forward and backward."""
    model = Sequential(Temperature(T), Softmax()) if layer == "softmax" else Sigmoid()
    y = model.forward(np.array([x], dtype=float))
    return Results(y[0], model.backward(np.array([g], dtype=float))[0])


@lru_cache(maxsize=1024)
def question(seed: int, level: int, n: int, kind: str = ANY, layer: str = ANY) -> Question:
    """Return the question of a seed, always the same.

    Args:
        seed: any whole number.
        level: 1 to 3: more classes, then mixed gradients, then temperatures.
        n: the number of the question, from 1.
        kind: one of KINDS, or ANY: each once in every row of as many as there are.
        layer: one of LAYERS, or ANY.
    """
    if kind == ANY:
        block, place = divmod(n - 1, len(KINDS))
        kind = KINDS[np.random.default_rng([seed, level, block]).permutation(len(KINDS))[place]]
    if layer == ANY:
        layer = LAYERS[np.random.default_rng([seed, level, n]).integers(len(LAYERS))]
    rng = np.random.default_rng([seed, level, n, KINDS.index(kind), LAYERS.index(layer)])
    asked = None
    while asked is None:  # one draw in three is clear, one in eight where it is hardest
        asked = _DRAW[kind](rng, level, layer)
    return asked


def subscript(j: int) -> str:
    """Return "₀" for 0."""
    return chr(ord("₀") + j)


def _numbers(rng: np.random.Generator, level: int, layer: str) -> Drawn:
    """Draw numbers in steps of one half: at level 1 a one-hot g, or for a sigmoid ±1."""
    count = level + 2
    if layer == "softmax":
        x = rng.integers(-6, 7, count) / 2
    else:  # all different, so that each has its own place on the curve
        x = rng.permutation(np.arange(-6, 7))[:count] / 2
    if level > 1:
        g = rng.integers(-4, 5, count) / 2
    elif layer == "softmax":
        g = np.eye(count)[rng.integers(count)]
    else:
        g = rng.choice([-1.0, 1.0], count)
    return Drawn(layer, x, g, float(rng.choice([0.5, 2.0])) if _warm(level, layer) else 1.0)


def _warm(level: int, layer: str) -> bool:
    return level == 3 and layer == "softmax"


def _with_zero(rng: np.random.Generator, level: int, layer: str) -> tuple[Drawn, int]:
    """Draw numbers where dxⱼ = 0 for one j; return j too.

    Behind a sigmoid that takes gⱼ = 0; a 0 in x is a false trail. Behind a softmax gⱼ has to be
    the mean of g: the others are equally likely, and stand as far above gⱼ as below it. There a 0
    in g is the false trail.
    """
    drawn = _numbers(rng, level, layer)
    x, g, count = drawn.x, drawn.g, len(drawn.x)
    j = int(rng.integers(count))
    others = np.arange(count) != j
    if layer == "sigmoid":
        g = np.where(others, g, 0.0)
        x[j - 1] = x[j - 1] if 0 in x else 0.0
    else:
        x = np.full(count, rng.integers(-3, 4) / 2)
        x[j] += rng.choice([-1.5, -1.0, -0.5, 0.5, 1.0, 1.5])
        around = rng.integers(-3, 4, count) / 2
        around[j] = 0
        around[j - 1] -= around.sum()
        g = rng.choice([-1.0, -0.5, 0.5, 1.0]) + around
    return drawn._replace(x=x, g=g), j


def _sign(rng: np.random.Generator, level: int, layer: str) -> Question | None:
    wanted = rng.choice([-1, -1, 0, 1, 1])  # most draws of a 0 are clear, half of the others
    if wanted:
        drawn = _numbers(rng, level, layer)
        j = int(rng.integers(len(drawn.x)))
    else:
        drawn, j = _with_zero(rng, level, layer)
    dx = results(*drawn).dx
    if np.sign(dx[j]) != wanted or (wanted and abs(dx[j]) < MARGIN) or max(abs(drawn.g)) > 3:
        return None
    return _asked("sign", drawn, ("Positive", "Zero", "Negative"), 1 - int(wanted), j=j)


def _zero(rng: np.random.Generator, level: int, layer: str) -> Question | None:
    drawn, j = _with_zero(rng, level, layer)
    dx = results(*drawn).dx
    # Exactly 0 also in float64, so that the picture shows no 1e-17.
    if dx[j] != 0 or np.abs(np.delete(dx, j)).min() < MARGIN or max(abs(drawn.g)) > 3:
        return None
    return _asked("zero", drawn, _components(len(dx)), j)


def _largest(rng: np.random.Generator, level: int, layer: str) -> Question | None:
    drawn = _numbers(rng, level, layer)
    size = np.abs(results(*drawn).dx)
    order = np.argsort(-size)
    if not _falls_clearly(size[order[:2]]):
        return None
    return _asked("largest", drawn, _components(len(size)), int(order[0]))


def _order(rng: np.random.Generator, level: int, layer: str) -> Question | None:
    drawn = _numbers(rng, min(level, 2), layer)  # five are too many to put in order by head
    size = np.abs(results(*drawn).dx)
    order = np.argsort(-size)
    if not _falls_clearly(size[order]):
        return None
    pairs = [(a, b) for b in range(len(order)) for a in range(b)]
    wrong = [_swapped(order, *pairs[i]) for i in rng.permutation(len(pairs))[:3]]
    names = [" > ".join(f"|dx{subscript(j)}|" for j in row) for row in (order, *wrong)]
    return _asked("order", drawn, *_shuffled(rng, names))


def _shift(rng: np.random.Generator, level: int, layer: str) -> Question | None:
    drawn = _numbers(rng, level, layer)
    c = float(rng.choice([-2.0, -1.0, 1.0, 2.0]))
    y = results(*drawn).y
    changes = {
        "dx stays as it is": 0 * y,
        "Every dxⱼ changes by c": c + 0 * y,
        "Each dxⱼ changes by c·yⱼ": c * y,
        "Each dxⱼ changes by c·yⱼ(1 − yⱼ)": c * y * (1 - y),
    }
    if not _apart(list(changes.values())):
        return None
    options = list(changes)
    options.insert(0, options.pop(0 if layer == "softmax" else 3))
    return _asked("shift", drawn, *_shuffled(rng, options), c=c)


def _result(rng: np.random.Generator, level: int, layer: str) -> Question | None:
    drawn = _numbers(rng, level, layer)
    right, wrong = results(*drawn).dx, _wrong_results(drawn)
    wrong = {name: wrong[name] for name in rng.permutation(list(wrong))[:3].tolist()}
    # Behind a softmax every false result is given away by its sum, but for a factor 1/T.
    sums = [dx.sum() for name, dx in wrong.items() if layer == "softmax" and name != NO_FACTOR]
    if not _apart([right, *wrong.values()]) or min(map(abs, sums), default=1) < APART:
        return None
    texts = [", ".join(map(number, dx)) for dx in (right, *wrong.values())]
    options, place = _shuffled(rng, texts)
    said = dict(zip(texts, ("", *wrong), strict=True))
    return _asked("result", drawn, options, place, mistakes=tuple(said[text] for text in options))


def _wrong(rng: np.random.Generator, level: int, layer: str) -> Question | None:
    """Three ways to write the right pass, and one that is not: at T = 1, where s is the output."""
    drawn = _numbers(rng, level, layer)._replace(T=1.0)
    y, dx = results(*drawn)
    formula = str(rng.choice(list(passes.WRONG[layer])))
    mistaken, mistake = passes.WRONG[layer][formula]
    if not _apart([dx, mistaken(drawn.x, y, drawn.g)]):
        return None
    right = rng.permutation(list(passes.RIGHT[layer]))[:3].tolist()
    options, place = _shuffled(rng, [formula, *right])
    said = tuple(mistake if option == formula else "" for option in options)
    return _asked("wrong", drawn, options, place, mistakes=said)


def _wrong_results(drawn: Drawn) -> dict[str, np.ndarray]:
    """Return what the wrong passes make of the numbers, by what they get wrong."""
    layer: BaseLayer = Softmax() if drawn.layer == "softmax" else Sigmoid()
    at_T, g = drawn.x[None] / drawn.T, drawn.g[None]
    layer.forward(at_T)
    wrong = {
        name: mistake(layer, at_T, g)[0] / drawn.T
        for name, mistake in _MISTAKES[drawn.layer].items()
        if drawn.T == 1 or mistake is not without_derivative
    }
    return wrong if drawn.T == 1 else wrong | {NO_FACTOR: results(*drawn).dx * drawn.T}


NO_FACTOR = "forgets the factor 1/T"
_MISTAKES: dict[str, dict[str, WrongPass]] = {
    "softmax": {
        "passes g on unchanged": without_derivative,
        "puts z where s belongs": input_for_output,
        "keeps diag(s) of J only": without_coupling,
        "keeps the diagonal of J only": elementwise,
    },
    "sigmoid": {
        "passes g on unchanged": without_derivative,
        "puts x where y belongs": input_for_output,
        "forgets the factor 1 − y": without_coupling,
    },
}
_DRAW: dict[str, Callable[[np.random.Generator, int, str], Question | None]] = {
    "sign": _sign,
    "zero": _zero,
    "largest": _largest,
    "shift": _shift,
    "wrong": _wrong,
    "result": _result,
    "order": _order,
}


def _asked(kind: str, drawn: Drawn, options: Sequence[str], right: int, **more) -> Question:
    x, g = ((values + 0.0).tolist() for values in (drawn.x, drawn.g))  # + 0.0: no −0
    numbers = {"layer": drawn.layer, "x": tuple(x), "g": tuple(g), "T": drawn.T}
    return Question(kind, **numbers, options=tuple(options), right=right, **more)


def _components(count: int) -> list[str]:
    return [f"dx{subscript(j)}" for j in range(count)]


def _falls_clearly(sizes: np.ndarray) -> bool:
    """Tell whether each size is above the next by the factor and by the margin."""
    return bool(np.all(sizes[:-1] >= np.maximum(RATIO * sizes[1:], sizes[1:] + MARGIN)))


def _apart(vectors: list[np.ndarray]) -> bool:
    """Tell whether any two vectors differ clearly in some component."""
    return all(np.abs(a - b).max() >= APART for i, a in enumerate(vectors) for b in vectors[:i])


def _swapped(order: np.ndarray, a: int, b: int) -> np.ndarray:
    other = order.copy()
    other[[a, b]] = other[[b, a]]
    return other


def _shuffled(rng: np.random.Generator, options: Sequence[str]) -> tuple[list[str], int]:
    """Return the options in any order, and where the first of them has come to stand."""
    order = rng.permutation(len(options)).tolist()
    return [options[i] for i in order], order.index(0)
