"""Where a test would miss a wrong pass: states in which it gives the right result.

Well-known states come first, each with the reason why it hides a mistake; then random ones. Each is
tried as the page would show it, so that what is found is what the page then says.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from nnfs import func_sigmoid

if TYPE_CHECKING:
    from visualizer.lessons.lesson import Lesson

# What is tried is no wider: a thousand classes would take seconds, and hide no other mistakes.
WIDEST = 10
# So many random states, of as many inputs each.
TRIES, INPUTS = 100, 3
# As long as a fixed point of the sigmoid takes to converge, from anywhere, to the last digit.
ROUNDS = 60


@dataclass(frozen=True)
class State:
    """A well-known state.

    Attributes:
        why: it hides a mistake, in a sentence.
        fields: from a scenario to the fields that make it this state.
    """

    why: str
    fields: Callable[[Any], Mapping[str, Any]]


@dataclass(frozen=True)
class Blind:
    """What a page knows of states that hide mistakes.

    Attributes:
        inputs: the field of the inputs.
        states: well-known ones, by the wrong pass that each of them hides.
        always: why a wrong pass is right in every state, by its name.
        never: why a wrong pass is right in none, as long as g is not 0, by its name.
    """

    inputs: str = ""
    states: Mapping[str, State] = field(default_factory=dict)
    always: Mapping[str, str] = field(default_factory=dict)
    never: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """What was found for a wrong pass.

    Attributes:
        why: a test would miss it there; or why there is no such state.
        fields: that make the state; {} if nothing is to be changed.
    """

    why: str
    fields: Mapping[str, Any]


def blind_spot(lesson: "Lesson", scenario: Any, wrong: str) -> Found:
    """Return a state in which a wrong pass agrees with the right one, or why there is none.

    Args:
        lesson: the page.
        scenario: what it shows now; of its numbers as much stays as the state allows.
        wrong: the name of the pass.
    """
    blind = lesson.blind
    if wrong in blind.always:
        return Found(blind.always[wrong], {})
    own = [blind.states[wrong]] if wrong in blind.states else []
    for state in (*own, *blind.states.values(), *_random(blind.inputs)):
        fields = state.fields(scenario)
        shown, _ = scenario.changed(wrong=(wrong,), step=0, j=0, **fields)
        (ghost,) = lesson.compute(shown)["wrong"]
        if ghost.agrees:
            return Found(state.why, fields)
    why = blind.never.get(wrong, f"{TRIES} random states were tried, and it is wrong in each.")
    return Found(f"Nowhere, unless g is 0. {why}", {})


def _random(inputs: str) -> Iterator[State]:
    """Give random states, always the same ones."""
    rng = np.random.default_rng(0)
    for _ in range(TRIES):
        x, g = (tuple(row) for row in rng.normal(0, 2, (2, INPUTS)).round(2).tolist())
        fields = {inputs: (x,), "g": (g,)}
        yield State("A random state: it agrees by chance.", partial(_given, fields))


def _given(fields: Mapping[str, Any], scenario: Any) -> Mapping[str, Any]:
    """Return the fields, whatever the page shows."""
    return fields


# From the number of inputs to a row of them.
Row = Callable[[int], tuple[float, ...]]


def _softmax(z: Row | None, g: Row | None) -> Callable[[Any], Mapping[str, Any]]:
    """Return the state of one sample whose logits are T·z; what is None stays as it is."""

    def fields(scenario: Any) -> Mapping[str, Any]:
        n, count = scenario.n, _width(scenario)
        logits = (scenario.T * value for value in z(count)) if z else scenario.z[n][:count]
        return {"z": (tuple(logits),), "g": (g(count) if g else scenario.g[n][:count],), "n": 0}

    return fields


def _sigmoid(x: float | None, g: Row) -> Callable[[Any], Mapping[str, Any]]:
    """Return the state in which every input is x; where that is None they stay as they are."""

    def fields(scenario: Any) -> Mapping[str, Any]:
        count = _width(scenario)
        row = scenario.x[0][:count] if x is None else (x,) * count
        return {"x": (row,), "g": (g(count),)}

    return fields


def _width(scenario: Any) -> int:
    """Return how many inputs a state has that takes the place of a scenario."""
    return min(len(scenario.g[0]), WIDEST)


def _ones(count: int) -> tuple[float, ...]:
    return (1.0,) * count


def _one_winner(count: int) -> tuple[float, ...]:
    return (1000.0, *(0.0 for _ in range(count - 1)))


def _unequal(count: int) -> tuple[float, ...]:
    """A gradient of which no two components are equal, and none is 0."""
    return tuple(1.0 + i / 2 for i in range(count))


def _balanced(count: int) -> tuple[float, ...]:
    """A gradient that adds up to 0."""
    return (1.0, -1.0, *(0.0 for _ in range(count - 2)))


def fixed_point() -> float:
    """Return the x that is its own sigmoid, 0.659…, found by applying it again and again."""
    x = np.array(0.0)
    for _ in range(ROUNDS):
        x = func_sigmoid(x)
    return float(x)


SYMMETRIC = (
    "Everywhere: J of this layer is symmetric, so J·g and Jᵀ·g are the same. No test with this "
    "layer finds it; one with a dense layer does."
)

SOFTMAX = Blind(
    inputs="z",
    states={
        "flattened_batch": State(
            "One sample alone: there is no other that could leak into it.", _softmax(None, None)
        ),
        "without_weight": State(
            "All gᵢ are equal: g is its own mean, so 0 is left of it, and 0 may be weighted by "
            "anything. A test whose g is all ones finds no lost weight.",
            _softmax(None, _ones),
        ),
        "without_coupling": State(
            "All logits are equal and g adds up to 0: the mean that is to be taken off g is 0.",
            _softmax(lambda count: (0.0,) * count, _balanced),
        ),
        "elementwise": State(
            "One class has all the probability: J is 0, and so is every s (1 − s).",
            _softmax(_one_winner, _unequal),
        ),
        "input_for_output": State(
            "All logits are equal to their own softmax, so it makes no difference which is kept.",
            _softmax(lambda count: (1 / count,) * count, _unequal),
        ),
    },
    always={"without_transpose": SYMMETRIC},
    never={
        "without_derivative": "J·g = g would make g an eigenvector of J with the eigenvalue 1, and "
        "no eigenvalue of the Jacobian of a softmax is above ½."
    },
)
SIGMOID = Blind(
    inputs="x",
    states={
        "without_gradient": State(
            "Every gᵢ is 1: a factor of 1 can be forgotten. Many tests take just this g.",
            _sigmoid(None, _ones),
        ),
        "input_for_output": State(
            "Every x is its own sigmoid, so it makes no difference which of them is kept.",
            _sigmoid(fixed_point(), _unequal),
        ),
        "without_complement": State(
            "Every y is nearly 0, so 1 − y is 1 and can be forgotten.", _sigmoid(-40.0, _unequal)
        ),
        "tanh_derivative": State(
            "Every y is 1 to the last digit, and both derivatives are 0 there.",
            _sigmoid(40.0, _unequal),
        ),
    },
    always={"without_transpose": SYMMETRIC},
    never={
        "without_derivative": "The slope of the sigmoid is at most ¼, so g never comes through "
        "whole."
    },
)
