/** A range control that is live while it is dragged, as the handles are. */

import { element } from "./dom.js";

/**
 * @typedef {object} ControlSpec what Python says of a control
 * @property {string} field the field of the scenario that it edits
 * @property {string} label
 * @property {number} min above 0: the scale is logarithmic
 * @property {number} max
 * @property {string} help
 */

/** One labelled range on a logarithmic scale. */
export class RangeControl {
  /**
   * @param {Element} parent
   * @param {(text: string, final: boolean) => void} onEdit
   */
  constructor(parent, onEdit) {
    this.root = element("label", "live-control", parent);
    this.caption = element("span", "live-caption", this.root);
    this.input = element("input", "live-range", this.root);
    this.input.type = "range";
    this.input.min = "0";
    this.input.max = "200";
    this.input.oninput = () => this.edited(onEdit, false);
    this.input.onchange = () => this.edited(onEdit, true);
  }

  /** @param {ControlSpec} spec @param {string} text the value, as in the scenario */
  show(spec, text) {
    this.spec = spec;
    this.root.title = spec.help;
    this.span = Math.log(spec.max / spec.min);
    this.print(text);
    const place = (Math.log(Number(text) / spec.min) / this.span) * 200;
    if (this.text !== text) this.input.value = String(Math.round(place));
    this.text = text;
  }

  edited(onEdit, final) {
    const raw = this.spec.min * Math.exp((this.input.value / 200) * this.span);
    this.text = String(Number(raw.toPrecision(3)));
    this.print(this.text);
    onEdit(this.text, final);
  }

  print(text) {
    this.caption.textContent = `${this.spec.label} = ${text}`;
    this.input.setAttribute("aria-label", this.spec.label);
    this.input.setAttribute("aria-valuetext", text);
  }
}
