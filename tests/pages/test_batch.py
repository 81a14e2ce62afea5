"""The table of a batch: edits of its cells, what it refuses, and the sample that is ticked."""

import json

import pytest

BATCH = {"z": "2,1,0.1;0,0,3", "g": "1,0,0;0,1,0", "T": "1", "tab": "batch"}


@pytest.fixture
def session(visit):
    return visit("softmax", **BATCH)


def table(session, field):
    """What identifies the table of a matrix: another one has another id."""
    ids = [element.proto.id for element in session.at.dataframe]
    (found,) = [name for name in ids if f"softmax_{field}_table_" in name]
    return found


def edit(session, field, *cells):
    """Edit cells by hand: row, column, value. AppTest cannot: this is what the browser sends.

    It sends all edits since the table was made, not only the last.
    """
    rows = {}
    for row, column, value in cells:
        rows.setdefault(str(row), {})[str(column)] = value
    states = session.at._tree.get_widget_states()
    edits = {"edited_rows": rows, "added_rows": [], "deleted_rows": []}
    states.widgets.add(id=table(session, field), string_value=json.dumps(edits))
    session.at._run(states)
    assert [error.value for error in session.at.exception] == []
    return session


@pytest.mark.parametrize(("field", "after"), [("z", "2,1,0.1;0,7.5,3"), ("g", "1,0,0;0,7.5,0")])
def test_an_edit_of_a_cell_is_in_the_link_and_the_table_keeps_its_place(session, field, after):
    before = {name: table(session, name) for name in ("z", "g")}
    edit(session, field, (1, 1, 7.5))
    assert session.link == BATCH | {field: after}
    assert {name: table(session, name) for name in ("z", "g")} == before


def test_of_two_edits_in_one_table_none_is_lost(session):
    edit(session, "z", (1, 1, 7.5))
    edit(session, "z", (1, 1, 7.5), (0, 0, -1))
    assert session.link["z"] == "-1,1,0.1;0,7.5,3"


@pytest.mark.parametrize("value", [None, "x", "nan", "1,2", "1;2", "1e999"])
def test_a_bad_cell_is_refused_by_name_and_the_table_shows_what_was_there(session, value):
    before = table(session, "z")
    edit(session, "z", (1, 1, value))
    assert session.warnings[0].startswith("z: expected")
    assert session.link == BATCH
    assert table(session, "z") != before
    edit(session, "z", (1, 1, 7.5))
    assert session.warnings == []
    assert session.link["z"] == "2,1,0.1;0,7.5,3"


def test_a_tick_brings_another_sample_into_view_with_axes_that_fit_it(session, visit):
    before = table(session, "z")
    edit(session, "z", (1, "in view", True))
    assert session.link == BATCH | {"n": "1"}
    assert table(session, "z") != before
    assert session.values("z") == [0, 0, 3]
    axes = {name: data["query"]["axes"] for name, data in session.live.items()}
    fresh = visit("softmax", **BATCH | {"n": "1"})
    assert axes == {name: data["query"]["axes"] for name, data in fresh.live.items()}


def test_a_drag_makes_the_table_anew_and_its_next_edit_counts_from_there(session):
    before = table(session, "z")
    edit(session, "z", (1, 1, 7.5))
    session.drag("z", 1, z="5,5,5;0,0,3")
    assert table(session, "z") != before
    edit(session, "z", (1, 2, 4))
    assert session.link["z"] == "5,5,5;0,0,4"
