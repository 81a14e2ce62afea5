"""A backward pass in steps: one lit, what was before it dimmed, what comes not run yet."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nnfs import GradientReport

TITLES = (
    "Forward",
    "Upstream gradient",
    "Local Jacobian",
    "Product",
    "Result",
    "Check",
)
CHECK = len(TITLES)


@dataclass(frozen=True)
class Steps:
    """The steps of a lecture.

    Attributes:
        words: a sentence for each.
        check: compares `backward` with differences of `forward`, for the last step.
    """

    words: tuple[str, ...]
    check: Callable[[Any], GradientReport]


def verdict(report: GradientReport) -> str:
    """Say in Markdown how many components agree with the central difference."""
    agree, count = int(report.passed.sum()), report.passed.size
    largest = abs(report.analytic - report.numeric).max()
    mark = ":blue[:material/check:]" if report.ok else ":orange[:material/warning:]"
    return f"{mark} **{agree} of {count} agree**, largest difference {largest:.1e}."
