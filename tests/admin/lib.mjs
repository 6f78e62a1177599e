import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import readline from 'node:readline';
import * as wait from '../conformance/lib/wait.mjs';

const { io } = createRequire(new URL('../conformance/package.json', import.meta.url))('socket.io-client');
export const patience = 20_000;
export const binaries = process.env.AERIE_BIN ?? path.resolve(import.meta.dirname, '../../build/release/bin');

export const within = (promise, what, ms = patience) => wait.within(promise, what, ms);
export const until = (probe, what) => wait.until(probe, what, patience);

/** A server of either kind. */
export class Target {
  static async start(kind, words = []) {
    const command =
      kind === 'official'
        ? [process.execPath, path.join(import.meta.dirname, 'official.mjs')]
        : [path.join(binaries, 'admin_server')];
    const child = spawn(command[0], [...command.slice(1), ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal })));
    const lines = readline.createInterface({ input: child.stdout });
    const first = await within(Promise.race([new Promise((resolve) => lines.once('line', resolve)), ended]), `${kind} starts`);
    if (typeof first !== 'string') throw new Error(`${kind} has ended: ${JSON.stringify(first)}`);
    return Object.assign(new Target(), { kind, child, ended, url: `http://127.0.0.1:${first}` });
  }

  async close() {
    this.child.kill('SIGTERM');
    const { code } = await within(this.ended, `${this.kind} ends`);
    if (this.kind !== 'official' && code !== 0) throw new Error(`it ended with ${code}`);
  }
}

/** A client that is connected to a namespace. */
export async function connect(url, nsp, options = {}) {
  const socket = io(url + nsp, { forceNew: true, reconnection: false, transports: ['websocket'], ...options });
  await within(
    new Promise((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    }),
    `a client of ${nsp} connects`,
  ).catch((error) => {
    socket.disconnect();
    throw error;
  });
  return socket;
}

/** An administrator, with everything it hears. */
export class Administrator {
  heard = [];

  static async signIn(url, auth, options = {}) {
    const self = new Administrator();
    const socket = io(`${url}/admin`, { forceNew: true, reconnection: false, transports: ['websocket'], auth, ...options });
    // What comes before it has connected is heard as well.
    socket.onAny((event, ...args) => self.heard.push([event, ...args]));
    self.socket = socket;
    await within(
      new Promise((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('connect_error', reject);
      }),
      'the administrator connects',
    ).catch((error) => {
      socket.disconnect();
      throw error;
    });
    return self;
  }

  all(name) {
    return this.heard.filter(([event]) => event === name);
  }

  hears(name, check = () => true) {
    return until(
      () => this.all(name).find(([, ...args]) => check(...args)),
      () => `${name}; heard ${JSON.stringify(this.heard.slice(-8))}`,
    );
  }

  close() {
    this.socket.disconnect();
  }
}
