/**
 * The panel under the rail: everything about one station, and the selected position in it.
 */

import { h, set, uid } from "../page/dom.js";
import { KINDS, duration, labelOf, size } from "./model.js";

/** @typedef {import("./model.js").Link} Link */
/** @typedef {import("./model.js").Rail} Rail */
/** @typedef {import("./model.js").Station} Station */

const POSITION = /^([^\s:]+\.go):(\d+)(?::(\d+))?$/;

/**
 * @param {(selection: import("../page/broker.js").Selection) => void} select
 */
export function stationPanel(select) {
  const element = h("div", { class: "gl-panel", role: "tabpanel", id: uid("panel"), tabindex: "0" });

  /** @param {string} value a fact; a position in it can be gone to */
  const fact = (value) => {
    const at = POSITION.exec(value);
    if (!at) return h("td", {}, value);
    const go = () => select({ file: at[1], line: Number(at[2]), column: Number(at[3] ?? 0) });
    return h("td", {}, h("button", { class: "gl-go", type: "button", onclick: go }, value));
  };

  /** @param {Link} link */
  const linkElement = (link) => {
    const kind = KINDS[link.kind];
    const rows = (link.rows ?? []).map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), fact(value)));
    return h(
      "li",
      { class: "gl-link", "data-kind": link.kind },
      h(
        "p",
        { class: "gl-link-head" },
        h("code", { class: "gl-ring" }, labelOf(link)),
        kind && h("span", { class: "gl-kind", title: kind.words }, `${kind.mark} ${link.kind}`),
        link.evidence && h("span", { class: "gl-evidence" }, link.evidence),
      ),
      rows.length > 0 && h("table", { class: "gl-facts" }, h("tbody", {}, ...rows)),
      link.code && h("pre", { class: "gl-code" }, link.code),
    );
  };

  return {
    element,
    /**
     * @param {Station} station
     * @param {Rail} rail
     * @param {string} tab the id of the station's tab
     */
    paint(station, rail, tab) {
      const links = rail.thread?.[station.id] ?? [];
      const figures = [
        station.figure && `${station.figure} ${station.unit ?? ""}`.trim(),
        size(station.bytes),
        duration(station.ms),
        station.detail,
      ].filter(Boolean);
      set(element, "aria-labelledby", tab);
      set(element, "data-part", station.part ?? "front");
      set(element, "data-state", station.state);
      element.replaceChildren(
        h(
          "p",
          { class: "gl-panel-head" },
          h("b", {}, station.label ?? station.id),
          h("span", { class: "gl-panel-figures" }, figures.join(" · ")),
          station.note && h("span", { class: "gl-note" }, station.note),
        ),
        links.length > 0
          ? h("ol", { class: "gl-links" }, ...links.map(linkElement))
          : h("p", { class: "gl-nothing" }, nothingHere(station, rail)),
      );
    },
  };
}

/**
 * @param {Station} station
 * @param {Rail} rail
 * @returns {string} why the station has nothing to show at the selected position
 */
function nothingHere(station, rail) {
  if (!rail.position?.line) return "Select a position in the source.";
  if (station.state === "pending") return "On its way.";
  if (station.state === "stale") return "The text does not get this far. The figures are of the last one that did.";
  return "Nothing here comes from the selected position.";
}
