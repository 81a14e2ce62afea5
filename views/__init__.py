"""Views: a scenario in, named figures out. Pure: they run nnfs, and know nothing of Streamlit."""

from types import ModuleType

from views import softmax

# By the last part of a page's address. Each module has `Scenario` and `view`.
VIEWS: dict[str, ModuleType] = {"softmax": softmax}
