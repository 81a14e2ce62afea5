"""The Simplex page: three probabilities as a point, and where gradient descent takes it."""

from dataclasses import dataclass

import numpy as np

from nnfs import GradientReport, Loss, Softmax, check_gradient, cross_entropy, trace_backward
from visualizer.exchange.programs import Export
from visualizer.figures import (
    Axis,
    Bars,
    Descent,
    Formula,
    Moment,
    Stepper,
    Symbol,
    Triangle,
    palette,
)
from visualizer.figures.dust import settled, settled_sum, softmax_terms
from visualizer.figures.figure import Drawn
from visualizer.figures.triangle import middles, shares_at
from visualizer.lessons.lesson import Choice, Controls, Lesson, Range, Values
from visualizer.lessons.presets import G_PRESETS, Z_PRESETS, as_linked
from visualizer.lessons.steps import Steps
from visualizer.scenario import (
    BaseScenario,
    Codec,
    Refused,
    Rows,
    choice,
    index_of,
    number,
    rows,
    tab,
    unlinked,
    whole,
)
from visualizer.scenario.codecs import format_rows, parse_rows

# How many steps of gradient descent there are at most.
MOST = 60

# By hand no probability gets below this: at the edge itself a logit is −∞.
LEAST = 0.01

# Where the arrows of the field stand: 55 points.
GRID = middles(10)

# What a cross-entropy asks for, by the value of `loss`; the other loss is L = g·s.
LINEAR = "linear"
TARGETS: dict[str, tuple[float, ...]] = {
    "target0": (1.0, 0.0, 0.0),
    "target1": (0.0, 1.0, 0.0),
    "target2": (0.0, 0.0, 1.0),
    "middle": (1 / 3, 1 / 3, 1 / 3),
}
LOSSES = {
    "L = g·s": LINEAR,
    "L = −log s₀": "target0",
    "L = −log s₁": "target1",
    "L = −log s₂": "target2",
    "L = −⅓ Σ log s": "middle",
}

# The steps of the lecture.
FIELD, WAY, PATH, CHECK = 4, 5, 6, 7


def _parsed_place(text: str) -> Rows:
    """Return a place in the triangle, as one row of two numbers; () for none."""
    place = parse_rows(text) if text else ()
    if place and (len(place), len(place[0])) != (1, 2):
        raise Refused(
            f"expected two numbers, to the right and upwards, got {len(place)} × {len(place[0])}"
        )
    return place


@dataclass(frozen=True)
class Scenario(BaseScenario):
    """What the Simplex page shows.

    Attributes:
        z: the logits from which descent starts.
        g: upstream gradient of L = g·s.
        lr: step size.
        loss: L = g·s, or the cross-entropy to a target.
        k: how many steps are taken.
        j: the input that stands out.
        place: where a hand has taken the start; () but in the message that says so, as z follows.
        step: of the lecture, from 1; 0 shows everything.
        tab: the one that is open below the figures.
    """

    ALWAYS = ("z", "g", "lr")

    z: Rows = rows("1,0,-1", least=3, most=3, single=True)
    # No sum of steps overflows.
    g: Rows = rows("1,0,0", least=3, most=3, like="z", low=-1e9, high=1e9)
    lr: float = number(0.5, 0.05, 50, called="Step size")
    loss: str = choice(LINEAR, *TARGETS, called="Loss")
    k: int = whole(8, 0, MOST, called="Steps taken")
    j: int = index_of("z")
    place: Rows = unlinked((), Codec(_parsed_place, format_rows), called="Place")
    step: int = whole(0, 0, CHECK, called="Step")
    tab: str = tab(
        {
            "why": "Why the way bends",
            "unseen": "What it cannot show",
            "numbers": "Numbers",
            "code": "Code",
        }
    )

    @property
    def logits(self) -> Rows:
        """All z on the way, which an export states at any step of a lecture."""
        return tuple(map(tuple, descend(self.having(step=0))[0].tolist()))

    @property
    def t(self) -> Rows:
        """The target of the cross-entropy; zeros where there is none."""
        return (TARGETS.get(self.loss, (0.0, 0.0, 0.0)),)

    def fitted(self, given: frozenset[str]) -> tuple["Scenario", list[str]]:
        """Return the scenario with a place taken into z; who sets g alone asks for L = g·s."""
        scenario, messages = super().fitted(given)
        if "g" in given and "loss" not in given:
            scenario = scenario.having(loss=LINEAR)
        if scenario.place:
            scenario = scenario.having(z=(logits_at(scenario.place[0], scenario.z[0]),), place=())
        return scenario, messages


def logits_at(place: tuple[float, ...], before: tuple[float, ...]) -> tuple[float, ...]:
    """Return the logits at a place of the triangle, with the mean of those before.

    They have three digits, as a hand has no more: a link stays short.
    """
    wanted = np.log(shares_at(place, LEAST)).tolist()
    mean = sum(value / 3 for value in before) - sum(wanted) / 3
    return tuple(round(value + mean, 3) for value in wanted)


def loss_of(scenario: Scenario, s: np.ndarray) -> Loss:
    """Return L of each row of s and g = ∂L/∂s, shapes (N,) and (N, 3)."""
    if scenario.loss == LINEAR:
        g = np.repeat(scenario.g, len(s), axis=0)
        return Loss((g * s).sum(axis=1), g)
    return cross_entropy(s, np.repeat(scenario.t, len(s), axis=0))


def descend(scenario: Scenario) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Take the steps z ← z − lr·dz, and return all z, s and L: before the first, and after each.

    Returns:
        shapes (k + 1, 3), (k + 1, 3) and (k + 1,). In a lecture they wait for their step.
    """
    layer, z = Softmax(), np.array(scenario.z)
    logits, shares = [z], [layer.forward(z)]
    for _ in range(0 if 0 < scenario.step < PATH else scenario.k):
        dz = layer.backward(loss_of(scenario, shares[-1]).gradient)
        z = z - scenario.lr * dz
        logits.append(z)
        shares.append(layer.forward(z))
    s = np.concatenate(shares)
    return np.concatenate(logits), s, loss_of(scenario, s).value


def pushes(scenario: Scenario) -> np.ndarray:
    """Return −dz at every point of the grid, all in one batch, shape (55, 3)."""
    layer = Softmax()
    s = layer.forward(np.log(GRID))
    return -layer.backward(loss_of(scenario, s).gradient)


def check(scenario: Scenario) -> GradientReport:
    """Compare `backward` with central differences, where the point is now."""
    logits, shares, _ = descend(scenario)
    return check_gradient(Softmax(), logits[-1:], loss_of(scenario, shares[-1:]).gradient)


STEPS = Steps(
    titles=(
        "A point",
        "Upstream gradient",
        "Result",
        "Field",
        "Way of the point",
        "Path",
        "Check",
    ),
    words=(
        "Softmax maps z to s, a point of the triangle: a corner is one class for certain.",
        "The loss hands down g = ∂L/∂s. L = g·s has the same g at every point.",
        "`backward` turns it into dz = Jᵀ·g. Descent pushes z by −dz: here is where.",
        "The same at 55 points. g is one, −dz is not: it fades towards corners and edges.",
        "z goes along −dz, but s along J·(−dz): once more through the softmax.",
        "Step after step, each z ← z − lr·dz. The way bends, and the loss falls.",
        "Hatched: the slope of L, measured by moving each logit by ±1e-6.",
    ),
    check=check,
)


def compute(scenario: Scenario) -> Values:
    """Take the steps, and run the layer backward where they lead, and at every point of the grid.

    Returns:
        z: where descent starts, now: where it is, next: after one more step, shape (3,).
        start, s: the probabilities there; g, dx, t: gradients and target there, shape (3,).
        J: ∂sᵢ/∂zⱼ where it is now; push: −dx, way: J·(−dx), shape (3,).
        path: s before the first step and after each, shape (k + 1, 3); losses: L, shape (k + 1,).
        moved: how s changes in that step, shape (3,).
        following: z after one more step from each point of the path, shape (k + 1, 3).
        field: −dx at each point of GRID, shape (55, 3).
        mean: Σ s g, which `backward` takes off g; total: Σ dx, 0 but for rounding.
        means: of z at the start, and now.
        behind: what is drawn behind dx at the check, by label.
        bounded: 1 where a hand can take the start no further, else 0.
        reach, heights, handed: what the axes of dx, of L and of g have to show.
    """
    logits, path, losses = descend(scenario)
    now, z = logits[-1], logits[0]
    g = loss_of(scenario, path[-1:]).gradient[0]
    s, J, _, dx = trace_backward(Softmax(), now, g)
    added = softmax_terms(s, g)
    dx = settled(dx, added)
    following = now - scenario.lr * dx
    field, is_linear = pushes(scenario), scenario.loss == LINEAR
    report = check(scenario) if scenario.step == CHECK else None
    return {
        **{"z": z, "now": now, "next": following, "start": path[0], "s": s, "g": g},
        **{"J": J, "dx": dx, "push": -dx, "way": J @ -dx, "t": np.array(scenario.t[0])},
        **{"path": path, "losses": losses, "L": losses[-1], "field": field},
        "following": np.vstack([logits[1:], following]),
        "moved": Softmax().forward(following[np.newaxis])[0] - s,
        "mean": settled_sum(s * g),
        "means": (settled_sum(z / 3), settled_sum(now / 3)),
        "total": settled(dx.sum(keepdims=True), added.reshape(-1, 1))[0],
        "behind": {"central difference": report.numeric[0]} if report else {},
        "bounded": float(path[0].min() <= LEAST * 1.05),
        "reach": np.concatenate([dx, -field.ravel()]),
        # A cross-entropy has no bound: these are the largest that a hand on the triangle comes to.
        "heights": np.append(g if is_linear else 3.1 if scenario.loss == "middle" else 4.7, losses),
        "handed": g if is_linear else np.array([-5.0, 0.0, 0.0]),
    }


@dataclass(frozen=True, kw_only=True)
class Upstream(Bars):
    """Bars of g: dragged where L = g·s, a result where a cross-entropy hands it down."""

    def _handles(self, moment: Moment) -> Drawn | None:
        return super()._handles(moment) if moment.scenario.loss == LINEAR else None

    def has_shared_handle(self, moment: Moment) -> bool:
        """Tell whether a handle that moves all stands beside it."""
        return moment.scenario.loss == LINEAR and super().has_shared_handle(moment)


# A hand on the triangle takes z as far as 3.1 from its mean.
Z = Axis("z", least=4.0, room=1.25, sides=0.4)
G = Axis("g", over="handed", least=0.5, room=1.25, sides=0.4)
S = Axis("s", least=1.0, most=1.0, grows=False)
DX = Axis("dx", over="reach", least=0.02, room=1.25, grows=False, sides=0.05)
L = Axis("L", over="heights", least=0.1, room=1.05, grows=False, sides=0.05)

SYMBOLS = {
    "dx": Symbol("dz", palette.RESULT),
    "s": Symbol("s", palette.OUTPUT),
    "g": Symbol("g", palette.UPSTREAM),
    "z": Symbol("z", palette.LOGITS),
    "now": Symbol("z", palette.LOGITS),
    "next": Symbol("z", palette.LOGITS),
}


# How large the numbers are that dz is made of.
SIZE = "(abs(g).max() if loss == 'linear' else 1)"


def one_step(scenario: Scenario) -> str:
    """Return the gradient of input j where the point is now, and the step that follows from it."""
    step = "" if scenario.present else " , z_j ← {now} − {lr} · {dx} = {next}"
    if scenario.loss == LINEAR:
        return f"dx_j = s_j ( g_j − Σ s_i g_i ) = {{s}} ( {{g}} − {{mean}} ) = {{dx}}{step}"
    return f"dx_j = s_j − t_j = {{s}} − {{t}} = {{dx}}{step}"


# Three stand above each other beside the triangle, or two.
SMALL, HALF, COLUMN = 146, 238, 310

# A table: what a figure shows, how it looks, when it is lit, and what a hand does on it.
# fmt: off
FIGURES = (
    Bars("dx", "Result dz = J<sup>T</sup>·g, now", short="Result dz", color=palette.RESULT,
         axis=DX, lit=(3, CHECK), ghosts="behind", symbol="dz", total="total", select="j",
         stands_out=True, index="j", made_of=("g:{i}", "J:{i},{j}"), together=("s:{j}", "now:{j}"),
         height=182, column=COLUMN, tall=1 / 3),
    Bars("z", "Logits z: drag; a line where they are now", short="Logits z", color=palette.LOGITS,
         axis=Z, lit=(1, PATH), drag="z", follows=True, clears=("place",), crossed="now",
         select="j", height=HALF, column=COLUMN, tall=0.5, spans=1.5),
    Upstream("g", "grad_next g = ∂L/∂s, now", short="grad_next g", color=palette.UPSTREAM,
             axis=G, lit=(2,), drag="g", hint="", select="j", height=HALF, column=COLUMN,
             tall=0.5, spans=1.5),
    Triangle("triangle", "Where −dz takes s: drag the start", short="Where −dz takes s",
             of="s", symbol="s", color=palette.OUTPUT, push_color=palette.RESULT, axis=DX,
             lit=(1, FIELD, WAY, PATH), drag="place", follows=True, start="start", grid=GRID,
             field="field", push="push", way="way", path="path", most=MOST, least=LEAST,
             bounded="bounded",
             pushes="−dz, the push on z", goes="J·(−dz), the way of s",
             from_steps=(FIELD, WAY, PATH), names=("class 0", "class 1", "class 2"),
             together=("z:{i}", "g:{i}", "dx:{i}"), height=432, column=480, tall=1, spans=3),
    Bars("s", "Output s, now", short="Output s", color=palette.OUTPUT, axis=S,
         low=0.0, lit=(1,), select="j", height=SMALL, column=COLUMN, tall=1 / 3),
    Descent("loss", "Loss L after each step", short="Loss L", of="losses", color=palette.LOSS,
            axis=L, lit=(PATH,), most=MOST, height=SMALL, column=COLUMN, tall=1 / 3),
    Formula("formula", "The step", text=one_step, symbols=SYMBOLS, lit=(3, PATH)),
    Stepper("play", "Steps taken", symbol="step", lit=(PATH,), drag="k", moves_with=("k",),
           most=MOST),
)
# fmt: on

# All steps in one batch, each from where the page has it, so `logits` is stated besides z: in a
# descent that swings to and fro, rounding errors would grow from step to step.
EXPORT = Export(
    inputs=("z", "g", "t", "lr", "loss", "k", "logits"),
    results=("path", "losses", "following", "J", "dx", "way"),
    nnfs="Softmax, cross_entropy, jacobian",
    numpy="""\
    # A row of logits for each step: z, and what each of k steps has made of it.
    logits[:1] = z
    layer = Softmax()
    path = layer.forward(logits)
    gradient, losses = np.repeat(g, len(path), axis=0), (path * g).sum(axis=1)
    if loss != "linear":  # a cross-entropy in place of L = g·s
        losses, gradient = cross_entropy(path, np.repeat(t, len(path), axis=0))
    dz = layer.backward(gradient)
    following = logits - lr * dz
    J, dx = jacobian(layer, logits)[-1], dz[-1]
    way = J @ -dx
    """,
    torch="""\
    # A row of logits for each step: z, and what each of k steps has made of it.
    logits[:1] = z
    logits.requires_grad_()
    path = torch.softmax(logits, dim=1)
    losses = (g * path).sum(dim=1)
    if loss != "linear":  # a cross-entropy in place of L = g·s
        losses = -(t * torch.log(path.clamp(torch.finfo(path.dtype).tiny))).sum(dim=1)
    losses.sum().backward()
    dz = logits.grad
    following = logits.detach() - lr * dz
    J, dx = torch.autograd.functional.jacobian(lambda z: torch.softmax(z, 0), logits[-1]), dz[-1]
    path, losses, way = path.detach(), losses.detach(), J @ -dx
    """,
    sizes={"losses": SIZE, "following": f"lr * {SIZE}", "dx": SIZE, "way": SIZE},
    symbols={
        "lr": r"\eta",
        "dx": r"\frac{\partial L}{\partial z}",
        "way": r"J \left(-\frac{\partial L}{\partial z}\right)",
        "logits": r"\begin{pmatrix} z^{(0)} \\ \vdots \\ z^{(k)} \end{pmatrix}",
        "path": r"\begin{pmatrix} s^{(0)} \\ \vdots \\ s^{(k)} \end{pmatrix}",
        "losses": r"\begin{pmatrix} L^{(0)} & \dots & L^{(k)} \end{pmatrix}",
        "following": r"\begin{pmatrix} z^{(1)} \\ \vdots \\ z^{(k + 1)} \end{pmatrix}",
    },
)

# Each a state of the whole page; the first is what the page is about.
MOMENTS = as_linked(
    {
        "A path that crosses the middle": "z=2,-1,-0.4&g=1,-1,0&lr=0.5&k=60",
        "All pushes point at the target, the path bends": "z=3,-3,0&loss=target1&lr=0.5&k=60",
        "Near a corner nothing moves": "z=5,-1,-2&g=1,0,0&lr=0.5&k=60",
        "All g alike: no push anywhere": "z=1,0,-1&g=1,1,1&lr=0.5&k=60",
        "Too large a step: to and fro over the middle": "z=2,0,-2&loss=middle&lr=8&k=12",
        "Too large a step: into the wrong corner": "z=0,-2,0&g=1,0,0.3&lr=50&k=30",
    }
)

LESSON = Lesson(
    name="simplex",
    title="Simplex",
    icon=":material/change_history:",
    section="In context",
    question="Which way does s go?",
    door=MOMENTS["A path that crosses the middle"],
    Scenario=Scenario,
    compute=compute,
    figures=FIGURES,
    rows=((("triangle", "play"), ("z", "g"), ("s", "dx", "loss")), ("formula",)),
    widths=((1.5, 1, 1), (1,)),
    results=("s", "dx"),
    steps=STEPS,
    presets={"z": Z_PRESETS, "g": G_PRESETS},
    moments=MOMENTS,
    controls=Controls(
        noun="classes",
        pointed="The input of the formula. Or click on a bar.",
        choices=(
            Choice(
                "loss",
                "{}",
                "What descent makes smaller: g·s, or a cross-entropy to a corner, or to the middle",
                LOSSES,
            ),
        ),
        ranges=(Range("lr", "lr", "Step size: z ← z − lr·dz", 170),),
    ),
    vectors={
        "z at the start": "z",
        "z now": "now",
        "s now": "s",
        "g = ∂L/∂s": "g",
        "dz": "dx",
        "J·(−dz)": "way",
    },
    matrices={"Jacobian J": "J", "s before the first step, and after each": "path"},
    code=(Softmax.backward, descend, pushes),
    export=EXPORT,
)
