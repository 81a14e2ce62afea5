"""The child process in which a file of the user's runs: it loads it, and answers what it is asked.

It speaks with the app over its two pipes, a line at a time (`wire`). What the file prints is kept
apart, and the newest of it goes along as text. A call of a layer that does not come back within
PATIENCE is reported with the line where it hangs, and ends the process. `host` starts it.
"""

import base64
import inspect
import linecache
import os
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

import numpy as np

from visualizer.student import arguments, bench, conventions, finding, measure, wire

ROOT = Path(__file__).resolve().parents[2]

# Seconds that a call of a layer may take, and the top level of a file beside its imports.
PATIENCE = 2.0
# Seconds in which the imports of a file have to be done.
IMPORTS = 60.0
# Seconds after which the app is told that work goes on.
BEAT = 0.5

# Characters of an error, and of what was printed, that are passed on.
LONGEST_ERROR, LONGEST_PRINT = 8000, 2000
# Characters of a file, and how many files are watched.
LONGEST_SOURCE, MOST_FILES = 200_000, 100

# Our own files, which a traceback of a student's layer leaves out.
OWN_MODULES = (arguments, bench, conventions, finding, measure)
OWN = {str(Path(module.__file__ or "")) for module in OWN_MODULES} | {__file__}


class Tail:
    """A text stream that keeps the end of what is written to it."""

    encoding = "utf-8"

    def __init__(self) -> None:
        """Begin with nothing."""
        self.text = ""

    def write(self, text: str) -> int:
        """Keep it, as far as there is room."""
        self.text = (self.text + str(text))[-LONGEST_PRINT:]
        return len(text)

    def flush(self) -> None:
        """Do nothing: all is there."""

    def isatty(self) -> bool:
        """Say no."""
        return False

    def take(self) -> str:
        """Return what was written since the last time."""
        text, self.text = self.text, ""
        return text


class Watch:
    """A thread that ends the process when a call of the user's code does not come back."""

    def __init__(self, talk: "Talk") -> None:
        """Watch the thread that makes it."""
        self.talk, self.main = talk, threading.get_ident()
        self.due: float | None = None
        self.begun, self.folder = 0.0, Path()
        threading.Thread(target=self._look, daemon=True).start()

    @contextmanager
    def call(self) -> Iterator[None]:
        """Stand around a call of the user's code."""
        self.begun = time.monotonic()
        self.due = self.begun + PATIENCE
        try:
            yield
        finally:
            self.due = None
            self.talk.beat()

    def _is_importing(self, stack: traceback.StackSummary) -> bool:
        """Tell whether a file waits for a module of others that it imports: that may take long."""
        files = [frame.filename for frame in stack][_first_of_user(stack) :]
        is_import = any("importlib._bootstrap" in file for file in files)
        return is_import and Path(files[-1]).parent != self.folder

    def _look(self) -> None:
        while True:
            time.sleep(0.05)
            due, now = self.due, time.monotonic()
            if due is None or now < due:
                continue
            stack = traceback.extract_stack(sys._current_frames()[self.main])
            if now - self.begun < IMPORTS and self._is_importing(stack):
                self.due = now + BEAT
                self.talk.send({"busy": True})
                continue
            self.talk.send({"hung": _hung(stack)})
            os._exit(1)


def _first_of_user(stack: traceback.StackSummary) -> int:
    """Return the place of the first frame that is not ours."""
    return next((i for i, frame in enumerate(stack) if not _is_own(frame.filename)), len(stack))


def _is_own(file: str) -> bool:
    return file in OWN or file == "<string>" or file.endswith("contextlib.py")


def _hung(stack: traceback.StackSummary) -> str:
    """Return where a call hangs, as Python shows where an error comes from."""
    shown = traceback.StackSummary.from_list(stack[_first_of_user(stack) :])
    lines = ["Traceback (most recent call last):\n", *shown.format()]
    return _cut("".join(lines) + f"Stopped: no result after {PATIENCE:g} seconds")


def _shown(error: BaseException) -> str:
    """Return an error as Python shows it, without the frames of the app."""
    if isinstance(error, conventions.Unusual | bench.NotShown):
        return str(error)
    shown = traceback.TracebackException.from_exception(error)
    part: traceback.TracebackException | None = shown
    while part is not None:
        kept = [frame for frame in part.stack if not _is_own(frame.filename)]
        part.stack = traceback.StackSummary.from_list(kept)
        part = part.__cause__ or part.__context__
    return _cut("".join(shown.format()).rstrip())


def _cut(text: str) -> str:
    """Return the beginning and the end of a text that is too long."""
    if len(text) <= LONGEST_ERROR:
        return text
    half = LONGEST_ERROR // 2
    return f"{text[:half]}\n…\n{text[-half:]}"


class Talk:
    """The two pipes, kept apart from what the user's file reads and prints."""

    def __init__(self) -> None:
        """Take both pipes, and put nothing in the place of the one, a `Tail` in that of the other.

        What the file prints by other ways than `sys.stdout`, such as a library in C, is lost.
        """
        self.inbox: BinaryIO = os.fdopen(os.dup(0), "rb")
        self.outbox: BinaryIO = os.fdopen(os.dup(1), "wb")
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        self.printed = Tail()
        sys.stdout = sys.stderr = self.printed
        self._lock = threading.Lock()
        self._said = time.monotonic()

    def send(self, message: Mapping[str, Any]) -> None:
        """Say something to the app; what is too long is replaced by an error that says so."""
        try:
            line = wire.encode(message)
        except TypeError as error:  # which would end the process
            line = wire.encode({"error": str(error)})
        if len(line) > wire.LONGEST:
            line = wire.encode({"error": f"{len(line):,} bytes came out: that is too much"})
        with self._lock:
            self.outbox.write(line)
            self.outbox.flush()
            self._said = time.monotonic()

    def beat(self) -> None:
        """Say that work goes on, if nothing was said for a while."""
        if time.monotonic() - self._said > BEAT:
            self.send({"busy": True})


class Child:
    """What the app asks of the process."""

    def __init__(self, talk: Talk) -> None:
        """Begin without a file."""
        self.talk, self.watch = talk, Watch(talk)
        self.bench: bench.Bench | None = None

    def serve(self) -> None:
        """Answer until the app closes its end."""
        self.talk.send({"ready": True})
        for line in self.talk.inbox:
            self.talk.send(self.answer(wire.decode(line)))

    def answer(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to one question: its result, or the error as text."""
        answer: dict[str, Any]
        try:
            if asked["do"] == "load":
                source = base64.b64decode(asked["source"])
                answer = self.load(source, Path(asked["path"]), asked["called"])
            else:
                answer = {"result": self.result(asked)}
        except (Exception, SystemExit) as error:  # `exit()` in a layer ends no process
            answer = {"error": _shown(error)}
        return answer | {"printed": self.talk.printed.take()}

    def result(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Run what is asked of a layer."""
        if self.bench is None:
            raise RuntimeError("expected a file to be loaded first")
        name = asked["name"]
        if asked["do"] == "survey":
            return self.bench.survey(name)
        if asked["do"] == "audit":
            return self.bench.audit(name)
        return self.bench.examine(name, asked["x"], asked["g"], asked["n"])

    def _run(self, source: bytes, called: str, module: ModuleType) -> None:
        """Run the top level of a file. Its lines are kept as they ran, whatever is saved later."""
        lines = source.decode("utf-8", "replace").splitlines(keepends=True)
        linecache.cache[called] = (len(source), None, lines, called)
        code = compile(source, called, "exec", dont_inherit=True)
        sys.modules[module.__name__] = module
        with self.watch.call():
            exec(code, vars(module))

    def load(self, source: bytes, path: Path, called: str) -> dict[str, Any]:
        """Run the top level of a file, and say which layers it has.

        Args:
            source: what is in it: as it was saved, whatever is there by now.
            path: of the file.
            called: as the user called it, which is how errors name it.
        """
        module, self.watch.folder = _module(path), path.parent
        try:
            self._run(source, called, module)
        except (Exception, SystemExit) as error:
            return {"failed": _shown(error), "files": _files_beside(path, error)}
        found, left_out = finding.layers_in(module)
        self.bench = bench.Bench(found, self.watch.call)
        return {
            "layers": [
                {
                    "name": layer.name,
                    "parts": list(layer.parts),
                    "code": "\n\n".join(map(_source_of, layer.shown)),
                }
                for layer in found.values()
            ],
            "left_out": [[one.name, one.why] for one in left_out],
            "files": _files_beside(path),
        }


def _module(path: Path) -> ModuleType:
    """Return an empty module for a file, and let it find what lies beside it, as Python does.

    What is ours comes last: a package `nnfs` that the user has installed is the one that it means.
    """
    sys.path.remove(str(ROOT))
    sys.path.insert(0, str(path.parent))
    sys.path.append(str(ROOT))
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    return module


def _source_of(part: Any) -> str:
    """Return the source of a class or a function, as it stands in its file."""
    try:
        return inspect.getsource(part)[:LONGEST_SOURCE]
    except (OSError, TypeError):
        return f"# {getattr(part, '__name__', part)}: its source is not in a file"


def _files_beside(path: Path, error: BaseException | None = None) -> list[str]:
    """Return the files in the folder of the user's that it has imported: they are watched, too.

    Args:
        path: of the user's file.
        error: what it has raised: a file that it wanted to import may be at fault.
    """
    files = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    if error is not None:
        files += [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
        files.append(getattr(error, "filename", None))
    beside = [file for file in files if isinstance(file, str) and Path(file).parent == path.parent]
    return [file for file in dict.fromkeys(beside) if Path(file) != path][:MOST_FILES]


def main() -> None:
    """Serve the app, until it closes its end of the pipe."""
    sys.dont_write_bytecode = True  # a file saved twice in a second would run as it was before
    np.seterr(all="warn")
    Child(Talk()).serve()
