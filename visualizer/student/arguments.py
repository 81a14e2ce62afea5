"""What the layers of somebody else ask for beside x, by name, and what they are given."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

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


def known(argument: str) -> bool:
    """Tell whether a value is known for an argument of this name."""
    name = argument.lower()
    tables = (TARGETS, ONE_HOT, WEIGHTS, BIASES, SCALES, SHIFTS, SWITCHES, NUMBERS)
    return any(name in table for table in tables) or name.split("_")[-1] in SETTINGS


def required(function: Callable[..., Any]) -> list[str]:
    """Return the names of the arguments that have no default."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    named = (*positional, inspect.Parameter.KEYWORD_ONLY)
    return [p.name for p in parameters if p.kind in named and p.default is inspect.Parameter.empty]


def names_used(method: Any) -> tuple[str, ...]:
    """Return the names that the code of a method uses, without running it."""
    code = getattr(inspect.unwrap(getattr(method, "__func__", method)), "__code__", None)
    return code.co_names if code is not None else ()


def is_loss(asked: list[str]) -> bool:
    """Tell whether a `backward` of these arguments is that of a loss of the book.

    It takes the predictions and the targets, and returns ∂L/∂x at once.
    """
    return asked[:1] != [] and asked[0] in PREDICTIONS and asked[-1].lower() in TARGETS


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
