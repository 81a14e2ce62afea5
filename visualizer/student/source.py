"""Where a page takes its layers from: the user's file, or the examples as long as there is none."""

import inspect
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from visualizer.student.bench import Bench
from visualizer.student.examples import EXAMPLES
from visualizer.student.finding import Found, LeftOut, layers_in

# What inputs are filled up with, where a layer takes more than a page has: none is 0, no two alike.
FILLING = (0.5, -1.0, 1.5, -0.5, 2.0, 0.7, -1.8, 1.2)

Evidence = Mapping[str, Any]


class Failed(Exception):
    """The user's code failed, or was stopped. The text is what Python would show."""


@dataclass(frozen=True)
class Layer:
    """A layer that is offered.

    Attributes:
        name: in its file.
        parts: the names that a program imports to have it.
        module: from where.
        code: its source.
    """

    name: str
    parts: tuple[str, ...]
    module: str
    code: str


@dataclass(frozen=True)
class Look:
    """What is seen of a layer at one state.

    Attributes:
        survey: of the layer; see `Bench.survey`. None while no version has run.
        examined: at this state; see `Bench.examine`.
        audit: of this version; see `Bench.audit`. None where that fails.
        refusal: why there is no audit.
        error: of the newest version, as Python shows it; "" where there is none.
        old: when the version was saved that is seen, if it is not the newest; "" if it is.
    """

    survey: Evidence | None = None
    examined: Evidence | None = None
    audit: Evidence | None = None
    refusal: str = ""
    error: str = ""
    old: str = ""


class Source(ABC):
    """Layers by name, with what is seen of them.

    Attributes:
        called: the file, as the user called it; "" where there is none.
        version: grows whenever what is to be seen may have changed.
        left_out: what looks like a layer in it, and is not offered.
        error: why the newest version could not be loaded; "" if it could.
    """

    called = ""
    version = 0
    left_out: tuple[LeftOut, ...] = ()
    error = ""

    @property
    @abstractmethod
    def layers(self) -> Mapping[str, Layer]:
        """Those of the newest version that could be loaded, by name, in their order."""

    @property
    def printed(self) -> str:
        """The end of what the file has printed."""
        return ""

    @abstractmethod
    def survey(self, name: str) -> Evidence:
        """Return which inputs a layer takes.

        Raises:
            Failed: it could not be run.
        """

    @abstractmethod
    def look(self, name: str, x: np.ndarray, g: np.ndarray, n: int) -> Look:
        """Return what is seen of a layer at one state. Never raises.

        Args:
            name: of the layer.
            x: inputs, shape (N, C); cut or filled up if the layer takes another number of them.
            g: upstream gradient, of the shape of the output; likewise.
            n: the sample in view.
        """


# From what is asked of a bench, by name and with arguments, to its answer.
Ask = Callable[..., Evidence]


def seen(ask: Ask, name: str, x: np.ndarray, g: np.ndarray, n: int) -> Look:
    """Ask a bench for all that a page shows.

    Raises:
        Failed: the layer could not be run at this state.
    """
    survey = ask("survey", name)
    x, g = fitted(survey, x, g)
    examined = ask("examine", name, x=x, g=g, n=min(n, len(x) - 1))
    try:
        audit, refusal = ask("audit", name), ""
    except Failed as failed:
        audit, refusal = None, str(failed)
    return Look(survey, examined, audit, refusal)


def fitted(survey: Evidence, x: np.ndarray, g: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return x with as many inputs as a layer takes, and g with as many numbers as it returns.

    Args:
        survey: of the layer.
        x: shape (N, any number of inputs).
        g: shape (any number of samples and outputs).
    """
    outputs = survey["outputs"]
    width = x.shape[1] if str(x.shape[1]) in outputs else survey["inputs"]
    filling = np.resize(FILLING, (len(x), max(0, width - x.shape[1])))
    x = np.hstack([x[:, :width], filling])
    shape = len(x), outputs[str(width)]
    fitting = np.zeros(shape)
    rows, columns = (min(sizes) for sizes in zip(g.shape, shape, strict=True))
    fitting[:rows, :columns] = g[:rows, :columns]
    return x, fitting


class Examples(Source):
    """The layers of the examples, each with a mistake in it, run in the app itself."""

    def __init__(self) -> None:
        """Find them; nothing of them runs yet."""
        found: dict[str, Found] = {}
        modules: dict[str, ModuleType] = {}
        for module in EXAMPLES:
            layers, _ = layers_in(module)
            found |= layers
            modules |= dict.fromkeys(layers, module)
        self._bench, self._lock = Bench(found), threading.Lock()
        self._audits: dict[str, Evidence] = {}
        self._layers = {
            name: Layer(name, layer.parts, _stem(modules[name]), _code(layer.shown))
            for name, layer in found.items()
        }

    @property
    def layers(self) -> Mapping[str, Layer]:
        """Those of the examples."""
        return self._layers

    def survey(self, name: str) -> Evidence:
        """Return which inputs a layer takes."""
        with self._lock:
            return self._bench.survey(name)

    def look(self, name: str, x: np.ndarray, g: np.ndarray, n: int) -> Look:
        """Return what is seen of a layer at one state."""
        with self._lock:
            return seen(self._asked, name, x, g, n)

    def _asked(self, do: str, name: str, **state: Any) -> Evidence:
        if do == "survey":
            return self._bench.survey(name)
        if do == "examine":
            return self._bench.examine(name, **state)
        if name not in self._audits:
            self._audits[name] = self._bench.audit(name)
        return self._audits[name]


def _stem(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


def _code(parts: tuple[Any, ...]) -> str:
    return "\n\n".join(map(inspect.getsource, parts))
