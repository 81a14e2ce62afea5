/**
 * Handles that move by themselves: once on Home, and at each stop of a tour.
 *
 *                 told of one that was not played yet
 *      at rest ──────────────────────────────────────▶ waiting
 *         ▲                                               │ the figure stands as it begins, the lane
 *         │ the first touch or key, the end,              │ is open, and `after` seconds are over
 *         │ or the page is left                           ▼
 *         └──────────────────────────────────────────── moving
 *
 * They take the way of a hand: the same edits, the same lane, the same arrays. What comes `back`
 * counts for nothing: state, link and history are as they were. Else its end is that of a drag.
 * Who wants less motion sees nothing move: what comes back is left out, and else the end is set.
 */

import { same } from "./values.js";

/**
 * @typedef {object} Play what Python says of a drag
 * @property {string} key each is played once
 * @property {string} figure whose handles move
 * @property {number[]} from the values before
 * @property {number[]} to the values at its end; where it comes back, at its turning point
 * @property {number} after seconds that the figure stands still before
 * @property {number} seconds that it takes
 * @property {boolean} back whether it comes back, and counts for nothing
 * @property {string} invite what the handle says afterwards; nothing if empty
 */

/** What was played since the app was loaded, by key. @type {Set<string>} */
const played = new Set();

/** What ends it: any hand that comes to the page. */
const TOUCHES = /** @type {const} */ (["pointerdown", "keydown", "wheel"]);

/** The one drag of a page that is under way, or none. */
export class Player {
  /** @param {import("./page.js").Page} page */
  constructor(page) {
    this.page = page;
    /** @type {Play | undefined} */
    this.play = undefined;
    /** @type {import("./figure.js").FigureMount | undefined} whose handles move just now */
    this.mount = undefined;
    /** When it began to stand still, and then to move. */
    this.begun = 0;
    this.frame = 0;
    this.touched = () => this.stop();
  }

  /** @param {Play | null | undefined} play as a script run says it */
  told(play) {
    if (!play || played.has(play.key)) return;
    this.stop();
    played.add(play.key);
    this.play = play;
    this.begun = performance.now();
    for (const touch of TOUCHES) window.addEventListener(touch, this.touched, true);
    this.next();
  }

  next() {
    this.frame = requestAnimationFrame((now) => this.step(now));
  }

  /** @param {number} now */
  step(now) {
    if (!this.play) return;
    if (this.mount) this.move(now);
    else if (!this.figure(this.play)) this.begun = now;
    else if (now - this.begun >= 1000 * this.play.after) this.begin(now);
    if (this.play) this.next();
  }

  /**
   * The figure, once it stands as the drag begins, and nothing else is under way.
   * @param {Play} play
   */
  figure({ figure, from }) {
    const mount = /** @type {import("./figure.js").FigureMount | undefined} */ (
      this.page.mounts.get(figure)
    );
    const { edits, lane } = this.page;
    const rests = lane.ready && !edits.areUnsaved && edits.shown === edits.newest;
    const stands = mount?.axes && !mount.held && same(mount.handles.spec.values, from);
    return rests && stands ? mount : undefined;
  }

  /** @param {number} now */
  begin(now) {
    const { play } = this;
    if (!play) return;
    const mount = this.figure(play);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      if (!play.back) mount?.handles.play(play.to, true);
      this.end(mount);
      return;
    }
    this.begun = now;
    this.mount = mount;
  }

  /** @param {number} now */
  move(now) {
    const { play, mount } = this;
    if (!play || !mount) return;
    const part = Math.min(1, (now - this.begun) / (1000 * play.seconds));
    if (part === 1 || !this.page.lane.ready) this.stop(part === 1);
    else mount.handles.play(between(play, part, mount.handles.spec.step), false);
  }

  /** End it where it is; what comes back is back. @param {boolean} [whole] whether it is over */
  stop(whole = false) {
    const { play, mount } = this;
    if (play && mount) {
      const { handles } = mount;
      if (play.back) mount.cameBack(play.from);
      else handles.play(whole ? play.to : handles.spec.values, true);
    }
    this.end(whole ? mount : undefined);
  }

  /** @param {import("./figure.js").FigureMount | undefined} mount whose handle may invite the hand */
  end(mount) {
    cancelAnimationFrame(this.frame);
    const { play } = this;
    this.play = this.mount = undefined;
    for (const touch of TOUCHES) window.removeEventListener(touch, this.touched, true);
    if (!play?.invite || !mount) return;
    const index = play.to.findIndex((value, i) => value !== play.from[i]);
    mount.handles.invite(index, play.invite);
    const accept = () => mount.handles.uninvite();
    for (const touch of TOUCHES.slice(0, 2)) {
      window.addEventListener(touch, accept, { capture: true, once: true });
    }
  }
}

/**
 * The values at a moment, to whole steps as under a hand: slow at both ends, and where it turns.
 * @param {Play} play @param {number} part of its time @param {number} step
 */
function between({ from, to, back }, part, step) {
  const way = (1 - Math.cos((back ? 2 : 1) * Math.PI * part)) / 2;
  return from.map((start, i) => {
    const value = start + way * (to[i] - start);
    return start === to[i] ? start : Number((Math.round(value / step) * step).toPrecision(12));
  });
}
