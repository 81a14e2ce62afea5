"""Wrong backward passes beside the right one: their results, their errors, and who makes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnfs import BaseLayer, relative_error
from nnfs.wrong_passes import WRONG_PASSES, WrongPass
from visualizer.figures.dust import settled
from visualizer.figures.numbers import number
from visualizer.lessons.steps import CHECK, Steps
from visualizer.scenario import Rows


@dataclass(frozen=True)
class Ghost:
    """What a wrong pass takes for the gradient of the sample in view.

    Attributes:
        name: such as "without coupling".
        mistake: what is wrong, in a sentence.
        who: who makes it, in a sentence.
        dx: its result, shape (C,); where it is the right one but for rounding, exactly that.
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


def known(layer: type[BaseLayer]) -> tuple[str, ...]:
    """Return the names of the wrong passes for a layer, as a link writes them."""
    return tuple(wrong.__name__ for wrong in WRONG_PASSES[layer])


def label(name: str) -> str:
    """Return a name as people read it."""
    return name.replace("_", " ")


def ghosts(
    layer: BaseLayer,
    scenario: Any,
    inputs: Rows | np.ndarray,
    right: np.ndarray,
    terms: np.ndarray,
    factor: float = 1.0,
) -> list[Ghost]:
    """Run the wrong passes that a scenario chooses, and compare them with the right result.

    They run on the whole batch: one of them mixes its samples.

    Args:
        layer: that they take the place of.
        scenario: with the names of the chosen ones in `wrong`, and `g`.
        inputs: of the layer, a row for each sample.
        right: what `backward` gives for the sample in view, shape (C,), with the factor in it.
        terms: what adds up to it, shape (M, C), as for `settled`.
        factor: what a layer before this one multiplies the gradient by.
    """
    if not scenario.wrong:
        return []
    passes = {wrong.__name__: wrong for wrong in WRONG_PASSES[type(layer)]}
    x, g = np.array(inputs), np.array(scenario.g)
    layer.forward(x)
    if not right.any():  # all of it cancels: what is left of a wrong pass is as small as g allows
        terms = np.outer(g[scenario.row] * factor, np.ones_like(right))
    with np.errstate(over="ignore", invalid="ignore"):
        results = {name: passes[name](layer, x, g)[scenario.row] for name in scenario.wrong}
        return [_ghost(passes[name], dx * factor, right, terms) for name, dx in results.items()]


def behind(scenario: Any, found: Iterable[Ghost], steps: Steps) -> dict[str, np.ndarray]:
    """Return what is drawn behind dx, by label: wrong passes, or at the last step the check."""
    if scenario.step == CHECK:
        return {"central difference": steps.check(scenario).numeric[0]}
    return {label(ghost.name): ghost.dx for ghost in found}


def _ghost(wrong: WrongPass, dx: np.ndarray, right: np.ndarray, terms: np.ndarray) -> Ghost:
    mistake, who = " ".join(str(wrong.__doc__).split()).split(". ", 1)
    missed = settled(dx - right, terms)
    dx = np.where(missed == 0, right, dx)
    return Ghost(
        name=wrong.__name__,
        mistake=f"{mistake}.",
        who=who,
        dx=dx,
        error=float(np.max(np.abs(missed))),
        relative=float(np.max(relative_error(dx, right))),
        agrees=not missed.any(),
    )
