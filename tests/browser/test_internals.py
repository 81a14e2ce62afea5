"""The insides of Streamlit and Plotly that `internals.js` and `live.css` know are where they were.

Each test is one entry, and fails when that entry moves, in the window that all of them share.
"""

import re
from pathlib import Path

import pytest

from visualizer.server.assets import BROWSER, address

pytestmark = pytest.mark.browser

# A page with bars, lines, points, cells, a note of two lines, and a formula and tables below.
PAGE = "/sigmoid?x=-2,0.5,3&g=1,1,-1&step=6&tab=nudge"
ASK = """async () => {
  const m = await import("MODULE");
  const plotOf = (name) => document.querySelector(`.st-key-sigmoid_${name} .live-plot`);
  const [dx, J, slope, note, flow] = ["dx", "jacobian", "slope", "nudge", "flow"].map(plotOf);
  const near = (a, b, by = 1.5) => Math.abs(a - b) < by;
  const box = (node) => node.getBoundingClientRect();
  const letters = (text) => text.textContent;
  return CHECK;
}"""

STREAMLIT = {
    "streamlitRoot": "m.streamlitRoot().contains(dx)",
    "CONNECTION": "m.streamlitRoot().getAttribute(m.CONNECTION) === 'CONNECTED'",
    "isConnected": "m.isConnected()",
    "isScriptAtRest": "m.isScriptAtRest()",
    "scrolled": """(() => {
      const main = document.querySelector("[data-testid=stMain]");
      main.scrollTop = 30;
      const [before, top] = [m.scrolled(dx), box(dx).top];
      main.scrollTop = 0;
      return before === 30 && near(box(dx).top - top, 30);
    })()""",
    "switchTheme": """await (async () => {
      const color = () => getComputedStyle(m.streamlitRoot()).backgroundColor;
      const before = color();
      await m.switchTheme();
      const between = color();
      await m.switchTheme();
      return before !== between && color() === before;
    })()""",
}
PLOTLY = {
    # A tick stands where the axis says, in the figure and in the plot area.
    "axesOf": """(() => {
      const { x, y, right } = m.axesOf(dx);
      const tick = [...dx.querySelectorAll(".xtick text")].find((text) => letters(text) === "1");
      const { left, width } = box(tick);
      return near(left + width / 2 - box(dx).left, x.offset + x.pixel(1))
        && near(x.value(x.pixel(1.25)), 1.25, 0.01) && near(y.value(y.pixel(0.25)), 0.25, 0.01)
        && near(right, x.offset + x.pixel(x.range[1])) && y.offset > 0 && y.range[0] < y.range[1];
    })()""",
    "barTraces": "m.barTraces(dx).length === dx.data.length",
    "barsOf": """m.barsOf(m.barTraces(dx).at(-1)).map(({ path, label }) =>
      [path.tagName, letters(label)].join()).join()
      === dx.data.at(-1).text.map((text) => `path,${text}`).join()""",
    "scatterTraces": """m.scatterTraces(slope).length
      === slope.data.filter(({ type }) => type === "scatter").length""",
    "linesOf": """m.linesOf(m.scatterTraces(slope)[0]).length === 1
      && m.linesOf(m.scatterTraces(slope)[0])[0].getTotalLength() > 100""",
    "fillOf": """m.fillOf(m.scatterTraces(flow)[3]).getAttribute("d").match(/M/g).length
      === flow.data[3].y.filter((y) => y === null).length""",
    "pointsOf": "m.pointsOf(m.scatterTraces(slope).at(-1)).length === 3",
    "pointLabelsOf": """m.pointLabelsOf(m.scatterTraces(slope).at(-1)).map(letters).join()
      === slope.data.at(-1).text.join()""",
    "textLinesOf": "m.textLinesOf(m.notesOf(note)[0]).length === 2",
    "cellImage": "near(box(m.cellImage(J)).width, box(J.querySelector('.bg')).width, 3)",
    "cellLabels": "m.cellLabels(J).map(letters).join() === J.data[0].text.flat().join()",
    "titleOf": "m.titleOf(dx).dataset.unformatted === dx.layout.title.text",
    "notesOf": "m.notesOf(note).length === note.layout.annotations.length",
    "marksOf": """(() => {
      const { y } = m.axesOf(dx);
      const marks = m.marksOf(dx).filter(({ node }) => node.tagName === "text");
      return marks.length > 1 && marks.every(({ node, value }) => {
        const { top, height } = box(node);
        return near(top + height / 2 - box(dx).top, y.offset + y.pixel(value), 4);
      });
    })()""",
    "labelOffset": """m.barsOf(m.barTraces(dx).at(-1)).every(({ path, label }, i) => {
      const { x, y } = m.axesOf(dx);
      const [at] = label.getAttribute("transform").match(/[-.\\d]+(?=\\))/);
      const [{ width }, value] = [dx.data.at(-1), dx.data.at(-1).y[i]];
      const off = m.labelOffset(x.pixel(width) - x.pixel(0), 13, value < 0);
      return near(Number(at), y.pixel(value) + off);
    })""",
    "cellExtent": """(() => {
      const image = box(m.cellImage(J));
      const { x } = m.axesOf(J);
      const [first, last] = [m.cellExtent(x, 0, 1), m.cellExtent(x, 2, 1)];
      return near(last[0] + last[1] - first[0], image.width)
        && near(first[0] + x.offset, image.left - box(J).left);
    })()""",
}
STYLES = (BROWSER / "live.css").read_text("utf-8").partition("Insides of Streamlit")[2]
# What the styles name that is not ours: classes of Plotly and KaTeX, test ids of Streamlit.
NAMED = {
    name
    for name in re.findall(r"(?<=[\s(,])\.[a-z][\w-]*|\[data-testid=\"\w+\"\]", STYLES)
    if not name.startswith((".live-", ".st-key-"))
}


@pytest.fixture(scope="module")
def window(open_at, server):
    screen = open_at(server, PAGE)
    yield screen
    screen.page.close()


def holds(window, check):
    return window.page.evaluate(
        ASK.replace("MODULE", address("internals.js")).replace("CHECK", check)
    )


@pytest.mark.parametrize("name", [*STREAMLIT, *PLOTLY])
def test_an_inside_is_where_it_was(window, name):
    assert holds(window, (STREAMLIT | PLOTLY)[name]) is True


@pytest.mark.parametrize("selector", sorted(NAMED))
def test_what_the_styles_name_is_on_the_page(window, selector):
    if "PageLink" in selector:  # the doors of Home
        window.open("/")
    if "DataFrame" in selector:
        window.page.get_by_role("tab", name="Numbers").click()
    menu = window.page.get_by_test_id("stMainMenuButton")
    if "Menu" in selector:
        menu.click()
    window.wait("(selector) => document.querySelector(selector) !== null", selector)
    if "PageLink" in selector:
        window.open(PAGE)
    if "Menu" in selector:
        menu.click()


def test_every_entry_has_a_test(window):
    assert set(holds(window, "Object.keys(m)")) == {*STREAMLIT, *PLOTLY}


def test_no_other_module_names_an_inside():
    inside = re.compile(
        r"data-test|data-?test|_fullLayout|_offset|[dlp]2[dlp]\b|\.(?!player\b)\w*layer\b|gtitle"
    )
    others = [path for path in Path(BROWSER).glob("*.js") if path.name != "internals.js"]
    assert {path.name for path in others if inside.search(path.read_text("utf-8"))} == set()
    assert inside.search((BROWSER / "internals.js").read_text("utf-8"))


def test_a_moved_inside_is_noticed(window):
    """One of each kind, so that the checks above are shown to say something."""
    moved = {
        "isConnected": "m.streamlitRoot().setAttribute(m.CONNECTION, 'X')",
        "barTraces": "dx.querySelector('.barlayer').classList.remove('barlayer')",
        "axesOf": "dx._fullLayout.xaxis._offset += 20",
        "labelOffset": "m.barsOf(dx).at(-1).label.setAttribute('transform', 'translate(9,9)')",
    }
    for name, move in moved.items():
        check = (STREAMLIT | PLOTLY)[name]
        assert holds(window, check) is True
        holds(window, f"(({move}), 0)")
        assert holds(window, check) is False
        if name == "isConnected":
            holds(window, "m.streamlitRoot().setAttribute(m.CONNECTION, 'CONNECTED')")
        if name == "barTraces":
            holds(window, "dx.querySelector('.trace.bars').parentElement.classList.add('barlayer')")
