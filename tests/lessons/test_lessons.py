"""What the description of a lesson promises, of each lesson in the list."""

import numpy as np
import pytest

from tests.lessons.showing import name, scenario_of
from visualizer.lessons import BY_NAME, LESSONS, lesson_of


def shown(lesson):
    """All sets of figures that a lesson shows; those of Practice depend on the question."""
    queries = [{}]
    if lesson.name == "practice":
        queries = [{"layer": layer, "answer": a} for layer in ("softmax", "sigmoid") for a in "01"]
    return [lesson.figures_of(scenario_of(lesson, **query)) for query in queries]


@pytest.mark.parametrize("lesson", LESSONS, ids=name)
def test_every_figure_has_a_name_of_its_own_and_every_place_a_figure(lesson):
    for figures in shown(lesson):
        names = [figure.name for figure in figures]
        assert len(set(names)) == len(names)
        cells = [cell for row in lesson.rows for cell in row]
        placed = [name for c in cells for name in ([c] if isinstance(c, str) else c)]
        assert set(placed) <= set(names)
        assert len(set(placed)) == len(placed)


@pytest.mark.parametrize("lesson", LESSONS, ids=name)
def test_axes_of_one_name_are_one_axis(lesson):
    for figures in shown(lesson):
        axes = [figure.axis for figure in figures if figure.axis]
        assert len({axis.name for axis in axes}) == len(set(axes))


@pytest.mark.parametrize("lesson", LESSONS, ids=name)
def test_what_a_figure_names_is_a_field_of_the_scenario(lesson):
    fields = lesson.Scenario.codecs().keys() | {""}
    for figure in (figure for figures in shown(lesson) for figure in figures):
        assert {figure.drag, figure.select, *figure.moves_with} <= fields


@pytest.mark.parametrize("lesson", LESSONS, ids=name)
def test_a_lesson_with_steps_lights_something_at_each_and_has_words_for_it(lesson):
    if lesson.steps is None:
        assert "step" not in lesson.Scenario.codecs()
        return
    steps = set(range(1, lesson.steps.last + 1))
    assert len(lesson.steps.words) == lesson.steps.last
    assert all(set(figure.lit) <= steps for figure in lesson.figures)
    if lesson.address:  # Home shows some figures of the Softmax page, and has no lecture
        assert set().union(*(figure.lit for figure in lesson.figures)) == steps


@pytest.mark.parametrize("lesson", LESSONS, ids=name)
def test_an_export_states_inputs_and_results_by_name(lesson):
    if lesson.export is None:
        with pytest.raises(TypeError, match=f"{lesson.name}: there is nothing to export"):
            lesson.record(lesson.Scenario.usual())
        return
    inputs, results = lesson.record(lesson.Scenario.usual())
    assert tuple(inputs) == lesson.export.inputs
    assert tuple(results) == lesson.export.results
    assert all(isinstance(array, np.ndarray) for array in results.values())
    assert lesson.export.sizes.keys() <= results.keys()


@pytest.mark.parametrize(
    ("page", "rows"), [("home", 1), ("softmax", 2), ("practice", 3), ("simplex", 3)]
)
def test_a_lesson_knows_how_many_figures_stand_above_each_other(page, rows):
    assert BY_NAME[page].stacked == rows


def test_a_scenario_of_home_belongs_to_the_page_behind_it():
    for lesson in LESSONS:
        of = "softmax" if lesson.name == "home" else lesson.name
        assert lesson_of(lesson.Scenario.usual()) is BY_NAME[of]


def test_only_home_has_no_address():
    assert [lesson.name for lesson in LESSONS if not lesson.address] == ["home"]


@pytest.mark.parametrize("page", ["softmax", "side_by_side", "simplex"])
@pytest.mark.parametrize("present", ["", "1"])
def test_where_the_input_is_z_the_result_is_called_dz(page, present):
    """Its key stays dx: links, exports and programs know it by that."""
    lesson = BY_NAME[page]
    scenario, _ = lesson.Scenario.from_query({"present": present} if present else {})
    drawn = lesson.drawn(lesson.moment(scenario, {}))
    shown = [f["layout"]["title"]["text"] + f["layout"]["meta"]["alt"] for f in drawn.values()]
    shown += [str(trace.get("hovertemplate")) for f in drawn.values() for trace in f["data"]]
    shown += [*lesson.vectors, *lesson.matrices, lesson.controls.pointed, lesson.question]
    shown += lesson.Scenario.tabs().values()
    assert [text for text in shown if "dx" in text] == []
    assert any("dz" in text for text in shown)
