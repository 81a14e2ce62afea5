/**
 * The address bar: readable, and one step of the back button for each thing that a user did.
 *
 * Streamlit pushes an address when a page opens, and another when Python says what the page shows.
 * The first would only lead back to the second; and in a slow browser they come the other way
 * round, the query of the new page with the path of the old one.
 */

import { PHONE } from "./phone.js";

/** The entry at which the user last did something. @type {string | undefined} */
let acted;

for (const done of ["pointerdown", "keydown"]) {
  addEventListener(done, () => (acted = globalThis.navigation?.currentEntry?.key), true);
}

/**
 * Whether an address takes the place of the one before.
 * @param {URL} next
 */
function isSameStep(next) {
  if (next.origin !== location.origin || !next.search) return false;
  if (next.pathname === location.pathname) {
    return location.search === "" || readable(next) === readable(location);
  }
  const early = acted !== undefined && navigation.currentEntry?.key !== acted;
  return early && readable(next) === readable(location);
}

/** The query without codes that it does not need: Streamlit writes `z=2%2C1`. @param {{search: string}} url */
function readable({ search }) {
  return search.replaceAll("%2C", ",").replaceAll("%3B", ";");
}

/**
 * Put a link in the address bar, as a step of its own; Python writes the same one later. An answer
 * that comes when another page has been opened is not for its address.
 * @param {string} page whose link it is @param {Record<string, string>} link
 */
export function writeAddress(page, link) {
  if (location.pathname.split("/").at(-1) !== (page === "home" ? "" : page)) return;
  const search = readable({ search: `?${new URLSearchParams(link)}` });
  if (search !== readable(location)) history.pushState(null, "", location.pathname + search);
}

/** A link for the projector opens on a phone as a page for a phone. */
function forThisWindow() {
  const query = new URLSearchParams(location.search);
  if (!PHONE.matches || !query.has("present")) return;
  query.delete("present");
  const search = readable({ search: query.size > 0 ? `?${query}` : "" });
  history.replaceState(history.state, "", location.pathname + search + location.hash);
}

function tidy() {
  const search = readable(location);
  if (search !== location.search) history.replaceState(history.state, "", search + location.hash);
}

globalThis.navigation?.addEventListener("navigate", (event) => {
  const next = new URL(event.destination.url);
  if (event.navigationType !== "push" || !event.cancelable || !isSameStep(next)) return;
  event.preventDefault();
  history.replaceState(null, "", next);
});
globalThis.navigation?.addEventListener("currententrychange", tidy);
forThisWindow();
tidy();
