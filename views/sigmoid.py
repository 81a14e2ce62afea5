"""The Sigmoid page: points on the curve, their slopes, and what they make of grad_next."""

from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np

from figures import (
    LABELLED,
    bars,
    curve_with_tangents,
    enlarged,
    error_curve,
    jacobian_heatmap,
    number,
    palette,
    slope_curve,
)
from nnfs import GradientReport, Sigmoid, check_gradient, func_sigmoid, jacobian
from views.axes import are_usable, fit, handles, keep_or_fit
from views.codecs import (
    AXES,
    MAX_CLASSES,
    ROWS,
    Rows,
    index_below,
    names_among,
    number_between,
    tab_among,
)
from views.formulas import aligned, latex
from views.programs import Program
from views.scenario import BaseScenario, fit_gradient, fit_index
from views.steps import CHECK, TITLES, staged
from views.wrong import Ghost, ghosts, label, names

# Below these an axis does not shrink: room to drag.
LEAST_X, LEAST_G = 10.0, 2.0

# Where the slope has fallen to one hundredth: σ′(4.585) = 0.01.
SATURATED = 4.585

# The nudges at which its error is shown: four and a half decades.
NUDGES = np.geomspace(1e-4, 2, 45)

LIT = {
    "curve": {1},
    "g": {2, 4},
    "slope": {3},
    "jacobian": {3, 4},
    "dx": {5, CHECK},
    "nudge": {CHECK},
}

# Titles for the projector; {j} is the input in view.
SHORT = {
    "curve": "Output y = σ(x)",
    "slope": "Slope y (1 − y)",
    "g": "grad_next g",
    "jacobian": "Jacobian J",
    "nudge": "Error over nudge ε",
    "dx": "Result dx = J<sup>T</sup>·g",
}

# What is below the figures.
TABS = {
    "nudge": "A true nudge",
    "wrong": "Wrong passes",
    "numbers": "Numbers",
    "code": "Code",
}


@dataclass(frozen=True)
class Scenario(BaseScenario):
    """What the Sigmoid page shows.

    Attributes:
        x: the inputs, one row.
        g: upstream gradient, of the shape of x.
        eps: the nudge ε by which the chosen input is changed.
        j: the input that is nudged.
        step: of the lecture, from 1; 0 shows everything.
        wrong: names of the wrong passes shown beside the right one.
        tab: the one that is open below the figures; "" for the usual one.
        axes: how far the axes of x, g and dx reach, kept while something is dragged; () to fit.
    """

    TABS = TABS

    x: Rows = field(default=((-2.0, 0.5, 3.0),), metadata={"codec": ROWS})
    g: Rows = field(default=((1.0, 1.0, -1.0),), metadata={"codec": ROWS})
    eps: float = field(default=0.5, metadata={"codec": number_between(1e-4, 2)})
    j: int = field(default=0, metadata={"codec": index_below(MAX_CLASSES)})
    step: int = field(default=0, metadata={"codec": index_below(len(TITLES) + 1)})
    wrong: tuple[str, ...] = field(default=(), metadata={"codec": names_among(names(Sigmoid))})
    tab: str = field(default="", metadata={"codec": tab_among(TABS)})
    axes: tuple[float, ...] = field(default=(), metadata={"codec": AXES})

    @classmethod
    def always_linked(cls) -> tuple[str, ...]:
        """X and g: a link reads `/sigmoid?x=-2,0.5,3&g=1,1,-1`."""
        return ("x", "g")

    def fitted(self, given: frozenset[str]) -> tuple[Self, list[str]]:
        """Make g and j fit x, and the axes fit all."""
        x, messages = self.x, []
        if len(x) > 1:
            x = x[:1]
            messages = [f"x: expected one row, got {len(self.x)}. The first is shown."]
        g, about_g = fit_gradient(self.g, x, "x", "g" in given)
        j, about_j = fit_index(self.j, len(x[0]), "j", "j" in given)
        fitted = replace(self, x=x, g=g, j=j, tab=self.tab or self.usual_tab)
        return replace(fitted, axes=_axes(fitted)), messages + about_g + about_j


@dataclass(frozen=True)
class Numbers:
    """Everything that the page shows, as nnfs computes it.

    Attributes:
        x: inputs, shape (C,).
        g: upstream gradient, shape (C,).
        y: σ(x), shape (C,).
        slopes: σ′(x), shape (C,).
        J: ∂yᵢ/∂xⱼ, shape (C, C), diagonal.
        dx: ∂L/∂x, shape (C,).
        changed: the true change of L = Σ g y when input j moves by ε.
        predicted: dxⱼ · ε.
        ghosts: the chosen wrong passes.
    """

    x: np.ndarray
    g: np.ndarray
    y: np.ndarray
    slopes: np.ndarray
    J: np.ndarray
    dx: np.ndarray
    changed: float
    predicted: float
    ghosts: list[Ghost]


@np.errstate(over="ignore", invalid="ignore")  # at ±1e308 the result may be infinite
def numbers(scenario: Scenario) -> Numbers:
    """Run the layer forward and backward, and nudge the chosen input."""
    layer, j = Sigmoid(), scenario.j
    x, g = np.array(scenario.x), np.array(scenario.g)
    y = layer.forward(x)
    dx = layer.backward(g)
    J = jacobian(layer, x)[0]
    return Numbers(
        x=x[0],
        g=g[0],
        y=y[0],
        slopes=J.diagonal(),
        J=J,
        dx=dx[0],
        changed=float(change_of_loss(x[0, j], g[0, j], np.array([scenario.eps]))[0]),
        predicted=float(dx[0, j] * scenario.eps),
        ghosts=ghosts(layer, x, g, dx[0], scenario.wrong),
    )


def change_of_loss(x: float, g: float, eps: np.ndarray) -> np.ndarray:
    """Return by how much L = Σ g σ(x) changes when one input moves from x by each ε.

    Args:
        x: the input.
        g: its upstream gradient.
        eps: shape (K,).

    Returns:
        shape (K,). The other terms of L do not change.
    """
    return g * (func_sigmoid(x + eps) - func_sigmoid(x))


@np.errstate(over="ignore", invalid="ignore")
def check(scenario: Scenario) -> GradientReport:
    """Compare `backward` with central differences."""
    return check_gradient(Sigmoid(), scenario.x, scenario.g)


def record(scenario: Scenario) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Return the inputs and the results of the page under the names that its exports use."""
    values = numbers(scenario)
    inputs = {"x": np.array(scenario.x), "g": np.array(scenario.g)}
    results = {"y": values.y, "J": values.J, "dx": values.dx}
    results |= {"changed": np.array(values.changed), "predicted": np.array(values.predicted)}
    return inputs | {"eps": scenario.eps, "j": scenario.j}, results


# How an export computes what `record` returns.
PROGRAM = Program(
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
)

# How LaTeX sets the names in an export.
SYMBOLS = {
    "dx": r"\frac{\partial L}{\partial x}",
    "eps": r"\varepsilon",
    "changed": r"\Delta L",
    "predicted": r"\frac{\partial L}{\partial x_j} \varepsilon",
}


def formulas(values: Numbers, scenario: Scenario) -> str:
    """Return the gradient of input j, and what it predicts for a nudge beside what happens."""
    j, eps = scenario.j, scenario.eps
    g, y, dx = (latex(v) for v in (values.g[j], values.y[j], values.dx[j]))
    missed = values.changed - values.predicted
    lines = [
        rf"\frac{{\partial L}}{{\partial x_{{{j}}}}} &= g_{{{j}}}\, y_{{{j}}} (1 - y_{{{j}}}) "
        rf"= {g} \cdot {y} \cdot (1 - {y}) = {dx}",
        rf"\frac{{\partial L}}{{\partial x_{{{j}}}}} \cdot \varepsilon &= {dx} \cdot {eps:g} "
        rf"= {latex(values.predicted)}",
        rf"\Delta L &= L(x_{{{j}}} + \varepsilon) - L(x_{{{j}}}) = {latex(values.changed)}",
        rf"\text{{missed}} &= {latex(missed)} = {latex(missed / eps**2)} \cdot \varepsilon^2",
    ]
    return aligned(lines)


def view(scenario: Scenario) -> dict[str, dict]:
    """Return the page's figures by name, in the order in which they matter while dragging."""
    values = numbers(scenario)
    x_limit, g_limit, dx_limit = scenario.axes
    j = scenario.j
    select = {"field": "j", "count": len(values.x)}
    behind = {label(ghost.name): ghost.dx.tolist() for ghost in values.ghosts}
    if scenario.step == CHECK:
        behind = {"central difference": check(scenario).numeric[0].tolist()}
    grid, curve, slope = _curves(x_limit)
    error = abs(values.changed - values.predicted)
    errors = np.abs(change_of_loss(values.x[j], values.g[j], NUDGES) - values.dx[j] * NUDGES)
    figures = {
        "dx": bars(
            values.dx.tolist(),
            title="Result dx = ∂L/∂x = J<sup>T</sup>·g = g·σ′(x)",
            name="dx",
            color=palette.RESULT,
            limit=dx_limit,
            selected=None if behind else j,
            ghosts=behind,
        )
        | {"select": select},
        "curve": curve_with_tangents(
            grid,
            curve,
            values.x.tolist(),
            values.y.tolist(),
            # In a lecture the tangents come with the slopes, not before.
            [] if 0 < scenario.step < min(LIT["slope"]) else values.slopes.tolist(),
            title="Output y = σ(x)" + (": drag the points" if len(values.x) <= LABELLED else ""),
            color=palette.OUTPUT,
            tangent_color=palette.SLOPE,
            limit=x_limit,
            selected=j,
        )
        | {"handles": handles("x", 0, values.x.tolist(), x_limit, on_curve=True)},
        "slope": slope_curve(
            grid,
            slope,
            values.x.tolist(),
            values.slopes.tolist(),
            title="Slope σ′ = y (1 − y), at most ¼",
            color=palette.SLOPE,
            limit=x_limit,
            highest=0.25,
            saturated=SATURATED,
            selected=j,
        ),
        "jacobian": jacobian_heatmap(
            values.J,
            title="Jacobian ∂y<sub>i</sub> / ∂x<sub>j</sub>: a diagonal",
            limit=0.25,
            selected=j,
        )
        | {"select": select},
        "g": bars(
            values.g.tolist(),
            title="grad_next = upstream gradient g = ∂L/∂y",
            name="g",
            color=palette.UPSTREAM,
            limit=g_limit,
        )
        | {"handles": handles("g", 0, values.g.tolist(), g_limit)},
        "nudge": error_curve(
            NUDGES.tolist(),
            errors.tolist(),
            scenario.eps,
            error,
            title=f"Nudge x<sub>{j}</sub> by ε: |ΔL − dx<sub>{j}</sub>·ε| over ε",
            note=f"ΔL = {number(values.changed)}, predicted {number(values.predicted)}"
            f"<br>{_how_it_falls(values, j) if errors.any() else 'No error left to see'}",
            color=palette.RESULT,
        ),
    }
    figures = staged(figures, LIT, scenario.step)
    if scenario.present:
        figures = {
            name: enlarged(figure, SHORT[name].format(j=j), 2, j)
            for name, figure in figures.items()
        }
    return figures


def _how_it_falls(values: Numbers, j: int) -> str:
    """ε² by the bend of the curve, ε³ at 0, where it has none."""
    return f"The error falls as ε{'³' if values.y[j] == 0.5 else '²'}"


def _curves(limit: float) -> tuple[list[float], list[float], list[float]]:
    """Return x, σ(x) and σ′(x) over the axis, from the layer itself."""
    layer = Sigmoid()
    # Denser where the curve bends, however far the axis reaches.
    grid = np.union1d(np.linspace(-limit, limit, 61), np.linspace(-8, 8, 129))
    grid = grid[np.abs(grid) <= limit]
    curve = layer.forward(grid)
    return grid.tolist(), curve.tolist(), layer.backward(np.ones_like(grid)).tolist()


def _axes(scenario: Scenario) -> tuple[float, ...]:
    """Keep the axes while they hold what is dragged; fit them where they are missing or too short.

    No |dx| is above |g|/4, so its axis follows that of g; wrong passes know no such bound.
    """
    x, g = scenario.x[0], scenario.g[0]
    kept = scenario.axes if are_usable(scenario.axes, 3) else (0.0, 0.0, 0.0)
    g_limit = keep_or_fit(kept[1], g, LEAST_G)
    shown = [g_limit / 4]
    if not kept[2]:
        shown += [value for ghost in numbers(scenario).ghosts for value in ghost.dx.tolist()]
    return keep_or_fit(kept[0], x, LEAST_X), g_limit, max(kept[2], fit(shown, 1e-300))
