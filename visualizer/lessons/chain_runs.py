"""What the Chain page shows: chains that run forward and backward, and what is counted in them."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from nnfs import (
    BaseActivation,
    BaseLayer,
    ChainTrace,
    Dense,
    ReLU,
    Sequential,
    Sigmoid,
    Softmax,
    Tanh,
    glorot_scale,
    he_scale,
    length,
    trace_backward,
    trace_chain,
)
from visualizer.figures import number
from visualizer.figures.layout import BLANK
from visualizer.lessons.lesson import Values
from visualizer.scenario import BaseScenario, choice, index_of, tab, whole
from visualizer.scenario import number as number_field

# The activations of a chain, by their names in a link, and what they are called.
ACTIVATIONS: dict[str, type[BaseActivation]] = {"sigmoid": Sigmoid, "tanh": Tanh, "relu": ReLU}
CALLED = {name: kind.__name__ for name, kind in ACTIVATIONS.items()} | {"softmax": "Softmax"}
# The steepest slope of each; of a softmax, the largest eigenvalue that its Jacobian can have.
STEEPEST = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0, "softmax": 0.5}
# Between which numbers its outputs lie; those of a ReLU are shown as shares of the largest one.
BETWEEN = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0), "relu": (0.0, 1.0)}

# How many samples go through a chain.
BATCH = 32
# Where the scale is dragged, and an eighth of a decade apart, where it is known what is left.
SCALES = (0.01, 10.0)
GRID = np.geomspace(*SCALES, 25)
# At so many heights it is counted how outputs are spread.
BINS = 24
# With a slope below this share of the steepest one an output is saturated.
FLAT = 0.01

# The steps of its lecture.
TITLES = ("Forward", "Upstream gradient", "One layer", "Gain", "Running product", "Check")
CHECK = len(TITLES)


# What the axes show, of both activations.
REACHES = ("left", "gain", "over_scale")


@dataclass(frozen=True)
class Scenario(BaseScenario):
    """What the Chain page shows.

    Attributes:
        layers: how many, each a Dense and an activation.
        activation: of each layer.
        beside: another activation, on the same weights, to compare with.
        head: the activation of the last layer, if it is another one.
        width: the number of inputs and outputs of each layer.
        scale: the standard deviation of the weights.
        seed: of the weights, the batch, and the gradient that arrives at the last layer.
        k: the layer that is opened, counted from 0, as in nnfs.
        j: the input of that layer whose terms are shown.
        step: of the lecture, from 1; 0 shows everything.
        tab: the one that is open below the figures.
    """

    ALWAYS = ("layers", "activation", "width", "scale", "seed")
    SLOW = True  # one of its pictures is made of twenty-five chains, which are kept

    layers: int = whole(8, 2, 30, called="Layers")
    activation: str = choice(*ACTIVATIONS, called="Activation")
    beside: str = choice("none", *ACTIVATIONS, called="Compared with")
    head: str = choice("none", "softmax", called="Head")
    width: int = whole(16, 1, 64, called="Width")
    scale: float = number_field(1.0, 1e-12, 1e12, called="Scale")
    seed: int = whole(1, 0, 9999, called="Seed")
    k: int = index_of("layers", called="Layer")
    j: int = index_of("width")
    step: int = whole(0, 0, CHECK, called="Step")
    tab: str = tab({"left": "What is left", "numbers": "Numbers", "code": "Code"})

    @property
    def has_other(self) -> bool:
        """Whether another activation is shown beside the one of the chain."""
        return self.beside not in ("none", self.activation)


def chain_of(scenario: Scenario, activation: str) -> tuple[Sequential, np.ndarray, np.ndarray]:
    """Return the chain with no state yet, its batch, and the gradient of length 1 at its end.

    One seed draws the same numbers for every activation and every scale.
    """
    width, rng = scenario.width, np.random.default_rng(scenario.seed)
    X, g = rng.normal(size=(2, BATCH, width))
    kinds = [ACTIVATIONS[activation]] * scenario.layers
    if scenario.head == "softmax":
        kinds[-1] = Softmax
    layers = [Sequential(Dense(width, width, rng, scenario.scale), kind()) for kind in kinds]
    return Sequential(*layers), X, g / length(g)


@lru_cache(maxsize=256)
def left_over_scales(chain: Scenario, activation: str) -> np.ndarray:
    """Return what is left behind the first layer at each scale of GRID; `chain` has any scale."""
    chains = [chain_of(chain.having(scale=scale), activation) for scale in GRID.tolist()]
    left = np.array([trace_chain(*one).left[0] for one in chains])
    left.flags.writeable = False  # everybody sees the same array
    return left


@lru_cache(maxsize=256)
def norms_at_1(chain: Scenario) -> np.ndarray:
    """Return the largest singular value of the weights of each layer at scale 1, shape (L,)."""
    weights = [dense.weights for dense, _ in parts(chain_of(chain, "sigmoid")[0])]
    norms = np.linalg.norm(weights, 2, axis=(1, 2))
    norms.flags.writeable = False
    return norms


def parts(model: Sequential) -> list[Any]:
    """Return the two layers that each layer of a chain consists of."""
    return [getattr(layer, "layers", ()) for layer in model.layers]


def only_chain(scenario: Scenario) -> Scenario:
    """Return what the numbers drawn and the layers depend on; the scale is 1."""
    kept = ("layers", "head", "width", "seed")
    return Scenario(**{name: getattr(scenario, name) for name in kept})


def marks(scenario: Scenario) -> dict[str, float]:
    """Return the well-known scales of weights, by their names."""
    width = scenario.width
    return {"Glorot": glorot_scale(width, width), "He": he_scale(width)}


def heights_of(scenario: Scenario) -> np.ndarray:
    """Return the heights at which outputs are counted, from the least to the largest possible."""
    ends = [BETWEEN[name] for name in (scenario.activation, scenario.beside) if name in BETWEEN]
    edges = np.linspace(min(low for low, _ in ends), max(high for _, high in ends), BINS + 1)
    return np.concatenate([edges[:1], (edges[:-1] + edges[1:]) / 2, edges[-1:]])


def spread(values: np.ndarray, heights: np.ndarray) -> np.ndarray:
    """Return how many values of each layer, shape (L, N), lie around each height."""
    low, high = heights[0], heights[-1]
    found = np.isfinite(values)
    places = (BINS * (np.where(found, values, low) - low) / (high - low)).astype(int)
    places = places.clip(0, BINS - 1) + BINS * np.arange(len(values))[:, np.newaxis]
    counts = np.bincount(places.ravel(), found.ravel(), values.shape[0] * BINS)
    counts = counts.reshape(-1, BINS)
    return np.hstack([counts[:, :1], counts, counts[:, -1:]])  # an outline begins at its lowest


def endless(model: Sequential, trace: ChainTrace) -> str:
    """Say what has no place on a logarithmic axis, and at which layer it begins; "" if nothing."""
    outputs = [layer.output for layer in model.layers]
    forward = {
        "puts out nothing but 0": [not output.any() for output in outputs],
        "overflows": [not np.isfinite(output).all() for output in outputs],
    }
    said = [f"layer {so.index(True)} {what}" for what, so in forward.items() if any(so)]
    left, last = trace.left[::-1], len(trace.left) - 1
    backward = {"exactly 0": left == 0, "∞": np.isposinf(left), "no number": np.isnan(left)}
    for what, so in backward.items():
        if so.any():
            said.append(f"layer {last - int(so.argmax())} passes on {what}")
    return "<br>".join(said)


def of_chain(
    scenario: Scenario, activation: str, model: Sequential, trace: ChainTrace
) -> dict[str, Any]:
    """Return what is shown of a chain that has run."""
    outputs = np.array([layer.output for layer in model.layers]).reshape(scenario.layers, -1)
    if activation == "relu":
        outputs = outputs / np.maximum(outputs.max(axis=1, keepdims=True), np.finfo(float).tiny)
    slopes = np.array([kind.backward(np.ones_like(kind.output)) for _, kind in parts(model)])
    flat = np.mean(slopes < FLAT * STEEPEST[activation], axis=(1, 2))
    return {
        **{"arrives": trace.arrives, "gain": trace.gain, "left": trace.left},
        **{"factor": trace.factor, "total": float(trace.left[0])},
        **{"mean": outputs.mean(axis=1), "spread": spread(outputs, heights_of(scenario))},
        "saturated": np.where(
            [isinstance(kind, Softmax) for _, kind in parts(model)], np.nan, flat
        ),
        "learns": np.array([length(dense.grad_weights) for dense, _ in parts(model)]),
        "over_scale": left_over_scales(only_chain(scenario), activation),
        "note": endless(model, trace) or BLANK,
    }


def opened(layer: BaseLayer, x: np.ndarray, arriving: np.ndarray, j: int) -> Values:
    """Open a layer for one sample, and for a gradient of length 1: what arrives may be too short.

    `backward` is linear in g: for one of another length, all is multiplied by it. Where all terms
    of input j are 0, their axis has something to stand on.
    """
    size = length(arriving)
    g = arriving / size if 0 < size < np.inf else np.zeros_like(arriving)
    _, J, terms, dx = trace_backward(layer, x, g)
    stairs = np.append(terms[:, j].cumsum(), dx[j])
    long = f"|g| = {number(size) if size else 0}"
    return {
        **{"g": g, "J": J, "terms": terms, "dx": dx, "long": long},
        "stairs": stairs if stairs.any() else np.ones_like(stairs),
    }


@np.errstate(all="ignore")  # what overflows is said
def compute(scenario: Scenario) -> Values:
    """Run the chain, and open one of its layers.

    Returns:
        arrives, gain, left: of each layer, shape (L,), as `trace_chain` has them; factor: the gain
            per layer; total: what is left behind the first one.
        ceiling: the gain that no layer exceeds; ceiling_left: their running product.
        mean, saturated: of the outputs of each layer; spread: how many lie at each of `heights`.
        learns: the length of ∂L/∂W of each layer.
        over_scale: what is left at each scale of `grid`; marks: well-known scales by name.
        g: what arrives at layer k, by its length, which is said in `long`; J, terms, dx: what that
            layer makes of it; stairs: running sums of the terms.
        labels: what is compared; note: what has no place on an axis; reach_…: what an axis shows.
        other_…: the same of the compared activation, if there is one.
    """
    model, X, g = chain_of(scenario, scenario.activation)
    trace = trace_chain(model, X, g)
    values = of_chain(scenario, scenario.activation, model, trace)
    if scenario.has_other:
        chain, _, _ = chain_of(scenario, scenario.beside)
        other = of_chain(scenario, scenario.beside, chain, trace_chain(chain, X, g))
        values |= {f"other_{name}": value for name, value in other.items()}
    steepest = np.full(scenario.layers, STEEPEST[scenario.activation])
    if scenario.head == "softmax":
        steepest[-1] = STEEPEST["softmax"]
    ceiling = steepest * scenario.scale * norms_at_1(only_chain(scenario))
    x = X if scenario.k == 0 else model.layers[scenario.k - 1].output
    shown = {name: [values[name], values.get(f"other_{name}", [])] for name in REACHES}
    shown["gain"].append(ceiling)
    return {
        **values,
        **{"ceiling": ceiling, "ceiling_left": ceiling[::-1].cumprod()[::-1]},
        **{"heights": heights_of(scenario), "grid": GRID, "marks": marks(scenario)},
        **{f"reach_{name}": np.concatenate(arrays) for name, arrays in shown.items()},
        **opened(model.layers[scenario.k], x[0], trace.gradients[scenario.k + 1][0], scenario.j),
        "labels": labels(scenario),
    }


def labels(scenario: Scenario) -> tuple[str, str, str]:
    """Return what the chain and the compared one are called, and what no gain exceeds."""
    part = "¼·" if STEEPEST[scenario.activation] == 0.25 else ""
    return CALLED[scenario.activation], CALLED.get(scenario.beside, ""), f"at most {part}|W|"


@np.errstate(all="ignore")
def left_at(scenario: Scenario, scale: float) -> float:
    """Return what is left behind the first layer at another scale of the weights."""
    return float(trace_chain(*chain_of(scenario.having(scale=scale), scenario.activation)).left[0])


def drawn_by_seed(scenario: Scenario) -> dict[str, np.ndarray]:
    """Return the weights of all layers, the batch, and the gradient that arrives at the end."""
    model, X, g = chain_of(scenario, scenario.activation)
    return {"W": np.array([dense.weights for dense, _ in parts(model)]), "X": X, "grad_next": g}
