"""Wrong backward passes: the menu of a lecture, and the panel with their errors and makers."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from visualizer.figures import HATCHES, number
from visualizer.lessons.blind import blind_spot
from visualizer.lessons.wrong import Ghost, label
from visualizer.ui.controls import menu
from visualizer.ui.state import PageState

# Before what the menu shows already.
TICK = "✓ "

# Of more components, only the first ones are shown.
CHIPS = 10


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
            _found(state, ghost, HATCHES[i % len(HATCHES)])


def wrong_menu(state: PageState) -> None:
    """Offer the wrong passes, to show one more or one less; those that are shown have a tick."""
    chosen = getattr(state.scenario, "wrong", None)
    if not isinstance(chosen, tuple):
        return
    offered = state.scenario.said_of("wrong")["allowed"]
    options = {f"{TICK if name in chosen else ''}{label(name)}": name for name in offered}

    def toggle(option: str) -> dict[str, Any]:
        name = options[option]
        shown = tuple(n for n in offered if (n in chosen) != (n == name))
        # Who has opened no other tab finds that of the wrong passes, which says who makes them.
        is_usual = state.scenario.tab == state.scenario.usual_tab
        return {"wrong": shown} | ({"tab": ""} if is_usual else {})

    menu(state, "wrong", "Wrong passes", options, toggle)


def _found(state: PageState, ghost: Ghost, hatch: str) -> None:
    """Say what a wrong pass makes of the state in view, how its bars look, and who makes it."""
    with st.container(border=True, gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{label(ghost.name)}**  \nhatched `{hatch}`", width=170)
            if ghost.agrees:
                st.badge("agrees here", icon=":material/check:", color="blue", width=150)
            else:
                error, relative = ghost.errors
                st.markdown(f"largest error **{error}**  \nrelative **{relative}**", width=150)
            note = "The same as the right result at these values: no test here would find it. "
            st.markdown(f"{ghost.mistake} {note if ghost.agrees else ''}{ghost.who}")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(chips(ghost, state.values["dx"]), width="content")
            if ghost.faults:
                st.markdown(f"**{_sentence(ghost.faults)}**", width="content")
        _blind(state, ghost.name)


def _blind(state: PageState, wrong: str) -> None:
    """Offer to find a state in which the wrong pass agrees, and say why it does there."""
    key = f"{state.page}_{wrong}_blind"

    def find() -> None:
        found = blind_spot(state.lesson, state.scenario, wrong)
        if found.fields:
            state.change(fit=True, **found.fields)
        st.session_state[f"{key}_found"] = (found.why, _inputs(state))

    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Where would a test miss it?", key=key, on_click=find)
        why, inputs = st.session_state.get(f"{key}_found", ("", None))
        if inputs == _inputs(state):
            st.markdown(why, width="stretch")


def _inputs(state: PageState) -> tuple[Any, ...]:
    """Return what a reason is true of: with other numbers it goes."""
    query = state.scenario.to_query()
    return tuple(query.get(name) for name in (*state.lesson.moves, "T", "n"))


def chips(ghost: Ghost, right: np.ndarray) -> str:
    """Return each component of a wrong result in Markdown: ✓ and its number, or ✗ and both."""
    found = [
        f":blue-badge[✓ {place}: {number(wrong)}]"
        if is_right
        else f":orange-badge[✗ {place}: {number(wrong)}, not {number(true)}]"
        for place, (wrong, true, is_right) in enumerate(
            zip(ghost.dx[:CHIPS], right[:CHIPS], ghost.right[:CHIPS], strict=True)
        )
    ]
    if (others := len(right) - CHIPS) > 0:
        wrong = int(np.count_nonzero(~ghost.right[CHIPS:]))
        found.append(f"and {others} more, {wrong} of them wrong")
    return " ".join(found)


def _sentence(faults: Sequence[str]) -> str:
    """Return the first two faults, which say most, as a sentence."""
    text = "; ".join(faults[:2])
    return f"{text[0].upper()}{text[1:]}."
