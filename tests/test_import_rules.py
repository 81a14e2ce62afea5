"""Imports point one way: nnfs knows nobody, pages know all, and nothing knows a page."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = {"app", "benchmarks", "deploy", "nnfs", "pages", "tests", "visualizer"}
ANY = None
ROOMS = {
    "scenario": {"nnfs"},
    "figures": {"nnfs"},
    "quiz": {"nnfs", "figures", "scenario"},
    "exchange": {"nnfs", "figures", "scenario"},
    "student": {"nnfs"},
    "lessons": {"nnfs", "figures", "scenario", "quiz", "exchange", "student"},
    "server": {"figures", "scenario", "lessons"},
    "live": {"lessons", "server"},
    "ui": {"figures", "scenario", "lessons", "quiz", "exchange", "student", "server", "live"},
}
PURE = {"numpy", "plotly"}  # of plotly, figures take its colours and its images
SERVER = {"numpy", "orjson", "starlette", "streamlit"}  # of Streamlit its options

# Room → which of our rooms, and which others, it may import. The standard library is free.
RULES = {
    "nnfs": (set(), {"numpy"}),
    **{room: (ours, PURE) for room, ours in ROOMS.items() if room not in ("server", "live", "ui")},
    "server": (ROOMS["server"], SERVER),
    "live": (ROOMS["live"], {"streamlit"}),
    "ui": (ROOMS["ui"], ANY),
    "pages": ({"nnfs", *ROOMS}, ANY),
    "benchmarks": ({"nnfs", *ROOMS}, ANY),
    "deploy": ({"benchmarks", "nnfs", *ROOMS}, ANY),
}


def imported_modules(source):
    """Dotted names of all imports, wherever they stand; of relative ones, nothing."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            inside = node.module == "visualizer"  # from visualizer import figures
            yield from (f"visualizer.{a.name}" for a in node.names) if inside else [node.module]
        elif isinstance(node, ast.Call):
            by_name = ast.unparse(node.func).endswith(("import_module", "__import__"))
            if by_name and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value


def room_of(module):
    """The room of a dotted name: visualizer.figures.bars is in figures, nnfs.base in nnfs."""
    first, *rest = module.split(".")
    return rest[0] if first == "visualizer" and rest else first


def forbidden(room, source):
    """What a file of the room imports and must not."""
    ours, others = RULES[room]
    for module in imported_modules(source):
        name = room_of(module)
        if name in ROOMS or name in OURS:
            allowed = name in ours | {room} and name != "pages"
        else:
            allowed = others is ANY or name in others | sys.stdlib_module_names
        if not allowed:
            yield name


def place_of(room):
    return ROOT / "visualizer" / room if room in ROOMS else ROOT / room


FILES = [(room, path) for room in RULES for path in sorted(place_of(room).rglob("*.py"))]


@pytest.mark.parametrize(
    ("room", "path"), FILES, ids=lambda value: str(value).removeprefix(f"{ROOT}/")
)
def test_a_file_imports_only_what_its_room_may(room, path):
    assert list(forbidden(room, path.read_text("utf-8"))) == []


def test_the_rules_cover_every_room_that_there_is():
    folders = {
        path.parent for pattern in ("*/*.py", "visualizer/*/*.py") for path in ROOT.glob(pattern)
    }
    rooms = {folder.name for folder in folders} - {"tests", "visualizer", "browser"}
    assert rooms == RULES.keys()


def test_every_room_says_what_belongs_in_it():
    for room in ROOMS:
        words = ast.get_docstring(ast.parse((place_of(room) / "__init__.py").read_text("utf-8")))
        assert len(words.split()) > 25, room


@pytest.mark.parametrize(
    ("room", "source", "name"),
    [
        ("nnfs", "import scipy.special", "scipy"),
        ("nnfs", "from visualizer.lessons import softmax", "lessons"),
        ("nnfs", "def f():\n    import plotly", "plotly"),
        ("nnfs", "if True:\n    from streamlit import write", "streamlit"),
        ("nnfs", "import os, numpy, pandas as np", "pandas"),
        ("figures", "from visualizer import scenario", "scenario"),
        ("figures", "import streamlit", "streamlit"),
        ("lessons", "from visualizer.ui import live", "ui"),
        ("quiz", "from visualizer.lessons.softmax import compute", "lessons"),
        ("exchange", "import visualizer.lessons.softmax", "lessons"),
        ("server", "from visualizer.live import component", "live"),
        ("live", "from visualizer.ui.state import PageState", "ui"),
        ("ui", "from pages import softmax", "pages"),
        ("ui", "import app", "app"),
        ("ui", "import importlib\nimportlib.import_module('pages.softmax')", "pages"),
        ("pages", "from pages.softmax import title", "pages"),
        ("benchmarks", "__import__('app')", "app"),
    ],
)
def test_the_rules_reject_what_points_the_other_way(room, source, name):
    assert list(forbidden(room, source)) == [name]


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("nnfs", "import copy\nimport numpy as np\nfrom nnfs.base import BaseLayer"),
        ("nnfs", "'import streamlit'  # from pages import softmax"),
        ("lessons", "from . import scenario\nfrom visualizer.figures import Bars"),
        ("ui", "import streamlit as st\nimport visualizer.lessons.softmax"),
        ("pages", "import streamlit as st\nfrom visualizer.ui.live import live\nimport nnfs"),
    ],
)
def test_the_rules_accept_what_points_the_right_way(room, source):
    assert list(forbidden(room, source)) == []
