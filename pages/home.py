"""Home: one question, a picture that answers it, and doors that are questions."""

import streamlit as st

from visualizer.lessons import LESSONS
from visualizer.lessons.lesson import Lesson
from visualizer.lessons.tour import stop_query
from visualizer.ui.controls import messages
from visualizer.ui.keys import keys_button
from visualizer.ui.live import live_figures
from visualizer.ui.page import below
from visualizer.ui.share import share_button
from visualizer.ui.state import PageState

# As many doors stand beside each other.
IN_A_ROW = 6


@st.fragment
def example() -> None:
    """The scores to drag, the shares that they get, and who pays."""
    state = PageState.of("home")
    messages(state)
    with st.container(gap=None):
        live_figures(state)
        below("home", {}, state.frame, state.ack)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        # No caption: on its grey the names in code letters are hard to read.
        st.markdown(
            ":small[What one class wins, the others lose: the gradient of a softmax is no product "
            "of each class for itself. Every number comes from a real `nnfs.Softmax`.]",
            width="stretch",
        )
        share_button(state)
        keys_button()


def file_of(lesson: Lesson) -> str:
    """Return the file of a page, as the main script names it."""
    return f"../../pages/{lesson.name}.py"


def door(lesson: Lesson, name: str, question: str, query: dict[str, str]) -> None:
    """Show a card that is a link as a whole: the style sheet of the live figures knows its key."""
    with st.container(border=True, height="stretch", key=f"door_{name}", gap="xsmall"):
        st.page_link(file_of(lesson), label=f"**{question}**", icon=lesson.icon, query_params=query)
        if lesson.tour and name == lesson.name:
            with st.container(key=f"door_tour_{name}"):
                st.page_link(
                    file_of(lesson),
                    label=f":small[{lesson.title}: a tour in five sentences]",
                    query_params=stop_query(lesson.tour, 1),
                )
        else:
            st.markdown(f":small[{lesson.title}]")


st.markdown("## Push one score up. Who pays for it?")
st.markdown(
    "Cat, dog and bird share a probability of 1. Drag one score z, and watch what the others lose."
)
example()

doors = [lesson for lesson in LESSONS if lesson.question]
lecture = next(lesson for lesson in doors if lesson.steps)
places = [place for _ in range(0, len(doors) + 1, IN_A_ROW) for place in st.columns(IN_A_ROW)]
for place, lesson in zip(places, doors, strict=False):
    with place:
        door(lesson, lesson.name, lesson.question, dict(lesson.door))
with places[len(doors)]:
    query = {"step": "1", "present": "1"}
    door(lecture, "lecture", "I teach this: begin the lecture", query)
