/**
 * What parts of a view can be exported beside its picture. A part offers it, the menu finds it.
 */

/**
 * `make` gives a file's contents, when it is chosen; `name` is the end of the file's name: "graph.svg".
 *
 * @typedef {{label: string, name: string, make: () => Blob | Promise<Blob>}} Offer
 */

/** @type {WeakMap<Element, () => Offer[]>} */
const offers = new WeakMap();
const MARK = "data-gl-offers";

/**
 * @param {Element} element the part of the view that offers something, while it is seen
 * @param {() => Offer[]} list
 */
export function offerExport(element, list) {
  offers.set(element, list);
  element.setAttribute(MARK, "");
}

/**
 * @param {Element} root
 * @returns {Offer[]} what the parts of a view offer that are seen now
 */
export function offersIn(root) {
  const parts = [...root.querySelectorAll(`[${MARK}]`)].filter((part) => part.getClientRects().length > 0);
  return parts.flatMap((part) => offers.get(part)?.() ?? []);
}
