/** Handles on a figure: bars or points for mouse, touch and keys, each a slider to a reader. */

import { askNumber, element, write } from "./dom.js";
import { Hint } from "./hint.js";
import { PHONE, SMALLEST } from "./phone.js";
import {
  apart,
  barBox,
  DIRECTIONS,
  extent,
  labelPlace,
  lineBox,
  planeBox,
  pointBox,
  pulledAlong,
  pulledInside,
  togetherBox,
} from "./places.js";
import { exact, moved, printed, same, scaled, stepped, valueOf, withValue } from "./values.js";

/**
 * @typedef {object} Handles what Python says of the handles of a figure
 * @property {string} field the field of the scenario that they edit
 * @property {number} row of that field
 * @property {number | null} at the place in that row that the only handle edits; null for all of them
 * @property {number[]} values
 * @property {number} min
 * @property {number} max
 * @property {number} step
 * @property {string[]} labels
 * @property {number[]} sizes of their numbers, the largest first, in pixels
 * @property {string | null} together name of the handle that moves all at once, if there is one
 * @property {string[]} moves figures of which they move the numbers and nothing else
 * @property {"bar" | "curve" | "line" | "plane"} grip bars move by y, points by x along the first trace, and
 *   upright lines by x; where that axis is logarithmic, by decades. In a plane there is one handle for
 *   two values, which moves inside of the first trace
 * @property {"foot" | "top"} knob where such a line is taken hold of
 * @property {string[]} [clears] fields that an edit leaves empty, as it says the same in another way
 */

/**
 * @typedef {object} Tips what Python says of what a hand can do
 * @property {string} handle tooltip of each handle
 * @property {string} plane that of one that moves in a plane
 * @property {string} together tooltip of the handle that moves all at once
 * @property {string} hint for those who have never dragged one
 */

/** What a figure without handles has. @type {Handles} */
const NONE = {
  field: "",
  row: 0,
  at: null,
  values: [],
  min: 0,
  max: 0,
  step: 1,
  labels: [],
  sizes: [],
  together: null,
  moves: [],
  grip: "bar",
  knob: "foot",
};

/**
 * @typedef {object} Drag
 * @property {number} index of the handle
 * @property {HTMLElement} item
 * @property {{x: number, y: number}} at where the pointer took hold, in pixels of the figure
 * @property {number[]} from the values before
 * @property {number[]} sent the values that were edited last
 * @property {number} pointer
 * @property {boolean} edited whether it has moved anything
 */

/** Whether a finger takes hold, which needs more room than a mouse. */
const FINGER = matchMedia("(pointer: coarse)");

/** How many times smaller the step of an arrow key is with Shift. */
const FINER = 10;

/** How many steps of the axis an arrow key is. */
const KEY_STEPS = 5;

/** How far a key moves a handle, as so many arrows. @type {Record<string, number>} */
const WAYS = {
  ArrowUp: 1,
  ArrowRight: 1,
  ArrowDown: -1,
  ArrowLeft: -1,
  PageUp: 4,
  PageDown: -4,
  Home: -Infinity,
  End: Infinity,
};

/** The handles of one figure, laid over it. */
export class HandleLayer {
  /** Until there are axes, nothing has a place. @type {import("./places.js").Axes | undefined} */
  axes;

  /**
   * @param {HTMLElement} figure the element over which the handles lie
   * @param {(values: number[], final: boolean, index: number) => void} onEdit called with no values
   *   where the edit of a plane is taken back
   * @param {() => void} onLost called when what was dragged is gone
   */
  constructor(figure, onEdit, onLost) {
    this.figure = figure;
    this.onEdit = onEdit;
    this.onLost = onLost;
    this.root = element("div", "live-handles", figure);
    this.root.hidden = true; // until there are axes to stand on
    /** @type {HTMLElement[]} */
    this.items = [];
    this.spec = NONE;
    /** @type {Drag | null} */
    this.drag = null;
    /** Whether a key is held down, and has moved a handle more than once. */
    this.repeating = false;
    /** The handle that a key has moved last. @type {number | undefined} */
    this.keyed = undefined;
    this.scheduled = 0;
    /** Whether the arrow keys are those of the lecture again, once the pointer lets go. */
    this.lecture = false;
    this.size = 0; // of the numbers, in pixels
    /** @type {Tips} */
    this.tips = { handle: "", plane: "", together: "", hint: "" };
    /** What a handle in a plane says of itself: Python knows what its place means. */
    this.said = "";
    this.hint = new Hint();
    /** Whether it moves by itself just now. */
    this.playing = false;
    /** Whether its numbers are hidden. */
    this.quiet = false;
  }

  /**
   * Take what Python says. Values that are being dragged, or that it has not seen yet, stay as the
   * hand has them: the next key counts from there.
   * @param {Handles | undefined} told
   * @param {boolean} behind whether there are edits newer than this
   */
  update(told, behind) {
    const spec = told ?? NONE;
    const held = (this.drag || this.playing || behind) && spec.values.length === this.spec.values.length;
    if (this.drag && !held && this.letGo(this.drag).edited) this.onLost();
    this.spec = { ...spec, values: held ? this.spec.values : spec.values.slice() };
    if (this.drag && held) this.follow(spec.values);
    const plane = spec.grip === "plane";
    const count = plane ? 1 : spec.values.length + (spec.together ? 1 : 0);
    for (const item of this.items.splice(count)) item.remove();
    while (this.items.length < count) this.items.push(this.create(this.items.length));
    this.figure.classList.toggle("live-has-handles", count > 0);
    this.root.dataset.field = spec.field;
    this.root.dataset.at = String(spec.at ?? "");
    this.items.forEach((item, i) => {
      const all = i === spec.values.length;
      item.classList.toggle("live-together", all);
      item.classList.toggle("live-point", spec.grip === "curve");
      item.classList.toggle("live-line", spec.grip === "line");
      item.classList.toggle("live-plane", plane);
      item.setAttribute("aria-orientation", spec.grip === "bar" ? "vertical" : "horizontal");
      if (plane) item.setAttribute("aria-roledescription", "slider in two directions");
      else item.removeAttribute("aria-roledescription");
      item.setAttribute("aria-label", (all && spec.together) || spec.labels[i]);
      item.setAttribute("aria-valuemin", String(spec.min));
      item.setAttribute("aria-valuemax", String(spec.max));
      item.title = all ? this.tips.together : plane ? this.tips.plane : this.tips.handle;
    });
    this.announce();
    const isFirst = !this.lecture && spec.at === null; // of a value that others edit too
    this.hint.offer(isFirst ? this.items[0] : undefined, this.tips.hint);
  }

  /** @param {number} index */
  create(index) {
    const item = element("div", "live-handle", this.root);
    item.setAttribute("role", "slider");
    item.tabIndex = 0;
    element("div", "live-cap", item);
    element("div", "live-number", item);
    item.onpointerdown = (event) => this.grab(event, index);
    item.onpointermove = (event) => this.pull(event);
    // Where there is one: up to a frame earlier.
    item.addEventListener("pointerrawupdate", (event) => this.pull(/** @type {any} */ (event)));
    item.onpointerup = (event) => this.release(event);
    item.onpointercancel = (event) => this.release(event);
    item.onlostpointercapture = (event) => this.release(event);
    item.onkeydown = (event) => this.key(event, index);
    item.onkeyup = item.onblur = () => this.keyReleased(index);
    item.ondblclick = () => this.type(index);
    return item;
  }

  /** The value of a handle. @param {number} index */
  value(index) {
    return valueOf(this.spec.values, index);
  }

  /** @param {PointerEvent} event @param {number} index */
  grab(event, index) {
    if (event.button !== 0 || this.drag) return;
    const item = this.items[index];
    item.setPointerCapture(event.pointerId);
    item.focus({ preventScroll: true });
    item.classList.add("live-dragged");
    const at = this.under(event);
    const { pointerId: pointer } = event;
    const from = this.spec.values;
    this.drag = { index, item, at, from, sent: from, pointer, edited: false };
    event.preventDefault();
  }

  /** @param {PointerEvent} event */
  pull(event) {
    if (!this.drag || event.pointerId !== this.drag.pointer) return;
    const { from, index, at } = this.drag;
    const values = this.pulled(from, index, at, this.under(event));
    if (same(values, this.drag.sent)) return;
    this.drag.sent = values;
    // Others may stand elsewhere than at the start by now, where they are tied to this one.
    const shown = this.spec.values;
    const alone = !this.inPlane && index < values.length;
    this.put(alone ? withValue(shown, index, values[index]) : values);
    this.drag.edited = true;
    this.onEdit(values, false, index);
  }

  /**
   * The values when the pointer has taken a handle from one place to another.
   * @param {number[]} from @param {number} index
   * @param {{x: number, y: number}} start @param {{x: number, y: number}} end
   */
  pulled(from, index, start, end) {
    if (this.inPlane && this.axes) {
      return pulledInside(this.axes, from, end.x - start.x, end.y - start.y);
    }
    const by = this.way(from[index], start, end);
    return this.logarithmic
      ? scaled(this.spec, from, index, by)
      : moved(this.spec, from, index, by);
  }

  /**
   * Take values from the hand: to be read at once, to be seen in the next frame.
   * @param {number[]} values
   */
  put(values) {
    this.hint.taken();
    this.spec.values = values;
    this.announce();
    this.scheduled ||= requestAnimationFrame(() => this.place());
  }

  /** Hide the numbers, or show them again. @param {boolean} quiet */
  hush(quiet) {
    this.quiet = quiet;
    this.announce();
  }

  /**
   * Stand where Python says: handles that are tied to each other, or whose values are dragged on
   * another figure. What is in the hand stays in it.
   * @param {number[]} values
   */
  follow(values) {
    const now = this.spec.values;
    const kept = this.drag?.index ?? (this.repeating ? this.keyed : undefined);
    if (values.length !== now.length || kept === now.length || this.playing) return;
    if (kept !== undefined && this.inPlane) return;
    const next = kept === undefined ? values : withValue(values, kept, now[kept]);
    if (same(next, now)) return;
    this.spec.values = next;
    this.announce();
    this.scheduled ||= requestAnimationFrame(() => this.place());
  }

  /** Say the values to assistive technology. */
  announce() {
    this.items.forEach((item, i) => {
      const value = this.value(i);
      item.setAttribute("aria-valuenow", String(exact(value)));
      const words = this.inPlane ? this.said : this.printed(value);
      item.setAttribute("aria-valuetext", this.quiet ? "hidden" : words);
    });
  }

  /** Take what Python says of the place of a handle in a plane. @param {string | undefined} words */
  say(words) {
    if (words === undefined || words === this.said) return;
    this.said = words;
    this.announce();
  }

  /** End a drag; give what it was. @param {Drag} drag */
  letGo(drag) {
    drag.item.classList.remove("live-dragged");
    this.drag = null;
    if (this.lecture) drag.item.blur();
    if (drag.item.hasPointerCapture(drag.pointer)) drag.item.releasePointerCapture(drag.pointer);
    return drag;
  }

  /** @param {PointerEvent} event */
  release(event) {
    if (this.drag?.pointer !== event.pointerId) return; // another finger
    const { edited, index, sent } = this.letGo(this.drag);
    if (edited) this.onEdit(sent, true, index);
  }

  /** Whether its one handle moves in two directions. */
  get inPlane() {
    return this.spec.grip === "plane";
  }

  /** Whether its values have their distances as factors. */
  get logarithmic() {
    return this.spec.grip === "line" && this.axes?.x.linear === false;
  }

  /** Whether a handle is in the hand, or a key is held down: more is to come. */
  get held() {
    return Boolean(this.drag?.edited || this.repeating || this.playing);
  }

  /**
   * Move by itself, by the way that a hand takes.
   * @param {number[]} values @param {boolean} final
   */
  play(values, final) {
    this.playing = !final;
    this.items.forEach((item, i) => {
      const moves = i < values.length && values[i] !== this.spec.values[i];
      item.classList.toggle("live-playing", !final && (moves || item.matches(".live-playing")));
    });
    if (same(values, this.spec.values) && !final) return;
    this.put(values);
    this.onEdit(values, final, values.length); // which selects none of them
  }

  /** Be where it was, as if it had not moved by itself. @param {number[]} values */
  rest(values) {
    this.playing = false;
    for (const item of this.items) item.classList.remove("live-playing");
    this.put(values);
  }

  /** Say something at a handle. @param {number} index @param {string} words */
  invite(index, words) {
    const cap = this.items[index]?.querySelector(".live-cap");
    if (cap) element("div", "live-invite", cap).textContent = words;
  }

  uninvite() {
    for (const said of this.root.querySelectorAll(".live-invite")) said.remove();
  }

  /** Take a drag back, as if it had not begun. @param {Drag} drag */
  cancel(drag) {
    const { from, edited, index } = this.letGo(drag);
    if (!edited) return;
    this.put(from);
    this.onEdit(this.inPlane ? [] : from, true, index);
  }

  /**
   * A key that is held down moves on as a drag does: what it ends at is saved when it comes up.
   * While the pointer holds a handle no key means anything but Escape, to the page neither.
   * @param {KeyboardEvent} event @param {number} index
   */
  key(event, index) {
    const { values } = this.spec;
    const fine = event.shiftKey && event.key.startsWith("Arrow");
    const by = WAYS[event.key];
    const moves = this.inPlane ? event.key in DIRECTIONS : by !== undefined;
    if (this.drag) {
      if (event.key === "Escape") this.cancel(this.drag);
    } else if (event.key === "Enter") this.type(index);
    else if (moves && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const step = this.spec.step / (fine ? FINER : 1);
      const next = this.inPlane
        ? this.pushed(values, DIRECTIONS[event.key], KEY_STEPS * step)
        : this.logarithmic
          ? stepped(this.spec, values, index, by, fine)
          : moved({ ...this.spec, step }, values, index, by * KEY_STEPS * step);
      if (!same(next, values)) {
        this.repeating = event.repeat;
        this.keyed = index;
        this.put(next);
        this.onEdit(next, !event.repeat, index);
      }
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * Where an arrow key takes a point of a plane.
   * @param {number[]} from @param {number[]} way to the right, and upwards
   * @param {number} by how far, as a value
   */
  pushed(from, [right, up], by) {
    if (!this.axes) return from;
    const { x, y } = this.axes;
    return pulledInside(
      this.axes,
      from,
      x.pixel(from[0] + right * by) - x.pixel(from[0]),
      y.pixel(from[1] + up * by) - y.pixel(from[1]),
    );
  }

  /** @param {number} index */
  keyReleased(index) {
    if (this.repeating) this.onEdit(this.spec.values, true, index);
    this.repeating = false;
  }

  /** Let the user type the value of a handle. @param {number} index */
  async type(index) {
    if (this.inPlane) return; // one number is no place
    const item = this.items[index];
    const value = await askNumber(this.figure, item, exact(this.value(index)));
    if (value === null || !this.items[index]) return;
    const { values } = this.spec;
    const next = withValue(values, index, value);
    if (same(next, values)) return;
    this.put(next);
    this.onEdit(next, true, index);
  }

  /**
   * Where a pointer is, in pixels of the figure; wherever that has been scrolled to meanwhile, and
   * whatever its size.
   * @param {PointerEvent} event
   */
  under(event) {
    const { left, top, height } = this.figure.getBoundingClientRect();
    const scale = height / this.figure.offsetHeight || 1; // not 1 where an ancestor is scaled
    return { x: (event.clientX - left) / scale, y: (event.clientY - top) / scale };
  }

  /**
   * How far a handle has come when the pointer has: on its axis, or along its curve.
   * @param {number} from @param {{x: number, y: number}} start @param {{x: number, y: number}} end
   */
  way(from, start, end) {
    if (!this.axes) return NaN; // no handle has been seen yet
    const { x, y } = this.axes;
    const { grip } = this.spec;
    if (grip === "curve") {
      return pulledAlong(this.axes, from, end.x - start.x, end.y - start.y) - from;
    }
    return grip === "line" ? x.value(end.x) - x.value(start.x) : y.value(end.y) - y.value(start.y);
  }

  /**
   * Take the axes that Plotly has drawn, and put the handles on them.
   * @param {import("./places.js").Axes} axes
   */
  attach(axes) {
    this.axes = axes;
    this.place();
    this.root.hidden = false;
  }

  /** @param {import("./places.js").Axes} axes @param {number} index */
  box(axes, index) {
    const value = this.value(index);
    const finger = FINGER.matches;
    if (this.inPlane) return planeBox(axes, this.spec.values);
    if (this.spec.grip === "curve") return pointBox(axes, value, finger);
    if (this.spec.grip === "line") return lineBox(axes, value, finger, this.spec.knob);
    if (index === this.spec.values.length) return togetherBox(axes, value, finger);
    return barBox(axes, value, index, finger);
  }

  place() {
    this.scheduled = 0;
    const { axes } = this;
    if (!axes || this.items.length === 0) return;
    const boxes = this.items.map((_, i) => this.box(axes, i));
    const texts = this.items.map((_, i) => this.text(i));
    const labels = this.lettered(axes, boxes, texts);
    const free = apart(labels, this.drag?.index);
    this.items.forEach((item, i) => {
      const box = boxes[i];
      item.style.width = `${box.width}px`;
      item.style.height = `${box.height}px`;
      item.style.transform = `translate(${box.left}px, ${box.top}px)`;
      const [cap, number] = /** @type {any} */ (item.children);
      cap.style.top = `${box.tip}px`;
      number.style.top = `${labels[i].middle - box.top}px`;
      write(number, texts[i]);
      // Of a value that another handle edits too, the number stands there.
      const told = this.spec.at !== null || !free.includes(labels[i]);
      item.classList.toggle("live-covered", told);
    });
  }

  /** What is printed beside a handle. @param {number} index */
  text(index) {
    if (this.inPlane) return "";
    const all = index === this.spec.values.length;
    return all ? "all" : this.printed(this.value(index));
  }

  /** The digits of a step, or one more where that is all there is: after a step with Shift. @param {number} value */
  printed(value) {
    const step = this.logarithmic ? 10 ** (Math.floor(Math.log10(value)) - 1) : this.spec.step;
    const [usual, finer] = [printed(value, step), printed(value, step / FINER)];
    const isWhole = Number(finer.replaceAll("−", "-")) === exact(value);
    return isWhole && !usual.includes("e") && !finer.endsWith("0") ? finer : usual;
  }

  /**
   * Give the largest letters that fit, the same while something is dragged, and the places of the
   * numbers in them. Where not even the smallest fit, a number shows when its handle is looked at.
   * @param {import("./places.js").Axes} axes
   * @param {import("./places.js").Box[]} boxes @param {string[]} texts
   */
  lettered({ x, y }, boxes, texts) {
    // Points may lie on each other at any size: their numbers stay large, one of them is seen.
    const alone = this.spec.grip === "curve" ? 1 : undefined;
    const sizes = this.spec.sizes.filter((size) => size >= (PHONE.matches ? SMALLEST : 0)).slice(0, alone);
    /** @param {number} size */
    const places = (size) =>
      boxes.map((box, i) => {
        const all = i === this.spec.values.length;
        return labelPlace(box, texts[i], size, this.spec.grip, all, this.value(i) < 0);
      });
    // On a projector numbers are large beside the plot, and would cover the names below it.
    const ends = y.range.map((end) => y.offset + y.pixel(y.linear ? end : 10 ** end));
    const large = this.figure.classList.contains("live-present");
    const foot = large ? Math.max(...ends) : Infinity;
    /** @param {number} size */
    const fits = (size) =>
      apart(places(size)).length === boxes.length && places(size).every((at) => at.bottom <= foot);
    if (!this.drag) this.size = sizes.find(fits) ?? sizes[sizes.length - 1];
    const room = this.spec.grip === "bar" ? Math.abs(x.pixel(1) - x.pixel(0)) : Infinity;
    this.figure.classList.toggle("live-crowded", extent("0.00") * sizes[sizes.length - 1] > room);
    this.root.style.setProperty("--live-size", `${this.size}px`);
    return places(this.size);
  }
}
