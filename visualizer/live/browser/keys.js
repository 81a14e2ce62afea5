/** What keys do on every page: "?" opens the sheet of keys, Tab begins with a way to the figures. */

import { element } from "./dom.js";

/** Whether what has the focus takes letters. @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]");
}

window.addEventListener("keydown", (event) => {
  if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target) && !isRange(event.target)) return;
  if (document.querySelector("[role=dialog]")) return;
  const button = document.querySelector(".st-key-keys button");
  if (!(button instanceof HTMLElement)) return;
  button.click();
  event.preventDefault();
});

/** @param {EventTarget | null} target */
function isRange(target) {
  return target instanceof HTMLInputElement && target.type === "range";
}

/** The first stop of Tab, above the navigation; seen only while it has the focus. */
const skip = element("button", "live-skip", document.body);
skip.type = "button";
skip.textContent = "Skip to the figures";
skip.onclick = () => {
  const [handle = document.querySelector(".live-save")] = document.querySelectorAll(".live-handle");
  if (handle instanceof HTMLElement) handle.focus();
};
document.body.prepend(skip);
