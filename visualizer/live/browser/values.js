/** The numbers of a row of handles: one for each bar or point, and the last handle for all together. */

/**
 * The value of a handle: of its bar, or the mean of all.
 * @param {number[]} values @param {number} index
 */
export function valueOf(values, index) {
  if (index < values.length) return values[index];
  const [first] = values;
  const count = values.length; // divided by first, as the sum may be infinite
  return values.reduce((mean, value) => mean + (value / count - first / count), first);
}

/**
 * Move a handle, as far as its axis goes; the last handle takes all others along.
 * @param {{min: number, max: number, step: number}} axis
 * @param {number[]} from the values before
 * @param {number} index
 * @param {number} by how far
 * @returns {number[]}
 */
export function moved({ min, max, step }, from, index, by) {
  /** @param {number} value */
  const bound = (value) => Math.min(max, Math.max(min, value));
  if (index < from.length) {
    return from.map((value, i) => (i === index ? bound(snap(value + by, step)) : value));
  }
  // None where a value lies beyond the axis already.
  const up = Math.max(0, max - Math.max(...from));
  const down = Math.min(0, min - Math.min(...from));
  const shift = snap(Math.min(up, Math.max(down, by)), step);
  return from.map((value) => exact(value + shift));
}

/** How many stops an arrow key finds in a decade: 1, 1.3, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 7.9. */
const STOPS = 10;

/**
 * Move a handle on a logarithmic axis by some decades, to a number of two digits.
 * @param {{min: number, max: number}} axis @param {number[]} from the values before
 * @param {number} index @param {number} decades
 * @returns {number[]}
 */
export function scaled(axis, from, index, decades) {
  return put(axis, from, index, from[index] * 10 ** decades);
}

/**
 * Move a handle on a logarithmic axis by keys: to a stop further on, or finely, in its second digit.
 * @param {{min: number, max: number}} axis @param {number[]} from the values before
 * @param {number} index @param {number} count how many stops; infinite for the end of the axis
 * @param {boolean} fine
 * @returns {number[]}
 */
export function stepped(axis, from, index, count, fine) {
  const value = from[index];
  if (!Number.isFinite(count)) return put(axis, from, index, count > 0 ? axis.max : axis.min);
  if (fine) {
    const power = Number(value.toExponential().split("e")[1]) - 1;
    return put(axis, from, index, value + count * 10 ** power);
  }
  return put(axis, from, index, 10 ** ((Math.round(Math.log10(value) * STOPS) + count) / STOPS));
}

/**
 * @param {{min: number, max: number}} axis @param {number[]} from
 * @param {number} index @param {number} value to be rounded to two digits
 */
function put({ min, max }, from, index, value) {
  const rounded = Math.min(max, Math.max(min, Number(value.toPrecision(2))));
  return from.map((old, i) => (i === index ? rounded : old));
}

/**
 * Put a handle to a value that was typed, wherever its axis ends; the last one takes all along.
 * @param {number[]} from the values before @param {number} index @param {number} value
 * @returns {number[]}
 */
export function withValue(from, index, value) {
  if (index < from.length) return from.map((old, i) => (i === index ? value : old));
  const shift = value - valueOf(from, index);
  const largest = Number.MAX_VALUE;
  return from.map((old) => exact(Math.max(-largest, Math.min(largest, old + shift))));
}

/** @param {number[]} a @param {number[]} b */
export function same(a, b) {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** Round to a whole number of steps. @param {number} value @param {number} step */
function snap(value, step) {
  return exact(Math.round(value / step) * step);
}

/** Drop the dust of binary fractions: 0.30000000000000004 is 0.3. @param {number} value */
export function exact(value) {
  return Number(value.toPrecision(12));
}

/**
 * Print as many digits as the step has, or as few as a typed value needs: the text of `number` in
 * figures/numbers.py, letter by letter.
 * @param {number} value @param {number} step
 */
export function printed(value, step) {
  const size = Math.abs(value);
  let digits = Math.min(6, Math.max(2, -Math.floor(Math.log10(step))));
  const plain = size === 0 || (size >= 1e-4 && size < 1e5);
  while (plain && size > 0 && size < Number(`1e-${digits}`)) digits += 1;
  const text = plain
    ? toEven(size, digits, (x, count) => x.toFixed(count))
    : toEven(size, 1, (x, count) => x.toExponential(count));
  return (value < 0 ? "−" : "") + text.replace("-", "−").replace(/(e.)(\d)$/, "$10$2");
}

/**
 * Round what lies in the middle of two texts to the even one, as Python does; JavaScript takes the
 * larger one.
 * @param {number} size at least 0 @param {number} digits after the point
 * @param {(size: number, digits: number) => string} write
 */
function toEven(size, digits, write) {
  const text = write(size, digits);
  if (!Number.isInteger(size * 2 ** 8)) return text; // no such middle has more binary digits
  const [mantissa] = write(size, 100).split("e"); // every digit that a float64 has
  const between = /^50*$/.test(mantissa.slice(mantissa.indexOf(".") + 1 + digits));
  const odd = /[13579]$/.test(text.split("e")[0]);
  return between && odd ? write(size * (1 - 2 ** -52), digits) : text;
}
