"""What a gradient check can be run on, and why it says what it says.

A wrong pass may agree with the right one at the inputs of the check: then the reason is found here,
from the numbers themselves. A check is as good as its inputs.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nnfs import (
    BaseLayer,
    CrossEntropy,
    Dense,
    GradientReport,
    ReLU,
    Sequential,
    Sigmoid,
    Softmax,
    Tanh,
    jacobian,
)
from nnfs.wrong_passes import WRONG_PASSES, WrongPass
from visualizer.figures.numbers import number
from visualizer.lessons import blind
from visualizer.lessons.wrong import label

RIGHT = "right"

# Two passes differ only by rounding where they differ by so many units of the largest number.
UNITS = 64
# So near are two numbers to be taken for one in a reason.
SAME = 1e-6


def chain(count: int) -> Sequential:
    """Return y = tanh(x W₁) W₂, with the cosines of 0, 1, 2, … as weights, in every language."""
    weights = np.cos(np.arange(2.0 * count**2)).reshape(2, count, count) / count**0.5
    first, last = Dense(count, count), Dense(count, count)
    first.weights, last.weights = weights
    return Sequential(first, Tanh(), last)


class Checked(NamedTuple):
    """What can stand in the place of the layer.

    Attributes:
        title: on screen.
        make: a new one, for so many inputs.
        passes: its wrong passes, each with what it computes.
    """

    title: str
    make: Callable[[int], BaseLayer]
    passes: Mapping[WrongPass, str]


CHECKED = {
    "softmax": Checked("Softmax", lambda count: Softmax(), WRONG_PASSES[Softmax]),
    "sigmoid": Checked("Sigmoid", lambda count: Sigmoid(), WRONG_PASSES[Sigmoid]),
    "tanh": Checked("Tanh", lambda count: Tanh(), WRONG_PASSES[Tanh]),
    "relu": Checked("ReLU", lambda count: ReLU(), WRONG_PASSES[ReLU]),
    "loss": Checked("Cross-entropy loss", lambda count: CrossEntropy(), WRONG_PASSES[CrossEntropy]),
    "chain": Checked("Dense, tanh, dense", chain, WRONG_PASSES[Sequential]),
}

# Every wrong pass by its name, as links write it.
PASSES: dict[str, WrongPass] = {
    wrong.__name__: wrong for one in CHECKED.values() for wrong in one.passes
}


@dataclass(frozen=True)
class Run:
    """One run of a layer forward, and of a backward pass that may be a wrong one.

    Attributes:
        layer: the name of the layer, as in CHECKED.
        wrong: the name of the wrong pass; RIGHT for none.
        x: the inputs, shape (N, C).
        g: the upstream gradients, shape (N, C).
        n: the sample in view.
        y: the outputs, shape (N, C).
        right: what `backward` returns for the sample in view, shape (C,).
        claimed: what the wrong pass returns for it, or the same.
    """

    layer: str
    wrong: str
    x: np.ndarray
    g: np.ndarray
    n: int
    y: np.ndarray
    right: np.ndarray
    claimed: np.ndarray

    @classmethod
    def of(cls, layer: str, wrong: str, x: np.ndarray, g: np.ndarray, n: int) -> "Run":
        """Run a layer by its name; a wrong pass sees the whole batch, as some mix its samples."""
        made = CHECKED[layer].make(x.shape[1])
        y = made.forward(x)
        right = claimed = made.backward(g)
        if wrong != RIGHT:
            claimed = PASSES[wrong](made, x, g)
        return cls(layer, wrong, x, g, n, y, right[n], claimed[n])

    @property
    def off(self) -> float:
        """By how much the pass is wrong: the largest difference; 0 where rounding makes it."""
        eps = float(np.finfo(self.y.dtype).eps)
        with np.errstate(over="ignore", invalid="ignore"):
            missed = float(np.abs(self.claimed - self.right).max())
            largest = max(np.abs(self.right).max(), np.abs(self.g).sum(axis=1).max())
        return 0.0 if missed <= UNITS * eps * largest else missed


def names_of(layer: str) -> dict[str, str]:
    """Return the backward passes of a layer by what they are called on screen."""
    wrong = {label(wrong.__name__): wrong.__name__ for wrong in CHECKED[layer].passes}
    return {RIGHT: RIGHT} | wrong


def agreement(run: Run) -> str:
    """Say why a wrong pass gives the right result here; "" where it does not, or none is wrong."""
    if run.wrong == RIGHT or run.off:
        return ""
    return next(_reasons(run))


def _reasons(run: Run) -> Iterator[str]:
    """Give reasons, the one that says most first."""
    x, g, y = run.x[run.n], run.g[run.n], run.y[run.n]
    if not run.g.any():
        yield "g is 0, and so is what every backward pass returns. With g = 0 nothing is tested."
    if run.wrong == "without_transpose":
        yield _symmetry(run)
    if run.wrong == "flattened_batch" and len(run.x) == 1:
        yield f"{blind.SOFTMAX.states['flattened_batch'].why} A second sample shows it."
    if run.layer in ("softmax", "loss") and len(x) == 1:
        yield "A single class has s = 1, whatever z is: its gradient is 0, and hides mistakes."
    if run.wrong == "without_weight" and _is_same(g, g[0]):
        yield blind.SOFTMAX.states["without_weight"].why
    if run.wrong == "without_gradient" and _is_same(g, 1):
        yield blind.SIGMOID.states["without_gradient"].why
    if run.wrong in _MORE:
        holds, why = _MORE[run.wrong]
        if holds(x, g, y):
            yield why
    if _is_same(run.right, 0):
        yield "The layer is saturated: its gradient is 0, and so is what the wrong pass returns."
    formula = CHECKED[run.layer].passes[PASSES[run.wrong]]
    yield f"At these numbers {formula} happens to be Jᵀ·g. Others tell them apart."


def _symmetry(run: Run) -> str:
    if run.layer in ("softmax", "sigmoid", "tanh", "relu"):
        return blind.SYMMETRIC
    if run.x.shape[1] == 1:
        return "With one input and one output J is a single number, its own transpose."
    J = jacobian(CHECKED[run.layer].make(run.x.shape[1]), run.x)[run.n]
    is_symmetric = bool(np.allclose(J, J.T, rtol=SAME, atol=SAME * np.abs(J).max()))
    return (
        "J happens to be symmetric here." if is_symmetric else "J·g happens to be Jᵀ·g for this g."
    )


def _is_same(values: np.ndarray, value: float) -> bool:
    return bool(np.allclose(values, value, rtol=SAME, atol=SAME))


# Of wrong passes that agree at certain numbers: whether these are there, from x, g and y of the
# sample in view, and the reason.
Holds = Callable[[np.ndarray, np.ndarray, np.ndarray], bool]
_MORE: dict[str, tuple[Holds, str]] = {
    "without_coupling": (
        lambda x, g, y: _is_same((y * g).sum(keepdims=True), 0),
        "The s-weighted mean of g is 0 here: it makes no difference that nobody takes it off.",
    ),
    "input_for_output": (
        lambda x, g, y: _is_same(x - y, 0),
        "Every input is its own output here, so it makes no difference which of them is kept.",
    ),
    "without_derivative": (
        lambda x, g, y: bool((x > 0).all()) or _is_same(y - x, 0),
        "The slope is 1 here for every input, and a factor of 1 can be forgotten.",
    ),
    "without_complement": (
        lambda x, g, y: _is_same(y, 0),
        blind.SIGMOID.states["without_complement"].why,
    ),
    "without_square": (
        lambda x, g, y: bool(np.isclose(y * (1 - y), 0, atol=SAME).all()),
        "Every output is 0 or 1, and so is its own square.",
    ),
    "output_for_slope": (
        lambda x, g, y: bool(np.isclose(y * (1 - y), 0, atol=SAME).all()),
        "Every output is 0 or 1, as the slope is: one may stand in for the other.",
    ),
    "forward_again": (
        lambda x, g, y: True,
        "Where z lets something through g is positive, and where it does not g is not: their signs "
        "can be mixed up.",
    ),
    "without_activations": (
        lambda x, g, y: _is_same(x, 0),
        "All inputs are 0, where tanh has the slope 1: it can be forgotten.",
    ),
    "first_to_last": (
        lambda x, g, y: len(x) == 1,
        "With one number from layer to layer their order makes no difference.",
    ),
}


def sentences(run: Run, report: GradientReport, best: tuple[float, bool]) -> list[str]:
    """Return the verdict of a check in one line, and what it means in another.

    Args:
        run: of the layer.
        report: of the sample in view, shape (C,).
        best: the best step of the method, and whether the right pass passes there.
    """
    return [verdict(report), meaning(run, report, best)]


def verdict(report: GradientReport) -> str:
    """Say in one line whether all elements pass, and name the worst one."""
    count = report.passed.size
    failed = int(np.count_nonzero(~report.passed))
    (at,) = report.worst
    off, allowed = _short(report.error[at]), _short(report.allowed[at])
    worst = f"{_indexed('dz', at)} is off by {off}, allowed {allowed}"
    if failed:
        many = "its only element" if count == 1 else f"{failed} of {count} elements"
        return f"✗ Fails at {many}. Worst: {worst}."
    many = "Its only element passes" if count == 1 else f"All {count} elements pass"
    return f"✓ {many}. Worst: {worst}."


def meaning(run: Run, report: GradientReport, best: tuple[float, bool]) -> str:
    """Say why a check passes or fails."""
    if run.wrong == RIGHT:
        return _of_passed(report) if report.ok else _of_right(run, report, best)
    if not report.ok:
        return (
            "Seen: where a pass is wrong, the error does not fall with the step."
            if run.off
            else f"This wrong pass is right here, and the step is to blame. {agreement(run)}"
        )
    if why := agreement(run):
        return f"Not seen, as the wrong pass is right here. {why}"
    return (
        f"Not seen: it is off by {_short(run.off)}, and the check has to allow "
        f"{_short(report.allowed.max())} for rounding with so small a step."
    )


def _of_passed(report: GradientReport) -> str:
    """Say what it is worth that the right pass passes."""
    largest = float(np.maximum(np.abs(report.analytic), np.abs(report.numeric)).max())
    if report.floor >= largest > 0:
        return (
            f"But hardly anything would fail: rounding with so small a step has to be allowed "
            f"{_short(report.floor)}, and the whole gradient is {_short(largest)}."
        )
    return "Two ways to the same numbers: backward by calculus, differences by forward alone."


def _of_right(run: Run, report: GradientReport, best: tuple[float, bool]) -> str:
    """Say why the right pass fails: at a kink, or for its step."""
    x, h = run.x[run.n], report.step
    kinks = [i for i in np.flatnonzero(~report.passed) if run.layer == "relu" and abs(x[i]) <= h]
    if kinks:
        return (
            f"{_indexed('z', int(kinks[0]))} is at the kink of ReLU: slope 0 on one side, 1 on the "
            "other. The backward pass takes one of them, and is not wrong."
        )
    step, passes = best
    if passes:
        why = "large: the curve bends" if h > step else "small: rounding is all that is left"
        return f"The pass is right, the step too {why}. At h = {_short(step)} it passes."
    return "The pass is right, and no step is good enough here for the tolerance."


def _indexed(name: str, index: int) -> str:
    """Return a name with its index: "dz₁₀"."""
    return name + "".join(chr(ord("₀") + int(digit)) for digit in str(index))


def _short(value: float) -> str:
    """Return a number of one or two digits, as errors are said."""
    return number(float(value), 2) if value else "0"
