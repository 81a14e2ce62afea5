"""The Jacobian that `backward` never forms, made visible by asking `backward` for it row by row."""

import copy
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nnfs.base import BaseLayer, as_float


def jacobian(layer: BaseLayer, X_input: ArrayLike | None = None) -> np.ndarray:
    """Return ∂yᵢ/∂xⱼ for each sample: rows i are outputs, columns j inputs.

    Row i is what `layer.backward` returns for the one-hot gradient eᵢ, since Jᵀ·eᵢ is row i of J.
    So the matrix shows the layer at work, not a second formula for it. Assumes that samples do not
    influence each other, as in every layer here.

    Cost: one forward pass and M + 1 backward passes over the batch (one to learn the shape), N·M·C
    numbers of memory. `backward` itself needs one pass and N·C numbers, which is why no library
    forms J to train.

    Args:
        layer: any object with `forward` and `backward`, and `output` if there is no X_input. A copy
            of it runs; its own state does not change.
        X_input: shape (N, C). If None, J is that of the layer's last forward pass.

    Returns:
        shape (N, M, C), for M outputs per sample: one block per sample, never (N·M, N·C).

    Raises:
        RuntimeError: there is no X_input, and the layer has not run.
        TypeError: X_input is not numeric.
        ValueError: X_input or the output is not 2-D.

    Examples:
        >>> 16 * jacobian(Softmax(), [np.log([1.0, 3.0])])
        array([[[ 3., -3.],
                [-3.,  3.]]])
    """
    layer = copy.deepcopy(layer)
    output = layer.output if X_input is None else layer.forward(_two_dimensional(X_input))
    one_hot = np.zeros(output.shape, output.dtype)
    row = layer.backward(one_hot)  # zeros, but of the shape and the dtype of a row of J
    if output.ndim != 2:
        raise ValueError(
            f"jacobian: expected an output (batch_size, num_outputs), got {output.shape}"
        )
    J = np.empty((*output.shape, row.shape[1]), row.dtype)
    for i in range(output.shape[1]):
        one_hot[:, i] = 1
        J[:, i] = layer.backward(one_hot)
        one_hot[:, i] = 0
    return J


def _two_dimensional(X_input: ArrayLike) -> np.ndarray:
    X_input = as_float(X_input, "jacobian, X_input")
    if X_input.ndim != 2:
        raise ValueError(
            f"jacobian, X_input: expected shape (batch_size, num_inputs), got {X_input.shape}"
        )
    return X_input


def vjp_terms(J: ArrayLike, grad_next: ArrayLike) -> np.ndarray:
    """Return the terms gᵢ·∂yᵢ/∂xⱼ of the vector-Jacobian product Jᵀ·g.

    Args:
        J: shape (N, M, C).
        grad_next: g, shape (N, M).

    Returns:
        shape (N, M, C). Column j of a block adds up to (∂L/∂x)ⱼ: `terms.sum(axis=1)` is Jᵀ·g.

    Raises:
        TypeError: an argument is not numeric.
        ValueError: the shapes do not fit.

    Examples:
        >>> terms = vjp_terms([[[3.0, -3.0], [-3.0, 3.0]]], [[2.0, 1.0]])
        >>> terms
        array([[[ 6., -6.],
                [-3.,  3.]]])
        >>> terms.sum(axis=1)
        array([[ 3., -3.]])
    """
    J, g = as_float(J, "vjp_terms, J"), as_float(grad_next, "vjp_terms, grad_next")
    if J.ndim != 3 or g.shape != J.shape[:2]:
        raise ValueError(
            "vjp_terms: expected J of shape (N, M, C) and grad_next of shape (N, M), "
            f"got {J.shape} and {g.shape}"
        )
    return g[:, :, np.newaxis] * J


class BackwardTrace(NamedTuple):
    """All that happens to one sample on its way through a layer and back.

    C is the number of inputs, M that of outputs.

    Attributes:
        output: y, shape (M,).
        J: ∂yᵢ/∂xⱼ, shape (M, C).
        terms: gᵢ·∂yᵢ/∂xⱼ, shape (M, C); column j adds up to dx[j].
        dx: ∂L/∂x = Jᵀ·g, as `backward` returns it, shape (C,).

    Examples:
        >>> trace_backward(Dense(3, 2), [1.0, 2.0, 3.0], [1.0, 0.0]).J.shape
        (2, 3)
    """

    output: np.ndarray
    J: np.ndarray
    terms: np.ndarray
    dx: np.ndarray


def trace_backward(layer: BaseLayer, x: ArrayLike, grad_next: ArrayLike) -> BackwardTrace:
    """Run a layer once, on one sample, for its output, its Jacobian, the terms of Jᵀ·g and dx.

    The batch is M + 1 times the same sample. The gradient of the first is g, and gives dx; those
    of the others are one-hot, and give the rows of J. Assumes that samples do not influence each
    other.

    Args:
        layer: any layer for input of shape (N, C). It runs itself, not a copy of it, and keeps the
            state of the batch.
        x: one sample, shape (C,).
        grad_next: g, shape (M,).

    Raises:
        TypeError: an argument is not numeric.
        ValueError: x is not 1-D, or `grad_next` does not have the shape of the output.

    Examples:
        >>> y, J, terms, dx = trace_backward(Softmax(), np.log([1.0, 3.0]), [32.0, 16.0])
        >>> y
        array([0.25, 0.75])
        >>> terms
        array([[ 6., -6.],
               [-3.,  3.]])
        >>> dx
        array([ 3., -3.])
    """
    x, g = as_float(x, "trace_backward, x"), as_float(grad_next, "trace_backward, grad_next")
    if x.ndim != 1 or g.ndim != 1:
        raise ValueError(
            "trace_backward: expected x of shape (num_inputs,) and grad_next of shape "
            f"(num_outputs,), got {x.shape} and {g.shape}"
        )
    samples = np.empty((g.size + 1, x.size), x.dtype)
    samples[:] = x
    gradients = np.zeros((g.size + 1, g.size), g.dtype)
    gradients[0] = g
    np.fill_diagonal(gradients[1:], 1)
    output = layer.forward(samples)
    if output.shape != gradients.shape:
        raise ValueError(
            f"trace_backward, grad_next: expected the shape of the output, {output.shape[1:]}, "
            f"got {g.shape}"
        )
    rows = layer.backward(gradients)
    dx, J = rows[0], rows[1:]
    return BackwardTrace(output[0], J, g[:, np.newaxis] * J, dx)


def softmax_jacobian(output: ArrayLike) -> np.ndarray:
    """Return J = diag(s) − s sᵀ for each sample, the closed form to compare with `jacobian`.

    Symmetric, with rows and columns that sum to 0: rank C − 1 where every s > 0, and
    eigenvalues between 0 and ½. N·C² numbers of time and memory.

    Args:
        output: s, the output of a softmax, shape (N, C).

    Returns:
        shape (N, C, C).

    Raises:
        TypeError: `output` is not numeric.
        ValueError: `output` is not 2-D.

    Examples:
        >>> softmax_jacobian([[0.25, 0.75]])
        array([[[ 0.1875, -0.1875],
                [-0.1875,  0.1875]]])
    """
    s = as_float(output, "softmax_jacobian, output")
    if s.ndim != 2:
        raise ValueError(
            f"softmax_jacobian, output: expected shape (batch_size, num_classes), got {s.shape}"
        )
    J = -s[:, :, np.newaxis] * s[:, np.newaxis, :]
    diagonal = np.arange(s.shape[1])
    J[:, diagonal, diagonal] = s * (1.0 - s)
    return J
