/**
 * A word on the first handle for those who have never dragged one: one on a page, gone for good
 * once any handle has moved.
 */

import { element } from "./dom.js";

/** Where the browser remembers, across visits, that a handle has been moved. */
const MOVED = "gradient-visualizer:moved";

/** Whether it is remembered; a browser that stores nothing is not asked twice. */
let moved = remembered();

function remembered() {
  try {
    return localStorage.getItem(MOVED) !== null;
  } catch {
    return false;
  }
}

/** The only one on the page. @type {Hint | undefined} */
let shown;

export class Hint {
  /** @type {HTMLElement | undefined} */
  bubble;

  /**
   * Put the hint on a handle, if it is the first one on the page and nobody has moved one yet.
   * @param {HTMLElement | undefined} handle none where there is to be no hint
   * @param {string} words
   */
  offer(handle, words) {
    if (!handle || moved || !words) this.remove();
    else if (!shown) {
      shown = this;
      this.bubble = element("div", "live-hint", handle);
      this.bubble.setAttribute("aria-hidden", "true"); // the handle has its own name and tooltip
      this.bubble.textContent = words;
    } else if (shown === this && this.bubble) handle.append(this.bubble);
  }

  /** A handle has been moved. */
  taken() {
    if (moved) return;
    moved = true;
    try {
      localStorage.setItem(MOVED, "1");
    } catch {
      // it comes again with the next visit
    }
    shown?.remove();
  }

  remove() {
    this.bubble?.remove();
    this.bubble = undefined;
    if (shown === this) shown = undefined;
  }
}
