"""Server: what knows ASGI.

The fast lane, the files that a browser loads, the document itself, headers, who may connect, and
memory that is given back. Nothing here knows a page by name, or runs a script of Streamlit.
"""
