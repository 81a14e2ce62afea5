"""A real nginx on loopback, as `deploy` configures it, before some processes of the app."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.drive import answers, free_port

CONFIGURATION = Path(__file__).resolve().parent.parent / "deploy" / "nginx.conf"
MISSING = "no nginx: install it by `apt-get install nginx`"

# Where nginx writes what it has not the memory for, beside its cache.
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def found() -> str | None:
    """Return where nginx is; not every user has it in their path."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def configured(text: str, port: int, addresses: Sequence[str], place: Path) -> str:
    """Return the configuration for these processes, a port of loopback, and a folder to write in.

    Args:
        text: the configuration as it is used on a machine of its own.
        port: where it listens.
        addresses: of the processes.
        place: the folder.

    Raises:
        ValueError: the text has not what has to be replaced in it.
    """
    servers = re.findall(r"^ +server (\S+) (.*)$", text, re.MULTILINE)
    folders = "".join(f"    {kind}_temp_path {place / kind};\n" for kind in TEMPORARY)
    options = {options for _, options in servers}
    if len(options) != 1:
        raise ValueError(f"expected processes with the same options, got {sorted(options)}")
    ours = "".join(
        f"        server {urlsplit(a).netloc} {next(iter(options))}\n" for a in addresses
    )
    for pattern, new in (
        (r"^http \{\n", f"http {{\n{folders}"),
        (r"(^ +server \S+ .*\n)+", ours),
        (r"listen 80;", f"listen 127.0.0.1:{port};"),
        (r"proxy_cache_path \S+", f"proxy_cache_path {place / 'cache'}"),
    ):
        text, count = re.subn(pattern, lambda _, new=new: new, text, flags=re.MULTILINE)
        if count != 1:
            raise ValueError(f"expected {pattern!r} once in {CONFIGURATION.name}, got {count}")
    return text


@contextmanager
def balancer(addresses: Sequence[str]) -> Iterator[str]:
    """Run nginx before these processes; give its address."""
    program = found()
    if program is None:
        raise RuntimeError(MISSING)
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        file = place / "nginx.conf"
        text = CONFIGURATION.read_text("utf-8")
        file.write_text(configured(text, port, addresses, place), "utf-8")
        command = [program, "-p", folder, "-c", str(file), "-e", str(place / "error.log")]
        # In this terminal, and as who starts it: the folder is nobody else's.
        alone = f"daemon off; pid {place / 'pid'};" + (" user root;" if os.geteuid() == 0 else "")
        process = subprocess.Popen([*command, "-g", alone])
        try:
            address = f"http://127.0.0.1:{port}"
            while not answers(f"{address}/_stcore/health"):
                if process.poll() is not None:
                    raise RuntimeError((place / "error.log").read_text("utf-8"))
                time.sleep(0.05)
            yield address
        finally:
            process.terminate()
            process.wait()
