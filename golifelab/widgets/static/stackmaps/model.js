/**
 * The stack maps of a function, and what can be said of them: pure functions.
 */

/** @typedef {"arguments" | "locals"} AreaName */
/** @typedef {{area: AreaName, word: number, offset: number, name: string, ever: boolean}} Cell */
/** @typedef {{address: number, offset: number | null, section: string, count: number, bits: number, stride: number, header: string, data: string}} Bitmaps */
/** @typedef {{low: number, high: number, table: number, index: number, buckets: {number: number, first: number, shares: number[]}[], functions: [number, number, string][]}} Tables */
/** @typedef {{address: number[], size: number[], text: string[], line: number[], column: number[], own: number[], index: number[], stop: string[], unsafe: number[], names: (string[] | null)[]}} Code */

/**
 * @typedef {object} StackMaps
 * @property {string} function
 * @property {string} file
 * @property {string} architecture
 * @property {number} entry
 * @property {number} end
 * @property {number} frame_size
 * @property {number} word bytes
 * @property {Code} instructions
 * @property {Record<AreaName, string>[]} maps bits by index, word 0 first
 * @property {Cell[]} cells the highest address first
 * @property {[string, number][]} fixed
 * @property {Bitmaps | null} arguments
 * @property {Bitmaps | null} locals
 * @property {Tables | null} lookup
 * @property {{instructions: number, cells: number, maps: number}} hidden
 */

/** Bytes of code a bucket of findfunctab serves, and a part of it; as in the runtime's symtab.go. */
export const BUCKET = 4096;
export const SUBBUCKET = 256;
const BUCKET_BYTES = 20;
/** Instructions that nothing follows: what stands behind them is reached by a jump. */
const LEAVES = /^(RET|JMP|B|UNDEF|retq?|jmpq?|b|udf|ud2)\b(?!\.)/;

/** @param {number} number */
export function hex(number) {
  return `0x${number.toString(16)}`;
}

/** @param {number} number @param {string} noun */
export function count(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

/** Whether a bitmap calls a cell a pointer. @param {StackMaps} maps @param {number} index @param {Cell} cell */
export function isPointer(maps, index, cell) {
  return maps.maps[index]?.[cell.area][cell.word] === "1";
}

/**
 * "pointer", "dead" for a word that is a pointer elsewhere in the function, or "never".
 *
 * @param {StackMaps} maps
 * @param {number} step
 * @param {Cell} cell
 */
export function stateOf(maps, step, cell) {
  if (isPointer(maps, maps.instructions.index[step] ?? -1, cell)) return "pointer";
  return cell.ever ? "dead" : "never";
}

/** The runs of instructions in which a cell is a pointer: [first, end). @param {StackMaps} maps @param {Cell} cell */
export function runs(maps, cell) {
  /** @type {[number, number][]} */
  const found = [];
  maps.instructions.index.forEach((index, step) => {
    if (!isPointer(maps, index, cell)) return;
    const last = found[found.length - 1];
    if (last && last[1] === step) last[1] = step + 1;
    else found.push([step, step + 1]);
  });
  return found;
}

/** The steps at which the number of the bitmap changes. @param {StackMaps} maps */
export function changes(maps) {
  const { index } = maps.instructions;
  return index.flatMap((one, step) => (step > 0 && one !== index[step - 1] ? [step] : []));
}

/** The instructions behind the body that make the stack larger and begin anew: [first, end). @param {StackMaps} maps */
export function tail(maps) {
  const { stop, text } = maps.instructions;
  const at = stop.lastIndexOf("growth");
  if (at < 0) return [0, 0];
  let first = at;
  while (first > 0 && stop[first - 1] === "" && !LEAVES.test(text[first - 1])) first -= 1;
  return [first, text.length];
}

/** @param {Cell} cell */
export function nameOf(cell) {
  return cell.name || `${cell.area === "arguments" ? "argument" : "local"} word ${cell.word}`;
}

/** The pointers of a step, as words. @param {StackMaps} maps @param {number} step */
export function alive(maps, step) {
  return maps.cells.filter((cell) => stateOf(maps, step, cell) === "pointer").reverse();
}

/**
 * What the collector makes of a frame that stands at a step.
 *
 * @param {StackMaps} maps
 * @param {number} step
 */
export function sentence(maps, step) {
  const { index, stop, unsafe } = maps.instructions;
  const names = alive(maps, step).map((cell) => nameOf(cell));
  const most = 8;
  const listed = `${names.slice(0, most).join(", ")}${names.length > most ? ` and ${names.length - most} more` : ""}`;
  const roots = names.length > 0 ? `it follows ${listed}` : "it follows nothing from here";
  const bitmap = `bitmap ${index[step]}`;
  if (index[step] < 0) return "The tables have no bitmap for this instruction.";
  if (stop[step] === "call") return `While this call runs, the collector reads ${bitmap}: ${roots}.`;
  if (stop[step] === "growth") return `If the stack grows here, ${bitmap} (the one of the entry) tells which words to adjust: ${roots}.`;
  const never = unsafe[step] ? "The goroutine can’t be stopped here at all" : "No call here: a goroutine stopped at this instruction has this frame scanned word by word, without a map";
  return `${never}; the table still says ${bitmap}.`;
}

/**
 * The byte and the bit of a bitmap that speak of a word.
 *
 * @param {Bitmaps} bitmaps
 * @param {number} index
 * @param {number} word
 */
export function bitOf(bitmaps, index, word) {
  const at = index * bitmaps.stride + (word >> 3);
  const byte = parseInt(bitmaps.data.slice(2 * at, 2 * at + 2), 16);
  return { address: bitmaps.address + 8 + at, byte, bit: word & 7, value: (byte >> (word & 7)) & 1 };
}

/** The bytes of a bitmap, as pairs of hexadecimal digits. @param {Bitmaps} bitmaps @param {number} index */
export function bytesOf(bitmaps, index) {
  const from = 2 * index * bitmaps.stride;
  return bitmaps.data.slice(from, from + 2 * bitmaps.stride).match(/../g) ?? [];
}

/**
 * Where a key leads; null for keys that are not ours.
 *
 * @param {StackMaps} maps
 * @param {number} step
 * @param {string} key
 * @returns {number | null}
 */
export function move(maps, step, key) {
  const last = maps.instructions.text.length - 1;
  const stops = maps.instructions.stop.flatMap((stop, at) => (stop ? [at] : []));
  switch (key) {
    case "ArrowRight":
    case "ArrowDown":
      return Math.min(last, step + 1);
    case "ArrowLeft":
    case "ArrowUp":
      return Math.max(0, step - 1);
    case "PageDown":
    case "n":
      return stops.find((at) => at > step) ?? step;
    case "PageUp":
    case "p":
      return stops.filter((at) => at < step).pop() ?? step;
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return null;
  }
}

/**
 * The step that a selection of another view means: by its address, else its line and column; -1 for none.
 *
 * @param {StackMaps} maps
 * @param {import("../page/broker.js").Selection} selection
 */
export function stepAt(maps, selection) {
  const { address, size, line, column, own, stop } = maps.instructions;
  const wanted = Number(selection.address);
  if (selection.address && wanted >= maps.entry && wanted < maps.end) return address.findIndex((at, i) => wanted >= at && wanted < at + size[i]);
  if (!selection.line || (selection.file && selection.file !== maps.file)) return -1;
  const here = (/** @type {number} */ i) => own[i] === 1 && line[i] === selection.line;
  const exact = (/** @type {number} */ i) => here(i) && column[i] === selection.column;
  const called = (/** @type {number} */ i) => stop[i] === "call";
  for (const wanted of [(/** @type {number} */ i) => exact(i) && called(i), exact, (/** @type {number} */ i) => here(i) && called(i), here]) {
    const found = line.findIndex((_, i) => wanted(i));
    if (found >= 0) return found;
  }
  return -1;
}

/** Where to begin: the first call. @param {StackMaps} maps */
export function begin(maps) {
  return Math.max(0, maps.instructions.stop.indexOf("call"));
}

/**
 * The step to stand at in a new text: the instruction that was at the same place, as far as it is the same.
 *
 * @param {StackMaps} before
 * @param {number} step
 * @param {StackMaps} after
 */
export function keep(before, step, after) {
  if (before.function !== after.function) return begin(after);
  const [a, b] = [before.instructions, after.instructions];
  const nth = a.stop.slice(0, step).filter((stop) => stop === "call").length;
  if (a.stop[step] === "call") {
    const calls = b.stop.flatMap((stop, at) => (stop === "call" ? [at] : []));
    if (calls.length > 0) return calls[Math.min(nth, calls.length - 1)];
  }
  return Math.min(step, Math.max(0, b.text.length - 1));
}

/**
 * findfunc for an address of the function: what is computed and read, step by step.
 *
 * @param {StackMaps} maps
 * @param {number} pc
 * @returns {{name: string, what: string, value: string, at: string}[]}
 */
export function findfunc(maps, pc) {
  const tables = maps.lookup;
  if (!tables) return [];
  const offset = pc - tables.low;
  const number = Math.floor(offset / BUCKET);
  const share = Math.floor((offset % BUCKET) / SUBBUCKET);
  const bucket = tables.buckets.find((one) => one.number === number);
  if (!bucket) return [];
  const start = tables.index + number * BUCKET_BYTES;
  const first = bucket.first + bucket.shares[share];
  const rows = [
    { name: "offset", what: `${hex(pc)} − ${hex(tables.low)} (where the program’s code begins)`, value: hex(offset), at: "" },
    { name: "bucket", what: `${hex(offset)} / ${BUCKET}`, value: String(number), at: "" },
    { name: "part", what: `${hex(offset)} % ${BUCKET} / ${SUBBUCKET}`, value: String(share), at: "" },
    { name: "the bucket’s function", what: `findfunctab[${number}].idx`, value: String(bucket.first), at: hex(start) },
    { name: "the part’s share", what: `findfunctab[${number}].subbuckets[${share}]`, value: String(bucket.shares[share]), at: hex(start + 4 + share) },
    { name: "function to begin with", what: `${bucket.first} + ${bucket.shares[share]}`, value: String(first), at: "" },
  ];
  for (const [index, entry, name] of tables.functions) {
    if (index <= first) continue;
    const after = entry > pc;
    rows.push({ name: `function ${index} begins`, what: `${hex(entry)} ${after ? ">" : "≤"} ${hex(pc)}${after ? ": it is the one before" : ": go on"}`, value: name, at: hex(tables.table + 8 * index) });
    if (after) {
      const found = tables.functions.find((one) => one[0] === index - 1);
      rows.push({ name: "the function", what: `number ${index - 1}`, value: found?.[2] ?? "", at: "" });
      break;
    }
  }
  return rows;
}

/** @param {StackMaps} maps */
export function figures(maps) {
  const section = (maps.arguments ?? maps.locals)?.section;
  const words = /** @type {const} */ (["arguments", "locals"]).map((area) => `${count(maps[area]?.bits ?? 0, "word")} of ${area}`);
  const hidden = Object.entries(maps.hidden).filter(([, number]) => number > 0).map(([what, number]) => `${number.toLocaleString("en")} ${what} not shown`);
  return [`${words.join(", ")}`, section ? `in ${section}` : "", ...hidden].filter(Boolean).join(" · ");
}
