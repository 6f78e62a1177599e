import { spawn } from "node:child_process";
import { once } from "node:events";

const START_MS = 20_000;

/** A program that serves HTTP, started and stopped by the test. */
export class ServerProcess {
  #command;
  #options;
  #child = null;
  #output = "";

  /** `command`: program and arguments; `url`: where it answers when it is up. */
  constructor(command, { url, env = {}, cwd }) {
    this.#command = command;
    this.#options = { env: { ...process.env, ...env }, cwd };
    this.url = url;
  }

  async start() {
    const [program, ...args] = this.#command;
    const child = spawn(program, args, { ...this.#options, stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data) => (this.#output = (this.#output + data).slice(-4_000)));
    }
    const failed = new Promise((_, reject) => {
      child.once("error", reject);
      child.once("exit", (code, signal) => reject(new Error(`ended early (${code ?? signal})`)));
    });
    // Once it is up, its end is the test's own doing.
    failed.catch(() => undefined);
    try {
      await Promise.race([this.#answers(), failed]);
    } catch (error) {
      await this.kill();
      throw new Error(`${this.#command.join(" ")}: ${error.message}\n${this.#output}`);
    }
  }

  /** Without a chance to say goodbye, as a crash. */
  async kill(signal = "SIGKILL") {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  async #answers() {
    const deadline = Date.now() + START_MS;
    for (;;) {
      try {
        await fetch(this.url);
        return;
      } catch {
        if (Date.now() > deadline) throw new Error(`does not answer at ${this.url}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }
}
