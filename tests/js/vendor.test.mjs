import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { VENDOR, vendorFiles } from "../../js/build.mjs";

test("the vendored editor is what its sources build", async () => {
  const built = await vendorFiles();
  assert.deepEqual((await readdir(VENDOR)).sort(), Object.keys(built).sort());
  for (const [name, text] of Object.entries(built)) {
    assert.ok(text === (await readFile(join(VENDOR, name), "utf8")), `${name} is out of date: run \`node js/build.mjs\``);
  }
});
