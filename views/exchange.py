"""A scenario as a file, and back: JSON and CSV that carry it and its results, or a plain matrix."""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from views.codecs import MAX_BATCH, MAX_CLASSES, Refused, Rows, format_rows, parse_number
from views.scenario import BaseScenario

FORMAT = "gradient-visualizer"
MAX_BYTES = 2_000_000


def to_json(page: str, scenario: BaseScenario, results: Mapping[str, np.ndarray]) -> str:
    """Return the scenario, from which `read` makes the same one, with the results beside it."""
    return json.dumps(
        {
            "format": FORMAT,
            "page": page,
            "scenario": scenario.to_query(),
            "results": {name: _plain_numbers(value) for name, value in results.items()},
        },
        indent=1,
        allow_nan=False,
    )


def _plain_numbers(values: np.ndarray) -> Any:
    """Return nested lists; JSON knows no infinity, null stands for what has overflowed."""
    return np.where(np.isfinite(values), values, None).tolist()


def to_csv(inputs: Mapping[str, Any], results: Mapping[str, np.ndarray]) -> str:
    """Return one line per row of every array: its name, the number of the row, its values."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for name, value in {**inputs, **results}.items():
        for number, row in enumerate(np.atleast_2d(value)):
            writer.writerow([name, number, *(repr(v) for v in row.tolist())])
    return text.getvalue()


def read(text: str, scenario: BaseScenario, field: str) -> dict[str, str]:
    """Return the fields that a file sets, as text for the codec of the scenario.

    Args:
        text: an export in JSON or CSV, or a plain matrix: a JSON list of rows, or lines of numbers
            between commas, semicolons, tabs or spaces.
        scenario: of the page; only its fields are taken.
        field: where a plain matrix goes.

    Raises:
        Refused: what is wrong, with row and column, counted from 1.
    """
    if len(text) > MAX_BYTES:
        raise Refused(f"expected at most {MAX_BYTES:,} characters, got {len(text):,}")
    text = text.removeprefix("\ufeff")  # which Excel puts before its CSV
    if not text.strip():
        raise Refused("expected numbers, got nothing")
    if text.lstrip()[0] in "[{":
        return _read_json(text, scenario, field)
    return _read_lines(text, scenario, field)


def _read_json(text: str, scenario: BaseScenario, field: str) -> dict[str, str]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise Refused(f"expected JSON, got something else{where}") from error
    if isinstance(content, list):
        rows = content if all(isinstance(row, list) for row in content) else [content]
        return {field: _matrix([[_plain(cell) for cell in row] for row in rows])}
    query = content.get("scenario")
    if content.get("format") != FORMAT or not isinstance(query, dict):
        raise Refused(f'expected a list of rows, or an export with "format": "{FORMAT}"')
    known = scenario.to_query()
    taken = {name: value for name, value in query.items() if name in known}
    for name, value in taken.items():
        if not isinstance(value, str):
            raise Refused(f"{name}: expected text in quotes, got {type(value).__name__}")
    if taken.get("tab") not in scenario.TABS:  # the numbers of another page may fit all the same
        taken.pop("tab", None)
    main = scenario.always_linked()[0]
    if main not in taken:
        raise Refused(f"expected an export that sets {main}, got one of another page")
    return taken


def _read_lines(text: str, scenario: BaseScenario, field: str) -> dict[str, str]:
    lines = [line for line in text.splitlines() if line.strip()]
    cells = [_split(line) for line in lines]
    known, matrices, query = scenario.to_query(), {}, {}
    if not any(row[0] in known for row in cells):
        return {field: _matrix(cells)}
    for number, row in enumerate(cells, 1):
        name, values = row[0], row[2:]
        if len(row) < 3:
            raise Refused(f"row {number}: expected a name, a number and values, got {len(row)}")
        if name in known and isinstance(getattr(scenario, name), tuple):
            matrices.setdefault(name, []).append(values)
        elif name in known:
            query[name] = values[0].removesuffix(".0")
    for name, rows in matrices.items():
        try:
            query[name] = _matrix(rows)
        except Refused as refusal:
            raise Refused(f"{name}: {refusal}") from None
    return query


def _split(line: str) -> list[str]:
    """Cut a line at the first kind of separator that it has."""
    for separator in (",", ";", "\t"):
        if separator in line:
            return [cell.strip() for cell in line.rstrip(separator).split(separator)]
    return line.split()


def _matrix(cells: list[list[str]]) -> str:
    """Return the cells as rows of numbers in the codec's text, or raise with row and column."""
    if not cells or len(cells) > MAX_BATCH:
        raise Refused(f"expected 1 to {MAX_BATCH} rows, got {len(cells)}")
    rows: list[tuple[float, ...]] = []
    for i, row in enumerate(cells, 1):
        if not 1 <= len(row) <= MAX_CLASSES:
            raise Refused(f"row {i}: expected 1 to {MAX_CLASSES} numbers, got {len(row)}")
        if len(row) != len(cells[0]):
            raise Refused(f"row {i}: expected {len(cells[0])} numbers as in row 1, got {len(row)}")
        rows.append(tuple(_number(cell, i, j) for j, cell in enumerate(row, 1)))
    matrix: Rows = tuple(rows)
    return format_rows(matrix)


def _number(cell: str, row: int, column: int) -> float:
    try:
        return parse_number(cell)
    except Refused as refusal:
        raise Refused(f"row {row}, column {column}: {refusal}") from None


def _plain(cell: object) -> str:
    """A cell of a JSON list as text; what is no number stays readable in the message."""
    if isinstance(cell, list | dict):  # however deep
        return "[…]" if isinstance(cell, list) else "{…}"
    return cell if isinstance(cell, str) else json.dumps(cell)
