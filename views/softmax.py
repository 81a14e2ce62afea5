"""The Softmax page: from logits z and upstream gradient g to s, the Jacobian, its terms and dx."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

import numpy as np

from figures import (
    LABELLED,
    bars,
    centring_bars,
    enlarged,
    jacobian_heatmap,
    moving_bars,
    moving_cells,
    moving_centring,
    moving_terms,
    palette,
    term_bars,
)
from nnfs import (
    BaseLayer,
    GradientReport,
    Sequential,
    Softmax,
    Temperature,
    check_gradient,
    vjp_terms,
)
from views.axes import are_usable, fit, handles, keep_or_fit
from views.codecs import (
    AXES,
    MAX_BATCH,
    MAX_CLASSES,
    ROWS,
    Rows,
    index_below,
    names_among,
    number_between,
    tab_among,
)
from views.formulas import aligned, latex, operand
from views.programs import Program
from views.scenario import BaseScenario, fit_gradient, fit_index
from views.steps import CHECK, TITLES, staged
from views.wrong import Ghost, ghosts, label, names

# Below these an axis does not shrink: room to drag.
LEAST_Z, LEAST_G = 5.0, 2.0

# The steps at which each figure is lit.
LIT = {
    "z": {1},
    "s": {1},
    "g": {2, 4},
    "jacobian": {3, 4},
    "terms": {4},
    "dx": {5, CHECK},
    "centring": {5},
}

# Of which figures a drag moves numbers, and nothing else.
MOVES = {
    "z": ("dx", "s", "terms", "jacobian", "z", "centring"),
    "g": ("dx", "terms", "g", "centring"),
}

# Titles for the projector; {j} is the input in view.
SHORT = {
    "z": "Logits z",
    "s": "Output s",
    "g": "grad_next g",
    "jacobian": "Jacobian J",
    "terms": "Terms of dx<sub>{j}</sub>",
    "dx": "Result dx = J<sup>T</sup>·g",
    "centring": "g around its mean",
}

# What is below the figures.
TABS = {
    "why": "Why it centres",
    "wrong": "Wrong passes",
    "unseen": "What it cannot see",
    "batch": "Batch",
    "numbers": "Numbers",
    "code": "Code",
}


@dataclass(frozen=True)
class Scenario(BaseScenario):
    """What the Softmax page shows.

    Attributes:
        z: logits, one row per sample.
        g: upstream gradient, of the shape of z.
        T: temperature.
        n: the sample in view.
        j: the input whose terms are shown.
        step: of the lecture, from 1; 0 shows everything.
        wrong: names of the wrong passes shown beside the right one.
        tab: the one that is open below the figures; "" for the usual one.
        axes: how far the axes of z, g, s, dx and the colours of T·J reach, kept while something
            is dragged; () to fit them.
    """

    TABS = TABS

    z: Rows = field(default=((2.0, 1.0, 0.1),), metadata={"codec": ROWS})
    g: Rows = field(default=((1.0, 0.0, 0.0),), metadata={"codec": ROWS})
    T: float = field(default=1.0, metadata={"codec": number_between(0.05, 20)})
    n: int = field(default=0, metadata={"codec": index_below(MAX_BATCH)})
    j: int = field(default=0, metadata={"codec": index_below(MAX_CLASSES)})
    step: int = field(default=0, metadata={"codec": index_below(len(TITLES) + 1)})
    wrong: tuple[str, ...] = field(default=(), metadata={"codec": names_among(names(Softmax))})
    tab: str = field(default="", metadata={"codec": tab_among(TABS)})
    axes: tuple[float, ...] = field(default=(), metadata={"codec": AXES})

    @classmethod
    def always_linked(cls) -> tuple[str, ...]:
        """z, g and T: a link reads `/softmax?z=2,1,0.1&g=1,0,0&T=1`."""
        return ("z", "g", "T")

    def fitted(self, given: frozenset[str]) -> tuple[Self, list[str]]:
        """Make g fit z, n and j fit both, and the axes fit all."""
        z, T, messages = self.z, self.T, []
        if len(z[0]) < 2:
            z = type(self)().z
            messages = [
                "z: expected at least 2 numbers in a row, got 1. The default is shown instead."
            ]
        if T < 1 and max(abs(value) for row in z for value in row) / T == math.inf:
            messages.append(f"T: z / T leaves the range of float64 at T = {T:g}. T is 1 now.")
            T = 1.0
        g, about_g = fit_gradient(self.g, z, "z", "g" in given)
        n, about_n = fit_index(self.n, len(z), "n", "n" in given)
        j, about_j = fit_index(self.j, len(z[0]), "j", "j" in given)
        fitted = self.having(z=z, T=T, g=g, n=n, j=j, tab=self.tab or self.usual_tab)
        return fitted.having(axes=_axes(fitted)), messages + about_g + about_n + about_j


class Numbers(NamedTuple):
    """Everything that the page shows, as nnfs computes it, for the sample in view.

    Attributes:
        z: logits, shape (C,).
        g: upstream gradient, shape (C,).
        s: output, shape (C,).
        J: ∂sᵢ/∂zⱼ with the factor 1/T in it, shape (C, C).
        terms: gᵢ·∂sᵢ/∂zⱼ, shape (C, C); column j adds up to dx[j].
        dx: ∂L/∂z, shape (C,).
        ghosts: the chosen wrong passes.
    """

    z: np.ndarray
    g: np.ndarray
    s: np.ndarray
    J: np.ndarray
    terms: np.ndarray
    dx: np.ndarray
    ghosts: list[Ghost]

    @property
    def mean(self) -> float:
        """Σ s g: what backward takes off g, before it weighs it by s."""
        return float(np.vecdot(self.s, self.g))


def layer_at(T: float) -> BaseLayer:
    """Return the softmax at temperature T, from nnfs, with no state yet."""
    return Softmax() if T == 1 else Sequential(Temperature(T), Softmax())


@np.errstate(over="ignore", invalid="ignore")  # at ±1e308 the result may be infinite
def numbers(scenario: Scenario) -> Numbers:
    """Run the layer forward and backward on the sample in view; no other has a part in it.

    One backward pass gives dx and J, on a batch of the same sample: for g, and for each one-hot
    gradient, whose result is a row of J. It is what `nnfs.jacobian` does with a pass for each row,
    which takes a drag of five logits more than twice as long.
    """
    layer, count = layer_at(scenario.T), len(scenario.z[scenario.n])
    logits, gradients = np.zeros((2, count + 1, count))
    logits[:] = scenario.z[scenario.n]
    gradients[0] = scenario.g[scenario.n]
    gradients.reshape(-1)[count :: count + 1] = 1  # rows from 1 on: the identity
    s = layer.forward(logits)[0]
    rows = layer.backward(gradients)
    z, g, dx, J = logits[0], gradients[0], rows[0], rows[1:]
    terms = vjp_terms(rows[np.newaxis, 1:], gradients[:1])[0]
    behind = _ghosts(scenario, dx) if scenario.wrong else []
    return Numbers(z, g, s, J, terms, dx, behind)


def _ghosts(scenario: Scenario, right: np.ndarray) -> list[Ghost]:
    """Run the wrong passes in the place of the softmax, on the whole batch: one mixes samples."""
    softmax, T = Softmax(), scenario.T
    at_T = Temperature(T).forward(np.array(scenario.z))
    softmax.forward(at_T)
    g = np.array(scenario.g)
    return ghosts(softmax, at_T, g, right, scenario.wrong, scenario.n, factor=1 / T)


@np.errstate(over="ignore", invalid="ignore")
def check(scenario: Scenario) -> GradientReport:
    """Compare `backward` with central differences, for the sample in view."""
    rows = slice(scenario.n, scenario.n + 1)
    return check_gradient(layer_at(scenario.T), scenario.z[rows], scenario.g[rows])


def record(scenario: Scenario) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Return the inputs and the results of the page under the names that its exports use."""
    values = numbers(scenario)
    inputs = {"z": np.array(scenario.z), "g": np.array(scenario.g), "T": scenario.T}
    results = {"s": values.s, "J": values.J, "terms": values.terms, "dx": values.dx}
    return inputs | {"n": scenario.n}, results


# How an export computes what `record` returns.
PROGRAM = Program(
    nnfs="Sequential, Softmax, Temperature, jacobian, vjp_terms",
    numpy="""\
    layer = Sequential(Temperature(T), Softmax())
    s = layer.forward(z)[n]
    dx = layer.backward(g)[n]
    J = jacobian(layer, z[n : n + 1])[0]
    terms = vjp_terms(J[np.newaxis], g[n : n + 1])[0]
    """,
    torch="""\
    z.requires_grad_()
    s = torch.softmax(z / T, dim=1)
    s.backward(g)
    dx = z.grad[n]
    s = s[n].detach()
    J = torch.autograd.functional.jacobian(lambda z: torch.softmax(z / T, 0), z[n].detach())
    terms = g[n][:, None] * J
    """,
    sizes={"J": "1 / T", "terms": "abs(g[n]).max() / T", "dx": "abs(g[n]).max() / T"},
)

# How LaTeX sets the names in an export.
SYMBOLS = {
    "dx": r"\frac{\partial L}{\partial x}",
    "terms": r"\big(g_i \tfrac{\partial y_i}{\partial x_j}\big)",
}

# More terms than these do not fit a line.
TERMS = 3


def formulas(values: Numbers, scenario: Scenario) -> str:
    """Return the closed form for input j, and the same number as a sum of terms of Jᵀ·g."""
    j, T = scenario.j, scenario.T
    divided = rf" / {T:g}" if T != 1 else ""
    factor = r"\tfrac{1}{T}\," if T != 1 else ""
    s, g, dx, mean = (latex(v) for v in (values.s[j], values.g[j], values.dx[j], values.mean))
    products = [
        rf"{operand(latex(g_i))} \cdot {operand(latex(J_ij))}"
        for g_i, J_ij in zip(values.g[:TERMS], values.J[:TERMS, j], strict=True)
    ]
    dots = r" + \dots" if len(values.g) > TERMS else ""
    lines = [
        rf"\frac{{\partial L}}{{\partial z_{{{j}}}}} "
        rf"&= {factor} s_{{{j}}} \Big(g_{{{j}}} - \sum_i s_i g_i\Big)",
        rf"&= {s}\,\big({g} - {operand(mean)}\big){divided} = {dx}",
        rf"(J^\top g)_{{{j}}} &= \sum_i g_i \frac{{\partial s_i}}{{\partial z_{{{j}}}}}",
        rf"&= {' + '.join(products)}{dots}",
        rf"&= {dx}",
    ]
    return aligned(lines)


def view(scenario: Scenario) -> dict[str, dict]:
    """Return the page's figures by name, in the order in which they matter while dragging."""
    values = numbers(scenario)
    z_limit, g_limit, s_limit, dx_limit, J_limit = scenario.axes
    j, T = scenario.j, scenario.T
    by_T = "" if T == 1 else f" / {T:g}"
    select = {"field": "j", "count": len(values.z)}
    plain = not (scenario.step or scenario.wrong or scenario.present)
    moves = MOVES if plain else {"z": (), "g": ()}
    behind = {label(ghost.name): ghost.dx.tolist() for ghost in values.ghosts}
    if scenario.step == CHECK:
        behind = {"central difference": check(scenario).numeric[0].tolist()}
    figures = {
        "dx": bars(
            values.dx.tolist(),
            title="Result dx = ∂L/∂z = J<sup>T</sup>·g",
            name="dx",
            color=palette.RESULT,
            limit=dx_limit,
            selected=None if behind else j,
            ghosts=behind,
        )
        | {"select": select},
        "s": bars(
            values.s.tolist(),
            title=f"Output s = softmax(z{by_T})",
            name="s",
            color=palette.OUTPUT,
            limit=s_limit,
            lowest=0.0,
        ),
        "terms": term_bars(
            values.terms[:, j].tolist(),
            float(values.dx[j]),
            title=f"Terms g<sub>i</sub>·∂s<sub>i</sub>/∂z<sub>{j}</sub> add up to dx<sub>{j}</sub>",
            color=palette.TERM,
            total_color=palette.RESULT,
            limit=dx_limit,
        ),
        "jacobian": jacobian_heatmap(
            values.J,
            title="Jacobian ∂s<sub>i</sub> / ∂z<sub>j</sub>: row i, column j",
            limit=J_limit / T,
            names=("s", "z"),
            selected=j,
        )
        | {"select": select},
        "z": bars(
            values.z.tolist(),
            title="Logits z: "
            + ("drag the bars" if len(values.z) <= LABELLED else "edit them under Batch"),
            name="z",
            color=palette.LOGITS,
            limit=z_limit,
        )
        | {"handles": handles("z", scenario.n, values.z.tolist(), z_limit, moves=moves["z"])},
        "g": bars(
            values.g.tolist(),
            title="grad_next = upstream gradient g = ∂L/∂s",
            name="g",
            color=palette.UPSTREAM,
            limit=g_limit,
        )
        | {"handles": handles("g", scenario.n, values.g.tolist(), g_limit, moves=moves["g"])},
        "centring": centring_bars(
            values.g.tolist(),
            values.s.tolist(),
            values.mean,
            title="g around its mean: width s, area T·dx",
            color=palette.UPSTREAM,
            limit=g_limit,
        ),
    }
    figures = staged(figures, LIT, scenario.step)
    if scenario.present:
        figures = {
            name: enlarged(figure, SHORT[name].format(j=j), 2, j)
            for name, figure in figures.items()
        }
    return figures


def moving(scenario: Scenario, names: Iterable[str]) -> dict[str, list[dict]]:
    """Return of the named figures what moves while z or g is dragged: arrays for each trace.

    It leaves out everything that `view` says besides, and costs half; names of no figure are passed
    over.
    """
    values, j = numbers(scenario), scenario.j
    z_limit, g_limit, s_limit, dx_limit, _ = scenario.axes
    arrays = {
        "dx": lambda: moving_bars(values.dx.tolist(), -dx_limit, dx_limit),
        "s": lambda: moving_bars(values.s.tolist(), 0.0, s_limit),
        "terms": lambda: moving_terms(values.terms[:, j].tolist(), float(values.dx[j]), dx_limit),
        "jacobian": lambda: moving_cells(values.J),
        "z": lambda: moving_bars(values.z.tolist(), -z_limit, z_limit),
        "g": lambda: moving_bars(values.g.tolist(), -g_limit, g_limit),
        "centring": lambda: moving_centring(
            values.g.tolist(), values.s.tolist(), values.mean, g_limit
        ),
    }
    return {name: arrays[name]() for name in names if name in arrays}


def _axes(scenario: Scenario) -> tuple[float, ...]:
    """Keep the axes while they hold what is dragged; fit them where they are missing or too short.

    The axis of dx may be exceeded while dragging: the bar ends at its edge, with an arrow.
    """
    z, g = scenario.z[scenario.n], scenario.g[scenario.n]
    kept = scenario.axes
    if not are_usable(kept, 5):
        values = numbers(scenario)
        # Twice what there is now, so that a drag has room to make it larger. No entry of T·J is
        # above ¼, no probability above 1, and for few classes these are what to compare with.
        few = len(z) <= 10
        kept = (
            *(0.0, 0.0),
            1.0 if few else min(1.0, fit((2 * values.s).tolist(), 1e-3)),
            fit(_with_ghosts(2 * values.dx, values.ghosts), 0.05 if few else 1e-4),
            0.25 if few else min(0.25, fit((values.J * scenario.T).ravel().tolist(), 1e-6)),
        )
    return keep_or_fit(kept[0], z, LEAST_Z), keep_or_fit(kept[1], g, LEAST_G), *kept[2:]


def _with_ghosts(dx: np.ndarray, behind: list[Ghost]) -> list[float]:
    return np.concatenate([dx, *(ghost.dx for ghost in behind)]).tolist()
