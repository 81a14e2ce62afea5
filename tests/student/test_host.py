"""The file in its child process: errors, loops, crashes, output, and what is saved meanwhile."""

import os
import subprocess
import sys
import time

import numpy as np
import pytest

from tests.student.files import MISTAKEN, SOFTMAX, with_backward
from visualizer.student import child, host
from visualizer.student.compare import found_by
from visualizer.student.host import Gone, Host, Process

X, G = np.array([[2.0, 1.0, 0.1]]), np.array([[1.0, -1.0, 2.0]])
RIGHT_DX = [0.254572, -0.391214, 0.136642]
# Seconds within which a state comes about, on a machine that is busy.
PATIENCE = 60


class File:
    """A file of a student's, and the app's side of it."""

    def __init__(self, path):
        self.path = path
        self.host = None

    def open(self, text=SOFTMAX):
        self.path.write_text(text, "utf-8")
        self.host = Host(self.path, self.path.name)
        return self

    def save(self, text, path=None):
        """Save another text, and wait until it is seen."""
        before = self.host.version
        (path or self.path).write_text(text, "utf-8")
        return self.after(before)

    def after(self, version):
        limit = time.monotonic() + PATIENCE
        while self.host.version == version:
            assert time.monotonic() < limit, "waited in vain"
            time.sleep(0.01)
        return self

    def look(self, name="Softmax", x=X, g=G):
        return self.host.look(name, x, g, 0)


@pytest.fixture
def file(tmp_path):
    opened = File(tmp_path / "my_layers.py")
    yield opened
    opened.host.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One file that works, for tests that save nothing."""
    opened = File(tmp_path_factory.mktemp("file") / "my_layers.py").open()
    yield opened
    opened.host.close()


def assert_right(look):
    assert (look.error, look.old) == ("", "")
    np.testing.assert_allclose(look.examined["dx"], RIGHT_DX, atol=1e-6)


def test_a_layer_of_a_file_is_run_and_audited(shared):
    assert list(shared.host.layers) == ["Softmax", "Twice"]
    look = shared.look()
    assert_right(look)
    assert not found_by(look.audit).is_wrong
    assert shared.host.layers["Softmax"].code.startswith("class Softmax:")
    assert shared.host.layers["Softmax"].module == "my_layers"


def test_a_layer_that_nobody_has_is_an_error_and_no_other_is_looked_up(shared):
    for name in ("Nothing", "np", "os", "__builtins__", "Softmax.forward", ""):
        look = shared.look(name)
        assert look.examined is None
        assert look.error == f"my_layers.py has no layer {name}."


def test_what_was_asked_before_is_not_run_again(file):
    file.open(with_backward("print('ran')"))
    file.look()
    printed = file.host.printed
    file.look()
    assert file.host.printed == printed != ""
    file.look(x=2 * X)
    assert len(file.host.printed) > len(printed)


ERRORS = [
    (
        SOFTMAX.replace("def forward(self, x):", "def forward(self, x)"),
        7,
        "SyntaxError: expected ':'",
    ),
    (f"import nowhere_to_be_found\n{SOFTMAX}", 1, "No module named 'nowhere_to_be_found'"),
    (f"{SOFTMAX}\n1 / 0\n", 24, "ZeroDivisionError: division by zero"),
    (with_backward("raise ValueError('<b>x</b> `y` **z**')"), 13, "ValueError: <b>x</b> `y` **z**"),
    (with_backward("while True: pass"), 13, "Stopped: no result after 2 seconds"),
    (f"{SOFTMAX}\nwhile True:\n    pass\n", None, "Stopped: no result after 2 seconds"),
    (with_backward("return self.forward(grad_next, 1)"), 13, "takes 2 positional arguments"),
    (with_backward("return self.backward(grad_next)"), 13, "RecursionError"),
]


@pytest.mark.parametrize(("text", "line", "said"), ERRORS, ids=lambda v: str(v)[-30:])
def test_an_error_is_told_as_python_tells_it_and_the_last_good_figures_stay(file, text, line, said):
    file.open()
    assert_right(file.look())
    look = file.save(text).look()
    assert said in look.error
    if line:
        assert f'File "my_layers.py", line {line}' in look.error
    assert str(child.ROOT) not in look.error  # of the app's own frames none is told
    assert len(look.error) < 2 * child.LONGEST_ERROR
    np.testing.assert_allclose(look.examined["dx"], RIGHT_DX, atol=1e-6)
    assert look.old
    assert_right(file.save(SOFTMAX + "\n").look())


def test_while_a_loop_is_known_nobody_waits_for_it_again(file):
    file.open(with_backward("while True: pass"))
    file.look()
    begun = time.monotonic()
    assert "Stopped" in file.look(x=3 * X).error
    assert time.monotonic() - begun < child.PATIENCE
    np.testing.assert_array_equal(file.look("Twice").examined["dx"], 2 * G[0])


def test_an_error_that_depends_on_the_numbers_goes_with_them(file):
    file.open(with_backward("assert self.output.max() < 0.9, 'too sure'"))
    assert_right(file.look())
    assert "AssertionError: too sure" in file.look(x=10 * X).error
    assert_right(file.look())


@pytest.mark.parametrize("end", ["os._exit(3)", "os.kill(os.getpid(), 9)", "os.abort()"])
def test_a_crash_ends_the_child_alone(file, end):
    file.open(with_backward(f"import os; {end}"))
    assert "The process that ran this file ended, with exit code" in file.look().error
    np.testing.assert_array_equal(file.look("Twice").examined["dx"], 2 * G[0])


@pytest.mark.parametrize("end", ["exit()", "raise SystemExit(1)", "raise KeyboardInterrupt"])
def test_an_exit_is_an_error_like_any_other(file, end):
    file.open(with_backward(end))
    assert file.look().error
    np.testing.assert_array_equal(file.look("Twice").examined["dx"], 2 * G[0])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("return np.zeros((3000, 3000))", "expected at most 100,000 numbers"),
        ("raise ValueError('x' * 10_000_000)", "xxx"),
        ("return 'x' * 10_000_000", "expected numbers"),
        ("raise type('Odd' * 100_000, (Exception,), {})", "Odd"),
    ],
)
def test_however_much_comes_out_little_is_passed_on(file, line, said):
    look = file.open(with_backward(line)).look()
    assert said in look.error
    assert len(look.error) <= 2 * child.LONGEST_ERROR


def test_what_a_file_prints_does_no_harm_and_its_end_is_kept(file):
    noise = "import os; print('{' * 100_000); os.write(1, b'[1]'); os.write(2, b'x'); print('end')"
    file.open(f"{SOFTMAX}\nprint('hello')\n")
    file.save(with_backward(noise))
    assert_right(file.look())
    assert file.host.printed.endswith("end\n")
    assert len(file.host.printed) <= child.LONGEST_PRINT


def test_a_file_that_reads_from_the_terminal_reads_nothing(file):
    assert "EOFError" in file.open(f"{SOFTMAX}\ninput('name? ')\n").look().error


def test_a_version_that_is_mended_takes_the_place_of_the_one_before(file):
    file.open(MISTAKEN)
    assert found_by(file.look().audit).mistake.name == "elementwise"
    look = file.save(SOFTMAX).look()
    assert_right(look)
    assert not found_by(look.audit).is_wrong


def test_a_file_that_is_saved_twice_in_a_row_ends_as_it_was_saved_last(file):
    file.open(MISTAKEN)
    for text in (SOFTMAX, MISTAKEN, SOFTMAX.replace("Twice", "Other")):
        file.path.write_text(text, "utf-8")
    limit = time.monotonic() + PATIENCE
    while "Other" not in file.host.layers and time.monotonic() < limit:
        time.sleep(0.01)
    assert_right(file.look())


def test_a_file_beside_it_that_it_imports_is_followed_too(file):
    beside = file.path.with_name("helpers.py")
    beside.write_text("factor = 1 +\n")
    file.open(f"from helpers import factor\n{SOFTMAX.replace('return 2 *', 'return factor *')}")
    assert 'helpers.py", line 1' in file.look("Twice").error
    file.save("factor = 3\n", beside)
    np.testing.assert_array_equal(file.look("Twice").examined["Y"], 3 * X)
    assert not beside.with_name("__pycache__").exists()


def test_an_endless_loop_in_a_file_beside_it_is_stopped(file):
    beside = file.path.with_name("helpers.py")
    beside.write_text("while True:\n    pass\n")
    look = file.open(f"import helpers\n{SOFTMAX}").look()
    assert 'helpers.py", line' in look.error
    assert "Stopped: no result after 2 seconds" in look.error


def test_an_import_of_others_may_take_longer(file, monkeypatch):
    """As that of a large package does: it is known by its place, which is not beside the file."""
    package = file.path.with_name("packages")
    package.mkdir()
    (package / "slow.py").write_text("import time\ntime.sleep(3)\n")
    file.open(f"import sys\nsys.path.append({str(package)!r})\nimport slow\n{SOFTMAX}")
    assert_right(file.look())


def test_a_package_named_nnfs_beside_the_file_is_the_one_that_it_means(file):
    package = file.path.with_name("nnfs")
    package.mkdir()
    (package / "__init__.py").write_text("def init(): print('that of the book')\n")
    file.open(f"import nnfs\nnnfs.init()\n{SOFTMAX}")
    assert_right(file.look())
    assert file.host.printed == "that of the book\n"


def test_without_one_it_is_ours(file):
    file.open("from nnfs import Sigmoid\n\nsigmoid = Sigmoid()\n")
    look = file.look("sigmoid")
    assert look.error == ""
    assert look.survey["convention"] == "nnfs"


def test_what_runs_only_as_a_program_does_not_run(file):
    assert_right(file.open(f"{SOFTMAX}\nif __name__ == '__main__':\n    1 / 0\n").look())


def test_a_file_that_is_gone_says_so_and_comes_back(file):
    file.open()
    assert_right(file.look())
    before = file.host.version
    file.path.unlink()
    look = file.after(before).look()
    assert "FileNotFoundError" in look.error
    np.testing.assert_allclose(look.examined["dx"], RIGHT_DX, atol=1e-6)
    assert_right(file.save(SOFTMAX).look())


def test_a_file_in_another_encoding_is_read_as_python_reads_it(file):
    file.open()
    before = file.host.version
    text = f"# -*- coding: latin-1 -*-\n# é\n{SOFTMAX}"
    file.path.write_bytes(text.encode("latin-1"))
    assert_right(file.after(before).look())


def test_a_layer_that_is_too_slow_for_a_page_says_so(file, monkeypatch):
    file.open(with_backward("import time; time.sleep(1.2)"))
    look = file.look()
    assert "too slow for this page" in look.error


def alive(processes):
    return [process for process in processes if process._process.poll() is None]


def test_no_process_is_left_behind(file, monkeypatch):
    started = []

    class Noted(Process):
        def __init__(self):
            super().__init__()
            started.append(self)

    monkeypatch.setattr(host, "Process", Noted)
    file.open()
    file.look()
    file.save(MISTAKEN).look()
    file.save("while True: pass").look()
    file.host.close()
    assert len(started) >= 3
    assert alive(started) == []


@pytest.mark.skipif(not os.path.exists("/proc"), reason="processes are looked up in /proc")
def test_a_child_ends_when_the_app_is_gone(tmp_path):
    """Its end of the pipe closes with the app, however that ends."""
    program = (
        "import sys; from visualizer.student.host import Process\n"
        "process = Process(); print(process._process.pid, flush=True)\n"
        "import os; os._exit(1)"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=child.ROOT, capture_output=True, text=True)
    pid, limit = int(done.stdout), time.monotonic() + PATIENCE
    while os.path.exists(f"/proc/{pid}") and time.monotonic() < limit:
        time.sleep(0.02)
    assert not os.path.exists(f"/proc/{pid}")


@pytest.mark.parametrize(
    "line",
    [b"not json\n", b"[1]\n", b"x" * (host.wire.LONGEST + 10), b'{"a": {"array": "|O"}}\n'],
    ids=lambda line: str(line[:20]),
)
def test_what_is_no_answer_stops_the_child(line):
    process = Process()
    process._lines.put(line)
    with pytest.raises(Gone, match="expected"):
        process._answer()
    assert process._process.poll() is not None


def test_a_child_that_says_nothing_is_stopped(monkeypatch):
    process = Process()
    monkeypatch.setattr(host, "SILENCE", 0.05)
    process._is_ready = True
    process._lines = host.queue.Queue()
    with pytest.raises(Gone, match="Stopped: no result after 2 seconds"):
        process._answer()
    assert process._process.poll() is not None
