"""What tests share: a server of our own, started from another working directory, and a reader."""

import io
import socket
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image  # which comes with Streamlit

ROOT = Path(__file__).parent.parent


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_up(address):
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1) as answer:
            return answer.status == 200
    except OSError:
        return False


@contextmanager
def running_server(place, *options, port=None, program=("-m", "streamlit")):
    """Run `streamlit run app.py` in a directory that is not the repository; give its address.

    Its output goes to `place/server.log`; the port is a free one if none is given. `program` is
    what Python runs as `streamlit`.
    """
    port = port or free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, *program, "run", ROOT / "app.py", "--server.headless"]
    command += ["true", "--server.port", str(port), "--server.fileWatcherType", "none", *options]
    with open(place / "server.log", "w") as log:
        process = subprocess.Popen(command, cwd=place, stdout=log, stderr=log)
        try:
            # Asking is waiting: a connection refused comes back at once, so give way in between.
            while not is_up(address):
                if process.poll() is not None:
                    pytest.fail((place / "server.log").read_text())
                try:
                    process.wait(0.1)
                except subprocess.TimeoutExpired:
                    continue
            yield address
        finally:
            process.terminate()
            process.wait()


@pytest.fixture(scope="session")
def codes_in():
    """What a telephone reads in a PNG: the texts of its QR codes, by a reader that is not ours."""

    def codes_in(png):
        found = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)).convert("L"))
        return [code.text for code in found]

    return codes_in


@pytest.fixture(scope="session")
def start_server(tmp_path_factory):
    """A context manager that starts one more server: `with start_server() as address`."""
    return lambda *options, **more: running_server(
        tmp_path_factory.mktemp("server"), *options, **more
    )


@pytest.fixture(scope="session")
def server(start_server):
    """The address of the server that the whole run shares."""
    with start_server() as address:
        yield address
