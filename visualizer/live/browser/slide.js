/** A whole page as one picture for a slide, 16:9: its figures in the size of a presentation. */

import { element } from "./dom.js";
import { drawn, framed, numbered, save } from "./picture.js";
import { readTheme } from "./theme.js";

/** @typedef {import("./theme.js").Theme} Theme */
/** @typedef {import("./types").Formula} Formula */
/** @typedef {import("./types").Term} Term */

/**
 * @typedef {object} Slide what Python says of it
 * @property {string} name of the file
 * @property {string} title
 * @property {string[][][]} rows names of figures: in a row, in a column of it, from top to bottom
 * @property {Record<string, any>} figures and formulas, by name
 * @property {string[]} formulas which of them are formulas
 * @property {boolean} transparent whether it has no background
 */

const WIDTH = 1280;
const HEIGHT = 720;

/** Around all, and the heights of the title and of a formula, in pixels. */
const MARGIN = 24;
const TITLE = 56;
const FORMULA = 56;

/** The sizes of letters, in pixels: an index is what stands below the line of a formula. */
const LETTERS = { title: 32, formula: 32, index: 22, number: 28 };

const SVG = "http://www.w3.org/2000/svg";

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag @param {Record<string, string | number>} attributes @param {string} [text]
 */
function made(tag, attributes, text = "") {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.textContent = text;
  return node;
}

/** @param {Slide} slide @param {Theme} theme */
async function composed({ title, rows, figures, formulas }, theme) {
  const font = { "font-family": theme.font, fill: theme.text };
  const look = { ...font, "font-size": LETTERS.title, "font-weight": 600 };
  /** @type {Element[]} */
  const parts = [made("text", { x: MARGIN, y: MARGIN + LETTERS.title, ...look }, title)];
  const flat = rows.map((row) => row.flat().every((name) => formulas.includes(name)));
  const stacks = rows.map((row, i) => (flat[i] ? 0 : Math.max(...row.map(({ length }) => length))));
  const room = HEIGHT - 2 * MARGIN - TITLE - FORMULA * flat.filter(Boolean).length;
  const share = room / stacks.reduce((sum, one) => sum + one, 0);
  let top = MARGIN + TITLE;
  for (const [r, row] of rows.entries()) {
    const width = (WIDTH - 2 * MARGIN) / row.length;
    const height = flat[r] ? FORMULA : stacks[r] * share;
    for (const [k, names] of row.entries()) {
      for (const [i, name] of names.entries()) {
        const part = { x: MARGIN + k * width, y: top + (i * height) / names.length };
        const box = { ...part, width, height: height / names.length };
        const put = formulas.includes(name) ? written : placed;
        parts.push(await put(figures[name], box, theme));
      }
    }
    top += height;
  }
  return parts;
}

/**
 * @param {any} figure @param {{x: number, y: number, width: number, height: number}} box
 * @param {Theme} theme
 * @returns {Promise<Element>}
 */
async function placed(figure, box, theme) {
  const [width, height] = [Math.floor(box.width), Math.floor(box.height)];
  const svg = await drawn(numbered(figure, LETTERS.number), theme, width, height);
  svg.setAttribute("x", String(box.x));
  svg.setAttribute("y", String(box.y));
  return svg;
}

const brush = document.createElement("canvas").getContext("2d");

/**
 * A formula in the middle of its place, smaller where it would be wider.
 * @param {Formula} figure @param {{x: number, y: number, width: number, height: number}} box
 * @param {Theme} theme
 */
function written({ formula, data, layout }, { x, y, width, height }, theme) {
  const group = made("g", { "font-family": theme.font });
  const plain = [[{ tag: "mtext", text: layout.meta?.alt ?? layout.title.text }]];
  /** @type {Setting} */
  const setting = { group, theme, numbers: data[0]?.text ?? [], color: theme.text, isBold: false };
  let end = 0;
  for (const term of (formula ?? plain).flat()) end = set(term, end, 0, LETTERS.formula, setting);
  const scale = Math.min(1, width / end);
  const [left, base] = [x + (width - scale * end) / 2, y + height / 2 + 0.3 * LETTERS.formula];
  group.setAttribute("transform", `translate(${left} ${base}) scale(${scale})`);
  return group;
}

/**
 * @typedef {object} Setting how letters are set
 * @property {Element} group that they are put in
 * @property {Theme} theme
 * @property {string[]} numbers of the formula
 * @property {string} color
 * @property {boolean} isBold
 */

/**
 * Set an element of a formula; return where it ends.
 * @param {Term} term @param {number} x where it begins @param {number} y @param {number} size
 * @param {Setting} setting
 * @returns {number}
 */
function set({ tag, text, number, children, of, color }, x, y, size, setting) {
  const own = { ...setting, color: color ?? setting.color, isBold: setting.isBold || Boolean(of) };
  if (tag === "msub" && children) {
    return set(children[1], set(children[0], x, y, size, own), y + size / 4, LETTERS.index, own);
  }
  if (tag === "mfrac" && children) {
    const [above, below] = children.map((child) => child.text ?? "");
    return set({ tag: "mn", text: `${above}/${below}` }, x, y, size, own);
  }
  const shown = number === undefined ? (text ?? "") : (own.numbers[number] ?? "");
  const space = tag === "mo" && !"()".includes(shown) ? size / 4 : 0;
  const style = tag === "mi" ? "italic" : "normal";
  const look = { "font-size": size, "font-weight": own.isBold ? 600 : 400, "font-style": style };
  own.group.append(made("text", { x: x + space, y, fill: own.color, ...look }, shown));
  if (!brush) return x;
  brush.font = `${style} ${look["font-weight"]} ${size}px ${own.theme.font}`;
  return x + 2 * space + brush.measureText(shown).width;
}

/** Its place in the dialog: what it looks like, and two buttons. */
export class SlideMount {
  /** @type {Slide} */
  slide;

  /** @param {import("./types").Component} component as Streamlit hands it over */
  constructor({ parentElement }) {
    this.root = element("div", "live-slide", parentElement);
    this.image = element("img", "live-preview", this.root);
    this.image.alt = "The page as one picture";
    for (const format of /** @type {const} */ (["png", "svg"])) {
      const button = element("button", "live-button", this.root);
      button.type = "button";
      button.textContent = `Whole page as ${format.toUpperCase()}`;
      button.onclick = async () => save(await this.picture(), this.slide.name, format);
    }
  }

  /** Called by Streamlit whenever the script has run, and when the theme changes. @param {import("./types").Component} component */
  async update({ data }) {
    this.slide = data.content;
    this.image.src = `data:image/svg+xml,${encodeURIComponent(await this.picture())}`;
  }

  /** @returns {Promise<string>} the picture as SVG */
  async picture() {
    const theme = readTheme(this.root);
    const parts = await composed(this.slide, theme);
    return framed(parts, theme, WIDTH, HEIGHT, this.slide.transparent);
  }

  remove() {
    this.root.remove();
  }
}
