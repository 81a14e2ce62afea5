"""Well-known inputs and upstream gradients, each with the name under which a menu offers it."""

from collections.abc import Callable

import numpy as np

from nnfs import cross_entropy, func_softmax
from views import side_by_side, sigmoid, softmax

Scenario = softmax.Scenario | sigmoid.Scenario | side_by_side.Scenario
Preset = Callable[[Scenario], list[float]]


def _winner(ahead: float) -> Preset:
    """Class j is ahead of all others by a margin."""
    return lambda scenario: [ahead * (j == scenario.j) for j in range(_classes(scenario))]


def _cross_entropy(scenario: softmax.Scenario) -> list[float]:
    """−t/s for the target class j."""
    s = func_softmax(np.array([scenario.z[scenario.n]]) / scenario.T)
    target = np.eye(_classes(scenario))[[scenario.j]]
    return cross_entropy(s, target).gradient[0].tolist()


def _random(seed: int, scale: float) -> Preset:
    def draw(scenario: Scenario) -> list[float]:
        values = np.random.default_rng(seed).normal(0, scale, _classes(scenario))
        return values.round(2).tolist()

    return draw


Z_PRESETS: dict[str, Preset] = {
    "Uniform: all 0": _winner(0),
    "One winner: zⱼ = 4": _winner(4),
    "Saturated: zⱼ = 40": _winner(40),
    "Large: 1000, 999, 998, …": lambda scenario: [1000.0 - i for i in range(_classes(scenario))],
    "Random, seed 1": _random(1, 2),
    "Random, seed 2": _random(2, 2),
}
G_PRESETS: dict[str, Preset] = {
    "One-hot eⱼ: reads row j of J": _winner(1),
    "All ones": lambda scenario: [1.0] * _classes(scenario),
    "Random, seed 1": _random(1, 1),
    "Random, seed 2": _random(2, 1),
}
SOFTMAX_G_PRESETS = G_PRESETS | {"−t/s: cross-entropy, target j": _cross_entropy}
X_PRESETS: dict[str, Preset] = {
    "All 0: the steepest point": _winner(0),
    "Spread from −6 to 6": lambda scenario: np.linspace(-6, 6, _classes(scenario)).tolist(),
    "Saturated: 40": lambda scenario: [40.0] * _classes(scenario),
    "Saturated: −40": lambda scenario: [-40.0] * _classes(scenario),
    "Random, seed 1": _random(1, 2),
    "Random, seed 2": _random(2, 2),
}


def _classes(scenario: Scenario) -> int:
    return len(scenario.g[0])
