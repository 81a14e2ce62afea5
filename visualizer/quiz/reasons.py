"""What a question of the practice page asks, and why its answer is right, with the numbers."""

from typing import Any

from visualizer.quiz.kinds import KINDS
from visualizer.quiz.question import Question, results
from visualizer.quiz.questions import ANY, LEVELS
from visualizer.quiz.words import row, short

# What a user chooses among, field by field.
NAMES: dict[str, dict[Any, str]] = {
    "level": {level: f"Level {level}" for level in LEVELS},
    "kind": {ANY: "All kinds"} | {name: kind.label for name, kind in KINDS.items()},
    "layer": {ANY: "Both layers", "softmax": "Softmax", "sigmoid": "Sigmoid"},
}


def ask(asked: Question) -> str:
    """Return the question in one sentence."""
    return KINDS[asked.kind].ask(asked)


def givens(asked: Question) -> str:
    """Return the layer with its input, and below it the gradient that arrives."""
    x = "z" if asked.layer == "softmax" else "x"
    layer = "Softmax" if asked.T == 1 else f"Softmax at T = {short(asked.T)}"
    named = layer if x == "z" else "Sigmoid"
    return f"{named}: {x} = ({row(asked.x)})  \n`grad_next` g = ({row(asked.g)})"


def reason(asked: Question) -> str:
    """Return in one or two sentences why the right answer is right."""
    found = results(asked.layer, asked.x, asked.g, asked.T)
    return KINDS[asked.kind].reason(asked, found)
