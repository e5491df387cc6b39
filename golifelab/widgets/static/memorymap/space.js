/**
 * The address space to scale, three times: all of it, what is mapped of it, and a loupe on a piece.
 */

import { bytes, groupName, groups, own, presentRuns, reserved, size } from "./model.js";
import { svg, set, uid } from "../page/dom.js";

/** @typedef {import("./model.js").Row} Row */
/** @typedef {import("./model.js").Moment} Moment */
/** @typedef {{start: number, bytes: number}} Window */
/** @typedef {{x: number, width: number}} Lane */

const WHOLE = 2 ** 47;
const HEIGHT = 430;
const TOP = 42;
const NAMED = 14;
const BREAK = 9;
const LEAST_GROUP = 5;
const LEAST = 16 * 1024;

/** @param {number} y */
const fixed = (y) => y.toFixed(1);

/**
 * Where the groups of a moment are in the lane that leaves the gaps out: all to one scale.
 *
 * @param {Row[]} rows @param {number} height
 */
export function layout(rows, height) {
  const parts = groups(rows);
  const total = parts.reduce((sum, part) => sum + part.end - part.start, 0) || 1;
  // What is too small to be seen gets a few pixels, which the others do without.
  const room = height - BREAK * Math.max(parts.length - 1, 0);
  const small = parts.filter((part) => ((part.end - part.start) / total) * room < LEAST_GROUP);
  const rest = total - small.reduce((sum, part) => sum + part.end - part.start, 0) || 1;
  const scale = (room - small.length * LEAST_GROUP) / rest;
  let y = 0;
  return parts.map((part) => {
    const tall = small.includes(part) ? LEAST_GROUP : (part.end - part.start) * scale;
    const placed = { ...part, y, height: tall, scale: tall / (part.end - part.start) };
    y += tall + BREAK;
    return placed;
  });
}

/** A mapping with what is around it. @param {Row} row @returns {Window} */
export function around(row) {
  const room = Math.max(bytes(row) * 0.16, LEAST / 4);
  return { start: row.start - room, bytes: bytes(row) + 2 * room };
}

/** Magnify, with what is at a share of the height held still. @param {Window} view @param {number} factor @param {number} [share] @returns {Window} */
export function zoom(view, factor, share = 0.5) {
  const next = Math.min(Math.max(view.bytes / factor, LEAST), 2 ** 33);
  return { start: view.start + share * (view.bytes - next), bytes: next };
}

/**
 * Draws the three lanes into an SVG element.
 *
 * @param {(row: Row, address: number) => void} choose called for a click at a mapping
 * @param {(view: Window) => void} look called when the reader moves the loupe
 */
export function createSpace(choose, look) {
  const hatch = uid("reserved");
  const element = svg("svg", { class: "gl-mem-space", role: "img", tabindex: 0 });
  /** @type {Window} */
  let view = { start: 0, bytes: LEAST };
  /** @type {Lane} */
  let loupe = { x: 0, width: 0 };
  let page = 4096;
  /** @type {Map<string, Row>} */
  let known = new Map();

  element.addEventListener("click", (event) => {
    const hit = /** @type {Element} */ (event.target).closest("[data-row]");
    const row = hit && known.get(hit.getAttribute("data-row") ?? "");
    if (row) choose(row, hit.hasAttribute("data-loupe") ? inLoupe(event.clientY) : row.start);
  });
  element.addEventListener(
    "wheel",
    (event) => {
      const box = element.getBoundingClientRect();
      if (event.clientX - box.left < loupe.x || !(event.ctrlKey || event.altKey || event.shiftKey)) return;
      event.preventDefault();
      look(zoom(view, event.deltaY < 0 ? 1.5 : 1 / 1.5, (event.clientY - box.top - TOP) / HEIGHT));
    },
    { passive: false },
  );
  element.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? 0.9 : 0.2;
    const moved = {
      "+": () => zoom(view, 2),
      "=": () => zoom(view, 2),
      "-": () => zoom(view, 0.5),
      ArrowUp: () => ({ ...view, start: view.start - step * view.bytes }),
      ArrowDown: () => ({ ...view, start: view.start + step * view.bytes }),
    }[event.key];
    if (!moved || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    look(moved());
  });

  /** @param {number} clientY */
  function inLoupe(clientY) {
    const box = element.getBoundingClientRect();
    return view.start + ((clientY - box.top - TOP) / HEIGHT) * view.bytes;
  }

  /**
   * @param {Moment} moment @param {Window} window @param {Row | null} chosen @param {Set<Row> | null} only rows that are not hidden
   * @param {number} pageSize @param {number} at the address that is chosen, -1 for none
   */
  function show(moment, window, chosen, only, pageSize, at) {
    view = window;
    page = pageSize;
    known = new Map(moment.rows.map((row) => [String(row.start), row]));
    const width = Math.max(element.clientWidth || 560, 400);
    const [gapA, gapB] = [76, 44];
    const each = (width - gapA - gapB - 34) / 5.2;
    const whole = { x: 30, width: each * 0.4 };
    const mapped = { x: whole.x + whole.width + gapA, width: each * 2.05 };
    loupe = { x: mapped.x + mapped.width + gapB, width: width - (mapped.x + mapped.width + gapB) - 2 };
    const placed = layout(moment.rows, HEIGHT);
    const draw = { chosen, only, hatch: `url(#${hatch})` };
    set(element, "viewBox", `0 0 ${width} ${HEIGHT + TOP + 20}`);
    set(element, "height", HEIGHT + TOP + 20);
    const total = moment.rows.filter(own).reduce((sum, row) => sum + bytes(row), 0);
    element.replaceChildren(
      svg("defs", {}, svg("pattern", { id: hatch, width: 6, height: 6, patternUnits: "userSpaceOnUse" }, svg("path", { d: "M-1 7L7 -1M-1 1L1 -1M5 7L7 5", class: "gl-mem-hatch" }))),
      ...head(whole, "all", "128 TiB"),
      ...head(mapped, "mapped", `${size(total)}, without the gaps`),
      ...head(loupe, "loupe", `${size(view.bytes)} · a page is ${ruler()} high`),
      svg(
        "g",
        { transform: `translate(0 ${TOP})` },
        svg("rect", { class: "gl-mem-room", x: whole.x, y: 0, width: whole.width, height: HEIGHT }),
        svg("rect", { class: "gl-mem-room", x: loupe.x, y: 0, width: loupe.width, height: HEIGHT }),
        ...wholeLane(whole, mapped, placed),
        ...placed.flatMap((group) => mappedLane(draw, mapped, group)),
        ...lens(placed, mapped),
        ...loupeLane(draw, moment),
        cursor(at),
      ),
    );
    set(element, "aria-label", `address space: ${moment.rows.length} mappings, ${size(total)}; the loupe shows ${size(view.bytes)}${chosen ? `, chosen is ${chosen.name}` : ""}; plus and minus magnify, arrows move`);
  }

  function ruler() {
    const high = (page / view.bytes) * HEIGHT;
    return high >= 1 ? `${high.toFixed(high < 10 ? 1 : 0)} px` : `1/${Math.round(1 / high).toLocaleString("en")} px`;
  }

  /** @param {Lane} lane @param {string} name @param {string} figure */
  function head(lane, name, figure) {
    return [svg("text", { x: lane.x, y: 12, class: "gl-mem-lane" }, name), svg("text", { x: lane.x, y: 34, class: "gl-mem-figure" }, figure)];
  }

  /** All of it: a line where anything is, and where that is in the next lane. @param {Lane} lane @param {Lane} next @param {ReturnType<typeof layout>} placed */
  function wholeLane(lane, next, placed) {
    const right = lane.x + lane.width;
    const scale = HEIGHT / WHOLE;
    return [
      svg("text", { x: lane.x - 4, y: 9, class: "gl-mem-tick", "text-anchor": "end" }, "0"),
      svg("text", { x: lane.x - 4, y: HEIGHT, class: "gl-mem-tick", "text-anchor": "end" }, "2", svg("tspan", { dy: -4, "font-size": 8 }, "47")),
      ...placed.flatMap((group) => {
        const y = Math.min(group.start * scale, HEIGHT - 2);
        const d = `M${right} ${fixed(y)}L${next.x} ${fixed(group.y)}V${fixed(group.y + group.height)}L${right} ${fixed(y + 2)}Z`;
        return [svg("path", { class: "gl-mem-band", d }), svg("rect", { class: "gl-mem-spot", x: lane.x, y, width: lane.width, height: 2 }, svg("title", {}, groupName(group.rows)))];
      }),
    ];
  }

  /** @param {{chosen: Row | null, only: Set<Row> | null, hatch: string}} draw @param {Lane} lane @param {ReturnType<typeof layout>[number]} group */
  function mappedLane(draw, lane, group) {
    const strip = 7;
    const blocks = group.rows.map((row) => {
      const y = group.y + (row.start - group.start) * group.scale;
      const high = Math.max(bytes(row) * group.scale, 0.6);
      return svg("rect", { class: "gl-mem-block", "data-row": row.start, ...look_(draw, row), x: lane.x, y: fixed(y), width: lane.width - strip, height: fixed(high) }, svg("title", {}, `${row.name}, ${size(bytes(row))}`));
    });
    const marks = group.rows.flatMap((row) => presentRuns(row).map(([first, count]) => [group.y + (row.start + first * page - group.start) * group.scale, Math.max(count * page * group.scale, 0.7)]));
    const d = marks.map(([y, high]) => `M${fixed(lane.x + lane.width - strip + 1)} ${y.toFixed(2)}h${strip - 1}v${high.toFixed(2)}h${1 - strip}z`).join("");
    const name = fit(groupName(group.rows), lane.width - 18);
    const figure = size(group.rows.reduce((sum, row) => sum + bytes(row), 0));
    return [
      ...blocks,
      svg("path", { class: "gl-mem-present", d }),
      svg("rect", { class: "gl-mem-frame", x: lane.x, y: fixed(group.y), width: lane.width, height: fixed(group.height) }),
      group.height >= NAMED ? svg("text", { class: "gl-mem-word", x: lane.x + 6, y: group.y + Math.min(group.height / 2 + 4, 17) }, name) : null,
      group.height >= 2 * NAMED ? svg("text", { class: "gl-mem-word gl-mem-figure", x: lane.x + 6, y: group.y + Math.min(group.height / 2 + 18, 31) }, figure) : null,
    ].filter((one) => one instanceof SVGElement);
  }

  /** From what the loupe is held over to the loupe. @param {ReturnType<typeof layout>} placed @param {Lane} mapped */
  function lens(placed, mapped) {
    const over = placed.find((group) => view.start < group.end && group.start < view.start + view.bytes);
    if (!over) return [];
    const cut = (/** @type {number} */ address) => over.y + (Math.min(Math.max(address, over.start), over.end) - over.start) * over.scale;
    const [from, to] = [cut(view.start), cut(view.start + view.bytes)];
    const x = mapped.x + mapped.width;
    const d = `M${x} ${fixed(from)}L${loupe.x} 0V${HEIGHT}L${x} ${fixed(Math.max(to, from + 1))}Z`;
    return [
      svg("path", { class: "gl-mem-lens", d }),
      svg("rect", { class: "gl-mem-lens-edge", x: mapped.x - 2, y: fixed(from - 1), width: mapped.width + 4, height: fixed(Math.max(to - from, 1) + 2) }),
    ];
  }

  /** @param {{chosen: Row | null, only: Set<Row> | null, hatch: string}} draw @param {Moment} moment */
  function loupeLane(draw, moment) {
    const scale = HEIGHT / view.bytes;
    const inset = 16;
    return moment.rows.filter(own).flatMap((row) => {
      const at = clip(row.start, row.end, scale);
      if (!at) return [];
      const chosen = draw.chosen?.start === row.start;
      const named = at.height >= NAMED;
      const parts = row.parts.flatMap(([start, end, , name]) => {
        const inner = clip(start, end, scale);
        if (!inner || inner.height < 3) return [];
        return [
          svg("path", { class: "gl-mem-part", d: `M${loupe.x} ${fixed(inner.y)}h${fixed(loupe.width - inset)}` }),
          inner.height >= NAMED ? svg("text", { class: "gl-mem-word", x: loupe.x + 7, y: fixed(inner.y + Math.min(inner.height / 2 + 4, 17)) }, fit(name, loupe.width - inset - 80)) : null,
        ];
      });
      const cells = pageCells(row, scale, inset);
      return [
        svg("rect", { class: "gl-mem-block", "data-row": row.start, "data-loupe": true, ...look_(draw, row), x: loupe.x, y: fixed(at.y), width: loupe.width - inset, height: fixed(at.height) }, svg("title", {}, `${row.name}, ${size(bytes(row))}`)),
        ...parts,
        ...cells,
        named && parts.length === 0 ? svg("text", { class: "gl-mem-word", x: loupe.x + 7, y: fixed(at.y + Math.min(at.height / 2 + 4, 17)) }, fit(row.name, loupe.width - inset - 80)) : null,
        named ? svg("text", { class: "gl-mem-word", x: loupe.x + loupe.width - inset - 6, y: fixed(at.y + Math.min(at.height / 2 + 4, 17)), "text-anchor": "end" }, `${row.permissions} ${size(bytes(row))}`) : null,
        chosen ? svg("rect", { class: "gl-mem-ring", x: loupe.x - 1, y: fixed(at.y - 1), width: loupe.width + 2 - inset, height: fixed(at.height + 2) }) : null,
      ].filter((one) => one instanceof SVGElement);
    });
  }

  /** What is in memory, at its place, beside the mapping. @param {Row} row @param {number} scale @param {number} inset */
  function pageCells(row, scale, inset) {
    const x = loupe.x + loupe.width - inset + 2;
    return [1, 2].map((state) => {
      const d = presentRuns(row)
        .filter((run) => (run[2] === 1) === (state === 1))
        .flatMap(([first, count]) => {
          const at = clip(row.start + first * page, row.start + (first + count) * page, scale);
          return at ? [`M${fixed(x)} ${at.y.toFixed(2)}h${inset - 3}v${Math.max(at.height, 0.7).toFixed(2)}h${3 - inset}z`] : [];
        });
      return svg("path", { class: "gl-mem-present", "data-state": state === 1 ? "file" : "private", d: d.join("") });
    });
  }

  /** @param {number} start @param {number} end @param {number} scale */
  function clip(start, end, scale) {
    const top = Math.max((start - view.start) * scale, 0);
    const bottom = Math.min((end - view.start) * scale, HEIGHT);
    return bottom > top ? { y: top, height: Math.max(bottom - top, 0.6) } : null;
  }

  /** @param {number} at */
  function cursor(at) {
    if (at < view.start || at >= view.start + view.bytes) return svg("g", {});
    const y = fixed(((at - view.start) / view.bytes) * HEIGHT);
    return svg("path", { class: "gl-mem-cursor", d: `M${loupe.x - 7} ${Number(y) - 4}l7 4l-7 4z` });
  }

  return { element, show };
}

/** How a mapping looks. @param {{only: Set<Row> | null, hatch: string}} draw @param {Row} row */
function look_(draw, row) {
  const faded = draw.only !== null && !draw.only.has(row);
  return { "data-look": reserved(row) ? "none" : row.permissions.slice(0, 3), "data-hidden": faded, fill: reserved(row) ? draw.hatch : null };
}

/** @param {string} text @param {number} room pixels */
function fit(text, room) {
  const letters = Math.max(Math.floor(room / 6.3), 3);
  return text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
}
