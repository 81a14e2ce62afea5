"""The frame of every page: configuration and navigation."""

from collections import defaultdict
from pathlib import Path

import streamlit as st

from visualizer.lessons import LESSONS
from visualizer.live.component import waker
from visualizer.ui.state import WHOLE_RUN

ICON = str(Path(__file__).parent / "icon.svg")  # an icon by name would come from another host
PAGES = Path(__file__).parents[2] / "pages"
ABOUT = (
    "Drag the input of a layer and the gradient that arrives from above, and see what `backward` "
    "makes of them. Every number comes from `nnfs`, the small NumPy library of this app."
)

# With an entry of its own, Streamlit shows its menu, which is the only way to another theme.
st.set_page_config(
    page_title="Gradient visualizer",
    page_icon=ICON,
    layout="wide",
    menu_items={"About": ABOUT},
)

st.session_state[WHOLE_RUN] = True
sections = defaultdict(list)
for lesson in LESSONS:
    page = st.Page(
        PAGES / f"{lesson.name}.py",
        title=lesson.title,
        icon=lesson.icon,
        default=not lesson.address,
    )
    sections[lesson.section].append(page)
st.navigation(sections, position="top").run()
waker()
