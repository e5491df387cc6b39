/**
 * A picture of an element as it stands on the page: SVG that needs nothing else, and PNG made of it.
 *
 * The SVG holds a copy of the element with the rules and the values of the variables that style it, so
 * it looks the same wherever SVG with HTML inside is shown: in browsers, that is.
 */

const XHTML = "http://www.w3.org/1999/xhtml";
/** Rules of ours and of the editor; the page's other rules don't reach inside our views. */
const OURS = /\.golifelab|\.cm-|\u037c/;
const MARGIN = 8;
/** Pixels of a PNG for one of the page, and the most that browsers make of a canvas' side. */
const SCALE = 2;
const LONGEST = 16_000;
// What XML can't say at all, escaped or not.
// eslint-disable-next-line no-control-regex
const UNSPEAKABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** @typedef {{text: string, width: number, height: number}} Picture */

/**
 * @param {HTMLElement} element
 * @returns {Picture}
 */
export function snapshot(element) {
  const box = element.getBoundingClientRect();
  const [width, height] = [Math.ceil(box.width) + 2 * MARGIN, Math.ceil(box.height) + 2 * MARGIN];
  const styles = rules(element);
  const ground = h("div", { style: `box-sizing: border-box; width: ${width}px; height: ${height}px; padding: ${MARGIN}px; overflow: hidden; background: ${paper(element)}` });
  const sheet = h("style", {});
  sheet.textContent = styles.join("\n");
  const shown = copy(element);
  // On the copy itself they win over the rules, which ask for the reader's theme once more.
  shown.setAttribute("style", `${shown.getAttribute("style") ?? ""}; ${variables(element, styles)}`);
  ground.append(sheet, shown);
  const inside = new XMLSerializer().serializeToString(ground).replace(UNSPEAKABLE, "\ufffd");
  const size = `width="${width}" height="${height}"`;
  const text = `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${width} ${height}"><foreignObject ${size}>${inside}</foreignObject></svg>`;
  return { text, width, height };
}

/**
 * @param {Picture} picture
 * @returns {Promise<Blob>} the picture as PNG, in twice the page's resolution where it fits
 */
export async function png({ text, width, height }) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const scale = Math.min(SCALE, LONGEST / Math.max(width, height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.scale(scale, scale);
  pen.drawImage(image, 0, 0);
  return new Promise((resolve, reject) => {
    const done = (/** @type {Blob | null} */ blob) => (blob ? resolve(blob) : reject(new Error("this browser makes no PNG of it: take the SVG")));
    canvas.toBlob(done, "image/png");
  });
}

/** @param {string} tag @param {Record<string, string>} attributes @returns {HTMLElement} in no document's styles */
function h(tag, attributes) {
  const element = /** @type {HTMLElement} */ (document.createElementNS(XHTML, tag));
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/**
 * @param {Element} element
 * @returns {string[]} the rules that style our views
 */
function rules(element) {
  const tree = element.getRootNode();
  const sheets = new Set([...document.styleSheets, ...document.adoptedStyleSheets]);
  if (tree instanceof ShadowRoot) for (const sheet of [...tree.styleSheets, ...tree.adoptedStyleSheets]) sheets.add(sheet);
  return [...sheets].flatMap((sheet) => {
    try {
      return [...sheet.cssRules].map((rule) => rule.cssText).filter((text) => OURS.test(text));
    } catch {
      return []; // a sheet of another origin, which can't be read and is none of ours
    }
  });
}

/**
 * @param {Element} element
 * @param {string[]} styles
 * @returns {string} declarations of the variables that the rules use and that the page defines
 */
function variables(element, styles) {
  const names = new Set(styles.join("\n").match(/--(?:jp|gl|md)-[\w-]+/g) ?? []);
  const found = getComputedStyle(element);
  return [...names].map((name) => [name, found.getPropertyValue(name).trim()]).filter(([, value]) => value).map((pair) => pair.join(": ")).join("; ");
}

/** @param {Element} element @returns {string} the colour that lies behind it */
function paper(element) {
  for (let at = /** @type {Element | null} */ (element); at; at = at.parentElement) {
    const colour = getComputedStyle(at).backgroundColor;
    if (colour && colour !== "transparent" && !/, 0\)$/.test(colour)) return colour;
  }
  return "#fff";
}

/**
 * A copy that shows what the original shows: what was typed, scrolled and painted is no part of a clone.
 *
 * @param {Element} original
 * @returns {Element}
 */
function copy(original) {
  const clone = /** @type {Element} */ (original.cloneNode(true));
  const pairs = [[original, clone]];
  const all = [original.querySelectorAll("*"), clone.querySelectorAll("*")];
  all[0].forEach((one, i) => pairs.push([one, all[1][i]]));
  for (const [from, to] of pairs) {
    if (from instanceof HTMLCanvasElement) {
      const image = h("img", { src: from.toDataURL(), class: from.className, style: from.style.cssText, width: String(from.clientWidth), height: String(from.clientHeight) });
      to.replaceWith(image);
    } else if (from instanceof HTMLInputElement) {
      to.setAttribute("value", from.value);
      to.toggleAttribute("checked", from.checked);
    } else if (from instanceof HTMLTextAreaElement) to.textContent = from.value;
    else if (from instanceof HTMLOptionElement) to.toggleAttribute("selected", from.selected);
    if (from.scrollLeft || from.scrollTop) scroll(to, from.scrollLeft, from.scrollTop);
  }
  for (const gone of clone.querySelectorAll(".gl-export")) gone.remove();
  return clone;
}

/** @param {Element} element @param {number} x @param {number} y */
function scroll(element, x, y) {
  const moved = h("div", { style: `transform: translate(${-x}px, ${-y}px); width: 100%` });
  moved.append(...element.childNodes);
  element.append(moved);
  /** @type {HTMLElement} */ (element).style.overflow = "hidden";
}
