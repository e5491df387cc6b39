/**
 * The window onto a picture that is larger than it: where it is, how large it is, and how near.
 *
 * Nothing here asks the page for what is known already: an answer would make the page lay itself out at once.
 */

import { set } from "../page/dom.js";

/** @typedef {import("./paths.js").Box} Box */
/** @typedef {{x: number, y: number}} Place */

const ZOOMS = [0.015, 0.025, 0.04, 0.06, 0.09, 0.13, 0.2, 0.3, 0.45, 0.6, 0.8, 1, 1.25];
/** No picture is so large that it is worth being smaller. */
const LEAST = 0.002;
/** What stays free around what is brought into view at the picture's edge. */
const MARGIN = 8;

/**
 * @param {number} zoom
 * @param {number} by
 * @returns {number} the next zoom in a direction; the same one at the end
 */
export function nextZoom(zoom, by) {
  return (by > 0 ? ZOOMS.find((one) => one > zoom + 0.0005) : ZOOMS.findLast((one) => one < zoom - 0.0005)) ?? zoom;
}

/**
 * @param {{width: number, height: number}} picture
 * @param {{width: number, height: number}} view
 * @returns {number} the zoom at which all of a picture is in view; never larger than it is
 */
export const fitting = (picture, view) => Math.max(LEAST, Math.min(1, view.width / picture.width, view.height / picture.height));

/**
 * @param {HTMLElement} view what scrolls
 * @param {HTMLElement} sizer what it scrolls over
 * @param {HTMLElement} canvas what is drawn on, in the picture's own pixels
 * @param {(anew: boolean) => void} onMove another part is in view; `anew` when it is nearer or further, too
 */
export function createCamera(view, sizer, canvas, onMove) {
  let zoom = 1;
  let picture = { width: 0, height: 0 };
  /** Free room on the left and above: what is looked at can stay where it is even at the picture's edge. */
  let room = { x: 0, y: 0 };
  let scrolled = { x: 0, y: 0 };
  let size = { width: 0, height: 0 };

  const measured = () => {
    size = { width: view.clientWidth, height: view.clientHeight };
    return size;
  };
  const watcher = new ResizeObserver(() => {
    const before = size;
    measured();
    if (size.width > 0 && (before.width !== size.width || before.height !== size.height)) onMove(false);
  });
  watcher.observe(view);
  view.addEventListener(
    "scroll",
    () => {
      if (view.scrollLeft === scrolled.x && view.scrollTop === scrolled.y) return;
      scrolled = { x: view.scrollLeft, y: view.scrollTop };
      onMove(false);
    },
    { passive: true },
  );

  /**
   * What is in view, in the picture's own pixels.
   *
   * @param {number} [spare] so many pixels of the screen around it, too
   * @returns {Box}
   */
  function seen(spare = 0) {
    const { width, height } = size.width > 0 ? size : measured();
    return {
      x: (scrolled.x - room.x - spare) / zoom,
      y: (scrolled.y - room.y - spare) / zoom,
      width: (width + 2 * spare) / zoom,
      height: (height + 2 * spare) / zoom,
    };
  }

  /** Bring a place of the picture, on the screen's scale, to the view's corner, wherever that is. @param {Place} to */
  function moveTo({ x, y }) {
    const { width, height } = size.width > 0 ? size : measured();
    room = { x: Math.max(0, -x), y: Math.max(0, -y) };
    // Seen from far away lines would be too thin.
    canvas.style.setProperty("--gl-pen", `${Math.max(1, 0.5 / zoom)}px`);
    canvas.style.transform = `translate(${room.x}px, ${room.y}px) scale(${zoom})`;
    sizer.style.width = `${Math.max(picture.width * zoom + room.x, x + room.x + width)}px`;
    sizer.style.height = `${Math.max(picture.height * zoom + room.y, y + room.y + height)}px`;
    const goal = { x: x + room.x, y: y + room.y };
    if (goal.x === scrolled.x && goal.y === scrolled.y) return;
    view.scrollTo(goal.x, goal.y);
    // The page rounds to its own pixels.
    scrolled = { x: view.scrollLeft, y: view.scrollTop };
  }

  /** @param {number} next @param {Place} [point] of the view that stays where it is */
  function zoomTo(next, point = { x: size.width / 2, y: size.height / 2 }) {
    const here = seen();
    const [x, y] = [here.x + point.x / zoom, here.y + point.y / zoom];
    zoom = next;
    moveTo({ x: x * zoom - point.x, y: y * zoom - point.y });
    onMove(true);
  }

  return {
    seen,
    zoom: () => zoom,

    /** @param {Box | Place} place @returns {Place} where a place of the picture is in the view, on the screen's scale */
    at: (place) => ({ x: place.x * zoom + room.x - scrolled.x, y: place.y * zoom + room.y - scrolled.y }),

    /**
     * Take another picture, without moving where it has one of the old one's things.
     *
     * @param {{width: number, height: number}} next
     * @param {Place | null} place of the picture that is to be held still
     * @param {Place} where it is in the view
     */
    turn(next, place, where) {
      picture = next;
      if (place) moveTo({ x: place.x * zoom - where.x, y: place.y * zoom - where.y });
      else moveTo({ x: Math.min(scrolled.x - room.x, picture.width * zoom), y: Math.min(scrolled.y - room.y, picture.height * zoom) });
    },

    /** @param {number} by @param {Place} [point] */
    step(by, point) {
      const next = nextZoom(zoom, by);
      if (next !== zoom) zoomTo(next, point);
    },

    fit() {
      zoom = fitting(picture, size.width > 0 ? size : measured());
      moveTo({ x: 0, y: 0 });
      onMove(true);
    },

    /** The picture's first corner, at its own size. */
    home() {
      zoom = 1;
      moveTo({ x: 0, y: 0 });
    },

    /** Bring a part of the picture into view, if it is not. @param {Box} part */
    reveal(part) {
      const box = seen();
      const goal = { x: box.x, y: box.y };
      if (part.x < box.x || part.x + Math.min(part.width, box.width) > box.x + box.width) goal.x = part.x - Math.min(40, box.width / 8);
      if (part.y < box.y || part.y + Math.min(part.height, box.height) > box.y + box.height) goal.y = part.y - Math.min(60, box.height / 6);
      if (goal.x !== box.x || goal.y !== box.y) moveTo({ x: Math.max(goal.x, -MARGIN) * zoom, y: Math.max(goal.y, -MARGIN) * zoom });
    },

    /** Tell the page how near it is. @param {HTMLElement} figure @param {string} detail */
    label(figure, detail) {
      set(view, "data-detail", detail);
      const text = zoom < 0.1 ? (zoom * 100).toFixed(1) : String(Math.round(zoom * 100));
      if (figure.textContent !== `${text} %`) figure.textContent = `${text} %`;
    },

    destroy: () => watcher.disconnect(),
  };
}
