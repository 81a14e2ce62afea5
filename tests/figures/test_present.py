"""For the projector: text of 20 pixels or more, key numbers of 28 or more."""

import numpy as np
import plotly.graph_objects as go
import pytest

from figures import bars, enlarged
from views import VIEWS
from views.softmax import Scenario, view

PAGES = ["softmax", "sigmoid", "side_by_side"]
LEAST_TEXT, LEAST_NUMBER = 20, 28


def figures_of(page, **query):
    scenario, messages = VIEWS[page].Scenario.from_query(query | {"present": "1"})
    assert messages == []
    return VIEWS[page].view(scenario)


LARGE = [(page, name, figure) for page in PAGES for name, figure in figures_of(page).items()]


@pytest.fixture(params=LARGE, ids=lambda case: f"{case[0]}-{case[1]}")
def figure(request):
    return request.param[2]


def text_sizes(figure):
    """The size of every text of a figure but the numbers in it."""
    layout = figure["layout"]
    sizes = [layout["font"]["size"], layout["title"]["font"]["size"]]
    sizes += [layout[axis]["tickfont"]["size"] for axis in ("xaxis", "yaxis")]
    return sizes + [note["font"]["size"] for note in layout.get("annotations", [])]


def number_sizes(figure):
    """Those that the figure prints itself; where it is dragged, the handles do."""
    if "handles" in figure:
        return []
    return [trace["textfont"]["size"] for trace in figure["data"] if "text" in trace]


def test_every_text_is_at_least_20_pixels(figure):
    assert min(text_sizes(figure)) >= LEAST_TEXT


def test_every_number_in_a_figure_is_at_least_28_pixels(figure):
    assert min(number_sizes(figure), default=LEAST_NUMBER) >= LEAST_NUMBER


def test_the_oracle_rejects_a_figure_of_the_usual_size():
    usual = view(Scenario().fitted(frozenset())[0])["dx"]
    assert min(number_sizes(usual)) < LEAST_NUMBER


def test_the_figures_with_numbers_are_among_those_measured():
    numbered = {name for page, name, figure in LARGE if number_sizes(figure)}
    assert {"dx", "s", "jacobian", "terms", "slope", "softmax_dx", "sigmoid_jacobian"} <= numbered


def test_plotly_takes_every_figure(figure):
    go.Figure({"data": figure["data"], "layout": figure["layout"]})


def test_the_browser_is_told_how_many_rows_share_the_height(figure):
    assert figure["layout"]["meta"]["rows"] == 2
    assert figure["layout"]["meta"]["alt"]


@pytest.mark.parametrize("page", PAGES)
def test_the_numbers_behind_the_text_are_the_same(page):
    small = VIEWS[page].view(VIEWS[page].Scenario().fitted(frozenset())[0])
    for name, figure in figures_of(page).items():
        for one, other in zip(small[name]["data"], figure["data"], strict=True):
            for part in ("x", "y", "z", "customdata"):
                assert other.get(part) == one.get(part)


def test_numbers_have_two_digits_and_keep_their_sign_and_arrow():
    look = {"title": "t", "name": "g", "color": "#000000", "limit": 2.0}
    small = bars([0.4567, 5.0, -0.5, 0.00012], **look)
    assert small["data"][0]["text"] == ["0.457", "▲ 5.000", "−0.500", "0.0001"]
    assert enlarged(small, "t", 2, 0)["data"][0]["text"] == ["0.46", "▲ 5.0", "−0.50", "1e−4"]


@pytest.mark.parametrize(("count", "size"), [(3, 28), (4, 28), (5, 20), (6, 20), (7, 28)])
def test_numbers_that_stand_beside_each_other_are_as_large_as_they_fit(count, size):
    figures = figures_of("softmax", z=",".join("1" * count))
    for name in ("dx", "s", "jacobian"):
        assert figures[name]["data"][0]["textfont"]["size"] == size
    assert sum(map(bool, figures["dx"]["data"][0]["text"])) == (1 if count == 7 else count)


def test_of_more_numbers_than_fit_only_that_of_the_input_in_view_is_printed():
    figures = figures_of("softmax", z="2,1,0.1,0,-1,-2,3,0.5", j="6")
    assert [i for i, text in enumerate(figures["dx"]["data"][0]["text"]) if text] == [6]
    assert [i for i, text in enumerate(figures["terms"]["data"][0]["text"]) if text] == [8]
    assert not any(map(any, figures["jacobian"]["data"][0]["text"]))


def test_where_no_number_is_printed_an_arrow_still_says_that_a_bar_is_cut():
    figures = figures_of("softmax", z="2,1,0.1,0,-1,-2,3,0.5", j="6", axes="5,2,0.1,0.5,0.25")
    texts = figures["s"]["data"][0]["text"]
    cut = [value > 0.1 for value in figures["s"]["data"][0]["customdata"]]
    assert 1 < sum(cut) < len(cut)
    assert [text[:1] == "▲" for text in texts] == cut
    assert [i for i, text in enumerate(texts) if text[1:]] == [6]


def test_larger_names_of_places_are_fewer_where_they_would_touch():
    small = view(Scenario.from_query({"z": ",".join("1" * 14)})[0])["terms"]["layout"]["xaxis"]
    large = figures_of("softmax", z=",".join("1" * 14))["terms"]["layout"]["xaxis"]
    assert len(large["ticktext"]) < len(small["ticktext"])
    assert large["ticktext"][-1] == small["ticktext"][-1] == "sum"
    assert large["range"] == small["range"]


def test_titles_are_short_enough_for_their_size():
    """A third of 1280 pixels holds 28 letters of 26 pixels, at about half a pixel a letter."""
    for _, _, figure in LARGE:
        title = figure["layout"]["title"]["text"]
        for tag in ("<sub>", "</sub>", "<sup>", "</sup>"):
            title = title.replace(tag, "")
        assert len(title) <= 28


def test_enlarging_leaves_the_figure_that_it_was_given_alone():
    figure = view(Scenario().fitted(frozenset())[0])["jacobian"]
    before = np.array(figure["data"][0]["text"]).tolist()
    enlarged(figure, "t", 2, 0)
    assert figure["data"][0]["text"] == before
    assert "font" not in figure["layout"]


def test_a_ghost_has_no_numbers_in_a_presentation_either():
    look = {"title": "t", "name": "z", "color": "#000000", "limit": 2}
    figure = bars([1.0] * 3, ghosts={"wrong": [5, -7, 1]}, **look)
    usual, large = figure["data"][0], enlarged(figure, "t", 2, 0)["data"][0]
    assert large["text"] == usual["text"]
    assert large["textfont"]["size"] > usual["textfont"]["size"]
