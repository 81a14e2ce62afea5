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

# What these mean, field by field, and the seed with them.
HELP = {
    "level": "Level 1: three inputs, and a g that is one-hot (Softmax) or has ±1 (Sigmoid). "
    "Level 2: four inputs, any g. Level 3: five inputs, and Softmax has a temperature.",
    "kind": "What is asked about the gradient. Of all kinds, each comes once in a row of "
    f"{len(KINDS)}; level 1 begins with signs.",
    "layer": "The layer that the gradient goes back through.",
    "seed": "The questions are drawn from this number: whoever has the same seed, level, kind "
    "and layer gets the same questions. So a room can compare its answers.",
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


def notation(asked: Question) -> str:
    """Return what a sign in the options means that not everybody has met; "" if there is none."""
    if any("⊙" in option for option in asked.options):
        return "⊙ multiplies element by element."
    return ""


def hint(asked: Question) -> str:
    """Return the first step of the reason; whichever option is right, it is the same."""
    return KINDS[asked.kind].hint(asked)


def reason(asked: Question) -> str:
    """Return in one or two sentences why the right answer is right."""
    found = results(asked.layer, asked.x, asked.g, asked.T)
    return KINDS[asked.kind].reason(asked, found)
