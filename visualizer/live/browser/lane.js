/** The way to the server and back while something is dragged: one message in flight, newest wins. */

/** Milliseconds until a lost connection is opened again: the first time, and at most. */
const RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;

/** Milliseconds after which a connection is one, and the next is tried as after the first. */
const STEADY_MS = 5000;

/** Milliseconds without an answer after which a connection is given up. */
const SILENCE_MS = 8000;

const decoder = new TextDecoder();

/** @typedef {import("./edits.js").Question} Question */

/** One WebSocket to the fast lane, opened again when it is lost. */
export class Lane {
  /** @type {WebSocket} */
  socket;
  /** When the connection was opened. */
  opened = Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  patience;
  /** Until it is opened again. @type {ReturnType<typeof setTimeout> | undefined} */
  again;

  /**
   * @param {string} path of the WebSocket route
   * @param {(answer: import("./edits.js").Answer, asked: Question) => void} onAnswer called with the
   *   answer, and the message that it answers
   * @param {() => void} onLost called when the connection is lost, with whatever was in flight,
   *   and when it could not be opened again
   */
  constructor(path, onAnswer, onLost) {
    this.url = new URL(path, location.origin);
    this.url.protocol = this.url.protocol.replace("http", "ws");
    this.onAnswer = onAnswer;
    this.onLost = onLost;
    /** @type {Question | null} the newest message that is not sent yet */
    this.waiting = null;
    /** @type {Question} the message sent last */
    this.asked = { seq: 0, page: "", query: {} };
    this.inFlight = false;
    /** Whether this animation frame has had its message: of two answers it shows one. */
    this.spent = false;
    this.closed = false;
    this.retry = RETRY_MS;
    this.open();
  }

  get ready() {
    return this.socket.readyState === WebSocket.OPEN;
  }

  open() {
    clearTimeout(this.again);
    this.again = undefined;
    this.socket = new WebSocket(this.url);
    this.socket.binaryType = "arraybuffer";
    this.opened = Infinity;
    this.socket.onopen = () => {
      this.opened = performance.now();
      this.next();
    };
    this.socket.onmessage = (event) => {
      clearTimeout(this.patience);
      this.inFlight = false;
      this.onAnswer(JSON.parse(decoder.decode(event.data)), this.asked);
      this.next();
    };
    this.socket.onclose = () => this.lost();
  }

  /** The connection is closed, or silent; try again, after longer and longer times. */
  lost() {
    clearTimeout(this.patience);
    this.socket.onmessage = this.socket.onclose = null;
    this.socket.close();
    this.inFlight = false;
    if (this.closed) return;
    if (performance.now() - this.opened > STEADY_MS) this.retry = RETRY_MS;
    this.onLost();
    this.again = setTimeout(() => this.open(), this.retry);
    this.retry = Math.min(2 * this.retry, LONGEST_RETRY_MS);
  }

  /** The server is back: a connection that is to be opened again is opened now. */
  hurry() {
    if (this.again === undefined) return;
    this.retry = RETRY_MS;
    this.open();
  }

  /**
   * Send a message, or keep it until the one in flight is answered. It replaces one that waits.
   * @param {Question} message
   */
  send(message) {
    this.waiting = message;
    this.next();
  }

  next() {
    if (!this.waiting || this.inFlight || this.spent || !this.ready) return;
    this.asked = this.waiting;
    this.socket.send(JSON.stringify(this.asked));
    this.waiting = null;
    this.inFlight = true;
    this.patience = setTimeout(() => this.lost(), SILENCE_MS);
    this.spent = true;
    requestAnimationFrame(() => {
      this.spent = false;
      this.next();
    });
  }

  close() {
    this.closed = true;
    clearTimeout(this.again);
    this.again = undefined;
    this.lost();
  }
}
