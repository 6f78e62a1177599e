// The server under test: a child process that speaks FIXTURE.md. AERIE_TARGET=official takes the
// official Node server, AERIE_FIXTURE=<program> Aerie's conformance_server.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { after, before } from 'node:test';
import { RawConnection } from './raw.mjs';
import { freePort } from './ports.mjs';
import { patience, until, within } from './wait.mjs';

export const official = process.env.AERIE_TARGET === 'official';
const threads = process.env.AERIE_THREADS ?? '1';
const officialProgram = fileURLToPath(new URL('../fixture/official.mjs', import.meta.url));

function commandLine() {
  if (official) return [process.execPath, officialProgram];
  if (process.env.AERIE_FIXTURE) return [process.env.AERIE_FIXTURE, '--threads', threads];
  throw new Error('set AERIE_FIXTURE to the program conformance_server, or AERIE_TARGET=official');
}

export class Server {
  #child;
  #output = '';
  #errors = '';
  #exit;
  #tracked = new Set();
  #lastChecks = [];

  // Starts the fixture with `options` (an array of command line words) and waits until it listens.
  static async start(options = [], port = undefined) {
    const server = new Server();
    await server.start(options, port);
    return server;
  }

  async start(options, port) {
    for (let attempt = 1; ; attempt++) {
      const wanted = port ?? (await freePort());
      const [program, ...words] = commandLine();
      this.#launch(program, [...words, '--port', String(wanted), ...options.map(String)]);
      if (await this.#listens()) return;
      // Another test file may have taken the port between the probe and the start.
      if (port !== undefined || attempt === 3) {
        throw new Error(`the fixture did not start: ${options.join(' ')}\n${this.#errors}`);
      }
    }
  }

  #launch(program, words) {
    this.#output = '';
    this.#errors = '';
    this.#child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout.setEncoding('utf8').on('data', (text) => (this.#output += text));
    this.#child.stderr.setEncoding('utf8').on('data', (text) => (this.#errors += text));
    this.#exit = new Promise((resolve) => {
      this.#child.on('close', (code, signal) => resolve({ code, signal }));
      this.#child.on('error', (error) => {
        this.#errors += error.message;
        resolve({ code: -1, signal: null });
      });
    });
  }

  async #listens() {
    let exited = false;
    this.#exit.then(() => (exited = true));
    const line = await until(() => exited || this.listeningLines().at(-1), 'the fixture listens', 15000);
    if (line === true) return false;
    this.url = line.split(' ').at(-1);
    this.port = Number(new URL(this.url).port);
    this.secure = this.url.startsWith('https');
    return true;
  }

  listeningLines() {
    return this.#output.split('\n').filter((line) => line.startsWith('listening on '));
  }

  get pid() {
    return this.#child.pid;
  }

  // What the fixture wrote to stderr: sanitizers report there.
  get errors() {
    return this.#errors;
  }

  // Remembers something with a `destroy()`, to be destroyed before the server stops.
  track(closable) {
    this.#tracked.add(closable);
    return closable;
  }

  releaseClients() {
    for (const closable of this.#tracked) closable.destroy();
    this.#tracked.clear();
  }

  // Waits for the end of a process that was asked to end: its exit code, and the last log it printed.
  async ended(ms = 8000) {
    const { code, signal } = await within(this.#exit, 'the fixture exits', ms);
    const line = this.#output.split('\n').findLast?.((each) => each.startsWith('log '));
    return { code, signal, log: line ? JSON.parse(line.slice(4)) : [] };
  }

  signal(name) {
    this.#child.kill(name);
  }

  async kill() {
    this.#child.kill('SIGKILL');
    await this.#exit;
  }

  // What must still hold when the tests are over.
  beforeStop(check) {
    this.#lastChecks.push(check);
  }

  // Stops the server gracefully; anything but a clean end of Aerie's fixture is an error.
  async stop() {
    const failures = [];
    for (const check of this.#lastChecks) await check().catch((error) => failures.push(error));
    await this.#end();
    if (failures.length > 0) throw failures[0];
  }

  async #end() {
    this.releaseClients();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.#judge();
    this.#child.kill(official ? 'SIGKILL' : 'SIGTERM');
    try {
      await within(this.#exit, 'the fixture exits after SIGTERM', 8000);
    } catch (error) {
      await this.kill();
      throw error;
    }
    this.#judge();
  }

  #judge() {
    const { exitCode, signalCode } = this.#child;
    const reported = /ERROR: \w+Sanitizer|runtime error:|WARNING: ThreadSanitizer/.test(this.#errors);
    const dead = exitCode !== 0 || (signalCode !== null && signalCode !== 'SIGKILL');
    if (!official && (reported || (dead && signalCode !== 'SIGKILL'))) {
      throw new Error(`the fixture ended with ${exitCode ?? signalCode}:\n${this.#errors.slice(-8000)}`);
    }
  }

  // One HTTP request on a connection of its own; `path` may be anything.
  async request(method, path, { headers = {}, body = '' } = {}) {
    const connection = await this.connection();
    const lines = Object.entries({ Host: `127.0.0.1:${this.port}`, Connection: 'close', ...headers });
    const bytes = Buffer.from(body);
    if (bytes.length > 0 || method === 'POST') lines.push(['Content-Length', bytes.length]);
    const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    connection.write(Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${head}\r\n`), bytes]));
    const response = await connection.response({ bodyless: method === 'HEAD' });
    connection.destroy();
    return response;
  }

  async connection(options) {
    const connection = this.track(await RawConnection.open(this, options));
    connection.socket.once('close', () => this.#tracked.delete(connection));
    return connection;
  }

  async json(method, path, body) {
    const response = await this.request(method, path, {
      body: body === undefined ? '' : JSON.stringify(body),
    });
    return JSON.parse(response.text);
  }

  // The entries of the server's log that have all the members of `pattern`.
  async log(pattern = {}) {
    const entries = await this.json('GET', '/__log');
    return entries.filter((entry) => Object.entries(pattern).every(([name, value]) => entry[name] === value));
  }

  // Waits until the log has an entry like `pattern`, and gives the first.
  async logged(pattern, ms = patience) {
    return until(async () => (await this.log(pattern))[0], `log entry ${JSON.stringify(pattern)}`, ms);
  }

  clearLog() {
    return this.json('POST', '/__log');
  }

  // Runs a command of FIXTURE.md without a socket; gives its value.
  async command(command) {
    const answer = await this.json('POST', '/__do', command);
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.ok;
  }

  async supports(feature) {
    this.unsupported ??= (await this.json('GET', '/__features')).unsupported;
    return !this.unsupported.includes(feature);
  }
}

// Declares a server for the tests of the enclosing describe (or file). The object is usable inside tests.
export function serve(...options) {
  const server = new Server();
  before(() => server.start(options.flat()));
  after(() => server.stop());
  return server;
}
