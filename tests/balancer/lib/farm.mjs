// Four chat servers behind a balancer, each a process of its own, and the balancer with the configuration in deploy/.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { freePort } from '../../conformance/lib/ports.mjs';
import { Process } from '../../conformance/lib/process.mjs';
import { until, within } from '../../conformance/lib/wait.mjs';

const require = createRequire(new URL('../../conformance/package.json', import.meta.url));
const { io } = require('socket.io-client');

const program = process.env.AERIE_CHAT;
if (!program) throw new Error('set AERIE_CHAT to the program aerie-chat');
const deploy = (path) => readFileSync(fileURLToPath(new URL(`../../../deploy/${path}`, import.meta.url)), 'utf8');

/** GET, from the client with that address of the machine. */
export function get(port, path, { from, cookie } = {}) {
  return within(
    new Promise((resolve, reject) => {
      const headers = cookie ? { cookie } : {};
      http
        .get({ host: '127.0.0.1', port, path, localAddress: from, headers, agent: false }, (answer) => {
          let body = '';
          answer.setEncoding('utf8').on('data', (text) => (body += text));
          answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body }));
        })
        .on('error', reject);
    }),
    `the answer to ${path}`,
  );
}

export class Farm {
  #folder = mkdtempSync(join(tmpdir(), 'aerie-balancer-'));
  #clients = [];
  servers = [];

  static async start(kind, { servers = 4, words = [] } = {}) {
    const farm = new Farm();
    for (let i = 0; i < servers; i++) farm.servers.push(await farm.#startServer(i, words));
    farm.port = await freePort();
    farm.url = `http://127.0.0.1:${farm.port}`;
    farm.balancer = kind === 'nginx' ? farm.#startNginx() : farm.#startHaproxy();
    await until(
      async () => {
        if (farm.balancer.code !== null) throw new Error(`${kind} has ended: ${farm.balancer.output}`);
        return (await get(farm.port, '/live').catch(() => ({}))).status === 200;
      },
      `${kind} answers`,
      15000,
    );
    return farm;
  }

  async #startServer(index, words, port) {
    port ??= await freePort();
    const server = new Process(program, ['--port', port, '--db', join(this.#folder, `${index}.db`), ...words]);
    Object.assign(server, { port, index, words });
    await until(() => server.code !== null || server.output.includes('listening on'), 'a server listens', 20000);
    if (server.code !== null) throw new Error(`the server has ended: ${server.output}`);
    return server;
  }

  /** Starts a server that has ended again, where it was. */
  async restart(index) {
    const { port, words } = this.servers[index];
    this.servers[index] = await this.#startServer(index, words, port);
  }

  // The configuration in deploy/, with these servers for those that stand there.
  #startNginx() {
    const lines = this.servers.map(({ port }) => `    server 127.0.0.1:${port} max_fails=0;\n`);
    const config = deploy('nginx/nginx.conf')
      .replace(/^(\s+server chat-.*\n)+/m, lines.join(''))
      .replace('listen 8080;', `listen 127.0.0.1:${this.port};`);
    const file = join(this.#folder, 'nginx.conf');
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((x) => `${x}_temp_path ${this.#folder}/${x};`);
    writeFileSync(
      file,
      `daemon off;\npid ${this.#folder}/nginx.pid;\nerror_log stderr;\n${config.replace('http {', `http {\naccess_log off;\n${paths.join('\n')}`)}`,
    );
    return new Process('nginx', ['-p', this.#folder, '-e', 'stderr', '-c', file]);
  }

  #startHaproxy() {
    const lines = this.servers.map(({ port }, i) => `  server chat-${i} 127.0.0.1:${port} cookie ${i}\n`);
    const config = deploy('haproxy/haproxy.cfg')
      .replace(/^(\s+server chat-.*\n)+/m, lines.join(''))
      .replace('bind :8080', `bind 127.0.0.1:${this.port}`)
      .replace(/maxconn \d+/, 'maxconn 1000');
    const file = join(this.#folder, 'haproxy.cfg');
    writeFileSync(file, config);
    return new Process('haproxy', ['-db', '-f', file]);
  }

  /** A visitor of a channel; `from` is its address. */
  async visit(channel, { from, ...options } = {}) {
    const agent = from ? new http.Agent({ localAddress: from, keepAlive: true }) : undefined;
    const socket = io(`${this.url}/channel-${channel}`, {
      forceNew: true,
      withCredentials: true,
      agent,
      reconnectionDelay: 50,
      reconnectionDelayMax: 200,
      ...options,
    });
    this.#clients.push(socket);
    socket.problems = [];
    socket.on('connect_error', (error) => socket.problems.push(error));
    await within(new Promise((resolve) => socket.once('connect', resolve)), 'a visitor comes in', 15000);
    return socket;
  }

  async stop() {
    for (const socket of this.#clients) socket.disconnect();
    // Its workers end with it.
    await this.balancer?.end('SIGTERM');
    await Promise.all(this.servers.map((server) => server.end('SIGKILL')));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Which server a socket's engine is at: the process that has a connection for it answers its session's id. */
export async function serverOf(farm, socket) {
  const sid = socket.io.engine.id;
  for (const server of farm.servers) {
    if (server.code !== null) continue;
    // A WebSocket cannot be opened for a session of another server: that one does not know it.
    const { body } = await get(server.port, `/socket.io/?EIO=4&transport=websocket&sid=${sid}`);
    if (!body.includes('Session ID unknown')) return server.index;
  }
  return null;
}
