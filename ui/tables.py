"""The numbers behind the figures, in full."""

from collections.abc import Mapping

import numpy as np
import streamlit as st


def vector_table(vectors: Mapping[str, np.ndarray], alt: str) -> None:
    """Show vectors of one length as rows, by name; the columns are their places."""
    columns = {
        str(j): [float(values[j]) for values in vectors.values()]
        for j in range(len(next(iter(vectors.values()))))
    }
    st.dataframe({"": list(vectors)} | columns, alt=alt, hide_index=True)


def matrix_tables(matrices: Mapping[str, np.ndarray]) -> None:
    """Show matrices side by side, each under its name."""
    for place, (name, matrix) in zip(st.columns(len(matrices)), matrices.items(), strict=True):
        with place:
            st.markdown(name)
            st.dataframe(matrix, alt=name)
