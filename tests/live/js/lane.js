/** When the fast lane is opened again, without a server. Each test is a function that throws. */

import { Lane } from "../../../visualizer/live/browser/lane.js";

/** @type {Socket[]} all that were opened */
const sockets = [];

class Socket {
  static OPEN = 1;
  readyState = 0;
  constructor() {
    sockets.push(this);
  }
  close() {}
}

/** A lane without a server. @param {(lane: any) => void} use */
function withLane(use) {
  const real = globalThis.WebSocket;
  sockets.length = 0;
  Object.assign(globalThis, { WebSocket: Socket });
  if (!globalThis.location) Object.assign(globalThis, { location: { origin: "http://here" } }); // in node
  const lane = new Lane("/live", () => {}, () => {});
  try {
    use(lane);
  } finally {
    lane.close();
    globalThis.WebSocket = real;
  }
}

/** @param {number} expected */
function opened(expected) {
  if (sockets.length !== expected) throw new Error(`opened ${sockets.length}, expected ${expected}`);
}

/** @type {Record<string, () => void>} */
export const tests = {
  "a lane that is lost is opened at once when the server is back"() {
    withLane((lane) => {
      lane.socket.onclose();
      opened(1);
      lane.hurry();
      opened(2);
      lane.hurry();
      opened(2); // it is on its way
    });
  },
  "a lane that is lost again waits as after the first time"() {
    withLane((lane) => {
      for (let i = 0; i < 5; i += 1) {
        lane.socket.onclose();
        lane.open();
      }
      const longest = lane.retry;
      lane.socket.onclose();
      lane.hurry();
      if (lane.retry >= longest) throw new Error(`waits for ${lane.retry} ms`);
    });
  },
  "a lane that is open, or closed for good, is left as it is"() {
    withLane((lane) => {
      lane.hurry();
      opened(1);
      lane.socket.onclose();
      lane.close();
      lane.hurry();
      opened(1);
    });
  },
};
