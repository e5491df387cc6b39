/**
 * A chart along which one goes with the pointer: pressed anywhere, and drawn from there.
 */

/**
 * @param {HTMLElement} track
 * @param {() => number} count how many places there are, from left to right
 * @param {(place: number) => void} go
 */
export function drawnAlong(track, count, go) {
  /** @param {PointerEvent} event */
  const point = (event) => {
    const box = track.getBoundingClientRect();
    go(Math.max(0, Math.min(count() - 1, Math.floor(((event.clientX - box.left) / box.width) * count()))));
  };
  track.addEventListener("pointerdown", (event) => {
    track.setPointerCapture(event.pointerId);
    point(event);
  });
  track.addEventListener("pointermove", (event) => {
    if (track.hasPointerCapture(event.pointerId)) point(event);
  });
}
