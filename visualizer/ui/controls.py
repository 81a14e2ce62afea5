"""Controls that change the scenario: menus, and a button for its defaults."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import streamlit as st

from visualizer.scenario import resized, with_row
from visualizer.ui.live import live_range
from visualizer.ui.state import PageState

T = TypeVar("T")

# What an import has read, to be said once: a toast of the run that it ends would go with it.
READ_AS = "read_as"

# As many messages stand above the figures that those still begin on the first screen.
SEEN = 3

# More numbers in a row are edited as a table, or come by a link.
MOST_OFFERED = 10
# An input further back is chosen by pointing: a longer menu is no help.
LONGEST_MENU = 100


def menu(
    state: PageState,
    name: str,
    label: str,
    options: Iterable[T],
    change: Callable[[T], Mapping[str, Any]],
    *,
    fit: bool = True,
    help: str | None = None,
) -> None:
    """Offer a short list of one-shot changes behind one button; its key is `<page>_<name>_menu`.

    Args:
        state: the page's state.
        name: of the menu.
        label: on the button.
        options: what can be chosen.
        change: from an option to the fields that it sets.
        fit: whether the axes are fitted to what is shown then.
        help: shown on hover.
    """
    key = f"{state.page}_{name}_menu"

    def choose() -> None:
        state.change(fit=fit, **change(st.session_state[key]))

    st.menu_button(label, list(options), key=key, on_click=choose, help=help)


def toolbar(state: PageState) -> None:
    """Name the page, and offer what its lesson has: presets, sizes, inputs, samples, ranges."""
    lesson, scenario = state.lesson, state.scenario
    st.markdown(f"#### {lesson.title}", width="content")
    preset_menus(state)
    size_menu(state)
    input_menu(state)
    if len(scenario.g) > 1:
        samples = range(len(scenario.g))
        help = "The sample of the batch that the figures show"
        menu(state, "sample", f"Sample {scenario.row}", samples, lambda n: {"n": n}, help=help)
    for spec in lesson.controls.ranges:
        live_range(state, spec)
    st.button("Reset", key=f"{state.page}_reset", on_click=state.reset)


def preset_menus(state: PageState) -> None:
    """Offer the well-known values of the lesson, for the sample in view of each field."""
    for field, presets in state.lesson.presets.items():

        def preset(name: str, field: str = field) -> dict[str, Any]:
            rows = getattr(state.scenario, field)
            values = state.lesson.presets[field][name](state.scenario)
            return {field: with_row(rows, state.scenario.row, values)}

        help = f"Well-known values of {field}, for the sample in view"
        menu(state, field, f"Set {field}", presets, preset, help=help)


def size_menu(state: PageState) -> None:
    """Offer up to ten numbers in a row; all that is dragged is cut, or filled up with 0."""
    scenario, fields = state.scenario, tuple(state.lesson.moves)

    def resize(count: int) -> dict[str, Any]:
        return {field: resized(getattr(state.scenario, field), count) for field in fields}

    least = max(scenario.said_of(field)["least"] for field in fields)
    label = f"{len(scenario.g[0])} {state.lesson.controls.noun}"
    help = "How many: what is there is cut, or filled up with 0"
    menu(state, "size", label, range(least, MOST_OFFERED + 1), resize, help=help)


def input_menu(state: PageState) -> None:
    """Offer the inputs, for those who do not point."""
    shown = range(min(len(state.scenario.g[0]), LONGEST_MENU))
    label, help = f"Input j = {state.scenario.j}", state.lesson.controls.pointed
    menu(state, "input", label, shown, lambda j: {"j": j}, fit=False, help=help)


def messages(state: PageState) -> None:
    """Show what was refused on the way to this state; what stands below keeps its place.

    Without a container of its own, the figures below would be made anew when a message comes or
    goes: Streamlit counts what stands beside them.
    """
    if read_as := st.session_state.pop(READ_AS, ""):
        st.toast(read_as, icon=":material/check:", duration="long")
    with st.container():
        if shown := state.link_messages + state.messages:
            first, others = shown[:SEEN], shown[SEEN:]
            fields = ", ".join(message.partition(":")[0] for message in others)
            more = [f"And {len(others)} more, about {fields}."] if others else []
            st.warning("  \n".join(first + more))
