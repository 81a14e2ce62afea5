/** Sentences among the figures, which a drag sets anew. */

import { element, write } from "./dom.js";
import { pageOf } from "./page.js";

/** @typedef {import("./types").Component} Component */

/** A few sentences on the page, one a line; the first says most. */
export class WordsMount {
  /** @type {Component} */
  component;
  /** @type {import("./page.js").Page} */
  page;
  /** One for each sentence. @type {HTMLElement[]} */
  lines = [];

  /** @param {Component} component as Streamlit hands it over */
  constructor(component) {
    this.root = element("div", "live-words", component.parentElement);
  }

  /** Called by Streamlit whenever the script has run. @param {Component} component */
  update(component) {
    this.component = component;
    this.page = pageOf(component.data);
    this.page.join(component.data.name, this);
    this.page.arrived(this, component.data);
  }

  /** @param {import("./types").Formula} words */
  show({ data, layout, state }) {
    this.root.dataset.state = state ?? "lit";
    this.root.classList.toggle("live-present", Boolean(layout.meta.rows));
    const waiting = `${layout.title.text}: ${layout.annotations?.[0].text}`;
    this.move({ data: state === "future" ? [{ text: [waiting] }] : data });
  }

  /** Set the sentences. @param {import("./types").Moved} moved */
  move({ data }) {
    /** @type {string[]} */
    const texts = data[0].text ?? [];
    for (const line of this.lines.splice(texts.length)) line.remove();
    texts.forEach((text, i) => {
      this.lines[i] ??= element("p", "live-line-of-words", this.root);
      write(this.lines[i], text);
    });
  }

  remove() {
    this.page?.leave(this.component.data.name, this);
    this.root.remove();
  }
}
