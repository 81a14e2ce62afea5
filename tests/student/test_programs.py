"""The test that a page writes: it fails as long as the layer is wrong, and passes from then on."""

import subprocess
import sys

import numpy as np
import pytest

from tests.student.homework import RIGHT, WRONG
from tests.student.running import bench_of, module_of
from tests.student.test_audit import DENSE
from visualizer.student.finding import layers_in
from visualizer.student.programs import gradient_test
from visualizer.student.source import Layer


def written(text, samples=2):
    """The test of a layer at a random state."""
    bench, name = bench_of(text)
    survey, rng = bench.survey(name), np.random.default_rng(3)
    x = rng.normal(0, 1, (samples, survey["inputs"])).round(2)
    g = rng.normal(0, 1, (samples, survey["outputs"][str(survey["inputs"])])).round(2)
    found, _ = layers_in(module_of(text))
    return gradient_test(
        Layer(name, found[name].parts, "homework", text), bench.examine(name, x, g, 0)
    )


def outcome(text, of, monkeypatch):
    """The names of the cases that fail when the test of one layer is run on another."""
    monkeypatch.setitem(sys.modules, "homework", module_of(of))
    namespace = {}
    exec(compile(written(text), "test_homework.py", "exec"), namespace)
    (run,) = [value for name, value in namespace.items() if name.startswith("test_")]
    (cases,) = [mark.args[1] for mark in run.pytestmark]
    failed = []
    for case in cases:
        try:
            run(case)
        except AssertionError:
            failed.append(case)
    return failed


@pytest.mark.parametrize(("convention", "layer", "text"), RIGHT, ids=lambda v: str(v)[:9])
def test_it_passes_for_a_right_layer(convention, layer, text, monkeypatch):
    assert outcome(text, text, monkeypatch) == []


@pytest.mark.parametrize(("convention", "layer", "text", "name"), WRONG, ids=lambda v: str(v)[:20])
def test_it_fails_for_a_wrong_layer_and_passes_when_that_is_mended(
    convention, layer, text, name, monkeypatch
):
    mended = next(right for c, k, right in RIGHT if (c, k) == (convention, layer))
    assert outcome(text, text, monkeypatch) == ["x"]
    assert outcome(text, mended, monkeypatch) == []


@pytest.mark.parametrize(
    ("old", "failed"), [("self.inputs.T @ dvalues", "weights"), ("dvalues.sum(axis=0", "biases")]
)
def test_it_tests_the_gradients_of_parameters_too(old, failed, monkeypatch):
    wrong = DENSE.replace(old, f"2 * {old}")
    assert outcome(DENSE, DENSE, monkeypatch) == []
    assert outcome(DENSE, wrong, monkeypatch) == [failed]


def test_it_runs_under_pytest_beside_the_file(tmp_path):
    (tmp_path / "homework.py").write_text(f"import numpy as np\n{DENSE}")
    (tmp_path / "test_dense.py").write_text(written(DENSE))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert "3 passed" in done.stdout, done.stdout


def test_it_is_as_long_as_a_student_reads():
    assert len(written(RIGHT[0][2]).splitlines()) < 45
