"""A page made up from the README's own words passes what all pages pass."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")
FILES = re.findall(r"`([\w/]+\.py)`:\n\n```python\n(.*?)```", README, re.DOTALL)
LIST = "visualizer/lessons/__init__.py"
PARTS = ("app.py", "README.md", "pyproject.toml", ".streamlit")
PACKAGES = ("nnfs", "visualizer", "pages", "tests", "benchmarks", "deploy")
# In a module that is always there; only they have a test for each page.
SHARED = "tanh and (every_page or lesson or moves or address)"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of this tree with the page of the README in it: its files, its line in the list."""
    place = tmp_path_factory.mktemp("checkout")
    for part in (*PARTS, *PACKAGES):
        if (ROOT / part).is_dir():
            others = shutil.ignore_patterns("__pycache__")  # which come and go
            shutil.copytree(ROOT / part, place / part, ignore=others)
        else:
            shutil.copy(ROOT / part, place / part)
    for path, source in FILES:
        (place / path).write_text(source, "utf-8")
    text = (place / LIST).read_text("utf-8")
    first = "from visualizer.lessons.lesson import"
    text = text.replace(first, f"from visualizer.lessons import tanh\n{first}")
    (place / LIST).write_text(
        text.replace("    practice.LESSON,", "    tanh.LESSON,\n    practice.LESSON,")
    )
    return place


def run(checkout, *options):
    """Run the shared tests of the new page in the copy; return what pytest says at the end."""
    command = [sys.executable, "-m", "pytest", "-n0", "-q", "-p", "no:cacheprovider", "-k", SHARED]
    done = subprocess.run(
        [*command, *options], cwd=checkout, capture_output=True, text=True, env=os.environ
    )
    assert done.returncode == 0, done.stdout[-5000:]
    return int(re.search(r"(\d+) passed", done.stdout)[1])


def test_the_readme_has_two_files_for_a_page():
    assert [path for path, _ in FILES] == ["visualizer/lessons/tanh.py", "pages/tanh.py"]


def test_the_page_of_the_readme_passes_what_all_pages_pass(checkout):
    assert run(checkout, "-m", "not browser", "tests") >= 20


@pytest.mark.browser
def test_the_page_of_the_readme_passes_what_all_pages_pass_in_a_browser(checkout):
    assert run(checkout, "tests/browser/test_every_page.py") >= 6
