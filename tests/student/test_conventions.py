"""Which layers of a module are offered, which are left out with a reason, and how they are run."""

import numpy as np
import pytest

from tests.student.running import bench_of, module_of
from visualizer.student.bench import NotShown
from visualizer.student.conventions import OURS, PAIRS, SCRATCH, Unusual
from visualizer.student.finding import layers_in

FILE = """
from abc import ABC, abstractmethod
from nnfs import Softmax as Imported

class First:
    def forward(self, x): return 2 * x
    def backward(self, g): return 2 * g

class Scaled:
    def __init__(self, factor): self.factor = factor
    def forward(self, x): return self.factor * x
    def backward(self, g): return self.factor * g

class Base:
    def forward(self, x): raise NotImplementedError
    def backward(self, g): raise NotImplementedError

class Abstract(ABC):
    @abstractmethod
    def forward(self, x): ...
    def backward(self, g): ...

class Loss:
    def forward(self, y): return y

class Odd:
    def forward(self, x, colour): return x
    def backward(self, g): return g

class Loss_CategoricalCrossentropy:
    def forward(self, y_pred, y_true): return -np.log(y_pred[range(len(y_pred)), y_true])
    def backward(self, dvalues, y_true): self.dinputs = -1 / dvalues

class Optimizer:
    def step(self): ...

scaled = Scaled(3)
again = scaled
imported = Imported()
_hidden = 3

def twice_forward(x): return 2 * x, None
def twice_backward(dout, cache): return 2 * dout
def lonely_forward(x): return x, None
def orphan_backward(dout, cache): return dout
def coloured_forward(x, colour): return x, None
def coloured_backward(dout, cache): return dout
def svm_loss(x, y): return 0.0, 0 * x
def plain(x): return x
"""


@pytest.fixture(scope="module")
def found():
    return layers_in(module_of(FILE))


def test_classes_objects_and_pairs_are_offered_in_the_order_of_the_file(found):
    assert list(found[0]) == ["First", "scaled", "imported", "twice", "svm_loss"]


def test_what_is_left_out_has_a_reason(found):
    reasons = {one.name: one.why for one in found[1]}
    assert reasons == {
        "Scaled": "it needs factor: make one at the top level of the file, as in "
        "scaled = Scaled(factor)",
        "Base": "its forward raises NotImplementedError",
        "Abstract": "it is abstract",
        "Loss": "it has no backward",
        "Odd": "its forward needs colour, which has no default",
        "Loss_CategoricalCrossentropy": "it is a loss of probabilities; with the softmax in it, it "
        "is offered",
        "lonely_forward": "there is no lonely_backward",
        "orphan_backward": "there is no orphan_forward",
        "coloured": "coloured_forward needs colour, which has no default",
    }


def test_no_code_of_the_file_runs_to_find_them():
    module = module_of(
        "class Bomb:\n"
        "    def __init__(self): raise SystemError\n"
        "    def forward(self, x): raise SystemError\n"
        "    def backward(self, g): raise SystemError\n"
    )
    assert list(layers_in(module)[0]) == ["Bomb"]


def test_only_names_that_python_could_write_are_offered():
    module = module_of("")
    vars(module)["<b>bold</b>"] = type(
        "x", (), {"__module__": "homework", "forward": lambda s, x: x, "backward": lambda s, g: g}
    )
    assert layers_in(module) == ({}, [])


@pytest.mark.parametrize(
    ("text", "convention", "outputs"),
    [
        (
            "class L:\n    def forward(self, x): return x\n    def backward(self, g): return g",
            OURS,
            3,
        ),
        (
            "class L:\n    def forward(self, inputs, training): self.output = inputs[:, :1]\n"
            "    def backward(self, dvalues): self.dinputs = np.pad(dvalues, ((0, 0), (0, 2)))",
            SCRATCH,
            1,
        ),
        (
            "def l_forward(x, w, b): return x @ w + b, w\n"
            "def l_backward(dout, w): return dout @ w.T, None, None",
            PAIRS,
            3,
        ),
    ],
)
def test_a_convention_shows_when_a_layer_runs(text, convention, outputs):
    bench, name = bench_of(text)
    survey = bench.survey(name)
    assert (survey["convention"], survey["outputs"]["3"]) == (convention, outputs)


def test_a_layer_that_takes_one_sample_is_given_vectors():
    bench, name = bench_of(
        "class L:\n"
        "    def forward(self, x):\n"
        "        e = np.exp(x)\n"
        "        self.s = e / e.sum()\n"
        "        assert x.ndim == 1\n"
        "        return self.s\n"
        "    def backward(self, g): return (np.diag(self.s) - np.outer(self.s, self.s)) @ g\n"
    )
    assert bench.survey(name)["vector"]
    examined = bench.examine(name, np.array([[1.0, 2, 3], [0, 1, 0]]), np.ones((2, 3)), 1)
    assert examined["X"].tolist() == [[0, 1, 0]]
    np.testing.assert_allclose(examined["slope"][0], examined["claimed"], atol=1e-9)


def test_the_number_of_inputs_is_found_by_trying():
    bench, name = bench_of(
        "class Dense:\n"
        "    def __init__(self): self.w = np.ones((5, 2))\n"
        "    def forward(self, x): return x @ self.w\n"
        "    def backward(self, g): return g @ self.w.T\n"
    )
    survey = bench.survey(name)
    assert (survey["inputs"], survey["outputs"]) == (5, {"5": 2})


@pytest.mark.parametrize(
    ("shape", "message"),
    [("(784, 10)", "It takes 784 inputs: a page shows up to 32."), ("(3, 50)", "has 50 outputs")],
)
def test_a_layer_that_is_too_wide_says_so(shape, message):
    bench, name = bench_of(
        "class Dense:\n"
        f"    def __init__(self): self.w = np.ones({shape})\n"
        "    def forward(self, x): return x @ self.w\n"
        "    def backward(self, g): return g @ self.w.T\n"
    )
    with pytest.raises(NotShown, match=message):
        bench.survey(name)


UNUSUAL = [
    ("forward(self, x): pass", "backward(self, g): return g", "set no `output`"),
    ("forward(self, x): return x, 1", "backward(self, g): return g", "returned tuple of 2"),
    ("forward(self, x): return x.sum(0)", "backward(self, g): return g", r"of shape \(3,\)"),
    ("forward(self, x): return 'text'", "backward(self, g): return g", "expected numbers"),
    ("forward(self, x): return x", "backward(self, g): pass", "set no `dinputs`"),
    ("forward(self, x): return x", "backward(self, g): return [g]", "returned list of 1"),
]


@pytest.mark.parametrize(("forward", "backward", "message"), UNUSUAL)
def test_a_result_against_its_convention_says_what_came_and_what_is_expected(
    forward, backward, message
):
    bench, name = bench_of(f"class L:\n    def {forward}\n    def {backward}\n")
    with pytest.raises(Unusual, match=message) as raised:
        bench.examine(name, np.array([[1.0, 2, 3], [4, 5, 6]]), np.ones((2, 3)), 0)
    assert "expected" in str(raised.value)


def test_a_pair_that_returns_no_cache_says_so():
    bench, name = bench_of("def l_forward(x): return x\ndef l_backward(dout, cache): return dout")
    with pytest.raises(Unusual, match=r"l_forward returned ndarray: expected \(out, cache\)"):
        bench.survey(name)


@pytest.mark.parametrize("shape", ["g[0]", "g.ravel()", "g.sum()"])
def test_a_gradient_of_another_shape_is_said_and_shown_where_it_can_be(shape):
    bench, name = bench_of(
        f"class L:\n    def forward(self, x): return x\n    def backward(self, g): return {shape}\n"
    )
    examined = bench.examine(name, np.ones((2, 3)), np.ones((2, 3)), 0)
    (said,) = examined["unusual"]
    assert said.endswith("expected (2, 3), that of x.")
    assert np.isfinite(examined["dx"]).all()


def test_what_is_random_in_making_a_layer_stays_through_a_drag():
    bench, name = bench_of(
        "class Dense:\n"
        "    def __init__(self): self.w = np.random.default_rng().normal(size=(3, 3))\n"
        "    def forward(self, x): return x @ self.w\n"
        "    def backward(self, g): return g @ self.w.T\n"
    )
    x, g = np.ones((1, 3)), np.ones((1, 3))
    first, second = (bench.examine(name, x, g, 0)["Y"] for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_targets_and_parameters_are_made_up_by_their_names():
    bench, name = bench_of(
        "def l_forward(x, w, beta, bn_param, y_true):\n"
        "    assert bn_param['mode'] == 'train'\n"
        "    assert y_true.tolist() == list(range(len(x)))\n"
        "    return x @ w + beta, (x, w)\n"
        "def l_backward(dout, cache):\n"
        "    x, w = cache\n"
        "    return dout @ w.T, x.T @ dout, dout.sum(0)\n"
    )
    examined = bench.examine(name, np.array([[1.0, 2.0]]), np.ones((1, 2)), 0)
    assert list(examined["parameters"]) == ["w", "beta"]
