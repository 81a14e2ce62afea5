"""The bench on which layers run: what is measured of them, as arrays and texts for others to judge.

It runs in the child process with the layers of the user's file, and in the app itself with those of
the demonstration. It compares nothing: `compare` does, with what the bench returns.
"""

import random
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any

import numpy as np

from visualizer.student.conventions import Runner
from visualizer.student.finding import Found, copied
from visualizer.student.measure import Slopes, slopes

# What a page can show: so many inputs, and outputs.
MOST = 32
# The number of inputs that a page begins with, where a layer takes any.
USUAL = 3
# Of a parameter so many elements are measured.
MOST_ELEMENTS = 64
# The batches of an audit, each of so many samples: two sizes, as a factor of the batch size shows.
BATCHES = (2, 3, 2, 3)
# Seconds that one request may take; a single call of the layer is watched by the child process.
PATIENCE = 8.0
# Where a careless exp overflows.
LARGE = 1000.0
# Wider ones are tried to say how many inputs a layer takes that is too wide for a page.
WIDER = (64, 100, 128, 256, 512, 784, 1000, 1024, 3072)

Around = Callable[[], AbstractContextManager[Any]]


class NotShown(ValueError):
    """A layer that works, and that no page can show. Its text says why."""


class Bench:
    """Layers by name, each made once: what is random in its making stays as it is."""

    def __init__(self, layers: Mapping[str, Found], around: Around = nullcontext) -> None:
        """Take layers that nothing has run of yet.

        Args:
            layers: by name.
            around: returns what stands around each call of a layer, such as a watch.
        """
        self.layers, self.around = layers, around
        self._made: dict[str, Runner] = {}
        self._surveys: dict[str, dict[str, Any]] = {}
        self._begun = 0.0

    def survey(self, name: str) -> dict[str, Any]:
        """Return which convention a layer follows, and which inputs it takes.

        Returns:
            convention: its name.
            vector: whether it takes vectors, not batches.
            outputs: the number of outputs by the number of inputs, of those that it takes.
            inputs: how many inputs the page begins with.
            single: whether it returns one number for a batch.
            parameters: their names.

        Raises:
            NotShown: it takes or returns more numbers than a page can show.
            Exception: whatever the layer raises.
        """
        if name not in self._surveys:
            self._begun = time.monotonic()
            self._surveys[name] = self._survey(name)
        return self._surveys[name]

    def _survey(self, name: str) -> dict[str, Any]:
        layer = self._fresh(name)
        outputs, refusal = self._outputs(layer)
        if not outputs:
            raise refusal
        shown = {inputs: count for inputs, count in outputs.items() if count <= MOST}
        if not shown:
            raise NotShown(
                f"{name} has {min(outputs.values())} outputs: a page shows up to {MOST}. A smaller "
                "one at the top level of the file is offered, too."
            )
        inputs = min(shown, key=lambda count: (abs(count - USUAL), count))
        X = _pattern(1 if layer.vector else 2, inputs)
        y = self._forward(layer, X)
        self._goes_back(layer, y)
        return {
            "convention": layer.convention,
            "vector": layer.vector,
            "outputs": {str(inputs): count for inputs, count in shown.items()},
            "inputs": inputs,
            "single": len(y) < len(X),
            "parameters": list(layer.parameters()),
        }

    def _outputs(self, layer: Runner) -> tuple[dict[int, int], Exception]:
        """Return the number of outputs for each number of inputs that works, or why none does."""
        refusals: list[Exception] = []
        widths = (USUAL, *(width for width in range(1, MOST + 1) if width != USUAL))
        for is_vector in (False, True):
            layer.vector = is_vector
            if found := self._taken(layer, widths, refusals):
                return dict(sorted(found.items())), NotShown()
        layer.vector = False
        for width in WIDER:
            if self._taken(layer, (width,), []):
                too_wide = f"It takes {width} inputs: a page shows up to {MOST}. A smaller one at "
                return {}, NotShown(too_wide + "the top level of the file is offered, too.")
        return {}, refusals[0]

    def _taken(
        self, layer: Runner, widths: Iterable[int], refusals: list[Exception]
    ) -> dict[int, int]:
        """Return the number of outputs for each of some numbers of inputs that a layer takes.

        Those for which `backward` returns another shape than that of x are left out, if there are
        others: `forward` may have taken them only because NumPy broadcasts.
        """
        found, whole = {}, set()
        for width in widths:
            X = _pattern(1 if layer.vector else 2, width)
            try:
                y = self._forward(layer, X)
            except Exception as refusal:
                refusals.append(refusal)
                continue
            found[width] = y.shape[1]
            if self._goes_back(layer, y):
                whole.add(width)
        return {width: count for width, count in found.items() if width in whole or not whole}

    def _goes_back(self, layer: Runner, y: np.ndarray) -> bool:
        """Tell whether `backward` returns nothing of another shape than that of x."""
        layer.unusual.pop("shape", None)
        # What it raises, maybe for these numbers alone, is to be seen when the layer is looked at.
        with suppress(Exception):
            self._backward(layer, np.ones_like(y))
        return "shape" not in layer.unusual

    def examine(self, name: str, x: np.ndarray, g: np.ndarray, n: int) -> dict[str, Any]:
        """Run a layer at one state: what `backward` claims, and what differences of `forward` say.

        Args:
            name: of the layer.
            x: inputs, shape (N, C).
            g: upstream gradient, shape (N, M).
            n: the sample in view.

        Returns:
            X, G, Y: as they were run: shape (N, C), (R, M), (R, M), where R is 1 if one number
                comes out for the batch.
            own: the row of Y that is of the sample in view.
            n: the sample in view among those that were run.
            dx: ∂L/∂x of the sample in view by `backward`, shape (C,).
            claimed: its Jacobian, as `backward` returns it for one-hot gradients, shape (M, C).
            slope, low, high, error: ∂y/∂x of all rows, shape (R, M, C): see `Slopes`.
            parameters: by name; see `_parameters`.
            unusual: what the results have against the convention, in sentences.
            program, given_x, given_g: the source of `run`, for a test, and what it is given there.
            eps, dtype: of the output.
            seconds: how long it took.
        """
        survey = self.survey(name)
        self._begun = time.monotonic()
        layer = self._fresh(name)
        layer.vector = survey["vector"]
        if layer.vector:
            x, g, n = x[n : n + 1], g[n : n + 1], 0
        Y = self._forward(layer, x)
        rows, outputs = Y.shape
        own = n if rows == len(x) else 0
        G = g[:, :outputs] if rows == len(x) else g[n : n + 1, :outputs]
        dx = self._backward(layer, G)
        parameters, claims = layer.parameters(), layer.gradients()
        program = layer.program(layer.given_x)
        given = {"given_x": np.array(layer.given_x), "given_g": np.array(layer.given(G))}
        claimed = np.empty((outputs, x.shape[1]))
        for i in range(outputs):
            one_hot = np.zeros_like(G)
            one_hot[own, i] = 1
            self._forward(layer, x)
            claimed[i] = self._backward(layer, one_hot)[n]
        found = self._slopes(layer, x, [(n, j) for j in range(x.shape[1])])
        # From (C, R, M) to (R, M, C).
        measured = {part: np.moveaxis(a, 0, -1) for part, a in found._asdict().items()}
        return {
            **{"X": x, "G": G, "Y": Y, "own": own, "n": n, "dx": dx[n], "claimed": claimed},
            **measured,
            "parameters": self._parameters(layer, x, G, parameters, claims),
            "unusual": list(layer.unusual.values()),
            **{"program": program, **given},
            **{"eps": layer.eps, "dtype": layer.dtype},
            "seconds": time.monotonic() - self._begun,
        }

    def audit(self, name: str, seed: int = 0) -> dict[str, Any]:
        """Run a layer on random batches, and where carelessness shows; once for each version.

        Args:
            name: of the layer.
            seed: of the batches.

        Returns:
            batches: each with X, G, Y, dX, slope, low, high, error (shape (R, M, N, C)) and
                parameters.
            refusal: what it raised for batches of more than one sample; "" if nothing.
            apart: how much the outputs of a sample change with the others, relative to them.
            seen: what was found by comparing arrays, by a short name, as true or false.
            large: X, Y and dX where exp overflows.
            unusual, eps, dtype: as for `examine`.
        """
        survey = self.survey(name)
        self._begun = time.monotonic()
        rng = np.random.default_rng(seed)
        sizes = (1,) * len(BATCHES) if survey["vector"] else BATCHES
        draws = [
            (_drawn(rng, 1.5, size, survey["inputs"]), _drawn(rng, 1.0, size, MOST))
            for size in sizes
        ]
        layer = self._fresh(name)
        layer.vector = survey["vector"]
        batches, refusal = [], ""
        for X, G in draws:
            try:
                batches.append(self._batch(layer, X, G))
            except Exception as error:
                if len(X) == 1:
                    raise
                refusal = f"{type(error).__name__}: {error}"
                batches.append(self._batch(layer, X[:1], G[:1]))
        return {
            "batches": batches,
            "refusal": refusal,
            "apart": self._apart(layer, draws[0][0]),
            "seen": self._habits(name, survey["vector"], batches[0], batches[2]),
            "large": self._large(name, survey),
            "unusual": list(layer.unusual.values()),
            **{"eps": layer.eps, "dtype": layer.dtype},
        }

    def _batch(self, layer: Runner, X: np.ndarray, G: np.ndarray) -> dict[str, Any]:
        """Return what a layer claims and what is measured, for all samples of a batch."""
        Y = self._forward(layer, X)
        G = G[: len(Y), : Y.shape[1]].copy()
        dX = self._backward(layer, G)
        parameters, claims = layer.parameters(), layer.gradients()
        found = self._slopes(layer, X, list(np.ndindex(X.shape)))
        shape = (*X.shape, *Y.shape)
        measured = {
            part: np.moveaxis(array.reshape(shape), (0, 1), (2, 3))
            for part, array in found._asdict().items()
        }
        return {
            **{"X": X, "G": G, "Y": Y, "dX": dX},
            **measured,
            "parameters": self._parameters(layer, X, G, parameters, claims),
        }

    def _parameters(
        self,
        layer: Runner,
        X: np.ndarray,
        G: np.ndarray,
        parameters: Mapping[str, np.ndarray],
        claims: Mapping[str, Any],
    ) -> dict[str, dict[str, Any]]:
        """Return for each parameter what `backward` claims for ∂L/∂θ, and what is measured.

        Returns:
            by name: value; claimed, of the same shape, or None if there is no gradient of that
            shape, then `instead` says what there is; slope, low, high, error and weight, of the
            same shape, NaN where it was not measured: of many elements some are. weight is how
            large g is there, for tolerances.
        """
        found: dict[str, dict[str, Any]] = {}
        for name, value in parameters.items():
            claim = claims.get(name)
            fits = isinstance(claim, np.ndarray) and claim.shape == value.shape
            instead = "" if fits else "none" if claim is None else f"of shape {np.shape(claim)}"
            places = list(np.ndindex(value.shape))
            some = places[:: -(-len(places) // MOST_ELEMENTS)]

            def output(theta: np.ndarray, name: str = name) -> np.ndarray:
                layer.set_parameter(name, theta)
                return self._forward(layer, X)

            measured = slopes(output, value.copy(), some, layer.eps)
            layer.set_parameter(name, value)
            found[name] = {
                "value": value,
                "claimed": np.asarray(claim, np.float64) if fits else None,
                "instead": instead,
                **_summed(measured, G, value.shape, some),
            }
        return found

    def _habits(
        self, name: str, vector: bool, first: Mapping[str, Any], second: Mapping[str, Any]
    ) -> dict[str, bool]:
        """Return what a layer does besides computing, each as true or false."""
        layer = self._fresh(name)
        layer.vector = vector
        X, G, other = first["X"], first["G"], second["X"]
        seen = {}
        again = self._forward(layer, X)
        seen["random"] = not _same(again, self._forward(layer, X))
        seen["changes_x"] = self._changes(X.copy(), layer.forward)
        self._forward(layer, X)
        kept = [(array, array.copy()) for array in layer.kept]
        given = layer.given(G.copy())
        seen["changes_g"] = self._changes(np.asarray(given), lambda g: layer.backward(given))
        seen["changes_output"] = not all(_same(array, copy) for array, copy in kept)
        seen["stale"] = self._differs(name, vector, (X, other), G)
        seen["shared"] = self._differs(name, vector, (X,), G, other)
        self._forward(layer, X)
        once, twice = self._backward(layer, G), self._backward(layer, G)
        seen["differs_twice"] = not seen["changes_output"] and not _same(once, twice)
        return seen

    def _changes(self, array: np.ndarray, function: Callable[[np.ndarray], Any]) -> bool:
        """Tell whether a pass changes in place what it is given."""
        before = array.copy()
        _seed()
        with self.around(), np.errstate(all="ignore"):
            function(array)
        return not _same(before, array)

    def _differs(
        self,
        name: str,
        vector: bool,
        inputs: tuple[np.ndarray, ...],
        G: np.ndarray,
        of_another: np.ndarray | None = None,
    ) -> bool:
        """Tell whether `backward` is another one after more than its own last forward pass.

        Args:
            name: of the layer.
            vector: whether it takes vectors.
            inputs: the one that counts, and others that the layer has seen before it.
            G: upstream gradient.
            of_another: what another layer of the same kind sees in between; None for nothing.
        """
        fresh, used, another = (self._fresh(name) for _ in range(3))
        fresh.vector = used.vector = another.vector = vector
        self._forward(fresh, inputs[0])
        expected = self._backward(fresh, G)
        for X in reversed(inputs):
            self._forward(used, X)
        if of_another is not None:
            self._forward(another, of_another)
        return not _same(expected, self._backward(used, G))

    def _apart(self, layer: Runner, X: np.ndarray) -> float:
        """Return by how much the output of a sample changes when it is alone, relative to it."""
        Y = self._forward(layer, X)
        if len(X) < 2 or len(Y) < len(X):
            return 0.0
        try:
            alone = self._forward(layer, X[:1])
        except Exception:  # a layer that takes no batch of one says nothing of this
            return 0.0
        if alone.shape != Y[:1].shape:
            return 0.0
        return float(np.max(np.abs(alone - Y[:1])) / (np.max(np.abs(Y)) or 1.0))

    def _large(self, name: str, survey: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return what comes out where exp overflows: for one input, for one below, for all."""
        layer = self._fresh(name)
        layer.vector = survey["vector"]
        inputs = survey["inputs"]
        first = np.eye(1, inputs)
        found = []
        for X in (LARGE * first, -LARGE * first, np.full((1, inputs), LARGE)):
            try:
                Y = self._forward(layer, X)
                found.append({"X": X, "Y": Y, "dX": self._backward(layer, np.ones_like(Y))})
            except Exception:  # it refuses such inputs, which is no mistake
                continue
        return found

    def _slopes(self, layer: Runner, X: np.ndarray, places: Iterable[tuple[int, ...]]) -> Slopes:
        return slopes(lambda other: self._forward(layer, other), X, places, layer.eps)

    def _fresh(self, name: str) -> Runner:
        """Return a layer as it was made, which nothing has run of since."""
        if name not in self._made:
            _seed()
            with self.around():
                self._made[name] = self.layers[name].make()
        return copied(self._made[name])

    def _forward(self, layer: Runner, X: np.ndarray) -> np.ndarray:
        """Run `forward`: what is random in it, such as a mask, is the same in every call."""
        self._check_time()
        _seed()
        with self.around(), np.errstate(all="ignore"):
            return layer.forward(X.copy())

    def _backward(self, layer: Runner, G: np.ndarray) -> np.ndarray:
        given = layer.given(G)
        return self._called(layer, given.copy() if isinstance(given, np.ndarray) else given)

    def _called(self, layer: Runner, given: Any) -> np.ndarray:
        self._check_time()
        with self.around(), np.errstate(all="ignore"):
            return layer.backward(given)

    def _check_time(self) -> None:
        if self._begun and time.monotonic() - self._begun > PATIENCE:
            raise NotShown(
                f"It is too slow for this page: what it shows needs many calls of `forward`, and "
                f"after {PATIENCE:g} seconds they were not done."
            )


def _summed(
    measured: Slopes, G: np.ndarray, shape: tuple[int, ...], places: list[tuple[int, ...]]
) -> dict[str, np.ndarray]:
    """Return ∂L/∂θ from ∂y/∂θ, with its bounds; NaN at the places that were not measured."""
    up, down = np.maximum(G, 0), np.minimum(G, 0)
    sums = {
        "slope": (G * measured.slope).sum((1, 2)),
        "low": (up * measured.low + down * measured.high).sum((1, 2)),
        "high": (up * measured.high + down * measured.low).sum((1, 2)),
        "error": (np.abs(G) * measured.error).sum((1, 2)),
        "weight": (np.abs(G) * np.abs(measured.slope)).sum((1, 2)),
    }
    found = {part: np.full(shape, np.nan) for part in sums}
    for part, values in sums.items():
        for place, value in zip(places, values, strict=True):
            found[part][place] = value
    return found


def _pattern(count: int, width: int) -> np.ndarray:
    """Return inputs for a first try, always the same ones."""
    return _drawn(np.random.default_rng(width), 1.5, count, width)


def _drawn(rng: np.random.Generator, scale: float, count: int, width: int) -> np.ndarray:
    """Return random numbers that a link can hold, none of them 0, where many layers have a kink."""
    values = rng.normal(0, scale, (count, width)).round(2)
    return np.where(np.abs(values) < 0.05, 0.5, values)


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    """Tell whether two arrays are equal, but for rounding; NaN equals NaN."""
    if np.shape(one) != np.shape(other):
        return False
    size = np.nanmax(np.abs(one), initial=0.0) or 1.0
    return np.allclose(one, other, rtol=1e-9, atol=1e-12 * size, equal_nan=True)


def _seed() -> None:
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002  (that is the generator which layers use)
