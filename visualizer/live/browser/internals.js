/**
 * What these modules know of the insides of Streamlit and Plotly, which neither documents.
 *
 * Nothing else in this folder names them, except `live.css` in the section at its end. Each entry
 * says what breaks when the inside moves; `tests/browser/test_internals.py` has a test for each.
 */

/* Streamlit's document. */

/** Streamlit's root. Without it no edit is ever sent again to a server that has been restarted. */
export function streamlitRoot() {
  return /** @type {HTMLElement} */ (document.querySelector("[data-testid=stApp]"));
}

/** The attribute of the root that tells of the connection. Without it a restart goes unnoticed. */
export const CONNECTION = "data-test-connection-state";

/** Whether there is a connection. Without it a page wakes no restarted server. */
export function isConnected() {
  return streamlitRoot().getAttribute(CONNECTION) === "CONNECTED";
}

/** Whether no script runs. Without it a long script run is taken for a lost one, and run again. */
export function isScriptAtRest() {
  return streamlitRoot().getAttribute("data-test-script-state") === "notRunning";
}

/**
 * How far the page is scrolled, in pixels: Streamlit scrolls an element inside the window. Without
 * it the figures of a presentation grow when they are drawn while the page is scrolled down.
 * @param {Element} inside
 */
export function scrolled(inside) {
  return inside.closest("[data-testid=stMain]")?.scrollTop ?? 0;
}

/** Frames in which Streamlit's menu may open. */
const OPENS_IN = 60;

/**
 * Change from the light theme to the dark one, or back, by the entries of Streamlit's menu, which open
 * unseen: it gives a page no other way. Without it the key D changes nothing.
 */
export async function switchTheme() {
  const menu = document.querySelector("[data-testid=stMainMenuButton]");
  const { classList } = document.documentElement;
  if (!(menu instanceof HTMLElement) || classList.contains("live-switching")) return;
  const focused = document.activeElement;
  classList.add("live-switching");
  menu.click();
  /** @param {string} name @returns {HTMLElement | null} */
  const entry = (name) => document.querySelector(`[data-testid=stMainMenuItem-theme-${name}]`);
  for (let i = 0; i < OPENS_IN && !entry("Dark"); i += 1) await new Promise(requestAnimationFrame);
  const isChosen = entry("Dark")?.ariaChecked === "true";
  const isSystem = entry("System")?.ariaChecked === "true";
  const isDark = isChosen || (isSystem && matchMedia("(prefers-color-scheme: dark)").matches);
  entry(isDark ? "Light" : "Dark")?.click();
  menu.click();
  for (let i = 0; i < OPENS_IN && entry("Dark"); i += 1) await new Promise(requestAnimationFrame);
  classList.remove("live-switching");
  menu.blur();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
}

/* Plotly's layout. */

/**
 * @typedef {object} Axis in pixels of the plot area, from its left or its top edge
 * @property {number} offset of the plot area in the figure
 * @property {[number, number]} range
 * @property {boolean} linear
 * @property {(value: number | null) => number} pixel where a value is drawn
 * @property {(pixel: number) => number} value what stands at a pixel
 */

/**
 * An axis of `_fullLayout` with its `_offset`, `type`, `d2p`, `p2l` and `range`. Without them no figure is
 * patched, and no handle finds its bar.
 * @param {any} axis
 * @returns {Axis}
 */
function readAxis(axis) {
  const { _offset: offset, range } = axis;
  const linear = axis.type === "linear";
  return { offset, range, linear, pixel: (value) => axis.d2p(value), value: (pixel) => axis.p2l(pixel) };
}

/**
 * The axes as Plotly has laid them out last, and the right edge of the plot area: it makes new ones
 * at each draw and at each zoom. `upper` is the upright axis of a second panel, above the first.
 * @param {any} plot
 * @returns {{x: Axis, y: Axis, upper?: Axis, right: number}}
 */
export function axesOf(plot) {
  const { xaxis, yaxis, yaxis2, width, margin } = plot._fullLayout;
  const upper = yaxis2 && readAxis(yaxis2);
  return { x: readAxis(xaxis), y: readAxis(yaxis), upper, right: width - margin.r };
}

/* Plotly's drawing. Without one of these, the figures that have it are drawn by Plotly in full at
   every move: ten times slower. */

/** @typedef {ParentNode | undefined} Place */

/**
 * @param {Place} place @param {string} selector
 * @returns {SVGElement[]}
 */
function all(place, selector) {
  return place ? [...place.querySelectorAll(selector)].map((node) => /** @type {any} */ (node)) : [];
}

/** The traces of bars, in the order of the data. @param {Place} plot */
export const barTraces = (plot) => all(plot, ".barlayer > .trace");

/**
 * The bars of a trace, each with its number if it has one.
 * @param {Place} trace
 * @returns {{path: SVGElement, label: SVGElement | null}[]}
 */
export function barsOf(trace) {
  return all(trace, ".point").map((point) => ({
    path: /** @type {SVGElement} */ (point.querySelector("path")),
    label: point.querySelector("text"),
  }));
}

/** The traces of lines and points, in the order of the data: those of an upper panel come last. @param {Place} plot */
export const scatterTraces = (plot) => all(plot, ".scatterlayer > .trace");

/** The pieces of the line of a trace: one more than it has gaps. @param {Place} trace */
export const linesOf = (trace) => all(trace, "path.js-line");

/** What a trace fills: one path for all of its outlines. @param {Place} trace */
export const fillOf = (trace) => all(trace, "path.js-fill")[0];

/** The points of a trace, or of all. @param {Place} trace */
export const pointsOf = (trace) => all(trace, ".points > .point");

/** The texts at the points of a trace; none where a text is empty. @param {Place} trace */
export const pointLabelsOf = (trace) => all(trace, ".textpoint text");

/** The lines of a text that has several. @param {Place} text */
export const textLinesOf = (text) => all(text, "tspan.line");

/** The picture that Plotly makes of the cells of a heat map. @param {Place} plot */
export const cellImage = (plot) => all(plot, ".heatmaplayer image")[0];

/** The numbers in the cells, row by row. @param {Place} plot */
export const cellLabels = (plot) => all(plot, ".heatmap-label text");

/** The title; `data-unformatted` of it is its text before Plotly read its tags. @param {Place} plot */
export const titleOf = (plot) => all(plot, ".gtitle")[0];

/** The notes, in the order of the annotations. @param {Place} plot */
export const notesOf = (plot) => all(plot, ".annotation-text");

/**
 * What stands at a value of the upright axis: its lines, and its numbers. D3 keeps the value with the
 * node. Without them the marks of an axis jump, while the bars on it glide.
 * @param {Place} plot
 * @returns {{node: SVGElement, value: number}[]}
 */
export function marksOf(plot) {
  const nodes = all(plot, ".ygrid, .yzl, .ytick text");
  return nodes.flatMap((node) => {
    const value = /** @type {any} */ (node).__data__?.x;
    return typeof value === "number" ? [{ node, value }] : [];
  });
}

/**
 * How far below its tip Plotly puts the number of a bar, in pixels: 3 off the tip if the bar is not
 * very narrow, below it by the height of the letters. Without it numbers jump at the end of a drag.
 * @param {number} width of the bar @param {number} size of the letters @param {boolean} below
 */
export function labelOffset(width, size, below) {
  const pad = width > 6 ? 3 : 0;
  return below ? pad + size : -pad - 0.31 * size;
}

/**
 * Where Plotly draws a cell, to whole pixels: its start and its size. Without it the cells of a heat
 * map jump by a pixel at the end of a drag.
 * @param {Axis} axis @param {number} place @param {number} gap to the next cell
 */
export function cellExtent(axis, place, gap) {
  const [start, end] = [place - 0.5, place + 0.5].map((edge) => Math.round(axis.pixel(edge)));
  return [start + Math.floor(gap / 2), Math.max(0, end - start - gap)];
}
