"""How the outputs of a layer change when one number changes: by differences of `forward` alone."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

# The step of central differences in float64, and what that of the complex step may be as it
# subtracts nothing.
STEP, COMPLEX_STEP = 1e-6, 1e-200
# The step in a narrower type, by how far its numbers near 1 lie apart: about the cube root of that.
NARROW_STEPS = ((1e-10, STEP), (1e-5, 5e-3), (1.0, 5e-2))
# A second difference has a step so many times as long: what the two differ by is their error.
WIDER = 4
# Units in the last place by which an output may be off.
ULPS = 8
# By what share of them two slopes, to the left and to the right, differ at a kink.
BEND = 1e-3


class Slopes(NamedTuple):
    """The slopes ∂y/∂θ at some places of θ. Each array is of shape (places, R, M).

    Attributes:
        slope: as measured; exactly 0 where it is less than its own error.
        low: the least slope that is right there: at a kink, the smaller one of left and right.
        high: the greatest one.
        error: how far the measured one may be off.
    """

    slope: np.ndarray
    low: np.ndarray
    high: np.ndarray
    error: np.ndarray


Function = Callable[[np.ndarray], np.ndarray]


def slopes(
    function: Function, theta: np.ndarray, places: Iterable[tuple[int, ...]], eps: float
) -> Slopes:
    """Measure how the outputs change with each of some numbers.

    With f the function and h the step, the slope is (f(θ + h) − f(θ − h)) / 2h, or where that
    agrees Im f(θ + ih) / h, which has no rounding error.

    Args:
        function: from θ to outputs of shape (R, M).
        theta: θ, any shape, float64.
        places: which of its numbers.
        eps: how far numbers near 1 lie apart in the type in which the function computes.

    Source:
        W. Squire, G. Trapp, "Using complex variables to estimate derivatives of real functions",
        SIAM Review 40(1), 1998.

    Examples:
        >>> import numpy as np
        >>> found = slopes(np.square, np.array([[1.0, 3.0]]), [(0, 1)], 2**-52)
        >>> found.slope.round(9)
        array([[[0., 6.]]])
    """
    y = function(theta)
    step = step_in(eps)
    is_analytic = True
    found = []
    for place in places:
        one, is_analytic = _slopes_at(function, theta, place, y, step, eps, is_analytic)
        found.append(one)
    if not found:
        return Slopes(*(np.zeros((0, *y.shape)) for _ in Slopes._fields))
    return Slopes(*(np.array(parts) for parts in zip(*found, strict=True)))


def step_in(eps: float) -> float:
    """Return the step of central differences where numbers near 1 lie so far apart."""
    return next(step for spacing, step in NARROW_STEPS if eps <= spacing)


def _slopes_at(
    function: Function,
    theta: np.ndarray,
    place: tuple[int, ...],
    y: np.ndarray,
    step: float,
    eps: float,
    is_analytic: bool,
) -> tuple[Slopes, bool]:
    """Measure at one place; tell whether the complex step works there."""
    h = step * max(1.0, abs(float(theta[place])) / 10)

    def moved(change: complex) -> tuple[np.ndarray, float]:
        other = theta.astype(complex if isinstance(change, complex) else float)
        other[place] += change
        return function(other), float((other[place] - theta[place]).real)

    with np.errstate(all="ignore"):
        (after, right), (before, left) = moved(h), moved(-h)
        (far_after, far_right), (far_before, far_left) = moved(WIDER * h), moved(-WIDER * h)
        central = (after - before) / (right - left)
        wide = (far_after - far_before) / (far_right - far_left)
        sides = np.stack([(after - y) / right, (before - y) / left])
        # What is added up on the way may be larger than the result: at least as large as θ, and 1.
        size = np.fmax(np.abs(y), max(1.0, float(np.abs(theta).max())))
        rounding = ULPS * eps * size / h
        error = rounding + WIDER * np.abs(central - wide)
    slope = np.where(np.abs(central) <= rounding, 0.0, central)
    if is_analytic:
        exact = _complex_slope(moved)
        is_analytic = exact is not None and _agree(exact, central, error)
        if exact is not None and is_analytic:
            slope = np.where(np.isfinite(central), exact, central)
    low, high = _band(sides, slope, error)
    return Slopes(slope, low, high, error), is_analytic


def _complex_slope(
    moved: Callable[[complex], tuple[np.ndarray, float]],
) -> np.ndarray | None:
    """Return the slope by the complex step; None where the function does not take complex numbers.

    Whatever it raises then is no mistake of whoever wrote it.
    """
    try:
        y, _ = moved(1j * COMPLEX_STEP)
    except Exception:
        return None
    return y.imag / COMPLEX_STEP if y.dtype.kind == "c" else None


def _agree(exact: np.ndarray, central: np.ndarray, error: np.ndarray) -> bool:
    """Tell whether two slopes are the same, but for the error of one of them."""
    known = np.isfinite(central)
    close = np.abs(exact - central) <= error + 1e-6 * np.abs(exact)
    return bool(np.all(close[known]) and np.all(np.isfinite(exact[known])))


def _band(sides: np.ndarray, slope: np.ndarray, error: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the greatest slope that is right: more than one is at a kink only."""
    least, most = sides.min(axis=0), sides.max(axis=0)
    with np.errstate(invalid="ignore"):
        bends = most - least > BEND * np.abs(sides).max(axis=0) + ULPS * error
    return np.where(bends, np.minimum(least, slope), slope), np.where(
        bends, np.maximum(most, slope), slope
    )
