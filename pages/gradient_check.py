"""Gradient check: is the backward pass right, and how good a question is that?"""

import inspect
import textwrap

import numpy as np
import streamlit as st

from visualizer.figures import number
from visualizer.lessons.checked import CHECKED, PASSES, RIGHT
from visualizer.lessons.gradient_check import CURVES, STEPS_TRIED, VERDICT
from visualizer.ui import page
from visualizer.ui.state import PageState

# As many digits as tell every float apart.
DIGITS = {"float64": 17, "float32": 9}


def why(state: PageState) -> None:
    """Where the arms of the U come from, and where they meet."""
    st.markdown(
        "**Truncation**, on the right: what a straight line misses of the curve. It falls with h; "
        "by central differences as h², as the bend on one side takes back that on the other. "
        "**Rounding**, on the left: L is known to a part ε of itself, and divided by h, that error "
        "grows as ε/h. They meet at √ε, or at ∛ε where truncation falls faster: no step is better. "
        "The **complex step** reads the slope off the imaginary part of L(z + ih): nothing is "
        "subtracted, and h may be as small as you like."
    )
    theory = dict(zip(("forward", "central"), state.values["theory"].items(), strict=True))
    for place, curve in zip(st.columns(len(CURVES)), CURVES, strict=True):
        if 0 < state.scenario.step < curve.from_step:
            place.caption("Not run yet.")
            continue
        one = state.values["u"][curve.name]
        name, step = theory.get(curve.name, ("", 0.0))
        best = number(one.best) if one.falls else "none"
        place.metric(f"Best step, {curve.called}", best, border=True)
        if name:
            place.caption(f"Theory: {name} = {number(step)}, up to the shape of the curve.")


def digits(state: PageState) -> None:
    """The two values of L that a difference subtracts, digit by digit."""
    scenario, values = state.scenario, state.values
    if 0 < scenario.step < 2:
        st.caption("They come with the difference.")
        return
    if not values["sides"]:
        st.markdown("The complex step subtracts nothing, so no digits cancel.")
        return
    shown = [f"{side:+.{DIGITS[scenario.dtype] - 1}e}" for side in map(float, values["sides"])]
    agree = next((i for i, (a, b) in enumerate(zip(*shown, strict=True)) if a != b), len(shown[0]))
    names = {"central": ("L(z + h)", "L(z − h)"), "forward": ("L(z + h)", "L(z)    ")}
    lines = [f"{name} = {text}" for name, text in zip(names[scenario.method], shown, strict=True)]
    same = sum(c.isdigit() for c in shown[0][:agree])
    st.code("\n".join([*lines, " " * 11 + "^" * agree]), language=None)
    st.markdown(
        f"Input {scenario.j} moved by h = {scenario.h:g}: the first {same} digits are equal and "
        f"cancel. Of about {DIGITS[scenario.dtype] - 1} there are "
        f"{max(0, DIGITS[scenario.dtype] - 1 - same)} left for the difference. A larger h leaves "
        "more of them, and bends more."
    )


def numbers(state: PageState) -> None:
    """The numbers behind the figures: of each element, and of each step."""
    if 0 < state.scenario.step < VERDICT:
        st.caption("They come with the verdict.")
        return
    page.numbers(state)
    errors = {curve.called: state.values["u"][curve.name].errors for curve in CURVES}
    st.dataframe(
        {"step h": STEPS_TRIED.tolist(), **errors, "allowed": np.ravel(state.values["allowed"])},
        alt="Largest error of the gradient at each step",
        column_config={
            name: st.column_config.NumberColumn(format="%.3g")
            for name in ("step h", *errors, "allowed")
        },
    )


def code(state: PageState) -> None:
    """The pass that is checked, and what checks it."""
    scenario = state.scenario
    made = type(CHECKED[scenario.layer].make(1))
    checked = made.backward if scenario.backward == RIGHT else PASSES[scenario.backward]
    st.code(textwrap.dedent(inspect.getsource(checked)))
    page.code(state)


page.show("gradient_check", why=why, digits=digits, numbers=numbers, code=code)
