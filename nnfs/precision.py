"""What floating point makes of a formula: exact values, errors, and where a result breaks off.

The reference is Python's own `decimal`. NumPy's longdouble would not do: on Windows, and on macOS
with Apple's processors, it is float64.
"""

from collections.abc import Callable
from decimal import Context, Decimal
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from nnfs.base import as_float

# In decimal digits: more than two float64 hold.
DIGITS = 40

# How many numbers are tried at once, and for how many of them in a row something has to hold before
# it counts as held from there on: 1 + exp(x) may round up and down for a while.
TRIED, IN_A_ROW = 1024, 16


class Exact(NamedTuple):
    """Numbers of 106 bits, each as the sum of two float64.

    Attributes:
        high: the float64 that is nearest to each.
        low: what that leaves over.

    Examples:
        >>> exact_sigmoid_slope([0.0])
        Exact(high=array([0.25]), low=array([0.]))
    """

    high: np.ndarray
    low: np.ndarray


def exact_sigmoid_slope(x: ArrayLike) -> Exact:
    """Return σ′(x) = exp(−|x|) / (1 + exp(−|x|))², computed with 40 decimal digits.

    Nothing cancels in this form, so all digits of `decimal` are good. A number takes some fifteen
    microseconds, and is kept for the next time.

    Args:
        x: finite numbers of any shape, each taken as exactly the number that it is.

    Returns:
        Two arrays of the shape of x. Where σ′ is below the range of float64, both are 0.

    Raises:
        TypeError: x is not numeric.

    Source:
        The functions of `decimal` are correctly rounded: https://docs.python.org/3/library/decimal

    Examples:
        >>> high, low = exact_sigmoid_slope(40.0)
        >>> print(high, low)
        4.248354255291589e-18 8.827768026954943e-35
    """
    x = as_float(x, "exact_sigmoid_slope, x")
    pairs = [_slope(value) for value in np.abs(x).ravel().tolist()]
    high, low = np.array(pairs, np.float64).reshape(-1, 2).T
    return Exact(high.reshape(x.shape), low.reshape(x.shape))


@lru_cache(maxsize=1 << 14)
def _slope(size: float) -> tuple[float, float]:
    context = Context(prec=DIGITS)
    e = context.exp(Decimal(-size))
    slope = context.divide(e, context.power(context.add(1, e), 2))
    high = float(slope)
    return high, float(context.subtract(slope, Decimal(high)))


def error_in_ulps(value: np.ndarray, exact: Exact) -> np.ndarray:
    """Return |value − exact| in units in the last place of the dtype of `value`.

    The unit is the distance of the numbers of that dtype around the exact value. A result that is
    rounded correctly is at most ½ away; one that has no digit left, 2ᵖ, for p bits of precision.

    Args:
        value: as computed, float16, float32 or float64, of any shape.
        exact: what it should be, of the same shape.

    Returns:
        float64, of the same shape; NaN where the value is NaN.

    Examples:
        >>> error_in_ulps(np.float32([0.25, 0.0]), Exact(np.array([0.25, 0.25]), np.zeros(2)))
        array([       0., 8388608.])
    """
    with np.errstate(under="ignore"):
        unit = np.spacing(exact.high.astype(value.dtype)).astype(np.float64)
        return np.abs((value.astype(np.float64) - exact.high) - exact.low) / unit


def first_float(
    holds: Callable[[np.ndarray], np.ndarray], low: float, high: float, dtype: DTypeLike
) -> float | None:
    """Return the smallest number of a dtype, above low, from which on something holds.

    It is a bisection that tries many numbers at once, and ends at two neighbours: of the one it
    does not hold, of the other it does. Where it holds now and then before it does for good, the
    last number counts for which it does not.

    Args:
        holds: tells of rising numbers, shape (N,) and of that dtype, for which of them it holds.
        low: at least 0; it does not hold there.
        high: where the search ends.
        dtype: float16, float32 or float64.

    Returns:
        The number; None if it does not hold even at `high`.

    Raises:
        ValueError: `low` is negative or not below `high`, or it holds at `low` already.

    Examples:
        >>> first_float(lambda x: 1 + x > 1, 0, 1, np.float32)  # half the last place of 1
        5.960465188081798e-08
    """
    if not 0 <= low < high:
        raise ValueError(f"first_float, low: expected 0 <= low < high, got {low!r} and {high!r}")
    ends = np.array([low, high], dtype)
    at_low, at_high = np.asarray(holds(ends)).tolist()
    if at_low:
        raise ValueError(f"first_float, low: expected a number where it does not hold, got {low!r}")
    if not at_high:
        return None
    # Floats above 0 have the order of their bits, read as whole numbers.
    whole = np.dtype(f"i{ends.itemsize}")
    below, above = ends.view(whole).tolist()
    while True:
        count = min(TRIED, above - below)
        step, rest = divmod(above - below, count)
        k = np.arange(1, count + 1)
        tried = (below + k * step + k * rest // count).astype(whole).view(ends.dtype)
        not_yet = np.flatnonzero(~np.asarray(holds(tried), bool))
        first = int(not_yet[-1]) + 1 if not_yet.size else 0
        if count < TRIED:  # these are all that there are
            return float(tried[first])
        if first > 0:
            below = int(tried[first - 1].view(whole))
        above = int(tried[min(first + IN_A_ROW, count) - 1].view(whole))
