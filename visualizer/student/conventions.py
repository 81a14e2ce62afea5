"""Which layers a module has, and one way to run them all, whatever convention they follow.

Three conventions are understood: that of nnfs, in which `forward` returns the output and `backward`
the gradient; that of the book *Neural Networks from Scratch*, in which `forward` sets `output` and
`backward` sets `dinputs`; and that of Stanford's course CS231n, pairs of functions
`name_forward(x, …) -> out, cache` and `name_backward(dout, cache) -> dx, …`.
"""

import copy
import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

OURS, SCRATCH, PAIRS = "nnfs", "Neural Networks from Scratch", "CS231n"

# More numbers than this are no output of the few inputs that a page shows.
MOST_NUMBERS = 100_000

# What a class keeps of its input, beside which it may keep the gradient of it: no parameter.
INPUTS = ("x", "X", "input", "inputs", "X_input", "output", "outputs")

# What may be asked for beside x, by name, in lower case: see `Arguments.value`.
TARGETS = ("y", "y_true", "labels", "label")
ONE_HOT = ("t", "target", "targets", "one_hot", "onehot", "y_onehot")
WEIGHTS, BIASES = ("w", "weight", "weights"), ("b", "bias", "biases")
SCALES, SHIFTS = ("gamma", "scale"), ("beta", "shift")
SWITCHES = {"training": True, "train": True, "is_training": True, "mode": "train"}
NUMBERS = {"eps": 1e-5, "epsilon": 1e-5, "alpha": 0.1, "slope": 0.1, "negative_slope": 0.1}
SETTINGS = ("param", "params", "config", "settings")

# What `backward` of the book's losses calls what it is given: the predictions, not a gradient.
PREDICTIONS = ("dvalues", "y_pred", "predictions", "output", "outputs")


class Unusual(TypeError):
    """A layer returned something else than its convention says. Its text says what is expected."""


@dataclass(frozen=True)
class LeftOut:
    """What looks like a layer and is not offered.

    Attributes:
        name: in the file.
        why: in a few words.
    """

    name: str
    why: str


@dataclass(frozen=True)
class Found:
    """A layer of a module, of which nothing has run yet.

    Attributes:
        name: in the module: that of the class, of the variable, or of the pair.
        make: returns what runs it.
        parts: the names that a program has to import to have it.
        shown: the classes or functions that are its code.
    """

    name: str
    make: Callable[[], "Runner"]
    parts: tuple[str, ...]
    shown: tuple[Any, ...]


def layers_in(module: ModuleType) -> tuple[dict[str, Found], list[LeftOut]]:
    """Return the layers of a module by name, in their order, and what is left out, with reasons.

    Offered are its classes that can be made without arguments, objects at its top level, and pairs
    of functions. No code of the module runs.
    """
    found: dict[str, Found] = {}
    left_out: list[LeftOut] = []
    seen: set[int] = set()
    for name, value in list(vars(module).items()):
        if name.startswith("__") or not name.isidentifier() or isinstance(value, ModuleType):
            continue
        for layer in _candidates(module, name, value):
            if isinstance(layer, LeftOut):
                left_out.append(layer)
            elif id(value) not in seen:
                found[layer.name] = layer
        seen.add(id(value))
    return found, left_out


def _candidates(module: ModuleType, name: str, value: Any) -> Iterator[Found | LeftOut]:
    """Give what one name of a module stands for, if it is a layer or nearly one."""
    if inspect.isclass(value):
        if value.__module__ == module.__name__:
            yield from _class(name, value)
    elif isinstance(value, FunctionType):
        yield from _pair(module, name, value)
    elif _has(value, "forward") and _has(value, "backward"):
        yield from _checked(name, value, lambda: Holder(copied(value), name))


def _class(name: str, cls: type) -> Iterator[Found | LeftOut]:
    passes = [one for one in ("forward", "backward") if _has(cls, one)]
    if len(passes) < 2:
        if passes:
            missing = "backward" if passes == ["forward"] else "forward"
            yield LeftOut(name, f"it has no {missing}")
        return
    if inspect.isabstract(cls):
        yield LeftOut(name, "it is abstract")
        return
    if needed := _required(cls):
        example = f"{name.lower()} = {name}({', '.join(needed)})"
        yield LeftOut(
            name,
            f"it needs {', '.join(needed)}: make one at the top level of the file, as in {example}",
        )
        return
    yield from _checked(name, cls, lambda: Holder(cls(), name, f"{name}()"))


def _checked(name: str, owner: Any, make: Callable[[], "Runner"]) -> Iterator[Found | LeftOut]:
    """Give a class or an object as a layer, if its passes ask for nothing that nobody knows."""
    for one in ("forward", "backward"):
        if "NotImplementedError" in _names_in(getattr(owner, one)):
            yield LeftOut(name, f"its {one} raises NotImplementedError")
            return
        asked = _asked(owner, one)
        if unknown := [argument for argument in asked[1:] if not known(argument)]:
            yield LeftOut(name, f"its {one} needs {', '.join(unknown)}, which has no default")
            return
    if is_loss(_asked(owner, "backward")) and "output" not in _names_in(owner.forward):
        yield LeftOut(name, "it is a loss of probabilities; with the softmax in it, it is offered")
        return
    shown = owner if inspect.isclass(owner) else type(owner)
    yield Found(name, make, (name,), (shown,))


def _asked(owner: Any, method: str) -> list[str]:
    """Return the arguments without a default that a method of a class or an object is given."""
    asked = _required(getattr(owner, method))
    static = inspect.getattr_static(owner, method)
    has_self = inspect.isclass(owner) and not isinstance(static, staticmethod | classmethod)
    return asked[1:] if has_self else asked


def _names_in(method: Any) -> tuple[str, ...]:
    """Return the names that the code of a method uses, without running it."""
    code = getattr(inspect.unwrap(getattr(method, "__func__", method)), "__code__", None)
    return code.co_names if code is not None else ()


def is_loss(asked: list[str]) -> bool:
    """Tell whether a `backward` of these arguments is that of a loss of the book.

    It takes the predictions and the targets, and returns ∂L/∂x at once.
    """
    return asked[:1] != [] and asked[0] in PREDICTIONS and asked[-1].lower() in TARGETS


def _pair(module: ModuleType, name: str, function: FunctionType) -> Iterator[Found | LeftOut]:
    base, _, kind = name.rpartition("_")
    if not base or kind not in ("forward", "backward", "loss"):
        return
    if kind == "loss":
        extra = _required(function)[1:]
        if len(extra) == 1 and extra[0].lower() in TARGETS + ONE_HOT:
            yield Found(name, lambda: LossFunction(function), (name,), (function,))
        return
    other = f"{base}_{'backward' if kind == 'forward' else 'forward'}"
    partner = getattr(module, other, None)
    if not isinstance(partner, FunctionType):
        yield LeftOut(name, f"there is no {other}")
    elif kind == "forward":
        extra = _required(function)[1:]
        if unknown := [argument for argument in extra if not known(argument)]:
            yield LeftOut(base, f"{name} needs {', '.join(unknown)}, which has no default")
            return
        yield Found(base, partial(Pair, function, partner), (name, other), (function, partner))


def _has(owner: Any, name: str) -> bool:
    """Tell whether something has a method, without running any code of it."""
    found = inspect.getattr_static(owner, name, None)
    return callable(found) or isinstance(found, staticmethod | classmethod)


def _required(function: Callable[..., Any]) -> list[str]:
    """Return the names of the arguments that have no default."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    named = (*positional, inspect.Parameter.KEYWORD_ONLY)
    return [p.name for p in parameters if p.kind in named and p.default is inspect.Parameter.empty]


def known(argument: str) -> bool:
    """Tell whether a value is known for an argument of this name."""
    name = argument.lower()
    tables = (TARGETS, ONE_HOT, WEIGHTS, BIASES, SCALES, SHIFTS, SWITCHES, NUMBERS)
    return any(name in table for table in tables) or name.split("_")[-1] in SETTINGS


def copied(layer: Any) -> Any:
    """Return a copy of an object with all that it holds; the object itself if it has none."""
    try:
        return copy.deepcopy(layer)
    except Exception:  # what a class of somebody else raises, such as for an open file
        return layer


@dataclass
class Arguments:
    """What a layer is given beside x. Arrays are made once for each number of inputs, and kept.

    Attributes:
        arrays: parameters by name, such as w of shape (C, C) and b of shape (C,).
        width: the number of inputs that they fit; 0 before the first.
    """

    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    width: int = 0

    def value(self, argument: str, x: np.ndarray) -> Any:
        """Return what an argument of this name is given, for inputs of shape (N, C) or (C,)."""
        name, width = argument.lower(), x.shape[-1]
        count = len(x) if x.ndim == 2 else 1
        if name in TARGETS + ONE_HOT:
            classes = np.arange(count) % width
            target = classes if name in TARGETS else np.eye(width)[classes]
            return target if x.ndim == 2 else target[0]
        if name in SWITCHES or name in NUMBERS:
            return SWITCHES.get(name, NUMBERS.get(name))
        if name.split("_")[-1] in SETTINGS:
            return {"mode": "train", "p": 0.5, "seed": 0}
        if width != self.width:
            self.arrays, self.width = {}, width
        return self.arrays.setdefault(argument, _parameter(name, width))

    @staticmethod
    def is_parameter(argument: str) -> bool:
        """Tell whether an argument of this name is a parameter, with a gradient of its own."""
        return argument.lower() in (*WEIGHTS, *BIASES, *SCALES, *SHIFTS)


def _parameter(name: str, width: int) -> np.ndarray:
    """Return a parameter for so many inputs, always the same one: its letters are the seed."""
    rng = np.random.default_rng([width, *name.encode()])
    if name in WEIGHTS:
        return rng.normal(0, width**-0.5, (width, width)).round(2)
    return (rng.normal(0, 0.3, width) + (1.0 if name in SCALES else 0.0)).round(2)


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
        self.forward_extra = _required(layer.forward)[1:]
        asked = _required(layer.backward)
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
        is_random = "random" in _names_in(self.layer.forward)
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
        self.extra = _required(forward)[1:]
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
        self.extra = _required(function)[1:]
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
