"""How large should the step of a gradient check be? Small, says truncation; rounding says large.

A difference quotient has two errors. Truncation, what the straight line misses of the curve, falls
with the step h: as h for forward, as h² for central differences and the complex step. Rounding
grows as ε |f| / h, as the difference of two nearly equal outputs has lost its leading digits; the
complex step subtracts nothing, and does not have it. Over h the sum of both is a U, or without the
second a slope that ends on a floor. On logarithmic axes its arms are straight, and their slopes
are the powers of h.
"""

import copy
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from nnfs.gradient_check import (
    Differentiable,
    Function,
    Method,
    as_real,
    positive_step,
    real_dtype,
)

# The power of ε at which both errors are equal, for a function that is about as large as its
# derivatives: h f″/2 = ε |f| / h, and h² f‴/6 = ε |f| / h.
THEORY: dict[Method, float] = {"forward": 1 / 2, "central": 1 / 3}

# A step is judged by the largest error among so many on either side of it: where rounding decides,
# one of them may be right by luck.
NEIGHBOURS = 2
# From so many times the best step on, nearly all of the error is one of the two.
CLEAR = 10**0.5
# The least number of points to which an arm is fitted.
FITTED = 3


def step_in_theory(method: Method, dtype: DTypeLike = np.float64) -> float:
    """Return √ε for forward and ∛ε for central differences: where both errors are equal.

    Args:
        method: "forward" or "central"; the complex step has no best one.
        dtype: float64 or float32.

    Raises:
        ValueError: another method or dtype.

    Source:
        W. H. Press et al., "Numerical Recipes", 3rd edition, 2007, section 5.7.

    Examples:
        >>> round(step_in_theory("forward"), 10), round(step_in_theory("central"), 8)
        (1.49e-08, 6.06e-06)
    """
    precision = real_dtype(dtype)
    if method not in THEORY:
        raise ValueError(f"method: expected one of {', '.join(THEORY)}, got {method!r}")
    return float(np.finfo(precision).eps) ** THEORY[method]


def difference_quotients(
    function: Differentiable | Function,
    x: ArrayLike,
    steps: ArrayLike,
    method: Method = "central",
    dtype: DTypeLike = np.float64,
) -> np.ndarray:
    """Return ∂yᵢ/∂xⱼ as differences measure it, for each of some steps: D, shape (S, M, C).

    Σᵢ gᵢ Dᵢⱼ is what `numeric_vjp` returns. All steps run as one batch, in one call of the
    function; assumes that samples do not influence each other, as in every layer here.

    Args:
        function: a layer, of which a copy runs, or a function from (N, C) to (N, M).
        x: one sample, shape (C,).
        steps: h, shape (S,), each finite and above 0.
        method: as in `numeric_vjp`.
        dtype: as in `numeric_vjp`.

    Returns:
        of the dtype, shape (S, M, C).

    Raises:
        TypeError: an argument is not real and numeric.
        ValueError: x or the steps are not 1-D, a step is not above 0, or the method or the dtype is
            unknown.

    Examples:
        >>> difference_quotients(np.square, [3.0], [1.0, 0.5], "forward")
        array([[[7. ]],
               [[6.5]]])
    """
    f = copy.deepcopy(function).forward if hasattr(function, "forward") else function
    precision = real_dtype(dtype)
    x, h = as_real(x, "x", precision), as_real(steps, "steps")
    if x.ndim != 1 or h.ndim != 1:
        raise ValueError(
            f"difference_quotients: expected x and steps of one axis, got {x.shape} and {h.shape}"
        )
    for step in h:
        positive_step(float(step))
    by = h.astype(precision)[:, np.newaxis, np.newaxis]  # against (S, C, …)
    change = by * np.eye(x.size, dtype=precision)  # (S, C, C): one input of each sample

    def outputs(samples: np.ndarray) -> np.ndarray:
        """Run (S, C, C) as one batch; return (S, C, M)."""
        return f(samples.reshape(-1, x.size)).reshape(h.size, x.size, -1)

    with np.errstate(over="ignore", invalid="ignore"):  # at ±1e308 there may be no difference
        if method == "complex":
            slopes = outputs(x + 1j * change).imag / by
        elif method == "forward":
            slopes = (outputs(x + change) - f(x[np.newaxis])) / by
        elif method == "central":
            slopes = (outputs(x + change) - outputs(x - change)) / (2 * by)
        else:
            raise ValueError(f"method: expected one of forward, central, complex, got {method!r}")
    return slopes.swapaxes(1, 2)


class StepStudy(NamedTuple):
    """How an error depends on the step.

    Attributes:
        best: the step from which on a smaller one no longer helps; NaN where no error is finite.
        truncation: the slope of the arm of larger steps on logarithmic axes: the power of h by
            which the error falls. NaN where there are too few points.
        rounding: the slope of the arm of smaller steps.

    Examples:
        >>> h = np.geomspace(1e-1, 1e-15, 57)
        >>> study = study_steps(h, h**2 + 1e-15 / h, least=1e-16)
        >>> round(study.truncation, 1), round(study.rounding, 1)
        (2.0, -1.0)
        >>> round(study.best, 7)
        5.6e-06
    """

    best: float
    truncation: float
    rounding: float


def study_steps(
    steps: ArrayLike, errors: ArrayLike, least: float, most: float = np.inf
) -> StepStudy:
    """Find the best step, and the slopes of both arms of the U by least squares.

    Args:
        steps: h, shape (S,), from large to small.
        errors: at each of them, shape (S,). What is 0 or not finite has no place on a logarithmic
            axis, and is left out of the fits.
        least: an error that is no more than the rounding of the gradient itself: where all are
            below it, the largest step is the best one.
        most: the largest error that still belongs to an arm: where x + h is x, the numeric gradient
            is 0 and the error the gradient itself.

    Raises:
        TypeError: an argument is not real and numeric.
        ValueError: they are not of one length and 1-D.

    Examples:
        >>> study_steps([1e-1, 1e-2, 1e-3], [0.0, 0.0, 0.0], least=1e-16)
        StepStudy(best=0.1, truncation=nan, rounding=nan)
    """
    h, e = as_real(steps, "steps"), as_real(errors, "errors")
    if h.ndim != 1 or h.shape != e.shape:
        raise ValueError(
            f"study_steps: expected steps and errors of one length, got {h.shape} and {e.shape}"
        )
    envelope = _largest_around(np.where(np.isnan(e), np.inf, e))
    if not np.isfinite(envelope).any():
        return StepStudy(np.nan, np.nan, np.nan)
    best = float(h[np.argmax(envelope <= max(least, envelope.min()))])
    seen = (e > 0) & (e < most)
    return StepStudy(
        best=best,
        truncation=_slope(h, e, seen & (h >= CLEAR * best * (1 - 1e-9))),
        rounding=_slope(h, e, seen & (h <= best / CLEAR * (1 + 1e-9))),
    )


def _largest_around(values: np.ndarray) -> np.ndarray:
    """Return the largest of each value and its neighbours."""
    padded = np.pad(values, NEIGHBOURS, constant_values=-np.inf)
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * NEIGHBOURS + 1).max(axis=1)


def _slope(h: np.ndarray, e: np.ndarray, fitted: np.ndarray) -> float:
    """Return by which power of h the error goes there; NaN where there are too few points."""
    if np.count_nonzero(fitted) < FITTED:
        return np.nan
    return float(np.polyfit(np.log(h[fitted]), np.log(e[fitted]), 1)[0])
