"""Figures: arrays in, a plotly figure out, as a plain dict; nothing of Streamlit or nnfs."""

from figures import palette
from figures.bars import (
    HATCHES,
    bars,
    centring_bars,
    moving_bars,
    moving_centring,
    moving_terms,
    term_bars,
)
from figures.curves import curve_with_tangents, error_curve, slope_curve
from figures.heatmap import jacobian_heatmap, moving_cells
from figures.layout import LABELLED, NARROW_COLUMN
from figures.numbers import axis_limit, number
from figures.present import enlarged

__all__ = [
    "HATCHES",
    "LABELLED",
    "NARROW_COLUMN",
    "axis_limit",
    "bars",
    "centring_bars",
    "curve_with_tangents",
    "enlarged",
    "error_curve",
    "jacobian_heatmap",
    "moving_bars",
    "moving_cells",
    "moving_centring",
    "moving_terms",
    "number",
    "palette",
    "slope_curve",
    "term_bars",
]
