// Servers, nginx and Redis, each a process of its own with its files in one temporary folder. Everything that is ended
// here was started here.
import { closeSync, constants, existsSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { freePort } from '../conformance/lib/ports.mjs';
import { Process } from '../conformance/lib/process.mjs';
import { until, within } from '../conformance/lib/wait.mjs';
import { startLink } from '../cluster/lib/link.mjs';
import { redisCli, redisWords } from '../cluster/lib/redis_server.mjs';

const nginx = existsSync('/usr/sbin/nginx') ? '/usr/sbin/nginx' : 'nginx';

const official = fileURLToPath(new URL('../cluster/server/official.mjs', import.meta.url));
const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time));

/** One that may stand still, and has to go. */
class Stoppable extends Process {
  /** Its end is wanted. */
  wanted = false;
  async end(name = 'SIGKILL') {
    this.wanted = true;
    this.signal('SIGCONT');
    this.signal(name);
    const late = setTimeout(() => this.signal('SIGKILL'), 5000);
    await this.ended;
    clearTimeout(late);
  }
}

export class Farm {
  #folder = mkdtempSync(join(tmpdir(), 'aerie-chaos-'));
  servers = [];
  /** What servers have printed that have ended by themselves. */
  crashes = [];
  #ending = false;
  /** Between the balancer and the first server, and between that and Redis: the others have none. */
  links = {};

  static async start(options) {
    const farm = new Farm();
    farm.options = options;
    try {
      farm.redisPort = await freePort();
      await farm.startRedis();
      farm.links.redis = await startLink(farm.redisPort);
      for (let i = 0; i < options.servers; i++) {
        farm.servers.push({ index: i, port: await freePort(), process: null });
        await farm.startServer(i);
      }
      farm.links.server = await startLink(farm.servers[0].port);
      farm.port = await freePort();
      await farm.startNginx();
    } catch (error) {
      await farm.end();
      throw error;
    }
    return farm;
  }

  /** `name`'s wall clock, in milliseconds beside the true one, until it is set again. */
  shiftClock(name, milliseconds) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(milliseconds) * 1_000_000n);
    // In place: processes that run see it at once.
    const file = openSync(this.#clock(name), constants.O_RDWR | constants.O_CREAT);
    writeSync(file, bytes, 0, 8, 0);
    closeSync(file);
  }
  #clock(name) {
    return join(this.#folder, `clock of ${name}`);
  }
  #process(name, command, args) {
    if (!existsSync(this.#clock(name))) this.shiftClock(name, 0);
    return new Stoppable(command, args, {
      LD_PRELOAD: this.options.clock,
      AERIE_CLOCK_SHIFT: this.#clock(name),
      // A sanitized server has its own library first otherwise.
      ASAN_OPTIONS: `verify_asan_link_order=0:${process.env.ASAN_OPTIONS ?? ''}`,
    });
  }

  async startRedis() {
    const args = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--enable-debug-command', 'yes'];
    this.redis = this.#process('redis', 'redis-server', redisWords({ port: this.redisPort, folder: this.#folder, args }));
    await until(() => !this.redis.runs || this.redis.output.includes('Ready to accept connections'), 'Redis', 10_000);
    if (!this.redis.runs) throw new Error(`redis-server has ended: ${this.redis.output}`);
  }
  /** What Redis answers; nothing if it does not. */
  async command(...words) {
    return within(redisCli(['-p', this.redisPort, ...words]), 'Redis answers', 5000).then(
      (answer) => answer.trim(),
      () => null,
    );
  }

  /** Runs until it is ended; one that ends by itself is started again, as a supervisor would. */
  async startServer(index) {
    const server = this.servers[index];
    const { adapter, delivery, recovery, target, heartbeat = 1000 } = this.options;
    // Different numbers of event loops in one cluster.
    const redisPort = index === 0 ? this.links.redis.port : this.redisPort;
    const words = ['--port', server.port, '--redis', `redis://127.0.0.1:${redisPort}`, '--adapter', adapter,
      '--threads', 1 + (index % 2), '--recovery', recovery, '--ping-interval', heartbeat, '--ping-timeout', heartbeat]; // prettier-ignore
    const isOfficial = target === 'official';
    if (!isOfficial && delivery !== 'at-most-once') words.push('--delivery', delivery);
    const started = isOfficial
      ? this.#process(`server ${index}`, process.execPath, [official, ...words])
      : this.#process(`server ${index}`, target, words);
    server.process = started;
    await until(() => !started.runs || started.output.includes('listening on'), 'a server', 20_000);
    if (!started.runs) throw new Error(`the server has ended: ${started.output}`);
    void started.ended.then(() => this.#again(index, started));
  }
  async #again(index, ended) {
    if (ended.wanted || this.#ending) return;
    this.crashes.push(`server ${index} has ended (${ended.code}): ${ended.output.trim().slice(-600)}`);
    for (;;) {
      await sleep(200);
      // Somebody else has started it meanwhile.
      if (this.#ending || this.servers[index].process !== ended) return;
      try {
        return await this.startServer(index);
      } catch {
        ended = this.servers[index].process;
        if (ended.wanted) return;
        await ended.end();
        ended.wanted = false;
      }
    }
  }

  // Each client says which server it wants, as a cookie would: sessions in memory are on one server alone. With the
  // guarantee of the cluster any server will do.
  async startNginx() {
    const ports = this.servers.map(({ port }, index) => (index === 0 ? this.links.server.port : port));
    const places = ports.map((port, index) => `    ${index} 127.0.0.1:${port};\n`).join('');
    const pool = ports.map((port) => `    server 127.0.0.1:${port} max_fails=0;\n`).join('');
    const config = `worker_processes 1; daemon off; pid ${this.#folder}/nginx.pid; error_log stderr crit;
events { worker_connections 2048; }
http {
  access_log off; client_body_temp_path ${this.#folder}/body; proxy_temp_path ${this.#folder}/proxy;
  fastcgi_temp_path ${this.#folder}/f; uwsgi_temp_path ${this.#folder}/u; scgi_temp_path ${this.#folder}/s;
  upstream any {\n${pool}  }
  map $arg_server $place {\n    default any;\n${places}  }
  server {
    listen 127.0.0.1:${this.port};
    location / {
      proxy_pass http://$place; proxy_http_version 1.1; proxy_connect_timeout 1s; proxy_read_timeout 30s;
      proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade"; proxy_set_header Host $host;
    }
  }
}
`;
    writeFileSync(join(this.#folder, 'nginx.conf'), config);
    this.nginx = new Stoppable(nginx, ['-p', this.#folder, '-c', join(this.#folder, 'nginx.conf')]);
    await until(
      async () => !this.nginx.runs || (await fetch(`http://127.0.0.1:${this.port}/socket.io/`).catch(() => null)) !== null,
      'nginx',
      10_000,
    );
    if (!this.nginx.runs) throw new Error(`nginx has ended: ${this.nginx.output}`);
  }

  /** Who answers, and how fast, and what they have printed last. */
  async describe() {
    const asked = async (name, port, output) => {
      const began = performance.now();
      const status = await fetch(`http://127.0.0.1:${port}/socket.io/`, { signal: AbortSignal.timeout(5000) }).then(
        (response) => response.status,
        (error) => String(error),
      );
      return `${name}: ${status} after ${Math.round(performance.now() - began)} ms; it has printed: ${output.slice(-500)}`;
    };
    const lines = this.servers.map(({ index, port, process }) => asked(`server ${index}`, port, process.output));
    lines.push(asked('nginx', this.port, this.nginx.output));
    lines.push(this.command('PING').then((answer) => `Redis: ${answer}; it has printed: ${this.redis.output.slice(-500)}`));
    return Promise.all(lines);
  }

  #all() {
    return [this.nginx, ...this.servers.map(({ process }) => process), this.redis].filter(Boolean);
  }
  killAll() {
    this.#ending = true;
    for (const process of this.#all()) {
      process.signal('SIGCONT');
      process.signal(process === this.nginx ? 'SIGTERM' : 'SIGKILL');
    }
  }
  async end() {
    this.#ending = true;
    await within(Promise.all(this.#all().map((each) => each.end('SIGTERM'))), 'the end', 20_000).catch(() => this.killAll());
    for (const link of Object.values(this.links)) await link.stop();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
