"""Scenarios: what a page shows, as a value that a link can hold.

Here belong the fields of a scenario, how they are read from text that nobody vouches for, how they
are written, and how they fit each other. What is computed from them does not belong here.
"""

from visualizer.scenario.base import (
    MAX_LINK,
    PARTS,
    BaseScenario,
    fits_link,
    resized,
    with_row,
)
from visualizer.scenario.codecs import Codec, Refused, Rows, quoted
from visualizer.scenario.fields import (
    choice,
    index_of,
    names,
    number,
    one_hot,
    rows,
    scaled_to_one,
    tab,
    unlinked,
    whole,
)

__all__ = [
    "MAX_LINK",
    "PARTS",
    "BaseScenario",
    "Codec",
    "Refused",
    "Rows",
    "choice",
    "fits_link",
    "index_of",
    "names",
    "number",
    "one_hot",
    "quoted",
    "resized",
    "rows",
    "scaled_to_one",
    "tab",
    "unlinked",
    "whole",
    "with_row",
]
