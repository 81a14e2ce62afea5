"""The file that the command line names, as all pages share it; the examples while there is none."""

from collections.abc import Sequence
from pathlib import Path

from visualizer.student.host import Host
from visualizer.student.source import Examples, Source


class _Opened:
    """What is open in this process."""

    source: Source = Examples()


def source() -> Source:
    """Return where layers come from."""
    return _Opened.source


def named_file(arguments: Sequence[str]) -> Path | None:
    """Return the file that follows `--` on the command line; None if there is none.

    Raises:
        ValueError: it is not one Python file that is there.
    """
    if not arguments:
        return None
    expected = "Your layer: expected one Python file after --, as in -- my_layers.py, got "
    if len(arguments) > 1:
        raise ValueError(expected + " ".join(arguments))
    path = Path(arguments[0])
    if path.suffix != ".py" or not path.is_file():
        there = "which is no Python file" if path.exists() else "which is not there"
        raise ValueError(f"{expected}{path}, {there}")
    return path


def open_file(path: Path) -> None:
    """Take the layers from a file from now on, and follow it."""
    close()
    _Opened.source = Host(path, str(path))


def close() -> None:
    """Let the file go."""
    before, _Opened.source = _Opened.source, Examples()
    if isinstance(before, Host):
        before.close()
