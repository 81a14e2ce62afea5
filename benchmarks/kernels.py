"""How fast are the layers beside SciPy, and beside the plain NumPy expression of their backward?

Run it from any directory, without installing anything but NumPy and SciPy:

    python benchmarks/kernels.py

It takes under a minute. The contestants of a row take turns, so that whatever else the machine
does hits both. A ratio is the other's time divided by that of nnfs: above 1, nnfs is faster.
"temporaries" is the peak of memory beyond the result, in units of the result. An asterisk marks
a row with a target, for the ratio of medians:

    sigmoid   at least 2.5 times as fast as scipy.special.expit at 1 000 000 elements
    softmax   at least 1.3 times as fast as scipy.special.softmax, float64, (32, 50257)
    small     at most 1.3 times as slow as the textbook's lines with the same checks
    backward  from 10 000 elements on not slower than the plain expression, which checks nothing

Backward passes are the plain expressions behind a check of the gradient: neither faster nor slower
on large arrays. How far the ratio of equals is from 1 is shown by the control, the plain
expressions raced against themselves; a row within NOISE of its target counts as met.

The softmax target is measured twice, as it depends on where large arrays come from. In a young
process each is fetched from the system page by page, and SciPy needs three. Once a larger array
has been freed, glibc recycles memory, temporaries cost little, and exp dominates both.
"""

import platform
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import scipy
import scipy.special

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from nnfs import ReLU, Sigmoid, Softmax, Tanh
from nnfs.base import as_float

SECONDS_PER_ROW = 0.7
ROUND_SECONDS = 5e-4  # a round repeats a short call for this long, to be above the clock's grain
NOISE = 0.03
FLOATS = (np.float32, np.float64)
SIGMOID_SHAPES = ((1, 10), (1, 1_000), (100, 1_000), (1_000, 1_000), (4_000, 1_000))
SMALL_SHAPES = ((1, 3), (4, 10))
SOFTMAX_SHAPES = ((1, 10), (256, 10), (256, 1_000), (32, 50_257))
TARGETS = {
    (Sigmoid, (1_000, 1_000), np.float32): 2.5,
    (Sigmoid, (1_000, 1_000), np.float64): 2.5,
    (Softmax, (32, 50_257), np.float64): 1.3,
} | {(layer, shape, np.float64): 1 / 1.3 for layer in (Sigmoid, Softmax) for shape in SMALL_SHAPES}
LARGE = 10_000  # elements, from which on a check of the gradient no longer counts

# Activation → output → the plain backward, without guard or layer around it.
PLAIN = {
    Sigmoid: lambda s: lambda g: g * s * (1 - s),
    Softmax: lambda s: lambda g: s * (g - (s * g).sum(axis=1, keepdims=True)),
    Tanh: lambda y: lambda g: g * (1 - y**2),
    ReLU: lambda y: lambda g: np.where(y > 0, g, 0),
}

Kernel = Callable[[np.ndarray], np.ndarray]


def race(kernels: tuple[Kernel, Kernel], x: np.ndarray) -> list[list[float]]:
    """Return seconds per call of each kernel, round by round; they take turns."""
    start = time.perf_counter()
    for kernel in kernels:
        kernel(x)
    once = max((time.perf_counter() - start) / len(kernels), 1e-7)
    number = max(1, round(ROUND_SECONDS / once))
    times: list[list[float]] = [[] for _ in kernels]
    end = start + SECONDS_PER_ROW
    turns = list(zip(kernels, times, strict=True))
    while time.perf_counter() < end or len(times[0]) < 5:
        turns.reverse()
        for kernel, record in turns:
            start = time.perf_counter()
            for _ in range(number):
                kernel(x)
            record.append((time.perf_counter() - start) / number)
    return times


def temporaries(kernel: Kernel, x: np.ndarray) -> str:
    """Return the peak memory of a call beyond its result, in units of the result."""
    tracemalloc.start()
    nbytes = kernel(x).nbytes
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # Of a small result, the objects around it are larger than any temporary.
    return f"{(peak - nbytes) / nbytes:.2f}" if nbytes > 50_000 else "–"


def row(name: str, x: np.ndarray, ours: Kernel, other: Kernel, target: float | None) -> None:
    """Race two kernels and print a line."""
    a, b = race((ours, other), x)
    median, best = statistics.median(b) / statistics.median(a), min(b) / min(a)
    aim = (
        ""
        if target is None
        else f"  * {target:.2g} {'met' if median >= target - NOISE else 'missed'}"
    )
    print(
        f"{name:17} {x.dtype!s:8} {x.shape!s:13}"
        f"{statistics.median(a) * 1e6:10.2f} {statistics.median(b) * 1e6:10.2f}"
        f"{median:8.2f} {best:6.2f}{temporaries(ours, x):>7} {temporaries(other, x):>6}{aim}",
        flush=True,
    )


def heading(other: str) -> None:
    """Name the columns."""
    print(f"\n{'':40}{'µs, median':^21}{'ratio':^15}{'temporaries':^14}")
    print(f"{'':40}{'nnfs':>10} {other:>10}{'median':>8} {'best':>6}{'nnfs':>7} {other:>6}")


def forward(activation: type, reference: Kernel, shapes: tuple, dtypes: tuple = FLOATS) -> None:
    """Print a line per dtype and shape."""
    for dtype in dtypes:
        for shape in shapes:
            x = rng.normal(size=shape).astype(dtype, copy=False)
            name = f"{activation.__name__}.forward"
            row(name, x, activation().forward, reference, TARGETS.get((activation, shape, dtype)))


def textbook_sigmoid(x: np.ndarray) -> np.ndarray:
    """The textbook's line, with the checks of nnfs: numbers, and no warning of an overflow."""
    x = as_float(x, "x")
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-x))


def textbook_softmax(z: np.ndarray) -> np.ndarray:
    """The textbook's lines, with the checks of nnfs: numbers in rows, and no warning."""
    z = as_float(z, "z")
    if z.ndim != 2 or z.shape[1] == 0:
        raise ValueError(z.shape)
    with np.errstate(over="ignore", invalid="ignore"):
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)


def softmax(x: np.ndarray) -> np.ndarray:
    """SciPy's, over the rows."""
    return scipy.special.softmax(x, axis=1)


print(f"Python {platform.python_version()}, NumPy {np.__version__}, SciPy {scipy.__version__}")
rng = np.random.default_rng(0)

heading("scipy")
forward(Softmax, softmax, SOFTMAX_SHAPES)
forward(Sigmoid, scipy.special.expit, SIGMOID_SHAPES)
print("Softmax again, now that arrays of 32 MB have been freed:")
forward(Softmax, softmax, SOFTMAX_SHAPES[-1:], (np.float64,))

heading("textbook")
forward(Softmax, textbook_softmax, SMALL_SHAPES, (np.float64,))
forward(Sigmoid, textbook_sigmoid, SMALL_SHAPES, (np.float64,))

heading("plain")
for activation, plain in PLAIN.items():
    for dtype in FLOATS:
        for shape in SOFTMAX_SHAPES:
            x, g = rng.normal(size=(2, *shape)).astype(dtype)
            layer = activation()
            output = layer.forward(x)
            target = 1.0 if x.size >= LARGE else None
            row(f"{layer.layer_name}.backward", g, layer.backward, plain(output), target)

heading("itself")
for activation, plain in PLAIN.items():
    x, g = rng.normal(size=(2, *SOFTMAX_SHAPES[2]))
    expression = plain(activation().forward(x))
    row(f"{activation.__name__} control", g, expression, expression, None)
