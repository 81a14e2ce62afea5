"""Well-known wrong backward passes, to be shown beside the right one and to test the tests.

Each takes a layer after its forward pass, the X_input of that pass and `grad_next`, both of shape
(N, C), and returns what somebody who makes the mistake takes for ∂L/∂x. The first sentence of
each docstring says what the mistake is, the second who makes it. WRONG_PASSES, at the end, lists
them by layer, with their formulas.

    >>> layer = Softmax()
    >>> z, g = np.log([[1.0, 3.0]]), np.array([[16.0, 0.0]])
    >>> s = layer.forward(z)
    >>> layer.backward(g)
    array([[ 3., -3.]])
    >>> without_coupling(layer, z, g)
    array([[4., 0.]])
"""

import copy
from typing import Protocol

import numpy as np

from nnfs.activations import ReLU, Sigmoid, Softmax, Tanh
from nnfs.base import BaseActivation, BaseLayer
from nnfs.dense import Dense
from nnfs.jacobian import jacobian
from nnfs.losses import CrossEntropy
from nnfs.sequential import Sequential


class WrongPass(Protocol):
    """A function of this module; its name is the one that links write."""

    __name__: str

    def __call__(
        self, layer: BaseLayer, X_input: np.ndarray, grad_next: np.ndarray, /
    ) -> np.ndarray:
        """Return what the mistake takes for ∂L/∂x."""


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
    """Puts the input where the output belongs: x in place of y, z in place of s.

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


def without_weight(layer: BaseLayer, X_input: np.ndarray, grad_next: np.ndarray) -> np.ndarray:
    """Centres g by its s-weighted mean and does not weight it by s: dx = g − Σᵢ sᵢgᵢ.

    Made by those who take s out of the brackets, and then lose it.
    """
    return grad_next - (layer.output * grad_next).sum(axis=1, keepdims=True)


def without_complement(layer: BaseLayer, X_input: np.ndarray, grad_next: np.ndarray) -> np.ndarray:
    """Forgets the factor 1 − y of the derivative y (1 − y): dx = g ⊙ y.

    Made by those who take σ for the exponential function, which is its own derivative.
    """
    return grad_next * layer.output


def without_gradient(layer: BaseLayer, X_input: np.ndarray, grad_next: np.ndarray) -> np.ndarray:
    """Forgets g: the result is the slope of the activation alone.

    Made by those who stop at the local derivative, and do not multiply by what arrives from above.
    """
    return layer.backward(np.ones_like(grad_next))


def tanh_derivative(layer: BaseLayer, X_input: np.ndarray, grad_next: np.ndarray) -> np.ndarray:
    """Takes the derivative of tanh for that of the sigmoid: dx = g ⊙ (1 − y²).

    Made by those who remember both formulas, and mix them up.
    """
    return grad_next * (1 - layer.output**2)


def sigmoid_derivative(layer: BaseLayer, X_input: np.ndarray, grad_next: np.ndarray) -> np.ndarray:
    """Takes the derivative of the sigmoid for that of tanh: dx = g ⊙ y ⊙ (1 − y).

    Made by those who put tanh in the place of a sigmoid, and keep its backward pass.
    """
    return grad_next * layer.output * (1 - layer.output)


def without_square(layer: BaseLayer, X_input: np.ndarray, grad_next: np.ndarray) -> np.ndarray:
    """Forgets the square in 1 − y²: dx = g ⊙ (1 − y).

    Made by those who write the formula down from memory; for an output near 1 it is half of it.
    """
    return grad_next * (1 - layer.output)


def output_for_slope(layer: BaseLayer, X_input: np.ndarray, grad_next: np.ndarray) -> np.ndarray:
    """Multiplies by the output where its slope, 0 or 1, belongs: dx = g ⊙ y.

    Made by those who know that nothing passes where the output is 0, and forget that everything
    passes elsewhere.
    """
    return grad_next * layer.output


def forward_again(layer: BaseLayer, X_input: np.ndarray, grad_next: np.ndarray) -> np.ndarray:
    """Applies ReLU to the gradient: what decides is the sign of g, not that of x.

    Made by those who take the backward pass for the forward pass in reverse.
    """
    return np.where(grad_next > 0, grad_next, 0)


def without_target(layer: BaseLayer, X_input: np.ndarray, grad_next: np.ndarray) -> np.ndarray:
    """Forgets the target: dz = s, where s − t belongs.

    Made by those who differentiate log Σ exp(z), and overlook that −z of the target is a part of
    the loss, too.
    """
    return layer.backward(grad_next) + grad_next


def wrong_sign(layer: BaseLayer, X_input: np.ndarray, grad_next: np.ndarray) -> np.ndarray:
    """Has the wrong sign: dz = t − s.

    Made by those who remember the difference, and not which way round it is; the loss then climbs.
    """
    return -layer.backward(grad_next)


def without_activations(layer: BaseLayer, X_input: np.ndarray, grad_next: np.ndarray) -> np.ndarray:
    """Passes over the activations: g goes from one weight matrix straight to the next.

    Made by those who chain the weights on the way back, and forget what stands between them.
    """
    for part in reversed(_parts(layer)):
        if not isinstance(part, BaseActivation):
            grad_next = part.backward(grad_next)
    return grad_next


def first_to_last(layer: BaseLayer, X_input: np.ndarray, grad_next: np.ndarray) -> np.ndarray:
    """Takes the layers in the order of the forward pass: the first one gets g first.

    Made by those who forget `reversed`; with layers of one width nothing complains.
    """
    for part in _parts(layer):
        grad_next = part.backward(grad_next)
    return grad_next


def _parts(layer: BaseLayer) -> tuple[BaseLayer, ...]:
    """Return copies of the layers of a model, which keep what they know of the forward pass."""
    return copy.deepcopy(layer).layers if isinstance(layer, Sequential) else (layer,)


# By layer: its wrong passes, and what each of them computes there, as text. The input is x or z,
# the output y or s, the gradient from above g; i counts outputs, n samples; [y > 0] is 1 or 0. The
# model is a dense layer W₁, an activation of slope a′, and a dense layer W₂, as in y = a(x W₁) W₂.
WRONG_PASSES: dict[type[BaseLayer], dict[WrongPass, str]] = {
    Softmax: {
        without_coupling: "s ⊙ g",
        elementwise: "s ⊙ (1 − s) ⊙ g",
        input_for_output: "z ⊙ (g − Σᵢ zᵢgᵢ)",
        flattened_batch: "s ⊙ (g − Σₙᵢ sₙᵢgₙᵢ)",
        without_weight: "g − Σᵢ sᵢgᵢ",
        without_transpose: "J·g",
        without_derivative: "g",
    },
    Sigmoid: {
        input_for_output: "g ⊙ x ⊙ (1 − x)",
        without_complement: "g ⊙ y",
        tanh_derivative: "g ⊙ (1 − y²)",
        without_gradient: "y ⊙ (1 − y)",
        without_transpose: "J·g",
        without_derivative: "g",
    },
    Tanh: {
        input_for_output: "g ⊙ (1 − x²)",
        sigmoid_derivative: "g ⊙ y ⊙ (1 − y)",
        without_square: "g ⊙ (1 − y)",
        without_gradient: "1 − y²",
        without_derivative: "g",
    },
    ReLU: {
        output_for_slope: "g ⊙ y",
        forward_again: "g ⊙ [g > 0]",
        without_gradient: "[y > 0]",
        without_derivative: "g",
    },
    Dense: {without_transpose: "J·g"},
    CrossEntropy: {
        without_target: "s ⊙ Σᵢ gᵢ",
        wrong_sign: "g − s ⊙ Σᵢ gᵢ",
        without_transpose: "J·g",
        without_derivative: "g",
    },
    Sequential: {
        without_transpose: "J·g",
        without_activations: "W₁·(W₂·g)",
        first_to_last: "W₂·(a′ ⊙ (W₁·g))",
        without_derivative: "g",
    },
}
