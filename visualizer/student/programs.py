"""The state of a page as a test for the suite of whoever wrote the layer."""

import numpy as np

from visualizer.student.compare import tolerance
from visualizer.student.measure import step_in
from visualizer.student.source import Evidence, Layer

TEST = '''\
"""Is the backward pass of {name} in {module}.py the slope of its forward pass?

Put this file beside {module}.py, and run it with pytest.
"""

import numpy as np
import pytest
from {module} import {parts}

X = np.array({X})
G = np.array({G})
STEP = {step:g}
{run}


@pytest.mark.parametrize("name", ["x", *parameters])
def test_backward_of_{called}_is_the_slope_of_its_forward(name):
    claimed = np.array(run(X.copy(), G.copy())[1][name])
    values = {{"x": X, **parameters}}[name]
    measured = np.zeros(values.shape)
    for place in np.ndindex(values.shape):
        usual, outputs = values[place], []
        for moved in (usual + STEP, usual - STEP):
            values[place] = moved
            outputs.append(np.array(run(X.copy(), G.copy())[0]))
        values[place] = usual
        measured[place] = np.sum(G * (outputs[0] - outputs[1])) / (2 * STEP)
    np.testing.assert_allclose(claimed, measured, rtol={rtol:g}, atol={atol:g})
'''


def gradient_test(layer: Layer, examined: Evidence) -> str:
    """Return the source of a test that fails as long as `backward` is wrong at a state.

    Args:
        layer: that is tested.
        examined: what was seen of it there.
    """
    eps, size = examined["eps"], float(np.abs(examined["G"]).sum())
    reach = max(1.0, float(np.abs(examined["Y"]).max()), float(np.abs(examined["X"]).max()))
    return TEST.format(
        name=layer.name,
        module=layer.module,
        parts=", ".join(layer.parts),
        called=layer.name.lower(),
        X=examined["given_x"].tolist(),
        G=examined["given_g"].tolist(),
        run=examined["program"],
        step=step_in(eps),
        # As the page allows: what rounding makes of a difference, beside a relative error.
        rtol=10 * tolerance(eps),
        atol=float(f"{100 * eps * reach * max(size, 1e-9) / step_in(eps):.1g}"),
    )
