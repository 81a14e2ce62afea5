"""The Chain page: what is left of a gradient on its way back through many layers."""

import numpy as np

from nnfs import (
    Dense,
    GradientReport,
    Sequential,
    Sigmoid,
    check_gradient,
    glorot_scale,
    he_scale,
    trace_chain,
)
from visualizer.exchange.formulas import aligned, latex
from visualizer.exchange.programs import Export
from visualizer.figures import (
    NARROW_COLUMN,
    Axis,
    Bars,
    DecadeBars,
    Figure,
    Formula,
    Heatmap,
    Spread,
    Sweep,
    Symbol,
    TermBars,
    palette,
)
from visualizer.lessons.chain_runs import (
    ACTIVATIONS,
    CALLED,
    CHECK,
    SCALES,
    STEEPEST,
    TITLES,
    Scenario,
    chain_of,
    compute,
    drawn_by_seed,
    labels,
    marks,
)
from visualizer.lessons.lesson import Choice, Controls, Lesson, Range, Values
from visualizer.lessons.presets import as_linked
from visualizer.lessons.steps import Steps

# As high that two rows have room below two rows of controls.
LOW = 215


def check(scenario: Scenario) -> GradientReport:
    """Compare `backward` of the whole chain with central differences, for the first sample."""
    model, X, g = chain_of(scenario, scenario.activation)
    with np.errstate(all="ignore"):
        return check_gradient(model, X[:1], g[:1])


def product(scenario: Scenario) -> str:
    """Return what is left as the power of the gain per layer, in symbols and in numbers."""
    of_main = "total = Π gain_i = {factor}^{layers} = {total}"
    if not scenario.has_other:
        return of_main
    main, other, _ = labels(scenario)
    return f"{main} : {of_main} ; {other} : {{other_factor}}^{{layers}} = {{other_total}}"


def formulas(values: Values, scenario: Scenario) -> str:
    """Return the product of the gains, and what that of layer k cannot exceed, in numbers."""
    k, gains = scenario.k, [latex(gain) for gain in values["gain"].tolist()]
    product = r" \cdot ".join(gains if len(gains) < 4 else gains[:2])
    product += rf" \cdots {gains[-1]}" if len(gains) > 3 else ""
    is_head = scenario.head == "softmax" and k == scenario.layers - 1
    steepest = STEEPEST["softmax" if is_head else scenario.activation]
    return aligned(
        [
            r"\frac{|\partial L / \partial x|}{|g|} &= \prod_k \text{gain}_k",
            rf"&= {product}",
            rf"&= \left({latex(values['factor'])}\right)^{{{scenario.layers}}} "
            rf"= {latex(values['total'])}",
            rf"\text{{gain}}_{{{k}}} &= {gains[k]}",
            rf"&\le {steepest:g} \cdot \lVert W_{{{k}}} \rVert = {latex(values['ceiling'][k])}",
        ]
    )


STEPS = Steps(
    titles=TITLES,
    words=(
        "x goes through all layers, each a Dense and an activation, which keep their outputs.",
        "At the end arrives a gradient g of length 1. What will be left of it at the beginning?",
        "A layer opened: its Jacobian is Wᵀ with each row i times the slope at output i.",
        "Jᵀ·g is what it passes on. How much longer or shorter that is than g: its gain.",
        "What one layer passes on arrives at the one before it: all gains are multiplied.",
        "∂L/∂x of the first sample, by `backward` and by moving each of its inputs by ±1e-6.",
    ),
    check=check,
)

# Results may go anywhere: what leaves an axis in a drag is cut, and fitted when the hand lets go.
LEFT = Axis("left", over="reach_left", least=1.0, room=1.2, grows=False, sides=0.2, decades=True)
GAIN = Axis("gain", over="reach_gain", least=0.3, room=1.3, grows=False, sides=0.5, decades=True)
SCALE = Axis("scale", over="reach_over_scale", least=1.0, grows=False, sides=0.1, decades=True)
J = Axis("J", grows=False)
G = Axis("g", least=0.1, room=1.25, grows=False, sides=0.3)
TERMS = Axis("terms", over="stairs", room=1.25, grows=False, sides=0.05)

SYMBOLS = {
    "gain": Symbol("gain", palette.SLOPE),
    "total": Symbol("left", palette.RESULT, of="left:0"),
}

# A table: what a figure shows, how it looks, when it is lit, and what a hand does on it.
# fmt: off
DRAWN: tuple[Figure, ...] = (
    DecadeBars("product", "What is left: the running product", short="What is left", of="left",
               color=palette.RESULT, axis=LEFT, lit=(5, CHECK), other="other_left",
               ceiling="ceiling_left", note="note", select="k", symbol="left",
               made_of=("arrives:{k}", "gain:{k}")),
    DecadeBars("gain", "Gain of each layer", short="Gain of each layer", color=palette.SLOPE,
               axis=GAIN, lit=(4, 5), other="other_gain", ceiling="ceiling", select="k"),
    DecadeBars("gradient", "Length of g that arrives at each layer", short="|g| that arrives",
               of="arrives", color=palette.UPSTREAM, axis=LEFT, lit=(2, 5),
               other="other_arrives", note="note", select="k", symbol="|g|"),
    Sweep("over_scale", "What is left, over the scale: drag the line", short="Left, over the scale",
          of="over_scale", grid="grid", now="total", other="other_over_scale",
          other_now="other_total", color=palette.RESULT, axis=SCALE, lit=(5,), drag="scale",
          symbol="scale of the weights", follows=True, note="note"),
    Spread("outputs", "Outputs y of each layer", short="Outputs y",
           of="mean", shares="spread", heights="heights", other="other_spread",
           color=palette.OUTPUT, lit=(1,), select="k", symbol="mean y"),
    Bars("g", "grad_next at layer {k}, by its length", short="g at layer {k}",
         color=palette.UPSTREAM, axis=G, lit=(2, 3, 4), note="long", short_note="long"),
    TermBars("terms", "Terms g<sub>i</sub>·J<sub>i{j}</sub>, and (J<sup>T</sup>g)<sub>{j}</sub>",
             short="Terms of J<sup>T</sup>·g", color=palette.TERM, total_color=palette.RESULT,
             axis=TERMS, lit=(4,)),
    Heatmap("jacobian", "Jacobian of layer {k}, sample 0", short="Jacobian, layer {k}", of="J",
            axis=J, lit=(3, 4), select="j"),
    Formula("formula", "What is left", text=product, symbols=SYMBOLS, lit=(5,)),
)
# fmt: on
FIGURES = tuple(
    figure if figure.KIND == "formula" else figure.having(column=NARROW_COLUMN, height=LOW)
    for figure in DRAWN
)


EXPORT = Export(
    inputs=("layers", "activation", "head", "width", "scale", "seed", "k"),
    results=("arrives", "gain", "left", "g", "J", "dx"),
    nnfs="Dense, ReLU, Sequential, Sigmoid, Softmax, Tanh, length, trace_backward, trace_chain",
    numpy="""\
    rng = np.random.default_rng(seed)
    X, grad_next = rng.normal(size=(2, 32, width))
    kinds = [{"sigmoid": Sigmoid, "tanh": Tanh, "relu": ReLU}[activation]] * layers
    if head == "softmax":
        kinds[-1] = Softmax
    model = Sequential(*[Sequential(Dense(width, width, rng, scale), kind()) for kind in kinds])
    gradients, arrives, gain, left = trace_chain(model, X, grad_next / length(grad_next))
    x = X if k == 0 else model.layers[k - 1].output
    g = gradients[k + 1][0] / (length(gradients[k + 1][0]) or 1)
    _, J, _, dx = trace_backward(model.layers[k], x[0], g)
    # The next processor rounds otherwise. That grows as gradients do, and counts for more where
    # slopes have lost their digits: where a gain is far below the norm of its weights.
    norms = np.linalg.norm([layer.layers[0].weights for layer in model.layers], 2, axis=(1, 2))
    seen, lowest = gain > 0, np.minimum.accumulate(np.append(1, left[:0:-1]))[::-1]
    largest, grown = (max(1, *v, 1) for v in (left[seen], left[seen] / lowest[seen]))
    rough = grown * (norms[seen] / gain[seen]).sum()
    """,
    torch="""\
    def phi(k, x):
        \"\"\"The activation of layer k.\"\"\"
        if head == "softmax" and k == layers - 1:
            return torch.softmax(x, -1)
        return {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}[activation](x)


    def length(v):
        \"\"\"√Σv², also where the squares are too small for float64.\"\"\"
        largest = v.abs().max()
        return largest * (v / largest).norm() if 0 < largest < float("inf") else largest


    def chain(W, X, grad_next):
        \"\"\"The gradients at all places, and the outputs there.\"\"\"
        places = [X.requires_grad_()]
        for k in range(layers):
            places.append(phi(k, places[-1] @ W[k]))
            places[-1].retain_grad()
        places[-1].backward(grad_next)
        return [y.grad for y in places], [y.detach() for y in places]
    """,
    given=drawn_by_seed,
    torch_then="""\
    gradients, outputs = chain(W, X, grad_next)
    lengths = torch.stack([length(v) for v in gradients])
    arrives, gain, left = lengths[1:], lengths[:-1] / lengths[1:], lengths[:-1] / lengths[-1]
    g = gradients[k + 1][0] / (length(gradients[k + 1][0]) or 1)
    J = torch.autograd.functional.jacobian(lambda x: phi(k, x @ W[k]), outputs[k][0])
    dx = J.T @ g
    norms, one = torch.linalg.matrix_norm(W, 2), torch.ones(1, dtype=torch.float64)
    seen, lowest = gain > 0, torch.cat([one, left.flip(0)[:-1]]).cummin(0).values.flip(0)
    largest, grown = (max(1, *v, 1) for v in (left[seen], left[seen] / lowest[seen]))
    rough = grown * (norms[seen] / gain[seen]).sum()
    """,
    sizes={
        **{name: "rough * largest" for name in ("arrives", "left")},
        **{name: "rough" for name in ("gain", "g", "J", "dx")},
    },
    symbols={
        **{name: rf"\mathrm{{{name}}}" for name in ("arrives", "gain", "left")},
        "dx": r"J^\top g",
    },
)

TWENTY = "layers=20&activation=sigmoid&width=16&scale=1&seed=1"
GLOROT, HE = glorot_scale(16, 16), he_scale(16)

# The first is what the page is about.
MOMENTS = as_linked(
    {
        "Twenty sigmoid layers at scale 1": TWENTY,
        "The same weights: sigmoid beside ReLU": f"{TWENTY}&beside=relu",
        "Sigmoid beside tanh, at Glorot's scale": f"{TWENTY}&beside=tanh&scale={GLOROT!r}",
        "ReLU at He's scale": f"{TWENTY}&activation=relu&scale={HE!r}",
        "Thirty layers of width 64": f"{TWENTY}&layers=30&width=64",
        "Narrow ReLUs die: exactly 0": f"{TWENTY}&activation=relu&width=4",
        "Too large for float64": f"{TWENTY}&layers=30&activation=relu&scale=1000000000000",
    }
)

# What menus offer.
KINDS = {CALLED[name]: name for name in ACTIVATIONS}
NONE, HEADS = {"none": "none"}, {"Softmax": "softmax"}
LAYERS, WIDTHS = (2, 3, 5, 8, 12, 20, 30), (1, 2, 4, 8, 16, 32, 64)


def sizes(*sizes: int) -> dict[str, int]:
    """Return the sizes that a menu offers, by their text."""
    return {str(size): size for size in sizes}


LESSON = Lesson(
    name="chain",
    title="Chain",
    icon=":material/link:",
    section="In context",
    question="What is left after twenty layers?",
    Scenario=Scenario,
    compute=compute,
    figures=FIGURES,
    rows=(
        ("over_scale", "gain", "product", "outputs"),
        ("formula",),
        ("gradient", "g", "jacobian", "terms"),
    ),
    steps=STEPS,
    moments=MOMENTS,
    controls=Controls(
        choices=(
            Choice("layers", "{} layers", "Each is a Dense and an activation", sizes(*LAYERS)),
            Choice("activation", "{}", "What follows each Dense", KINDS),
            Choice(
                "beside", "beside: {}", "Compare with another on the same weights", NONE | KINDS
            ),
            Choice("head", "head: {}", "What the last layer has in its place", NONE | HEADS),
            Choice("width", "width {}", "Inputs and outputs of each layer", sizes(*WIDTHS)),
            Choice("seed", "seed {}", "Draws weights, batch and g", sizes(*range(1, 10))),
        ),
        ranges=(Range("scale", "scale", "Standard deviation of all weights", 440, SCALES, marks),),
    ),
    vectors={
        "|g| that arrives": "arrives",
        "gain": "gain",
        "gain at most": "ceiling",
        "what is left": "left",
        "|∂L/∂W|": "learns",
        "mean output": "mean",
        "share saturated": "saturated",
    },
    matrices={"Jacobian J": "J", "Terms gᵢ·Jᵢⱼ; columns add up to Jᵀ·g": "terms"},
    code=(Sequential.backward, Dense.backward, Sigmoid.backward, trace_chain),
    export=EXPORT,
)
