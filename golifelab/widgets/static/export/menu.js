/**
 * The export menu below a view: pictures, what its parts offer, and what its kernel makes of it.
 */

import { h, say, set, uid } from "../page/dom.js";
import { offersIn } from "./offers.js";
import { png, snapshot } from "./snapshot.js";

/** @typedef {import("../page/host.js").Host} Host */
/** @typedef {import("./offers.js").Offer} Offer */

/** How long the kernel may take to answer; it may be busy with a cell. */
const PATIENCE = 60_000;

/**
 * @param {Host} host
 * @returns {() => void} take the menu away
 */
export function addExports({ model, el }) {
  const life = new AbortController();
  const name = () => String(model.get("name") || model.get("view") || "golifelab");
  const list = h("div", { class: "gl-export-list", role: "menu", id: uid("export"), hidden: true });
  const button = h("button", { type: "button", class: "gl-export-open", "aria-haspopup": "menu", "aria-expanded": "false", "aria-controls": list.id }, "export");
  const words = h("span", { class: "gl-note", role: "status" });
  const foot = h("div", { class: "gl-export" }, words, h("span", { class: "gl-export-place" }, button, list));
  el.append(foot);

  /** @param {Offer} offer */
  const entry = (offer) => h("button", { type: "button", role: "menuitem", tabindex: "-1", class: "gl-export-entry", onclick: () => run(offer) }, offer.label);

  /** @returns {Offer[]} */
  const offers = () => {
    const svg = () => new Blob([snapshot(el).text], { type: "image/svg+xml" });
    const asked = /** @type {string[]} */ (model.send ? (model.get("exports") ?? []) : []);
    return [
      { label: "picture, as it stands (SVG)", name: "picture.svg", make: svg },
      { label: "picture, as it stands (PNG)", name: "picture.png", make: () => png(snapshot(el)) },
      ...offersIn(el),
      ...asked.map((kind) => ({ label: LABELS[kind] ?? kind.toUpperCase(), name: kind, make: () => ask(kind) })),
    ];
  };

  /** @param {boolean} open */
  function turn(open) {
    if (open) list.replaceChildren(...offers().map(entry));
    set(list, "hidden", !open);
    set(button, "aria-expanded", String(open));
    if (open) focus(0);
  }
  /** @param {number} i */
  const focus = (i) => {
    const entries = /** @type {HTMLElement[]} */ ([...list.children]);
    entries.at(i % entries.length)?.focus();
  };

  /** @param {Offer} offer */
  async function run(offer) {
    turn(false);
    button.focus();
    say(words, "making it …");
    try {
      download(await offer.make(), `${name()}.${offer.name}`);
      say(words, "");
    } catch (error) {
      say(words, error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {string} kind @returns {Promise<Blob>} what the kernel answers */
  function ask(kind) {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => end(() => reject(new Error("the kernel does not answer: is it running, or busy?"))), PATIENCE);
      /** @param {{export?: string, error?: string, type?: string}} message @param {DataView[]} [buffers] */
      const hear = (message, buffers) => {
        if (message.export !== kind) return;
        if (message.error) end(() => reject(new Error(message.error)));
        else end(() => resolve(new Blob(/** @type {BlobPart[]} */ (buffers ?? []), { type: message.type ?? "" })));
      };
      const end = (/** @type {() => void} */ then) => {
        clearTimeout(late);
        model.off("msg:custom", /** @type {() => void} */ (hear));
        then();
      };
      model.on("msg:custom", /** @type {() => void} */ (hear));
      model.send?.({ export: kind });
    });
  }

  button.addEventListener("click", () => turn(Boolean(list.hidden)));
  foot.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const at = [...list.children].indexOf(/** @type {Element} */ (document.activeElement));
    /** @type {Record<string, () => void>} */
    const keys = {
      Escape: () => (turn(false), button.focus()),
      ArrowDown: () => focus(at + 1),
      ArrowUp: () => focus(at - 1),
      Home: () => focus(0),
      End: () => focus(-1),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  });
  foot.addEventListener("focusout", ({ relatedTarget }) => {
    if (!list.hidden && relatedTarget instanceof Node && !foot.contains(relatedTarget)) turn(false);
  });
  document.addEventListener("pointerdown", ({ target }) => !list.hidden && !foot.contains(/** @type {Node} */ (target)) && turn(false), { signal: life.signal });
  return () => {
    life.abort();
    foot.remove();
  };
}

/** @type {Record<string, string>} */
const LABELS = {
  html: "page that stays alive without a kernel (HTML)",
  dot: "graph for graphviz (DOT)",
};

/** @param {Blob} blob @param {string} name */
function download(blob, name) {
  const url = URL.createObjectURL(blob);
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
