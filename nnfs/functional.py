"""Sigmoid and softmax as functions: stable for every finite input, fast on large arrays."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from nnfs.base import as_float

# Bytes of output that stay in a cache of the second level, with a buffer of the same size, while
# all passes over them run.
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
    """
    x = as_float(x, "func_sigmoid, x")
    if x.dtype.kind == "c":
        return _complex_sigmoid(x)
    if x.dtype == np.float16:  # computed in float32: more accurate, and faster
        return func_sigmoid(x.astype(np.float32)).astype(np.float16)
    output = np.empty(x.shape, x.dtype)
    x_flat, y_flat = x.reshape(-1), output.reshape(-1)
    buffer = np.empty_like(y_flat[: BLOCK // x.itemsize])
    with np.errstate(over="raise", invalid="raise", under="ignore"):
        for block in _blocks(x_flat.size, x.itemsize):
            try:
                _sigmoid_block(x_flat[block], y_flat[block], buffer)
            except FloatingPointError:  # exp(x) is infinite; above 80, σ(x) is 1 in every precision
                _sigmoid_block(np.minimum(x_flat[block], 80.0), y_flat[block], buffer)
    return output


def _sigmoid_block(x: np.ndarray, y: np.ndarray, buffer: np.ndarray) -> None:
    """Write σ(x) to y, in three passes; `buffer` is at least as long, and is overwritten."""
    np.exp(x, out=y)
    np.divide(y, np.add(y, 1.0, out=buffer[: y.size]), out=y)


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
    """
    z = as_float(z, "func_softmax, z")
    if z.ndim != 2 or z.shape[1] == 0:
        raise ValueError(
            "func_softmax, z: expected shape (batch_size, num_classes) "
            f"with at least one class, got {z.shape}"
        )
    if z.dtype == np.float16:
        return func_softmax(z.astype(np.float32)).astype(np.float16)
    output = np.empty(z.shape, z.dtype)
    # over: z − max may leave the range of the dtype, exp of it is 0; invalid: inf − inf is NaN.
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        for rows in _blocks(len(z), z.shape[1] * z.itemsize):
            _softmax_rows(z[rows], output[rows])
    return output


def _softmax_rows(z: np.ndarray, s: np.ndarray) -> None:
    """Write the softmax of the rows of z to s, in place."""
    # The reductions themselves: z.max() and s.sum() go through Python first.
    np.subtract(z, np.maximum.reduce(z.real, axis=1, keepdims=True), out=s)
    np.exp(s, out=s)
    s *= 1.0 / np.add.reduce(s, axis=1, keepdims=True)  # a division per row, not per class


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


def _blocks(count: int, item_bytes: int) -> Iterator[slice]:
    """Cut `count` items of `item_bytes` each into slices of at most BLOCK bytes, or one item."""
    step = max(1, BLOCK // item_bytes)
    for start in range(0, count, step):
        yield slice(start, start + step)
