import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";
import { locate, rewrite } from "../../golifelab/widgets/static/loader.js";

const STATIC = new URL("../../golifelab/widgets/static/", import.meta.url);

test("every static import of every module is rewritten, and nothing else", async () => {
  for (const name of (await readdir(STATIC, { recursive: true })).filter((file) => file.endsWith(".js") && !file.startsWith("vendor"))) {
    const text = await readFile(new URL(name, STATIC), "utf8");
    /** @type {string[]} */
    const seen = [];
    const linked = rewrite(text, (specifier) => (seen.push(specifier), `blob:${specifier.slice(2)}`));
    assert.ok(!/^(?!\s*\*).*from "\.{1,2}\//m.test(linked), `${name} keeps a relative import`);
    // Types name their modules in comments; those are nobody's imports.
    const code = text.replace(/\/\*[\s\S]*?\*\//g, "");
    assert.equal(seen.length, (code.match(/from "\.{1,2}\//g) ?? []).length, name);
  }
});

test("imports over several lines are found", () => {
  const text = 'import {\n  a,\n  b,\n} from "./vendor/x.js";\nexport { c } from "./c.js";\nconst d = "./d.js";\n';
  assert.equal(rewrite(text, () => "U"), 'import {\n  a,\n  b,\n} from "U";\nexport { c } from "U";\nconst d = "./d.js";\n');
});

test("a module is found from the folder of the one that imports it", () => {
  assert.equal(locate("./b.js", "a.js"), "b.js");
  assert.equal(locate("./b.js", "graph/a.js"), "graph/b.js");
  assert.equal(locate("../page/dom.js", "graph/a.js"), "page/dom.js");
});
