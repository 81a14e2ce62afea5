"""What goes along from page to page: the inputs and g, where the next page can take them."""

from typing import Any

from visualizer.lessons.lesson import Lesson
from visualizer.scenario import BaseScenario, resized, with_row

# What a layer is given is called either way: logits of a softmax, or inputs of a sigmoid.
GIVEN = ("z", "x")


def carried(lesson: Lesson, scenario: Any, to: Lesson, there: Any) -> BaseScenario:
    """Return what the next page shows: what it showed last, with the inputs of this page.

    Of a batch the sample in view goes along, and takes the place of the one in view there; others
    have as many numbers then. Where not all of them fit, nothing goes along.

    Args:
        lesson: this page.
        scenario: what it shows.
        to: the next page.
        there: what that one showed last.
    """
    if to is lesson:  # they have come back to where they are from
        return there
    sources = {field: _source(field, lesson, to) for field in to.inputs}
    rows = {f: getattr(scenario, s)[scenario.row] for f, s in sources.items() if s}
    if not rows:
        return there
    count = len(next(iter(rows.values())))
    fields = {field: resized(getattr(there, field), count) for field in to.inputs}
    fields |= {field: with_row(fields[field], there.row, row) for field, row in rows.items()}
    shown, refused = there.changed(**fields)
    return there if refused else shown


def _source(field: str, lesson: Lesson, to: Lesson) -> str:
    """Return the input of a page that the next one calls by this name; "" where it has none.

    The other name of what a layer is given counts where the next page has only one of the two.
    """
    others = GIVEN if field in GIVEN and not {*GIVEN} <= {*to.inputs} else ()
    return next((name for name in (field, *others) if name in lesson.inputs), "")
