"""The Softmax page: from logits z and upstream gradient g to s, the Jacobian, its terms and dx."""

from dataclasses import dataclass

import numpy as np

from nnfs import (
    BaseLayer,
    GradientReport,
    Sequential,
    Softmax,
    Temperature,
    check_gradient,
    cross_entropy,
    trace_backward,
)
from visualizer.exchange.programs import Export
from visualizer.figures import (
    NARROW_COLUMN,
    Axis,
    Bars,
    CentringBars,
    Figure,
    Flow,
    Formula,
    Heatmap,
    Symbol,
    TermBars,
    palette,
)
from visualizer.figures.dust import settled, settled_sum, softmax_terms
from visualizer.lessons import blind
from visualizer.lessons.lesson import Controls, Lesson, Range, Values
from visualizer.lessons.presets import G_PRESETS, Z_PRESETS
from visualizer.lessons.steps import CHECK, Steps
from visualizer.lessons.tour import MOST_STOPS, Play, Stop
from visualizer.lessons.wrong import behind, ghosts, known, marks
from visualizer.scenario import BaseScenario, Rows, index_of, names, number, rows, tab, whole


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
        tour: the stop of the tour, from 1; 0 for none.
        wrong: names of the wrong passes shown beside the right one.
        tab: the one that is open below the figures.
    """

    ALWAYS = ("z", "g", "T")

    z: Rows = rows("2,1,0.1", least=2)
    g: Rows = rows("1,-1,2", like="z")
    T: float = number(1.0, 0.05, 20, divides="z")
    n: int = index_of("z", row=True)
    j: int = index_of("z")
    step: int = whole(0, 0, CHECK, called="Step")
    tour: int = whole(0, 0, MOST_STOPS, called="Stop of the tour")
    wrong: tuple[str, ...] = names(*known(Softmax), called="Wrong passes")
    tab: str = tab(
        {
            "why": "Why dz sums to 0",
            "wrong": "Wrong passes",
            "unseen": "What it cannot see",
            "batch": "Batch",
            "numbers": "Numbers",
            "code": "Code",
        }
    )

    @property
    def row(self) -> int:
        """The sample in view."""
        return self.n


def layer_at(T: float) -> BaseLayer:
    """Return the softmax at temperature T, from nnfs, with no state yet."""
    return Softmax() if T == 1 else Sequential(Temperature(T), Softmax())


@np.errstate(over="ignore", invalid="ignore")
def check(scenario: Scenario) -> GradientReport:
    """Compare `backward` with central differences, for the sample in view."""
    sample = slice(scenario.n, scenario.n + 1)
    return check_gradient(layer_at(scenario.T), scenario.z[sample], scenario.g[sample])


STEPS = Steps(
    words=(
        "The layer turns logits z into probabilities s, and keeps s for the way back.",
        "The layer above hands down g = ∂L/∂s: how the loss changes with each probability.",
        "How each probability changes with each logit: row i is sᵢ, column j is zⱼ.",
        "Column j of J, each entry times its gᵢ: the terms of (Jᵀ·g)ⱼ, laid end to end.",
        "Their sums, one for each logit, are what `backward` returns. It never forms J.",
        "Hatched: the slope of L, measured by moving each logit by ±1e-6.",
    ),
    check=check,
)


@np.errstate(over="ignore", invalid="ignore")  # at ±1e308 the result may be infinite
def compute(scenario: Scenario) -> Values:
    """Run the layer on the sample in view: no other has a part in its numbers.

    Returns:
        z, g, s, dx: shape (C,); centred: g − Σ s g.
        J: ∂sᵢ/∂zⱼ with the factor 1/T in it, shape (C, C); TJ without that factor.
        terms: gᵢ·∂sᵢ/∂zⱼ, shape (C, C); column j adds up to dx[j].
        mean: Σ s g, which `backward` takes off g before it weights it by s.
        wrong: the chosen wrong passes; behind: what is drawn behind dx, by label;
            marks: which of its components are right.
        total: Σ dx; sums: of each column of J, shape (C,). Both are 0 but for rounding.
        reach: what the axis of dx has to show; stairs: that of the terms, for each input.
        flow: Σⱼ |terms| of each gᵢ, and Σᵢ |terms| of each dxⱼ.
        by_T: " / T", where T is not 1.
    """
    T, n = scenario.T, scenario.n
    z, g = np.array(scenario.z[n]), np.array(scenario.g[n])
    s, J, terms, dx = trace_backward(layer_at(T), z, g)
    added, mean = softmax_terms(s, g) / T, settled_sum(s * g)
    dx = settled(dx, added)
    inputs = Temperature(T).forward(scenario.z) if scenario.wrong else ()
    handed = np.full_like(g, np.abs(g).sum() / T)  # each component of dx takes from all of g
    wrong = ghosts(Softmax(), scenario, inputs, dx, handed, 1 / T)
    return {
        **{"z": z, "g": g, "s": s, "J": J, "TJ": J * T, "terms": terms, "dx": dx},
        "flow": np.concatenate([np.abs(terms).sum(axis=0), np.abs(terms).sum(axis=1)]),
        **{"mean": mean, "centred": g - mean, "by_T": "" if T == 1 else f" / {T:g}"},
        **{"wrong": wrong, "behind": behind(scenario, wrong, STEPS), "marks": marks(wrong)},
        "reach": np.array([dx, *(ghost.dx for ghost in wrong)]),
        "total": settled(dx.sum(keepdims=True), added.reshape(-1, 1))[0],
        "sums": settled(J.sum(axis=0), np.vstack([s, s]) / T),  # of s and −s·sᵢ, over T
        "stairs": np.vstack([terms.cumsum(axis=0), dx]),
    }


def target_gradient(scenario: Scenario) -> list[float]:
    """Return −t/s for the target class j: what a cross-entropy hands down."""
    s = layer_at(scenario.T).forward(np.array([scenario.z[scenario.n]]))
    return cross_entropy(s, np.eye(s.shape[1])[[scenario.j]]).gradient[0].tolist()


DX = Axis("dx", over="reach", least=0.05, crowded=1e-4, room=1.05, grows=False, sides=0.05)
# Those of the running sums, for each input: stairs that come back to 0 are never cut.
TERMS = Axis(
    "terms",
    over="stairs",
    least=0.05,
    crowded=1e-4,
    room=1.1,
    grows=False,
    sides=0.05,
    columns=True,
)
# To 1 for a few classes: how much of it all a probability is, is seen without a number.
S = Axis("s", least=1.0, crowded=1e-3, most=1.0, room=1.25, grows=False)
Z = Axis("z", least=1.0, room=1.25, sides=0.4)
G = Axis("g", least=0.5, room=1.25, sides=0.4)
T_J = Axis("J", over="TJ", least=0.25, crowded=1e-6, most=0.25, grows=False)
FLOW = Axis("flow", least=0.1, grows=False)

SYMBOLS = {
    "dx": Symbol("dz", palette.RESULT),
    "s": Symbol("s", palette.OUTPUT),
    "g": Symbol("g", palette.UPSTREAM),
}


def closed_form(scenario: Scenario) -> str:
    """Return the gradient of input j as `backward` computes it, in symbols and in numbers."""
    factor, divided = ("1/T ", " / {T}") if scenario.T != 1 else ("", "")
    return f"dx_j = {factor}s_j ( g_j − Σ s_i g_i ) = {{s}} ( {{g}} − {{mean}} ){divided} = {{dx}}"


def sum_of_all(scenario: Scenario) -> str:
    """Return why the components of dz add up to 0, in symbols and in numbers: all s do to 1."""
    symbols, numbers = "Σ s_i g_i − Σ s_i · Σ s_i g_i", "{mean} − 1 · {mean}"
    if scenario.T != 1:
        symbols, numbers = f"1/T ( {symbols} )", f"( {numbers} ) / {{T}}"
    return f"Σ dx_i = {symbols} = {numbers} = {{total}}"


# A table: what a figure shows, how it looks, when it is lit, and what a hand does on it.
# fmt: off
DRAWN: tuple[Figure, ...] = (
    Bars("dx", "Result dz = ∂L/∂z = J<sup>T</sup>·g", short="Result dz = J<sup>T</sup>·g",
         color=palette.RESULT, axis=DX, lit=(5, CHECK), ghosts="behind", stands_out=True,
         symbol="dz", total="total", select="j", index="j", made_of=("g:{i}", "J:{i},{j}")),
    Bars("s", "Output s = softmax(z{by_T})", short="Output s", color=palette.OUTPUT, axis=S,
         low=0.0, lit=(1,), moves_with=("z",)),
    TermBars("terms", "Terms g<sub>i</sub>·∂s<sub>i</sub>/∂z<sub>{j}</sub> "
             "add up to dz<sub>{j}</sub>",
             short="Terms of dz<sub>{j}</sub>", color=palette.TERM, total_color=palette.RESULT,
             axis=TERMS, lit=(4,)),
    Heatmap("jacobian", "Jacobian ∂s<sub>i</sub> / ∂z<sub>j</sub>: row i, column j", of="J",
            short="Jacobian J", axis=T_J, divisor="T", symbols=("s", "z"), lit=(3, 4),
            sums="sums", select="j", moves_with=("z",), together=("s:{i}", "z:{j}")),
    Bars("z", "Logits z", short="Logits z", color=palette.LOGITS, axis=Z, lit=(1,), drag="z",
         select="j",
         hint=": drag the bars", crowded=": edit them under Batch", moves_with=("z",)),
    Bars("g", "grad_next, the upstream gradient g = ∂L/∂s", short="Upstream gradient g",
         color=palette.UPSTREAM, axis=G, lit=(2, 4), drag="g", moves_with=("g",), select="j"),
    CentringBars("centring", "g around its mean: width s, area T·dz", short="g around its mean",
                 of="g", color=palette.UPSTREAM, axis=G, lit=(5,)),
    Flow("flow", "From every g to every dz", short="From g to dz", of="terms",
         color=palette.UPSTREAM, called_results="dz", result_color=palette.RESULT, axis=FLOW,
         lit=(2, 4, 5), symbol="g"),
    Formula("formula", "Each dz", text=closed_form, symbols=SYMBOLS, lit=(4, 5)),
    Formula("sum", "The sum of all dz", text=sum_of_all, symbols=SYMBOLS, lit=(5,)),
)
# fmt: on
# Four stand beside each other. Terms stand on stairs: their numbers have more room than others.
FIGURES = tuple(f if f.name == "terms" else f.having(column=NARROW_COLUMN) for f in DRAWN)

EXPORT = Export(
    inputs=("z", "g", "T", "n"),
    results=("s", "J", "terms", "dx"),
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
    symbols={
        "dx": r"\frac{\partial L}{\partial z}",
        "terms": r"\big(g_i \tfrac{\partial s_i}{\partial z_j}\big)",
    },
)

# The same place in a sequence of states: each stop begins where its sentence is easiest to see.
TOUR = (
    Stop(
        "g is 1 for one class and 0 for the others, so dz reads **one row of J**. "
        "Watch the 1 go from class 0 to class 1: dz goes from row 0 to row 1.",
        start={"z": "2,1,0.1", "g": "1,0,0", "T": "1", "j": "1"},
        play=Play("g", "0,1,0"),
        yours="Your turn: bring it to class 2.",
    ),
    Stop(
        "When all g are equal, the terms climb and come back down: **the stairs cancel**, and "
        "every dz is 0.",
        start={"z": "2,1,0.1", "g": "0,1,0", "T": "1", "j": "1"},
        play=Play("g", "1,1,1"),
        yours="Your turn: drag **all** beside g; dz stays 0.",
    ),
    Stop(
        "All scores move up together, and **nothing happens**: softmax sees differences only.",
        start={"z": "1,0,-0.9", "g": "1,-0.5,0.5", "T": "1", "j": "1"},
        play=Play("z", "3,2,1.1"),
        yours="Your turn: now push one score alone.",
    ),
    Stop(
        "One score wins by far: s is 1 there and 0 elsewhere, J fades, and **everything goes "
        "quiet**, whatever g says.",
        start={"z": "1,0.5,0.1", "g": "1,-0.5,0.5", "T": "1", "j": "0"},
        play=Play("z", "5,-3,-3.5"),
        yours="Your turn: shake g. Nothing gets through.",
    ),
    Stop(
        "**Your turn:** before you drag, say which way dz₀ goes when g₁ rises. Then try it.",
        start={"z": "2,1,0.1", "g": "1,-0.5,0.5", "T": "1", "j": "0"},
        yours="Then one question, with the answer hidden.",
        practice={"kind": "sign", "layer": "softmax"},
    ),
)

LESSON = Lesson(
    name="softmax",
    title="Softmax",
    icon=":material/bar_chart:",
    section="Layers",
    question="Why not s(1 − s)·g?",
    door={"wrong": "elementwise"},
    tour=TOUR,
    Scenario=Scenario,
    compute=compute,
    figures=FIGURES,
    rows=(("z", "s", "jacobian", "centring"), ("formula",), ("g", "flow", "terms", "dx")),
    steps=STEPS,
    presets={
        "z": Z_PRESETS,
        "g": G_PRESETS | {"−t/s: cross-entropy, target j": target_gradient},
    },
    controls=Controls(
        noun="classes",
        pointed="Whose terms are shown. Or click on J, or on a bar of z, g or dz.",
        ranges=(Range("T", "T", "Temperature: the layer sees z / T", 150),),
    ),
    vectors={"z": "z", "g": "g", "s": "s", "g − Σ s·g": "centred", "dz": "dx"},
    matrices={"Jacobian J": "J", "Terms gᵢ·Jᵢⱼ; columns add up to dz": "terms"},
    code=(Softmax.backward, Softmax.forward),
    export=EXPORT,
    blind=blind.SOFTMAX,
)
