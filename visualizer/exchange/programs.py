"""The state of a page as a program: in NumPy with nnfs, and in PyTorch, for readers who have it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from textwrap import dedent
from types import MappingProxyType
from typing import Any

import numpy as np

# Matrices above this many entries would make the program unreadable; their sums stand for them.
LARGEST = 1024

TENSOR = "torch.tensor({}, dtype=torch.float64)"


@dataclass(frozen=True)
class Export:
    """What an export of a page states, and how other programs compute it.

    Attributes:
        inputs: the fields of the scenario that it begins with.
        results: the values that it ends with.
        nnfs: what a program imports from nnfs.
        numpy: the computation with nnfs; it defines the names of all results.
        torch: the same with PyTorch.
        numpy_only: the results of which PyTorch knows nothing, such as those of a wrong pass.
        sizes: by the name of a result, how large the numbers are that its rounding errors come
            from, as a product in both languages; 1 where nothing is said.
        symbols: how LaTeX sets the names that it does not set as they are.
        given: from a scenario to what nnfs draws by a seed, and PyTorch cannot: its program has it
            in full, below the functions that `torch` defines.
        torch_then: what the program does with them.
        test: from a scenario to the source of a test, for whoever wrote the layer that it shows.

    What is empty is not offered.
    """

    inputs: tuple[str, ...]
    results: tuple[str, ...]
    nnfs: str = ""
    numpy: str = ""
    torch: str = ""
    numpy_only: tuple[str, ...] = ()
    sizes: Mapping[str, str] = field(default_factory=dict)
    symbols: Mapping[str, str] = field(default_factory=dict)
    given: Callable[[Any], Mapping[str, np.ndarray]] = lambda scenario: {}
    torch_then: str = ""
    test: Callable[[Any], str] | None = None


def numpy_program(
    export: Export, inputs: Mapping[str, Any], results: Mapping[str, np.ndarray]
) -> str:
    """Return a program that computes the results from the inputs, and asserts their numbers.

    It needs numpy and nnfs only, and runs as it stands from the root of the repository.

    Args:
        export: how the page computes them.
        inputs: names and values, as the program uses them.
        results: names and values, as the page shows them.
    """
    checks = [
        f"np.testing.assert_allclose({name}, {_literal(value)}, rtol=1e-12, "
        f"atol={_tolerance('1e-14', size)})"
        for name, value, size in _stated(export, results)
    ]
    return "\n".join(
        [
            '"""What the page shows, computed again. Run it in the root of the repository."""',
            "",
            "import numpy as np",
            "",
            f"from nnfs import {export.nnfs}",
            "",
            *_assignments(inputs, "np.array({})"),
            "",
            dedent(export.numpy),
            *checks,
            'print("All numbers are those on the page.")',
            "",
        ]
    )


def torch_program(
    export: Export,
    inputs: Mapping[str, Any],
    results: Mapping[str, np.ndarray],
    given: Mapping[str, np.ndarray] = MappingProxyType({}),
) -> str:
    """Return the same program for PyTorch, in float64.

    Args:
        export: how the page computes them.
        inputs: names and values, as the program uses them.
        results: names and values, as the page shows them.
        given: what `export.given` returns.
    """
    checks = [
        f"torch.testing.assert_close(torch.as_tensor({name}, dtype=torch.float64), "
        f"torch.tensor({_literal(value)}, dtype=torch.float64), rtol=1e-10, "
        f"atol=float({_tolerance('1e-13', size)}), equal_nan=True)"
        for name, value, size in _stated(export, results)
        if name not in export.numpy_only
    ]
    return "\n".join(
        [
            '"""What the page shows, computed again by PyTorch."""',
            "",
            "import torch",
            "",
            *_assignments(inputs, TENSOR),
            "",
            dedent(export.torch),
            *_assignments(given, TENSOR),
            dedent(export.torch_then),
            *checks,
            'print("All numbers are those on the page.")',
            "",
        ]
    )


def _assignments(inputs: Mapping[str, Any], array: str) -> list[str]:
    return [
        f"{name} = {array.format(value.tolist()) if isinstance(value, np.ndarray) else repr(value)}"
        for name, value in inputs.items()
    ]


def _stated(export: Export, results: Mapping[str, np.ndarray]) -> list[tuple[str, np.ndarray, str]]:
    """The numbers to assert, with their size: each array, or its sums of rows if it is large."""
    return [
        (name, value, export.sizes.get(name, ""))
        if np.size(value) <= LARGEST
        else (f"{name}.sum(-1)", value.sum(-1), export.sizes.get(name, ""))
        for name, value in results.items()
    ]


def _tolerance(of_one: str, size: str) -> str:
    """The absolute error that rounding may leave: `of_one` for numbers as large as 1.

    1 − y and g − Σ s g lose digits when they come out small, and another exp rounds otherwise: the
    error of dx then is that of g, however small dx is. Multiplied from the left, nothing overflows.
    """
    return f"{of_one} * {size}" if size else of_one


def _literal(value: np.ndarray) -> str:
    """Source text that reads back as the same numbers, also where one of them has overflowed."""
    text = repr(np.asarray(value).tolist())
    return text.replace("inf", "float('inf')").replace("nan", "float('nan')")
