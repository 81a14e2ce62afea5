"""The frame of every page: configuration and navigation."""

from pathlib import Path

import streamlit as st

from ui.live import waker
from ui.state import WHOLE_RUN

ICON = str(Path(__file__).parent / "icon.svg")  # an icon by name would come from another host

st.set_page_config(page_title="Gradient visualizer", page_icon=ICON, layout="wide")

st.session_state[WHOLE_RUN] = True
page = st.navigation(
    {
        "": [
            st.Page("../pages/home.py", title="Home", icon=":material/home:", default=True),
        ],
        "Layers": [
            st.Page("../pages/softmax.py", title="Softmax", icon=":material/bar_chart:"),
            st.Page("../pages/sigmoid.py", title="Sigmoid", icon=":material/show_chart:"),
            st.Page("../pages/side_by_side.py", title="Side by side", icon=":material/compare:"),
        ],
        "Learn": [
            st.Page("../pages/practice.py", title="Practice", icon=":material/quiz:"),
        ],
    },
    position="top",
)
page.run()
waker()
