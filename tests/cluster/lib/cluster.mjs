// Clusters of servers as TARGET.md has them, and official clients of theirs.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

import { freePort } from '../../conformance/lib/ports.mjs';
import { until, within } from '../../conformance/lib/wait.mjs';

const require = createRequire(import.meta.url);
const { io: connect } = require('socket.io-client');

const officialProgram = fileURLToPath(new URL('../server/official.mjs', import.meta.url));

/** AERIE_TARGET=official: the suite itself is tried, on clusters of official servers alone. */
export const onlyOfficial = process.env.AERIE_TARGET === 'official';
const aerieProgram = process.env.AERIE_CLUSTER_TARGET;
if (!onlyOfficial && !aerieProgram) {
  throw new Error('set AERIE_CLUSTER_TARGET to the program cluster_target, or AERIE_TARGET=official');
}

function commandLine(kind) {
  if (kind === 'node') return [process.execPath, officialProgram];
  return [aerieProgram, '--threads', kind === 'aerie with two threads' ? '2' : '1'];
}

/** One server: `kind` is node, aerie or "aerie with two threads". */
export class Target {
  #child;
  #exit;
  #output = '';

  static async start(kind, options) {
    const target = new Target();
    target.kind = kind;
    target.port = await freePort();
    target.url = `http://127.0.0.1:${target.port}`;
    const [program, ...words] = commandLine(kind);
    // Aerie sees by itself that it is one.
    const said = options.filter((option) => kind === 'node' || option !== '--redis-cluster');
    target.#child = spawn(program, [...words, '--port', target.port, ...said].map(String), {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [target.#child.stdout, target.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (target.#output += text));
    }
    let ended = false;
    target.#exit = new Promise((resolve) => {
      target.#child.on('close', (code, signal) => {
        ended = true;
        resolve({ code, signal });
      });
      target.#child.on('error', (error) => {
        target.#output += error.message;
        ended = true;
        resolve({ code: -1, signal: null });
      });
    });
    await until(() => ended || target.#output.includes('listening on '), `${kind} listens`, 15000);
    if (ended) throw new Error(`${kind} did not start: ${target.#output}`);
    return target;
  }

  /** What it has written. */
  get output() {
    return this.#output;
  }

  signal(name) {
    this.#child.kill(name);
  }

  async kill() {
    this.#child.kill('SIGKILL');
    await this.#exit;
  }

  /** Asks it to end; anything but a clean end of Aerie's is an error. */
  async stop() {
    this.#child.kill('SIGTERM');
    const { code, signal } = await within(this.#exit, `${this.kind} ends`, 8000).catch(async (error) => {
      await this.kill();
      throw error;
    });
    if (this.kind !== 'node' && code !== 0) {
      throw new Error(`${this.kind} ended with ${code ?? signal}: ${this.#output}`);
    }
  }
}

/** An official client that remembers what it was sent. */
export class Client {
  received = [];

  static async connect(target, nsp = '/', options = {}) {
    const client = new Client();
    client.target = target;
    client.socket = connect(target.url + nsp, { forceNew: true, transports: ['websocket'], reconnection: false, ...options });
    client.socket.onAny((event, ...args) => {
      if (typeof args.at(-1) === 'function') args.pop();
      client.received.push([event, ...args]);
    });
    await within(new Promise((resolve) => client.socket.once('connect', resolve)), 'a client connects');
    return client;
  }

  get id() {
    return this.socket.id;
  }

  /** What its server answers to an event of TARGET.md. */
  ask(...args) {
    return within(this.socket.emitWithAck(...args), `an answer to ${JSON.stringify(args)}`);
  }

  do(op, job = {}) {
    return this.ask('do', { op, ...job });
  }

  /** The arguments of the events of this name, one after the other. */
  got(event) {
    return this.received.filter(([name]) => name === event).map(([, ...args]) => args);
  }

  close() {
    this.socket.disconnect();
  }
}

/** Servers that share a Redis. */
export class Cluster {
  targets = [];
  #clients = [];
  #fences = 0;

  static async start(kinds, options) {
    const cluster = new Cluster();
    for (const kind of kinds) cluster.targets.push(await Target.start(kind, options));
    await cluster.complete();
    return cluster;
  }

  /** Waits until every server knows of all of them. */
  async complete(count = this.targets.length) {
    for (const target of this.targets) {
      for (const nsp of ['/', '/chat']) {
        const client = await Client.connect(target, nsp);
        await until(async () => (await client.ask('servers')) === count, `${target.kind} knows of ${count} servers`);
        client.close();
      }
    }
  }

  /** Clients on each server: `[[a0, a1], [b0, b1]]`. */
  async connect(each = 2, nsp = '/chat', options = {}) {
    const clients = [];
    for (const target of this.targets) {
      const here = [];
      for (let i = 0; i < each; i++) here.push(await Client.connect(target, nsp, options));
      clients.push(here);
      this.#clients.push(...here);
    }
    return clients;
  }

  /** When it returns, whatever `from` has caused before has arrived at these clients. */
  async fence(from, clients) {
    const number = ++this.#fences;
    await from.do('emit', { event: 'fence', args: [number] });
    await until(
      () => clients.every((client) => client.got('fence').some(([n]) => n === number)),
      'everybody hears of a fence',
    );
  }

  /** These clients join a room, and every server has heard of it: dynamic channels take a moment. */
  async join(room, clients) {
    for (const client of clients) await client.ask('join', room);
    await this.reachable(room, clients);
  }

  /** Waits until what is sent to a room from any server reaches these clients. */
  async reachable(room, clients) {
    const everybody = this.#clients.filter((client) => client.socket.connected);
    for (const target of this.targets) {
      const from = everybody.find((client) => client.target === target);
      if (!from) continue;
      await until(async () => {
        const number = ++this.#fences;
        await from.do('emit', { rooms: [room], event: 'probe', args: [number] });
        return until(
          () => clients.every((client) => client.got('probe').some(([n]) => n === number)),
          'a probe arrives',
          200,
        ).catch(() => false);
      }, `${room} is reached from ${target.kind}`);
    }
  }

  releaseClients() {
    for (const client of this.#clients.splice(0)) client.close();
  }

  async stop() {
    this.releaseClients();
    await Promise.all(this.targets.map((target) => target.stop()));
  }
}
