"""Live figures on a page: what a user drags comes back as an edit of the scenario."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import zip_longest
from typing import Any, Literal

import streamlit as st

from visualizer.figures.axes import format_ends
from visualizer.lessons.lesson import Range, in_cell
from visualizer.lessons.tour import told
from visualizer.live.component import mount
from visualizer.scenario import fits_link
from visualizer.scenario.codecs import format_number
from visualizer.ui.keys import TIPS
from visualizer.ui.state import PageState

# A scenario of more characters is edited as a table: it is not sent along with every move.
LARGEST = 32 * 1024

# As high as a button beside it, in pixels.
RANGE_HEIGHT = 40


def live_figure(state: PageState, name: str) -> None:
    """Put a figure of the lesson on the page; its key is `<page>_<name>`.

    Args:
        state: the page's state; edits arrive there in the next run.
        name: of the figure.
    """
    figures = state.lesson.figures_of(state.scenario)
    rank, figure = next((i, f) for i, f in enumerate(figures) if f.name == name)
    content = figure.drawn(state.moment)
    # In a presentation it is as high as the window has room for.
    height = 0 if state.moment.rows else figure.height
    docked = name in state.lesson.docked(state.scenario)
    _mount(state, name, content, height, kind=figure.KIND, rank=rank, docked=docked, tips=TIPS)


def live_figures(state: PageState) -> None:
    """Put the figures of a page in rows, each side by side; on a phone all stand in that order.

    A drag without the fast lane runs the figures alone, not the page around them. What the end of
    a drag goes through stands in the same container, as it has no height and wants no gap.
    """
    state.drawn = state.shown
    _figures(state.page)


def saver(
    state: PageState, *, alone: bool = False, follows: bool = True, again: bool = False
) -> None:
    """Put on the page what the end of a drag goes through, to all that stands in its fragment.

    Args:
        state: the page's state.
        alone: whether no figure is drawn in this run: the browser has done it already.
        follows: whether something on the page depends on what is dragged that no figure shows.
        again: whether a run of the whole page follows at once, which has more to say.
    """
    play = told(state.lesson, state.scenario, state.entered)
    link = state.scenario.to_link()
    more: dict[str, Any] = {"play": play, "alone": alone, "follows": follows, "again": again}
    more["keys"] = state.lesson.keys
    more["link"] = link if fits_link(link) else None
    # Makes each run differ from the one before: Streamlit passes over what says the same again. But
    # of a run that was cut short, the browser may have heard the address and nothing else.
    state.runs += 1
    more["run"] = state.runs
    _mount(state, "saver", {}, 0, kind="saver", **more)


@st.fragment
def _figures(page: str) -> None:
    state = PageState.of(page)
    lesson = state.lesson
    figures = {figure.name: figure for figure in lesson.figures_of(state.scenario)}
    for row, widths in zip_longest(lesson.rows, lesson.widths):
        breadths = [
            figures[cell].breadth(state.scenario) if isinstance(cell, str) else 1.0 for cell in row
        ]
        for place, cell in zip(st.columns(widths or breadths, gap="xsmall"), row, strict=True):
            with place:
                for name in in_cell(cell):
                    live_figure(state, name)


def live_range(state: PageState, spec: Range) -> None:
    """Put a range on the page that edits a number while it is dragged; its key is `<page>_<field>`.

    Unless it says how far it reaches, that is from the least to the greatest value that the field
    may have, on a logarithmic scale where all of them are positive; whole numbers stay whole.
    """
    low, high = spec.between or state.scenario.said_of(spec.field)["between"]
    marks = spec.marks(state.scenario) if spec.marks else {}
    told = {
        **{"field": spec.field, "label": spec.label, "min": low, "max": high, "help": spec.help},
        "whole": isinstance(getattr(state.scenario, spec.field), int),
        "marks": [{"name": name, "text": format_number(at)} for name, at in marks.items()],
        "moves": list(state.moment.moves.get(spec.field, ())),
    }
    _mount(state, spec.field, told, RANGE_HEIGHT, kind="range", width=spec.width)


@contextmanager
def control_row(state: PageState, title: str) -> Iterator[None]:
    """Put a row of controls behind a title; on a phone a button folds and unfolds them."""
    with st.container(key="controls", horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(f"#### {title}", width="content")
        mount(f"{state.page}_fold", {"kind": "fold"}, RANGE_HEIGHT, "content")
        yield


def _mount(
    state: PageState,
    name: str,
    content: Mapping[str, Any],
    height: int,
    width: int | Literal["stretch"] = "stretch",
    **more: Any,
) -> None:
    """Mount the component with what every live element needs."""
    query = state.scenario.to_query() | {"axes": format_ends(state.moment.ends)}
    live = sum(map(len, query.values())) <= LARGEST
    if not live:  # too much for the fast lane, and to be sent with every figure
        query = {field: text for field, text in query.items() if len(text) < 100}
        content = {part: value for part, value in content.items() if part != "handles"}
    key = f"{state.page}_{name}"
    state.live_keys.add(key)
    data = {
        "page": state.page,
        "name": name,
        "content": content,
        "query": query,
        "live": live,
        "late": state.lesson.is_late(state.moment),
        "ack": state.ack,
        "session": state.session,
        **more,
    }
    mount(key, data, height, width)
