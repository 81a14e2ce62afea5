"""What tests of lessons share: scenarios from links, and the figures that show them."""

import numpy as np

from visualizer.lessons import LESSONS
from visualizer.scenario.codecs import ROWS, format_rows


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


def rows_of(lesson):
    """The fields of a lesson that are rows of numbers; Home writes some of them itself."""
    codecs = lesson.Scenario.codecs()
    return [name for name, codec in codecs.items() if codec is ROWS]


def dragged_rows(lesson):
    """The fields of rows whose numbers are dragged; a message that says a drag has none."""
    scenario = lesson.Scenario.from_query(lesson.shown_at)[0]
    return [name for name in lesson.moves if is_rows(getattr(scenario, name))]


def is_rows(value):
    """Whether a value is rows of numbers, with one at least."""
    return isinstance(value, tuple) and len(value) > 0


def takes(lesson, count):
    """Whether the rows of a lesson may have so many numbers; a lesson without rows takes none."""
    bounds = [lesson.Scenario.said_of(name) for name in rows_of(lesson)]
    return bool(bounds) and all(said["least"] <= count <= said["most"] for said in bounds)


def wide(lesson, count, **more):
    """The query of a lesson with so many inputs, the last of them in view."""
    rng = np.random.default_rng(count)
    query = {}
    for name in rows_of(lesson):
        low, high = lesson.Scenario.said_of(name)["between"]
        query[name] = format_rows([rng.uniform(max(low, -1), min(high, 1), count).tolist()])
    last = {"j": str(count - 1)} if lesson.Scenario.said_of("j").get("of") in query else {}
    return query | last | more
