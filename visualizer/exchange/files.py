"""A scenario as a file, and back: JSON and CSV that carry it and its results, or a plain matrix."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from visualizer.scenario.base import BaseScenario
from visualizer.scenario.codecs import (
    MAX_BATCH,
    MAX_CLASSES,
    Refused,
    format_rows,
    parse_number,
    quoted,
)

FORMAT = "gradient-visualizer"

# What may stand between numbers, and what it is called.
SEPARATORS = {";": "semicolons", ",": "commas", "\t": "tabs", " ": "spaces"}
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
    numbers = values.astype(object)
    numbers[~np.isfinite(values)] = None
    return numbers.tolist()


def to_csv(inputs: Mapping[str, Any], results: Mapping[str, np.ndarray]) -> str:
    """Return one line per row of every array: its name, the number of the row, its values."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for name, value in {**inputs, **results}.items():
        for number, row in enumerate(np.atleast_2d(value)):
            cells = (v if isinstance(v, str) else repr(v) for v in row.tolist())
            writer.writerow([name, number, *cells])
    return text.getvalue()


def read(text: str, scenario: BaseScenario, field: str) -> dict[str, str]:
    """Return the fields that a file sets, as text for the codec of the scenario.

    Args:
        text: an export in JSON or CSV, or a plain matrix: a JSON list of rows, or lines of numbers
            between commas, semicolons, tabs or spaces.
        scenario: of the page; only its fields are taken.
        field: where a plain matrix goes.

    Raises:
        Refused: what is wrong, with the line of the file, or the row of the JSON list, and the
            column, counted from 1.
    """
    if len(text) > MAX_BYTES:
        raise Refused(f"expected at most {MAX_BYTES:,} characters, got {len(text):,}")
    text = text.removeprefix("\ufeff")  # which Excel puts before its CSV
    if not text.strip():
        raise Refused("expected numbers, got nothing")
    if text.lstrip()[0] in "[{":
        return _read_json(text, scenario, field)
    return _read_lines(text, scenario, field)


def said(text: str, scenario: BaseScenario) -> str:
    """Return how a plain matrix was read that `read` took: its size, and what separated it.

    An export says itself what it is: "" then, as for JSON.
    """
    lines = [line for line in _lines(text.removeprefix("\ufeff")) if line.strip()]
    if text.lstrip("\ufeff \t\r\n")[:1] in ("[", "{") or _is_export(text, scenario):
        return ""
    rows, columns = _counted(len(lines), "row"), _counted(len(_split(lines[0])), "column")
    separators = {_separator(line) for line in lines if len(_split(line)) > 1}
    names = [name for mark, name in SEPARATORS.items() if mark in separators]
    how = f", separated by {' or '.join(names)}" if names else ""
    return f"Read as {rows} of {columns}{how}."


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def passed_over(query: Mapping[str, str], scenario: BaseScenario) -> list[str]:
    """Return a message for each field of a file that a page has not taken: it has its own.

    Args:
        query: what `read` has found.
        scenario: made of it.
    """
    codecs, messages = scenario.codecs(), []
    for name, text in query.items():
        value = getattr(scenario, name)
        if name != "tab" and codecs[name].parse(text) != value:
            own = quoted(codecs[name].format(value))
            messages.append(
                f"{scenario.called(name)}: expected {own}, which follows from the rest, got "
                f"{quoted(text)}."
            )
    return messages


def doubt(text: str) -> str:
    """Return what a user has to know of a matrix that `read` took, though it may mean another.

    A column of numbers with decimal commas reads like two columns of whole numbers.
    """
    lines = [line for line in _lines(text) if line.strip()]
    if not all(re.fullmatch(r"\s*[+-]?\d+,\d+\s*", line, re.ASCII) for line in lines):
        return ""
    first = lines[0].strip()
    left, right = first.split(",")
    return (
        f"Import: {quoted(first)} was read as two numbers, {left} and {right}, as the comma "
        f"separates numbers. If it is one, write {left}.{right}, with a point."
    )


def _read_json(text: str, scenario: BaseScenario, field: str) -> dict[str, str]:
    try:  # numbers stay text, so that a message shows what came
        content = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        where = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise Refused(f"expected JSON, got something else{where}") from error
    if isinstance(content, list):
        rows = content if all(isinstance(row, list) for row in content) else [content]
        _check_count(len(rows))
        return {field: _matrix([(f"row {i}", row) for i, row in enumerate(rows, 1)])}
    query = content.get("scenario")
    if content.get("format") != FORMAT or not isinstance(query, dict):
        raise Refused(f'expected a list of rows, or an export with "format": "{FORMAT}"')
    known = scenario.to_query()
    taken = {name: value for name, value in query.items() if name in known}
    for name, value in taken.items():
        if not isinstance(value, str):
            raise Refused(f"{name}: expected text in quotes, got {type(value).__name__}")
    if taken.get("tab") not in scenario.tabs():  # the numbers of another page may fit all the same
        taken.pop("tab", None)
    main = scenario.ALWAYS[0]
    if main not in taken:
        raise Refused(f"expected an export that sets {main}, got one of another page")
    return taken


def _read_lines(text: str, scenario: BaseScenario, field: str) -> dict[str, str]:
    lines = _lines(text)
    if _is_export(text, scenario):
        return _read_export(lines, scenario)
    _check_count(sum(map(bool, map(str.strip, lines))))
    filled = [(f"line {i}", _split(line)) for i, line in enumerate(lines, 1) if line.strip()]
    return {field: _matrix(filled)}


def _is_export(text: str, scenario: BaseScenario) -> bool:
    """Tell whether a line begins with the name of a field."""
    names = "|".join(map(re.escape, scenario.to_query()))
    return bool(re.search(rf"^[ \t]*(?:{names})[\s,;]", text, re.MULTILINE))


def _read_export(lines: Iterable[str], scenario: BaseScenario) -> dict[str, str]:
    """Return the fields of an export in CSV; what is not a field is a result, and passed over."""
    known = scenario.to_query()
    matrices: dict[str, list[tuple[str, list[str]]]] = {}
    query = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        between = re.search("[,;\t]", line)  # what follows the name
        row = _split(line, between[0] if between else "")
        name, values = row[0], row[2:]
        if not values:
            raise Refused(f"line {number}: expected a name, a number and values, got {len(row)}")
        if name in known and isinstance(getattr(scenario, name), tuple):
            matrices.setdefault(name, []).append((f"line {number}", values))
            if len(matrices[name]) > MAX_BATCH:
                raise Refused(f"{name}: expected 1 to {MAX_BATCH} rows, got more")
        elif name in known:
            query[name] = values[0].removesuffix(".0")
    for name, rows in matrices.items():
        try:
            query[name] = _matrix(rows, first=3)
        except Refused as refusal:
            raise Refused(f"{name}: {refusal}") from None
    return query


def _lines(text: str) -> list[str]:
    """Return the lines as an editor counts them, and as `str.splitlines` does not."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _split(line: str, separators: str | None = None) -> list[str]:
    """Cut a line at the first of the separators that it has, or at spaces.

    Without any given: semicolons, else commas, else tabs. Commas between digits may be those of
    decimals, and come last: `_number` refuses them.
    """
    separator = _separator(line, separators)
    if separator == " ":
        return line.split()
    return [cell.strip() for cell in line.rstrip(separator).split(separator)]


def _separator(line: str, separators: str | None = None) -> str:
    """Return the first of the separators that a line has, as for `_split`; else the space."""
    if separators is None:
        separators = ";\t," if re.search(r"\d,\d", line) else ";,\t"
    return next((mark for mark in separators if mark in line), " ")


def _check_count(rows: int) -> None:
    """Refuse too many rows, before anything is done with each of them."""
    if not 1 <= rows <= MAX_BATCH:
        raise Refused(f"expected 1 to {MAX_BATCH} rows, got {rows:,}")


def _matrix(rows: Sequence[tuple[str, Sequence[object]]], first: int = 1) -> str:
    """Return rows of numbers in the codec's text, or raise with row and column.

    Args:
        rows: what each is called in the file, and its cells.
        first: the column of the file in which the numbers begin.
    """
    matrix: list[tuple[float, ...]] = []
    called, expected = rows[0][0], len(rows[0][1])
    for name, cells in rows:
        if not 1 <= len(cells) <= MAX_CLASSES:
            raise Refused(f"{name}: expected 1 to {MAX_CLASSES} numbers, got {len(cells):,}")
        if len(cells) != expected:
            raise Refused(f"{name}: expected {expected} numbers as in {called}, got {len(cells)}")
        matrix.append(
            tuple(_number(cell, f"{name}, column {j}") for j, cell in enumerate(cells, first))
        )
    return format_rows(tuple(matrix))


def _number(cell: object, where: str) -> float:
    text = _plain(cell)
    try:
        return parse_number(text)
    except Refused as refusal:
        hint = " (decimals have a point here)" if re.fullmatch(r"[+-]?\d+,\d+", text) else ""
        raise Refused(f"{where}: {refusal}{hint}") from None


def _plain(cell: object) -> str:
    """A cell as text; what is no number in JSON stays readable in the message."""
    if isinstance(cell, list | dict):  # however deep
        return "[…]" if isinstance(cell, list) else "{…}"
    return cell if isinstance(cell, str) else json.dumps(cell)
