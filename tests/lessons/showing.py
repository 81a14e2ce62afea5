"""What tests of lessons share: scenarios from links, and the figures that show them."""

from visualizer.lessons import LESSONS
from visualizer.scenario.codecs import ROWS


def scenario_of(lesson, **query):
    """The scenario of a link that has nothing wrong in it."""
    scenario, messages = lesson.Scenario.from_query(query)
    assert messages == []
    return scenario


def figures_of(lesson, scenario, kept=None):
    """All figures by name; on axes that end where `kept` says, or fitted to the numbers."""
    return lesson.drawn(lesson.moment(scenario, kept or {}))


def name(value):
    """The name of a lesson in the name of a test."""
    return value.name if value in LESSONS else str(value)


def inputs_of(lesson):
    """The field that the others have the shape of: the first with rows."""
    return next(name for name, codec in lesson.Scenario.codecs().items() if codec is ROWS)
