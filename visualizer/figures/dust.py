"""Rounding dust: what is 0 in exact arithmetic, and 1e-17 in float64, is shown as 0."""

import math

import numpy as np

from visualizer.figures.layout import BLANK
from visualizer.figures.numbers import number

# Sums of 2 to 1000 terms that are 0 in exact arithmetic came out at 3.5 units in the last place
# of Σ|terms| at most; 8 is more than twice that.
DUST_ULPS = 8

# What a sum that is shown as 0 says when it is pointed at.
ROUNDING = "0 in exact arithmetic; float64 leaves the rounding of its last digit, about 1e-17"


def settled(sums: np.ndarray, terms: np.ndarray) -> np.ndarray:
    """Return the sums, with those that are nothing but rounding set to exactly 0.

    A sum is settled to 0 if it is below 8 units in the last place of Σ|terms|: terms that cancel
    leave that much behind, and no digit of it means anything. One term alone is never 0 unless it
    is, however small: g·y(1 − y) of a saturated sigmoid stays.

    Args:
        sums: what came out, shape (C,).
        terms: what was added up, shape (M, C): as large as it was when it was added. The terms
            of `Softmax.backward` are those of `softmax_terms`, not gᵢ·Jᵢⱼ: where s is near 1,
            these are as small as the result itself, and hide how much was cancelled.

    Returns:
        A copy of sums, shape (C,), of the same dtype. What is infinite or not a number stays.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        total = np.abs(terms).sum(axis=0)
        # Where nothing cancels, nothing is dust: that counts at 5e-324, which is one unit.
        dust = np.minimum(DUST_ULPS * np.spacing(total), total)
        return np.where(np.abs(sums) < dust, np.zeros((), sums.dtype), sums)


def softmax_terms(s: np.ndarray, g: np.ndarray) -> np.ndarray:
    """Return what `Softmax.backward` adds up: sⱼgⱼ, and for each i −sⱼsᵢgᵢ.

    Args:
        s: output, shape (C,).
        g: upstream gradient, shape (C,).

    Returns:
        shape (C + 1, C). Column j adds up to sⱼ(gⱼ − Σᵢ sᵢgᵢ).
    """
    weighted = s * g
    return np.vstack([weighted, -np.outer(weighted, s)])


def settled_sum(terms: np.ndarray) -> float:
    """Return the sum of terms, shape (C,): exactly 0 if nothing but rounding is left of it."""
    return float(settled(terms.sum(keepdims=True), terms[:, np.newaxis])[0])


def sum_of(total: float, sign: str = " = ") -> str:
    """Return a settled sum in words: "Σ = 0" where nothing but rounding was left of it."""
    if not math.isfinite(total):
        return BLANK
    return f"Σ{sign}{number(total) if total else 0}"
