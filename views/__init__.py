"""Views: a scenario in, named figures out. Pure, and the only callers of nnfs on a page's behalf."""

from types import ModuleType

from views import softmax

# By the last part of a page's address. Each module has `Scenario` and `view`.
VIEWS: dict[str, ModuleType] = {"softmax": softmax}
