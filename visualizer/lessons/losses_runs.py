"""What the Losses page shows: a layer and a loss, forward, backward, and both at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nnfs import (
    BaseLayer,
    GradientReport,
    Loss,
    Sigmoid,
    Softmax,
    binary_cross_entropy,
    binary_cross_entropy_from_logits,
    check_gradient,
    cross_entropy,
    cross_entropy_from_logits,
    mean_squared_error,
    trace_backward,
)
from visualizer.figures import number, places_between
from visualizer.figures.dust import settled, softmax_terms
from visualizer.lessons.lesson import Values
from visualizer.scenario import BaseScenario, Rows, index_of, rows, scaled_to_one, tab, whole
from visualizer.scenario import choice as choice_field

LAYERS: dict[str, type[BaseLayer]] = {"softmax": Softmax, "sigmoid": Sigmoid}
LOSSES: dict[str, Callable[..., Loss]] = {
    "cross_entropy": cross_entropy,
    "squared_error": mean_squared_error,
    "binary_cross_entropy": binary_cross_entropy,
}
# The loss that goes with a layer, and both at once: from logits, with the gradient y − t.
PARTNERS = {"softmax": "cross_entropy", "sigmoid": "binary_cross_entropy"}
FUSED: dict[str, Callable[..., Loss]] = {
    "softmax": cross_entropy_from_logits,
    "sigmoid": binary_cross_entropy_from_logits,
}

# Where the learning curve is drawn, and how far it follows L above its least value.
SWEEP, RISE = places_between(-20, 20, 161), 4.0
THROUGH, REACHES = "through J", "dz, behind σ"
NOTES = {"": "largest difference", "short_": "Δ"}
CHECK = 7


class Pair(NamedTuple):
    """What becomes of a layer and a loss together.

    Attributes:
        verdict: in a few words.
        why: in a sentence.
    """

    verdict: str
    why: str


SLOW = "J is nearly 0 where the layer is sure, also where it is wrong, and 2(y − t)/C stays small."
PAIRS = {
    ("softmax", "cross_entropy"): Pair(
        "go together", "What −t/y divides by, J multiplies by: dz = y − t, full where wrong."
    ),
    ("sigmoid", "binary_cross_entropy"): Pair(
        "go together",
        "What g divides by is the slope y (1 − y): dz = y − t, full where wrong.",
    ),
    ("softmax", "squared_error"): Pair("learn slowly", SLOW),
    ("sigmoid", "squared_error"): Pair("learn slowly", SLOW),
    ("sigmoid", "cross_entropy"): Pair(
        "do not go together",
        "−Σ t log y asks for the target alone: where t is 0 so is g, and nothing pushes y down.",
    ),
    ("softmax", "binary_cross_entropy"): Pair(
        "do not go together",
        "It asks each output a question of its own, but these share one 1: dz is not y − t.",
    ),
}
ALONE = "But σ before the layer multiplies dh by its own slope, and no loss makes up for that."


@dataclass(frozen=True)
class Scenario(BaseScenario):
    """What the Losses page shows.

    Attributes:
        z: what is dragged: the inputs of the layer, or of a sigmoid before it; one row.
        j: the input that the learning curve is about.
        layer: that gives the output.
        loss: that judges it.
        before: whether one more sigmoid stands before the layer.
        t: target, of the shape of z; for cross-entropy it adds up to 1.
        step: of the lecture, from 1; 0 shows everything.
        tab: the one that is open below the figures.
    """

    ALWAYS = ("z", "t", "layer", "loss")

    z: Rows = rows("2,1,0.1", least=2, most=32, single=True)
    j: int = index_of("z", default=1)
    layer: str = choice_field("softmax", "sigmoid", called="Layer")
    loss: str = choice_field("cross_entropy", *list(LOSSES)[1:], called="Loss")
    before: str = choice_field("nothing", "sigmoid", called="Before the layer")
    t: Rows = rows(
        "0,1,0",
        like="z",
        low=0,
        high=1,
        distributed=lambda scenario: scenario.loss == "cross_entropy",
    )
    step: int = whole(0, 0, CHECK, called="Step")
    tab: str = tab(
        {
            "ways": "Two ways to one gradient",
            "pairs": "What goes together",
            "numbers": "Numbers",
            "code": "Code",
        }
    )


class Passed(NamedTuple):
    """What N samples give, forward and backward; each of shape (N, C), but for L, shape (N,).

    Attributes:
        x: what the layer sees: z, or σ(z).
        y: output.
        L: loss.
        g: ∂L/∂y.
        dx: ∂L/∂x, by the layer's `backward`.
        dz: ∂L/∂z: dx itself, or what a sigmoid before the layer lets through.
    """

    x: np.ndarray
    y: np.ndarray
    L: np.ndarray
    g: np.ndarray
    dx: np.ndarray
    dz: np.ndarray


def run(scenario: Scenario, z: np.ndarray, t: np.ndarray, loss: str = "") -> Passed:
    """Run the layers and a loss on samples, forward and backward; that of the page if none."""
    before, layer = Sigmoid(), LAYERS[scenario.layer]()
    is_deep = scenario.before == "sigmoid"
    x = before.forward(z) if is_deep else z
    y = layer.forward(x)
    L, g = LOSSES[loss or scenario.loss](y, t)
    dx = layer.backward(g)
    return Passed(x, y, L, g, dx, before.backward(dx) if is_deep else dx)


def at_once(scenario: Scenario, x: np.ndarray, y: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Return y − t, shape (N, C): where loss and layer go together, from the logits, by nnfs."""
    has_way = PARTNERS[scenario.layer] == scenario.loss
    return FUSED[scenario.layer](x, t).gradient if has_way else y - t


@np.errstate(over="ignore", invalid="ignore")  # at ±1e308
def compute(scenario: Scenario) -> Values:
    """Run layer and loss forward and backward, both ways, and along the learning curve.

    Returns:
        z, t, x, y, g, dx, dz: shape (C,), as in `Passed`; J: ∂yᵢ/∂xⱼ, shape (C, C).
        L: the loss.
        through, fused: dx by the layer, and y − t at once; missed: by how much they differ.
        ways: the first of them, by its label; note, short_note: the largest of missed, in words.
        behind: what is drawn behind dx, by label.
        steep, losses: |dz| and L along the learning curve; deeper: |dx|.
        reach, both, rise: what the axes of dx, of the two ways, and of L have to show.
    """
    z, t = np.array(scenario.z), np.array(scenario.t)
    passed = run(scenario, z, t)
    y, J, _, through = trace_backward(LAYERS[scenario.layer](), passed.x[0], passed.g[0])
    dx, dz = through, passed.dz[0]
    if scenario.layer == "softmax":
        dx = settled(through, softmax_terms(y, passed.g[0]))
    fused = at_once(scenario, passed.x, passed.y, t)[0]
    missed = np.abs(fused - through)
    steep, losses, deeper = learning(scenario)
    behind = {REACHES: dz} if scenario.before == "sigmoid" else {}
    if scenario.step == CHECK:
        behind = {"central difference": check(scenario).numeric[0]}
    return {
        **{"z": z[0], "t": t[0], "x": passed.x[0], "y": y, "g": passed.g[0], "J": J},
        **{"L": passed.L[0], "dx": dx, "dz": dz, "through": through, "fused": fused},
        **{"missed": missed, "ways": {THROUGH: through}},
        **{f"{part}note": f"{words} {number(missed.max())}" for part, words in NOTES.items()},
        **{"behind": behind, "steep": steep, "losses": losses, "deeper": deeper},
        **{"reach": np.array([dx, dz]), "both": np.array([fused, through])},
        "rise": np.array([losses[:, 0].min() + RISE]),
    }


def learning(scenario: Scenario) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return |∂L/∂zⱼ| and L while zⱼ goes along SWEEP, and last where it is; and |∂L/∂xⱼ|.

    Returns:
        shape (2, 2, N + 1) twice: of the loss of the page and of the one to compare it with, for
        the target and for the opposite one. The last, of shape (N + 1,), of the first of them.
    """
    j, row = scenario.j, scenario.t[0]
    places = np.array([*SWEEP, scenario.z[0][j]])
    z = np.tile(np.array(scenario.z), (2 * len(places), 1))
    z[:, j] = np.tile(places, 2)
    other = (*row[:j], 1 - row[j], *row[j + 1 :])
    if scenario.loss == "cross_entropy":
        other = scaled_to_one(other, j)
    t = np.repeat([row, other], len(places), axis=0)
    both = [run(scenario, z, t, loss) for loss in compared(scenario)]
    shape = (2, 2, len(places))
    steep = np.abs([passed.dz[:, j] for passed in both]).reshape(shape)
    losses = np.reshape([passed.L for passed in both], shape)
    return steep, losses, np.abs(both[0].dx[: len(places), j])


def compared(scenario: Scenario) -> tuple[str, str]:
    """Return the loss of the page, and squared error, or what goes with the layer if it is that."""
    is_squared = scenario.loss == "squared_error"
    return scenario.loss, PARTNERS[scenario.layer] if is_squared else "squared_error"


class Lost(NamedTuple):
    """Where the way through J goes wrong in float64, found by trying.

    Attributes:
        digits: the first zⱼ at which half of the digits are gone.
        all: the first one at which nothing is left of a component.
    """

    digits: float
    all: float


@np.errstate(over="ignore", invalid="ignore")
def search(scenario: Scenario) -> Lost | None:
    """Drive zⱼ to where the answer is wrong, by steps of 1 and then 0.001, until J·g is lost.

    Returns:
        None where it never is: nothing ends there within 800 of the other inputs.
    """
    j, t = scenario.j, np.array(scenario.t)
    sign = -1 if t[0, j] >= 0.5 else 1
    others = [value for i, value in enumerate(scenario.z[0]) if i != j]
    start = max(others) if scenario.layer == "softmax" else 0.0

    def wrong(places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Tell of each place whether half of the digits are gone, and whether all are."""
        z = np.tile(np.array(scenario.z), (len(places), 1))
        z[:, j] = places
        targets = np.tile(t, (len(places), 1))
        passed = run(scenario, z, targets)
        fused, through = at_once(scenario, passed.x, passed.y, targets), passed.dx
        if scenario.layer == "sigmoid":  # the others have nothing to do with zⱼ
            fused, through = fused[:, [j]], through[:, [j]]
        error = np.abs(fused - through).max(axis=1) / np.abs(fused).max(axis=1)
        return error > 2.0**-26, ((through == 0) & (fused != 0)).any(axis=1)

    found = []
    for which in (0, 1):
        coarse = start + sign * np.arange(801.0)
        if not wrong(coarse)[which].any():
            return None
        first = coarse[wrong(coarse)[which].argmax()]
        fine = first - sign * np.arange(2000, -1, -1) / 1000
        found.append(float(fine[wrong(fine)[which].argmax()]))
    return Lost(*found)


class FromInput:
    """From what the layer sees to L, as one layer, so that differences can check all of it."""

    def __init__(self, scenario: Scenario) -> None:
        """Take the layer, the loss and the target of a scenario."""
        self.scenario = scenario.having(before="nothing")

    def forward(self, X_input: np.ndarray) -> np.ndarray:
        """Return L, shape (N,)."""
        self.passed = run(self.scenario, X_input, np.array(self.scenario.t))
        return self.passed.L

    def backward(self, grad_next: np.ndarray) -> np.ndarray:
        """Return ∂L/∂x."""
        return grad_next[:, np.newaxis] * self.passed.dx


def check(scenario: Scenario) -> GradientReport:
    """Compare `backward` with central differences of L itself."""
    x = run(scenario, np.array(scenario.z), np.array(scenario.t)).x
    return check_gradient(FromInput(scenario), x, np.ones(1))


def remark(scenario: Scenario) -> tuple[str, str]:
    """Say whether the layer and the loss of a scenario go together, and why."""
    pair = PAIRS[scenario.layer, scenario.loss]
    layer, loss = name_of(scenario.layer).capitalize(), name_of(scenario.loss)
    why = ALONE if scenario.before == "sigmoid" else pair.why
    return f"**{layer} and {loss} {pair.verdict}.**", why


def name_of(choice: str) -> str:
    """Return what people call a layer or a loss: those of two words hyphenate one of them."""
    return choice.replace("cross_", "cross-").replace("_", " ")
