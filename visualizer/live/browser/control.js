/** A range control that is live while it is dragged, as the handles are. */

import { askNumber, element, write } from "./dom.js";
import { printed } from "./values.js";

/**
 * @typedef {object} ControlSpec what Python says of a control
 * @property {string} field the field of the scenario that it edits
 * @property {string} label
 * @property {number} min above 0 the scale is logarithmic
 * @property {number} max
 * @property {boolean} whole whether it takes whole numbers only
 * @property {string} help
 * @property {{name: string, text: string}[]} marks numbers with names, which it stops at
 * @property {string[]} moves figures of which it moves the numbers and nothing else
 */

/** @typedef {(text: string, final: boolean) => void} OnEdit */

/** How many places a range has, but for whole numbers on a linear scale. */
const PLACES = 200;

/** A number as text, as figures print it where it is long. @param {string} text */
function shortened(text) {
  return text.length > 6 ? printed(Number(text), 0.001) : text;
}

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
  /** The marks that stand below it, as text. */
  marked = "[]";
  /** @param {Element} parent @param {OnEdit} onEdit */
  constructor(parent, onEdit) {
    this.root = element("label", "live-control", parent);
    this.caption = element("span", "live-caption", this.root);
    this.track = element("div", "live-track", this.root);
    this.input = element("input", "live-range", this.track);
    this.input.type = "range";
    this.onEdit = onEdit;
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
    this.mark();
    if (this.text !== text) this.place(text);
    this.text = text;
  }

  /** Where a value stands, from 0 to 1. @param {string} text */
  part(text) {
    const { min, max } = this.spec;
    const value = Number(text);
    return min > 0 ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
  }

  /** The place of the range at a value. @param {string} text */
  stop(text) {
    return String(Math.round(this.part(text) * Number(this.input.max)));
  }

  /** @param {string} text the value that the range takes */
  place(text) {
    this.input.value = this.stop(text);
  }

  /**
   * Put the marks below the range; a click on one goes there. Names stand away from each other: those
   * of the lower half end at their mark, the others begin there.
   */
  mark() {
    const told = JSON.stringify(this.spec.marks);
    if (told === this.marked) return; // one of them may have the focus
    this.marked = told;
    const marks = [...this.spec.marks].sort((a, b) => Number(a.text) - Number(b.text));
    const made = marks.map(({ name, text }, i) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = `live-mark${i < marks.length / 2 ? " live-before" : ""}`;
      button.style.setProperty("--live-at", String(this.part(text)));
      button.textContent = name;
      button.title = `${name}: ${this.spec.label} = ${text}`;
      button.onclick = () => {
        this.place(text);
        this.say(text, this.onEdit, true);
      };
      return button;
    });
    for (const old of this.track.querySelectorAll(".live-mark")) old.remove();
    this.track.append(...made);
    this.track.classList.toggle("live-marked", made.length > 0);
  }

  /** @param {OnEdit} onEdit @param {boolean} final */
  edited(onEdit, final) {
    const { min, max, whole } = this.spec;
    const part = Number(this.input.value) / Number(this.input.max);
    const raw = min > 0 ? min * Math.exp(part * Math.log(max / min)) : min + part * (max - min);
    const mark = this.spec.marks.find(({ text }) => this.stop(text) === this.input.value);
    if (mark) this.say(mark.text, onEdit, final);
    else this.say(String(whole ? Math.round(raw) : Number(raw.toPrecision(3))), onEdit, final);
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
    write(this.caption, `${this.spec.label} = ${shortened(text)}`);
    this.input.setAttribute("aria-label", this.spec.label);
    this.input.setAttribute("aria-valuetext", text);
  }
}
