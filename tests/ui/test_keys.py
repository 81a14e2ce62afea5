"""The list of keys and gestures is right about what exists."""

import ast
import re
from pathlib import Path

from visualizer.lessons import BY_NAME
from visualizer.ui import keys

ROOT = Path(__file__).parents[2]
BROWSER = ROOT / "visualizer" / "live" / "browser"


def keys_of(ways):
    return {key for way in ways for key in way.keys}


def test_the_sheet_lists_exactly_the_keys_that_handles_know():
    source = (BROWSER / "handles.js").read_text(encoding="utf-8")
    (ways,) = re.findall(r"const WAYS = \{(.*?)\};", source, re.DOTALL)
    known = set(re.findall(r"^\s*(\w+):", ways, re.MULTILINE))
    known |= set(re.findall(r'event\.key === "(\w+)"', source))
    known |= {"Shift"} if "event.shiftKey" in source else set()
    assert known == keys_of(keys.HANDLES)


def test_the_sheet_lists_exactly_the_keys_that_ranges_know():
    source = (BROWSER / "control.js").read_text(encoding="utf-8")
    assert set(re.findall(r'event\.key === "(\w+)"', source)) == keys_of(keys.RANGES)


def shortcuts(path):
    """The keys that a file gives to Streamlit's buttons, as far as they are written there."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.keyword)]
    values = [call.value for call in calls if call.arg == "shortcut"]
    # A key that is not always there stands in a condition.
    constants = [node for value in values for node in ast.walk(value)]
    found = {node.value for node in constants if isinstance(node, ast.Constant)}
    found = {value for value in found if isinstance(value, str)}
    tuples = [node for node in ast.walk(tree) if isinstance(node, ast.Tuple)]
    names = {e.value for t in tuples for e in t.elts if isinstance(e, ast.Constant)}
    return found | (names & {"Left", "Right"}) | ({"1"} if "str(place + 1)" in str(path) else set())


def test_the_sheet_lists_the_keys_of_lectures_of_the_tour_and_of_practice():
    assert shortcuts(ROOT / "visualizer" / "ui" / "top.py") == keys_of(keys.LECTURES)
    assert shortcuts(ROOT / "visualizer" / "ui" / "tour.py") == keys_of(keys.TOUR)
    practice = shortcuts(ROOT / "pages" / "practice.py")
    assert practice == keys_of(keys.PRACTICE) - {"1"}  # made from the place of an option


def table(name):
    """The names of keys in one of the tables of `keys.js`."""
    source = (BROWSER / "keys.js").read_text(encoding="utf-8")
    (ways,) = re.findall(rf"const {name} = \{{(.*?)\n\}};", source, re.DOTALL)
    return set(re.findall(r'^ *"?([^\s":]+)"?: ', ways, re.MULTILINE))


def test_the_sheet_lists_exactly_the_keys_of_every_page():
    assert table("ALWAYS") == keys_of(keys.PAGES)


def test_the_sheet_lists_exactly_the_keys_of_a_lecture():
    source = (BROWSER / "keys.js").read_text(encoding="utf-8")
    (digits,) = re.findall(r"Object.fromEntries\(\[([\d, ]+)\]", source)
    assert table("LECTURE") | set(digits.split(", ")) == keys_of(keys.STAGE)


def test_what_practice_uses_is_its_own_in_a_lecture_too():
    ours = keys_of(keys.PRACTICE) & keys_of(keys.STAGE)
    assert ours == {"1", "H"}
    assert ours <= set(BY_NAME["practice"].keys) <= keys_of(keys.STAGE)


def test_the_factors_that_the_sheet_names_are_those_of_the_handles():
    source = (BROWSER / "handles.js").read_text(encoding="utf-8")
    assert "FINER = 10;" in source and "ten times" in keys.FINER.does
    arrow, page = (int(re.search(rf"{key}: (\d+),", source)[1]) for key in ("ArrowUp", "PageUp"))
    assert page == 4 * arrow and "four steps" in keys.FURTHER.does


def test_tooltips_are_made_of_the_list():
    for way in (keys.DRAG, keys.FINER, keys.TYPE):
        assert way.does in keys.TIPS["handle"]
    assert keys.TOGETHER.does in keys.TIPS["together"]


def test_the_sheet_shows_every_way():
    assert {title for column in keys.COLUMNS for title in column} == set(keys.SHEET)
