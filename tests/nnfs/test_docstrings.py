"""Examples in docstrings of nnfs print what they say, and every public name has one."""

import doctest
import importlib
import pkgutil

import numpy as np
import pytest

import nnfs

MODULES = ["nnfs", *(f"nnfs.{module.name}" for module in pkgutil.iter_modules(nnfs.__path__))]
# What `import numpy as np` and `from nnfs import *` give, as the examples assume.
NAMES = {"np": np} | {name: getattr(nnfs, name) for name in nnfs.__all__}
PUBLIC = [name for name in nnfs.__all__ if callable(getattr(nnfs, name))]
FLAGS = doctest.NORMALIZE_WHITESPACE


def failures_of(text):
    test = doctest.DocTestParser().get_doctest(text, dict(NAMES), "example", None, None)
    return doctest.DocTestRunner(optionflags=FLAGS).run(test, out=lambda line: None).failed


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_of_a_module_print_what_they_say(module):
    result = doctest.testmod(
        importlib.import_module(module), extraglobs=NAMES, optionflags=FLAGS, report=True
    )
    assert result.failed == 0


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_has_an_example(name):
    docstring = getattr(nnfs, name).__doc__  # its own: inspect.getdoc would ask the base class
    assert doctest.DocTestParser().get_examples(docstring)


def test_every_public_function_is_looked_at():
    assert {"Softmax", "cross_entropy", "trace_backward"} <= set(PUBLIC)
    assert set(nnfs.__all__) - set(PUBLIC) == {"ACTIVATIONS"}


@pytest.mark.parametrize(
    ("text", "failures"),
    [
        (">>> Sigmoid().forward([0.0])\narray([0.5])", 0),
        (">>> Sigmoid().forward([0.0])\narray([0.25])", 1),
        (">>> Sigmoid().forward(None)\n", 1),
    ],
)
def test_an_example_that_prints_something_else_fails(text, failures):
    assert failures_of(text) == failures
