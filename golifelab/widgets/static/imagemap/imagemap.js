/**
 * The image map: where everything lies in an executable, in its file and in memory, down to symbols.
 */

import { same } from "../page/broker.js";
import { h, say, set, uid } from "../page/dom.js";
import { virtualList } from "../page/virtual.js";
import { cardOf, KINDS } from "./card.js";
import { createLanes } from "./lanes.js";
import { decode, hex, itemOf, itemOfSelection, search, selectionOf, size, spanCount, spanItem } from "./model.js";
import { around, bring, inView, pan, whole, zoom } from "./scale.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").Item} Item */
/** @typedef {import("./model.js").ImageMap} ImageMap */

const FOUND = 500;
const STEP = 12;
/** @type {Record<string, string>} a sign for each kind: no colour says it alone */
const SIGNS = { symbol: "■", linker: "▨", padding: "·", unknown: "?", section: "▤", segment: "▥", header: "◆", gap: "·" };

/**
 * @param {HTMLElement} parent
 * @param {(selection: Selection) => void} select
 */
export function createImageMap(parent, select) {
  /** @type {ImageMap | null} */
  let map = null;
  /** @type {import("./scale.js").Window | null} */
  let view = null;
  /** @type {Item | null} */
  let chosen = null;
  /** @type {import("./model.js").Section | null} the section whose spans are listed */
  let inside = null;
  /** @type {Item[] | null} */
  let found = null;
  /** @type {Selection} */
  let selection = {};
  let width = 0;

  const ids = uid("map");
  const lanes = createLanes();
  const list = h("div", { class: "gl-map-rows gl-rows", role: "listbox", tabindex: "0" });
  const card = h("aside", { class: "gl-card gl-map-card", "aria-label": "what is chosen" });
  const crumbs = h("nav", { class: "gl-map-crumbs", "aria-label": "where in the file" });
  const query = h("input", { type: "search", class: "gl-map-query", placeholder: "find a symbol", "aria-label": "find a symbol", spellcheck: false, oninput: () => seek() });
  const status = h("span", { class: "gl-note", role: "status" });
  const failed = h("p", { class: "gl-note", hidden: true });
  /** @param {string} word @param {string} title @param {string} keys @param {() => void} act */
  const button = (word, title, keys, act) => h("button", { type: "button", class: "gl-quiet-button", title, "aria-label": title, "aria-keyshortcuts": keys, onclick: act }, word);
  const tools = h(
    "span",
    { class: "gl-map-tools" },
    button("−", "show more (−)", "-", () => scale(0.5)),
    button("+", "magnify (+)", "+", () => scale(2)),
    button("↑", "towards the start ([)", "[", () => move(-0.3)),
    button("↓", "towards the end (])", "]", () => move(0.3)),
    button("all", "show all of it (0)", "0", () => fit(null)),
  );
  const frame = h(
    "section",
    { class: "gl-map", "aria-label": "image map", "data-part": "machine" },
    h("header", { class: "gl-map-head" }, crumbs, query, tools, status),
    h("div", { class: "gl-map-body" }, list, lanes.element, card),
  );
  parent.append(failed, frame);
  const rows = virtualList(list, (index) => row(index));

  /** @returns {number} */
  const count = () => (!map ? 0 : found ? found.length : inside ? spanCount(map, inside) : map.items.length);
  /** @param {number} index @returns {Item} */
  const at = (index) => {
    const known = /** @type {ImageMap} */ (map);
    return found ? found[index] : inside ? spanItem(known, inside, index) : known.items[index];
  };
  const place = () => {
    if (!chosen || !map) return -1;
    if (!found && inside) return chosen.section?.name === inside.name ? chosen.index : -1;
    return (found ?? map.items).findIndex(({ key }) => key === chosen?.key);
  };

  /** @param {number} index */
  function row(index) {
    const item = at(index);
    const where = item.at !== null ? hex(item.at) : item.offset !== null ? `file ${hex(item.offset)}` : "";
    const figure = size(Math.max(item.bytes, item.filed));
    const zeroed = item.kind === "section" && item.filed === 0;
    const missing = zeroed ? ", not in the file" : item.at === null ? ", never in memory" : "";
    return h(
      "div",
      {
        class: "gl-map-row",
        role: "option",
        id: `${ids}-${index}`,
        "data-row": index,
        "data-kind": item.kind,
        "data-unloaded": item.at === null,
        "aria-selected": String(item.key === chosen?.key),
        "aria-posinset": index + 1,
        "aria-setsize": count(),
        "aria-label": `${item.name}, ${KINDS[item.kind]}, ${figure}${missing}, ${where}`,
        title: `${item.name}, ${figure}${missing}`,
      },
      h("span", { class: "gl-map-sign", "aria-hidden": "true" }, zeroed ? "▢" : (SIGNS[item.kind] ?? "")),
      h("code", {}, item.name || "(no name)"),
      h("span", { class: "gl-map-figure" }, figure),
    );
  }

  /** Draw the lanes. */
  function paint() {
    if (map && view) lanes.show(map, view, chosen);
  }

  /** The list, the way to it, and what the chosen thing is. */
  function tell() {
    if (!map) return;
    const known = map;
    /** @param {string} word @param {() => void} act @param {boolean} here */
    const crumb = (word, act, here) => (here ? h("span", { "aria-current": "location" }, word) : h("button", { type: "button", class: "gl-go", onclick: act }, word));
    crumbs.replaceChildren(crumb("the file", leave, !inside && !found), ...(found ? [" ▸ ", crumb("found", () => {}, true)] : inside ? [" ▸ ", crumb(inside.name, () => {}, true)] : []));
    const words = found ? "what was found" : inside ? `what ${inside.name} is made of` : "parts of the file";
    set(list, "aria-label", `${words}; arrows move, Enter goes in, Escape goes out, + and − magnify`);
    rows.show(count());
    const index = place();
    if (index >= 0) rows.reveal(index);
    set(list, "aria-activedescendant", index >= 0 ? `${ids}-${index}` : null);
    card.replaceChildren(...cardOf(known, chosen, (item) => pick(item)));
    if (found) say(status, found.length === 0 ? "nothing has this in its name" : `${found.length >= FOUND ? "the first " : ""}${found.length} found`);
    else say(status, view && map ? `${size(view.bytes)} from top to bottom` : "");
  }

  /** @param {Item | null} item @param {boolean} [publish] */
  function pick(item, publish = true) {
    if (!map) return;
    chosen = item;
    if (item?.section && item.index >= 0 && !found) inside = item.section;
    else if (item && item.index < 0 && inside && item.section?.name !== inside.name) inside = null;
    if (item && view && !inView(view, item)) view = bring(map, view, item);
    tell();
    paint();
    if (item && publish) {
      selection = selectionOf(map, item);
      select(selection);
    }
  }

  /** @param {Item | null} item */
  function fit(item) {
    if (!map) return;
    view = item ? around(map, item) : whole(map);
    tell();
    paint();
  }

  function enter() {
    if (!map || !chosen) return;
    if (chosen.kind === "section" && chosen.section && spanCount(map, chosen.section) > 0) {
      found = null;
      query.value = "";
      inside = chosen.section;
      view = around(map, chosen);
      pick(spanItem(map, inside, 0));
      return;
    }
    fit(chosen);
  }

  function leave() {
    if (!map) return;
    const home = !found;
    found = null;
    query.value = "";
    if (!home) {
      pick(chosen, false);
      return;
    }
    const around_ = inside?.name ?? chosen?.section?.name;
    inside = null;
    view = whole(map);
    pick(map.items.find(({ key }) => key === `section ${around_}`) ?? chosen, false);
  }

  function seek() {
    if (!map) return;
    found = query.value.trim() ? search(map, query.value, FOUND) : null;
    tell();
  }

  /** @param {number} factor @param {number} [share] */
  function scale(factor, share) {
    if (!map || !view) return;
    const middle = chosen?.at !== undefined && chosen?.at !== null && view.address !== null ? (chosen.at - view.address) / view.bytes : 0.5;
    view = zoom(map, view, factor, share ?? (middle >= 0 && middle <= 1 ? middle : 0.5));
    tell();
    paint();
  }

  /** @param {number} share */
  function move(share) {
    if (!view) return;
    view = pan(view, share);
    paint();
  }

  /** @param {number} index */
  function step(index) {
    if (count() > 0) pick(at(Math.max(0, Math.min(count() - 1, index))));
  }

  list.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || event.ctrlKey) return;
    const now = place();
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowDown: () => step(now + 1),
      ArrowUp: () => step(now < 0 ? 0 : now - 1),
      PageDown: () => step(now + STEP),
      PageUp: () => step(now - STEP),
      Home: () => step(0),
      End: () => step(count() - 1),
      Enter: enter,
      ArrowRight: enter,
      ArrowLeft: leave,
      Escape: leave,
      Backspace: leave,
      "+": () => scale(2),
      "=": () => scale(2),
      "-": () => scale(0.5),
      "0": () => fit(null),
      "[": () => move(-0.3),
      "]": () => move(0.3),
      "/": () => query.focus(),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    // Escape leaves the list when there is nowhere to go out to.
    if (event.key !== "Escape" || found || inside) event.stopPropagation();
    act();
  });
  query.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === "ArrowDown") {
      event.preventDefault();
      list.focus();
      step(0);
    } else if (event.key === "Escape" && query.value) {
      event.stopPropagation();
      query.value = "";
      seek();
      list.focus();
    }
  });
  list.addEventListener("click", (event) => {
    const index = /** @type {Element} */ (event.target).closest("[data-row]")?.getAttribute("data-row");
    if (index) pick(at(Number(index)));
  });
  list.addEventListener("dblclick", enter);
  lanes.element.addEventListener("click", (event) => {
    const key = /** @type {Element} */ (event.target).closest("[data-key]")?.getAttribute("data-key");
    const item = map && key ? itemOf(map, key) : null;
    if (item) pick(item);
    list.focus({ preventScroll: true });
  });
  lanes.element.addEventListener("dblclick", enter);
  lanes.element.addEventListener(
    "wheel",
    (event) => {
      // The page scrolls as ever; with Ctrl the map is magnified where the pointer is.
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { top, height } = lanes.element.getBoundingClientRect();
      scale(event.deltaY < 0 ? 1.4 : 1 / 1.4, Math.max(0, Math.min(1, (event.clientY - top) / height)));
    },
    { passive: false },
  );
  const resized = new ResizeObserver(() => {
    if (lanes.element.clientWidth === width) return;
    width = lanes.element.clientWidth;
    paint();
  });
  resized.observe(lanes.element);

  return {
    /** @param {import("./model.js").Payload} payload */
    show(payload) {
      set(failed, "hidden", !payload.failed);
      set(frame, "data-stale", Boolean(payload.failed && map));
      say(failed, payload.failed ? `There is no executable: ${payload.failed}` : "");
      set(frame, "hidden", Boolean(payload.failed && !map));
      if (payload.failed) return;
      const key = chosen?.key ?? "";
      const before = map ? [map.payload.size, map.payload.sections.length].join() : "";
      map = decode(payload);
      if (inside) inside = map.payload.sections.find(({ name }) => name === inside?.name) ?? null;
      if (inside && spanCount(map, inside) === 0) inside = null;
      // An edit moves little: what was in view stays in view.
      if (!view || before !== [payload.size, payload.sections.length].join()) view = inside && view ? view : whole(map);
      chosen = itemOf(map, key) ?? itemOfSelection(map, selection);
      found = query.value.trim() ? search(map, query.value, FOUND) : null;
      tell();
      paint();
      set(frame, "data-spans", Boolean(payload.spans));
      set(frame, "data-seq", payload.seq ?? 0);
    },
    /** @param {Selection} next */
    select(next) {
      if (same(next, selection)) return;
      selection = next;
      const item = map && itemOfSelection(map, next);
      if (item) pick(item, false);
    },
    destroy: () => resized.disconnect(),
  };
}
