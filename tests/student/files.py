"""A file of a student's: a softmax that is right, and what can be wrong with it."""

SOFTMAX = '''"""Homework."""

import numpy as np


class Softmax:
    def forward(self, x):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.output = e / e.sum(axis=1, keepdims=True)
        return self.output

    def backward(self, grad_next):
        s = self.output
        return s * (grad_next - (s * grad_next).sum(axis=1, keepdims=True))


class Twice:
    def forward(self, x):
        return 2 * x

    def backward(self, grad_next):
        return 2 * grad_next
'''
MISTAKEN = SOFTMAX.replace(
    "s * (grad_next - (s * grad_next).sum(axis=1, keepdims=True))", "grad_next * s * (1 - s)"
)


def with_backward(line):
    """The file with another first line of the backward pass of its softmax: line 13."""
    return SOFTMAX.replace("s = self.output\n", f"{line}\n        s = self.output\n", 1)
