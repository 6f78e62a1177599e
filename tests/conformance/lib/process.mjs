// A program that a test runs beside itself.
import { spawn } from 'node:child_process';

import { within } from './wait.mjs';

/** Runs from the start on. `code` is null until it has ended, then its status, its signal, or why it could not be run. */
export class Process {
  /** The last of what it has printed. */
  output = '';
  code = null;

  /** `environment`: beside the one that there is. */
  constructor(command, args, environment = {}) {
    const env = { ...process.env, ...environment };
    this.child = spawn(command, args.map(String), { stdio: ['ignore', 'pipe', 'pipe'], env });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (this.output = (this.output + text).slice(-20_000)));
    }
    this.ended = new Promise((resolve) => this.child.on('close', (code, signal) => resolve((this.code = code ?? signal))));
    this.child.on('error', (error) => ((this.output += error.message), (this.code = error.message)));
  }
  get runs() {
    return this.code === null;
  }
  signal(name) {
    if (this.runs) this.child.kill(name);
  }
  /** Sends a signal; resolves at the end. */
  async end(signal = 'SIGKILL') {
    this.signal(signal);
    return within(this.ended, `the end after ${signal}`, 15000);
  }
}
