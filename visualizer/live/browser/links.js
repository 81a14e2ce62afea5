/**
 * What belongs together: from what figures say of their elements, which of them to light for the
 * one that is pointed at, and the products that it is a part of, with their numbers.
 *
 * An element has a name, the array that it shows and its place there: "g:1", "J:1,0". A template
 * has indices in it, "J:{i},0", and a pattern a star for each index that may be any: "J:1,*".
 * Nothing here knows the browser: the tests run it without one.
 */

import { printed } from "./values.js";

/**
 * @typedef {object} Elements what Python says of the elements of a figure
 * @property {string} name of each, as a template
 * @property {string} marks what they are drawn as: "bars", "cells", "points", "rows", "fills"
 * @property {Record<string, number>} places how far each index of the name goes
 * @property {string} symbol that they are called by
 * @property {string[]} madeOf templates of what each is the product of; over other indices, the sum
 * @property {string[]} together templates of what else is lit with it
 * @property {string[]} after elements of other figures that stand behind its own
 * @property {(number | string | null)[]} [numbers] one for each place, and as a text what JSON has no
 * number for: "NaN", "Infinity"
 * @property {string[]} [called] what each is called, where that is not its symbol and its place
 * @property {string[]} [ghosts] names of what stands behind its elements, such as a wrong pass
 * @property {(number | null)[][]} [behind] the numbers of each of them
 * @property {boolean} [secret] whether they are hidden, so that a class can guess
 */

/** @typedef {Record<string, string>} Binding the value of each index */

/** How many products are written at most: more would cover the figure. */
const MOST = 4;

/**
 * The values of the indices with which a template is this name; none if it cannot be.
 * @param {string} template @param {string} name
 * @returns {Binding | undefined}
 */
export function unified(template, name) {
  const [[array, place], [other, at]] = [template.split(":"), name.split(":")];
  const [indices, values] = [place.split(","), at.split(",")];
  if (array !== other || indices.length !== values.length) return undefined;
  /** @type {Binding} */
  const binding = {};
  const fits = indices.every((index, k) => {
    if (!index.startsWith("{")) return index === values[k];
    const known = binding[index] ?? values[k];
    binding[index] = values[k];
    return known === values[k];
  });
  return fits ? binding : undefined;
}

/**
 * A template with the values of its indices in it, and a star for those that have none.
 * @param {string} template @param {Binding} binding
 */
export function filled(template, binding) {
  return template.replace(/\{\w+\}/g, (index) => binding[index] ?? "*");
}

/**
 * The ways in which an element takes part in what a figure says: as one of its own, as a factor, or
 * as what goes with it.
 * @param {Elements} figure @param {string} name
 */
function bindings({ name: own, madeOf, together }, name) {
  const found = [own, ...madeOf, ...together].map((template) => unified(template, name));
  return found.filter((binding) => binding !== undefined);
}

/**
 * Patterns of all elements to light with one; its own name is among them.
 * @param {Elements[]} figures @param {string} name
 * @returns {string[]}
 */
export function litWith(figures, name) {
  const patterns = figures.flatMap((figure) =>
    bindings(figure, name).flatMap((binding) =>
      [figure.name, ...figure.madeOf, ...figure.together].map((part) => filled(part, binding)),
    ),
  );
  return [...new Set([name, ...patterns])];
}

/** Whether a name fits one of the patterns. @param {string[]} patterns @param {string} name */
export function isLit(patterns, name) {
  const [array, at] = name.split(":");
  const values = at.split(",");
  return patterns.some((pattern) => {
    const [other, place] = pattern.split(":");
    const parts = place.split(",");
    const same = array === other && parts.length === values.length;
    return same && parts.every((part, k) => [part, values[k]].includes("*") || part === values[k]);
  });
}

/**
 * The number of an element, from the first figure that shows it; "?" where one of them hides it.
 * @param {Elements[]} figures @param {string} name
 * @returns {number | "?" | undefined}
 */
export function numberOf(figures, name) {
  if (figures.some((figure) => figure.secret && unified(figure.name, name))) return "?";
  for (const { name: template, places, numbers } of figures) {
    const binding = numbers && unified(template, name);
    if (!binding) continue;
    const found = numbers[placeOf(places, binding)] ?? undefined;
    return found === undefined ? undefined : Number(found);
  }
  return undefined;
}

/** The place of an element among all of its figure. @param {Record<string, number>} places @param {Binding} binding */
function placeOf(places, binding) {
  return Object.entries(places).reduce(
    (sum, [index, count]) => sum * count + Number(binding[`{${index}}`]),
    0,
  );
}

/** What an element is called: g₁, J₁₀. @param {Elements[]} figures @param {string} name */
export function calledBy(figures, name) {
  const figure = figures.find(({ name: template }) => unified(template, name));
  const binding = figure?.called && unified(figure.name, name);
  if (binding) return figure.called?.[placeOf(figure.places, binding)] ?? "";
  const [array, at] = name.split(":");
  const places = at.split(",");
  const between = places.some((place) => place.length > 1) ? "," : "";
  return (figure?.symbol ?? array) + places.map(subscript).join(between);
}

/** @param {string} place */
function subscript(place) {
  return place.replace(/\d/g, (digit) => String.fromCharCode(0x2080 + Number(digit)));
}

/**
 * A number as short as it can be said: three digits after the point, or fewer if it has no more; "?"
 * where it is hidden.
 * @param {number | "?"} value
 */
export function shown(value) {
  if (value === "?") return value;
  if (!Number.isFinite(value)) return String(value).replace("Infinity", "inf").replace("-", "−");
  const text = printed(value, 0.001);
  const plain = Number(text.replace("−", "-"));
  return plain === value && !text.includes("e") ? text.replace(/\.?0+$/, "") : text;
}

/**
 * What is written beside the element pointed at: the products that it is a part of, and the sum of
 * those that it is made of. Where there are too many, the number of the element.
 * @param {Elements[]} figures @param {string} name
 * @returns {string[]} one for each line
 */
export function words(figures, name) {
  const own = numberOf(figures, name);
  const itself = own === undefined ? [] : [`${calledBy(figures, name)} = ${shown(own)}`];
  const lines = figures.flatMap((figure) => products(figures, figure, name));
  const sums = lines.flatMap(({ sum }) => sum ?? []);
  const texts = [...new Set([...lines.flatMap((line) => line.texts), ...sums])];
  return [...(texts.length > 0 ? texts : itself), ...hatched(figures, name)];
}

/** What stands behind an element, hatched. @param {Elements[]} figures @param {string} name */
function hatched(figures, name) {
  return figures.flatMap(({ name: template, places, ghosts = [], behind, secret }) => {
    const binding = unified(template, name);
    if (!binding || !behind) return [];
    const [at] = Object.keys(places).map((index) => Number(binding[`{${index}}`]));
    return ghosts.map((ghost, i) => `${ghost}: ${shown(secret ? "?" : Number(behind[i][at]))}`);
  });
}

/**
 * The products of one figure that an element is a part of, few as they are.
 * @param {Elements[]} figures @param {Elements} figure @param {string} name
 * @returns {{texts: string[], sum?: string}[]}
 */
function products(figures, figure, name) {
  if (figure.madeOf.length === 0) return [];
  return bindings({ ...figure, together: [] }, name).flatMap((binding) => {
    const all = spread(figures, figure, binding);
    if (all.length === 0 || all.length > MOST) return [];
    const found = all.map((each) => product(figures, figure.madeOf, each));
    if (found.some((one) => one === undefined)) return [];
    const texts = found.map((one) => one?.text ?? "");
    const total = unified(figure.name, name) && found.length > 1 && numberOf(figures, name);
    if (total === undefined || total === false) return [{ texts }];
    const values = found.map((one) => shown(one?.value ?? 0));
    const sum = values.reduce((before, value) =>
      value.startsWith("−") ? `${before} − ${value.slice(1)}` : `${before} + ${value}`,
    );
    return [{ texts, sum: `${calledBy(figures, name)} = ${sum} = ${shown(total)}` }];
  });
}

/**
 * The bindings with every value that an open index of the factors can have.
 * @param {Elements[]} figures @param {Elements} figure @param {Binding} binding
 * @returns {Binding[]}
 */
function spread(figures, figure, binding) {
  let all = [binding];
  for (const [index, count] of open(figures, [...figure.madeOf, figure.name], binding)) {
    const values = Array.from({ length: count }, (_, value) => String(value));
    all = all.flatMap((each) => values.map((value) => ({ ...each, [index]: value })));
  }
  return all.filter((each) => figure.madeOf.every((part) => !filled(part, each).includes("*")));
}

/**
 * The indices of templates that have no value yet, each with how far it goes.
 * @param {Elements[]} figures @param {string[]} templates @param {Binding} binding
 * @returns {Map<string, number>}
 */
function open(figures, templates, binding) {
  const found = new Map();
  for (const [array, place] of templates.map((template) => template.split(":"))) {
    const shows = figures.find(({ name }) => name.startsWith(`${array}:`));
    place.split(",").forEach((index, k) => {
      const own = shows?.name.split(":")[1].split(",")[k].slice(1, -1);
      const count = own && shows?.places[own];
      if (count && index.startsWith("{") && !(index in binding)) found.set(index, count);
    });
  }
  return found;
}

/**
 * @param {Elements[]} figures @param {string[]} madeOf @param {Binding} binding
 * @returns {{text: string, value: number | "?"} | undefined} none where a number is not known
 */
function product(figures, madeOf, binding) {
  const names = madeOf.map((part) => filled(part, binding));
  const values = names.map((name) => numberOf(figures, name));
  const known = values.filter((value) => value !== undefined);
  if (known.length < values.length) return undefined;
  // While a class guesses at any number, no product is said: it might be the one.
  const secret = figures.some((figure) => figure.secret);
  const value = secret ? "?" : known.reduce((/** @type {number} */ one, other) => one * Number(other), 1);
  const called = names.map((name) => calledBy(figures, name)).join("·");
  const numbers = known.map(shown).join(" · ");
  return { text: `${called} = ${numbers} = ${shown(value)}`, value };
}
