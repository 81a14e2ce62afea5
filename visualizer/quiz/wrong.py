"""Kind *wrong*: three ways to write the right pass, and one that is not, as formulas."""

from collections.abc import Collection

import numpy as np

from nnfs.wrong_passes import WrongPass
from visualizer.figures.dust import settled
from visualizer.figures.numbers import number
from visualizer.quiz import drawing, passes
from visualizer.quiz.question import Kind, Question, Results, largest_component


def _draw(rng: np.random.Generator, level: int, layer: str) -> Question | None:
    drawn = drawing.sample(rng, level, layer)._replace(T=1.0)  # where s is the output
    known = passes.wrong_passes(layer)
    wrong = list(known)[rng.integers(len(known))]
    formula = str(rng.choice(known[wrong]))
    batch = drawing.batch_of(layer, drawn.x[None], drawn.g[None], drawn.T)
    if not drawing.apart([batch.dx[0], _came(wrong, layer, drawn.x, drawn.g)]):
        return None
    right = rng.permutation(passes.RIGHT[layer])[:3].tolist()
    options, place = drawing.shuffled(rng, [formula, *right])
    said = tuple(passes.mistake(wrong) if option == formula else "" for option in options)
    return drawing.asked("wrong", level, drawn, options, place, mistakes=said)


def _came(wrong: WrongPass, layer: str, x: np.ndarray, g: np.ndarray) -> np.ndarray:
    """Return what a wrong pass makes of one sample."""
    model = passes.LAYER[layer]()
    model.forward(x[None])
    # Each component may have added up all of g.
    return settled(wrong(model, x[None], g[None])[0], np.outer(g, np.ones(len(g))))


def _ask(asked: Question) -> str:
    return "Three of these backward passes are the same. Which one is wrong?"


def _reason(asked: Question, found: Results) -> str:
    formula, mistake = asked.options[asked.right], asked.mistakes[asked.right]
    known = passes.wrong_passes(asked.layer)
    wrong = next(wrong for wrong, formulas in known.items() if formula in formulas)
    came = _came(wrong, asked.layer, np.array(asked.x), np.array(asked.g))
    return (
        f"It {mistake}, and gives ({', '.join(map(number, came))}) here. The other three are "
        f"`backward` in other words: ({', '.join(map(number, found.dx))})."
    )


def _hint(asked: Question) -> str:
    if asked.layer == "sigmoid":
        return (
            "`backward` is g times the slope of the curve. At x = 0 the output y is ½ and the "
            "slope ¼: what does each of them give there, say for g = 2?"
        )
    return (
        "What `backward` returns behind a softmax adds up to 0 over the classes. Does each of "
        "them, say for g = (1, 0, 0)?"
    )


def _speaks_of(asked: Question) -> Collection[str]:
    said = asked.options[asked.right] + asked.mistakes[asked.right]
    return ("jacobian", "dx") if "J" in said else ("dx",)


WRONG = Kind("wrong", "Wrong pass", _draw, _ask, _reason, largest_component, _hint, _speaks_of)
