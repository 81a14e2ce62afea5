"""The Softmax page: drags, menus, batch and link, with the numbers of nnfs."""

import numpy as np
import pytest

from nnfs import Softmax
from visualizer.figures import number

FIGURES = ["z", "g", "s", "jacobian", "terms", "dx"]
DEFAULT = {"z": "2,1,0.1", "g": "1,-1,2", "T": "1"}


def nnfs_dx(z, g, T=1.0):
    layer = Softmax()
    layer.forward(np.array([z], dtype=float) / T)
    return layer.backward(np.array([g], dtype=float))[0] / T


def assert_shows(session, z, g, T=1.0):
    # Two ways to the same number below 10.
    np.testing.assert_allclose(session.values("dx"), nnfs_dx(z, g, T), rtol=0, atol=1e-14)


@pytest.fixture
def session(visit):
    return visit("softmax")


def test_every_figure_of_the_first_screen_is_there_under_its_name(session):
    assert set(FIGURES) <= set(session.live)
    keys = {element.key for element in session.at.get("bidi_component")}
    assert {f"softmax_{name}" for name in [*FIGURES, "centring"]} <= keys


def test_a_link_opens_exactly_this(visit):
    session = visit("softmax", z="0.5,-1,2,0", g="1,0.5,0,-2", T="2")
    assert session.values("z") == [0.5, -1, 2, 0]
    assert session.values("g") == [1, 0.5, 0, -2]
    assert_shows(session, [0.5, -1, 2, 0], [1, 0.5, 0, -2], T=2)
    assert session.link == {"z": "0.5,-1,2,0", "g": "1,0.5,0,-2", "T": "2"}


def test_the_oracle_rejects_other_numbers(session):
    with pytest.raises(AssertionError):
        assert_shows(session, [2, 1, 0.2], [1, -1, 2])


def test_the_end_of_a_drag_is_in_the_figures_and_in_the_link(session):
    session.drag("z", 1, z="1,2,3")
    assert session.values("z") == [1, 2, 3]
    assert_shows(session, [1, 2, 3], [1, -1, 2])
    assert session.link == DEFAULT | {"z": "1,2,3"}


def test_the_newest_of_two_drags_counts_and_each_only_once(session):
    session.drag("z", 1, z="1,2,3").drag("g", 2, g="0,0,1")
    assert_shows(session, [1, 2, 3], [0, 0, 1])
    session.press("reset")
    assert session.link == DEFAULT
    assert session.run().link == DEFAULT


def test_a_drag_that_is_refused_says_so_and_changes_nothing(session):
    session.drag("z", 1, z="1,x,3")
    assert session.warnings[0].startswith("z:")
    assert session.link == DEFAULT


def test_every_live_element_is_told_how_far_python_has_come(session):
    session.drag("z", 7, z="1,2,3")
    assert {data["ack"] for data in session.live.values()} == {7}


def test_the_address_of_another_state_is_followed(session):
    session.drag("z", 1, z="1,2,3")
    session.open(z="4,4,4", g="1,-1,2", T="1")  # as the back button does
    assert_shows(session, [4, 4, 4], [1, -1, 2])


def test_reset_restores_the_same_state_from_everywhere(session):
    session.choose("size", "7").choose("g", 3).drag("z", 1, T="3")
    assert session.link != DEFAULT
    session.press("reset")
    assert session.link == DEFAULT
    assert_shows(session, [2, 1, 0.1], [1, -1, 2])


def test_reset_counts_after_a_drag_that_arrives_with_it(session):
    session.at.session_state["softmax_z"] = {"edit": {"n": 1, "query": {"z": "1,2,3"}}}
    session.press("reset")
    assert session.link == DEFAULT


def test_a_preset_for_z_keeps_a_drag_of_g_that_arrives_with_it(session):
    session.at.session_state["softmax_g"] = {"edit": {"n": 1, "query": {"g": "0,0,1"}}}
    session.choose("z", "Uniform: all 0")
    assert session.link == DEFAULT | {"z": "0,0,0", "g": "0,0,1"}


def test_what_was_dragged_in_a_session_before_does_not_come_back_over_what_came_after(session):
    """The browser hands the values of its elements to the new session of a new server."""
    session.drag("saver", 5, z="1,2,3")
    session.press("reset")
    fresh = {"n": 5, "session": "of another server", "query": {"z": "1,2,3"}}
    session.at.session_state["softmax_saver"] = {"edit": fresh | {"n": 6}}
    session.run()
    assert session.link == DEFAULT


def test_an_edit_of_this_session_is_taken_up(session):
    own = session.live["z"]["session"]
    edit = {"n": 6, "session": own, "query": {"z": "1,2,3"}}
    session.at.session_state["softmax_saver"] = {"edit": edit}
    session.run()
    assert session.link == DEFAULT | {"z": "1,2,3"}


def test_a_browser_that_has_not_heard_of_the_last_link_does_not_undo_it(session):
    """As where the connection broke between a run and its answer."""
    session.drag("z", 1, z="1,2,3")
    session.tell(**DEFAULT)
    assert session.link == DEFAULT | {"z": "1,2,3"}
    assert_shows(session, [1, 2, 3], [1, -1, 2])


def test_the_back_button_does(session):
    session.drag("z", 1, z="1,2,3")
    session.open(**DEFAULT)
    assert session.link == DEFAULT
    assert_shows(session, [2, 1, 0.1], [1, -1, 2])


def test_reset_in_a_presentation_leaves_out_what_its_link_leaves_out(session):
    session.open(z="1,2,3", present="1", hide="controls,below")
    session.press("reset")
    assert session.link == DEFAULT | {"present": "1", "hide": "controls,below"}


def test_the_axes_fit_the_sample_that_is_chosen(session):
    session.open(z="0,0,9;0,0,0", g="1,-1,2;1,-1,2")
    session.choose("sample", "1")
    limit = session.live["dx"]["content"]["layout"]["yaxis"]["range"][1]
    assert limit > max(nnfs_dx([0, 0, 0], [1, -1, 2])) > 0.2
    assert "▲" not in "".join(session.live["dx"]["content"]["data"][0]["text"])


@pytest.mark.parametrize(
    ("z", "rank"),
    [
        ("2,1,0.1", 2),
        ("12,-3,0.001", 2),
        ("8,0,0", 2),
        ("14,0,1", 2),
        ("0,0,0,15", 3),
        ("20,1,2,3", 3),
        ("0,0,0,0,0", 4),
        ("1000,0,-1000", 0),  # two probabilities are 0 in float64
    ],
)
def test_the_rank_is_one_less_than_the_probabilities_that_are_there(session, z, rank):
    session.open(z=z, tab="unseen")
    metric = next(metric for metric in session.at.metric if "rank" in metric.label)
    assert metric.value == str(rank)
    saturated = any("Saturated" in caption.value for caption in session.at.caption)
    assert saturated is (rank < z.count(","))


def test_what_a_link_got_wrong_is_said_until_a_control_is_used(session):
    """If a drag took it away, all figures would move up under the pointer."""
    session.open(z="1,x,3", T="0")
    assert [line[:2] for line in session.warnings] == ["z:", "T:"]
    session.drag("z", 1, z="1,2,3")
    assert [line[:2] for line in session.warnings] == ["z:", "T:"]
    session.drag("z", 2, z="1,y,3").drag("z", 3, z="3,2,1")
    assert [line[:2] for line in session.warnings] == ["z:", "T:"]
    session.choose("input", 1)
    assert session.warnings == []


def test_many_messages_are_three_lines_and_the_names_of_the_other_fields(session):
    session.open(z="x", g="x", T="x", n="x", j="x", step="x")
    assert [line[:2] for line in session.warnings[:3]] == ["z:", "g:", "T:"]
    assert session.warnings[3:] == ["And 3 more, about Sample, Input j, Step."]


def test_a_link_that_is_too_long_says_what_is_shown_instead(session):
    session.open(z=",".join(["0.123456"] * 1000))
    (line,) = session.warnings
    assert "8192 characters" in line and "shows its defaults" in line


def test_the_table_of_a_batch_ticks_the_sample_in_view(session):
    session.open(z="2,1,0.1;0,0,3;1,1,1", g="1,-1,2;0,1,0;0,0,1", n="1", tab="batch")
    tables = [editor.value for editor in session.at.dataframe if "in view" in editor.value]
    assert [table["in view"].tolist() for table in tables] == [[False, True, False]] * 2
    session.open(z="2,1,0.1", g="1,-1,2", tab="batch")
    assert [editor for editor in session.at.dataframe if "in view" in editor.value] == []


@pytest.mark.parametrize("field", ["z", "g"])
def test_every_preset_moves_the_handles_and_comes_into_the_link(session, field):
    for option in range(len(session.menu(field).options)):
        session.choose(field, option)
        assert session.warnings == []
        shown = [float(text) for text in session.link[field].split(",")]
        assert session.live[field]["content"]["handles"]["values"] == shown
        z, g = (session.live[f]["content"]["handles"]["values"] for f in ("z", "g"))
        ends = session.live["dx"]["content"]["layout"]["yaxis"]["range"]
        np.testing.assert_allclose(
            session.values("dx"), nnfs_dx(z, g).clip(*ends), rtol=0, atol=1e-14
        )


def test_a_preset_chosen_twice_gives_the_same(session):
    session.choose("z", 4)
    first = session.link
    session.drag("z", 1, z="1,2,3").choose("z", 4)
    assert session.link == first


@pytest.mark.parametrize("classes", [2, 10])
def test_the_number_of_classes_is_chosen_from_2_to_10(session, classes):
    menu = session.menu("size")
    assert [int(option) for option in menu.options] == list(range(2, 11))
    session.choose("size", str(classes))
    assert len(session.values("z")) == len(session.values("dx")) == classes
    assert np.shape(session.live["jacobian"]["content"]["data"][0]["z"]) == (classes, classes)


@pytest.mark.parametrize("classes", [100, 1000])
def test_a_link_opens_up_to_1000_classes(visit, classes):
    z = ",".join(["0.5", "1"] * (classes // 2))
    session = visit("softmax", z=z)
    assert session.warnings == []
    assert len(session.values("z")) == classes
    assert session.live["z"]["content"]["handles"] is None


def test_the_input_whose_terms_are_shown_is_chosen(session):
    session.choose("input", 2)
    assert session.link["j"] == "2"
    assert session.values("terms")[-1] == pytest.approx(nnfs_dx([2, 1, 0.1], [1, -1, 2])[2])


def test_samples_are_added_chosen_and_removed(session):
    session.tab("Batch").press("add")
    batch = DEFAULT | {"tab": "batch"}
    assert session.link == batch | {"z": "2,1,0.1;2,1,0.1", "g": "1,-1,2;1,-1,2", "n": "1"}
    session.drag("z", 1, z="2,1,0.1;0,0,3")
    assert_shows(session, [0, 0, 3], [1, -1, 2])
    session.choose("sample", 0)
    assert_shows(session, [2, 1, 0.1], [1, -1, 2])
    session.press("remove")
    assert session.link == batch | {"z": "0,0,3"}


def test_every_tab_opens(session):
    labels = [tab.label for tab in session.at.tabs]
    assert {"Batch", "Numbers", "Code"} <= set(labels)
    for label in labels:
        session.tab(label)


def test_the_code_shown_is_the_code_that_runs(session):
    import inspect

    session.tab("Code")
    shown = "\n".join(block.value for block in session.at.code)
    source = inspect.getsource(Softmax.backward)
    assert [line.strip() for line in source.splitlines()][-1] in shown
    assert "def backward" in shown


def test_the_tables_hold_the_numbers_behind_the_figures(session):
    session.tab("Numbers")
    tables = [table.value for table in session.at.dataframe]
    summary = next(t for t in tables if "dz" in t.iloc[:, 0].tolist())
    dx = summary[summary.iloc[:, 0] == "dz"].iloc[0, 1:].astype(float)
    np.testing.assert_allclose(dx, nnfs_dx([2, 1, 0.1], [1, -1, 2]), atol=1e-14)
    J = next(table for table in tables if table.shape == (3, 3))
    s = np.array(session.values("s"))
    centred = summary[summary.iloc[:, 0] == "g − Σ s·g"].iloc[0, 1:].astype(float)
    np.testing.assert_allclose(centred, np.array([1, -1, 2]) - s @ [1, -1, 2], atol=1e-14)
    np.testing.assert_allclose(J, np.diag(s) - np.outer(s, s), atol=1e-14)


def test_the_formulas_carry_the_numbers_of_the_moment(session):
    session.drag("z", 1, z="1,2,3")
    (*_, dx) = session.live["formula"]["content"]["data"][0]["text"]
    assert dx == number(nnfs_dx([1, 2, 3], [1, -1, 2])[0])
    mean = number(np.array(session.values("s")) @ [1, -1, 2])
    assert session.live["sum"]["content"]["data"][0]["text"] == [mean, mean, "0.000"]


def test_a_state_too_long_for_a_link_is_shown_and_said(session):
    rows = ";".join([",".join(["0.123456789"] * 10)] * 100)
    session.drag("z", 1, z=rows, g=rows)
    assert session.link == {}
    assert any("longer than a link" in info.value for info in session.at.info)
    assert_shows(session, [0.123456789] * 10, [0.123456789] * 10)


@pytest.mark.parametrize(
    ("query", "follows"),
    [
        ({}, False),  # its formula is a figure
        ({"tab": "code"}, False),
        ({"tab": "numbers"}, True),
        ({"step": "5"}, False),
        ({"step": "6"}, True),  # how many numbers agree stands above the figures
        ({"step": "6", "present": "1"}, True),
        ({"present": "1", "tab": "numbers"}, False),  # which a presentation does not show
    ],
)
def test_the_browser_knows_whether_the_script_has_more_to_say_of_a_drag(visit, query, follows):
    assert visit("softmax", **query).live["saver"]["follows"] is follows


def test_the_browser_knows_that_a_run_of_the_whole_page_follows(session, monkeypatch):
    """As in the run of what stands below the figures, which draws none."""
    assert session.live["saver"]["again"] is False
    monkeypatch.setattr("visualizer.ui.page.live_figures", lambda state: None)
    asked = []
    monkeypatch.setattr("streamlit.rerun", lambda: asked.append(True))
    session.drag("saver", 1, z="3,1,0.1")
    assert asked
    assert session.live["saver"]["again"] is True
