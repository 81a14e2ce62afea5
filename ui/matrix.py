"""Matrices of the scenario as tables to edit: one row a sample."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui.state import PageState
from views.codecs import MAX_BATCH, Rows, format_rows

IN_VIEW = "in view"


def batch_editor(state: PageState, fields: Mapping[str, str]) -> None:
    """Show the matrices of a batch side by side, with buttons to add and to remove a sample.

    Args:
        state: the page's state; its scenario has the sample in view as `n`.
        fields: the matrices, with what they are called.
    """
    n, count = state.scenario.n, len(getattr(state.scenario, next(iter(fields))))

    def add() -> None:
        rows = {field: getattr(state.scenario, field) for field in fields}
        longer = {field: format_rows((*r, r[-1])) for field, r in rows.items()}
        state.change(**longer, n=str(count), axes="")

    def remove() -> None:
        rows = {field: getattr(state.scenario, field) for field in fields}
        shorter = {field: format_rows(r[:n] + r[n + 1 :]) for field, r in rows.items()}
        state.change(**shorter, n=str(min(n, count - 2)), axes="")

    with st.container(horizontal=True):
        st.button(
            "Add a sample", key=f"{state.page}_add", on_click=add, disabled=count >= MAX_BATCH
        )
        st.button(
            f"Remove sample {n}", key=f"{state.page}_remove", on_click=remove, disabled=count == 1
        )
    for place, (field, name) in zip(st.columns(len(fields)), fields.items(), strict=True):
        with place:
            _matrix_editor(state, field, name)


def _matrix_editor(state: PageState, field: str, name: str) -> None:
    """Show one matrix, the sample in view ticked; an edit of a cell goes into the scenario.

    The table keeps its place and its cursor through its own edits. When the rows change by
    another hand (a drag, a preset), or another sample comes into view, it is a new table.
    """
    rows: Rows = getattr(state.scenario, field)
    shown = (rows, state.scenario.n)
    key = f"{state.page}_{field}_table"
    kept: dict[str, Any] = st.session_state.setdefault(key, {"made": 0, "now": None})
    if kept["now"] != shown:
        kept.update(made=kept["made"] + 1, base=rows, now=shown)
    table = f"{key}_{kept['made']}"

    def edited() -> None:
        cells: list[list[Any]] = [list(row) for row in kept["base"]]
        ticked = None
        for i, row in st.session_state[table]["edited_rows"].items():
            for column, value in row.items():
                if column == IN_VIEW:
                    ticked = i
                else:
                    cells[i][int(column)] = "" if value is None else value
        if ticked is not None:
            state.change(n=str(ticked), axes="")
            kept["now"] = None  # a new table, with this one tick
            return
        state.change(**{field: ";".join(",".join(map(str, row)) for row in cells)})
        # A new table where the edit was refused: its cell is then as it was.
        refused = bool(state.messages)
        kept["now"] = None if refused else (getattr(state.scenario, field), state.scenario.n)

    st.markdown(name)
    ticks = {IN_VIEW: [i == state.scenario.n for i in range(len(rows))]} if len(rows) > 1 else {}
    numbers = {str(j): list(column) for j, column in enumerate(zip(*kept["base"], strict=True))}
    st.data_editor(
        ticks | numbers,
        column_config={
            IN_VIEW: st.column_config.CheckboxColumn(
                width="small", pinned=True, help="The sample that the figures show"
            )
        },
        hide_index=not ticks,
        key=table,
        num_rows="fixed",
        alt=f"{name}, sample {state.scenario.n} in view",
        on_change=edited,
    )
