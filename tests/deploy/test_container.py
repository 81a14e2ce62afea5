"""The container file and the manifest: read by tools that know them, and tried as far as one can.

No container is built here; but the files that it copies are run by the command that it runs.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import kubernetes_validate
import pytest
import streamlit.config
import yaml

from tests.conftest import free_port, is_up

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
# From the first that knows all that is used (a pause before the end) to the newest.
VERSIONS = ("1.30", kubernetes_validate.latest_version().rpartition(".")[0])


def lines_of(text):
    """The instructions of a container file, each on one line, without comments."""
    text = re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip()]


INSTRUCTIONS = lines_of(DOCKERFILE.read_text("utf-8"))
MANIFEST = (ROOT / "deploy" / "kubernetes.yaml").read_text("utf-8")
PARTS = {(part["kind"], part["metadata"]["name"]): part for part in yaml.safe_load_all(MANIFEST)}
POD = PARTS["Deployment", "gradients"]["spec"]["template"]
(CONTAINER,) = POD["spec"]["containers"]


def last(word):
    """What the last instruction of a kind says."""
    return next(line for line in reversed(INSTRUCTIONS) if line.startswith(f"{word} ")).partition(
        " "
    )[2]


def hadolint(text):
    """What hadolint says of a container file: nothing, if it is good."""
    program = Path(sys.executable).with_name("hadolint")
    if not program.exists():
        pytest.skip("no hadolint for this system: see requirements-dev.txt")
    done = subprocess.run([program, "-"], input=text, capture_output=True, text=True, timeout=30)
    return done.stdout + done.stderr


def test_hadolint_has_nothing_to_say_of_the_container_file():
    assert hadolint(DOCKERFILE.read_text("utf-8")) == ""


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("FROM python:3.11-slim-bookworm AS", "FROM python AS"),
        ("COPY app.py .", "COPPY app.py ."),
        ("--no-cache-dir ", ""),
    ],
)
def test_hadolint_notices_what_is_wrong(right, wrong):
    text = DOCKERFILE.read_text("utf-8")
    assert right in text
    assert hadolint(text.replace(right, wrong)) != ""


def test_the_container_is_of_the_python_that_the_tests_run_on():
    assert {line.split()[1] for line in INSTRUCTIONS if line.startswith("FROM")} == {
        "python:{}.{}-slim-bookworm".format(*sys.version_info)
    }


def sources():
    """What the container copies of a checkout."""
    copies = [line.split() for line in INSTRUCTIONS if line.startswith("COPY ")]
    return [source for _, source, *_ in copies if not source.startswith("--from")]


@pytest.fixture
def copied(tmp_path):
    """A folder with what the container copies, but for what its ignore file leaves out."""
    for name in sources():
        if (ROOT / name).is_dir():
            left_out = shutil.ignore_patterns("__pycache__", "secrets.toml")
            shutil.copytree(ROOT / name, tmp_path / name, ignore=left_out)
        else:
            shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_the_ignore_file_lets_through_what_is_copied():
    text = DOCKERFILE.with_name("Dockerfile.dockerignore").read_text("utf-8")
    let_through = {line[1:] for line in text.splitlines() if line.startswith("!")}
    assert let_through == set(sources())


def test_what_the_container_copies_runs_by_its_command_and_is_healthy(copied):
    port = str(free_port())
    command = [part.replace("8501", port) for part in json.loads(last("CMD"))]
    assert command[0] == "streamlit"
    environment = os.environ | {"HOME": str(copied / "nowhere")}
    with open(copied / "log", "w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=copied, stdout=log, stderr=log, env=environment
        )
        try:
            while not is_up(f"http://127.0.0.1:{port}"):
                assert process.poll() is None, (copied / "log").read_text()
                time.sleep(0.1)
            assert healthy(port) == 0
        finally:
            process.terminate()
            process.wait()
    assert healthy(port) != 0


def healthy(port):
    """Run the health check of the container; 0 is healthy."""
    *_, python, flag, program = json.loads(last("HEALTHCHECK").partition("CMD")[2])
    assert (python, flag) == ("python", "-c")
    program = program.replace("8501", port)
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, timeout=20
    ).returncode


def test_the_container_is_nobody_of_importance():
    assert int(last("USER")) >= 10_000  # a number: else nobody can tell that it is not root


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("part", PARTS.values(), ids=lambda part: part["kind"])
def test_the_manifest_is_what_kubernetes_takes(part, version):
    assert kubernetes_validate.validate(part, version, strict=True) == version


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("replicas: 3", "replicas: three"),
        ("readinessProbe:", "readynessProbe:"),
        ("sessionAffinity: ClientIP", "sessionAffinity: [ClientIP]"),
        ("pathType: Prefix", "pathTypo: Prefix"),
    ],
)
def test_a_manifest_that_is_wrong_is_noticed(right, wrong):
    assert right in MANIFEST
    with pytest.raises(kubernetes_validate.ValidationError):
        for part in yaml.safe_load_all(MANIFEST.replace(right, wrong)):
            kubernetes_validate.validate(part, VERSIONS[-1], strict=True)


def test_the_parts_of_the_manifest_find_each_other():
    labels = POD["metadata"]["labels"]
    service, ingress = PARTS["Service", "gradients"], PARTS["Ingress", "gradients"]
    (port,) = CONTAINER["ports"]
    assert PARTS["Deployment", "gradients"]["spec"]["selector"]["matchLabels"] == labels
    assert PARTS["PodDisruptionBudget", "gradients"]["spec"]["selector"]["matchLabels"] == labels
    assert service["spec"]["selector"] == labels
    assert [p["targetPort"] for p in service["spec"]["ports"]] == [port["name"]]
    assert str(port["containerPort"]) == last("EXPOSE")
    assert f"--server.port={last('EXPOSE')}" in last("CMD")
    for path in ingress["spec"]["rules"][0]["http"]["paths"]:
        backend = path["backend"]["service"]
        ports = PARTS["Service", backend["name"]]["spec"]["ports"]
        assert backend["port"]["name"] in {p["name"] for p in ports}


def test_metrics_are_led_to_where_nobody_is():
    closed = PARTS["Service", "gradients-closed"]
    assert "selector" not in closed["spec"]
    paths = PARTS["Ingress", "gradients"]["spec"]["rules"][0]["http"]["paths"]
    assert paths[0]["path"] == "/_stcore/metrics"
    assert paths[0]["backend"]["service"]["name"] == "gradients-closed"


@pytest.mark.parametrize("probe", ["startupProbe", "readinessProbe", "livenessProbe"])
def test_the_probes_ask_what_the_server_answers(server, probe):
    path = CONTAINER[probe]["httpGet"]["path"]
    assert path == "/_stcore/health"
    assert is_up(server)
    assert CONTAINER[probe]["httpGet"]["port"] == CONTAINER["ports"][0]["name"]


def test_what_the_manifest_tells_streamlit_are_options_of_streamlit():
    """Streamlit passes over names that it does not know, and each replica would have its own."""
    known = {option.env_var for option in streamlit.config._config_options_template.values()}
    told = {variable["name"] for variable in CONTAINER["env"]}
    assert told == {"STREAMLIT_SERVER_COOKIE_SECRET"}
    assert told <= known


def test_the_shell_of_a_comment_names_the_secret_of_the_manifest():
    command = next(line for line in MANIFEST.splitlines() if "create secret" in line)
    *_, name, literal = shlex.split(command.lstrip("# "))
    (wanted,) = (variable["valueFrom"]["secretKeyRef"] for variable in CONTAINER["env"])
    assert (name, literal.partition("=")[2].partition("=")[0]) == (wanted["name"], wanted["key"])
