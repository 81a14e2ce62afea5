"""What keys and gestures do: the one list of them, for the sheet behind "?" and for tooltips."""

from typing import NamedTuple

import streamlit as st


class Way(NamedTuple):
    """One thing that a user can do.

    Attributes:
        how: as the sheet and a tooltip write it.
        does: what happens then.
        keys: the same as the browser calls them, or Streamlit where it listens; none for gestures.
    """

    how: str
    does: str
    keys: tuple[str, ...] = ()


ARROWS = ("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight")

# On a bar or a point: what its tooltip says, and what only the sheet does.
DRAG = Way("Drag", "move it; every figure follows while you do")
TOGETHER = Way("Drag *all*", "move all by the same amount, and keep their differences")
STEP = Way("← ↑ ↓ →", "move it by a step", ARROWS)
FINER = Way("Shift + arrow", "ten times finer", ("Shift",))
TYPE = Way("Enter, double click", "type a number; Enter keeps it, Escape does not", ("Enter",))
CANCEL = Way("Escape in a drag", "take the drag back", ("Escape",))
FURTHER = Way("Page up, Page down", "four steps at once; not in a lecture", ("PageUp", "PageDown"))
ENDS = Way("Home, End", "go to the end of the axis", ("Home", "End"))
HANDLES = (DRAG, TOGETHER, STEP, FINER, FURTHER, ENDS, TYPE, CANCEL)

# On a point that moves in a plane: the same, but both ways.
PLANE = (
    Way("Drag, ← ↑ ↓ →", "move it; z follows, with its mean kept", ARROWS),
    FINER,
    CANCEL,
)
# What takes steps of gradient descent.
STEPPER = (
    Way("Space", "play, or pause; with less motion: one step", (" ",)),
    Way("Shift + space", "one step", ("Shift",)),
)

# On a range, such as that of T.
RANGES = (
    Way("Drag, ← →", "change the number; every figure follows"),
    Way("Enter, double click", "type a number; Enter keeps it, Escape does not", ("Enter",)),
    Way("Escape in a drag", "take the drag back", ("Escape",)),
)
FIGURES = (
    Way("Point, or tap", "at a bar of the result or at a column of J: choose that input"),
    Way("PNG, SVG", "on the figure, pointed at or reached with Tab: save it; Shift: no background"),
    Way("Drag across, double click", "with more than 32 inputs: enlarge a part, and go back"),
)
# What Streamlit listens to, by the names that it has for keys.
LECTURES = (
    Way("→, ←", "the next step, the one before", ("Right", "Left")),
    Way("Home", "back to the link that was opened", ("Home",)),
    Way("Esc", "leave the presentation; the full screen goes first", ("Esc",)),
)
# The same, where the modules in the browser listen.
STAGE = (
    Way("Page down, Page up", "of a remote: the same as → and ←", ("PageDown", "PageUp")),
    Way("B, .", "blank the screen; any key brings it back", ("B", ".")),
    Way("1 … 9", "enlarge a figure, counted row by row; again, or Esc: back", tuple("123456789")),
    Way("H", "hide the numbers of the figure pointed at, or of the result; show them", ("H",)),
    Way("Shift + H", "the same with all numbers", ("Shift+H",)),
    Way("F", "fit the axes", ("F",)),
    Way("D", "the dark theme, or the light one", ("D",)),
)
TOUR = (
    Way("→, ←", "the next sentence, the one before", ("Right", "Left")),
    Way("Esc", "end the tour; what is on the screen stays", ("Esc",)),
)
PRACTICE = (
    Way("1, 2, 3, …", "choose an answer", ("1",)),
    Way("Enter", "lock it in", ("Enter",)),
    Way("H", "a hint: the first step towards the answer", ("H",)),
    Way("→", "after that: the next question", ("Right",)),
)
PAGES = (
    Way("Ctrl + Z", "take the last edit back, whatever it was", ("Ctrl+Z",)),
    Way("Ctrl + Shift + Z", "make it again", ("Ctrl+Shift+Z",)),
    Way("Tab", "once from the top of a page, then Enter: skip to the figures"),
    Way("?", "this sheet", ("?",)),
)

SHEET = {
    "Handles: on a bar, or on a point of a curve": HANDLES,
    "Ranges, such as T and ε": RANGES,
    "Figures": FIGURES,
    "Every page": PAGES,
    "Lectures: in steps, or presented": (*LECTURES, *STAGE),
    "Tour": TOUR,
    "Practice": PRACTICE,
    "Steps of descent": STEPPER,
}

COLUMNS = tuple(SHEET)[:4], tuple(SHEET)[4:]


def tip(*ways: Way) -> str:
    """Return what a tooltip says of some ways, one a line."""
    return "\n".join(f"{way.how.replace('*', '')}: {way.does}" for way in ways)


# What the browser is told of handles: their tooltips, and the hint on the first of them.
TIPS = {
    "handle": tip(DRAG, STEP, FINER, TYPE),
    "plane": tip(*PLANE),
    "together": tip(TOGETHER, STEP, FINER, TYPE),
    "hint": "Drag me",
}


def keys_button() -> None:
    """Offer the sheet; the key "?" presses this button, whose key the browser knows."""
    if st.button("?", key="keys", help="Keys and gestures"):
        sheet()


@st.dialog("Keys and gestures", width="large")
def sheet() -> None:
    """Show all that keys and gestures do, in two columns that fit a screen of 720 pixels."""
    for place, titles in zip(st.columns(2), COLUMNS, strict=True):
        with place:
            for title in titles:
                lines = [f":small[**{way.how}**: {way.does}]" for way in SHEET[title]]
                st.markdown("  \n".join([f"**{title}**", *lines]))
