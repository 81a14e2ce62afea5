"""Losses: where `grad_next` comes from.

Each returns the loss of every sample, and its gradient with respect to the first argument. That
gradient has the shape of the output, and is what arrives at the layer before as `grad_next`.
Losses are per sample, not averaged: for the mean over a batch divide both by the batch size.

Complex values are accepted, for the complex step. Of a complex probability, the real part has to be
in [0, 1].
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nnfs.base import BaseActivation, as_float
from nnfs.functional import func_sigmoid, func_softmax


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

    A softmax that has underflowed to 0 at the target turns this finite gradient into 0, and the
    true s − t is lost. That is why libraries fuse the two, as `cross_entropy_from_logits` does.

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
    y, t = _matched("cross_entropy", ("output", "target"), output=output, target=target)
    y = _at_least_tiny(y)
    return Loss(0.0 - np.sum(t * np.log(y), axis=1), (0.0 - t) / y)


def cross_entropy_from_logits(logits: ArrayLike, target: ArrayLike) -> Loss:
    """Return the cross-entropy of s = softmax(z), and ∂L/∂zⱼ = sⱼ − tⱼ where t adds up to 1.

    It is L = Σⱼ tⱼ (log Σₖ exp(zₖ) − zⱼ), with gradient sⱼ Σₖ tₖ − tⱼ for any t. Neither divides by
    s nor takes its logarithm, so both are right also where s underflows to 0. There, the gradient
    of `cross_entropy` is lost on its way through `Softmax.backward`.

    Args:
        logits: z, any finite numbers, shape (N, C). A logit of −inf is legal where t is 0.
        target: t, of the same shape, in [0, 1]; usually one-hot.

    Raises:
        TypeError: an argument is not numeric.
        ValueError: shapes differ or are not 2-D, or a target is outside [0, 1].

    Examples:
        >>> value, gradient = cross_entropy_from_logits([[-1000.0, 0.0]], [[1.0, 0.0]])
        >>> value, gradient
        (array([1000.]), array([[-1.,  1.]]))
        >>> layer = Softmax()
        >>> layer.backward(cross_entropy(layer.forward([[-1000.0, 0.0]]), [[1.0, 0.0]]).gradient)
        array([[-0.,  0.]])
    """
    z, t = _matched("cross_entropy_from_logits", ("target",), logits=logits, target=target)
    weighted = t * np.where(t == 0, 0, _surprise(z))  # 0 · inf is NaN
    return Loss(weighted.sum(axis=1), func_softmax(z) * t.sum(axis=1, keepdims=True) - t)


class CrossEntropy(BaseActivation):
    """yᵢ = −log sᵢ with s = softmax(z): the cross-entropy for each class that may be the target.

    A loss in the place of a layer: L = Σᵢ gᵢ yᵢ, so that a one-hot g is the target t, and
    `backward` returns s − t. J has s − eᵢ in row i; it is not symmetric.

    Examples:
        >>> layer = CrossEntropy()
        >>> np.exp(layer.forward([np.log([1.0, 3.0])])).round(12)
        array([[4.        , 1.33333333]])
        >>> layer.backward([[1.0, 0.0]])
        array([[-0.75,  0.75]])
    """

    def forward(self, X_input: ArrayLike) -> np.ndarray:
        """Return the loss for each target, of the shape of the logits X_input, (N, C)."""
        z = as_float(X_input, "CrossEntropy.forward, X_input")
        if z.ndim != 2:
            raise ValueError(
                "CrossEntropy.forward, X_input: expected shape (batch_size, num_classes), "
                f"got {z.shape}"
            )
        self.output = _surprise(z)
        return self.output

    def backward(self, grad_next: ArrayLike) -> np.ndarray:
        """∂L/∂zⱼ = sⱼ Σᵢ gᵢ − gⱼ: for a one-hot g, which is the target, s − t."""
        g, s = self.match_gradient(grad_next), np.exp(-self.output)
        return s * g.sum(axis=1, keepdims=True) - g


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
    y, t = _matched("binary_cross_entropy", ("output", "target"), output=output, target=target)
    yes, no = _at_least_tiny(y), _at_least_tiny(1 - y)
    value = 0.0 - np.sum(t * np.log(yes) + (1 - t) * np.log(no), axis=1)
    return Loss(value, (1 - t) / no - t / yes)


def binary_cross_entropy_from_logits(logits: ArrayLike, target: ArrayLike) -> Loss:
    """Return the binary cross-entropy of y = σ(z), and ∂L/∂zⱼ = yⱼ − tⱼ.

    It is L = Σⱼ log(1 + exp(zⱼ)) − tⱼ zⱼ, computed as max(zⱼ, 0) + log(1 + exp(−|zⱼ|)) − tⱼ zⱼ,
    where nothing overflows. Neither divides by y or by 1 − y, so both are right also where y is 0
    or 1 in floating point. There, the gradient of `binary_cross_entropy` is lost on its way through
    `Sigmoid.backward`; with t = 0 that begins at z = 36.74 in float64.

    Args:
        logits: z, any finite numbers, shape (N, C). −inf is legal where t is 0, inf where it is 1.
        target: t, of the same shape, in [0, 1].

    Raises:
        TypeError: an argument is not numeric.
        ValueError: shapes differ or are not 2-D, or a target is outside [0, 1].

    Examples:
        >>> value, gradient = binary_cross_entropy_from_logits([[1000.0]], [[0.0]])
        >>> value, gradient
        (array([1000.]), array([[1.]]))
        >>> layer = Sigmoid()
        >>> layer.backward(binary_cross_entropy(layer.forward([[1000.0]]), [[0.0]]).gradient)
        array([[0.]])
    """
    name = "binary_cross_entropy_from_logits"
    z, t = _matched(name, ("target",), logits=logits, target=target)
    is_positive = z.real > 0  # of complex logits the real part decides, for the complex step
    with np.errstate(under="ignore"):
        surprise = np.log1p(np.exp(np.where(is_positive, -z, z)))
    # max(z, 0) − t z as one product, of which nothing cancels.
    weight = np.where(is_positive, 1 - t, 0 - t)
    value = surprise + weight * np.where(weight == 0, 0, z)  # 0 · inf is NaN
    return Loss(value.sum(axis=1), func_sigmoid(z) - t)


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
    y, t = _matched("mean_squared_error", (), output=output, target=target)
    return Loss(np.mean((y - t) ** 2, axis=1), 2 * (y - t) / y.shape[1])


def _matched(
    loss: str, probabilities: tuple[str, ...], **values: ArrayLike
) -> tuple[np.ndarray, np.ndarray]:
    """Return the two values as arrays of one dtype, or raise with the name of the loss."""
    arrays = {name: as_float(value, f"{loss}, {name}") for name, value in values.items()}
    y, t = arrays.values()
    if y.ndim != 2 or y.shape[1] == 0 or t.shape != y.shape:
        raise ValueError(
            f"{loss}: expected {' and '.join(arrays)} of one shape (batch_size, num_outputs) "
            f"with at least one output, got {y.shape} and {t.shape}"
        )
    for name in probabilities:
        outside = arrays[name][(arrays[name].real < 0) | (arrays[name].real > 1)]
        if outside.size:
            raise ValueError(f"{loss}, {name}: expected values in [0, 1], got {outside[0]}")
    dtype = np.result_type(y, t)
    return y.astype(dtype, copy=False), t.astype(dtype, copy=False)


def _surprise(z: np.ndarray) -> np.ndarray:
    """Return −log softmax(z) = log Σₖ exp(zₖ) − zⱼ, of the shape of z."""
    with np.errstate(over="ignore", invalid="ignore"):  # as in func_softmax
        shifted = z - z.real.max(axis=1, keepdims=True)
        return np.log(np.exp(shifted).sum(axis=1, keepdims=True)) - shifted


def _at_least_tiny(probability: np.ndarray) -> np.ndarray:
    """Keep log and quotient finite: raise to the smallest normal number of the dtype."""
    tiny = np.finfo(probability.dtype).tiny
    return np.where(probability.real < tiny, tiny, probability)
