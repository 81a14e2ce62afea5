/** What stands in the place of a figure until Plotly has come and drawn it: its frame and its title. */

import { element } from "./dom.js";
import { readTheme, themed } from "./theme.js";

/**
 * Put it there, if it is not.
 * @param {HTMLElement} place
 * @param {import("./types").Layout} layout of the figure
 */
export function announce(place, layout) {
  if (place.querySelector(".live-awaited, .live-missing")) return;
  const frame = element("div", "live-awaited", place);
  const { title, margin } = themed(layout, readTheme(place), place.clientWidth, layout.height);
  frame.style.height = `${layout.height}px`;
  frame.style.paddingLeft = `${margin.l}px`;
  frame.style.fontSize = `${title.font?.size}px`;
  write(frame, title.text);
}

/** What a title is made of, as Plotly reads it: lowered or raised text, new lines, other tags, text. */
const PARTS = /<(sub|sup)>([^<]*)<\/\1>|(<br>)|<[^>]*>|([^<]+)/g;

/** @param {Element} frame @param {string} title */
function write(frame, title) {
  for (const [, tag, moved, end, plain] of title.matchAll(PARTS)) {
    const part = tag ? document.createElement(tag) : end ? "\n" : (plain ?? "");
    if (part instanceof Element) part.textContent = moved;
    frame.append(part);
  }
}

/** Take it away: the figure is drawn. @param {Element} place */
export function arrived(place) {
  place.querySelector(".live-awaited")?.remove();
}
