"""Homework: six layers in three conventions, right, and each with three typical mistakes.

A mistake is what is written in the place of what, and the name it has, or None where it has none.
"""

OURS = {
    "sigmoid": (
        """
class Sigmoid:
    def forward(self, x):
        self.x = x
        self.output = 1 / (1 + np.exp(-x))
        return self.output

    def backward(self, grad_next):
        y = self.output
        return grad_next * y * (1 - y)
""",
        (
            ("y = self.output", "y = self.x", "input for output"),
            ("grad_next * y * (1 - y)", "grad_next * y", "without complement"),
            ("grad_next * y * (1 - y)", "y * (1 - y)", "without gradient"),
        ),
    ),
    "softmax": (
        """
class Softmax:
    def forward(self, z):
        e = np.exp(z - np.max(z, axis=1, keepdims=True))
        self.output = e / np.sum(e, axis=1, keepdims=True)
        return self.output

    def backward(self, grad_next):
        s = self.output
        return s * (grad_next - np.sum(s * grad_next, axis=1, keepdims=True))
""",
        (
            (
                "s * (grad_next - np.sum(s * grad_next, axis=1, keepdims=True))",
                "grad_next * s * (1 - s)",
                "elementwise",
            ),
            (
                "np.sum(s * grad_next, axis=1, keepdims=True)",
                "np.sum(s * grad_next)",
                "flattened batch",
            ),
            ("return s * (grad_next", "return (grad_next", "without weight"),
        ),
    ),
    "tanh": (
        """
class Tanh:
    def forward(self, x):
        self.output = np.tanh(x)
        return self.output

    def backward(self, grad_next):
        return grad_next * (1 - self.output**2)
""",
        (
            ("(1 - self.output**2)", "(1 - self.output)", "without square"),
            ("(1 - self.output**2)", "self.output * (1 - self.output)", "sigmoid derivative"),
            ("(1 - self.output**2)", "(self.output**2 - 1)", "negated"),
        ),
    ),
    "relu": (
        """
class ReLU:
    def forward(self, x):
        self.output = np.maximum(0, x)
        return self.output

    def backward(self, grad_next):
        return grad_next * (self.output > 0)
""",
        (
            ("(self.output > 0)", "self.output", "output for slope"),
            ("grad_next * (self.output > 0)", "np.maximum(0, grad_next)", "forward again"),
            ("grad_next * (self.output > 0)", "grad_next", "without derivative"),
        ),
    ),
    "layer normalisation": (
        """
class LayerNorm:
    def forward(self, x):
        mean = x.mean(axis=1, keepdims=True)
        self.std = np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)
        self.x_hat = (x - mean) / self.std
        return self.x_hat

    def backward(self, grad_next):
        g, x_hat = grad_next, self.x_hat
        mean = g.mean(axis=1, keepdims=True)
        along = (g * x_hat).mean(axis=1, keepdims=True)
        return (g - mean - x_hat * along) / self.std
""",
        (
            ("(g - mean - x_hat * along)", "g", "constant statistics"),
            ("- x_hat * along", "", "constant variance"),
            ("/ self.std\n", "/ self.std**2\n", None),
        ),
    ),
    "softmax with cross-entropy": (
        """
class SoftmaxCrossEntropy:
    def forward(self, z, target):
        shifted = z - z.max(axis=1, keepdims=True)
        log_s = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.s, self.target = np.exp(log_s), target
        return -(target * log_s).sum(axis=1)

    def backward(self, grad_next):
        return grad_next[:, None] * (self.s - self.target)
""",
        (
            ("(self.s - self.target)", "self.s", "without target"),
            ("(self.s - self.target)", "(self.target - self.s)", "negated"),
            ("(self.s - self.target)", "(self.s - self.target) / len(self.s)", "divided by batch"),
        ),
    ),
}

BOOK = {
    "sigmoid": (
        """
class Activation_Sigmoid:
    def forward(self, inputs):
        self.inputs = inputs
        self.output = 1 / (1 + np.exp(-inputs))

    def backward(self, dvalues):
        self.dinputs = dvalues * (1 - self.output) * self.output
""",
        (
            (
                "(1 - self.output) * self.output",
                "(1 - self.inputs) * self.inputs",
                "input for output",
            ),
            ("(1 - self.output) * self.output", "(1 - self.output**2)", "tanh derivative"),
            ("dvalues * (1", "(1", "without gradient"),
        ),
    ),
    "softmax": (
        """
class Activation_Softmax:
    def forward(self, inputs, training):
        exp_values = np.exp(inputs - np.max(inputs, axis=1, keepdims=True))
        self.output = exp_values / np.sum(exp_values, axis=1, keepdims=True)

    def backward(self, dvalues):
        self.dinputs = np.empty_like(dvalues)
        for index, (single_output, single_dvalues) in enumerate(zip(self.output, dvalues)):
            single_output = single_output.reshape(-1, 1)
            jacobian = np.diagflat(single_output) - np.dot(single_output, single_output.T)
            self.dinputs[index] = np.dot(jacobian, single_dvalues)
""",
        (
            (" - np.dot(single_output, single_output.T)", "", "without coupling"),
            ("np.dot(jacobian, single_dvalues)", "single_dvalues", "without derivative"),
            (
                "np.dot(jacobian, single_dvalues)",
                "np.dot(jacobian, single_dvalues) / len(dvalues)",
                "divided by batch",
            ),
        ),
    ),
    "tanh": (
        """
class Activation_Tanh:
    def forward(self, inputs, training):
        self.inputs = inputs
        self.output = np.tanh(inputs)

    def backward(self, dvalues):
        self.dinputs = dvalues * (1 - self.output**2)
""",
        (
            ("1 - self.output**2", "1 - self.inputs**2", "input for output"),
            ("dvalues * (1 - self.output**2)", "1 - self.output**2", "without gradient"),
            ("dvalues * (1 - self.output**2)", "2 * dvalues * (1 - self.output**2)", "2 times"),
        ),
    ),
    "relu": (
        """
class Activation_ReLU:
    def forward(self, inputs, training):
        self.inputs = inputs
        self.output = np.maximum(0, inputs)

    def backward(self, dvalues):
        self.dinputs = dvalues.copy()
        self.dinputs[self.inputs <= 0] = 0
""",
        (
            ("[self.inputs <= 0]", "[dvalues <= 0]", "forward again"),
            ("self.dinputs[self.inputs <= 0] = 0", "pass", "without derivative"),
            ("[self.inputs <= 0] = 0", "[self.inputs >= 0] = 0", None),
        ),
    ),
    "layer normalisation": (
        """
class Layer_Norm:
    def __init__(self):
        self.weights = np.array([1.5, 0.5, -2.0])
        self.biases = np.array([0.1, 0.2, 0.3])

    def forward(self, inputs, training):
        self.std = np.sqrt(inputs.var(axis=1, keepdims=True) + 1e-7)
        self.normed = (inputs - inputs.mean(axis=1, keepdims=True)) / self.std
        self.output = self.weights * self.normed + self.biases

    def backward(self, dvalues):
        self.dweights = np.sum(dvalues * self.normed, axis=0)
        self.dbiases = np.sum(dvalues, axis=0)
        g = dvalues * self.weights
        centred = g - g.mean(axis=1, keepdims=True)
        along = (g * self.normed).mean(axis=1, keepdims=True)
        self.dinputs = (centred - self.normed * along) / self.std
""",
        (
            ("g = dvalues * self.weights", "g = dvalues", "without scale"),
            ("centred - self.normed * along", "g - self.normed * along", "constant mean"),
            ("(centred - self.normed * along)", "g", "constant statistics"),
        ),
    ),
    "softmax with cross-entropy": (
        """
class Activation_Softmax_Loss_CategoricalCrossentropy:
    def forward(self, inputs, y_true):
        exp_values = np.exp(inputs - np.max(inputs, axis=1, keepdims=True))
        self.output = exp_values / np.sum(exp_values, axis=1, keepdims=True)
        clipped = np.clip(self.output, 1e-7, 1 - 1e-7)
        return np.mean(-np.log(clipped[range(len(inputs)), y_true]))

    def backward(self, dvalues, y_true):
        samples = len(dvalues)
        self.dinputs = dvalues.copy()
        self.dinputs[range(samples), y_true] -= 1
        self.dinputs = self.dinputs / samples
""",
        (
            ("self.dinputs / samples", "self.dinputs", "times batch"),
            ("self.dinputs[range(samples), y_true] -= 1", "pass", "without target"),
            ("self.dinputs / samples", "-self.dinputs / samples", "negated"),
        ),
    ),
}

COURSE = {
    "sigmoid": (
        """
def sigmoid_forward(x):
    out = 1 / (1 + np.exp(-x))
    return out, (x, out)

def sigmoid_backward(dout, cache):
    x, y = cache
    return dout * y * (1 - y)
""",
        (
            ("dout * y * (1 - y)", "dout * x * (1 - x)", "input for output"),
            ("dout * y * (1 - y)", "dout", "without derivative"),
            (
                "dout * y * (1 - y)",
                "np.mean(dout * y * (1 - y), axis=0) * np.ones_like(x)",
                "averaged over batch",
            ),
        ),
    ),
    "softmax": (
        """
def softmax_forward(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    s = e / e.sum(axis=1, keepdims=True)
    return s, s

def softmax_backward(dout, cache):
    s = cache
    return s * (dout - (s * dout).sum(axis=1, keepdims=True))
""",
        (
            (
                "s * (dout - (s * dout).sum(axis=1, keepdims=True))",
                "dout * s * (1 - s)",
                "elementwise",
            ),
            ("s * (dout - (s * dout).sum(axis=1, keepdims=True))", "s * dout", "without coupling"),
            ("return s * (dout -", "return -s * (dout -", "negated"),
        ),
    ),
    "tanh": (
        """
def tanh_forward(x):
    out = np.tanh(x)
    return out, out

def tanh_backward(dout, cache):
    return dout * (1 - cache * cache)
""",
        (
            ("(1 - cache * cache)", "(1 - cache)", "without square"),
            ("dout * (1 - cache * cache)", "1 - cache * cache", "without gradient"),
            ("dout * (1 - cache * cache)", "dout * (1 - cache * cache) * len(dout)", "times batch"),
        ),
    ),
    "relu": (
        """
def relu_forward(x):
    return np.maximum(0, x), x

def relu_backward(dout, cache):
    return np.where(cache > 0, dout, 0)
""",
        (
            ("np.where(cache > 0, dout, 0)", "np.where(dout > 0, dout, 0)", "forward again"),
            ("np.where(cache > 0, dout, 0)", "dout * np.maximum(0, cache)", "output for slope"),
            ("np.where(cache > 0, dout, 0)", "np.where(cache > 0, 1.0, 0)", "without gradient"),
        ),
    ),
    "layer normalisation": (
        """
def layernorm_forward(x, gamma, beta, ln_param):
    eps = ln_param.get("eps", 1e-5)
    std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    x_hat = (x - x.mean(axis=1, keepdims=True)) / std
    return gamma * x_hat + beta, (x_hat, std, gamma)

def layernorm_backward(dout, cache):
    x_hat, std, gamma = cache
    dgamma = np.sum(dout * x_hat, axis=0)
    dbeta = np.sum(dout, axis=0)
    g = dout * gamma
    dx = (g - g.mean(axis=1, keepdims=True)
          - x_hat * (g * x_hat).mean(axis=1, keepdims=True)) / std
    return dx, dgamma, dbeta
""",
        (
            ("g = dout * gamma", "g = dout", "without scale"),
            ("- x_hat * (g * x_hat).mean(axis=1, keepdims=True)", "", "constant variance"),
            ("axis=1, keepdims=True)\n          -", "axis=0, keepdims=True)\n          -", None),
        ),
    ),
    "softmax with cross-entropy": (
        """
def softmax_loss(x, y):
    shifted = x - x.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    N = x.shape[0]
    loss = -log_probs[np.arange(N), y].mean()
    dx = np.exp(log_probs)
    dx[np.arange(N), y] -= 1
    return loss, dx / N
""",
        (
            ("return loss, dx / N", "return loss, dx", "times batch"),
            ("dx[np.arange(N), y] -= 1", "pass", "without target"),
            ("dx = np.exp(log_probs)", "dx = x.copy()", "logits for softmax"),
        ),
    ),
}

CONVENTIONS = {"nnfs": OURS, "Neural Networks from Scratch": BOOK, "CS231n": COURSE}

RIGHT = [
    (convention, layer, text)
    for convention, layers in CONVENTIONS.items()
    for layer, (text, _) in layers.items()
]
WRONG = [
    (convention, layer, text.replace(old, new), name)
    for convention, layers in CONVENTIONS.items()
    for layer, (text, mistakes) in layers.items()
    for old, new, name in mistakes
]
