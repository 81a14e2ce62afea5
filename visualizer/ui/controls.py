"""Controls that change the scenario: menus, ranges, and the way back to the link."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import streamlit as st

from visualizer.lessons.lesson import Choice
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
    """Offer what a lesson has: moments, presets, choices, sizes, ranges."""
    moment_menu(state)
    menus(state)
    input_menu(state)
    sample_menu(state)
    ranges(state)
    reset_button(state)


def menus(state: PageState) -> None:
    """Offer choices, presets and sizes."""
    for choice in state.lesson.controls.choices:
        choice_menu(state, choice)
    preset_menus(state)
    size_menu(state)


def ranges(state: PageState) -> None:
    """Offer the ranges."""
    for spec in state.lesson.controls.ranges:
        live_range(state, spec)


def reset_button(state: PageState, shortcut: str | None = None) -> None:
    """Offer the way back to the link that was opened."""
    st.button("Reset", key=f"{state.page}_reset", on_click=state.reset, shortcut=shortcut)


def moment_menu(state: PageState) -> None:
    """Offer the states that a lesson has a name for."""
    moments = state.lesson.moments
    if not moments:
        return
    key = f"{state.page}_moment_menu"

    def choose() -> None:
        state.go_to(st.session_state[key])

    help = "States worth seeing; the first shows what this page is about"
    st.menu_button("Moments", list(moments), key=key, on_click=choose, help=help)


def choice_menu(state: PageState, choice: Choice) -> None:
    """Offer the values of a field by their names, if there are any."""
    value, options = getattr(state.scenario, choice.field), choice.offered(state.scenario)
    if not options:
        return
    now = next((name for name, other in options.items() if other == value), str(value))

    def change(name: str) -> dict[str, Any]:
        return {choice.field: options[name]}

    menu(state, choice.field, choice.label.format(now), options, change, help=choice.help)


def preset_menus(state: PageState) -> None:
    """Offer the well-known values of the lesson, for the sample in view of each field."""
    for field, presets in state.lesson.presets.items():

        def preset(name: str, field: str = field) -> dict[str, Any]:
            rows = getattr(state.scenario, field)
            values = state.lesson.presets[field][name](state.scenario)
            row = state.scenario.row if len(rows) > 1 else 0
            return {field: with_row(rows, row, values)}

        help = f"Well-known values of {field}, for the sample in view"
        menu(state, field, f"Set {field}", presets, preset, help=help)


def size_menu(state: PageState) -> None:
    """Offer up to ten numbers in a row; all that is dragged is cut, or filled up with 0."""
    scenario, fields = state.scenario, state.lesson.inputs
    least = max((scenario.said_of(field)["least"] for field in fields), default=MOST_OFFERED)
    most = min((scenario.said_of(field)["most"] for field in fields), default=0)
    if least >= most:
        return

    def resize(count: int) -> dict[str, Any]:
        return {field: resized(getattr(state.scenario, field), count) for field in fields}

    label = f"{len(getattr(scenario, fields[0])[0])} {state.lesson.controls.noun}"
    help = "How many: what is there is cut, or filled up with 0"
    counts = range(least, min(most, MOST_OFFERED) + 1)
    menu(state, "size", label, counts, resize, help=help)


def input_menu(state: PageState) -> None:
    """Offer the inputs, for those who do not point."""
    of = state.scenario.said_of("j").get("of")
    if not of or isinstance(getattr(state.scenario, of), int):  # which has no rows to point at
        return
    shown = range(min(len(getattr(state.scenario, of)[0]), LONGEST_MENU))
    # Figures say which one it is; here it would have to be said anew after every drag.
    label, help = "Input j", state.lesson.controls.pointed
    menu(state, "input", label, shown, lambda j: {"j": j}, fit=False, help=help)


def sample_menu(state: PageState) -> None:
    """Offer the samples of a batch."""
    of = state.scenario.said_of("n").get("of")
    if of and (count := len(getattr(state.scenario, of))) > 1:
        label, help = f"Sample {state.scenario.row}", "The sample of the batch that is shown"
        menu(state, "sample", label, range(count), lambda n: {"n": n}, help=help)


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
