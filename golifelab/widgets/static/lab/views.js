/**
 * The ways to look at the code of a function, in the order of their tabs.
 */

import { createGraphWithFiles } from "../graph/files.js";
import { createBiography } from "./biography.js";
import { createDiff } from "./diff.js";
import { createMachine } from "./machine.js";
import { createValues } from "./values.js";

/** @typedef {import("./pane.js").Tab} Tab */

/** @type {Tab[]} what a program's life shows of a function, beside all its other stages */
export const LIFE = [
  { id: "values", label: "Values", create: createValues },
  { id: "graph", label: "Graph", create: createGraphWithFiles },
];

/** @type {Tab[]} what the lab shows */
export const LAB = [
  ...LIFE,
  { id: "diff", label: "Diff", create: createDiff, reads: ["comparison", "other", "before"] },
  { id: "machine", label: "Machine", create: createMachine, reads: ["machine", "lives"] },
];

/** @type {Tab["create"][]} what tells of the selected value, below the panes */
export const STRIP = [createBiography];
