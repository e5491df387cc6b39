/**
 * The pages of one mapping: a cell each, sixteen of them side by side being what one fault may bring.
 */

import { cellsOf, FILE, hex, PRIVATE, SWAPPED, ZERO } from "./model.js";
import { set, svg } from "../page/dom.js";

/** @typedef {import("./model.js").Row} Row */
/** @typedef {import("./model.js").Payload} Payload */

const SMALL = 11;
const LARGE = 24;
const GAP = 7;
const LABEL = 108;
const MOST = 2048;
/** So many cells are laid in longer lines of smaller ones. */
const MANY = 320;

/**
 * How many cells a line has, and how far apart they are: whole windows, as large as there is room for.
 *
 * @param {number} width @param {number} window cells that belong together @param {number} total @returns {[number, number]}
 */
export function lineOf(width, window, total) {
  const room = width - LABEL - 4;
  const most = total > MANY ? 4 : 2;
  const windows = [4, 2, 1].find((count) => count <= most && room / count - GAP >= window * SMALL) ?? 1;
  return [windows * window, Math.max(Math.min(Math.floor((room / windows - GAP) / window), LARGE), SMALL)];
}

/**
 * @param {(address: number) => void} choose called with the address of a page
 */
export function createPageGrid(choose) {
  const element = svg("svg", { class: "gl-mem-grid", role: "slider", tabindex: 0, "aria-valuemin": 0 });
  /** @type {{row: Row, line: number, cells: ReturnType<typeof cellsOf>, page: number, window: number} | null} */
  let shown = null;
  let current = 0;
  let [pitch, side] = [SMALL, SMALL - 2];

  element.addEventListener("click", (event) => {
    const cell = cellAt(event.clientX, event.clientY);
    if (shown && cell !== null) choose(addressOf(cell));
  });
  element.addEventListener("keydown", (event) => {
    if (!shown || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = shown.cells.total - 1;
    const moved = {
      ArrowRight: current + 1,
      ArrowLeft: current - 1,
      ArrowDown: current + shown.line,
      ArrowUp: current - shown.line,
      PageDown: current + shown.window,
      PageUp: current - shown.window,
      Home: 0,
      End: last,
    }[event.key];
    if (moved === undefined) return;
    event.preventDefault();
    choose(addressOf(Math.min(Math.max(moved, 0), last)));
  });

  /** @param {number} cell */
  const addressOf = (cell) => (shown ? shown.row.start + cell * shown.cells.each * shown.page : 0);

  /** @param {number} x @param {number} y in the window */
  function cellAt(x, y) {
    if (!shown) return null;
    const box = element.getBoundingClientRect();
    const scale = Number(element.getAttribute("viewBox")?.split(" ")[2]) / box.width;
    const across = (x - box.left) * scale - LABEL;
    const each = shown.window * pitch + GAP;
    const column = Math.floor(across / each) * shown.window + Math.min(Math.floor((across % each) / pitch), shown.window - 1);
    const cell = Math.floor(((y - box.top) * scale) / pitch) * shown.line + column - shown.cells.lead;
    return across >= 0 && column < shown.line && cell >= 0 && cell < shown.cells.total ? cell : null;
  }

  /** Left and top of a cell. @param {number} cell @returns {[number, number]} */
  function place(cell) {
    if (!shown) return [0, 0];
    const at = cell + shown.cells.lead;
    const column = at % shown.line;
    return [LABEL + column * pitch + Math.floor(column / shown.window) * GAP, Math.floor(at / shown.line) * pitch];
  }

  /**
   * @param {Payload} payload @param {Row} row @param {Row | null} before the mapping a moment earlier
   * @param {number} address of the page that is chosen @param {[number, number] | null} marked a range with a ring around it
   */
  function show(payload, row, before, address, marked) {
    const width = Math.max(element.parentElement?.clientWidth || 640, 330);
    const cells = cellsOf(row, before, payload, MOST);
    const [line, apart] = lineOf(width, payload.window, cells.total);
    pitch = apart;
    side = apart - 2;
    shown = { row, line, cells, page: payload.page, window: payload.window };
    current = Math.min(Math.max(Math.floor((address - row.start) / payload.page / cells.each), 0), cells.total - 1);
    const lines = Math.ceil((cells.total + cells.lead) / line);
    const across = LABEL + (line / payload.window) * (payload.window * pitch + GAP);
    set(element, "viewBox", `-2 -2 ${across + 4} ${lines * pitch + 4}`);
    set(element, "width", across + 4);
    set(element, "height", lines * pitch + 4);
    const paths = drawn(cells);
    const [x, y] = place(current);
    element.replaceChildren(
      ...Object.entries(paths).map(([state, d]) => svg("path", { class: "gl-mem-cell", "data-state": state, d: d.join("") })),
      ...(marked ? [svg("path", { class: "gl-mem-marked", d: outline(marked) })] : []),
      ...labels(lines),
      svg("rect", { class: "gl-mem-ring", x: x - 2, y: y - 2, width: side + 4, height: side + 4 }),
    );
    set(element, "aria-label", `pages of ${row.name}`);
    set(element, "aria-valuemax", cells.total - 1);
    set(element, "aria-valuenow", current);
    return cells;
  }

  /** @param {ReturnType<typeof cellsOf>} cells */
  function drawn(cells) {
    /** @type {Record<string, string[]>} */
    const paths = { absent: [], file: [], private: [], cut: [], zero: [], swapped: [], fresh: [], copied: [] };
    for (let cell = 0; cell < cells.total; cell += 1) {
      const [x, y] = place(cell);
      const state = cells.state[cell];
      const high = Math.max(Math.round(cells.share[cell] * side), 2);
      const box = `M${x} ${y + side - high}h${side}v${high}h${-side}z`;
      if (state === FILE) paths.file.push(box);
      else if (state === PRIVATE) {
        paths.private.push(box);
        if (high > 6) paths.cut.push(`M${x + 2} ${y + side - 2}L${x + side - 2} ${y + 2}`);
      } else if (state === ZERO) paths.zero.push(`M${x + 3} ${y + 3}h${side - 6}v${side - 6}h${6 - side}z`);
      else if (state === SWAPPED) paths.swapped.push(`M${x + 1} ${y + 1}l${side - 2} ${side - 2}m0 ${2 - side}l${2 - side} ${side - 2}`);
      paths.absent.push(`M${x + 0.5} ${y + 0.5}h${side - 1}v${side - 1}h${1 - side}z`);
      if (cells.fresh[cell] & 2) paths.copied.push(corner(x, y, 6));
      else if (cells.fresh[cell] & 1) paths.fresh.push(corner(x, y, 4.5));
    }
    return paths;
  }

  /** What came since the moment before has a corner. @param {number} x @param {number} y @param {number} by */
  const corner = (x, y, by) => `M${x + side - by} ${y}h${by}v${by}z`;

  /** A ring around a range of addresses. @param {[number, number]} range */
  function outline([start, end]) {
    if (!shown) return "";
    const unit = shown.page * shown.cells.each;
    const first = Math.max(Math.floor((start - shown.row.start) / unit), 0);
    const last = Math.min(Math.ceil((end - shown.row.start) / unit), shown.cells.total) - 1;
    const parts = [];
    for (let cell = first; cell <= last; ) {
      const begin = cell + shown.cells.lead;
      const stop = Math.min(last, cell + shown.line - 1 - (begin % shown.line));
      const [x, y] = place(cell);
      parts.push(`M${x - 1} ${y - 1}h${place(stop)[0] - x + side + 2}v${side + 2}h${x - place(stop)[0] - side - 2}z`);
      cell = stop + 1;
    }
    return parts.join("");
  }

  /** The address at which each line begins. @param {number} lines */
  function labels(lines) {
    if (!shown) return [];
    const { row, line, cells, page } = shown;
    return Array.from({ length: lines }, (_, i) => {
      const cell = Math.max(i * line - cells.lead, 0);
      return svg("text", { class: "gl-mem-tick", x: LABEL - 8, y: i * pitch + side / 2 + 4, "text-anchor": "end" }, hex(row.start + cell * cells.each * page));
    });
  }

  return { element, show };
}
