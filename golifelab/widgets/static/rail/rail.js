/**
 * The rail: a program's life as one line of stations, and what the selected position is in each of them.
 */

import { link } from "../page/broker.js";
import { h, root, say, set, uid } from "../page/dom.js";
import { showFailure } from "../page/failure.js";
import { follow } from "../page/payload.js";
import { PARTS, advance, duration, labelOf, step, summary } from "./model.js";
import { stationPanel } from "./station.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").Picture} Picture */
/** @typedef {import("./model.js").Rail} Rail */
/** @typedef {import("./model.js").Station} Station */

/** The words for a state; what is fresh needs none. */
const STATES = { fresh: "", pending: "pending", stale: "from before", error: "stopped here", recorded: "recorded" };

/**
 * One station's tab: made once, repainted in place, so that focus survives every edit.
 *
 * @param {string} panel the id of the panel it controls
 */
function createTab(panel) {
  const part = h("span", { class: "gl-part" });
  const label = h("span", { class: "gl-label" });
  const figure = h("b");
  const unit = h("span", { class: "gl-unit" });
  const changed = h("span", { class: "gl-change" });
  const code = h("code", { class: "gl-here" });
  const time = h("span", { class: "gl-ms" });
  const tab = h(
    "button",
    { class: "gl-station", type: "button", role: "tab", id: uid("station"), "aria-controls": panel },
    part,
    label,
    h("span", { class: "gl-track", "aria-hidden": "true" }, h("i", { class: "gl-dot" })),
    h("span", { class: "gl-figure" }, figure, " ", unit),
    h("span", { class: "gl-since" }, changed, " ", time),
    code,
  );
  return {
    tab,
    /**
     * @param {Station} station
     * @param {boolean} first whether its part of life begins here
     * @param {import("./model.js").Link[]} links
     */
    paint(station, first, links) {
      set(tab, "data-part", station.part ?? "front");
      set(tab, "data-state", station.state);
      set(tab, "data-station", station.id);
      set(tab, "data-first", first);
      say(part, first ? PARTS[station.part ?? "front"] : "");
      say(label, station.label ?? station.id);
      say(figure, station.figure || "–");
      say(unit, station.unit);
      say(changed, station.change);
      set(changed, "data-change", station.change || null);
      set(changed, "title", station.change ? `since the last edit: ${station.change}` : null);
      say(time, station.state === "fresh" ? duration(station.ms) : STATES[station.state]);
      say(code, links.map(labelOf).join(" "));
      set(code, "data-kind", links[0]?.kind ?? null);
      set(tab, "title", station.note || null);
    },
  };
}

/**
 * @param {HTMLElement} parent
 * @param {(selection: Selection) => void} select
 */
export function createRail(parent, select) {
  /** @type {Picture | null} */
  let picture = null;
  /** @type {string} the open station */
  let open = "";
  const panel = stationPanel(select);
  const place = h("span", { class: "gl-place" });
  const status = h("span", { class: "gl-status", role: "status" }, "starting the toolchain …");
  const target = h("span", { class: "gl-target" });
  const line = h("div", { class: "gl-line", role: "tablist", "aria-label": "the program's life, station by station" });
  const trouble = h("ul", { class: "gl-trouble", "aria-label": "errors" });
  const frame = h(
    "section",
    { class: "gl-rail", "aria-label": "the program's life" },
    h("header", { class: "gl-rail-head" }, place, status, target),
    line,
    trouble,
    panel.element,
  );
  parent.append(frame);

  /** @type {Map<string, ReturnType<typeof createTab>>} */
  const tabs = new Map();

  /**
   * @param {string} id
   * @param {boolean} [focus]
   */
  function choose(id, focus = false) {
    open = id;
    for (const [name, { tab }] of tabs) {
      set(tab, "aria-selected", name === id ? "true" : "false");
      tab.tabIndex = name === id ? 0 : -1;
    }
    const chosen = tabs.get(id)?.tab;
    if (focus) chosen?.focus();
    const station = picture?.rail.stations.find((one) => one.id === id);
    if (chosen && station && picture) panel.paint(station, picture.rail, chosen.id);
  }

  line.addEventListener("keydown", (event) => {
    const ids = [...tabs.keys()];
    const next = step(event.key, ids.indexOf(open), ids.length);
    if (next === null) return;
    event.preventDefault();
    choose(ids[next], true);
  });

  /** @param {Rail} rail */
  function paintStations(rail) {
    const names = rail.stations.map((station) => station.id);
    if ([...tabs.keys()].join() !== names.join()) {
      tabs.clear();
      for (const id of names) {
        const made = createTab(panel.element.id);
        made.tab.addEventListener("click", () => choose(id));
        tabs.set(id, made);
      }
      line.replaceChildren(...[...tabs.values()].map((one) => one.tab));
    }
    rail.stations.forEach((station, i) => {
      const first = i === 0 || rail.stations[i - 1].part !== station.part;
      tabs.get(station.id)?.paint(station, first, rail.thread?.[station.id] ?? []);
    });
  }

  /** @param {Rail} rail */
  function paintHead(rail) {
    const at = rail.position;
    place.replaceChildren();
    if (at && at.line) {
      place.append(h("span", { class: "gl-where" }, `${at.file}:${at.line}${at.column ? `:${at.column}` : ""}`));
      const here = rail.thread?.source?.[0];
      if (here) place.append(" ", h("code", { class: "gl-ring" }, labelOf(here)));
    } else place.append(h("span", { class: "gl-where" }, "no position selected"));
    const now = summary(rail);
    set(frame, "data-status", now.state);
    // A screen reader hears how it ended, not every step on the way.
    set(status, "aria-busy", now.state === "working" ? "true" : "false");
    say(status, now.text);
    say(target, [rail.note, rail.target].filter(Boolean).join(" · "));
    trouble.replaceChildren(...(rail.errors ?? []).map((error) => errorLine(error, select)));
  }

  return {
    element: frame,
    /** @param {Rail} rail */
    show(rail) {
      // An answer that was overtaken by a newer edit's must not bring the old picture back.
      if (picture && rail.seq < picture.rail.seq) return;
      picture = advance(picture, rail);
      paintStations(picture.rail);
      paintHead(picture.rail);
      set(frame, "data-seq", rail.seq);
      choose(tabs.has(open) ? open : (rail.stations[0]?.id ?? ""));
    },
  };
}

/**
 * @param {{file?: string, line?: number, column?: number, message: string, phase?: string}} error
 * @param {(selection: Selection) => void} select
 */
export function errorLine(error, select) {
  const { file, line, column } = error;
  const where = line ? [file, line, column].filter(Boolean).join(":") : "";
  const go = h(
    "button",
    { class: "gl-go", type: "button", onclick: () => select({ file, line, column }) },
    where,
  );
  return h(
    "li",
    {},
    error.phase && h("span", { class: "gl-phase" }, error.phase),
    where && go,
    h("span", { class: "gl-message" }, error.message),
  );
}

/** @param {import("../page/host.js").Host} host */
export function render({ model, el }) {
  const life = new AbortController();
  root(el, "rail-view");
  /** @type {(selection: Selection) => void} */
  let select = () => {};
  const rail = createRail(el, (selection) => select(selection));
  select = link(model, () => {}, life.signal);
  follow(model, "payload", (payload) => rail.show(payload), life.signal);
  showFailure(model, el, life.signal);
  return () => {
    life.abort();
    el.replaceChildren();
  };
}
