/**
 * Redraw a figure by moving what Plotly has drawn.
 *
 * A full `Plotly.react` of one small figure costs about ten milliseconds, most of it for axes and
 * labels that have not changed: in a drag, one figure would fill an animation frame. While only
 * numbers change, it is enough to move bars, points, lines, labels and cells to where Plotly would
 * put them. What cannot be patched is left to `react`, and so is the last word when things settle.
 */

const SVG = "http://www.w3.org/2000/svg";

/** How much is left of the shapes of a figure that a step of a lecture fades. */
export const FADED = 0.55;

/** What may change without a full redraw. */
const MOVING = ["x", "y", "z", "base", "text", "customdata", "width"];

/**
 * Describe all of a figure that a patch cannot change: two figures that agree in it differ only
 * in numbers.
 * @param {object} figure
 * @returns {string}
 */
export function frameOf(figure) {
  const traces = figure.data.map((trace) => {
    const rest = { ...trace, count: (trace.y ?? trace.z ?? []).length };
    for (const name of MOVING) delete rest[name];
    return rest;
  });
  const { title, meta, annotations, coloraxis, ...layout } = figure.layout;
  return JSON.stringify([traces, layout, (annotations ?? []).length, figure.state]);
}

/**
 * Move what is drawn to the numbers of a figure.
 * @param {HTMLElement} plot on which Plotly drew a figure with the same frame
 * @param {object} figure
 * @param {{x: object, y: object}} axes as Plotly laid them out
 * @param {import("./theme.js").Theme} theme
 * @returns {boolean} false if something does not fit; then only a full redraw helps
 */
export function patch(plot, figure, axes, theme) {
  const bars = plot.querySelectorAll(".barlayer > .trace");
  const scatters = plot.querySelectorAll(".scatterlayer > .trace");
  let [bar, scatter] = [0, 0];
  const fits = figure.data.every((trace) => {
    if (trace.type === "bar") return patchBars(bars[bar++], trace, axes);
    if (trace.type === "scatter") return patchScatter(scatters[scatter++], trace, axes);
    if (trace.type === "heatmap") return patchCells(plot, trace, figure, axes, theme);
    return false;
  });
  if (!fits || !patchWords(plot, figure.layout)) return false;
  plot.data = figure.data;
  return true;
}

/** Take away what patches have added, before Plotly draws again. @param {HTMLElement} plot */
export function clear(plot) {
  for (const cell of plot.querySelectorAll(".live-cell")) cell.remove();
  const image = plot.querySelector(".heatmaplayer image");
  if (image) image.style.visibility = "";
}

/** @param {Element} group @param {object} trace @param {{x: object, y: object}} axes */
function patchBars(group, trace, { x, y }) {
  const points = group?.querySelectorAll(".point") ?? [];
  if (points.length !== trace.y.length) return false;
  const labels = [...points].map((point) => point.querySelector("text"));
  // Plotly has drawn no label where there was no text: only Plotly can.
  if (trace.text?.some((text, i) => text && !labels[i])) return false;
  // Where Plotly puts the label of a bar without height: below it only if all others hang down.
  const usual = trace.y.some((v) => v > 0) || !trace.y.some((v) => v < 0) ? -1 : 1;
  points.forEach((point, i) => {
    const at = trace.x?.[i] ?? i;
    const width = pick(trace.width, i);
    const left = at + (trace.offset ?? -width / 2);
    const base = pick(trace.base ?? 0, i);
    const [x0, x1] = [x.d2p(left), x.d2p(left + width)];
    const [y0, y1] = [y.d2p(base), y.d2p(base + trace.y[i])];
    point.querySelector("path").setAttribute("d", `M${x0},${y0}V${y1}H${x1}V${y0}Z`);
    const label = labels[i];
    if (!label) return;
    write(label, trace.text[i]);
    // Where Plotly puts it: 3 pixels off the tip of a bar that is not very narrow, below it by the
    // height of the letters.
    const size = trace.textfont.size;
    const pad = Math.abs(x1 - x0) > 6 ? 3 : 0;
    const below = (y1 - y0 || usual) > 0;
    const off = below ? pad + size : -pad - 0.31 * size;
    label.setAttribute("transform", `translate(${(x0 + x1) / 2},${y1 + off})`);
  });
  return true;
}

/** @param {Element} group @param {object} trace @param {{x: object, y: object}} axes */
function patchScatter(group, trace, { x, y }) {
  if (!group) return trace.x.length === 0;
  const mode = trace.mode;
  const places = trace.x.map((at, i) => [x.d2p(at), y.d2p(trace.y[i])]);
  if (mode.includes("lines")) {
    const lines = group.querySelectorAll("path.js-line");
    const pieces = split(trace, places);
    if (lines.length !== pieces.length) return false;
    lines.forEach((line, i) => line.setAttribute("d", `M${pieces[i].join("L")}`));
  }
  if (mode.includes("markers")) {
    const points = group.querySelectorAll(".points > .point");
    if (points.length !== places.length) return false;
    points.forEach((point, i) => point.setAttribute("transform", `translate(${places[i]})`));
  }
  if (mode.includes("text")) {
    const labels = [...group.querySelectorAll(".textpoint text")];
    const shown = places.map((place, i) => [place, trace.text[i]]).filter(([, text]) => text);
    if (labels.length !== shown.length) return false;
    labels.forEach((label, i) => {
      const [place, text] = shown[i];
      label.setAttribute("x", place[0]);
      label.setAttribute("y", place[1]);
      writeLines(label, text, place);
    });
  }
  return true;
}

/** Cut a line where a point is missing. @param {object} trace @param {number[][]} places */
function split(trace, places) {
  const pieces = [[]];
  places.forEach((place, i) => {
    if (trace.x[i] === null || trace.y[i] === null) pieces.push([]);
    else pieces.at(-1).push(place);
  });
  return pieces.filter((piece) => piece.length > 0);
}

/** Colour the cells of a heat map, as rectangles in the place of the image that Plotly made. */
function patchCells(plot, trace, figure, { x, y }, theme) {
  const image = plot.querySelector(".heatmaplayer image");
  const labels = plot.querySelectorAll(".heatmap-label text");
  const values = trace.z.flat();
  const columns = trace.z[0].length;
  if (!image || theme.diverging.length < 2 || (trace.text && labels.length !== values.length)) return false;
  let cells = plot.querySelectorAll(".live-cell");
  if (cells.length !== values.length) {
    clear(plot);
    cells = values.map((_, k) => {
      const [row, column] = [Math.floor(k / columns), k % columns];
      const cell = document.createElementNS(SVG, "rect");
      cell.setAttribute("class", "live-cell");
      const [left, width] = between(x, column, trace.xgap);
      const [top, height] = between(y, row, trace.ygap);
      for (const [name, value] of Object.entries({ x: left, y: top, width, height })) {
        cell.setAttribute(name, value);
      }
      return cell;
    });
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

/**
 * Write the numbers of a heat map in black or white, as Plotly has drawn it: it takes a dark grey,
 * which is hard to read on the colours in the middle of the scale.
 * @param {HTMLElement} plot @param {object} figure @param {import("./theme.js").Theme} theme
 */
export function inkCells(plot, figure, theme) {
  const labels = plot.querySelectorAll(".heatmap-label text");
  if (labels.length === 0 || theme.diverging.length < 2) return;
  const values = figure.data.find((trace) => trace.type === "heatmap").z.flat();
  const colors = colorsOf(values, figure, theme);
  labels.forEach((label, k) => inkCell(label, colors[k], figure, theme));
}

/** The colours of the cells, in the order of their values. */
function colorsOf(values, { layout }, { diverging }) {
  const { cmin, cmax } = layout.coloraxis;
  return values.map((value) => mix(diverging, (value - cmin) / (cmax - cmin)));
}

/** Write the number of a cell in a colour that can be read, also where a step fades the cell. */
function inkCell(label, color, figure, theme) {
  label.style.fill = ink(color);
  if (figure.state !== "past") return;
  const page = rgb(theme.background);
  const faded = color.map((value, i) => FADED * value + (1 - FADED) * page[i]);
  label.style.setProperty("--live-faded-ink", ink(faded));
}

/**
 * Where Plotly draws a cell, to whole pixels: its start and its size.
 * @param {object} axis @param {number} place @param {number} gap to the next cell
 */
function between(axis, place, gap) {
  const [start, end] = [place - 0.5, place + 0.5].map((edge) => Math.round(axis.d2p(edge)));
  return [start + Math.floor(gap / 2), Math.max(0, end - start - gap)];
}

/** Change title and notes, where they are plain text. */
function patchWords(plot, layout) {
  const title = plot.querySelector(".gtitle");
  const text = layout.title.text;
  if (title && text !== title.dataset.unformatted) {
    if (/[<&]/.test(text + title.dataset.unformatted)) return false;
    write(title, text);
    title.dataset.unformatted = text;
  }
  const notes = plot.querySelectorAll(".annotation-text");
  return (layout.annotations ?? []).every((note, i) => notes[i] && writeLines(notes[i], note.text));
}

/** A number that is the same for all bars, or one for each. */
function pick(values, index) {
  return Array.isArray(values) ? values[index] : values;
}

/** @param {Element} node @param {string} text */
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Write text of several lines, into as many as there are. */
function writeLines(node, text, place) {
  const lines = node.querySelectorAll("tspan.line");
  const texts = text.split("<br>");
  if (texts.length === 1 && lines.length === 0) write(node, text);
  else if (texts.length !== lines.length) return false;
  else {
    lines.forEach((line, i) => {
      write(line, texts[i]);
      if (!place) return;
      line.setAttribute("x", place[0]);
      line.setAttribute("y", place[1]);
    });
  }
  return true;
}

/** The colour at a place from 0 to 1 on a scale. @param {string[]} colors @param {number} place */
function mix(colors, place) {
  const at = Math.min(1, Math.max(0, place)) * (colors.length - 1);
  const low = Math.min(colors.length - 2, Math.floor(at));
  const [from, to] = [rgb(colors[low]), rgb(colors[low + 1])];
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
function ink(color) {
  const [red, green, blue] = color.map((value) =>
    value <= 10 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4,
  );
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 ? "#fff" : "#000";
}
