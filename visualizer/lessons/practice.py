"""The Practice page: the numbers of a question, and after the answer what the layer makes of them.

Before the answer is locked, nothing that leaves the server depends on the result.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Self

from visualizer.figures import Figure, PointsOnCurve, TermBars, palette
from visualizer.figures.axes import Axis
from visualizer.figures.figure import Moment
from visualizer.lessons import sigmoid, softmax
from visualizer.lessons.lesson import Lesson, Values
from visualizer.lessons.steps import CHECK
from visualizer.quiz.kinds import KINDS
from visualizer.quiz.question import LAYERS, Question, results
from visualizer.quiz.questions import ANY, LEVELS, question
from visualizer.scenario import BaseScenario, Rows, choice, unlinked, whole
from visualizer.scenario.codecs import FLAG, MAX_CLASSES, OPTIONAL_ROWS, index_below

MAX_SEED, MAX_NUMBER = 9999, 999
MAX_OPTIONS = max(LEVELS) + 2  # as many as a layer has inputs
HEIGHT = 184

# How far the axes reach while the question is open: the same for all questions, so that they say
# nothing about the answer. The curve of a sigmoid reaches as far later too.
OPEN_ENDS = {
    "softmax": {"z": 5.0, "g": 2.0, "s": 1.0, "dx": 1.0, "terms": 1.0, "J": 0.25},
    "sigmoid": {"x": 5.0, "g": 2.0, "dx": 0.5, "J": 0.25},
}

# The question's own numbers, and the terms that decide it, with what the reason speaks of lit.
OWN: dict[str, Any] = {"x": (), "g": (), "j": -1, "whole": False}

# As in a lecture: what is given; and when all has been run, what the reason speaks of.
GIVEN_STEP, REASON_STEP = 1, CHECK

# What makes another question.
CHOICE = {"seed", "level", "kind", "layer", "n"}


@dataclass(frozen=True)
class Scenario(BaseScenario):
    """What the Practice page shows.

    Attributes:
        seed: of the questions; a room that shares it gets the same ones.
        level: of difficulty, from 1.
        kind: of question, or any.
        layer: that is asked about, or any.
        n: number of the question, from 1.
        answer: the option that is locked in, from 1, so that everything may be shown; 0 for none.
            The address bar leaves it out, with all that follows from it: who is given the
            address, or reloads it, gets the question.
        x: inputs of the layer, one row; those of the question until it is answered.
        g: upstream gradient; as x.
        j: the input whose terms are shown; until one is chosen, −1 for the one that decides.
        whole: whether all figures of an answered question are lit, and not only those that its
            reason speaks of; so they are as soon as somebody has touched one.
    """

    SLOW = True  # a question is drawn again and again until it is a fair one
    ALWAYS = ("seed", "level", "kind", "n")

    seed: int = whole(1, 0, MAX_SEED, called="Seed")
    level: int = whole(1, min(LEVELS), max(LEVELS), called="Level")
    kind: str = choice(ANY, *KINDS, called="Kind")
    layer: str = choice(ANY, *LAYERS, called="Layer")
    n: int = whole(1, 1, MAX_NUMBER, called="Question")
    answer: int = unlinked(0, index_below(MAX_OPTIONS + 1))
    x: Rows = unlinked((), OPTIONAL_ROWS)
    g: Rows = unlinked((), OPTIONAL_ROWS)
    j: int = unlinked(-1, index_below(MAX_CLASSES))
    whole: bool = unlinked(False, FLAG, called="Show all")

    @property
    def asked(self) -> Question:
        """The question."""
        return question(self.seed, self.level, self.n, self.kind, self.layer)

    @property
    def T(self) -> float:
        """The temperature of the question."""
        return self.asked.T

    @property
    def locked(self) -> bool:
        """Whether the answer is given."""
        return self.answer > 0

    @property
    def step(self) -> int:
        """As in a lecture: what is given, what the reason speaks of, and then everything."""
        if not self.locked:
            return GIVEN_STEP
        return 0 if self.whole or self.is_touched else REASON_STEP

    @property
    def is_touched(self) -> bool:
        """Whether an answered question shows other numbers or terms than those that decide it."""
        own = ((self.asked.x,), (self.asked.g,), decisive(self.asked))
        return self.locked and (self.x, self.g, self.j) != own

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[Self, list[str]]:
        """Return the scenario of a query; the answer to a question that it misspells is not taken.

        Else another question than the one meant would be given away.
        """
        scenario, messages = super().from_query(query)
        refused = {message.split(":")[0] for message in messages}
        if not scenario.locked or not {cls.called(name) for name in CHOICE} & refused:
            return scenario, messages
        message = "answer: it belongs to another question. This one is open."
        return scenario.revealed(0), [*messages, message]

    def updated(self, query: Mapping[str, str]) -> tuple[Self, list[str]]:
        """Return this scenario with the fields that the query names; a new question is open.

        An answer is locked in or comes with a link; no edit of a figure brings one.
        """
        query = {name: text for name, text in query.items() if name != "answer"}
        if {"x", "g", "j"} & query.keys():  # a hand is on a figure
            query["whole"] = FLAG.format(True)
        return super(Scenario, self._before(query)).updated(query)

    def changed(self, **values: Any) -> tuple[Self, list[str]]:
        """Return this scenario with these fields; a new question is open."""
        return super(Scenario, self._before(values)).changed(**values)

    def _before(self, change: Mapping[str, Any]) -> Self:
        return replace(self, answer=0) if CHOICE & change.keys() else self

    def to_exact_link(self) -> dict[str, str]:
        """Return the link of the question, with the answer and what was dragged or pointed at."""
        if not self.locked:
            return self.to_link()
        query, own = self.to_query(), self.revealed(self.answer).to_query()
        dragged = {name: query[name] for name in ("x", "g", "j") if query[name] != own[name]}
        whole = {"whole": query["whole"]} if self.whole and not dragged else {}
        return self.to_link() | {"answer": query["answer"]} | dragged | whole

    def revealed(self, answer: int) -> Self:
        """Return this question with its own numbers: open, or with what decides its answer."""
        return replace(self, answer=answer, **OWN).fitted(frozenset())[0]

    def fitted(self, given: frozenset[str]) -> tuple[Self, list[str]]:
        """Give an open question its own numbers; keep what is dragged afterwards in shape."""
        asked, shown, messages = self.asked, self, []
        if self.answer > (count := len(asked.options)):
            messages = [
                f"answer: expected one of {count} options, from 1 to {count}, got {self.answer}. "
                "The question is open."
            ]
            shown = replace(self, answer=0)
        if not shown.locked:
            own: dict[str, Any] = {"x": (asked.x,), "g": (asked.g,), "j": asked.j, "whole": False}
            return replace(shown, **own), messages
        shown, messages = shown._filled(given)
        layer, more = shown.of_layer.fitted(given & {"g", "j"})
        # The question says T, so x gives way.
        if isinstance(layer, softmax.Scenario) and layer.T != asked.T:
            shown, more = replace(shown, x=(asked.x,)).fitted(given)
            message = f"x: x / T leaves the range of float64 at T = {asked.T:g}. "
            return shown, [*messages, message + "Those of the question are shown.", *more]
        x = layer.z if isinstance(layer, softmax.Scenario) else layer.x
        shown = replace(shown, x=x, g=layer.g, j=layer.j)
        return shown.having(whole=shown.whole or shown.is_touched), messages + more

    def _filled(self, given: frozenset[str]) -> tuple[Self, list[str]]:
        """Put the question's own numbers where an answered one has none, or none of its shape."""
        asked, messages = self.asked, []
        shown = replace(self, x=self.x or (asked.x,), g=self.g or (asked.g,))
        if (len(shown.x), *map(len, shown.x)) != (1, len(asked.x)):
            shown = replace(self, x=(asked.x,), g=(asked.g,))
            if "x" in given:
                messages = [
                    f"x: expected 1 × {len(asked.x)} numbers, as the question has, got "
                    f"{len(self.x)} × {len(self.x[0])}. Those of the question are shown."
                ]
        return replace(shown, j=shown.j if shown.j >= 0 else decisive(asked)), messages

    @property
    def exported(self) -> softmax.Scenario | sigmoid.Scenario | None:
        """The layer's own scenario, once the answer is given: its numbers are the answer."""
        return self.of_layer.fitted(frozenset())[0] if self.locked else None

    @property
    def of_layer(self) -> softmax.Scenario | sigmoid.Scenario:
        """What the page of the layer itself would show."""
        return _of_layer(self.asked, self.x, self.g, self.j)


def _of_layer(asked: Question, x: Rows, g: Rows, j: int) -> softmax.Scenario | sigmoid.Scenario:
    if asked.layer == "softmax":
        return softmax.Scenario(z=x, T=asked.T, g=g, j=j)
    return sigmoid.Scenario(x=x, g=g, j=j)


def layer_link(asked: Question) -> dict[str, str]:
    """Return the query that shows the numbers of a question on the page of its layer.

    It is the very link that the page has there: another would be one more step to go back.
    """
    own = _of_layer(asked, (asked.x,), (asked.g,), decisive(asked))
    layer, _ = own.fitted(frozenset())
    return layer.to_link()


@lru_cache(maxsize=1024)
def decisive(asked: Question) -> int:
    """Return the input whose terms show why the answer is right."""
    dx = results(asked.layer, asked.x, asked.g, asked.T).dx
    return KINDS[asked.kind].pointed(asked, dx)


def compute(scenario: Scenario) -> Values:
    """Run the layer of the question, as its own page does."""
    layer = softmax if scenario.asked.layer == "softmax" else sigmoid
    return layer.compute(scenario.of_layer)


# Our figures, each by the name that it has on the page of the layer, so that a figure stays when
# the layer changes; and its title on a projector.
OURS = {
    "softmax": {
        "dx": ("dx", "Result dz"),
        "x": ("z", "Logits z"),
        "g": ("g", "grad_next g"),
        "local": ("s", "Output s"),
        "jacobian": ("jacobian", "Jacobian J"),
    },
    "sigmoid": {
        "dx": ("dx", "Result dx"),
        "x": ("curve", "Inputs x on σ"),
        "g": ("g", "grad_next g"),
        "local": ("slope", "Slope y (1 − y)"),
        "jacobian": ("jacobian", "Jacobian J"),
    },
}
GIVEN = {"softmax": {"x", "g", "local"}, "sigmoid": {"x", "g"}}
SYMBOLS = {"softmax": ("s", "z"), "sigmoid": ("y", "x")}


def figures_of(layer: str, locked: bool) -> tuple[Figure, ...]:
    """Return the figures of a question about a layer: open, without handles, or answered."""
    theirs = {f.name: f for f in (softmax if layer == "softmax" else sigmoid).FIGURES}
    shown = [_placed(theirs[name], ours, short) for ours, (name, short) in OURS[layer].items()]
    figures = [*shown, _terms(layer, theirs["terms" if "terms" in theirs else "dx"].axis)]
    return tuple(figures if locked else (_open(figure, layer) for figure in figures))


def _placed(figure: Figure, name: str, short: str) -> Figure:
    """Return a figure of a layer in our place, with handles that edit our field."""
    drag = {"z": "x"}.get(figure.drag, figure.drag)
    return figure.having(
        name=name,
        of=figure.of or figure.name,
        short=short,
        lit=frozenset(),
        height=HEIGHT,
        drag=drag,
        symbol=figure.symbol or figure.drag or figure.name,
        moves_with=tuple({"z": "x"}.get(field, field) for field in figure.moves_with),
    )


def _terms(layer: str, axis: Axis | None) -> Figure:
    y, x = SYMBOLS[layer]
    return TermBars(
        name="terms",
        title=f"Terms g<sub>i</sub>·∂{y}<sub>i</sub>/∂{x}<sub>{{j}}</sub> add up to "
        f"d{x}<sub>{{j}}</sub>",
        short="Terms",
        color=palette.TERM,
        total_color=palette.RESULT,
        axis=axis,
        height=HEIGHT,
    )


def _open(figure: Figure, layer: str) -> Figure:
    """Return a figure as it is while the question is open: given, or not run yet."""
    step = GIVEN_STEP if figure.name in GIVEN[layer] else REASON_STEP
    lit = {"lit": frozenset({step}), "drag": "", "hint": ""}
    lit["select"] = ""  # the input that decides is a part of the answer
    if figure.name == "x" and isinstance(figure, PointsOnCurve):
        return figure.having(title="Inputs x on the curve y = σ(x)", slopes="", **lit)
    return figure.having(**lit)


def _lit_in_reason(named: bool) -> frozenset[int]:
    """Return the steps of a figure that the reason speaks of, or of one that it does not."""
    return frozenset({GIVEN_STEP, REASON_STEP} if named else {GIVEN_STEP})


FIGURES = {
    (layer, locked): figures_of(layer, locked) for layer in LAYERS for locked in (False, True)
}


class PracticeLesson(Lesson):
    """A lesson whose figures are those of the layer that is asked about."""

    def figures_of(self, scenario: Scenario) -> tuple[Figure, ...]:
        """Return the figures of the question: open, or answered."""
        figures = FIGURES[scenario.asked.layer, scenario.locked]
        if scenario.step != REASON_STEP:
            return figures
        named = KINDS[scenario.asked.kind].speaks_of(scenario.asked)
        return tuple(figure.having(lit=_lit_in_reason(figure.name in named)) for figure in figures)

    def moment(self, scenario: Scenario, kept: Mapping[str, float]) -> Moment:
        """Return the numbers of a question; a drag out of its reason moves more than they do.

        It lights all figures, so that its handles have the browser ask for them whole.
        """
        moment = super().moment(scenario, kept)
        return replace(moment, moves={}) if scenario.step == REASON_STEP else moment

    def ends(
        self, scenario: Scenario, kept: Mapping[str, float], values: Values
    ) -> dict[str, float]:
        """Return axes that say nothing about an open question, and that its answer fills."""
        if not scenario.locked:
            return OPEN_ENDS[scenario.asked.layer]
        return super().ends(scenario, kept or self._decisive(scenario), values)

    def _decisive(self, scenario: Scenario) -> dict[str, float]:
        """Return axes that the question's own numbers fill, whatever was dragged."""
        asked = scenario.asked
        own = replace(scenario, x=(asked.x,), g=(asked.g,), j=decisive(asked))
        values = self.compute(own)
        fitted = super().ends(own, {}, values)
        if asked.layer == "sigmoid":
            return fitted | {"x": OPEN_ENDS["sigmoid"]["x"]}
        return fitted


LESSON = PracticeLesson(
    name="practice",
    title="Practice",
    icon=":material/quiz:",
    section="Learn",
    question="Can you predict it?",
    Scenario=Scenario,
    compute=compute,
    figures=FIGURES["softmax", True],
    rows=((("x", "g", "local"), ("jacobian", "terms", "dx")),),
    shown_at={"answer": "1"},
    keys=(*"123456789", "H"),  # an answer, and a hint
)
