"""What leaves the page and what comes in: links, files, figures."""

from collections.abc import Callable
from functools import partial
from typing import Any
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
from visualizer.lessons.lesson import in_cell
from visualizer.live.component import mount
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
# Of the picture of the whole page and its buttons in the dialog, in pixels.
SLIDE_HEIGHT = 440

# The light around a code that it needs, in modules.
QUIET = 4
# A rule of thumb: a code of 25 modules is read from ten times its width, one of more modules needs
# as much more. So a module is as wide as 1/250 of the distance. Source: qrstuff.com, "QR Code
# Minimum Size", for a camera of 3 megapixels; those of today see further.
MODULE = 1 / 250
RULE = "Rule of thumb: ten times the width for 25 modules, in proportion for more."
LAST_ROW = 20  # metres
BUTTON_HEIGHT = 40

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
    is_question = state.scenario.exported is None or exact != query
    if not is_question:
        _link("Opens exactly this state, on any server that runs this app:", query)
    _room(state, is_question)
    if exact != query:
        _link("**This state, with the answer** and what was dragged since:", exact)
    _slides(state, query)


def _room(state: PageState, is_question: bool) -> None:
    """What other devices open, as a link and as a code, at an address that leads here."""
    what = "**The question, unanswered**, for the room"
    if not is_question:
        what = "**For the room**, without the presentation, hidden parts and the open tab"
    query, here = state.scenario.to_room_link(), _here()
    found = room(here, st.get_option("server.address"), st.get_option("server.port"))
    if found is None:
        _code(state, f"{what}, as a link and as a code:", _address(query))
        return
    st.warning(
        f"`{urlsplit(here).hostname}` is this computer alone: its address opens nothing on another "
        f"device. {found.problem}"
    )
    if found.address:
        link = _address(query, found.address)
        _code(state, f"{what}, on devices in the same network:", link)
        st.caption("If nothing opens there, a firewall or the network keeps devices apart.")
    elif is_question:
        _link(f"{what}:", query)


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


def _code(state: PageState, what: str, link: str) -> None:
    """The link, and the same as a QR code that fills the screen on demand."""
    st.markdown(what)
    st.code(link, language=None, wrap_lines=True)
    try:
        code = segno.make_qr(link, error="l")
    except segno.DataOverflowError:
        st.caption("This link is too long for a QR code.")
        return
    modules = len(code.matrix)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.image(code.png_data_uri(scale=6, border=QUIET), width=240, alt="QR code of the link")
        with st.container():
            st.caption(f"{how_large(modules)} {RULE}")
            content = {
                "image": code.png_data_uri(scale=1, border=QUIET),
                "modules": modules + 2 * QUIET,
                "link": link,
                "words": how_large(modules),
            }
            mount(f"{state.page}_code", {"kind": "code", "content": content}, BUTTON_HEIGHT)


def how_large(modules: int) -> str:
    """Say how large a code has to be for the last row, and a picture as high as the code."""
    code, picture = (LAST_ROW * MODULE * count for count in (modules, modules + 2 * QUIET))
    return (
        f"{modules} × {modules} modules: to be read from {LAST_ROW} m the code has to be "
        f"{code:.1f} m wide, so a picture that it fills {picture:.1f} m high."
    )


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
    """The page as one picture, and a figure as a page of its own; one as a picture is on itself."""
    st.markdown(
        "**The whole page, for a slide at 16:9**, in the colours of the page. One figure alone: "
        "point at it, or move to it with Tab, and choose PNG or SVG; with Shift on no background."
    )
    transparent = st.toggle("On no background", key=f"{state.page}_transparent")
    content = slide(state) | {"transparent": transparent}
    mount(f"{state.page}_slide", {"kind": "slide", "content": content}, SLIDE_HEIGHT)
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


def slide(state: PageState) -> dict[str, Any]:
    """Return what the browser composes a slide of: all that is on the page, in large letters."""
    lesson, scenario = state.lesson, state.scenario.having(present=True)
    title, steps = lesson.title, lesson.steps
    if steps and scenario.step:
        title += f" · {scenario.step} of {steps.last} · {steps.titles[scenario.step - 1]}"
    # Nobody takes a step on a slide.
    seen = {f.name: f.KIND for f in lesson.figures_of(scenario) if f.KIND != "stepper"}
    return {
        "name": lesson.name,
        "title": title,
        "rows": [[[n for n in in_cell(c) if n in seen] for c in row] for row in lesson.rows],
        "figures": lesson.drawn(lesson.moment(scenario, state.moment.ends)),
        "formulas": [name for name, kind in seen.items() if kind != "figure"],
    }


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
    # A form disables its button while a file is being uploaded; a click then would be lost.
    with st.form(f"{state.page}_import_form", border=False, enter_to_submit=False):
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
        wanted = st.form_submit_button("Import", type="primary", key=f"{state.page}_import")
    if not wanted:
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
