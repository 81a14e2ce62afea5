"""Is the backward pass right? Change one input a little, and see whether L agrees."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from nnfs.base import as_float

Method = Literal["forward", "central", "complex"]

# The step of each method, for float64. Differences trade truncation against cancellation; the
# complex step subtracts nothing, so it may be as small as the numbers go.
STEPS: dict[Method, float] = {"forward": 1e-8, "central": 1e-6, "complex": 1e-200}

# The relative error up to which an element passes: about ten times what the right gradient shows.
TOLERANCES: dict[Method, float] = {"forward": 1e-5, "central": 1e-6, "complex": 1e-12}

# The same for float32, whose numbers end after 7 digits and not after 16.
SINGLE_STEPS: dict[Method, float] = {"forward": 3e-4, "central": 5e-3, "complex": 1e-30}
SINGLE_TOLERANCES: dict[Method, float] = {"forward": 1e-2, "central": 1e-4, "complex": 1e-5}


@runtime_checkable
class Differentiable(Protocol):
    """What can be checked: any object with these two methods, from nnfs or not."""

    def forward(self, X_input: np.ndarray) -> np.ndarray:
        """Map the input to the output."""

    def backward(self, grad_next: np.ndarray) -> np.ndarray:
        """Map ∂L/∂y to ∂L/∂x."""


Function = Callable[[np.ndarray], np.ndarray]


def numeric_vjp(
    function: Differentiable | Function,
    X_input: ArrayLike,
    grad_next: ArrayLike,
    method: Method = "central",
    step: float | None = None,
    dtype: DTypeLike = np.float64,
) -> np.ndarray:
    """Return Jᵀ·g by changing one input at a time, without any use of `backward`.

    With f the function, g = `grad_next` and h = `step`, element j is

        forward:  Σᵢ gᵢ (f(x + h eⱼ) − f(x))ᵢ / h             error about h f″/2 + ε |f| / h
        central:  Σᵢ gᵢ (f(x + h eⱼ) − f(x − h eⱼ))ᵢ / 2h     error about h² f‴/6 + ε |f| / h
        complex:  Σᵢ gᵢ Im f(x + i h eⱼ)ᵢ / h                 error about h² f‴/6, no cancellation

    where ε is 2⁻⁵² in float64, 2⁻²³ in float32. `nnfs.step_size` measures these errors.

    Cost: one call of the function per element of X_input, two for central differences.

    Args:
        function: a layer, of which a copy runs, or a function of one array. The complex step needs
            one that takes complex numbers and is analytic.
        X_input: x, any shape, taken in the dtype.
        grad_next: g, of the shape of the output.
        method: "forward", "central" or "complex".
        step: h, finite and above 0; by default 1e-8, 1e-6 and 1e-200, in float32 3e-4, 5e-3 and
            1e-30.
        dtype: in which everything is computed: float64 or float32.

    Returns:
        of the dtype, and of the shape of X_input.

    Raises:
        TypeError: X_input or grad_next is not real and numeric.
        ValueError: the method or the dtype is unknown, the step is not above 0, or `grad_next` does
            not have the shape of the output.

    Source:
        W. Squire, G. Trapp, "Using complex variables to estimate derivatives of real functions",
        SIAM Review 40(1), 1998.

    Examples:
        >>> numeric_vjp(np.square, [1.0, 3.0], [1.0, 10.0]).round(6)
        array([ 2., 60.])
        >>> numeric_vjp(Sigmoid(), [0.0], [1.0], "complex")
        array([0.25])
    """
    f = copy.deepcopy(function).forward if hasattr(function, "forward") else function
    precision = real_dtype(dtype)
    x, g = (
        as_real(values, name, precision)
        for values, name in ((X_input, "X_input"), (grad_next, "grad_next"))
    )
    h = usual_step(method, precision) if step is None else positive_step(step)
    y = f(x.copy())
    if np.shape(y) != g.shape:
        raise ValueError(
            f"numeric_vjp, grad_next: expected the shape of the output, {np.shape(y)}, "
            f"got {g.shape}"
        )

    def at(index: tuple[int, ...], change: complex) -> np.ndarray:
        changed = x.astype(np.result_type(x, np.complex64) if method == "complex" else x.dtype)
        changed[index] += change
        return f(changed)

    def slope(index: tuple[int, ...]) -> np.ndarray:
        if method == "complex":
            return at(index, 1j * h).imag / h
        if method == "forward":
            return (at(index, h) - y) / h
        return (at(index, h) - at(index, -h)) / (2 * h)

    dx = np.empty_like(x)
    for index in np.ndindex(x.shape):
        dx[index] = np.sum(g * slope(index))
    return dx


def relative_error(analytic: ArrayLike, numeric: ArrayLike) -> np.ndarray:
    """Return |a − n| / max(|a|, |n|), element by element; 0 where both are 0.

    Args:
        analytic: a, any shape.
        numeric: n, of the same shape.

    Returns:
        float64, between 0 and 2; NaN where a or n is not finite.

    Raises:
        TypeError: an argument is not real and numeric.
        ValueError: the shapes differ.

    Examples:
        >>> relative_error([0.0, 1.0, 1.0], [0.0, 2.0, -1.0])
        array([0. , 0.5, 2. ])
    """
    a, n = as_real(analytic, "analytic"), as_real(numeric, "numeric")
    if a.shape != n.shape:
        raise ValueError(f"relative_error: expected two equal shapes, got {a.shape} and {n.shape}")
    larger = np.maximum(np.abs(a), np.abs(n))
    with np.errstate(invalid="ignore"):  # inf − inf, inf / inf: NaN, which passes no check
        return np.abs(a / np.where(larger == 0, 1, larger) - n / np.where(larger == 0, 1, larger))


@dataclass(frozen=True)
class GradientReport:
    """The analytic gradient beside the numeric one.

    An element passes if |a − n| ≤ tolerance · max(|a|, |n|) + floor. The floor is the rounding
    error of the numeric gradient itself: where the layer is saturated, both gradients lie below it,
    and their relative error means nothing.

    Attributes:
        method: "forward", "central" or "complex".
        step: the step h.
        analytic: what `backward` returned, shape of X_input, float64.
        numeric: what `numeric_vjp` returned, same shape, float64.
        relative_error: |a − n| / max(|a|, |n|), same shape.
        tolerance: the relative error that passes.
        floor: the absolute error that passes.
        passed: bool, same shape. NaN and ±inf never pass.

    Examples:
        >>> report = check_gradient(Sigmoid(), [0.0, 2.0], [1.0, 1.0], analytic=[0.25, 1.0])
        >>> report.passed
        array([ True, False])
        >>> report.worst
        (1,)
    """

    method: Method
    step: float
    analytic: np.ndarray
    numeric: np.ndarray
    relative_error: np.ndarray
    tolerance: float
    floor: float
    passed: np.ndarray

    @property
    def ok(self) -> bool:
        """True if every element passed."""
        return bool(self.passed.all())

    @property
    def error(self) -> np.ndarray:
        """|a − n|, element by element; NaN where both are infinite."""
        with np.errstate(over="ignore", invalid="ignore"):
            return np.abs(self.analytic - self.numeric)

    @property
    def allowed(self) -> np.ndarray:
        """The absolute error that passes, element by element."""
        return _allowed(self.analytic, self.numeric, self.tolerance, self.floor)

    @property
    def allowed_relative(self) -> np.ndarray:
        """The relative error that passes, element by element: more than the tolerance near 0.

        Where both gradients are 0 it is the tolerance, and the error is 0.
        """
        larger = np.maximum(np.abs(self.analytic), np.abs(self.numeric))
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            return self.tolerance + np.where(larger == 0, 0, self.floor / larger)

    @property
    def worst(self) -> tuple[int, ...]:
        """Index of the element whose error exceeds, or comes nearest to, what is allowed."""
        with np.errstate(divide="ignore", invalid="ignore"):
            excess = self.error / self.allowed
        exact = self.analytic == self.numeric
        excess = np.where(exact, 0, np.where(np.isnan(excess), np.inf, excess))
        return tuple(int(i) for i in np.unravel_index(np.argmax(excess), excess.shape))

    def __str__(self) -> str:
        """Name the worst element with both values, after the verdict."""
        head = f"{self.method} step {self.step:g}: "
        if self.passed.size == 0:
            return head + "nothing to check"
        failed = int(np.count_nonzero(~self.passed))
        verdict = (
            f"{failed} of {self.passed.size} elements fail"
            if failed
            else (f"all {self.passed.size} elements pass")
        )
        at = self.worst
        return (
            f"{head}{verdict}; worst at {at}: analytic {self.analytic[at]:.9g}, "
            f"numeric {self.numeric[at]:.9g}, relative error {self.relative_error[at]:.2g} "
            f"(allowed {self.tolerance:g}, or {self.floor:.1g} absolute)"
        )


def check_gradient(
    layer: Differentiable,
    X_input: ArrayLike,
    grad_next: ArrayLike,
    method: Method = "central",
    step: float | None = None,
    analytic: ArrayLike | None = None,
    dtype: DTypeLike = np.float64,
) -> GradientReport:
    """Compare `backward` with a numeric gradient, both computed in float64 unless told otherwise.

    Args:
        layer: any object with `forward` and `backward`. A copy of it runs; its own state does not
            change.
        X_input: any shape.
        grad_next: g, of the shape of the output: Jᵀ·g is what is checked.
        method: as in `numeric_vjp`.
        step: as in `numeric_vjp`.
        analytic: the gradient to check in place of what `backward` returns.
        dtype: as in `numeric_vjp`.

    Returns:
        a report; `report.ok` is the verdict, `str(report)` names the worst element.

    Raises:
        TypeError: the layer has no `forward` and `backward`, or another argument is not real and
            numeric.
        ValueError: as in `numeric_vjp`, or the analytic gradient does not have the shape of
            X_input.

    Examples:
        >>> check_gradient(Softmax(), [[2.0, 1.0, 0.1]], [[1.0, 0.0, 0.0]]).ok
        True
        >>> print(check_gradient(Sigmoid(), [0.0], [1.0], "complex", analytic=[0.5]))
        complex step 1e-200: 1 of 1 elements fail; worst at (0,): analytic 0.5, numeric 0.25,
        relative error 0.5 (allowed 1e-12, or 9e-16 absolute)
    """
    _refuse_what_has_no_backward(layer)
    precision = real_dtype(dtype)
    x, g = as_real(X_input, "X_input", precision), as_real(grad_next, "grad_next", precision)
    h = usual_step(method, precision) if step is None else positive_step(step)
    numeric = numeric_vjp(layer, x, g, method, h, precision)
    layer = copy.deepcopy(layer)
    y = layer.forward(x)
    if analytic is None:
        analytic = layer.backward(g)
    analytic = as_real(analytic, "analytic")
    if analytic.shape != x.shape:
        raise ValueError(
            f"check_gradient: expected a gradient of the shape of X_input, {x.shape}, "
            f"got {analytic.shape}"
        )
    return compare_gradients(analytic, numeric, g * y, method, h, precision)


def compare_gradients(
    analytic: ArrayLike,
    numeric: ArrayLike,
    weighted: ArrayLike,
    method: Method,
    step: float,
    dtype: DTypeLike = np.float64,
) -> GradientReport:
    """Return the report of two gradients that are known already.

    Args:
        analytic: a, any shape.
        numeric: n, of the same shape, found by `method` with `step` in `dtype`.
        weighted: g·y, of the shape of the output. How precisely a difference of outputs can be
            known depends on how large they are.
        method: as in `numeric_vjp`.
        step: as in `numeric_vjp`.
        dtype: as in `numeric_vjp`.

    Raises:
        TypeError: an argument is not real and numeric.
        ValueError: the shapes of the gradients differ, the method or the dtype is unknown, or the
            step is not above 0.

    Examples:
        >>> compare_gradients([1.0, 1.0], [1.0, 1.1], [0.5, 0.5], "central", 1e-6).passed
        array([ True, False])
    """
    error = relative_error(analytic, numeric)  # which refuses what does not fit
    a, n, precision = as_real(analytic, "analytic"), as_real(numeric, "numeric"), real_dtype(dtype)
    h, tolerance = positive_step(step), usual_tolerance(method, precision)
    floor = float(rounding_floor(method, h, weighted, precision))
    with np.errstate(over="ignore", invalid="ignore"):  # inf − inf is NaN
        absolute = np.abs(a - n)
    return GradientReport(
        method=method,
        step=h,
        analytic=a,
        numeric=n,
        relative_error=error,
        tolerance=tolerance,
        floor=floor,
        # An infinite gradient would set itself an infinite tolerance.
        passed=np.isfinite(absolute) & (absolute <= _allowed(a, n, tolerance, floor)),
    )


def _refuse_what_has_no_backward(layer: object) -> None:
    if not isinstance(layer, Differentiable):
        raise TypeError(
            "check_gradient, layer: expected an object with forward and backward, "
            f"got {type(layer).__name__}"
        )


def rounding_floor(
    method: Method, step: ArrayLike, weighted: ArrayLike, dtype: DTypeLike = np.float64
) -> Any:
    """Return the rounding error of a numeric gradient: 8 ε Σ|g·y| / h.

    For the complex step, which subtracts nothing, it is 8 ε Σ|g·y|.
    Each yᵢ is known to a few units in the last place; a difference divides that by the step. Only
    the outputs of one sample move together, so the largest sample counts.

    Args:
        method: as in `numeric_vjp`.
        step: h, any shape.
        weighted: g·y, of the shape of the output.
        dtype: as in `numeric_vjp`.

    Returns:
        a float, or an array of the shape of the steps.

    Examples:
        >>> float(rounding_floor("central", 0.5, [0.25, -0.25]) / np.finfo(float).eps)
        8.0
    """
    largest = float(np.abs(as_real(weighted, "weighted")).sum(axis=-1).max(initial=0.0))
    rounding = 8 * float(np.finfo(real_dtype(dtype)).eps) * largest
    h = as_real(step, "step")
    with np.errstate(over="ignore"):
        return (np.full(h.shape, rounding) if method == "complex" else rounding / h)[()]


def _allowed(a: np.ndarray, n: np.ndarray, tolerance: float, floor: float) -> np.ndarray:
    """The absolute error that passes at each element."""
    return tolerance * np.maximum(np.abs(a), np.abs(n)) + floor


def as_real(values: ArrayLike, name: str, dtype: DTypeLike = np.float64) -> np.ndarray:
    """Return real numbers in a dtype.

    Raises:
        TypeError: they are not real and numeric.
    """
    array = as_float(values, name)
    if array.dtype.kind == "c":
        raise TypeError(f"{name}: expected real numbers, got {array.dtype}")
    with np.errstate(over="ignore"):  # beyond the range of float32 is inf
        return array.astype(dtype)


def real_dtype(dtype: DTypeLike) -> np.dtype:
    """Return float64 or float32 as a dtype.

    Raises:
        ValueError: it is another one.
    """
    found = np.dtype(dtype)
    if found not in (np.float64, np.float32):
        raise ValueError(f"dtype: expected float64 or float32, got {found}")
    return found


def positive_step(step: float) -> float:
    """Return a step.

    Raises:
        ValueError: it is not finite and above 0.
    """
    if not 0 < float(step) < np.inf:
        raise ValueError(f"step: expected a finite number above 0, got {step!r}")
    return float(step)


def usual_step(method: Method, dtype: DTypeLike = np.float64) -> float:
    """Return the step that a method takes where none is given.

    Raises:
        ValueError: the method or the dtype is unknown.

    Examples:
        >>> usual_step("central"), usual_step("central", np.float32)
        (1e-06, 0.005)
    """
    return _of_method(method, STEPS if real_dtype(dtype) == np.float64 else SINGLE_STEPS)


def usual_tolerance(method: Method, dtype: DTypeLike = np.float64) -> float:
    """Return the relative error that passes; arguments as for `usual_step`."""
    return _of_method(method, TOLERANCES if real_dtype(dtype) == np.float64 else SINGLE_TOLERANCES)


def _of_method(method: Method, values: dict[Method, float]) -> float:
    if method not in values:
        raise ValueError(f"method: expected one of {', '.join(values)}, got {method!r}")
    return values[method]
