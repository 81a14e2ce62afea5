"""Precision: what do float16, float32 and float64 make of one formula?"""

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from visualizer.figures import number
from visualizer.figures.window import NAMES
from visualizer.lessons.precision_forms import FORMS, backward_breaks, breaks, overflows
from visualizer.lessons.precision_runs import gradients, probabilities
from visualizer.ui.page import show
from visualizer.ui.state import PageState


def text(value: float, digits: int = 6) -> str:
    """Return a number for a table; what is none would be an empty cell in one of numbers."""
    return f"{value + 0.0:.{digits}g}".replace("nan", "NaN").replace("-", "−")  # 0 has no sign


def table(rows: Mapping[str, Iterable[str]], columns: Sequence[str], name: str) -> None:
    """Show rows of texts by their names."""
    cells = zip(*rows.values(), strict=True)
    shown = {"": list(rows)} | dict(zip(columns, map(list, cells), strict=True))
    st.table(shown, hide_index=True, width="content", border="horizontal", alt=name)


def found(state: PageState) -> None:
    """From which number on each way is exactly 0, as it was searched."""
    layer = state.scenario.layer
    *_, naive, stable = FORMS[layer].called
    rows: dict[str, list[str]] = {}
    for mark in breaks(layer):
        name = f"{naive if mark.is_naive else stable} is {mark.gives}"
        way = "from x =" if mark.x > 0 else "down from x ="
        rows.setdefault(f"{name} {way}", ["nowhere"] * len(NAMES))[mark.precision] = text(mark.x)
    right, left = zip(*backward_breaks(layer), strict=True)
    rows["`backward` of nnfs is 0 from x ="] = ["nowhere" if x is None else text(x) for x in right]
    rows["`backward` of nnfs is 0 down from x ="] = [
        "nowhere" if x is None else text(-x) for x in left
    ]
    rows["exp(x) is inf from x ="] = [text(x) for x in overflows()]
    numbers, words = st.columns(2)
    with numbers:
        table(rows, NAMES, "Where each way breaks off")
    words.markdown(
        "Each number was found by search: a bisection through all numbers of its precision, down "
        f"to two neighbours. **{naive}** is 0 as soon as the output rounds to 1: the digits of "
        f"1 − y are gone before anything is multiplied. **{stable}** has both factors from exp; it "
        "becomes 0 only where the precision has no smaller number, and 0 is right. `backward` is "
        "the formula of the slide, on an output that `nnfs` has rounded more carefully."
    )
    words.markdown(
        "**Errors** are in units in the last place, against Python's `decimal` with 40 digits, at "
        "exactly the numbers that a precision has. NumPy's `longdouble` would not do: on Windows "
        "and on new Macs it is float64. The curves are computed when the hand lets go; the numbers "
        "at the probe follow it."
    )


def softmax(state: PageState) -> None:
    """Why a maximum is subtracted, and whose."""
    z, n = state.scenario.z, state.scenario.n
    below = max(map(max, z)) - max(z[n])
    ends = ", ".join(f"{text(x, 4)} in {name}" for x, name in zip(overflows(), NAMES, strict=True))
    here = "This batch has one row: its maximum is that of all."
    if len(z) > 1:
        here = f"The maximum of row {n} is {number(below, 1)} below that of the batch."
    numbers, words = st.columns(2)
    with numbers:
        rows = {
            name: [text(s, 4) for s in row] for name, row in probabilities(state.scenario).items()
        }
        table(rows, [f"s{j}" for j in range(len(z[n]))], "Softmax in each precision, by each way")
    words.markdown(
        f"exp(z) is inf from {ends} on, the dotted lines at the logits. Then the class is inf/inf "
        "= **NaN**, the others are a number/inf = **0**, and `backward`, which takes the mean "
        "Σ s·g of them all, returns NaN for every class."
    )
    words.markdown(
        "Less the maximum **of its row**, no exponent is above 0 and one is 0: nothing overflows, "
        "and the sum is at least 1. Less one maximum **of the whole batch**, a row far below it "
        f"has exp = 0 everywhere, and 0/0 = NaN. {here}"
    )


def loss(state: PageState) -> None:
    """What becomes of a confident mistake on its way back."""
    target, gap = state.values["target"], number(state.values["gap"], 1)
    numbers, words = st.columns(2)
    with numbers:
        rows = {name: map(text, row) for name, row in gradients(state.scenario).items()}
        columns = ("s", "−t/s", "∂L/∂z by it", "by `nnfs` in two steps", "s − t")
        table(rows, columns, "The gradient of the target")
    words.markdown(
        f"The target is class {target}, whose logit is the lowest: {gap} below the highest. The "
        "worse a mistake, the stronger its correction: ∂L/∂z = s − t, close to −1. In two steps, "
        "−t/s has to become huge, and `backward` to take it back by s. A naive −t/s becomes −inf, "
        "and inf · 0 is **NaN** (crosses). `nnfs` lets s count as the smallest normal number, so "
        "the gradient fades to **0** (lines), and the mistake stays. s − t divides by nothing."
    )


def numbers(state: PageState) -> None:
    """The numbers behind the figures, with NaN and inf said as such."""
    values, scenario = state.values, state.scenario
    called = FORMS[scenario.layer].called
    errors = zip(values["naive_error"], values["stable_error"], strict=True)
    rows = {
        name: [*(text(v, 9) for v in cells), *map(text, off)]
        for name, cells, off in zip(NAMES, values["cells"], errors, strict=False)
    }
    rows["exact"] = [*(text(v, 9) for v in values["cells"][3]), "0", "0"]
    st.markdown(f"At the probe, x = {scenario.at:g}, with errors in units in the last place:")
    columns = [*called, *(f"error of {way}" for way in called[2:])]
    table(rows, columns, "At the probe")
    st.markdown(f"Softmax of row {scenario.n}, class {scenario.j}, by what z is lessened:")
    ways = ("nothing", "max of batch", "max of row")
    named = [f"{what}{scenario.j}: {way}" for what in ("s", "dz") for way in ways]
    rows = {
        name: [text(v) for what in ("s", "dz") for v in values[what][i]]
        for i, name in enumerate(NAMES)
    }
    table(rows, named, "Softmax of the class in view")


show("precision", found=found, softmax=softmax, loss=loss, numbers=numbers)
