/** Handles on a figure: bars or points for mouse, touch and keys, each a slider to a reader. */

import { askNumber, element } from "./dom.js";
import { apart, barBox, extent, labelPlace, pointBox, togetherBox } from "./places.js";
import { exact, moved, printed, same, valueOf, withValue } from "./values.js";

/**
 * @typedef {object} Handles what Python says of the handles of a figure
 * @property {string} field the field of the scenario that they edit
 * @property {number} row of that field
 * @property {number[]} values
 * @property {number} min
 * @property {number} max
 * @property {number} step
 * @property {string[]} labels
 * @property {string | null} together name of the handle that moves all at once, if there is one
 * @property {string[]} moves figures of which they move the numbers and nothing else
 * @property {boolean} onCurve points that move by x along the first trace; else bars that move by y
 */

/** What a figure without handles has. @type {Handles} */
const NONE = {
  field: "",
  row: 0,
  values: [],
  min: 0,
  max: 0,
  step: 1,
  labels: [],
  together: null,
  moves: [],
  onCurve: false,
};

/**
 * @typedef {object} Drag
 * @property {number} index of the handle
 * @property {HTMLElement} item
 * @property {number} at which value the pointer took hold
 * @property {number[]} from the values before
 * @property {number} pointer
 * @property {boolean} edited whether it has moved anything
 */

/** The handles of one figure, laid over it. */
export class HandleLayer {
  /** Until there are axes, nothing has a place. @type {import("./places.js").Axes | undefined} */
  axes;

  /**
   * @param {HTMLElement} figure the element over which the handles lie
   * @param {(values: number[], final: boolean) => void} onEdit
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
    this.scheduled = 0;
    /** Whether the arrow keys are those of the lecture again, once the pointer lets go. */
    this.lecture = false;
    this.size = 0; // of the numbers, in pixels
  }

  /**
   * Take what Python says. Values that are being dragged, or that it has not seen yet, stay as the
   * hand has them: the next key counts from there.
   * @param {Handles | undefined} told
   * @param {boolean} behind whether there are edits newer than this
   */
  update(told, behind) {
    const spec = told ?? NONE;
    const held = (this.drag || behind) && spec.values.length === this.spec.values.length;
    if (this.drag && !held && this.letGo(this.drag).edited) this.onLost();
    this.spec = { ...spec, values: held ? this.spec.values : spec.values.slice() };
    const count = spec.values.length + (spec.together ? 1 : 0);
    for (const item of this.items.splice(count)) item.remove();
    while (this.items.length < count) this.items.push(this.create(this.items.length));
    this.figure.classList.toggle("live-has-handles", count > 0);
    this.items.forEach((item, i) => {
      const all = i === spec.values.length;
      item.classList.toggle("live-together", all);
      item.classList.toggle("live-point", spec.onCurve);
      item.setAttribute("aria-orientation", spec.onCurve ? "horizontal" : "vertical");
      item.setAttribute("aria-label", (all && spec.together) || spec.labels[i]);
      item.setAttribute("aria-valuemin", String(spec.min));
      item.setAttribute("aria-valuemax", String(spec.max));
    });
    this.announce();
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
    item.onkeyup = item.onblur = () => this.keyReleased();
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
    this.drag = { index, item, at, from: this.spec.values, pointer, edited: false };
    event.preventDefault();
  }

  /** @param {PointerEvent} event */
  pull(event) {
    if (!this.drag || event.pointerId !== this.drag.pointer) return;
    const { from, index, at } = this.drag;
    const values = moved(this.spec, from, index, this.under(event) - at);
    if (same(values, this.spec.values)) return;
    this.put(values);
    this.drag.edited = true;
    this.onEdit(values, false);
  }

  /**
   * Take values from the hand: to be read at once, to be seen in the next frame.
   * @param {number[]} values
   */
  put(values) {
    this.spec.values = values;
    this.announce();
    this.scheduled ||= requestAnimationFrame(() => this.place());
  }

  /** Say the values to assistive technology. */
  announce() {
    this.items.forEach((item, i) => {
      const value = this.value(i);
      item.setAttribute("aria-valuenow", String(exact(value)));
      item.setAttribute("aria-valuetext", printed(value, this.spec.step));
    });
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
    if (this.letGo(this.drag).edited) this.onEdit(this.spec.values, true);
  }

  /** Whether a handle is in the hand, or a key is held down: more is to come. */
  get held() {
    return Boolean(this.drag?.edited || this.repeating);
  }

  /** Take a drag back, as if it had not begun. @param {Drag} drag */
  cancel(drag) {
    const { from, edited } = this.letGo(drag);
    if (!edited) return;
    this.put(from);
    this.onEdit(from, true);
  }

  /**
   * A key that is held down moves on as a drag does: what it ends at is saved when it comes up.
   * While the pointer holds a handle no key means anything but Escape, to the page neither.
   * @param {KeyboardEvent} event @param {number} index
   */
  key(event, index) {
    const { step, min, max, values } = this.spec;
    const span = max - min;
    /** @type {Record<string, number>} */
    const ways = {
      ArrowUp: 5 * step,
      ArrowRight: 5 * step,
      ArrowDown: -5 * step,
      ArrowLeft: -5 * step,
      PageUp: 20 * step,
      PageDown: -20 * step,
      Home: -span,
      End: span,
    };
    const by = ways[event.key];
    if (this.drag) {
      if (event.key === "Escape") this.cancel(this.drag);
    } else if (event.key === "Enter") this.type(index);
    else if (by !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const next = moved(this.spec, values, index, by);
      if (!same(next, values)) {
        this.repeating = event.repeat;
        this.put(next);
        this.onEdit(next, !event.repeat);
      }
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  keyReleased() {
    if (this.repeating) this.onEdit(this.spec.values, true);
    this.repeating = false;
  }

  /** Let the user type the value of a handle. @param {number} index */
  async type(index) {
    const item = this.items[index];
    const value = await askNumber(this.figure, item, exact(this.value(index)));
    if (value === null || !this.items[index]) return;
    const { values } = this.spec;
    const next = withValue(values, index, value);
    if (same(next, values)) return;
    this.put(next);
    this.onEdit(next, true);
  }

  /**
   * The value under a pointer, on the axis along which handles move; wherever the figure has been
   * scrolled to meanwhile, and whatever its size.
   * @param {PointerEvent} event
   */
  under(event) {
    const { left, top, height } = this.figure.getBoundingClientRect();
    const scale = height / this.figure.offsetHeight || 1; // not 1 where an ancestor is scaled
    if (!this.axes) return NaN; // no handle has been seen yet
    const { x, y } = this.axes;
    return this.spec.onCurve
      ? x.value((event.clientX - left) / scale - x.offset)
      : y.value((event.clientY - top) / scale - y.offset);
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
    if (this.spec.onCurve) return pointBox(axes, value);
    if (index === this.spec.values.length) return togetherBox(axes, value);
    return barBox(axes, value, index);
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
      if (number.textContent !== texts[i]) number.textContent = texts[i];
      item.classList.toggle("live-covered", !free.includes(labels[i]));
    });
  }

  /** What is printed beside a handle. @param {number} index */
  text(index) {
    const all = index === this.spec.values.length;
    return all ? "all" : printed(this.value(index), this.spec.step);
  }

  /**
   * Give the largest letters that fit, the same while something is dragged, and the places of the
   * numbers in them. Where not even the smallest fit, a number shows when its handle is looked at.
   * @param {import("./places.js").Axes} axes
   * @param {import("./places.js").Box[]} boxes @param {string[]} texts
   */
  lettered({ x }, boxes, texts) {
    const large = this.figure.classList.contains("live-present");
    // Points may lie on each other at any size: their numbers stay large, one of them is seen.
    const sizes = (large ? [28, 20] : [13, 11, 10]).slice(0, this.spec.onCurve ? 1 : undefined);
    /** @param {number} size */
    const places = (size) =>
      boxes.map((box, i) => {
        const all = i === this.spec.values.length;
        return labelPlace(box, texts[i], size, this.spec.onCurve, all, this.value(i) < 0);
      });
    /** @param {number} size */
    const fits = (size) => apart(places(size)).length === boxes.length;
    if (!this.drag) this.size = sizes.find(fits) ?? sizes[sizes.length - 1];
    const room = this.spec.onCurve ? Infinity : Math.abs(x.pixel(1) - x.pixel(0));
    this.figure.classList.toggle("live-crowded", extent("0.00") * sizes[sizes.length - 1] > room);
    this.root.style.setProperty("--live-size", `${this.size}px`);
    return places(this.size);
  }
}
