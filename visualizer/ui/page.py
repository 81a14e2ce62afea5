"""The frame of a page with figures: controls above them, tabs below, and its link."""

import inspect
import textwrap
from collections.abc import Callable, Collection, Mapping
from typing import Any

import streamlit as st

from visualizer.ui.controls import toolbar
from visualizer.ui.live import control_row, live_figures, saver
from visualizer.ui.matrix import batch
from visualizer.ui.state import PageState
from visualizer.ui.tables import matrix_tables, vector_table
from visualizer.ui.tabs import linked_tabs
from visualizer.ui.top import lecture_buttons, top
from visualizer.ui.wrong import wrong_passes

# What stands in a tab.
Content = Callable[[PageState], None]


def show(
    name: str, above: Content | None = None, still: Collection[str] = (), **own: Content
) -> None:
    """Show the page of a lesson.

    Args:
        name: of the lesson.
        above: what stands between the controls and the figures; nothing if None.
        still: of its own tabs, those in which only figures depend on what is dragged.
        **own: what stands in the tabs that only this page has, by their names in a link.
    """
    contents = {"wrong": wrong_passes, "batch": batch, "numbers": numbers, "code": code, **own}

    @st.fragment
    def page() -> None:
        """Everything that a drag can change; the frame around it does not run again."""
        state = PageState.of(name)
        is_whole = top(state, controls)
        if above is not None:
            above(state)
        with st.container(gap=None):
            live_figures(state)
            below(name, contents if is_whole else {}, state.frame, state.ack, still)

    page()


@st.fragment
def below(
    name: str,
    contents: Mapping[str, Content],
    frame: tuple[Any, ...],
    drawn_at: int,
    still: Collection[str] = (),
) -> None:
    """Show what follows the figures: the open tab, and the link.

    The end of a drag runs this alone. The fast lane has told the browser the rest; where that is
    not all, the whole page runs. Where nothing but figures follows a drag, it waits until the user
    does something else.

    Args:
        name: of the lesson.
        contents: of its tabs, by their names in a link; {} to show none.
        frame: what stands above, as `PageState.frame` was when that was shown.
        drawn_at: number of the newest edit that had been taken up then.
        still: the tabs in which nothing but figures follows a drag.
    """
    state = PageState.of(name)
    # First what lets Streamlit end this run where another page has been opened meanwhile: `rerun`
    # would take the place of that.
    has_tabs = bool(contents and state.scenario.tabs())
    fills = has_tabs and state.scenario.tab not in ("code", *still)
    again = state.frame != frame or state.drawn != state.shown
    saver(state, alone=state.ack != drawn_at, follows=fills or state.is_checked, again=again)
    if again:
        st.rerun()
    if has_tabs:
        for tab, content in zip(linked_tabs(state), state.scenario.tabs(), strict=True):
            if tab.open:
                with tab:
                    contents[content](state)
    state.write_link()


def controls(state: PageState) -> None:
    """One row of controls above the figures."""
    with control_row(state, state.lesson.title):
        toolbar(state)
        lecture_buttons(state)


def numbers(state: PageState) -> None:
    """The numbers behind the figures, in full."""
    lesson, values = state.lesson, state.values
    vector_table({title: values[name] for title, name in lesson.vectors.items()}, "Vectors")
    if lesson.matrices:
        matrix_tables({title: values[name] for title, name in lesson.matrices.items()})


def code(state: PageState) -> None:
    """The methods at work, each as it stands in its file: read from it, never retyped."""
    sources(*state.lesson.code)


def sources(*methods: Callable[..., Any]) -> None:
    """Show methods as they stand in their files."""
    for method in methods:
        st.code(textwrap.dedent(inspect.getsource(method)))
