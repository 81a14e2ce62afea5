/**
 * What latency.py reads off a page: when the pointer set which inputs, and when the result figure
 * showed which numbers. It knows nothing of how the page gets from one to the other.
 */

/** The sliders of a page, ours or Streamlit's, by accessible name. @returns {Map<string, Element>} */
function sliders() {
  const all = document.querySelectorAll("[role=slider], input[type=range]");
  return new Map([...all].map((slider) => [slider.getAttribute("aria-label"), slider]));
}

/** The inputs as the sliders have them. @param {string[]} names @returns {number[]} */
function inputs(names) {
  const known = sliders();
  return names.map((name) => {
    const slider = known.get(name);
    return Number(slider.value ?? slider.getAttribute("aria-valuenow"));
  });
}

/** What a figure of bars holds, once its labels are in the page too. @param {Element} plot */
function drawn(plot) {
  const trace = plot?.data?.[0];
  const labels = [...(plot?.querySelectorAll(".bartext") ?? [])].map((label) => label.textContent);
  return trace && labels.join() === Array.from(trace.text).join() ? Array.from(trace.y) : null;
}

/**
 * Begin to watch.
 * @param {object} options
 * @param {string} options.event of the pointer, that which the latency counts from
 * @param {string} options.result selector of the result figure
 * @param {Record<string, string>} options.figures name to selector: count their redraws
 * @param {string[]} options.handles accessible names of all sliders of the field that is dragged; it
 *   is the movement of the first that counts
 * @param {boolean} options.remounts whether the page puts new figures in place of old ones
 */
window.watch = ({ event, result, figures, handles, remounts }) => {
  const log = { sets: [], paints: [], redraws: {}, moved: 0, pulled: 0, frames: 0 };
  const off = [];
  const place = (selector) => document.querySelector(`${selector} .js-plotly-plot`);

  // Bubbling: the page's own listener comes first, and has set the sliders.
  let pulled = false;
  const set = ({ timeStamp }) => {
    log.sets.push([timeStamp, ...inputs(handles)]);
    pulled = true;
  };
  window.addEventListener(event, set);
  off.push(() => window.removeEventListener(event, set));

  // What is drawn anew, or moved, is heard of once it is all in the page, before the next frame.
  const watched = (plot, changed) => {
    const observer = new MutationObserver(changed);
    const all = { subtree: true, childList: true, characterData: true, attributes: true };
    observer.observe(plot, all);
    off.push(() => observer.disconnect());
  };
  const painted = (numbers) => log.paints.push([performance.now(), ...numbers]);
  if (!remounts) {
    const plot = place(result);
    watched(plot, () => {
      const numbers = Array.from(plot.data[0].y);
      requestAnimationFrame(() => painted(numbers));
    });
  }
  for (const [name, selector] of Object.entries(figures)) {
    const plot = place(selector);
    if (!plot) continue; // another checkout may not have it
    log.redraws[name] = 0;
    watched(plot, () => (log.redraws[name] += 1));
  }

  const slider = sliders().get(handles[0]);
  const whereabouts = () => slider.style.transform + slider.style.height;
  let [before, last] = [whereabouts(), remounts ? String(drawn(place(result))) : ""];
  let next = requestAnimationFrame(function frame() {
    next = requestAnimationFrame(frame);
    log.frames += 1;
    if (whereabouts() !== before) log.moved += 1;
    before = whereabouts();
    if (pulled) log.pulled += 1;
    pulled = false;
    const numbers = remounts ? drawn(place(result)) : null;
    if (numbers && String(numbers) !== last) painted(numbers);
    last = numbers ? String(numbers) : last;
  });
  off.push(() => cancelAnimationFrame(next));

  /** End, and return what was seen. */
  window.watched = () => {
    off.forEach((undo) => undo());
    return log;
  };
};
