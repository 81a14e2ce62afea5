/** The few elements that the live figures add to the page. Text only, never markup. */

/** @param {string} tag @param {string} className @param {Element} parent */
export function element(tag, className, parent) {
  const made = document.createElement(tag);
  made.className = className;
  parent.append(made);
  return made;
}

/**
 * Let the user type a number over a figure: Enter or leaving the field keeps it, Escape does not.
 * @param {HTMLElement} figure
 * @param {HTMLElement} item beside which the field opens; its label names it
 * @param {number} value to begin with
 * @returns {Promise<number | null>} null where nothing usable was typed
 */
export function askNumber(figure, item, value) {
  const entry = element("input", "live-entry", figure);
  const box = item.getBoundingClientRect();
  const frame = figure.getBoundingClientRect();
  const center = box.left - frame.left + box.width / 2;
  entry.type = "text";
  entry.inputMode = "decimal";
  entry.value = String(value);
  entry.setAttribute("aria-label", `${item.getAttribute("aria-label")}, type a number`);
  entry.style.left = `${Math.max(50, Math.min(frame.width - 50, center))}px`;
  entry.style.top = `${frame.height / 2}px`;
  entry.focus();
  entry.select();
  return new Promise((done) => {
    const close = (keep) => {
      const text = entry.value.trim().replace("−", "-").replace(",", ".");
      const typed = Number(text);
      entry.onblur = null;
      entry.remove();
      done(keep && text !== "" && Math.abs(typed) <= 1e308 ? typed : null);
    };
    entry.onkeydown = (event) => {
      event.stopPropagation();
      if (event.key === "Enter") close(true);
      if (event.key === "Escape") close(false);
    };
    entry.onblur = () => close(true);
  });
}
