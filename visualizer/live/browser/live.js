/**
 * Live figures. Python draws the figures, here they are put on the page, dragged, and redrawn.
 *
 * Streamlit mounts each figure on its own; the figures of one page share one `Page`, which knows
 * the scenario, sends it along the fast lane while something is dragged, and hands the answers out.
 */

import "./address.js";
import { announce } from "./awaited.js";
import { CodeMount } from "./code.js";
import { RangeControl } from "./control.js";
import { FigureMount } from "./figure.js";
import { FormulaMount } from "./formula.js";
import "./keys.js";
import { CONNECTION, isConnected, streamlitRoot } from "./internals.js";
import { element } from "./dom.js";
import { app, hurry, isIdle, pageOf, wake } from "./page.js";
import { FoldMount } from "./phone.js";
import { Player } from "./play.js";
import { SlideMount } from "./slide.js";
import { staged } from "./stage.js";
import { WordsMount } from "./words.js";
import { StepperMount } from "./stepper.js";

/** Not given to Streamlit, which would send them again with every figure. */
const STYLES = new URL("live.css", import.meta.url).href;

/** @typedef {import("./types").Component} Component */
/** @typedef {import("./page.js").Page} Page */

/** @typedef {{update: (component: Component) => void, remove: () => void}} Mounted */

/** @type {WeakMap<Element, {latest: Component, mount?: Mounted}>} */
const mounts = new WeakMap();

/** One control on the page. */
class ControlMount {
  /** @type {Component} */
  component;
  /** @type {Page} */
  page;
  /** @type {import("./control.js").ControlSpec} */
  spec;

  /** @param {Component} component as Streamlit hands it over */
  constructor(component) {
    this.control = new RangeControl(component.parentElement, (text, final) =>
      this.page.edited(this, { [this.spec.field]: text }, final, this.spec.moves),
    );
  }

  /** Called by Streamlit whenever the script has run. @param {Component} component */
  update(component) {
    this.component = component;
    this.page = pageOf(component.data);
    this.page.join(component.data.name, this);
    this.page.arrived(this, component.data);
  }

  /** Whether it is in the hand: more is to come. */
  get held() {
    return this.control.open;
  }

  /** @param {import("./control.js").ControlSpec} spec */
  show(spec) {
    this.spec = spec;
    this.control.show(spec, this.page.edits.query[spec.field]);
  }

  remove() {
    this.page?.leave(this.component.data.name, this);
    this.control.root.remove();
  }
}

/** Where the end of a drag goes, so that the whole page follows; nothing to be seen. */
class SaverMount {
  /** @type {Component} */
  component;
  /** @type {Page} */
  page;
  /** @type {Player | undefined} */
  player;

  /** Called by Streamlit whenever the script has run. @param {Component} component */
  update(component) {
    this.component = component;
    this.page = pageOf(component.data);
    this.page.join(component.data.name, this);
    this.page.saver = this;
    this.page.arrived(this, component.data);
    staged(this.page);
    this.player ??= new Player(this.page);
    this.player.told(component.data.play);
  }

  show() {}

  remove() {
    this.player?.stop();
    if (this.page?.saver === this) this.page.saver = undefined;
    this.page?.leave(this.component.data.name, this);
  }
}

/**
 * What runs the whole app: it stands beside the pages, in none of their fragments. It does so when
 * the connection comes back and Streamlit itself runs nothing: the server may be a new one, which
 * knows of no fragment, and would hear no button of this page. Meanwhile it says that there is none:
 * a presentation hides the header in which Streamlit does.
 */
class WakerMount {
  /** @type {HTMLElement | undefined} */
  sign;

  constructor() {
    this.connected = isConnected();
    this.connection = new MutationObserver(() => this.looked());
    this.connection.observe(streamlitRoot(), { attributeFilter: [CONNECTION] });
  }

  /** @param {Component} component as Streamlit hands it over */
  update(component) {
    app.component = component;
  }

  looked() {
    const back = isConnected() && !this.connected;
    this.connected = isConnected();
    this.tell();
    if (back) hurry();
    // By the next frame Streamlit has begun to run what it runs by itself.
    if (back) requestAnimationFrame(() => isIdle() && wake());
  }

  /** Say that there is no connection, or that there is one again. */
  tell() {
    if (this.connected) this.sign?.remove();
    if (this.connected || this.sign?.isConnected) return;
    this.sign = element("div", "live-lost", document.body);
    this.sign.setAttribute("role", "status");
    this.sign.textContent = "Connection lost, trying again";
  }

  remove() {
    this.connection.disconnect();
    this.sign?.remove();
    app.component = undefined;
  }
}

const KINDS = {
  figure: FigureMount,
  formula: FormulaMount,
  words: WordsMount,
  stepper: StepperMount,
  range: ControlMount,
  saver: SaverMount,
  waker: WakerMount,
  fold: FoldMount,
  slide: SlideMount,
  code: CodeMount,
};

/** What the head of the page has, or is to have: a script, the styles. @type {Map<string, Promise<any>>} */
const loaded = new Map();

/**
 * Load something once.
 * @param {string} source
 * @param {"script" | "link"} tag
 */
function load(source, tag) {
  if (!loaded.has(source)) {
    const node = document.createElement(tag);
    const loading = new Promise((done, failed) => {
      node.onload = done;
      node.onerror = () => failed(new Error(`could not load ${source}`));
    });
    loading.catch(() => {
      loaded.delete(source); // the next script run tries again
      node.remove();
    });
    loaded.set(source, loading);
    Object.assign(node, tag === "link" ? { rel: "stylesheet", href: source } : { src: source });
    document.head.append(node);
  }
  return loaded.get(source);
}

/**
 * Show what a script run says.
 * @param {Component} component as Streamlit hands it over
 */
export async function mount(component) {
  const place = component.parentElement;
  mounts.set(place, { ...mounts.get(place), latest: component });
  const { kind, content, plotly } = component.data;
  await load(STYLES, "link");
  if (kind === "figure") {
    if (!mounts.get(place)?.mount) announce(place, content.layout);
    await load(plotly, "script");
  }
  place.querySelector(".live-missing")?.remove();
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
