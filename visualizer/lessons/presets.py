"""Well-known inputs and upstream gradients, each with the name under which a menu offers it."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

import numpy as np

from visualizer.lessons.lesson import Preset
from visualizer.scenario.codecs import ROWS


def as_linked(moments: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return states of a page, each written as in its link; of two values the last one counts."""
    return {
        name: dict(parse_qsl(link, strict_parsing=link != "")) for name, link in moments.items()
    }


def _winner(ahead: float) -> Preset:
    """Class j is ahead of all others by a margin."""

    def preset(scenario: Any) -> Sequence[float]:
        return [ahead * (j == scenario.j) for j in range(_classes(scenario))]

    return preset


def _all(value: float) -> Preset:
    return lambda scenario: [value] * _classes(scenario)


def _random(seed: int, scale: float) -> Preset:
    def draw(scenario: Any) -> Sequence[float]:
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
    "All ones": _all(1.0),
    "Random, seed 1": _random(1, 1),
    "Random, seed 2": _random(2, 1),
}
X_PRESETS: dict[str, Preset] = {
    "All 0: the steepest point": _winner(0),
    "Spread from −6 to 6": lambda scenario: np.linspace(-6, 6, _classes(scenario)).tolist(),
    "Saturated: 40": _all(40.0),
    "Saturated: −40": _all(-40.0),
    "Random, seed 1": _random(1, 2),
    "Random, seed 2": _random(2, 2),
}


def _classes(scenario: Any) -> int:
    """Return how many numbers a row has: those of the first field of rows."""
    first = next(name for name, codec in scenario.codecs().items() if codec is ROWS)
    return len(getattr(scenario, first)[0])
