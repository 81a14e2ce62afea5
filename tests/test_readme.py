import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_example_prints_what_the_readme_says():
    result = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert result.attempted > 0
    assert result.failed == 0


def test_ci_finds_exactly_one_test_command():
    commands = re.findall(r"^python3 .*pytest$", README, flags=re.MULTILINE)
    assert len(commands) == 1
    assert "grep -m1 '^python3 .*pytest$' README.md" in (ROOT / ".ci" / "run").read_text()


@pytest.mark.parametrize("path", re.findall(r"\]\(([^):]+)\)|`([a-z_]+/)`", README))
def test_what_the_readme_points_at_exists(path):
    assert (ROOT / "".join(path)).exists()
