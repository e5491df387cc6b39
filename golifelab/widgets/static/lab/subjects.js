/**
 * What the second pane shows: an earlier text, another processor, another Go version, or all of these.
 */

import { h, set } from "../page/dom.js";

/** @typedef {import("./passes.js").Code} Code */
/** @typedef {{source?: string, goarch?: string, goamd64?: string, go?: string}} Subject */
/** @typedef {import("./history.js").Edit} Edit */

/**
 * @param {HTMLElement} parent
 * @param {(subject: Subject) => void} choose
 * @param {boolean} alone whether there is no kernel to compile anything else
 */
export function createSubjects(parent, choose, alone) {
  /** @type {Subject} */
  let subject = {};
  /** @type {Code["target"]} */
  let target;
  /** @type {Edit[]} */
  let edits = [];
  /** @type {Record<string, string[]>} */
  let choices = {};

  /** @param {keyof Subject} name @param {string} label @param {string} title */
  const picker = (name, label, title) =>
    h("select", { class: "gl-subject-select", "aria-label": label, title, disabled: alone, onchange: (/** @type {Event} */ event) => change(name, /** @type {HTMLSelectElement} */ (event.target).value) });
  const text = picker("source", "text of the second pane", "which text: what is in the editor, or an earlier edit");
  const arch = picker("goarch", "processor of the second pane", "GOARCH");
  const level = picker("goamd64", "GOAMD64 of the second pane", "GOAMD64: how new a processor may be asked for");
  const version = picker("go", "Go version of the second pane", "Go version; `golifelab warm --go 1.26.6` in a terminal installs another");
  parent.replaceChildren(text, arch, level, version);

  /** @param {keyof Subject} name @param {string} value "" for what the first pane has */
  function change(name, value) {
    const next = { ...subject };
    delete next[name];
    if (name === "source") {
      if (value) next.source = edits.find((edit) => String(edit.number) === value)?.text;
    } else if (value && value !== target?.[name]) next[name] = value;
    if (next.goarch && next.goarch !== "amd64") delete next.goamd64;
    choose(next);
  }

  /** @param {HTMLSelectElement} select @param {[string, string][]} options value, label @param {string} chosen @param {boolean} differs */
  function fill(select, options, chosen, differs) {
    const key = JSON.stringify(options);
    if (select.dataset.key !== key) {
      select.dataset.key = key;
      select.replaceChildren(...options.map(([value, label]) => h("option", { value }, label)));
    }
    select.value = chosen;
    set(select, "data-differs", differs);
  }

  function paint() {
    if (!target) return;
    const older = edits.slice(0, -1).reverse();
    const held = older.find((edit) => edit.text === subject.source);
    const foreign = subject.source !== undefined && !held;
    fill(
      text,
      [["", "this text"], ...(foreign ? [/** @type {[string, string]} */ (["foreign", "another text"])] : []), ...older.map((edit) => /** @type {[string, string]} */ ([String(edit.number), name(edit)]))],
      held ? String(held.number) : foreign ? "foreign" : "",
      subject.source !== undefined,
    );
    const { goarch, goamd64, go } = { ...target, ...subject };
    fill(arch, (choices.goarch ?? []).map((one) => [one, one]), goarch, goarch !== target.goarch);
    fill(level, (choices.goamd64 ?? []).map((one) => [one, one]), goamd64 || "v1", goarch === "amd64" && goamd64 !== target.goamd64);
    set(level, "hidden", goarch !== "amd64");
    const versions = [...new Set([...(choices.go ?? []), ...(subject.go ? [subject.go] : [])])];
    fill(version, versions.map((one) => [one, `go${one}`]), go, go !== target.go);
  }

  return {
    /** @param {Subject} next */
    set(next) {
      subject = next;
      paint();
    },
    /** @param {Code["target"]} next @param {Edit[]} list @param {Record<string, string[]>} offered */
    show(next, list, offered) {
      [target, edits, choices] = [next, list, offered];
      paint();
    },
  };
}

/** @param {Edit} edit @returns {string} what it is called in a list */
export const name = (edit) => (edit.number === 0 ? "first text" : `edit ${edit.number}${edit.words ? `: ${edit.words}` : ""}`);

/**
 * @param {Subject} subject
 * @param {Edit[]} edits
 * @param {Code["target"]} target of the code that the pane really shows
 * @returns {string} what the second pane shows, in a few words
 */
export function words(subject, edits, target) {
  const edit = edits.find((one) => one.text === subject.source);
  const parts = [
    subject.source !== undefined && (edit ? (edit.number === 0 ? "first text" : `edit ${edit.number}`) : "another text"),
    subject.goarch,
    subject.goamd64,
    subject.go && `go${subject.go}`,
  ];
  return parts.filter(Boolean).join(" ") || (target ? "this code" : "");
}

/**
 * Where a line of one text is in another, as far as both begin and end alike.
 *
 * @param {string} from
 * @param {string} to
 * @param {number} line
 * @returns {number}
 */
export function carryLine(from, to, line) {
  if (from === to) return line;
  const [a, b] = [from.split("\n"), to.split("\n")];
  let head = 0;
  while (head < Math.min(a.length, b.length) && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  if (line <= head) return line;
  if (line > a.length - tail) return line + b.length - a.length;
  return Math.min(line, b.length - tail);
}
