"""The formulas of the moment carry the numbers of the moment."""

import re
import shutil
import subprocess

import numpy as np
import pytest

from visualizer.exchange.formulas import latex, latex_fragment
from visualizer.lessons import BY_NAME, sigmoid, softmax


def formula(**query):
    scenario = sigmoid.Scenario.from_query(query)[0]
    return sigmoid.formulas(sigmoid.compute(scenario), scenario)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.5, "0.500"), (-0.5, "-0.500"), (0.0, "0.000"), (-1.5e-7, r"-1.5 \cdot 10^{-7}")],
)
def test_a_number_in_latex(value, text):
    assert latex(value) == text


BRACKETED = re.compile(r"(?<!\\left)(?<!big)(?<!Big)\(([^()]*)\)")


def needless(text):
    """The brackets that hold a single number which is not negative."""
    number = r"\d[\d.]*( \\cdot 10\^\{-?\d+\})?"
    return [inside for inside in BRACKETED.findall(text) if re.fullmatch(number, inside)]


def bare(text):
    """The negative numbers that stand behind an operator without brackets."""
    return re.findall(r"(?:[-+]|\\cdot) -\d[\d.]*", text)


@pytest.mark.parametrize("g", ["1,0.5,-1", "-1,-0.5,-1", "-1e-9,1e-9,0", "1,0,0"])
@pytest.mark.parametrize("j", ["0", "1", "2"])
def test_brackets_stand_around_negative_numbers_only(g, j):
    text = formula(g=g, j=j)
    assert needless(text) == bare(text) == []


def test_the_oracle_of_brackets_finds_both_mistakes():
    assert needless(r"1.000 - (0.659) (2.0 \cdot 10^{-5})") == ["0.659", r"2.0 \cdot 10^{-5}"]
    assert bare(r"1.000 - -0.659 + -1 \cdot -2") == ["- -0.659", "+ -1", r"\cdot -2"]


def test_0_has_no_sign_in_a_fragment():
    text = fragment("sigmoid", {"x": "-0,0", "g": "-0,-1"})
    assert "0" in text
    assert re.search(r"-0(?![.\d])", text) is None


@pytest.mark.parametrize("x", ["1000,0,0", "1e300,-1e300,0", "1e-300,0,0"])
def test_every_brace_of_a_formula_is_closed_and_no_exponent_is_left(x):
    text = formula(x=x, g="1e-9,1e9,-3")
    assert text.count("{") == text.count("}")
    assert re.search(r"\de[+-]?\d", text) is None


def test_the_gradient_of_a_sigmoid_and_its_nudge_stand_in_the_formula():
    scenario = sigmoid.Scenario.from_query({"j": "1", "eps": "0.25"})[0]
    values = sigmoid.compute(scenario)
    text = sigmoid.formulas(values, scenario)
    for value in (values["dx"][1], values["changed"], values["predicted"]):
        assert f"= {value:.3f}" in text
    assert text.count("{") == text.count("}")


FRAGMENTS = [
    ("softmax", {}),
    ("softmax", {"z": "2,1,0.1;0,0,3", "g": "1,0,0;0,1e-9,1e300", "T": "2", "n": "1"}),
    ("softmax", {"z": ",".join("123456789012")}),
    ("softmax", {"z": ",".join(["1"] * 40)}),
    ("sigmoid", {"x": "-1e308,40,0"}),
    ("side_by_side", {}),
    ("gradient_check", {"backward": "without_weight"}),
    ("losses", {"loss": "squared_error"}),
]


def fragment(page, query):
    lesson = BY_NAME[page]
    scenario, messages = lesson.Scenario.from_query(query)
    assert messages == []
    return latex_fragment(*lesson.record(scenario), lesson.export.symbols)


def unbalanced(text):
    """What is opened and not closed, or closed and not opened."""
    stack = []
    for token in re.findall(r"\\begin\{\w+\}|\\end\{\w+\}|\\\[|\\\]|\\[{}]|[{}]", text):
        opens = {"}": "{", r"\]": r"\["}.get(token, token.replace("end", "begin"))
        if token in ("{", r"\[") or token.startswith(r"\begin"):
            stack.append(token)
        elif token not in (r"\{", r"\}") and (not stack or stack.pop() != opens):
            return [token]
    return stack


@pytest.mark.parametrize(("page", "query"), FRAGMENTS, ids=str)
def test_everything_that_a_fragment_opens_is_closed(page, query):
    text = fragment(page, query)
    assert unbalanced(text) == []
    assert (r"\begin{pmatrix}" in text) or "left out" in text
    assert re.search(r"\de[+-]?\d", text) is None


@pytest.mark.parametrize("wrong", ["{", "}", r"\[", r"\begin{pmatrix} \]", r"\end{pmatrix}"])
def test_the_oracle_finds_what_is_left_open(wrong):
    assert unbalanced(wrong) != []


def test_every_number_of_a_matrix_stands_in_its_place():
    J = softmax.compute(softmax.Scenario.from_query({})[0])["J"]
    rows = re.search(r"J = \\begin\{pmatrix\}(.*?)\\end", fragment("softmax", {}))[1]
    found = [[float(cell) for cell in row.split("&")] for row in rows.split(r"\\")]
    np.testing.assert_allclose(found, J, rtol=1e-5)  # six digits


def test_matrices_of_more_than_ten_columns_ask_for_them():
    wide = fragment("softmax", {"z": ",".join("123456789012")})
    assert r"\setcounter{MaxMatrixCols}{12}" in wide
    assert "MaxMatrixCols" not in fragment("softmax", {})


def test_a_matrix_too_wide_for_a_page_is_left_out_and_the_fragment_says_so():
    text = fragment("softmax", {"z": ",".join(["1"] * 40)})
    assert "% J: 40 rows of 40 numbers, left out" in text
    assert "T = 1" in text


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
@pytest.mark.parametrize(("page", "query"), FRAGMENTS, ids=str)
def test_the_fragment_compiles(tmp_path, page, query):
    head = r"\documentclass{article}\usepackage{amsmath}\begin{document}"
    document = f"{head}\n{fragment(page, query)}\\end{{document}}\n"
    (tmp_path / "page.tex").write_text(document, encoding="utf-8")
    command = ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "page.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout[-2000:]
