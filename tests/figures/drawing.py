"""What tests of figures share: a moment of a few numbers, and a figure handed to plotly.py."""

from types import SimpleNamespace

import numpy as np
import plotly.graph_objects as go

from visualizer.figures import Axis, Moment

END = 2.0
LOOK = {"title": "t", "color": "#000000", "axis": Axis("axis")}


def moment(values, *, end=END, rows=0, **scenario):
    """The numbers of a moment, on one axis that ends at `end`; `rows` is that of a projector."""
    fields = {"j": 0, "row": 0, "step": 0} | scenario
    arrays = {
        name: value if isinstance(value, str | dict) else np.asarray(value)
        for name, value in values.items()
    }
    return Moment(SimpleNamespace(**fields), arrays, {"axis": end}, {}, rows)


def assert_plotly_takes(figure):
    """graph_objects raises on an option that plotly.js does not know."""
    go.Figure({"data": figure["data"], "layout": figure["layout"]})
