/**
 * Builds the vendored editor: `node js/build.mjs` (or `npm run build`).
 *
 * The result is committed, so that a machine without Node can run the course; a test builds it again
 * and compares. The same inputs give the same bytes: versions are pinned in package.json, and nothing
 * here looks at the clock or at the machine.
 */
import { build } from "esbuild";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const ENTRY = join(ROOT, "js", "codemirror.js");
export const VENDOR = join(ROOT, "golifelab", "widgets", "static", "vendor");

/**
 * @param {string} path a bundled file, relative to the root
 * @returns {string} the name of its package
 */
function packageOf(path) {
  const parts = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length).split("/");
  return parts[0].startsWith("@") ? `${parts[0]}/${parts[1]}` : parts[0];
}

/**
 * @param {string} name
 * @returns {Promise<{version: string, text: string}>} a package's version and its licence
 */
async function licence(name) {
  const folder = join(ROOT, "node_modules", name);
  const version = JSON.parse(await readFile(join(folder, "package.json"), "utf8")).version;
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} ships no licence text`);
  return { version, text: (await readFile(join(folder, file), "utf8")).trim() };
}

/**
 * Everything that belongs into the vendor folder.
 *
 * @returns {Promise<Record<string, string>>} file name → text
 */
export async function vendorFiles() {
  const result = await build({
    entryPoints: [ENTRY],
    absWorkingDir: ROOT,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    metafile: true,
    write: false,
  });
  const bundled = Object.keys(result.metafile.inputs).filter((path) => path.includes("node_modules/"));
  const names = [...new Set(bundled.map(packageOf))].sort();
  const licences = await Promise.all(names.map(licence));
  /** @type {Map<string, string[]>} many packages share one text: it is printed once */
  const holders = new Map();
  names.forEach((name, i) => {
    const line = `${name} ${licences[i].version}`;
    holders.set(licences[i].text, [...(holders.get(licences[i].text) ?? []), line]);
  });
  const rule = `\n\n${"-".repeat(72)}\n\n`;
  const header = names.map((name, i) => `${name}@${licences[i].version}`).join(" ");
  return {
    "codemirror.js": `/* ${header} - see codemirror.LICENSE.txt */\n${result.outputFiles[0].text}`,
    "codemirror.d.ts": await readFile(ENTRY, "utf8"),
    "codemirror.LICENSE.txt": `${[...holders].map(([text, who]) => `${who.join("\n")}\n\n${text}`).join(rule)}\n`,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of Object.entries(await vendorFiles())) {
    await writeFile(join(VENDOR, name), text);
    console.log(`${name}: ${Buffer.byteLength(text)} bytes`);
  }
}
