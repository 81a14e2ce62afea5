"""Homework on the bench, as the child process has it there."""

from types import ModuleType

import numpy as np

from visualizer.student.bench import Bench
from visualizer.student.finding import layers_in


def module_of(text, name="homework"):
    """A module with this source, run."""
    module = ModuleType(name)
    vars(module)["np"] = np
    exec(compile(text, f"{name}.py", "exec"), vars(module))
    return module


def bench_of(text):
    """A bench with the layers of a source, and the name of the first of them."""
    found, left_out = layers_in(module_of(text))
    assert found, left_out
    return Bench(found), next(iter(found))
