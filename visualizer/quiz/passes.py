"""Backward passes as formulas, to be told apart: ways to write the right one, and the wrong ones.

The wrong ones, and what they get wrong, are those of `nnfs.wrong_passes`. A test evaluates every
formula against what it stands for.
"""

import inspect

from nnfs import BaseLayer, Sigmoid, Softmax
from nnfs.wrong_passes import (
    WRONG_PASSES,
    WrongPass,
    elementwise,
    input_for_output,
    tanh_derivative,
    without_complement,
    without_coupling,
    without_gradient,
    without_weight,
)

LAYER: dict[str, type[BaseLayer]] = {"softmax": Softmax, "sigmoid": Sigmoid}
RIGHT: dict[str, tuple[str, ...]] = {
    "softmax": (
        "s ⊙ (g − Σᵢ sᵢgᵢ)",
        "s ⊙ g − s (sᵀg)",
        "Jᵀ·g with J = diag(s) − s sᵀ",
        "s ⊙ (g − gᵀs)",
    ),
    "sigmoid": (
        "g ⊙ y ⊙ (1 − y)",
        "g ⊙ (y − y²)",
        "g ⊙ σ(x) ⊙ σ(−x)",
        "Jᵀ·g with J = diag(y (1 − y))",
    ),
}
# Other ways to write the wrong ones: else they are known by being short.
ALSO: dict[str, dict[WrongPass, tuple[str, ...]]] = {
    "softmax": {
        without_coupling: ("Jᵀ·g with J = diag(s)",),
        elementwise: ("s ⊙ g − s ⊙ (s ⊙ g)", "Jᵀ·g with J = diag(s (1 − s))"),
        input_for_output: ("z ⊙ g − z (zᵀg)", "Jᵀ·g with J = diag(z) − z zᵀ"),
        without_weight: ("g − gᵀs", "Jᵀ·g with J = diag(1) − s 1ᵀ"),
    },
    "sigmoid": {
        input_for_output: ("g ⊙ (x − x²)", "Jᵀ·g with J = diag(x (1 − x))"),
        without_complement: ("g ⊙ (1 − σ(−x))", "Jᵀ·g with J = diag(y)"),
        tanh_derivative: ("g ⊙ (1 + y) ⊙ (1 − y)", "Jᵀ·g with J = diag(1 − y²)"),
        without_gradient: ("σ(x) ⊙ (1 − σ(x))", "Jᵀ·1 with J = diag(y (1 − y))"),
    },
}


def wrong_passes(layer: str) -> dict[WrongPass, tuple[str, ...]]:
    """Return the wrong passes of a layer that show on one sample, each with its formulas."""
    listed = WRONG_PASSES[LAYER[layer]]
    return {wrong: (listed[wrong], *also) for wrong, also in ALSO[layer].items()}


def mistake(wrong: WrongPass) -> str:
    """Return what a wrong pass gets wrong, as it goes on after "It": "forgets g"."""
    said = " ".join((inspect.getdoc(wrong) or "").split()).split(". ")[0].rstrip(".")
    said = said.split(": ")[0]
    return said[0].lower() + said[1:]
