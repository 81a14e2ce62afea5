"""Views: a scenario in, named figures out. Pure: they run nnfs, and know nothing of Streamlit."""

from types import ModuleType

from views import practice, side_by_side, sigmoid, softmax

# By the name of the page. Each module has `Scenario` and `view`.
VIEWS: dict[str, ModuleType] = {
    "home": softmax,
    "softmax": softmax,
    "sigmoid": sigmoid,
    "side_by_side": side_by_side,
    "practice": practice,
}
