"""What undo and redo go through: the scenarios of a page, one before each edit."""

from dataclasses import dataclass, field

from visualizer.scenario import BaseScenario

# Of the scenarios that are kept: how many, and how long their text may be together. A batch of
# thousands of numbers is kept a few times, a usual state as often as a lecture needs.
MOST, LONGEST = 100, 400_000


@dataclass
class History:
    """The edits of one page that can be taken back, and those that were.

    Attributes:
        past: the scenarios before each edit, the oldest first.
        future: those that undo has left, the next one last.
    """

    past: list[BaseScenario] = field(default_factory=list)
    future: list[BaseScenario] = field(default_factory=list)

    def record(self, before: BaseScenario, after: BaseScenario) -> None:
        """Take in an edit, if it is one: to look at a page in another way changes nothing of it."""
        if after.looked_at_as(before) == before:
            return
        self.past.append(before)
        self.future.clear()
        length = 0
        for place, scenario in enumerate(reversed(self.past)):
            length += sum(map(len, scenario.to_query().values()))
            if place == MOST or (length > LONGEST and place > 0):
                del self.past[: len(self.past) - place]
                return

    def back(self, now: BaseScenario) -> BaseScenario:
        """Return the scenario before the last edit; the one of now where there is none."""
        return _turn(self.past, self.future, now)

    def forth(self, now: BaseScenario) -> BaseScenario:
        """Return the scenario that the last undo has left; the one of now where there is none."""
        return _turn(self.future, self.past, now)


def _turn(taken: list[BaseScenario], kept: list[BaseScenario], now: BaseScenario) -> BaseScenario:
    if not taken:
        return now
    kept.append(now)
    return taken.pop().looked_at_as(now)
