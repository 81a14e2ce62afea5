/** What becomes of edits, and of saves: without a page. Each test is a function that throws. */

import { Edits } from "../../../visualizer/live/browser/edits.js";
import { Saving } from "../../../visualizer/live/browser/saving.js";

/** @param {unknown} got @param {unknown} expected */
function equal(got, expected) {
  const [one, other] = [got, expected].map((value) => JSON.stringify(value));
  if (one !== other) throw new Error(`got ${one}, expected ${other}`);
}

const START = { z: "1", g: "2" };
const FIGURES = ["dx", "g"];

function page() {
  const edits = new Edits("softmax");
  edits.tell({ session: "a", ack: 0, query: START });
  return edits;
}

/** @param {Edits} edits @param {Record<string, string>} change @param {string[]} [moves] */
function asked(edits, change, moves = FIGURES, others = false) {
  edits.add(change, moves, others);
  return edits.question(() => true);
}

/** Saves that are recorded; `idle` and `wakes` are what the page would say. */
function recorder() {
  /** @type {string[]} */
  const log = [];
  const outside = {
    log,
    idle: true,
    wakes: true,
    newest: 1,
    waits: 0,
    /** @param {string} mount @param {boolean} atOnce */
    send(mount, atOnce) {
      log.push(`${mount}${atOnce ? " at once" : ""}`);
      return outside.newest;
    },
    isIdle: () => outside.idle,
    mark: () => undefined,
    wake: () => {
      log.push("wake");
      return outside.wakes;
    },
  };
  const saving = new Saving(outside);
  saving.wait = () => void (outside.waits += 1); // the clock is in the hand of the test
  return { outside, saving, log };
}

/** @type {Record<string, () => void>} */
export const tests = {
  "a wish is sent until Python has told of it, and no longer": () => {
    const edits = page();
    edits.ask("undo");
    edits.ask("redo");
    equal([edits.newest, edits.asks], [2, [[1, "undo"], [2, "redo"]]]);
    edits.tell({ session: "a", ack: 1, query: START });
    equal(edits.asks, [[2, "redo"]]);
    edits.tell({ session: "a", ack: 2, query: START });
    equal(edits.asks, []);
  },

  "each end of a drag is sent until Python has told of it, with what was unsaved then": () => {
    const edits = page();
    for (const change of [{ z: "3" }, { g: "4" }, { z: "5" }]) {
      asked(edits, change);
      edits.end();
    }
    equal(edits.ends, [[1, { z: "3" }], [2, { z: "3", g: "4" }], [3, { z: "5", g: "4" }]]);
    edits.hear({ session: "a", ack: 2, query: { z: "3", g: "4" } });
    equal(edits.ends, [[3, { z: "5", g: "4" }]]);
    edits.tell({ session: "a", ack: 3, query: { z: "5", g: "4" } });
    equal(edits.ends, []);
  },

  "of very many drags the last ones are kept apart": () => {
    const edits = page();
    for (let n = 1; n <= 200; n += 1) {
      asked(edits, { z: String(n) });
      edits.end();
    }
    equal([edits.ends.length, edits.ends.at(-1)], [50, [200, { z: "200" }]]);
  },

  "a new server knows nothing of what could be undone": () => {
    const edits = page();
    asked(edits, { z: "3" });
    edits.end();
    edits.ask("undo");
    edits.tell({ session: "b", ack: 0, query: START });
    equal([edits.asks, edits.ends], [[], []]);
  },

  "what moved by itself and came back is nothing that a script has to hear of": () => {
    const edits = page();
    asked(edits, { z: "3" });
    edits.answered({ seq: 1, moving: {} }, asked(edits, { z: "1" }));
    edits.forgive();
    equal([edits.areUnsaved, edits.query], [false, START]);
    equal(edits.tell({ session: "a", ack: 0, query: START }), { lost: false, older: false });
    equal(edits.tell({ session: "b", ack: 0, query: START }).lost, false);
    asked(edits, { g: "7" });
    equal(edits.unsaved, { g: "7" });
  },

  "a drag asks for what it moves"() {
    const question = asked(page(), { g: "3" });
    equal(question, { seq: 1, page: "softmax", query: { z: "1", g: "3" }, moving: FIGURES });
  },
  "what changes more than numbers asks for everything"() {
    equal(asked(page(), { g: "3" }, []).moving, undefined);
  },
  "a drag after an edit that is not drawn yet asks for everything"() {
    const edits = page();
    asked(edits, { z: "5" }, []);
    equal(asked(edits, { g: "3" }).moving, undefined);
  },
  "two hands ask for what both move, each figure once"() {
    const edits = page();
    asked(edits, { z: "5" }, ["dx", "s"]);
    equal(asked(edits, { g: "3" }, FIGURES, true).moving, ["dx", "s", "g"]);
  },
  "a figure that does not stand on the page is not asked for"() {
    const edits = page();
    edits.add({ g: "3" }, FIGURES, false);
    equal(edits.question((name) => name !== "g").moving, ["dx"]);
  },
  "an answer is shown once, and an older one after it is late"() {
    const edits = page();
    const [first, second] = [asked(edits, { g: "3" }), asked(edits, { g: "4" })];
    equal(edits.answered({ seq: 2, moving: {} }, second), "show");
    equal(edits.answered({ seq: 1, moving: {} }, first), "late");
    equal([edits.newest, edits.shown, edits.taken], [2, 2, 0]);
  },
  "an answer to an earlier place of the same drag is shown"() {
    const edits = page();
    const first = asked(edits, { g: "3" });
    asked(edits, { g: "4" });
    equal(edits.answered({ seq: 1, moving: {} }, first), "show");
  },
  "an answer of another scenario is asked for again"() {
    const edits = page();
    const first = asked(edits, { g: "3" });
    asked(edits, { z: "9" });
    equal(edits.answered({ seq: 1, moving: {} }, first), "ask again");
    equal(edits.shown, 0);
  },
  "an answer that the script was faster than is late, and so is an error"() {
    const edits = page();
    const first = asked(edits, { g: "3" });
    equal(edits.answered({ seq: 1, error: "no" }, first), "late");
    edits.tell({ session: "a", ack: 1, query: { z: "1", g: "3" } });
    equal(edits.answered({ seq: 1, moving: {} }, first), "late");
  },
  "the script keeps what it has not seen of the edits"() {
    const edits = page();
    edits.add({ g: "3" }, FIGURES, false);
    equal(edits.tell({ session: "a", ack: 0, query: START }), { lost: false, older: false });
    equal(edits.query, { z: "1", g: "3" });
    edits.tell({ session: "a", ack: 1, query: { z: "1", g: "3" } });
    equal([edits.unsaved, edits.areUnsaved], [{}, false]);
  },
  "the script is passed over where more is shown"() {
    const edits = page();
    const question = asked(edits, { g: "3" });
    edits.answered({ seq: 1, moving: {} }, question);
    equal(edits.tell({ session: "a", ack: 0, query: START }), { lost: false, older: true });
    equal(edits.query, { z: "1", g: "3" });
  },
  "a new server loses the newest edit, once"() {
    const edits = page();
    edits.add({ g: "3" }, FIGURES, false);
    equal(edits.tell({ session: "b", ack: 0, query: START }).lost, true);
    equal(edits.tell({ session: "b", ack: 0, query: START }).lost, false);
    equal(edits.unsaved, { g: "3" });
  },
  "a page that is shown again takes up what Python has not heard of"() {
    const edits = page();
    edits.add({ g: "3" }, FIGURES, false);
    const told = { session: "a", ack: 0, query: START };
    const again = new Edits("softmax");
    again.resume(edits, told);
    again.tell(told);
    equal([again.newest, again.unsaved], [1, { g: "3" }]);
  },
  "but not over another link, another server, or what Python has heard"() {
    const edits = page();
    edits.add({ g: "3" }, FIGURES, false);
    for (const told of [
      { session: "a", ack: 0, query: { z: "7", g: "2" } },
      { session: "b", ack: 0, query: START },
      { session: "a", ack: 1, query: START },
    ]) {
      const again = new Edits("softmax");
      again.resume(edits, told);
      equal([again.newest, again.unsaved], [0, {}]);
    }
  },
  "an edit that has no place any more is dropped, the others stay"() {
    const edits = page();
    edits.add({ g: "3" }, FIGURES, false);
    edits.add({ z: "8" }, FIGURES, false);
    edits.forget("g");
    equal([edits.query, edits.unsaved], [{ z: "8", g: "2" }, { z: "8" }]);
  },
  "one save is under way, and what comes meanwhile is saved once after it"() {
    const { saving, log } = recorder();
    for (const mount of ["a", "b", "c"]) saving.save(mount);
    equal([log, saving.state, saving.more], [["a"], "under way", true]);
    saving.reported(1, "d");
    equal([log, saving.state, saving.more], [["a", "d"], "under way", false]);
    saving.reported(1, "d");
    equal(saving.state, "at rest");
  },
  "the end of a drag waits for no run, and only its own run ends it"() {
    const { outside, saving, log } = recorder();
    saving.save("a");
    outside.newest = 2;
    saving.save("b", true);
    saving.reported(1, "c");
    equal([log, saving.state], [["a", "b at once"], "under way"]);
    saving.reported(2, "c");
    equal(saving.state, "at rest");
  },
  "a run that takes long is waited for"() {
    const { outside, saving, log } = recorder();
    saving.save("a");
    outside.idle = false;
    saving.overdue("a");
    equal([log, saving.state, outside.waits], [["a"], "under way", 2]);
  },
  "a save that is lost wakes the app once, and is given up then"() {
    const { saving, log } = recorder();
    saving.save("a");
    saving.overdue("a");
    equal([log, saving.state], [["a", "wake"], "woken"]);
    saving.overdue("a");
    equal([log, saving.state], [["a", "wake"], "at rest"]);
  },
  "where nothing can wake the app, a lost save is given up"() {
    const { outside, saving } = recorder();
    outside.wakes = false;
    saving.save("a");
    saving.overdue("a");
    equal(saving.state, "at rest");
  },
};
