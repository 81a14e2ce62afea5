"""Home."""

import streamlit as st

st.title("Gradient visualizer")
st.page_link("../pages/softmax.py", label="Softmax")
