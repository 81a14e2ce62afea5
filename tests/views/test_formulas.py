"""The formulas of the moment carry the numbers of the moment."""

import re

import numpy as np
import pytest

from nnfs import Softmax
from views.formulas import latex, softmax_formulas
from views.softmax import Scenario, numbers


def formula(**query):
    scenario = Scenario.from_query(query)[0]
    return softmax_formulas(numbers(scenario), scenario)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.5, "0.500"), (-0.5, "-0.500"), (0.0, "0.000"), (-1.5e-7, r"-1.5 \cdot 10^{-7}")],
)
def test_a_number_in_latex(value, text):
    assert latex(value) == text


def test_both_ways_end_with_dx_of_nnfs():
    layer = Softmax()
    layer.forward(np.array([[2.0, 1.0, 0.1]]))
    dx = layer.backward(np.array([[1.0, 0.5, -1.0]]))[0]
    for j in range(3):
        assert formula(g="1,0.5,-1", j=str(j)).count(rf"= {dx[j]:.3f}") == 2


def test_the_oracle_tells_the_inputs_apart():
    assert formula(g="1,0.5,-1", j="1").count("= -0.166") != 2


def test_the_temperature_stands_in_the_formula_only_when_it_is_not_1():
    assert r"\tfrac{1}{T}" in formula(T="2")
    assert "/ 2 = " in formula(T="2")
    assert "{T}" not in formula(T="1")


def test_a_sum_of_many_terms_is_cut_and_says_so():
    assert r"\dots" in formula(z="1,2,3,4,5,6,7")
    assert r"\dots" not in formula(z="1,2,3")


@pytest.mark.parametrize("z", ["1000,0,0", "1e300,-1e300,0", "1e-300,0,0"])
def test_every_brace_of_a_formula_is_closed_and_no_exponent_is_left(z):
    text = formula(z=z, g="1e-9,1e9,-3")
    assert text.count("{") == text.count("}")
    assert re.search(r"\de[+-]?\d", text) is None
