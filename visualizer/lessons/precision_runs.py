"""What the Precision page shows: the numbers at a probe, of a softmax, and of a mistake."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from nnfs import Softmax, cross_entropy, cross_entropy_from_logits, error_in_ulps, func_softmax
from visualizer.figures import number
from visualizer.figures.cells import plainly
from visualizer.figures.window import NAMES
from visualizer.lessons.lesson import Values
from visualizer.lessons.precision_forms import (
    DTYPES,
    FARTHEST,
    FORMS,
    WAYS,
    naive_gradient,
    one_hot,
    zeros,
)
from visualizer.scenario import BaseScenario, Rows, choice, index_of, rows, tab
from visualizer.scenario import number as number_field

# How far a target may lie behind: evenly on a logarithmic axis.
GAPS = tuple(float(f"{gap:.4g}") for gap in np.geomspace(1, FARTHEST, 73))


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
