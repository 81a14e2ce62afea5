/**
 * Live figures. Python draws the figures, here they are put on the page, dragged, and redrawn.
 *
 * Streamlit mounts each figure on its own; the figures of one page share one `Page`, which knows
 * the scenario, sends it along the fast lane while something is dragged, and hands the answers out.
 */

import { RangeControl } from "./control.js";
import { element } from "./dom.js";
import { FigureMount } from "./figure.js";
import { app, pageOf } from "./page.js";

/** @type {WeakMap<Element, {latest: object, mount?: import("./page.js").Mount}>} */
const mounts = new WeakMap();

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

/** What runs the whole app: it stands beside the pages, in none of their fragments. */
class WakerMount {
  update(component) {
    app.component = component;
  }

  remove() {
    app.component = undefined;
  }
}

const KINDS = { figure: FigureMount, range: ControlMount, saver: SaverMount, waker: WakerMount };

/** @type {Promise<void> | undefined} */
let plotly;

/** Load plotly.js once. @param {string} source */
function loadPlotly(source) {
  plotly ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = () => done();
    script.onerror = () => {
      plotly = undefined; // the next script run tries again
      failed(new Error(`could not load ${source}`));
    };
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
  try {
    await loadPlotly(component.data.plotly);
  } catch (error) {
    if (component.data.kind !== "figure") return;
    const words = place.querySelector(".live-missing") ?? element("p", "live-missing", place);
    words.textContent = `The figure is missing: ${error.message}. Reload the page to try again.`;
    return;
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
