"""Wrong backward passes beside the right one: their results, their errors, and who makes them."""

import inspect
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from figures import HATCHES as HATCHES
from figures import number
from nnfs import BaseLayer, relative_error
from nnfs.wrong_passes import WRONG_PASSES, WrongPass

# Up to this many units in the last place of the largest component, two results are the same.
SAME_ULPS = 16


@dataclass(frozen=True)
class Ghost:
    """What a wrong pass takes for the gradient of the sample in view.

    Attributes:
        name: such as "without coupling".
        mistake: what is wrong, in a sentence.
        who: who makes it, in a sentence.
        dx: its result, shape (C,).
        error: the largest |wrong − right|.
        relative: the largest relative error.
        agrees: whether it happens to give the right result here.
    """

    name: str
    mistake: str
    who: str
    dx: np.ndarray
    error: float
    relative: float
    agrees: bool

    @property
    def errors(self) -> tuple[str, str]:
        """The largest and the largest relative error, as they are printed."""
        return number(self.error), number(self.relative, 2)


def names(layer: type[BaseLayer]) -> tuple[str, ...]:
    """Return the names of the wrong passes for a layer, as a link writes them."""
    return tuple(wrong.__name__ for wrong in WRONG_PASSES[layer])


def label(name: str) -> str:
    """Return a name as people read it."""
    return name.replace("_", " ")


def ghosts(
    layer: BaseLayer,
    X_input: np.ndarray,
    grad_next: np.ndarray,
    right: np.ndarray,
    chosen: Iterable[str],
    n: int = 0,
    factor: float = 1.0,
) -> list[Ghost]:
    """Run the chosen wrong passes on the batch, and compare sample n with the right result.

    Args:
        layer: after its forward pass on X_input.
        X_input: shape (N, C).
        grad_next: g, shape (N, C).
        right: what `backward` gives for sample n, shape (C,), with the factor in it.
        chosen: names of wrong passes; unknown ones are passed over.
        n: the sample.
        factor: what a layer before this one multiplies the gradient by.
    """
    passes = {wrong.__name__: wrong for wrong in WRONG_PASSES[type(layer)]}
    found = []
    for name in chosen:
        if name in passes:
            with np.errstate(over="ignore", invalid="ignore"):
                dx = passes[name](layer, X_input, grad_next)[n] * factor
            found.append(_ghost(passes[name], dx, right))
    return found


def _ghost(wrong: WrongPass, dx: np.ndarray, right: np.ndarray) -> Ghost:
    mistake, who = " ".join(inspect.getdoc(wrong).split()).split(". ", 1)
    error = float(np.max(np.abs(dx - right)))
    noise = SAME_ULPS * np.spacing(float(np.max(np.abs(right), initial=1e-300)))
    return Ghost(
        name=wrong.__name__,
        mistake=f"{mistake}.",
        who=who,
        dx=dx,
        error=error,
        relative=float(np.max(relative_error(dx, right))),
        agrees=bool(error <= noise),
    )
