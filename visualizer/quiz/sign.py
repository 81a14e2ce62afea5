"""Kind *sign*: of one dxⱼ, and behind a sigmoid from level 2 on of its change with xⱼ."""

from collections.abc import Collection

import numpy as np

from visualizer.figures.numbers import number
from visualizer.quiz import drawing
from visualizer.quiz.question import Kind, Question, Results, asked_input, factors, results
from visualizer.quiz.words import bracketed, product, rule, short, subscript

SIGNS = ("Positive", "Zero", "Negative")
CHANGES = ("It rises", "It stays", "It falls")
# How many questions have a 0. Behind a softmax from level 2 on these are few, and others look
# like them: equal logits would give the 0 away.
ZEROS = {"level 1": 0.2, "softmax": 0.12, "change": 0.3}
LOOK_LIKE_ZERO = 0.18
# Whether the plain mean of g tells the sign of dxⱼ, gives a 0, or the other sign. Where dxⱼ is 0
# or looks so, the plain mean is right.
BY_PLAIN_MEAN = (1, 1, 0, 0, 0, -1, -1, -1)

Fits = np.ndarray | bool


def _draw(rng: np.random.Generator, level: int, layer: str) -> Question | None:
    j = int(rng.integers(level + 2))
    if layer == "sigmoid" and level > 1:
        return _change(rng, level, j)
    wanted = _wanted(rng, ZEROS["level 1" if level == 1 else layer])
    if wanted == 0:
        drawn = drawing.patiently(lambda: _zero(rng, level, layer, j))
    elif level == 1:
        drawn = _signed(drawing.samples(rng, level, layer), j, wanted)
    elif rng.random() < LOOK_LIKE_ZERO:
        drawn = _signed(_alike(rng, drawing.samples(rng, level, layer), j), j, wanted)
    else:
        drawn = _foiled(rng, level, j, wanted)
    return drawn and drawing.asked("sign", level, drawn, SIGNS, 1 - wanted, j=j)


def _wanted(rng: np.random.Generator, zeros: float) -> int:
    return 0 if rng.random() < zeros else int(rng.choice([-1, 1]))


def _zero(rng: np.random.Generator, level: int, layer: str, j: int) -> drawing.Sample | None:
    drawn = drawing.sample_with_zero(rng, level, layer, j)
    # A g of one value makes every dxⱼ 0.
    return drawn if drawn and np.ptp(drawn.g) and results(*drawn).dx[j] == 0 else None


def _alike(rng: np.random.Generator, batch: drawing.Batch, j: int) -> drawing.Batch:
    """Give the samples the logits that a 0 has, where g makes none."""
    x = np.repeat(batch.x[:, :1], batch.x.shape[1], axis=1)
    x[:, j] = np.where(rng.random(len(x)) < drawing.EQUAL, x[:, j], batch.x[:, j])
    return drawing.batch_of("softmax", x, batch.g, batch.T)


def _signed(batch: drawing.Batch, j: int, wanted: int, fits: Fits = True) -> drawing.Sample | None:
    m = batch.first(fits & (wanted * batch.dx[:, j] >= drawing.MARGIN))
    return None if m is None else batch.sample(m)


def _foiled(rng: np.random.Generator, level: int, j: int, wanted: int) -> drawing.Sample | None:
    """Draw a sample where the plain mean, gⱼ and the likeliest class mostly mislead."""
    plain, (by_g, by_likeliest) = rng.choice(BY_PLAIN_MEAN), drawing.lucky(rng, 2)

    def attempt() -> drawing.Sample | None:
        batch = drawing.samples(rng, level, "softmax")
        g, likeliest = batch.g, batch.x.argmax(axis=1)
        own = g[:, j]
        fits = np.sign(own - g.mean(axis=1)) == plain * wanted
        fits &= (np.sign(own) == wanted) == by_g
        fits &= (np.sign(own - g[np.arange(len(g)), likeliest]) == wanted) == by_likeliest
        return _signed(batch, j, wanted, fits)

    return drawing.patiently(attempt)


def _change(rng: np.random.Generator, level: int, j: int) -> Question | None:
    """Ask whether dxⱼ rises or falls when an input grows; neither g nor x alone tells it.

    For xⱼ itself that is the sign of ∂dxⱼ/∂xⱼ = gⱼ·yⱼ(1 − yⱼ)(1 − 2yⱼ), for any other 0.
    """
    wanted, batch = _wanted(rng, ZEROS["change"]), drawing.samples(rng, level, "sigmoid")
    x, g, y = (values[:, j] for values in (batch.x, batch.g, batch.y))
    rate = g * y * (1 - y) * (1 - 2 * y)
    moved, why = j, rng.integers(3)
    if wanted:
        fits = (wanted * rate >= drawing.MARGIN) & (np.sign(x) == rng.choice([-1, 1]))
    elif why == 0:
        fits = (x == 0) & (g != 0)
    elif why == 1:
        fits = (x != 0) & (g == 0)
    else:
        fits = np.abs(rate) >= drawing.MARGIN
        moved = int(rng.choice(np.delete(np.arange(level + 2), j)))
    if (m := batch.first(fits)) is None:
        return None
    more = {"j": j, "moved": (moved,)}
    return drawing.asked("sign", level, batch.sample(m), CHANGES, 1 - wanted, **more)


def _ask(asked: Question) -> str:
    i = subscript(asked.j)
    if asked.options == CHANGES:
        moved = subscript(asked.moved[0])
        return f"x{moved} alone grows a little. Does dx{i} rise, stay or fall, to first order?"
    return f"Is {asked.dx}{i} positive, zero or negative?"


def _reason(asked: Question, found: Results) -> str:
    j, i = asked.j, subscript(asked.j)
    if asked.options == CHANGES:
        return _reason_of_change(asked, found)
    if asked.layer == "sigmoid":
        return (
            f"{product(asked, found, j)}. A slope is never negative, so dx{i} has the "
            f"sign of g{i}; the sign of x{i} plays no part."
        )
    where = ("below", "at", "above")[int(np.sign(found.dx[j])) + 1]
    rule = ""
    if sorted(asked.g)[-2:] == [0, 1] and sum(asked.g) == 1:
        rule = " Behind a one-hot g only the class that is 1 lies above it."
    return (
        f"{product(asked, found, j)}. g{i} lies {where} the s-weighted mean of g: "
        f"that alone decides the sign.{rule}"
    )


def _reason_of_change(asked: Question, found: Results) -> str:
    j, i = asked.j, subscript(asked.j)
    if asked.moved != (j,):
        return f"J is diagonal: dx{i} = g{i}·y{i}(1 − y{i}) depends on no other x than x{i}."
    y, g = found.y[j], bracketed(short(asked.g[j]))
    rate = number(asked.g[j] * y * (1 - y) * (1 - 2 * y))
    product = f"∂dx{i}/∂x{i} = g{i}·y{i}(1 − y{i})(1 − 2y{i}) = {rate}"
    if asked.g[j] == 0:
        return f"{product}, since g{i} = 0: dx{i} stays 0 wherever x{i} is."
    if asked.x[j] == 0:
        return f"{product}: at x{i} = 0 the slope y(1 − y) is at its maximum ¼, and level there."
    side, slope = ("left", "grows") if asked.x[j] < 0 else ("right", "shrinks")
    way = "rises" if asked.right == 0 else "falls"
    return (
        f"{product}. x{i} lies {side} of 0, so the slope y(1 − y) {slope} as x{i} grows; dx{i} is "
        f"{g} times this slope, and {way}."
    )


def _hint(asked: Question) -> str:
    i = subscript(asked.j)
    if asked.options == CHANGES:
        return (
            f"{rule(asked, i)}. Which of these factors feels x{subscript(asked.moved[0])} at all? "
            "And on which side of 0 does the slope y(1 − y) grow with x?"
        )
    if asked.layer == "sigmoid":
        return f"{rule(asked, i)}. Which signs can the slope y(1 − y) have?"
    return (
        f"{rule(asked, i)}, and s{i} is positive. The mean of g is weighted by s: which classes "
        "are likely, and what is their g?"
    )


def _speaks_of(asked: Question) -> Collection[str]:
    if asked.options != CHANGES:
        return factors(asked)
    return ("x", "local") if asked.moved == (asked.j,) else ("jacobian",)


SIGN = Kind("sign", "Sign", _draw, _ask, _reason, asked_input, _hint, _speaks_of)
