/**
 * The control-flow graph of a function after a pass. Only what is in view exists; a block that is looked at
 * stays where it is on the screen while passes come and go.
 */

import { cardElements, lineTop } from "./block.js";
import { createCamera } from "./camera.js";
import { layout } from "./layout.js";
import { drawLines } from "./lines.js";
import { edgeWords } from "./model.js";
import { inView, keyLeads } from "./paths.js";
import { createScenes } from "./scene.js";
import { graphSvg } from "./svg.js";
import { h, say, set, svg } from "../page/dom.js";
import { definitions, placeOf } from "../lab/passes.js";
import { markAll, markElement } from "../lab/pins.js";
import { nextHit } from "../lab/query.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("../lab/passes.js").Code} Code */
/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {{name: string, key: string, element: HTMLElement}} Made */

/** Live elements: beyond this many, less of each block is made. Two graphs may stand side by side. */
const MOST = 2200;
/** Made around the view, in pixels, so that scrolling does not meet a gap. */
const SPARE = 160;
/** Blocks that are pinned or searched for are seen from far away, too; so many of them. */
const SPOTS = 200;

/**
 * @param {HTMLElement} parent
 * @param {Partial<import("../lab/pane.js").Context>} [context]
 */
export function createGraph(parent, { marks = null } = {}) {
  /** @type {Code | null} */
  let code = null;
  let at = 0;
  const sceneOf = createScenes();
  /** @type {Scene} */
  let scene = { blocks: [], index: new Map(), cards: [], drawn: layout([]), structure: /** @type {any} */ (null) };
  /** @type {Set<string>} blocks that are shown whole */
  const open = new Set();
  let focused = "";
  let pointed = "";
  /** The row of the hit that the search went to last, and its place among all. */
  let hit = { row: -1, at: -1 };
  /** @type {Selection} */
  let selection = {};
  /** @type {Map<string, Made>} */
  const made = new Map();
  let detail = "";
  /** Whether marks have changed that were not drawn, because the graph was hidden. */
  let outdated = false;

  const probe = h("div", { class: "gl-cfg-line gl-cfg-probe", "aria-hidden": "true" }, h("span", {}, "0".repeat(100)));
  const paths = svg("svg", { class: "gl-cfg-lines", "aria-hidden": "true" });
  const canvas = h("div", { class: "gl-cfg-canvas" }, paths, probe);
  const sizer = h("div", { class: "gl-cfg-all" }, canvas);
  const view = h("div", { class: "gl-cfg-view", role: "group", "aria-label": "control-flow graph: arrow keys go from block to block" }, sizer);
  const figure = h("span", { class: "gl-note gl-cfg-zoom" });
  const note = h("span", { class: "gl-note gl-cfg-note" });
  const button = (/** @type {string} */ label, /** @type {string} */ sign, /** @type {() => void} */ run) =>
    h("button", { type: "button", class: "gl-cfg-button", "aria-label": label, title: label, onclick: run }, sign);
  const tools = h(
    "div",
    { class: "gl-cfg-tools" },
    note,
    button("smaller", "−", () => camera.step(-1)),
    figure,
    button("larger", "+", () => camera.step(1)),
    button("fit all of the function", "fit", () => camera.fit()),
  );
  const frame = h("div", { class: "gl-cfg" }, view, tools);
  parent.append(frame);
  const camera = createCamera(view, sizer, canvas, () => paint());
  let metrics = { char: 0, line: 17, title: 21, pad: 7 };
  const letters = new ResizeObserver(() => {
    if (measure()) lay();
  });
  letters.observe(/** @type {Element} */ (probe.firstElementChild));

  /** @returns {boolean} whether letters have another size than before; hidden ones have none */
  function measure() {
    const box = /** @type {HTMLElement} */ (probe.firstElementChild).getBoundingClientRect();
    if (box.width === 0 && metrics.char > 0) return false;
    const [char, line] = [box.width / camera.zoom() / 100 || 7.2, probe.getBoundingClientRect().height / camera.zoom() || 17];
    if (Math.abs(char - metrics.char) < 0.01 && Math.abs(line - metrics.line) < 0.05) return false;
    metrics = { ...metrics, char, line };
    return true;
  }

  const placeAt = (/** @type {string} */ name) => scene.drawn.blocks[scene.index.get(name) ?? -1] ?? null;
  const isHere = (/** @type {number} */ row) => Boolean(selection.line && code) && placeOf(/** @type {Code} */ (code), row).line === selection.line;
  const spans = (/** @type {string} */ text) => marks?.search.spans(text) ?? [];
  const isHit = (/** @type {number} */ row) => marks?.search.test(code?.lines[row] ?? "") ?? false;

  /** The name of the block that is looked at: under the pointer, focused, selected, or nearest to the corner. */
  function lookedAt() {
    const box = camera.seen();
    const { blocks, drawn, index } = scene;
    const shown = new Set(inView(drawn, box).blocks);
    const held = [pointed, focused].find((name) => shown.has(index.get(name) ?? -1));
    if (held) return held;
    const chosen = [...shown].find((i) => blocks[i].rows.some(isHere));
    const far = (/** @type {number} */ i) => Math.abs(Number(drawn.blocks[i]?.x) - box.x) + Math.abs(Number(drawn.blocks[i]?.y) - box.y);
    const near = [...shown].reduce((best, i) => (best < 0 || far(i) < far(best) ? i : best), -1);
    return blocks[chosen ?? near]?.name ?? "";
  }

  /** Make the picture anew, holding a block still. */
  function lay() {
    if (!code?.passes[at]) return;
    if (metrics.char === 0) measure();
    const name = lookedAt();
    const old = placeAt(name);
    const where = old ? camera.at(old) : { x: 0, y: 0 };
    scene = sceneOf(code, at, open, metrics);
    const { blocks, drawn } = scene;
    if (!placeAt(focused)) focused = blocks[drawn.order[0]]?.name ?? "";
    camera.turn(drawn, old && placeAt(name), where);
    const gone = blocks.length - drawn.order.length;
    const many = (/** @type {number} */ count, /** @type {string} */ what) => `${count} ${what}${count === 1 ? "" : "s"}`;
    say(note, [many(drawn.order.length, "block"), drawn.loops.length > 0 && many(drawn.loops.length, "loop"), gone > 0 && `${gone} unreachable, in the text only`].filter(Boolean).join(" · "));
    paint();
  }

  /** What of a block is made depends on how near it is and on how much is in view. @param {number[]} found */
  function detailOf(found) {
    const lines = found.reduce((sum, i) => sum + scene.cards[i].texts.length, 0);
    const cost = (/** @type {number} */ perLine) => found.length * 8 + lines * perLine;
    const zoom = camera.zoom();
    if (zoom > 0.5 && cost(8) < MOST) return "full";
    if (zoom > 0.25 && cost(3) < MOST) return "brief";
    return found.length * 4 < MOST ? "names" : "map";
  }

  /** Blocks that are to be seen even where all others are mere boxes. @param {number[]} found */
  function spots(found) {
    const special = (/** @type {number} */ i) => {
      const { name, rows, heading, end } = scene.blocks[i];
      return (marks?.pins.of(name) ?? 0) > 0 || [heading, ...rows, end].some(isHit);
    };
    return marks ? found.filter(special).slice(0, SPOTS) : [];
  }

  function paint() {
    const found = inView(scene.drawn, camera.seen(SPARE));
    const kept = scene.index.get(focused) ?? -1;
    if (!found.blocks.includes(kept) && scene.drawn.blocks[kept]) found.blocks.push(kept);
    detail = detailOf(found.blocks);
    camera.label(figure, detail);
    const shown = detail === "map" ? [...new Set([kept, ...spots(found.blocks)])] : found.blocks;
    // A block that is made anew keeps the focus.
    const held = view.contains(document.activeElement);
    const names = new Set(shown.map((i) => scene.blocks[i]?.name));
    for (const [name, { element }] of made) {
      if (names.has(name)) continue;
      element.remove();
      made.delete(name);
    }
    for (const i of shown) if (scene.drawn.blocks[i]) show(i);
    if (held && !view.contains(document.activeElement)) made.get(focused)?.element.focus({ preventScroll: true });
    const near = pointed || (held ? focused : "");
    drawLines(paths, scene, camera.seen(SPARE), { edges: found.edges, boxes: detail === "map" ? found.blocks : [], near });
  }

  /** Make a block, or move the one that is there when it shows the same. @param {number} i */
  function show(i) {
    const { blocks, cards, drawn } = scene;
    const [block, card, place] = [blocks[i], cards[i], drawn.blocks[i]];
    if (!place) return;
    const key = detail === "full" || detail === "brief" ? `${detail} ${card.change} ${card.rows} ${card.fresh} ${card.more} ${card.end}` : detail;
    const old = made.get(block.name);
    const element = old?.key === key ? old.element : blockElement(i);
    if (element !== old?.element) {
      old?.element.remove();
      made.set(block.name, { name: block.name, key, element });
      canvas.append(element);
      ring(element);
    }
    const style = element.style;
    const size = { left: `${place.x}px`, top: `${place.y}px`, width: `${place.width}px`, height: `${place.height}px` };
    if (style.left !== size.left || style.top !== size.top || style.width !== size.width || style.height !== size.height) Object.assign(style, size);
    const ways = block.successors.map((to, way) => [edgeWords(block, way).way, blocks[to].name, edgeWords(block, way).weight].filter(Boolean).join(" "));
    const depth = drawn.loops[drawn.loopOf[i]]?.depth ?? 0;
    const words = [block.name, block.kind, `${block.rows.length} values`, depth > 0 && `in a loop, depth ${depth}`, ways.length > 0 && `to ${ways.join(", ")}`];
    set(element, "aria-label", words.filter(Boolean).join(", "));
    set(element, "tabindex", block.name === focused ? 0 : -1);
    set(element, "data-new", card.change === "new");
    set(element, "data-here", block.rows.some(isHere));
    set(element, "data-hits", [block.heading, ...block.rows, block.end].filter(isHit).length || null);
  }

  /** @param {number} i */
  function blockElement(i) {
    const { name } = scene.blocks[i];
    const whole = detail === "full" || detail === "brief";
    const inside = whole ? cardElements(scene.cards[i], code?.lines ?? [], detail === "brief", spans) : [h("div", { class: "gl-cfg-title" }, h("b", {}, name))];
    const element = h("div", { class: "gl-cfg-block", role: "group", "data-block": name }, ...inside);
    if (marks) markAll(element, marks);
    for (const one of [element, element.querySelector("b") ?? element]) if (marks) markElement(one, marks, name);
    return element;
  }

  /** Show what of a block is selected, and where the search is. @param {HTMLElement} element */
  function ring(element) {
    for (const line of element.querySelectorAll("[data-row]")) {
      const row = Number(line.getAttribute("data-row"));
      line.classList.toggle("gl-cfg-here", isHere(row));
      set(line, "data-hit", row === hit.row);
    }
    for (const value of element.querySelectorAll("[data-value]")) value.classList.toggle("gl-ring", value.getAttribute("data-value") === selection.value);
  }

  /** Make all blocks anew: what is marked is another. */
  function again() {
    for (const one of made.values()) one.key = "";
    outdated = false;
    paint();
  }

  /** @param {string} name of the one block that the Tab key leads to */
  function mark(name) {
    focused = name;
    for (const one of made.values()) set(one.element, "tabindex", one.name === name ? 0 : -1);
  }
  /** @param {string} name */
  function focus(name) {
    const place = placeAt(name);
    if (!place) return;
    mark(name);
    camera.reveal(place);
    paint();
    made.get(name)?.element.focus({ preventScroll: true });
  }
  /** @param {string} name of the block whose values are shown, all or the first ones */
  function toggle(name) {
    if (!open.delete(name)) open.add(name);
    lay();
  }
  /** Bring a row into view, whole or not. @param {number} i its block @param {number} row */
  function reveal(i, row) {
    const place = scene.drawn.blocks[i];
    if (!place) return;
    const line = scene.cards[i].rows.indexOf(row);
    camera.reveal(line < 0 || place.height < 300 ? place : { ...place, y: place.y + lineTop(line, metrics) - 20, height: 60 });
    paint();
  }

  view.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const box = view.getBoundingClientRect();
    camera.step(-event.deltaY, { x: event.clientX - box.left, y: event.clientY - box.top });
  });
  view.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = keyLeads(scene.drawn, scene.index.get(focused) ?? -1, event.key);
    /** @type {Record<string, () => void>} */
    const others = { "+": () => camera.step(1), "-": () => camera.step(-1), 0: camera.fit, " ": () => toggle(focused) };
    // Of a block with the selected value in it, p pins that value; Shift+P the block.
    const ringed = made.get(focused)?.element.querySelector(".gl-ring")?.getAttribute("data-value");
    if (event.key === "p" && ringed && marks) others.p = () => marks.pins.toggle(ringed);
    if (to < 0 && !others[event.key] && !event.key.startsWith("Arrow")) return;
    event.preventDefault();
    if (to >= 0) focus(scene.blocks[to].name);
    else others[event.key]?.();
  });
  view.addEventListener("focusin", (event) => {
    const name = /** @type {Element} */ (event.target).closest("[data-block]")?.getAttribute("data-block");
    // Nothing moves: whoever presses the mouse on a value would let it go on another.
    if (name) mark(name);
    paint();
  });
  const point = (/** @type {string} */ name) => {
    if (name === pointed) return;
    pointed = name;
    paint();
  };
  view.addEventListener("pointerover", (event) => point(/** @type {Element} */ (event.target).closest("[data-block]")?.getAttribute("data-block") ?? ""));
  view.addEventListener("pointerleave", () => point(""));
  view.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const go = target.closest("[data-go]")?.getAttribute("data-go");
    const more = target.closest("[data-open]")?.getAttribute("data-open");
    if (go) focus(go);
    if (more) toggle(more);
  });
  const leave = marks?.subscribe(() => {
    hit = { row: -1, at: -1 };
    outdated = true;
    if (code && view.clientWidth > 0) again();
  });

  return {
    element: frame,
    view,

    /** @param {Code} next @param {number} pass */
    show(next, pass) {
      const other = next.function !== code?.function;
      if (other) open.clear();
      if (next === code && pass === at && made.size > 0) return outdated ? again() : paint();
      hit = { row: -1, at: -1 };
      [code, at] = [next, pass];
      if (other) camera.home();
      lay();
    },

    /** @param {Selection} next @param {boolean} go whether to bring what is selected into view */
    select(next, go) {
      selection = next;
      for (const { element } of made.values()) ring(element);
      paint();
      if (!go || !code) return;
      const { blocks, drawn } = scene;
      const home = next.value ? definitions(code, code.passes[at]).get(next.value) : undefined;
      const chosen = drawn.order.find((i) => home !== undefined && blocks[i].rows.includes(home));
      const here = chosen !== undefined ? [chosen] : drawn.order.filter((i) => blocks[i].rows.some(isHere));
      const shown = inView(drawn, camera.seen()).blocks;
      if (here.length > 0 && !here.some((i) => shown.includes(i))) reveal(here[0], home ?? -1);
    },

    /** @param {1 | -1} direction */
    find(direction) {
      const { blocks, drawn } = scene;
      const all = drawn.order.flatMap((i) => [blocks[i].heading, ...blocks[i].rows, blocks[i].end].map((row) => ({ i, row })));
      const next = nextHit(all.length, (n) => isHit(all[n].row), hit.at, direction);
      if (next < 0) return;
      const { i, row } = all[next];
      hit = { row, at: next };
      const hidden = blocks[i].rows.includes(row) && !scene.cards[i].rows.includes(row);
      if (hidden) toggle(blocks[i].name);
      mark(blocks[i].name);
      reveal(i, row);
      for (const { element } of made.values()) ring(element);
    },

    /** The whole picture as a file. @param {Partial<import("./svg.js").Inks>} [inks] */
    picture: (inks) => graphSvg(scene.drawn, scene.cards, { blocks: scene.blocks, metrics, title: code ? `${code.function} after ${code.passes[at].name}` : "", inks, pins: marks?.pins.of }),

    destroy() {
      leave?.();
      camera.destroy();
      letters.disconnect();
    },
  };
}
