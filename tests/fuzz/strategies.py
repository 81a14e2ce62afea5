"""Input that nobody meant: for each kind of field, from what is right to what is not even text.

What a field is, its declaration says: a new page is fuzzed on the day it appears.
"""

import json
from dataclasses import fields

from hypothesis import strategies as st

from visualizer.exchange.files import to_csv, to_json
from visualizer.scenario.codecs import MAX_BATCH, MAX_CLASSES, MAX_VALUE, format_number

# Stands in every text that would be markup; wherever it is shown, it has to stand in code.
MARK = "QX"
MARKUPS = (
    f"<img src=x onerror=alert('{MARK}')>",
    f"<script>{MARK}</script>",
    f"[{MARK}](javascript:alert(1))",
    f"![{MARK}](https://evil.example/{MARK})",
    f"**{MARK}**",
    f"`{MARK}` <b>{MARK}</b> `",
    f"``{MARK}`` *{MARK}*",
    f"\n\n# {MARK}\n",
    f"\n\n```\n{MARK}\n```\n<i>{MARK}</i>",
    f":red[{MARK}]",
    f":material/{MARK}:",
    f"${MARK}$",
    f"$$\\text{{{MARK}}}$$",
    f"\\`{MARK}",
    f"&lt;b&gt;{MARK}",
    f"\u202e{MARK}\x00\x1b[31m",
)
MARKUP = st.sampled_from(MARKUPS)
NUMBERS = st.one_of(
    st.floats(-5, 5).map(lambda value: format_number(round(value, 3))),
    st.floats(allow_nan=False, allow_infinity=False, width=64).map(format_number),
    st.sampled_from(
        ["0", "-0", "1e308", "-1e308", "5e-324", "2e-308", "0.1", "-1", "1000", "1e-7", "36.8"]
    ),
)
NO_NUMBERS = "nan inf -inf 1e309 1e-400 0x10 1_0 ١ ² 1.2.3 --1 1e −1 None true 1j . + e5"
WRONG_NUMBERS = st.sampled_from(
    [*NO_NUMBERS.split(), "", " 1", "1 ", "1\t", "9" * 400, "1" + "0" * 400, "\ud800"]
)


def joined(numbers, columns, rows):
    """Rows of numbers as a link has them."""
    return st.lists(
        st.lists(numbers, min_size=columns, max_size=columns).map(",".join),
        min_size=rows,
        max_size=rows,
    ).map(";".join)


@st.composite
def spoilt(draw, text):
    """A text in which one number is none."""
    cells = text.split(",")
    cells[draw(st.integers(0, len(cells) - 1))] = draw(WRONG_NUMBERS)
    return ",".join(cells)


# Sizes at the limits, without their thousands of different cells.
LARGE = st.sampled_from(
    [
        ",".join(["1"] * MAX_CLASSES),
        ",".join(["1"] * (MAX_CLASSES + 1)),
        ";".join(["1,2"] * MAX_BATCH),
        ";".join(["1,2"] * (MAX_BATCH + 1)),
        "," * 5000,
        ";" * 5000,
        "1;" * 5000,
        "9" * 60_000,
    ]
)

TEXT = st.one_of(
    MARKUP, WRONG_NUMBERS, st.text(max_size=20), st.text("0123456789,;.-e", max_size=20)
)
WHOLE = st.one_of(
    st.integers(-2, 12).map(str), st.sampled_from(["007", "999", "1000", "1e3", "1.0", "9" * 30])
)


@st.composite
def queries(draw, lesson):
    """A query of a page: what is right and fits, and in every second one what does not."""
    columns, rows = draw(st.integers(1, 6)), draw(st.sampled_from([1, 1, 1, 2, 3]))
    chosen = draw(st.lists(st.sampled_from(fields(lesson.Scenario)), unique=True))
    wild = draw(st.sampled_from([0, 0, 0, 1, 1, 2]))
    query = {}
    for item in chosen:
        value = draw(right(lesson.Scenario, item, columns, rows))
        if len(query) < wild:
            value = draw(st.one_of(TEXT, WHOLE, LARGE, spoilt(value)))
        query[item.name] = value
    if draw(st.integers(0, 19)) == 0:
        query[draw(st.sampled_from(["v", "axes", "utm_source", MARK, ""]))] = draw(TEXT)
    return query


def right(scenario, item, columns, rows):
    """Text that a field may have, if the others agree."""
    said, usual = scenario.said_of(item.name), item.default
    if allowed := said.get("allowed") or said.get("tabs"):
        if isinstance(usual, tuple):
            return st.lists(st.sampled_from(list(allowed)), max_size=3).map(",".join)
        return st.sampled_from(list(allowed))
    if isinstance(usual, bool):
        return st.sampled_from(["0", "1"])
    if isinstance(usual, float):
        return st.floats(*said["between"]).map(format_number)
    if isinstance(usual, int):
        low, high = said.get("between", (0, min(columns, rows) - 1))
        return st.integers(low, high).map(str)
    if item.name == "hide":
        return st.sampled_from(["", "controls", "below", "controls,below"])
    least, most = said.get("least", 1), said.get("most", columns)
    low, high = said.get("between", (-MAX_VALUE, MAX_VALUE))
    numbers = NUMBERS if high == MAX_VALUE else st.floats(low, high).map(format_number)
    return joined(numbers, min(max(columns, least), most), rows)


# What may come along the lane that is no question of a page.
KEYS = st.one_of(
    st.sampled_from(["seq", "page", "query", "moving", "z", "axes"]), st.text(max_size=3)
)
SHAPES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**70), 2**70),
        st.floats(),
        TEXT,
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            KEYS,
            inner,
            max_size=4,
        ),
    ),
    max_leaves=8,
)


def as_json(value):
    """Text of a value, as a client that is no browser may send it."""
    return json.dumps(value, ensure_ascii=False)


@st.composite
def files(draw, lesson):
    """What may come as a file: an export as it is, an export that was edited, a table, or noise."""
    columns, rows = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    kind = draw(st.sampled_from(["json", "csv", "table", "table", "list", "noise"]))
    if kind == "noise":
        return draw(st.one_of(TEXT, LARGE, SHAPES.map(as_json)))
    if kind == "list":
        cells = st.one_of(NUMBERS, WRONG_NUMBERS, SHAPES.map(as_json))
        return "[[" + draw(joined(cells, columns, rows)).replace(";", "],[") + "]]"
    text = draw(table(columns, rows)) if kind == "table" else draw(export(lesson, kind))[1]
    return draw(edited(text)) if draw(st.booleans()) else text


@st.composite
def table(draw, columns, rows):
    """Numbers in lines, with the separators, ends of lines and marks that programs write."""
    text = draw(joined(st.one_of(NUMBERS, NUMBERS, NUMBERS, WRONG_NUMBERS), columns, rows))
    mark = draw(st.sampled_from([",", ";", "\t", " ", ", ", ";;"]))
    end = draw(st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\u2028", "\x0b"]))
    text = text.replace(";", "\n").replace(",", mark).replace("\n", end)
    return draw(st.sampled_from(["", "\ufeff", "# z\n", "\n"])) + text


@st.composite
def export(draw, lesson, kind):
    """Some state of a page, and what the page itself writes of it."""
    scenario, _ = lesson.Scenario.from_query(draw(queries(lesson)))
    inputs, results = lesson.record(scenario)
    text = to_csv(inputs, results) if kind == "csv" else to_json(lesson.name, scenario, results)
    return scenario, text


@st.composite
def edited(draw, text):
    """A text in which something has become something else."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 8)))
        text = text[:start] + draw(TEXT) + text[end:]
    return text
