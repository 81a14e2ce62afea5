"""Sentences among the figures that change while something is dragged."""

from dataclasses import dataclass
from typing import ClassVar

from visualizer.figures.figure import Drawn, Figure, Moment
from visualizer.figures.layout import Style


@dataclass(frozen=True, kw_only=True)
class Words(Figure):
    """A few sentences, one a line; the first says most, and is set in bold.

    They are the value named by `of`, a sequence of texts.
    """

    height: int = 90

    KIND: ClassVar[str] = "words"

    def count(self, moment: Moment) -> int:
        """Return 1: they stand below each other."""
        return 1

    def sentences(self, moment: Moment) -> list[str]:
        """Return the sentences."""
        return list(moment.values[self.of or self.name])

    def moving(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the sentences."""
        return [{"text": self.sentences(moment)}]

    def traces(self, moment: Moment, style: Style) -> list[Drawn]:
        """Return the sentences: nothing for plotly.js."""
        return self.moving(moment, style)

    def axes(self, moment: Moment, style: Style) -> tuple[Drawn, Drawn]:
        """Return no options: there are no axes."""
        return {}, {}

    def in_words(self, moment: Moment) -> str:
        """Return the sentences."""
        return " ".join(self.sentences(moment))

    def layout(self, moment: Moment, style: Style) -> Drawn:
        """Return the title, the size of letters, and whether it is set for a projector."""
        title = {"text": self.heading(moment)}
        return {"title": title, "font": {"size": style.text}, **self.live(moment, style)}

    def live(self, moment: Moment, style: Style) -> Drawn:
        """Return the words for those who do not see them."""
        rows = {"rows": style.rows} if style.rows else {}
        return {"meta": {"alt": f"{self.heading(moment)}. {self.in_words(moment)}"} | rows}
