"""nnfs: neural-network layers from scratch, in NumPy, with their backward passes.

Examples in docstrings assume `import numpy as np` and `from nnfs import *`.
"""

from nnfs.activations import ACTIVATIONS, ReLU, Sigmoid, Softmax, Tanh, Temperature
from nnfs.base import BaseActivation, BaseLayer
from nnfs.dense import Dense, glorot_scale, he_scale
from nnfs.functional import func_sigmoid, func_softmax
from nnfs.gradient_check import GradientReport, check_gradient, numeric_vjp, relative_error
from nnfs.jacobian import (
    BackwardTrace,
    jacobian,
    softmax_jacobian,
    trace_backward,
    vjp_terms,
)
from nnfs.losses import (
    Loss,
    binary_cross_entropy,
    binary_cross_entropy_from_logits,
    cross_entropy,
    cross_entropy_from_logits,
    mean_squared_error,
)
from nnfs.sequential import Sequential

__all__ = [
    "ACTIVATIONS",
    "BackwardTrace",
    "BaseActivation",
    "BaseLayer",
    "Dense",
    "GradientReport",
    "Loss",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "Temperature",
    "binary_cross_entropy",
    "binary_cross_entropy_from_logits",
    "check_gradient",
    "cross_entropy",
    "cross_entropy_from_logits",
    "func_sigmoid",
    "func_softmax",
    "glorot_scale",
    "he_scale",
    "jacobian",
    "mean_squared_error",
    "numeric_vjp",
    "relative_error",
    "softmax_jacobian",
    "trace_backward",
    "vjp_terms",
]
