"""What `pip install .` installs: both packages whole, and what requirements.txt says they need."""

import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("nnfs", "visualizer")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
# What pip does, but with the setuptools that is here: pip would fetch one from the network.
BUILD = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"


def requirements(text):
    """The lines of a requirements file that name a package, without their comments."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return {line for line in lines if line}


def files_of(tree):
    """What a checkout has in the folders of both packages, as a wheel would name it."""
    return {
        path.relative_to(tree).as_posix()
        for package in PACKAGES
        for path in (tree / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def can_build():
    """Whether this Python has a setuptools that builds the wheel."""
    try:
        return int(version("setuptools").partition(".")[0]) >= 77
    except PackageNotFoundError:
        return False


@pytest.fixture
def checkout(tmp_path):
    """A copy of the repository: a build leaves folders of its own beside what it builds."""
    if not can_build():
        pytest.skip("no setuptools 77 or later: install it by `pip install --upgrade setuptools`")
    tree = tmp_path / "checkout"
    tree.mkdir()
    for name in ("app.py", "pyproject.toml", "LICENSE", "README.md"):
        shutil.copy(ROOT / name, tree)
    for name in (*PACKAGES, "pages", "benchmarks"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tree


def built(tree):
    """Build the wheel of a checkout, without a network; give what is in it, and its metadata."""
    command = [sys.executable, "-W", "ignore", "-c", BUILD, "dist"]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    (wheel,) = (tree / "dist").glob("gradient_visualizer-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (about,) = (name for name in names if name.endswith(".dist-info/METADATA"))
        return set(names), archive.read(about).decode("utf-8")


def in_packages(names):
    return {name for name in names if ".dist-info/" not in name}


def test_the_wheel_holds_every_file_of_both_packages_and_no_other(checkout):
    names, _ = built(checkout)
    assert in_packages(names) == files_of(ROOT)


def test_files_that_the_packaging_does_not_name_are_noticed(checkout):
    (checkout / "visualizer" / "ui" / "other.svg").touch()
    (checkout / "visualizer" / "attic").mkdir()
    (checkout / "visualizer" / "attic" / "module.py").touch()
    names, _ = built(checkout)
    left_out = files_of(checkout) - in_packages(names)
    assert left_out == {"visualizer/ui/other.svg", "visualizer/attic/module.py"}


def test_the_wheel_carries_the_licence_and_says_which_it_is(checkout):
    names, about = built(checkout)
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert "License-Expression: MIT\n" in about


def test_an_installation_needs_what_requirements_txt_says_but_pytest():
    needed = requirements((ROOT / "requirements.txt").read_text("utf-8"))
    tested_by = {line for line in needed if line.startswith("pytest==")}
    assert len(tested_by) == 1
    assert set(PROJECT["dependencies"]) == needed - tested_by


def test_requirements_are_read_without_comments_and_blank_lines():
    text = "a==1  # why\n\n# a note\nb[extra]==2\n"
    assert requirements(text) == {"a==1", "b[extra]==2"}
