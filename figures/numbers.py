"""How numbers are printed, and how far an axis reaches."""

import math
from collections.abc import Iterable, Sequence


def number(value: float, digits: int = 3) -> str:
    """Return the value with fixed digits and a true minus sign.

    Scientific only where fixed digits would say nothing: below 1e-4 and from 1e5 on. Exactly 0
    has no sign, and nothing else is printed as 0: a small value has more digits.
    """
    size = abs(value)
    if 1e-4 <= size < 1e5:
        while size < 0.01 and round(size, digits) == 0:
            digits += 1
        text = f"{value:.{digits}f}"
    elif size == 0:
        text = f"{0:.{digits}f}"
    else:
        text = f"{value:.1e}" if math.isfinite(value) else str(value)
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
        As many digits as fit; one of them stays in any case. What is less than the last digit is
        written as "−.003" or "−3e−4", or where not even these fit as "+0" or "−0".
    """
    if 0 < abs(value) < 0.5 * 10.0**-digits:
        more = f"{value:.{digits + 1}f}".replace("0.", ".")
        mantissa, exponent = f"{value:.0e}".split("e")
        power = f"{mantissa}e{int(exponent)}"
        if float(more) and len(more) <= letters:
            text = more
        elif len(power) < letters:  # less, as it has no point, which is half as wide as a digit
            text = power
        else:
            text = "+0" if value > 0 else "-0"
        return text.replace("-", "−")
    shorter = [number(value, fewer) for fewer in range(digits - 1, 0, -1)]
    if abs(value) >= 10:
        shorter += [number(value, 0), f"{value:.0e}".replace("-", "−")]
    return next((text for text in shorter if len(text) <= letters), shorter[-1])


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
