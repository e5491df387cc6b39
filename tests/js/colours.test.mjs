/**
 * The four hues are measured: apart from each other for every common kind of colour vision, and dark (or
 * light) enough against the page to be read.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const CSS = await readFile(new URL("../../golifelab/widgets/static/theme.css", import.meta.url), "utf8");
const NAMES = ["front", "middle", "machine", "process"];

/** Machado, Oliveira, Fernandes 2009: severe deficiency, on linear RGB. */
const VISIONS = {
  common: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

/** @param {string} hex @returns {number[]} linear RGB */
const linear = (hex) =>
  [1, 3, 5].map((i) => {
    const value = parseInt(hex.slice(i, i + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });

/** @param {number[]} rgb linear @returns {number[]} OKLab */
function oklab([r, g, b]) {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** @param {string} hex */
const luminance = (hex) => linear(hex).reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
/** @param {string} a @param {string} b */
function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** @param {string} block */
const hues = (block) => NAMES.map((name) => new RegExp(`--gl-${name}: (#[0-9a-f]{6})`).exec(block)?.[1] ?? assert.fail(name));
const blocks = CSS.split("}").filter((block) => block.includes("--gl-front:"));
const THEMES = { light: [hues(blocks[0]), "#ffffff"], dark: [hues(blocks[1]), "#181818"] };

test("the dark hues are the same in Lab and outside", () => {
  assert.equal(blocks.length, 3);
  assert.deepEqual(hues(blocks[2]), THEMES.dark[0]);
});

for (const [theme, [colours, page]] of Object.entries(THEMES)) {
  test(`the hues of the ${theme} theme can be read and told apart`, () => {
    for (const colour of colours) assert.ok(contrast(colour, /** @type {string} */ (page)) >= 4.5, `${colour} on ${page}: ${contrast(colour, /** @type {string} */ (page))}`);
    for (const [vision, m] of Object.entries(VISIONS)) {
      const seen = [...colours].map((hex) => {
        const rgb = linear(hex);
        return oklab([0, 3, 6].map((i) => Math.max(0, Math.min(1, m[i] * rgb[0] + m[i + 1] * rgb[1] + m[i + 2] * rgb[2]))));
      });
      for (let i = 0; i < seen.length; i += 1)
        for (let j = 0; j < i; j += 1) {
          const apart = Math.hypot(...seen[i].map((value, k) => value - seen[j][k]));
          assert.ok(apart > 0.1, `${NAMES[i]} and ${NAMES[j]} for ${vision} vision: ${apart.toFixed(3)}`);
        }
    }
  });
}

const WORDS = ["keyword", "string", "number", "operator", "comment"];
const GROUNDS = [
  { theme: "light", page: "#ffffff" },
  { theme: "dark", page: "#181818" },
  { theme: "dark, outside Lab", page: "#181818" },
];
for (const [block, { theme, page }] of GROUNDS.entries())
  test(`code can be read where Lab has no colours for it: ${theme}`, () => {
    for (const word of WORDS) {
      const colour = new RegExp(`--gl-code-${word}: var\\(--jp-mirror-editor-${word}-color, (#[0-9a-f]{6})\\)`).exec(blocks[block])?.[1] ?? assert.fail(word);
      assert.ok(contrast(colour, page) >= 4.5, `${word} ${colour}: ${contrast(colour, page)}`);
    }
  });
