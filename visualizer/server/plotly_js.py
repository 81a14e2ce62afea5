"""plotly.js out of the installed package, in a form that a browser has to parse once only.

All of it stands in one function, which is called at the end of the file. A browser that loads the
file does not know that: it skims the function, and parses its five megabytes once more when it is
called. Parentheses around the function say that it is called at once.

How plotly.js begins and ends is not documented. Where that changes, the file is served as it is,
and the first figure of a first visit comes about 0.1 s later.
"""

from importlib.resources import files
from pathlib import Path

SOURCE = Path(str(files("plotly"))) / "package_data" / "plotly.min.js"

# The function is the last argument of a call.
BEGINS, ENDS = b"self : this, () => {", b"return Plotly;\n}));"
BEGINS_ENCLOSED, ENDS_ENCLOSED = b"self : this, (() => {", b"return Plotly;\n})));"


def enclosed(text: bytes) -> bytes:
    """Return plotly.js with its one function in parentheses, or as it is where it has no such."""
    head, begin, rest = text.partition(BEGINS)
    body, end, tail = rest.rpartition(ENDS)
    if not (begin and end) or tail.strip():
        return text
    return head + BEGINS_ENCLOSED + body + ENDS_ENCLOSED + tail
