"""Questions about a backward pass: drawn from a seed, each with one right answer, clear of ties."""

from functools import lru_cache

import numpy as np

from visualizer.quiz.kinds import KINDS
from visualizer.quiz.question import LAYERS, Question

LEVELS = (1, 2, 3)
ANY = "any"


@lru_cache(maxsize=1024)
def question(seed: int, level: int, n: int, kind: str = ANY, layer: str = ANY) -> Question:
    """Return the question of a seed, always the same.

    Args:
        seed: any whole number.
        level: 1 to 3: more classes, then mixed gradients, then temperatures.
        n: the number of the question, from 1.
        kind: the name of one of KINDS, or ANY: each once in every row of as many as there are.
        layer: one of LAYERS, or ANY.
    """
    names = tuple(KINDS)
    if kind == ANY:
        block, place = divmod(n - 1, len(names))
        kind = names[np.random.default_rng([seed, level, block]).permutation(len(names))[place]]
    if layer == ANY:
        layer = LAYERS[np.random.default_rng([seed, level, n]).integers(len(LAYERS))]
    rng = np.random.default_rng([seed, level, n, names.index(kind), LAYERS.index(layer)])
    asked = None
    while asked is None:
        asked = KINDS[kind].draw(rng, level, layer)
    return asked
