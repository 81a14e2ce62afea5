"""The Jacobian as a heat map: rows are outputs, columns are inputs."""

import numpy as np
from plotly.colors import hex_to_rgb
from plotly.utils import image_array_to_data_uri

from figures.layout import COLUMN, LABELLED, Figure, index_axis, layout, lettering
from figures.palette import DIVERGING

# Above this many rows a heat map of cells is slower than its picture.
PICTURE = 200
# How many pixels the picture has at most, on each side: as many as the plot on a small screen.
PIXELS = 280


def jacobian_heatmap(
    J: np.ndarray,
    *,
    title: str,
    limit: float,
    names: tuple[str, str] = ("y", "x"),
    selected: int | None = None,
    height: int = 250,
    column: int = COLUMN,
) -> Figure:
    """Draw J with 0 in the neutral colour, the number in each cell where there is room.

    Args:
        J: ∂yᵢ/∂xⱼ, shape (M, C).
        title: what is seen.
        limit: the value of the darkest colour; −limit on the other side.
        names: of output and input.
        selected: the column to frame; None for none.
        height: in pixels.
        column: the width in a window of 1280 × 720, in pixels.
    """
    rows, columns = J.shape
    trace = _picture(J, limit) if rows > PICTURE else _cells(J, names, column)
    figure = {
        "data": [trace],
        "layout": layout(
            title,
            _alt(title, J.shape, trace.get("text")),
            index_axis(columns),
            index_axis(rows, upright=True) | {"range": [rows - 0.5, -0.5], "scaleanchor": False},
            height,
            columns,
            column,
        ),
    }
    figure["layout"]["coloraxis"] = {
        "cmin": -limit,
        "cmax": limit,
        "colorscale": [[i / 9, color] for i, color in enumerate(DIVERGING)],
        "showscale": False,
    }
    if selected is not None:
        figure["layout"]["shapes"] = [
            {"type": "rect", "x0": selected - 0.48, "x1": selected + 0.48}
            | {
                "y0": -0.48,
                "y1": rows - 0.52,
                "line": {"width": 3 if columns <= LABELLED else 1},
                "fillcolor": "rgba(0,0,0,0)",
            }
        ]
    return figure


def moving_cells(J: np.ndarray, column: int = COLUMN) -> list[dict]:
    """Return what moves of the cells while something is dragged: their values and numbers."""
    rows = J.tolist()
    cells = {"z": rows}
    if style := lettering(max(J.shape), column):
        texts, count = style.texts(J.ravel().tolist()), J.shape[1]
        cells["text"] = [texts[i : i + count] for i in range(0, len(texts), count)]
    return [cells]


def _cells(J: np.ndarray, names: tuple[str, str], column: int) -> dict:
    gap = 1 if max(J.shape) <= LABELLED else 0
    trace = {
        "type": "heatmap",
        **moving_cells(J, column)[0],
        "coloraxis": "coloraxis",
        "xgap": gap,
        "ygap": gap,
        "hovertemplate": f"∂{names[0]} %{{y}} / ∂{names[1]} %{{x}} = %{{z}}<extra></extra>",
        # In the template itself it would print a hyphen for a minus.
        "zhoverformat": ".6g",
    }
    if style := lettering(max(J.shape), column):
        # A size of its own, or plotly.js would choose one that changes with the numbers.
        trace |= {"texttemplate": "%{text}", "textfont": {"size": style.size}}
    return trace


def _picture(J: np.ndarray, limit: float) -> dict:
    """One image in place of a million cells.

    A pixel of the screen may hold several entries: it shows the largest of them, by |value|. 0 is
    transparent, so that it has the colour of the page.
    """
    entries = -(-max(J.shape) // PIXELS)
    shown = _largest(J, entries)
    pixels = np.empty((*shown.shape, 4), np.uint8)
    pixels[..., :3] = np.where(shown[..., np.newaxis] > 0, *(_rgb(DIVERGING[i]) for i in (7, 2)))
    pixels[..., 3] = 255 * np.minimum(abs(shown) / limit, 1)
    # An image has the centres of its pixels at x0, x0 + dx, ...
    place = {"x0": (entries - 1) / 2, "dx": entries, "y0": (entries - 1) / 2, "dy": entries}
    return {"type": "image", "source": image_array_to_data_uri(pixels, "auto", 1)} | place


def _largest(J: np.ndarray, count: int) -> np.ndarray:
    """Return of each block of count × count entries the one with the largest |value|."""
    for axis in (0, 1):
        starts = range(0, J.shape[axis], count)
        low, high = np.minimum.reduceat(J, starts, axis), np.maximum.reduceat(J, starts, axis)
        J = np.where(high > -low, high, low)
    return J


def _rgb(color: str) -> np.ndarray:
    return np.array(hex_to_rgb(color), np.uint8)


def _alt(title: str, shape: tuple[int, int], texts: list[list[str]] | None) -> str:
    if texts is None:
        return f"{title}. {shape[0]} rows, {shape[1]} columns"
    return f"{title}. Rows: {'; '.join(', '.join(row) for row in texts)}"
