"""The formulas of the moment, with their numbers in them, as LaTeX."""

from figures import number
from views import sigmoid
from views.softmax import Numbers, Scenario

# More terms than these do not fit a line.
TERMS = 3


def latex(value: float) -> str:
    """Return the number as `number` prints it, in LaTeX."""
    text = number(value).replace("−", "-")
    if "e" not in text:
        return text
    mantissa, exponent = text.split("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"


def softmax_formulas(values: Numbers, scenario: Scenario) -> str:
    """Return the closed form for input j, and the same number as a sum of terms of Jᵀ·g."""
    j, T = scenario.j, scenario.T
    divided = rf" / {T:g}" if T != 1 else ""
    factor = r"\tfrac{1}{T}\," if T != 1 else ""
    s, g, dx, mean = (latex(v) for v in (values.s[j], values.g[j], values.dx[j], values.mean))
    products = [
        rf"({latex(g_i)})({latex(J_ij)})"
        for g_i, J_ij in zip(values.g[:TERMS], values.J[:TERMS, j], strict=True)
    ]
    dots = r" + \dots" if len(values.g) > TERMS else ""
    lines = [
        rf"\frac{{\partial L}}{{\partial z_{{{j}}}}} "
        rf"&= {factor} s_{{{j}}} \Big(g_{{{j}}} - \sum_i s_i g_i\Big)",
        rf"&= {s}\,\big({g} - ({mean})\big){divided} = {dx}",
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
        rf"= ({g})({y})(1 - {y}) = {dx}",
        rf"\frac{{\partial L}}{{\partial x_{{{j}}}}} \cdot \varepsilon &= ({dx})({eps:g}) "
        rf"= {latex(values.predicted)}",
        rf"\Delta L &= L(x_{{{j}}} + \varepsilon) - L(x_{{{j}}}) = {latex(values.changed)}",
        rf"\text{{missed}} &= {latex(missed)} = {latex(missed / eps**2)} \cdot \varepsilon^2",
    ]
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"
