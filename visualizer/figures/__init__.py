"""Figures: what pictures of numbers look like, each kind a class.

A figure is given the numbers of a moment and draws itself whole, gives only the arrays that a drag
moves, or draws itself large for a projector; all that is to be said of one picture is said in its
constructor. Here belong kinds of pictures, colours, axes, and numbers as text. What a page shows
does not belong here, nor anything of Streamlit.
"""

from visualizer.figures import palette
from visualizer.figures.axes import Axis
from visualizer.figures.bars import HATCHES, Bars, CentringBars, TermBars
from visualizer.figures.curves import ErrorCurve, PointsOnCurve, SlopeCurve
from visualizer.figures.decades import DecadeBars, Sweep
from visualizer.figures.descent import Descent, Stepper
from visualizer.figures.figure import Figure, Moment
from visualizer.figures.flow import Flow
from visualizer.figures.formula import Formula, Symbol
from visualizer.figures.heatmap import Heatmap
from visualizer.figures.judged import JudgedHeatmap
from visualizer.figures.layout import LABELLED, NARROW_COLUMN
from visualizer.figures.learning import LearningCurve, places_between
from visualizer.figures.numbers import number
from visualizer.figures.spread import Spread
from visualizer.figures.step_errors import Curve, Measured, StepErrors
from visualizer.figures.table import Column, Table
from visualizer.figures.triangle import Triangle
from visualizer.figures.words import Words

__all__ = [
    "HATCHES",
    "LABELLED",
    "NARROW_COLUMN",
    "Axis",
    "Bars",
    "CentringBars",
    "Column",
    "Curve",
    "DecadeBars",
    "Descent",
    "ErrorCurve",
    "Figure",
    "Flow",
    "Formula",
    "Heatmap",
    "JudgedHeatmap",
    "LearningCurve",
    "Measured",
    "Moment",
    "PointsOnCurve",
    "SlopeCurve",
    "Spread",
    "StepErrors",
    "Stepper",
    "Sweep",
    "Symbol",
    "Table",
    "TermBars",
    "Triangle",
    "Words",
    "number",
    "palette",
    "places_between",
]
