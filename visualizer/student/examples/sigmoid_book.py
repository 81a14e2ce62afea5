"""A sigmoid as in Neural Networks from Scratch: the passes set `output` and `dinputs`."""

import numpy as np


class Activation_Sigmoid:
    def forward(self, inputs):
        self.inputs = inputs
        self.output = 1 / (1 + np.exp(-inputs))

    def backward(self, dvalues):
        self.dinputs = dvalues * self.inputs * (1 - self.inputs)
