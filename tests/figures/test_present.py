"""For the projector: text of 20 pixels or more, key numbers of 28 or more."""

import json
import re

import numpy as np
import pytest

from tests.figures.drawing import LOOK, assert_plotly_takes, moment
from visualizer.figures import Bars, CentringBars
from visualizer.figures.layout import TEXT
from visualizer.lessons import BY_NAME, LESSONS

LEAST_TEXT, LEAST_NUMBER = 20, 28
PAGES = [lesson.name for lesson in LESSONS]


def figures_of(page, present="1", ends=None, **query):
    lesson = BY_NAME[page]
    scenario, messages = lesson.Scenario.from_query(query | {"present": present})
    assert messages == []
    return lesson.drawn(lesson.moment(scenario, ends or {}))


def described(page):
    """What the lesson of a page says of each figure, by name."""
    return {figure.name: figure for figure in BY_NAME[page].figures}


# The style sheet has the sizes of what is no plot.
LARGE = [
    (page, name, figure)
    for page in PAGES
    for name, figure in figures_of(page).items()
    if described(page)[name].KIND == "figure"
]


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
    if figure.get("handles"):
        return []
    texts = [json.dumps(trace.get("text"), ensure_ascii=False) for trace in figure["data"]]
    return [
        trace["textfont"]["size"]
        for trace, text in zip(figure["data"], texts, strict=True)
        if re.search(r"\d", text)  # and not only a mark, or a blank that keeps a place
    ]


def test_every_text_is_at_least_20_pixels(figure):
    assert min(text_sizes(figure)) >= LEAST_TEXT


def test_every_number_in_a_figure_is_at_least_28_pixels(figure):
    assert min(number_sizes(figure), default=LEAST_NUMBER) >= LEAST_NUMBER


def test_the_oracle_rejects_a_figure_of_the_usual_size():
    usual = figures_of("softmax", present="0")["dx"]
    assert min(number_sizes(usual)) < LEAST_NUMBER


def test_the_figures_with_numbers_are_among_those_measured():
    numbered = {name for page, name, figure in LARGE if number_sizes(figure)}
    assert {"dx", "s", "jacobian", "terms", "slope", "softmax_dx", "sigmoid_jacobian"} <= numbered


def test_plotly_takes_every_figure(figure):
    assert_plotly_takes(figure)


@pytest.mark.parametrize("page", PAGES)
def test_the_browser_is_told_how_many_rows_share_the_height(page):
    stacked, of_page = BY_NAME[page].stacked, described(page)
    for name, figure in figures_of(page).items():
        assert figure["layout"]["meta"]["rows"] == stacked / of_page[name].spans > 0
        assert figure["layout"]["meta"]["alt"]
    for figure in figures_of(page, present="0").values():
        assert "rows" not in figure["layout"]["meta"]


@pytest.mark.parametrize("page", PAGES)
def test_the_numbers_behind_the_text_are_the_same(page):
    small = figures_of(page, present="0")
    for name, figure in figures_of(page).items():
        for one, other in zip(small[name]["data"], figure["data"], strict=True):
            if one.get("mode") == "text":  # where numbers stand depends on their size
                continue
            for part in ("x", "y", "z", "customdata"):
                assert other.get(part) == one.get(part)


def bars(values, rows, ghosts=None, j=0):
    figure = Bars(name="g", ghosts="ghosts", **LOOK)
    return figure.drawn(moment({"g": values, "ghosts": ghosts or {}}, rows=rows, j=j))


def test_numbers_have_two_digits_and_keep_their_sign_and_arrow():
    small, large = (bars([0.4567, 5.0, -0.5, 0.00012], rows)["data"][0]["text"] for rows in (0, 2))
    assert small == ["0.457", "▲ 5.000", "−0.500", "0.0001"]
    assert large == ["0.46", "▲ 5.0", "−0.50", "1e−4"]


@pytest.mark.parametrize(("count", "size"), [(3, 28), (4, 20), (5, 28), (7, 28)])
def test_numbers_that_stand_beside_each_other_are_as_large_as_they_fit(count, size):
    figures = figures_of("softmax", z=",".join("1" * count))
    for name in ("dx", "s"):
        assert figures[name]["data"][0]["textfont"]["size"] == size
    cells = figures["jacobian"]["data"][0].get("textfont")
    is_alone = count > 4
    assert cells == (None if is_alone else {"size": size})
    assert sum(map(bool, figures["dx"]["data"][0]["text"])) == (1 if is_alone else count)


def test_of_more_numbers_than_fit_only_that_of_the_input_in_view_is_printed():
    figures = figures_of("softmax", z="2,1,0.1,0,-1,-2,3,0.5", j="6")
    assert [i for i, text in enumerate(figures["dx"]["data"][0]["text"]) if text] == [6]
    assert [i for i, text in enumerate(figures["terms"]["data"][0]["text"]) if text] == [8]
    assert "text" not in figures["jacobian"]["data"][0]


def test_of_more_deviations_than_fit_that_of_the_input_in_view_is_printed():
    figure = CentringBars(name="g", **LOOK)
    values = {"g": np.arange(8.0) / 8, "s": np.full(8, 1 / 8), "mean": 0.4375}
    texts = figure.drawn(moment(values, rows=2, j=2))["data"][0]["text"]
    assert [text for text in texts if text] == [texts[2]] == ["−0.19"]


def test_where_no_number_is_printed_an_arrow_still_says_that_a_bar_is_cut():
    figures = figures_of("softmax", z="2,1,0.1,0,-1,-2,3,0.5", j="6", ends={"s": 0.1})
    texts = figures["s"]["data"][0]["text"]
    cut = [value > 0.1 for value in figures["s"]["data"][0]["customdata"]]
    assert 1 < sum(cut) < len(cut)
    assert [text[:1] == "▲" for text in texts] == cut
    assert [i for i, text in enumerate(texts) if text[1:]] == [6]


def test_larger_names_of_places_are_fewer_where_they_would_touch():
    small, large = (
        figures_of("softmax", present=p, z=",".join("1" * 14))["terms"]["layout"]["xaxis"]
        for p in "01"
    )
    assert len(large["ticktext"]) < len(small["ticktext"])
    assert large["ticktext"][-1] == small["ticktext"][-1] == "sum"
    assert large["range"] == small["range"]


def test_titles_are_short_enough_for_their_size():
    """A third of 1280 pixels holds 28 letters of 26 pixels, at about half a pixel a letter."""
    for _, _, figure in LARGE:
        assert len(re.sub("</?su[bp]>", "", figure["layout"]["title"]["text"])) <= 28


def test_the_oracle_finds_that_a_usual_title_is_too_long():
    figure = figures_of("softmax", present="0")["g"]
    assert len(figure["layout"]["title"]["text"]) > 28


def test_drawing_large_leaves_the_usual_figure_as_it_is():
    before = figures_of("softmax", present="0")
    figures_of("softmax")
    assert figures_of("softmax", present="0") == before
    assert before["jacobian"]["layout"]["font"] == {"size": TEXT}


def test_a_ghost_has_no_numbers_in_a_presentation_either():
    usual, large = (bars([1.0] * 3, rows, {"wrong": [5, -7, 1]})["data"][0] for rows in (0, 2))
    assert large["text"] == usual["text"]
    assert large["textfont"]["size"] > usual["textfont"]["size"]


@pytest.mark.parametrize("page", ["softmax", "sigmoid"])
def test_a_figure_that_has_not_run_yet_has_large_text_too_and_the_axes_of_later(page):
    early, late = (figures_of(page, step=step) for step in ("1", "0"))
    future = {name for name, figure in early.items() if figure.get("state") == "future"}
    waiting = [name for name in future if "yaxis" in late[name]["layout"]]  # a formula has none
    assert waiting
    assert "formula" in future
    for name in waiting:
        assert min(text_sizes(early[name])) >= LEAST_TEXT
        assert early[name]["layout"]["yaxis"] == late[name]["layout"]["yaxis"]
