"""Wrong backward passes beside the right one: their results, their errors, and who makes them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnfs import BaseLayer, Softmax, relative_error
from nnfs.wrong_passes import WRONG_PASSES, WrongPass
from visualizer.figures.dust import settled, settled_sum
from visualizer.figures.numbers import number
from visualizer.lessons.steps import CHECK, Steps
from visualizer.scenario import Rows

# So many components are named one by one; of more, the first ones and how many there are.
NAMED = 4
# So much may a factor differ from component to component by rounding, and still be one factor.
ONE_FACTOR = 1e-9


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
        right: of each component whether it is right, shape (C,).
        faults: what the whole gets wrong, each in a few words; none where it agrees.
    """

    name: str
    mistake: str
    who: str
    dx: np.ndarray
    error: float
    relative: float
    right: np.ndarray
    faults: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether it happens to give the right result here."""
        return bool(self.right.all())

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
    handed: np.ndarray,
    factor: float = 1.0,
) -> list[Ghost]:
    """Run the wrong passes that a scenario chooses, and compare them with the right result.

    They run on the whole batch: one of them mixes its samples. What differs by less than the
    rounding of g does not differ: near saturation all of the gradient may be as small as that, and
    no test with a tolerance that g sets would tell 4e-18 from 0.

    Args:
        layer: that they take the place of.
        scenario: with the names of the chosen ones in `wrong`, and `g`.
        inputs: of the layer, a row for each sample.
        right: what `backward` gives for the sample in view, shape (C,), with the factor in it.
        handed: how large what each component takes from g is, shape (C,).
        factor: what a layer before this one multiplies the gradient by.
    """
    if not scenario.wrong:
        return []
    passes = {wrong.__name__: wrong for wrong in WRONG_PASSES[type(layer)]}
    x, g = np.array(inputs), np.array(scenario.g)
    layer.forward(x)
    centres = isinstance(layer, Softmax)
    with np.errstate(over="ignore", invalid="ignore"):
        results = {name: passes[name](layer, x, g)[scenario.row] for name in scenario.wrong}
        return [
            _ghost(passes[name], dx * factor, right, handed, centres)
            for name, dx in results.items()
        ]


def behind(scenario: Any, found: Iterable[Ghost], steps: Steps) -> dict[str, np.ndarray]:
    """Return what is drawn behind dx, by label: wrong passes, or at the last step the check."""
    if scenario.step == CHECK:
        return {"central difference": steps.check(scenario).numeric[0]}
    return {label(ghost.name): ghost.dx for ghost in found}


def marks(found: Iterable[Ghost]) -> dict[str, np.ndarray]:
    """Return of each wrong pass which components are right, by its label."""
    return {label(ghost.name): ghost.right for ghost in found}


def _ghost(
    wrong: WrongPass, dx: np.ndarray, right: np.ndarray, handed: np.ndarray, centres: bool
) -> Ghost:
    mistake, who = " ".join(str(wrong.__doc__).split()).split(". ", 1)
    sizes = handed[np.newaxis]
    missed = settled(dx - right, sizes)
    dx = np.where(missed == 0, right, dx)
    return Ghost(
        name=wrong.__name__,
        mistake=f"{mistake}.",
        who=who,
        dx=dx,
        error=float(np.max(np.abs(missed))),
        relative=float(np.max(relative_error(dx, right))),
        right=missed == 0,
        faults=tuple(faults(dx, settled(right, sizes), centres)) if missed.any() else (),
    )


def faults(dx: np.ndarray, right: np.ndarray, centres: bool) -> list[str]:
    """Say what a wrong result violates, what says most first; never nothing.

    Args:
        dx: the wrong result, shape (C,); where it is right, exactly that.
        right: the right one, shape (C,).
        centres: whether the right one adds up to 0, whatever arrives.
    """
    if factor := _factor(dx, right):
        return [factor]
    found = []
    total = settled_sum(dx)
    if centres and total:
        found.append(f"its sum is {number(total)}, not 0")
    turned = np.flatnonzero(dx * np.sign(right) < 0)
    if turned.size:
        found.append(f"it has the wrong sign at {_listed(turned)}")
    lost = np.flatnonzero((dx == 0) & (right != 0))
    if lost.size:
        found.append(f"it is 0 at {_listed(lost)}, where the right one is not")
    made = np.flatnonzero((dx != 0) & (right == 0))
    if made.size:
        found.append(f"it is not 0 at {_listed(made)}, where the right one is")
    return found or [_sizes(dx, right)]


def _factor(dx: np.ndarray, right: np.ndarray) -> str:
    """Say by which one factor all of a result is wrong; "" if there is none."""
    is_seen = right != 0
    if np.count_nonzero(is_seen) < 2 or dx[~is_seen].any() or not dx[is_seen].all():
        return ""
    factors = dx[is_seen] / right[is_seen]
    factor = float(factors[0])
    if not np.allclose(factors, factor, rtol=ONE_FACTOR, atol=0):
        return ""
    way = "it points the other way, and " if factor < 0 else "it "
    if abs(abs(factor) - 1) < ONE_FACTOR:
        return "it points the other way"
    return f"{way}is {_times(abs(factor))} everywhere"


def _sizes(dx: np.ndarray, right: np.ndarray) -> str:
    """Say where a result of the right signs and zeros is furthest off, as a factor."""
    wrong = np.flatnonzero(dx != right)
    with np.errstate(divide="ignore"):
        factors = dx[wrong] / right[wrong]
    worst = int(np.argmax(np.abs(np.log(factors))))
    return f"it is {_times(float(factors[worst]))} at {wrong[worst]}"


def _times(factor: float) -> str:
    """Say how much too large or too small a result is; a small excess in percent."""
    too = "large" if factor > 1 else "small"
    times = max(factor, 1 / factor)
    if times < 1.1:
        return f"{number(100 * (times - 1), 1)} % too {too}"
    return f"{number(times, 2)} times too {too}"


def _listed(places: Sequence[int] | np.ndarray) -> str:
    """Name components: "0", "1 and 2", "0, 1, 2, 3 and 6 more"."""
    names = [str(place) for place in places]
    if len(names) > NAMED + 1:
        names = [*names[:NAMED], f"{len(names) - NAMED} more"]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
