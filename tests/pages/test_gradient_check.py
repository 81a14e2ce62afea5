"""What only the Gradient check page says below its figures."""

import inspect
import textwrap

import pytest

from nnfs import Softmax, check_gradient
from nnfs.wrong_passes import elementwise


def said(session):
    return "\n".join(item.value for item in session.at.markdown)


def code(session):
    return [block.value for block in session.at.code]


def test_the_best_steps_are_named_beside_those_of_theory(visit):
    session = visit("gradient_check")
    metrics = {metric.label: metric.value for metric in session.at.metric}
    assert metrics["Best step, forward"] == "1.8e−08"
    captions = " ".join(caption.value for caption in session.at.caption)
    assert "√ε = 1.5e−08" in captions
    assert "∛ε = 6.1e−06" in captions
    session.open(backward="elementwise")
    assert {metric.value for metric in session.at.metric} == {"none"}


def test_what_has_not_run_yet_is_in_no_tab(visit):
    session = visit("gradient_check", step="3")
    assert [metric.label for metric in session.at.metric] == ["Best step, forward"]
    session.open(step="1", tab="digits")
    assert not code(session)


@pytest.mark.parametrize(("dtype", "digits"), [("float64", 17), ("float32", 9)])
def test_the_digits_that_cancel_are_marked(visit, dtype, digits):
    session = visit("gradient_check", tab="digits", h="1e-6", dtype=dtype)
    (block,) = code(session)
    high, low, marks = block.split("\n")
    assert high.startswith("L(z + h) = ")
    assert sum(c.isdigit() for c in high.partition("e")[0]) == digits
    same = marks.count("^")
    at = high.index("= ") + 2
    assert high[at : at + same] == low[at : at + same]
    assert high[at + same] != low[at + same]
    assert f"the first {sum(c.isdigit() for c in high[at : at + same])} digits" in said(session)


def test_the_complex_step_has_no_digits_that_cancel(visit):
    session = visit("gradient_check", tab="digits", method="complex")
    assert "subtracts nothing" in said(session)


def test_the_code_of_the_pass_that_is_checked_stands_beside_the_check(visit):
    session = visit("gradient_check", tab="code")
    first, check, *_ = code(session)
    assert first.strip() == textwrap.dedent(inspect.getsource(Softmax.backward)).strip()
    assert check.strip() == inspect.getsource(check_gradient).strip()
    session.open(tab="code", backward="elementwise")
    assert code(session)[0].strip() == inspect.getsource(elementwise).strip()


def test_the_numbers_of_the_u_are_in_a_table(visit):
    session = visit("gradient_check", tab="numbers")
    table = session.at.dataframe[-1].value
    assert list(table.columns) == ["step h", "forward", "central", "complex step", "allowed"]
    assert len(table) == 57
    errors = session.live["u"]["content"]["data"][1]["y"]
    assert table["forward"].tolist() == errors
    session.open(tab="numbers", step="3")
    assert len(session.at.dataframe) == 0


def test_a_menu_offers_the_passes_of_the_layer_and_a_moment_opens_its_state(visit):
    session = visit("gradient_check")
    session.choose("backward", "elementwise")
    assert session.link["backward"] == "elementwise"
    session.choose("layer", "Tanh")
    assert "backward" not in session.link
    session.choose("backward", "without square")
    assert session.link["backward"] == "without_square"
    session.choose("moment", "ReLU at its kink")
    assert session.link["layer"] == "relu"
    assert "kink" in session.live["verdict"]["content"]["data"][0]["text"][1]
    session.choose("moment", "float32: the U moves up and to the right")
    assert session.link["dtype"] == "float32"


def test_a_second_sample_is_added_in_its_tab(visit):
    session = visit("gradient_check", tab="batch")
    session.press("add")
    assert session.link["z"].count(";") == 1
    assert session.link["n"] == "1"
