"""The answers of a visit to the Practice page: those locked in count, those of a link do not."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from visualizer.quiz.kinds import KINDS
from visualizer.quiz.question import Question

# After so many answers there is a summary.
ROUND = 10


@dataclass
class Answers:
    """The options chosen, from 1, by question.

    Attributes:
        own: locked in by the visitor; the first one counts, there is no second attempt.
        linked: that came with a link. An answer revealed by a link never counts, nor does what
            the visitor locks in afterwards.
        hinted: for which the visitor took the hint. They count like any other.
        summed: the question after which the summary is shown, while it is.
    """

    own: dict[Question, int] = field(default_factory=dict)
    linked: dict[Question, int] = field(default_factory=dict)
    hinted: set[Question] = field(default_factory=set)
    summed: Question | None = None

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
        """How many of the visitor's own are right, and with how many hints."""
        return said(self.own.items(), self.hinted)

    def round_ending(self, asked: Question) -> list[tuple[Question, int]]:
        """Return the ten answers of which this question's is the last; else none."""
        own = list(self.own.items())
        place = next((place for place, (other, _) in enumerate(own, 1) if other == asked), 0)
        return own[place - ROUND : place] if place and place % ROUND == 0 else []


def said(answered: Collection[tuple[Question, int]], hinted: Collection[Question] = ()) -> str:
    """Say how many of some answers are right, and how many hints were taken for them."""
    right = sum(answer == asked.right + 1 for asked, answer in answered)
    hints = sum(asked in hinted for asked, _ in answered)
    text = f"{right} of {len(answered)} right"
    return f"{text} · {hints} hint{'s' * (hints > 1)}" if hints else text


def by_kind(answered: Collection[tuple[Question, int]]) -> dict[str, list[tuple[Question, int]]]:
    """Return answers by the name of their kind, in the order of the menu."""
    found = {kind: [pair for pair in answered if pair[0].kind == kind] for kind in KINDS}
    return {kind: pairs for kind, pairs in found.items() if pairs}
