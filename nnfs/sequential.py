"""Layers one after another: forward from first to last, backward from last to first."""

import numpy as np
from numpy.typing import ArrayLike

from nnfs.base import BaseLayer


class Sequential(BaseLayer):
    """y = fₙ(… f₁(x)); Jᵀ·g = J₁ᵀ (… (Jₙᵀ·g)), one layer at a time, from the last to the first.

    Attributes:
        layers: the layers in order; `layers[k].index` is k.

    Examples:
        >>> model = Sequential(Temperature(2), Sigmoid())
        >>> model.forward([[0.0, 2 * np.log(3)]])
        array([[0.5 , 0.75]])
        >>> model.backward([[8.0, 16.0]])  # 8 · ¼ · ½, 16 · 3/16 · ½
        array([[1. , 1.5]])
        >>> model.layers
        (Temperature(index=0), Sigmoid(index=1))
    """

    def __init__(self, *layers: BaseLayer) -> None:
        """Number the layers by `index`.

        A layer holds one output, so it can be in one place of one model only.

        Raises:
            TypeError: an argument is not a layer; a list of layers is not one either.
            ValueError: there is no layer, or one is here twice, or belongs to another model.
        """
        super().__init__()
        if not layers:
            raise ValueError("Sequential: expected at least one layer, got none")
        for layer in layers:
            if not isinstance(layer, BaseLayer):
                raise TypeError(f"Sequential: expected layers, got {layer!r}")
            if layer.in_model:
                raise ValueError(
                    f"Sequential: expected layers of its own, but {layer!r} belongs to another "
                    "model; copy.deepcopy(layer) does not"
                )
        if len({id(layer) for layer in layers}) < len(layers):
            raise ValueError("Sequential: expected distinct layers, got the same object twice")
        self.layers = layers
        for index, layer in enumerate(layers):
            layer.index, layer.in_model = index, True

    @property
    def trainable(self) -> tuple[str, ...] | None:
        """Parameters as "<index>.<name>", such as "0.weights"; None if no layer has any."""
        names = [f"{layer.index}.{name}" for layer in self.layers for name in layer.trainable or ()]
        return tuple(names) or None

    def forward(self, X_input: ArrayLike) -> np.ndarray:
        """Return the output of the last layer; each layer keeps its own."""
        first, *others = self.layers
        output = first.forward(X_input)
        for layer in others:
            output = layer.forward(output)
        self.output = output
        return output

    def backward(self, grad_next: ArrayLike) -> np.ndarray:
        """Return ∂L/∂x: each layer's result is the upstream gradient of the layer before it."""
        grad_next = self.match_gradient(grad_next)
        for layer in reversed(self.layers):
            grad_next = layer.backward(grad_next)
        return grad_next

    def gradients(self, grad_next: ArrayLike) -> tuple[np.ndarray, ...]:
        """Return the gradient at every place between the layers, as `backward` passes them on.

        Args:
            grad_next: g, of the shape of the output.

        Returns:
            one array more than there are layers. The first is ∂L/∂x, what `backward` returns;
            number k is what layer k passes on, and number k + 1 what arrives at it; the last is g.

        Raises:
            RuntimeError: `forward` has not run yet.
            TypeError: `grad_next` is not numeric.
            ValueError: its shape is not that of the output.

        Examples:
            >>> model = Sequential(Temperature(2), Sigmoid())
            >>> y = model.forward([[0.0, 2 * np.log(3)]])
            >>> for gradient in model.gradients([[8.0, 16.0]]):
            ...     print(gradient)
            [[1.  1.5]]
            [[2. 3.]]
            [[ 8. 16.]]
        """
        found = [self.match_gradient(grad_next)]
        for layer in reversed(self.layers):
            found.append(layer.backward(found[-1]))
        return tuple(reversed(found))
