/** One figure on the page: drawn by Plotly, patched while it is dragged, with its handles. */

import { arrived } from "./awaited.js";
import { element } from "./dom.js";
import { Glide, isGlide } from "./glide.js";
import { HandleLayer } from "./handles.js";
import { axesOf } from "./internals.js";
import { isolated } from "./isolated.js";
import { boxOf, Cursor, elementAt, namesOf } from "./lighting.js";
import { pageOf } from "./page.js";
import { dockedHeight, PHONE, SMALLEST } from "./phone.js";
import { BLANK, clear, FADED, frameOf, inkCells, patch } from "./patch.js";
import { drawn, framed, numbered, save, silent } from "./picture.js";
import { rowHeight } from "./stage.js";
import { plain, readTheme, themed } from "./theme.js";

const CONFIG = { displayModeBar: false, responsive: false, doubleClick: "reset" };

/** Milliseconds of an animation frame that drawing may take, before the next one is due. */
const FRAME_BUDGET = 11;

/** Milliseconds without a change after which a patched figure is drawn anew. */
const SETTLED = 250;

/** The least height of a drawing for a projector, in pixels: in a lower one numbers cover the axis. */
const LOWEST = 200;

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
  /** What its handles edit, as it was when the pointer came down. */
  grabbed = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  settling;
  /** On the way to another range. @type {Glide | undefined} */
  glide;
  /** How many times larger than it is drawn it fills the window; 0 where it does not. */
  enlarged = 0;
  /** Whether its numbers are hidden. */
  quiet = false;
  /** Plotly keeps a part that is enlarged as long as this stays the same, and not 0. */
  views = 1;

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
      button.title = `Save as ${button.textContent}; with Shift on no background`;
      button.onclick = (event) => {
        event.stopPropagation();
        this.download(format, event.shiftKey);
      };
    }
    this.handles = new HandleLayer(
      this.root,
      (values, final, index) => this.pulled(values, final, index),
      () => this.page.forgotten(this, this.handles.spec.field),
    );
    this.waitingSince = 0;
    this.cost = 10;
    this.resized = new ResizeObserver(() => {
      if (this.figure && this.root.clientWidth !== this.width) this.redraw();
    });
    this.resized.observe(this.root);
    this.heightened = () => {
      const { meta } = this.figure?.layout ?? {};
      if (meta?.rows || meta?.tall || this.enlarged) this.redraw();
    };
    window.addEventListener("resize", this.heightened);
    this.cursor = new Cursor(this);
    this.root.onpointermove = (event) => this.pointed(event);
    this.root.onpointerleave = () => this.page?.lighting.hover(undefined);
    this.root.addEventListener("pointerdown", () => this.grab(), true);
    this.root.onpointerdown = (event) => this.pressed(event);
    this.root.addEventListener("focusin", (event) => this.reached(event.target));
    this.root.addEventListener("focusout", () => this.page?.lighting.keep(undefined));
    this.root.onclick = (event) => this.clicked(event);
  }

  /** Called by Streamlit whenever the script has run, and when the theme changes. @param {Component} component */
  update(component) {
    const { data } = component;
    this.component = component;
    this.rank = data.rank;
    this.page = pageOf(data);
    this.page.join(data.name, this);
    if (data.tips) this.handles.tips = data.tips;
    if (data.content.layout.meta.ratio) component.parentElement.style.minHeight = ""; // see `size`
    const theme = readTheme(this.root);
    if (!isSame(theme, this.theme)) this.redraw();
    this.theme = theme;
    this.page.arrived(this, data);
  }

  /** @param {Figure} figure as a view returned it */
  show(figure) {
    this.figure = figure;
    this.root.dataset.state = figure.state ?? "lit";
    this.root.classList.toggle("live-present", Boolean(figure.layout.meta.rows));
    const { step, tour } = this.page.edits.query;
    const walking = figure.state || Number(step) > 0 || Number(tour) > 0;
    this.handles.lecture = Boolean(figure.layout.meta.rows || walking);
    this.handles.say(figure.layout.meta.said);
    this.handles.update(figure.handles, this.page.edits.shown < this.page.edits.newest);
    const text = JSON.stringify(figure);
    if (text === this.text) return;
    this.text = text;
    this.frame = undefined;
    this.page.dock.look();
    queue(this);
  }

  /**
   * Take new numbers for what is drawn, at once: they are in the page before the next frame begins,
   * which then has less to do.
   * @param {import("./types").Moved} moved
   */
  move({ data, layout, numbers, handles }) {
    if (!this.figure) return;
    if (handles) this.handles.follow(handles);
    this.handles.say(layout?.meta?.said);
    const before = this.figure.data;
    const traces = before.map((trace, i) => ({ ...trace, ...data[i] }));
    this.figure = { ...this.figure, data: traces, layout: { ...this.figure.layout, ...layout } };
    if (numbers && this.figure.elements) {
      this.figure.elements = { ...this.figure.elements, numbers };
    }
    this.text = undefined;
    // Colours take a full draw.
    if (data.some(({ marker }, i) => marker && !isSame(marker, before[i]?.marker))) {
      this.frame = undefined;
    }
    if (!this.patch()) queue(this);
  }

  /** Whether a handle is in the hand: more is to come. */
  get held() {
    return this.handles.held;
  }

  /**
   * A handle was dragged, and with it what its figure selects: the others follow that input.
   * @param {number[]} values @param {boolean} final @param {number} index of the handle
   */
  pulled(values, final, index) {
    const { moves } = this.handles.spec;
    // Of two hands, the first one selects.
    const chooses = index < values.length && !this.page.isHeldBut(this);
    const selected = chooses ? this.selecting(index) : {};
    this.page.lighting.dragged(this);
    // Another input is another frame: all figures once, and from then on what moves.
    const moved = Object.keys(selected).length > 0 ? [] : moves;
    this.page.edited(this, { ...this.change(values), ...selected }, final, moved);
  }

  /** What handles at these values say of their field; without any, what it was. @param {number[]} values */
  change(values) {
    const { field, row, at, clears = [] } = this.handles.spec;
    const rows = this.page.edits.query[field].split(";");
    const cells = at === null ? values : rows[row].split(",").with(at, String(values[0]));
    rows[row] = cells.join(",");
    const emptied = Object.fromEntries(clears.map((other) => [other, ""]));
    return { ...emptied, [field]: values.length > 0 ? rows.join(";") : this.grabbed };
  }

  /** What moved by itself is back. @param {number[]} values as they were before */
  cameBack(values) {
    this.handles.rest(values);
    this.page.cameBack(this, this.change(values), this.handles.spec.moves);
  }

  /** What an edit has to say to select one of its columns; nothing if it is selected. @param {number} index */
  selecting(index) {
    const select = this.figure?.select;
    if (!select || index >= select.count) return {};
    const text = String(index);
    return this.page.edits.query[select.field] === text ? {} : { [select.field]: text };
  }

  /** Select the column of an element. @param {number} k its place among all */
  chosen(k) {
    const { select, elements } = this.figure;
    if (!select || !elements) return;
    const selected = this.selecting(elements.marks === "cells" ? k % select.count : k);
    if (Object.keys(selected).length > 0) this.page.edited(this, selected, true);
  }

  /** The pointer is over an element: what belongs to it is lit, unless a hand is busy. @param {PointerEvent} event */
  pointed(event) {
    if (event.pointerType === "touch" || !this.page) return;
    const free = event.buttons === 0 && !this.page.isHeld;
    this.page.lighting.hover(free ? elementAt(this, event) : undefined);
  }

  /** The pointer comes down: what it takes hold of stands still. */
  grab() {
    this.arrive();
    this.grabbed = this.page?.edits.query[this.handles.spec.field] ?? "";
  }

  /** A button is down: a drag may begin. @param {PointerEvent} event */
  pressed(event) {
    if (event.pointerType !== "touch") this.page?.lighting.hover(undefined);
  }

  /**
   * A click selects; a tap also lights what it meets, and a second one lets go.
   * @param {MouseEvent} event
   */
  clicked(event) {
    const handle = this.handles.items.indexOf(/** @type {any} */ (event.target));
    const found = elementAt(this, event);
    if (event instanceof PointerEvent && event.pointerType === "touch") {
      const again = this.page.lighting.kept?.name === found?.name;
      this.page.lighting.keep(again ? undefined : found);
    }
    if (handle >= 0) this.chosen(handle);
    else if (found && this.figure.elements) {
      this.chosen(namesOf(this.figure.elements).indexOf(found.name));
    }
  }

  /** A key has brought the focus to a handle. @param {EventTarget | null} target */
  reached(target) {
    const index = this.handles.items.indexOf(/** @type {any} */ (target));
    const told = this.figure?.elements;
    // Such handles stand at none of its elements.
    if (index < 0 || !told || ["line", "plane"].includes(this.handles.spec.grip)) return;
    if (!this.handles.items[index].matches(":focus-visible")) return;
    const [name, box] = [namesOf(told)[index], boxOf(this, index)];
    if (!name || !box) return;
    this.page.lighting.keep({ mount: this, name, x: box.left + box.width / 2, y: box.top });
  }

  /** As one of the pictures of the page. */
  get picture() {
    return this;
  }

  /** Fill the window, or go back. @param {number} scale how many times larger it is seen; 0 to go back */
  enlarge(scale) {
    this.enlarged = scale;
    this.root.classList.toggle("live-whole", scale > 0);
    this.redraw();
  }

  /** Hide its numbers, also from those who hear them; or show them again. @param {boolean} quiet */
  hush(quiet) {
    this.quiet = quiet;
    this.root.classList.toggle("live-quiet", quiet);
    this.handles.hush(quiet);
    this.describe();
    this.cursor.update();
    this.page.lighting.write();
  }

  /** Say in words what is seen. */
  describe() {
    const { meta, title } = this.figure.layout;
    const words = this.quiet ? `${plain(title.text)}: numbers hidden` : meta.alt;
    this.plot.setAttribute("aria-label", words);
  }

  /** The array that its elements show, as in the names that formulas give them. */
  get array() {
    return this.figure?.elements?.name.split(":")[0];
  }

  /** Show all of it, where a part was enlarged. */
  unzoom() {
    this.views += 1;
    this.redraw();
  }

  /** Show new numbers by moving what is drawn; false if it takes a full redraw. */
  patch() {
    if (this.stale || !this.axes || !this.figure) return false;
    this.arrive();
    this.frame ??= frameOf(this.figure);
    if (this.frame !== this.drawnFrame || this.frame === this.unpatchable) return false;
    const patched = isolated(() => {
      const fits = patch(this.plot, this.figure, this.axes, this.theme);
      if (!fits) return false;
      this.describe();
      this.handles.place();
      this.page.lighting.changed(this, false);
      return true;
    });
    if (patched === undefined) this.unpatchable = this.frame; // it would throw in every frame
    if (!patched) return false;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.redraw(), SETTLED);
    return true;
  }

  /** Whether it stands at the lower edge of a phone. */
  get isDocked() {
    return this.root.classList.contains("live-docked");
  }

  /** The traces as Plotly gets them: bars with a label each, and on a phone letters that can be read. */
  get lettered() {
    const traces = this.figure.data.map(labelled);
    return PHONE.matches ? readable(traces) : traces;
  }

  /**
   * How high it is drawn, and how many times larger it is seen: as Python says, or on a projector in
   * the share of the window that its row has, where a low one is drawn higher and made smaller. Where
   * one scale holds for both axes, a narrow one is low.
   */
  size() {
    const { height, meta, margin } = this.figure.layout;
    const { innerHeight: whole, innerWidth } = window;
    if (this.isDocked) return { height: dockedHeight(), scale: 1 };
    if (this.enlarged) return { height: whole / this.enlarged, scale: this.enlarged };
    if (meta.rows) {
      const room = rowHeight(meta.rows, this.root);
      return { height: Math.max(room, LOWEST), scale: Math.min(1, room / LOWEST) };
    }
    const spare = meta.tall && innerWidth > 900 ? meta.tall * (whole - 720) : 0;
    const plot = (meta.ratio ?? Infinity) * (this.root.clientWidth - margin.l - margin.r);
    return { height: Math.min(height + Math.max(0, spare), plot + margin.t + margin.b), scale: 1 };
  }

  /** Take the room that it has, and tell how high it is drawn there. */
  place() {
    const { height, scale } = this.size();
    const { style, classList } = this.root;
    classList.toggle("live-scaled", scale !== 1);
    style.setProperty("--live-scale", String(scale));
    style.marginBottom = scale < 1 ? `${(scale - 1) * height}px` : "";
    this.width = this.root.clientWidth;
    return height;
  }

  /** Have Plotly draw the whole figure anew, when its turn comes. */
  redraw() {
    this.stale = true;
    queue(this);
  }

  draw() {
    clearTimeout(this.settling);
    const height = this.figure && this.place();
    if (!this.width || !height) return;
    this.arrive();
    arrived(this.component.parentElement);
    const begun = performance.now();
    const usual = this.isDocked ? docked(this.figure.layout) : this.figure.layout;
    const layout = {
      ...themed(usual, this.theme, this.width, height),
      uirevision: this.views,
    };
    this.describe();
    clear(this.plot);
    Plotly.react(this.plot, this.lettered, layout, CONFIG);
    inkCells(this.plot, this.figure, this.theme);
    const { data } = this.figure;
    const bar = Number(data[data.length - 1]?.width);
    const before = this.axes;
    this.axes = { ...axesOf(this.plot), curve: data[0], bar };
    this.handles.attach(this.axes);
    if (!this.page.isHeld && isGlide(before, this.axes)) this.depart(before.y);
    this.frame ??= frameOf(this.figure);
    this.drawnFrame = this.frame;
    this.stale = false;
    this.cursor.update();
    this.page.lighting.changed(this, true);
    this.cost = performance.now() - begun;
  }

  /** Glide to the axes as they are drawn now. @param {import("./internals.js").Axis} from */
  depart(from) {
    const { figure, axes, theme } = this;
    this.glide = new Glide(this.plot, from, axes.y, (y) => {
      const put = isolated(() => patch(this.plot, figure, { ...axes, y }, theme) || true);
      if (put) this.handles.attach({ ...axes, y });
      return put;
    });
  }

  /** End a glide at once. */
  arrive() {
    this.glide?.end();
    this.glide = undefined;
  }

  /**
   * Save the figure as it is seen, without the light of the pointer; nothing that is hidden is in it.
   * @param {"png" | "svg"} format @param {boolean} transparent whether it has no background
   */
  async download(format, transparent) {
    const { width, theme, figure, handles } = this;
    const { height } = this.size();
    const isSeen = (/** @type {number} */ i) => !handles.items[i]?.matches(".live-covered");
    const taken = this.quiet ? silent(figure) : numbered(figure, handles.size, isSeen);
    const svg = await drawn(taken, theme, width, height);
    const picture = await framed([svg], theme, width, height, transparent);
    save(picture, `${this.page.name}_${this.component.data.name}`, format);
  }

  remove() {
    this.arrive();
    this.resized.disconnect();
    window.removeEventListener("resize", this.heightened);
    this.handles.hint.remove();
    clearTimeout(this.settling);
    waiting.delete(this);
    this.page?.lighting.left(this);
    this.page?.leave(this.component.data.name, this);
    Plotly.purge(this.plot);
    this.root.remove();
  }
}

/** The most bars of a trace that have a label each. */
const MOST_LABELS = 64;

/**
 * A trace whose bars have a label each, be it blank: a patch writes into it once a bar is longer than
 * its axis, but where there is none, only Plotly can.
 * @param {import("./types").Trace} trace
 */
function labelled(trace) {
  if (trace.type !== "bar" || !trace.text || trace.text.length > MOST_LABELS) return trace;
  return { ...trace, text: trace.text.map((text) => text || BLANK) };
}

/** @param {object} one @param {object} [other] whether they say the same */
function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/**
 * The traces with letters that can be read on a phone, where a figure has more room than beside others.
 * @param {import("./types").Trace[]} traces
 */
function readable(traces) {
  return traces.map((trace) =>
    trace.textfont?.size < SMALLEST
      ? { ...trace, textfont: { ...trace.textfont, size: SMALLEST } }
      : trace,
  );
}

/**
 * The layout of a figure at the lower edge of a phone: lower, with the same room for its numbers. The
 * heads of a table take the place of its title.
 * @param {import("./types").Layout} layout
 */
function docked(layout) {
  const { visible, side } = layout.xaxis;
  if (visible === false || side === "top") {
    const margin = { ...layout.margin, t: side === "top" ? 24 : 4, b: 4 };
    return { ...layout, title: { ...layout.title, text: "" }, margin };
  }
  const title = { ...layout.title, pad: { t: 4 }, font: { size: 14 } };
  const { range, type } = layout.yaxis;
  const yaxis = { ...layout.yaxis };
  if (range && type !== "log") {
    const room = 0.1 * (range[1] - range[0]);
    yaxis.range = [range[0] - (range[0] < 0 ? room : 0), range[1] + room];
  }
  // What stands above the plot, such as the names of what is drawn, has a line of its own.
  const isAbove = (layout.annotations ?? []).some(
    (note) => note.y === 1 && note.yref === "paper" && note.yanchor === "bottom",
  );
  const margin = { ...layout.margin, t: isAbove ? 42 : 28, b: 20 };
  return { ...layout, title, yaxis, margin };
}

/** Figures that have something new to show. @type {Set<FigureMount>} */
const waiting = new Set();
let frame = 0;
/** @type {FigureMount | null} */
let previous = null;

/** Have a figure drawn in one of the next frames; until then it says that it is busy. @param {FigureMount} mount */
function queue(mount) {
  if (!waiting.has(mount)) mount.waitingSince = performance.now();
  waiting.add(mount);
  mount.root.ariaBusy = "true";
  frame ||= requestAnimationFrame(drawFrame);
}

/**
 * In one animation frame, patch every figure that can be patched, and draw as many others as it
 * holds, at least one. The result goes first, but not twice in a row, so that no other figure
 * starves; those go by how long they have waited.
 */
function drawFrame() {
  const shown = (/** @type {FigureMount} */ mount) => {
    waiting.delete(mount);
    mount.root.ariaBusy = null;
  };
  const begun = performance.now();
  frame = 0;
  for (const mount of waiting) {
    if (mount.patch()) shown(mount);
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
    isolated(() => mount.draw());
    shown(mount);
    previous = mount;
    drawn += 1;
  }
  if (waiting.size) frame = requestAnimationFrame(drawFrame);
  else previous = null;
}
