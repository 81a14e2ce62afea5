"""Well-known mistakes in a backward pass: what is claimed is compared with what they would claim.

Where a forward pass is one of nnfs, or a layer normalisation or a cross-entropy with its softmax,
the mistakes made with that layer come first; then those that can be made with any. As in
`nnfs.wrong_passes`, the first sentence of a docstring says what the mistake is, the second who
makes it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from nnfs import BaseLayer, ReLU, Sigmoid, Softmax, Tanh, func_softmax
from nnfs.wrong_passes import WRONG_PASSES

# Up to this relative difference an output is that of a known layer.
SAME = 1e-5
# What is added to a variance before its root is taken, so that it is never 0.
EPSILONS = (1e-3, 1e-5, 1e-6, 1e-7, 1e-8, 1e-10, 0.0)
SHIFTS = ("beta", "shift", "bias", "biases", "b")
SCALES = ("gamma", "scale", "weights", "weight", "w")
# Factors that are no accident lie this near to each other.
ONE_FACTOR = 1e-5


@dataclass(frozen=True)
class Batch:
    """A batch that ran: what came out, and how it depends on what went in.

    Attributes:
        X: inputs, shape (N, C).
        G: upstream gradient, shape (R, M).
        Y: output, shape (R, M); R is 1 where one number came out for the batch.
        J: ∂y/∂x as measured, shape (R, M, N, C).
        error: how far each entry of it may be off.
        parameters: their values, by name.
    """

    X: np.ndarray
    G: np.ndarray
    Y: np.ndarray
    J: np.ndarray
    error: np.ndarray
    parameters: Mapping[str, np.ndarray]

    @classmethod
    def of(cls, audited: Mapping[str, Any]) -> "Batch":
        """Return a batch of an audit."""
        values = {name: one["value"] for name, one in audited["parameters"].items()}
        X, G, Y = audited["X"], audited["G"], audited["Y"]
        return cls(X, G, Y, audited["slope"], audited["error"], values)

    @property
    def size(self) -> int:
        """The number of samples."""
        return len(self.X)

    @property
    def is_square(self) -> bool:
        """Whether each sample has as many outputs as inputs."""
        return len(self.G) == self.size and self.G.shape[1] == self.X.shape[1]

    @property
    def right(self) -> np.ndarray:
        """∂L/∂x as measured, shape (N, C)."""
        return np.einsum("rm,rmnc->nc", self.G, self.J)

    @property
    def slack(self) -> np.ndarray:
        """How far that may be off, shape (N, C)."""
        return np.einsum("rm,rmnc->nc", np.abs(self.G), self.error)

    @property
    def own(self) -> np.ndarray:
        """The Jacobian of each sample by its own inputs, shape (N, M, C)."""
        rows = np.arange(self.size) if len(self.G) == self.size else np.zeros(self.size, int)
        return self.J[rows, :, np.arange(self.size)]

    @property
    def handed(self) -> np.ndarray:
        """The upstream gradient of each sample, shape (N, M)."""
        return self.G if len(self.G) == self.size else np.repeat(self.G, self.size, axis=0)


# What somebody who makes the mistake takes for ∂L/∂x; None where it cannot be made.
Predict = Callable[[Batch], np.ndarray | None]


@dataclass(frozen=True)
class Mistake:
    """A mistake that has a name.

    Attributes:
        name: such as "without transpose".
        what: is wrong, in a sentence.
        who: makes it, in a sentence; "" where nobody in particular does.
    """

    name: str
    what: str
    who: str

    @classmethod
    def told_by(cls, function: Any) -> "Mistake":
        """Return what the name and the docstring of a function say."""
        named = function.func if isinstance(function, partial) else function
        what, who = " ".join(str(named.__doc__).split()).split(". ", 1)
        return cls(named.__name__.replace("_", " "), f"{what}.", who)


def negated(batch: Batch) -> np.ndarray:
    """Has the wrong sign everywhere: dx = −Jᵀ·g.

    Made by those who lose a minus on paper, or subtract the target from the output the wrong way.
    """
    return -batch.right


def elementwise(batch: Batch) -> np.ndarray | None:
    """Takes the diagonal of J for the whole of it: dxⱼ = gⱼ ∂yⱼ/∂xⱼ.

    Made by those who treat a layer that couples its inputs like one that works element by element.
    """
    return np.einsum("nc,ncc->nc", batch.handed, batch.own) if batch.is_square else None


def without_transpose(batch: Batch) -> np.ndarray | None:
    """Multiplies by J where Jᵀ belongs: dxᵢ = Σⱼ ∂yᵢ/∂xⱼ gⱼ.

    Made by those who write x W on the way forward and g W on the way back.
    """
    return np.einsum("nmc,nc->nm", batch.own, batch.handed) if batch.is_square else None


def without_gradient(batch: Batch) -> np.ndarray:
    """Forgets g: the result is the slope of the layer alone.

    Made by those who stop at the local derivative, and do not multiply by what arrives from above.
    """
    return np.einsum("rmnc->nc", batch.J)


def without_derivative(batch: Batch) -> np.ndarray | None:
    """Passes g on unchanged: dx = g.

    Made by those who forget the local derivative, as if the layer were the identity.
    """
    return batch.handed if batch.is_square else None


def divided_by_batch(batch: Batch) -> np.ndarray:
    """Is too small by the size of the batch: dx = Jᵀ·g / N.

    Made by those who take the mean over the batch in a layer, which the loss has taken already.
    """
    return batch.right / batch.size


def times_batch(batch: Batch) -> np.ndarray:
    """Is too large by the size of the batch: dx = N · Jᵀ·g.

    Made by those whose loss is a mean over the batch, and who forget its 1/N on the way back.
    """
    return batch.right * batch.size


def summed_over_batch(batch: Batch) -> np.ndarray:
    """Gives every sample the sum over the batch, where each has a gradient of its own.

    Made by those who carry the sum over from the bias, whose gradient is one.
    """
    return np.repeat(batch.right.sum(axis=0, keepdims=True), batch.size, axis=0)


def averaged_over_batch(batch: Batch) -> np.ndarray:
    """Gives every sample the mean over the batch, where each has a gradient of its own.

    Made by those who average gradients where only losses are averaged.
    """
    return np.repeat(batch.right.mean(axis=0, keepdims=True), batch.size, axis=0)


def without_result(batch: Batch) -> np.ndarray:
    """Returns 0, whatever arrives.

    Made by those who fill an array of zeros, and return another one than they have filled.
    """
    return np.zeros_like(batch.X)


# Of several that would look the same, the first is named.
GENERAL: tuple[Predict, ...] = (
    negated,
    without_gradient,
    without_derivative,
    without_transpose,
    elementwise,
    divided_by_batch,
    times_batch,
    summed_over_batch,
    averaged_over_batch,
    without_result,
)


def _normalised(x: np.ndarray, eps: float) -> tuple[np.ndarray, np.ndarray]:
    """Return x with mean 0 and variance 1 in each row, and the root that it was divided by."""
    deviation = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    return (x - x.mean(axis=1, keepdims=True)) / deviation, deviation


def _scaled_gradient(batch: Batch) -> np.ndarray:
    return batch.G * _first_named(batch, SCALES, 1.0)


def _first_named(batch: Batch, names: Sequence[str], usual: float) -> np.ndarray:
    found = (batch.parameters[name] for name in names if name in batch.parameters)
    fitting = (value.ravel() for value in found if value.size == batch.X.shape[1])
    return next(fitting, np.array(usual))


def constant_statistics(batch: Batch, eps: float) -> np.ndarray:
    """Takes mean and variance for constants: dx = γ g / σ.

    Made by those who forget that both depend on every input of the row.
    """
    return _scaled_gradient(batch) / _normalised(batch.X, eps)[1]


def constant_variance(batch: Batch, eps: float) -> np.ndarray:
    """Takes the variance for a constant: dx = (γ g − mean of γ g) / σ.

    Made by those who differentiate the mean, and forget that σ depends on x, too.
    """
    g, (_, deviation) = _scaled_gradient(batch), _normalised(batch.X, eps)
    return (g - g.mean(axis=1, keepdims=True)) / deviation


def constant_mean(batch: Batch, eps: float) -> np.ndarray:
    """Takes the mean for a constant: dx = (γ g − x̂ · mean of γ g x̂) / σ.

    Made by those who differentiate the variance, and forget that the mean depends on x, too.
    """
    g, (x, deviation) = _scaled_gradient(batch), _normalised(batch.X, eps)
    return (g - x * (g * x).mean(axis=1, keepdims=True)) / deviation


def without_scale(batch: Batch, eps: float) -> np.ndarray:
    """Forgets the scale γ on the way back.

    Made by those who test with γ = 1 only, where it makes no difference.
    """
    g, (x, deviation) = batch.G, _normalised(batch.X, eps)
    centred = g - g.mean(axis=1, keepdims=True) - x * (g * x).mean(axis=1, keepdims=True)
    return centred / deviation


def without_target(batch: Batch, weight: float) -> np.ndarray:
    """Forgets the target: dx = s ⊙ g, in the place of (s − t) ⊙ g.

    Made by those who subtract 1 at the target from a copy, or not at all.
    """
    return func_softmax(batch.X) * batch.handed * weight


def logits_for_softmax(batch: Batch, weight: float, targets: tuple[int, ...] = ()) -> np.ndarray:
    """Puts the logits where their softmax belongs: dx = (z − t) ⊙ g.

    Made by those who keep the wrong array on the way forward.
    """
    t = np.eye(batch.X.shape[1])[list(targets)]
    return (batch.X - t) * batch.handed * weight


@dataclass(frozen=True)
class Kind:
    """What a forward pass computes, where it is known.

    Attributes:
        name: such as "softmax".
        mistakes: those made with it, by their descriptions.
    """

    name: str
    mistakes: tuple[tuple[Mistake, Predict], ...] = ()


KNOWN: tuple[type[BaseLayer], ...] = (Softmax, Sigmoid, Tanh, ReLU)


def kind_of(batches: Sequence[Batch]) -> Kind | None:
    """Return what a forward pass computes, judged by its outputs; None if it is unknown."""
    for layer in KNOWN:
        if all(_is_output(batch, layer().forward(batch.X)) for batch in batches):
            passes = tuple(
                (Mistake.told_by(wrong), partial(_of_nnfs, layer, wrong))
                for wrong in WRONG_PASSES[layer]
            )
            return Kind(layer.__name__.lower(), passes)
    return _normalisation(batches) or _cross_entropy(batches)


def _is_output(batch: Batch, expected: np.ndarray) -> bool:
    return batch.Y.shape == expected.shape and np.allclose(batch.Y, expected, rtol=SAME, atol=SAME)


def _of_nnfs(layer: type[BaseLayer], wrong: Any, batch: Batch) -> np.ndarray:
    one = layer()
    one.forward(batch.X)
    return wrong(one, batch.X, batch.G)


def _normalisation(batches: Sequence[Batch]) -> Kind | None:
    """Return the mistakes of a layer normalisation, if it is one."""

    def off(eps: float) -> float:
        """Return how far the outputs are from those with this eps."""
        found = [0.0]
        for batch in batches:
            x, _ = _normalised(batch.X, eps)
            y = x * _first_named(batch, SCALES, 1.0) + _first_named(batch, SHIFTS, 0.0)
            found.append(float(np.max(np.abs(y - batch.Y))))
        return max(found)

    if not all(batch.is_square and batch.X.shape[1] > 1 for batch in batches):
        return None
    with np.errstate(all="ignore"):
        eps = min(EPSILONS, key=off)
        if not off(eps) < SAME:
            return None
    functions = (constant_statistics, constant_variance, constant_mean, without_scale)
    known = tuple((Mistake.told_by(f), partial(f, eps=eps)) for f in functions)
    return Kind("layer normalisation", known)


def _cross_entropy(batches: Sequence[Batch]) -> Kind | None:
    """Return the mistakes of a softmax with a cross-entropy for some target, if it is one."""
    targets: dict[int, tuple[int, ...]] = {}
    for batch in batches:
        if batch.G.shape[1] != 1 or (found := _targets(batch)) is None:
            return None
        targets[id(batch)] = found

    def weight(batch: Batch) -> float:
        return 1.0 if len(batch.G) == batch.size else 1 / batch.size

    def forgotten(batch: Batch) -> np.ndarray:
        return without_target(batch, weight(batch))

    def mistaken(batch: Batch) -> np.ndarray | None:
        known = targets.get(id(batch), _targets(batch))
        return None if known is None else logits_for_softmax(batch, weight(batch), known)

    return Kind(
        "cross-entropy",
        (
            (Mistake.told_by(without_target), forgotten),
            (Mistake.told_by(logits_for_softmax), mistaken),
        ),
    )


def _targets(batch: Batch) -> tuple[int, ...] | None:
    """Return the class of each sample whose surprise, −log s, is the output; None if there is none.

    Where the output is the mean of all samples, the classes are tried together.
    """
    surprise = -np.log(func_softmax(batch.X))
    if len(batch.G) == batch.size:
        found = np.isclose(surprise, batch.Y, rtol=SAME, atol=SAME)
        return tuple(found.argmax(axis=1).tolist()) if found.any(axis=1).all() else None
    classes = range(batch.X.shape[1])
    for chosen in product(classes, repeat=batch.size):
        mean = np.mean([row[c] for row, c in zip(surprise, chosen, strict=True)])
        if np.isclose(mean, batch.Y[0, 0], rtol=SAME, atol=SAME):
            return chosen
    return None


def candidates(kind: Kind | None) -> Iterator[tuple[Mistake, Predict]]:
    """Give the mistakes of a kind, and then those of any layer."""
    known = kind.mistakes if kind else ()
    yield from known
    names = {mistake.name for mistake, _ in known}
    for function in GENERAL:
        mistake = Mistake.told_by(function)
        if mistake.name not in names:
            yield mistake, function


def named(
    batches: Sequence[Batch], claims: Sequence[np.ndarray], kind: Kind | None, rtol: float
) -> Mistake | None:
    """Return the mistake that explains all that is claimed; None if none does.

    Args:
        batches: that ran.
        claims: what `backward` returned for each, shape (N, C).
        kind: what the forward pass computes.
        rtol: up to which relative difference two numbers are the same.
    """
    with np.errstate(all="ignore"):
        for mistake, predict in candidates(kind):
            predicted = [predict(batch) for batch in batches]
            if _explains(predicted, batches, claims, rtol):
                return mistake
        return _one_factor(batches, claims)


def _explains(
    predicted: Sequence[np.ndarray | None],
    batches: Sequence[Batch],
    claims: Sequence[np.ndarray],
    rtol: float,
) -> bool:
    """Tell whether predictions are what is claimed, and somewhere not what is right."""
    differs = False
    for guess, batch, claim in zip(predicted, batches, claims, strict=True):
        if guess is None or guess.shape != claim.shape:
            return False
        allowed = 2 * batch.slack + rtol * np.maximum(np.abs(guess), np.abs(claim)) + 1e-12
        if not np.all(np.abs(guess - claim) <= allowed):
            return False
        differs = differs or bool(np.any(np.abs(guess - batch.right) > 10 * allowed))
    return differs


def _one_factor(batches: Sequence[Batch], claims: Sequence[np.ndarray]) -> Mistake | None:
    """Return by which one factor all of it is wrong, where that is so."""
    right = np.concatenate([batch.right.ravel() for batch in batches])
    claimed = np.concatenate([claim.ravel() for claim in claims])
    slack = np.concatenate([batch.slack.ravel() for batch in batches])
    is_seen = np.abs(right) > 1e3 * slack
    if np.count_nonzero(is_seen) < 2 or not np.all(np.isfinite(claimed)):
        return None
    factors = claimed[is_seen] / right[is_seen]
    factor = float(np.median(factors))
    if not np.allclose(factors, factor, rtol=ONE_FACTOR, atol=0) or factor == 0:
        return None
    times = f"{factor:.4g}".replace("-", "−")
    return Mistake(f"{times} times", f"Is {times} times what it should be, everywhere.", "")
