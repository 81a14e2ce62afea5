"""The tour of a page: its sentence above the figures, and the way from stop to stop."""

import streamlit as st

from visualizer.lessons.tour import Stop
from visualizer.ui.state import PageState

PRACTICE = "../../pages/practice.py"


def tour_button(state: PageState) -> None:
    """Offer the tour, where the page has one."""
    if state.lesson.tour:
        st.button(
            "Tour",
            key=f"{state.page}_tour",
            on_click=lambda: state.enter(1),
            help="Five sentences, each with a drag that it does itself; half a minute",
        )


def walk_tour(state: PageState, stop: Stop) -> None:
    """Show the sentence of a stop, what the user does there, and the way on."""
    number, last = state.scenario.tour, len(state.lesson.tour)
    for name, shortcut, to in (("Back", "Left", number - 1), ("Next", "Right", number + 1)):
        st.button(
            name,
            key=f"{state.page}_tour_{name.lower()}",
            shortcut=shortcut,
            on_click=lambda to=to: state.enter(to),
            disabled=not 1 <= to <= last,
        )
    st.button(
        "Skip" if number < last else "Done",
        key=f"{state.page}_tour_skip",
        # In a presentation this key leaves the presentation.
        shortcut=None if state.scenario.present else "Esc",
        on_click=lambda: state.change(tour=0),
        help="End the tour; what is on the screen stays",
    )
    if stop.practice:
        st.page_link(PRACTICE, label="One question", query_params=dict(stop.practice))
    st.markdown(f"**{number} of {last}.** {stop.words} :blue[{stop.yours}]", width="stretch")
