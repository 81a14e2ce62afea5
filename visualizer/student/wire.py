"""Messages between the app and the child process: one line of JSON each, texts and arrays only.

An array travels as its bytes in base64, with its type and its shape. Nothing is ever unpickled or
evaluated, and what has another form than that is refused.
"""

import base64
import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

# No message is longer, in bytes: what a page shows takes a few thousand.
LONGEST = 4 * 1024 * 1024

# What an array may consist of.
TYPES = ("<f8", "|b1")


class Garbled(ValueError):
    """A line that is no message. Its text says what came and what is expected."""


def encode(message: Mapping[str, Any]) -> bytes:
    """Return a message as one line.

    Args:
        message: texts, numbers, lists and dicts of them, and arrays of any real type, which
            become float64 or bool.

    Examples:
        >>> import numpy as np
        >>> decode(encode({"y": np.array([0.5, np.nan])}))
        {'y': array([0.5, nan])}
    """
    return json.dumps(message, default=_as_text).encode() + b"\n"


def decode(line: bytes) -> dict[str, Any]:
    """Return the message of a line.

    Raises:
        Garbled: it is none.
    """
    if len(line) > LONGEST:
        raise Garbled(f"expected a message of at most {LONGEST:,} bytes, got more")
    try:
        message = json.loads(line, object_hook=_as_array)
    except (ValueError, RecursionError) as error:
        raise Garbled(f"expected a line of JSON, got something else: {error}") from error
    if not isinstance(message, dict):
        raise Garbled(f"expected an object, got {type(message).__name__}")
    return message


def _as_text(value: object) -> Any:
    if isinstance(value, np.generic) and value.ndim == 0:
        return value.item()
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "fiub":
        raise TypeError(f"expected texts, numbers and arrays of them, got {type(value).__name__}")
    kind = "|b1" if value.dtype.kind == "b" else "<f8"
    data = np.ascontiguousarray(value.astype(kind)).tobytes()
    return {"array": kind, "shape": list(value.shape), "data": base64.b64encode(data).decode()}


def _as_array(fields: dict[str, Any]) -> Any:
    """Return the array that an object stands for, or the object itself if it stands for none."""
    if "array" not in fields:
        return fields
    kind, shape = fields["array"], fields.get("shape")
    if kind not in TYPES or not isinstance(shape, list):
        raise Garbled(f"expected an array of {' or '.join(TYPES)} with its shape, got {kind!r}")
    if any(type(size) is not int or size < 0 for size in shape):
        raise Garbled(f"expected a shape of whole numbers from 0 on, got {shape!r}")
    data = base64.b64decode(str(fields.get("data", "")), validate=True)
    if len(data) != math.prod(shape) * np.dtype(kind).itemsize:
        raise Garbled(f"expected the bytes of an array of shape {shape}, got {len(data)} bytes")
    return np.frombuffer(data, kind).reshape(shape).copy()
