"""What a lesson is: one page, described once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from visualizer.exchange.programs import Export
from visualizer.figures.axes import ends
from visualizer.figures.figure import Drawn, Figure, Moment
from visualizer.lessons.blind import Blind
from visualizer.lessons.steps import Steps
from visualizer.lessons.tour import Play, Stop
from visualizer.scenario import BaseScenario
from visualizer.scenario.codecs import ROWS

# The arrays of a moment, by name, and the few numbers and words that go with them.
Values = Mapping[str, Any]

# What stands in a column of a row: a figure by its name, or several from top to bottom.
Cell = str | tuple[str, ...]

# From a scenario to a row of numbers that a menu offers for one of its fields.
Preset = Callable[[Any], Sequence[float]]


class Range(NamedTuple):
    """A range above the figures that edits a number while it is dragged.

    Attributes:
        field: that it edits.
        label: what it is called.
        help: what it does.
        width: in pixels.
        between: how far it reaches; as far as its field may go if None.
        marks: from a scenario to numbers worth a mark on it, by their names.
    """

    field: str
    label: str
    help: str
    width: int
    between: tuple[float, float] | None = None
    marks: Callable[[Any], Mapping[str, float]] | None = None


class Choice(NamedTuple):
    """A menu above the figures for a field that has a few values.

    Attributes:
        field: that it sets.
        label: on its button, with {} for what is chosen.
        help: what it does.
        options: the values, by what they are called there; or what gives them for a scenario.
    """

    field: str
    label: str
    help: str
    options: Mapping[str, Any] | Callable[[Any], Mapping[str, Any]]

    def offered(self, scenario: Any) -> Mapping[str, Any]:
        """Return what can be chosen in a scenario."""
        return self.options(scenario) if callable(self.options) else self.options


@dataclass(frozen=True, kw_only=True)
class Controls:
    """What stands above the figures of a page, beside what every page has.

    Attributes:
        noun: what its inputs are called, such as "classes".
        pointed: what it does to choose an input.
        choices: for fields that have a few values.
        ranges: for numbers.
    """

    noun: str = "inputs"
    pointed: str = ""
    choices: tuple[Choice, ...] = ()
    ranges: tuple[Range, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Lesson:
    """One page: what it shows, what it computes, its figures, and its place.

    There is one of each, equal to no other, so that it can be a key.

    Attributes:
        name: in its address, and before each key on it.
        title: in the navigation, and above its figures.
        icon: beside the title.
        section: of the navigation.
        question: what it answers, for the card that leads to it; none if empty.
        door: what the link of that card says, as text by field.
        tour: its stops; () where it has none.
        play: the drag that it does by itself when it opens, and takes back; None for none.
        Scenario: what it shows, as a value.
        compute: runs nnfs on a scenario, once.
        figures: in the order in which they matter while dragging.
        rows: their places on screen, from top to bottom.
        results: the figures that stay in view on a phone while a cause of them is dragged; the
            first one if empty.
        widths: of the columns of each row, as shares; () where all are equally wide.
        remark: says above its figures what holds of what is chosen, in Markdown: in a few words,
            which is all that a presentation shows, and why. None for nothing.
        steps: of a lecture, where it has some.
        presets: well-known values, by the field that takes them, and by name.
        moments: well-known states of the whole page, each as a link says it, by name; the first
            is the one that teaches its sentence.
        controls: above the figures, unless the page has its own.
        keys: those that have a meaning of their own on it, also in a lecture.
        vectors: in the table of numbers: the names of values, by what they are called there.
        matrices: below them, likewise.
        code: the methods at work.
        export: what leaves it; None where it has no numbers of its own.
        shown_at: what a link has to say so that everything is shown; {} where it always is.
        blind: where tests would miss its wrong passes.
    """

    name: str
    title: str
    icon: str
    section: str = ""
    question: str = ""
    door: Mapping[str, str] = field(default_factory=dict)
    tour: tuple[Stop, ...] = ()
    play: Play | None = None
    Scenario: type[BaseScenario]
    compute: Callable[[Any], Values]
    figures: tuple[Figure, ...]
    rows: tuple[tuple[Cell, ...], ...]
    results: tuple[str, ...] = ()
    widths: tuple[tuple[float, ...], ...] = ()
    remark: Callable[[Any], tuple[str, str]] | None = None
    steps: Steps | None = None
    presets: Mapping[str, Mapping[str, Preset]] = field(default_factory=dict)
    moments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    controls: Controls = Controls()
    keys: tuple[str, ...] = ()
    vectors: Mapping[str, str] = field(default_factory=dict)
    matrices: Mapping[str, str] = field(default_factory=dict)
    code: tuple[Callable[..., Any], ...] = ()
    export: Export | None = None
    shown_at: Mapping[str, str] = field(default_factory=dict)
    blind: Blind = field(default_factory=Blind)

    @property
    def address(self) -> str:
        """Its path: that of Home is the empty one."""
        return "" if self.name == "home" else self.name

    @cached_property
    def stacked(self) -> int:
        """How many figures stand above each other; what is no plot takes no share of the height."""
        plots = {figure.name for figure in self.figures if figure.KIND == "figure"}
        return sum(max(len(plots.intersection(in_cell(c))) for c in row) for row in self.rows)

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """The fields of rows that are dragged: they have as many numbers as each other.

        The ends of a stretch are no inputs.
        """
        codecs, said_of = self.Scenario.codecs(), self.Scenario.said_of
        rows = [field for field in self.moves if codecs[field] is ROWS]
        return tuple(field for field in rows if not said_of(field).get("rising"))

    @cached_property
    def moves(self) -> dict[str, tuple[str, ...]]:
        """By each field that can be dragged, the figures that move with it."""
        return moved_by_field(self.figures)

    @cached_property
    def follows(self) -> frozenset[str]:
        """The fields that show in figures and below them alone: no control says what they are."""
        selected = {figure.select for figure in self.figures}
        ranges = {spec.field for spec in self.controls.ranges}
        return frozenset(
            {*self.moves, *selected, *ranges} - {c.field for c in self.controls.choices}
        )

    def figures_of(self, scenario: Any) -> tuple[Figure, ...]:
        """Return the figures that show a scenario."""
        return self.figures

    def moment(self, scenario: Any, kept: Mapping[str, float]) -> Moment:
        """Run the layers on a scenario, and see how far the axes have to reach.

        Args:
            scenario: what is shown.
            kept: where the axes end already, by name; {} to fit them.
        """
        values = self.compute(scenario)
        rows = self.stacked if scenario.present else 0
        return Moment(scenario, values, self.ends(scenario, kept, values), self.moves, rows)

    def standing(self, moment: Moment, before: Moment | None) -> tuple[Moment, Moment | None]:
        """Return what is shown, and what a session keeps of it for the next time; mostly nothing.

        Args:
            moment: of the scenario.
            before: what was kept.
        """
        return moment, None

    def refusal(self, moment: Moment) -> str:
        """Return why the fast lane is to leave the figures as they are; "" where it is not."""
        return ""

    def is_late(self, moment: Moment) -> bool:
        """Tell whether it takes so long that a drag is computed when the hand lets go only."""
        return False

    def ends(self, scenario: Any, kept: Mapping[str, float], values: Values) -> dict[str, float]:
        """Return where each axis ends, by name."""
        return ends([a for f in self.figures_of(scenario) for a in f.measures], kept, values)

    def docked(self, scenario: Any) -> tuple[str, ...]:
        """Return the figures that stay in view on a phone: the results, and the first formula."""
        shown = self.figures_of(scenario)
        formulas = [figure.name for figure in shown if figure.KIND == "formula"]
        return (*(self.results or (shown[0].name,)), *formulas[:1])

    def drawn(self, moment: Moment) -> dict[str, Drawn]:
        """Return all figures by name, in the order in which they matter while dragging."""
        return {figure.name: figure.drawn(moment) for figure in self.figures_of(moment.scenario)}

    def moved(self, moment: Moment, names: Sequence[str]) -> dict[str, Drawn]:
        """Return what a drag moves of the figures named; names of no figure are passed over."""
        shown = self.figures_of(moment.scenario)
        return {figure.name: figure.moved(moment) for figure in shown if figure.name in names}

    def record(self, scenario: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Return the inputs and the results that an export states, by name.

        All of them, also at a step of a lecture that shows some only.

        Raises:
            TypeError: the page exports nothing.
        """
        if self.export is None:
            raise TypeError(f"{self.name}: there is nothing to export")
        whole = scenario.having(step=0) if "step" in scenario.codecs() else scenario
        values = self.compute(whole)
        inputs = {name: getattr(scenario, name) for name in self.export.inputs}
        arrays = {name: np.array(v) if isinstance(v, tuple) else v for name, v in inputs.items()}
        return arrays, {name: np.asarray(values[name]) for name in self.export.results}


def in_cell(cell: Cell) -> tuple[str, ...]:
    """Return the names of the figures in a cell, from top to bottom."""
    return (cell,) if isinstance(cell, str) else cell


def moved_by_field(figures: Sequence[Figure]) -> dict[str, tuple[str, ...]]:
    """Return by each field that can be dragged the figures that move with it, in their order."""
    return {
        field: tuple(f.name for f in figures if not f.moves_with or field in f.moves_with)
        for field in (figure.drag for figure in figures)
        if field
    }
