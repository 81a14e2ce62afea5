/** A range control that is live while it is dragged, as the handles are. */

import { askNumber, element } from "./dom.js";

/**
 * @typedef {object} ControlSpec what Python says of a control
 * @property {string} field the field of the scenario that it edits
 * @property {string} label
 * @property {number} min above 0 the scale is logarithmic
 * @property {number} max
 * @property {boolean} whole whether it takes whole numbers only
 * @property {string} help
 */

/** @typedef {(text: string, final: boolean) => void} OnEdit */

/** How many places a range has, but for whole numbers on a linear scale. */
const PLACES = 200;

/** One labelled range. */
export class RangeControl {
  /** @type {ControlSpec} */
  spec;
  /** The value that is shown, as in the scenario. @type {string | undefined} */
  text;
  /** The value before the drag. @type {string | undefined} */
  before;
  /** Whether it is in the hand: more is to come. */
  open = false;
  /** Whether a key is held down. */
  repeating = false;
  /** @param {Element} parent @param {OnEdit} onEdit */
  constructor(parent, onEdit) {
    this.root = element("label", "live-control", parent);
    this.caption = element("span", "live-caption", this.root);
    this.input = element("input", "live-range", this.root);
    this.input.type = "range";
    this.input.oninput = () => this.edited(onEdit, false);
    // A range that is let go where it was taken says nothing of a change; one whose key is held
    // down speaks of a change at every step.
    const released = () => {
      this.repeating = false;
      if (this.open) this.edited(onEdit, true);
      this.before = undefined;
    };
    this.input.onpointerup = this.input.onkeyup = this.input.onblur = released;
    this.input.onchange = () => this.repeating || released();
    this.input.onpointerdown = () => (this.before = this.text);
    this.input.onkeydown = (event) => {
      this.repeating = event.repeat;
      if (event.key === "Escape" && this.open && this.before) this.cancel(this.before, onEdit);
      if (event.key === "Enter") this.type(onEdit);
    };
    this.input.ondblclick = () => this.type(onEdit);
  }

  /** @param {ControlSpec} spec @param {string} text the value, as in the scenario */
  show(spec, text) {
    this.spec = spec;
    this.root.title = spec.help;
    this.input.min = "0";
    this.input.max = String(spec.whole && spec.min <= 0 ? spec.max - spec.min : PLACES);
    this.print(text);
    if (this.text !== text) this.place(text);
    this.text = text;
  }

  /** @param {string} text the value that the range takes */
  place(text) {
    const { min, max } = this.spec;
    const value = Number(text);
    const part = min > 0 ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
    this.input.value = String(Math.round(part * Number(this.input.max)));
  }

  /** @param {OnEdit} onEdit @param {boolean} final */
  edited(onEdit, final) {
    const { min, max, whole } = this.spec;
    const part = Number(this.input.value) / Number(this.input.max);
    const raw = min > 0 ? min * Math.exp(part * Math.log(max / min)) : min + part * (max - min);
    this.say(String(whole ? Math.round(raw) : Number(raw.toPrecision(3))), onEdit, final);
  }

  /**
   * Take a drag back, as if it had not begun; the pointer that is still down moves nothing more.
   * @param {string} before @param {OnEdit} onEdit
   */
  cancel(before, onEdit) {
    this.place(before);
    this.say(before, onEdit, true);
    this.input.disabled = true;
    const up = () => {
      this.input.disabled = false;
      this.input.focus();
    };
    window.addEventListener("pointerup", up, { once: true });
  }

  /** Let the user type the value; Python says what it may be. @param {OnEdit} onEdit */
  async type(onEdit) {
    const value = await askNumber(this.root, this.input, Number(this.text));
    if (value === null) return;
    this.place(String(value));
    this.say(String(value), onEdit, true);
  }

  /** @param {string} text @param {OnEdit} onEdit @param {boolean} final */
  say(text, onEdit, final) {
    this.open = !final;
    this.root.classList.toggle("live-dragged", this.open);
    this.text = text;
    this.print(text);
    onEdit(text, final);
  }

  /** @param {string} text */
  print(text) {
    this.caption.textContent = `${this.spec.label} = ${text}`;
    this.input.setAttribute("aria-label", this.spec.label);
    this.input.setAttribute("aria-valuetext", text);
  }
}
