"""Home: what `backward` does, on a live example with the figures of the Softmax page."""

from dataclasses import replace

from visualizer.lessons import softmax

SHOWN = ("g", "jacobian", "dx")

LESSON = replace(
    softmax.LESSON,
    name="home",
    title="Home",
    icon=":material/home:",
    section="",
    question="",
    figures=tuple(figure for figure in softmax.FIGURES if figure.name in SHOWN),
    rows=(SHOWN,),
)
