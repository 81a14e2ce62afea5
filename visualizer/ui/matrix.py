"""Matrices of the scenario as tables to edit: one row a sample."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from visualizer.scenario import Rows
from visualizer.scenario.codecs import MAX_BATCH
from visualizer.ui.state import PageState

IN_VIEW = "in view"

TICK = st.column_config.CheckboxColumn(
    width="small", pinned=True, help="The sample that the figures show"
)

# What a table tells of its edits: values by the number of the row, and the name of the column.
Edits = Mapping[int, Mapping[str, Any]]

# What the matrices are called.
NAMES = {"x": "Inputs x", "z": "Logits z", "g": "Upstream gradient g"}


def batch(state: PageState) -> None:
    """Say what a batch is, and show its matrices as tables."""
    count, size = len(state.scenario.g), len(state.scenario.g[0])
    st.markdown(
        f"Each sample has its own {size} × {size} Jacobian, {count} in all: samples do not see "
        f"each other. Shown above: sample {state.scenario.row}."
    )
    batch_editor(state)


def batch_editor(state: PageState) -> None:
    """Show what can be dragged side by side, with buttons to add and to remove a sample."""
    fields = state.lesson.inputs
    n, count = state.scenario.row, len(state.scenario.g)

    def add() -> None:
        rows = {field: getattr(state.scenario, field) for field in fields}
        longer = {field: (*r, r[-1]) for field, r in rows.items()}
        state.change(fit=True, **longer, n=count)

    def remove() -> None:
        rows = {field: getattr(state.scenario, field) for field in fields}
        shorter = {field: r[:n] + r[n + 1 :] for field, r in rows.items()}
        state.change(fit=True, **shorter, n=min(n, count - 2))

    with st.container(horizontal=True):
        st.button(
            "Add a sample", key=f"{state.page}_add", on_click=add, disabled=count >= MAX_BATCH
        )
        st.button(
            f"Remove sample {n}", key=f"{state.page}_remove", on_click=remove, disabled=count == 1
        )
    for place, field in zip(st.columns(len(fields)), fields, strict=True):
        with place:
            _matrix_editor(state, field, NAMES[field])


def _matrix_editor(state: PageState, field: str, name: str) -> None:
    """Show one matrix, the sample in view ticked; an edit of a cell goes into the scenario.

    The table keeps its place and its cursor through its own edits. When the rows change by
    another hand (a drag, a preset), or another sample comes into view, it is a new table.
    """
    rows, n = getattr(state.scenario, field), state.scenario.row
    key = f"{state.page}_{field}_table"
    kept: dict[str, Any] = st.session_state.setdefault(key, {"made": 0, "now": None})
    if kept["now"] != (rows, n):
        kept.update(made=kept["made"] + 1, base=rows, now=(rows, n))
    table = f"{key}_{kept['made']}"

    def edited() -> None:
        edits: Edits = st.session_state[table]["edited_rows"]
        ticked = [i for i, row in edits.items() if IN_VIEW in row]
        if ticked:
            state.change(fit=True, n=ticked[-1])
            kept["now"] = None  # a new table, with this one tick
            return
        state.edit({field: _edited_text(kept["base"], edits)})
        # A new table where the edit was refused: its cell is then as it was.
        kept["now"] = None if state.messages else (getattr(state.scenario, field), n)

    st.markdown(name)
    numbers = {str(j): list(column) for j, column in enumerate(zip(*kept["base"], strict=True))}
    ticks = {IN_VIEW: [i == n for i in range(len(rows))]} if len(rows) > 1 else {}
    st.data_editor(
        ticks | numbers,
        column_config={IN_VIEW: TICK},
        hide_index=not ticks,
        key=table,
        num_rows="fixed",
        alt=f"{name}, sample {n} in view",
        on_change=edited,
    )


def _edited_text(base: Rows, edits: Edits) -> str:
    """Return rows with all edits that their table has seen, as text for the codec."""
    cells: list[list[Any]] = [list(row) for row in base]
    for i, row in edits.items():
        for column, value in row.items():
            cells[i][int(column)] = "" if value is None else value
    return ";".join(",".join(map(str, row)) for row in cells)
