/** The numbers of handles, without a page. Each test is a function that throws. */

import { scaled, stepped } from "../../../visualizer/live/browser/values.js";

const AXIS = { min: 1e-15, max: 0.1 };

/** @param {number} got @param {number} expected */
function equal(got, expected) {
  if (got !== expected) throw new Error(`got ${got}, expected ${expected}`);
}

/** @param {number} from @param {number} decades */
const dragged = (from, decades) => scaled(AXIS, [from], 0, decades)[0];

/** @param {number} from @param {number} count @param {boolean} [fine] */
const pressed = (from, count, fine = false) => stepped(AXIS, [from], 0, count, fine)[0];

/** @type {Record<string, () => void>} */
export const tests = {
  "a hand moves by decades, to two digits"() {
    equal(dragged(1e-6, 1), 1e-5);
    equal(dragged(1e-6, -2.5), 3.2e-9);
    equal(dragged(3.2e-9, 2.5), 1e-6);
  },
  "a hand that goes beyond an end stays there"() {
    equal(dragged(1e-6, 9), 0.1);
    equal(dragged(1e-6, -30), 1e-15);
  },
  "ten arrows are a decade, there and back"() {
    let value = 1e-6;
    for (let i = 0; i < 10; i++) value = pressed(value, 1);
    equal(value, 1e-5);
    for (let i = 0; i < 10; i++) value = pressed(value, -1);
    equal(value, 1e-6);
  },
  "every arrow moves, wherever the value is between two stops"() {
    for (let digit = 10; digit < 100; digit++) {
      const value = Number(`${digit}e-8`);
      if (!(pressed(value, 1) > value)) throw new Error(`${value} does not go up`);
      if (!(pressed(value, -1) < value)) throw new Error(`${value} does not go down`);
    }
  },
  "with Shift an arrow is one in the second digit"() {
    equal(pressed(1e-6, 1, true), 1.1e-6);
    equal(pressed(2.5e-6, -1, true), 2.4e-6);
    equal(pressed(9.9e-7, 1, true), 1e-6);
    equal(pressed(1e-15, -1, true), 1e-15);
  },
  "Home and End go to the ends"() {
    equal(pressed(1e-6, -Infinity), 1e-15);
    equal(pressed(1e-6, Infinity), 0.1);
  },
  "only the handle in the hand moves"() {
    const both = scaled(AXIS, [1e-6, 1e-3], 1, 1);
    equal(both[0], 1e-6);
    equal(both[1], 1e-2);
  },
};
