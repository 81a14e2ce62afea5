"""The Losses page: where grad_next comes from, and what the layer makes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from nnfs import cross_entropy
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
    palette,
)
from visualizer.lessons.lesson import Choice, Controls, Lesson
from visualizer.lessons.losses_runs import (
    CHECK,
    LAYERS,
    LOSSES,
    PARTNERS,
    RISE,
    SWEEP,
    THROUGH,
    Scenario,
    check,
    compute,
    name_of,
    remark,
)
from visualizer.lessons.presets import as_linked
from visualizer.lessons.steps import Steps

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


WRONG = "z=2,-8,0.1&t=0,1,0&layer=sigmoid"
MOMENTS = as_linked(
    {
        "Confident and wrong, squared error": f"{WRONG}&loss=squared_error",
        "The same by binary cross-entropy": f"{WRONG}&loss=binary_cross_entropy",
        "And with one more sigmoid before": f"{WRONG}&loss=binary_cross_entropy&before=sigmoid",
        "Two ways part: y → 0": "z=2,-720,0.1&t=0,1,0",
        "Then all is lost: 0 · ∞": "z=2,-750,0.1&t=0,1,0",
        "Nothing pushes down": "z=2,1,0.1&t=0,1,0&layer=sigmoid&j=0",
    }
)

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
