"""Questions about a backward pass: drawn from a seed, each with one right answer, clear of ties."""

from functools import lru_cache

import numpy as np

from visualizer.quiz.kinds import KINDS
from visualizer.quiz.question import LAYERS, Question
from visualizer.quiz.sign import SIGN

LEVELS = (1, 2, 3)
ANY = "any"
# Of any kind, level 1 begins with so many questions about a sign: the easiest to be asked.
OPENING = 3


@lru_cache(maxsize=1024)
def question(seed: int, level: int, n: int, kind: str = ANY, layer: str = ANY) -> Question:
    """Return the question of a seed, always the same.

    Args:
        seed: any whole number.
        level: 1 to 3: more classes, then mixed gradients, then temperatures.
        n: the number of the question, from 1.
        kind: the name of one of KINDS, or ANY: each once in every row of as many as there are,
            at level 1 after an opening of signs.
        layer: one of LAYERS, or ANY.
    """
    names = tuple(KINDS)
    if kind == ANY:
        kind = _kind_of(seed, level, n)
    if layer == ANY:
        layer = LAYERS[np.random.default_rng([seed, level, n]).integers(len(LAYERS))]
    rng = np.random.default_rng([seed, level, n, names.index(kind), LAYERS.index(layer)])
    asked = None
    while asked is None:
        asked = KINDS[kind].draw(rng, level, layer)
    return asked


def _kind_of(seed: int, level: int, n: int) -> str:
    """Return which kind comes as the n-th where any may come."""
    names = tuple(KINDS)
    opening = OPENING if level == min(LEVELS) else 0
    if n <= opening:
        return SIGN.name
    block, place = divmod(n - 1 - opening, len(names))
    return names[np.random.default_rng([seed, level, block]).permutation(len(names))[place]]
