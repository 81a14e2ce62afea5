/**
 * The edits of one page: what was dragged, typed or pointed at, and how far each has come.
 *
 *                      made here
 *                          │ newest
 *             ┌────────────┴────────────┐
 *      fast lane answers         script run tells
 *             │ shown                   │ shown, taken
 *             ▼                         ▼
 *       on the screen            on the screen, and in Python's scenario
 *
 * Edits are numbered, and three numbers say how far they have come: taken ≤ shown ≤ newest. What
 * comes back with a smaller number than is known already is passed over. Nothing here knows the
 * browser: the tests run it without one.
 */

/** @typedef {Record<string, string>} Query a scenario, or a part of one, as text by field */

/**
 * @typedef {object} Told what a script run says
 * @property {string} session of Streamlit; a server that was restarted has a new one
 * @property {number} ack number of the newest edit that is in it
 * @property {Query} query
 */

/**
 * @typedef {object} Question to the fast lane
 * @property {number} seq of the edit
 * @property {string} page
 * @property {Query} query
 * @property {string[]} [moving] the figures of which only what moves is wanted; else all, whole
 * @property {true} [final] at the end of a drag
 */

/**
 * @typedef {object} Answer of the fast lane
 * @property {number} seq of the edit
 * @property {Record<string, any>} [figures] by name
 * @property {Record<string, import("./types").Moved>} [moving] of figures by name, what moves of them
 * @property {Query} [link] at the end of a drag: what belongs in the address bar
 * @property {string} [error]
 */

/** How many drags at most are told one by one; of more, the oldest are undone as one. */
const MOST_ENDS = 50;

/** The edits of one page. */
export class Edits {
  /** @param {string} page its name */
  constructor(page) {
    this.page = page;
    /** @type {Query} the scenario with all edits in it */
    this.query = {};
    /** @type {Query} edits that Python has not told of yet */
    this.unsaved = {};
    /** @type {[number, string][]} wishes that it has not told of yet, each with its number */
    this.asks = [];
    /** @type {[number, Query][]} ends of drags that it has not told of yet: what was unsaved then */
    this.ends = [];
    this.newest = 0;
    this.shown = 0;
    this.taken = 0;
    /** The newest edit of what moved by itself and came back: the script has nothing to hear of it. */
    this.played = 0;
    /** @type {string | undefined} */
    this.session = undefined;
    /** @type {Query} the scenario of which the figures were given as a whole last */
    this.whole = {};
    /** @type {Query} the scenario that Python has told of last */
    this.told = {};
    /** @type {Record<string, string[]>} the figures that move, by the field that moves them */
    this.moves = {};
  }

  /**
   * Take in a change.
   * @param {Query} change
   * @param {string[]} moves the figures whose numbers it moves, if it changes nothing else
   * @param {boolean} others whether another hand drags something else meanwhile
   */
  add(change, moves, others) {
    this.newest += 1;
    this.query = { ...this.query, ...change };
    this.unsaved = { ...this.unsaved, ...change };
    this.moves = others ? { ...this.moves } : {};
    for (const field of Object.keys(change)) this.moves[field] = moves;
  }

  /** A drag has ended. Python may hear of several at once, and undo takes back one after another. */
  end() {
    this.ends.push([this.newest, this.unsaved]);
    this.ends = this.ends.slice(-MOST_ENDS);
  }

  /** Take in a wish that only Python can fulfil, such as "undo". @param {string} wish */
  ask(wish) {
    this.newest += 1;
    this.asks.push([this.newest, wish]);
  }

  /**
   * What to ask the fast lane: for what moves, where nothing else can have changed.
   * @param {(figure: string) => boolean} stands whether a figure stands on the page
   * @returns {Question}
   */
  question(stands) {
    const moves = Object.values(this.moves);
    const onlyMoves = moves.every((names) => names.length > 0) && this.alike(this.whole, this.query);
    if (!onlyMoves) return this.wholeQuestion();
    return { ...this.wholeQuestion(), moving: [...new Set(moves.flat())].filter(stands) };
  }

  /** @returns {Question} for all figures, whole */
  wholeQuestion() {
    return { seq: this.newest, page: this.page, query: this.query };
  }

  /**
   * What to do with an answer of the fast lane. It is late where the script has seen that edit, too:
   * then it knows better. What was asked of another scenario than now, or moves the numbers of
   * another, is asked anew.
   * @param {Answer} answer
   * @param {Question} asked
   * @returns {"late" | "ask again" | "show"}
   */
  answered(answer, asked) {
    if (answer.error || answer.seq < this.shown || answer.seq <= this.taken) return "late";
    const known = answer.figures || this.alike(this.whole, asked.query);
    if (!known || !this.alike(asked.query, this.query)) return "ask again";
    this.shown = answer.seq;
    if (answer.figures) this.whole = asked.query;
    return "show";
  }

  /**
   * Take in what a script run says. A new server that knows nothing of the newest edit has lost it.
   * What is older than what is shown already is passed over.
   * @param {Told} told
   * @returns {{lost: boolean, older: boolean}}
   */
  tell({ session, ack: heard, query }) {
    const ack = session === this.session ? Math.max(heard, this.played) : heard;
    const known = Math.max(ack, this.played);
    const lost = this.session !== undefined && session !== this.session && known < this.newest;
    if (session !== this.session) this.played = 0;
    if (session !== this.session) [this.asks, this.ends] = [[], []];
    this.learned(ack);
    if (session !== this.session && !lost) this.newest = this.shown = ack;
    this.session = session;
    const older = ack < this.shown;
    if (older) return { lost, older };
    if (ack >= this.newest) this.unsaved = {};
    this.query = { ...query, ...this.unsaved };
    this.shown = this.taken = ack;
    this.whole = this.told = query;
    return { lost, older };
  }

  /**
   * Take in what a script run says that has drawn no figure: they show what the fast lane has told.
   * @param {Told} told
   * @returns {boolean} whether it is of another session, which is for `tell`
   */
  hear({ session, ack, query }) {
    if (session !== this.session) return false;
    this.learned(ack);
    if (ack >= this.newest) this.unsaved = {};
    this.query = { ...query, ...this.unsaved };
    this.told = query;
    return true;
  }

  /** Python knows of all edits so far. @param {number} ack the number of the last of them */
  learned(ack) {
    this.asks = this.asks.filter(([n]) => n > ack);
    this.ends = this.ends.filter(([n]) => n > ack);
  }

  /**
   * Take up what was edited before the page was left: Python may not have heard of it. If it has, or
   * shows another scenario by now, that counts.
   * @param {Edits} before
   * @param {Told} told what a script run says of the page that is shown again
   */
  resume(before, { session, ack, query }) {
    if (before.session !== session || ack >= before.newest) return;
    if (!isSame(before.told, query)) return;
    this.session = session;
    this.newest = this.shown = before.newest;
    this.unsaved = before.unsaved;
    this.ends = before.ends;
  }

  /** What was edited has come back to where it was, and nobody has to hear of it. */
  forgive() {
    this.unsaved = {};
    this.ends = [];
    this.played = this.newest;
  }

  /** Drop the edit of a field, which has no place in what the script says. @param {string} field */
  forget(field) {
    const { [field]: _, ...others } = this.unsaved;
    this.unsaved = others;
    this.ends = [];
    this.query = { ...this.whole, ...others };
  }

  /** Whether there is something that Python has not told of. */
  get areUnsaved() {
    return Object.keys(this.unsaved).length > 0;
  }

  /**
   * Whether two scenarios are the same but for what is dragged.
   * @param {Query} one @param {Query} other
   */
  alike(one, other) {
    return isSame(one, other, this.moves);
  }
}

/** @param {Query} one @param {Query} other @param {object} [but] fields that do not count */
function isSame(one, other, but = {}) {
  const names = Object.keys({ ...one, ...other });
  return names.every((name) => name in but || one[name] === other[name]);
}
