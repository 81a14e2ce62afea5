"""BaseLayer and BaseActivation: what every layer inherits."""

import copy

import numpy as np
import pytest

from nnfs import BaseActivation, BaseLayer, Sigmoid
from nnfs.base import as_float


class Cube(BaseActivation):
    """A new activation is its forward and backward pass, nothing else."""

    def forward(self, X_input):
        self.x = as_float(X_input, "Cube.forward, X_input")
        self.output = self.x**3
        return self.output

    def backward(self, grad_next):
        return self.match_gradient(grad_next) * 3 * self.x**2


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.complex64])
def test_as_float_passes_floats_without_a_copy(dtype):
    x = np.ones(3, dtype)
    assert as_float(x, "x") is x


@pytest.mark.parametrize("values", [1, True, [1, 2], [[1.5], [2]], np.int8([1]), np.uint64(3)])
def test_as_float_makes_float64_of_all_other_numbers(values):
    array = as_float(values, "x")
    assert array.dtype == np.float64
    np.testing.assert_array_equal(array, values)


@pytest.mark.parametrize(
    ("values", "came"),
    [
        (None, "NoneType"),
        ("1.5", "str"),
        (["a", "b"], "list of str"),
        ({1: 2}, "dict"),
        (np.array([object()]), "ndarray of object"),
        (np.array(["2026-01-01"], "datetime64[D]"), "ndarray of datetime64"),
    ],
)
def test_as_float_says_what_came_instead_of_numbers(values, came):
    with pytest.raises(TypeError, match=f"^here, x: expected numbers, got {came}$"):
        as_float(values, "here, x")


def test_as_float_refuses_rows_of_different_length():
    with pytest.raises(ValueError, match=r"^x: expected a rectangular array"):
        as_float([[1, 2], [3]], "x")


@pytest.mark.parametrize("abstract", [BaseLayer, BaseActivation])
def test_a_base_class_has_no_instances(abstract):
    with pytest.raises(TypeError, match="abstract"):
        abstract()


def test_a_new_activation_has_its_attributes_from_the_base():
    cube = Cube()
    assert (cube.layer_name, cube.index, cube.trainable) == ("Cube", 0, None)
    np.testing.assert_array_equal(cube.output, np.zeros(1))
    assert repr(cube) == "Cube(index=0)"


def test_match_gradient_passes_an_array_that_agrees_as_it_is():
    cube, g = Cube(), np.ones(3)
    cube.forward([1.0, 2.0, 3.0])
    assert cube.match_gradient(g) is g


@pytest.mark.parametrize("narrow", [np.float16, np.float32])
def test_match_gradient_takes_the_wider_dtype(narrow):
    cube = Cube()
    cube.forward(np.ones(3, narrow))
    assert cube.match_gradient(np.ones(3)).dtype == np.float64
    cube.forward(np.ones(3))
    assert cube.match_gradient(np.ones(3, narrow)).dtype == np.float64


@pytest.mark.parametrize("dtype", [">f2", "<f4", ">f8", ">c16"])
def test_as_float_has_the_byte_order_of_the_machine(dtype):
    array = as_float(np.arange(3, dtype=dtype), "x")
    assert array.dtype.isnative
    np.testing.assert_array_equal(array, np.arange(3))


def test_match_gradient_before_forward_names_the_class():
    with pytest.raises(RuntimeError, match=r"^Cube\.backward .* Cube\.forward\(X_input\) first$"):
        Cube().backward(np.zeros(1))  # the shape of the output that is not there yet


@pytest.mark.parametrize("shape", [(), (1,), (3, 1), (1, 3), (2, 4), (3, 2)])
def test_match_gradient_never_broadcasts(shape):
    cube = Cube()
    cube.forward(np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"expected the shape of the output, \(2, 3\), got \("):
        cube.backward(np.ones(shape))


def test_an_output_of_one_zero_counts_as_a_forward_pass():
    cube = Cube()
    cube.forward(np.zeros(1))
    np.testing.assert_array_equal(cube.backward(np.ones(1)), np.zeros(1))


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])
def test_a_copy_of_a_fresh_layer_still_refuses(duplicate):
    with pytest.raises(RuntimeError, match="Sigmoid"):
        duplicate(Sigmoid()).backward(np.zeros(1))


def test_two_layers_of_a_class_share_no_state():
    first, second = Sigmoid(), Sigmoid()
    first.forward(np.zeros(3))
    with pytest.raises(RuntimeError):
        second.backward(np.zeros(3))
