"""What else is seen of a layer: what it changes, keeps and shares, its types, NaN, parameters."""

import numpy as np
import pytest

from tests.student.running import bench_of
from visualizer.student.compare import found_by, judge

TANH = """
class Tanh:
    shared = None

    def forward(self, x):
        self.output = np.tanh(x)
        {forward}
        return self.output

    def backward(self, grad_next):
        {backward}
        return grad_next * (1 - self.output**2)
"""
HABITS = [
    ("x *= 2; self.output = np.tanh(x)", "pass", "changes its input in place"),
    ("pass", "grad_next *= 1.5", "changes `grad_next` in place"),
    ("pass", "self.output *= 0.5", "changes the cached output in place"),
    (
        "self.calls = 0",
        "self.calls += 1; grad_next = grad_next * self.calls",
        "A second `backward` after the same `forward`",
    ),
    (
        "self.first = getattr(self, 'first', self.output); self.output = self.first + 0 * x"
        " if x.shape == self.first.shape else self.output",
        "pass",
        "depends on more than the last forward pass",
    ),
    ("Tanh.shared = self.output", "self.output = Tanh.shared", "what it keeps is not its own"),
    (
        "self.output = self.output + np.random.default_rng().normal(size=x.shape)",
        "pass",
        "`forward` returns something else each time",
    ),
    ("self.output = self.output.astype(np.float32)", "pass", "of type float32"),
    ("self.output -= self.output.mean(axis=0) / 3", "pass", "`axis=1` is missing"),
    (
        "self.many = len(x)",
        "assert self.many == 1, 'one, <b>please</b>'",
        "fails for a batch of more than one sample: `AssertionError: one, <b>please</b>`",
    ),
    ("pass", "grad_next = grad_next + 0j", "returns complex numbers"),
]


def notes_of(text):
    bench, name = bench_of(text)
    found = found_by(bench.audit(name))
    return found, " ".join(found.notes)


@pytest.mark.parametrize(("forward", "backward", "said"), HABITS, ids=lambda v: v[:30])
def test_a_habit_is_seen_and_said(forward, backward, said):
    _, notes = notes_of(TANH.format(forward=forward, backward=backward))
    assert said in notes


def test_of_a_layer_without_habits_nothing_is_said():
    found, notes = notes_of(TANH.format(forward="pass", backward="pass"))
    assert (notes, found.is_wrong) == ("", False)


def test_what_is_random_is_not_accused():
    found, _ = notes_of(TANH.format(forward=HABITS[6][0], backward="pass"))
    assert (found.is_random, found.is_wrong) == (True, False)


def test_a_dropout_whose_mask_comes_from_numpy_is_measured_with_one_mask():
    found, notes = notes_of(
        "class Dropout:\n"
        "    def forward(self, inputs, training):\n"
        "        self.mask = np.random.binomial(1, 0.6, inputs.shape) / 0.6\n"
        "        self.output = inputs * self.mask\n"
        "    def backward(self, dvalues):\n"
        "        self.dinputs = dvalues * self.mask\n"
    )
    assert (found.is_wrong, notes) == (False, "")


def test_a_layer_in_float32_is_measured_and_its_mistake_is_named():
    text = TANH.format(forward="self.output = self.output.astype(np.float32)", backward="pass")
    right, wrong = notes_of(text)[0], notes_of(text.replace("output**2)", "output)"))[0]
    assert (right.is_wrong, right.mistake) == (False, None)
    assert wrong.mistake.name == "without square"


NAIVE = [
    (
        "np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)",
        "s * (g - (s * g).sum(axis=1, keepdims=True))",
    ),
    ("np.exp(x) / (1 + np.exp(x))", "g * s * (1 - s)"),
]


@pytest.mark.parametrize(("forward", "backward"), NAIVE)
def test_nan_where_the_function_is_finite_is_said(forward, backward):
    found, notes = notes_of(
        f"class L:\n    def forward(self, x):\n        self.s = {forward}\n        return self.s\n"
        f"    def backward(self, g):\n        s = self.s\n        return {backward}\n"
    )
    assert "`forward` gives NaN at x = 1000, 0, 0, where it is finite." in notes
    assert not found.is_wrong


def test_nan_on_the_way_back_alone_is_said_too():
    _, notes = notes_of(
        "class L:\n    def forward(self, x):\n        self.x = x\n        return np.tanh(x)\n"
        "    def backward(self, g):\n        e = np.exp(2 * self.x)\n"
        "        return g * 4 * e / (1 + e) ** 2\n"
    )
    assert "`backward` gives NaN at x = 1000, 0, 0, where `forward` is finite." in notes


def test_an_exponential_may_overflow():
    _, notes = notes_of(
        "class L:\n    def forward(self, x):\n        self.y = np.exp(x)\n        return self.y\n"
        "    def backward(self, g): return g * self.y\n"
    )
    assert notes == ""


def test_a_layer_that_mixes_samples_and_says_so_on_the_way_back_is_right():
    found, notes = notes_of(
        "class Centred:\n    def forward(self, x): return x - x.mean(axis=0)\n"
        "    def backward(self, g): return g - g.mean(axis=0)\n"
    )
    assert not found.is_wrong
    assert "depends on the others in its batch" in notes


DENSE = """
class Dense:
    def __init__(self):
        self.weights = np.random.randn(3, 3)
        self.biases = np.zeros((1, 3))

    def forward(self, inputs, training):
        self.inputs = inputs
        self.output = inputs @ self.weights + self.biases

    def backward(self, dvalues):
        self.dweights = self.inputs.T @ dvalues
        self.dbiases = dvalues.sum(axis=0, keepdims=True)
        self.dinputs = dvalues @ self.weights.T
"""
PARAMETERS = [
    ("self.inputs.T @ dvalues", "-self.inputs.T @ dvalues", "weights", "it has the wrong sign"),
    (
        "self.inputs.T @ dvalues",
        "self.inputs.T @ dvalues / len(dvalues)",
        "weights",
        "it is divided by the size of the batch",
    ),
    ("self.inputs.T @ dvalues", "dvalues.T @ self.inputs", "weights", "it is transposed"),
    ("self.inputs.T @ dvalues", "np.zeros((3, 3))", "weights", "it is 0"),
    ("self.inputs.T @ dvalues", "self.inputs.T @ dvalues + 1", "weights", None),
    (
        "axis=0, keepdims=True",
        "axis=0, keepdims=True) * len(dvalues",
        "biases",
        "it is multiplied by the size of the batch",
    ),
]


@pytest.mark.parametrize(("old", "new", "name", "why"), PARAMETERS)
def test_the_gradient_of_a_parameter_is_checked_as_that_of_x_is(old, new, name, why):
    assert notes_of(DENSE)[0].parameters == {}
    found, _ = notes_of(DENSE.replace(old, new))
    assert (found.parameters, found.is_wrong) == ({name: why}, False)
    assert found.shown_by is not None


def test_a_parameter_without_a_gradient_of_its_shape_is_said():
    text = DENSE.replace(
        "self.biases = ", "self.trainable = ('weights', 'biases')\n        self.biases = "
    )
    assert notes_of(text)[0].parameters == {}
    found, _ = notes_of(text.replace(", keepdims=True", ""))
    assert found.parameters == {"biases": "there is one of shape (3,)"}
    found, _ = notes_of(text.replace("self.dbiases", "self.other"))
    assert found.parameters == {"biases": "there is none"}


def test_the_worst_element_of_a_parameter_is_named_at_a_state():
    bench, name = bench_of(DENSE.replace("self.inputs.T @ dvalues", "self.inputs.T @ dvalues * 2"))
    worst = judge(bench.examine(name, np.array([[1.0, 5, 2]]), np.ones((1, 3)), 0)).worst
    assert worst.name.startswith("∂L/∂`weights`[1, ")
    assert (worst.claimed, round(worst.measured, 6)) == (10, 5)


def test_the_parameters_are_as_before_when_all_is_measured():
    bench, name = bench_of(DENSE)
    x, g = np.ones((1, 3)), np.ones((1, 3))
    first = bench.examine(name, x, g, 0)
    bench.audit(name)
    second = bench.examine(name, x, g, 0)
    np.testing.assert_array_equal(
        first["parameters"]["weights"]["value"], second["parameters"]["weights"]["value"]
    )


@pytest.mark.parametrize("x", [[[0.0, 0.0, 0.0]], [[0.0, 1.0, -1.0]]])
@pytest.mark.parametrize("at_0", ["> 0", ">= 0"])
def test_at_the_kink_of_a_relu_no_slope_between_the_two_is_accused(x, at_0):
    bench, name = bench_of(
        "class ReLU:\n"
        "    def forward(self, x):\n"
        "        self.x = x\n"
        "        return np.maximum(0, x)\n"
        f"    def backward(self, g): return g * (self.x {at_0})\n"
    )
    judged = judge(bench.examine(name, np.array(x), np.array([[1.0, -2.0, 3.0]]), 0))
    assert judged.worst is None


def test_where_nothing_was_measured_nothing_is_accused_and_nan_is_where_something_was():
    text = (
        "class L:\n"
        "    def forward(self, x): return np.log(x)\n"
        "    def backward(self, g): return g * {}\n"
    )
    for claim, worst in (("np.nan", None), ("0", None)):
        bench, name = bench_of(text.format(claim))
        assert judge(bench.examine(name, np.full((1, 2), -1.0), np.ones((1, 2)), 0)).worst is worst
    bench, name = bench_of(text.format("np.nan"))
    judged = judge(bench.examine(name, np.ones((1, 2)), np.ones((1, 2)), 0))
    assert not judged.agrees.any()
