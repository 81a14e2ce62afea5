"""The Chain page in the app: its range with marks, its menus, its words."""

import pytest

from nnfs import glorot_scale, he_scale
from visualizer.figures import number
from visualizer.lessons import BY_NAME
from visualizer.lessons.chain import MOMENTS
from visualizer.lessons.chain_runs import SCALES, compute

CHAIN = BY_NAME["chain"]


@pytest.fixture
def session(visit):
    return visit("chain")


def range_of(session):
    return session.live["scale"]["content"]


def said(session):
    return " ".join(item.value for item in session.at.markdown)


def test_the_range_has_the_scales_of_glorot_and_he_for_the_width_marked_on_it(session):
    for width in (16, 4):
        session.open(width=str(width))
        marks = {mark["name"]: float(mark["text"]) for mark in range_of(session)["marks"]}
        assert marks == {"Glorot": glorot_scale(width, width), "He": he_scale(width)}


def test_the_range_reaches_less_far_than_a_link_may(session):
    told = range_of(session)
    assert (told["min"], told["max"]) == SCALES
    assert session.open(scale="1e9").warnings == []
    assert session.link["scale"] == "1000000000"


def test_the_range_moves_the_figures_that_the_line_moves(session):
    assert range_of(session)["moves"] == list(CHAIN.moves["scale"])


@pytest.mark.parametrize("name", MOMENTS)
def test_a_moment_is_one_choice_away(session, name):
    session.choose("moment", name)
    assert session.link == MOMENTS[name]


@pytest.mark.parametrize(
    ("menu", "option", "field", "text"),
    [
        ("layers", "20", "layers", "20"),
        ("activation", "ReLU", "activation", "relu"),
        ("beside", "Tanh", "beside", "tanh"),
        ("head", "Softmax", "head", "softmax"),
        ("width", "64", "width", "64"),
        ("seed", "3", "seed", "3"),
    ],
)
def test_every_menu_sets_its_field(session, menu, option, field, text):
    session.choose(menu, option)
    assert session.link[field] == text
    assert session.warnings == []


def test_a_layer_that_there_is_not_any_more_gives_way_to_the_first(session):
    session.open(layers="20", k="19", j="15")
    session.choose("layers", "5").choose("width", "8")
    assert "k" not in session.link
    assert "j" not in session.link
    assert session.open(layers="5", k="7").warnings == [
        "Layer: expected a whole number from 0 to 4, got 7. It is 0 now."
    ]


def test_the_words_have_the_numbers_of_the_chain(session):
    session.open(layers="20")
    values = compute(CHAIN.Scenario.from_query(session.link)[0])
    for shown in ("factor", "total"):
        assert number(values[shown]) in said(session)
    assert number(values["learns"][0]) in said(session)
    (latex,) = session.at.latex
    assert number(values["gain"][0]) in latex.value


def test_the_words_wait_for_the_product_of_a_lecture(session):
    assert number(compute(CHAIN.Scenario.usual())["total"]) in said(session)
    session.open(step="4")
    assert number(compute(CHAIN.Scenario.usual())["total"]) not in said(session)
    assert "The numbers appear with the running product." in [c.value for c in session.at.caption]


@pytest.mark.parametrize("name", ["Narrow ReLUs die: exactly 0", "Too large for float64"])
def test_numbers_that_have_no_place_break_no_tab(session, name):
    session.choose("moment", name)
    for label in CHAIN.Scenario.tabs().values():
        session.tab(label)


def test_there_is_no_menu_of_inputs_as_there_are_no_rows(session):
    assert "chain_input_menu" not in {menu.key for menu in session.at.menu_button}
