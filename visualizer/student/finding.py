"""Which layers a module has: found by looking at it, as none of its code runs."""

import copy
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from types import FunctionType, ModuleType
from typing import Any

from visualizer.student.arguments import ONE_HOT, TARGETS, is_loss, known, names_used, required
from visualizer.student.conventions import Holder, LossFunction, Pair, Runner


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
    make: Callable[[], Runner]
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
    if needed := required(cls):
        example = f"{name.lower()} = {name}({', '.join(needed)})"
        yield LeftOut(
            name,
            f"it needs {', '.join(needed)}: make one at the top level of the file, as in {example}",
        )
        return
    yield from _checked(name, cls, lambda: Holder(cls(), name, f"{name}()"))


def _checked(name: str, owner: Any, make: Callable[[], Runner]) -> Iterator[Found | LeftOut]:
    """Give a class or an object as a layer, if its passes ask for nothing that nobody knows."""
    for one in ("forward", "backward"):
        if "NotImplementedError" in names_used(getattr(owner, one)):
            yield LeftOut(name, f"its {one} raises NotImplementedError")
            return
        asked = _asked(owner, one)
        if unknown := [argument for argument in asked[1:] if not known(argument)]:
            yield LeftOut(name, f"its {one} needs {', '.join(unknown)}, which has no default")
            return
    if is_loss(_asked(owner, "backward")) and "output" not in names_used(owner.forward):
        yield LeftOut(name, "it is a loss of probabilities; with the softmax in it, it is offered")
        return
    shown = owner if inspect.isclass(owner) else type(owner)
    yield Found(name, make, (name,), (shown,))


def _asked(owner: Any, method: str) -> list[str]:
    """Return the arguments without a default that a method of a class or an object is given."""
    asked = required(getattr(owner, method))
    static = inspect.getattr_static(owner, method)
    has_self = inspect.isclass(owner) and not isinstance(static, staticmethod | classmethod)
    return asked[1:] if has_self else asked


def _pair(module: ModuleType, name: str, function: FunctionType) -> Iterator[Found | LeftOut]:
    base, _, kind = name.rpartition("_")
    if not base or kind not in ("forward", "backward", "loss"):
        return
    if kind == "loss":
        extra = required(function)[1:]
        if len(extra) == 1 and extra[0].lower() in TARGETS + ONE_HOT:
            yield Found(name, lambda: LossFunction(function), (name,), (function,))
        return
    other = f"{base}_{'backward' if kind == 'forward' else 'forward'}"
    partner = getattr(module, other, None)
    if not isinstance(partner, FunctionType):
        yield LeftOut(name, f"there is no {other}")
    elif kind == "forward":
        extra = required(function)[1:]
        if unknown := [argument for argument in extra if not known(argument)]:
            yield LeftOut(base, f"{name} needs {', '.join(unknown)}, which has no default")
            return
        yield Found(base, partial(Pair, function, partner), (name, other), (function, partner))


def _has(owner: Any, name: str) -> bool:
    """Tell whether something has a method, without running any code of it."""
    found = inspect.getattr_static(owner, name, None)
    return callable(found) or isinstance(found, staticmethod | classmethod)


def copied(layer: Any) -> Any:
    """Return a copy of an object with all that it holds; the object itself if it has none."""
    try:
        return copy.deepcopy(layer)
    except Exception:  # what a class of somebody else raises, such as for an open file
        return layer
