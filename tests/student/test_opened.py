"""Which file is run: the one of the command line, and no other."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.student.files import SOFTMAX
from visualizer.student import opened
from visualizer.student.source import Examples


def test_without_a_file_the_layers_are_those_of_the_examples():
    assert isinstance(opened.source(), Examples)
    assert opened.source().called == ""
    assert list(opened.source().layers) == ["Softmax", "Activation_Sigmoid", "affine"]


def test_a_file_takes_their_place_until_it_is_closed(tmp_path):
    path = tmp_path / "my_layers.py"
    path.write_text(SOFTMAX)
    opened.open_file(path)
    try:
        assert opened.source().called == str(path)
        assert list(opened.source().layers) == ["Softmax", "Twice"]
    finally:
        opened.close()
    assert isinstance(opened.source(), Examples)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["one.py", "two.py"],
            "expected one Python file after --, as in -- my_layers.py, got one.py",
        ),
        (["nowhere.py"], "got nowhere.py, which is not there"),
        (["README.md"], "got README.md, which is no Python file"),
        (["nnfs"], "got nnfs, which is no Python file"),
        (["--help"], "got --help, which is not there"),
    ],
)
def test_what_is_no_file_is_refused_with_what_came(arguments, said, monkeypatch):
    monkeypatch.chdir(ROOT)
    with pytest.raises(ValueError, match="Your layer: expected one Python file") as refused:
        opened.named_file(arguments)
    assert said in str(refused.value)


def test_no_argument_is_no_file(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert opened.named_file([]) is None
    assert opened.named_file(["app.py"]).name == "app.py"


def test_the_app_does_not_start_with_a_file_that_is_not_there(tmp_path):
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    options = ["--server.headless=true", "--server.port=0", "--", "nowhere.py"]
    done = subprocess.run(
        [*command, *options], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode != 0
    assert "Your layer: expected one Python file" in done.stdout + done.stderr
