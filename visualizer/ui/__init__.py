"""UI: what knows Streamlit.

The frame of a page, its state, controls, tabs, tables and the dialog to share; everything that
several pages need. What only one page has stands in its file in `pages`.
"""
