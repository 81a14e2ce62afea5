/** Where handles lie and go, without a page. Each test is a function that throws. */

import {
  lineBox,
  planeBox,
  pulledAlong,
  pulledInside,
} from "../../../visualizer/live/browser/places.js";

/** Ten pixels a unit to the right, a hundred upwards; a curve that is flat, rises, and is flat. */
const axis = { offset: 0, range: /** @type {[number, number]} */ ([-10, 10]) };
const AXES = {
  x: { ...axis, pixel: (/** @type {any} */ x) => 100 + 10 * x, value: (/** @type {number} */ p) => (p - 100) / 10 },
  y: { ...axis, pixel: (/** @type {any} */ y) => 200 - 100 * y, value: (/** @type {number} */ p) => (200 - p) / 100 },
  right: 200,
  bar: NaN,
  curve: { x: [-10, -2, 2, 10], y: [0, 0, 1, 1] },
};

/** The same, with a square from −5 to 5 across, and from −0.5 to 0.5 upwards: 100 pixels either way. */
const PLANE = { ...AXES, curve: { x: [-5, 5, 5, -5, -5], y: [-0.5, -0.5, 0.5, 0.5, -0.5] } };

/** @param {number[]} got @param {number[]} expected */
function at(got, expected) {
  near(got[0], expected[0]);
  near(100 * got[1], 100 * expected[1]);
}

/** @param {number} got @param {number} expected */
function near(got, expected) {
  if (!(Math.abs(got - expected) <= 0.06)) throw new Error(`got ${got}, expected ${expected}`);
}

/** @type {Record<string, () => void>} */
export const tests = {
  "a hand that moves sideways takes x along"() {
    near(pulledAlong(AXES, 0, 30, 0), 3);
    near(pulledAlong(AXES, 0, -30, 0), -3);
  },
  "a hand that moves up or down takes the height along"() {
    near(pulledAlong(AXES, 0, 0, -25), 1); // 25 pixels up are a quarter, which is x = 1
    near(pulledAlong(AXES, 0, 0, 25), -1);
  },
  "a hand that follows the curve is followed"() {
    near(pulledAlong(AXES, 0, 10, -25), 1);
  },
  "where the curve is flat, up goes as far as sideways would"() {
    near(pulledAlong(AXES, 5, 0, -30), 8);
    near(pulledAlong(AXES, -8, 0, 20), -10);
  },
  "a curve that falls takes the hand the other way"() {
    const falling = { ...AXES, curve: { x: [-10, 10], y: [1, 0] } };
    near(pulledAlong(falling, 0, 0, -5), -0.5);
  },
  "an upright line is taken hold of at its foot, or at its top, within its axis"() {
    const axes = { ...AXES, y: { ...AXES.y, range: /** @type {[number, number]} */ ([0, 1]) } };
    const x = { ...AXES.x, range: AXES.x.range, linear: true };
    for (const [knob, at] of [["foot", 200], ["top", 100]]) {
      const line = { ...axes, x, y: { ...axes.y, linear: true } };
      const { left, top, width, tip } = lineBox(/** @type {any} */ (line), 3, false, String(knob));
      near(left + width / 2, 130);
      near(top + tip, Number(at));
      near(lineBox(/** @type {any} */ (line), 99, false, String(knob)).left + width / 2, 200);
    }
  },
  "a hand that has come back leaves everything as it was"() {
    near(pulledAlong(AXES, 1.25, 0, 0), 1.25);
  },
  "a point of a plane goes where the hand goes, both ways at once"() {
    at(pulledInside(PLANE, [0, 0], 30, -20), [3, 0.2]);
    at(pulledInside(PLANE, [1, 0.1], -20, 15), [-1, -0.05]);
  },
  "beyond the outline it stays on it, as near to the hand as it can"() {
    at(pulledInside(PLANE, [0, 0], 500, 0), [5, 0]);
    at(pulledInside(PLANE, [0, 0], 20, -500), [2, 0.5]);
    at(pulledInside(PLANE, [0, 0], -500, 500), [-5, -0.5]);
  },
  "an outline that is drawn the other way round holds it as well"() {
    const { x, y } = PLANE.curve;
    const turned = { ...PLANE, curve: { x: x.toReversed(), y: y.toReversed() } };
    at(pulledInside(turned, [0, 0], 500, 0), [5, 0]);
    at(pulledInside(turned, [0, 0], 30, -20), [3, 0.2]);
  },
  "from outside it comes to the outline, and not back to where it was"() {
    at(pulledInside(PLANE, [8, 0], -10, 0), [5, 0]);
    at(pulledInside(PLANE, [8, 0], -40, 0), [4, 0]);
  },
  "its handle lies around it, large enough for a finger"() {
    const { left, top, width, height } = planeBox(PLANE, [3, 0.2]);
    near(left + width / 2, 130);
    near(top + height / 2, 180);
    near(Math.min(width, height), 44);
  },
};
