"""The app's side of the child process: it starts it, asks it, watches the file, and stops it.

A file that is saved is loaded in a new process. While the newest version fails, the last one that
worked answers in its place. One process is always ready before it is needed, so that a file is
loaded as soon as it is saved.
"""

import base64
import contextlib
import queue
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import numpy as np

from visualizer.student import child, wire
from visualizer.student.finding import LeftOut
from visualizer.student.source import Evidence, Failed, Layer, Look, Source, seen

ROOT = Path(__file__).resolve().parents[2]
# Python puts nothing of ours on the path of the child but this; where the user's file lies comes
# before it (see `child`).
START_UP = "import sys; sys.path[0] = {root!r}; from visualizer.student.child import main; main()"

# Seconds without a word from the child after which it is stopped. Before that it says itself where
# it hangs, unless that is in a library which gives way to no other thread.
SILENCE = child.PATIENCE + 1.0
# Seconds that a process has to start in, NumPy with it, on a machine that is busy.
START = 60.0
# Seconds between two looks at the file, and for which it may be missing while it is saved.
LOOK, MISSING = 0.15, 1.0
# Seconds after which the next process is started: until then the pages need the processor.
QUIET = 2.0
# Answers that are kept: a page asks for the same one several times.
KEPT = 64


class Gone(Failed):
    """The child has ended, or was stopped."""


class Process:
    """One child process: it takes one file, and is never used for another."""

    def __init__(self) -> None:
        """Start it; it loads NumPy meanwhile."""
        self._process = subprocess.Popen(
            [sys.executable, "-c", START_UP.format(root=str(ROOT))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # on Windows
        )
        self._lines: queue.Queue[bytes] = queue.Queue()
        self._is_ready = False
        threading.Thread(target=self._read, args=[self._process.stdout], daemon=True).start()

    def _read(self, pipe: IO[bytes]) -> None:
        """Take lines from the pipe until it ends; then an empty one."""
        with pipe:
            while line := pipe.readline(wire.LONGEST + 1):
                self._lines.put(line)
                if len(line) > wire.LONGEST:
                    break
        self._lines.put(b"")

    def ask(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to a question.

        Raises:
            Failed: the user's code has raised what the text says.
            Gone: the process has ended, or had to be stopped; it answers no more.
        """
        pipe = self._process.stdin
        try:
            if pipe is None:
                raise OSError("no pipe")
            pipe.write(wire.encode(message))
            pipe.flush()
            answer = self._answer()
        except OSError as error:
            raise self._gone() from error
        if "error" in answer:
            raise Failed(str(answer["error"]))
        return answer

    def _answer(self) -> dict[str, Any]:
        """Wait for an answer, as long as the child says that it is at work."""
        while True:
            try:
                line = self._lines.get(timeout=SILENCE if self._is_ready else START)
                answer = wire.decode(line) if line else {"gone": True}
            except (queue.Empty, wire.Garbled) as error:
                self.close()
                text = f"Stopped: no result after {child.PATIENCE:g} seconds"
                raise Gone(text if isinstance(error, queue.Empty) else str(error)) from error
            self._is_ready = True
            if "gone" in answer:
                raise self._gone()
            if "hung" in answer:
                self.close()
                raise Gone(str(answer["hung"]))
            if "ready" not in answer and "busy" not in answer:
                return answer

    def _gone(self) -> Gone:
        """Return what to say of a process that has ended by itself."""
        self.close()
        return Gone(
            f"The process that ran this file ended, with exit code {self._process.returncode}. "
            "A layer may not call exit, and a library that crashes takes it along."
        )

    def close(self) -> None:
        """Stop it."""
        self._process.kill()
        self._process.wait()
        # What it was to say is lost with it.
        with contextlib.suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()


class Processes:
    """Processes for whoever needs one: one is ready before it is needed."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lock, self._closed = threading.Lock(), False
        self._spare: Process | None = None

    def prepare(self) -> None:
        """Start one that is to be ready when the file is saved next."""
        with self._lock:
            if self._spare is None and not self._closed:
                self._spare = Process()

    def take(self) -> Process:
        """Return a process that has taken no file yet."""
        with self._lock:
            if self._closed:
                raise Gone("The app ends.")
            taken, self._spare = self._spare, None
            return taken or Process()

    def close(self) -> None:
        """Stop the one that waits; give no more."""
        with self._lock:
            self._closed = True
            if self._spare is not None:
                self._spare.close()


class Version:
    """A file as it was saved at one time, in a process of its own.

    Attributes:
        saved: when it was read, as a clock shows it.
        layers, left_out, printed: as for `Source`.
        files: those beside it that it has imported.
        works: whether a layer of it could be looked at.
    """

    def __init__(self, path: Path, called: str, take: Callable[[], Process]) -> None:
        """Read the file.

        Raises:
            OSError: it cannot be read.
        """
        self.source, self.path, self.called = path.read_bytes(), path, called
        self.saved = time.strftime("%H:%M:%S")
        self.layers: dict[str, Layer] = {}
        self.left_out: tuple[LeftOut, ...] = ()
        self.files: list[Path] = []
        self.printed, self.works, self._closed = "", False, False
        self._take, self._lock = take, threading.RLock()
        self._process: Process | None = None
        self._answers: OrderedDict[Any, Evidence | Failed] = OrderedDict()

    def load(self) -> None:
        """Run the top level of the file.

        Raises:
            Failed: it raises, hangs or ends the process.
        """
        with self._lock:
            process = self._take()
            source = base64.b64encode(self.source).decode()
            asked = {"do": "load", "source": source, "path": str(self.path), "called": self.called}
            try:
                answer = process.ask(asked)
            except Failed:
                process.close()
                raise
            self._tell(answer)
            self.files = [Path(file) for file in answer["files"]]
            if "failed" in answer:
                process.close()
                raise Failed(str(answer["failed"]))
            self._process = process
            self.layers = {
                one["name"]: Layer(one["name"], tuple(one["parts"]), self.path.stem, one["code"])
                for one in answer["layers"]
            }
            self.left_out = tuple(LeftOut(name, why) for name, why in answer["left_out"])

    def ask(self, do: str, name: str, **state: Any) -> Evidence:
        """Return what the bench in the process answers; what was asked before is not run again.

        Raises:
            Failed: the layer raises, hangs or ends the process.
        """
        if name not in self.layers:
            raise Failed(f"{self.called} has no layer {name}.")
        parts = [(v.tobytes(), v.shape) if isinstance(v, np.ndarray) else v for v in state.values()]
        key = (do, name, *parts)
        with self._lock:
            if key not in self._answers:
                self._answers[key] = self._asked({"do": do, "name": name, **state})
                if len(self._answers) > KEPT:
                    self._answers.popitem(last=False)
            self._answers.move_to_end(key)
            answer = self._answers[key]
        if isinstance(answer, Failed):
            raise Failed(str(answer))
        return answer

    def _asked(self, message: Mapping[str, Any]) -> Evidence | Failed:
        try:
            if self._process is None and not self._closed:  # it hung, or ended
                self.load()
            if self._process is None:
                raise Gone("A newer version has been saved.")
            answer = self._process.ask(message)
        except Gone as gone:
            self._process = None
            return gone
        except Failed as failed:
            return failed
        self._tell(answer)
        return answer["result"]

    def _tell(self, answer: Mapping[str, Any]) -> None:
        if printed := str(answer.get("printed", "")):
            self.printed = (self.printed + printed)[-child.LONGEST_PRINT :]

    def look(self, name: str, x: np.ndarray, g: np.ndarray, n: int) -> Look:
        """Return what is seen of a layer.

        Raises:
            Failed: the layer could not be run at this state.
        """
        found = seen(self.ask, name, x, g, n)
        self.works = True
        return found

    def close(self) -> None:
        """Stop its process; it is not started again."""
        self._closed, process = True, self._process
        if process is not None:
            process.close()


class Host(Source):
    """The file that was named on the command line, as it was saved last."""

    def __init__(self, path: Path, called: str = "") -> None:
        """Load the file, and follow it from now on.

        Args:
            path: of the file.
            called: how the user called it; as the path ends if empty.
        """
        self.path, self.called = path.resolve(), called or path.name
        self._processes = Processes()
        self._newest: Version | None = None
        self._worked: Version | None = None
        self._stamp: tuple[Any, ...] = ()
        self._beside: list[Path] = []
        self._layers: Mapping[str, Layer] = {}
        self._closed, self._loaded = threading.Event(), threading.Event()
        self._follower = threading.Thread(target=self._follow, daemon=True)
        self._follower.start()

    @property
    def layers(self) -> Mapping[str, Layer]:
        """Those of the newest version that could be loaded; waits for the first."""
        self._loaded.wait(START)
        return self._layers

    @property
    def printed(self) -> str:
        """The end of what the newest version has printed."""
        return self._newest.printed if self._newest else ""

    def survey(self, name: str) -> Evidence:
        """Return which inputs a layer takes, by the newest version that says so."""
        self._loaded.wait(START)
        refusal = Failed(self.error or f"{self.called} has no layer {name}")
        for version in (self._newest, self._worked):
            if version is None or name not in version.layers:
                continue
            try:
                return version.ask("survey", name)
            except Failed as failed:
                refusal = failed
        raise refusal

    def look(self, name: str, x: np.ndarray, g: np.ndarray, n: int) -> Look:
        """Return what is seen of a layer; by the last version that worked if the newest fails."""
        self._loaded.wait(START)
        newest, worked, error = self._newest, self._worked, self.error
        if newest is not None and not error:
            try:
                return newest.look(name, x, g, n)
            except Failed as failed:
                error = str(failed)
        if worked is not None and name in worked.layers:
            try:
                found = worked.look(name, x, g, n)
                return replace(found, error=error, old=worked.saved)
            except Failed:
                pass
        return Look(error=error or f"{self.called} has no layer {name}")

    def _follow(self) -> None:
        """Load the file whenever it has been saved, until the app ends."""
        missing_since: float | None = None
        loaded_at = 0.0
        while not self._closed.is_set():
            stamp = self._stamped()
            if stamp[0] is None and missing_since is None:
                missing_since = time.monotonic()
            if stamp[0] is not None:
                missing_since = None
            is_away = missing_since is not None and time.monotonic() - missing_since < MISSING
            if stamp != self._stamp and not is_away:
                self._closed.wait(LOOK / 3)  # an editor may be in the middle of it
                if stamp == self._stamped():
                    self._stamp = stamp
                    self._load()
                    self._loaded.set()
                    loaded_at = time.monotonic()
                continue
            if time.monotonic() - loaded_at > QUIET:
                self._processes.prepare()
            self._closed.wait(LOOK)

    def _stamped(self) -> tuple[Any, ...]:
        """Return what changes when the file is saved, or one beside it that it has imported."""
        return tuple(map(_stamp_of, [self.path, *self._beside]))

    def _load(self) -> None:
        """Load the file; while that fails, the last version that worked stays."""
        version, failure = None, ""
        try:
            version = Version(self.path, self.called, self._processes.take)
            version.load()
        except OSError as error:
            failure = f"{type(error).__name__}: {error.strerror}: {self.called}"
        except Failed as failed:
            failure = str(failed)
        before, self._newest, self.error = self._newest, version, failure
        self._keep(before)
        if version is not None:
            self._beside = version.files
            # That of the file is of before it was read: it may have been saved again meanwhile.
            self._stamp = (self._stamp[0], *map(_stamp_of, self._beside))
        if version is not None and not failure:
            self._layers, self.left_out = version.layers, version.left_out
        self.version += 1

    def _keep(self, before: Version | None) -> None:
        """Keep the version before the newest if it has worked; else close it."""
        if before is not None and before.works:
            before, self._worked = self._worked, before
        if before is not None:
            before.close()

    def close(self) -> None:
        """Stop all processes."""
        self._closed.set()
        self._follower.join(LOOK * 4)
        self._processes.close()
        for version in (self._newest, self._worked):
            if version is not None:
                version.close()


def _stamp_of(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
