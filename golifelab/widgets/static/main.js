/**
 * The views by name. A widget says which one it is in its trait `view`.
 */

import { bench } from "./bench.js";
import { createChecks } from "./checks.js";
import { createInterfaces } from "./interfaces.js";
import { renderEditor, renderLife } from "./life.js";
import { render as renderRail } from "./rail.js";
import { createRemarks } from "./remarks.js";
import { createRibbon } from "./ribbon.js";
import { render as renderSsa } from "./ssatext.js";
import { render as renderTrees } from "./trees.js";

/** @typedef {(host: import("./host.js").Host) => (() => void) | void} Render */

/** @type {Record<string, Render>} */
export const views = {
  checks: bench("checks", "beside", createChecks),
  editor: renderEditor,
  interfaces: bench("interfaces", "beside", createInterfaces),
  life: renderLife,
  rail: renderRail,
  remarks: bench("remarks", "beside", createRemarks),
  ribbon: bench("ribbon", "below", createRibbon),
  ssa: renderSsa,
  trees: renderTrees,
};

/**
 * Show the view that the model asks for.
 *
 * @param {import("./host.js").Host} host
 */
export function render(host) {
  const view = views[host.model.get("view")];
  if (!view) throw new Error(`golifelab has no view named ${host.model.get("view")}`);
  return view(host);
}
