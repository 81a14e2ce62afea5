"""nnfs: neural-network layers from scratch, in NumPy, with their backward passes.

Examples in docstrings assume `import numpy as np` and `from nnfs import *`.
"""

from nnfs.activations import ACTIVATIONS, ReLU, Sigmoid, Softmax, Tanh, Temperature
from nnfs.base import BaseActivation, BaseLayer
from nnfs.chain import ChainTrace, length, trace_chain
from nnfs.dense import Dense, glorot_scale, he_scale
from nnfs.functional import func_sigmoid, func_softmax
from nnfs.gradient_check import (
    GradientReport,
    check_gradient,
    compare_gradients,
    numeric_vjp,
    relative_error,
    rounding_floor,
)
from nnfs.jacobian import (
    BackwardTrace,
    jacobian,
    softmax_jacobian,
    trace_backward,
    vjp_terms,
)
from nnfs.losses import (
    CrossEntropy,
    Loss,
    binary_cross_entropy,
    binary_cross_entropy_from_logits,
    cross_entropy,
    cross_entropy_from_logits,
    mean_squared_error,
)
from nnfs.precision import Exact, error_in_ulps, exact_sigmoid_slope, first_float
from nnfs.sequential import Sequential
from nnfs.step_size import StepStudy, difference_quotients, step_in_theory, study_steps

__all__ = [
    "ACTIVATIONS",
    "BackwardTrace",
    "BaseActivation",
    "BaseLayer",
    "ChainTrace",
    "CrossEntropy",
    "Dense",
    "Exact",
    "GradientReport",
    "Loss",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "StepStudy",
    "Tanh",
    "Temperature",
    "binary_cross_entropy",
    "binary_cross_entropy_from_logits",
    "check_gradient",
    "compare_gradients",
    "cross_entropy",
    "cross_entropy_from_logits",
    "difference_quotients",
    "error_in_ulps",
    "exact_sigmoid_slope",
    "first_float",
    "func_sigmoid",
    "func_softmax",
    "glorot_scale",
    "he_scale",
    "jacobian",
    "length",
    "mean_squared_error",
    "numeric_vjp",
    "relative_error",
    "rounding_floor",
    "softmax_jacobian",
    "step_in_theory",
    "study_steps",
    "trace_backward",
    "trace_chain",
    "vjp_terms",
]
