"""What we take from Streamlit's Python that it does not document, each with what breaks without it.

No other file imports it; `tests/ui/test_internals.py` holds that, and fails when an entry moves.
"""

from streamlit.runtime.scriptrunner import get_script_run_ctx


def went_back() -> bool:
    """Tell whether this run follows a step of the browser's back or forward button.

    Without it, going back to the state before the last would change the address and nothing else:
    it looks like a browser that has not yet heard of the last state.
    """
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation
