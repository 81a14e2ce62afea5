/**
 * What is pointed at on a page, and what is lit with it in all of its figures.
 *
 *                    pointer moves                       pointer leaves, a drag begins
 *      nothing ─────────────────────▶ hovered ──────────────────────────────▶ nothing
 *         │                              ▲
 *         │ tap, or focus by a key       │ what is hovered counts before what is kept
 *         ▼                              │
 *        kept ─────── second tap, tap elsewhere, Escape, focus lost ────────▶ nothing
 *
 * Nothing of it goes to the server: figures have said what belongs together (links.js), and hold
 * the numbers. A node outside of figures with `data-of="g:0"`, such as a symbol of a formula, is lit
 * like any other, and lights what belongs to it; "g:*" stands for all of g.
 */

import { element, write } from "./dom.js";
import { axesOf, barsOf, barTraces, cellImage, cellLabels } from "./internals.js";
import { pointsOf, pointLabelsOf, scatterTraces } from "./internals.js";
import { isolated } from "./isolated.js";
import { Lens } from "./lens.js";
import { isLit, litWith, numberOf, shown, words } from "./links.js";
import { colorsOf, ink } from "./patch.js";

/** @typedef {import("./links.js").Elements} Elements */
/** @typedef {import("./figure.js").FigureMount} FigureMount */
/** @typedef {{root: HTMLElement, axes?: import("./places.js").Axes}} Place a figure, or a formula */
/** @typedef {{mount: Place, name: string, x: number, y: number}} Pointed where, in its figure */

const SVG = "http://www.w3.org/2000/svg";

/** Nodes that are no part of a figure, and stand for elements. */
const NAMED = "[data-of]";

/** Pixels around a point in which it is pointed at. */
const NEAR = 26;

/** What is pointed at on one page. */
export class Lighting {
  /** @type {Pointed | undefined} */
  hovered;
  /** @type {Pointed | undefined} */
  kept;
  /** Whether figures are lit and dimmed. */
  painted = false;

  /** @param {Map<string, any>} mounts of the page, by name */
  constructor(mounts) {
    this.mounts = mounts;
    this.tag = document.createElement("div");
    this.tag.className = "live-tag";
    this.tag.setAttribute("aria-hidden", "true"); // what has the focus says it
    this.lens = new Lens();
    this.closed = new AbortController();
    const { signal } = this.closed;
    document.addEventListener("pointerdown", (event) => this.pressed(event), { signal });
    document.addEventListener("pointerover", (event) => this.over(event), { signal });
    window.addEventListener("keydown", (event) => this.key(event), { signal, capture: true });
  }

  /** The page is left. */
  close() {
    this.closed.abort();
    this.tag.remove();
    this.lens.remove();
  }

  /** The pointer has come to a named node, or has left one. @param {PointerEvent} event */
  over({ target, buttons, clientX, clientY }) {
    const node = target instanceof Element ? target.closest(NAMED) : null;
    const root = /** @type {HTMLElement | null} */ (node?.closest("div") ?? null);
    const name = node?.getAttribute("data-of");
    if (name && root && buttons === 0) {
      const { left, top } = root.getBoundingClientRect();
      this.hover({ mount: { root }, name, x: clientX - left, y: clientY - top });
    } else if (this.hovered && !this.hovered.mount.axes) this.hover(undefined);
  }

  /** A tap anywhere but on a figure lets go. @param {PointerEvent} event */
  pressed(event) {
    const inside = event.target instanceof Element && event.target.closest(".live-figure");
    if (!inside) this.letGo();
  }

  /** Escape lets go; the next one means what it means without light. @param {KeyboardEvent} event */
  key(event) {
    if (event.key !== "Escape" || !this.painted) return;
    if (this.kept) event.stopPropagation();
    this.letGo();
  }

  /** @returns {FigureMount[]} */
  get figures() {
    return [...this.mounts.values()].filter((mount) => mount.figure && mount.plot);
  }

  /** What is pointed at now. */
  get pointed() {
    return this.hovered ?? this.kept;
  }

  /** What the figures of the page say of their elements, with their numbers as they are now. */
  get told() {
    return this.figures.flatMap((mount) => elementsOf(mount) ?? []);
  }

  /** @param {Pointed | undefined} pointed by a mouse; nothing to let go */
  hover(pointed) {
    if (!pointed && !this.hovered) return;
    const same = pointed?.name === this.hovered?.name && pointed?.mount === this.hovered?.mount;
    this.hovered = pointed;
    if (same) this.write();
    else this.paint();
  }

  /** @param {Pointed | undefined} pointed by a tap or a key; nothing to let go */
  keep(pointed) {
    if (!pointed && !this.kept) return;
    this.kept = pointed;
    this.paint();
  }

  /** In a drag everything is seen; but for what is kept elsewhere. @param {FigureMount} mount */
  dragged(mount) {
    this.hover(undefined);
    if (this.kept?.mount === mount) this.keep(undefined);
  }

  /** Take back all light. */
  letGo() {
    this.hovered = undefined;
    this.keep(undefined);
    if (this.painted) this.paint();
  }

  /** A figure has been drawn anew, or has other numbers. @param {FigureMount} mount @param {boolean} drawn */
  changed(mount, drawn) {
    if (!this.pointed) return;
    if (drawn) light(mount, this.patterns());
    if (this.painted) this.write();
  }

  /** A figure has left the page. @param {FigureMount} mount */
  left(mount) {
    if (this.hovered?.mount === mount) this.hover(undefined);
    if (this.kept?.mount === mount) this.keep(undefined);
  }

  /** The names of all that is lit. */
  patterns() {
    return this.pointed && litWith(this.told, this.pointed.name);
  }

  paint() {
    const patterns = this.patterns();
    if (!patterns && !this.painted) return;
    this.painted = Boolean(patterns);
    for (const mount of this.figures) isolated(() => light(mount, patterns));
    for (const node of document.querySelectorAll(NAMED)) {
      const dim = patterns && !isLit(patterns, node.getAttribute("data-of") ?? "");
      node.classList.toggle("live-dim", Boolean(dim));
    }
    this.write();
  }

  /** Enlarge what is pointed at in a presentation; give where that ends at the top of its figure. */
  magnify() {
    const { pointed, lens } = this;
    const mount = this.figures.find((figure) => figure === pointed?.mount);
    const isLarge = mount?.root.matches(".live-present");
    const seen = mount && pointed && isLarge ? enlarged(mount, pointed.name) : undefined;
    if (mount && seen) return lens.show(mount.handles.root, seen);
    lens.remove();
    return Infinity;
  }

  /** Write the products beside what is pointed at. */
  write() {
    const { pointed, tag } = this;
    const edge = this.magnify();
    const lines = pointed ? words(this.told, pointed.name) : [];
    if (!pointed || lines.length === 0) return tag.remove();
    const { root } = pointed.mount;
    if (tag.parentElement !== root) root.append(tag);
    const text = lines.join("\n");
    write(tag, text);
    const [room, width, height] = [root.offsetWidth, tag.offsetWidth, tag.offsetHeight];
    const frame = root.getBoundingClientRect();
    const scale = frame.width / room || 1;
    // Within the figure, or where it is wider, within the window.
    const inside = Math.max(0, Math.min(room - width, pointed.x - width / 2));
    const end = (window.innerWidth - frame.left) / scale - 4 - width;
    const left = Math.max((4 - frame.left) / scale, Math.min(end, inside));
    // Over the title, where it hides no number; in the window.
    const { axes } = pointed.mount;
    const below = Math.min(axes?.y.offset ?? 0, edge) - 2;
    const top = Math.max(below - height, (4 - frame.top) / scale);
    tag.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }
}

/**
 * An element as a lens shows it; nothing where it is no bar, cell or point.
 * @param {FigureMount} mount @param {string} name
 * @returns {import("./lens.js").Enlarged | undefined}
 */
function enlarged(mount, name) {
  const told = elementsOf(mount);
  const k = told ? namesOf(told).indexOf(name) : -1;
  const box = k < 0 ? undefined : boxOf(mount, k);
  if (!told || !box || !["bars", "cells", "points"].includes(told.marks)) return undefined;
  const value = Number(numberOf([told], name));
  const look = { marks: told.marks, box, value, text: shown(value) };
  if (told.marks === "cells") {
    const [color] = colorsOf([Number(told.numbers?.[k])], mount.figure, mount.theme);
    return { ...look, color: `rgb(${color})`, ink: ink(color) };
  }
  return { ...look, color: getComputedStyle(nodesOf(mount, told.marks)[k][0]).fill, ink: "" };
}

/** @param {FigureMount} mount @returns {Elements | undefined} with its numbers */
export function elementsOf({ figure, quiet: secret }) {
  const told = figure.elements;
  if (!told) return undefined;
  const behind = told.ghosts?.map((_, i) => figure.data[i].customdata);
  return { numbers: figure.data[0]?.z?.flat() ?? [], ...told, behind, secret };
}

/**
 * The names of the elements of a figure, in the order in which they are drawn.
 * @param {Elements} told
 */
export function namesOf({ name, places, after }) {
  let names = [name];
  for (const [index, count] of Object.entries(places)) {
    const values = Array.from({ length: count }, (_, value) => String(value));
    names = names.flatMap((each) => values.map((value) => each.replaceAll(`{${index}}`, value)));
  }
  return [...names, ...after];
}

/**
 * The place of an element that is drawn at a place of the figure, in pixels of the plot.
 * @param {FigureMount} mount @param {{clientX: number, clientY: number}} at
 * @returns {Pointed | undefined}
 */
export function elementAt(mount, { clientX, clientY }) {
  const told = mount.figure?.elements;
  if (!told || !mount.axes) return undefined;
  const { left, top, width } = mount.root.getBoundingClientRect();
  const scale = width / mount.root.offsetWidth || 1;
  const [x, y] = [(clientX - left) / scale, (clientY - top) / scale];
  const axes = axesOf(mount.plot); // they may have been zoomed
  const k = indexAt(mount, told, axes, x - axes.x.offset, y - axes.y.offset);
  const name = k === undefined ? undefined : namesOf(told)[k];
  return name === undefined ? undefined : { mount, name, x, y };
}

/**
 * @param {FigureMount} mount @param {Elements} told
 * @param {{x: import("./internals.js").Axis, y: import("./internals.js").Axis, right: number}} axes
 * @param {number} across @param {number} down
 * @returns {number | undefined}
 */
function indexAt({ figure }, told, { x, y, right }, across, down) {
  const { marks, places, after } = told;
  if (marks === "fills") return undefined;
  if (marks === "points") {
    const { x: xs, y: ys } = figure.data[figure.data.length - 1];
    const distances = xs.map((at, i) => Math.hypot(x.pixel(at) - across, y.pixel(ys[i]) - down));
    const nearest = Math.min(...distances);
    return nearest <= NEAR ? distances.indexOf(nearest) : undefined;
  }
  const [low, high] = [y.pixel(y.range[0]), y.pixel(y.range[1])];
  if (across < 0 || across > right - x.offset || down < Math.min(low, high)) return undefined;
  if (down > Math.max(low, high)) return undefined;
  if (marks === "rows") {
    const row = Math.round(y.value(down));
    return row in namesOf(told) ? row : undefined;
  }
  const column = Math.round(x.value(across));
  const counts = Object.values(places);
  const count = counts[counts.length - 1] + after.length;
  if (column < 0 || column >= count) return undefined;
  if (marks === "bars") return column;
  const row = Math.round(y.value(down));
  return row < 0 || row >= counts[0] ? undefined : row * count + column;
}

/**
 * Where an element is drawn: its box, in pixels of the figure.
 * @param {FigureMount} mount @param {number} k
 */
export function boxOf(mount, k) {
  const told = mount.figure.elements;
  if (!told) return undefined;
  if (told.marks === "cells") return cellBox(mount, k);
  if (told.marks === "rows") return rowBox(mount, k);
  const node = nodesOf(mount, told.marks)[k]?.[0];
  if (!node) return undefined;
  const [outer, inner] = [mount.root.getBoundingClientRect(), node.getBoundingClientRect()];
  const scale = outer.width / mount.root.offsetWidth || 1;
  const [left, top] = [(inner.left - outer.left) / scale, (inner.top - outer.top) / scale];
  return { left, top, width: inner.width / scale, height: inner.height / scale };
}

/** @param {FigureMount} mount @param {number} k */
function cellBox({ plot, figure }, k) {
  const { x, y } = axesOf(plot);
  const columns = figure.elements?.places.j ?? 1;
  const [i, j] = [Math.floor(k / columns), k % columns];
  const [left, right] = [x.pixel(j - 0.5), x.pixel(j + 0.5)];
  const [top, bottom] = [y.pixel(i - 0.5), y.pixel(i + 0.5)];
  return {
    left: x.offset + left,
    top: y.offset + top,
    width: right - left,
    height: bottom - top,
  };
}

/** @param {FigureMount} mount @param {number} k */
function rowBox({ plot }, k) {
  const { x, y, right } = axesOf(plot);
  const [top, bottom] = [y.pixel(k - 0.5), y.pixel(k + 0.5)];
  return { left: x.offset, top: y.offset + top, width: right - x.offset, height: bottom - top };
}

/**
 * Light what fits the patterns, and dim the rest; without patterns, neither.
 * @param {FigureMount} mount @param {string[] | undefined} patterns
 */
function light(mount, patterns) {
  const { root, plot, figure } = mount;
  const told = figure.elements;
  root.classList.toggle("live-linked", Boolean(patterns));
  root.classList.toggle("live-apart", Boolean(patterns) && !told);
  for (const node of root.querySelectorAll(".live-dim")) node.classList.remove("live-dim");
  for (const veil of plot.querySelectorAll(".live-veil")) veil.remove();
  if (!patterns) return;
  if (!told) return;
  const lit = namesOf(told).map((name) => isLit(patterns, name));
  const nodes = nodesOf(mount, told.marks);
  lit.forEach((one, k) => {
    if (!one) for (const node of nodes[k] ?? []) node.classList.add("live-dim");
  });
  if (told.marks === "cells") veil(mount, lit);
}

/**
 * The nodes in which each element is drawn, with its number and its handle.
 * @param {FigureMount} mount @param {string} marks
 * @returns {Element[][]}
 */
function nodesOf({ plot, handles }, marks) {
  /** @type {Element[][]} */
  const nodes = [];
  /** @param {number} k @param {(Element | null)[]} more */
  const add = (k, ...more) => {
    (nodes[k] ??= []).push(...more.filter((node) => node !== null));
  };
  if (marks === "cells") cellLabels(plot).forEach((label, k) => add(k, label));
  if (marks === "bars") {
    // The bars themselves come last: ghosts stand behind them.
    for (const trace of barTraces(plot).reverse()) {
      barsOf(trace).forEach(({ path, label }, k) => add(k, path, label));
    }
  }
  if (marks === "points") {
    const traces = scatterTraces(plot);
    const last = traces[traces.length - 1];
    pointsOf(last).forEach((point, k) => add(k, point));
    pointLabelsOf(last).forEach((label, k) => add(k, label));
  }
  // Of a table, what stands in each row.
  if (marks === "rows") {
    for (const trace of scatterTraces(plot)) {
      pointLabelsOf(trace).forEach((label, k) => add(k, label));
    }
  }
  // Ribbons of a flow: each a trace of its own, before all others.
  if (marks === "fills") scatterTraces(plot).forEach((trace, k) => add(k, trace));
  // Lines stand at numbers of their own, and what moves in a plane stands anywhere.
  if (!["line", "plane"].includes(handles.spec.grip)) handles.items.forEach((item, k) => add(k, item));
  return nodes;
}

/**
 * Cover the cells that are not lit, in the colour of the page, below their numbers.
 * @param {FigureMount} mount @param {boolean[]} lit
 */
function veil(mount, lit) {
  const image = cellImage(mount.plot);
  if (!image) return;
  const { x, y } = axesOf(mount.plot);
  /** @param {{left: number, top: number, width: number, height: number}} box */
  const outline = ({ left, top, width, height }) =>
    `M${left - x.offset},${top - y.offset}h${width}v${height}h${-width}Z`;
  const last = cellBox(mount, lit.length - 1);
  const first = cellBox(mount, 0);
  const right = last.left + last.width;
  const whole = { ...first, width: right - first.left, height: last.top + last.height - first.top };
  const holes = lit.flatMap((one, k) => (one ? outline(cellBox(mount, k)) : []));
  const cover = document.createElementNS(SVG, "path");
  cover.setAttribute("class", "live-veil");
  cover.setAttribute("fill-rule", "evenodd");
  cover.setAttribute("d", outline(whole) + holes.join(""));
  /** @type {Element | null} */
  let labels = cellLabels(mount.plot)[0] ?? null;
  while (labels && labels.parentElement !== image.parentElement) labels = labels.parentElement;
  if (labels) labels.before(cover);
  else image.parentElement?.append(cover);
}

/**
 * The stop of a figure for the tab key, and what arrow keys point at in it. Two nodes take turns, so
 * that a reader says each element as one that gets the focus.
 */
export class Cursor {
  at = 0;

  /** @param {FigureMount} mount */
  constructor(mount) {
    this.mount = mount;
    this.nodes = [0, 1].map(() => this.create());
    this.turn = 0;
  }

  create() {
    const node = element("div", "live-cursor", this.mount.root);
    node.hidden = true;
    node.tabIndex = -1;
    node.setAttribute("role", "button");
    node.onkeydown = (event) => this.key(event);
    node.onfocus = () => this.point();
    node.onblur = () => this.mount.page.lighting.keep(undefined);
    return node;
  }

  /** Stand on an element, where there are some that have no handle. */
  update() {
    const told = this.mount.figure.elements;
    const names = told && !this.mount.figure.handles ? namesOf(told) : [];
    this.at = Math.max(0, Math.min(this.at, names.length - 1));
    this.nodes.forEach((node, turn) => {
      const here = names.length > 0 && turn === this.turn;
      node.hidden = names.length === 0;
      if (node.tabIndex !== (here ? 0 : -1)) node.tabIndex = here ? 0 : -1;
    });
    if (names.length > 0) this.place(names);
  }

  /** @param {string[]} names */
  place(names) {
    const node = this.nodes[this.turn];
    const box = boxOf(this.mount, this.at);
    if (!box) return;
    const { lighting } = this.mount.page;
    const label = `${names[this.at]}: ${words(lighting.told, names[this.at]).join("; ")}`;
    node.setAttribute("aria-label", label);
    const [width, height] = [Math.max(box.width, 12), Math.max(box.height, 12)];
    const top = box.top - (height - box.height) / 2;
    node.style.cssText = `width: ${width}px; height: ${height}px;
      transform: translate(${box.left}px, ${top}px)`;
  }

  /** Light what has the focus. */
  point() {
    const { mount } = this;
    const told = mount.figure.elements;
    const box = boxOf(mount, this.at);
    if (!told || !box) return;
    this.update();
    const name = namesOf(told)[this.at];
    mount.page.lighting.keep({ mount, name, x: box.left + box.width / 2, y: box.top });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const told = this.mount.figure.elements;
    if (!told || event.ctrlKey || event.metaKey || event.altKey) return;
    const names = namesOf(told);
    const row = told.marks === "cells" ? told.places.j : names.length;
    const down = told.marks === "rows" ? 1 : row;
    /** @type {Record<string, number>} */
    const ways = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -down, ArrowDown: down };
    const by = ways[event.key];
    if (by !== undefined) this.move(by, row, names.length);
    else if (event.key === "Enter" || event.key === " ") this.mount.chosen(this.at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} by @param {number} row how long it is @param {number} count */
  move(by, row, count) {
    const next = this.at + by;
    const sideways = Math.abs(by) === 1;
    const leaves = sideways && Math.floor(next / row) !== Math.floor(this.at / row);
    if (next < 0 || next >= count || leaves) return;
    this.at = next;
    const before = this.nodes[this.turn];
    this.turn = 1 - this.turn;
    this.update();
    this.nodes[this.turn].focus({ preventScroll: true });
    before.tabIndex = -1;
  }
}
