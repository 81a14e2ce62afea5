"""The numbers behind the figures, in full."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st


def vector_table(vectors: Mapping[str, np.ndarray], alt: str) -> None:
    """Show vectors of one length as rows, by name; the columns are their places."""
    columns = {
        str(j): [float(values[j]) + 0.0 for values in vectors.values()]  # + 0.0: 0 has no sign
        for j in range(len(next(iter(vectors.values()))))
    }
    st.dataframe(
        {"": list(vectors)} | columns,
        alt=alt,
        hide_index=True,
        column_config=_six_digits(len(columns)),
    )


def matrix_tables(matrices: Mapping[str, np.ndarray]) -> None:
    """Show matrices side by side, each under its name."""
    for place, (name, matrix) in zip(st.columns(len(matrices)), matrices.items(), strict=True):
        with place:
            st.markdown(name)
            st.dataframe(
                {str(j): column for j, column in enumerate((matrix.T + 0.0).tolist())},
                alt=name,
                hide_index=False,
                column_config=_six_digits(matrix.shape[1]),
            )


def _six_digits(count: int) -> dict[str, Any]:
    return {str(j): st.column_config.NumberColumn(format="%.6g") for j in range(count)}
