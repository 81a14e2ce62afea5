"""The same z and g through both layers: each input alone, or all of them against each other."""

from dataclasses import dataclass

import numpy as np

from nnfs import Sigmoid, Softmax, trace_backward
from visualizer.exchange.programs import Export
from visualizer.figures import NARROW_COLUMN, Axis, Bars, Heatmap, palette
from visualizer.figures.dust import settled, softmax_terms
from visualizer.lessons.lesson import Controls, Lesson, Values
from visualizer.lessons.presets import G_PRESETS, Z_PRESETS
from visualizer.scenario import BaseScenario, Rows, index_of, rows, tab

# The layers, and what the Jacobian of each is.
LAYERS = (Sigmoid, Softmax)
KINDS = {"Sigmoid": "a diagonal", "Softmax": "full"}


@dataclass(frozen=True)
class Scenario(BaseScenario):
    """What the page shows.

    Attributes:
        z: the inputs of both layers, one row.
        g: upstream gradient, of the shape of z.
        j: the input that stands out.
        tab: the one that is open below the figures.
    """

    ALWAYS = ("z", "g")

    z: Rows = rows("2,1,0.1", least=2, single=True)
    g: Rows = rows("1,0,0", like="z")
    j: int = index_of("z")
    tab: str = tab({"why": "Why they differ", "numbers": "Numbers", "code": "Code"})


@np.errstate(over="ignore", invalid="ignore")  # at ±1e308 the result may be infinite
def compute(scenario: Scenario) -> Values:
    """Run both layers; the names of their arrays begin with the layer's, as in `softmax_dx`.

    Returns:
        z, g: shape (C,).
        …_y, …_dx: output and ∂L/∂z, shape (C,).
        …_J: ∂yᵢ/∂zⱼ, shape (C, C).
    """
    values = {"z": np.array(scenario.z[0]), "g": np.array(scenario.g[0])}
    for layer in LAYERS:
        y, J, _, dx = trace_backward(layer(), values["z"], values["g"])
        if layer is Softmax:
            dx = settled(dx, softmax_terms(y, values["g"]))
        name = layer.__name__.lower()
        values |= {f"{name}_y": y, f"{name}_J": J, f"{name}_dx": dx}
    return values


# |dx| is at most |g|/4 behind a sigmoid, and at most |g|/2 behind a softmax.
DX = Axis("dx", share=("g", 0.5))
Y = Axis("y", least=1.0, most=1.0, grows=False)
J = Axis("J", least=0.25, most=0.25, grows=False)

# A table: what a figure shows, how it looks, when it is lit, and what a hand does on it.
# fmt: off
RESULTS = tuple(
    Bars(f"{layer.lower()}_dx", f"{layer}: dx = J<sup>T</sup>·g", color=palette.RESULT, axis=DX,
         symbol="dx", stands_out=True, select="j", column=NARROW_COLUMN)
    for layer in KINDS
)
OUTPUTS = tuple(
    Bars(f"{layer.lower()}_y", f"{layer}: output", color=palette.OUTPUT, axis=Y, low=0.0,
         symbol="y", moves_with=("z",), column=NARROW_COLUMN)
    for layer in KINDS
)
JACOBIANS = tuple(
    Heatmap(f"{layer.lower()}_jacobian", f"{layer}: J, {kind}", short=f"{layer}: J", axis=J,
            of=f"{layer.lower()}_J", select="j", moves_with=("z",), column=NARROW_COLUMN)
    for layer, kind in KINDS.items()
)
INPUTS = (
    Bars("z", "Inputs z: drag", color=palette.LOGITS, axis=Axis("z", least=5.0), drag="z",
         moves_with=("z",), column=NARROW_COLUMN),
    Bars("g", "grad_next g: drag", color=palette.UPSTREAM, axis=Axis("g", least=2.0), drag="g",
         moves_with=("g",), column=NARROW_COLUMN),
)
# fmt: on

EXPORT = Export(
    inputs=("z", "g"),
    results=tuple(f"{layer.lower()}_{what}" for layer in KINDS for what in ("y", "J", "dx")),
    nnfs="Sigmoid, Softmax, jacobian",
    numpy="""\
    sigmoid, softmax = Sigmoid(), Softmax()
    sigmoid_y, softmax_y = sigmoid.forward(z)[0], softmax.forward(z)[0]
    sigmoid_dx, softmax_dx = sigmoid.backward(g)[0], softmax.backward(g)[0]
    sigmoid_J, softmax_J = jacobian(sigmoid, z)[0], jacobian(softmax, z)[0]
    """,
    torch="""\
    def through(layer):
        leaf = z.clone().requires_grad_()
        y = layer(leaf)
        y.backward(g)
        J = torch.autograd.functional.jacobian(layer, z)[0, :, 0]
        return y[0].detach(), leaf.grad[0], J


    sigmoid_y, sigmoid_dx, sigmoid_J = through(torch.sigmoid)
    softmax_y, softmax_dx, softmax_J = through(lambda z: torch.softmax(z, dim=1))
    """,
    sizes={"sigmoid_dx": "abs(g).max()", "softmax_dx": "abs(g).max()"},
)

LESSON = Lesson(
    name="side_by_side",
    title="Side by side",
    icon=":material/compare:",
    section="Layers",
    question="The same numbers through both layers: a diagonal Jacobian against a full one.",
    Scenario=Scenario,
    compute=compute,
    figures=(*RESULTS, *OUTPUTS, *JACOBIANS, *INPUTS),
    rows=(
        ("z", "sigmoid_y", "sigmoid_jacobian", "sigmoid_dx"),
        ("g", "softmax_y", "softmax_jacobian", "softmax_dx"),
    ),
    presets={"z": Z_PRESETS, "g": G_PRESETS},
    controls=Controls(
        noun="inputs", pointed="Which input stands out. Or point at J, or at a bar of dx."
    ),
    vectors={
        f"{layer}: {what}": f"{layer.lower()}_{what}" for layer in KINDS for what in ["y", "dx"]
    },
    code=(Sigmoid.backward, Softmax.backward),
    export=EXPORT,
)
