"""A matrix of the scenario as a table to edit: one row a sample."""

import math
from typing import Any

import streamlit as st

from ui.state import PageState
from views.scenario import Rows, format_rows


def matrix_editor(state: PageState, field: str, label: str) -> None:
    """Show rows of the scenario in a table; an edit of a cell goes into the scenario.

    The table keeps its place and its cursor through its own edits. When the rows change by
    another hand (a drag, a preset), it is a new table.

    Args:
        state: the page's state.
        field: of the scenario, a matrix.
        label: above the table.
    """
    rows: Rows = getattr(state.scenario, field)
    key = f"{state.page}_{field}_table"
    kept: dict[str, Any] = st.session_state.setdefault(key, {"made": 0, "now": None})
    if kept["now"] != rows:
        kept.update(made=kept["made"] + 1, base=rows, now=rows)
    st.markdown(label)
    edited = st.data_editor(
        {str(j): list(column) for j, column in enumerate(zip(*kept["base"], strict=True))},
        key=f"{key}_{kept['made']}",
        num_rows="fixed",
        alt=label,
    )
    now = tuple(zip(*edited.values(), strict=True))
    if any(value is None or not math.isfinite(value) for row in now for value in row):
        st.warning(f"{field}: expected a number in every cell, got an empty one. It counts as 0.")
        now = tuple(tuple(0.0 if v is None or not math.isfinite(v) else v for v in r) for r in now)
    if now != rows:
        kept["now"] = now
        state.change(**{field: format_rows(now)})
        st.rerun(scope="fragment")


def add_sample(state: PageState, fields: tuple[str, ...]) -> None:
    """Append a copy of the last row to each matrix, and show it."""
    rows = {field: getattr(state.scenario, field) for field in fields}
    count = len(rows[fields[0]])
    state.change(**{f: format_rows((*r, r[-1])) for f, r in rows.items()}, n=str(count))


def remove_sample(state: PageState, fields: tuple[str, ...]) -> None:
    """Take the sample in view out of each matrix."""
    n = state.scenario.n
    rows = {field: getattr(state.scenario, field) for field in fields}
    state.change(**{f: format_rows(r[:n] + r[n + 1 :]) for f, r in rows.items()}, n="0")
