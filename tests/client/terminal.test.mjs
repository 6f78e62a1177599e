// `aerie connect` as somebody at a terminal has it: lines are edited, sent, and kept.
//
//     AERIE_BIN=build/release/bin AERIE_TARGET=official node --test tests/client/terminal.test.mjs
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { Server } from '../conformance/lib/target.mjs';

const bin = process.env.AERIE_BIN ?? 'build/release/bin';
const patience = 20_000;

// A program at a terminal, which `script` makes.
class Terminal {
  #shown = '';

  constructor(words, env) {
    const line = [`${bin}/aerie`, 'connect', ...words].map((word) => `'${word}'`).join(' ');
    this.child = spawn('script', ['-qec', line, '/dev/null'], { env: { ...process.env, ...env } });
    this.child.stdout.setEncoding('utf8').on('data', (text) => (this.#shown += text));
    this.ended = new Promise((resolve) => this.child.on('close', resolve));
    this.limit = setTimeout(() => this.child.kill('SIGKILL'), patience);
  }

  type(keys) {
    this.child.stdin.write(keys);
  }

  // Waits until it has shown something since the last time.
  async shows(pattern) {
    for (const end = Date.now() + patience; Date.now() < end; await new Promise((next) => setTimeout(next, 10))) {
      const found = pattern.exec(this.#shown);
      if (!found) continue;
      this.#shown = this.#shown.slice(found.index + found[0].length);
      return found;
    }
    return assert.match(this.#shown, pattern);
  }

  async end() {
    this.type('\x04');
    const status = await this.ended;
    clearTimeout(this.limit);
    return status;
  }
}

let server;
let folder;
before(async () => {
  server = await Server.start([]);
  folder = mkdtempSync(join(tmpdir(), 'aerie-terminal-'));
});
after(async () => {
  rmSync(folder, { recursive: true });
  await server.stop();
});

it('sends what is typed, and keeps it for the next time', async () => {
  const env = { XDG_STATE_HOME: folder, NO_COLOR: '1' };
  const first = new Terminal([server.url], env);
  await first.shows(/connect {2}id \S+/);
  first.type('?echo hello you\x17"there"\x01\x05\x7f\x7f\x7f\x7f\x7f\x7f\x7fthem\r');
  await first.shows(/ack {2}event echo {2}args \["hello them"\]/);
  first.type('message 1, {"a":2}\r');
  await first.shows(/event {2}event message-back {2}args \[1,{"a":2}\]/);
  first.type('disconnect\r');
  await first.shows(/error {2}message "disconnect" is a reserved event name/);
  assert.equal(await first.end(), 0);
  const kept = readFileSync(join(folder, 'aerie/connect_history'), 'utf8');
  assert.equal(kept, '?echo hello them\nmessage 1, {"a":2}\ndisconnect\n');

  const second = new Terminal([server.url], env);
  await second.shows(/connect {2}id \S+/);
  second.type('\x1b[A\x1b[A\r');
  await second.shows(/event message-back/);
  // What has come once is a name that may be completed.
  second.type('message-b\t"back"\r');
  await second.shows(/> message-back "back"\r*\n/);
  assert.equal(await second.end(), 0);
});

it('has the colours of a terminal, unless they are not wanted', async () => {
  const terminal = new Terminal([server.url], { XDG_STATE_HOME: folder, NO_COLOR: undefined });
  // eslint-disable-next-line no-control-regex
  await terminal.shows(/\x1b\[32mconnect\x1b\[0m/);
  assert.equal(await terminal.end(), 0);
});

it('completes what the server says that it takes', async () => {
  // A contract beside a server, wherever it is asked for.
  let asked;
  const contract = createServer((request, response) => {
    if (!request.url.startsWith('/docs')) return response.writeHead(404).end();
    asked = request.url;
    return response.end(
      JSON.stringify({
        channels: { Main: { address: '/', messages: { say: { name: 'say-it' } } } },
        operations: {
          a: {
            action: 'receive',
            channel: { $ref: '#/channels/Main' },
            messages: [{ $ref: '#/channels/Main/messages/say' }],
          },
        },
      }),
    );
  }).listen(0, '127.0.0.1');
  await new Promise((listens) => contract.once('listening', listens));
  const url = `http://127.0.0.1:${contract.address().port}`;
  const terminal = new Terminal([url, '--contract', '/docs/asyncapi.json'], { XDG_STATE_HOME: folder });
  for (const end = Date.now() + patience; !asked && Date.now() < end; ) await new Promise((next) => setTimeout(next, 10));
  // That it has read the answer shows in nothing else.
  for (const end = Date.now() + patience; Date.now() < end; ) {
    terminal.type('\x15sa\t');
    const seen = await terminal.shows(/> sa\S*/);
    if (/say-it/.test(seen[0])) break;
    await new Promise((next) => setTimeout(next, 50));
  }
  terminal.type('\x15sa\t');
  await terminal.shows(/> say-it /);
  await terminal.end();
  contract.close();
  assert.equal(asked, '/docs/asyncapi.json');
});
