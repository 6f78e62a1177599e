import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Person } from "./person.mjs";
import { until, within } from "../../conformance/lib/wait.mjs";

/** A chat server in a directory of its own, which survives its restarts. */
export class ChatServer {
  #command;
  #env;
  #child = null;
  #ended = null;
  #people = [];
  directory = mkdtempSync(join(tmpdir(), "aerie-chat-"));
  /** What it has written to standard output and error since its last start. */
  output = "";

  constructor(program, { port, words = [], env = {}, database = null }) {
    this.database = database ?? join(this.directory, "chat.db");
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.#command = [...program, "--port", String(port), "--db", this.database, ...words.map(String)];
    this.#env = env;
  }

  get pid() {
    return this.#child.pid;
  }

  /** Starts it with further options; resolves once it listens, rejects with its words if it ends. */
  async start(...words) {
    const { code } = await this.launch(words);
    if (code !== null) throw new Error(`ended with ${code} instead of listening: ${this.output}`);
  }

  /** Starts it; `code` is null if it listens, its exit code if it has ended. */
  async launch(words = []) {
    // After a check that failed before it had ended it.
    await this.end();
    const [program, ...args] = [...this.#command, ...words.map(String)];
    this.output = "";
    this.#child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...this.#env } });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => (this.output += text));
    }
    let end = null;
    this.#ended = new Promise((resolve) => this.#child.on("close", (code, signal) => resolve((end = { code, signal }))));
    await until(() => end || this.output.includes("listening on"), "the server listens or ends", 20_000);
    if (end) this.#child = null;
    return { code: end ? end.code : null };
  }

  /** Sends a signal and waits for the end. */
  async end(signal = "SIGKILL") {
    if (!this.#child) return { code: null, signal: null };
    this.#child.kill(signal);
    const ended = await within(this.#ended, `the server ends after ${signal}`, 15_000);
    this.#child = null;
    return ended;
  }

  /** Somebody who has signed in. */
  async person(nickname) {
    const person = await Person.signIn(this.url, nickname);
    this.#people.push(person);
    return person;
  }

  /** Stops everything; anything but a clean end is an error, as is what a sanitizer has to say. */
  async close() {
    for (const person of this.#people) person.leave();
    const running = this.#child !== null;
    const { code } = await this.end("SIGTERM");
    rmSync(this.directory, { recursive: true, force: true });
    if (running && code !== 0) throw new Error(`the server ended with ${code}:\n${this.output.slice(-4000)}`);
    if (/Sanitizer|runtime error/.test(this.output)) throw new Error(this.output.slice(-4000));
  }
}
