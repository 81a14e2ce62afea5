"""The Your layer page: where the backward pass of a layer from the user's file goes wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, replace
from typing import Any

import numpy as np

from visualizer.exchange.programs import Export
from visualizer.figures import NARROW_COLUMN, Axis, Bars, Heatmap, JudgedHeatmap, palette
from visualizer.figures.figure import Moment
from visualizer.lessons.lesson import Choice, Controls, Lesson, Preset, Values
from visualizer.lessons.presets import G_PRESETS, Z_PRESETS
from visualizer.scenario import BaseScenario, Codec, Refused, Rows, index_of, rows, tab
from visualizer.scenario.codecs import one_of
from visualizer.scenario.fields import Rule
from visualizer.student import opened
from visualizer.student.bench import MOST
from visualizer.student.compare import Judged, found_by, judge
from visualizer.student.programs import gradient_test
from visualizer.student.source import Evidence, Failed, Look, fitted

# What the result of the user's `backward` is called beside the measured one.
YOURS = "your backward"
# A claim is shown up to so many times what is measured; what is larger is cut, with an arrow.
FURTHEST = 4.0
# A layer that takes longer than this, in seconds, is run when the hand lets go only.
SLOW = 0.15
# The figures of what comes out of the layer.
NOT_INPUTS = ("output", "dx", "claimed", "measured", "difference")


def _parse_name(text: str) -> str:
    names = tuple(opened.source().layers)
    if not names:
        raise Refused("expected a layer of the file, which has none that could be loaded")
    return str(one_of(names).parse(text))


def _offered(scenario: Any, item: Field[Any], given: bool) -> tuple[str, list[str]]:
    """Return the layer that is named, or the first; say so if one is gone from the file."""
    layers = opened.source().layers
    if scenario.name in layers or not layers:
        return scenario.name, []
    first = next(iter(layers))
    gone = f"Layer: there is no `{scenario.name}` in the file any more. `{first}` is shown."
    return first, [gone] if scenario.name else []


def survey_of(name: str) -> Evidence | None:
    """Return which inputs a layer takes; None if it does not run."""
    try:
        return opened.source().survey(name)
    except Failed:
        return None


def _taken(usual: Rule) -> Rule:
    """Return the rule of x: as many numbers as there may be, and as the layer takes."""

    def rule(scenario: Any, item: Field[Any], given: bool) -> tuple[Rows, list[str]]:
        value, messages = usual(scenario, item, given)
        survey, count = survey_of(scenario.name), len(value[0])
        if survey is None or str(count) in survey["outputs"]:
            return value, messages
        x, _ = fitted(survey, np.array(value), np.zeros((1, 1)))
        message = f"x: `{scenario.name}` takes {x.shape[1]} numbers in a row, got {count}. "
        messages += [message + "They are cut, or filled up."] if given else []
        return tuple(map(tuple, x.tolist())), messages

    return rule


def _handed_down(scenario: Any, item: Field[Any], given: bool) -> tuple[Rows, list[str]]:
    """Return g with as many numbers as the layer has outputs, and a row for each sample."""
    g: Rows = getattr(scenario, item.name)
    survey, (samples, inputs) = survey_of(scenario.name), (len(scenario.x), len(scenario.x[0]))
    outputs = survey["outputs"].get(str(inputs), inputs) if survey else inputs
    if (len(g), len(g[0])) == (samples, outputs):
        return g, []
    message = (
        f"g: expected {samples} × {outputs} numbers, as many as `{scenario.name}` returns, got "
        f"{len(g)} × {len(g[0])}. They are cut, or filled up."
    )
    whole = (*g, *(g[-1] for _ in range(samples - len(g))))[:samples]
    fitting = tuple((*row, *(0.0,) * (outputs - len(row)))[:outputs] for row in whole)
    return fitting, [message] if given else []


# Fields as they are declared elsewhere, each with a rule that asks the layer.
X, G = rows("2,1,0.1", most=MOST), rows("1,-1,2", most=MOST)
OF_NAME = {"codec": Codec(_parse_name, str), "rule": _offered, "called": "Layer"}
OF_X, OF_G = X.metadata | {"rule": _taken(X.metadata["rule"])}, G.metadata | {"rule": _handed_down}


@dataclass(frozen=True)
class Scenario(BaseScenario):
    """What the page shows.

    Attributes:
        name: of the layer.
        x: its inputs, a row for each sample; as many as it takes.
        g: upstream gradient, of the shape of its output.
        n: the sample in view.
        j: the input that stands out.
        tab: the one that is open below the figures.
    """

    ALWAYS = ("x", "g", "name")
    SLOW = True  # the code of somebody else may take two seconds before it is stopped

    name: str = field(default="", metadata=OF_NAME)
    x: Rows = field(default=X.default, metadata=OF_X)
    g: Rows = field(default=G.default, metadata=OF_G)
    n: int = index_of("x", row=True)
    j: int = index_of("x")
    tab: str = tab(
        {
            "file": "Your own file",
            "test": "As a test",
            "parameters": "Parameters",
            "batch": "Batch",
            "numbers": "Numbers",
            "code": "Code",
        }
    )

    @property
    def row(self) -> int:
        """The sample in view."""
        return self.n

    @property
    def exported(self) -> "Scenario | None":
        """The scenario whose numbers an export states: none while the layer fails."""
        return self if look_at(self).examined is not None else None


def look_at(scenario: Scenario) -> Look:
    """Return what is seen of the layer."""
    x, g = np.array(scenario.x), np.array(scenario.g)
    return opened.source().look(scenario.name, x, g, scenario.n)


def compute(scenario: Scenario) -> Values:
    """Run the layer: what its `backward` claims, and what differences of its `forward` say.

    Returns:
        x, g: of the sample in view.
        y: output, shape (M,).
        claimed, measured: the Jacobian, shape (M, C); difference: of the two, 0 where they agree.
        agrees: of each entry whether they do.
        dx: ∂L/∂x as measured, shape (C,); yours: by `backward`; behind, marks: the same, as it is
            drawn behind the measured one.
        judged, found: the judgement here, and that of an audit of the layer; None without one.
        not_run: the figures that have nothing to show; past: those of an older version.
        look: what was seen; error: of the newest version; old: when that was saved which is seen.
        reach, reach_J: what axes have to show.
        late: whether it takes so long that it is run when the hand lets go only.
    """
    look = look_at(scenario)
    values: dict[str, Any] = {
        **{"x": np.array(scenario.x[scenario.n]), "g": np.array(scenario.g[scenario.n])},
        **{"look": look, "error": look.error, "old": look.old, "late": False},
        "past": NOT_INPUTS if look.error else (),
    }
    if look.examined is None:
        return values | _not_run(values) | {"judged": None, "found": None}
    judged, examined = judge(look.examined), look.examined
    return values | {
        **({} if look.error else {"g": examined["G"][examined["own"]]}),
        "y": examined["Y"][examined["own"]],
        **_shown(judged),
        "judged": judged,
        "found": found_by(look.audit) if look.audit else None,
        "late": examined["seconds"] > SLOW,
    }


def _shown(judged: Judged) -> dict[str, Any]:
    """Return what the figures show of a judgement."""
    claimed, measured, dx = judged.claimed, judged.measured, judged.measured_dx
    with np.errstate(invalid="ignore"):
        difference = np.where(judged.agrees, 0.0, claimed - measured)
    return {
        **{"claimed": claimed, "measured": measured, "difference": difference},
        **{"agrees": judged.agrees, "dx": dx, "yours": judged.dx},
        **{"behind": {YOURS: judged.dx}, "marks": {YOURS: judged.dx_agrees}},
        "reach": _reach(dx, judged.dx),
        "reach_J": _reach(measured, claimed),
    }


def _not_run(values: Values) -> dict[str, Any]:
    """Return arrays of the usual shapes for figures that have nothing to show, and their names."""
    J, y, dx = np.outer(values["g"], values["x"]), values["g"], values["x"]
    nothing = Judged(J, J, np.full(J.shape, True), dx, dx, np.full(dx.shape, True), ())
    return {"y": y, **_shown(nothing), "not_run": NOT_INPUTS}


def _reach(measured: np.ndarray, claimed: np.ndarray) -> np.ndarray:
    """Return what an axis has to show: what is measured, and of a claim as much as is of use."""
    end = FURTHEST * float(np.max(np.abs(measured), initial=0.0, where=np.isfinite(measured)))
    shown = np.nan_to_num(claimed, nan=0.0, posinf=np.inf, neginf=-np.inf)
    return np.stack([measured, np.clip(shown, -end, end) if end else shown])


class Loaded(Mapping[str, str]):
    """The layers that are offered, by what a menu calls them; those of the file as it is now."""

    def __iter__(self) -> Iterator[str]:
        """Give what they are called: as code, so that no name is read as markup."""
        return (f"`{name}`" for name in opened.source().layers)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(opened.source().layers)

    def __getitem__(self, called: str) -> str:
        """Return the name of a layer."""
        name = called.strip("`")
        if name not in opened.source().layers:
            raise KeyError(called)
        return name


def _for_x(preset: Preset) -> Preset:
    """Return a preset for inputs, of which there are as many as there are, whatever g has."""
    return lambda scenario: preset(replace(scenario, g=scenario.x))


def test_of(scenario: Scenario) -> str:
    """Return the state as a test for the user's own suite."""
    look = look_at(scenario)
    if look.examined is None:
        return ""
    return gradient_test(opened.source().layers[scenario.name], look.examined)


class YourLayer(Lesson):
    """The lesson: where the newest version of the file fails, what was shown before stays."""

    def standing(self, moment: Moment, before: Moment | None) -> tuple[Moment, Moment | None]:
        """Return what is shown last where nothing can be: what was shown before, and is old."""
        if moment.values["judged"] is not None:
            return moment, moment
        if before is None:
            return moment, None
        ours = ("x", "g", "look", "error")
        kept = {**before.values, **{name: moment.values[name] for name in ours}}
        kept |= {"old": kept["old"] or "before", "past": NOT_INPUTS}
        return replace(moment, values=kept, ends={**moment.ends, **before.ends}), before

    @property
    def follows(self) -> frozenset[str]:
        """The fields that show in figures alone: the verdict above them states numbers."""
        return frozenset({"j"})

    def refusal(self, moment: Moment) -> str:
        """Return the error where there is nothing to show: what was shown before stays."""
        return str(moment.values["error"]) if moment.values.get("not_run") else ""

    def is_late(self, moment: Moment) -> bool:
        """Tell whether the layer is too slow to be run while something is dragged."""
        return bool(moment.values["late"])


INPUT, HANDED = (
    Axis("x", least=1.0, room=1.5, sides=0.4),
    Axis("g", least=0.5, room=1.5, sides=0.4),
)
OUTPUT = Axis("y", least=0.05, room=1.1, grows=False, sides=0.05)
DX = Axis("dx", over="reach", least=0.05, room=1.25, grows=False, sides=0.05)
J = Axis("J", over="reach_J", least=1e-3, grows=False)

# A table: what a figure shows, how it looks, and what a hand does on it.
# fmt: off
FIGURES = (
    Bars("dx", "dx = ∂L/∂x, yours hatched", short="dx, yours hatched",
         color=palette.RESULT, axis=DX, ghosts="behind", symbol="dx", select="j", index="j",
         made_of=("g:{i}", "measured:{i},{j}"), together=("claimed:{i},{j}", "difference:{i},{j}")),
    JudgedHeatmap("claimed", "J as your backward claims it", short="J: claimed", axis=J,
                  symbol="claimed J", select="j", moves_with=("x",)),
    Heatmap("measured", "J as your forward has it", short="J: measured", axis=J, select="j",
            moves_with=("x",), together=("claimed:{i},{j}", "difference:{i},{j}")),
    JudgedHeatmap("difference", "Claimed − measured: ✗ is wrong", short="Claimed − measured",
                  axis=J, symbol="difference", select="j", moves_with=("x",)),
    Bars("output", "Output y of your forward", short="Output y", of="y", color=palette.OUTPUT,
         axis=OUTPUT, moves_with=("x",), symbol="y"),
    Bars("x", "Inputs x: drag", short="Inputs x", color=palette.LOGITS, axis=INPUT, drag="x",
         moves_with=("x",), select="j"),
    Bars("g", "grad_next g = ∂L/∂y: drag", short="Upstream gradient g", color=palette.UPSTREAM,
         axis=HANDED, drag="g", moves_with=("g",)),
)
# fmt: on
# All are lower than usual: above them stands the verdict.
NARROW = ("x", "output", "g", "dx")
LOW, LARGER = {"column": NARROW_COLUMN, "height": 215}, {"height": 235}

LESSON = YourLayer(
    name="your_layer",
    title="Your layer",
    icon=":material/fact_check:",
    section="Trust",
    question="Where is my backward pass wrong?",
    Scenario=Scenario,
    compute=compute,
    figures=tuple(f.having(**(LOW if f.name in NARROW else LARGER)) for f in FIGURES),
    rows=(NARROW, ("claimed", "measured", "difference")),
    presets={"x": {name: _for_x(preset) for name, preset in Z_PRESETS.items()}, "g": G_PRESETS},
    controls=Controls(
        noun="inputs",
        pointed="Which column is framed. Or click on J, or on a bar of x or dx.",
        choices=(Choice("name", "Layer: {}", "The layers of the file", Loaded()),),
    ),
    export=Export(
        inputs=("x", "g"),
        results=("y", "claimed", "measured", "dx", "yours"),
        test=test_of,
        symbols={
            "claimed": r"J_{\text{claimed}}",
            "measured": r"J_{\text{measured}}",
            "dx": r"\frac{\partial L}{\partial x}",
            "yours": r"\Big(\frac{\partial L}{\partial x}\Big)_{\text{claimed}}",
        },
    ),
)
