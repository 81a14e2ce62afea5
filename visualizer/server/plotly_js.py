"""plotly.js out of the installed package, in a form that a browser has to parse once only.

All of it stands in one function that is called at the end. A browser cannot know that it will be:
it skips the function while it loads the file, and parses its five megabytes again when it is
called, with nothing else going on. Around what is called at once it expects parentheses.

How plotly.js begins and ends is not documented. Where it is otherwise, it is served as it is: the
first figure of a first visit then comes a tenth later.
"""

from importlib.resources import files
from pathlib import Path

SOURCE = Path(str(files("plotly"))) / "package_data" / "plotly.min.js"

# The function is an argument: the only one behind the name of the window, and the last one.
BEGINS, ENDS = b"self : this, () => {", b"return Plotly;\n}));"
BEGINS_ENCLOSED, ENDS_ENCLOSED = b"self : this, (() => {", b"return Plotly;\n})));"


def enclosed(text: bytes) -> bytes:
    """Return plotly.js with its one function in parentheses, or as it is where it has no such."""
    head, begin, rest = text.partition(BEGINS)
    body, end, tail = rest.rpartition(ENDS)
    if not (begin and end) or tail.strip():
        return text
    return head + BEGINS_ENCLOSED + body + ENDS_ENCLOSED + tail
