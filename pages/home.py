"""Home: what `backward` does, in five seconds; then where to go."""

import streamlit as st

from visualizer.lessons import LESSONS
from visualizer.ui.controls import messages
from visualizer.ui.live import live_figures
from visualizer.ui.share import share_button
from visualizer.ui.state import PageState


@st.fragment
def example() -> None:
    """The upstream gradient to drag, the Jacobian of a softmax, and the result."""
    state = PageState.of("home")
    messages(state)
    live_figures(state)
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

doors = [lesson for lesson in LESSONS if lesson.question]
for place, lesson in zip(st.columns(len(doors)), doors, strict=True):
    with place, st.container(border=True, height="stretch"):
        st.page_link(f"../../pages/{lesson.name}.py", label=f"**{lesson.title}**", icon=lesson.icon)
        st.markdown(lesson.question)
st.markdown(
    ":small[In a lecture: Softmax, then **Steps** there; Sigmoid; Side by side. "
    "Arrow keys move on.]"
)
