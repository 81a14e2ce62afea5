/**
 * What the figures of one page share: the scenario, its edits, and the two ways to the server.
 *
 *      a handle, a range, a pointer                                      what stands on the page
 *                 │ edited                                                     show, move ▲
 *                 ▼                                                                       │
 *      ┌──────────────────────┐   while it is dragged    ┌──────────────┐    answered     │
 *      │ Page                 │ ───────────────────────▶ │ Lane         │ ────────────────┤
 *      │   edits: how far     │                          └──────────────┘                 │
 *      │   each has come      │   when the hand lets go, ┌──────────────┐    arrived      │
 *      │                      │ ───────────────────────▶ │ Saving       │ ────────────────┘
 *      └──────────────────────┘   or there is no lane    └──────────────┘
 *
 * The states that an edit passes through are drawn in edits.js, those of a script run in saving.js,
 * and those of the connection in lane.js. What is kept here lives as long as the page is shown.
 */

import { writeAddress } from "./address.js";
import { Edits } from "./edits.js";
import { isConnected, isScriptAtRest } from "./internals.js";
import { isolated } from "./isolated.js";
import { Lane } from "./lane.js";
import { Lighting } from "./lighting.js";
import { Dock } from "./phone.js";
import { QUIET, Saving } from "./saving.js";

/** Milliseconds after which figures that do not show what is dragged are seen to be behind. */
const BEHIND = 1000;

/** @typedef {import("./edits.js").Query} Query */
/** @typedef {import("./types").Component} Component */
/** @typedef {import("./types").Mount} Mount */

/** What runs the whole app anew, once it stands on the page. @type {{component?: Component}} */
export const app = {};

/** Whether there is a connection, and no script runs. */
export function isIdle() {
  return isConnected() && isScriptAtRest();
}

/** Run the whole app; false where nothing on the page can. */
export function wake() {
  app.component?.setStateValue("edit", { n: performance.now() });
  return app.component !== undefined;
}

/** Figures say older numbers than what is dragged, or do not. @param {boolean} are */
function seenBehind(are) {
  document.documentElement.classList.toggle("live-behind", are);
}

/** Something is being dragged, or is not. @param {boolean} is */
function seenDragged(is) {
  document.documentElement.classList.toggle("live-dragging", is);
}

/** What a hand takes hold of here: it tells the page itself. */
export const LIVE = ".live-figure, .live-control, .live-stepper";

/** @type {Map<string, Page>} */
const pages = new Map();

/** The connection is back: so may the fast lane be, which would wait for half a minute. */
export function hurry() {
  for (const { lane } of pages.values()) lane.hurry();
}

/** Of pages that were left with edits that Python had not told of, by name. @type {Map<string, Edits>} */
const left = new Map();

/** What all figures of one page share. */
export class Page {
  /** @param {string} name @param {string} path of the fast lane */
  constructor(name, path) {
    this.name = name;
    /** @type {Map<string, Mount>} by name */
    this.mounts = new Map();
    /** What is pointed at, and lit with it. */
    this.lighting = new Lighting(this.mounts);
    this.closed = new AbortController();
    const how = { capture: true, signal: this.closed.signal };
    for (const kind of ["pointerdown", "keydown", "click", "popstate", "visibilitychange", "pagehide"]) {
      window.addEventListener(kind, (event) => this.leaves(event) && this.saving.flush(), how);
    }
    /** What stays in view on a phone. */
    this.dock = new Dock(this.mounts);
    this.edits = new Edits(name);
    /** @type {Saving<Mount>} */
    this.saving = new Saving({
      send: (...how) => this.send(...how),
      isIdle,
      wake,
      mark: (waits) => document.documentElement.toggleAttribute("data-waits", waits),
    });
    this.lane = new Lane(path, (...heard) => this.answered(...heard), () => this.lost());
    /** Whether something on the page depends on what is dragged that the fast lane does not tell. */
    this.follows = true;
    /** Whether the scenario is small enough for the fast lane. */
    this.fitsLane = true;
    /** Whether it takes so long to compute that it waits for the hand to let go. */
    this.isLate = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} until the figures are seen to be behind */
    this.behind = undefined;
    /** @type {Mount | undefined} what was edited last */
    this.editor = undefined;
    /** @type {Mount | undefined} through which the whole page follows, and not the figures alone */
    this.saver = undefined;
  }

  /**
   * Take what a script run says; what is older than an edit made here is passed over.
   * @param {Mount} mount
   * @param {import("./types").Data} data
   */
  arrived(mount, data) {
    this.follows = data.follows ?? this.follows;
    // What this page has written meanwhile may be of an edit that something else has undone.
    if (data.link && data.ack >= this.edits.newest) writeAddress(this.name, data.link);
    const reported = () => data.again || this.saving.reported(data.ack, mount);
    if (data.alone && this.edits.hear(data)) {
      reported();
      return;
    }
    const { lost, older } = this.edits.tell(data);
    this.told();
    this.fitsLane = data.live;
    this.isLate = data.late;
    if (lost) this.saving.save(mount, true);
    reported();
    if (!older) mount.show(data.content);
    // What is older is shown already, such as the input pointed at; but the script has more to say.
    // What is in the hand is saved when it is let go.
    else if (this.saving.state === "at rest" && !this.editor?.held) this.saving.save(mount);
  }

  /**
   * Something was dragged, typed or pointed at.
   * @param {Mount} mount where
   * @param {Query} change
   * @param {boolean} final whether it goes to the script now
   * @param {string[]} moves the figures whose numbers it moves, if it changes nothing else
   */
  edited(mount, change, final, moves = []) {
    this.editor = mount;
    seenDragged(!final || this.isHeldBut(mount));
    // By another finger.
    this.edits.add(change, final ? [] : moves, this.isHeldBut(mount));
    if (final) this.edits.end();
    this.behind ??= setTimeout(seenBehind, BEHIND, true);
    if (this.isLate && !final) return;
    const question = this.edits.question((name) => this.mounts.has(name));
    if (this.fitsLane && !this.isLate) this.lane.send(final ? { ...question, final } : question);
    if (final) {
      this.saving.soon(mount, this.isDrawnByLane ? QUIET : 0);
      return;
    }
    this.saving.defer();
    if (!this.fitsLane || !this.lane.ready) this.saving.save(mount);
  }

  /**
   * Whether a user turns to something else than what is dragged here, but on this page: a message of
   * a page that has been left meets a script that does not know its fragments any more, and draws
   * nothing. What has not been saved then is taken up when the page is shown again.
   * @param {Event} event
   */
  leaves({ type, target }) {
    const isLink = target instanceof Element && target.closest("a[href]") !== null;
    if (type === "popstate" || isLink) this.saving.defer();
    const inside = target instanceof Element && target.closest(LIVE);
    return type !== "popstate" && !isLink && !inside;
  }

  /** Whether the fast lane tells the figures what they show. */
  get isDrawnByLane() {
    return this.fitsLane && !this.isLate && this.lane.ready;
  }

  /** Whether another hand is busy elsewhere. @param {Mount} mount */
  isHeldBut(mount) {
    return [...this.mounts.values()].some((other) => other !== mount && other.held);
  }

  /** Have Python do something with the page, such as "undo"; not while something is in a hand. @param {string} wish */
  ask(wish) {
    if (!this.saver || this.isHeld) return;
    this.edits.ask(wish);
    this.saving.save(this.saver, true);
  }

  /** Whether something is in a hand: then no axis moves, and nothing else is lit. */
  get isHeld() {
    return [...this.mounts.values()].some((mount) => mount.held);
  }

  /** @param {Mount} mount @param {boolean} atOnce */
  send(mount, atOnce) {
    const { newest: n, session, unsaved: query, ends, asks } = this.edits;
    const { component } = (atOnce && this.saver) || mount;
    // Whether the fast lane has told all that this shows. If not, the script draws the figures.
    const drawn = this.edits.shown === n && asks.length === 0;
    component.setStateValue("edit", { n, session, query, ends, asks, drawn, final: !this.isHeld });
    return n;
  }

  /**
   * An edit has no place in what the script says now, such as the drag of a bar that is gone; the
   * script is told so, as it waits for no other.
   * @param {Mount} mount @param {string} field
   */
  forgotten(mount, field) {
    this.edits.forget(field);
    this.edited(mount, {}, true);
  }

  /**
   * Show what the fast lane says, each figure apart from the others.
   * @param {import("./edits.js").Answer} answer
   * @param {import("./edits.js").Question} asked
   */
  answered(answer, asked) {
    if (answer.error) this.saving.flush(); // of the end of a drag, the script knows more
    const next = this.edits.answered(answer, asked);
    if (next === "ask again") this.lane.send(this.edits.wholeQuestion());
    if (next !== "show") return;
    this.told();
    // All is shown: that the script learns of it has time until something else is done.
    if (!this.follows && answer.seq === this.edits.newest) this.saving.defer();
    for (const [name, figure] of Object.entries(answer.figures ?? {})) {
      isolated(() => this.mounts.get(name)?.show(figure));
    }
    for (const [name, moved] of Object.entries(answer.moving ?? {})) {
      isolated(() => this.mounts.get(name)?.move?.(moved));
    }
    if (answer.link && answer.seq === this.edits.newest) writeAddress(this.name, answer.link);
  }

  /** What figures show has come; where more was edited meanwhile, it has to follow as soon. */
  told() {
    clearTimeout(this.behind);
    seenBehind(false);
    const { newest, shown } = this.edits;
    this.behind = newest > shown ? setTimeout(seenBehind, BEHIND, true) : undefined;
  }

  /**
   * What moved by itself is back where it was: it is drawn so, and no script hears of it.
   * @param {Mount} mount @param {Query} before what it edited, as it was
   * @param {string[]} moves
   */
  cameBack(mount, before, moves) {
    seenDragged(false);
    this.edits.add(before, moves, false);
    this.edits.forgive();
    if (this.lane.ready) this.lane.send(this.edits.question((name) => this.mounts.has(name)));
    else this.saving.save(mount); // which draws it so
    this.dock.look(); // it does not change while something is held, also if the page is scrolled
  }

  /** The fast lane is gone: what it did not answer goes to the script. */
  lost() {
    if (this.editor && this.edits.newest > this.edits.shown) this.saving.save(this.editor);
  }

  /** @param {string} name @param {Mount} mount */
  join(name, mount) {
    this.mounts.set(name, mount);
  }

  /** @param {string} name @param {Mount} mount */
  leave(name, mount) {
    if (this.mounts.get(name) === mount) this.mounts.delete(name);
    if (this.mounts.size > 0) return;
    this.lighting.close();
    this.dock.close();
    this.lane.close();
    this.saving.close();
    clearTimeout(this.behind);
    seenBehind(false);
    seenDragged(false);
    this.closed.abort();
    pages.delete(this.name);
    if (this.edits.areUnsaved) left.set(this.name, this.edits);
  }
}

/** The page that is shown: of two, as one follows the other, the one that came last. */
export function shownPage() {
  return [...pages.values()].filter(({ saver }) => saver).at(-1);
}

/** The page that a component belongs to. @param {import("./types").Data} data */
export function pageOf(data) {
  const known = pages.get(data.page);
  if (known) return known;
  const page = new Page(data.page, data.lane);
  const before = left.get(data.page);
  left.delete(data.page);
  if (before) page.edits.resume(before, data);
  pages.set(data.page, page);
  return page;
}
