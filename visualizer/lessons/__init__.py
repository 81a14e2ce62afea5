"""Lessons: what each page is, said once, in the order in which the pages stand.

A lesson is a scenario, the function that runs nnfs on it, its figures, and its place. Here belongs
what a page shows and computes; it is pure. Words and layout stand in `pages`, and nothing here
knows Streamlit. A new page is one file here, one in `pages`, and its line in LESSONS.
"""

from visualizer.lessons import (
    chain,
    gradient_check,
    home,
    losses,
    practice,
    precision,
    side_by_side,
    sigmoid,
    simplex,
    softmax,
    your_layer,
)
from visualizer.lessons.lesson import Lesson
from visualizer.scenario import BaseScenario

# Navigation, cards on Home, the fast lane, links, exports and the tests of all pages follow this.
LESSONS: tuple[Lesson, ...] = (
    home.LESSON,
    softmax.LESSON,
    sigmoid.LESSON,
    side_by_side.LESSON,
    losses.LESSON,
    chain.LESSON,
    simplex.LESSON,
    gradient_check.LESSON,
    precision.LESSON,
    your_layer.LESSON,
    practice.LESSON,
)

BY_NAME = {lesson.name: lesson for lesson in LESSONS}


def lesson_of(scenario: BaseScenario) -> Lesson:
    """Return the lesson that exports such a scenario: of Home, that of the page behind it."""
    return next(
        lesson for lesson in LESSONS if lesson.address and isinstance(scenario, lesson.Scenario)
    )
