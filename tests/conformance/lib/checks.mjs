// Named checks, one after the other, for programs that are no test files of node's: their last line counts.

const counts = { passed: 0, failed: 0, skipped: 0 };
/** Only checks with this word in their names run: the program's argument. */
const word = process.argv[2] ?? '';

export async function test(name, body) {
  if (!name.includes(word)) return;
  try {
    await body();
    counts.passed += 1;
  } catch (error) {
    counts.failed += 1;
    console.log(`not ok: ${name}\n${error.stack}\n`);
  }
}

/** A check that cannot be made here. */
export function skip(what) {
  counts.skipped += 1;
  console.log(`skipped: ${what}`);
}

/** Ends the program. */
export function report() {
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exit(counts.failed === 0 ? 0 : 1);
}
