"""Tables under the figures: the numbers as they are, and 0 without a sign."""

import math

import numpy as np
import pytest

from visualizer.ui import tables


@pytest.fixture
def shown(monkeypatch):
    """What goes into the tables, cell by cell."""
    cells = []
    usual = tables.st.dataframe

    def dataframe(columns, **options):
        cells.extend(v for column in columns.values() for v in column if isinstance(v, float))
        return usual(columns, **options)

    monkeypatch.setattr(tables.st, "dataframe", dataframe)
    return cells


def test_0_has_no_sign_in_a_table_of_vectors(shown):
    tables.vector_table({"dx": np.array([-0.0, 0.0, -2.5]), "g": np.array([1.0, -0.0, 0.0])}, "dx")
    assert shown == [0, 1, 0, 0, -2.5, 0]
    assert [value for value in shown if math.copysign(1, value) < 0] == [-2.5]


def test_0_has_no_sign_in_a_table_of_a_matrix(shown):
    tables.matrix_tables({"J": np.array([[-0.0, -1.5], [0.0, -0.0]])})
    assert shown == [0, 0, -1.5, 0]
    assert [value for value in shown if math.copysign(1, value) < 0] == [-1.5]
