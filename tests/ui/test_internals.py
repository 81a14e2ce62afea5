"""What Streamlit's Python does not document stands in `internals.py`, and is where it was."""

import ast
from functools import partial
from pathlib import Path

import pytest
from streamlit.runtime.scriptrunner import RerunData
from streamlit.testing.v1 import AppTest, local_script_runner

from visualizer.ui import internals

ROOT = Path(__file__).parents[2]
INTERNALS = Path(internals.__file__)
FILES = [ROOT / "app.py", *(ROOT / "pages").rglob("*.py"), *(ROOT / "visualizer").rglob("*.py")]

# The modules of Streamlit that it documents. `streamlit.typing` lists the types that it lets us
# name: `DeltaGenerator` is not among them, so it is an inside too.
DOCUMENTED = {"streamlit", "streamlit.testing.v1", "streamlit.typing"}
# Packages and modules that `import streamlit as st` makes reachable, and that are insides.
INSIDES = {"delta_generator", "elements", "proto", "runtime", "watcher", "web"}


def insides(source):
    """What a file takes of Streamlit that it does not document, by its dotted name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if is_inside(a.name))
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = (f"{node.module}.{a.name}" for a in node.names)
            yield from (name for name in names if is_inside(node.module) or is_inner_name(name))
        elif isinstance(node, ast.Attribute):
            name = ast.unparse(node)
            root, _, rest = name.partition(".")
            if root in ("st", "streamlit") and is_inner_name(f"streamlit.{rest}"):
                yield name


def is_inside(module):
    """Tell whether a module is one of Streamlit's that it does not document."""
    return module.partition(".")[0] == "streamlit" and module not in DOCUMENTED


def is_inner_name(name):
    """Tell whether a name below `streamlit` is private, or leads into an inside."""
    root, *rest = name.split(".")
    return root == "streamlit" and bool(rest) and (rest[0] in INSIDES or rest[-1].startswith("_"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_one_file_takes_what_streamlit_does_not_document(path):
    assert path == INTERNALS or list(insides(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import streamlit.runtime", "streamlit.runtime"),
        ("import streamlit.web.bootstrap as b", "streamlit.web.bootstrap"),
        ("def f():\n    from streamlit import runtime", "streamlit.runtime"),
        ("from streamlit import _main", "streamlit._main"),
        ("from streamlit.elements.lib.utils import Key", "streamlit.elements.lib.utils.Key"),
        ("from streamlit.watcher import path_watcher", "streamlit.watcher.path_watcher"),
        (
            "from streamlit.delta_generator import DeltaGenerator",
            "streamlit.delta_generator.DeltaGenerator",
        ),
        ("import streamlit as st\nst._config.get_option('x')", "st._config"),
        ("import streamlit as st\nst.container()\nst.runtime.exists()", "st.runtime.exists"),
    ],
)
def test_an_inside_of_streamlit_is_noticed(source, name):
    assert name in set(insides(source))


@pytest.mark.parametrize(
    "source",
    [
        "import streamlit as st\nst.components.v2.component('a')\nst.session_state.own",
        "from streamlit.typing import UploadedFile",
        "from visualizer.ui.internals import went_back",
        "from . import runtime\nimport starlette.web",
    ],
)
def test_what_is_documented_or_not_of_streamlit_is_free(source):
    assert list(insides(source)) == []


def test_every_entry_has_a_test():
    entries = {name for name, value in vars(internals).items() if is_own(value)}
    assert entries == {"went_back"}
    assert list(insides(INTERNALS.read_text("utf-8"))) == [
        "streamlit.runtime.scriptrunner.get_script_run_ctx"
    ]


def is_own(value):
    return getattr(value, "__module__", None) == internals.__name__


def ask_in_a_run():
    import streamlit as st

    from visualizer.ui.internals import went_back

    st.session_state["went_back"] = went_back()


@pytest.mark.parametrize("told", [True, False])
def test_a_run_knows_whether_it_follows_a_step_back(monkeypatch, told):
    """Streamlit says so to the run that a browser asks for, here as the browser would."""
    asked = partial(RerunData, is_history_navigation=told)
    monkeypatch.setattr(local_script_runner, "RerunData", asked)
    run = AppTest.from_function(ask_in_a_run).run()
    assert not run.exception
    assert run.session_state["went_back"] is told


def test_outside_of_a_run_there_was_no_step_back():
    assert internals.went_back() is False
