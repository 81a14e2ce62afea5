"""The code at work, read from the module that runs, never retyped."""

import inspect
import textwrap
from collections.abc import Callable

import streamlit as st


def show_source(*functions: Callable) -> None:
    """Show each function as it stands in its file."""
    for function in functions:
        st.code(textwrap.dedent(inspect.getsource(function)))
