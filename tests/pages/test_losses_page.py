"""The Losses page: what it says of the choice, of both ways, and what its menus do."""

import numpy as np
import pytest

from visualizer.figures import number
from visualizer.lessons.losses import LESSON, MOMENTS
from visualizer.lessons.losses_runs import LOSSES, PAIRS, Scenario, remark, search


@pytest.fixture
def losses(visit):
    return visit("losses")


def said(session):
    return "\n".join(markdown.value for markdown in session.at.markdown)


def test_the_link_reads_as_the_issue_says(losses):
    assert losses.link == {
        "z": "2,1,0.1",
        "t": "0,1,0",
        "layer": "softmax",
        "loss": "cross_entropy",
    }


def test_every_figure_that_the_issue_names_is_there(losses):
    named = {"z", "target", "y", "g", "dx", "curve", "paths"}
    assert named <= losses.live.keys()


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_the_page_says_above_the_figures_what_goes_together(visit, pair):
    layer, loss = pair
    session = visit("losses", layer=layer, loss=loss)
    verdict, why = remark(Scenario.from_query({"layer": layer, "loss": loss})[0])
    assert session.at.markdown[1].value == f"{verdict} {why}"
    session.open(layer=layer, loss=loss, present="1")
    assert verdict in [markdown.value for markdown in session.at.markdown]
    assert why not in said(session)
    session.open(layer=layer, loss=loss, step="3")
    assert verdict not in said(session)


def test_menus_set_layer_loss_and_what_stands_before(losses):
    losses.choose("layer", "Sigmoid")
    losses.choose("loss", "Binary cross-entropy")
    losses.choose("before", "σ before")
    assert {k: losses.link[k] for k in ("layer", "loss", "before")} == {
        "layer": "sigmoid",
        "loss": "binary_cross_entropy",
        "before": "sigmoid",
    }
    labels = {name: losses.menu(name).label for name in ("layer", "loss", "before")}
    assert labels == {"layer": "Sigmoid", "loss": "Binary cross-entropy", "before": "σ before"}


@pytest.mark.parametrize("name", MOMENTS)
def test_a_moment_shows_its_state(losses, name):
    losses.choose("moment", name)
    expected, _ = Scenario.from_query(MOMENTS[name])
    assert losses.link == expected.to_link()
    assert losses.warnings == []


def test_a_drag_of_the_target_comes_into_the_link_as_a_distribution(visit):
    session = visit("losses", t="0.2,0.5,0.3")
    session.drag("target", 1, final=False, t="0.2,0.8,0.3")
    assert session.link["t"] == "0.08,0.8,0.12"
    assert session.values("target") == [0.08, 0.8, 0.12]
    assert session.live["target"]["content"]["handles"]["values"] == [0.08, 0.8, 0.12]
    assert session.warnings == []


def test_the_page_says_at_which_input_float64_loses_the_way_through_j(visit):
    """By the numbers of the search for these inputs, and with others by others."""
    shown = []
    for query in ({}, {"z": "5,1,0.1"}, {"layer": "sigmoid", "loss": "binary_cross_entropy"}):
        session = visit("losses", **query)
        found = search(Scenario.from_query(query)[0])
        text = said(session)
        for value in found:
            assert f"= {number(value, 2)}**" in text
        shown.append(found)
    assert len(set(shown)) == 3


def test_with_a_sigmoid_before_it_says_that_nothing_is_lost(visit):
    assert "nothing is lost" in said(visit("losses", before="sigmoid"))


def test_without_a_second_way_the_page_says_so(visit):
    text = said(visit("losses", loss="squared_error"))
    assert "there is one way only" in text
    assert "float64" not in text


def test_the_numbers_of_both_ways_are_those_of_the_chosen_input(visit):
    session = visit("losses", j="2", t="0,0.4,0.6")
    values = LESSON.compute(Scenario.from_query(session.link)[0])
    shown = [metric.value for metric in session.at.metric]
    assert shown == [number(values[name][2]) for name in ("through", "fused", "missed")]


def test_the_table_of_pairs_points_at_the_chosen_one(visit):
    session = visit("losses", layer="sigmoid", loss="squared_error", tab="pairs")
    (table,) = [m.value for m in session.at.markdown if m.value.startswith("| |")]
    (line,) = [line for line in table.split("\n") if "▶" in line]
    assert "| sigmoid | squared error |" in line
    assert table.count("\n") == len(PAIRS) + 1


@pytest.mark.parametrize("loss", LOSSES)
def test_the_code_is_that_of_the_loss_at_work(visit, loss):
    session = visit("losses", loss=loss, tab="code")
    code = "\n".join(block.value for block in session.at.code)
    assert f"def {LOSSES[loss].__name__}(" in code
    others = {other.__name__ for other in LOSSES.values()} - {LOSSES[loss].__name__}
    assert not any(f"def {other}(" in code for other in others)


def test_an_import_of_its_own_export_brings_the_state_back(visit, address):
    state = {"z": "1,-2", "t": "0.25,0.75", "layer": "sigmoid", "loss": "squared_error", "j": "0"}
    first = visit("losses", **state)
    first.share()
    first.at.button_group(key="losses_export_format").set_value("CSV")
    first.at.button(key="losses_share").click()
    first.run()
    text = next(code.value for code in first.at.code if not code.value.startswith("http"))
    second = visit("losses").share()
    second.at.text_area(key="losses_import_text").set_value(text)
    second.at.button(key="losses_import").click()
    second.at.button(key="losses_share").click()
    second.run()
    assert second.link == first.link


def test_the_table_shows_both_ways_and_their_difference(visit):
    session = visit("losses", tab="numbers")
    table = session.at.dataframe[0].value
    rows = dict(zip(table[""], table.drop(columns="").to_numpy(), strict=True))
    np.testing.assert_allclose(
        rows["Their difference"], np.abs(rows["y − t"] - rows["Jᵀ·g"]), atol=1e-15
    )
