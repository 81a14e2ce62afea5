"""Well-known wrong backward passes, to be shown beside the right one and to test the tests.

Each takes a layer after its forward pass, the X_input of that pass and `grad_next`, all of shape
(N, C), and returns what somebody who makes the mistake takes for ∂L/∂x. The first sentence of
each docstring says what the mistake is, the second who makes it.
"""

import copy
from collections.abc import Callable

import numpy as np

from nnfs.activations import Sigmoid, Softmax
from nnfs.base import BaseLayer
from nnfs.dense import Dense
from nnfs.jacobian import jacobian

WrongPass = Callable[[BaseLayer, np.ndarray, np.ndarray], np.ndarray]


def without_coupling(layer: BaseLayer, X_input: np.ndarray, grad_next: np.ndarray) -> np.ndarray:
    """Keeps diag(s) of J = diag(s) − s sᵀ and drops s sᵀ: dx = s ⊙ g.

    Made by those who differentiate the numerator of softmax and forget that every input also
    stands in the denominator.
    """
    return layer.output * grad_next


def elementwise(layer: BaseLayer, X_input: np.ndarray, grad_next: np.ndarray) -> np.ndarray:
    """Takes the diagonal of J for the whole of it: dx = s (1 − s) ⊙ g.

    Made by those who carry the derivative of the sigmoid over to softmax, where it ignores every
    ∂sᵢ/∂zⱼ with i ≠ j.
    """
    return grad_next * layer.output * (1 - layer.output)


def input_for_output(layer: BaseLayer, X_input: np.ndarray, grad_next: np.ndarray) -> np.ndarray:
    """Puts the input where the output belongs: z in place of s in the formula.

    Made by those who cache X_input in forward, and then read y (1 − y) with the wrong y.
    """
    mistaken = copy.copy(layer)
    mistaken.output = X_input
    return mistaken.backward(grad_next)


def flattened_batch(layer: BaseLayer, X_input: np.ndarray, grad_next: np.ndarray) -> np.ndarray:
    """Flattens the batch into one long vector with one Jacobian: g is centred over all samples.

    Made by those who call np.sum without axis=1, so that samples leak into each other; a batch
    of one hides it.
    """
    s = layer.output
    return s * (grad_next - np.sum(s * grad_next))


def without_transpose(layer: BaseLayer, X_input: np.ndarray, grad_next: np.ndarray) -> np.ndarray:
    """Multiplies by J where Jᵀ belongs: dxᵢ = Σⱼ ∂yᵢ/∂xⱼ gⱼ.

    Made by those who test on symmetric Jacobians only, as those of sigmoid and softmax are; on a
    square dense layer it shows.
    """
    return np.matvec(jacobian(layer, X_input), grad_next)


def without_derivative(layer: BaseLayer, X_input: np.ndarray, grad_next: np.ndarray) -> np.ndarray:
    """Passes g on unchanged: dx = g.

    Made by those who forget the local derivative, as if the activation were the identity.
    """
    return grad_next.astype(layer.output.dtype)


WRONG_PASSES: dict[type[BaseLayer], tuple[WrongPass, ...]] = {
    Softmax: (
        without_coupling,
        elementwise,
        input_for_output,
        flattened_batch,
        without_transpose,
        without_derivative,
    ),
    Sigmoid: (input_for_output, without_transpose, without_derivative),
    Dense: (without_transpose,),
}
