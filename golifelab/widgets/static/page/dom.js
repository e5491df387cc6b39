/**
 * Making elements.
 *
 * Text from Go source, from tools and from binaries reaches the page only through here, as text nodes
 * and attribute values: nothing in this project assigns markup.
 */

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {Record<string, string | number | boolean | null | undefined | EventListener>} Attributes */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {Element} element
 * @param {Attributes} attributes
 */
function apply(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2).toLowerCase(), value);
    else set(element, name, value);
  }
}

/**
 * An HTML element. `on…` attributes are listeners; `true` is an empty attribute; `false` and `null` none.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  apply(element, attributes);
  element.append(...nodes(children));
  return element;
}

/**
 * An SVG element.
 *
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function svg(tag, attributes = {}, ...children) {
  const element = /** @type {SVGElementTagNameMap[K]} */ (document.createElementNS(SVG, tag));
  apply(element, attributes);
  element.append(...nodes(children));
  return element;
}

/**
 * @param {Child[]} children
 * @returns {(Node | string)[]}
 */
function nodes(children) {
  return children.flatMap((child) => {
    if (child === null || child === undefined || child === false) return [];
    return [child instanceof Node ? child : String(child)];
  });
}

/**
 * Set an attribute, or remove it: the DOM is touched only when something changes.
 *
 * @param {Element} element
 * @param {string} name
 * @param {string | number | boolean | null | undefined} value
 */
export function set(element, name, value) {
  if (value === null || value === undefined || value === false) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
    return;
  }
  const text = value === true ? "" : String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

/**
 * Set an element's text; nothing happens when it is already there (a live region would repeat itself).
 *
 * @param {Element} element
 * @param {string | number | null | undefined} text
 */
export function say(element, text) {
  const wanted = text === null || text === undefined ? "" : String(text);
  if (element.textContent !== wanted) element.textContent = wanted;
}

let counter = 0;

/**
 * @param {string} prefix
 * @returns {string} an id that is new on this page
 */
export function uid(prefix) {
  counter += 1;
  return `golifelab-${prefix}-${counter}`;
}

/**
 * Make an element the root of one of our views: our styles reach it, and JupyterLab's command-mode keys
 * (`b` inserts a cell, `d d` deletes one) do not.
 *
 * @param {HTMLElement} element
 * @param {string} view
 */
export function root(element, view) {
  element.classList.add("golifelab", `golifelab-${view}`);
  // The notebook's shortcuts are bound to `:focus`, so that they match the focused element before the
  // walk up reaches any mark above it: the mark has to be on the element that has the focus.
  element.addEventListener("focusin", ({ target }) => {
    if (target instanceof Element) set(target, "data-lm-suppress-shortcuts", "true");
  });
}
