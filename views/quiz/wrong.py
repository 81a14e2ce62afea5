"""Kind *wrong*: three ways to write the right pass, and one that is not, as formulas."""

import numpy as np

from figures import number
from views.dust import settled
from views.quiz import drawing, passes
from views.quiz.question import Kind, Question, Results, largest_component, results


def _draw(rng: np.random.Generator, level: int, layer: str) -> Question | None:
    drawn = drawing.sample(rng, level, layer)._replace(T=1.0)  # where s is the output
    y, dx = results(*drawn)
    formula = str(rng.choice(list(passes.WRONG[layer])))
    mistaken, mistake = passes.WRONG[layer][formula]
    if not drawing.apart([dx, mistaken(drawn.x, y, drawn.g)]):
        return None
    right = rng.permutation(list(passes.RIGHT[layer]))[:3].tolist()
    options, place = drawing.shuffled(rng, [formula, *right])
    said = tuple(mistake if option == formula else "" for option in options)
    return drawing.asked("wrong", level, drawn, options, place, mistakes=said)


def _ask(asked: Question) -> str:
    return "Three of these backward passes are the same. Which one is wrong?"


def _reason(asked: Question, found: Results) -> str:
    formula, mistake = asked.options[asked.right], asked.mistakes[asked.right]
    mistaken, _ = passes.WRONG[asked.layer][formula]
    g = np.array(asked.g)
    came = mistaken(np.array(asked.x), found.y, g)
    came = settled(came, np.outer(g, np.ones(len(g))))  # each may have added up all of g
    return (
        f"It {mistake}, and gives ({', '.join(map(number, came))}) here. The other three are "
        f"`backward` in other words: ({', '.join(map(number, found.dx))})."
    )


WRONG = Kind("wrong", "Wrong pass", _draw, _ask, _reason, largest_component)
