"""A formula: its symbols belong to figures, and its numbers move."""

from types import SimpleNamespace

import numpy as np
import pytest

from visualizer.figures import Formula, Moment, Symbol

FORMULA = Formula(
    "formula",
    "Each dz",
    text=lambda scenario: "dx_j = 1/T s_j ( g_j − Σ s_i g_i ) = {s} ( {g} − {mean} ) / {T} = {dx}",
    symbols={
        "dx": Symbol("dz", "#111111"),
        "s": Symbol("s", "#222222"),
        "g": Symbol("g", "#333333"),
    },
    lit=(5,),
)
VALUES = {
    "dx": np.array([0.5, -0.25]),
    "s": np.array([0.75, 0.125]),
    "g": np.array([1.0, -2.0]),
    "mean": -0.5,
}


def moment(j=1, step=0, rows=0, **values):
    return Moment(SimpleNamespace(j=j, step=step, T=2.0), VALUES | values, {}, {}, rows)


def elements(figure):
    def within(node):
        yield node
        for child in node.get("children", ()):
            yield from within(child)

    return [node for line in figure["formula"] for top in line for node in within(top)]


def test_its_numbers_are_those_of_the_chosen_input():
    assert FORMULA.moved(moment(j=0))["data"] == [
        {"text": ["0.750", "1.000", "(−0.500)", "2.000", "0.500"]}
    ]


def test_a_negative_number_has_brackets_behind_an_operator_only():
    (moved,) = FORMULA.moved(moment(j=1))["data"]
    assert moved["text"] == ["0.125", "−2.000", "(−0.500)", "2.000", "−0.250"]


def test_every_number_has_a_place_and_every_symbol_names_its_item():
    found = elements(FORMULA.drawn(moment()))
    assert [node["number"] for node in found if "number" in node] == [0, 1, 2, 3, 4]
    named = [(node["of"], node["color"]) for node in found if "of" in node]
    assert named == [
        ("dx:1", "#111111"),
        ("s:1", "#222222"),
        ("g:1", "#333333"),
        ("s:*", "#222222"),
        ("g:*", "#333333"),
        ("s:1", "#222222"),
        ("g:1", "#333333"),
        ("dx:1", "#111111"),
    ]


def test_a_line_may_be_broken_before_each_sign_of_equality():
    lines = FORMULA.drawn(moment())["formula"]
    assert [line[0].get("text") for line in lines] == [None, "=", "=", "="]


def test_in_a_drag_only_its_numbers_change():
    before, after = (FORMULA.drawn(moment(g=np.array([1.0, g]))) for g in (-2.0, 3.0))
    assert before["formula"] == after["formula"]
    assert before["data"] != after["data"]


@pytest.mark.parametrize(("step", "is_there"), [(4, False), (5, True), (6, True)])
def test_before_its_step_it_says_that_it_has_not_run(step, is_there):
    figure = FORMULA.drawn(moment(step=step))
    assert ("formula" in figure) is is_there
    assert ("0.125" in str(figure)) is is_there


def test_it_is_read_aloud_with_its_numbers():
    assert FORMULA.drawn(moment())["layout"]["meta"]["alt"] == (
        "Each dz. dz 1 = 1/T s 1 (g 1 − Σ s i g i) = 0.125 (−2.000 − (−0.500)) / 2.000 = −0.250"
    )


def test_a_presentation_makes_it_large():
    assert FORMULA.drawn(moment(rows=2))["layout"]["meta"]["rows"] == 2


MATRIX = Formula(
    "formula",
    "Each dz",
    text=lambda scenario: "dx_j = Σ g_i J_ij log y_i = {dx}",
    symbols=FORMULA.symbols | {"J": Symbol("J", "#444444")},
)


def test_a_place_of_a_matrix_names_its_column():
    found = elements(MATRIX.drawn(moment(j=1)))
    assert [node["of"] for node in found if "of" in node] == ["dx:1", "g:*", "J:*,1", "dx:1"]
    indices = [node["children"][1]["text"] for node in found if node["tag"] == "msub"]
    assert indices == ["1", "i", "i1", "i"]
    assert MATRIX.in_words(moment(j=1)) == "dz 1 = Σ g i J i1 log y i = −0.250"


def test_indices_of_two_digits_are_told_apart():
    wide = {"dx": np.zeros(13)}
    found = elements(MATRIX.drawn(moment(j=12, **wide)))
    assert [n["children"][1]["text"] for n in found if n["tag"] == "msub"][2] == "i,12"


def test_the_name_of_a_function_is_an_operator_with_room_around_it():
    tags = {n["text"]: n["tag"] for n in elements(MATRIX.drawn(moment())) if "text" in n}
    assert tags["log"] == tags["Σ"] == "mo"
    assert tags["dz"] == "mi"


def test_a_longer_formula_takes_more_of_its_row():
    scenario = moment().scenario
    assert FORMULA.breadth(scenario) > 1.5 * MATRIX.breadth(scenario) > 1


POWER = Formula(
    "formula",
    "What is left",
    text=lambda scenario: "total = Π gain_i = {factor}^{n} = {total} ; other : {mean}",
    symbols={"total": Symbol("left", "#111111", of="left:0"), "gain": Symbol("gain", "#222222")},
)


def power():
    found = moment(factor=0.5, total=0.25)
    return Moment(SimpleNamespace(**vars(found.scenario), n=2), found.values, {}, {})


def test_a_power_has_two_numbers_and_a_whole_one_no_digits_behind_the_point():
    assert POWER.moved(power())["data"] == [{"text": ["0.500", "2", "0.250", "−0.500"]}]
    (node,) = [node for node in elements(POWER.drawn(power())) if node["tag"] == "msup"]
    assert [child["number"] for child in node["children"]] == [0, 1]
    assert "0.500 to the power of 2" in POWER.in_words(power())


def test_a_symbol_may_stand_for_an_element_of_another_name():
    named = {node["of"] for node in elements(POWER.drawn(power())) if "of" in node}
    assert named == {"left:0", "gain:*"}


def test_a_line_may_be_broken_before_each_equals_sign_and_behind_each_semicolon():
    lines = POWER.drawn(power())["formula"]
    assert [line[0].get("text") for line in lines] == ["left", "=", "=", "=", "other"]
    assert lines[3][-1]["text"] == ";"
