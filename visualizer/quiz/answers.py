"""The answers of a visit to the Practice page: those locked in count, those of a link do not."""

from dataclasses import dataclass, field
from typing import Any

from visualizer.quiz.question import Question


@dataclass
class Answers:
    """The options chosen, from 1, by question.

    Attributes:
        own: locked in by the visitor; the first one counts, there is no second attempt.
        linked: that came with a link. An answer revealed by a link never counts, nor does what
            the visitor locks in afterwards.
    """

    own: dict[Question, int] = field(default_factory=dict)
    linked: dict[Question, int] = field(default_factory=dict)

    def shown(self, scenario: Any) -> Any:
        """Return a scenario of Practice as it is to be shown: answered where an answer is known."""
        asked = scenario.asked
        if scenario.locked:
            if asked not in self.own:
                self.linked[asked] = scenario.answer
            return scenario
        known = self.own.get(asked) or self.linked.get(asked)
        return scenario.revealed(known) if known else scenario

    def lock(self, asked: Question, answer: int) -> None:
        """Take the visitor's answer to an open question."""
        self.own.setdefault(asked, answer)

    @property
    def score(self) -> str:
        """How many of the visitor's own are right."""
        right = sum(answer == asked.right + 1 for asked, answer in self.own.items())
        return f"{right} of {len(self.own)} right"
