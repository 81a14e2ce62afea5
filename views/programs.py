"""The state of a page as a program: in NumPy with nnfs, and in PyTorch, for readers who have it."""

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import dedent

import numpy as np

from views import side_by_side, sigmoid, softmax
from views.scenario import BaseScenario

# Matrices above this many entries would make the program unreadable; their sums stand for them.
LARGEST = 1024


@dataclass(frozen=True)
class Program:
    """How a page is computed, as source text.

    Attributes:
        nnfs: what is imported from nnfs.
        numpy: the computation with nnfs; it defines the names of all results.
        torch: the same with PyTorch.
        sizes: by the name of a result, how large the numbers are that its rounding errors come
            from, as a product in both languages; 1 where nothing is said.
    """

    nnfs: str
    numpy: str
    torch: str
    sizes: Mapping[str, str]


PROGRAMS: dict[type[BaseScenario], Program] = {
    softmax.Scenario: Program(
        nnfs="Sequential, Softmax, Temperature, jacobian, vjp_terms",
        numpy="""\
        layer = Sequential(Temperature(T), Softmax())
        s = layer.forward(z)[n]
        dx = layer.backward(g)[n]
        J = jacobian(layer, z[n : n + 1])[0]
        terms = vjp_terms(J[np.newaxis], g[n : n + 1])[0]
        """,
        torch="""\
        z.requires_grad_()
        s = torch.softmax(z / T, dim=1)
        s.backward(g)
        dx = z.grad[n]
        s = s[n].detach()
        J = torch.autograd.functional.jacobian(lambda z: torch.softmax(z / T, 0), z[n].detach())
        terms = g[n][:, None] * J
        """,
        sizes={"J": "1 / T", "terms": "abs(g[n]).max() / T", "dx": "abs(g[n]).max() / T"},
    ),
    sigmoid.Scenario: Program(
        nnfs="Sigmoid, func_sigmoid, jacobian",
        numpy="""\
        layer = Sigmoid()
        y = layer.forward(x)[0]
        dx = layer.backward(g)[0]
        J = jacobian(layer, x)[0]
        changed = g[0, j] * (func_sigmoid(x[0, j] + eps) - func_sigmoid(x[0, j]))
        predicted = dx[j] * eps
        """,
        torch="""\
        x.requires_grad_()
        y = torch.sigmoid(x)
        y.backward(g)
        dx = x.grad[0]
        y = y[0].detach()
        J = torch.autograd.functional.jacobian(torch.sigmoid, x[0].detach())
        changed = g[0, j] * (torch.sigmoid(x[0, j].detach() + eps) - y[j])
        predicted = dx[j] * eps
        """,
        sizes={
            "dx": "abs(g).max()",
            "changed": "abs(g[0, j])",
            "predicted": "abs(g[0, j]) * eps",
        },
    ),
    side_by_side.Scenario: Program(
        nnfs="Sigmoid, Softmax, jacobian",
        numpy="""\
        sigmoid, softmax = Sigmoid(), Softmax()
        sigmoid_y, softmax_y = sigmoid.forward(z)[0], softmax.forward(z)[0]
        sigmoid_dx, softmax_dx = sigmoid.backward(g)[0], softmax.backward(g)[0]
        sigmoid_J, softmax_J = jacobian(sigmoid, z)[0], jacobian(softmax, z)[0]
        """,
        torch="""\
        def through(layer):
            leaf = z.clone().requires_grad_()
            y = layer(leaf)
            y.backward(g)
            J = torch.autograd.functional.jacobian(layer, z)[0, :, 0]
            return y[0].detach(), leaf.grad[0], J


        sigmoid_y, sigmoid_dx, sigmoid_J = through(torch.sigmoid)
        softmax_y, softmax_dx, softmax_J = through(lambda z: torch.softmax(z, dim=1))
        """,
        sizes={"sigmoid_dx": "abs(g).max()", "softmax_dx": "abs(g).max()"},
    ),
}


def numpy_program(
    scenario: BaseScenario, inputs: Mapping[str, object], results: Mapping[str, np.ndarray]
) -> str:
    """Return a program that computes the results from the inputs, and asserts their numbers.

    It needs numpy and nnfs only, and runs as it stands from the root of the repository.

    Args:
        scenario: whose kind decides how.
        inputs: names and values, as the program uses them.
        results: names and values, as the page shows them.
    """
    program = PROGRAMS[type(scenario)]
    checks = [
        f"np.testing.assert_allclose({name}, {_literal(value)}, rtol=1e-12, "
        f"atol={_tolerance('1e-14', size)})"
        for name, value, size in _stated(program, results)
    ]
    return "\n".join(
        [
            '"""What the page shows, computed again. Run it in the root of the repository."""',
            "",
            "import numpy as np",
            "",
            f"from nnfs import {program.nnfs}",
            "",
            *_assignments(inputs, "np.array({})"),
            "",
            dedent(program.numpy),
            *checks,
            'print("All numbers are those on the page.")',
            "",
        ]
    )


def torch_program(
    scenario: BaseScenario, inputs: Mapping[str, object], results: Mapping[str, np.ndarray]
) -> str:
    """Return the same program for PyTorch, in float64; arguments as for `numpy_program`."""
    program = PROGRAMS[type(scenario)]
    checks = [
        f"torch.testing.assert_close(torch.as_tensor({name}, dtype=torch.float64), "
        f"torch.tensor({_literal(value)}, dtype=torch.float64), rtol=1e-10, "
        f"atol=float({_tolerance('1e-13', size)}))"
        for name, value, size in _stated(program, results)
    ]
    return "\n".join(
        [
            '"""What the page shows, computed again by PyTorch."""',
            "",
            "import torch",
            "",
            *_assignments(inputs, "torch.tensor({}, dtype=torch.float64)"),
            "",
            dedent(program.torch),
            *checks,
            'print("All numbers are those on the page.")',
            "",
        ]
    )


def _assignments(inputs: Mapping[str, object], array: str) -> list[str]:
    return [
        f"{name} = {array.format(value.tolist()) if isinstance(value, np.ndarray) else repr(value)}"
        for name, value in inputs.items()
    ]


def _stated(
    program: Program, results: Mapping[str, np.ndarray]
) -> list[tuple[str, np.ndarray, str]]:
    """The numbers to assert, with their size: each array, or its sums of rows if it is large."""
    return [
        (name, value, program.sizes.get(name, ""))
        if np.size(value) <= LARGEST
        else (f"{name}.sum(-1)", value.sum(-1), program.sizes.get(name, ""))
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
