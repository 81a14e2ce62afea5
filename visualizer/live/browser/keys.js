/**
 * What keys do on the page as a whole; visualizer/ui/keys.py is the list of them. The first stop of
 * Tab is a way to the figures.
 */

import { element } from "./dom.js";
import { shownPage } from "./page.js";

/** What keys do on every page, by the names that `named` gives. @type {Record<string, () => void>} */
const ALWAYS = {
  "?": () => press("keys"),
  "Ctrl+Z": () => shownPage()?.ask("undo"),
  "Ctrl+Shift+Z": () => shownPage()?.ask("redo"),
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

window.addEventListener("keydown", (event) => {
  const act = ALWAYS[named(event)];
  if (!act || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
  if (document.querySelector("[role=dialog]")) return;
  act();
  event.preventDefault();
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
