/**
 * All that is known of one instruction: what it does, in both syntaxes, what it was made for and where it stands.
 */

import { h, set } from "../page/dom.js";
import { gapsOf, lastLine, nameOf, offset, originOf, placeAt } from "./asm.js";
import { bytePieces } from "./asmrow.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./asm.js").Asm} Asm */
/** @typedef {import("./passes.js").Code} Code */

/** Instructions that a jump comes from; more are counted. */
const SOURCES = 6;

/**
 * @param {HTMLElement} parent
 * @param {{choose: (index: number) => void, select: (selection: Selection) => void}} context
 */
export function createDetail(parent, { choose, select }) {
  const element = h("div", { class: "gl-asm-detail", role: "region", "aria-label": "the chosen instruction", hidden: true });
  parent.append(element);

  /** @param {Asm} asm @param {number} index */
  const jump = (asm, index) =>
    h("button", { type: "button", class: "gl-go", title: asm.texts[index], onclick: () => choose(index) }, offset(asm.pc[index], asm.size));

  /** @param {Asm} asm @param {number} place */
  const goTo = (asm, place) => {
    const at = placeAt(asm, place);
    if (!at) return "";
    const words = `${at.file}:${at.line}${at.column ? `:${at.column}` : ""}`;
    return h("button", { type: "button", class: "gl-go", onclick: () => select(at) }, words);
  };

  /** @param {Asm} asm @param {Code | null} code @param {number} index */
  function origin(asm, code, index) {
    const name = nameOf(asm, index);
    if (!name.startsWith("v")) return [originOf(asm, index)[1]];
    const line = code ? lastLine(code, name).replace(/^\([^)]*\)\s+v\d+ = /, "") : "";
    const place = placeAt(asm, asm.place[index]);
    const wanted = { ...(place ?? {}), function: asm.function, value: name };
    const chosen = h("button", { type: "button", class: "gl-go", "data-value": name, onclick: () => select(wanted) }, name);
    return ["made for ", chosen, line && h("code", {}, ` = ${line}`)];
  }

  /** @param {Asm} asm @param {number} index */
  function ways(asm, index) {
    const to = asm.targets[index];
    const from = asm.targets.flatMap((target, i) => (target === index ? [i] : []));
    const parts = [];
    if (to >= 0) parts.push(fact("jumps to", jump(asm, to)));
    if (from.length > 0) {
      const shown = from.slice(0, SOURCES).flatMap((one, i) => (i > 0 ? [" ", jump(asm, one)] : [jump(asm, one)]));
      parts.push(fact("reached from", ...shown, from.length > SOURCES && ` and ${from.length - SOURCES} more`));
    }
    return parts;
  }

  /** @param {Asm} asm @param {number} index */
  function bytes(asm, index) {
    const end = asm.pc[index] + asm.sizes[index];
    const span = `${asm.sizes[index]} ${asm.sizes[index] === 1 ? "byte" : "bytes"}, up to ${offset(end, asm.size)}`;
    const gaps = gapsOf(asm, index).map(([, size, kind, symbol, addend]) =>
      fact("the linker fills in", h("code", {}, `${symbol || "?"}${addend ? (addend > 0 ? `+${addend}` : addend) : ""}`), ` (${kind}${size ? `, ${size} bytes` : ""})`),
    );
    return [fact("bytes", h("code", {}, ...bytePieces(asm, index)), ` (${span})`), ...gaps];
  }

  return {
    element,
    /**
     * @param {Asm | null} asm
     * @param {Code | null} code
     * @param {number} index -1 for none
     * @param {string} block
     */
    show(asm, code, index, block) {
      set(element, "hidden", !asm || index < 0);
      if (!asm || index < 0) return;
      const stack = asm.stacks[index] ?? [];
      const around = stack.slice(0, -1).flatMap((place, i) => (i > 0 ? [" → ", goTo(asm, place)] : [goTo(asm, place)]));
      element.replaceChildren(
        h("p", { class: "gl-asm-does" }, asm.words[index]),
        h("p", { class: "gl-asm-both" }, h("code", {}, asm.texts[index]), asm.gnu && h("code", { title: "GNU syntax" }, asm.gnu[index])),
        h(
          "p",
          { class: "gl-asm-facts" },
          fact("", ...origin(asm, code, index), block && nameOf(asm, index) !== block && ` in ${block}`),
          fact("at", goTo(asm, asm.place[index]), around.length > 0 && " inlined from ", ...around),
          ...ways(asm, index),
          ...bytes(asm, index),
        ),
      );
    },
  };
}

/**
 * @param {string} word
 * @param {...import("../page/dom.js").Child} children
 */
function fact(word, ...children) {
  return h("span", { class: "gl-asm-fact" }, word && h("span", { class: "gl-note" }, `${word} `), ...children);
}
