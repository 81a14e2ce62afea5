"""Slopes and a softmax, each written in several ways, and where each way breaks off."""

import math
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np

from nnfs import (
    Exact,
    Sigmoid,
    Softmax,
    Tanh,
    error_in_ulps,
    exact_sigmoid_slope,
    first_float,
    func_sigmoid,
    func_softmax,
)
from visualizer.figures.window import Break, Sample

DTYPES: tuple[type[np.floating[Any]], ...] = (np.float16, np.float32, np.float64)

# How far x and the logits go: beyond exp(710) and exp(−746), where float64 ends.
FARTHEST = 1000.0

# How many numbers of a window are computed at least; at most it is twice as many.
LEAST_NUMBERS = 128


# What a student writes first. All other numbers come from nnfs.


def naive_sigmoid(x: np.ndarray) -> np.ndarray:
    """Return σ(x) as the slide has it: 1 + exp(−x) is 1 long before exp(−x) is 0."""
    return 1 / (1 + np.exp(-x))


def naive_slope(y: np.ndarray) -> np.ndarray:
    """Return y (1 − y) from the output alone: 1 − y has no digits but those that y has kept."""
    return y * (1 - y)


def naive_softmax(z: np.ndarray) -> np.ndarray:
    """Return the softmax of each row as the slide has it: exp overflows."""
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


def softmax_by_one_maximum(z: np.ndarray) -> np.ndarray:
    """Return it shifted by the maximum of the whole batch: that may be far above a row."""
    e = np.exp(z - z.max())
    return e / e.sum(axis=1, keepdims=True)


def naive_gradient(s: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Return ∂L/∂s = −t/s of a cross-entropy: s may be 0."""
    return -t / s


# What is subtracted from the logits before exp: nothing, one maximum for all, that of each row.
WAYS = (naive_softmax, softmax_by_one_maximum, func_softmax)


class Form(NamedTuple):
    """A slope that is written in two ways; each function takes x, shape (N,).

    Attributes:
        naive: returns y, 1 − y, and the slope that is made of them.
        factors: returns those of the stable way.
        parts: returns y and 1 − y with all digits.
        times: what the product of the factors is taken times: 4 σ′(2x) for tanh, σ′(x) else.
        called: y, 1 − y, the naive way and the stable one.
        formula: both, with their numbers.
    """

    naive: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]]
    factors: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
    parts: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
    times: int
    called: tuple[str, str, str, str]
    formula: str

    def stable(self, x: np.ndarray) -> np.ndarray:
        """Return the slope in the way that keeps its digits."""
        a, b = self.factors(x)
        return self.times * a * b

    def argument(self, x: np.ndarray) -> np.ndarray:
        """Return the number whose σ′ the slope is, but for a factor."""
        return x.astype(np.float64) * (2 if self.times == 4 else 1)

    def exact(self, x: np.ndarray) -> Exact:
        """Return the slope with 40 digits, at exactly these numbers."""
        high, low = exact_sigmoid_slope(self.argument(x))
        return Exact(self.times * high, self.times * low)

    def decade(self, x: float) -> float:
        """Return the logarithm of the slope to base 10, for axes: the slope may underflow."""
        size = abs(float(self.argument(np.array(x))))
        return (math.log(self.times) - size - 2 * math.log1p(math.exp(-size))) / math.log(10)


def _sigmoid(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    y = naive_sigmoid(x)
    return y, 1 - y, naive_slope(y)


def _tanh(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    y = np.tanh(x) ** 2
    return y, 1 - y, 1 - y


def _softmax(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    s = naive_softmax(_two_classes(x))[:, 0]
    return s, 1 - s, naive_slope(s)


def _two_classes(x: np.ndarray) -> np.ndarray:
    return np.stack([x, np.zeros_like(x)], axis=1)


def _both(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    s = func_softmax(_two_classes(x))
    return s[:, 0], s[:, 1]


def _sides(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return func_sigmoid(x), func_sigmoid(-x)


FORMS = {
    "sigmoid": Form(
        naive=_sigmoid,
        factors=_sides,
        parts=_sides,
        times=1,
        called=("σ", "1 − σ", "σ(1 − σ)", "σ(x)σ(−x)"),
        formula="σ ( 1 − σ ) = {y} · {rest} = {slope} ; σ(x) σ(−x) = {left} · {right} = {product}",
    ),
    "tanh": Form(
        naive=_tanh,
        factors=lambda x: _sides(2 * x),
        parts=lambda x: (np.tanh(x) ** 2, 4 * func_sigmoid(2 * x) * func_sigmoid(-2 * x)),
        times=4,
        called=("y²", "1 − y²", "1 − tanh²", "4σ(2x)σ(−2x)"),
        formula="1 − y² = 1 − {y} = {slope} ; 4 σ(2x) σ(−2x) = 4 · {left} · {right} = {product}",
    ),
    "softmax": Form(
        naive=_softmax,
        factors=_both,
        parts=_both,
        times=1,
        called=("s₀", "1 − s₀", "s₀(1 − s₀)", "s₀s₁"),
        formula="s₀ ( 1 − s₀ ) = {y} · {rest} = {slope} ; s₀ s₁ = {left} · {right} = {product}",
    ),
}


@cache
@np.errstate(all="ignore")
def breaks(layer: str) -> tuple[Break, ...]:
    """Return where both ways to write the slope of a layer break off, by search, on either side."""
    return tuple(
        found
        for i in range(len(DTYPES))
        for is_naive in (True, False)
        for side in (1, -1)
        for found in broken_off(FORMS[layer], i, side, is_naive)
    )


def broken_off(form: Form, precision: int, side: int, is_naive: bool) -> list[Break]:
    """Return from which x on, away from 0, a slope is exactly 0, and from which it is NaN."""
    dtype = DTYPES[precision]

    def slope(x: np.ndarray) -> np.ndarray:
        return form.naive(side * x)[2] if is_naive else form.stable(side * x)

    def gives(said: str, holds: Callable[[np.ndarray], np.ndarray]) -> list[Break]:
        x = first_float(holds, 0.0, FARTHEST, dtype)
        if x is None:
            return []
        before = slope(np.nextafter(np.array([x], dtype), dtype(0)))[0]
        return [Break(precision, side * x, said, is_naive, float(before))]

    none = gives("NaN", lambda x: np.isnan(slope(x)))
    lost = gives("0", lambda x: ~(slope(x) > 0))
    return [found for found in lost if found.x not in [other.x for other in none]] + none


def zeros(layer: str) -> list[float]:
    """Return from which x above 0 on the naive slope is exactly 0, in each precision."""
    return [b.x for b in breaks(layer) if b.is_naive and b.gives == "0" and b.x > 0]


@cache
@np.errstate(over="ignore")
def overflows() -> tuple[float, ...]:
    """Return from which number on exp is infinite in each precision, by search."""
    found = [first_float(lambda x: np.isinf(np.exp(x)), 0.0, FARTHEST, d) for d in DTYPES]
    return tuple(x for x in found if x is not None)


def one_hot(logits: np.ndarray, target: int) -> np.ndarray:
    """Return 1 for the target, of the shape and the dtype of the logits."""
    t = np.zeros_like(logits)
    t[:, target] = 1
    return t


def by_backward(layer: str, x: np.ndarray) -> np.ndarray:
    """Return the slope as `backward` of the layer in nnfs has it, from a gradient of ones."""
    if layer == "softmax":
        softmax = Softmax()
        return softmax.backward(one_hot(softmax.forward(_two_classes(x)), 0))[:, 0]
    passed = Sigmoid() if layer == "sigmoid" else Tanh()
    return passed.backward(np.ones_like(passed.forward(x)))


@cache
@np.errstate(all="ignore")
def backward_breaks(layer: str) -> tuple[tuple[float | None, float | None], ...]:
    """Return beyond which x, right and left, `backward` gives exactly 0 in each precision."""
    return tuple(
        (
            first_float(lambda x: by_backward(layer, x) == 0, 0.0, FARTHEST, dtype),
            first_float(lambda x: by_backward(layer, -x) == 0, 0.0, FARTHEST, dtype),
        )
        for dtype in DTYPES
    )


@lru_cache(maxsize=64)
@np.errstate(all="ignore")
def sampled_slopes(layer: str, left: float, right: float) -> tuple[Sample, ...]:
    """Return both ways to write a slope over a window, for each precision.

    It is kept: two figures show it, and the exact numbers take most of its time.
    """
    form = FORMS[layer]
    # On multiples of a power of two: every precision has them, and the next window many of them.
    step = 2.0 ** math.floor(math.log2((right - left) / LEAST_NUMBERS))
    inside = step * np.arange(math.ceil(left / step), math.floor(right / step) + 1)
    samples = []
    for i, dtype in enumerate(DTYPES):
        edges = np.array([b.x for b in breaks(layer) if b.precision == i], dtype)
        edges = np.concatenate([edges, np.nextafter(edges, dtype(0))])  # the last one before it
        edges = edges[(left < edges) & (edges < right)]
        x = np.unique(np.concatenate([[left, right], inside, edges]).astype(dtype))
        exact, naive, stable = form.exact(x), form.naive(x)[2], form.stable(x)
        errors = error_in_ulps(naive, exact), error_in_ulps(stable, exact)
        samples.append(Sample(x, naive, stable, *errors))
    return tuple(samples)
