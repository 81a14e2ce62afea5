/** A formula on the page: MathML, whose numbers a drag sets. */

import { element } from "./dom.js";
import { pageOf } from "./page.js";
import { heights } from "./stage.js";

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
  /** What it says in words. */
  alt = "";
  /** Whether its numbers are hidden. */
  quiet = false;
  /** The arrays that figures hide, whose numbers it hides with them. @type {Set<string>} */
  secret = new Set();

  /** @param {Component} component as Streamlit hands it over */
  constructor(component) {
    this.root = element("div", "live-formula", component.parentElement);
    this.root.setAttribute("role", "group");
    heights.observe(this.root);
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
    if (layout?.meta) this.alt = layout.meta.alt;
    this.describe();
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
    this.keep(this.secret);
  }

  /** Hide the numbers of arrays, which are hidden elsewhere. @param {Set<string>} secret */
  keep(secret) {
    this.secret = secret;
    for (const node of this.root.querySelectorAll(".live-value")) {
      const array = node.getAttribute("data-of")?.split(":")[0] ?? "";
      node.classList.toggle("live-secret", secret.has(array));
    }
  }

  /** @param {Term} term @returns {Element} */
  made({ tag, text, number, children, of, color }) {
    if (!TAGS.includes(tag)) throw new Error(`<${tag}> in a formula`);
    const node = /** @type {MathMLElement} */ (document.createElementNS(MATHML, tag));
    if (tag === "mo") node.setAttribute("stretchy", "false"); // brackets as high as their line
    if (of) node.dataset.of = of;
    if (color) node.style.color = color;
    if (number !== undefined) {
      node.classList.add("live-value");
      node.append((this.places[number] = new Text()));
    } else node.append(...(children?.map((child) => this.made(child)) ?? [text ?? ""]));
    return node;
  }

  /** As one of the pictures of the page. */
  get picture() {
    return this;
  }

  /** Fill the window, or go back. @param {number} scale how much larger it is then; 0 to go back */
  enlarge(scale) {
    this.root.classList.toggle("live-whole", scale > 0);
    this.root.style.setProperty("--live-scale", String(scale));
  }

  /** Hide its numbers, also from those who hear them; or show them again. @param {boolean} quiet */
  hush(quiet) {
    this.quiet = quiet;
    this.root.classList.toggle("live-quiet", quiet);
    this.describe();
  }

  /** Its letters are as large as the style sheet says. */
  heightened() {}

  describe() {
    const words = this.quiet ? "A formula: numbers hidden" : this.alt;
    this.root.setAttribute("aria-label", words);
  }

  remove() {
    heights.unobserve(this.root);
    this.page?.leave(this.component.data.name, this);
    this.root.remove();
  }
}
