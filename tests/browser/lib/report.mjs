import { mkdirSync } from "node:fs";
import { join } from "node:path";

/** Runs checks one after the other, says a line for each, and counts. */
export class Report {
  passed = 0;
  failed = 0;
  skipped = 0;

  constructor(screenshots) {
    this.screenshots = screenshots;
    if (screenshots) mkdirSync(screenshots, { recursive: true });
  }

  /** `people`: whose pages are pictured when the check fails. Returns whether it passed. */
  async check(name, people, body) {
    const start = Date.now();
    try {
      await body();
      this.passed += 1;
      console.log(`ok      ${name} (${Date.now() - start} ms)`);
      return true;
    } catch (error) {
      this.failed += 1;
      console.log(`FAILED  ${name}\n        ${String(error.message ?? error).replaceAll("\n", "\n        ")}`);
      await this.#picture(name, people);
      return false;
    }
  }

  skip(name, why) {
    this.skipped += 1;
    console.log(`skipped ${name}: ${why}`);
  }

  finish() {
    console.log(`${this.passed} passed, ${this.failed} failed, ${this.skipped} skipped`);
    return this.failed === 0 && this.passed > 0 ? 0 : 1;
  }

  async #picture(name, people) {
    if (!this.screenshots) return;
    for (const [index, person] of people.entries()) {
      const file = `failed-${name.replaceAll(/[^a-z0-9]+/gi, "-").slice(0, 60)}-${index + 1}.png`;
      await person.page.screenshot({ path: join(this.screenshots, file) }).catch(() => undefined);
    }
  }
}
