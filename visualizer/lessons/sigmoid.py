"""The Sigmoid page: points on the curve, their slopes, and what they make of grad_next."""

from dataclasses import dataclass

import numpy as np

from nnfs import GradientReport, Sigmoid, check_gradient, func_sigmoid, trace_backward
from visualizer.exchange.formulas import aligned, latex
from visualizer.exchange.programs import Export
from visualizer.figures import (
    Axis,
    Bars,
    ErrorCurve,
    Flow,
    Formula,
    Heatmap,
    PointsOnCurve,
    SlopeCurve,
    Symbol,
    number,
    palette,
)
from visualizer.lessons import blind
from visualizer.lessons.lesson import Controls, Lesson, Range, Values
from visualizer.lessons.presets import G_PRESETS, X_PRESETS
from visualizer.lessons.steps import CHECK, Steps
from visualizer.lessons.tour import MOST_STOPS, Play, Stop
from visualizer.lessons.wrong import behind, ghosts, known, marks
from visualizer.scenario import BaseScenario, Rows, index_of, names, rows, tab, whole
from visualizer.scenario import number as number_field

# Where the slope has fallen to one hundredth: σ′(4.585) = 0.01.
SATURATED = 4.585

# The nudges at which its error is shown: four and a half decades.
NUDGES = np.geomspace(1e-4, 2, 45)
NO_ERROR = "No error left to see"


@dataclass(frozen=True)
class Scenario(BaseScenario):
    """What the Sigmoid page shows.

    Attributes:
        x: the inputs, one row.
        g: upstream gradient, of the shape of x.
        eps: the nudge ε by which the chosen input is changed.
        j: the input that is nudged.
        step: of the lecture, from 1; 0 shows everything.
        tour: the stop of the tour, from 1; 0 for none.
        wrong: names of the wrong passes shown beside the right one.
        tab: the one that is open below the figures.
    """

    ALWAYS = ("x", "g")

    x: Rows = rows("-2,0.5,3", single=True)
    g: Rows = rows("1,1,-1", like="x")
    eps: float = number_field(0.5, 1e-4, 2, called="ε")
    j: int = index_of("x")
    step: int = whole(0, 0, CHECK, called="Step")
    tour: int = whole(0, 0, MOST_STOPS, called="Stop of the tour")
    wrong: tuple[str, ...] = names(*known(Sigmoid), called="Wrong passes")
    tab: str = tab(
        {
            "nudge": "A true nudge",
            "wrong": "Wrong passes",
            "numbers": "Numbers",
            "code": "Code",
        }
    )


@np.errstate(over="ignore", invalid="ignore")
def check(scenario: Scenario) -> GradientReport:
    """Compare `backward` with central differences."""
    return check_gradient(Sigmoid(), scenario.x, scenario.g)


STEPS = Steps(
    words=(
        "The layer maps each x to y = σ(x), and keeps y for the way back.",
        "The layer above hands down g = ∂L/∂y: how the loss changes with each output.",
        "Each output depends on its own input alone: J is diagonal, with the slopes y (1 − y).",
        "Jᵀ·g: with a diagonal J every gᵢ is multiplied by its own slope, and by nothing else.",
        "What `backward` returns: g, made smaller. At most a quarter of it gets through.",
        "Hatched: the slope of L, measured by moving each input by ±1e-6.",
    ),
    check=check,
)


@np.errstate(over="ignore", invalid="ignore")  # at ±1e308 the result may be infinite
def compute(scenario: Scenario) -> Values:
    """Run the layer forward and backward, and nudge the chosen input.

    Returns:
        x, g, y, slopes, dx: shape (C,).
        J: ∂yᵢ/∂xⱼ, shape (C, C), diagonal; terms: gᵢ·∂yᵢ/∂xⱼ.
        changed: the true change of L = Σ g y when input j moves by ε; predicted: dxⱼ·ε.
        errors: |changed − predicted| at each of NUDGES; error: at ε; note: both in words.
        power: of ε by which they fall: 2 by the bend of the curve, 3 at 0, where it has none.
        flow: |dx|, as wide as the ribbons are.
        wrong: the chosen wrong passes; behind: what is drawn behind dx, by label;
            marks: which of its components are right.
        reach: what the axis of dx has to show, beside a quarter of that of g.
    """
    j, eps = scenario.j, scenario.eps
    x, g = np.array(scenario.x[0]), np.array(scenario.g[0])
    y, J, terms, dx = trace_backward(Sigmoid(), x, g)
    changed, predicted = float(change_of_loss(x[j], g[j], eps)), float(dx[j] * eps)
    errors = np.abs(change_of_loss(x[j], g[j], NUDGES) - dx[j] * NUDGES)
    power = 3 if y[j] == 0.5 else 2
    fall = f"The error falls as ε{'³' if power == 3 else '²'}" if errors.any() else NO_ERROR
    found = f"ΔL = {number(changed)}, predicted {number(predicted)}"
    wrong = ghosts(Sigmoid(), scenario, scenario.x, dx, np.abs(g))
    return {
        **{"x": x, "g": g, "y": y, "slopes": J.diagonal(), "dx": dx, "J": J, "terms": terms},
        **{"changed": changed, "predicted": predicted, "error": abs(changed - predicted)},
        **{
            "errors": errors,
            "power": power,
            "flow": np.abs(dx),
            "note": f"{found}<br>{fall}",
        },
        **{"wrong": wrong, "behind": behind(scenario, wrong, STEPS), "marks": marks(wrong)},
        "reach": np.concatenate([[0.0], *(ghost.dx for ghost in wrong)]),
    }


def change_of_loss(x: float, g: float, eps: np.ndarray | float) -> np.ndarray:
    """Return by how much L = Σ g σ(x) changes when one input moves from x by ε, of any shape.

    The other terms of L do not change.
    """
    return g * (func_sigmoid(x + eps) - func_sigmoid(x))


def slope(x: np.ndarray) -> np.ndarray:
    """Return σ′(x) as the layer has it: what it makes of a gradient of ones."""
    layer = Sigmoid()
    layer.forward(x)
    return layer.backward(np.ones_like(x))


def formulas(values: Values, scenario: Scenario) -> str:
    """Return the gradient of input j, and what it predicts for a nudge beside what happens."""
    j, eps = scenario.j, scenario.eps
    g, y, dx = (latex(values[name][j]) for name in ("g", "y", "dx"))
    changed, predicted = values["changed"], values["predicted"]
    missed, power = changed - predicted, values["power"]
    return aligned(
        [
            # In two lines: a phone is no wider.
            rf"\frac{{\partial L}}{{\partial x_{{{j}}}}} &= g_{{{j}}}\, y_{{{j}}} (1 - y_{{{j}}})",
            rf"&= {g} \cdot {y} \cdot (1 - {y}) = {dx}",
            rf"\frac{{\partial L}}{{\partial x_{{{j}}}}} \cdot \varepsilon &= {dx} \cdot {eps:g} "
            rf"= {latex(predicted)}",
            rf"\Delta L &= L(x_{{{j}}} + \varepsilon) - L(x_{{{j}}}) = {latex(changed)}",
            rf"\text{{missed}} &= {latex(missed)} = {latex(missed / eps**power)} "
            rf"\cdot \varepsilon^{power}",
        ]
    )


X, G = Axis("x", least=6.0, room=1.25), Axis("g", least=0.5, room=1.25, sides=0.4)
J = Axis("J", least=0.25, most=0.25, grows=False)
# No |dx| is above |g|/4. Wrong passes know no such bound: fitted to them once, it stays.
DX = Axis("dx", over="reach", share=("g", 0.25), room=1.05, grows=False, sides=0.05)
FLOW = Axis("flow", least=0.1, grows=False)

SYMBOLS = {
    "dx": Symbol("dx", palette.RESULT),
    "g": Symbol("g", palette.UPSTREAM),
    "slopes": Symbol("σ′", palette.SLOPE),
    "x": Symbol("x", palette.OUTPUT),
}

# A table: what a figure shows, how it looks, when it is lit, and what a hand does on it.
# fmt: off
FIGURES = (
    Bars("dx", "Result dx = ∂L/∂x = J<sup>T</sup>·g = g·σ′(x)", short="Result dx = J<sup>T</sup>·g",
         color=palette.RESULT, axis=DX, lit=(5, CHECK), ghosts="behind", stands_out=True,
         select="j", index="j", made_of=("g:{j}", "slopes:{j}"), together=("J:{j},{j}",)),
    PointsOnCurve("curve", "Output y = σ(x)", short="Output y = σ(x)", of="y", slopes="slopes",
                  function=func_sigmoid, color=palette.OUTPUT, tangent_color=palette.SLOPE,
                  tangents_from=3, axis=X, lit=(1,), drag="x", hint=": drag the points",
                  moves_with=("x",), select="j", together=("slopes:{i}", "J:{i},{i}")),
    SlopeCurve("slope", "Slope σ′ = y (1 − y), at most ¼", short="Slope y (1 − y)", of="slopes",
               function=slope, color=palette.SLOPE, highest=0.25, saturated=SATURATED, axis=X,
               lit=(3,), moves_with=("x",), symbol="σ′"),
    Heatmap("jacobian", "Jacobian ∂y<sub>i</sub> / ∂x<sub>j</sub>: a diagonal", of="J",
            short="Jacobian J", axis=J, lit=(3, 4), select="j", moves_with=("x",)),
    Bars("g", "grad_next, the upstream gradient g = ∂L/∂y", short="Upstream gradient g",
         color=palette.UPSTREAM, axis=G, lit=(2, 4), drag="g", moves_with=("g",), select="j"),
    Flow("flow", "g · slope = dx: each alone", short="g · slope = dx", of="terms",
         color=palette.UPSTREAM, result_color=palette.RESULT, factors="slopes", axis=FLOW,
         lit=(2, 4), symbol="g", steps=(4, 4)),
    Formula("formula", "Each dx", symbols=SYMBOLS, lit=(4, 5),
            text=lambda scenario: "dx_j = g_j · slopes ( x_j ) = {g} · {slopes} = {dx}"),
    ErrorCurve("nudge", "Nudge x<sub>{j}</sub> by ε: |ΔL − dx<sub>{j}</sub>·ε| over ε", of="errors",
               short="Error over nudge ε", color=palette.RESULT, lit=(CHECK,),
               steps=tuple(NUDGES.tolist()), at="eps", error="error", note="note"),
)
# fmt: on

EXPORT = Export(
    inputs=("x", "g", "eps", "j"),
    results=("y", "J", "dx", "changed", "predicted"),
    nnfs="Sigmoid, func_sigmoid, jacobian",
    numpy="""\
    layer = Sigmoid()
    y = layer.forward(x)[0]
    dx = layer.backward(g)[0]
    J = jacobian(layer, x)[0]
    changed = g[0, j] * (func_sigmoid(x[0, j] + eps) - func_sigmoid(x[0, j]))
    predicted = dx[j] * eps
    """,
    torch="""\
    x.requires_grad_()
    y = torch.sigmoid(x)
    y.backward(g)
    dx = x.grad[0]
    y = y[0].detach()
    J = torch.autograd.functional.jacobian(torch.sigmoid, x[0].detach())
    changed = g[0, j] * (torch.sigmoid(x[0, j].detach() + eps) - y[j])
    predicted = dx[j] * eps
    """,
    sizes={
        "dx": "abs(g).max()",
        "changed": "abs(g[0, j])",
        "predicted": "abs(g[0, j]) * eps",
    },
    symbols={
        "dx": r"\frac{\partial L}{\partial x}",
        "eps": r"\varepsilon",
        "changed": r"\Delta L",
        "predicted": r"\frac{\partial L}{\partial x_j} \varepsilon",
    },
)

TOUR = (
    Stop(
        "The slope is largest in the middle, **¼ at x = 0**: no more of g ever gets through. "
        "Watch a point climb to it.",
        start={"x": "-3,0.5,3", "g": "1,1,-1", "j": "0"},
        play=Play("curve", "0,0.5,3"),
        yours="Your turn: bring another point to the middle.",
    ),
    Stop(
        "Each dx has **one g and one slope**, and no other input has a say: J is diagonal.",
        start={"x": "-1,0,1", "g": "1,1,1", "j": "1"},
        play=Play("g", "1,-2,1"),
        yours="Your turn: drag another g; only its own dx follows.",
    ),
    Stop(
        "Far out the curve is flat: **the gradient vanishes**, however large g is.",
        start={"x": "-1,0,1", "g": "2,2,2", "j": "2"},
        play=Play("curve", "-1,0,5"),
        yours="Your turn: send the others out, too.",
    ),
    Stop(
        "A slope is never negative, so dx has **the sign of g**, always.",
        start={"x": "-2,0,2", "g": "1,1,1", "j": "1"},
        play=Play("g", "-1,-1,-1"),
        yours="Your turn: find a g for which dx has the other sign. There is none.",
    ),
    Stop(
        "**Your turn:** two inputs are equally far from 0, on either side. Whose dx is larger?",
        start={"x": "-2,0.5,2", "g": "1,1,1", "j": "0"},
        yours="Then one question, with the answer hidden.",
        practice={"kind": "largest", "layer": "sigmoid"},
    ),
)

LESSON = Lesson(
    name="sigmoid",
    title="Sigmoid",
    icon=":material/show_chart:",
    section="Layers",
    question="Where does the gradient vanish?",
    door={"x": "0,4,8", "g": "1,1,1", "j": "2"},
    tour=TOUR,
    Scenario=Scenario,
    compute=compute,
    figures=FIGURES,
    rows=(("curve", "slope", "jacobian"), ("formula",), ("g", "flow", "dx")),
    steps=STEPS,
    presets={"x": X_PRESETS, "g": G_PRESETS},
    controls=Controls(
        noun="inputs",
        pointed="Which input is nudged. Or click on J, on the curve, or on a bar of g or dx.",
        ranges=(Range("eps", "ε", "Nudge: how far input j is moved", 190),),
    ),
    vectors={"x": "x", "g": "g", "y": "y", "σ′": "slopes", "dx": "dx"},
    matrices={"Jacobian J": "J"},
    code=(Sigmoid.backward, Sigmoid.forward),
    export=EXPORT,
    blind=blind.SIGMOID,
)
