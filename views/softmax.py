"""The Softmax page: from logits z and upstream gradient g to s, the Jacobian, its terms and dx."""

import math
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np

from figures import axis_limit, bars, centring_bars, jacobian_heatmap, number, palette, term_bars
from nnfs import Sequential, Softmax, Temperature, jacobian, vjp_terms
from views.scenario import (
    MAX_BATCH,
    MAX_CLASSES,
    ROWS,
    BaseScenario,
    Codec,
    Rows,
    format_rows,
    index_below,
    number_between,
    parse_rows,
)

# Below these an axis does not shrink: room to drag.
LEAST_Z, LEAST_G = 5.0, 2.0
# Above this, from one end of the axis to the other is more than float64 holds.
LONGEST = 5e307


AXES = Codec(
    parse=lambda text: parse_rows(text)[0] if text else (),
    format=lambda axes: format_rows((axes,)) if axes else "",
    in_link=False,
)


@dataclass(frozen=True)
class Scenario(BaseScenario):
    """What the Softmax page shows.

    Attributes:
        z: logits, one row per sample.
        g: upstream gradient, of the shape of z.
        T: temperature.
        n: the sample in view.
        j: the input whose terms are shown.
        axes: how far the axes of z, g, s, dx and the colours of T·J reach, kept while something
            is dragged; () to fit them.
    """

    z: Rows = field(default=((2.0, 1.0, 0.1),), metadata={"codec": ROWS})
    g: Rows = field(default=((1.0, 0.0, 0.0),), metadata={"codec": ROWS})
    T: float = field(default=1.0, metadata={"codec": number_between(0.05, 20)})
    n: int = field(default=0, metadata={"codec": index_below(MAX_BATCH)})
    j: int = field(default=0, metadata={"codec": index_below(MAX_CLASSES)})
    axes: tuple[float, ...] = field(default=(), metadata={"codec": AXES})

    @classmethod
    def always_linked(cls) -> frozenset[str]:
        """z, g and T: a link reads `/softmax?z=2,1,0.1&g=1,0,0&T=1`."""
        return frozenset({"z", "g", "T"})

    def fitted(self, given: frozenset[str]) -> tuple[Self, list[str]]:
        """Make g fit z, n and j fit both, and the axes fit all."""
        changes: dict[str, Any] = {}
        messages = []
        z, (batch, classes) = self.z, (len(self.z), len(self.z[0]))
        if classes < 2:
            z = type(self)().z
            changes |= {"z": z}
            messages.append(
                "z: expected at least 2 numbers in a row, got 1. The default is shown instead."
            )
            batch, classes = len(z), len(z[0])
        if max(abs(value) for row in z for value in row) / self.T == math.inf:
            changes["T"] = 1.0
            messages.append(f"T: z / T leaves the range of float64 at T = {self.T:g}. T is 1 now.")
        if (len(self.g), len(self.g[0])) != (batch, classes):
            changes["g"] = one_hot(batch, classes)
            if "g" in given:
                messages.append(
                    f"g: expected {batch} × {classes} numbers, as many as z has, got "
                    f"{len(self.g)} × {len(self.g[0])}. A one-hot gradient is shown instead."
                )
        for name, count in (("n", batch), ("j", classes)):
            if getattr(self, name) >= count:
                changes[name] = 0
                if name in given:
                    messages.append(
                        f"{name}: expected a whole number from 0 to {count - 1}, "
                        f"got {getattr(self, name)}. 0 is shown instead."
                    )
        fitted = replace(self, **changes)
        return replace(fitted, axes=_axes(fitted)), messages


def one_hot(batch: int, classes: int) -> Rows:
    """Return 1 for class 0, else 0, in every row: Jᵀ·g is then row 0 of J."""
    return tuple(tuple(float(j == 0) for j in range(classes)) for _ in range(batch))


@dataclass(frozen=True)
class Numbers:
    """Everything that the page shows, as nnfs computes it, for the sample in view.

    Attributes:
        z: logits, shape (C,).
        g: upstream gradient, shape (C,).
        s: output, shape (C,).
        J: ∂sᵢ/∂zⱼ with the factor 1/T in it, shape (C, C).
        terms: gᵢ·∂sᵢ/∂zⱼ, shape (C, C); column j adds up to dx[j].
        dx: ∂L/∂z, shape (C,).
        mean: Σ s g.
    """

    z: np.ndarray
    g: np.ndarray
    s: np.ndarray
    J: np.ndarray
    terms: np.ndarray
    dx: np.ndarray
    mean: float


def layer_at(T: float) -> Sequential:
    """Return the softmax at temperature T, from nnfs, with no state yet."""
    return Sequential(Temperature(T), Softmax())


def numbers(scenario: Scenario) -> Numbers:
    """Run the layer forward and backward on the whole batch, and pick the sample in view."""
    layer, n = layer_at(scenario.T), scenario.n
    z, g = np.array(scenario.z), np.array(scenario.g)
    s = layer.forward(z)
    dx = layer.backward(g)
    J = jacobian(layer, z[n : n + 1])
    terms = vjp_terms(J, g[n : n + 1])
    return Numbers(z[n], g[n], s[n], J[0], terms[0], dx[n], float(np.vecdot(s[n], g[n])))


def view(scenario: Scenario) -> dict[str, dict]:
    """Return the page's figures by name, in the order in which they matter while dragging."""
    values = numbers(scenario)
    z_limit, g_limit, s_limit, dx_limit, J_limit = scenario.axes
    j, T = scenario.j, scenario.T
    at_T = "" if T == 1 else f" at T = {T:g}"
    select = {"field": "j", "count": len(values.z)}
    return {
        "dx": bars(
            values.dx.tolist(),
            title="Result dx = ∂L/∂z = J<sup>T</sup>·g",
            name="dx",
            color=palette.RESULT,
            limit=dx_limit,
            selected=j,
        )
        | {"select": select},
        "s": bars(
            values.s.tolist(),
            title=f"Output s = softmax(z){at_T}",
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
            selected=j,
        )
        | {"select": select},
        "z": bars(
            values.z.tolist(),
            title="Logits z: drag the bars",
            name="z",
            color=palette.LOGITS,
            limit=z_limit,
        )
        | {"handles": _handles("z", scenario.n, values.z, z_limit)},
        "g": bars(
            values.g.tolist(),
            title="grad_next = upstream gradient g = ∂L/∂s",
            name="g",
            color=palette.UPSTREAM,
            limit=g_limit,
        )
        | {"handles": _handles("g", scenario.n, values.g, g_limit)},
        "centring": centring_bars(
            values.g.tolist(),
            values.s.tolist(),
            values.mean,
            title=f"g − its s-weighted mean {number(values.mean)}; width s, area T·dx",
            color=palette.UPSTREAM,
            limit=g_limit,
        ),
    }


def _handles(name: str, row: int, values: np.ndarray, limit: float) -> dict | None:
    """Say which bars can be dragged, how far, and in which steps."""
    if len(values) > 32:
        return None
    return {
        "field": name,
        "row": row,
        "values": values.tolist(),
        "min": -limit,
        "max": limit,
        "step": limit / 100,
        "labels": [f"{name} {j}" for j in range(len(values))],
        "together": f"all of {name}",
    }


def _axes(scenario: Scenario) -> tuple[float, ...]:
    """Keep the axes while they hold what is dragged; fit them where they are missing or too short.

    The axis of dx may be exceeded while dragging: the bar ends at its edge, with an arrow.
    """
    z, g = scenario.z[scenario.n], scenario.g[scenario.n]
    kept = scenario.axes
    if len(kept) != 5 or min(kept) <= 0 or max(kept) > LONGEST:
        values = numbers(replace(scenario, axes=()))
        # Twice what there is now, so that a drag has room to make it larger. No entry of T·J is
        # above ¼, no probability above 1, and for few classes these are what to compare with.
        few = len(z) <= 10
        kept = (
            *(0.0, 0.0),
            1.0 if few else min(1.0, axis_limit((2 * values.s).tolist(), 1e-3)),
            min(LONGEST, axis_limit((2 * values.dx).tolist(), 0.05 if few else 1e-4)),
            0.25 if few else min(0.25, axis_limit((values.J * scenario.T).ravel().tolist(), 1e-6)),
        )
    z_limit = kept[0] if max(map(abs, z)) <= kept[0] else min(LONGEST, axis_limit(z, LEAST_Z))
    g_limit = kept[1] if max(map(abs, g)) <= kept[1] else min(LONGEST, axis_limit(g, LEAST_G))
    return z_limit, g_limit, *kept[2:]
