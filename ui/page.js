/** What the figures of one page share: the scenario, its edits, and the two ways to the server. */

import { isConnected, isScriptAtRest } from "./internals.js";
import { Lane } from "./lane.js";

/** Milliseconds to wait for a script run that never reports back, before another look. */
const PATIENCE = 4000;

/** What runs the whole app anew, once it stands on the page. @type {{component?: object}} */
export const app = {};

/** Run the whole app. */
export function wake() {
  app.component?.setStateValue("edit", { n: performance.now() });
}

/**
 * Do something for one figure. If it throws, the browser reports the error as it reports any other,
 * and the other figures go on.
 * @template T
 * @param {() => T} action
 * @returns {T | undefined} undefined where it has thrown
 */
export function isolated(action) {
  try {
    return action();
  } catch (error) {
    reportError(error);
    return undefined;
  }
}

/** @type {Map<string, Page>} */
const pages = new Map();

/** Pages that were left with edits that Python had not seen, by name. @type {Map<string, Page>} */
const left = new Map();

/**
 * @typedef {object} Mount what stands on a page: a figure, a control, or the saver
 * @property {object} component as Streamlit handed it over last
 * @property {boolean} [held] whether something of it is in the hand
 * @property {(content: object) => void} show
 */

/**
 * @typedef {object} Answer of the fast lane
 * @property {number} seq of the edit
 * @property {Record<string, object>} [figures] by name
 * @property {Record<string, object[]>} [moving] of figures by name, for each trace the arrays that
 *   move
 * @property {string} [error]
 */

/** What all figures of one page share. */
class Page {
  /** @param {string} name @param {string} path of the fast lane */
  constructor(name, path) {
    this.name = name;
    /** @type {Map<string, Mount>} by name */
    this.mounts = new Map();
    /** @type {Record<string, string>} the scenario, as text, with what is edited here in it */
    this.query = {};
    /** The scenario of which the figures were last given as a whole. */
    this.whole = {};
    /** Number of the newest edit made here, of the newest shown, and of the newest in the script. */
    this.edit = 0;
    this.shown = 0;
    this.taken = 0;
    /** @type {Record<string, string>} edits that Python has not seen yet */
    this.unsaved = {};
    /** The scenario that Python has told of last, in one text. */
    this.told = "";
    /** @type {Record<string, string[]>} the figures that move, by the field that moves them */
    this.dragged = {};
    this.lane = new Lane(path, (...heard) => this.answered(...heard), () => this.lost());
    this.saving = 0;
    /** Whether the scenario is small enough for the fast lane. */
    this.live = true;
  }

  /**
   * Take what a script run says; what is older than an edit made here is passed over.
   * @param {Mount} mount
   * @param {object} data
   */
  arrived(mount, data) {
    if (data.session !== this.session) {
      const lost = this.session !== undefined && data.ack < this.edit;
      this.session = data.session;
      if (lost) this.save(mount, true);
      if (!lost) this.edit = this.shown = Math.max(this.edit, data.ack);
    }
    this.live = data.live;
    if (data.ack >= this.saving) this.saved(mount);
    if (data.ack < this.shown) {
      // Shown already, such as the input pointed at; but the script has more to say. What is in the
      // hand is saved when it is let go.
      if (!this.saving && !this.editor?.held) this.save(mount);
      return;
    }
    if (data.ack >= this.edit) this.unsaved = {};
    this.query = { ...data.query, ...this.unsaved };
    this.shown = Math.max(this.shown, data.ack);
    this.taken = data.ack;
    this.whole = data.query;
    this.told = JSON.stringify(data.query);
    mount.show(data.content);
  }

  /**
   * Take up what was edited before the page was left: Python may not have heard of it. If it has, or
   * shows another scenario by now, that counts.
   * @param {object} data what a script run says of the page that is shown again
   */
  resume({ session, ack, query }) {
    const before = left.get(this.name);
    left.delete(this.name);
    if (before?.session !== session || ack >= before.edit) return;
    if (before.told !== JSON.stringify(query)) return;
    this.session = session;
    this.edit = this.shown = before.edit;
    this.unsaved = before.unsaved;
  }

  /** A script run has taken the newest saved edit in. @param {Mount} mount */
  saved(mount) {
    if (!this.saving) return;
    this.saving = 0;
    clearTimeout(this.patience);
    if (this.again) {
      this.again = false;
      this.save(mount);
    }
  }

  /**
   * Something was dragged, typed or pointed at.
   * @param {Mount} mount where
   * @param {Record<string, string>} change
   * @param {boolean} final whether it goes to the script now
   * @param {string[]} moves the figures whose numbers it moves, if it changes nothing else
   */
  edited(mount, change, final, moves = []) {
    this.edit += 1;
    this.query = { ...this.query, ...change };
    this.unsaved = { ...this.unsaved, ...change };
    this.editor = mount;
    const others = [...this.mounts.values()].some((other) => other !== mount && other.held);
    this.dragged = others ? { ...this.dragged } : {}; // by another finger
    for (const field of Object.keys(change)) this.dragged[field] = final ? [] : moves;
    const message = { seq: this.edit, page: this.name, query: this.query };
    const dragged = Object.values(this.dragged);
    if (dragged.every((names) => names.length > 0) && this.alike(this.whole, this.query)) {
      message.moving = [...new Set(dragged.flat())].filter((name) => this.mounts.has(name));
    }
    if (this.live) this.lane.send(message);
    if (final) this.save(mount, true);
    else if (!this.live || !this.lane.ready) this.save(mount);
  }

  /**
   * Give the edits to the script: the end of a drag at once; in a drag without the fast lane only
   * when the run before has reported back, as a newer message would cancel it.
   * @param {Mount} mount
   * @param {boolean} atOnce
   */
  save(mount, atOnce = false) {
    if (this.saving && !atOnce) {
      this.again = true;
      return;
    }
    this.saving = this.edit;
    this.again = false;
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.overdue(mount), PATIENCE);
    const through = (atOnce && this.saver) || mount;
    const edit = { n: this.edit, session: this.session, query: this.unsaved };
    through.component.setStateValue("edit", edit);
  }

  /**
   * No run has reported back. While there is one, or no connection, there is time; else the message
   * came too soon or too late, or to a server that has been restarted and knows nothing of the
   * fragment: the whole app is run, with all that has been saved. That it is done once only.
   * @param {Mount} mount
   */
  overdue(mount) {
    const idle = isConnected() && isScriptAtRest();
    if (idle && (this.woken === this.saving || !app.component)) {
      this.saved(mount);
      return;
    }
    this.patience = setTimeout(() => this.overdue(mount), PATIENCE);
    if (!idle) return;
    this.woken = this.saving;
    wake();
  }

  /**
   * An edit has no place in what the script says now, such as the drag of a bar that is gone; the
   * script is told so, as it waits for no other.
   * @param {Mount} mount @param {string} field
   */
  forgotten(mount, field) {
    const { [field]: _, ...others } = this.unsaved;
    this.unsaved = others;
    this.query = { ...this.whole, ...others };
    this.edited(mount, {}, true);
  }

  /**
   * Whether two scenarios are the same but for what is dragged.
   * @param {Record<string, string>} one @param {Record<string, string>} other
   */
  alike(one, other) {
    const names = Object.keys({ ...one, ...other });
    return names.every((name) => name in this.dragged || one[name] === other[name]);
  }

  /**
   * Show what the fast lane says, unless the script has seen that edit too: then it knows better.
   * What was asked of another scenario than now, or moves the numbers of another, is asked anew.
   * @param {Answer} answer
   * @param {{query: Record<string, string>}} asked
   */
  answered(answer, asked) {
    if (answer.error || answer.seq < this.shown || answer.seq <= this.taken) return;
    const known = answer.figures || this.alike(this.whole, asked.query);
    if (!known || !this.alike(asked.query, this.query)) {
      this.lane.send({ seq: this.edit, page: this.name, query: this.query });
      return;
    }
    this.shown = answer.seq;
    if (answer.figures) this.whole = asked.query;
    for (const [name, figure] of Object.entries(answer.figures ?? {})) {
      isolated(() => this.mounts.get(name)?.show(figure));
    }
    for (const [name, traces] of Object.entries(answer.moving ?? {})) {
      isolated(() => this.mounts.get(name)?.move(traces));
    }
  }

  /** The fast lane is gone: what it did not answer goes to the script. */
  lost() {
    if (this.editor && this.edit > this.shown) this.save(this.editor);
  }

  /** @param {string} name @param {Mount} mount */
  join(name, mount) {
    this.mounts.set(name, mount);
  }

  /** @param {string} name @param {Mount} mount */
  leave(name, mount) {
    if (this.mounts.get(name) === mount) this.mounts.delete(name);
    if (this.mounts.size > 0) return;
    this.lane.close();
    clearTimeout(this.patience);
    pages.delete(this.name);
    if (Object.keys(this.unsaved).length > 0) left.set(this.name, this);
  }
}

/** The page that a component belongs to, and its place in it. @param {object} data */
export function pageOf(data) {
  if (!pages.has(data.page)) {
    const page = new Page(data.page, data.lane);
    page.resume(data);
    pages.set(data.page, page);
  }
  return pages.get(data.page);
}
