"""The same z and g through both layers: each input alone, or all of them against each other."""

from dataclasses import dataclass

import numpy as np

from nnfs import Sigmoid, Softmax, trace_backward
from visualizer.exchange.programs import Export
from visualizer.figures import NARROW_COLUMN, Axis, Bars, Flow, Heatmap, palette
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
    g: Rows = rows("1,-1,2", like="z")
    j: int = index_of("z")
    tab: str = tab({"why": "Why they differ", "numbers": "Numbers", "code": "Code"})


@np.errstate(over="ignore", invalid="ignore")  # at ±1e308 the result may be infinite
def compute(scenario: Scenario) -> Values:
    """Run both layers; the names of their arrays begin with the layer's, as in `softmax_dx`.

    Returns:
        z, g: shape (C,).
        …_y, …_dx: output and ∂L/∂z, shape (C,).
        …_J: ∂yᵢ/∂zⱼ; …_terms: gᵢ·∂yᵢ/∂zⱼ, shape (C, C).
        flow: Σ |terms| of each g and of each dx, of both layers.
        total, sums: Σ dx and those of the columns of J, behind the softmax.
        reach: what the axis of both results has to show.
    """
    values = {"z": np.array(scenario.z[0]), "g": np.array(scenario.g[0])}
    flow: list[np.ndarray] = []
    for layer in LAYERS:
        y, J, terms, dx = trace_backward(layer(), values["z"], values["g"])
        if layer is Softmax:
            added = softmax_terms(y, values["g"])
            dx = settled(dx, added)
            values["total"] = settled(dx.sum(keepdims=True), added.reshape(-1, 1))[0]
            values["sums"] = settled(J.sum(axis=0), np.vstack([y, y]))
        name = layer.__name__.lower()
        values |= {f"{name}_y": y, f"{name}_J": J, f"{name}_dx": dx}
        values |= {f"{name}_terms": terms}
        flow += [np.abs(terms).sum(axis=0), np.abs(terms).sum(axis=1)]
    reach = np.array([values["sigmoid_dx"], values["softmax_dx"]])
    return values | {"flow": np.concatenate(flow), "reach": reach}


DX = Axis("dx", over="reach", least=0.05, room=1.05, grows=False, sides=0.05)
FLOW = Axis("flow", least=0.1, grows=False)
J = Axis("J", least=0.25, most=0.25, grows=False)
Z = Axis("z", least=1.0, room=1.25, sides=0.4)
G = Axis("g", least=0.5, room=1.25, sides=0.4)

# Of each layer, what an element of dx is the sum of: one product behind a sigmoid.
PRODUCTS = {
    "Sigmoid": ("g:{j}", "sigmoid_J:{j},{j}"),
    "Softmax": ("g:{i}", "softmax_J:{i},{j}"),
}
# What an output depends on, and by which entries of J: on its own input, or on all.
SOURCES = {
    "Sigmoid": ("z:{i}", "sigmoid_J:{i},{i}"),
    "Softmax": ("z:{j}", "softmax_J:{i},{j}"),
}

# A table: what a figure shows, how it looks, when it is lit, and what a hand does on it.
# fmt: off
RESULTS = tuple(
    Bars(f"{layer.lower()}_dx", f"{layer}: dz = J<sup>T</sup>·g", color=palette.RESULT, axis=DX,
         symbol="dz", total="total" if layer == "Softmax" else "", stands_out=True,
         select="j", column=NARROW_COLUMN, index="j", made_of=PRODUCTS[layer])
    for layer in KINDS
)
FLOWS = tuple(
    Flow(f"{layer.lower()}_flow", f"{layer}: from g to dz", short=f"{layer}: g to dz",
         of=f"{layer.lower()}_terms",
         results=f"{layer.lower()}_dx", called_results="dz", color=palette.UPSTREAM,
         result_color=palette.RESULT, axis=FLOW, symbol="g", column=NARROW_COLUMN)
    for layer in KINDS
)
JACOBIANS = tuple(
    Heatmap(f"{layer.lower()}_jacobian", f"{layer}: J, {kind}", short=f"{layer}: J", axis=J,
            of=f"{layer.lower()}_J", symbol="Jσ" if layer == "Sigmoid" else "J",
            sums="sums" if layer == "Softmax" else "", select="j",
            moves_with=("z",), column=NARROW_COLUMN)
    for layer, kind in KINDS.items()
)
INPUTS = (
    Bars("z", "Inputs z: drag", color=palette.LOGITS, axis=Z, drag="z",
         moves_with=("z",), column=NARROW_COLUMN, select="j"),
    Bars("g", "grad_next g: drag", color=palette.UPSTREAM, axis=G, drag="g",
         moves_with=("g",), column=NARROW_COLUMN, select="j"),
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
    question="What couples the classes?",
    Scenario=Scenario,
    compute=compute,
    figures=(*RESULTS, *FLOWS, *JACOBIANS, *INPUTS),
    results=tuple(figure.name for figure in RESULTS),
    rows=(
        ("z", "sigmoid_jacobian", "sigmoid_flow", "sigmoid_dx"),
        ("g", "softmax_jacobian", "softmax_flow", "softmax_dx"),
    ),
    presets={"z": Z_PRESETS, "g": G_PRESETS},
    controls=Controls(
        noun="inputs", pointed="Which input stands out. Or click on J, or on a bar of z, g or dz."
    ),
    vectors={
        f"{layer}: {shown}": f"{layer.lower()}_{what}"
        for layer in KINDS
        for shown, what in (("y", "y"), ("dz", "dx"))
    },
    code=(Sigmoid.backward, Softmax.backward),
    export=EXPORT,
)
