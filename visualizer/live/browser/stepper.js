/**
 * What takes steps: a range for their number, and buttons that take one, or play them one by one.
 *
 *                 play, or space                        the last step, pause, space,
 *      at rest ─────────────────────▶ stepping          a hand anywhere but on the figures,
 *         ▲                            │    ▲           or the page is left
 *         │              one step more │    │ its figures are shown,        │
 *         │                            ▼    │ and RHYTHM is over            │
 *         │                           waiting                               │
 *         └───────────────────── the number is saved ◀──────────────────────┘
 *
 * A step is an edit like that of a hand: the number of steps taken, by the same lane, with the same
 * arrays as answer. Played is from the start, unless it was paused or a hand has put it where it is.
 * Who wants less motion has the range and the single step.
 */

import { RangeControl } from "./control.js";
import { element } from "./dom.js";
import { LIVE, pageOf } from "./page.js";

/** Milliseconds from step to step, at least. */
const RHYTHM = 120;

/** What the space bar means something to already. */
const TAKES_SPACE =
  "button, a, summary, select, textarea, [contenteditable], [role=button], [role=tab], [role=option], " +
  "[role=menuitem], input:not([type=range])";

/** Whether the user has asked for no motion. */
function isStill() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** @typedef {import("./types").Component} Component */
/** @typedef {NonNullable<import("./types").Walk["stepper"]>} Spec */

/** The steps of one page. */
export class StepperMount {
  /** @type {Component} */
  component;
  /** @type {import("./page.js").Page} */
  page;
  /** None before its step of a lecture. @type {Spec | undefined} */
  spec;
  /** How many steps are taken. */
  taken = 0;
  /** Whether it goes on from there, and not from the start. */
  paused = false;
  /** Whether steps are played just now. */
  playing = false;
  /** Number of the edit that is on its way, and when it was made. */
  asked = 0;
  since = 0;
  frame = 0;

  /** @param {Component} component as Streamlit hands it over */
  constructor(component) {
    this.root = element("div", "live-stepper", component.parentElement);
    this.root.setAttribute("role", "group");
    this.later = element("span", "live-later", this.root);
    this.first = this.button("Start", "Back to the start", () => this.go(0));
    this.play = this.button("Play", "Space bar", () => this.toggle());
    this.play.classList.add("live-play");
    this.next = this.button("One step", "Shift + space bar", () => this.go(this.taken + 1));
    this.range = new RangeControl(this.root, (text, final) => this.takeTo(Number(text), final));
    this.closed = new AbortController();
    const { signal } = this.closed;
    window.addEventListener("keydown", (event) => this.key(event), { signal, capture: true });
    window.addEventListener("pointerdown", (event) => this.touched(event), { signal, capture: true });
  }

  /** @param {string} text @param {string} title @param {() => void} action */
  button(text, title, action) {
    const made = element("button", "live-step", this.root);
    made.type = "button";
    made.textContent = text;
    made.title = title;
    made.onclick = action;
    return made;
  }

  /** Called by Streamlit whenever the script has run. @param {Component} component */
  update(component) {
    this.component = component;
    this.page = pageOf(component.data);
    this.page.join(component.data.name, this);
    this.page.arrived(this, component.data);
  }

  /** Whether more is to come. */
  get held() {
    return this.playing || this.range.open;
  }

  /** @param {import("./types").Walk} walk */
  show({ data, layout, stepper, state }) {
    if (!stepper && this.playing) this.pause();
    this.spec = stepper;
    this.root.dataset.state = state ?? "lit";
    this.root.classList.toggle("live-present", Boolean(layout.meta.rows));
    this.root.setAttribute("aria-label", layout.title.text);
    this.later.textContent = stepper ? "" : `${layout.title.text}: ${layout.annotations?.[0].text}`;
    for (const part of [this.first, this.play, this.next, this.range.root]) part.hidden = !stepper;
    const taken = data[0]?.x?.[0];
    if (taken === undefined || this.held) return;
    if (taken !== this.taken) this.paused = false;
    this.taken = taken;
    this.print();
  }

  /** What a drag moves of it: nothing, as it is moved by itself alone. */
  move() {}

  /** Say how many steps are taken. */
  print() {
    if (!this.spec) return;
    const { field, label, most } = this.spec;
    const help = `${label}: how many are taken, of ${most}`;
    const spec = { field, label, min: 0, max: most, whole: true, help, marks: [], moves: [] };
    this.range.show(spec, String(this.taken));
    this.first.disabled = this.taken === 0;
    this.next.disabled = this.taken === most;
    this.play.textContent = this.playing ? "Pause" : "Play";
  }

  /**
   * Take so many steps; whoever has done it goes on from there.
   * @param {number} taken @param {boolean} final whether it goes to the script now
   */
  takeTo(taken, final) {
    if (!this.spec) return;
    this.taken = taken;
    this.paused = true;
    this.print();
    this.page.edited(this, { [this.spec.field]: String(taken) }, final, this.spec.moves);
    this.asked = this.page.edits.newest;
  }

  /** Take so many steps, and rest there. @param {number} taken */
  go(taken) {
    if (!this.spec || taken < 0 || taken > this.spec.most) return;
    this.stop();
    this.takeTo(taken, true);
  }

  toggle() {
    if (isStill()) this.go(this.taken + 1);
    else if (this.playing) this.pause();
    else this.begin();
  }

  begin() {
    if (!this.spec) return;
    const goesOn = this.paused && this.taken < this.spec.most;
    this.playing = true;
    this.since = performance.now();
    this.takeTo(goesOn ? this.taken : 0, false);
    this.wait();
  }

  wait() {
    this.frame = requestAnimationFrame((now) => {
      if (!this.playing || !this.spec) return;
      const seen = this.page.edits.shown >= this.asked;
      if (seen && now - this.since >= RHYTHM) {
        if (this.taken >= this.spec.most) return this.pause();
        this.since = now;
        this.takeTo(this.taken + 1, false);
      }
      this.wait();
    });
  }

  /** Rest where it is: what a hand does that lets go. */
  pause() {
    this.stop();
    this.takeTo(this.taken, true);
  }

  stop() {
    cancelAnimationFrame(this.frame);
    this.playing = false;
  }

  /**
   * The space bar plays and pauses, wherever the focus is that has no use for it; with Shift it takes
   * one step.
   * @param {KeyboardEvent} event
   */
  key(event) {
    if (event.key !== " ") {
      if (event.key !== "Shift") this.touched(event);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || !this.spec) return;
    if (event.target instanceof Element && event.target.closest(TAKES_SPACE)) return;
    if (document.querySelector("[role=dialog]")) return;
    event.preventDefault();
    if (event.shiftKey) this.go(this.taken + 1);
    else if (!event.repeat) this.toggle();
  }

  /** A hand on a control of the page ends the play, before what it sets. @param {Event} event */
  touched({ target }) {
    if (!this.playing || !(target instanceof Element) || target.closest(LIVE)) return;
    this.pause();
    this.page.saving.flush();
  }

  remove() {
    if (this.playing) this.pause();
    this.closed.abort();
    this.page?.leave(this.component.data.name, this);
    this.root.remove();
  }
}
