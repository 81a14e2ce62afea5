"""A layer computes a value on the way forward, and passes a gradient on the way back."""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy import ndarray
from numpy.typing import ArrayLike


def as_float(values: ArrayLike, name: str) -> ndarray:
    """Return `values` as a floating-point array, without a copy where it is one already.

    Args:
        values: numbers of any shape. Real and complex floats keep their dtype, in the byte order
            of the machine; integers, booleans and lists become float64.
        name: what the error message calls them.

    Raises:
        TypeError: the values are not numbers.
        ValueError: the rows of a nested list differ in length.
    """
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name}: expected a rectangular array, got rows that differ") from error
    if array.dtype.kind in "fc":
        return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))
    if array.dtype.kind in "iub":
        return array.astype(np.float64)
    raise TypeError(f"{name}: expected numbers, got {_described(values, array)}")


def _described(values: object, array: ndarray) -> str:
    """Say what came: "NoneType", "list of str", "ndarray of object"."""
    kind = type(values).__name__
    if array.ndim == 0 and not isinstance(values, ndarray):
        return kind
    return f"{kind} of {array.dtype.type.__name__.rstrip('_')}"


class BaseLayer(ABC):
    """One step of a model: `forward` maps X_input to `output`, `backward` maps ∂L/∂y to ∂L/∂x.

    Attributes:
        layer_name: the name of the class, such as "Softmax".
        index: position in a model; 0 until a model numbers its layers.
        in_model: whether a model has numbered it.
        output: what the last `forward` returned; `np.zeros(1)` before the first one.

    Examples:
        >>> layer = Softmax()
        >>> layer, layer.trainable, layer.output
        (Softmax(index=0), None, array([0.]))
        >>> y = layer.forward([[0.0, 0.0]])
        >>> y is layer.output
        True
    """

    def __init__(self) -> None:
        """Start with no output: `backward` refuses until `forward` has run."""
        self.layer_name: str = type(self).__name__
        self.index: int = 0
        self.in_model: bool = False
        self._not_run = np.zeros(1)
        self.output: ndarray = self._not_run

    @property
    @abstractmethod
    def trainable(self) -> tuple[str, ...] | None:
        """Names of the attributes that training changes; None where there are none."""

    @abstractmethod
    def forward(self, X_input: ArrayLike) -> ndarray:
        """Compute `output` from X_input, store it and return it."""

    @abstractmethod
    def backward(self, grad_next: ArrayLike) -> ndarray:
        """Return ∂L/∂x = Jᵀ·g for the upstream gradient g = ∂L/∂y, from the last forward pass."""

    def match_gradient(self, grad_next: ArrayLike) -> ndarray:
        """Return `grad_next` as an array of the shape of `output`, in the wider of their dtypes.

        Every `backward` begins with it. An array that already has both is returned as it is.

        Raises:
            RuntimeError: `forward` has not run yet.
            TypeError: `grad_next` is not numeric.
            ValueError: its shape is not that of `output`. It is never broadcast.
        """
        output = self.output
        if output is self._not_run:
            raise RuntimeError(
                f"{self.layer_name}.backward needs the output of a forward pass: "
                f"call {self.layer_name}.forward(X_input) first"
            )
        grad_next = as_float(grad_next, f"{self.layer_name}.backward, grad_next")
        if grad_next.shape != output.shape:
            raise ValueError(
                f"{self.layer_name}.backward, grad_next: expected the shape of the output, "
                f"{output.shape}, got {grad_next.shape}"
            )
        return grad_next.astype(np.result_type(grad_next, output), copy=False)

    def __getstate__(self) -> dict[str, Any]:
        """Return what copy and pickle take over: a copy of a layer may join another model."""
        return vars(self) | {"in_model": False}

    def __repr__(self) -> str:
        """Show the name and the position, as in `Softmax(index=2)`."""
        return f"{self.layer_name}(index={self.index})"


class BaseActivation(BaseLayer):
    """A layer without parameters. A subclass is its forward and backward pass, nothing else.

    Examples:
        >>> class Exponential(BaseActivation):
        ...     def forward(self, X_input):
        ...         self.output = np.exp(X_input)
        ...         return self.output
        ...
        ...     def backward(self, grad_next):
        ...         return self.match_gradient(grad_next) * self.output
        >>> check_gradient(Exponential(), [0.5, -1.0], [1.0, 2.0]).ok
        True
    """

    @property
    def trainable(self) -> None:
        """None: an activation has no parameters."""
        return None
