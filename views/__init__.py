"""Views: a scenario in, named figures out. Pure: they run nnfs, and know nothing of Streamlit."""

from types import ModuleType
from typing import Any

import numpy as np

from views import practice, side_by_side, sigmoid, softmax
from views.scenario import BaseScenario

# By the name of the page. Each module has `Scenario` and `view`; one whose handles name the figures
# that they move also has `moving`; one that can be exported has `record`, `PROGRAM` and `SYMBOLS`.
VIEWS: dict[str, ModuleType] = {
    "home": softmax,
    "softmax": softmax,
    "sigmoid": sigmoid,
    "side_by_side": side_by_side,
    "practice": practice,
}


def module_of(scenario: BaseScenario) -> ModuleType:
    """Return the module whose scenario it is."""
    return next(view for view in VIEWS.values() if view.Scenario is type(scenario))


def record(scenario: BaseScenario) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Return inputs and results of a scenario that can be exported, under their exported names."""
    return module_of(scenario).record(scenario)
