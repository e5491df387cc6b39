/**
 * The remarks lane: beside every line of the editor, chips for what the compiler decided about it.
 *
 * The lane is as high as the editor and scrolls with it. One chip of it is in the tab order; arrows move
 * along. Pointing at a chip shows the compiler's reasons below, Enter goes into them, Escape comes back.
 */

import { h, say, set, uid } from "../page/dom.js";
import { watch } from "../page/host.js";
import { STATE_MARKS, about, again, chipAtPlace, chipLabel, chipsByLine, comparison, counts, inOrder, move } from "./model.js";
import { createReasons } from "./reasons.js";
import { virtualList } from "../page/virtual.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").Chip} Chip */
/** @typedef {import("./model.js").Lane} Lane */

/**
 * @param {HTMLElement} parent
 * @param {(selection: Selection) => void} select
 * @param {import("../page/host.js").Model} model
 */
export function createRemarks(parent, select, model) {
  const life = new AbortController();
  /** @type {Lane | null} */
  let lane = null;
  /** @type {Map<number, Chip[]>} */
  let lines = new Map();
  /** @type {Chip[]} */
  let chips = [];
  let active = 0;
  /** Whether the lane has the focus, even while the element that had it is being made anew. */
  let held = false;
  let painting = false;
  /** The chip whose reasons stay, until Escape. */
  let opened = "";
  /** @type {Selection} */
  let selection = {};
  /** @type {Set<string>} */
  const hidden = new Set();
  let quiet = false;

  const filters = h("div", { class: "gl-remark-filters", role: "group", "aria-label": "which remarks" });
  const news = h("p", { class: "gl-remark-news", role: "status" });
  const pin = h("button", { type: "button", class: "gl-remark-filter", "aria-pressed": "false", hidden: model.get("pinned") === undefined }, "pin as baseline");
  const bar = h("div", { class: "gl-remark-bar" }, filters, pin, news);
  const scroll = h("div", { class: "gl-remark-scroll", tabindex: "-1" });
  const frame = h("div", { class: "gl-remark-lane", role: "toolbar", "aria-orientation": "vertical", "aria-label": "remarks, line by line" }, scroll);
  const reasons = createReasons(uid("reasons"), select, () => focusChip());
  parent.append(bar, frame, reasons.element);

  // Before the list's own listener, and after it: what it paints anew may have the focus.
  scroll.addEventListener("scroll", () => (painting = true), { passive: true });
  const list = virtualList(scroll, row);
  scroll.addEventListener("scroll", painted, { passive: true });
  follow();

  /** @param {number} index */
  function row(index) {
    const line = index + 1;
    const here = selection.line === line && (!selection.file || selection.file === lane?.file);
    return h(
      "div",
      { class: here ? "gl-remark-row gl-remark-here" : "gl-remark-row", "data-line": line },
      h("span", { class: "gl-remark-number", "aria-hidden": "true" }, line),
      lane?.text && h("code", { class: "gl-remark-code" }, lane.text[index] ?? ""),
      ...(lines.get(line) ?? []).map(chipElement),
    );
  }

  /** @param {Chip} chip */
  function chipElement(chip) {
    const { outcome, state, key } = chip;
    const words = about(chip);
    return h(
      "button",
      {
        type: "button",
        class: "gl-remark-chip",
        "data-part": outcome.part,
        "data-key": key,
        "data-family": outcome.family,
        "data-outcome": outcome.word,
        "data-state": state || null,
        "data-quiet": outcome.quiet,
        "data-open": key === opened,
        tabindex: chips[active]?.key === key ? "0" : "-1",
        "aria-label": chipLabel(chip),
        "aria-expanded": String(key === opened),
        "aria-controls": reasons.element.id,
      },
      state && h("span", { class: "gl-remark-state" }, STATE_MARKS[/** @type {keyof typeof STATE_MARKS} */ (state)]),
      h("span", { class: "gl-remark-mark" }, outcome.mark),
      outcome.word,
      words && h("code", {}, words),
    );
  }

  /** @param {EventTarget | null} target @returns {number} which chip an element belongs to */
  function chipAt(target) {
    const key = target instanceof Element ? target.closest(".gl-remark-chip")?.getAttribute("data-key") : null;
    return key ? chips.findIndex((chip) => chip.key === key) : -1;
  }

  /** @param {string} key */
  const elementOf = (key) =>
    [...scroll.querySelectorAll(".gl-remark-chip")].find((element) => element.getAttribute("data-key") === key);

  /** The focus goes to the active chip, or to the lane while that one is out of view. */
  function painted() {
    painting = false;
    if (!held) return;
    const chip = chips[active];
    const element = chip && elementOf(chip.key);
    if (element instanceof HTMLElement) element.focus({ preventScroll: true });
    else if (!scroll.contains(focused())) scroll.focus({ preventScroll: true });
  }

  function focused() {
    const tree = scroll.getRootNode();
    return /** @type {Document | ShadowRoot} */ (tree).activeElement ?? null;
  }

  function paint() {
    painting = true;
    list.show(lane?.lines ?? 0);
    painted();
  }

  /** @param {number} to */
  function focusChip(to = active) {
    if (!chips[to]) return;
    active = to;
    painting = true;
    held = true;
    list.reveal(chips[to].line - 1);
    paint();
    elementOf(chips[to].key)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    preview(chips[to]);
  }

  /** @param {Chip} chip */
  function preview(chip) {
    if (!opened && lane) reasons.show(chip, lane);
  }

  /** @param {number} which @param {boolean} enter whether the focus goes into the reasons */
  function open(which, enter) {
    const chip = chips[which];
    if (!chip || !lane) return;
    active = which;
    opened = chip.key;
    reasons.show(chip, lane);
    paint();
    const [first] = chip.remarks;
    if (chip.state !== "gone") select({ file: lane.file, line: first.line, column: first.column });
    if (enter) reasons.focus();
  }

  function close() {
    opened = "";
    reasons.close();
    paint();
  }

  /** What is shown of the newest payload. */
  function choose() {
    if (!lane) return;
    const before = chips[active] ?? null;
    lines = chipsByLine(lane, { hidden, quiet });
    chips = inOrder(lines);
    active = again(chips, before);
    const still = chips.find((chip) => chip.key === opened);
    if (opened && !still) {
      opened = "";
      reasons.close();
    } else if (still) reasons.show(still, lane);
    else reasons.idle(chips.length);
    paint();
    paintBar(lane);
  }

  /** @param {Lane} now */
  function paintBar(now) {
    const number = counts(now, quiet);
    const focus = focused()?.getAttribute("data-filter");
    filters.replaceChildren(
      ...now.families.map(({ id, name, mark, part }) =>
        h(
          "button",
          { type: "button", class: "gl-remark-filter", "data-filter": id, "data-part": part, "aria-pressed": String(!hidden.has(id)), title: `show or hide ${name}` },
          h("span", { class: "gl-remark-mark" }, mark),
          name,
          h("b", {}, number.families[id] ?? 0),
        ),
      ),
      h(
        "button",
        { type: "button", class: "gl-remark-filter", "data-filter": "", "aria-pressed": String(quiet), title: "what costs nothing and surprises nobody: values that stay on the stack, nil checks that were removed" },
        "quiet ones",
        h("b", {}, number.quiet),
      ),
    );
    const again = focus === null || focus === undefined ? null : [...filters.children].find((one) => one.getAttribute("data-filter") === focus);
    if (again instanceof HTMLElement) again.focus();
    const more = [now.left > 0 && `${now.left} more are not shown`, now.elsewhere > 0 && `${now.elsewhere} in other files`, now.brief && "so many that costs and reasons are left out"];
    say(news, [comparison(now), ...more].filter(Boolean).join(" · "));
    set(parent, "data-stale", now.stale);
    set(news, "data-trouble", now.errors > 0);
  }

  filters.addEventListener("click", (event) => {
    const id = /** @type {Element} */ (event.target).closest("[data-filter]")?.getAttribute("data-filter");
    if (id === null || id === undefined) return;
    if (id === "") quiet = !quiet;
    else if (!hidden.delete(id)) hidden.add(id);
    choose();
  });
  pin.addEventListener("click", () => {
    model.set("pinned", !model.get("pinned"));
    model.save_changes();
    paintPin();
  });
  function paintPin() {
    set(pin, "aria-pressed", String(Boolean(model.get("pinned"))));
    say(pin, model.get("pinned") ? "baseline pinned" : "pin as baseline");
  }
  if (model.get("pinned") !== undefined) {
    watch(model, "pinned", paintPin, life.signal);
    paintPin();
  }

  scroll.addEventListener("keydown", (event) => {
    const { key } = event;
    if (key === "Enter" || key === " ") open(active, true);
    else if (key === "Escape") {
      if (!opened) return;
      close();
    } else {
      const to = move(chips, active, key);
      if (to === null) return;
      focusChip(to);
    }
    event.preventDefault();
    event.stopPropagation();
  });
  scroll.addEventListener("click", (event) => {
    const which = chipAt(event.target);
    if (which < 0) return;
    if (chips[which].key === opened) close();
    else open(which, false);
  });
  scroll.addEventListener("pointerover", (event) => {
    const which = chipAt(event.target);
    if (which >= 0) preview(chips[which]);
  });
  scroll.addEventListener("focusin", (event) => {
    held = true;
    const which = chipAt(event.target);
    if (which < 0 || which === active) return;
    active = which;
    preview(chips[which]);
  });
  scroll.addEventListener("focusout", ({ relatedTarget }) => {
    if (!painting && !(relatedTarget instanceof Node && scroll.contains(relatedTarget))) held = false;
  });
  reasons.element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
    focusChip();
  });

  /** Scroll with the editor beside, both ways. */
  function follow() {
    const editor = parent.closest(".gl-bench")?.querySelector(".cm-scroller");
    if (!editor) return;
    /** @param {Element} from @param {Element} to */
    const tie = (from, to) =>
      from.addEventListener(
        "scroll",
        () => {
          if (Math.abs(from.scrollTop - to.scrollTop) > 0.5) to.scrollTop = from.scrollTop;
        },
        { passive: true, signal: life.signal },
      );
    tie(editor, scroll);
    tie(scroll, editor);
  }

  return {
    /** @param {Lane} next */
    show(next) {
      lane = next;
      choose();
    },
    /** @param {Selection} next */
    select(next) {
      const moved = next.line !== selection.line || next.file !== selection.file;
      selection = next;
      if (!moved || !lane) return;
      // The lane's one stop for Tab, and the reasons, follow the cursor until a reader is in the lane.
      const there = held ? -1 : chipAtPlace(chips, next);
      if (there >= 0) {
        active = there;
        preview(chips[there]);
      }
      painting = true;
      if (lane.text && next.line) list.reveal(next.line - 1);
      paint();
    },
    destroy: () => life.abort(),
  };
}
