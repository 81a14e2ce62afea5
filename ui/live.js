/**
 * Live figures. Python draws the figures, here they are put on the page, dragged, and redrawn.
 *
 * Streamlit mounts each figure on its own; the figures of one page share one `Page`, which knows
 * the scenario, sends it along the fast lane while something is dragged, and hands the answers out.
 */

import { RangeControl } from "./control.js";
import { HandleLayer, element } from "./handles.js";
import { Lane } from "./lane.js";
import { clear, frameOf, patch } from "./patch.js";
import { readTheme, themed } from "./theme.js";

const CONFIG = { displayModeBar: false, responsive: false, doubleClick: "reset" };

/** Milliseconds of an animation frame that drawing may take, before the next one is due. */
const FRAME_BUDGET = 11;

/** Milliseconds without a change after which a patched figure is drawn anew. */
const SETTLED = 250;

/** Pixels of the window above the figures of a presentation. */
const ABOVE = 150;

/** Milliseconds to wait for a script run that never reports back. */
const PATIENCE = 4000;

/** @type {Map<string, Page>} */
const pages = new Map();
/** @type {WeakMap<Element, {latest: object, mount?: Mount}>} */
const mounts = new WeakMap();

/** @typedef {FigureMount | ControlMount | SaverMount} Mount */

/** What all figures of one page share. */
class Page {
  /** @param {string} name @param {string} path of the fast lane */
  constructor(name, path) {
    this.name = name;
    /** @type {Map<string, Mount>} by name */
    this.mounts = new Map();
    /** @type {Record<string, string>} the scenario, as text, with what is edited here in it */
    this.query = {};
    /** Number of the newest edit made here, and of the newest shown. */
    this.edit = 0;
    this.shown = 0;
    /** @type {Record<string, string>} edits that Python has not seen yet */
    this.unsaved = {};
    this.lane = new Lane(path, (answer) => this.answered(answer), () => this.lost());
    this.saving = 0;
    this.live = false;
  }

  /**
   * Take what a script run says; what is older than an edit made here is passed over.
   * @param {Mount} mount
   * @param {object} data
   */
  arrived(mount, data) {
    if (data.session !== this.session) {
      const lost = this.session !== undefined && data.ack < this.edit;
      this.session = data.session;
      if (lost) mount.save();
      if (!lost) this.edit = this.shown = Math.max(this.edit, data.ack);
    }
    if (data.ack >= this.saving) this.saved(mount);
    if (data.ack < this.shown) return;
    if (data.ack >= this.edit) {
      this.query = data.query;
      this.unsaved = {};
    }
    this.shown = Math.max(this.shown, data.ack);
    mount.show(data.content);
  }

  /** A script run has taken the newest saved edit in. @param {Mount} mount */
  saved(mount) {
    if (!this.saving) return;
    this.saving = 0;
    clearTimeout(this.patience);
    if (this.again) {
      this.again = false;
      this.save(mount);
    }
  }

  /**
   * Something was dragged, typed or pointed at.
   * @param {Mount} mount where
   * @param {Record<string, string>} change
   * @param {boolean} final whether it goes to the script now
   */
  edited(mount, change, final) {
    this.edit += 1;
    this.query = { ...this.query, ...change };
    this.unsaved = { ...this.unsaved, ...change };
    this.editor = mount;
    this.lane.send({ seq: this.edit, page: this.name, query: this.query });
    if (final) this.save(mount, true);
    else if (!this.lane.ready) this.save(mount);
  }

  /**
   * Give the edits to the script: the end of a drag at once; in a drag without the fast lane only
   * when the run before has reported back, as a newer message would cancel it.
   * @param {Mount} mount
   * @param {boolean} atOnce
   */
  save(mount, atOnce = false) {
    if (this.saving && !atOnce) {
      this.again = true;
      return;
    }
    this.saving = this.edit;
    this.again = false;
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.saved(mount), PATIENCE);
    const through = (atOnce && this.saver) || mount;
    through.component.setStateValue("edit", { n: this.edit, query: this.unsaved });
  }

  /** @param {{seq: number, figures?: Record<string, object>}} answer */
  answered(answer) {
    if (!answer.figures || answer.seq < this.shown) return;
    this.shown = answer.seq;
    for (const [name, figure] of Object.entries(answer.figures)) {
      this.mounts.get(name)?.show(figure);
    }
  }

  /** The fast lane is gone: what it did not answer goes to the script. */
  lost() {
    if (this.editor && this.edit > this.shown) this.save(this.editor);
  }

  /** @param {string} name @param {Mount} mount */
  join(name, mount) {
    this.mounts.set(name, mount);
  }

  /** @param {string} name @param {Mount} mount */
  leave(name, mount) {
    if (this.mounts.get(name) === mount) this.mounts.delete(name);
    if (this.mounts.size > 0) return;
    this.lane.close();
    clearTimeout(this.patience);
    pages.delete(this.name);
  }
}

/** The page that a component belongs to, and its place in it. @param {object} data */
function pageOf(data) {
  if (!pages.has(data.page)) pages.set(data.page, new Page(data.page, data.lane));
  return pages.get(data.page);
}

/** One control on the page. */
class ControlMount {
  /** @param {object} component as Streamlit hands it over */
  constructor(component) {
    this.control = new RangeControl(component.parentElement, (text, final) =>
      this.page.edited(this, { [this.spec.field]: text }, final),
    );
  }

  /** Called by Streamlit whenever the script has run. */
  update(component) {
    this.component = component;
    this.page = pageOf(component.data);
    this.page.join(component.data.name, this);
    this.page.arrived(this, component.data);
  }

  /** @param {import("./control.js").ControlSpec} spec */
  show(spec) {
    this.spec = spec;
    this.control.show(spec, this.page.query[spec.field]);
  }

  remove() {
    this.page?.leave(this.component.data.name, this);
    this.control.root.remove();
  }
}

/** Where the end of a drag goes, so that the whole page follows; nothing to be seen. */
class SaverMount {
  /** Called by Streamlit whenever the script has run. */
  update(component) {
    this.component = component;
    this.page = pageOf(component.data);
    this.page.join(component.data.name, this);
    this.page.saver = this;
    this.page.arrived(this, component.data);
  }

  show() {}

  remove() {
    if (this.page?.saver === this) this.page.saver = undefined;
    this.page?.leave(this.component.data.name, this);
  }
}

/** One figure on the page. */
class FigureMount {
  /** @param {object} component as Streamlit hands it over */
  constructor(component) {
    this.root = element("div", "live-figure", component.parentElement);
    this.plot = element("div", "live-plot", this.root);
    this.plot.setAttribute("role", "img");
    this.saves = element("div", "live-saves", this.root);
    for (const format of ["png", "svg"]) {
      const button = element("button", "live-save", this.saves);
      button.type = "button";
      button.textContent = format.toUpperCase();
      button.onclick = (event) => {
        event.stopPropagation();
        this.download(format);
      };
    }
    this.handles = new HandleLayer(this.root, (values, final) => this.pulled(values, final));
    this.waitingSince = 0;
    this.cost = 10;
    this.resized = new ResizeObserver(() => {
      if (this.axes && this.root.clientWidth !== this.width) this.redraw();
    });
    this.resized.observe(this.root);
    this.heightened = () => this.figure?.layout.meta.rows && this.redraw();
    window.addEventListener("resize", this.heightened);
    this.root.onpointermove = (event) => this.pointed(event);
    this.root.onpointerleave = () => this.unpointed();
    this.root.onclick = (event) => this.pointed(event, true);
  }

  /** Called by Streamlit whenever the script has run, and when the theme changes. */
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

  /** @param {object} figure as a view returned it */
  show(figure) {
    this.figure = figure;
    this.root.dataset.state = figure.state ?? "lit";
    this.root.classList.toggle("live-present", Boolean(figure.layout.meta.rows));
    this.handles.update(figure.handles ?? null, this.page.shown < this.page.edit);
    const text = JSON.stringify(figure);
    if (text === this.text) return;
    this.text = text;
    queue(this);
  }

  /** @param {number[]} values @param {boolean} final */
  pulled(values, final) {
    const { field, row } = this.handles.spec;
    const rows = this.page.query[field].split(";");
    rows[row] = values.join(",");
    this.page.edited(this, { [field]: rows.join(";") }, final);
  }

  /** The pointer shows an input, on a figure whose columns are inputs. */
  pointed(event, final = false) {
    const select = this.figure?.select;
    if (!select || !this.axes || (event.pointerType === "touch" && !final)) return;
    const left = event.clientX - this.root.getBoundingClientRect().left - this.axes.x._offset;
    const index = Math.round(this.axes.x.p2l(left));
    if (index < 0 || index >= select.count) return;
    if (this.page.query[select.field] !== String(index)) {
      this.page.edited(this, { [select.field]: String(index) }, final);
      this.pointing = !final;
    } else if (final) this.unpointed();
  }

  /** The pointer has left: what it showed last stays. */
  unpointed() {
    if (!this.pointing) return;
    this.pointing = false;
    this.page.save(this, true);
  }

  /** Show new numbers by moving what is drawn; false if it takes a full redraw. */
  patch() {
    const frame = this.figure && frameOf(this.figure);
    if (this.stale || !this.axes || frame !== this.frame) return false;
    if (!patch(this.plot, this.figure, this.axes, this.theme.diverging)) return false;
    this.plot.setAttribute("aria-label", this.figure.layout.meta.alt);
    this.handles.place();
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.redraw(), SETTLED);
    return true;
  }

  /** As Python says; on a projector, the share of the window that its row has. */
  height() {
    const { height, meta } = this.figure.layout;
    return meta.rows ? Math.max(height, (window.innerHeight - ABOVE) / meta.rows) : height;
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
    const { xaxis, yaxis, width, margin } = this.plot._fullLayout;
    this.axes = { x: xaxis, y: yaxis, right: width - margin.r, curve: this.figure.data[0] };
    this.handles.attach(this.axes);
    this.frame = frameOf(this.figure);
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
    clearTimeout(this.settling);
    waiting.delete(this);
    this.page?.leave(this.component.data.name, this);
    Plotly.purge(this.plot);
    this.root.remove();
  }
}

const KINDS = { figure: FigureMount, range: ControlMount, saver: SaverMount };

/** Figures that have something new to show. @type {Set<FigureMount>} */
const waiting = new Set();
let frame = 0;
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
        (a === previous) - (b === previous) ||
        (b.rank === 0) - (a.rank === 0) ||
        a.waitingSince - b.waitingSince,
    );
    if (drawn && performance.now() - begun + mount.cost > FRAME_BUDGET) break;
    waiting.delete(mount);
    mount.draw();
    previous = mount;
    drawn += 1;
  }
  if (waiting.size) frame = requestAnimationFrame(drawFrame);
  else previous = null;
}

/** @type {Promise<void> | undefined} */
let plotly;

/** Load plotly.js once. @param {string} source */
function loadPlotly(source) {
  plotly ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = () => done();
    script.onerror = () => failed(new Error(`could not load ${source}`));
    document.head.append(script);
  });
  return plotly;
}

/**
 * Keep the address readable: Streamlit writes `z=2%2C1`, a comma needs no code.
 * It pushes an address whenever Python sets one, so this follows every change of it.
 */
function tidyAddress() {
  const search = location.search.replaceAll("%2C", ",").replaceAll("%3B", ";");
  if (search !== location.search) history.replaceState(history.state, "", search + location.hash);
}
globalThis.navigation?.addEventListener("currententrychange", tidyAddress);
tidyAddress();

/**
 * Show what a script run says.
 * @param {object} component as Streamlit hands it over
 */
export async function mount(component) {
  const place = component.parentElement;
  mounts.set(place, { ...mounts.get(place), latest: component });
  await loadPlotly(component.data.plotly);
  const known = mounts.get(place);
  if (!known || known.latest !== component) return;
  known.mount ??= new KINDS[component.data.kind](component);
  known.mount.update(component);
}

/** @param {Element} place whose figure goes away */
export function unmount(place) {
  mounts.get(place)?.mount?.remove();
  mounts.delete(place);
}
