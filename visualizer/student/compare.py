"""The judgement: what `backward` claims beside what differences of `forward` measure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from visualizer.student.mistakes import Batch, Kind, Mistake, kind_of, named

# The relative error that passes: ten times what a right gradient shows in central differences.
TOLERANCE = 1e-6
# In a narrower type it is as much as this many spacings of its numbers near 1, up to a tenth.
SPACINGS, MOST_TOLERANCE = 1e4, 0.1
# Outputs of a sample that change by a larger share with the others depend on them.
APART = 1e-6

# Of what an exception says, as many characters stand in a sentence.
LONGEST_LINE = 160

# What is said of what a layer does besides computing; by the names of `Bench.audit`.
HABITS = {
    "random": "`forward` returns something else each time, so nothing can be measured: give its "
    "random generator a seed.",
    "changes_x": "`forward` changes its input in place: whoever hands it over may still need it.",
    "changes_g": "`backward` changes `grad_next` in place: whoever hands it down may still need "
    "it.",
    "changes_output": "`backward` changes the cached output in place: what comes next starts from "
    "another one.",
    "differs_twice": "A second `backward` after the same `forward` returns something else: it adds "
    "up, or changes what it has kept.",
    "stale": "`backward` depends on more than the last forward pass: after two of them it returns "
    "something else than after the last one alone.",
    "shared": "`backward` changes when another layer of the same kind runs in between: what it "
    "keeps is not its own.",
}


@dataclass(frozen=True)
class Element:
    """The element that is furthest off.

    Attributes:
        name: such as "dx₁" or "∂y₀/∂x₁", in Markdown.
        claimed: by `backward`.
        measured: by differences of `forward`.
    """

    name: str
    claimed: float
    measured: float


@dataclass(frozen=True)
class Parameter:
    """A parameter, judged as x is.

    Attributes:
        name: such as "weights".
        claimed: ∂L/∂θ by `backward`; NaN where there is none.
        measured: NaN where it was not measured.
        agrees: of each element; what was not measured counts as right.
        instead: what there is in the place of its gradient; "" if there is one.
    """

    name: str
    claimed: np.ndarray
    measured: np.ndarray
    agrees: np.ndarray
    instead: str


@dataclass(frozen=True)
class Found:
    """What an audit of a layer has found; the same at every state.

    Attributes:
        is_wrong: whether `backward` is wrong at some random input.
        mistake: which it is, if it has a name.
        parameters: the mistakes in gradients of parameters, by name; None where it has no name.
        kind: what the forward pass computes, if it is known.
        notes: what else is to be said, in sentences.
        shown_by: inputs and gradient of the batch where it is furthest off; None if all is right.
        is_random: whether nothing can be measured.
    """

    is_wrong: bool
    mistake: Mistake | None
    parameters: Mapping[str, str | None]
    kind: str
    notes: tuple[str, ...]
    shown_by: tuple[np.ndarray, np.ndarray] | None
    is_random: bool


@dataclass(frozen=True)
class Judged:
    """What is seen at one state, element by element.

    Attributes:
        claimed, measured: the Jacobian of the sample in view, shape (M, C).
        agrees: of each entry whether the two are the same, shape (M, C).
        dx: ∂L/∂x by `backward`, shape (C,).
        measured_dx: as measured.
        dx_agrees: of each element.
        parameters: in their order.
        worst: the element that is furthest off; None where all agree.
    """

    claimed: np.ndarray
    measured: np.ndarray
    agrees: np.ndarray
    dx: np.ndarray
    measured_dx: np.ndarray
    dx_agrees: np.ndarray
    parameters: tuple[Parameter, ...]
    worst: Element | None = None

    @property
    def is_flat(self) -> bool:
        """Whether nothing that was measured is other than 0: `forward` is clipped, or saturated."""
        return not self.measured.any()

    @property
    def is_right(self) -> bool:
        """Whether all agree."""
        return self.worst is None


def tolerance(eps: float) -> float:
    """Return the relative error that passes, in a type whose numbers near 1 lie so far apart."""
    return min(MOST_TOLERANCE, max(TOLERANCE, SPACINGS * eps))


def within(
    claimed: np.ndarray,
    measured: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    error: np.ndarray,
    rtol: float,
) -> np.ndarray:
    """Tell of each element whether what is claimed may be what is right.

    Where nothing finite was measured, anything may be; where something was, NaN is not.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        slack = error + rtol * np.maximum(np.abs(claimed), np.abs(measured))
        fits = (claimed >= low - slack) & (claimed <= high + slack)
    return (fits & np.isfinite(claimed)) | ~np.isfinite(measured)


@np.errstate(over="ignore", invalid="ignore")  # what came out may be as large as it likes
def judge(examined: Mapping[str, Any]) -> Judged:
    """Compare what was seen at one state.

    Args:
        examined: as `Bench.examine` returns it.
    """
    rtol, own = tolerance(examined["eps"]), examined["own"]
    claimed, slope, G = examined["claimed"], examined["slope"], examined["G"]
    low, high, error = (examined[part] for part in ("low", "high", "error"))
    agrees = within(claimed, slope[own], low[own], high[own], error[own], rtol)
    measured = slope.copy()
    # At a kink every slope between those of its two sides is right: also the one that is claimed.
    measured[own] = np.where(agrees, np.clip(claimed, low[own], high[own]), slope[own])
    up, down = np.maximum(G, 0)[:, :, np.newaxis], np.minimum(G, 0)[:, :, np.newaxis]
    dx = (G[:, :, np.newaxis] * measured).sum((0, 1))
    bounds = (up * low + down * high).sum((0, 1)), (up * high + down * low).sum((0, 1))
    slack = (np.abs(G)[:, :, np.newaxis] * error).sum((0, 1))
    found = Judged(
        **{"claimed": claimed, "measured": measured[own], "agrees": agrees},
        **{"dx": examined["dx"], "measured_dx": dx},
        dx_agrees=within(examined["dx"], dx, *bounds, slack, rtol),
        parameters=tuple(
            _parameter(name, one, rtol) for name, one in examined["parameters"].items()
        ),
    )
    return replace(found, worst=_worst(found))


def _parameter(name: str, seen: Mapping[str, Any], rtol: float) -> Parameter:
    measured = seen["slope"]
    claimed = np.full_like(measured, np.nan) if seen["claimed"] is None else seen["claimed"]
    agrees = within(claimed, measured, seen["low"], seen["high"], seen["error"], rtol)
    return Parameter(name, claimed, measured, agrees, seen["instead"])


def _worst(found: Judged) -> Element | None:
    """Return the entry of J that is furthest off; else the element of dx, or of a parameter."""
    parts = [
        ("J", found.claimed, found.measured, found.agrees),
        ("dx", found.dx, found.measured_dx, found.dx_agrees),
        *((one.name, one.claimed, one.measured, one.agrees) for one in found.parameters),
    ]
    for name, claimed, measured, agrees in parts:
        if not agrees.all():
            with np.errstate(invalid="ignore"):
                off = np.where(agrees, -1.0, np.abs(claimed - measured))
            place = np.unravel_index(np.argmax(np.where(np.isnan(off), np.inf, off)), off.shape)
            at = tuple(int(i) for i in place)
            return Element(_element(name, *at), float(claimed[at]), float(measured[at]))
    return None


def _element(name: str, *place: int) -> str:
    """Return what an element of J, of dx or of the gradient of a parameter is called."""
    indices = [small(index) for index in place]
    if name == "J":
        return "∂y{}/∂x{}".format(*indices)
    if name == "dx":
        return "dx{}".format(*indices)
    return f"∂L/∂`{name}`[{', '.join(map(str, place))}]"


def small(number: int) -> str:
    """Return a whole number as an index: 12 as ₁₂."""
    return "".join("₀₁₂₃₄₅₆₇₈₉"[int(digit)] for digit in str(number))


def found_by(audit: Mapping[str, Any]) -> Found:
    """Judge an audit.

    Args:
        audit: as `Bench.audit` returns it.
    """
    rtol = tolerance(audit["eps"])
    audited = audit["batches"]
    batches, claims = [Batch.of(one) for one in audited], [one["dX"] for one in audited]
    with np.errstate(all="ignore"):
        kind = kind_of(batches)
        off = [_furthest(one, batch, rtol) for one, batch in zip(audited, batches, strict=True)]
    worst = int(np.argmax(off))
    is_wrong = off[worst] > 0
    is_random = audit["seen"]["random"]
    parameters = {} if is_random else _wrong_parameters(audited, rtol)
    return Found(
        is_wrong=is_wrong and not is_random,
        mistake=named(batches, claims, kind, rtol) if is_wrong and not is_random else None,
        parameters=parameters,
        kind=kind.name if kind else "",
        notes=tuple(_notes(audit, kind)),
        shown_by=(audited[worst]["X"], audited[worst]["G"]) if is_wrong or parameters else None,
        is_random=is_random,
    )


def _furthest(audited: Mapping[str, Any], batch: Batch, rtol: float) -> float:
    """Return by how much a claim is off where it is furthest off; 0 where it is right."""
    G, claimed = audited["G"][:, :, np.newaxis, np.newaxis], audited["dX"]
    up, down = np.maximum(G, 0), np.minimum(G, 0)
    low = (up * audited["low"] + down * audited["high"]).sum((0, 1))
    high = (up * audited["high"] + down * audited["low"]).sum((0, 1))
    agrees = within(claimed, batch.right, low, high, batch.slack, rtol)
    off = np.where(agrees, 0.0, np.abs(claimed - batch.right))
    return float(np.max(np.where(np.isnan(off), np.inf, off)))


def _wrong_parameters(audited: Sequence[Mapping[str, Any]], rtol: float) -> dict[str, str | None]:
    """Return the parameters whose gradients are wrong, each with what is wrong, if it is known."""
    found: dict[str, str | None] = {}
    for name in audited[0]["parameters"]:
        seen = [(len(one["X"]), one["parameters"][name]) for one in audited]
        judged = [(size, _parameter(name, one, rtol)) for size, one in seen]
        if all(one.agrees.all() for _, one in judged):
            continue
        if judged[0][1].instead:
            found[name] = f"there is {judged[0][1].instead}".replace("is of", "is one of")
            continue
        found[name] = next(
            (
                said
                for said, expected in EXPECTED.items()
                if all(_is_close(one.claimed, expected(one.measured, n)) for n, one in judged)
            ),
            None,
        )
    return found


# Of the gradient of a parameter: what it would be by a well-known mistake, for N samples.
EXPECTED: dict[str, Callable[[np.ndarray, int], np.ndarray]] = {
    "it has the wrong sign": lambda right, n: -right,
    "it is divided by the size of the batch": lambda right, n: right / n,
    "it is multiplied by the size of the batch": lambda right, n: right * n,
    "it is transposed": lambda right, n: right.T,
    "it is 0": lambda right, n: np.zeros_like(right),
}


def _is_close(claimed: np.ndarray, expected: np.ndarray) -> bool:
    known = np.isfinite(expected) if claimed.shape == expected.shape else np.array(False)
    return bool(known.any()) and np.allclose(claimed[known], expected[known], rtol=1e-4, atol=1e-7)


def _notes(audit: Mapping[str, Any], kind: Kind | None) -> Iterator[str]:
    """Say what else is to be said, what matters most first."""
    habits = {habit: text for habit, text in HABITS.items() if audit["seen"][habit]}
    yield from (text for habit, text in habits.items() if habit == "random")
    yield from audit["unusual"]
    if audit["refusal"]:
        yield f"It fails for a batch of more than one sample: {as_code(audit['refusal'])}."
    yield from (text for habit, text in habits.items() if habit != "random")
    if audit["apart"] > APART:
        yield (
            "The output of a sample depends on the others in its batch: as it should in a batch "
            "normalisation; elsewhere `axis=1` is missing."
        )
    if audit["dtype"] != "float64":
        yield (
            f"The output is of type {audit['dtype']} for inputs of type float64: it is measured "
            "with a longer step, and less exactly."
        )
    yield from _overflows(audit["large"], kind)


def as_code(text: str) -> str:
    """Return a line of text that comes from outside as code in Markdown: shown as it is."""
    line = " ".join(text.split())[:LONGEST_LINE].replace("`", "'")
    return f"`{line}`" if line else "nothing"


def _overflows(large: Sequence[Mapping[str, Any]], kind: Kind | None) -> Iterator[str]:
    """Say where NaN comes out and is not to."""
    for one in large:
        at = ", ".join(f"{x:g}".replace("-", "−") for x in one["X"][0])
        if not np.isfinite(one["Y"]).all():
            if kind:
                yield f"`forward` gives {_first_odd(one['Y'])} at x = {at}, where it is finite."
                return
        elif not np.isfinite(one["dX"]).all():
            odd = _first_odd(one["dX"])
            yield f"`backward` gives {odd} at x = {at}, where `forward` is finite."
            return


def _first_odd(values: np.ndarray) -> str:
    odd = values[~np.isfinite(values)]
    return "NaN" if np.isnan(odd[0]) else "infinity"
