"""The Losses page: where grad_next comes from, and what the layer makes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

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
from visualizer.exchange.programs import Export
from visualizer.figures import (
    NARROW_COLUMN,
    Axis,
    Bars,
    Figure,
    Formula,
    Heatmap,
    LearningCurve,
    Symbol,
    number,
    palette,
    places_between,
)
from visualizer.figures.dust import settled, softmax_terms
from visualizer.lessons.lesson import Choice, Controls, Lesson, Values
from visualizer.lessons.steps import Steps
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


STEPS = Steps(
    titles=("Output", "Loss", "Where g comes from", "Product", "Result", "At once", "Check"),
    words=(
        "The layer turns z into y: what the model says.",
        "One number, L, says how far that is from the target t.",
        "g = ∂L/∂y, the slope of L in each output: no layer handed it down, it begins here.",
        "Column j of J, each entry times its gᵢ: from here on it is like any `grad_next`.",
        "Their sums are what `backward` returns. At the right, its size for every z.",
        "Where loss and layer go together, y − t is the same, and divides by nothing.",
        "Hatched: the slope of L, measured by moving each input by ±1e-6.",
    ),
    check=check,
)

Z = Axis("z", least=1.0, room=1.25, sides=0.4)
ONE = Axis("y", least=1.0, most=1.0, grows=False)
T = Axis("t", least=1.0, most=1.0)
G = Axis("g", least=0.05, room=1.1, grows=False, sides=0.1)
J = Axis("J", least=0.25, most=0.25, grows=False)
DX = Axis("dx", over="reach", least=0.05, room=1.05, grows=False, sides=0.05)
BOTH = Axis("both", least=0.05, room=1.25, grows=False, sides=0.05)
STEEP = Axis("steep", least=1.0, grows=False)
RISEN = Axis("rise", least=RISE, grows=False)

# What a projector has room for.
SHORT = {"cross_entropy": "CE", "squared_error": "MSE", "binary_cross_entropy": "BCE"}

# The heights of both rows, in pixels: with a sentence above them they end on the first screen.
UPPER, LOWER = 246, 228

OUTPUTS = {"softmax": "softmax({x})", "sigmoid": "σ({x})"}
# Of each loss, its gradient in a title, and both in words of a formula; C is how many outputs.
GRADIENTS = {
    "cross_entropy": "−t/y",
    "squared_error": "2(y − t)/C",
    "binary_cross_entropy": "(y − t) / y(1 − y)",
}
FORMULAS = {
    "cross_entropy": ("− Σ t_i log y_i", "− t_j / y_j"),
    "squared_error": ("1/{C} Σ ( y_i − t_i )²", "2/{C} ( y_j − t_j )"),
    "binary_cross_entropy": (
        "− Σ t_i log y_i + ( 1 − t_i ) log ( 1 − y_i )",
        "( y_j − t_j ) / y_j ( 1 − y_j )",
    ),
}


def written(loss: str, which: int, left: str, value: str) -> Callable[[Scenario], str]:
    """Return what writes a loss or its gradient, in symbols and as a number."""
    right = FORMULAS[loss][which]
    return lambda scenario: f"{left} = {right.format(C=len(scenario.z[0]))} = {{{value}}}"


@cache
def figures(layer: str, loss: str, before: str) -> tuple[Figure, ...]:
    """Return the figures of a choice, whose titles say what is chosen."""
    is_deep, has_way = before == "sigmoid", PARTNERS[layer] == loss
    x = "h" if is_deep else "z"
    output = OUTPUTS[layer].format(x=x)
    adds_up = "adds up to 1" if loss == "cross_entropy" else "each 0 to 1"
    sides, short_sides = ("confident<br>and wrong", "confident<br>and right"), ("wrong", "right")
    if is_deep:
        sides, short_sides = ("hidden unit<br>saturated",) * 2, ("saturated",) * 2
    other = PARTNERS[layer] if loss == "squared_error" else "squared_error"
    ways = f"y − t at once, and {THROUGH}" if has_way else f"no short way: y − t is not d{x}"
    dx = Symbol(f"d{x}", palette.RESULT)
    symbols = {
        **{"L": Symbol("L", palette.LOSS), "t": Symbol("t", palette.TARGET)},
        **{"y": Symbol("y", palette.OUTPUT), "g": Symbol("g", palette.UPSTREAM), "dx": dx},
        "J": Symbol("J", "currentColor"),
    }
    # A table: what a figure shows, how it looks, when it is lit, and what a hand does on it.
    # fmt: off
    drawn: tuple[Figure, ...] = (
        Bars("dx", f"Result d{x} = J<sup>T</sup>·g = ∂L/∂{x}", short=f"Result d{x}",
             color=palette.RESULT, axis=DX, lit=(5, CHECK), ghosts="behind", symbol=f"d{x}",
             select="j", index="j", stands_out=True, made_of=("g:{i}", "J:{i},{j}")),
        LearningCurve("curve", "L, and below it |dz<sub>{j}</sub>|, over z<sub>{j}</sub>",
                      short="L and |dz<sub>{j}</sub>| over z<sub>{j}</sub>", of="steep",
                      losses="losses", deeper="deeper" if is_deep else "", places=SWEEP,
                      color=palette.RESULT, loss_color=palette.LOSS, axis=STEEP, upper=RISEN,
                      lit=(5,), drag="z", follows=True, compared=(name_of(loss), name_of(other)),
                      short_names=(SHORT[loss], SHORT[other]), sides=sides,
                      short_sides=short_sides),
        Bars("g", f"grad_next g = ∂L/∂y = {GRADIENTS[loss]}", short="grad_next g = ∂L/∂y",
             color=palette.UPSTREAM, axis=G, lit=(3, 4), select="j",
             together=("y:{i}", "t:{i}")),
        Bars("paths", f"d{x}: {ways}" if has_way else ways.capitalize(), short=f"Two ways to d{x}",
             of="fused", color=palette.RESULT, axis=BOTH, lit=(6,), ghosts="ways", note="note",
             short_note="short_note",
             symbol="(y − t)", index="j", select="j", together=("dx:{j}",)),
        Bars("y", f"Output y = {output}", short="Output y", color=palette.OUTPUT, axis=ONE, low=0.0,
             lit=(1, 2, 3), select="j", moves_with=("z",)),
        Heatmap("jacobian", f"Jacobian ∂y<sub>i</sub> / ∂{x}<sub>j</sub>", of="J", axis=J,
                short="Jacobian J", symbols=("y", x), lit=(4,), select="j", moves_with=("z",)),
        Bars("z", "Hidden inputs z, h = σ(z)" if is_deep else "Logits z", short="Inputs z",
             color=palette.LOGITS, axis=Z, lit=(1,), drag="z", follows=True, select="j",
             hint=": drag", moves_with=("z",)),
        Bars("target", f"Target t: drag; {adds_up}", short=f"Target t, {adds_up}", of="t",
             color=palette.TARGET, axis=T, low=0.0, lit=(2, 3), drag="t", follows=True,
             shared=False, symbol="t", select="j", moves_with=("t",)),
        # On a phone the first formula goes with the result.
        Formula("formula_dx", f"Each d{x}", symbols=symbols, lit=(5,),
                text=lambda scenario: "dx_j = Σ g_i J_ij = {dx}"),
        Formula("formula_loss", "L", symbols=symbols, lit=(2,), text=written(loss, 0, "L", "L")),
        Formula("formula_g", "Each g", symbols=symbols, lit=(3,),
                text=written(loss, 1, "g_j", "g")),
    )
    # fmt: on
    above = ("z", "y", "target", "curve")
    return tuple(
        f
        if f.KIND == "formula"
        else f.having(column=NARROW_COLUMN, height=UPPER if f.name in above else LOWER)
        for f in drawn
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class LossesLesson(Lesson):
    """The page, whose figures say which layer and which loss are chosen."""

    def figures_of(self, scenario: Any) -> tuple[Figure, ...]:
        """Return the figures of a choice."""
        return figures(scenario.layer, scenario.loss, scenario.before)


WRONG = {"z": "2,-8,0.1", "t": "0,1,0", "layer": "sigmoid"}
MOMENTS = {
    "Confident and wrong, squared error": WRONG | {"loss": "squared_error"},
    "The same by binary cross-entropy": WRONG | {"loss": "binary_cross_entropy"},
    "And with one more sigmoid before": WRONG
    | {"loss": "binary_cross_entropy", "before": "sigmoid"},
    "Two ways part: y → 0": {"z": "2,-720,0.1", "t": "0,1,0"},
    "Then all is lost: 0 · ∞": {"z": "2,-750,0.1", "t": "0,1,0"},
    "Nothing pushes down": {"z": "2,1,0.1", "t": "0,1,0", "layer": "sigmoid", "j": "0"},
}

EXPORT = Export(
    inputs=("z", "t", "layer", "loss", "before", "j"),
    results=("y", "L", "g", "J", "dx", "dz", "fused"),
    nnfs=("Sigmoid, Softmax, binary_cross_entropy, cross_entropy, jacobian, mean_squared_error"),
    numpy="""\
    losses = {
        "cross_entropy": cross_entropy,
        "squared_error": mean_squared_error,
        "binary_cross_entropy": binary_cross_entropy,
    }
    hidden = Sigmoid()
    model = Softmax() if layer == "softmax" else Sigmoid()
    x = hidden.forward(z) if before == "sigmoid" else z
    y = model.forward(x)
    L, g = losses[loss](y, t)
    dx = model.backward(g)
    dz = (hidden.backward(dx) if before == "sigmoid" else dx)[0]
    J = jacobian(model, x)[0]
    y, L, g, dx, fused = y[0], L[0], g[0], dx[0], y[0] - t[0]
    """,
    torch="""\
    tiny = torch.finfo(torch.float64).tiny


    def log(p):
        \"\"\"Where p has been rounded to 0, nnfs takes the smallest normal number for it.\"\"\"
        return torch.log(p + (tiny - p).clamp(min=0).detach())


    losses = {
        "cross_entropy": lambda y: -(t * log(y)).sum(),
        "squared_error": lambda y: ((y - t) ** 2).mean(),
        "binary_cross_entropy": lambda y: -(t * log(y) + (1 - t) * log(1 - y)).sum(),
    }
    model = (lambda x: torch.softmax(x, dim=1)) if layer == "softmax" else torch.sigmoid
    z.requires_grad_()
    x = torch.sigmoid(z) if before == "sigmoid" else z * 1
    y = model(x)
    L = losses[loss](y)
    for value in (x, y):
        value.retain_grad()
    L.backward()
    J = torch.autograd.functional.jacobian(model, x.detach())[0, :, 0]
    dz, dx, g = z.grad[0], x.grad[0], y.grad[0]
    y, L = y[0].detach(), L.detach()
    fused = y - t[0]
    """,
    sizes={
        "L": "(1 + y * abs(g)).sum()",
        "g": "(1 + y * abs(g) * abs(g)).max()",
        "dx": "(1 + y * abs(g)).sum()",
        "dz": "(1 + y * abs(g)).sum()",
    },
    symbols={
        "dx": r"\frac{\partial L}{\partial x}",
        "dz": r"\frac{\partial L}{\partial z}",
        "fused": "y - t",
    },
)

LESSON = LossesLesson(
    name="losses",
    title="Losses",
    icon=":material/target:",
    section="In context",
    question="Where does grad_next come from?",
    Scenario=Scenario,
    compute=compute,
    figures=figures("softmax", "cross_entropy", "nothing"),
    rows=(
        ("z", "y", "target", "curve"),
        ("formula_loss", "formula_g", "formula_dx"),
        ("g", "jacobian", "dx", "paths"),
    ),
    remark=remark,
    steps=STEPS,
    moments=MOMENTS,
    controls=Controls(
        noun="outputs",
        pointed="Which input the learning curve is about. Or click on J, or on a bar.",
        choices=(
            Choice("layer", "{}", "The layer", {name_of(k).capitalize(): k for k in LAYERS}),
            Choice("loss", "{}", "The loss", {name_of(k).capitalize(): k for k in LOSSES}),
            Choice(
                "before",
                "{}",
                "One more sigmoid before the layer: what reaches its input?",
                {"Alone": "nothing", "σ before": "sigmoid"},
            ),
        ),
    ),
    vectors={
        **{"z": "z", "t": "t", "y": "y", "g = ∂L/∂y": "g", "What the layer sees": "x"},
        **{"Jᵀ·g": "through", "y − t": "fused", "Their difference": "missed", "∂L/∂z": "dz"},
    },
    matrices={"Jacobian J": "J"},
    code=(cross_entropy,),
    export=EXPORT,
)
