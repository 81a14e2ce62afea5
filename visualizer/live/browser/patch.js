/**
 * Redraw a figure by moving what Plotly has drawn.
 *
 * A full `Plotly.react` of one small figure costs about ten milliseconds, most of it for axes and
 * labels that have not changed: in a drag, one figure would fill an animation frame. While only
 * numbers change, it is enough to move bars, points, lines, labels and cells to where Plotly would
 * put them. What cannot be patched is left to `react`, and so is the last word when things settle.
 */

import { write } from "./dom.js";
import {
  barsOf,
  barTraces,
  cellExtent,
  cellImage,
  cellLabels,
  fillOf,
  labelOffset,
  linesOf,
  notesOf,
  pointLabelsOf,
  pointsOf,
  scatterTraces,
  textLinesOf,
  titleOf,
} from "./internals.js";

/** @typedef {import("./internals.js").Axis} Axis */
/** @typedef {import("./theme.js").Theme} Theme */
/** @typedef {import("./types").Figure} Figure */
/** @typedef {import("./types").Trace} Trace */
/** @typedef {import("./types").Layout} Layout */

const SVG = "http://www.w3.org/2000/svg";
const XLINK = "http://www.w3.org/1999/xlink"; // by which Plotly names its pictures

/** How much is left of the shapes of a figure that a step of a lecture fades. */
export const FADED = 0.55;

/** What stands at a bar that says nothing, so that its label is there: Plotly draws no empty one. */
export const BLANK = "\u00a0";

/** What may change without a full redraw. */
const MOVING = ["x", "y", "z", "base", "text", "customdata", "width"];

/**
 * Describe all of a figure that a patch cannot change: two figures that agree in it differ only
 * in numbers.
 * @param {Figure} figure
 * @returns {string}
 */
export function frameOf(figure) {
  const traces = figure.data.map((trace) => {
    /** @type {Record<string, any>} */
    const rest = { ...trace, count: (trace.y ?? trace.z ?? []).length };
    for (const name of MOVING) delete rest[name];
    return rest;
  });
  const { title, meta, annotations, coloraxis, ...layout } = figure.layout;
  return JSON.stringify([traces, layout, (annotations ?? []).length, figure.state]);
}

/** Whether Plotly knows where the ends of an axis are; those of a logarithmic one are exponents. @param {Axis} axis */
export function isLaidOut({ linear, range, pixel }) {
  return !linear || range.every((end) => Number.isFinite(pixel(end)));
}

/**
 * Move what is drawn to the numbers of a figure.
 * @param {import("./types").Plot} plot on which Plotly drew a figure with the same frame
 * @param {Figure} figure
 * @param {{x: Axis, y: Axis, upper?: Axis}} axes as Plotly laid them out
 * @param {Theme} theme
 * @returns {boolean} false if something does not fit; then only a full redraw helps
 */
export function patch(plot, figure, axes, theme) {
  if (!isLaidOut(axes.x) || !isLaidOut(axes.y)) return false;
  const bars = barTraces(plot);
  const scatters = scatterTraces(plot);
  let [bar, scatter] = [0, 0];
  const fits = figure.data.every((trace) => {
    if (trace.type === "bar") return patchBars(bars[bar++], trace, axes);
    if (trace.type === "scatter") {
      const y = trace.yaxis === "y2" ? axes.upper : axes.y;
      return y !== undefined && patchScatter(scatters[scatter++], trace, { x: axes.x, y });
    }
    if (trace.type === "heatmap") return patchCells(plot, trace, figure, axes, theme);
    return false;
  });
  if (!fits || !patchWords(plot, figure.layout)) return false;
  plot.data = figure.data;
  return true;
}

/** Take away what patches have added, before Plotly draws again. @param {Element} plot */
export function clear(plot) {
  for (const added of plot.querySelectorAll(".live-cell, .live-copy")) added.remove();
  for (const point of pointsOf(plot)) point.style.display = "";
  const image = cellImage(plot);
  if (image) image.style.visibility = "";
}

/** @param {Element | undefined} drawn @param {Trace} trace @param {{x: Axis, y: Axis}} axes */
function patchBars(drawn, trace, { x, y }) {
  const bars = barsOf(drawn);
  if (bars.length !== trace.y.length) return false;
  // Plotly has drawn no label where there was no text: only Plotly can.
  if (trace.text?.some((text, i) => text && !bars[i].label)) return false;
  // Where Plotly puts the label of a bar without height: below it only if all others hang down.
  const usual = trace.y.some((v) => v > 0) || !trace.y.some((v) => v < 0) ? -1 : 1;
  bars.forEach(({ path, label }, i) => {
    const at = trace.x?.[i] ?? i;
    const width = pick(trace.width, i);
    const left = at + (trace.offset ?? -width / 2);
    const base = pick(trace.base ?? 0, i);
    const [x0, x1] = [x.pixel(left), x.pixel(left + width)];
    const [y0, y1] = [y.pixel(base), y.pixel(base + trace.y[i])];
    path.setAttribute("d", `M${x0},${y0}V${y1}H${x1}V${y0}Z`);
    if (!label) return;
    write(label, trace.text[i] || BLANK);
    const size = Number.parseFloat(label.style.fontSize) || trace.textfont.size;
    const off = labelOffset(Math.abs(x1 - x0), size, (y1 - y0 || usual) > 0);
    label.setAttribute("transform", `translate(${(x0 + x1) / 2},${y1 + off})`);
  });
  return true;
}

/** @param {Element | undefined} drawn @param {Trace} trace @param {{x: Axis, y: Axis}} axes */
function patchScatter(drawn, trace, { x, y }) {
  if (!drawn) return trace.x.length === 0;
  const places = trace.x.map((at, i) => [x.pixel(at), y.pixel(trace.y[i])]);
  /** @param {unknown} _ @param {number} i */
  const isThere = (_, i) => trace.x[i] !== null && trace.y[i] !== null;
  const seen = places.filter(isThere);
  const { mode } = trace;
  return (
    (!trace.fill || patchFill(fillOf(drawn), split(trace, places))) &&
    (!mode.includes("lines") || patchLines(linesOf(drawn), split(trace, places))) &&
    (!mode.includes("markers") || patchPoints(pointsOf(drawn), seen, looksOf(trace))) &&
    (!mode.includes("text") ||
      patchLabels(pointLabelsOf(drawn), trace.text.filter(isThere), seen))
  );
}

/** @param {Element | undefined} fill @param {number[][][]} pieces */
function patchFill(fill, pieces) {
  fill?.setAttribute("d", pieces.map((piece) => `M${piece.join("L")}Z`).join(""));
  return Boolean(fill);
}

/**
 * Plotly draws each piece as a path of its own. Where there are more or fewer gaps than it knows of,
 * the first path has all pieces.
 * @param {Element[]} lines @param {number[][][]} pieces
 */
function patchLines(lines, pieces) {
  const paths = pieces.map((piece) => `M${piece.join("L")}`);
  if (lines.length === 0) return pieces.length === 0;
  const each = lines.length === pieces.length ? paths : [paths.join("")];
  lines.forEach((line, i) => line.setAttribute("d", each[i] ?? ""));
  return true;
}

/**
 * Where points have come or gone, others are hidden, or copied; not where each has its own look.
 * @param {SVGElement[]} points @param {number[][]} places @param {boolean} alike
 */
function patchPoints(points, places, alike) {
  if (points.length !== places.length && !(alike && points.length > 0)) return false;
  const all = [...points];
  while (all.length < places.length) {
    const copy = /** @type {SVGElement} */ (points[0].cloneNode());
    copy.classList.add("live-copy");
    all[all.length - 1].after(copy);
    all.push(copy);
  }
  all.forEach((point, i) => {
    point.style.display = i < places.length ? "" : "none";
    if (i < places.length) point.setAttribute("transform", `translate(${places[i]})`);
  });
  return true;
}

/** Whether all points of a trace look alike. @param {Trace} trace */
function looksOf({ marker }) {
  return !Object.values(marker ?? {}).some(Array.isArray);
}

/** @param {Element[]} labels @param {string[]} texts @param {number[][]} places */
function patchLabels(labels, texts, places) {
  const shown = places.flatMap((place, i) => (texts[i] ? [{ place, text: texts[i] }] : []));
  if (labels.length !== shown.length) return false;
  return labels.every((label, i) => {
    const { place, text } = shown[i];
    put(label, place);
    return writeLines(label, text, place);
  });
}

/** Cut a line where a point is missing. @param {Trace} trace @param {number[][]} places */
function split(trace, places) {
  /** @type {number[][][]} */
  const pieces = [[]];
  places.forEach((place, i) => {
    if (trace.x[i] === null || trace.y[i] === null) pieces.push([]);
    else pieces[pieces.length - 1].push(place);
  });
  return pieces.filter((piece) => piece.length > 0);
}

/**
 * Colour the cells of a heat map: as rectangles in the place of the picture that Plotly made, or,
 * where they are so many that nothing lies between them, as another picture of a pixel each.
 * @param {Element} plot @param {Trace} trace @param {Figure} figure
 * @param {{x: Axis, y: Axis}} axes @param {Theme} theme
 */
function patchCells(plot, trace, figure, axes, theme) {
  const image = cellImage(plot);
  const labels = cellLabels(plot);
  const values = trace.z.flat();
  const fits = !trace.text || labels.length === values.length;
  if (!image || theme.diverging.length < 2 || !fits) return false;
  if (!trace.text && trace.xgap === 0) {
    image.setAttributeNS(XLINK, "href", picture(trace.z[0].length, values, figure, theme));
    return true;
  }
  let cells = [...plot.querySelectorAll(".live-cell")];
  if (cells.length !== values.length) {
    clear(plot);
    cells = makeCells(trace, axes);
    image.after(...cells);
    image.style.visibility = "hidden";
  }
  const texts = trace.text?.flat();
  colorsOf(values, figure, theme).forEach((color, k) => {
    cells[k].setAttribute("fill", `rgb(${color})`);
    if (!texts) return;
    write(labels[k], texts[k]);
    inkCell(labels[k], color, figure, theme);
  });
  return true;
}

/** What pictures are painted on. @type {HTMLCanvasElement | undefined} */
let canvas;

/** How many colours of a scale a picture has, beside its first. */
const SHADES = 1000;

/**
 * A picture with a pixel for each value, row by row from the top, as an address.
 * @param {number} columns @param {number[]} values @param {Figure} figure @param {Theme} theme
 */
function picture(columns, values, { layout }, { diverging }) {
  const { cmin, cmax } = layout.coloraxis;
  const scale = diverging.map(rgb);
  // Mixed once, and not for each of thousands of pixels.
  const shades = Uint8Array.from(
    Array.from({ length: SHADES + 1 }, (_, k) => mix(scale, k / SHADES)).flat(),
  );
  canvas ??= document.createElement("canvas");
  [canvas.width, canvas.height] = [columns, values.length / columns];
  const brush = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const pixels = brush.createImageData(canvas.width, canvas.height);
  values.forEach((value, k) => {
    const part = Math.min(1, Math.max(0, (value - cmin) / (cmax - cmin)));
    const at = 3 * Math.round(SHADES * part);
    pixels.data[4 * k] = shades[at];
    pixels.data[4 * k + 1] = shades[at + 1];
    pixels.data[4 * k + 2] = shades[at + 2];
    pixels.data[4 * k + 3] = 255;
  });
  brush.putImageData(pixels, 0, 0);
  return canvas.toDataURL();
}

/** @param {Trace} trace @param {{x: Axis, y: Axis}} axes @returns {Element[]} */
function makeCells({ z, xgap, ygap }, { x, y }) {
  return z.flatMap((row, i) =>
    row.map((_, j) => {
      const cell = document.createElementNS(SVG, "rect");
      cell.setAttribute("class", "live-cell");
      const [left, width] = cellExtent(x, j, xgap);
      const [top, height] = cellExtent(y, i, ygap);
      for (const [name, value] of Object.entries({ x: left, y: top, width, height })) {
        cell.setAttribute(name, String(value));
      }
      return cell;
    }),
  );
}

/**
 * Write the numbers of a heat map in black or white, as Plotly has drawn it: it takes a dark grey,
 * which is hard to read on the colours in the middle of the scale.
 * @param {Element} plot @param {Figure} figure @param {Theme} theme
 */
export function inkCells(plot, figure, theme) {
  const labels = cellLabels(plot);
  const trace = figure.data.find(({ type }) => type === "heatmap");
  if (!trace || labels.length === 0 || theme.diverging.length < 2) return;
  const colors = colorsOf(trace.z.flat(), figure, theme);
  labels.forEach((label, k) => inkCell(label, colors[k], figure, theme));
}

/**
 * The colours of the cells, in the order of their values.
 * @param {number[]} values @param {Figure} figure @param {Theme} theme
 */
export function colorsOf(values, { layout }, { diverging }) {
  const { cmin, cmax } = layout.coloraxis;
  const scale = diverging.map(rgb);
  return values.map((value) => mix(scale, (value - cmin) / (cmax - cmin)));
}

/**
 * Write the number of a cell in a colour that can be read, also where a step fades the cell.
 * @param {SVGElement} label @param {number[]} color of the cell
 * @param {Figure} figure @param {Theme} theme
 */
function inkCell(label, color, figure, theme) {
  label.style.fill = ink(color);
  if (figure.state !== "past") return;
  const page = rgb(theme.background);
  const faded = color.map((value, i) => FADED * value + (1 - FADED) * page[i]);
  label.style.setProperty("--live-faded-ink", ink(faded));
}

/** Change title and notes, where they are plain text. @param {Element} plot @param {Layout} layout */
function patchWords(plot, layout) {
  const title = titleOf(plot);
  const { text } = layout.title;
  // It may have been broken into two lines; see `fitting` in theme.js.
  if (title && text !== title.dataset.unformatted?.replace("<br>", " ")) {
    if (/[<&]/.test(text + title.dataset.unformatted)) return false;
    write(title, text);
    title.dataset.unformatted = text;
  }
  const notes = notesOf(plot);
  return (layout.annotations ?? []).every((note, i) => notes[i] && writeLines(notes[i], note.text));
}

/**
 * A number that is the same for all bars, or one for each.
 * @param {number | number[]} values @param {number} index
 */
function pick(values, index) {
  return Array.isArray(values) ? values[index] : values;
}

/** @param {Element} node @param {number[]} place */
function put(node, [x, y]) {
  node.setAttribute("x", String(x));
  node.setAttribute("y", String(y));
}

/**
 * Write text of several lines, into as many as there are.
 * @param {Element} node @param {string} text @param {number[]} [place] to move the lines to
 * @returns {boolean} false if there are more or fewer
 */
function writeLines(node, text, place) {
  const lines = textLinesOf(node);
  const texts = text.split("<br>");
  if (texts.length === 1 && lines.length === 0) write(node, text);
  else if (texts.length !== lines.length) return false;
  lines.forEach((line, i) => {
    write(line, texts[i]);
    if (place) put(line, place);
  });
  return true;
}

/** The colour at a place from 0 to 1 on a scale. @param {number[][]} colors @param {number} place */
function mix(colors, place) {
  // What is no number has the colour of 0.
  const at = Math.min(1, Math.max(0, Number.isNaN(place) ? 0.5 : place)) * (colors.length - 1);
  const low = Math.min(colors.length - 2, Math.floor(at));
  const [from, to] = [colors[low], colors[low + 1]];
  return from.map((value, i) => Math.round(value + (at - low) * (to[i] - value)));
}

/** @param {string} color as #rrggbb */
function rgb(color) {
  return [1, 3, 5].map((i) => Number.parseInt(color.slice(i, i + 2), 16));
}

/**
 * What is read best on a colour: black or white, by their contrast as WCAG 2 defines it.
 * @param {number[]} color
 */
export function ink(color) {
  const [red, green, blue] = color.map((value) =>
    value <= 10 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4,
  );
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 ? "#fff" : "#000";
}
