"""How numbers are printed, and how far an axis reaches."""

import math
from collections.abc import Iterable, Sequence


def number(value: float, digits: int = 3) -> str:
    """Return the value with fixed digits and a true minus sign.

    What is smaller than the last of these digits has as many as show its own first digit, so that
    0.0005 is not printed as 0.001. Scientific only where fixed digits would say nothing: below 1e-4
    and from 1e5 on. 0 has no sign, and nothing else is printed as 0. `printed` in `values.js` is
    the same in the browser.
    """
    size = abs(value)
    if 1e-4 <= size < 1e5:
        while size < 10.0**-digits:
            digits += 1
        text = f"{value:.{digits}f}"
    elif size == 0:
        text = f"{0:.{digits}f}"
    else:
        text = "NaN" if math.isnan(value) else f"{value:.1e}"
    return text.replace("-", "−")


def numbers(values: Sequence[float], digits: int = 3) -> list[str]:
    """Return `number` of each value; for 25 it takes two thirds of the time, for 5 the same."""
    texts = (f"%.{digits}f " * len(values) % tuple(values)).replace("-", "−").split()
    least = max(1e-4, 10.0**-digits)
    return [
        text if least <= value < 1e5 or least <= -value < 1e5 else number(value, digits)
        for text, value in zip(texts, values, strict=True)
    ]


def finite(values: Iterable[float]) -> list[float | None]:
    """Return the values as JSON can carry them: what is infinite or not a number is missing."""
    return [value if math.isfinite(value) else None for value in values]


def shortened(value: float, digits: int, letters: int) -> str:
    """Return the value where `number` is too long: what is left of it in so many letters.

    Args:
        value: what is printed.
        digits: after the point, where there is room.
        letters: how many there may be, the point among them.

    Returns:
        As many digits as fit, without the 0 before the point where that helps; one of them stays
        in any case. What is smaller than the last digit is written as "−.003" or "−3e−4", or
        where not even these fit as ">0" or "<0": only 0 is printed as 0.
    """
    size = abs(value)
    if 0 < size < 10.0**-digits:
        return _shortened_tiny(value, digits, letters)
    shorter = [number(value, d) for d in range(digits - 1, 0, -1) if not 0 < size < 10.0**-d]
    if size >= 9.5:
        shorter += [number(value, 0), f"{value:.0e}".replace("-", "−")]
    elif 0 < size < 1:
        shorter += [number(value, d).replace("0.", ".") for d in range(digits, 0, -1)]
    return next((text for text in shorter if len(text) <= letters), shorter[-1])


def _shortened_tiny(value: float, digits: int, letters: int) -> str:
    more = f"{value:.{digits + 1}f}".replace("0.", ".")
    mantissa, exponent = f"{value:.0e}".split("e")
    power = f"{mantissa}e{int(exponent)}"
    # Below half of its last digit, `more` would print it as 0, or as twice what it is.
    if abs(value) >= 10.0 ** -(digits + 1) and len(more) <= letters:
        text = more
    elif len(power) < letters:  # less, as it has no point, which is half as wide as a digit
        text = power
    else:
        return ">0" if value > 0 else "<0"
    return text.replace("-", "−")


def axis_limit(values: Iterable[float], least: float) -> float:
    """Return the least of 1, 2 or 5 times a power of ten that no |value| exceeds.

    Args:
        values: what the axis has to show. What is not finite is passed over.
        least: the limit where the values are small; a number of that form itself.
    """
    largest = max((abs(v) for v in values if math.isfinite(v)), default=0.0)
    if largest <= least:
        return least
    # One ulp of slack: log10 of 1000 may come out below 3.
    power = 10.0 ** math.floor(math.log10(largest))
    return next((m * power for m in (1.0, 2.0, 5.0) if largest <= m * power), 10.0 * power)


def round_step(step: float) -> float:
    """Return the largest of 1, 2 or 5 times a power of ten that is not longer: of round numbers."""
    power = math.floor(math.log10(step))
    return next(
        (found for m in (5, 2, 1) if 0 < (found := float(f"{m}e{power}")) <= step * (1 + 1e-9)),
        step,
    )
