/**
 * The way of edits to the script: one run at a time, as a newer message would cancel the one before.
 *
 *                   save                           its run reports back
 *      at rest ────────────▶ under way ──────────────────────────────────▶ at rest
 *                              │  │ ▲                                    (where more was to
 *          save: more to come, │  │ │ save at once,                       come: save again)
 *          later               └──┼─┘ as at the end of a drag
 *                                 │
 *                                 │ PATIENCE is over, and no script runs
 *                                 ▼
 *                               woken ── its run reports back, or PATIENCE is over ──▶ at rest
 *
 * The end of a drag waits for QUIET before it is saved, or until something else is touched; one more
 * drag that ends meanwhile goes with it. Where all is shown already, it waits for that touch alone.
 * "Woken" means that the whole app is run: the message came too soon or too late, or to a server that
 * was restarted and does not know the fragment. That is done once for a save.
 */

/** Milliseconds to wait for a script run that never reports back, before another look. */
const PATIENCE = 4000;

/** Milliseconds in which one release may follow another: they go as one. */
export const QUIET = 1000;

/**
 * @template Mount what an edit goes through
 * @typedef {object} Outside what is beyond this module
 * @property {(mount: Mount, atOnce: boolean) => number} send gives the edits to the script, and
 *   returns the number of the newest
 * @property {() => boolean} isIdle whether there is a connection, and no script runs
 * @property {() => boolean} wake runs the whole app; false where it cannot
 * @property {(waits: boolean) => void} mark says whether something is on its way to the script
 */

/** @template Mount */
export class Saving {
  /** @param {Outside<Mount>} outside */
  constructor(outside) {
    this.outside = outside;
    /** @type {"at rest" | "under way" | "woken"} */
    this.state = "at rest";
    /** Whether to save once more when the run has reported back. */
    this.more = false;
    /** Number of the newest edit that is under way. */
    this.number = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** The end of a drag that may be followed by another, and its clock. @type {Mount | undefined} */
    this.ended = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.clock = undefined;
  }

  /**
   * Save the end of a drag, as one with those that follow it.
   * @param {Mount} mount @param {number} wait milliseconds for others
   */
  soon(mount, wait) {
    clearTimeout(this.clock);
    this.ended = mount;
    this.outside.mark(true);
    if (wait === 0) this.flush();
    else this.clock = setTimeout(() => this.flush(), wait);
  }

  /** What waits goes with the drag that has begun, or that is to come. */
  defer() {
    clearTimeout(this.clock);
  }

  /** Save now what waits: something else is about to be done. */
  flush() {
    clearTimeout(this.clock);
    if (this.ended) this.save(this.ended, true);
  }

  /** @param {Mount} mount through which @param {boolean} [atOnce] whether it waits for no run */
  save(mount, atOnce = false) {
    if (this.state !== "at rest" && !atOnce) {
      this.more = true;
      return;
    }
    this.state = "under way";
    this.more = false;
    this.ended = undefined;
    this.number = this.outside.send(mount, atOnce);
    this.outside.mark(true);
    this.wait(mount);
  }

  /** A script run has reported back. @param {number} ack the newest edit in it @param {Mount} mount */
  reported(ack, mount) {
    if (ack >= this.number) this.end(mount);
  }

  /** No run has reported back. While there is one, or no connection, there is time. @param {Mount} mount */
  overdue(mount) {
    if (!this.outside.isIdle()) this.wait(mount);
    else if (this.state === "woken" || !this.outside.wake()) this.end(mount);
    else {
      this.state = "woken";
      this.wait(mount);
    }
  }

  /** @param {Mount} mount */
  end(mount) {
    if (this.state === "at rest") return;
    this.state = "at rest";
    this.stop();
    if (this.more) this.save(mount);
    else if (!this.ended) this.outside.mark(false);
  }

  /** @param {Mount} mount */
  wait(mount) {
    this.stop();
    this.timer = setTimeout(() => this.overdue(mount), PATIENCE);
  }

  stop() {
    clearTimeout(this.timer);
  }

  /** Nothing more is to come: the page is left. */
  close() {
    clearTimeout(this.clock);
    this.stop();
    this.outside.mark(false);
  }
}
