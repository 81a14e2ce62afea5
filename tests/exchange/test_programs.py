"""The exported program: it runs as it stands, and asserts the numbers on the page."""

import contextlib
import io
import random
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from visualizer.exchange.programs import numpy_program, torch_program
from visualizer.lessons import BY_NAME, LESSONS, lesson_of
from visualizer.scenario.codecs import format_rows

ROOT = Path(__file__).parents[2]
BATCH = {"z": "2,1,0.1;0,0,3", "g": "1,0,0;0,1,-0.5", "n": "1"}
LARGE = {"z": format_rows([[0.01 * i for i in range(40)]])}  # J and terms: their sums
SCENARIOS = {
    "softmax": [
        {},
        {"T": "0.7", "j": "2"},
        BATCH | {"T": "3"},
        LARGE,
        {"wrong": "elementwise,flattened_batch", "step": "6", "present": "1"},
        {"z": "1e308,-1e308,0", "g": "1e-300,-0,7"},
        {"z": "-5,5", "g": "1e308,-1e308"},
    ],
    "sigmoid": [
        {},
        {"x": "0,4,-9,1", "g": "2,0.5,-1,0", "j": "1", "eps": "0.001"},
        {"x": format_rows([[0.1 * i - 2 for i in range(40)]])},
        {"x": "-1e308,1e308", "g": "1e308,1", "wrong": "without_derivative"},
    ],
    "side_by_side": [{}, {"z": "3,0,-2,1,0.5", "g": "1,0,-1,0.25,0"}],
    "gradient_check": [
        {},
        {"backward": "elementwise", "method": "forward", "h": "1e-8"},
        {"layer": "chain", "backward": "first_to_last", "dtype": "float32", "h": "0.005"},
        {"layer": "loss", "z": "3,0,-2,1,0.5", "g": "1,0,-1,0.25,0", "method": "complex"},
        {"layer": "relu", "z": "1,0,-1", "g": "1,1,1", "h": "0.1"},
        BATCH | {"backward": "flattened_batch"},
        {"layer": "tanh", "z": "0.5", "g": "1e8", "h": "1e-15"},
    ],
    "precision": [
        {},
        {"at": "8", "z": "12,11,10", "j": "2"},
        {"layer": "tanh", "x": "-22,22", "at": "6"},
        {"layer": "softmax", "x": "0,1000", "at": "800", "z": "800,0", "j": "1"},
        {"z": "900,899,898;2,1,0", "n": "1", "at": "40"},
    ],
    "losses": [
        {},
        {"z": "2,-8,0.1", "t": "0,1,0", "layer": "sigmoid", "loss": "squared_error"},
        {"z": "2,-8,0.1", "t": "0.2,1,0.7", "layer": "sigmoid", "loss": "binary_cross_entropy"}
        | {"before": "sigmoid", "j": "0"},
        {"z": "2,-720,0.1", "t": "0.1,0.9,0"},
        {"z": "0,-1000", "t": "0,1"},
        {"z": "40,-800", "t": "0,1", "layer": "sigmoid", "loss": "binary_cross_entropy"},
        {"z": "2,1,0,-1,3", "t": "0,1,0.5,1,0", "loss": "binary_cross_entropy"},
        {"layer": "sigmoid", "loss": "cross_entropy"},
    ],
    "chain": [
        {},
        {"layers": "20", "activation": "tanh", "scale": "0.25", "k": "19", "j": "3"},
        {"layers": "5", "activation": "relu", "width": "4", "head": "softmax", "seed": "3"},
        {"layers": "20", "activation": "relu", "width": "4", "k": "18"},  # exactly 0
        {"layers": "30", "activation": "tanh", "scale": "1e-12"},  # too small to be squared
        {"layers": "3", "width": "40", "k": "2"},  # J: its sums
        {"layers": "2", "width": "1", "scale": "3"},
    ],
    "simplex": [
        {},
        {"k": "0", "g": "1e5,-1e5,0", "lr": "0.05"},
        {"z": "3,-3,0", "loss": "target1", "k": "60"},
        {"z": "2,0,-2", "loss": "middle", "lr": "5", "k": "20"},
        {"z": "1e308,-1e308,0", "g": "1e-300,-0,7", "k": "3"},
        {"z": "1000,-1000,0", "loss": "target1", "k": "2"},
        {"z": "2,0,-2", "loss": "middle", "lr": "12", "k": "60"},  # to and fro, never the same
    ],
}
CASES = [(page, query) for page, queries in SCENARIOS.items() for query in queries]


def exported(page, query, program=numpy_program):
    lesson = BY_NAME[page]
    scenario, messages = lesson.Scenario.from_query(query)
    assert messages == []
    given = [lesson.export.given(scenario)] if program is torch_program else []
    return program(lesson.export, *lesson.record(scenario), *given)


@pytest.fixture
def run(tmp_path):
    """Save a program in a folder that holds nnfs and nothing else of the repository, and run it."""
    (tmp_path / "nnfs").symlink_to(ROOT / "nnfs")

    def saved_and_run(text, name):
        (tmp_path / name).write_text(text, encoding="utf-8")
        command = [sys.executable, "-W", "ignore", name]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)

    return saved_and_run


def test_every_page_with_an_export_has_scenarios_here():
    exporting = [lesson for lesson in LESSONS if lesson.export and lesson.export.numpy]
    assert {lesson_of(lesson.Scenario.usual()).name for lesson in exporting} == {*SCENARIOS}


@pytest.mark.parametrize(("page", "query"), CASES, ids=str)
@pytest.mark.filterwarnings("ignore:overflow")
def test_the_program_runs_and_finds_the_numbers_on_the_page(run, page, query):
    done = run(exported(page, query), f"{page}.py")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "All numbers are those on the page.\n"


def asserted(page, text):
    """Where the program states the numbers of a result: the start of each."""
    return [m.start(1) for m in re.finditer(r"assert_allclose\([^\[]*?, (?:\[+)?(-?\d)", text)]


@pytest.mark.parametrize("page", SCENARIOS)
def test_the_program_fails_when_one_of_its_numbers_is_changed(run, page):
    text = exported(page, {"j": "1"})
    places = asserted(page, text)
    assert len(places) >= 4
    for place in (places[0], places[-1]):
        digit = text.index(".", place) + 3  # the third digit behind the point
        changed = text[:digit] + ("1" if text[digit] != "1" else "2") + text[digit + 1 :]
        done = run(changed, f"{page}.py")
        assert done.returncode != 0
        assert "AssertionError" in done.stderr


@pytest.mark.parametrize("page", SCENARIOS)
def test_the_program_fails_when_an_input_is_changed(run, page):
    text = exported(page, {"g": "1,0.5,-1"})
    first = re.search(r"^\w+ = [^\d\n]*\d+\.(\d)", text, re.MULTILINE)
    assert first[1] != "6"
    done = run(f"{text[: first.start(1)]}6{text[first.end(1) :]}", f"{page}.py")
    assert "AssertionError" in done.stderr


@pytest.mark.parametrize(("page", "query"), CASES, ids=str)
@pytest.mark.filterwarnings("ignore:overflow")
def test_the_program_imports_numpy_and_nnfs_only(page, query):
    imported = re.findall(r"^(?:import|from) (\w+)", exported(page, query), re.MULTILINE)
    assert imported == ["numpy", "nnfs"]


@pytest.mark.parametrize("page", SCENARIOS)
def test_every_result_of_the_descriptor_is_asserted(page):
    text = exported(page, {})
    assert re.findall(r"assert_allclose\((\w+),", text) == list(BY_NAME[page].export.results)


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("softmax", {"s", "J", "terms", "dx"}),
        ("sigmoid", {"y", "J", "dx", "changed", "predicted"}),
        (
            "gradient_check",
            {"y", "exact", "analytic", "forward", "central", "complex_step"},
        ),
        ("chain", {"arrives", "gain", "left", "g", "J", "dx"}),
        ("simplex", {"path", "losses", "following", "J", "dx", "way"}),
        ("side_by_side", {f"{a}_{b}" for a in ("sigmoid", "softmax") for b in ("y", "J", "dx")}),
        (
            "precision",
            {"naive", "stable", "zero", "probability", "gradient", "broken"}
            | {"two_step_now", "fused_now"},
        ),
        ("losses", {"y", "L", "g", "J", "dx", "dz", "fused"}),
    ],
)
def test_every_result_on_the_page_is_in_the_descriptor(page, names):
    assert set(BY_NAME[page].export.results) == names


@pytest.mark.parametrize(("page", "query"), CASES, ids=str)
@pytest.mark.filterwarnings("ignore:overflow")
def test_the_program_for_pytorch_is_python_and_imports_torch_only(page, query):
    text = exported(page, query, torch_program)
    compile(text, "softmax.torch.py", "exec")
    assert re.findall(r"^(?:import|from) (\w+)", text, re.MULTILINE) == ["torch"]


STEEP = [  # where a result is small beside what it is made of
    ("side_by_side", {"z": "-9.07,26.2,-5.85", "g": "1e5,1e5,1e5"}),
    ("sigmoid", {"x": "11.2,-11.8", "g": "1e5,1e5", "eps": "1e-4"}),
    ("softmax", {"z": "-9.07,26.2,-5.85", "g": "1e5,1e5,1e5", "T": "0.05"}),
]


def random_states(count):
    """Legal states of all pages, with g from 1e-9 to 1e8, often the same for all inputs."""
    rng = random.Random(7)

    def row(draw, classes):
        return ",".join(f"{draw():.6g}" for _ in range(classes))

    for turn in range(count):
        page, classes = list(SCENARIOS)[turn % len(SCENARIOS)], rng.choice([2, 3, 5, 8, 40])
        if page == "chain":
            yield page, random_chain(rng)
            continue
        if page == "losses":
            yield page, random_losses(rng, min(classes, 8))
            continue
        scenario, inputs = BY_NAME[page].Scenario, "x" if page == "sigmoid" else "z"
        said = scenario.said_of(inputs)
        classes = max(said["least"], min(classes, said["most"]))
        spread = rng.choice([1, 3, 10, 30])
        size = 10.0 ** rng.choice([0, 0, 1, 3, 5, 8, -5, -9])
        g = rng.choice([[size], [size, -size, 1.0, 0.3 * size]])
        query = {
            inputs: row(lambda s=spread: rng.gauss(0, s), classes),
            "g": row(lambda g=g: rng.choice(g), classes),
            "j": str(rng.randrange(classes)),
        }
        if page == "softmax":
            query["T"] = f"{rng.choice([1, rng.uniform(0.05, 20)]):.4g}"
        if page == "sigmoid":
            query["eps"] = rng.choice(["0.5", "0.0001", "2"])
        yield page, {name: text for name, text in query.items() if name in scenario.codecs()}


def random_losses(rng, classes):
    """A state of Losses in which no output is rounded to 1: where it is depends on the exp."""
    said = BY_NAME["losses"].Scenario.said_of
    spread = rng.choice([1, 3, 6])
    return {
        "z": ",".join(f"{rng.gauss(0, spread):.6g}" for _ in range(classes)),
        "t": ",".join(str(rng.choice([0, 1, round(rng.random(), 3)])) for _ in range(classes)),
        "j": str(rng.randrange(classes)),
        **{name: rng.choice(said(name)["allowed"]) for name in ("layer", "loss", "before")},
    }


def random_chain(rng):
    """A state of Chain, also one whose gradients explode."""
    said = BY_NAME["chain"].Scenario.said_of
    return {
        "layers": str(rng.choice([2, 5, 8, 20, 30])),
        "width": str(rng.choice([1, 2, 4, 16])),
        "scale": str(rng.choice([1e-3, 0.1, 0.25, 0.35, 1, 3, 10])),
        "seed": str(rng.randrange(100)),
        "k": str(rng.randrange(2)),
        **{name: rng.choice(said(name)["allowed"]) for name in ("activation", "head")},
    }


def fails(text):
    """Run a program in this process; tell whether it finds another number than it states."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(text, "program", "exec"), {})
    except AssertionError:
        return True
    return False


def another_exp():
    """Return an exp that is rounded up, down or as here: as on another processor."""
    rng, here = np.random.default_rng(0), np.exp

    def exp(x, out=None):
        y = here(x)
        if np.asarray(y).dtype.kind != "f":  # of the complex step
            return here(x, out=out)
        off = np.nextafter(y, rng.choice([0.0, np.inf], np.shape(y)).astype(np.asarray(y).dtype))
        y = np.where((rng.random(np.shape(y)) < 0.3) | (np.asarray(x) == 0), y, off)
        if out is None:
            return y
        out[...] = y
        return out

    return exp


def test_the_program_agrees_where_exp_is_rounded_otherwise(monkeypatch):
    texts = {(page, str(query)): exported(page, query) for page, query in random_states(150)}
    monkeypatch.setattr(np, "exp", another_exp())
    assert [state for state, text in texts.items() if fails(text)] == []


@pytest.mark.parametrize("program", [numpy_program, torch_program])
@pytest.mark.parametrize("page", SCENARIOS)
def test_however_large_g_is_a_wrong_result_is_found(page, program):
    if program is torch_program:
        pytest.importorskip("torch")
    # Steps of that size would end where every result is exactly 0.
    query = {"g": "1e8,-1e8,3e7"} | ({"k": "0"} if page == "simplex" else {})
    text = exported(page, query, program)
    assert not fails(text)
    names = re.findall(r"(?:assert_allclose\(|as_tensor\()(\w+),", text)
    assert len(names) >= 4
    lesson = BY_NAME[page]
    values = lesson.compute(lesson.Scenario.from_query(query)[0])
    for name in names:
        # What is 0 stays 0 when it is multiplied.
        off = "* 1.000001" if np.any(values[name]) else "+ 0.000001"
        wrong = re.sub(rf"(assert_allclose|as_tensor)\({name},", rf"\1({name} {off},", text)
        assert fails(wrong), name


def test_the_program_for_pytorch_finds_the_numbers_where_there_is_pytorch():
    pytest.importorskip("torch")
    states = [*STEEP, *CASES, *random_states(150)]
    with np.errstate(all="ignore"):
        assert [s for s in states if fails(exported(*s, torch_program))] == []


@pytest.mark.parametrize("page", SCENARIOS)
def test_the_program_for_pytorch_fails_when_one_of_its_numbers_is_changed(page):
    pytest.importorskip("torch")
    text = exported(page, {"j": "1"}, torch_program)
    (place, *_) = [m.start() for m in re.finditer(r"\.\d{6}", text.partition("assert_close")[2])]
    place += len(text.partition("assert_close")[0]) + len("assert_close") + 3
    changed = text[:place] + ("1" if text[place] != "1" else "2") + text[place + 1 :]
    assert not fails(text)
    assert fails(changed)
