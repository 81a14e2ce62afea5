"""Handles that move by themselves: once when a page opens, and at each stop of a tour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from visualizer.scenario import BaseScenario

# No tour is longer: a stop is a sentence, and five of them are half a minute.
MOST_STOPS = 5


@dataclass(frozen=True)
class Play:
    """One drag that a page does by itself.

    Attributes:
        figure: whose handles move.
        to: where to, as text of the row in view.
        after: seconds that the figure stands still before.
        seconds: that it takes.
        back: whether it comes back and counts for nothing; else it counts as a drag by hand.
        invite: what the handle says afterwards, until the first touch; nothing if empty.
    """

    figure: str
    to: str
    after: float = 0.4
    seconds: float = 1.5
    back: bool = False
    invite: str = ""


@dataclass(frozen=True)
class Stop:
    """One stop of a tour: a sentence, a drag, and what the user does next.

    Attributes:
        words: what is to be seen.
        start: the fields that are set when it is entered, as text.
        play: the drag that it does; None where the user does it.
        yours: what the user does next.
        practice: of a question that follows, what its link says; {} for none.
    """

    words: str
    start: Mapping[str, str]
    play: Play | None = None
    yours: str = ""
    practice: Mapping[str, str] = field(default_factory=dict)


def stop_query(stops: tuple[Stop, ...], number: int) -> dict[str, str]:
    """Return what the link of a stop says, counted from 1: the state that it starts from."""
    return {**stops[number - 1].start, "tour": str(number)}


def stop_of(lesson: Any, scenario: BaseScenario) -> Stop | None:
    """Return the stop that a scenario is at; None where there is no tour, or none is taken."""
    number = getattr(scenario, "tour", 0)
    return lesson.tour[number - 1] if 0 < number <= len(lesson.tour) else None


def told(lesson: Any, scenario: BaseScenario, entered: int) -> dict[str, Any] | None:
    """Return what the browser is told to play; None for nothing.

    A stop is played from the state that it starts from, and from no other: who reloads the page, or
    has dragged already, finds the picture as it was left.

    Args:
        lesson: the page.
        scenario: what it shows.
        entered: how often a stop was entered: each time is one to play.
    """
    stop = stop_of(lesson, scenario)
    play = stop.play if stop else lesson.play
    if play is None or (stop and not _is_at_start(stop, scenario)):
        return None
    drag = next(figure.drag for figure in lesson.figures if figure.name == play.figure)
    number = getattr(scenario, "tour", 0)
    return {
        "key": f"{lesson.name} {number} {entered}" if stop else lesson.name,
        "figure": play.figure,
        "from": list(getattr(scenario, drag)[scenario.row]),
        "to": [float(text) for text in play.to.split(",")],
        "after": play.after,
        "seconds": play.seconds,
        "back": play.back,
        "invite": play.invite,
    }


def _is_at_start(stop: Stop, scenario: BaseScenario) -> bool:
    """Tell whether a scenario is still as it was when the stop was entered."""
    return scenario.updated(dict(stop.start))[0] == scenario
