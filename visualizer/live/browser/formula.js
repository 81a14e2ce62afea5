/** A formula on the page: MathML, whose numbers a drag sets. */

import { element } from "./dom.js";
import { pageOf } from "./page.js";

const MATHML = "http://www.w3.org/1998/Math/MathML";

/** What a formula is made of; nothing else becomes an element. */
const TAGS = ["mn", "mi", "mo", "msub", "mfrac"];

/** @typedef {import("./types").Component} Component */
/** @typedef {import("./types").Term} Term */

/** One formula on the page. */
export class FormulaMount {
  /** @type {Component} */
  component;
  /** @type {import("./page.js").Page} */
  page;
  /** As Python wrote it last, without its numbers. @type {string | undefined} */
  written;
  /** Where its numbers stand, in their order. @type {Text[]} */
  places = [];

  /** @param {Component} component as Streamlit hands it over */
  constructor(component) {
    this.root = element("div", "live-formula", component.parentElement);
    this.root.setAttribute("role", "group");
  }

  /** Called by Streamlit whenever the script has run. @param {Component} component */
  update(component) {
    this.component = component;
    this.page = pageOf(component.data);
    this.page.join(component.data.name, this);
    this.page.arrived(this, component.data);
  }

  /** @param {import("./types").Formula} formula */
  show({ data, layout, formula, state }) {
    this.root.dataset.state = state ?? "lit";
    this.root.classList.toggle("live-present", Boolean(layout.meta.rows));
    const written = JSON.stringify(formula ?? layout);
    if (written !== this.written) this.write(formula, layout);
    this.written = written;
    this.move({ data, layout });
  }

  /** Set the numbers. @param {import("./types").Moved} moved */
  move({ data, layout }) {
    if (layout?.meta) this.root.setAttribute("aria-label", layout.meta.alt);
    this.places.forEach((place, i) => {
      const text = data[0].text?.[i];
      if (text !== undefined && place.data !== text) place.data = text;
    });
  }

  /**
   * Make all elements anew: one formula for each part that stays on one line.
   * @param {Term[][] | undefined} lines none where a step of a lecture has not come yet
   * @param {import("./types").Layout} layout
   */
  write(lines, { title, annotations }) {
    this.places = [];
    this.root.replaceChildren();
    if (!lines) this.root.textContent = `${title.text}: ${annotations?.[0].text}`;
    for (const line of lines ?? []) {
      const math = document.createElementNS(MATHML, "math");
      math.append(...line.map((term) => this.made(term)));
      this.root.append(math);
    }
  }

  /** @param {Term} term @returns {Element} */
  made({ tag, text, number, children, of, color }) {
    if (!TAGS.includes(tag)) throw new Error(`<${tag}> in a formula`);
    const node = /** @type {MathMLElement} */ (document.createElementNS(MATHML, tag));
    if (tag === "mo") node.setAttribute("stretchy", "false"); // brackets as high as their line
    if (of) node.dataset.of = of;
    if (color) node.style.color = color;
    if (number !== undefined) node.append((this.places[number] = new Text()));
    else node.append(...(children?.map((child) => this.made(child)) ?? [text ?? ""]));
    return node;
  }

  remove() {
    this.page?.leave(this.component.data.name, this);
    this.root.remove();
  }
}
