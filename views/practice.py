"""The Practice page: the numbers of a question, and after the answer what the layer makes of them.

Before the answer is locked, nothing that leaves the server depends on the result.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np

from figures import enlarged, palette, term_bars
from nnfs import vjp_terms
from views import sigmoid, softmax
from views.axes import fit
from views.codecs import (
    AXES,
    MAX_CLASSES,
    Codec,
    Refused,
    Rows,
    format_rows,
    index_below,
    one_of,
    parse_rows,
)
from views.dust import settled, softmax_terms
from views.questions import ANY, LAYERS, Question, question
from views.quiz.kinds import KINDS
from views.quiz.question import results
from views.quiz.words import subscript
from views.scenario import BaseScenario
from views.steps import staged

LEVELS, MAX_SEED, MAX_NUMBER = 3, 9999, 999
MAX_OPTIONS = LEVELS + 2  # as many as a layer has inputs
HEIGHT = 184

# How far the axes reach while the question is open: the same for all questions, so that they say
# nothing about the answer. Of a sigmoid they are what the figures have later too.
OPEN_AXES = {"softmax": (5.0, 2.0, 1.0, 1.0, 0.25), "sigmoid": (5.0, 2.0, 0.5)}

# Our names of the figures of the two layers, so that a figure stays when the layer changes.
FIGURES = {
    "softmax": {"dx": "dx", "x": "z", "g": "g", "local": "s", "jacobian": "jacobian"},
    "sigmoid": {"dx": "dx", "x": "curve", "g": "g", "local": "slope", "jacobian": "jacobian"},
}
# Titles for the projector.
ALIKE = {"g": "grad_next g", "jacobian": "Jacobian J", "terms": "Terms", "dx": "Result dx"}
SHORT = {
    "softmax": ALIKE | {"x": "Logits z", "local": "Output s"},
    "sigmoid": ALIKE | {"x": "Inputs x on σ", "local": "Slope y (1 − y)"},
}

GIVEN = {"softmax": {"x", "g", "local"}, "sigmoid": {"x", "g"}}

# What makes another question.
CHOICE = {"seed", "level", "kind", "layer", "n"}


def _whole(low: int, high: int) -> Codec:
    """Return the codec of a whole number from low to high."""

    def parse(text: str) -> int:
        value = index_below(high + 1).parse(text)
        if value < low:
            raise Refused(f"expected a whole number from {low} to {high}, got {value}")
        return value

    return Codec(parse, str)


OPTIONAL_ROWS = Codec(
    parse=lambda text: parse_rows(text) if text else (), format=format_rows, in_link=False
)
UNLINKED_INDEX = replace(index_below(MAX_CLASSES), in_link=False)
UNLINKED_ANSWER = replace(index_below(MAX_OPTIONS + 1), in_link=False)


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
        j: the input whose terms are shown.
        axes: of the layer's own scenario.
    """

    SLOW = True  # a question is drawn again and again until it is a fair one

    seed: int = field(default=1, metadata={"codec": _whole(0, MAX_SEED)})
    level: int = field(default=1, metadata={"codec": _whole(1, LEVELS)})
    kind: str = field(default=ANY, metadata={"codec": one_of((ANY, *KINDS))})
    layer: str = field(default=ANY, metadata={"codec": one_of((ANY, *LAYERS))})
    n: int = field(default=1, metadata={"codec": _whole(1, MAX_NUMBER)})
    answer: int = field(default=0, metadata={"codec": UNLINKED_ANSWER})
    x: Rows = field(default=(), metadata={"codec": OPTIONAL_ROWS})
    g: Rows = field(default=(), metadata={"codec": OPTIONAL_ROWS})
    j: int = field(default=0, metadata={"codec": UNLINKED_INDEX})
    axes: tuple[float, ...] = field(default=(), metadata={"codec": AXES})

    @classmethod
    def always_linked(cls) -> tuple[str, ...]:
        """What a room needs: a link reads `/practice?seed=7&level=2&kind=any&n=3`."""
        return ("seed", "level", "kind", "n")

    @property
    def asked(self) -> Question:
        """The question."""
        return question(self.seed, self.level, self.n, self.kind, self.layer)

    @property
    def locked(self) -> bool:
        """Whether the answer is given."""
        return self.answer > 0

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[Self, list[str]]:
        """Return the scenario of a query; the answer to a question that it misspells is not taken.

        Else another question than the one meant would be given away.
        """
        scenario, messages = super().from_query(query)
        if not scenario.locked or not CHOICE & {message.split(":")[0] for message in messages}:
            return scenario, messages
        message = "answer: it belongs to another question. This one is open."
        return scenario.revealed(0), [*messages, message]

    def updated(self, query: Mapping[str, str]) -> tuple[Self, list[str]]:
        """Return this scenario with the fields that the query names; a new question is open.

        An answer is locked in or comes with a link; no edit of a figure brings one.
        """
        query = {name: text for name, text in query.items() if name != "answer"}
        before = replace(self, answer=0) if CHOICE & query.keys() else self
        return super(Scenario, before).updated(query)

    def to_exact_link(self) -> dict[str, str]:
        """Return the link of the question, with the answer and what was dragged or pointed at."""
        if not self.locked:
            return self.to_link()
        query, own = self.to_query(), self.revealed(self.answer).to_query()
        dragged = {name: query[name] for name in ("x", "g", "j") if query[name] != own[name]}
        return self.to_link() | {"answer": query["answer"]} | dragged

    def revealed(self, answer: int) -> Self:
        """Return this question with its own numbers: open, or with what decides its answer."""
        return replace(self, answer=answer, x=(), g=(), axes=()).fitted(frozenset())[0]

    def fitted(self, given: frozenset[str]) -> tuple[Self, list[str]]:
        """Give an open question its own numbers; keep what is dragged afterwards in shape."""
        asked, shown, messages = self.asked, self, []
        if self.answer > (count := len(asked.options)):
            messages = [
                f"answer: expected one of {count} options, from 1 to {count}, got {self.answer}. "
                "The question is open."
            ]
            shown = replace(self, answer=0)
        if shown.locked:
            shown, messages = shown._filled(given)
        else:
            axes = OPEN_AXES[asked.layer]
            shown = replace(shown, x=(asked.x,), g=(asked.g,), j=asked.j, axes=axes)
        layer, more = shown.of_layer.fitted(given & {"g", "j"})
        x = layer.z if asked.layer == "softmax" else layer.x
        return replace(shown, x=x, g=layer.g, j=layer.j, axes=layer.axes), messages + more

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
        if self.axes:
            return shown, messages
        decisive = _decisive(shown)  # at first: from the lock, or from a link
        return replace(shown, **decisive | ({"j": self.j} if "j" in given else {})), messages

    @property
    def exported(self) -> softmax.Scenario | sigmoid.Scenario | None:
        """The layer's own scenario, once the answer is given: its numbers are the answer."""
        return self.of_layer if self.locked else None

    @property
    def of_layer(self) -> softmax.Scenario | sigmoid.Scenario:
        """What the page of the layer itself would show."""
        same = {"g": self.g, "j": self.j, "axes": self.axes}
        if self.asked.layer == "softmax":
            return softmax.Scenario(z=self.x, T=self.asked.T, **same)
        return sigmoid.Scenario(x=self.x, **same)


def view(scenario: Scenario) -> dict[str, dict]:
    """Return the figures by name; those that show the result say "not run yet" until the lock."""
    figures = _figures(scenario)
    if not scenario.present:
        return figures
    names = SHORT[scenario.asked.layer]
    return {name: enlarged(f, names[name], 3, scenario.j) for name, f in figures.items()}


def _figures(scenario: Scenario) -> dict[str, dict]:
    layer, inner = scenario.asked.layer, scenario.of_layer
    module = softmax if layer == "softmax" else sigmoid
    shown = module.view(inner)
    shown = {ours: _placed(shown[theirs]) for ours, theirs in FIGURES[layer].items()}
    figures = shown | {"terms": _placed(_terms(scenario, module.numbers(inner)))}
    if scenario.locked:
        return figures
    lit = {name: {1} if name in GIVEN[layer] else {2} for name in figures}
    figures = staged(figures, lit, 1)
    titles = {"x": "Logits z" if layer == "softmax" else "Inputs x on the curve y = σ(x)"}
    figures["x"] = _titled(figures["x"], titles["x"])
    if layer == "sigmoid":
        figures["x"] = _without_slopes(figures["x"])
    return {name: _fixed(figure) for name, figure in figures.items()}


def _decisive(scenario: Scenario) -> dict[str, Any]:
    """Return the input to point at, and axes that the question's result and its terms fill."""
    asked = scenario.asked
    own = replace(scenario, x=(asked.x,), g=(asked.g,), axes=()).of_layer.fitted(frozenset())[0]
    dx = results(asked.layer, asked.x, asked.g, asked.T).dx
    j = KINDS[asked.kind].pointed(asked, dx)
    if asked.layer == "sigmoid":
        return {"j": j, "axes": OPEN_AXES["sigmoid"][:1] + own.axes[1:]}
    running = softmax.numbers(own).terms[:, j].cumsum()
    reach = fit([*dx.tolist(), *running.tolist()], 0.05)
    return {"j": j, "axes": (*own.axes[:3], reach, *own.axes[4:])}


def _terms(scenario: Scenario, values: softmax.Numbers | sigmoid.Numbers) -> dict[str, Any]:
    j = scenario.j
    y, x = ("s", "z") if scenario.asked.layer == "softmax" else ("y", "x")
    terms = vjp_terms(values.J[np.newaxis], values.g[np.newaxis])[0]
    dx = values.dx
    if y == "s":
        dx = settled(dx, softmax_terms(values.s, values.g) / scenario.asked.T)
    return term_bars(
        terms[:, j].tolist(),
        float(dx[j]),
        title=f"Terms g<sub>i</sub>·∂{y}<sub>i</sub>/∂{x}<sub>{j}</sub> add up to dx<sub>{j}</sub>",
        color=palette.TERM,
        total_color=palette.RESULT,
        limit=scenario.axes[3 if y == "s" else 2],
    )


def _placed(figure: dict[str, Any]) -> dict[str, Any]:
    """Make a figure fit three rows, and its handles edit our field."""
    figure = figure | {"layout": figure["layout"] | {"height": HEIGHT}}
    if handles := figure.get("handles"):
        field = "x" if handles["field"] == "z" else handles["field"]
        figure["handles"] = handles | {"field": field, "moves": []}
    return figure


def _titled(figure: dict[str, Any], title: str) -> dict[str, Any]:
    layout = figure["layout"]
    alt = layout["meta"]["alt"].replace(layout["title"]["text"], title)
    named = {"title": layout["title"] | {"text": title}, "meta": layout["meta"] | {"alt": alt}}
    return figure | {"layout": layout | named}


def _without_slopes(figure: dict[str, Any]) -> dict[str, Any]:
    """Leave of the curve with its tangents the curve, and the points with their names."""
    curve, _, points = figure["data"]
    names = [f"x{subscript(i)}" for i in range(len(points["x"]))]
    where = ["top left" if x < 0 else "bottom right" for x in points["x"]]
    bare = {key: points[key] for key in ("type", "x", "y")} | {
        "mode": "markers+text",
        "marker": points["marker"] | {"opacity": 1.0},
        "text": names,
        "textposition": where,
        "hoverinfo": "skip",
    }
    return figure | {"data": [curve, bare]}


def _fixed(figure: dict[str, Any]) -> dict[str, Any]:
    """Take away what can be dragged."""
    return {key: value for key, value in figure.items() if key != "handles"}
