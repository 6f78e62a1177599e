// What axe-core finds in a page.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import assert from "node:assert/strict";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Fails with what axe-core says against the page as it is. Animations are to be over: half-faded text has no contrast. */
export async function isAccessible(person, what) {
  await person.page.evaluate(() => {
    // What goes on for ever is not waited for.
    const ending = document.getAnimations().filter((each) => each.effect?.getComputedTiming().endTime !== Infinity);
    return Promise.allSettled(ending.map((each) => each.finished)).then(() => undefined);
  });
  await person.page.evaluate(source);
  const { violations, passes } = await person.page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  assert.ok(passes.length > 0, `axe has looked at ${what}`);
  const said = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(" | ")}`);
  assert.deepEqual(said, [], what);
}
