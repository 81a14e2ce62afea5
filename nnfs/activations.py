"""The activations: each is one class, its derivative next to its value."""

import numpy as np
from numpy.typing import ArrayLike

from nnfs.base import BaseActivation, as_float
from nnfs.functional import finite_quotient, func_sigmoid, func_softmax


class Sigmoid(BaseActivation):
    """y = σ(x) = 1 / (1 + exp(−x)), element by element, on any shape.

    J is diagonal with σ′(x) = y (1 − y), which is at most ¼, at x = 0.

    Examples:
        >>> layer = Sigmoid()
        >>> layer.forward([0.0, np.log(3)])
        array([0.5 , 0.75])
        >>> layer.backward([4.0, 16.0])
        array([1., 3.])
    """

    def forward(self, X_input: ArrayLike) -> np.ndarray:
        """Return σ(X_input), of the same shape."""
        self.output = func_sigmoid(X_input)
        return self.output

    def backward(self, grad_next: ArrayLike) -> np.ndarray:
        """∂L/∂xᵢ = gᵢ · yᵢ (1 − yᵢ): each input answers for its own output alone."""
        g, y = self.match_gradient(grad_next), self.output
        return g * y * (1 - y)


class Softmax(BaseActivation):
    """sⱼ = exp(zⱼ) / Σₖ exp(zₖ) over the classes of each row of (batch_size, num_classes).

    J = diag(s) − s sᵀ for each sample: every output depends on every input of its row.

    Examples:
        >>> layer = Softmax()
        >>> layer.forward([np.log([1.0, 3.0])])
        array([[0.25, 0.75]])
        >>> layer.backward([[16.0, 0.0]])
        array([[ 3., -3.]])
    """

    def forward(self, X_input: ArrayLike) -> np.ndarray:
        """Return the probabilities, shape (batch_size, num_classes); each row sums to 1."""
        self.output = func_softmax(X_input)
        return self.output

    def backward(self, grad_next: ArrayLike) -> np.ndarray:
        """∂L/∂zⱼ = sⱼ (gⱼ − Σᵢ sᵢ gᵢ): centre g by its s-weighted mean, then weight it by s.

        This is Jᵀ·g with J = diag(s) − s sᵀ, without forming J.
        """
        g, s = self.match_gradient(grad_next), self.output
        return s * (g - (s * g).sum(axis=1, keepdims=True))


class Tanh(BaseActivation):
    """y = tanh(x), element by element, on any shape. J is diagonal with 1 − y².

    Examples:
        >>> layer = Tanh()
        >>> layer.forward([0.0, np.log(3)])
        array([0. , 0.8])
        >>> layer.backward([2.0, 25.0])
        array([2., 9.])
    """

    def forward(self, X_input: ArrayLike) -> np.ndarray:
        """Return tanh(X_input), of the same shape."""
        self.output = np.tanh(as_float(X_input, "Tanh.forward, X_input"))
        return self.output

    def backward(self, grad_next: ArrayLike) -> np.ndarray:
        """∂L/∂xᵢ = gᵢ (1 − yᵢ²): each input answers for its own output alone."""
        g, y = self.match_gradient(grad_next), self.output
        return g * (1 - y**2)


class ReLU(BaseActivation):
    """y = max(x, 0), element by element, on any shape. J is diagonal with 1 where x > 0, else 0.

    At x = 0 there is no derivative; 0 is taken, as in every library. Of complex values the real
    part decides, for the complex step.

    Examples:
        >>> layer = ReLU()
        >>> layer.forward([-2.0, 0.0, 3.0])
        array([0., 0., 3.])
        >>> layer.backward([5.0, 5.0, 5.0])
        array([0., 0., 5.])
    """

    def forward(self, X_input: ArrayLike) -> np.ndarray:
        """Return X_input where it is positive, else 0. NaN stays NaN."""
        x = as_float(X_input, "ReLU.forward, X_input")
        self.output = np.where(x.real <= 0, 0, x)
        return self.output

    def backward(self, grad_next: ArrayLike) -> np.ndarray:
        """∂L/∂xᵢ = gᵢ where the output is positive, else 0, even if gᵢ is infinite."""
        g, y = self.match_gradient(grad_next), self.output
        return np.where(y.real > 0, g, 0)


class Temperature(BaseActivation):
    """y = x / T, element by element: before a softmax, T > 1 flattens it and T < 1 sharpens it.

    J = I / T, which puts the factor 1/T into the Jacobian of a softmax at temperature T,
    `Sequential(Temperature(T), Softmax())`. A quotient beyond the range of the dtype stops at
    the largest number there is, so that the softmax still has a finite maximum.

    Examples:
        >>> layer = Temperature(4)
        >>> layer.forward([-2.0, 8.0])
        array([-0.5,  2. ])
        >>> layer.backward([1.0, 2.0])
        array([0.25, 0.5 ])
    """

    def __init__(self, T: float = 1.0) -> None:
        """Set the temperature.

        Args:
            T: finite and greater than 0.

        Raises:
            ValueError: T is not.
        """
        super().__init__()
        if not 0 < T < np.inf:
            raise ValueError(f"Temperature, T: expected a finite number above 0, got {T!r}")
        self.T = float(T)

    def forward(self, X_input: ArrayLike) -> np.ndarray:
        """Return X_input / T, of the same shape. A finite number stays finite."""
        x = as_float(X_input, "Temperature.forward, X_input")
        self.output = finite_quotient(x, self.T)
        return self.output

    def backward(self, grad_next: ArrayLike) -> np.ndarray:
        """∂L/∂xᵢ = gᵢ / T."""
        return self.match_gradient(grad_next) / self.T


ACTIVATIONS: tuple[type[BaseActivation], ...] = (Sigmoid, Softmax, Tanh, ReLU, Temperature)
