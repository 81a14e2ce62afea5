"""Files: what goes out comes back, and what is wrong with a file is said with row and column."""

import json
import random

import numpy as np
import pytest

from visualizer.exchange import files
from visualizer.exchange.files import FORMAT, MAX_BYTES, doubt, read, said, to_csv, to_json
from visualizer.lessons import BY_NAME, sigmoid, softmax
from visualizer.scenario.codecs import MAX_BATCH, MAX_CLASSES, Refused, format_rows

DEFAULT = softmax.Scenario.usual()
SCENARIOS = {
    "softmax": [
        {},
        {"z": "2,1,0.1;0,0,3", "g": "1,0,0;0,1e-300,-0.5", "n": "1", "T": "0.3", "j": "2"},
        {"wrong": "elementwise,flattened_batch", "step": "3", "present": "1", "hide": "below"},
    ],
    "sigmoid": [{}, {"x": "0.1,4,-9e300", "g": "2,0.5,-1", "j": "1", "eps": "0.001"}],
    "side_by_side": [{}, {"z": "3,0,-2,1", "g": "1,0,-1,0.25", "j": "3"}],
    "gradient_check": [
        {},
        {"layer": "tanh", "backward": "without_square", "dtype": "float32", "h": "3e-7"}
        | {"z": "3,0;-2,1", "g": "1,0;-1,0.25", "n": "1", "method": "forward"},
    ],
    "losses": [
        {},
        {"z": "3,-40", "t": "0.3,0.7", "layer": "sigmoid", "loss": "binary_cross_entropy"}
        | {"before": "sigmoid", "j": "0"},
    ],
}
CASES = [(page, query) for page, queries in SCENARIOS.items() for query in queries]


def scenario_of(page, query):
    scenario, messages = BY_NAME[page].Scenario.from_query(query)
    assert messages == []
    return scenario


def imported(page, text):
    """What the page shows after an import, from its defaults."""
    before = scenario_of(page, {})
    after, messages = before.updated(read(text, before, "g"))
    assert messages == []
    return after


def taken(text, field="z"):
    return read(text, DEFAULT, field)


def refusal(text, scenario=DEFAULT):
    with pytest.raises(Refused) as caught:
        read(text, scenario, "z")
    return str(caught.value)


@pytest.mark.parametrize(("page", "query"), CASES, ids=str)
def test_json_comes_back_as_the_same_scenario(page, query):
    scenario = scenario_of(page, query)
    assert imported(page, to_json(page, scenario, BY_NAME[page].record(scenario)[1])) == scenario


@pytest.mark.parametrize(("page", "query"), CASES, ids=str)
def test_json_carries_the_results_of_the_page(page, query):
    scenario = scenario_of(page, query)
    results = BY_NAME[page].record(scenario)[1]
    content = json.loads(to_json(page, scenario, results))
    assert (content["format"], content["page"]) == (FORMAT, page)
    assert content["results"] == {name: value.tolist() for name, value in results.items()}


@pytest.mark.parametrize(("page", "query"), CASES, ids=str)
def test_csv_comes_back_as_the_same_inputs(page, query):
    scenario = scenario_of(page, query)
    inputs, results = BY_NAME[page].record(scenario)
    again = imported(page, to_csv(inputs, results))
    assert BY_NAME[page].record(again)[0].keys() == inputs.keys()
    for name, value in BY_NAME[page].record(again)[0].items():
        np.testing.assert_array_equal(value, inputs[name])


def test_csv_carries_every_row_of_every_result_in_full():
    scenario = scenario_of("softmax", {})
    inputs, results = BY_NAME["softmax"].record(scenario)
    lines = [line.split(",") for line in to_csv(inputs, results).splitlines()]
    J = [[float(v) for v in line[2:]] for line in lines if line[0] == "J"]
    np.testing.assert_array_equal(J, results["J"])
    assert [line[1] for line in lines if line[0] == "J"] == ["0", "1", "2"]


@pytest.mark.parametrize(
    "text",
    [
        "1,2.5\n-3,4e-5\n",
        "1, 2.5\r\n-3, 4e-5",
        "1;2.5\n-3;4e-5",
        "1\t2.5\n-3\t4e-5\n\n",
        "1 2.5\n-3   4e-5",
        "1,2.5,\n-3,4e-5,",
        "[[1, 2.5], [-3, 4e-5]]",
        '[["1", "2.5"], [-3, 4e-5]]',
        "\ufeff1,2.5\n-3,4e-5",
    ],
)
def test_a_plain_matrix_is_read_whatever_separates_its_numbers(text):
    assert taken(text) == {"z": "1,2.5;-3,4e-05"}


@pytest.mark.parametrize("text", ["1e-5,2", "1e-5 2", "1E-5;2", "[1e-5, 2]"])
def test_a_plain_matrix_may_begin_with_an_exponent(text):
    assert taken(text) == {"z": "1e-05,2"}


def test_a_plain_matrix_goes_where_the_user_says():
    assert taken("1,2", field="g") == {"g": "1,2"}


@pytest.mark.parametrize(
    ("text", "place", "came"),
    [
        ("1,2\n3,x", "line 2, column 2", "`x`"),
        ("a,b\n1,2", "line 1, column 1", "`a`"),
        ("1,,2", "line 1, column 2", "nothing"),
        ("1,nan", "line 1, column 2", "`nan`"),
        ("1;2\n1e309;4", "line 2, column 1", "`1e309`"),
        ("1,5\n2,3,4", "line 2", "expected 2 numbers as in line 1, got 3"),
        ("[[1, 2], [3, null]]", "row 2, column 2", "`null`"),
        ("[[1, true]]", "row 1, column 2", "`true`"),
        ("[[1, NaN]]", "row 1, column 2", "`NaN`"),
        ("[[1], [-Infinity]]", "row 2, column 1", "`-Infinity`"),
        ("[[1, 2], [3]]", "row 2", "expected 2 numbers as in row 1, got 1"),
        ("[[1, [2]]]", "row 1, column 2", "`[…]`"),
        ('[{"a": 1}]', "row 1, column 1", "`{…}`"),
        ("[1, [2]]", "row 1, column 2", "`[…]`"),
        ("[[]]", "row 1", "expected 1 to 1000 numbers, got 0"),
        ('["<b>x</b>"]', "row 1, column 1", "`<b>x</b>`"),
        ("[" + "9" * 400 + "]", "row 1, column 1", "…"),
        ("[1e999]", "row 1, column 1", "`1e999`"),
        ("[[1, -1e999]]", "row 1, column 2", "`-1e999`"),
        ("[[1e-400, 1]]", "row 1, column 1", "`1e-400`"),
        ("1,2\n1e-400,0", "line 2, column 1", "does not round to 0, got `1e-400`"),
        ("1,2\n\n \n3,x", "line 4, column 2", "`x`"),
        ("\r\n1,2\r\n\r\n3,4,5", "line 4", "expected 2 numbers as in line 2, got 3"),
        ("1,2\u2028\n3,x", "line 2, column 2", "`x`"),
        ("1\n٣", "line 2, column 1", "`٣`"),
        ("0,5;1,5", "line 1, column 1", "`0,5` (decimals have a point here)"),
        ("1\t2\n0,5\t1,5", "line 2, column 1", "`0,5` (decimals have a point here)"),
        ("z,0,1,2\nz,1,3,x", "z: line 2, column 4", "`x`"),
        ("z,0,1;2", "z: line 1, column 3", "`1;2`"),
        ("z,0,1,2\n\ng,0,1,2\ng,1,3", "g: line 4", "expected 2 numbers as in line 3, got 1"),
        ("z,0,1,2\ng,0", "line 2", "expected a name, a number and values, got 2"),
    ],
)
def test_what_is_wrong_is_named_with_row_and_column(text, place, came):
    message = refusal(text)
    assert place in message
    assert came in message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "got nothing"),
        (" \n\t ", "got nothing"),
        ("[1, 2", "expected JSON, got something else in line 1"),
        ('{"a":\n1,}', "in line 2"),
        ("[]", "expected 1 to 256 rows, got 0"),
        ("{}", '"format": "gradient-visualizer"'),
        ('{"format": "gradient-visualizer"}', '"format": "gradient-visualizer"'),
        ('{"format": "other", "scenario": {"z": "1,2"}}', '"format": "gradient-visualizer"'),
        ('{"format": "gradient-visualizer", "scenario": {"z": [1]}}', "z: expected text"),
        ('{"format": "gradient-visualizer", "scenario": {"present": "1"}}', "another page"),
    ],
)
def test_what_is_no_matrix_and_no_export_is_refused_with_what_is_expected(text, says):
    assert says in refusal(text)


def test_the_largest_matrix_is_taken_and_one_row_or_column_more_is_not():
    row = ",".join(["1"] * MAX_CLASSES)
    z = taken("\n".join([row] * MAX_BATCH))["z"]
    assert DEFAULT.updated({"z": z})[1] == []
    assert "expected 1 to 256 rows, got 257" in refusal("\n".join(["1"] * (MAX_BATCH + 1)))
    assert "line 2: expected 1 to 1000 numbers, got 1,001" in refusal(f"{row}\n{row},1")


LARGE = {
    "rows": "1\n" * 1_000_000,
    "rows of an export": "z,0,1\n" * 333_333,
    "rows of JSON": "[" + ",".join(["[1]"] * 499_999) + "]",
    "columns": ",".join(["1"] * 1_000_000),
    "columns of JSON": "[" + ",".join(["1"] * 999_999) + "]",
}


@pytest.mark.parametrize("form", LARGE)
def test_what_has_too_many_rows_or_columns_is_refused_before_it_is_split(form, monkeypatch):
    """Counted is what is done for each number; the clock of a busy machine says nothing."""
    parsed, split = [], []
    usual = files._split
    monkeypatch.setattr(files, "_number", lambda *args: parsed.append(args))
    monkeypatch.setattr(files, "_plain", lambda *args: parsed.append(args))
    monkeypatch.setattr(files, "_split", lambda *args: split.append(args) or usual(*args))
    assert "expected 1 to" in refusal(LARGE[form])
    assert parsed == []
    assert len(split) <= MAX_BATCH + 1


def test_a_column_with_decimal_commas_is_doubted_with_what_to_write():
    said = doubt("0,5\n\n-1,25\n")
    assert "`0,5` was read as two numbers, 0 and 5" in said
    assert "write 0.5" in said


@pytest.mark.parametrize("text", ["1,2,3", "1.5,2", "1, 2", "0;5", "[[0, 5]]", "1,2\n3,4.5", "7"])
def test_a_matrix_that_can_mean_one_thing_only_is_not_doubted(text):
    taken(text)
    assert doubt(text) == ""


def test_a_text_of_2_megabytes_is_read_and_one_longer_is_refused():
    assert taken("1,2" + " " * (MAX_BYTES - 3)) == {"z": "1,2"}
    assert "at most 2,000,000 characters, got 2,000,001" in refusal("1,2" + " " * (MAX_BYTES - 2))


def test_of_two_values_for_one_name_the_last_counts():
    text = '{"format": "gradient-visualizer", "scenario": {"z": "1,2", "z": "3,4"}}'
    assert taken(text) == {"z": "3,4"}


def test_names_that_the_page_does_not_know_are_passed_over():
    export = {"z": "1,2", "__class__": "x", "page": "sigmoid", "x": "9"}
    text = json.dumps({"format": FORMAT, "scenario": export, "results": {"z": "no"}})
    assert taken(text) == {"z": "1,2"}


def test_a_bad_value_of_an_export_changes_nothing_of_its_field_and_says_so():
    text = json.dumps({"format": FORMAT, "scenario": {"z": "1,2,x", "g": "0,1,0"}})
    after, messages = DEFAULT.updated(taken(text))
    assert (after.z, after.g) == (DEFAULT.z, ((0, 1, 0),))
    assert messages[0].startswith("z: expected a number")


NESTED = ["[%s]", '{"a":%s}', "[1,%s]", '[{"a":%s}]', '{"scenario":%s}']


@pytest.mark.parametrize("depth", [10, 900, 960, 990, 1000, 5_000, 100_000])
@pytest.mark.parametrize("form", NESTED)
def test_deep_nesting_is_refused_and_never_raises_anything_else(form, depth):
    head, tail = form.split("%s")
    refusal(head * depth + "1" + tail * depth)
    refusal(head + "[" * depth + "]" * depth + tail)


def test_random_texts_are_taken_or_refused_and_what_is_taken_has_the_form_of_a_link():
    rng, refused = random.Random(0), 0
    pool = [*"0123456789,;.-e \t\n[]{}\":zgT\0\u2028\ud800∞'\\", "z,0,", "nan", '"scenario"']
    sigmoids = sigmoid.Scenario.usual()
    for _ in range(4000):
        text = "".join(rng.choices(pool, k=rng.randint(1, 30)))
        scenario = rng.choice([DEFAULT, sigmoids])
        try:
            query = read(text, scenario, scenario.ALWAYS[0])
        except Refused:
            refused += 1
            continue
        scenario.updated(query)  # never raises
        assert all(isinstance(value, str) for value in query.values())
    assert 0 < refused < 4000


def test_the_numbers_of_a_matrix_come_back_as_the_same_floats():
    rows = np.random.default_rng(0).normal(0, 1e5, (7, 5)).tolist()
    for text in (json.dumps(rows), "\n".join(" ".join(map(repr, row)) for row in rows)):
        assert taken(text) == {"z": format_rows(rows)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1;2;3\n4;5;6\n", "Read as 2 rows of 3 columns, separated by semicolons."),
        ("1, 2, 3", "Read as 1 row of 3 columns, separated by commas."),
        ("\ufeff1\t2\r\n3\t4", "Read as 2 rows of 2 columns, separated by tabs."),
        ("1 2\n\n3 4", "Read as 2 rows of 2 columns, separated by spaces."),
        ("1,2\n3;4", "Read as 2 rows of 2 columns, separated by semicolons or commas."),
        ("1\n2", "Read as 2 rows of 1 column."),
        ("[[1, 2]]", ""),
        ("z,0,1,2,3\ng,0,1,0,0", ""),
    ],
)
def test_what_was_read_is_said_with_what_separated_it(text, expected):
    assert said(text, softmax.Scenario()) == expected
