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
        "s ⊙ (g − Σᵢ gᵢ / C)": (
            lambda z, s, g: s * (g - g.mean()),
            "takes the plain mean of g for the weighted one",
        ),
        "s ⊙ g − s ⊙ (s ⊙ g)": (
            lambda z, s, g: s * g - s * (s * g),
            "multiplies s and g where it should take sᵀg: the diagonal of J alone",
        ),
        "Jᵀ·g with J = diag(s (1 − s))": (
            lambda z, s, g: np.diag(s * (1 - s)).T @ g,
            "takes the diagonal of J for the whole of it",
        ),
        "Jᵀ·g with J = diag(s) + s sᵀ": (
            lambda z, s, g: (np.diag(s) + np.outer(s, s)).T @ g,
            "adds s sᵀ where it should take it off",
        ),
        "s ⊙ (Σᵢ sᵢgᵢ − g)": (lambda z, s, g: s * (s @ g - g), "has the sign reversed"),
        "s ⊙ g − s (Σᵢ gᵢ)": (lambda z, s, g: s * g - s * g.sum(), "forgets to weigh the sum by s"),
        "g − Σᵢ sᵢgᵢ": (lambda z, s, g: g - s @ g, "centres g and forgets to weigh it by s"),
    },
    "sigmoid": {
        "g ⊙ x ⊙ (1 − x)": (lambda x, y, g: g * x * (1 - x), "puts x where y belongs"),
        "g ⊙ y": (lambda x, y, g: g * y, "forgets the factor 1 − y"),
        "g ⊙ (1 − y²)": (lambda x, y, g: g * (1 - y**2), "is the derivative of tanh"),
        "g ⊙ (y + y²)": (lambda x, y, g: g * (y + y**2), "adds y² where it should take it off"),
        "g ⊙ σ(x) ⊙ σ(1 − x)": (
            lambda x, y, g: g * y / (1 + np.exp(x - 1)),
            "takes σ(1 − x) for 1 − σ(x)",
        ),
        "Jᵀ·g with J = diag(x (1 − x))": (
            lambda x, y, g: np.diag(x * (1 - x)).T @ g,
            "puts x where y belongs",
        ),
        "Jᵀ·g with J = diag(y) − y yᵀ": (
            lambda x, y, g: (np.diag(y) - np.outer(y, y)).T @ g,
            "is the J of a softmax",
        ),
        "g ⊙ σ(y) ⊙ (1 − σ(y))": (
            lambda x, y, g: g / (1 + np.exp(-y)) / (1 + np.exp(y)),
            "takes the slope at y in place of x",
        ),
        "y ⊙ (1 − y)": (lambda x, y, g: y * (1 - y), "forgets g: it is the slope alone"),
    },
}
