"""Backward passes as formulas, to be told apart: several ways to write the right one, and wrong."""

from collections.abc import Callable

import numpy as np

Pass = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def _jacobian_product(s: np.ndarray, g: np.ndarray) -> np.ndarray:
    return (np.diag(s) - np.outer(s, s)).T @ g


# By layer and formula: input x, output y and g to what the formula makes of them.
RIGHT: dict[str, dict[str, Pass]] = {
    "softmax": {
        "s ⊙ (g − Σᵢ sᵢgᵢ)": lambda z, s, g: s * (g - s @ g),
        "s ⊙ g − s (sᵀg)": lambda z, s, g: s * g - s * (s @ g),
        "Jᵀ·g with J = diag(s) − s sᵀ": lambda z, s, g: _jacobian_product(s, g),
        "s ⊙ (g − gᵀs)": lambda z, s, g: s * (g - g @ s),
    },
    "sigmoid": {
        "g ⊙ y ⊙ (1 − y)": lambda x, y, g: g * y * (1 - y),
        "g ⊙ (y − y²)": lambda x, y, g: g * (y - y**2),
        "g ⊙ σ(x) ⊙ σ(−x)": lambda x, y, g: g * y / (1 + np.exp(x)),
        "Jᵀ·g with J = diag(y (1 − y))": lambda x, y, g: np.diag(y * (1 - y)).T @ g,
    },
}
WRONG: dict[str, dict[str, tuple[Pass, str]]] = {
    "softmax": {
        "s ⊙ g": (lambda z, s, g: s * g, "drops −s sᵀ, by which all inputs are coupled"),
        "s ⊙ (1 − s) ⊙ g": (
            lambda z, s, g: s * (1 - s) * g,
            "takes the diagonal of J for the whole of it",
        ),
        "z ⊙ (g − Σᵢ zᵢgᵢ)": (lambda z, s, g: z * (g - z @ g), "puts z where s belongs"),
        "g − Σᵢ sᵢgᵢ": (lambda z, s, g: g - s @ g, "centres g and forgets to weigh it by s"),
    },
    "sigmoid": {
        "g ⊙ x ⊙ (1 − x)": (lambda x, y, g: g * x * (1 - x), "puts x where y belongs"),
        "g ⊙ y": (lambda x, y, g: g * y, "forgets the factor 1 − y"),
        "g ⊙ (1 − y²)": (lambda x, y, g: g * (1 - y**2), "is the derivative of tanh"),
        "y ⊙ (1 − y)": (lambda x, y, g: y * (1 - y), "forgets g: it is the slope alone"),
    },
}
