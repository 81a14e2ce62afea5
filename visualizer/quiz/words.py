"""The words and products that the reasons of several kinds share."""

from collections.abc import Iterable, Sequence

from visualizer.figures.numbers import number
from visualizer.quiz.question import Question, Results, result_name, weighted_mean


def subscript(j: int) -> str:
    """Return "₀" for 0."""
    return chr(ord("₀") + j)


def short(value: float) -> str:
    """Return 0.5 as "0.5" and −2 as "−2"."""
    return f"{value:g}".replace("-", "−")


def bracketed(text: str) -> str:
    """Return a number as a factor or after a minus sign: in brackets if it is negative."""
    return f"({text})" if text.startswith("−") else text


def row(values: Iterable[float]) -> str:
    """Return the numbers in one line."""
    return ", ".join(short(value) for value in values)


def components(layer: str, count: int) -> list[str]:
    """Return the names of so many components: "dx₀", "dx₁" and so on; of a softmax "dz₀"."""
    return [f"{result_name(layer)}{subscript(j)}" for j in range(count)]


def product(asked: Question, found: Results, j: int) -> str:
    """Write dxⱼ, or dzⱼ, as a product, with its numbers."""
    (y, dx), i = found, subscript(j)
    g = bracketed(short(asked.g[j]))
    if asked.layer == "sigmoid":
        return f"dx{i} = g{i}·y{i}(1 − y{i}) = {g}·{number(y[j] * (1 - y[j]))} = {number(dx[j])}"
    mean = bracketed(number(weighted_mean(y, asked.g)))
    return (
        f"dz{i} = s{i}·(g{i} − mean){divided(asked)} = "
        f"{number(y[j])}·({short(asked.g[j])} − {mean})"
        f"{divided(asked, short(asked.T))} = {number(dx[j])}"
    )


def rule(asked: Question, j: str) -> str:
    """Write dxⱼ, or dzⱼ, as a product without its numbers; j is a subscript."""
    if asked.layer == "sigmoid":
        return f"dx{j} = g{j}·y{j}(1 − y{j})"
    return f"dz{j} = s{j}·(g{j} − mean){divided(asked)}"


def divided(asked: Question, by: str = "T") -> str:
    """Return the factor of the temperature, where there is one."""
    return "" if asked.T == 1 else f" / {by}"


def of_the_others(mistakes: Sequence[str]) -> str:
    """Say of each wrong option what it gets wrong."""
    said = [f"{place} {mistake}" for place, mistake in enumerate(mistakes, start=1) if mistake]
    return f"Of the others, {', '.join(said)}."
