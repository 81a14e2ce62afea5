/**
 * Pictures to take away, for slides: a figure as SVG in its own font, and as PNG made of that.
 *
 * Plotly draws them anew, from the numbers: what the pointer has lit on the way to the button is not in
 * them. The font has to be in the file, as no other program has it, and titles would be cut.
 */

import { inkCells } from "./patch.js";
import { themed } from "./theme.js";
import { printed } from "./values.js";

/** @typedef {import("./theme.js").Theme} Theme */
/** @typedef {import("./types").Figure} Figure */

/** How many pixels a PNG has for one on the screen, along each side. */
export const SHARP = 4;

const SVG = "http://www.w3.org/2000/svg";

/**
 * A figure as an element of SVG.
 * @param {Figure} figure @param {Theme} theme @param {number} width @param {number} height
 */
export async function drawn(figure, theme, width, height) {
  const layout = themed(figure.layout, theme, width, height);
  const how = { format: "svg", width, height, imageDataOnly: true };
  const text = await Plotly.toImage({ data: figure.data, layout }, how);
  const svg = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  inkCells(svg, figure, theme);
  return svg;
}

/**
 * A figure with the numbers that on the page stand at its handles: on a curve nothing else prints them.
 * @param {Figure} figure @param {number} size of the letters, in pixels
 * @param {(index: number) => boolean} [isSeen] whether a number covers no other
 * @returns {Figure}
 */
export function numbered(figure, size, isSeen = () => true) {
  const { values, step, grip } = figure.handles ?? {};
  if (grip !== "curve" || !values || !step) return figure;
  const text = values.map((value, i) => (isSeen(i) ? printed(value, step) : ""));
  const look = { mode: "markers+text", textposition: "top left", cliponaxis: false };
  const last = { ...figure.data[figure.data.length - 1], ...look, text, textfont: { size } };
  return { ...figure, data: [...figure.data.slice(0, -1), last] };
}

/** A figure without its numbers. @param {Figure} figure @returns {Figure} */
export function silent(figure) {
  const data = figure.data.map((trace) => ({ ...trace, text: silenced(trace.text) }));
  return { ...figure, data, layout: { ...figure.layout, annotations: [] } };
}

/** Texts without a letter, in as many places. @param {any} text @returns {any} */
function silenced(text) {
  return Array.isArray(text) ? text.map(silenced) : "";
}

/**
 * A picture of its own, with its font in it.
 * @param {Element[]} parts @param {Theme} theme @param {number} width @param {number} height
 * @param {boolean} transparent whether it has no background
 * @returns {Promise<string>}
 */
export async function framed(parts, theme, width, height, transparent) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("width", String(width));
  svg.setAttribute("height", String(height));
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const style = document.createElementNS(SVG, "style");
  style.textContent = await fontFaces(theme.font);
  svg.append(style);
  if (!transparent) {
    const background = document.createElementNS(SVG, "rect");
    background.setAttribute("width", "100%");
    background.setAttribute("height", "100%");
    background.setAttribute("fill", theme.background);
    svg.append(background);
  }
  svg.append(...parts);
  return new XMLSerializer().serializeToString(svg);
}

/** What the page says of the first font of a family, with its files in it. @type {Map<string, Promise<string>>} */
const faces = new Map();

/** @param {string} family as CSS has it */
function fontFaces(family) {
  const [name] = family.split(",").map((each) => each.trim().replace(/["']/g, ""));
  if (!faces.has(name)) {
    const rules = [...document.styleSheets]
      .flatMap((sheet) => [...sheet.cssRules].map((rule) => ({ rule, from: sheet.href })))
      .filter(({ rule }) => rule instanceof CSSFontFaceRule && familyOf(rule) === name);
    const texts = rules.map(({ rule, from }) => embedded(rule.cssText, from ?? location.href));
    faces.set(name, Promise.all(texts).then((all) => all.join("\n")));
  }
  return faces.get(name) ?? "";
}

/** @param {CSSFontFaceRule} rule */
function familyOf(rule) {
  return rule.style.getPropertyValue("font-family").replace(/["']/g, "");
}

/** A rule with the file of the font in it. @param {string} text @param {string} from where the rule stands */
async function embedded(text, from) {
  const [match, address] = text.match(/url\("?([^")]+)"?\)/) ?? [];
  if (!match) return text;
  const file = await (await fetch(new URL(address, from))).blob();
  return text.replace(match, `url("${await asUrl(file)}")`);
}

/** @param {Blob} blob @returns {Promise<string>} */
function asUrl(blob) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(blob);
  });
}

/**
 * Hand a picture to the user.
 * @param {string} svg @param {string} name of the file @param {"svg" | "png"} format
 */
export async function save(svg, name, format) {
  const link = document.createElement("a");
  const file = new Blob([svg], { type: "image/svg+xml" });
  link.href = await asUrl(format === "svg" ? file : await rasterized(file));
  link.download = `${name}.${format}`;
  link.click();
}

/** @param {Blob} file of SVG @returns {Promise<Blob>} of PNG */
async function rasterized(file) {
  const image = new Image();
  image.src = await asUrl(file);
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = SHARP * image.width;
  canvas.height = SHARP * image.height;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, failed) =>
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no picture"))), "image/png"),
  );
}
