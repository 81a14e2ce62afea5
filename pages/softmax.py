"""Softmax: what does `backward` do to the gradient that arrives from above?"""

import numpy as np
import streamlit as st

from nnfs import Softmax
from ui.code import show_source
from ui.controls import menu
from ui.live import live_figure, live_range
from ui.matrix import add_sample, matrix_editor, remove_sample
from ui.state import PageState
from views.formulas import softmax_formulas
from views.presets import G_PRESETS, Z_PRESETS, resized, with_row
from views.scenario import MAX_BATCH, format_rows
from views.softmax import Numbers, Scenario, numbers, view


@st.fragment
def page() -> None:
    """Everything that a drag can change; the frame around it does not run again."""
    state: PageState[Scenario] = PageState.of("softmax")
    toolbar(state)
    if state.messages:
        st.warning("  \n".join(state.messages))

    figures = view(state.scenario)
    inputs, layer, results = st.columns(3, gap="xsmall")
    with inputs:
        live_figure(state, figures, "z")
        live_figure(state, figures, "g")
    with layer:
        live_figure(state, figures, "s")
        live_figure(state, figures, "terms")
    with results:
        live_figure(state, figures, "jacobian")
        live_figure(state, figures, "dx")

    values = numbers(state.scenario)
    why, unseen, batch, table, code = st.tabs(
        ["Why it centres", "What it cannot see", "Batch", "Numbers", "Code"],
        key="softmax_tabs",
        on_change="rerun",
    )
    with why:
        if why.open:
            picture, words = st.columns(2, vertical_alignment="center")
            with picture:
                live_figure(state, figures, "centring")
            with words:
                st.markdown(
                    "`backward` takes the mean of g, weighed by the probabilities s, from every "
                    "gⱼ, and weighs what is left by sⱼ. What stands above the line is pushed up, "
                    "what hangs below it is pushed down; the areas add up to 0."
                )
                st.latex(softmax_formulas(values, state.scenario))
    with unseen:
        if unseen.open:
            null_space(values, state.scenario.T)
    with batch:
        if batch.open:
            samples(state)
    with table:
        if table.open:
            tables(values)
    with code:
        if code.open:
            show_source(Softmax.backward, Softmax.forward)

    if not state.write_link():
        st.info("This state is longer than a link may be, so the address bar does not hold it.")


def toolbar(state: PageState[Scenario]) -> None:
    """One row of controls above the figures."""
    z, n, classes = state.scenario.z, state.scenario.n, len(state.scenario.z[0])
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown("#### Softmax", width="content")
        for field, presets in (("z", Z_PRESETS), ("g", G_PRESETS)):

            def preset(name: str, field: str = field, presets: dict = presets) -> dict[str, str]:
                rows, row = getattr(state.scenario, field), presets[name](state.scenario)
                return {field: format_rows(with_row(rows, n, row))}

            menu(state, f"softmax_{field}_preset", f"Set {field}", presets, preset)

        def resize(count: int) -> dict[str, str]:
            g = state.scenario.g
            return {f: format_rows(resized(rows, count)) for f, rows in (("z", z), ("g", g))}

        menu(state, "softmax_classes", f"{classes} classes", range(2, 11), resize)
        shown = range(min(classes, 100))
        menu(
            state,
            "softmax_input",
            f"Input j = {state.scenario.j}",
            shown,
            lambda j: {"j": str(j)},
            help="Whose terms are shown. Or point at a column of J, or at a bar of dx.",
        )
        if len(z) > 1:
            menu(
                state,
                "softmax_sample",
                f"Sample {n} of {len(z)}",
                range(len(z)),
                lambda chosen: {"n": str(chosen)},
            )
        live_range(state, "T", "T", 0.05, 20, help="Temperature: the layer sees z / T", width=210)
        st.button("Fit axes", on_click=state.change, help="Fit every axis to what it shows now")
        st.button("Reset", on_click=state.reset, icon=":material/restart_alt:")


def null_space(values: Numbers, T: float) -> None:
    """What softmax does not see on the way forward, it cannot change on the way back."""
    st.markdown(
        "Add the same c to every logit and s stays: drag **all** beside z. Add the same c to "
        "every gᵢ and dx stays: drag **all** beside g. Both say J·**1** = 0: softmax sees "
        "differences only, so the components of dx add up to 0, and J has lost one rank."
    )
    if len(values.s) > 100:
        st.caption("Rank and eigenvalues are shown for up to 100 classes.")
        return
    eigenvalues = np.linalg.eigvalsh(values.J * T)
    total, rank, largest = st.columns(3)
    total.metric("Σⱼ dxⱼ", f"{values.dx.sum():.1e}", border=True)
    rank.metric(f"Rank of J, of {len(values.s)}", int(np.linalg.matrix_rank(values.J)), border=True)
    largest.metric("Largest eigenvalue of T·J, at most ½", f"{eigenvalues[-1]:.3f}", border=True)


def samples(state: PageState[Scenario]) -> None:
    """The whole batch, to be edited; each sample has a Jacobian of its own."""
    count, classes = len(state.scenario.z), len(state.scenario.z[0])
    st.markdown(
        f"{count} samples give {count} Jacobians of {classes} × {classes}, one for each row: "
        f"samples do not see each other. Shown above: sample {state.scenario.n}."
    )
    with st.container(horizontal=True):
        st.button(
            "Add a sample",
            on_click=add_sample,
            args=(state, ("z", "g")),
            disabled=count >= MAX_BATCH,
        )
        st.button(
            f"Remove sample {state.scenario.n}",
            on_click=remove_sample,
            args=(state, ("z", "g")),
            disabled=count == 1,
        )
    logits, gradients = st.columns(2)
    with logits:
        matrix_editor(state, "z", "Logits z")
    with gradients:
        matrix_editor(state, "g", "Upstream gradient g")


def tables(values: Numbers) -> None:
    """The numbers behind each figure, in full."""
    names = {"z": values.z, "g": values.g, "s": values.s, "dx": values.dx}
    columns = {str(j): [float(v[j]) for v in names.values()] for j in range(len(values.z))}
    st.dataframe({"": list(names)} | columns, alt="z, g, s and dx", hide_index=True)
    left, right = st.columns(2)
    for place, title, matrix in (
        (left, "Jacobian J", values.J),
        (right, "Terms gᵢ·Jᵢⱼ; each column adds up to dx", values.terms),
    ):
        with place:
            st.markdown(title)
            st.dataframe(matrix, alt=title)


page()
