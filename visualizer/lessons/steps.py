"""A backward pass in steps: one lit, what was before it dimmed, what comes not run yet."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nnfs import GradientReport

# Those of a layer; a page with another lecture has its own.
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
        titles: what each is called.
    """

    words: tuple[str, ...]
    check: Callable[[Any], GradientReport]
    titles: tuple[str, ...] = TITLES

    @property
    def last(self) -> int:
        """The number of the last step, which is how many there are."""
        return len(self.titles)

    def said(self, step: int) -> str:
        """Return the number, the title and the sentence of a step, in Markdown."""
        return f"**{step} of {self.last} · {self.titles[step - 1]}.** {self.words[step - 1]}"


def verdict(report: GradientReport) -> str:
    """Say in Markdown how many components agree with the central difference."""
    agree, count = int(report.passed.sum()), report.passed.size
    largest = abs(report.analytic - report.numeric).max()
    mark = ":blue[:material/check:]" if report.ok else ":orange[:material/warning:]"
    return f"{mark} **{agree} of {count} agree**, largest difference {largest:.1e}."
