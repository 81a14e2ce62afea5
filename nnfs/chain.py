"""How much of a gradient is left behind each layer of a model."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nnfs.base import as_float
from nnfs.sequential import Sequential


class ChainTrace(NamedTuple):
    """What happens to a gradient on its way back through L layers; lengths are √Σg² over the batch.

    Attributes:
        gradients: L + 1 of them: number k + 1 arrives at layer k, which passes on number k.
        arrives: the length of what arrives at each layer, shape (L,).
        gain: of each layer, shape (L,): by which factor what it passes on is longer.
        left: what is left of the length at the end once each layer has passed it on, shape (L,):
            the product of its gain and those of all layers behind it.

    Examples:
        >>> trace = trace_chain(Sequential(Temperature(2), Temperature(4)), [[1.0]], [[3.0]])
        >>> trace.arrives, trace.gain, trace.left
        (array([0.75, 3.  ]), array([0.5 , 0.25]), array([0.125, 0.25 ]))
    """

    gradients: tuple[np.ndarray, ...]
    arrives: np.ndarray
    gain: np.ndarray
    left: np.ndarray

    @property
    def factor(self) -> float:
        """The gain that each of L layers would have, were they all alike: the L-th root of left."""
        return float(self.left[0] ** (1 / len(self.left)))


def trace_chain(model: Sequential, X_input: ArrayLike, grad_next: ArrayLike) -> ChainTrace:
    """Run a model forward and backward, and measure the gradient at every place in it.

    A gradient of length 0 or ∞ has no gain any more: where one arrives, the gain is NaN.

    Args:
        model: it runs itself, not a copy of it, and keeps the state of the batch.
        X_input: shape (batch_size, num_inputs).
        grad_next: g, of the shape of the output.

    Raises:
        TypeError: an argument is not numeric.
        ValueError: an argument has another shape.

    Examples:
        >>> trace_chain(Sequential(Sigmoid(), Sigmoid()), [[0.0]], [[1.0]]).gain.round(3)
        array([0.25 , 0.235])
    """
    model.forward(X_input)
    gradients = model.gradients(grad_next)
    lengths = np.array([length(gradient) for gradient in gradients])
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        gain, left = lengths[:-1] / lengths[1:], lengths[:-1] / lengths[-1]
    return ChainTrace(gradients, lengths[1:], gain, left)


def length(values: ArrayLike) -> float:
    """Return √Σv², also where the squares are too small, or too large, for their dtype.

    Args:
        values: any shape.

    Raises:
        TypeError: the values are not numeric.

    Examples:
        >>> length([[3e-200], [4e-200]])
        5e-200
    """
    sizes = np.abs(as_float(values, "length, values")).astype(np.float64)
    largest = float(sizes.max(initial=0.0))
    if not 0 < largest < np.inf:
        return largest
    return largest * float(np.sqrt(((sizes / largest) ** 2).sum()))
