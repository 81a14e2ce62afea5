/** The few elements that the live figures add to the page. Text only, never markup. */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {string} className @param {Element} parent
 */
export function element(tag, className, parent) {
  const made = document.createElement(tag);
  made.className = className;
  parent.append(made);
  return made;
}

/**
 * Write a text, where it is another one. A text that has a node of its own keeps it: to take one out
 * and put another in makes the browser look after far more of the page.
 * @param {Node} node @param {string} text
 */
export function write(node, text) {
  if (node.textContent === text) return;
  if (node.childNodes.length === 1 && node.firstChild instanceof Text) node.firstChild.data = text;
  else node.textContent = text;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Let the user type a number over a figure: Enter or leaving the field keeps it, Escape does not.
 * A text that is left as it was changes nothing: the value may have more digits than are shown.
 * @param {HTMLElement} figure
 * @param {HTMLElement} item beside which the field opens; its label names it
 * @param {number} value to begin with
 * @returns {Promise<number | null>} null where nothing, or nothing usable, was typed
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
    /** What was typed, null where nothing was, NaN where it is of no use. */
    const typed = () => {
      if (entry.value.trim() === String(value)) return null;
      const text = entry.value.trim().replace("−", "-").replace(",", ".");
      return NUMBER.test(text) && Number.isFinite(Number(text)) ? Number(text) : NaN;
    };
    /** @param {number | null} result */
    const close = (result) => {
      entry.onblur = null;
      entry.remove();
      done(Number.isNaN(result) ? null : result);
    };
    entry.oninput = () => entry.setCustomValidity("");
    entry.onkeydown = (event) => {
      event.stopPropagation();
      if (event.key === "Enter" && Number.isNaN(typed())) {
        entry.setCustomValidity("Expected a finite number, such as 0.5 or -2e-3");
        entry.reportValidity();
      } else if (event.key === "Enter" || event.key === "Escape") {
        close(event.key === "Enter" ? typed() : null);
        item.focus({ preventScroll: true });
      }
    };
    entry.onblur = () => close(typed());
  });
}
