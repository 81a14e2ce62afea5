"""What a question of the practice page asks, and why its answer is right, with the numbers."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from figures import number
from views import passes
from views.questions import ANY, Question, results, subscript

# What a user chooses among, field by field.
NAMES: dict[str, dict[Any, str]] = {
    "level": {level: f"Level {level}" for level in (1, 2, 3)},
    "kind": {
        ANY: "All kinds",
        "sign": "Sign of dxⱼ",
        "zero": "Which is 0",
        "largest": "Largest |dxⱼ|",
        "shift": "g shifted",
        "wrong": "Wrong pass",
        "result": "Right result",
        "order": "Order of |dxⱼ|",
    },
    "layer": {ANY: "Both layers", "softmax": "Softmax", "sigmoid": "Sigmoid"},
}


def ask(asked: Question) -> str:
    """Return the question in one sentence."""
    return {
        "sign": f"Is dx{subscript(asked.j)} positive, zero or negative?",
        "zero": "Exactly one component of dx is 0. Which one?",
        "largest": "Which component of dx is the largest in absolute value?",
        "shift": f"c = {short(asked.c)} is added to every gᵢ. What happens to dx?",
        "wrong": "Three of these backward passes are the same. Which one is wrong?",
        "result": "One of these came out of `backward`. Which one?",
        "order": "Which order is right, from the largest |dx| to the smallest?",
    }[asked.kind]


def givens(asked: Question) -> str:
    """Return the layer with its input, and below it the gradient that arrives."""
    x = "z" if asked.layer == "softmax" else "x"
    layer = "Softmax" if asked.T == 1 else f"Softmax at T = {short(asked.T)}"
    named = layer if x == "z" else "Sigmoid"
    return f"{named}: {x} = ({_row(asked.x)})  \n`grad_next` g = ({_row(asked.g)})"


def reason(asked: Question) -> str:
    """Return in one or two sentences why the right answer is right."""
    because = {
        "sign": _sign,
        "zero": _zero,
        "largest": _sizes,
        "order": _sizes,
        "shift": _shift,
        "wrong": _wrong,
        "result": _result,
    }[asked.kind]
    y, dx = results(asked.layer, asked.x, asked.g, asked.T)
    return because(asked, y, dx)


def short(value: float) -> str:
    """Return 0.5 as "0.5" and −2 as "−2"."""
    return f"{value:g}".replace("-", "−")


def _sign(asked: Question, y: np.ndarray, dx: np.ndarray) -> str:
    j = asked.j
    if asked.layer == "sigmoid":
        return (
            f"{_product(asked, y, dx, j)}. A slope is never negative, so dx{subscript(j)} has the "
            f"sign of g{subscript(j)}; the sign of x{subscript(j)} plays no part."
        )
    where = ("below", "at", "above")[int(np.sign(dx[j])) + 1]
    return (
        f"{_product(asked, y, dx, j)}. g{subscript(j)} lies {where} the s-weighted mean of g: "
        "that alone decides the sign."
    )


def _zero(asked: Question, y: np.ndarray, dx: np.ndarray) -> str:
    j = asked.right
    if asked.layer == "sigmoid":
        return (
            f"{_product(asked, y, dx, j)}. The slope of a sigmoid is never 0, not even at x = 0, "
            "where it is largest; so only g can make a 0."
        )
    trail = ""
    if (others := [i for i, g in enumerate(asked.g) if g == 0 and i != j]) and dx[others[0]]:
        trail = f" g{subscript(others[0])} = 0 makes no 0: it lies away from the mean."
    return f"{_product(asked, y, dx, j)}: g{subscript(j)} is the s-weighted mean of g.{trail}"


def _sizes(asked: Question, y: np.ndarray, dx: np.ndarray) -> str:
    rule = (
        "|dxⱼ| = gⱼ’s distance from the s-weighted mean "
        f"{number(_mean(asked, y), 2)}, times sⱼ{_divided(asked)}"
        if asked.layer == "softmax"
        else "|dxⱼ| = |gⱼ| times the slope yⱼ(1 − yⱼ), which falls from ¼ on both sides of x = 0"
    )
    first, second = np.argsort(-np.abs(dx))[:2].tolist()
    return (
        f"{rule}. {_product(asked, y, dx, first)}; the next is "
        f"dx{subscript(second)} = {number(dx[second])}."
    )


def _shift(asked: Question, y: np.ndarray, dx: np.ndarray) -> str:
    if asked.layer == "softmax":
        mean = _mean(asked, y)
        return (
            f"The s-weighted mean of g moves along, from {number(mean, 2)} to "
            f"{number(mean + asked.c, 2)}, so every gⱼ − mean stays, and dx with it: the columns "
            "of J add up to 0."
        )
    changes = ", ".join(number(change) for change in asked.c * y * (1 - y))
    return f"dxⱼ = gⱼ·yⱼ(1 − yⱼ), and J is diagonal: c adds c·yⱼ(1 − yⱼ), here ({changes})."


def _result(asked: Question, y: np.ndarray, dx: np.ndarray) -> str:
    rule = (
        "The components of a softmax gradient add up to 0."
        if asked.layer == "softmax"
        else f"{_product(asked, y, dx, int(np.argmax(np.abs(dx))))}."
    )
    wrong = [
        f"{place} {mistake}" for place, mistake in enumerate(asked.mistakes, start=1) if mistake
    ]
    return f"{rule} Of the others, {', '.join(wrong)}."


def _wrong(asked: Question, y: np.ndarray, dx: np.ndarray) -> str:
    formula, mistake = asked.options[asked.right], asked.mistakes[asked.right]
    mistaken, _ = passes.WRONG[asked.layer][formula]
    came = mistaken(np.array(asked.x), y, np.array(asked.g))
    return (
        f"It {mistake}, and gives ({', '.join(map(number, came))}) here. The other three are "
        f"`backward` in other words: ({', '.join(map(number, dx))})."
    )


def _product(asked: Question, y: np.ndarray, dx: np.ndarray, j: int) -> str:
    """Write dxⱼ as a product, with its numbers."""
    i, g = subscript(j), short(asked.g[j]) if asked.g[j] >= 0 else f"({short(asked.g[j])})"
    if asked.layer == "sigmoid":
        return f"dx{i} = g{i}·y{i}(1 − y{i}) = {g}·{number(y[j] * (1 - y[j]))} = {number(dx[j])}"
    mean = number(_mean(asked, y))
    mean = f"({mean})" if mean.startswith("−") else mean
    return (
        f"dx{i} = s{i}·(g{i} − mean){_divided(asked)} = "
        f"{number(y[j])}·({short(asked.g[j])} − {mean})"
        f"{_divided(asked, short(asked.T))} = {number(dx[j])}"
    )


def _divided(asked: Question, by: str = "T") -> str:
    return "" if asked.T == 1 else f" / {by}"


def _mean(asked: Question, y: np.ndarray) -> float:
    return float(np.vecdot(y, asked.g))


def _row(values: Sequence[float]) -> str:
    return ", ".join(short(value) for value in values)
