"""One way to run the layers of somebody else, whatever convention they follow.

Three conventions are understood: that of nnfs, in which `forward` returns the output and `backward`
the gradient; that of the book *Neural Networks from Scratch*, in which `forward` sets `output` and
`backward` sets `dinputs`; and that of Stanford's course CS231n, pairs of functions
`name_forward(x, …) -> out, cache` and `name_backward(dout, cache) -> dx, …`.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import FunctionType
from typing import Any

import numpy as np

from visualizer.student.arguments import Arguments, is_loss, names_used, required

OURS, SCRATCH, PAIRS = "nnfs", "Neural Networks from Scratch", "CS231n"

# More numbers than this are no output of the few inputs that a page shows.
MOST_NUMBERS = 100_000

# What a class keeps of its input, beside which it may keep the gradient of it: no parameter.
INPUTS = ("x", "X", "input", "inputs", "X_input", "output", "outputs")


class Unusual(TypeError):
    """A layer returned something else than its convention says. Its text says what is expected."""


class Runner(ABC):
    """One layer, run the same way whatever its convention.

    Attributes:
        vector: whether it takes one sample as a vector (C,), not a batch (N, C).
        eps: the spacing of numbers at 1 in the type that `forward` returned last.
        dtype: the name of that type.
        kept: the arrays that the last `forward` handed out: `backward` may not change them.
        unusual: what its results have against its convention, in a sentence each.
    """

    def __init__(self) -> None:
        """Begin with a layer that takes batches."""
        self.vector = False
        self.eps = float(np.finfo(np.float64).eps)
        self.dtype = "float64"
        self.kept: list[Any] = []
        self.unusual: dict[str, str] = {}
        self._shape: tuple[int, ...] = ()
        self._x: np.ndarray = np.zeros((1, 1))

    @property
    @abstractmethod
    def convention(self) -> str:
        """The convention that it follows, as far as it has shown."""

    @abstractmethod
    def program(self, x: np.ndarray) -> str:
        """Return the source of `run(x, g)`, which gives output and gradient, for a program."""

    @abstractmethod
    def _forward(self, x: np.ndarray) -> Any: ...

    @abstractmethod
    def _backward(self, g: Any) -> Any: ...

    def parameters(self) -> dict[str, np.ndarray]:
        """Return the parameters by name; after `backward`, which shows what they are."""
        return {}

    def set_parameter(self, name: str, value: np.ndarray) -> None:
        """Put another array in the place of a parameter."""
        raise NotImplementedError

    def gradients(self) -> dict[str, Any]:
        """Return what the last `backward` says of each parameter, by name."""
        return {}

    def forward(self, X: np.ndarray) -> np.ndarray:
        """Return the output for a batch.

        Args:
            X: shape (N, C); of a layer that takes vectors, (1, C).

        Returns:
            shape (R, M), float64 or complex: R is N, or 1 where there is one number for the batch.

        Raises:
            Unusual: the output is none of a layer.
        """
        self._x = X[0] if self.vector else X
        output = self._forward(self._x)
        y = _as_numbers(output, "forward returned")
        rows = self._rows(y, len(X))
        self.kept = [output] if isinstance(output, np.ndarray) else []
        self._shape = y.shape
        if y.dtype.kind == "f":
            self.eps, self.dtype = float(np.finfo(y.dtype).eps), y.dtype.name
        elif y.dtype.kind != "c":
            self.eps, self.dtype = float(np.finfo(np.float64).eps), y.dtype.name
        return rows

    def _rows(self, y: np.ndarray, count: int) -> np.ndarray:
        wide = y.astype(np.complex128 if y.dtype.kind == "c" else np.float64)
        if self.vector and y.ndim == 1 and y.size:
            return wide[np.newaxis]
        if not self.vector and y.ndim == 2 and len(y) == count and y.size:
            return wide
        if not self.vector and y.shape == (count,):
            return wide[:, np.newaxis]
        if y.ndim == 0 or y.size == 1:
            return wide.reshape(1, 1)
        expected = "(number of outputs,)" if self.vector else f"({count}, number of outputs)"
        raise Unusual(
            f"forward returned an array of shape {y.shape} for x of shape {self._x.shape}: "
            f"expected {expected}, or one number"
        )

    @property
    def given_x(self) -> np.ndarray:
        """What the last `forward` was given: shape (N, C), or (C,) of a layer of vectors."""
        return self._x

    def given(self, G: np.ndarray) -> Any:
        """Return an upstream gradient of shape (R, M) as the layer is given it."""
        return G.reshape(self._shape) if self._shape else float(G[0, 0])

    def backward(self, g: Any) -> np.ndarray:
        """Return what `backward` claims for ∂L/∂x.

        Args:
            g: as `given` returns it.

        Returns:
            shape (N, C), float64; NaN where it returned no array that could be one.

        Raises:
            Unusual: it returned no numbers.
        """
        dx, x = _as_numbers(self._backward(g), "backward returned"), self._x
        if dx.dtype.kind == "c":
            self.unusual["complex"] = "`backward` returns complex numbers."
            dx = dx.real
        if dx.shape != x.shape:
            self.unusual["shape"] = (
                f"`backward` returns an array of shape {dx.shape}: expected {x.shape}, that of x."
            )
            dx = _fitted(dx, x.shape)
        if dx.dtype.kind in "iub":
            self.unusual["whole"] = f"`backward` returns whole numbers, of type {dx.dtype.name}."
        return dx.astype(np.float64).reshape(np.atleast_2d(x).shape)


def _as_numbers(value: Any, said: str) -> np.ndarray:
    """Return a result as an array of numbers, or raise with what came."""
    if isinstance(value, tuple | list | dict) or value is None:
        size = f" of {len(value)}" if value is not None else ""
        raise Unusual(f"{said} {type(value).__name__}{size}: expected an array of numbers")
    array = np.asarray(value)
    if array.dtype.kind not in "fciub":
        raise Unusual(f"{said} {type(value).__name__} of {array.dtype}: expected numbers")
    if array.size > MOST_NUMBERS:
        raise Unusual(
            f"{said} an array of shape {array.shape}: expected at most {MOST_NUMBERS:,} numbers"
        )
    return array


def _fitted(array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return an array in another shape, if its numbers can be placed there; else NaN."""
    if array.size == np.prod(shape):
        return array.reshape(shape)
    try:
        return np.broadcast_to(array, shape).copy()
    except ValueError:
        return np.full(shape, np.nan)


class Holder(Runner):
    """An object with `forward` and `backward`, in the convention of nnfs or in that of the book."""

    def __init__(self, layer: Any, name: str, made: str = "") -> None:
        """Hold an object, under the name of its class or variable; `made` is how a program has it.

        Args:
            layer: the object.
            name: of its class or variable.
            made: how a program makes it; its name if empty.
        """
        super().__init__()
        self.layer, self.name, self.made = layer, name, made or name
        self.arguments = Arguments()
        self.forward_extra = required(layer.forward)[1:]
        asked = required(layer.backward)
        self.backward_extra, self.is_loss = asked[1:], is_loss(asked)
        self.returns_output = self.returns_gradient = True
        self._named_as_in_book = asked[:1] == ["dvalues"]

    @property
    def convention(self) -> str:
        """The book's, if it sets `dinputs`; nnfs's if it returns the gradient."""
        in_book = not self.returns_gradient or self._named_as_in_book
        return SCRATCH if in_book else OURS

    def _forward(self, x: np.ndarray) -> Any:
        extra = [self.arguments.value(argument, x) for argument in self.forward_extra]
        output = self.layer.forward(x, *extra)
        self.returns_output = output is not None
        if output is None:
            output = getattr(self.layer, "output", None)
        if output is None:
            raise Unusual(
                f"{self.name}.forward returned None and set no `output`: expected one of the two"
            )
        return np.mean(output) if self.is_loss else output

    def _backward(self, g: Any) -> Any:
        extra = [self.arguments.value(argument, self._x) for argument in self.backward_extra]
        given = self._predictions() if self.is_loss else g
        dx = self.layer.backward(given, *extra)
        self.returns_gradient = dx is not None
        if dx is None:
            dx = getattr(self.layer, "dinputs", None)
        if dx is None:
            raise Unusual(
                f"{self.name}.backward returned None and set no `dinputs`: expected ∂L/∂x"
            )
        return g * np.asarray(dx) if self.is_loss else dx

    def _predictions(self) -> Any:
        output = getattr(self.layer, "output", None)
        return output.copy() if isinstance(output, np.ndarray) else self._x

    def parameters(self) -> dict[str, np.ndarray]:
        """Return what `trainable` names, or else every array beside which a gradient is kept."""
        named = getattr(self.layer, "trainable", None)
        if isinstance(named, tuple | list):
            names = [name for name in named if isinstance(name, str)]
        else:
            kept = vars(self.layer) if hasattr(self.layer, "__dict__") else {}
            arrays = {name: v for name, v in kept.items() if isinstance(v, np.ndarray)}
            names = [
                name
                for name, value in arrays.items()
                if name not in INPUTS and np.shape(self._gradient(name)) == value.shape
            ]
        found = {name: getattr(self.layer, name, None) for name in names}
        return {
            name: np.array(value, np.float64)
            for name, value in found.items()
            if name.isidentifier() and isinstance(value, np.ndarray)
            if value.dtype.kind == "f" and value.size
        }

    def set_parameter(self, name: str, value: np.ndarray) -> None:
        """Put another array in the place of a parameter."""
        setattr(self.layer, name, value)

    def gradients(self) -> dict[str, Any]:
        """Return what `grad_<name>`, or `d<name>`, holds."""
        return {name: self._gradient(name) for name in self.parameters()}

    def _gradient(self, name: str) -> Any:
        return getattr(self.layer, self._gradient_name(name), None)

    def _gradient_name(self, name: str) -> str:
        """Return the attribute that holds the gradient of a parameter, or that ought to."""
        usual = f"d{name}" if self._named_as_in_book else f"grad_{name}"
        held = (f"grad_{name}", f"d{name}", f"{name}_grad")
        arrays = (a for a in held if isinstance(getattr(self.layer, a, None), np.ndarray))
        return next(arrays, usual)

    def forward(self, X: np.ndarray) -> np.ndarray:
        """Return the output; the one that the layer keeps counts as handed out, too."""
        y = super().forward(X)
        cached = getattr(self.layer, "output", None)
        if isinstance(cached, np.ndarray) and not any(cached is one for one in self.kept):
            self.kept.append(cached)
        return y

    def program(self, x: np.ndarray) -> str:
        """Return `run`, with one layer that all calls share."""
        forward, lines = _called("layer.forward", ["x"], self.forward_extra, self, x)
        predictions = "layer.output" if hasattr(self.layer, "output") else "x"
        given = predictions if self.is_loss else "g"
        backward, more = _called("layer.backward", [given], self.backward_extra, self, x)
        is_random = "random" in names_used(self.layer.forward)
        seed = ["np.random.seed(0)"] if is_random else []
        output = "output" if self.returns_output else "layer.output"
        dx = "dx" if self.returns_gradient else "layer.dinputs"
        if self.is_loss:
            output, dx = f"np.mean({output})", f"g * {dx}"
        gradients = {"x": dx} | {
            name: f"layer.{self._gradient_name(name)}" for name in self.parameters()
        }
        body = [
            *seed,
            f"output = {forward}" if self.returns_output else forward,
            f"dx = {backward}" if self.returns_gradient else backward,
            f"return {output}, {_dict(gradients)}",
        ]
        parameters = {name: f"layer.{name}" for name in self.parameters()}
        head = [*dict.fromkeys([*lines, *more]), *seed, f"layer = {self.made}"]
        return _function([*head, f"parameters = {_dict(parameters)}"], body)


def _called(
    called: str, first: list[str], extra: list[str], runner: Any, x: np.ndarray
) -> tuple[str, list[str]]:
    """Return a call as source, and the lines that define its arguments."""
    lines = []
    for argument in extra:
        value = runner.arguments.value(argument, x)
        written = f"np.array({value.tolist()})" if isinstance(value, np.ndarray) else repr(value)
        lines.append(f"{argument} = {written}")
    return f"{called}({', '.join([*first, *extra])})", lines


def _dict(entries: Mapping[str, str]) -> str:
    """Return the source of a dict: names, and source for their values."""
    return f"{{{', '.join(f'{name!r}: {source}' for name, source in entries.items())}}}".replace(
        "'", '"'
    )


def _function(head: list[str], body: list[str]) -> str:
    """Return the lines before `run`, and it."""
    return "\n".join([*head, "", "", "def run(x, g):", *(f"    {line}" for line in body)])


class Pair(Runner):
    """A pair of functions in the convention of CS231n."""

    def __init__(self, forward: FunctionType, backward: FunctionType) -> None:
        """Hold the two functions."""
        super().__init__()
        self.functions = forward, backward
        self.arguments = Arguments()
        self.extra = required(forward)[1:]
        self.cache: Any = None
        self._claimed: tuple[Any, ...] = ()

    @property
    def convention(self) -> str:
        """That of CS231n."""
        return PAIRS

    def _forward(self, x: np.ndarray) -> Any:
        forward, _ = self.functions
        result = forward(x, *(self.arguments.value(argument, x) for argument in self.extra))
        if not isinstance(result, tuple) or len(result) != 2:
            came = f"a tuple of {len(result)}" if isinstance(result, tuple) else type(result)
            came = came if isinstance(came, str) else came.__name__
            raise Unusual(f"{forward.__name__} returned {came}: expected (out, cache)")
        out, self.cache = result
        return out

    def _backward(self, g: Any) -> Any:
        _, backward = self.functions
        result = backward(g, self.cache)
        self._claimed = result if isinstance(result, tuple) else (result,)
        if not self._claimed:
            raise Unusual(f"{backward.__name__} returned an empty tuple: expected dx, …")
        return self._claimed[0]

    def parameters(self) -> dict[str, np.ndarray]:
        """Return the parameters among the arguments."""
        named = self.arguments.arrays.items()
        return {name: value.astype(np.float64) for name, value in named}

    def set_parameter(self, name: str, value: np.ndarray) -> None:
        """Put another array in the place of a parameter."""
        self.arguments.arrays[name] = value

    def gradients(self) -> dict[str, Any]:
        """Return what follows dx, in the order of the arguments."""
        names = [name for name in self.extra if Arguments.is_parameter(name)]
        given = dict(zip(names, self._claimed[1:], strict=False))
        return {name: given.get(name) for name in names}

    def program(self, x: np.ndarray) -> str:
        """Return `run`, with the arguments that the page has made."""
        forward, backward = self.functions
        call, lines = _called(forward.__name__, ["x"], self.extra, self, x)
        parameters = {name: name for name in self.parameters()}
        names = ["x", *parameters][: len(self._claimed)]
        gradients = f"{backward.__name__}(g, cache)"
        if len(self._claimed) > 1:
            found = f"dict(zip({names!r}, {gradients}))".replace("'", '"')
        else:
            found = _dict({"x": gradients})
        body = [f"output, cache = {call}", f"return output, {found}"]
        return _function([*lines, f"parameters = {_dict(parameters)}"], body)


class LossFunction(Runner):
    """A function `name_loss(x, y) -> loss, dx`, as the losses of CS231n are."""

    def __init__(self, function: FunctionType) -> None:
        """Hold the function."""
        super().__init__()
        self.function, self.arguments = function, Arguments()
        self.extra = required(function)[1:]
        self._gradient: Any = None

    @property
    def convention(self) -> str:
        """That of CS231n."""
        return PAIRS

    def _forward(self, x: np.ndarray) -> Any:
        target = self.arguments.value(self.extra[0], x)
        result = self.function(x, target)
        if not isinstance(result, tuple) or len(result) != 2:
            raise Unusual(f"{self.function.__name__} returned no pair: expected (loss, dx)")
        loss, self._gradient = result
        return loss

    def _backward(self, g: Any) -> Any:
        return g * np.asarray(self._gradient)

    def program(self, x: np.ndarray) -> str:
        """Return `run`, which scales the gradient by the upstream one."""
        call, lines = _called(self.function.__name__, ["x"], self.extra, self, x)
        body = [f"loss, dx = {call}", f"return loss, {_dict({'x': 'g * dx'})}"]
        return _function([*lines, "parameters = {}"], body)
