"""The formulas of the moment, with their numbers in them, as LaTeX."""

from collections.abc import Mapping

import numpy as np

from figures import number
from views import sigmoid
from views.softmax import Numbers, Scenario

# More terms than these do not fit a line.
TERMS = 3

# Wider matrices fit no page.
LATEX_COLUMNS = 32

# How exports name things, and how LaTeX sets them.
SYMBOLS = {
    "dx": r"\frac{\partial L}{\partial x}",
    "eps": r"\varepsilon",
    "changed": r"\Delta L",
    "predicted": r"\frac{\partial L}{\partial x_j} \varepsilon",
    "terms": r"\big(g_i \tfrac{\partial y_i}{\partial x_j}\big)",
} | {name: name for name in ("z", "x", "g", "s", "y", "J", "T", "n", "j")}


def latex(value: float) -> str:
    """Return the number as `number` prints it, in LaTeX."""
    text = number(value).replace("−", "-")
    if "e" not in text:
        return text
    mantissa, exponent = text.split("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"


def operand(text: str) -> str:
    """Return a number in LaTeX as it stands behind an operator: in brackets if it is negative."""
    return f"({text})" if text.startswith("-") else text


def softmax_formulas(values: Numbers, scenario: Scenario) -> str:
    """Return the closed form for input j, and the same number as a sum of terms of Jᵀ·g."""
    j, T = scenario.j, scenario.T
    divided = rf" / {T:g}" if T != 1 else ""
    factor = r"\tfrac{1}{T}\," if T != 1 else ""
    s, g, dx, mean = (latex(v) for v in (values.s[j], values.g[j], values.dx[j], values.mean))
    products = [
        rf"{operand(latex(g_i))} \cdot {operand(latex(J_ij))}"
        for g_i, J_ij in zip(values.g[:TERMS], values.J[:TERMS, j], strict=True)
    ]
    dots = r" + \dots" if len(values.g) > TERMS else ""
    lines = [
        rf"\frac{{\partial L}}{{\partial z_{{{j}}}}} "
        rf"&= {factor} s_{{{j}}} \Big(g_{{{j}}} - \sum_i s_i g_i\Big)",
        rf"&= {s}\,\big({g} - {operand(mean)}\big){divided} = {dx}",
        rf"(J^\top g)_{{{j}}} &= \sum_i g_i \frac{{\partial s_i}}{{\partial z_{{{j}}}}}",
        rf"&= {' + '.join(products)}{dots}",
        rf"&= {dx}",
    ]
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"


def sigmoid_formulas(values: sigmoid.Numbers, scenario: sigmoid.Scenario) -> str:
    """Return the gradient of input j, and what it predicts for a nudge beside what happens."""
    j, eps = scenario.j, scenario.eps
    g, y, dx = (latex(v) for v in (values.g[j], values.y[j], values.dx[j]))
    missed = values.changed - values.predicted
    lines = [
        rf"\frac{{\partial L}}{{\partial x_{{{j}}}}} &= g_{{{j}}}\, y_{{{j}}} (1 - y_{{{j}}}) "
        rf"= {g} \cdot {y} \cdot (1 - {y}) = {dx}",
        rf"\frac{{\partial L}}{{\partial x_{{{j}}}}} \cdot \varepsilon &= {dx} \cdot {eps:g} "
        rf"= {latex(values.predicted)}",
        rf"\Delta L &= L(x_{{{j}}} + \varepsilon) - L(x_{{{j}}}) = {latex(values.changed)}",
        rf"\text{{missed}} &= {latex(missed)} = {latex(missed / eps**2)} \cdot \varepsilon^2",
    ]
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"


def latex_fragment(inputs: Mapping[str, object], results: Mapping[str, np.ndarray]) -> str:
    r"""Return inputs and results as displayed equations, to be put into a document as they are.

    It needs amsmath. What has more than 32 columns is left out, with a comment that says so.

    Args:
        inputs: names and values, as exports use them.
        results: names and values; vectors are set as rows.
    """
    columns, lines = 0, []
    for name, value in {**inputs, **results}.items():
        rows = np.atleast_2d(value)
        symbol = SYMBOLS.get(name) or rf"\mathrm{{{name.replace('_', chr(92) + '_')}}}"
        if rows.shape[1] > LATEX_COLUMNS:
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


def _exact(value: float) -> str:
    """Six significant digits, and powers of ten as LaTeX writes them."""
    mantissa, _, exponent = f"{value + 0.0:.6g}".partition("e")  # + 0.0: 0 has no sign
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa
