/** One figure on the page: drawn by Plotly, patched while it is dragged, with its handles. */

import { element } from "./dom.js";
import { HandleLayer } from "./handles.js";
import { axesOf, scrolled } from "./internals.js";
import { isolated, pageOf } from "./page.js";
import { clear, FADED, frameOf, inkCells, patch } from "./patch.js";
import { readTheme, themed } from "./theme.js";

const CONFIG = { displayModeBar: false, responsive: false, doubleClick: "reset" };

/** Milliseconds of an animation frame that drawing may take, before the next one is due. */
const FRAME_BUDGET = 11;

/** Milliseconds without a change after which a patched figure is drawn anew. */
const SETTLED = 250;

/** Pixels between the rows of a presentation, and below the last. */
const GAP = 18;

/** @typedef {import("./types").Component} Component */
/** @typedef {import("./types").Figure} Figure */

/** One figure on the page. */
export class FigureMount {
  /** @type {Component} */
  component;
  /** @type {import("./page.js").Page} */
  page;
  /** @type {import("./theme.js").Theme} */
  theme;
  /** What is to be seen, from the first script run on. @type {Figure} */
  figure;
  /** The same as text, while it is as Python said. @type {string | undefined} */
  text;
  /** What of it a patch cannot change, once somebody asked. @type {string | undefined} */
  frame;
  /** That of the figure that Plotly drew last. @type {string | undefined} */
  drawnFrame;
  /** That of a figure whose patch has thrown. @type {string | undefined} */
  unpatchable;
  /** Whether only a full draw helps. */
  stale = false;
  /** As drawn last. @type {import("./places.js").Axes} */
  axes;
  width = 0;
  /** Place of the figure among those of its page: 0 is the result. */
  rank = 0;
  /** Whether the pointer has shown an input that is not saved yet. */
  pointing = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  settling;

  /** @param {Component} component as Streamlit hands it over */
  constructor(component) {
    this.root = element("div", "live-figure", component.parentElement);
    this.root.style.setProperty("--live-faded", String(FADED));
    /** @type {import("./types").Plot} */
    this.plot = element("div", "live-plot", this.root);
    this.plot.setAttribute("role", "img");
    this.saves = element("div", "live-saves", this.root);
    for (const format of /** @type {const} */ (["png", "svg"])) {
      const button = element("button", "live-save", this.saves);
      button.type = "button";
      button.textContent = format.toUpperCase();
      button.setAttribute("aria-label", `${component.data.name} as ${button.textContent}`);
      button.onclick = (event) => {
        event.stopPropagation();
        this.download(format);
      };
    }
    this.handles = new HandleLayer(
      this.root,
      (values, final) => this.pulled(values, final),
      () => this.page.forgotten(this, this.handles.spec.field),
    );
    this.waitingSince = 0;
    this.cost = 10;
    this.resized = new ResizeObserver(() => {
      if (this.figure && this.root.clientWidth !== this.width) this.redraw();
    });
    this.resized.observe(this.root);
    this.heightened = () => this.figure?.layout.meta.rows && this.redraw();
    window.addEventListener("resize", this.heightened);
    this.keyed = () => this.unpointed(); // a shortcut begins from what is seen
    window.addEventListener("keydown", this.keyed, true);
    this.root.onpointermove = (event) => this.pointed(event);
    this.root.onpointerleave = () => this.unpointed();
    this.root.onclick = (event) => this.pointed(event, true);
  }

  /** Called by Streamlit whenever the script has run, and when the theme changes. @param {Component} component */
  update(component) {
    const { data } = component;
    this.component = component;
    this.rank = data.rank;
    this.page = pageOf(data);
    this.page.join(data.name, this);
    const theme = readTheme(this.root);
    if (JSON.stringify(theme) !== JSON.stringify(this.theme)) this.redraw();
    this.theme = theme;
    this.page.arrived(this, data);
  }

  /** @param {Figure} figure as a view returned it */
  show(figure) {
    this.figure = figure;
    this.root.dataset.state = figure.state ?? "lit";
    this.root.classList.toggle("live-present", Boolean(figure.layout.meta.rows));
    const walking = figure.state || Number(this.page.edits.query.step) > 0;
    this.handles.lecture = Boolean(figure.layout.meta.rows || walking);
    this.handles.update(figure.handles, this.page.edits.shown < this.page.edits.newest);
    const text = JSON.stringify(figure);
    if (text === this.text) return;
    this.text = text;
    this.frame = undefined;
    queue(this);
  }

  /**
   * Take new numbers for what is drawn, at once: they are in the page before the next frame begins,
   * which then has less to do.
   * @param {import("./types").Moved} moved
   */
  move({ data, layout }) {
    if (!this.figure) return;
    const traces = this.figure.data.map((trace, i) => ({ ...trace, ...data[i] }));
    this.figure = { ...this.figure, data: traces, layout: { ...this.figure.layout, ...layout } };
    this.text = undefined;
    if (!this.patch()) queue(this);
  }

  /** Whether a handle is in the hand: more is to come. */
  get held() {
    return this.handles.held;
  }

  /** @param {number[]} values @param {boolean} final */
  pulled(values, final) {
    const { field, row, moves } = this.handles.spec;
    const rows = this.page.edits.query[field].split(";");
    rows[row] = values.join(",");
    this.page.edited(this, { [field]: rows.join(";") }, final, moves);
  }

  /**
   * The pointer shows an input, on a figure whose columns are inputs.
   * @param {MouseEvent} event @param {boolean} final
   */
  pointed(event, final = false) {
    const select = this.figure?.select;
    if (!select || !this.axes || (isTouch(event) && !final)) return;
    const { left, width } = this.root.getBoundingClientRect();
    const scale = width / this.root.offsetWidth || 1;
    const index = Math.round(this.axes.x.value((event.clientX - left) / scale - this.axes.x.offset));
    if (index < 0 || index >= select.count) return;
    if (this.page.edits.query[select.field] !== String(index)) {
      this.page.edited(this, { [select.field]: String(index) }, final);
      this.pointing = !final;
    } else if (final) this.unpointed();
  }

  /** The pointer has left: what it showed last stays. */
  unpointed() {
    if (!this.pointing) return;
    this.pointing = false;
    this.page.save(this);
  }

  /** Show new numbers by moving what is drawn; false if it takes a full redraw. */
  patch() {
    if (this.stale || !this.axes || !this.figure) return false;
    this.frame ??= frameOf(this.figure);
    if (this.frame !== this.drawnFrame || this.frame === this.unpatchable) return false;
    const patched = isolated(() => {
      const fits = patch(this.plot, this.figure, this.axes, this.theme);
      if (!fits) return false;
      this.plot.setAttribute("aria-label", this.figure.layout.meta.alt);
      this.handles.place();
      return true;
    });
    if (patched === undefined) this.unpatchable = this.frame; // it would throw in every frame
    if (!patched) return false;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.redraw(), SETTLED);
    return true;
  }

  /** As Python says; on a projector, the share of the window that its row has. */
  height() {
    const { height, meta } = this.figure.layout;
    if (!meta.rows) return height;
    const first = document.querySelector(".live-figure") ?? this.root;
    const top = first.getBoundingClientRect().top + scrolled(first);
    return Math.max(150, (window.innerHeight - top) / meta.rows - GAP);
  }

  /** Have Plotly draw the whole figure anew, when its turn comes. */
  redraw() {
    this.stale = true;
    queue(this);
  }

  draw() {
    clearTimeout(this.settling);
    this.width = this.root.clientWidth;
    if (!this.width || !this.figure) return;
    const begun = performance.now();
    const layout = themed(this.figure.layout, this.theme, this.width, this.height());
    this.plot.setAttribute("aria-label", layout.meta.alt);
    clear(this.plot);
    Plotly.react(this.plot, this.figure.data, layout, CONFIG);
    inkCells(this.plot, this.figure, this.theme);
    const { data } = this.figure;
    const bar = Number(data[data.length - 1]?.width);
    this.axes = { ...axesOf(this.plot), curve: data[0], bar };
    this.handles.attach(this.axes);
    this.frame ??= frameOf(this.figure);
    this.drawnFrame = this.frame;
    this.stale = false;
    this.cost = performance.now() - begun;
  }

  /** Save the figure as it is seen, on the colour of the page. @param {"png" | "svg"} format */
  download(format) {
    const layout = themed(this.figure.layout, this.theme, this.width, this.height());
    layout.paper_bgcolor = this.theme.background;
    const options = { format, width: this.width, height: layout.height, scale: 2 };
    const filename = `${this.page.name}_${this.component.data.name}`;
    Plotly.downloadImage({ data: this.figure.data, layout }, { ...options, filename });
  }

  remove() {
    this.resized.disconnect();
    window.removeEventListener("resize", this.heightened);
    window.removeEventListener("keydown", this.keyed, true);
    clearTimeout(this.settling);
    waiting.delete(this);
    this.page?.leave(this.component.data.name, this);
    Plotly.purge(this.plot);
    this.root.remove();
  }
}

/** @param {MouseEvent} event */
function isTouch(event) {
  return event instanceof PointerEvent && event.pointerType === "touch";
}

/** Figures that have something new to show. @type {Set<FigureMount>} */
const waiting = new Set();
let frame = 0;
/** @type {FigureMount | null} */
let previous = null;

/** @param {FigureMount} mount */
function queue(mount) {
  if (!waiting.has(mount)) mount.waitingSince = performance.now();
  waiting.add(mount);
  frame ||= requestAnimationFrame(drawFrame);
}

/**
 * In one animation frame, patch every figure that can be patched, and draw as many others as it
 * holds, at least one. The result goes first, but not twice in a row, so that no other figure
 * starves; those go by how long they have waited.
 */
function drawFrame() {
  const begun = performance.now();
  frame = 0;
  for (const mount of waiting) {
    if (mount.patch()) waiting.delete(mount);
  }
  let drawn = 0;
  while (waiting.size) {
    const [mount] = [...waiting].sort(
      (a, b) =>
        Number(a === previous) - Number(b === previous) ||
        Number(b.rank === 0) - Number(a.rank === 0) ||
        a.waitingSince - b.waitingSince,
    );
    if (drawn && performance.now() - begun + mount.cost > FRAME_BUDGET) break;
    waiting.delete(mount);
    isolated(() => mount.draw());
    previous = mount;
    drawn += 1;
  }
  if (waiting.size) frame = requestAnimationFrame(drawFrame);
  else previous = null;
}
