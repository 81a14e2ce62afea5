"""Home: what `backward` does, in five seconds; then where to go."""

import streamlit as st

from ui.controls import messages
from ui.live import live_figures
from ui.share import share_button
from ui.state import PageState
from views.softmax import Scenario


@st.fragment
def example() -> None:
    """The upstream gradient to drag, the Jacobian of a softmax, and the result."""
    state: PageState[Scenario] = PageState.of("home")
    messages(state)
    live_figures(state, (("g", "jacobian", "dx"),))
    with st.container(horizontal=True, vertical_alignment="center"):
        z = ", ".join(f"{value:g}" for value in state.scenario.z[0])
        # No caption: on its grey the names in code letters are hard to read.
        st.markdown(
            f":small[A real `nnfs.Softmax` at z = {z}. Every number on these pages comes from "
            "`nnfs`, also while you drag.]",
            width="stretch",
        )
        share_button(state)
    state.write_link()


st.markdown("## Drag `grad_next`, watch dx")
st.markdown(
    "`backward` takes the gradient that arrives from above, g, and returns the gradient of its "
    "input: dx = Jᵀ·g. Drag a bar of g."
)
example()

for place, (page, icon, words) in zip(
    st.columns(4),
    (
        (
            "softmax",
            ":material/bar_chart:",
            "Every output depends on every input. See the Jacobian, the sum behind each dxⱼ, and "
            "why softmax centres the gradient.",
        ),
        (
            "sigmoid",
            ":material/show_chart:",
            "One curve, its slope, and how much of the gradient gets through: at most a quarter.",
        ),
        (
            "side_by_side",
            ":material/compare:",
            "The same numbers through both layers: a diagonal Jacobian against a full one.",
        ),
        (
            "practice",
            ":material/quiz:",
            "Predict the sign, the zero, the largest. Lock it in, then see why.",
        ),
    ),
    strict=True,
):
    with place, st.container(border=True, height="stretch"):
        label = page.replace("_", " ").capitalize()
        st.page_link(f"../pages/{page}.py", label=f"**{label}**", icon=icon)
        st.markdown(words)
st.markdown(
    ":small[In a lecture: Softmax, then **Steps** there; Sigmoid; Side by side. "
    "Arrow keys move on.]"
)
