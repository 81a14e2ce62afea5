/**
 * What keys do on the page as a whole; visualizer/ui/keys.py is the list of them. The first stop of
 * Tab is a way to the figures.
 */

import { element } from "./dom.js";
import { switchTheme } from "./internals.js";
import { cover, enlarge, fit, hush, reduce, uncover } from "./lecture.js";
import { shownPage } from "./page.js";
import { fillScreen, isLecture } from "./stage.js";

/** What keys do on every page, by the names that `named` gives. @type {Record<string, () => void>} */
const ALWAYS = {
  "?": () => press("keys"),
  "Ctrl+Z": () => shownPage()?.ask("undo"),
  "Ctrl+Shift+Z": () => shownPage()?.ask("redo"),
};

/**
 * What they do in a lecture besides, where the page itself has no other use for them.
 * @type {Record<string, () => void>}
 */
const LECTURE = {
  PageDown: () => press(`${shownPage()?.name}_next`),
  PageUp: () => press(`${shownPage()?.name}_previous`),
  B: () => cover(),
  ".": () => cover(),
  F: fit,
  H: () => hush(),
  "Shift+H": () => hush(true),
  D: switchTheme,
  ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map((place) => [place, () => enlarge(place)])),
};

/**
 * What a key is called: a letter is large, with what is held down beside it; of a sign it does not
 * matter by which keys it is typed.
 * @param {KeyboardEvent} event
 */
function named({ key, ctrlKey, metaKey, shiftKey }) {
  const letter = /^[a-z]$/i.test(key);
  const held = [(ctrlKey || metaKey) && "Ctrl+", letter && shiftKey && "Shift+"];
  return held.filter(Boolean).join("") + (letter ? key.toUpperCase() : key);
}

/** Whether what has the focus takes letters. @param {EventTarget | null} target */
function isTyping(target) {
  if (target instanceof HTMLInputElement && target.type === "range") return false;
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]");
}

/** Press a button of the page, by the key that Python has given to it. @param {string} key */
function press(key) {
  const button = document.querySelector(`.st-key-${key} button`);
  if (button instanceof HTMLElement) button.click();
}

/** What a key does now; nothing while something is typed, or a dialog is open. @param {KeyboardEvent} event */
function actOf(event) {
  if (event.altKey || isTyping(event.target) || document.querySelector("[role=dialog]")) return;
  const name = named(event);
  const isOwn = shownPage()?.saver?.component.data.keys?.includes(name);
  return ALWAYS[name] ?? (isLecture() && !isOwn ? LECTURE[name] : undefined);
}

/** Before all others hear of it: what is a lecture's wherever the focus is. @param {KeyboardEvent} event */
function first(event) {
  const isStep = event.key === "PageDown" || event.key === "PageUp";
  if (isLecture() && !event.repeat) fillScreen();
  if (uncover() || (event.key === "Escape" && reduce())) swallow(event);
  else if (isStep && actOf(event)) {
    actOf(event)?.();
    swallow(event);
  }
}

/** @param {KeyboardEvent} event */
function swallow(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

window.addEventListener("keydown", first, true);
window.addEventListener("keydown", (event) => {
  const act = event.defaultPrevented || event.repeat ? undefined : actOf(event);
  if (!act) return;
  act();
  event.preventDefault();
});

// In a dialog, keys are those of the dialog: Streamlit's buttons behind it would hear them, too.
document.body.addEventListener("keydown", (event) => {
  if (document.querySelector("[role=dialog]")) event.stopPropagation();
});

/** The first stop of Tab, above the navigation; seen only while it has the focus. */
const skip = element("button", "live-skip", document.body);
skip.type = "button";
skip.textContent = "Skip to the figures";
skip.onclick = () => {
  const [handle = document.querySelector(".live-save")] = document.querySelectorAll(".live-handle");
  if (handle instanceof HTMLElement) handle.focus();
};
document.body.prepend(skip);
