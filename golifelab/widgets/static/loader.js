/**
 * Brings the modules of the Runtime widget to life, once per page.
 *
 * The modules arrive as texts, every one after those it imports. Each becomes a blob URL; the relative
 * imports of the later ones are rewritten to it. No file of ours is ever fetched by its name.
 */

/** @typedef {{name: string, text: string}} Module */

const IMPORT = /^((?:import|export)\b[^"';(]*?|\} from )"(\.{1,2}\/[^"]+)"/gm;

/**
 * @param {string} text
 * @param {(specifier: string) => string} resolve
 * @returns {string} the module's text with its static imports resolved
 */
export function rewrite(text, resolve) {
  return text.replace(IMPORT, (_, head, specifier) => `${head}"${resolve(specifier)}"`);
}

/**
 * @param {string} specifier a relative one
 * @param {string} from the name of the module that imports it
 * @returns {string} the name of the module that is meant
 */
export const locate = (specifier, from) => new URL(specifier, `file:///${from}`).pathname.slice(1);

/**
 * @param {import("./page/host.js").Model} runtime the Runtime widget's model
 * @returns {Promise<typeof import("./main.js")>}
 */
export async function load(runtime) {
  const zipped = new Blob([runtime.get("bundle")]).stream().pipeThrough(new DecompressionStream("gzip"));
  /** @type {{modules: Module[], style: string}} */
  const bundle = await new Response(zipped).json();
  /** @type {Map<string, string>} */
  const urls = new Map();
  for (const { name, text } of bundle.modules) {
    const linked = rewrite(text, (specifier) => urls.get(locate(specifier, name)) ?? specifier);
    urls.set(name, URL.createObjectURL(new Blob([linked], { type: "text/javascript" })));
  }
  const main = await import(/** @type {string} */ (urls.get("main.js")));
  for (const url of urls.values()) URL.revokeObjectURL(url);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(bundle.style);
  return { ...main, render: (/** @type {import("./page/host.js").Host} */ host) => styled(host, sheet, main.render) };
}

/**
 * Give the style to the tree that the view is in: the document, or the shadow root some hosts put it in.
 *
 * @param {import("./page/host.js").Host} host
 * @param {CSSStyleSheet} sheet
 * @param {(host: import("./page/host.js").Host) => unknown} render
 */
function styled(host, sheet, render) {
  const tree = host.el.getRootNode();
  const home = tree instanceof ShadowRoot ? tree : document;
  if (!home.adoptedStyleSheets.includes(sheet)) home.adoptedStyleSheets = [...home.adoptedStyleSheets, sheet];
  return render(host);
}
