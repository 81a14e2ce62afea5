"""Imports point one way: nnfs and figures know nobody, pages know all, nothing knows a page."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = {"app", "benchmarks", "figures", "nnfs", "pages", "tests", "ui", "views"}
ANY = None

# Package → which of our packages, and which others, it may import. The standard library is free.
RULES = {
    "nnfs": (set(), {"numpy"}),
    "figures": (set(), {"numpy", "plotly"}),
    "views": ({"nnfs", "figures"}, {"numpy"}),
    "ui": ({"views"}, ANY),
    "pages": ({"nnfs", "figures", "views", "ui"}, ANY),
    "benchmarks": ({"nnfs", "figures", "views", "ui"}, ANY),
}


def imported_packages(source):
    """Top-level names of all imports, wherever they stand; of relative ones, nothing."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module.partition(".")[0]
        elif isinstance(node, ast.Call):
            by_name = ast.unparse(node.func).endswith(("import_module", "__import__"))
            if by_name and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value.partition(".")[0]


def forbidden(package, source):
    """What a file of the package imports and must not."""
    ours, others = RULES[package]
    for name in imported_packages(source):
        if name in OURS:
            allowed = name in ours | {package} and name != "pages"
        else:
            allowed = others is ANY or name in others | sys.stdlib_module_names
        if not allowed:
            yield name


FILES = [path for package in RULES for path in sorted((ROOT / package).rglob("*.py"))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_imports_only_what_its_package_may(path):
    package = path.relative_to(ROOT).parts[0]
    assert list(forbidden(package, path.read_text("utf-8"))) == []


def test_the_rules_cover_every_package_that_there_is():
    packages = {path.parent.name for path in ROOT.glob("*/*.py")} - {"tests"}
    assert packages <= RULES.keys()
    assert "nnfs" in {path.parent.name for path in FILES}


@pytest.mark.parametrize(
    ("package", "source", "name"),
    [
        ("nnfs", "import scipy.special", "scipy"),
        ("nnfs", "from views import softmax", "views"),
        ("nnfs", "def f():\n    import plotly", "plotly"),
        ("nnfs", "if True:\n    from streamlit import write", "streamlit"),
        ("nnfs", "import os, numpy, pandas as np", "pandas"),
        ("figures", "from nnfs.base import BaseLayer", "nnfs"),
        ("figures", "import streamlit", "streamlit"),
        ("views", "import plotly.graph_objects as go", "plotly"),
        ("views", "from ui import live", "ui"),
        ("ui", "from nnfs import Softmax", "nnfs"),
        ("ui", "from pages import softmax", "pages"),
        ("ui", "import app", "app"),
        ("ui", "import importlib\nimportlib.import_module('pages.softmax')", "pages"),
        ("pages", "from pages.softmax import title", "pages"),
        ("benchmarks", "__import__('app')", "app"),
    ],
)
def test_the_rules_reject_what_points_the_other_way(package, source, name):
    assert list(forbidden(package, source)) == [name]


@pytest.mark.parametrize(
    ("package", "source"),
    [
        ("nnfs", "import copy\nimport numpy as np\nfrom nnfs.base import BaseLayer"),
        ("nnfs", "'import streamlit'  # from pages import softmax"),
        ("views", "from . import scenario\nfrom figures import bars"),
        ("ui", "import streamlit as st\nfrom starlette.routing import Route\nimport views.softmax"),
        ("pages", "import streamlit as st\nfrom ui.live import live\nimport nnfs, views, figures"),
    ],
)
def test_the_rules_accept_what_points_the_right_way(package, source):
    assert list(forbidden(package, source)) == []
