"""The dense layer: the one with something to learn."""

import numpy as np
from numpy.typing import ArrayLike

from nnfs.base import BaseLayer, as_float


class Dense(BaseLayer):
    """y = x W + b, for each row x of X_input.

    J = Wᵀ (rows are outputs, columns inputs), the same for every sample. It is not symmetric, so a
    backward pass that computes J·g in place of Jᵀ·g is found here. The parameters are float64, and
    are rounded to the dtype of the data where that is narrower.

    Attributes:
        weights: W, shape (num_inputs, num_outputs), float64.
        bias: b, shape (num_outputs,), float64.
        grad_weights: ∂L/∂W of the last backward pass, None before it.
        grad_bias: ∂L/∂b of the last backward pass, None before it.

    Examples:
        >>> layer = Dense(2, 3)
        >>> layer.weights = np.array([[1.0, 2.0, 0.0], [0.0, 4.0, -1.0]])
        >>> layer.forward([[1.0, 10.0]])
        array([[  1.,  42., -10.]])
        >>> layer.backward([[1.0, 0.0, 2.0]])
        array([[ 1., -2.]])
        >>> layer.grad_weights
        array([[ 1.,  0.,  2.],
               [10.,  0., 20.]])
    """

    def __init__(
        self,
        num_inputs: int,
        num_outputs: int,
        seed: int | np.random.Generator = 0,
        scale: float | None = None,
    ) -> None:
        """Draw the weights from a normal distribution; the bias starts at 0.

        Args:
            num_inputs: at least 1.
            num_outputs: at least 1.
            seed: the same seed gives the same weights. A generator goes on where it is, so that
                the layers of a model differ.
            scale: the standard deviation of the weights, such as `glorot_scale` or `he_scale`. By
                default 1/√num_inputs, which keeps the variance of the activations from layer to
                layer (LeCun et al., "Efficient BackProp", 1998, section 4.6).

        Raises:
            ValueError: a size is below 1, or the scale is negative or not finite.
        """
        super().__init__()
        if num_inputs < 1 or num_outputs < 1:
            raise ValueError(
                "Dense: expected at least one input and one output, "
                f"got num_inputs={num_inputs}, num_outputs={num_outputs}"
            )
        scale = num_inputs**-0.5 if scale is None else scale
        if not 0 <= scale < np.inf:
            raise ValueError(f"Dense, scale: expected a finite number, 0 or above, got {scale!r}")
        rng = np.random.default_rng(seed)
        self.weights = rng.normal(0, scale, (num_inputs, num_outputs))
        self.bias = np.zeros(num_outputs)
        self.grad_weights: np.ndarray | None = None
        self.grad_bias: np.ndarray | None = None

    @property
    def trainable(self) -> tuple[str, ...]:
        """The parameters: "weights" and "bias"; the gradient of each is in `grad_<name>`."""
        return ("weights", "bias")

    def forward(self, X_input: ArrayLike) -> np.ndarray:
        """Return X_input W + b.

        Args:
            X_input: shape (batch_size, num_inputs).

        Returns:
            shape (batch_size, num_outputs).

        Raises:
            TypeError: X_input is not numeric.
            ValueError: X_input has another shape.
        """
        X_input = as_float(X_input, "Dense.forward, X_input")
        if X_input.ndim != 2 or X_input.shape[1] != len(self.weights):
            raise ValueError(
                f"Dense.forward, X_input: expected shape (batch_size, {len(self.weights)}), "
                f"got {X_input.shape}"
            )
        W, b = (as_precise_as(X_input, parameter) for parameter in (self.weights, self.bias))
        self.output = X_input @ W + b
        self._X_input = X_input
        return self.output

    def backward(self, grad_next: ArrayLike) -> np.ndarray:
        """Return ∂L/∂x = g Wᵀ; keep ∂L/∂W = xᵀ g and ∂L/∂b = Σₙ g, summed over the batch."""
        g = self.match_gradient(grad_next)
        self.grad_weights = self._X_input.T @ g
        self.grad_bias = g.sum(axis=0)
        return g @ as_precise_as(g, self.weights).T


def glorot_scale(num_inputs: int, num_outputs: int) -> float:
    """Return √(2 / (num_inputs + num_outputs)), for a layer before a tanh.

    A variance of 1 / num_inputs keeps the variance of the activations on the way forward, and
    1 / num_outputs that of the gradient on the way back, where tanh is nearly linear. This is
    between the two.

    Source:
        X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward neural
        networks", AISTATS 2010, equation 12.

    Examples:
        >>> glorot_scale(3, 5)
        0.5
        >>> layer = Dense(3, 5, scale=glorot_scale(3, 5))
    """
    return (2 / (num_inputs + num_outputs)) ** 0.5


def he_scale(num_inputs: int) -> float:
    """Return √(2 / num_inputs), for a layer before a ReLU, which lets half of the signal through.

    Source:
        K. He et al., "Delving deep into rectifiers", ICCV 2015, equation 10.

    Examples:
        >>> he_scale(8)
        0.5
        >>> rng = np.random.default_rng(0)
        >>> model = Sequential(Dense(8, 8, rng, he_scale(8)), ReLU(), Dense(8, 2, rng))
    """
    return (2 / num_inputs) ** 0.5


def as_precise_as(data: np.ndarray, parameter: np.ndarray) -> np.ndarray:
    """Return a parameter in the dtype of the data, so that float32 in gives float32 out.

    A complex parameter stays complex, for the complex step.
    """
    if parameter.dtype.kind == "c":
        return parameter
    return parameter.astype(data.dtype, copy=False)
