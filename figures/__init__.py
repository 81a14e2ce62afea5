"""Figures: arrays in, a plotly figure out, as a plain dict; nothing of Streamlit or nnfs."""

from figures import palette
from figures.bars import bars, centring_bars, term_bars
from figures.heatmap import jacobian_heatmap
from figures.numbers import axis_limit, number

__all__ = [
    "axis_limit",
    "bars",
    "centring_bars",
    "jacobian_heatmap",
    "number",
    "palette",
    "term_bars",
]
