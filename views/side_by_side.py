"""The same z and g through both layers: each input alone, or all of them against each other."""

from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np

from figures import NARROW_COLUMN, bars, enlarged, jacobian_heatmap, palette
from nnfs import Sigmoid, Softmax, jacobian
from views.axes import are_usable, fit, handles, keep_or_fit
from views.codecs import AXES, MAX_CLASSES, ROWS, Rows, index_below, tab_among
from views.programs import Program
from views.scenario import BaseScenario, fit_gradient, fit_index

LEAST_Z, LEAST_G = 5.0, 2.0

# What is below the figures.
TABS = {"why": "Why they differ", "numbers": "Numbers", "code": "Code"}


@dataclass(frozen=True)
class Scenario(BaseScenario):
    """What the page shows.

    Attributes:
        z: the inputs of both layers, one row.
        g: upstream gradient, of the shape of z.
        j: the input that stands out.
        tab: the one that is open below the figures; "" for the usual one.
        axes: how far the axes of z, g and dx reach, kept while something is dragged; () to fit.
    """

    TABS = TABS

    z: Rows = field(default=((2.0, 1.0, 0.1),), metadata={"codec": ROWS})
    g: Rows = field(default=((1.0, 0.0, 0.0),), metadata={"codec": ROWS})
    j: int = field(default=0, metadata={"codec": index_below(MAX_CLASSES)})
    tab: str = field(default="", metadata={"codec": tab_among(TABS)})
    axes: tuple[float, ...] = field(default=(), metadata={"codec": AXES})

    @classmethod
    def always_linked(cls) -> tuple[str, ...]:
        """Z and g: a link reads `/side_by_side?z=2,1,0.1&g=1,0,0`."""
        return ("z", "g")

    def fitted(self, given: frozenset[str]) -> tuple[Self, list[str]]:
        """Make g fit z, and the axes fit both."""
        z, messages = self.z, []
        if len(z) > 1 or len(z[0]) < 2:
            z = z[:1] if len(z[0]) > 1 else type(self)().z
            messages = [
                "z: expected one row of at least 2 numbers, got "
                f"{len(self.z)} × {len(self.z[0])}. {len(z)} × {len(z[0])} is shown."
            ]
        g, about_g = fit_gradient(self.g, z, "z", "g" in given)
        j, about_j = fit_index(self.j, len(z[0]), "j", "j" in given)
        kept = self.axes if are_usable(self.axes, 3) else (0.0, 0.0, 0.0)
        g_limit = keep_or_fit(kept[1], g[0], LEAST_G)
        # |dx| is at most |g|/4 behind a sigmoid, and at most |g|/2 behind a softmax.
        axes = (keep_or_fit(kept[0], z[0], LEAST_Z), g_limit, fit([g_limit / 2], 1e-300))
        tab = self.tab or self.usual_tab
        return replace(self, z=z, g=g, j=j, tab=tab, axes=axes), messages + about_g + about_j


@dataclass(frozen=True)
class Numbers:
    """What one layer makes of z and g, as nnfs computes it.

    Attributes:
        y: output, shape (C,).
        J: ∂yᵢ/∂zⱼ, shape (C, C).
        dx: ∂L/∂z, shape (C,).
    """

    y: np.ndarray
    J: np.ndarray
    dx: np.ndarray


@np.errstate(over="ignore", invalid="ignore")  # at ±1e308 the result may be infinite
def numbers(scenario: Scenario) -> dict[str, Numbers]:
    """Run both layers; by the name of the layer."""
    z, g = np.array(scenario.z), np.array(scenario.g)
    results = {}
    for layer in (Sigmoid(), Softmax()):
        y = layer.forward(z)
        results[layer.layer_name] = Numbers(y[0], jacobian(layer, z)[0], layer.backward(g)[0])
    return results


def record(scenario: Scenario) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Return the inputs and the results of the page under the names that its exports use."""
    results = {
        f"{name.lower()}_{what}": getattr(values, what)
        for name, values in numbers(scenario).items()
        for what in ("y", "J", "dx")
    }
    return {"z": np.array(scenario.z), "g": np.array(scenario.g)}, results


# How an export computes what `record` returns.
PROGRAM = Program(
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

# How LaTeX sets the names in an export: as they are.
SYMBOLS: dict[str, str] = {}


def view(scenario: Scenario) -> dict[str, dict]:
    """Return the page's figures by name, in the order in which they matter while dragging."""
    z_limit, g_limit, dx_limit = scenario.axes
    layers, j = numbers(scenario), scenario.j
    select = {"field": "j", "count": len(scenario.z[0])}
    inputs = {
        name: bars(values, title=title, name=name, color=color, limit=limit, column=NARROW_COLUMN)
        | {"handles": handles(name, 0, values, limit)}
        for name, title, values, color, limit in (
            ("z", "Inputs z: drag", list(scenario.z[0]), palette.LOGITS, z_limit),
            ("g", "grad_next g: drag", list(scenario.g[0]), palette.UPSTREAM, g_limit),
        )
    }
    results = {
        f"{name.lower()}_dx": bars(
            values.dx.tolist(),
            title=f"{name}: dx = J<sup>T</sup>·g",
            name="dx",
            color=palette.RESULT,
            limit=dx_limit,
            selected=j,
            column=NARROW_COLUMN,
        )
        | {"select": select}
        for name, values in layers.items()
    }
    outputs = {
        f"{name.lower()}_y": bars(
            values.y.tolist(),
            title=f"{name}: output",
            name="y",
            color=palette.OUTPUT,
            limit=1.0,
            lowest=0.0,
            column=NARROW_COLUMN,
        )
        for name, values in layers.items()
    }
    jacobians = {
        f"{name.lower()}_jacobian": jacobian_heatmap(
            values.J,
            title=f"{name}: J, {kind}",
            limit=0.25,
            selected=j,
            column=NARROW_COLUMN,
        )
        | {"select": select}
        for (name, values), kind in zip(layers.items(), ("a diagonal", "full"), strict=True)
    }
    figures = results | outputs | jacobians | inputs
    if scenario.present:
        figures = {
            name: enlarged(figure, figure["layout"]["title"]["text"].split(",")[0], 2, j)
            for name, figure in figures.items()
        }
    return figures
