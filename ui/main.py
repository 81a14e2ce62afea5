"""The frame of every page: configuration and navigation."""

import streamlit as st

st.set_page_config(page_title="Gradient visualizer", page_icon=":material/gradient:", layout="wide")

page = st.navigation(
    {
        "": [
            st.Page("../pages/home.py", title="Home", icon=":material/home:", default=True),
        ],
        "Layers": [
            st.Page("../pages/softmax.py", title="Softmax", icon=":material/bar_chart:"),
        ],
    },
    position="top",
)
page.run()
