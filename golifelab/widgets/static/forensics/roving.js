/**
 * One stop of the tab key for a row of things; arrows go from one to the next, and choose it.
 */

const MOVES = /** @type {Record<string, number>} */ ({ ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 });

/**
 * @param {HTMLElement} container
 * @param {string} items the selector of the things
 * @param {(element: HTMLElement) => void} choose may make all of them anew: the one in the same place has the focus then
 */
export function roving(container, items, choose) {
  const all = () => /** @type {HTMLElement[]} */ ([...container.querySelectorAll(items)]);
  /** @param {number} index */
  const take = (index) => {
    const element = all()[index];
    if (!element) return;
    choose(element);
    all()[index]?.focus();
  };
  container.addEventListener("keydown", (event) => {
    const elements = all();
    const index = elements.findIndex((element) => element === event.target);
    if (index < 0) return;
    if (event.key === "Home" || event.key === "End") take(event.key === "Home" ? 0 : elements.length - 1);
    else if (MOVES[event.key]) take((index + MOVES[event.key] + elements.length) % elements.length);
    else return;
    event.preventDefault();
  });
  container.addEventListener("click", ({ target }) => {
    const element = target instanceof Element ? target.closest(items) : null;
    if (element) take(all().indexOf(/** @type {HTMLElement} */ (element)));
  });
}
