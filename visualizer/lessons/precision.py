"""The Precision page: one formula written in two ways, in float16, float32 and float64."""

import inspect
from collections.abc import Sequence
from typing import Any

from nnfs import Sigmoid, Softmax, exact_sigmoid_slope, first_float
from visualizer.exchange.programs import Export
from visualizer.figures import NARROW_COLUMN, Axis, Figure, Formula, palette
from visualizer.figures.cells import Cells
from visualizer.figures.logits import GapCurves, OverflowBars
from visualizer.figures.window import COLORS, NAMES, ErrorCurves, FallingCurves, Sample, Window
from visualizer.lessons.lesson import Choice, Controls, Lesson, Preset
from visualizer.lessons.precision_forms import (
    FARTHEST,
    FORMS,
    WAYS,
    breaks,
    naive_gradient,
    naive_sigmoid,
    naive_slope,
    naive_softmax,
    overflows,
    sampled_slopes,
    softmax_by_one_maximum,
    zeros,
)
from visualizer.lessons.precision_runs import GAPS, Scenario, compute
from visualizer.lessons.presets import as_linked


def sampled(scenario: Scenario, left: float, right: float) -> Sequence[Sample]:
    """Return both ways to write the slope over a window, for each precision."""
    return sampled_slopes(scenario.layer, left, right)


def around_break(precision: int) -> Preset:
    """Return the preset that shows where the naive way of a precision breaks off."""

    def preset(scenario: Scenario) -> Sequence[float]:
        x = zeros(scenario.layer)[precision]
        return [float(f"{share * x:.2g}") for share in (0.7, 1.2)]

    return preset


def zoomed(factor: float) -> Preset:
    """Return the preset that makes the range so many times as wide, around the probe."""

    def preset(scenario: Scenario) -> Sequence[float]:
        at = scenario.at
        ends = [float(f"{at + factor * (end - at):.6g}") for end in scenario.x[0]]
        return [max(-FARTHEST, min(FARTHEST, end)) for end in ends]

    return preset


RANGES: dict[str, Preset] = {
    "Zoom in: half as wide, around the probe": zoomed(0.5),
    "Zoom out: twice as wide": zoomed(2),
    "Where float16 breaks off": around_break(0),
    "Where float32 breaks off": around_break(1),
    "Where float64 breaks off": around_break(2),
    "As far as float64 goes": lambda scenario: [-760.0, 760.0],
}


def leader(size: float) -> Preset:
    """Return the preset in which one logit has grown to a size."""
    return lambda scenario: [size, *(1.0 * (i == 1) for i in range(1, len(scenario.z[0])))]


LOGITS: dict[str, Preset] = {
    "Nothing overflows: 10, 1, 0": leader(10),
    "exp overflows float16: 12, 1, 0": leader(12),
    "exp overflows float32: 90, 1, 0": leader(90),
    "exp overflows float64: 710, 1, 0": leader(710),
}

X = Window("x", room=1.3, least=1e-6, most=1.25 * FARTHEST)
# Deeper than the window is wide: its end is shown too.
DEPTH = Window("depth", room=1.5, least=0.2, most=600.0)
Z = Axis("z", least=1.0, room=1.25, sides=0.4, most=FARTHEST)

SHORT_NAMES = ("f16", "f32", "f64")


def by_way(name: str, title: str, called: str, of: str, **more: Any) -> Cells:
    """Return the table of one number in each precision, by what is subtracted from z."""
    return Cells(
        name,
        f"{called}<sub>{{j}}</sub>: {title}",
        short=f"{called}<sub>{{j}}</sub>, minus max of",
        of=of,
        called_as=(f"{called}{{j}}",) * len(WAYS),
        rows=NAMES,
        short_rows=SHORT_NAMES,
        colors=COLORS,
        columns=("nothing", "batch", "row"),
        short_columns=("none", "batch", "row"),
        moves_with=("z",),
        column=NARROW_COLUMN,
        **more,
    )


# A table: what a figure shows, how it looks, and what a hand does on it.
# fmt: off
FIGURES: tuple[Figure, ...] = (
    by_way("backward", "what backward returns", "dz", of="dz", wrong="no_dz",
           color=palette.RESULT, made_of=("s:{i},{j}", "kept:{i},{j}")),
    by_way("softmax", "z minus the max of…", "s", of="s", wrong="no_s", color=palette.OUTPUT),
    Cells("table", "At x = {probe} the slope is {truth}", short="At x = {probe}", of="cells",
          wrong="lost", rows=(*NAMES, "exact"), short_rows=(*SHORT_NAMES, "true"),
          colors=(*COLORS, ""),
          columns=("{y_form}", "{rest_form}", "{naive_form}", "{stable_form}"),
          short_columns=("y", "1 − y", "naive", "stable"),
          called_as=("{y_form}", "({rest_form})", "{naive_form}", "{stable_form}"),
          moves_with=("at", "x")),
    OverflowBars("z", "Logits z: let one grow", short="Logits z", color=palette.LOGITS, axis=Z,
                 overflows=overflows(), drag="z", select="j", moves_with=("z",),
                 column=NARROW_COLUMN),
    FallingCurves("slope", "{naive_form} breaks off at the marks", short="0 from {zero_from}",
                  of="points", window=X, axis=DEPTH, sampled=sampled,
                  breaks=lambda scenario: breaks(scenario.layer), drag="at", symbol="x",
                  hint=": drag the probe", moves_with=("at", "x"),
                  made_of=("cells:{i},0", "cells:{i},1"), together=("cells:{i},2",)),
    ErrorCurves("error", "Error in last places (ulp): drag the range",
                short="Error in last places", against="against 40 decimal digits", window=X, axis=X,
                sampled=sampled, drag="x", moves_with=("at", "x")),
    GapCurves("loss", "−t/s loses what s − t keeps", short="−t/s loses, s − t keeps",
              across="target behind by", of="two_step", gaps=GAPS, right="fused",
              crosses="crosses", gap="gap", now="now", moves_with=("z",), column=NARROW_COLUMN),
    Formula("formula", "Both ways at the probe", symbols={}, moves_with=("at", "x"),
            text=lambda scenario: f"{scenario.p} : {FORMS[scenario.layer].formula}"),
)
# fmt: on

NAIVE = (naive_sigmoid, naive_slope, naive_softmax, softmax_by_one_maximum, naive_gradient)
# What the page shows is what the program runs.
NAIVE_CODE = "\n\n".join(inspect.getsource(function) for function in NAIVE)

EXPORT = Export(
    inputs=("layer", "at", "z", "n", "j", "x"),  # x bounds the probe: without it a file loses it
    results=(
        *("naive", "zero", "probability", "gradient", "broken"),
        *("two_step_now", "fused_now", "stable"),
    ),
    nnfs="Softmax, cross_entropy, cross_entropy_from_logits, func_sigmoid, func_softmax",
    numpy=f"""\
PRECISIONS = (np.float16, np.float32, np.float64)


{NAIVE_CODE}

def slopes(x):
    if layer == "sigmoid":
        return naive_slope(naive_sigmoid(x)), func_sigmoid(x) * func_sigmoid(-x)
    if layer == "tanh":
        return 1 - np.tanh(x) ** 2, 4 * func_sigmoid(2 * x) * func_sigmoid(-2 * x)
    pair = np.stack([x, np.zeros_like(x)], axis=1)
    return naive_slope(naive_softmax(pair))[:, 0], func_softmax(pair).prod(axis=1)


def through(way):
    softmax = Softmax()
    softmax.forward(z)
    softmax.output = way(z)
    return softmax.output[n, j], softmax.backward(np.eye(z.shape[1])[[j] * len(z)])[n, j]


ways = naive_softmax, softmax_by_one_maximum, func_softmax
with np.errstate(all="ignore"):
    found = [slopes(np.array([at], dtype)) for dtype in PRECISIONS]
    naive, stable = (slope[0] for slope in found[2])
    zero = np.array([float(slope[0] == 0) for slope, _ in found])
    probability, gradient = np.array([through(way) for way in ways]).T
    broken = np.array(
        [[float(np.isnan(way(z.astype(dtype))[n, j])) for way in ways] for dtype in PRECISIONS]
    )
target = z[n].argmin()
t = np.eye(z.shape[1])[[target]]
softmax = Softmax()
s = softmax.forward(z[n : n + 1])
two_step_now = softmax.backward(cross_entropy(s, t).gradient)[0, target]
fused_now = cross_entropy_from_logits(z[n : n + 1], t).gradient[0, target]
""",
    torch="""\
PRECISIONS = (torch.float16, torch.float32, torch.float64)


def naive_softmax(z):
    e = torch.exp(z)
    return e / e.sum(dim=1, keepdim=True)


def softmax_by_one_maximum(z):
    e = torch.exp(z - z.max())
    return e / e.sum(dim=1, keepdim=True)


def slopes(x):
    if layer == "sigmoid":
        y = 1 / (1 + torch.exp(-x))
        return y * (1 - y), torch.sigmoid(x) * torch.sigmoid(-x)
    if layer == "tanh":
        return 1 - torch.tanh(x) ** 2, 4 * torch.sigmoid(2 * x) * torch.sigmoid(-2 * x)
    pair = torch.stack([x, torch.zeros_like(x)], dim=1)
    s = naive_softmax(pair)[:, 0]
    return s * (1 - s), torch.softmax(pair, dim=1).prod(dim=1)


def through(way):
    s, g = way(z), torch.eye(z.shape[1], dtype=z.dtype)[j]
    return s[n, j].item(), (s[n] * (g - (s[n] * g).sum()))[j].item()


ways = naive_softmax, softmax_by_one_maximum, lambda z: torch.softmax(z, dim=1)
found = [slopes(torch.tensor([at], dtype=dtype)) for dtype in PRECISIONS]
naive, stable = (slope[0] for slope in found[2])
zero = torch.tensor([float(slope[0] == 0) for slope, _ in found])
probability, gradient = torch.tensor([through(way) for way in ways], dtype=torch.float64).T
broken = torch.tensor(
    [[float(way(z.to(dtype))[n, j].isnan()) for way in ways] for dtype in PRECISIONS]
)
target = z[n].argmin()
t = torch.eye(z.shape[1], dtype=z.dtype)[target]
s = torch.softmax(z[n], dim=0)
g = -t / s.clamp(min=torch.finfo(s.dtype).tiny)
two_step_now = (s * (g - (s * g).sum()))[target]
leaf = z[n : n + 1].clone().requires_grad_()
torch.nn.functional.cross_entropy(leaf, target[None]).backward()
fused_now = leaf.grad[0, target]
""",
    # Where another exp rounds otherwise, y may be off by one place of 1, which is 1.1e-16.
    sizes={"naive": "0.015", "stable": "0.015"},
    symbols={
        "at": "x_0",
        "two_step_now": r"\mathrm{two\ steps}",
        "fused_now": "s - t",
    },
)

SIGMOID = "layer=sigmoid&x=-40,40"
MOMENTS = as_linked(
    {
        "Where each precision ends": f"{SIGMOID}&at=20",
        "The stairs of float16": "layer=sigmoid&x=4,9&at=7.25&p=float16",
        "The last digits of float64": "layer=sigmoid&x=33,38&at=36&p=float64",
        "Far out, 0 is right": "layer=sigmoid&x=-760,760&at=-730&p=float64",
        "Tanh: lost on both sides": "layer=tanh&x=-22,22&at=6",
        "Softmax: 0, then NaN": "layer=softmax&x=0,100&at=90",
        "One logit grows: exp overflows": f"{SIGMOID}&z=710,1,0",
        "Rows far apart: one maximum is too few": f"{SIGMOID}&z=900,899,898;2,1,0&n=1",
        "Confident and wrong: s underflows": f"{SIGMOID}&z=800,0&j=1",
    }
)

LESSON = Lesson(
    name="precision",
    title="Precision",
    icon=":material/decimal_increase:",
    section="Trust",
    question="Why is the gradient exactly 0?",
    Scenario=Scenario,
    compute=compute,
    figures=FIGURES,
    rows=(
        ("slope", "error", "table"),
        ("formula",),
        ("z", "softmax", "backward", "loss"),
    ),
    results=("table",),
    presets={"x": RANGES, "z": LOGITS},
    moments=MOMENTS,
    controls=Controls(
        noun="logits",
        pointed="Whose probability and gradient are shown. Or click on a bar of z.",
        choices=(
            Choice(
                "layer",
                "{}",
                "Whose slope is written in two ways",
                {"Sigmoid": "sigmoid", "Tanh": "tanh", "Softmax of (x, 0)": "softmax"},
            ),
            Choice("p", "{}", "The precision of the formula", {name: name for name in NAMES}),
        ),
    ),
    code=(*NAIVE, Sigmoid.backward, Softmax.backward, first_float, exact_sigmoid_slope),
    export=EXPORT,
)
