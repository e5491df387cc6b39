/**
 * What the editor takes from CodeMirror 6: this file is bundled into
 * `golifelab/widgets/static/vendor/codemirror.js`, and is its type declaration too.
 *
 * Only the scoped packages are used. The unscoped npm package `codemirror` is version 5 published
 * under a 6.x number.
 */
export { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
export { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
export { bracketMatching, indentService, indentUnit } from "@codemirror/language";
export { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
export { EditorSelection, EditorState, StateEffect, StateField, Text } from "@codemirror/state";
export {
  Decoration,
  EditorView,
  WidgetType,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
