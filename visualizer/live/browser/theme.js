/** The colours and fonts of the page's theme, as Plotly wants them. */
/** @typedef {import("./types").Layout} Layout */

/**
 * @typedef {{text: string, background: string, grid: string, zero: string, font: string, diverging: string[]}} Theme
 */

/**
 * Read the theme that Streamlit has set on an element, as CSS variables.
 * @param {Element} element
 * @returns {Theme}
 */
export function readTheme(element) {
  const style = getComputedStyle(element);
  /** @param {string} name */
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    text: read("--st-text-color"),
    background: read("--st-background-color"),
    grid: read("--st-border-color-light") || read("--st-border-color"),
    zero: paler(read("--st-text-color")),
    font: read("--st-font"),
    diverging: read("--st-chart-diverging-colors").split(",").filter(Boolean),
  };
}

/** Half as strong, so that numbers on the line of 0 can be read. @param {string} color */
function paler(color) {
  return /^#[0-9a-f]{6}$/i.test(color) ? `${color}80` : color;
}

/** How much larger than its letters the title of a figure is, where it does not say. */
const TITLE = 1.4;

/** The least size of a title, in pixels. */
const SMALL = 10;

/** A text without the tags that Plotly understands. @param {string} text */
export function plain(text) {
  return text.replace(/<[^>]*>/g, "");
}

const brush = document.createElement("canvas").getContext("2d");

/** A title that would be smaller takes two lines; they are as large as the room above the plot. */
const READABLE = 11.5;

/**
 * Return a title no longer than its room: a column is narrower than usual in a narrow window. Where
 * its letters would be too small, it is broken at the space that leaves the shortest lines.
 * @param {Layout["title"]} title as Plotly knows it
 * @param {number} usual size of its letters, in pixels
 * @param {number} room in pixels
 * @param {string} font
 */
function fitting(title, usual, room, font) {
  if (!brush) return title;
  brush.font = `${usual}px ${font}`;
  /** @param {string} text */
  const length = (text) => brush?.measureText(plain(text)).width ?? 0;
  /** @param {string[]} lines */
  const fit = (lines) => Math.min(usual, (usual * room) / Math.max(...lines.map(length)));
  const words = title.text.split(" ");
  const broken = words.slice(1).map((_, i) => [words.slice(0, i + 1), words.slice(i + 1)]);
  const lines = broken.map((parts) => parts.map((part) => part.join(" ")));
  lines.sort((one, other) => fit(other) - fit(one));
  const isBroken = lines.length > 0 && fit([title.text]) < READABLE;
  const size = isBroken ? Math.min(READABLE, fit(lines[0])) : fit([title.text]);
  const text = isBroken ? lines[0].join("<br>") : title.text;
  return { ...title, text, font: { ...title.font, size: Math.max(SMALL, size) } };
}

/**
 * Return the layout of a figure in the colours of the theme.
 * @param {Layout} layout as it came from Python
 * @param {Theme} theme
 * @param {number} width in pixels
 * @param {number} height in pixels
 */
export function themed(layout, theme, width, height) {
  /** @param {import("./types").Options} options */
  const axis = (options) => ({
    ...options,
    ...(options.range && { range: options.range.slice() }), // Plotly writes in it where it zooms
    gridcolor: theme.grid,
    zerolinecolor: theme.zero,
    zerolinewidth: 1,
  });
  const last = theme.diverging.length - 1;
  const size = layout.title.font?.size ?? TITLE * layout.font.size;
  return {
    ...layout,
    title: fitting(layout.title, size, width - layout.margin.l, theme.font),
    width,
    height,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { ...layout.font, color: theme.text, family: theme.font },
    xaxis: axis(layout.xaxis),
    yaxis: axis(layout.yaxis),
    ...(layout.yaxis2 && { yaxis2: axis(layout.yaxis2) }),
    shapes: (layout.shapes ?? []).map((shape) => ({
      ...shape,
      line: { color: theme.text, ...shape.line },
    })),
    ...(layout.coloraxis && {
      coloraxis: {
        ...layout.coloraxis,
        ...(last > 0 && { colorscale: theme.diverging.map((color, i) => [i / last, color]) }),
      },
    }),
  };
}
