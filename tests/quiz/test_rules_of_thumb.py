"""No rule of thumb, which leaves the layer out, answers more than half of the questions.

Each rule says which options it would take; where these are several, one of them by chance. What the
mathematics itself implies is no rule of thumb: that a softmax gradient adds up to 0, that behind a
sigmoid dxⱼ is 0 where gⱼ is, and which formula is wrong. At level 1 a rule may be the lesson.
"""

import itertools
import re
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest

from visualizer.quiz.kinds import KINDS
from visualizer.quiz.question import LAYERS
from visualizer.quiz.questions import question

SEEDS = range(300)
CASES = list(itertools.product(KINDS, LAYERS, (2, 3)))


def best(scores):
    """The indices of the largest scores."""
    scores = np.asarray(scores, dtype=float)
    return np.flatnonzero(scores >= scores.max() - 1e-9).tolist()


def by_rank(scores, place):
    """What stands at a place when the options are ordered by their scores."""
    return [int(np.argsort(scores, kind="stable")[place])]


# Rules about inputs: a score for each, the best of which is taken.
INPUTS = {
    "largest g": lambda x, g: g,
    "smallest g": lambda x, g: -g,
    "largest |g|": lambda x, g: abs(g),
    "smallest |g|": lambda x, g: -abs(g),
    "largest x": lambda x, g: x,
    "smallest x": lambda x, g: -x,
    "largest |x|": lambda x, g: abs(x),
    "smallest |x|": lambda x, g: -abs(x),
    "farthest from the plain mean of g": lambda x, g: abs(g - g.mean()),
    "nearest to the plain mean of g": lambda x, g: -abs(g - g.mean()),
    "the x that differs": lambda x, g: abs(x - np.median(x)),
    "largest |x g|": lambda x, g: abs(x * g),
}


def of_inputs(asked):
    return {name: score(np.array(asked.x), np.array(asked.g)) for name, score in INPUTS.items()}


def component_rules(asked):
    """Which component of dx: the options are the components in order."""
    rules = {name: best(score) for name, score in of_inputs(asked).items()}
    if asked.layer == "sigmoid" and asked.kind == "zero":
        del rules["smallest |g|"]  # dxⱼ = gⱼ·slope, and no slope is 0: the mathematics
    return rules


def likeness(distances):
    """The option most like the others, and the one least like them."""
    away = np.sum(distances, axis=1)
    return {"most like the others": best(-away), "least like the others": best(away)}


def order_rules(asked):
    orders = [[ord(c) - ord("₀") for c in o if "₀" <= c <= "₉"] for o in asked.options]
    pairs = list(itertools.combinations(range(len(asked.x)), 2))
    places = [np.argsort(order) for order in orders]
    before = np.array([[place[a] < place[b] for a, b in pairs] for place in places])
    moved = np.array([[np.sum(a != b) for b in before] for a in before])
    unequal = np.array([[np.sum(np.array(a) != b) for b in orders] for a in orders])
    common = [sum(order[i] == other[i] for other in orders for i in range(len(order)))
              for order in orders]  # fmt: skip
    a, b = np.array(pairs).T
    fits = {}
    for name, score in of_inputs(asked).items():
        ranked = score[np.array(orders)]
        fits[f"ordered by: {name}"] = best(np.sign(ranked[:, a] - ranked[:, b]).sum(axis=1))
    swapped = {f"by pairs, {name}": found for name, found in likeness(moved).items()}
    return fits | swapped | likeness(unequal) | {"the most frequent at each place": best(common)}


def numbers_of(asked):
    return np.array([[float(v.replace("−", "-")) for v in o.split(", ")] for o in asked.options])


def number_rules(asked):
    """Rules about options that are numbers, or rows of them."""
    rows = numbers_of(asked)
    size, total = np.abs(rows).sum(axis=1), rows.sum(axis=1)
    ranks = {f"{place + 1} by size": by_rank(size, place) for place in range(len(rows))}
    if rows.shape[1] == 1:
        ranks |= {f"{place + 1} by value": by_rank(total, place) for place in range(len(rows))}
    distances = np.abs(rows[:, None] - rows).sum(axis=2)
    round_ones = np.sum(2 * rows == np.round(2 * rows), axis=1)
    signs = np.sign(rows)
    g = np.array(asked.g)
    rules = (
        ranks
        | likeness(distances)
        | {
            "the roundest": best(round_ones),
            "the least round": best(-round_ones),
            "0 where it is offered": best(-size) if size.min() == 0 else list(range(len(rows))),
            "signs most like the others": best(-np.abs(signs[:, None] - signs).sum(axis=(1, 2))),
            "signs least like the others": best(np.abs(signs[:, None] - signs).sum(axis=(1, 2))),
        }
    )
    if asked.kind == "result":
        rules["the signs of g"] = best(np.sum(signs == np.sign(g), axis=1))
        rules["the signs of g around its plain mean"] = best(
            np.sum(signs == np.sign(g - g.mean()), axis=1)
        )
        rules["nearest to g"] = best(-np.abs(rows - g).sum(axis=1))
    if asked.kind == "zero":
        others = np.delete(g, asked.j)
        top = others[np.delete(asked.x, asked.j).argmax()]
        rules["nearest to the plain mean"] = best(-abs(total - g.mean()))
        rules["nearest to the plain mean of the others"] = best(-abs(total - others.mean()))
        rules["nearest to the g of the likeliest"] = best(-abs(total - top))
    if asked.kind == "shift":
        own = asked.j in asked.moved
        rules["nearest to c"] = best(-abs(total - asked.c))
        rules["0 unless it is shifted"] = rules["1 by size"] if not own else best(total * asked.c)
        rules["sign of c"] = best(np.sign(total) == np.sign(asked.c))
    return rules


def sign_rules(asked):
    """Options are positive, zero, negative in this order."""
    x, g, j = np.array(asked.x), np.array(asked.g), asked.j
    values = {
        "the sign of g": g[j],
        "the other sign than g": -g[j],
        "the sign of x": x[j],
        "the other sign than x": -x[j],
        "above the plain mean of g": g[j] - g.mean(),
        "below the plain mean of g": g.mean() - g[j],
        "above the plain mean of the others": g[j] - np.delete(g, j).mean(),
        "above the g of the likeliest": g[j] - g[x.argmax()],
        "above the middle of g": g[j] - np.median(g),
        "above the plain mean of x": x[j] - x.mean(),
    }
    rules = {name: [1 - int(np.sign(round(value, 9)))] for name, value in values.items()}
    alike = len(set(np.delete(x, j))) == 1
    rules["0 among equal others, else the plain mean"] = (
        [1] if alike else rules["above the plain mean of g"]
    )
    return rules


def formula_rules(asked):
    lengths = np.array([len(option) for option in asked.options])
    letters = [set(option) for option in asked.options]
    distances = np.array([[len(a ^ b) for b in letters] for a in letters])
    brackets = np.array([option.count("(") for option in asked.options])
    return {
        **{f"{place + 1} by length": by_rank(lengths, place) for place in range(4)},
        **likeness(distances),
        "fewest brackets": best(-brackets),
        "most brackets": best(brackets),
        "no sum in it": best([not re.search("[Σᵀ]", option) for option in asked.options]),
    }


def rules_of(asked):
    """What each rule of thumb takes for the answer."""
    places = {f"place {place + 1}": [place] for place in range(len(asked.options))}
    if asked.kind == "order":
        return places | order_rules(asked)
    if asked.kind == "sign":
        return places | sign_rules(asked)
    if asked.kind == "wrong":
        return places | formula_rules(asked)
    if asked.options[0] in ("dx₀", "dz₀"):
        return places | component_rules(asked)
    if all(re.fullmatch("[−0-9., e]+", option) for option in asked.options):
        return places | number_rules(asked)
    return places


def rates(questions):
    """In what share of the questions each rule gives the right answer."""
    points = Counter()
    constant = Counter(asked.options[asked.right] for asked in questions)
    for asked in questions:
        for name, taken in rules_of(asked).items():
            points[name] += (asked.right in taken) / len(taken)
    found = {name: value / len(questions) for name, value in points.items()}
    return found | {"always the same answer": max(constant.values()) / len(questions)}


@pytest.mark.parametrize(("kind", "layer", "level"), CASES)
def test_no_rule_of_thumb_answers_more_than_half(kind, layer, level):
    found = rates([question(seed, level, 1, kind, layer) for seed in SEEDS])
    assert {name: rate for name, rate in found.items() if rate > 0.5} == {}


class Plain(SimpleNamespace):
    """A question as it is drawn by one who does not think of rules of thumb: ours once was."""


def gradient(layer, x, g):
    if layer == "sigmoid":
        return g / (2 + np.exp(x) + np.exp(-x))
    s = np.exp(x) / np.exp(x).sum()
    return s * (g - s @ g)


def plain(rng, kind, layer):
    """Draw numbers, and the options as they come to mind."""
    x = rng.permutation(np.arange(-6, 7))[:4] / 2
    g = rng.integers(-4, 5, 4) / 2
    asked = Plain(kind=kind, layer=layer, x=x, g=g, j=int(rng.integers(4)), moved=(0, 1, 2, 3), c=1)
    if kind == "zero":
        x[:], g[:] = x[0], g[asked.j] + rng.permutation([-1.0, -0.5, 1.5, 0.0])
        zero = int(np.argmin(abs(g - g.mean())))
        x[zero] += 1.5
    dx = gradient(layer, x, g)
    asked.options, asked.right = PLAIN[kind](asked, x, g, dx)
    return asked


def plain_order(asked, x, g, dx):
    right = np.argsort(-abs(dx)).tolist()
    orders = [right]
    for a, b in ((0, 1), (1, 2), (2, 3)):
        swapped = right.copy()
        swapped[a], swapped[b] = right[b], right[a]
        orders.append(swapped)
    return [" > ".join(f"|dx{'₀₁₂₃'[j]}|" for j in order) for order in orders], 0


def plain_result(asked, x, g, dx):
    y = 1 / (1 + np.exp(-x))
    rows = (dx, g, g * y, g * x * (1 - x))
    return [", ".join(f"{v:.3f}".replace("-", "−") for v in row) for row in rows], 0


PLAIN = {
    "order": plain_order,
    "result": plain_result,
    "sign": lambda asked, x, g, dx: (
        ("Positive", "Zero", "Negative"),
        1 - int(np.sign(round(dx[asked.j], 9))),
    ),
    "zero": lambda asked, x, g, dx: ([f"dx{j}" for j in "₀₁₂₃"], int(np.argmin(abs(dx)))),
    "largest": lambda asked, x, g, dx: ([f"dx{j}" for j in "₀₁₂₃"], int(np.argmax(abs(dx)))),
    "shift": lambda asked, x, g, dx: (["dx stays as it is", "Every dxⱼ changes by c"], 0),
    "wrong": lambda asked, x, g, dx: (
        ["s ⊙ g", "s ⊙ (g − Σᵢ sᵢgᵢ)", "s ⊙ g − s (sᵀg)", "s ⊙ (g − gᵀs)"],
        0,
    ),
}


@pytest.mark.parametrize(
    ("kind", "layer", "rule"),
    [
        ("order", "softmax", "by pairs, most like the others"),
        ("order", "sigmoid", "by pairs, most like the others"),
        ("result", "sigmoid", "1 by size"),
        ("sign", "sigmoid", "the sign of g"),
        ("sign", "softmax", "above the plain mean of g"),
        ("zero", "softmax", "the x that differs"),
        ("largest", "softmax", "farthest from the plain mean of g"),
        ("shift", "softmax", "always the same answer"),
        ("shift", "sigmoid", "always the same answer"),
        ("wrong", "softmax", "1 by length"),
    ],
)
def test_of_plain_questions_a_rule_of_thumb_answers_more_than_half(kind, layer, rule):
    rng = np.random.default_rng(1)
    assert rates([plain(rng, kind, layer) for _ in SEEDS])[rule] > 0.5
