/** Where the handles of a figure lie on it, in pixels, from the axes that Plotly has drawn. */

/** Pixels around the tip of a bar, or around a point, that belong to its handle; for a finger more. */
const [REACH, FINGER] = [14, 22];

/**
 * @typedef {object} Axes
 * @property {import("./internals.js").Axis} x
 * @property {import("./internals.js").Axis} y
 * @property {import("./internals.js").Axis} [upper] the upright axis of a panel above
 * @property {number} right edge of the plot
 * @property {{x: number[], y: number[]}} curve the first trace
 * @property {number} bar how wide a bar is, where the distance to the next one is 1
 */

/** @typedef {{left: number, top: number, width: number, height: number, tip: number}} Box */

/**
 * From the foot of a bar to its tip.
 * @param {Axes} axes @param {number} value @param {number} index @param {boolean} [finger]
 * @returns {Box}
 */
export function barBox({ x, y, bar }, value, index, finger = false) {
  const reach = finger ? FINGER : REACH;
  const tip = y.offset + y.pixel(clamp(value, y.range));
  const foot = y.offset + y.pixel(0);
  // As wide as the bar, or as a finger needs, but not over the next one.
  const distance = Math.abs(x.pixel(1) - x.pixel(0));
  const width = Math.min(distance, Math.max(finger ? 2 * FINGER : 20, bar * distance));
  const top = Math.min(tip, foot) - reach;
  const height = Math.abs(tip - foot) + 2 * reach;
  return { left: x.offset + x.pixel(index) - width / 2, top, width, height, tip: tip - top };
}

/**
 * Beside the bars, at the mean of all.
 * @param {Axes} axes @param {number} value @param {boolean} [finger]
 * @returns {Box}
 */
export function togetherBox({ y, right }, value, finger = false) {
  const reach = finger ? FINGER : REACH;
  const top = y.offset + y.pixel(clamp(value, y.range)) - reach;
  return { left: right + 20 - reach, top, width: 2 * reach, height: 2 * reach, tip: reach };
}

/**
 * Around a point on the curve.
 * @param {Axes} axes @param {number} value @param {boolean} [finger]
 * @returns {Box}
 */
export function pointBox({ x, y, curve }, value, finger = false) {
  const at = clamp(value, x.range);
  const reach = finger ? FINGER : 20;
  const left = x.offset + x.pixel(at) - reach;
  const top = y.offset + y.pixel(heightOn(curve, at)) - reach;
  return { left, top, width: 2 * reach, height: 2 * reach, tip: reach };
}

/**
 * Along an upright line, with its knob at the foot of the plot, or at its top.
 * @param {Axes} axes @param {number} value @param {boolean} [finger] @param {string} [knob]
 * @returns {Box}
 */
export function lineBox({ x, y }, value, finger = false, knob = "foot") {
  const reach = finger ? FINGER : 20;
  const ends = x.range.map((end) => x.pixel(x.linear ? end : 10 ** end));
  const at = Math.max(Math.min(...ends), Math.min(Math.max(...ends), x.pixel(value)));
  const [bottom, top] = y.range.map((end) => y.offset + y.pixel(y.linear ? end : 10 ** end));
  const height = Math.abs(bottom - top) + REACH;
  const isTop = knob === "top";
  const first = Math.min(bottom, top) - (isTop ? REACH : 0);
  const tip = isTop ? REACH : height - REACH;
  return { left: x.offset + at - reach, top: first, width: 2 * reach, height, tip };
}

/**
 * Around a point of a plane.
 * @param {Axes} axes @param {number[]} values to the right, and upwards
 * @returns {Box}
 */
export function planeBox({ x, y }, [across, up]) {
  const left = x.offset + x.pixel(across) - 22;
  const top = y.offset + y.pixel(up) - 22;
  return { left, top, width: 44, height: 44, tip: 22 };
}

/** Which way an arrow key takes a point of a plane: to the right, and upwards. @type {Record<string, number[]>} */
export const DIRECTIONS = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** @typedef {{left: number, top: number, right: number, bottom: number, middle: number}} Label */

/**
 * Where the number of a handle stands: beyond the tip of its bar, or up and to the left of a point,
 * where a curve that rises leaves room.
 * @param {Box} box @param {string} text @param {number} size of the letters, in pixels
 * @param {string} grip @param {boolean} together @param {boolean} negative
 * @returns {Label}
 */
export function labelPlace(box, text, size, grip, together, negative) {
  const onCurve = grip === "curve";
  const off = 0.62 * size + (together || grip !== "bar" ? 10 : 5); // round caps are higher
  const middle = box.top + box.tip + (negative && grip === "bar" ? off : -off);
  const width = size * (together ? 1.2 : extent(text)) + 2; // "all" is set in narrow letters
  const center = box.left + box.width / 2;
  const left = onCurve ? center - 3 - width : center - width / 2;
  // Digits fill half the height of their line.
  const [top, bottom] = [middle - 0.45 * size, middle + 0.45 * size];
  return { left, top, right: left + width, bottom, middle };
}

/**
 * The labels that lie over none that counts before them.
 * @param {Label[]} labels
 * @param {number} [first] the label that counts before all others; then they count in order
 */
export function apart(labels, first) {
  /** @type {Label[]} */
  const free = [];
  for (const label of first === undefined ? labels : [labels[first], ...labels]) {
    /** @param {Label} other */
    const covered = (other) =>
      other.left < label.right &&
      label.left < other.right &&
      other.top < label.bottom &&
      label.top < other.bottom;
    if (!free.some(covered)) free.push(label);
  }
  return free;
}

/**
 * How wide a number in bold letters is, in units of their size.
 * @param {string} text
 */
export function extent(text) {
  return 0.53 * text.length - (text.includes(".") ? 0.26 : 0);
}

/** @param {number} value @param {[number, number]} range */
function clamp(value, range) {
  return Math.max(range[0], Math.min(range[1], value));
}

/**
 * The height of a drawn curve at x, between two of its points: so a handle stays on the line that
 * is seen. The numbers on the page come from Python.
 * @param {{x: number[], y: number[]}} curve with x increasing
 * @param {number} x
 */
function heightOn(curve, x) {
  const next = curve.x.findIndex((at) => at >= x);
  if (next <= 0) return curve.y[next < 0 ? curve.y.length - 1 : 0];
  const [x0, x1] = [curve.x[next - 1], curve.x[next]];
  const [y0, y1] = [curve.y[next - 1], curve.y[next]];
  return y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}

/**
 * Where a point on a curve comes to when the hand has moved it, as its value of x. A hand that moves
 * sideways takes x along, one that moves up or down the height, as far along the curve as a hand
 * that moves sideways; in between both count, by how far it has gone either way.
 * @param {Axes} axes @param {number} from where it was @param {number} right how far the hand has
 * moved, in pixels @param {number} down likewise
 */
export function pulledAlong({ x, y, curve }, from, right, down) {
  const length = right ** 2 + down ** 2;
  if (length === 0) return from;
  /** @param {number} pixel */
  const height = (pixel) => y.pixel(heightOn(curve, x.value(pixel)));
  const start = x.pixel(from);
  const target = height(start) + down;
  // Towards the side on which the curve goes the way of the hand; where it is flat, as if it rose.
  const rises = height(start + 1) <= height(start - 1);
  const side = rises === down < 0 ? 1 : -1;
  let upright = 0;
  while (upright < Math.abs(down) && (height(start + side * upright) - target) * down < 0) {
    upright += 0.5;
  }
  return x.value(start + (right ** 3 + down ** 2 * side * upright) / length);
}

/**
 * Where a point comes to when the hand has moved it in a plane: under the hand, or as near to it as
 * the outline lets it. That is where it is drawn; what it means, Python says.
 * @param {Axes} axes whose curve is the outline, closed, without dents
 * @param {number[]} from where it was @param {number} right how far the hand has moved, in pixels
 * @param {number} down likewise
 * @returns {number[]} to the right, and upwards
 */
export function pulledInside({ x, y, curve }, [across, up], right, down) {
  const hand = [x.pixel(across) + right, y.pixel(up) + down];
  const outline = curve.x.map((at, i) => [x.pixel(at), y.pixel(curve.y[i])]);
  const [px, py] = isInside(outline, hand) ? hand : nearestOn(outline, hand);
  return [x.value(px), y.value(py)].map((value) => Number(value.toFixed(5)));
}

/** Whether a place lies on one side of all edges. @param {number[][]} outline @param {number[]} place */
function isInside(outline, [px, py]) {
  const sides = edges(outline).map(([[ax, ay], [bx, by]]) =>
    Math.sign((bx - ax) * (py - ay) - (by - ay) * (px - ax)),
  );
  return !(sides.includes(1) && sides.includes(-1));
}

/** The place of an outline that is nearest to another. @param {number[][]} outline @param {number[]} place */
function nearestOn(outline, [px, py]) {
  const places = edges(outline).map(([[ax, ay], [bx, by]]) => {
    const [wide, high] = [bx - ax, by - ay];
    const along = ((px - ax) * wide + (py - ay) * high) / (wide ** 2 + high ** 2);
    const part = Math.max(0, Math.min(1, along));
    return [ax + part * wide, ay + part * high];
  });
  const far = places.map(([ax, ay]) => Math.hypot(ax - px, ay - py));
  return places[far.indexOf(Math.min(...far))];
}

/** @param {number[][]} outline */
function edges(outline) {
  return outline.slice(1).map((end, i) => [outline[i], end]);
}
