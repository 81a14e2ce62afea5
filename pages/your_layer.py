"""Your layer: where does the backward pass in a file of your own go wrong?"""

import inspect

import numpy as np
import streamlit as st

from visualizer.figures import number
from visualizer.lessons.wrong import faults
from visualizer.lessons.your_layer import test_of
from visualizer.student import opened
from visualizer.student.bench import MOST
from visualizer.student.compare import Found, Judged, as_code
from visualizer.student.examples import EXAMPLES
from visualizer.student.source import Look
from visualizer.ui.matrix import batch_editor
from visualizer.ui.page import show
from visualizer.ui.state import PageState
from visualizer.ui.tables import matrix_tables, vector_table
from visualizer.ui.top import large

# Seconds between two looks at the version of the file.
FOLLOW = 0.25
RIGHT, WRONG = ":blue[:material/check:]", ":orange[:material/close:]"
DOUBT, ERROR = ":orange[:material/warning:]", ":red[:material/error:]"
# Of what else was seen, as much stands above the figures.
MOST_NOTES = 2


def judgement(state: PageState) -> None:
    """Say above the figures what was found, or what is wrong with the file."""
    words = state.values["look"]
    with large(state, "words"):
        if words.error:
            failing(state)
        elif opened.source().called or state.scenario.present:
            verdict(state)
        else:
            found, how = st.columns([3, 2], gap="medium")
            with found:
                verdict(state)
            with how:
                how_to()


def how_to() -> None:
    """Say in three lines how a file of one's own takes the place of the example."""
    st.markdown(
        ":small[**This is an example. Your own layer takes its place in three steps:**]  \n"
        ":small[**1** Write it in a file, such as one of those below, under *Your own file*.]  \n"
        ":small[**2** Start the app with it: `streamlit run app.py -- my_layers.py`]  \n"
        ":small[**3** Save the file in your editor, and this page follows.]"
    )


def failing(state: PageState) -> None:
    """Show an error of the file as Python does, and say of which version the figures are."""
    look, old = state.values["look"], state.values["old"]
    called = as_code(opened.source().called)
    shown = {
        "": "There is nothing to show yet.",
        "before": "The figures are those of the last numbers at which it ran.",
    }
    when = shown.get(old, f"The figures are old: those of the version that was saved at {old}.")
    st.markdown(f"{ERROR} **{called} fails.** {when}")
    st.code(look.error, language=None, wrap_lines=True)


def verdict(state: PageState) -> None:
    """Name the worst element, and the mistake; and say what else was seen."""
    judged, found = state.values["judged"], state.values["found"]
    is_large = state.scenario.present  # where each line costs a row of figures
    first, *others = lines_of(state.scenario.name, judged, found, state.values["look"], is_large)
    others = others if is_large else [f":small[{line}]" for line in others]
    shown_by = found.shown_by if found and judged.is_right else None
    with st.container(key="ghosts"):  # it fades in a drag, as it is told after it
        words = st.container()
        if shown_by:
            words, button = st.columns([7, 1], vertical_alignment="center")
            with button:
                show_where(state, shown_by)
        words.markdown("  \n".join([first, *others]))


def lines_of(
    name: str, judged: Judged, found: Found | None, look: Look, is_short: bool
) -> list[str]:
    """Return the verdict in lines of Markdown, what matters most first."""
    if found and found.is_random:
        return [f"{DOUBT} **`{name}` cannot be checked.** {found.notes[0]}"]
    lines = [_headline(name, judged, found), *_mistake(judged, found, is_short)]
    notes = [*found.notes] if found else [f"At random inputs it fails: {as_code(look.refusal)}."]
    lines += [f"{DOUBT} {note}" for note in notes[:MOST_NOTES]]
    if len(notes) > MOST_NOTES:
        lines.append(f"And {len(notes) - MOST_NOTES} more: see *Your own file*, below.")
    return lines


def _headline(name: str, judged: Judged, found: Found | None) -> str:
    cells, wrong = judged.agrees.size, int(np.count_nonzero(~judged.agrees))
    if (worst := judged.worst) is not None:
        of = f"{wrong} of {cells} entries of J, the worst " if wrong else "The worst element "
        claimed, measured = number(worst.claimed), number(worst.measured)
        return (
            f"{WRONG} **`{name}.backward` is wrong:** "
            f"{of}{worst.name} = {measured}, claimed as {claimed}."
        )
    if found and (found.is_wrong or found.parameters):
        return f"{DOUBT} **`{name}.backward` is right at these numbers, and wrong at others.**"
    beside = ", also at ten random inputs" if found else ""
    agrees = f"All {cells} entries of J, and dx, agree with differences of `forward`{beside}."
    return f"{RIGHT} **`{name}.backward` is right.** {agrees}"


def _mistake(judged: Judged, found: Found | None, is_short: bool) -> list[str]:
    """Say which well-known mistake it is and who makes it, or what is wrong with the result."""
    if found is None or not (found.is_wrong or found.parameters or judged.worst):
        return []
    if found.mistake:
        mistake = found.mistake
        who = "" if is_short else mistake.who
        return [f"**Known mistake: {mistake.name}.** {mistake.what} {who}"]
    lines = [
        f"The gradient of `{name}` is wrong: {why}."
        if why
        else f"The gradient of `{name}` is wrong."
        for name, why in found.parameters.items()
    ]
    if judged.is_flat and not found.is_wrong and judged.worst and not lines:
        return [
            "`forward` is flat here: where it is clipped on purpose, `backward` need not be 0, and "
            "differences say nothing."
        ]
    if not judged.dx_agrees.all() and np.isfinite(judged.dx).all():
        said = "; ".join(faults(judged.dx, judged.measured_dx, centres=False)[:2])
        lines.append(f"No well-known mistake explains it. Of dx: {said}.")
    return lines


def show_where(state: PageState, shown_by: tuple[np.ndarray, np.ndarray]) -> None:
    """Offer to go to numbers at which it is wrong."""
    x, g = (tuple(map(tuple, rows.tolist())) for rows in shown_by)

    def go() -> None:
        state.change(fit=True, x=x, g=g, n=0)

    st.button("Show where", key="your_layer_where", on_click=go, help="Go to such numbers")


def file(state: PageState) -> None:
    """What the file has; without one, files to begin with."""
    source = opened.source()
    if not source.called:
        examples()
        return
    st.markdown(f"**{as_code(source.called)}** was loaded, and is followed: save it, and see.")
    look, found = state.values["look"], state.values["found"]
    if look.survey:
        counts, takes = [*look.survey["outputs"]], "vectors" if look.survey["vector"] else "batches"
        inputs = "any number of" if len(counts) == MOST else ", ".join(counts)
        st.markdown(
            f"`{state.scenario.name}` follows the convention of {look.survey['convention']}, and "
            f"takes {takes} of {inputs} inputs."
        )
    for note in found.notes if found else ():
        st.markdown(f"{DOUBT} {note}")
    if source.left_out:
        left = [f"`{one.name}`: {as_code(one.why)}" for one in source.left_out]
        st.markdown("  \n".join(["Not offered:", *left]))
    if source.printed:
        st.markdown("Printed last:")
        st.code(source.printed, language=None, wrap_lines=True)


def examples() -> None:
    """Three files to copy or to download, each with a mistake in it."""
    st.markdown("One file for each convention, each with one mistake. Find it, mend it, save it:")
    for place, module in zip(st.columns(len(EXAMPLES)), EXAMPLES, strict=True):
        name, text = f"{module.__name__.rpartition('.')[2]}.py", inspect.getsource(module)
        with place:
            st.download_button(
                f"Download {name}",
                text,
                name,
                "text/x-python",
                key=f"your_layer_{name}",
                on_click="ignore",
                icon=":material/download:",
            )
            st.code(text, language="python", wrap_lines=True)


def as_test(state: PageState) -> None:
    """The state as a test for the user's own suite."""
    text = test_of(state.scenario)
    if not text:
        st.caption("There is nothing to test yet.")
        return
    name = f"test_{state.scenario.name.lower()}.py"
    judged, found = state.values["judged"], state.values["found"]
    if judged and judged.is_right and found and found.shown_by:
        st.markdown("It passes at these numbers. *Show where* goes to others, at which it fails.")
    else:
        st.markdown("It fails as long as `backward` is wrong here, and passes from then on.")
    st.download_button(
        f"Download {name}",
        text,
        name,
        "text/x-python",
        key="your_layer_test",
        on_click="ignore",
        icon=":material/download:",
    )
    st.code(text, language="python")


def parameters(state: PageState) -> None:
    """The gradients of the parameters, judged as that of x is."""
    judged = state.values["judged"]
    if judged is None or not judged.parameters:
        st.caption(
            "None was found: a parameter is what `trainable` names, an array beside which `d…` or "
            "`grad_…` is kept, or an argument such as `w`, `b`, `gamma` or `beta`."
        )
        return
    for one in judged.parameters:
        wrong = int(np.count_nonzero(~one.agrees))
        words = f"{wrong} of {one.agrees.size} elements disagree." if wrong else "All agree."
        lost = f" There is {one.instead} in the place of its gradient." if one.instead else ""
        st.markdown(f"{WRONG if wrong else RIGHT} **∂L/∂`{one.name}`** {words}{lost}")
        difference = np.where(one.agrees, 0.0, one.claimed - one.measured)
        shown = {"claimed": one.claimed, "measured": one.measured, "difference": difference}
        matrix_tables({part: np.atleast_2d(value) for part, value in shown.items()})


def batch(state: PageState) -> None:
    """The matrices as tables: a second sample tells a layer that mixes samples."""
    st.markdown(
        f"Shown above: sample {state.scenario.row}. With a second one it shows whether a sample "
        "has a part in the gradient of another, and whether `backward` adds up or averages."
    )
    batch_editor(state)


def numbers(state: PageState) -> None:
    """The numbers behind the figures, in full."""
    values = state.values
    if values["judged"] is None:
        st.caption("There are none yet.")
        return
    names = {"x": "x", "dx by backward": "yours", "dx measured": "dx"}
    vector_table({title: values[name] for title, name in names.items()}, "Inputs, and results")
    vector_table({"g": values["g"], "y": values["y"]}, "Upstream gradient, and output")
    shown = ("claimed", "measured", "difference")
    matrix_tables({f"J, {name}": values[name] for name in shown})


def code(state: PageState) -> None:
    """The layer as it stands in its file."""
    layer = opened.source().layers.get(state.scenario.name)
    if layer is not None:
        st.code(layer.code, language="python")


@st.fragment(run_every=FOLLOW)
def follow() -> None:
    """Run the page anew when another version of the file has come."""
    if opened.source().version != st.session_state["your_layer_version"]:
        st.rerun()


version = opened.source().version
if st.session_state.setdefault("your_layer_version", version) != version:
    PageState.of("your_layer").change(fit=True)  # what is shown fits the layers that there are now
    st.session_state["your_layer_version"] = version
show(
    "your_layer",
    judgement,
    file=file,
    test=as_test,
    parameters=parameters,
    batch=batch,
    numbers=numbers,
    code=code,
)
if opened.source().called:
    follow()
