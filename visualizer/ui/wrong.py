"""The panel of wrong backward passes: choose them, see their errors, read who makes them."""

from collections.abc import Sequence

import streamlit as st

from visualizer.figures import HATCHES
from visualizer.lessons.wrong import Ghost, label
from visualizer.ui.state import PageState


def wrong_passes(state: PageState) -> None:
    """Offer the wrong passes, and show what each chosen one makes of the state in view."""
    key = f"{state.page}_wrong"
    st.session_state[key] = list(state.scenario.wrong)
    st.pills(
        "Show beside the true dx",
        state.scenario.said_of("wrong")["allowed"],
        selection_mode="multi",
        format_func=label,
        key=key,
        on_change=lambda: state.change(fit=True, wrong=tuple(st.session_state[key])),
    )
    ghosts: Sequence[Ghost] = state.values["wrong"]
    if not ghosts:
        st.caption("Choose one or more: their bars appear beside those of dx, above.")
        return
    with st.container(key="ghosts"):  # which fades in a drag, by the style sheet of the figures
        for i, ghost in enumerate(ghosts):
            _found(ghost, HATCHES[i % len(HATCHES)])


def _found(ghost: Ghost, hatch: str) -> None:
    """Say what a wrong pass makes of the state in view, how its bars look, and who makes it."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{label(ghost.name)}**  \nhatched `{hatch}`", width=170)
        if ghost.agrees:
            st.badge("agrees here", icon=":material/check:", color="blue", width=150)
        else:
            error, relative = ghost.errors
            st.markdown(f"largest error **{error}**  \nrelative **{relative}**", width=150)
        note = "The same as the right result at these values: no test here would find it. "
        st.markdown(f"{ghost.mistake} {note if ghost.agrees else ''}{ghost.who}")
