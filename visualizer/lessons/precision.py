"""The Precision page: one formula written in two ways, in float16, float32 and float64."""

import inspect
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np

from nnfs import (
    Exact,
    Sigmoid,
    Softmax,
    Tanh,
    cross_entropy,
    cross_entropy_from_logits,
    error_in_ulps,
    exact_sigmoid_slope,
    first_float,
    func_sigmoid,
    func_softmax,
)
from visualizer.exchange.programs import Export
from visualizer.figures import NARROW_COLUMN, Axis, Figure, Formula, number, palette
from visualizer.figures.cells import Cells, plainly
from visualizer.figures.logits import GapCurves, OverflowBars
from visualizer.figures.window import (
    COLORS,
    NAMES,
    Break,
    ErrorCurves,
    FallingCurves,
    Sample,
    Window,
)
from visualizer.lessons.lesson import Choice, Controls, Lesson, Preset, Values
from visualizer.scenario import BaseScenario, Rows, choice, index_of, rows, tab
from visualizer.scenario import number as number_field

DTYPES: tuple[type[np.floating[Any]], ...] = (np.float16, np.float32, np.float64)

# How far x and the logits go: beyond exp(710) and exp(−746), where float64 ends.
FARTHEST = 1000.0

# How many numbers of a window are computed at least; at most it is twice as many.
LEAST_NUMBERS = 128

# How far a target may lie behind: evenly on a logarithmic axis.
GAPS = tuple(float(f"{gap:.4g}") for gap in np.geomspace(1, FARTHEST, 73))


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


@dataclass(frozen=True)
class Scenario(BaseScenario):
    """What the Precision page shows.

    Attributes:
        layer: whose slope is written in two ways.
        x: the range in which it is shown, by its ends.
        at: the probe, in the range: where the numbers are shown.
        p: the precision of the formula.
        z: logits of a softmax, one row per sample.
        n: the sample in view.
        j: the class in view.
        tab: the one that is open below the figures.
    """

    ALWAYS = ("layer", "x")

    layer: str = choice("sigmoid", "tanh", "softmax", called="Layer")
    x: Rows = rows(
        "-40,40", least=2, most=2, low=-FARTHEST, high=FARTHEST, single=True, rising=True
    )
    at: float = number_field(20.0, -FARTHEST, FARTHEST, within="x", called="Probe")
    p: str = choice("float32", "float16", "float64", called="Precision")
    z: Rows = rows("100,0", least=2, most=32, low=-FARTHEST, high=FARTHEST)
    n: int = index_of("z", row=True)
    j: int = index_of("z")
    tab: str = tab(
        {
            "found": "Where each breaks off",
            "softmax": "Which maximum",
            "loss": "−t/s and s − t",
            "numbers": "Numbers",
            "code": "Code",
        }
    )

    @property
    def row(self) -> int:
        """The sample in view."""
        return self.n


@np.errstate(all="ignore")
def compute(scenario: Scenario) -> Values:
    """Compute the numbers at the probe, and those of the softmax, in all precisions.

    Returns:
        x: the ends of the range; depth: the least and the greatest slope in it, in decades.
        cells: y, 1 − y, and the slope both ways: a row for each precision, and the true one, shape
            (4, 4). lost: which of them are wrong.
        points, naive_error, stable_error: the naive slope, and errors in units in the last place,
            shape (3,). naive, stable: both slopes in float64; zero: where the naive one is 0.
        y, rest, slope, left, right, product: those of the formula, in its precision.
        z: shape (C,). s, kept, dz: sⱼ, gⱼ − Σ s g and its product with sⱼ, for g = eⱼ, for each
            precision and each of WAYS, shape (3, 3). no_s, no_dz: which are wrong. probability,
            gradient: those of float64.
        two_step, fused: ∂L/∂z of the target over GAPS, by −t/s and as s − t, shape (3, D) and (D,).
            crosses: from which gap on a naive −t/s gives NaN, shape (3,). gap: that of z; now,
            two_step_now, fused_now: the gradients there, for each precision and in float64.
        y_form, rest_form, naive_form, stable_form, truth, probe, zero_from: what
            stands in titles.
    """
    z, n, j = scenario.z, scenario.n, scenario.j
    return {
        **at_probe(scenario.layer, scenario.x[0], scenario.at, scenario.p),
        **of_softmax(z, n, j),
        **of_loss(z[n]),
    }


# A drag moves what one of these three returns: that of the others is kept, and nobody changes it.
remembered = lru_cache(maxsize=64)


@remembered
def at_probe(layer: str, ends: Sequence[float], probe: float, precision: str) -> dict[str, Any]:
    """Return the numbers at the probe, and how deep the slope falls between the ends."""
    form, at = FORMS[layer], np.array([probe])
    cells, errors, factors = np.empty((4, 4)), np.empty((2, 3)), []
    for i, dtype in enumerate(DTYPES):
        x = at.astype(dtype)
        exact, stable = form.exact(x), form.stable(x)
        *parts, naive = form.naive(x)
        cells[i] = np.concatenate([*parts, naive, stable])
        errors[:, i] = [error_in_ulps(slope, exact)[0] for slope in (naive, stable)]
        factors.append([float(factor[0]) for factor in form.factors(x)])
    truth = float(form.exact(at).high[0])
    cells[3] = [*(part[0] for part in form.parts(at)), truth, truth]
    p = NAMES.index(precision)
    y, rest, slope, product = cells[p].tolist()
    low, high = ends
    sizes = abs(low), abs(high), 0.0 if low <= 0 <= high else min(abs(low), abs(high))
    depths = [form.decade(size) for size in sizes]
    called = zip(("y_form", "rest_form", "naive_form", "stable_form"), form.called, strict=True)
    return {
        **{"x": np.array([low, high]), "depth": np.array([min(depths), max(depths)])},
        **{"cells": cells, "lost": wrong(cells), "points": cells[:3, 2]},
        **{"naive_error": errors[0], "stable_error": errors[1]},
        **{"naive": cells[2, 2], "stable": cells[2, 3], "zero": (cells[:3, 2] == 0).astype(float)},
        **{"y": y, "rest": rest, "slope": slope, "product": product},
        **{"left": factors[p][0], "right": factors[p][1]},
        **dict(called),
        **{"truth": plainly(truth), "probe": f"{probe:g}".replace("-", "−")},
        "zero_from": ", ".join(number(x, 2) for x in zeros(layer)),
    }


def wrong(cells: np.ndarray) -> np.ndarray:
    """Return which numbers are more than a tenth off, and more than a unit in the last place.

    Args:
        cells: a row for each precision, and below them what is true, shape (4, K).
    """
    found, true = cells[:3], cells[3]
    units = np.array([np.spacing(true.astype(dtype)).astype(float) for dtype in DTYPES])
    is_wrong = ~(np.abs(found - true) <= np.maximum(0.1 * np.abs(true), units))
    return np.vstack([is_wrong, np.zeros_like(true, bool)])


@remembered
def of_softmax(batch: Rows, n: int, j: int) -> dict[str, Any]:
    """Return the probability of class j and its gradient, for each precision and each way."""
    z = np.array(batch)
    s, left, dz = np.empty((3, 3, 3))
    for i, dtype in enumerate(DTYPES):
        logits = z.astype(dtype)
        g = np.zeros_like(logits)
        g[:, j] = 1
        for k, way in enumerate(WAYS):
            layer = Softmax()
            layer.forward(logits)
            layer.output = way(logits)  # of which `backward` makes what it always does
            s[i, k], dz[i, k] = layer.output[n, j], layer.backward(g)[n, j]
            left[i, k] = g[n, j] - (layer.output[n] * g[n]).sum()
    return {
        **{"z": z[n], "s": s, "kept": left, "dz": dz},
        **{"no_s": beside_stable(s), "no_dz": beside_stable(dz)},
        **{"probability": s[2], "gradient": dz[2], "broken": np.isnan(s).astype(float)},
    }


def beside_stable(found: np.ndarray) -> np.ndarray:
    """Return which numbers are not those of the last way, but for rounding in float16."""
    return ~(np.abs(found - found[:, 2:]) <= 1e-2)


@remembered
def of_loss(logits_in_view: Sequence[float]) -> dict[str, Any]:
    """Return ∂L/∂z of the lowest logit, as the target, over how far it lies behind."""
    row = np.array(logits_in_view)
    target = int(row.argmin())
    highest = float(np.delete(row, target).max())
    gap = highest - row[target]
    logits = behind(row, target, np.array([*GAPS, gap]))
    two_step, crosses = np.empty((3, len(logits))), np.empty(3)
    for i, dtype in enumerate(DTYPES):
        two_step[i] = through_softmax(logits.astype(dtype), target, nnfs_gradient)
        crosses[i] = first_nan(row, target, dtype)
    fused = cross_entropy_from_logits(logits, one_hot(logits, target)).gradient[:, target]
    return {
        **{"two_step": two_step[:, :-1], "fused": fused[:-1], "crosses": crosses},
        **{"gap": gap, "now": two_step[:, -1], "target": target},
        **{"two_step_now": two_step[2, -1], "fused_now": fused[-1]},
    }


def behind(row: np.ndarray, target: int, gaps: np.ndarray) -> np.ndarray:
    """Return the row once for each gap, its target so far below the highest of the others."""
    logits = np.tile(row, (len(gaps), 1))
    logits[:, target] = np.delete(row, target).max() - gaps
    return logits


def one_hot(logits: np.ndarray, target: int) -> np.ndarray:
    """Return 1 for the target, of the shape and the dtype of the logits."""
    t = np.zeros_like(logits)
    t[:, target] = 1
    return t


def nnfs_gradient(s: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Return −t/s as nnfs has it: s counts as the smallest normal number where it is below that."""
    return cross_entropy(s, t).gradient


def through_softmax(
    logits: np.ndarray, target: int, gradient: Callable[[np.ndarray, np.ndarray], np.ndarray]
) -> np.ndarray:
    """Return ∂L/∂z of the target in two steps: that of the loss, and back through softmax."""
    layer = Softmax()
    s = layer.forward(logits)
    return layer.backward(gradient(s, one_hot(logits, target)))[:, target]


def first_nan(row: np.ndarray, target: int, dtype: type[np.floating[Any]]) -> float:
    """Return the gap from which on a naive −t/s gives NaN, by search: at the last one, s is 0.

    It is found among GAPS, and then between two of them.
    """
    gaps = np.array(GAPS)
    for _ in range(2):
        logits = behind(row, target, gaps).astype(dtype)
        k = int(np.isnan(through_softmax(logits, target, naive_gradient)).argmax())
        found = float(gaps[k])
        gaps = np.linspace(gaps[max(k - 1, 0)], gaps[k], len(GAPS))
    return found


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


@np.errstate(all="ignore")
def probabilities(scenario: Scenario) -> dict[str, list[float]]:
    """Return the softmax of the sample in view by each precision and each of WAYS."""
    batch = np.array(scenario.z)
    return {
        f"{name}, {what}": way(batch.astype(dtype))[scenario.n].tolist()
        for name, dtype in zip(NAMES, DTYPES, strict=True)
        for what, way in zip(("exp(z)", "less the maximum of all", "of the row"), WAYS, strict=True)
    }


@np.errstate(all="ignore")
def gradients(scenario: Scenario) -> dict[str, list[float]]:
    """Return of the target: s, −t/s, and ∂L/∂z by that, by the one of nnfs, and as s − t."""
    row = np.array([scenario.z[scenario.n]])
    target = int(row.argmin())
    found = {}
    for name, dtype in zip(NAMES, DTYPES, strict=True):
        z = row.astype(dtype)
        s, t = func_softmax(z), one_hot(z, target)
        by_two = [through_softmax(z, target, by)[0] for by in (naive_gradient, nnfs_gradient)]
        numbers = [s[0, target], naive_gradient(s, t)[0, target], *by_two]
        fused = cross_entropy_from_logits(z, t).gradient[0, target]
        found[name] = [float(number) for number in (*numbers, fused)]
    return found


def sampled(scenario: Scenario, left: float, right: float) -> Sequence[Sample]:
    """Return both ways to write the slope over a window, for each precision."""
    return _sampled(scenario.layer, left, right)


@remembered
@np.errstate(all="ignore")
def _sampled(layer: str, left: float, right: float) -> tuple[Sample, ...]:
    """The same, kept: two figures show it, and the exact numbers take most of its time."""
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


def around_break(precision: int) -> Preset:
    """Return the preset that shows where the naive way of a precision breaks off."""

    def preset(scenario: Scenario) -> Sequence[float]:
        x = zeros(scenario.layer)[precision]
        return [float(f"{share * x:.2g}") for share in (0.7, 1.2)]

    return preset


def zoomed(factor: float) -> Preset:
    """Return the preset that makes the range so many times as wide, around the probe."""

    def preset(scenario: Scenario) -> Sequence[float]:
        at = scenario.at
        ends = [float(f"{at + factor * (end - at):.6g}") for end in scenario.x[0]]
        return [max(-FARTHEST, min(FARTHEST, end)) for end in ends]

    return preset


RANGES: dict[str, Preset] = {
    "Zoom in: half as wide, around the probe": zoomed(0.5),
    "Zoom out: twice as wide": zoomed(2),
    "Where float16 breaks off": around_break(0),
    "Where float32 breaks off": around_break(1),
    "Where float64 breaks off": around_break(2),
    "As far as float64 goes": lambda scenario: [-760.0, 760.0],
}


def leader(size: float) -> Preset:
    """Return the preset in which one logit has grown to a size."""
    return lambda scenario: [size, *(1.0 * (i == 1) for i in range(1, len(scenario.z[0])))]


LOGITS: dict[str, Preset] = {
    "Nothing overflows: 10, 1, 0": leader(10),
    "exp overflows float16: 12, 1, 0": leader(12),
    "exp overflows float32: 90, 1, 0": leader(90),
    "exp overflows float64: 710, 1, 0": leader(710),
}

X = Window("x", room=1.3, least=1e-6, most=1.25 * FARTHEST)
# Deeper than the window is wide: its end is shown too.
DEPTH = Window("depth", room=1.5, least=0.2, most=600.0)
Z = Axis("z", least=1.0, room=1.25, sides=0.4, most=FARTHEST)

SHORT_NAMES = ("f16", "f32", "f64")


def by_way(name: str, title: str, called: str, of: str, **more: Any) -> Cells:
    """Return the table of one number in each precision, by what is subtracted from z."""
    return Cells(
        name,
        f"{called}<sub>{{j}}</sub>: {title}",
        short=f"{called}<sub>{{j}}</sub>, minus max of",
        of=of,
        called_as=(f"{called}{{j}}",) * len(WAYS),
        rows=NAMES,
        short_rows=SHORT_NAMES,
        colors=COLORS,
        columns=("nothing", "batch", "row"),
        short_columns=("none", "batch", "row"),
        moves_with=("z",),
        column=NARROW_COLUMN,
        **more,
    )


# A table: what a figure shows, how it looks, and what a hand does on it.
# fmt: off
FIGURES: tuple[Figure, ...] = (
    by_way("backward", "what backward returns", "dz", of="dz", wrong="no_dz",
           color=palette.RESULT, made_of=("s:{i},{j}", "kept:{i},{j}")),
    by_way("softmax", "z minus the max of…", "s", of="s", wrong="no_s", color=palette.OUTPUT),
    Cells("table", "At x = {probe} the slope is {truth}", short="At x = {probe}", of="cells",
          wrong="lost", rows=(*NAMES, "exact"), short_rows=(*SHORT_NAMES, "true"),
          colors=(*COLORS, ""),
          columns=("{y_form}", "{rest_form}", "{naive_form}", "{stable_form}"),
          short_columns=("y", "1 − y", "naive", "stable"),
          called_as=("{y_form}", "({rest_form})", "{naive_form}", "{stable_form}"),
          moves_with=("at", "x")),
    OverflowBars("z", "Logits z: let one grow", short="Logits z", color=palette.LOGITS, axis=Z,
                 overflows=overflows(), drag="z", select="j", moves_with=("z",),
                 column=NARROW_COLUMN),
    FallingCurves("slope", "{naive_form} breaks off at the marks", short="0 from {zero_from}",
                  of="points", window=X, axis=DEPTH, sampled=sampled,
                  breaks=lambda scenario: breaks(scenario.layer), drag="at", symbol="x",
                  hint=": drag the probe", moves_with=("at", "x"),
                  made_of=("cells:{i},0", "cells:{i},1"), together=("cells:{i},2",)),
    ErrorCurves("error", "Error in last places (ulp): drag the range",
                short="Error in last places", against="against 40 decimal digits", window=X, axis=X,
                sampled=sampled, drag="x", moves_with=("at", "x")),
    GapCurves("loss", "−t/s loses what s − t keeps", short="−t/s loses, s − t keeps",
              across="target behind by", of="two_step", gaps=GAPS, right="fused",
              crosses="crosses", gap="gap", now="now", moves_with=("z",), column=NARROW_COLUMN),
    Formula("formula", "Both ways at the probe", symbols={}, moves_with=("at", "x"),
            text=lambda scenario: f"{scenario.p} : {FORMS[scenario.layer].formula}"),
)
# fmt: on

NAIVE = (naive_sigmoid, naive_slope, naive_softmax, softmax_by_one_maximum, naive_gradient)
# What the page shows is what the program runs.
NAIVE_CODE = "\n\n".join(inspect.getsource(function) for function in NAIVE)

EXPORT = Export(
    inputs=("layer", "at", "z", "n", "j", "x"),  # x bounds the probe: without it a file loses it
    results=(
        *("naive", "zero", "probability", "gradient", "broken"),
        *("two_step_now", "fused_now", "stable"),
    ),
    nnfs="Softmax, cross_entropy, cross_entropy_from_logits, func_sigmoid, func_softmax",
    numpy=f"""\
PRECISIONS = (np.float16, np.float32, np.float64)


{NAIVE_CODE}

def slopes(x):
    if layer == "sigmoid":
        return naive_slope(naive_sigmoid(x)), func_sigmoid(x) * func_sigmoid(-x)
    if layer == "tanh":
        return 1 - np.tanh(x) ** 2, 4 * func_sigmoid(2 * x) * func_sigmoid(-2 * x)
    pair = np.stack([x, np.zeros_like(x)], axis=1)
    return naive_slope(naive_softmax(pair))[:, 0], func_softmax(pair).prod(axis=1)


def through(way):
    softmax = Softmax()
    softmax.forward(z)
    softmax.output = way(z)
    return softmax.output[n, j], softmax.backward(np.eye(z.shape[1])[[j] * len(z)])[n, j]


ways = naive_softmax, softmax_by_one_maximum, func_softmax
with np.errstate(all="ignore"):
    found = [slopes(np.array([at], dtype)) for dtype in PRECISIONS]
    naive, stable = (slope[0] for slope in found[2])
    zero = np.array([float(slope[0] == 0) for slope, _ in found])
    probability, gradient = np.array([through(way) for way in ways]).T
    broken = np.array(
        [[float(np.isnan(way(z.astype(dtype))[n, j])) for way in ways] for dtype in PRECISIONS]
    )
target = z[n].argmin()
t = np.eye(z.shape[1])[[target]]
softmax = Softmax()
s = softmax.forward(z[n : n + 1])
two_step_now = softmax.backward(cross_entropy(s, t).gradient)[0, target]
fused_now = cross_entropy_from_logits(z[n : n + 1], t).gradient[0, target]
""",
    torch="""\
PRECISIONS = (torch.float16, torch.float32, torch.float64)


def naive_softmax(z):
    e = torch.exp(z)
    return e / e.sum(dim=1, keepdim=True)


def softmax_by_one_maximum(z):
    e = torch.exp(z - z.max())
    return e / e.sum(dim=1, keepdim=True)


def slopes(x):
    if layer == "sigmoid":
        y = 1 / (1 + torch.exp(-x))
        return y * (1 - y), torch.sigmoid(x) * torch.sigmoid(-x)
    if layer == "tanh":
        return 1 - torch.tanh(x) ** 2, 4 * torch.sigmoid(2 * x) * torch.sigmoid(-2 * x)
    pair = torch.stack([x, torch.zeros_like(x)], dim=1)
    s = naive_softmax(pair)[:, 0]
    return s * (1 - s), torch.softmax(pair, dim=1).prod(dim=1)


def through(way):
    s, g = way(z), torch.eye(z.shape[1], dtype=z.dtype)[j]
    return s[n, j].item(), (s[n] * (g - (s[n] * g).sum()))[j].item()


ways = naive_softmax, softmax_by_one_maximum, lambda z: torch.softmax(z, dim=1)
found = [slopes(torch.tensor([at], dtype=dtype)) for dtype in PRECISIONS]
naive, stable = (slope[0] for slope in found[2])
zero = torch.tensor([float(slope[0] == 0) for slope, _ in found])
probability, gradient = torch.tensor([through(way) for way in ways], dtype=torch.float64).T
broken = torch.tensor(
    [[float(way(z.to(dtype))[n, j].isnan()) for way in ways] for dtype in PRECISIONS]
)
target = z[n].argmin()
t = torch.eye(z.shape[1], dtype=z.dtype)[target]
s = torch.softmax(z[n], dim=0)
g = -t / s.clamp(min=torch.finfo(s.dtype).tiny)
two_step_now = (s * (g - (s * g).sum()))[target]
leaf = z[n : n + 1].clone().requires_grad_()
torch.nn.functional.cross_entropy(leaf, target[None]).backward()
fused_now = leaf.grad[0, target]
""",
    # Where another exp rounds otherwise, y may be off by one place of 1, which is 1.1e-16.
    sizes={"naive": "0.015", "stable": "0.015"},
    symbols={
        "at": "x_0",
        "two_step_now": r"\mathrm{two\ steps}",
        "fused_now": "s - t",
    },
)

MOMENTS = {
    "Where each precision ends": {"layer": "sigmoid", "x": "-40,40", "at": "20"},
    "The stairs of float16": {"layer": "sigmoid", "x": "4,9", "at": "7.25", "p": "float16"},
    "The last digits of float64": {"layer": "sigmoid", "x": "33,38", "at": "36", "p": "float64"},
    "Far out, 0 is right": {"layer": "sigmoid", "x": "-760,760", "at": "-730", "p": "float64"},
    "Tanh: lost on both sides": {"layer": "tanh", "x": "-22,22", "at": "6"},
    "Softmax: 0, then NaN": {"layer": "softmax", "x": "0,100", "at": "90"},
    "One logit grows: exp overflows": {"layer": "sigmoid", "x": "-40,40", "z": "710,1,0"},
    "Rows far apart: one maximum is too few": {
        **{"layer": "sigmoid", "x": "-40,40"},
        **{"z": "900,899,898;2,1,0", "n": "1"},
    },
    "Confident and wrong: s underflows": {
        **{"layer": "sigmoid", "x": "-40,40"},
        **{"z": "800,0", "j": "1"},
    },
}

LESSON = Lesson(
    name="precision",
    title="Precision",
    icon=":material/decimal_increase:",
    section="Trust",
    question="Why is the gradient exactly 0?",
    Scenario=Scenario,
    compute=compute,
    figures=FIGURES,
    rows=(
        ("slope", "error", "table"),
        ("formula",),
        ("z", "softmax", "backward", "loss"),
    ),
    results=("table",),
    presets={"x": RANGES, "z": LOGITS},
    moments=MOMENTS,
    controls=Controls(
        noun="logits",
        pointed="Whose probability and gradient are shown. Or click on a bar of z.",
        choices=(
            Choice(
                "layer",
                "{}",
                "Whose slope is written in two ways",
                {"Sigmoid": "sigmoid", "Tanh": "tanh", "Softmax of (x, 0)": "softmax"},
            ),
            Choice("p", "{}", "The precision of the formula", {name: name for name in NAMES}),
        ),
    ),
    code=(*NAIVE, Sigmoid.backward, Softmax.backward, first_float, exact_sigmoid_slope),
    export=EXPORT,
)
