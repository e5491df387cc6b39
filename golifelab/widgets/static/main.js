/**
 * The views by name. A widget says which one it is in its trait `view`.
 */

import { createAblation } from "./ablation/ablation.js";
import { createAbi } from "./abi/abi.js";
import { bench } from "./page/bench.js";
import { createBoot } from "./boot/boot.js";
import { createPuzzleAlone } from "./boot/puzzle.js";
import { createChecks } from "./checks/checks.js";
import { addExports } from "./export/menu.js";
import { createForensics } from "./forensics/forensics.js";
import { createSyscalls } from "./forensics/syscalls.js";
import { createHeap } from "./heap/heap.js";
import { createImageMap } from "./imagemap/imagemap.js";
import { createInits } from "./inits/inits.js";
import { renderInitGraph } from "./inits/initgraph.js";
import { createInterfaces } from "./interfaces/interfaces.js";
import { renderLab } from "./lab/lab.js";
import { renderEditor, renderLife, renderSsa } from "./lab/life.js";
import { render as renderRail } from "./rail/rail.js";
import { createFrameAlone } from "./registers/frame.js";
import { createMemoryMap } from "./memorymap/memorymap.js";
import { createModes } from "./modes/modes.js";
import { createResolver } from "./modes/resolver.js";
import { createObject } from "./object/object.js";
import { createReach } from "./reach/reach.js";
import { createPatch } from "./patch/patch.js";
import { createRegisters } from "./registers/registers.js";
import { createMachineAlone } from "./lab/machineview.js";
import { createRemarks } from "./remarks/remarks.js";
import { createRibbon } from "./ribbon/ribbon.js";
import { createRules } from "./rules/rules.js";
import { createScheduler } from "./scheduler/scheduler.js";
import { createSizes } from "./sizes/sizes.js";
import { createStackGrowth } from "./stackgrowth/stackgrowth.js";
import { createStackMaps } from "./stackmaps/stackmaps.js";
import { render as renderTrees } from "./trees/trees.js";

/** @typedef {(host: import("./page/host.js").Host) => (() => void) | void} Render */

/** @type {Record<string, Render>} */
export const views = {
  abi: bench("abi", "below", createAbi),
  ablation: bench("ablation", "wide", createAblation),
  boot: bench("boot", "below", createBoot),
  bootpuzzle: bench("bootpuzzle", "below", createPuzzleAlone),
  checks: bench("checks", "beside", createChecks),
  editor: renderEditor,
  forensics: bench("forensics", "below", createForensics),
  frame: bench("frame", "beside", createFrameAlone),
  heap: bench("heap", "below", createHeap),
  image: bench("image", "below", createImageMap),
  initgraph: renderInitGraph,
  inits: bench("inits", "wide", createInits),
  interfaces: bench("interfaces", "wide", createInterfaces),
  lab: renderLab,
  life: renderLife,
  machine: bench("machine", "beside", createMachineAlone),
  memory: bench("memory", "below", createMemoryMap),
  modes: bench("modes", "below", createModes),
  object: bench("object", "below", createObject),
  patch: bench("patch", "below", createPatch),
  rail: renderRail,
  reach: bench("reach", "wide", createReach),
  registers: bench("registers", "below", createRegisters),
  remarks: bench("remarks", "beside", createRemarks),
  resolver: bench("resolver", "below", createResolver),
  ribbon: bench("ribbon", "below", createRibbon),
  rules: bench("rules", "wide", createRules),
  scheduler: bench("scheduler", "below", createScheduler),
  sizes: bench("sizes", "wide", createSizes),
  ssa: renderSsa,
  stackmaps: bench("stackmaps", "beside", createStackMaps),
  stacks: bench("stacks", "beside", createStackGrowth),
  syscalls: bench("syscalls", "below", createSyscalls),
  trees: renderTrees,
};

/**
 * Show the view that the model asks for.
 *
 * @param {import("./page/host.js").Host} host
 */
export function render(host) {
  const view = views[host.model.get("view")];
  if (!view) throw new Error(`golifelab has no view named ${host.model.get("view")}`);
  const leave = view(host);
  const gone = addExports(host);
  return () => {
    gone();
    leave?.();
  };
}
