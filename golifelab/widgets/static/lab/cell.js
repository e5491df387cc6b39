/**
 * A notebook cell that brings back what the lab shows.
 */

import { BEFORE } from "./diffquestion.js";

/**
 * @typedef {object} Shown
 * @property {string} source
 * @property {string} file
 * @property {import("./passes.js").Code["target"]} target
 * @property {string} function
 * @property {{file?: string, line?: number, column?: number, value?: string}} selection
 * @property {string} pass
 * @property {string} tab
 * @property {string} [against] what the pass is compared with
 * @property {Record<string, string> | null} subject of the second pane; null while there is none
 * @property {string} [otherPass]
 * @property {string} [otherTab]
 * @property {string} [otherAgainst]
 */

/**
 * @param {string} text
 * @returns {string} a Python literal: raw and over several lines where it can be
 */
export function pythonText(text) {
  const plain = !/'''|\\$|[\r\0]|'$/.test(text);
  if (plain && text.includes("\n")) return `${text.includes("\\") ? "r" : ""}'''${text}'''`;
  return JSON.stringify(text);
}

/** @param {string} [against] @returns {string | undefined} nothing for what a lab compares with anyway */
const unlessBefore = (against) => (against === BEFORE ? undefined : against);

/**
 * @param {Shown} shown
 * @returns {string} Python
 */
export function cellOf(shown) {
  const { source, file, target, selection } = shown;
  const fields = target && {
    ...(target.goarch === "amd64" ? {} : { goarch: target.goarch }),
    ...(target.goos === "linux" ? {} : { goos: target.goos }),
    ...(target.goamd64 && target.goamd64 !== "v1" ? { goamd64: target.goamd64 } : {}),
    go: target.go,
  };
  const given = Object.entries(fields ?? {}).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  if (target?.gcflags?.length) given.push(`gcflags=${JSON.stringify(target.gcflags)}`);
  const named = file === "main.go" ? "" : `, name=${JSON.stringify(file)}`;
  const at = selection.line ? [file, selection.line, selection.column].filter(Boolean).join(":") : "";
  const options = Object.entries({
    at,
    value: selection.value,
    pass_: shown.pass,
    tab: shown.tab,
    against: unlessBefore(shown.against),
    other_pass: shown.subject && shown.otherPass,
    other_tab: shown.subject && shown.otherTab,
    other_against: shown.subject && unlessBefore(shown.otherAgainst),
  }).filter(([, value]) => value);
  const words = options.map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  if (shown.subject) {
    const pairs = Object.entries(shown.subject).map(([name, value]) => `${JSON.stringify(name)}: ${pythonText(value)}`);
    words.push(`subject={${pairs.join(", ")}}`);
  }
  return [
    "from golifelab import Program, Target",
    "from golifelab.widgets import Lab",
    "",
    `program = Program.from_text(${pythonText(source)}${named}, target=Target(${given.join(", ")}))`,
    `Lab(program, ${JSON.stringify(shown.function)}${words.map((word) => `, ${word}`).join("")})`,
    "",
  ].join("\n");
}
