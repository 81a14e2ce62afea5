/**
 * What the keys of a lecture do: blank the screen, enlarge a figure, hide numbers so that a class can
 * guess, fit the axes, change the theme.
 *
 * The server hears of the axes only. Nothing of the rest is kept: who reloads the page sees it all.
 */

import { element } from "./dom.js";
import { shownPage } from "./page.js";
import { pictures } from "./stage.js";

/** How much larger a figure is that fills a window of 1280 × 720: set for a projector, or not. */
const LARGE = 1.5;
const USUAL = 2.6;

/** What lies over all of the page. */
const sheet = element("div", "live-cover", document.body);
sheet.hidden = true;
sheet.onpointerdown = () => uncover();

/** Cover the page until the next key or touch; give what it is covered with, to be filled. */
export function cover() {
  sheet.replaceChildren();
  sheet.hidden = false;
  return sheet;
}

/** Show the page again; tell whether it was covered. */
export function uncover() {
  const was = !sheet.hidden;
  sheet.hidden = true;
  return was;
}

/** Let a figure fill the window; the same one again goes back. @param {number} place counted from 1 */
export function enlarge(place) {
  const next = pictures()[place - 1];
  const [width, height] = [window.innerWidth / 1280, window.innerHeight / 720];
  const isLarge = shownPage()?.edits.query.present === "1";
  if (reduce() === next) return;
  next?.enlarge((isLarge ? LARGE : USUAL) * Math.min(width, height));
}

/** Bring the figure back that fills the window; give it, if there is one. */
export function reduce() {
  const enlarged = pictures().find(({ root }) => root.matches(".live-whole"));
  enlarged?.enlarge(0);
  return enlarged;
}

/**
 * Hide the numbers of the figure that is pointed at, or else of the result; or show them again. With
 * the numbers of a figure go those of its elements in formulas.
 * @param {boolean} [all] whether of all figures
 */
export function hush(all = false) {
  const found = pictures();
  const pointed = found.find(({ root }) => root.matches(":hover, :focus-within"));
  const chosen = all ? found : [pointed ?? found.find(({ rank }) => rank === 0) ?? found[0]];
  const quiet = !chosen.every((picture) => picture?.quiet);
  for (const picture of chosen) picture?.hush(quiet);
  const secret = new Set(found.flatMap(({ quiet, array }) => (quiet && array) || []));
  for (const picture of found) picture.keep?.(secret);
}

/** Fit the axes to what is shown, and show all of it. */
export function fit() {
  for (const picture of pictures()) picture.unzoom?.();
  shownPage()?.ask("fit");
}
