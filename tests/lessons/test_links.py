"""What figures say of what belongs together: every element that is named exists."""

import numpy as np
import pytest

from tests.lessons.showing import name, scenario_of
from visualizer.lessons import LESSONS, sigmoid, softmax


def told_of(lesson):
    """What the figures of a lesson say of their elements, where all is shown, by figure."""
    scenario = scenario_of(lesson, **lesson.shown_at)
    drawn = lesson.drawn(lesson.moment(scenario, {}))
    return scenario, {figure: one["elements"] for figure, one in drawn.items() if "elements" in one}


def unknown(template, values):
    """What is wrong with a template: an array that there is not, or a place of another length."""
    array, place = template.split(":")
    if array not in values:
        return f"{template}: no array {array}"
    count = len(place.split(","))
    if values[array].ndim != count:
        return f"{template}: {values[array].ndim} indices, not {count}"
    return None


@pytest.mark.parametrize("lesson", LESSONS, ids=name)
def test_every_element_that_is_named_exists(lesson):
    scenario, told = told_of(lesson)
    values = lesson.compute(scenario)
    for one in told.values():
        for template in (one["name"], *one["madeOf"], *one["together"], *one["after"]):
            assert unknown(template, values) is None


def test_the_oracle_finds_an_element_that_nobody_has():
    values = softmax.compute(softmax.Scenario())
    assert "no array" in unknown("jacobian:{i},{j}", values)
    assert "2 indices" in unknown("J:{i}", values)


# Home shows the scores, the output and the result: no factors are on screen.
OF_FACTORS = [lesson for lesson in LESSONS if lesson.name != "home"]


@pytest.mark.parametrize("lesson", OF_FACTORS, ids=name)
def test_an_element_that_is_a_product_has_the_number_of_its_factors(lesson):
    """The sum over what is no index of its own, as in Jᵀ·g: else the words would be wrong."""
    scenario, told = told_of(lesson)
    values = lesson.compute(scenario)
    made = {figure: one for figure, one in told.items() if one["madeOf"]}
    assert made
    for one in made.values():
        numbers = one.get("numbers") or np.ravel(values[one["name"].split(":")[0]])
        for at, own in enumerate(np.ndindex(*one["places"].values())):
            bound = dict(zip(one["places"], own, strict=True))
            total = sum_of_products(one["madeOf"], bound, values)
            # As text it is none, which a product with one that is none is, too.
            assert float(numbers[at]) == pytest.approx(total, abs=1e-12, nan_ok=True)


def sum_of_products(factors, bound, values):
    """The product of the factors, summed over every index that is not bound."""
    extents = {}
    for array, place in (template.split(":") for template in factors):
        for count, index in zip(values[array].shape, place.split(","), strict=True):
            if index.startswith("{") and index[1:-1] not in bound:
                extents[index[1:-1]] = count
    total = 0.0
    for free in np.ndindex(*extents.values()):
        at = bound | dict(zip(extents, free, strict=True))
        places = [template.format_map(at).split(":") for template in factors]
        indices = [(array, tuple(map(int, place.split(",")))) for array, place in places]
        total += np.prod([values[array][index] for array, index in indices])
    return total


@pytest.mark.parametrize("lesson", LESSONS, ids=name)
def test_the_numbers_of_elements_are_as_many_as_their_places(lesson):
    for one in told_of(lesson)[1].values():
        if "numbers" in one:
            assert len(one["numbers"]) == np.prod(list(one["places"].values()))


def test_an_open_question_says_nothing_of_what_is_asked():
    (practice,) = (lesson for lesson in LESSONS if lesson.name == "practice")
    scenario = scenario_of(practice)
    drawn = practice.drawn(practice.moment(scenario, {}))
    assert all("elements" not in drawn[figure] for figure in ("dx", "terms", "jacobian"))
    assert all("select" not in figure for figure in drawn.values())


@pytest.mark.parametrize("lesson", [softmax.LESSON, sigmoid.LESSON], ids=name)
def test_what_can_be_dragged_selects_the_input_that_is_dragged(lesson):
    scenario = scenario_of(lesson)
    drawn = lesson.drawn(lesson.moment(scenario, {}))
    handled = [figure for figure in drawn.values() if "handles" in figure]
    assert [figure["select"]["field"] for figure in handled] == ["j", "j"]
