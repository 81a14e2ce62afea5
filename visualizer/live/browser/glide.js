/**
 * Let a figure glide to the range that its upright axis has now, from the one that it had.
 *
 * Plotly has drawn it at its end already; here its bars, its numbers and the marks of the axis are put
 * where they would be on a range in between. So whatever stands there is true at every moment. Plotly's
 * own transitions scale the drawing as a picture, letters with it, and know nothing of our handles.
 */

import { marksOf } from "./internals.js";
import { isLaidOut } from "./patch.js";

/** @typedef {import("./internals.js").Axis} Axis */

/** Milliseconds from range to range. */
const DURATION = 250;

/** The largest part of the way in one frame: where frames come late, it takes longer and is no jump. */
const STEP = 0.25;

/** Whether the user has asked for no motion. */
function isStill() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/**
 * Whether there is something to glide along: only the upright axis is another one, both are linear, and
 * Plotly has laid them out.
 * @param {{x: Axis, y: Axis} | undefined} from @param {{x: Axis, y: Axis}} to
 */
export function isGlide(from, to) {
  if (!from || isStill() || String(from.x.range) !== String(to.x.range)) return false;
  if (!to.y.linear || !from.y.linear || !from.y.range.every(Number.isFinite)) return false;
  if (!isLaidOut(to.y)) return false;
  return String(from.y.range) !== String(to.y.range);
}

/**
 * An axis on a range in between; what lies beyond it is cut at its edge.
 * @param {Axis} from @param {Axis} to @param {number} part of the way
 * @returns {Axis}
 */
export function between(from, to, part) {
  const [low, high] = to.range.map((end, i) => from.range[i] + part * (end - from.range[i]));
  const [bottom, top] = to.range.map((end) => to.pixel(end));
  const [first, last] = [Math.min(bottom, top), Math.max(bottom, top)];
  /** @param {number | null} value */
  const pixel = (value) => bottom + ((Number(value) - low) / (high - low)) * (top - bottom);
  return {
    ...to,
    range: [low, high],
    pixel: (value) => Math.max(first, Math.min(last, pixel(value))),
    value: (at) => low + ((at - bottom) / (top - bottom)) * (high - low),
  };
}

/** One figure on its way. */
export class Glide {
  /**
   * @param {Element} plot @param {Axis} from @param {Axis} to
   * @param {(y: Axis) => boolean | undefined} put draws the figure on an upright axis; undefined where
   *   it cannot: then it is there at once, as Plotly has drawn it
   */
  constructor(plot, from, to, put) {
    this.from = from;
    this.to = between(to, to, 1); // as it is laid out now: Plotly may lay it out anew meanwhile
    this.put = put;
    this.marks = marksOf(plot).map((mark) => ({ ...mark, from: mark.node.getAttribute("transform") }));
    /** @type {number | undefined} */
    this.before = undefined; // the time of the last frame
    this.part = 0; // of the way, before it is eased
    this.frame = 0;
    this.over = false;
    this.plot = plot;
    plot.ariaBusy = "true";
    this.place(0);
    this.next();
  }

  next() {
    if (this.over) return;
    this.frame = requestAnimationFrame((now) => {
      const elapsed = now - (this.before ?? now);
      this.before = now;
      this.part += Math.min(elapsed / DURATION, STEP);
      if (this.part >= 1) return this.end();
      this.place(this.part ** 2 * (3 - 2 * this.part));
      this.next();
    });
  }

  /** @param {number} part of the way */
  place(part) {
    const y = between(this.from, this.to, part);
    if (!this.put(y)) return this.end();
    const [low, high] = y.range;
    for (const { node, value, from } of this.marks) {
      const off = y.pixel(value) - this.to.pixel(value);
      node.setAttribute("transform", `translate(0,${off}) ${from ?? ""}`);
      node.style.visibility = low <= value && value <= high ? "" : "hidden";
    }
  }

  /** Be there at once. */
  end() {
    if (this.over) return;
    this.over = true;
    cancelAnimationFrame(this.frame);
    this.plot.ariaBusy = null;
    if (this.part > 0) this.put(this.to);
    for (const { node, from } of this.marks) {
      if (from === null) node.removeAttribute("transform");
      else node.setAttribute("transform", from);
      node.style.visibility = "";
    }
  }
}
