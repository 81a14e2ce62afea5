"""Sigmoid and softmax as functions: stable for every finite input, fast on large arrays.

Each stands here as its formula. Arrays of more than BLOCK bytes take the same steps block by block,
at the end of this file: there the time goes into moving memory, not into arithmetic.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from nnfs.base import as_float

# Bytes that stay in a cache of the second level, with a buffer of the same size, while all passes
# over them run.
BLOCK = 512 * 1024


def func_sigmoid(x: ArrayLike) -> np.ndarray:
    """Return the logistic function σ(x) = 1 / (1 + exp(−x)), element by element.

    Within a few units in the last place for every finite x, also where σ(x) is tiny: computed as
    exp(x) / (1 + exp(x)), which does not cancel.

    Args:
        x: any shape. float16, float32 and float64 keep their dtype, integers and lists become
            float64. Complex values work too (for the complex step); ±inf gives 1 and 0.

    Returns:
        A new array of the shape of x.

    Raises:
        TypeError: x is not numeric.

    Examples:
        >>> func_sigmoid([-1e308, -np.log(3), 0, np.log(3), 1e308])
        array([0.  , 0.25, 0.5 , 0.75, 1.  ])
    """
    x = as_float(x, "func_sigmoid, x")
    if x.dtype.kind == "c":
        return _complex_sigmoid(x)
    if x.dtype == np.float16:  # computed in float32: more accurate, and faster
        return func_sigmoid(x.astype(np.float32)).astype(np.float16)
    return _sigmoid(x) if x.nbytes <= BLOCK else _large_sigmoid(x)


@np.errstate(under="ignore")
def _sigmoid(x: np.ndarray) -> np.ndarray:
    e = np.exp(np.minimum(x, 80))  # above 80, σ(x) is 1 in every precision; exp may overflow
    return e / (1 + e)


def _complex_sigmoid(z: np.ndarray) -> np.ndarray:
    """σ on the complex plane, the form chosen by the real part alone."""
    right = z.real >= 0
    with np.errstate(under="ignore"):
        decay = np.exp(np.where(right, -z, z))
        return np.where(right, 1.0, decay) / (1.0 + decay)


def func_softmax(z: ArrayLike) -> np.ndarray:
    """Return the softmax of each row: sⱼ = exp(zⱼ − max z) / Σₖ exp(zₖ − max z).

    The shift by the maximum of the row changes nothing mathematically, and keeps every exponent
    at most 0, so that nothing overflows.

    Args:
        z: logits, shape (batch_size, num_classes), at least one class. dtypes as in
            `func_sigmoid`. A logit of −inf has probability 0.

    Returns:
        A new array of the shape of z whose rows sum to 1. A row without a finite maximum is NaN.

    Raises:
        TypeError: z is not numeric.
        ValueError: z is not 2-D, or has no classes.

    Source:
        P. Blanchard, D. J. Higham, N. J. Higham, "Accurately computing the log-sum-exp and
        softmax functions", IMA Journal of Numerical Analysis 41(4), 2021.

    Examples:
        >>> func_softmax([[0, np.log(3)], [1e308, 1e308], [-np.inf, 0]])
        array([[0.25, 0.75],
               [0.5 , 0.5 ],
               [0.  , 1.  ]])
    """
    z = as_float(z, "func_softmax, z")
    if z.ndim != 2 or z.shape[1] == 0:
        raise ValueError(
            "func_softmax, z: expected shape (batch_size, num_classes) "
            f"with at least one class, got {z.shape}"
        )
    if z.dtype == np.float16:
        return func_softmax(z.astype(np.float32)).astype(np.float16)
    return _softmax(z) if z.nbytes <= BLOCK else _large_softmax(z)


# over: z − max may leave the range of the dtype, exp of it is 0; invalid: inf − inf is NaN.
@np.errstate(over="ignore", under="ignore", invalid="ignore")
def _softmax(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - z.real.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def finite_quotient(x: np.ndarray, T: float) -> np.ndarray:
    """Return x / T, where a finite x beyond the range of its dtype stops at the largest number.

    Two numbers of a row that both stop there come out equal. ±inf and NaN stay what they are.
    """
    if x.dtype.kind == "c":  # part by part, as (−inf + 0i) / T would be −inf + NaN i
        return finite_quotient(x.real, T) + 1j * finite_quotient(x.imag, T)
    try:
        with np.errstate(over="raise"):
            return x / T
    except FloatingPointError:
        with np.errstate(over="ignore"):
            y = x / T
        overflown = np.isinf(y) & np.isfinite(x)
        return np.where(overflown, np.copysign(np.finfo(x.dtype).max, x), y)


def _large_sigmoid(x: np.ndarray) -> np.ndarray:
    """σ in three passes over each block: the minimum is taken only where exp overflows."""
    output = np.empty(x.shape, x.dtype)
    x_flat, y_flat = x.reshape(-1), output.reshape(-1)
    buffer = np.empty_like(y_flat[: BLOCK // x.itemsize])
    with np.errstate(over="raise", invalid="raise", under="ignore"):
        for block in _blocks(x_flat.size, x.itemsize):
            y = y_flat[block]
            try:
                np.exp(x_flat[block], out=y)
                np.divide(y, np.add(y, 1, out=buffer[: y.size]), out=y)
            except FloatingPointError:
                y[:] = _sigmoid(x_flat[block])
    return output


@np.errstate(over="ignore", under="ignore", invalid="ignore")
def _large_softmax(z: np.ndarray) -> np.ndarray:
    """Softmax in place, some rows at a time, with a division per row in place of one per class."""
    output = np.empty(z.shape, z.dtype)
    for rows in _blocks(len(z), z.shape[1] * z.itemsize):
        s = np.subtract(z[rows], z[rows].real.max(axis=1, keepdims=True), out=output[rows])
        np.exp(s, out=s)
        s *= 1 / s.sum(axis=1, keepdims=True)
    return output


def _blocks(count: int, item_bytes: int) -> Iterator[slice]:
    """Cut `count` items of `item_bytes` each into slices of at most BLOCK bytes, or one item."""
    step = max(1, BLOCK // item_bytes)
    for start in range(0, count, step):
        yield slice(start, start + step)
