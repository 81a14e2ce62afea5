/**
 * On a phone: the result stays in view while its cause is dragged, and the controls are one row.
 *
 * The figures stand one below the other there, so what is dragged and what it changes would be
 * screens apart. While something that can be dragged is in view and the result is not, the result
 * is docked at the lower edge, with the formula of the page above it where there is room.
 */

/** A window that is a phone's, upright or lying. */
export const PHONE = matchMedia("(max-width: 640px), (max-height: 500px)");

/** The least size of a number there, in pixels. */
export const SMALLEST = 12;

/** The share of the window that docked figures take, and its bounds in pixels. */
const [SHARE, LEAST, MOST] = [0.19, 104, 160];

/** A formula is docked too in a window as high as this, in pixels. */
const TALL = 600;

/** How much of a result has to be seen for it to stay where it is. */
const SEEN = 0.8;

/** @typedef {import("./types").Mount & {root: HTMLElement}} Docked */

/** How high docked figures are, in pixels. */
export function dockedHeight() {
  return Math.round(Math.max(LEAST, Math.min(MOST, SHARE * innerHeight)));
}

/** How much of an element is in the window, from 0 to 1. @param {Element} place */
function seen(place) {
  const { top, bottom, height } = place.getBoundingClientRect();
  return Math.max(0, Math.min(bottom, innerHeight) - Math.max(top, 0)) / (height || 1);
}

/** The lower edge of one page. */
export class Dock {
  /** @param {Map<string, any>} mounts of the page, by name */
  constructor(mounts) {
    this.mounts = mounts;
    this.frame = 0;
    this.closed = new AbortController();
    const how = { signal: this.closed.signal, capture: true, passive: true };
    for (const moved of ["scroll", "resize"]) addEventListener(moved, () => this.look(), how);
    PHONE.addEventListener("change", () => this.look(), how);
  }

  /** The page is left. */
  close() {
    this.closed.abort();
    cancelAnimationFrame(this.frame);
  }

  /** Look in the next frame what is in view. */
  look() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.update();
    });
  }

  /** @returns {Docked[]} what is docked, from left to right; formulas first */
  get candidates() {
    const docked = [...this.mounts.values()].filter((m) => m.root && m.component.data.docked);
    // They come to the page in any order.
    return docked.sort((a, b) => (a.component.data.rank ?? 0) - (b.component.data.rank ?? 0));
  }

  update() {
    const all = [...this.mounts.values()];
    if (all.some((mount) => mount.held)) return; // under a hand nothing comes or goes
    const causes = all.filter(({ handles }) => handles?.items.length > 0);
    const near = causes.filter(({ component }) => seen(component.parentElement) > 0.3);
    const moved = near.map(({ handles }) => handles.spec.moves); // none stands for all
    const results = this.candidates.filter((mount) => {
      const { name } = mount.component.data;
      return "plot" in mount && moved.some((names) => names.length === 0 || names.includes(name));
    });
    const places = results.map(({ component }) => component.parentElement);
    const isAway = places.some((place) => seen(place) < SEEN);
    const docks = PHONE.matches && isAway && !document.querySelector("[role=dialog]");
    this.put(docks ? results : [], docks && innerHeight >= TALL);
  }

  /** @param {Docked[]} results docked @param {boolean} withFormula */
  put(results, withFormula) {
    const height = dockedHeight();
    for (const mount of this.candidates) {
      const isFormula = !("plot" in mount);
      const k = results.indexOf(mount);
      const docked = isFormula ? withFormula : k >= 0;
      mount.root.classList.toggle("live-docked", docked);
      Object.assign(mount.root.style, {
        left: docked && !isFormula ? `${(100 * k) / results.length}vw` : "",
        width: docked && !isFormula ? `${100 / results.length}vw` : "",
        bottom: docked && isFormula ? `${height}px` : "",
      });
    }
  }
}

/** The button that unfolds the controls of a page; a wide window shows them without it. */
export class FoldMount {
  /** @param {import("./types").Component} component as Streamlit hands it over */
  constructor({ parentElement }) {
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "live-fold";
    this.button.onclick = () => this.unfold(this.row?.dataset.open === undefined);
    parentElement.append(this.button);
    this.unfold(false);
  }

  /** The row of controls that it stands in. @returns {HTMLElement | null} */
  get row() {
    return this.button.closest(".st-key-controls");
  }

  /** @param {boolean} open */
  unfold(open) {
    this.button.textContent = open ? "Controls ▴" : "Controls ▾";
    this.button.setAttribute("aria-expanded", String(open));
    if (open) this.row?.setAttribute("data-open", "");
    else this.row?.removeAttribute("data-open");
  }

  update() {}

  remove() {
    this.button.remove();
  }
}
