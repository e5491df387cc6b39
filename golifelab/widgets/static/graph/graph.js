/**
 * The control-flow graph of a function after a pass. Only what is in view exists; a block that is looked at
 * stays where it is on the screen while passes come and go.
 */

import { cardElements, cardOf, sizeOf } from "./block.js";
import { layout } from "./layout.js";
import { edgeWords, readBlocks } from "./model.js";
import { inView, keyLeads, kindsOf } from "./paths.js";
import { h, say, set, svg } from "../page/dom.js";
import { sourceLine } from "../lab/passes.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./block.js").Card} Card */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./model.js").Block} Block */
/** @typedef {import("../lab/passes.js").Passes} Passes */

/** Live elements: beyond this many, less of each block is made. */
const MOST = 4000;
/** Made around the view, in pixels, so that scrolling does not meet a gap. */
const SPARE = 160;
/** What stays free around a block that is brought into view at the picture's edge. */
const MARGIN = 8;
const ZOOMS = [0.015, 0.025, 0.04, 0.06, 0.09, 0.13, 0.2, 0.3, 0.45, 0.6, 0.8, 1, 1.25];

/** @param {HTMLElement} parent */
export function createCfg(parent) {
  /** @type {Passes | null} */
  let payload = null;
  let at = 0;
  /** @type {Block[]} */
  let blocks = [];
  /** @type {Card[]} */
  let cards = [];
  /** @type {Layout} */
  let drawn = layout([]);
  /** @type {Set<number> | null} the rows before the pass */
  let had = null;
  /** @type {Set<string>} blocks that are shown whole */
  const open = new Set();
  let focused = "";
  let pointed = "";
  let zoom = 1;
  /** Free room on the left and above: what is looked at can stay where it is even at the picture's edge. */
  let [roomX, roomY] = [0, 0];
  /** @type {Selection} */
  let selection = {};
  /** @type {Map<number, HTMLElement>} */
  const made = new Map();
  let detail = "";
  /** @type {WeakMap<import("../lab/passes.js").Pass, Block[]>} scrubbing meets every pass again and again */
  const known = new WeakMap();

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
    button("smaller", "−", () => step(-1)),
    figure,
    button("larger", "+", () => step(1)),
    button("fit all of the function", "fit", () => fit()),
  );
  const frame = h("div", { class: "gl-cfg" }, view, tools);
  parent.append(frame);

  /** @param {string} name */
  const indexOf = (name) => blocks.findIndex((block) => block.name === name);
  /** What is in view, in the picture's own pixels. */
  const seen = (spare = 0) => ({
    x: (view.scrollLeft - roomX - spare) / zoom,
    y: (view.scrollTop - roomY - spare) / zoom,
    width: (view.clientWidth + 2 * spare) / zoom,
    height: (view.clientHeight + 2 * spare) / zoom,
  });

  /** The name of the block that is looked at: under the pointer, focused, selected, or nearest to the corner. */
  function lookedAt() {
    const box = seen();
    const shown = inView(drawn, box).blocks;
    const held = [pointed, focused].find((name) => shown.includes(indexOf(name)));
    const chosen = shown.find((i) => blocks[i].rows.some((row) => isHere(row)));
    const near = shown.reduce((best, i) => (best < 0 || distance(i, box) < distance(best, box) ? i : best), -1);
    return held ?? blocks[chosen ?? near]?.name ?? "";
  }
  /** @param {number} i @param {{x: number, y: number}} box */
  function distance(i, box) {
    const block = drawn.blocks[i];
    return block ? Math.abs(block.x - box.x) + Math.abs(block.y - box.y) : Infinity;
  }
  const isHere = (/** @type {number} */ row) => Boolean(selection.line) && sourceLine(payload?.lines[row] ?? "") === selection.line;

  /** @param {string[]} lines @param {import("../lab/passes.js").Pass} pass */
  function read(lines, pass) {
    const held = known.get(pass) ?? readBlocks(lines, pass.rows);
    known.set(pass, held);
    return held;
  }

  /** Make the picture anew, holding a block still. */
  function lay() {
    const { lines = [], passes = [] } = payload ?? {};
    const pass = passes[at];
    if (!pass) return;
    const name = lookedAt();
    const old = drawn.blocks[indexOf(name)];
    const [x, y] = old ? [old.x * zoom + roomX - view.scrollLeft, old.y * zoom + roomY - view.scrollTop] : [0, 0];
    const last = passes[at - 1];
    had = last ? new Set(last.rows) : null;
    const before = new Map((last ? read(lines, last) : []).map((block) => [block.name, block]));
    blocks = read(lines, pass);
    cards = blocks.map((block) => cardOf(block, blocks, lines, open.has(block.name), had, before.get(block.name)));
    const metrics = measure();
    drawn = layout(blocks.map(({ name: one, successors }, i) => ({ successors, key: Number(one.slice(1)), ...sizeOf(cards[i], metrics) })));
    if (indexOf(focused) < 0 || !drawn.blocks[indexOf(focused)]) focused = blocks[0]?.name ?? "";
    const now = drawn.blocks[indexOf(name)];
    if (now) moveTo(now.x * zoom - x, now.y * zoom - y);
    else moveTo(Math.min(view.scrollLeft - roomX, drawn.width * zoom), Math.min(view.scrollTop - roomY, drawn.height * zoom));
    const gone = blocks.length - drawn.order.length;
    const many = (/** @type {number} */ count, /** @type {string} */ what) => `${count} ${what}${count === 1 ? "" : "s"}`;
    say(note, [many(drawn.order.length, "block"), drawn.loops.length > 0 && many(drawn.loops.length, "loop"), gone > 0 && `${gone} unreachable, in the text only`].filter(Boolean).join(" · "));
    paint(true);
  }

  /** @returns {import("./block.js").Metrics} */
  function measure() {
    const box = /** @type {HTMLElement} */ (probe.firstElementChild).getBoundingClientRect();
    return { char: box.width / zoom / 100 || 7.2, line: probe.getBoundingClientRect().height / zoom || 17, title: 21, pad: 7 };
  }

  /** Bring a place of the picture (on the screen's scale) to the view's corner, wherever that is. @param {number} x @param {number} y */
  function moveTo(x, y) {
    [roomX, roomY] = [Math.max(0, -x), Math.max(0, -y)];
    // Seen from far away lines would be too thin.
    canvas.style.setProperty("--gl-pen", `${Math.max(1, 0.5 / zoom)}px`);
    canvas.style.transform = `translate(${roomX}px, ${roomY}px) scale(${zoom})`;
    sizer.style.width = `${Math.max(drawn.width * zoom + roomX, x + roomX + view.clientWidth)}px`;
    sizer.style.height = `${Math.max(drawn.height * zoom + roomY, y + roomY + view.clientHeight)}px`;
    view.scrollTo(x + roomX, y + roomY);
    say(figure, `${Math.round(zoom * 100)} %`);
  }

  /** @param {boolean} anew whether what is in view has changed */
  function paint(anew) {
    const found = inView(drawn, seen(SPARE));
    const kept = indexOf(focused);
    if (!found.blocks.includes(kept) && drawn.blocks[kept]) found.blocks.push(kept);
    const lines = found.blocks.reduce((sum, i) => sum + cards[i].texts.length, 0);
    const cost = (/** @type {number} */ perLine) => found.blocks.length * 8 + lines * perLine;
    const wanted = zoom > 0.5 && cost(8) < MOST ? "full" : zoom > 0.25 && cost(3) < MOST ? "brief" : found.blocks.length * 4 < MOST ? "names" : "map";
    const again = anew || wanted !== detail;
    // A block that is made anew keeps the focus.
    const held = again && view.contains(document.activeElement);
    detail = wanted;
    set(view, "data-detail", detail);
    const shown = new Set(detail === "map" ? [kept] : found.blocks);
    for (const [i, element] of made) {
      if (shown.has(i) && !again) continue;
      element.remove();
      made.delete(i);
    }
    for (const i of shown) {
      if (made.has(i) || !drawn.blocks[i]) continue;
      const element = blockElement(i);
      made.set(i, element);
      canvas.append(element);
    }
    if (held) made.get(kept)?.focus({ preventScroll: true });
    paintLines(found.edges, detail === "map" ? found.blocks : []);
  }

  /** @param {number} i */
  function blockElement(i) {
    const place = /** @type {NonNullable<typeof drawn.blocks[0]>} */ (drawn.blocks[i]);
    const block = blocks[i];
    const ways = block.successors.map((to, way) => [edgeWords(block, way).way, blocks[to].name, edgeWords(block, way).weight].filter(Boolean).join(" "));
    const depth = drawn.loops[drawn.loopOf[i]]?.depth ?? 0;
    const words = [block.name, block.kind, `${block.rows.length} values`, depth > 0 && `in a loop, depth ${depth}`, ways.length > 0 && `to ${ways.join(", ")}`];
    const inside = detail === "full" || detail === "brief" ? cardElements(cards[i], payload?.lines ?? [], had, selection, detail === "brief") : [h("div", { class: "gl-cfg-title" }, h("b", {}, block.name))];
    const element = h(
      "div",
      {
        class: "gl-cfg-block",
        role: "group",
        tabindex: block.name === focused ? 0 : -1,
        "aria-label": words.filter(Boolean).join(", "),
        "data-block": block.name,
        "data-here": block.rows.some(isHere),
        "data-new": cards[i].change === "new",
      },
      ...inside,
    );
    Object.assign(element.style, { left: `${place.x}px`, top: `${place.y}px`, width: `${place.width}px`, height: `${place.height}px` });
    return element;
  }

  /** @param {import("./layout.js").PlacedEdge[]} edges @param {number[]} boxes blocks to be drawn as mere boxes */
  function paintLines(edges, boxes) {
    const box = seen(SPARE);
    const from = { x: Math.max(0, box.x), y: Math.max(0, box.y) };
    const size = { x: Math.max(1, Math.min(drawn.width, box.x + box.width) - from.x), y: Math.max(1, Math.min(drawn.height, box.y + box.height) - from.y) };
    for (const [name, value] of Object.entries({ viewBox: `${from.x} ${from.y} ${size.x} ${size.y}`, width: size.x, height: size.y })) set(paths, name, value);
    Object.assign(paths.style, { left: `${from.x}px`, top: `${from.y}px` });
    const near = pointed || (view.contains(document.activeElement) ? focused : "");
    const loops = drawn.loops.map((loop) =>
      svg("rect", { class: "gl-cfg-loop", x: loop.x, y: loop.y, width: loop.width, height: loop.height, rx: 6 }),
    );
    const rects = boxes.map((i) => drawn.blocks[i]).map((one) => one && `M${one.x},${one.y}h${one.width}v${one.height}h${-one.width}Z`);
    paths.replaceChildren(
      ...loops.reverse(),
      ...kindsOf(edges, blocks, near).map(([kind, d]) => svg("path", { class: "gl-cfg-edge", "data-kind": kind, d })),
      ...(rects.length > 0 ? [svg("path", { class: "gl-cfg-box", d: rects.join("") })] : []),
    );
  }

  /** @param {number} next @param {{x: number, y: number}} [point] of the view that stays where it is */
  function zoomTo(next, point = { x: view.clientWidth / 2, y: view.clientHeight / 2 }) {
    const here = seen();
    const [x, y] = [here.x + point.x / zoom, here.y + point.y / zoom];
    zoom = next;
    moveTo(x * zoom - point.x, y * zoom - point.y);
    paint(true);
  }
  /** @param {number} by @param {{x: number, y: number}} [point] */
  function step(by, point) {
    const next = by > 0 ? ZOOMS.find((one) => one > zoom + 0.001) : ZOOMS.findLast((one) => one < zoom - 0.001);
    if (next) zoomTo(next, point);
  }
  function fit() {
    zoom = Math.max(ZOOMS[0], Math.min(1, view.clientWidth / drawn.width, view.clientHeight / drawn.height));
    moveTo(0, 0);
    paint(true);
  }

  /** @param {number} i */
  function reveal(i) {
    const block = drawn.blocks[i];
    if (!block) return;
    const box = seen();
    const goal = { x: box.x, y: box.y };
    if (block.x < box.x || block.x + Math.min(block.width, box.width) > box.x + box.width) goal.x = block.x - Math.min(40, box.width / 8);
    if (block.y < box.y || block.y + Math.min(block.height, box.height) > box.y + box.height) goal.y = block.y - Math.min(60, box.height / 6);
    if (goal.x !== box.x || goal.y !== box.y) moveTo(Math.max(goal.x, -MARGIN) * zoom, Math.max(goal.y, -MARGIN) * zoom);
    paint(false);
  }
  /** @param {string} name of the one block that the Tab key leads to */
  function mark(name) {
    focused = name;
    for (const [i, element] of made) set(element, "tabindex", blocks[i].name === name ? 0 : -1);
  }
  /** @param {number} i */
  function focus(i) {
    if (!drawn.blocks[i]) return;
    mark(blocks[i].name);
    reveal(i);
    made.get(i)?.focus({ preventScroll: true });
  }

  view.addEventListener("scroll", () => paint(false), { passive: true });
  view.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const box = view.getBoundingClientRect();
    step(-event.deltaY, { x: event.clientX - box.left, y: event.clientY - box.top });
  });
  view.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = keyLeads(drawn, indexOf(focused), event.key);
    /** @type {Record<string, () => void>} */
    const others = { "+": () => step(1), "-": () => step(-1), 0: fit, " ": () => toggle(focused) };
    if (to < 0 && !others[event.key] && !event.key.startsWith("Arrow")) return;
    event.preventDefault();
    if (to >= 0) focus(to);
    else others[event.key]?.();
  });
  view.addEventListener("focusin", (event) => {
    const name = /** @type {Element} */ (event.target).closest("[data-block]")?.getAttribute("data-block");
    // Nothing moves: whoever presses the mouse on a value would let it go on another.
    if (name) mark(name);
    paint(false);
  });
  view.addEventListener("pointerover", (event) => {
    const name = /** @type {Element} */ (event.target).closest("[data-block]")?.getAttribute("data-block") ?? "";
    if (name === pointed) return;
    pointed = name;
    paint(false);
  });
  view.addEventListener("pointerleave", () => {
    pointed = "";
    paint(false);
  });
  view.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const go = target.closest("[data-go]")?.getAttribute("data-go");
    const more = target.closest("[data-open]")?.getAttribute("data-open");
    if (go) focus(indexOf(go));
    if (more) toggle(more);
  });

  /** @param {string} name of the block whose values are shown, all or the first ones */
  function toggle(name) {
    if (!open.delete(name)) open.add(name);
    lay();
  }

  return {
    element: frame,
    view,
    /**
     * @param {Passes} next
     * @param {number} pass
     */
    show(next, pass) {
      const other = next.function !== payload?.function;
      if (other) open.clear();
      [payload, at] = [next, pass];
      lay();
      if (other) moveTo(0, 0);
      if (other) paint(true);
    },
    /**
     * @param {Selection} next
     * @param {boolean} go whether to bring what is selected into view
     */
    select(next, go) {
      selection = next;
      paint(true);
      if (!go || !payload) return;
      const here = drawn.order.filter((i) => blocks[i].rows.some(isHere));
      const shown = inView(drawn, seen()).blocks;
      if (here.length > 0 && !here.some((i) => shown.includes(i))) reveal(here[0]);
    },
  };
}
