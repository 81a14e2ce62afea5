"""The yardstick of latency.py: the Softmax page's main figures in plain Streamlit, one slider each.

Started by latency.py from an empty directory, so that no configuration applies. Same numbers, same
figures; only the way from the hand to the figure is Streamlit's own.
"""

import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from visualizer.lessons.softmax import LESSON, Scenario

st.set_page_config(layout="wide")
given, _ = Scenario.from_query(st.query_params.to_dict())
left, middle, right = st.columns(3)
with left:
    z = [st.slider(f"z {j}", -5.0, 5.0, value, 0.05) for j, value in enumerate(given.z[0])]
    g = [st.slider(f"g {j}", -2.0, 2.0, value, 0.02) for j, value in enumerate(given.g[0])]
scenario, _ = Scenario(z=(tuple(z),), g=(tuple(g),), T=given.T).fitted(frozenset())
figures = LESSON.drawn(LESSON.moment(scenario, {}))
for column, names in ((middle, ("s", "terms")), (right, ("jacobian", "dx"))):
    for name in names:
        figure = {part: figures[name][part] for part in ("data", "layout")}
        column.plotly_chart(figure, key=name)
