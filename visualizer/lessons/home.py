"""Home: one question in thirty seconds, on three classes with names, with a real softmax."""

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, replace
from typing import Any, Self

from visualizer.figures import NARROW_COLUMN, Axis, Bars, Flow, palette
from visualizer.lessons import softmax
from visualizer.lessons.lesson import Values
from visualizer.lessons.tour import Play
from visualizer.scenario import Rows, index_of, rows
from visualizer.scenario.codecs import ROWS

NAMES = ("cat", "dog", "bird")
# With it the doors end just above the edge of a window of 1280 × 720, in pixels.
HEIGHT = 300


def _follows_j(scenario: Any, item: Field[Any], given: bool) -> tuple[Rows, list[str]]:
    """Ask for more of class j: the gradient is then that of sⱼ, and says who pays for it."""
    classes = len(scenario.z[0])
    j = scenario.j if scenario.j < classes else 0  # what that field becomes, which is fitted later
    return (tuple(float(i == j) for i in range(classes)),) * len(scenario.z), []


@dataclass(frozen=True)
class Scenario(softmax.Scenario):
    """What Home shows: scores, and the class that is pushed up.

    Attributes:
        z: scores, one row.
        j: the class that is pushed.
        g: one-hot for class j, so no part of the link.
    """

    ALWAYS = ("z", "j")  # type: ignore[assignment]  # fewer than the page behind it

    z: Rows = rows("2,1,0.5", least=2)
    j: int = index_of("z", default=1)
    g: Rows = field(
        default=((0.0, 1.0, 0.0),),
        metadata={"codec": replace(ROWS, in_link=False), "rule": _follows_j},
    )

    def updated(self, query: Mapping[str, str]) -> tuple[Self, list[str]]:
        """Return this scenario with the fields that a query names; a one-hot g says which j."""
        if "j" not in query and (pushed := _pushed(query.get("g", ""))) is not None:
            query = {**query, "j": str(pushed)}
        return super().updated(query)


def _pushed(text: str) -> int | None:
    """Return the class that a gradient asks for more of; None of a gradient that is not one-hot."""
    row = text.partition(";")[0].split(",")
    return row.index("1") if sorted(row) == ["0"] * (len(row) - 1) + ["1"] else None


def compute(scenario: Scenario) -> Values:
    """Run the softmax, as its own page does; `who` is the class that is pushed, by its name."""
    values = softmax.compute(scenario)
    named = len(values["z"]) == len(NAMES)
    return {**values, "who": NAMES[scenario.j] if named else str(scenario.j)}


# With room for the score that moves by itself.
Z = Axis("z", least=1.0, room=1.6, sides=0.3)
S = Axis("s", least=1.0, most=1.0, grows=False)
PAYS = Axis("pays", over="dx", least=0.25, most=0.25, grows=False)
FLOW = Axis("flow", least=0.1, grows=False)

# fmt: off
FIGURES = (
    Bars("dx", "Who pays: dz = ∂s<sub>{who}</sub>/∂z", short="Who pays",
         color=palette.RESULT, axis=PAYS, select="j", names=NAMES, tall=True, stands_out=True,
         symbol="dz", index="j", together=("s:{j}", "z:{j}")),
    Flow("flow", "One more for {who}: from g to dz", short="From g to dz", of="terms",
         color=palette.UPSTREAM, called_results="dz", result_color=palette.RESULT, axis=FLOW,
         symbol="g", names=NAMES, tall=True),
    Bars("s", "Shares s = softmax(z): they add up to 1", short="Shares s", color=palette.OUTPUT,
         axis=S, low=0.0, select="j", names=NAMES, tall=True, moves_with=("z",)),
    Bars("z", "Scores z: drag a bar", short="Scores z", color=palette.LOGITS, axis=Z, drag="z",
         select="j", names=NAMES, tall=True, moves_with=("z",)),
)
# fmt: on

LESSON = replace(
    softmax.LESSON,
    name="home",
    title="Home",
    icon=":material/home:",
    section="",
    question="",
    door={},
    tour=(),
    play=Play("z", "2,3,0.5", after=1.0, seconds=2.0, back=True, invite="drag me"),
    Scenario=Scenario,
    compute=compute,
    figures=tuple(figure.having(column=NARROW_COLUMN, height=HEIGHT) for figure in FIGURES),
    rows=(("z", "s", "flow", "dx"),),
)
