/** The QR code of a link, which fills the screen on demand. */

import { element } from "./dom.js";
import { cover } from "./lecture.js";

/**
 * @typedef {object} Code what Python says of it
 * @property {string} image of one pixel for each module, with a quiet zone
 * @property {number} modules along each side, with the quiet zone
 * @property {string} link that it says
 * @property {string} words how large it has to be
 */

/** Its button in the dialog. */
export class CodeMount {
  /** @type {Code} */
  code;

  /** @param {import("./types").Component} component as Streamlit hands it over */
  constructor({ parentElement }) {
    this.root = element("button", "live-button", parentElement);
    this.root.type = "button";
    this.root.textContent = "Fill the screen";
    this.root.onclick = () => this.fill();
  }

  /** Called by Streamlit whenever the script has run. @param {import("./types").Component} component */
  update({ data }) {
    this.code = data.content;
  }

  /** Show it as large as the window is high, each module of as many whole pixels, and the link beside it. */
  fill() {
    const { image, modules, link, words } = this.code;
    const whole = element("div", "live-code", cover());
    const picture = element("img", "live-code-image", whole);
    picture.alt = `QR code of ${link}`;
    picture.src = image;
    const room = Math.min(window.innerHeight, 0.75 * window.innerWidth);
    picture.style.width = `${modules * Math.max(1, Math.floor(room / modules))}px`;
    const beside = element("div", "live-code-words", whole);
    element("p", "live-code-link", beside).textContent = link;
    element("p", "live-code-size", beside).textContent = words;
  }

  remove() {
    this.root.remove();
  }
}
