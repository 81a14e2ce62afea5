"""The heat map of a Jacobian: its cells are the entries, and large ones stay cheap."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from tests.figures.drawing import LOOK, assert_plotly_takes, moment
from visualizer.figures import Heatmap, palette

RNG = np.random.default_rng(0)


def heatmap(J, j=0, rows=0, **more):
    figure = Heatmap(name="J", **LOOK | more)
    return figure.drawn(moment({"J": J}, end=0.25, j=j, rows=rows, T=2.0))


@pytest.mark.parametrize("shape", [(2, 2), (3, 5), (12, 12), (40, 40), (200, 200), (201, 201)])
def test_plotly_takes_a_heatmap_of_every_size(shape):
    assert_plotly_takes(heatmap(RNG.normal(0, 0.1, shape), j=1))


def test_cells_are_the_entries_of_J():
    J = RNG.normal(0, 0.1, (3, 4))
    assert heatmap(J)["data"][0]["z"] == J.tolist()


def test_row_0_is_at_the_top_and_each_row_and_column_is_inside():
    layout = heatmap(np.zeros((3, 4)))["layout"]
    assert layout["yaxis"]["range"] == [2.5, -0.5]
    assert layout["xaxis"]["range"] == [-0.5, 3.5]


def test_zero_has_the_middle_colour():
    scale = heatmap(np.zeros((2, 2)))["layout"]["coloraxis"]
    assert scale["cmin"] == -scale["cmax"]
    positions = [position for position, _ in scale["colorscale"]]
    assert positions == pytest.approx([1 - p for p in reversed(positions)])


def test_a_divisor_shortens_the_scale_of_colours():
    scale = heatmap(np.zeros((2, 2)), divisor="T")["layout"]["coloraxis"]
    assert (scale["cmin"], scale["cmax"]) == (-0.125, 0.125)


def test_each_cell_prints_its_number_with_its_sign():
    assert heatmap(np.array([[0.25, -0.25]]))["data"][0]["text"] == [["0.250", "−0.250"]]


def test_many_cells_have_no_labels():
    assert "text" not in heatmap(np.zeros((33, 33)))["data"][0]


def test_on_a_projector_numbers_without_room_are_left_out():
    assert "text" in heatmap(np.zeros((6, 6)), rows=2)["data"][0]
    assert "text" not in heatmap(np.zeros((7, 7)), rows=2)["data"][0]


def test_from_seven_classes_on_there_are_colours_only():
    assert "text" in heatmap(np.zeros((6, 6)))["data"][0]
    (cells,) = heatmap(np.zeros((7, 7)))["data"]
    assert not {"text", "texttemplate"} & cells.keys()
    assert "%{z}" in cells["hovertemplate"]  # of the cell that is pointed at


def test_the_selected_column_is_framed_from_top_to_bottom():
    (frame,) = heatmap(np.zeros((3, 4)), j=2)["layout"]["shapes"]
    assert 1.5 < frame["x0"] < 2 < frame["x1"] < 2.5
    assert -0.5 < frame["y0"] < 0
    assert 2 < frame["y1"] < 2.5


def test_on_hover_a_cell_says_what_it_is_the_derivative_of():
    trace = heatmap(np.zeros((2, 2)), symbols=("s", "z"))["data"][0]
    assert trace["hovertemplate"].startswith("∂s %{y} / ∂z %{x} = %{z}<")
    assert trace["zhoverformat"] == ".6g"


def pixels(trace):
    encoded = trace["source"].removeprefix("data:image/png;base64,")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded)))).astype(int)


@pytest.mark.parametrize(("rows", "kind"), [(200, "heatmap"), (201, "image")])
def test_above_200_classes_the_heatmap_is_one_image(rows, kind):
    (trace,) = heatmap(np.zeros((rows, rows)))["data"]
    assert trace["type"] == kind


def test_the_image_has_one_pixel_for_each_entry_with_the_colour_of_its_sign():
    J = np.zeros((201, 201))
    J[3, 5], J[5, 3], J[7, 7] = 0.25, -0.5, 0.125
    trace = heatmap(J)["data"][0]
    image = pixels(trace)
    assert image.shape == (201, 201, 4)
    assert (trace["x0"], trace["dx"], trace["y0"], trace["dy"]) == (0, 1, 0, 1)
    blue, red = ([int(palette.DIVERGING[k][i : i + 2], 16) for i in (1, 3, 5)] for k in (2, 7))
    assert image[3, 5].tolist() == [*red, 255]
    assert image[5, 3].tolist() == [*blue, 255]
    assert image[7, 7].tolist() == [*red, 127]
    assert image[0, 0, 3] == 0  # 0 has the colour of the page


@pytest.mark.parametrize("count", [999, 1000])
def test_an_entry_among_a_million_is_seen_where_it_stands(count):
    J = np.full((count, count), 1e-4)
    J[998, 3], J[10, 411], J[11, 410] = -0.25, 0.2, -0.1
    trace = heatmap(J)["data"][0]
    image = pixels(trace)
    assert max(image.shape) <= 280

    def entry(i, j):
        return image[round((i - trace["y0"]) / trace["dy"]), round((j - trace["x0"]) / trace["dx"])]

    assert (entry(998, 3)[3], entry(10, 411)[3]) == (255, 204)
    assert entry(998, 3)[2] > entry(998, 3)[0]  # blue
    assert entry(10, 411)[0] > entry(10, 411)[2]  # red, the larger of two in one pixel
    assert (image[..., 3] > 100).sum() == 2


def test_the_alternative_text_says_the_numbers_or_how_many_there_are():
    assert "0.250, −0.250; " in heatmap(np.array([[0.25, -0.25]] * 2))["layout"]["meta"]["alt"]
    assert "100 rows, 100 columns" in heatmap(np.zeros((100, 100)))["layout"]["meta"]["alt"]
