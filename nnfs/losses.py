"""Losses: where `grad_next` comes from.

Each returns the loss of every sample, and its gradient with respect to the first argument. That
gradient has the shape of the output, and is what arrives at the layer before as `grad_next`.
Losses are per sample, not averaged: for the mean over a batch divide both by the batch size.

Complex values are taken as they are, for the complex step; what has to be a probability is judged
by its real part.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nnfs.base import as_float


class Loss(NamedTuple):
    """The value of a loss and its gradient.

    Attributes:
        value: L of each sample, shape (N,).
        gradient: ∂L/∂y, shape (N, C).

    Examples:
        >>> value, gradient = mean_squared_error([[0.5, 0.5]], [[1.0, 0.0]])
        >>> value.shape, gradient.shape
        ((1,), (1, 2))
    """

    value: np.ndarray
    gradient: np.ndarray


def cross_entropy(output: ArrayLike, target: ArrayLike) -> Loss:
    """Return L = −Σⱼ tⱼ log yⱼ and ∂L/∂yⱼ = −tⱼ / yⱼ.

    At yⱼ = 0, L is infinite in theory. Here a probability below the smallest normal number of its
    dtype counts as that number, so L ≤ 708.4 and |∂L/∂y| ≤ 4.5e307 for t ≤ 1 in float64. Where
    tⱼ = 0, the class adds exactly 0 to both, also at yⱼ = 0. At yⱼ = 1 nothing is special.

    A softmax that has underflowed to 0 at the target turns this finite gradient into 0: the
    true s − t is lost. That is why libraries fuse the two.

    Args:
        output: y, probabilities in [0, 1], shape (N, C).
        target: t, of the same shape, in [0, 1]; usually one-hot.

    Raises:
        TypeError: an argument is not numeric.
        ValueError: shapes differ or are not 2-D, or a value is outside [0, 1].

    Examples:
        >>> loss = cross_entropy([[0.25, 0.75]], [[1.0, 0.0]])
        >>> np.exp(loss.value)
        array([4.])
        >>> loss.gradient
        array([[-4.,  0.]])
    """
    y, t = _output_and_target(output, target, "cross_entropy", probabilities=True)
    y = _at_least_tiny(y)
    return Loss(0.0 - np.sum(t * np.log(y), axis=1), (0.0 - t) / y)


def binary_cross_entropy(output: ArrayLike, target: ArrayLike) -> Loss:
    """Return L = −Σⱼ tⱼ log yⱼ + (1 − tⱼ) log(1 − yⱼ) and ∂L/∂yⱼ = −tⱼ/yⱼ + (1 − tⱼ)/(1 − yⱼ).

    Each column is a question of its own, answered yes or no. At yⱼ = 0 and at yⱼ = 1, the
    logarithm and the quotient that are infinite in theory stop at the smallest normal number of
    the dtype, as in `cross_entropy`; terms with weight 0 are exactly 0.

    Args:
        output: y, probabilities in [0, 1], shape (N, C).
        target: t, of the same shape, in [0, 1].

    Raises:
        TypeError: an argument is not numeric.
        ValueError: shapes differ or are not 2-D, or a value is outside [0, 1].

    Examples:
        >>> binary_cross_entropy([[0.25, 0.75]], [[1.0, 0.0]]).gradient
        array([[-4.,  4.]])
    """
    y, t = _output_and_target(output, target, "binary_cross_entropy", probabilities=True)
    yes, no = _at_least_tiny(y), _at_least_tiny(1 - y)
    value = 0.0 - np.sum(t * np.log(yes) + (1 - t) * np.log(no), axis=1)
    return Loss(value, (1 - t) / no - t / yes)


def mean_squared_error(output: ArrayLike, target: ArrayLike) -> Loss:
    """Return L = (1/C) Σⱼ (yⱼ − tⱼ)² and ∂L/∂yⱼ = 2 (yⱼ − tⱼ) / C.

    Nothing is special at probability 0 and 1: the gradient is at most 2/C there. That is also its
    weakness after a sigmoid, whose own derivative vanishes where it is confidently wrong.

    Args:
        output: y, any finite numbers, shape (N, C).
        target: t, of the same shape.

    Raises:
        TypeError: an argument is not numeric.
        ValueError: shapes differ or are not 2-D.

    Examples:
        >>> mean_squared_error([[0.25, 0.75]], [[1.0, 0.0]])
        Loss(value=array([0.5625]), gradient=array([[-0.75,  0.75]]))
    """
    y, t = _output_and_target(output, target, "mean_squared_error")
    return Loss(np.mean((y - t) ** 2, axis=1), 2 * (y - t) / y.shape[1])


def _output_and_target(
    output: ArrayLike, target: ArrayLike, name: str, probabilities: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Return both as arrays of one dtype, or raise with the name of the loss."""
    y, t = as_float(output, f"{name}, output"), as_float(target, f"{name}, target")
    if y.ndim != 2 or y.shape[1] == 0 or t.shape != y.shape:
        raise ValueError(
            f"{name}: expected output and target of one shape (batch_size, num_outputs) "
            f"with at least one output, got {y.shape} and {t.shape}"
        )
    if probabilities:
        for label, values in (("output", y), ("target", t)):
            outside = values[(values.real < 0) | (values.real > 1)]
            if outside.size:
                raise ValueError(f"{name}, {label}: expected values in [0, 1], got {outside[0]}")
    dtype = np.result_type(y, t)
    return y.astype(dtype, copy=False), t.astype(dtype, copy=False)


def _at_least_tiny(probability: np.ndarray) -> np.ndarray:
    """Keep log and quotient finite: raise to the smallest normal number of the dtype."""
    tiny = np.finfo(probability.dtype).tiny
    return np.where(probability.real < tiny, tiny, probability)
