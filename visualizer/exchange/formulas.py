"""The formulas of the moment, with their numbers in them, as LaTeX."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from visualizer.figures.numbers import number

# Wider matrices fit no page.
LATEX_COLUMNS = 32


def latex(value: float) -> str:
    """Return the number as `number` prints it, in LaTeX."""
    text = number(value).replace("−", "-")
    if "e" not in text:
        return text
    mantissa, exponent = text.split("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"


def aligned(lines: Iterable[str]) -> str:
    """Return lines that stand below each other at their first &."""
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"


def latex_fragment(
    inputs: Mapping[str, Any],
    results: Mapping[str, np.ndarray],
    symbols: Mapping[str, str],
) -> str:
    r"""Return inputs and results as displayed equations, to be put into a document as they are.

    It needs amsmath. What has more than 32 columns is left out, with a comment that says so.

    Args:
        inputs: names and values, as exports use them.
        results: names and values; vectors are set as rows.
        symbols: how LaTeX sets a name; one of a single letter is set as it is.
    """
    columns, lines = 0, []
    for name, value in {**inputs, **results}.items():
        rows = np.atleast_2d(value)
        symbol = symbols.get(name) or _symbol(name)
        if isinstance(value, str):
            lines.append(rf"\[ {symbol} = \text{{{value.replace('_', ' ')}}} \]")
        elif rows.shape[1] > LATEX_COLUMNS:
            lines.append(f"% {name}: {rows.shape[0]} rows of {rows.shape[1]} numbers, left out")
        elif rows.size == 1:
            lines.append(rf"\[ {symbol} = {_exact(rows[0, 0])} \]")
        else:
            columns = max(columns, rows.shape[1])
            body = r" \\ ".join(" & ".join(_exact(v) for v in row) for row in rows)
            lines.append(rf"\[ {symbol} = \begin{{pmatrix}} {body} \end{{pmatrix}} \]")
    # amsmath makes matrices of up to ten columns unless told otherwise.
    head = [rf"\setcounter{{MaxMatrixCols}}{{{columns}}}"] if columns > 10 else []
    return "\n".join(["% needs \\usepackage{amsmath}", *head, *lines, ""])


def _symbol(name: str) -> str:
    return name if len(name) == 1 else rf"\mathrm{{{name.replace('_', chr(92) + '_')}}}"


def _exact(value: float | str) -> str:
    """Six significant digits, and powers of ten as LaTeX writes them; a name as text."""
    if isinstance(value, str):
        return rf"\text{{{value}}}"
    if not np.isfinite(value):
        return r"\mathrm{NaN}" if np.isnan(value) else r"\infty" if value > 0 else r"-\infty"
    mantissa, _, exponent = f"{value + 0.0:.6g}".partition("e")  # + 0.0: 0 has no sign
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa
