"""Tables of numbers some of which are none: each is said as what it is."""

import math

import numpy as np
import pytest

from tests.figures.drawing import assert_plotly_takes, moment
from visualizer.figures.cells import Cells, cell, plainly

TABLE = Cells(
    "s",
    "Title {j}",
    wrong="wrong",
    rows=("one", "two"),
    short_rows=("1", "2"),
    colors=("#112233", ""),
    columns=("a{j}", "b", "c"),
    short_columns=("a", "b", "c"),
    called_as=("s{j}", "t", "u"),
)
NUMBERS = [[math.nan, math.inf, -math.inf], [0.0, 1.0, 0.25]]
VALUES = {"s": NUMBERS, "wrong": [[True, False, False], [True, False, False]]}


def drawn(rows=0, **more):
    return TABLE.drawn(moment(VALUES | more, rows=rows, j=2))


@pytest.mark.parametrize("rows", [0, 2])
def test_plotly_takes_a_table(rows):
    assert_plotly_takes(drawn(rows))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (math.nan, "NaN"),
        (math.inf, "inf"),
        (-math.inf, "−inf"),
        (0.665, "0.665"),
        (2.0612e-9, "2.06e−9"),
        (-5e-324, "−4.94e−324"),
        (1 - 2e-9, "1−2e−9"),
        (float(np.float32(1) + np.float32(1.2e-7)), "1+1e−7"),
        (0.9984, "0.998"),
    ],
)
def test_a_number_is_said_as_what_it_is(value, text):
    assert plainly(value) == text


@pytest.mark.parametrize("value", [1e-300, 5e-324, 1e-9, 0.004, 1 - 1e-16, 1 + 1e-15, 0.9999])
@pytest.mark.parametrize("letters", [3, 5, 9])
def test_only_0_is_printed_as_0_and_only_1_as_1(value, letters):
    assert cell(value, False, letters) not in ("0", "1", "0.00", "1.00", "0.000", "1.000")


def test_of_a_wrong_cell_a_cross_says_so_where_there_is_room_and_its_colour_always():
    (trace,) = drawn()["data"]
    assert trace["text"] == [["NaN ✗", "inf", "−inf"], ["0 ✗", "1", "0.250"]]
    assert (np.array(trace["z"]) > 0).tolist() == VALUES["wrong"]
    assert cell(math.nan, True, 3) == "NaN"


def test_numbers_that_json_does_not_know_are_told_as_text():
    told = drawn()["elements"]
    assert told["numbers"] == ["NaN", "Infinity", "-Infinity", 0.0, 1.0, 0.25]
    assert told["called"] == ["s2", "t", "u"] * 2
    assert told["places"] == {"i": 2, "j": 3}


def test_rows_and_columns_have_their_names_short_ones_on_a_projector():
    usual, large = (drawn(rows)["layout"] for rows in (0, 2))
    assert usual["xaxis"]["ticktext"] == ["a2", "b", "c"]
    assert usual["yaxis"]["ticktext"] == ['<span style="color:#112233">■</span> one', "two"]
    assert large["xaxis"]["ticktext"] == ["a", "b", "c"]
    assert large["yaxis"]["ticktext"] == ['<span style="color:#112233"><b>1</b></span>', "2"]
    assert usual["yaxis"]["range"] == [1.5, -0.5]  # the first row on top


def test_what_it_says_in_words_has_no_tags():
    assert drawn()["layout"]["meta"]["alt"] == "Title 2. one: NaN, inf, −inf; two: 0, 1, 0.250"


def test_its_title_moves_with_its_numbers():
    moved = TABLE.moved(moment(VALUES, j=1))
    assert moved["layout"]["title"]["text"] == "Title 1"
    assert moved["numbers"] == drawn()["elements"]["numbers"]
