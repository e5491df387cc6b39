/**
 * Why a function is in a program: ways through what the linker keeps, looked up without the kernel.
 */

/**
 * @typedef {object} Nodes
 * @property {string[]} name
 * @property {number[]} package
 * @property {number[]} size
 * @property {number[]} parent a node; -1 where the linker starts
 * @property {number[]} kind
 * @property {number[]} how
 * @property {number[]} function
 * @property {Record<string, [string, string]>} more who puts the type of a method into an interface, who calls it
 */

/** @typedef {{name: string, kept: number, kept_bytes: number, thrown: number, thrown_bytes: number, names: string[], sizes: number[]}} Package */
/** @typedef {{users: string[], bytes: number, functions: number, largest: [string, number][]}} Reflection */

/**
 * @typedef {object} Reach
 * @property {Nodes} nodes
 * @property {string[]} packages
 * @property {string[]} kinds
 * @property {string[]} hows
 * @property {[number, [number, number][]][]} reasons
 * @property {[string, number][]} inlined
 * @property {Package[]} thrown
 * @property {Reflection} reflection
 * @property {{symbols: number, reachable: number, functions: number}} counts
 */

/** @typedef {{of: string, failed?: string, bytes: number, functions: number, symbols: number, largest: [string, number][], packages: [string, number, number][]}} Effect */

/**
 * What is known of a name: it is kept (`node`), it is part of another (`node` of that), or it was thrown
 * away (`package` and `place` in its list), or there is no such function.
 *
 * @typedef {{state: "kept" | "inlined" | "thrown" | "unknown", name: string, node: number, package: number, place: number}} Found
 */

/** @typedef {{node: number, name: string, package: string, size: number, kind: string, words: string}} Stop */

const WORDS = /** @type {Record<string, string>} */ ({
  entry: "the linker starts here",
  initialization: "run by the runtime before main.main",
  call: "called by it, or jumped to",
  wrapper: "the function itself: what stands before it is for callers by the other calling convention",
  address: "its address is in an instruction",
  pointer: "pointed to by data",
  type: "the description of a type that is needed",
  inlined: "its code is inlined there; it is no function of its own",
  metadata: "needed for tracebacks, the garbage collector or a debugger",
});

export class Index {
  /** @type {Map<string, number>} */
  #kept = new Map();
  /** @type {Map<string, number>} */
  #inlined;
  /** @type {Map<string, [number, number]>} */
  #thrown = new Map();

  /** @param {Reach} reach */
  constructor(reach) {
    this.reach = reach;
    reach.nodes.name.forEach((name, node) => {
      // Of two ABIs of one function, the one that Go code calls comes behind: a shorter way is the better one.
      if (!this.#kept.has(name)) this.#kept.set(name, node);
    });
    this.#inlined = new Map(reach.inlined);
    reach.thrown.forEach((one, number) => one.names.forEach((name, place) => this.#thrown.set(name, [number, place])));
    const functions = reach.nodes.name.filter((_, node) => reach.nodes.function[node]);
    /** All names of functions, each once. */
    this.names = [...new Set([...functions, ...this.#inlined.keys(), ...this.#thrown.keys()])];
  }

  /** @param {string} name @returns {Found} */
  find(name) {
    const nothing = { name, node: -1, package: -1, place: -1 };
    const node = this.#kept.get(name);
    if (node !== undefined) return { ...nothing, state: "kept", node };
    const host = this.#inlined.get(name);
    if (host !== undefined) return { ...nothing, state: "inlined", node: host };
    const place = this.#thrown.get(name);
    if (place) return { ...nothing, state: "thrown", package: place[0], place: place[1] };
    return { ...nothing, state: "unknown" };
  }

  /**
   * What a reader means by a name that has no package, or none at all.
   *
   * @param {string} text
   */
  meant(text) {
    const name = text || "main.main";
    if (this.find(name).state !== "unknown") return name;
    return this.find(`main.${name}`).state === "unknown" ? name : `main.${name}`;
  }

  /**
   * The way from the entry to what was found, both ends included; empty for what is not in the program.
   *
   * @param {Found} found
   * @returns {Stop[]}
   */
  way(found) {
    /** @type {Stop[]} */
    const stops = [];
    for (let node = found.node; node >= 0; node = this.reach.nodes.parent[node]) stops.push(this.stop(node));
    stops.reverse();
    if (found.state === "inlined") stops.push({ node: -1, name: found.name, package: "", size: 0, kind: "inlined", words: WORDS.inlined });
    return stops;
  }

  /** @param {number} node @returns {Stop} */
  stop(node) {
    const { nodes, kinds, packages } = this.reach;
    const kind = kinds[nodes.kind[node]];
    return { node, name: nodes.name[node], package: packages[nodes.package[node]], size: nodes.size[node], kind, words: this.words(node) };
  }

  /** @param {number} node @returns {string} why it is there, its parent being "it" */
  words(node) {
    const { nodes, kinds, hows } = this.reach;
    const kind = kinds[nodes.kind[node]];
    if (kind !== "method") return WORDS[kind] ?? kind;
    const [boxed, called] = nodes.more[node] ?? ["", ""];
    const how = hows[nodes.how[node]];
    const put = boxed ? `${boxed} puts the type into an interface, and ` : "";
    if (how === "interface") return `a method of this type: ${put}${called} calls it through one`;
    if (how === "name") return `a method of this type: ${put}${called} looks up a method of this name`;
    return `a method of this type: ${put}${called} looks methods up by a name that is not known before it runs`;
  }

  /**
   * Who else keeps a function: [name, kind] of those that are not on the shortest way.
   *
   * @param {number} node
   * @returns {{stops: {node: number, name: string, kind: string}[], count: number}}
   */
  others(node) {
    const { nodes, kinds, reasons } = this.reach;
    const [count, shown] = reasons[node] ?? [0, []];
    const parent = nodes.parent[node];
    const stops = shown
      .filter(([source]) => source >= 0 && source !== parent && source !== node)
      .map(([source, kind]) => ({ node: source, name: nodes.name[source], kind: kinds[kind] }));
    return { stops, count: Math.max(0, count - 1) };
  }
}

/**
 * How much of a package's code is in the program, in words.
 *
 * @param {Package} one
 */
export function share(one) {
  const whole = one.kept_bytes + one.thrown_bytes;
  return whole > 0 ? `${Math.round((100 * one.kept_bytes) / whole)} %` : "";
}

/**
 * What looking methods up by name costs, in a sentence.
 *
 * @param {Reflection} one
 */
export function reflectionWords(one) {
  const bytes = one.bytes.toLocaleString("en");
  const functions = `${one.functions.toLocaleString("en")} functions`;
  if (one.users.length > 0) return `${one.users[0]} looks methods up by a name that is not known before it runs. So every exported method of every type that an interface may hold stays: ${bytes} bytes, ${functions} that nothing else needs.`;
  return `Nothing here looks methods up by a name that is not known before it runs. One function that did would add ${bytes} bytes, ${functions}.`;
}

/**
 * @param {Effect} effect
 * @returns {string} what would go, in a sentence
 */
export function effectWords(effect) {
  if (effect.failed) return effect.failed;
  if (effect.functions <= 1 && effect.packages.length <= 1) return `Without ${effect.of} ${effect.bytes.toLocaleString("en")} bytes would go: nothing else is there for its sake alone.`;
  return `Without ${effect.of} ${effect.bytes.toLocaleString("en")} bytes would go: ${effect.functions.toLocaleString("en")} functions of ${effect.packages.length.toLocaleString("en")} packages, and what only they need.`;
}
