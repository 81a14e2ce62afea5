/**
 * What a presentation does with the window: no menu of the site, the full screen if the browser gives
 * it, and figures that share the height that there is.
 */

import { scrolled } from "./internals.js";
import { shownPage } from "./page.js";
import { PHONE } from "./phone.js";

/** Pixels between the rows of figures, and below the last. */
const GAP = 18;

/** The least height of a figure, in pixels: a lower one shows nothing. */
const LEAST = 80;

/** Whether the page is presented. */
let presented = false;

/** Whether to ask for the full screen: a browser gives it to a key or a click only. */
let wanted = false;

/** What stands above the figures, whose height it leaves to them. @type {Element | null} */
let above = null;

const heights = new ResizeObserver(() => {
  for (const picture of pictures()) picture.heightened();
});

/** Take what a script run says of the page that is shown. @param {import("./page.js").Page} page */
export function staged(page) {
  const presents = page.edits.query.present === "1";
  document.documentElement.classList.toggle("live-stage", presents);
  if (presents && !presented) wanted = document.fullscreenElement === null;
  if (!presents && presented && document.fullscreenElement) document.exitFullscreen();
  presented = presents;
  const now = document.querySelector(".st-key-top");
  if (now === above) return;
  above = now;
  heights.disconnect();
  if (now) heights.observe(now);
}

/** Whether a lecture is given: a page is walked through in steps, or presented. */
export function isLecture() {
  const { present, step } = shownPage()?.edits.query ?? {};
  return present === "1" || Number(step) > 0;
}

/** Ask for the full screen, once in a presentation; who leaves it is not asked again. */
export function fillScreen() {
  if (!wanted || PHONE.matches) return;
  wanted = false;
  document.documentElement.requestFullscreen?.().catch(() => {}); // such as in a frame
}

document.addEventListener(
  "click",
  ({ target }) => {
    const button = target instanceof Element ? target.closest(".st-key-top button") : null;
    const page = shownPage();
    if (!button || !page || button.closest(`.st-key-${page.name}_leave`)) return;
    if (button.closest(`.st-key-${page.name}_present`)) {
      wanted = presented = true; // so that the run which follows does not want it once more
    }
    fillScreen();
  },
  true,
);

/**
 * How high a figure is where so many stand above each other, and perhaps a stepper below.
 * @param {number} rows @param {Element} figure
 */
export function rowHeight(rows, figure) {
  const place = document.querySelector(".live-figure")?.parentElement;
  const top = place ? place.getBoundingClientRect().top + scrolled(place) : 0;
  /** By where they begin: of formulas beside each other the highest one counts. @type {Map<number, number>} */
  const formulas = new Map();
  for (const formula of document.querySelectorAll(".live-formula")) {
    const begin = Math.round(formula.getBoundingClientRect().top);
    formulas.set(begin, Math.max(formulas.get(begin) ?? 0, formula.clientHeight));
  }
  const stepper = document.querySelector(".live-stepper")?.getBoundingClientRect();
  const { left, right } = figure.getBoundingClientRect();
  const isAbove = stepper && stepper.left < right && left < stepper.right;
  if (isAbove) formulas.set(stepper.top, stepper.height);
  const taken = [...formulas.values()].reduce((sum, height) => sum + height + GAP, 0);
  return Math.max(LEAST, (window.innerHeight - top - taken) / rows - GAP);
}

/** The figures and formulas of the page, in the order in which they are read. */
export function pictures() {
  const all = [...(shownPage()?.mounts.values() ?? [])];
  return all
    .flatMap(({ picture }) => picture ?? [])
    .sort((a, b) =>
      a.root.compareDocumentPosition(b.root) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1,
    );
}
