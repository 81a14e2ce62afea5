"""What a question is, and what a kind of question has to say; what a layer makes of its numbers."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nnfs import Sequential, Sigmoid, Softmax, Temperature
from visualizer.figures.dust import settled, softmax_terms

LAYERS = ("softmax", "sigmoid")

# The numbers of one sample.
Row = Sequence[float] | np.ndarray


@dataclass(frozen=True)
class Question:
    """A question, with all that decides it.

    Attributes:
        kind: the name of its kind.
        layer: one of LAYERS.
        level: 1 to 3; some kinds ask something else at level 1.
        x: inputs of the layer: the logits z of a softmax, the x of a sigmoid.
        g: upstream gradient.
        T: temperature of the softmax.
        j: the input that is asked about, where it is one.
        c: what is added to components of g, where that is the question.
        moved: the components of x or g that the question changes.
        options: the answers to choose from.
        right: the index of the right one.
        mistakes: what each option gets wrong, where they come from backward passes.
    """

    kind: str
    layer: str
    level: int
    x: tuple[float, ...]
    g: tuple[float, ...]
    T: float
    j: int = 0
    c: float = 0.0
    moved: tuple[int, ...] = ()
    options: tuple[str, ...] = ()
    right: int = 0
    mistakes: tuple[str, ...] = ()

    @property
    def dx(self) -> str:
        """What the result is called, after the input of the layer: dz or dx."""
        return result_name(self.layer)


def result_name(layer: str) -> str:
    """Return what the gradient of the input of a layer is called on its page."""
    return "dz" if layer == "softmax" else "dx"


class Results(NamedTuple):
    """What a layer makes of numbers: output and ∂L/∂x, of one shape."""

    y: np.ndarray
    dx: np.ndarray


@dataclass(frozen=True)
class Kind:
    """A kind of question.

    Attributes:
        name: in links.
        label: in the menu.
        draw: generator, level and layer to a question, or to None if the draw has no clear answer.
        ask: the question in one sentence.
        reason: why its answer is right, in one or two sentences, given what the layer returns.
        pointed: the input whose terms are shown after the answer, given dx.
        hint: the first step of the reason, from what the question says and not from its numbers,
            so that it cannot give the answer away.
        speaks_of: the figures that the reason speaks of, by their names on the Practice page.
    """

    name: str
    label: str
    draw: Callable[[np.random.Generator, int, str], Question | None]
    ask: Callable[[Question], str]
    reason: Callable[[Question, Results], str]
    pointed: Callable[[Question, np.ndarray], int]
    hint: Callable[[Question], str]
    speaks_of: Callable[[Question], Collection[str]]


def largest_component(asked: Question, dx: np.ndarray) -> int:
    """Return the index of the largest |dxⱼ|."""
    return int(np.argmax(np.abs(dx)))


def asked_input(asked: Question, dx: np.ndarray) -> int:
    """Return the input that the question names."""
    return asked.j


def factors(asked: Question) -> Collection[str]:
    """Return the figures of a result that is written as a product: its factors, and itself."""
    return ("g", "local", "dx")


def run(layer: str, x: np.ndarray, g: np.ndarray, T: float) -> Results:
    """Run the layer of nnfs forward and backward on a batch of shape (N, C)."""
    model = Sequential(Temperature(T), Softmax()) if layer == "softmax" else Sigmoid()
    return Results(model.forward(x), model.backward(g))


def results(layer: str, x: Row, g: Row, T: float) -> Results:
    """Run the layer on one sample; what is 0 in exact arithmetic is 0 in dx. Shapes (C,)."""
    upstream = np.array(g, dtype=float)
    y, dx = (rows[0] for rows in run(layer, np.array([x], dtype=float), upstream[None], T))
    return Results(y, settled(dx, softmax_terms(y, upstream) / T) if layer == "softmax" else dx)


def weighted_mean(y: np.ndarray, g: Row) -> float:
    """Return Σ y g; 0 where only rounding is left of it."""
    terms = (y * g)[:, np.newaxis]
    return float(settled(terms.sum(axis=0), terms)[0])
