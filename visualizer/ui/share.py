"""What leaves the page and what comes in: links, files, figures."""

from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode, urlsplit

import plotly.graph_objects as go
import plotly.io
import segno
import streamlit as st

from visualizer.exchange.files import (
    MAX_BYTES,
    SEPARATORS,
    doubt,
    passed_over,
    read,
    said,
    to_csv,
    to_json,
)
from visualizer.exchange.formulas import latex_fragment
from visualizer.exchange.programs import Export, numpy_program, torch_program
from visualizer.lessons import lesson_of
from visualizer.scenario import PARTS, Refused
from visualizer.scenario.codecs import ROWS
from visualizer.ui.controls import READ_AS
from visualizer.ui.network import room
from visualizer.ui.state import PageState

FILES = {
    "Test": ("python", "test.py"),
    "Python": ("python", "py"),
    "PyTorch": ("python", "torch.py"),
    "LaTeX": ("latex", "tex"),
    "CSV": ("text", "csv"),
    "JSON": ("json", "json"),
}
PART_NAMES = dict(zip(PARTS, ("the controls", "what is below the figures"), strict=True))


def share_button(state: PageState) -> None:
    """Offer the dialog."""
    if st.button("Share", key=f"{state.page}_share", help="Link, QR code, export, import"):
        share_dialog(state)


@st.dialog("Share", width="medium")
def share_dialog(state: PageState) -> None:
    """Links, exports and imports of the state in view."""
    scenario, exported = state.scenario, state.scenario.exported
    parts: dict[str, Callable[[PageState], None]] = {"Link": _links}
    if exported is not None:  # else it is a question, whose numbers would be the answer
        if export := lesson_of(exported).export:
            parts["Export"] = partial(_files, export=export)
        parts["Figures"] = _figures
    if exported is scenario and _matrices(state):  # which an import may change
        parts["Import"] = _import
    if len(parts) == 1:
        _links(state)
        return
    for tab, part in zip(st.tabs(list(parts)), parts.values(), strict=True):
        with tab:
            part(state)


def _links(state: PageState) -> None:
    """The link to this state, for people, for the room and for slides.

    Of a question, the room and the slides get it unanswered, whatever was answered here.
    """
    query, exact = state.scenario.to_link(), state.scenario.to_exact_link()
    if state.scenario.exported is state.scenario:
        _link("Opens exactly this state, on any server that runs this app:", query)
    else:
        _link("**The question, unanswered**, for the room, as a link and as a code:", query)
    _room(query)
    if exact != query:
        _link("**This state, with the answer** and what was dragged since:", exact)
    _slides(state, query)


def _room(query: dict[str, str]) -> None:
    """What other devices open: the link as a code, at an address that leads here from there."""
    found = room(_here(), st.get_option("server.address"), st.get_option("server.port"))
    if found is None:
        _code(_address(query))
        return
    host = urlsplit(_here()).hostname
    st.warning(
        f"`{host}` is this computer alone: the link above opens nothing on another device. "
        f"{found.problem}"
    )
    if found.address:
        link = _address(query, found.address)
        st.markdown("**For the room**, on devices in the same network:")
        st.code(link, language=None, wrap_lines=True)
        _code(link)
        st.caption("If nothing opens there, a firewall or the network keeps devices apart.")


def _link(what: str, query: dict[str, str]) -> None:
    """A link to copy, under a line that says what it opens."""
    st.markdown(what)
    st.code(_address(query), language=None, wrap_lines=True)


def _slides(state: PageState, query: dict[str, str]) -> None:
    """The link for a frame in slides."""
    hidden = st.pills(
        "In slides, hide",
        PARTS,
        selection_mode="multi",
        default=list(state.scenario.hide),
        format_func=PART_NAMES.__getitem__,
        key=f"{state.page}_embed_hide",
    )
    embedded = {name: text for name, text in query.items() if name != "hide"}
    embedded |= {"hide": ",".join(hidden)} if hidden else {}
    st.code(_address(embedded | {"embed": "true"}), language=None, wrap_lines=True)


def _code(link: str) -> None:
    """The link as a QR code."""
    try:
        code = segno.make(link, error="l")
    except segno.DataOverflowError:
        st.caption("This link is too long for a QR code.")
        return
    st.image(code.png_data_uri(scale=6, border=3), width=240, alt="QR code of the link")


def _here() -> str:
    """Return the address of the page in the browser, without its query."""
    return (st.context.url or "").partition("?")[0]


def _address(query: dict[str, str], at: str = "") -> str:
    """Return the address of the page with a query, commas and semicolons left readable."""
    return f"{at or _here()}?{urlencode(query, safe=',;')}"


def _files(state: PageState, export: Export) -> None:
    """The state as a program, a document or data, to be copied or downloaded."""
    scenario = state.scenario.exported
    missing = {"Test": not export.test, "Python": not export.numpy, "PyTorch": not export.torch}
    formats = [name for name in FILES if not missing.get(name)]
    kind = st.segmented_control(
        "Format", formats, default=formats[0], required=True, key=f"{state.page}_export_format"
    )
    inputs, results = lesson_of(scenario).record(scenario)
    text = {
        "Test": lambda: export.test(scenario) if export.test else "",
        "Python": lambda: numpy_program(export, inputs, results),
        "PyTorch": lambda: torch_program(export, inputs, results, export.given(scenario)),
        "LaTeX": lambda: latex_fragment(inputs, results, export.symbols),
        "CSV": lambda: to_csv(inputs, results),
        "JSON": lambda: to_json(state.page, scenario, results),
    }[kind]()
    language, suffix = FILES[kind]
    st.download_button(
        f"Download {state.page}.{suffix}",
        text,
        f"{state.page}.{suffix}",
        "text/plain",
        key=f"{state.page}_download",
        on_click="ignore",
        icon=":material/download:",
    )
    st.code(text if len(text) <= 20_000 else text[:20_000] + "\n…", language=language, height=300)


def _figures(state: PageState) -> None:
    """A figure as a page of its own; images are made in the browser, on the figure itself."""
    st.markdown(
        "**PNG and SVG:** point at a figure, or move to it with Tab, and choose one above it."
    )
    plots = {f.name for f in state.lesson.figures_of(state.scenario) if f.KIND == "figure"}
    drawn = state.lesson.drawn(state.moment).items()
    figures = {name: figure for name, figure in drawn if name in plots}
    name = st.selectbox("Interactive HTML of", list(figures), key=f"{state.page}_html_figure")
    figure = {part: figures[name][part] for part in ("data", "layout")}
    st.download_button(
        f"Download {state.page}_{name}.html",
        lambda: plotly.io.to_html(go.Figure(figure), include_plotlyjs=True),
        f"{state.page}_{name}.html",
        "text/html",
        key=f"{state.page}_html",
        on_click="ignore",
        icon=":material/download:",
    )
    st.caption("It carries plotly.js and opens without a network: about 5 MB.")


def _matrices(state: PageState) -> list[str]:
    """Return the fields that a plain matrix may go into."""
    return [name for name, codec in state.scenario.codecs().items() if codec is ROWS]


def _import(state: PageState) -> None:
    """Take a file or what is pasted into the scenario, or say what is wrong with it."""
    matrices = _matrices(state)
    *others, last = SEPARATORS.values()
    st.markdown(
        "An export of this page in JSON or CSV, or a plain matrix: one sample a row, its numbers "
        f"between {', '.join(others)} or {last}. Decimals have a point."
    )
    upload = st.file_uploader(
        "File", ["csv", "json", "txt"], key=f"{state.page}_import_file", max_upload_size=2
    )
    pasted = st.text_area("Or paste", key=f"{state.page}_import_text", max_chars=MAX_BYTES)
    field = st.segmented_control(
        "A plain matrix is",
        matrices,
        default=matrices[0],
        required=True,
        key=f"{state.page}_import_field",
    )
    if not st.button("Import", type="primary", key=f"{state.page}_import"):
        return
    try:
        text = upload.getvalue().decode("utf-8-sig") if upload else pasted
        _take_in(state, text, field)
    except UnicodeDecodeError:
        st.error("expected text in UTF-8, got something else. Nothing was changed.")
    except Refused as refusal:
        st.error(f"{refusal}. Nothing was changed.")


def _take_in(state: PageState, text: str, field: str) -> None:
    """Show what a text describes, or say what does not fit: all of it is taken, or nothing."""
    query = read(text, state.scenario, field)
    changed, refused = state.scenario.updated(query)
    if refused := refused or passed_over(query, changed):
        st.error("Nothing was changed. " + "  \n".join(refused))
        return
    state.show(changed)
    state.messages = list(filter(None, [doubt(text)]))
    st.session_state[READ_AS] = said(text, state.scenario)
    st.rerun()
