/** What belongs together, and its words: without a page. Each test is a function that throws. */

import { calledBy, isLit, litWith, shown, unified, words } from "../../../visualizer/live/browser/links.js";

/** @param {unknown} got @param {unknown} expected */
function equal(got, expected) {
  const [one, other] = [got, expected].map((value) => JSON.stringify(value));
  if (one !== other) throw new Error(`got ${one}, expected ${other}`);
}

const NONE = { marks: "bars", madeOf: [], together: [], after: [] };
const G = { ...NONE, name: "g:{i}", places: { i: 2 }, symbol: "g", numbers: [1, -0.5] };
const J = {
  ...NONE,
  name: "J:{i},{j}",
  places: { i: 2, j: 2 },
  symbol: "J",
  together: ["s:{i}", "z:{j}"],
  numbers: [0.25, -0.1598, -0.1598, 0.1],
};
const TERMS = {
  ...NONE,
  name: "terms:{i},0",
  places: { i: 2 },
  symbol: "terms",
  madeOf: ["g:{i}", "J:{i},0"],
  together: ["dx:0"],
  after: ["dx:0"],
  numbers: [0.25, 0.0799],
};
const DX = {
  ...NONE,
  name: "dx:{j}",
  places: { j: 2 },
  symbol: "dx",
  madeOf: ["g:{i}", "J:{i},{j}"],
  numbers: [0.3299, -0.21],
};
const FIGURES = [DX, TERMS, J, G];

/** @param {string} name */
const lit = (name) => litWith(FIGURES, name).sort();

/** @type {Record<string, () => void>} */
export const tests = {
  "a template fits a name in one way, or in none"() {
    equal(unified("J:{i},0", "J:1,0"), { "{i}": "1" });
    equal(unified("J:{i},0", "J:1,1"), undefined);
    equal(unified("J:{i},{i}", "J:1,0"), undefined);
    equal(unified("J:{i},{i}", "J:1,1"), { "{i}": "1" });
    equal(unified("g:{i}", "J:1,0"), undefined);
    equal(unified("g:{i}", "g:1,0"), undefined);
  },
  "what stands hatched behind an element is named with its number"() {
    const hatched = { ...DX, ghosts: ["/ elementwise"], behind: [[0.25, -0.05]] };
    const said = words([hatched, TERMS, J, G], "dx:1");
    equal(said.at(-1), "/ elementwise: −0.05");
    equal(words([hatched, TERMS, J, G], "g:1").filter((line) => line.startsWith("/")), []);
  },
  "a number that is hidden is in no product, and no product says it"() {
    const secret = [{ ...DX, secret: true }, TERMS, J, G];
    equal(words(secret, "dx:1").at(-1), "dx₁ = ? + ? = ?");
    equal(words(secret, "g:1")[0], "g₁·J₁₀ = −0.5 · −0.160 = ?");
    equal(words([DX, TERMS, J, { ...G, secret: true }], "g:1")[0], "g₁·J₁₀ = ? · −0.160 = ?");
    equal(words([{ ...DX, madeOf: [], secret: true }], "dx:1"), ["dx₁ = ?"]);
  },
  "a term lights its g, its cell and its sum"() {
    equal(lit("terms:1,0"), ["J:1,0", "dx:0", "g:1", "terms:1,0"]);
  },
  "a bar of g lights its row of J, and all that it goes into"() {
    equal(lit("g:1"), ["J:1,*", "J:1,0", "dx:*", "dx:0", "g:1", "terms:1,0"]);
  },
  "a cell lights its output and its input, and its term where that is shown"() {
    equal(lit("J:1,0"), ["J:1,0", "dx:0", "g:1", "s:1", "terms:1,0", "z:0"]);
    equal(lit("J:1,1"), ["J:1,1", "dx:1", "g:1", "s:1", "z:1"]);
  },
  "a bar of dx lights its column"() {
    equal(lit("dx:1"), ["J:*,1", "dx:1", "g:*"]);
  },
  "a symbol that stands for all of g lights all of g, and says nothing"() {
    equal(lit("g:*"), ["J:*,*", "J:*,0", "dx:*", "dx:0", "g:*", "terms:*,0"]);
    equal(words(FIGURES, "g:*"), []);
  },
  "an element that no figure knows lights itself alone"() {
    equal(lit("nowhere:7"), ["nowhere:7"]);
  },
  "a star stands for any index, and for nothing else"() {
    equal(isLit(["J:*,1"], "J:7,1"), true);
    equal(isLit(["J:*,1"], "J:1,7"), false);
    equal(isLit(["J:*,1"], "J:1"), false);
    equal(isLit(["g:*"], "z:1"), false);
    equal(isLit(["g:1"], "g:*"), true);
  },
  "a term says its product"() {
    equal(words(FIGURES, "terms:1,0"), ["g₁·J₁₀ = −0.5 · −0.160 = 0.080"]);
  },
  "a bar of dx says its products and their sum"() {
    equal(words(FIGURES, "dx:0"), [
      "g₀·J₀₀ = 1 · 0.25 = 0.25",
      "g₁·J₁₀ = −0.5 · −0.160 = 0.080",
      "dx₀ = 0.25 + 0.080 = 0.330",
    ]);
  },
  "of too many products only the number of the element is said"() {
    const numbers = Array(9).fill(0.125);
    const wide = [{ ...DX, places: { j: 9 }, numbers }, { ...G, places: { i: 9 }, numbers }];
    const J9 = { ...J, places: { i: 9, j: 9 }, numbers: Array(81).fill(1) };
    equal(words([...wide, J9], "dx:8"), ["dx₈ = 0.125"]);
  },
  "where a factor is not on the page there is no product"() {
    equal(words([DX, J], "J:1,0"), ["J₁₀ = −0.160"]);
  },
  "a number that is not finite has no words"() {
    equal(words([{ ...G, numbers: [null, 1] }], "g:0"), []);
  },
  "what is no number is said as such, also in a product"() {
    const table = { ...NONE, name: "t:{i},{j}", places: { i: 2, j: 2 }, symbol: "t" };
    const t = { ...table, numbers: ["Infinity", 0, "NaN", 2] };
    const made = { ...NONE, name: "p:{i}", places: { i: 2 }, symbol: "p", madeOf: ["t:{i},0", "t:{i},1"] };
    const figures = [{ ...made, numbers: ["NaN", "NaN"] }, t];
    equal(words(figures, "p:0"), ["t₀₀·t₀₁ = inf · 0 = NaN"]);
    equal(words(figures, "t:1,1"), ["t₁₀·t₁₁ = NaN · 2 = NaN"]);
    equal(words([t], "t:0,0"), ["t₀₀ = inf"]);
    equal([NaN, -Infinity].map(shown), ["NaN", "−inf"]);
  },
  "an element that has a name of its own is called by it"() {
    const t = { ...NONE, name: "t:{i},{j}", places: { i: 2, j: 2 }, symbol: "t" };
    const named = { ...t, called: ["a", "b", "c", "d"], numbers: [1, 2, 3, 4] };
    equal([calledBy([named], "t:0,1"), calledBy([named], "t:1,0")], ["b", "c"]);
    equal(words([named], "t:1,1"), ["d = 4"]);
    equal(calledBy([t], "t:0,1"), "t₀₁");
  },
  "a place of two digits is told from the next one"() {
    equal(calledBy([J], "J:10,2"), "J₁₀,₂");
  },
  "a number is as short as it can be said exactly, else it has three digits"() {
    equal([1, -0.5, 10, 0, -0.15999, 1e-7].map(shown), ["1", "−0.5", "10", "0", "−0.160", "1.0e−07"]);
  },
};
