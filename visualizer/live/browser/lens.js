/** The element that is pointed at in a presentation, enlarged where it stands, with its number. */

import { element, write } from "./dom.js";

/** How many times larger a cell is, and how many times wider a bar. */
const LARGER = 1.35;

/** The least size, in pixels: of a point, and of a bar of next to nothing. @type {Record<string, number>} */
const LEAST = { points: 34, bars: 6, cells: 0 };

/** How far its number stays from the edge of the window, in pixels. */
const EDGE = 4;

/** The height of its number beside it, in pixels. */
const NUMBER = 46;

/**
 * @typedef {object} Enlarged what is enlarged
 * @property {string} marks what it is drawn as
 * @property {{left: number, top: number, width: number, height: number}} box in pixels of its figure
 * @property {string} color of it
 * @property {string} ink what is read best on it
 * @property {number} value
 * @property {string} text of its number
 */

export class Lens {
  constructor() {
    this.root = document.createElement("div");
    this.root.className = "live-lens";
    this.root.setAttribute("aria-hidden", "true"); // what has the focus says it
    this.number = element("span", "live-lens-number", this.root);
  }

  remove() {
    this.root.remove();
  }

  /** Keep the number inside the window. */
  stay() {
    this.number.style.translate = "";
    const { left, right, top, bottom, width } = this.number.getBoundingClientRect();
    const scale = width / this.number.offsetWidth || 1; // of low rows
    const across = Math.max(0, EDGE - left) - Math.max(0, right + EDGE - innerWidth);
    const down = Math.max(0, EDGE - top) - Math.max(0, bottom + EDGE - innerHeight);
    this.number.style.translate = `${across / scale}px ${down / scale}px`;
  }

  /**
   * @param {Element} before what lies above it in its figure @param {Enlarged} seen
   * @returns {number} where it ends at the top, with its number
   */
  show(before, { marks, box, color, ink, value, text }) {
    const width = Math.max(LARGER * box.width, LEAST[marks]);
    const height = Math.max((marks === "cells" ? LARGER : 1) * box.height, LEAST[marks]);
    const top = box.top + (box.height - height) / 2;
    const isBeside = marks !== "cells" && value >= 0;
    Object.assign(this.root.style, {
      left: `${box.left + (box.width - width) / 2}px`,
      top: `${top}px`,
      width: `${width}px`,
      height: `${height}px`,
      background: color,
    });
    this.root.dataset.marks = marks;
    this.root.dataset.side = value < 0 ? "below" : "above";
    this.number.style.color = marks === "cells" ? ink : "";
    write(this.number, text);
    if (this.root.nextElementSibling !== before) before.before(this.root);
    this.stay();
    return isBeside ? top - NUMBER : top;
  }
}
