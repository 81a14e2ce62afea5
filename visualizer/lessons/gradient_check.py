"""The Gradient check page: is the backward pass right, and how good a question is that?"""

from dataclasses import Field, dataclass, field
from typing import Any, cast

import numpy as np

from nnfs import (
    GradientReport,
    check_gradient,
    compare_gradients,
    difference_quotients,
    numeric_vjp,
    rounding_floor,
    step_in_theory,
    study_steps,
)
from nnfs.gradient_check import Method
from visualizer.exchange.programs import Export
from visualizer.figures import (
    NARROW_COLUMN,
    Axis,
    Bars,
    Column,
    Curve,
    Formula,
    Measured,
    StepErrors,
    Symbol,
    Table,
    Words,
    palette,
)
from visualizer.lessons.checked import CHECKED, PASSES, RIGHT, Run, names_of, sentences
from visualizer.lessons.lesson import Choice, Controls, Lesson, Preset, Values
from visualizer.lessons.presets import G_PRESETS, Z_PRESETS, as_linked
from visualizer.lessons.steps import Steps
from visualizer.scenario import BaseScenario, Rows, choice, index_of, number, rows, tab, whole
from visualizer.scenario.codecs import one_of

# From 1e-1 to 1e-15, four to a decade.
STEPS_TRIED = np.geomspace(1e-1, 1e-15, 57)
# More inputs would not fit the table.
MOST = 10
TITLES = ("Backward", "Difference", "Forward", "Central", "Complex step", "Verdict")
VERDICT = len(TITLES)

METHODS: dict[str, str] = {
    "central": "Central difference",
    "forward": "Forward difference",
    "complex": "Complex step",
}


def _known_to_layer(scenario: Any, item: Field[Any], given: bool) -> tuple[str, list[str]]:
    """Let the right pass stand where the layer has no such wrong one."""
    value = getattr(scenario, item.name)
    known = names_of(scenario.layer).values()
    if value in known:
        return value, []
    message = (
        f"Backward pass: expected one of {', '.join(known)} for this layer, got {value}. The right "
        "one is shown instead."
    )
    return RIGHT, [message] if given else []


@dataclass(frozen=True)
class Scenario(BaseScenario):
    """What the page shows.

    Attributes:
        layer: what is checked, by its name in CHECKED.
        z: its inputs, one row per sample.
        g: upstream gradient, of the shape of z.
        h: the step of the differences.
        backward: the pass that is checked: the right one, or the name of a wrong one.
        method: the way of taking differences that decides.
        dtype: in which everything is computed.
        n: the sample in view.
        j: the element that the formula is about.
        step: of the lecture, from 1; 0 shows everything.
        tab: the one that is open below the figures.
    """

    ALWAYS = ("layer", "z", "g", "h")

    layer: str = choice(*CHECKED, called="Layer")
    z: Rows = rows("2,1,0.1", most=MOST)
    g: Rows = rows("1,-1,2", like="z")
    h: float = number(1e-6, float(STEPS_TRIED[-1]), float(STEPS_TRIED[0]), called="Step h")
    backward: str = field(
        default=RIGHT,
        metadata={
            "codec": one_of((RIGHT, *PASSES)),
            "rule": _known_to_layer,
            "called": "Backward pass",
            "allowed": (RIGHT, *PASSES),
        },
    )
    method: str = choice(*METHODS, called="Method")
    dtype: str = choice("float64", "float32", called="Precision")
    n: int = index_of("z", row=True)
    j: int = index_of("z")
    step: int = whole(0, 0, VERDICT, called="Step")
    tab: str = tab(
        {
            "why": "Why a U",
            "digits": "Digits that cancel",
            "batch": "Batch",
            "numbers": "Numbers",
            "code": "Code",
        }
    )

    @property
    def row(self) -> int:
        """The sample in view."""
        return self.n


def run_of(scenario: Scenario) -> Run:
    """Run the layer and the backward pass that is checked, in the precision that was chosen."""
    with np.errstate(over="ignore", invalid="ignore"):  # at ±1e308, and in float32 sooner
        x, g = (np.array(rows).astype(scenario.dtype) for rows in (scenario.z, scenario.g))
        return Run.of(scenario.layer, scenario.backward, x, g, scenario.n)


@np.errstate(over="ignore", invalid="ignore")
def check(scenario: Scenario) -> GradientReport:
    """Compare the backward pass with differences, for the sample in view."""
    run = run_of(scenario)
    return check_gradient(
        CHECKED[run.layer].make(run.x.shape[1]),
        run.x[[run.n]],
        run.g[[run.n]],
        cast(Method, scenario.method),
        scenario.h,
        run.claimed[np.newaxis],
        scenario.dtype,
    )


STEPS = Steps(
    titles=TITLES,
    words=(
        "What `backward` returns for these z and g, element by element. Is it right?",
        "Move one input by h, and see how far L = Σ gᵢyᵢ goes: `forward` alone answers.",
        "Forward differences for every step: too large and the curve bends, too small and digits "
        "are lost.",
        "Central differences: the bend drops out, and the best step is larger and the error "
        "smaller.",
        "The complex step subtracts nothing: its error falls, and stays down.",
        "Each element has to be within what rounding and truncation may leave: that is the check.",
    ),
    check=check,
)


@np.errstate(over="ignore", invalid="ignore")
def compute(scenario: Scenario) -> Values:
    """Run the layer, and take differences in three ways with every step.

    Returns:
        z, g, y: of the sample in view, shape (C,).
        analytic: what the pass that is checked returns; exact: what the right one does, shape (C,).
        forward, central, complex_step: the numeric gradient in each way at h, shape (C,).
        D: ∂yᵢ/∂zⱼ as the chosen way measures it at h, shape (C, C); numeric: Σᵢ gᵢ Dᵢⱼ.
        error, relative, tolerance, passed: of each element, shape (C,); worst: which is the worst.
        u: what was measured of each way, by name; allowed: what passes at each step; theory: the
            best steps in theory; reach: how far the axis of errors has to go; zeros: how many
            errors are exactly 0, in words; lost: the largest step that changes no input.
        change, over: the formula's numbers for input j; sides: the values of L that it subtracts.
        said: the verdict, and what it means; passes: the same as a boolean.
    """
    run, h = run_of(scenario), scenario.h
    g, y = run.g[run.n], run.y[run.n]
    found = {method: measured(run, cast(Method, method), h) for method in METHODS}
    method = cast(Method, scenario.method)
    quotients, numeric, curve = found[method]
    floor = rounding_floor(method, STEPS_TRIED, g * y, scenario.dtype)
    report = compare_gradients(run.claimed, numeric[-1], g * y, method, h, scenario.dtype)
    sizes = np.maximum(np.abs(numeric[:-1]), np.abs(run.claimed)).max(axis=1)
    allowed = report.tolerance * sizes + floor
    said = sentences(run, report, best_of(run, numeric, curve, method))
    return {
        **{"z": np.array(scenario.z[run.n]), "g": np.array(scenario.g[run.n]), "y": y},
        **{"analytic": report.analytic, "exact": run.right, "numeric": report.numeric},
        **{"D": quotients[-1], "dx": report.analytic, "error": report.error},
        **{"relative": report.relative_error, "tolerance": report.allowed_relative},
        **{"passed": report.passed, "worst": report.worst[0], "passes": report.ok},
        **{name: found[way][1][-1] for name, way in RESULTS.items()},
        "u": {way: curve for way, (_, _, curve) in found.items()},
        **{"allowed": allowed, "theory": theory(scenario), "zeros": zeros(found, scenario)},
        "lost": lost_step(run.x[run.n]),
        "reach": np.array([error for _, _, one in found.values() for error in one.errors]),
        "plateau": "" if curve.falls or report.ok else "no step makes it smaller",
        **difference(run, scenario, quotients[-1]),
        **{"said": said, "method_name": METHODS[method].lower(), "title": CHECKED[run.layer].title},
    }


# The names of numeric gradients in exports; `complex` is taken in Python.
RESULTS = {"forward": "forward", "central": "central", "complex_step": "complex"}

Found = tuple[np.ndarray, np.ndarray, Measured]


def measured(run: Run, method: Method, h: float) -> Found:
    """Take differences in one way, with all steps and at last with h, in one batch.

    Returns:
        the quotients, shape (S + 1, C, C); the numeric gradients, shape (S + 1, C), float64; and
        what is to be seen of them.
    """
    x, g = run.x[run.n], run.g[run.n]
    steps = np.append(STEPS_TRIED, h)
    layer = CHECKED[run.layer].make(len(x))
    D = difference_quotients(layer, x, steps, method, run.y.dtype)
    numeric = (g[:, np.newaxis] * D).sum(axis=1).astype(float)
    errors = np.abs(numeric - run.claimed.astype(float)).max(axis=1)
    size = float(np.abs(run.right).max())
    rounding = 4 * float(np.finfo(run.y.dtype).eps) * size
    study = study_steps(STEPS_TRIED, errors[:-1], rounding, 0.1 * size)
    at = int(np.argmin(np.abs(STEPS_TRIED - study.best))) if study.best > 0 else 0
    return (
        D,
        numeric,
        Measured(
            errors[:-1].tolist(),
            float(errors[-1]),
            study.best,
            float(errors[at]),
            study.truncation,
            study.rounding,
        ),
    )


def best_of(run: Run, numeric: np.ndarray, curve: Measured, method: Method) -> tuple[float, bool]:
    """Return the best step of a method, and whether the right pass passes there."""
    weighted = run.g[run.n] * run.y[run.n]
    if not curve.best > 0:
        return curve.best, False
    at = int(np.argmin(np.abs(STEPS_TRIED - curve.best)))
    report = compare_gradients(run.right, numeric[at], weighted, method, curve.best, run.y.dtype)
    return curve.best, report.ok


def theory(scenario: Scenario) -> dict[str, float]:
    """Return where theory puts the best step of forward and of central differences."""
    ways: dict[str, Method] = {"√ε": "forward", "∛ε": "central"}
    return {name: step_in_theory(method, scenario.dtype) for name, method in ways.items()}


def zeros(found: dict[str, Found], scenario: Scenario) -> str:
    """Say how many errors have no place on a logarithmic axis."""
    shown = [curve for curve in CURVES if not 0 < scenario.step < curve.from_step]
    counted = {c.called: sum(e == 0 for e in found[c.name][2].errors) for c in shown}
    if scenario.present:
        count = sum(counted.values())
        return f"{count} × 0, not drawn" if count else ""
    named = [f"{called} ({n} of {len(STEPS_TRIED)})" for called, n in counted.items() if n]
    return f"exactly 0, no place here:<br>{', '.join(named)}" if named else ""


def lost_step(x: np.ndarray) -> float:
    """Return the largest step that changes no input, as it is rounded off; 0 if there is none."""
    steps = STEPS_TRIED.astype(x.dtype)[:, np.newaxis]
    lost = STEPS_TRIED[(x + steps == x).all(axis=1)]
    return float(lost.max(initial=0.0))


def difference(run: Run, scenario: Scenario, D: np.ndarray) -> dict[str, Any]:
    """Return the numbers of the formula for input j, and the values of L that it subtracts."""
    x, g, j = run.x[run.n], run.g[run.n], scenario.j
    h = run.y.dtype.type(scenario.h)
    ends = {"central": (h, -h), "forward": (h, 0 * h), "complex": ()}[scenario.method]
    places = np.array([x + end * (np.arange(len(x)) == j) for end in ends]).reshape(-1, len(x))
    losses = (CHECKED[run.layer].make(len(x)).forward(places) * g).sum(axis=1) if ends else ()
    over = float(2 * h) if scenario.method == "central" else float(h)
    return {"change": float((g * D[:, j]).sum()) * over, "over": over, "sides": tuple(losses)}


Z, G = Axis("z", least=1.0, room=1.25, sides=0.4), Axis("g", least=0.5, room=1.25, sides=0.4)
# Errors as large as g are in view in any case; those of a wrong pass may be larger.
ERRORS = Axis("u", over="reach", share=("g", 1.0), grows=False)

# A table: where each curve has its words, and how it looks.
# fmt: off
CURVES = (
    Curve("forward", "forward", "truncation, slope {}", "slope {}", 1.0, "top left", True,
          palette.FORWARD, from_step=3),
    Curve("central", "central", "slope {}", "slope {}", 0.35, "bottom right", False,
          palette.CENTRAL, from_step=4),
    Curve("complex", "complex step", "no rounding, slope {}", "", -0.5, "top center", True,
          palette.COMPLEX, dash="dash", from_step=5),
)
# fmt: on

FORMULAS = {
    "central": "n_j = ( L ( z_j + h ) − L ( z_j − h ) ) / 2h",
    "forward": "n_j = ( L ( z_j + h ) − L ( z_j ) ) / h",
    "complex": "n_j = Im L ( z_j + ih ) / h",
}


def quotient(scenario: Scenario) -> str:
    """Return the difference quotient of input j, in symbols and in numbers."""
    return f"{FORMULAS[scenario.method]} = {{change}} / {{over}} = {{numeric}}"


# A table: what a figure shows, how it looks, when it is lit, and what a hand does on it.
# fmt: off
FIGURES = (
    StepErrors("u", "Error of the numeric gradient over the step h", short="Error over the step h",
               steps=tuple(STEPS_TRIED.tolist()), curves=CURVES, allowed="allowed",
               theory="theory", note="zeros", limit="above it the check fails",
               lost="lost", lost_words="z + h is z", flat="{plateau}", drag="h", symbol="step h",
               axis=ERRORS, lit=(3, 4, 5), allowed_from=VERDICT, height=500, spans=2.0, tall=True),
    Words("verdict", "Verdict", of="said", lit=(VERDICT,)),
    Table("elements", "{title}, element by element", of="numeric", symbol="dz", short="Elements",
          columns=(Column("analytic", "analytic", 0.36, 0.35, 9),
                   Column("numeric", "numeric", 0.63, 0.61, 9, from_step=2),
                   Column("rel. error", "relative", 0.78, 0.91, 2, from_step=VERDICT),
                   Column("allowed", "tolerance", 0.92, 0.0, 2, from_step=VERDICT),
                   Column("", "passed", 0.985, 0.985, from_step=VERDICT)),
          stands_out="worst", passes="passes", lit=(1, 2, VERDICT), select="j",
          made_of=("g:{i}", "D:{i},{j}"), together=("z:{j}",), height=240),
    Formula("formula", "The quotient", text=quotient, lit=(2,),
            symbols={"n": Symbol("n", palette.CENTRAL), "z": Symbol("z", palette.LOGITS)}),
    Bars("z", "Inputs z: drag", short="Inputs z", color=palette.LOGITS, axis=Z, drag="z",
         lit=(1, 2), select="j", column=NARROW_COLUMN, moves_with=("z",)),
    Bars("g", "grad_next, upstream gradient g", short="Upstream g", color=palette.UPSTREAM, axis=G,
         drag="g", lit=(1, 2), select="j", column=NARROW_COLUMN, moves_with=("g",)),
)
# fmt: on

EXPORT = Export(
    inputs=("z", "g", "h", "n", "layer", "backward", "method", "dtype"),
    results=("y", "exact", "forward", "central", "complex_step", "analytic"),
    nnfs="CrossEntropy, Dense, ReLU, Sequential, Sigmoid, Softmax, Tanh, check_gradient, "
    "numeric_vjp, wrong_passes",
    numpy="""    count = z.shape[1]
    made = {
        "softmax": Softmax(), "sigmoid": Sigmoid(), "tanh": Tanh(), "relu": ReLU(),
        "loss": CrossEntropy(),
        "chain": Sequential(Dense(count, count), Tanh(), Dense(count, count)),
    }[layer]
    if layer == "chain":
        weights = np.cos(np.arange(2.0 * count**2)).reshape(2, count, count) / count**0.5
        made.layers[0].weights, made.layers[2].weights = weights
    unit = float(np.finfo(dtype).eps / np.finfo("float64").eps)

    z, g = z.astype(dtype), g.astype(dtype)
    y = made.forward(z)[n]
    right = made.backward(g)
    wrong = None if backward == "right" else getattr(wrong_passes, backward)
    claimed = right if wrong is None else wrong(made, z, g)
    exact, analytic = right[n], claimed[n]

    forward, central, complex_step = (
        numeric_vjp(made, z[[n]], g[[n]], way, h, dtype)[0]
        for way in ("forward", "central", "complex")
    )
    # Whether it passes may hang on a last digit: print(report) says it, and names the worst one.
    report = check_gradient(made, z[[n]], g[[n]], method, h, claimed[[n]], dtype)
    """,
    torch="""    dtype = getattr(torch, dtype)
    count = z.shape[1]
    weights = torch.cos(torch.arange(2 * count**2, dtype=torch.float64))
    W1, W2 = weights.reshape(2, count, count).to(dtype) / count**0.5
    made = {
        "softmax": lambda z: torch.softmax(z, 1), "sigmoid": torch.sigmoid, "tanh": torch.tanh,
        "relu": torch.relu, "loss": lambda z: -torch.log_softmax(z, 1),
        "chain": lambda z: torch.tanh(z @ W1) @ W2,
    }[layer]
    unit = torch.finfo(dtype).eps / torch.finfo(torch.float64).eps

    z, g = z.to(dtype).requires_grad_(), g.to(dtype)
    y = made(z)
    y.backward(g)
    exact, y = z.grad[n], y[n].detach()

    z = z.detach()[[n]]
    nudges = h * torch.eye(count, dtype=dtype)
    forward = (made(z + nudges) - made(z)) @ g[n] / h
    central = (made(z + nudges) - made(z - nudges)) @ g[n] / (2 * h)
    """,
    numpy_only=("complex_step", "analytic"),
    # Rounding of float32 is that many units of float64; differences divide it by h.
    sizes={
        "y": "unit * max(1, abs(y).max())",
        **dict.fromkeys(
            ("exact", "complex_step", "analytic"),
            "unit * max(1, abs(y).max()) * abs(g).max()",
        ),
        **dict.fromkeys(("forward", "central"), "unit * max(1, abs(y).max()) * abs(g).max() / h"),
    },
    symbols={
        "exact": r"J^\top g",
        "complex_step": r"n_{\text{complex}}",
        "forward": r"n_{\text{forward}}",
        "central": r"n_{\text{central}}",
        "analytic": r"a",
    },
)

WRONG = "layer=softmax&z=2,1,0.1&g=1,-1,2"
PAIR = "layer=softmax&z=2,1,0.1;0,0,3&g=1,-1,2;1,2,3"
MOMENTS = as_linked(
    {
        "The U: each step has two errors": "",
        "float32: the U moves up and to the right": "dtype=float32&h=0.005",
        "A wrong pass: no step helps": f"{WRONG}&backward=elementwise&h=1e-6",
        "Not seen: all gᵢ are equal": f"{WRONG}&backward=without_weight&g=1,1,1",
        "Not seen: J of a softmax is symmetric": f"{WRONG}&backward=without_transpose",
        "Seen: J of a chain is not": f"{WRONG}&layer=chain&backward=without_transpose",
        "Not seen: one sample alone": f"{WRONG}&backward=flattened_batch",
        "Seen: a second sample": f"{PAIR}&backward=flattened_batch",
        "Not seen: too small a step": f"{WRONG}&backward=elementwise&h=1e-15",
        "Too large a step: the right pass fails": "h=0.1",
        "ReLU at its kink": "layer=relu&z=1,0,-1&g=1,1,1&j=1",
        "Not seen: a single class": "layer=softmax&z=1&g=2&backward=elementwise",
    }
)

KINK: dict[str, Preset] = {"All 0: the kink of a ReLU": lambda scenario: [0.0] * len(scenario.z[0])}

LESSON = Lesson(
    name="gradient_check",
    title="Gradient check",
    icon=":material/fact_check:",
    section="Trust",
    question="Is your backward pass right?",
    door={"backward": "elementwise"},
    Scenario=Scenario,
    compute=compute,
    figures=FIGURES,
    rows=(("u", ("verdict", "elements", "formula"), ("z", "g")),),
    widths=((46, 42, 27),),
    results=("elements",),
    steps=STEPS,
    presets={"z": KINK | Z_PRESETS, "g": G_PRESETS},
    moments=MOMENTS,
    controls=Controls(
        noun="inputs",
        pointed="Which element the formula is about. Or click on its row, or on a bar of z or g.",
        choices=(
            Choice("layer", "{}", "What is checked", {one.title: n for n, one in CHECKED.items()}),
            Choice(
                "backward",
                "backward: {}",
                "The pass that is checked: a wrong one in its place should fail",
                lambda scenario: names_of(scenario.layer),
            ),
            Choice("method", "{}", "Which differences decide", {v: k for k, v in METHODS.items()}),
            Choice(
                "dtype", "{}", "The precision of everything", {d: d for d in ("float64", "float32")}
            ),
        ),
    ),
    vectors={
        "z": "z",
        "g": "g",
        "y": "y",
        "analytic": "analytic",
        "Jᵀ·g, right": "exact",
        "forward": "forward",
        "central": "central",
        "complex step": "complex_step",
        "relative error": "relative",
        "allowed": "tolerance",
    },
    code=(check_gradient, numeric_vjp),
    export=EXPORT,
)
