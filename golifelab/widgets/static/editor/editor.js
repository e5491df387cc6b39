/**
 * The editor: CodeMirror, coloured by the real scanner's tokens and underlined by the real checkers.
 *
 * It has no grammar of its own. What it shows is what the compiler said about this very text; between a
 * keystroke and the compiler's answer the old marks move along with the text.
 */

import { same } from "../page/broker.js";
import { set } from "../page/dom.js";
import { Offsets, thingAt } from "../page/text.js";
import { sentence, squiggleRange, tokenRanges } from "./tokens.js";
import {
  Decoration,
  EditorSelection,
  EditorState,
  EditorView,
  StateEffect,
  StateField,
  WidgetType,
  bracketMatching,
  closeBrackets,
  closeBracketsKeymap,
  defaultKeymap,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  history,
  historyKeymap,
  indentService,
  indentUnit,
  indentWithTab,
  keymap,
  lineNumbers,
  lintGutter,
  lintKeymap,
  setDiagnostics,
} from "../vendor/codemirror.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./tokens.js").Marks} Marks */
/** @typedef {import("./tokens.js").Range} Range */

/** A semicolon that the scanner put in: nobody typed it. */
class AutomaticSemicolon extends WidgetType {
  eq() {
    return true;
  }

  toDOM() {
    const mark = document.createElement("span");
    mark.className = "gl-tok-automatic";
    mark.textContent = ";";
    mark.title = "semicolon, put in by the scanner";
    set(mark, "aria-hidden", "true");
    return mark;
  }
}

/** The ring around one: it has no text of its own that could be marked. */
class AutomaticRing extends WidgetType {
  eq() {
    return true;
  }

  toDOM() {
    const mark = document.createElement("span");
    mark.className = "gl-ring-automatic";
    set(mark, "aria-hidden", "true");
    return mark;
  }
}

const AUTOMATIC = Decoration.widget({ widget: new AutomaticSemicolon(), side: 1 });

/** @type {Record<string, ReturnType<typeof Decoration.mark>>} */
const STYLES = {};

/** @param {Range} range */
function decoration({ from, to, style }) {
  if (style === "automatic") return AUTOMATIC.range(from);
  STYLES[style] ??= Decoration.mark({ class: `gl-tok-${style}` });
  return STYLES[style].range(from, to);
}

/**
 * @param {import("@codemirror/state").StateEffectType<any>} effect
 * @returns {import("@codemirror/state").StateField<import("@codemirror/view").DecorationSet>} a field
 *   that holds the decorations the effect brings, and moves them along with the text in between
 */
function decorations(effect) {
  return StateField.define({
    create: () => Decoration.none,
    update(held, transaction) {
      let now = held.map(transaction.changes);
      for (const one of transaction.effects) if (one.is(effect)) now = one.value;
      return now;
    },
    provide: (field) => EditorView.decorations.from(field),
  });
}

/** @type {import("@codemirror/state").StateEffectType<any>} */
const setTokens = StateEffect.define();
/** @type {import("@codemirror/state").StateEffectType<any>} */
const setRing = StateEffect.define();
const RING = Decoration.mark({ class: "gl-ring" });
const AUTOMATIC_RING = Decoration.widget({ widget: new AutomaticRing(), side: 0 });
const EXTENT = Decoration.mark({ class: "gl-extent" });
const TOKENS = decorations(setTokens);

/**
 * @param {import("@codemirror/state").EditorState} state
 * @param {number} at
 * @returns {{from: number, to: number} | null} the token there; an automatic semicolon is empty
 */
function tokenAt(state, at) {
  /** @type {{from: number, to: number} | null} */
  let found = null;
  state.field(TOKENS).between(at, at, (from, to) => {
    if (from === at || (from < at && at < to)) found = { from, to };
  });
  return found;
}

const remote = "golifelab.remote";

/** gofmt's rule of thumb: one tab deeper behind an opening bracket, one back for a closing one. */
const indent = indentService.of((context, position) => {
  const line = context.lineAt(position, 1);
  // What stands before the line, or before the place where Enter is about to break one.
  const end = context.simulatedBreak ?? line.from;
  const above = end > 0 ? context.lineAt(end - 1).text : "";
  const depth = context.countColumn(above.match(/^\s*/)?.[0] ?? "");
  const opened = /[{([]\s*(\/\/.*)?$/.test(above) ? context.unit : 0;
  const closed = /^\s*[})\]]/.test(line.text) ? context.unit : 0;
  return Math.max(0, depth + opened - closed);
});

/**
 * @typedef {object} EditorOptions
 * @property {HTMLElement} parent
 * @property {string} source
 * @property {string} file the name of the file that is edited
 * @property {string} [label] what a screen reader calls the editor
 * @property {boolean} [readonly]
 * @property {(source: string) => void} onEdit
 * @property {(selection: Selection) => void} onSelect
 */

/**
 * @param {EditorOptions} options
 */
export function createEditor({ parent, source, file, label, readonly, onEdit, onSelect }) {
  let offsets = new Offsets(source);
  let ringed = false;
  /** @type {Selection} what another view has selected */
  let shown = {};
  /** @type {Selection} */
  let reported = {};

  /**
   * @param {import("@codemirror/state").EditorState} state
   * @param {boolean} typed
   */
  const report = (state, typed) => {
    const at = { file, ...offsets.position(thingAt(state.doc.toString(), state.selection.main.head, typed)) };
    if (same(at, reported)) return;
    reported = at;
    onSelect(at);
  };

  /** @param {string} text of the file, with a history of its own */
  const stateOf = (text) =>
    EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        lintGutter(),
        highlightSpecialChars(),
        history(),
        drawSelection(),
        indent,
        bracketMatching(),
        closeBrackets(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        indentUnit.of("\t"),
        EditorState.tabSize.of(4),
        EditorState.readOnly.of(Boolean(readonly)),
        EditorView.contentAttributes.of({ "aria-label": label ?? `Go source, ${file}; Escape leaves` }),
        TOKENS,
        decorations(setRing),
        keymap.of([
          { key: "Escape", run: leave },
          ...closeBracketsKeymap,
          ...defaultKeymap,
          ...historyKeymap,
          ...lintKeymap,
          indentWithTab,
        ]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) offsets = new Offsets(update.state.doc.toString());
          if (update.transactions.some((one) => one.isUserEvent(remote))) return;
          if (update.docChanged) onEdit(update.state.doc.toString());
          if (update.selectionSet || update.docChanged) report(update.state, update.docChanged);
        }),
      ],
    });

  // A host may render into an element that is in no tree yet: then the document it is.
  const tree = parent.getRootNode();
  const view = new EditorView({
    parent,
    root: tree instanceof ShadowRoot ? tree : document,
    state: stateOf(source),
  });

  /**
   * Give the focus to the frame around the editor: Tab then moves on, and the notebook's own keys work
   * from there.
   */
  function leave() {
    const frame = /** @type {HTMLElement} */ (parent.closest("[data-gl-frame]") ?? parent);
    const text = view.contentDOM;
    frame.focus();
    // The text stands inside its frame, so it would be the next stop, and Tab is a character there.
    set(text, "tabindex", -1);
    frame.addEventListener("blur", () => set(text, "tabindex", null), { once: true });
    return true;
  }

  /** Ring what is selected, as far as the tokens are known. */
  function ring() {
    const line = Math.min(shown.line ?? 1, view.state.doc.lines);
    const at = offsets.at(line, shown.column ?? 0);
    const end = view.state.doc.line(line).to;
    const thing = shown.column ? tokenAt(view.state, at) : null;
    const { from, to } = thing ?? { from: at, to: shown.column ? Math.min(end, at + 1) : end };
    const marks = [];
    if (to > from) marks.push(RING.range(from, to));
    else if (shown.start !== undefined) marks.push(AUTOMATIC_RING.range(from));
    const [first, last] = [shown.start ?? 0, shown.end ?? 0].map((byte) => offsets.index(byte));
    if (last > first) marks.push(EXTENT.range(first, last));
    view.dispatch({ effects: setRing.of(Decoration.set(marks, true)) });
    return from;
  }

  return {
    view,
    text: () => view.state.doc.toString(),
    file: () => file,

    /** Take another file into the editor. @param {string} name @param {string} text */
    open(name, text) {
      [file, offsets, reported, ringed] = [name, new Offsets(text), {}, false];
      view.setState(stateOf(text));
    },

    /** @param {string} text what Python wrote into the editor */
    replace(text) {
      if (text === view.state.doc.toString()) return;
      const head = Math.min(view.state.selection.main.head, text.length);
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text },
        selection: EditorSelection.cursor(head),
        userEvent: remote,
      });
    },

    /** @param {string} text what the reader wants to have in the editor: an edit that can be undone */
    write(text) {
      const now = view.state.doc.toString();
      let head = 0;
      while (head < Math.min(now.length, text.length) && now[head] === text[head]) head += 1;
      let tail = 0;
      while (tail < Math.min(now.length, text.length) - head && now.at(-1 - tail) === text.at(-1 - tail)) tail += 1;
      if (now === text) return;
      const insert = text.slice(head, text.length - tail);
      view.dispatch({
        changes: { from: head, to: now.length - tail, insert },
        selection: EditorSelection.cursor(head + insert.length),
        scrollIntoView: true,
        userEvent: "input.history",
      });
    },

    /** Put the cursor at a place, as Go counts. @param {number} line @param {number} column */
    place(line, column) {
      view.dispatch({ selection: EditorSelection.cursor(offsets.at(line, column)), scrollIntoView: true });
      view.focus();
    },

    /** @param {Marks} marks of exactly the text that is in the editor now */
    mark(marks) {
      const text = view.state.doc.toString();
      const problems = (marks.squiggles ?? []).map((squiggle) => ({
        ...squiggleRange(squiggle, text),
        severity: /** @type {const} */ ("error"),
        message: sentence(squiggle),
      }));
      if (marks.tokens) {
        const ranges = tokenRanges(marks.tokens, text.length);
        view.dispatch({ effects: setTokens.of(Decoration.set(ranges.map(decoration), true)) });
      }
      view.dispatch(setDiagnostics(view.state, problems));
      // A selection that came before the tokens did is ringed as a whole now.
      if (ringed) ring();
    },

    /**
     * Ring the selected position, when another view has selected it.
     *
     * @param {Selection} selection
     */
    show(selection) {
      const here = Boolean(selection.line) && (!selection.file || selection.file === file);
      if (!here || same(selection, reported)) {
        if (ringed) view.dispatch({ effects: setRing.of(Decoration.none) });
        ringed = false;
        return;
      }
      shown = selection;
      ringed = true;
      view.dispatch({ effects: EditorView.scrollIntoView(ring(), { y: "nearest" }) });
    },

    destroy: () => view.destroy(),
  };
}
