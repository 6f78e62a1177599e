// Starts every example and talks to it with the official client:
//
//     node examples/run_all.mjs [directory of the programs]
//
// The client is the one that the conformance tests install (npm ci in tests/conformance).
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connect as connectTls } from 'node:tls';

import { tutorial } from './gateway_tutorial/checks.mjs';

const require = createRequire(new URL('../tests/conformance/package.json', import.meta.url));
const { io } = require('socket.io-client');
const { WebSocket } = require('ws');

const programs = resolve(process.argv[2] ?? new URL('../build/release/bin', import.meta.url).pathname);
const patience = 20_000;

const freePort = () =>
  new Promise((done) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

const once = (emitter, event) =>
  new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`no ${event} within ${patience} ms`)), patience);
    emitter.once(event, (...args) => {
      clearTimeout(timer);
      done(args);
    });
  });

// A running example, and the clients that talk to it.
class Example {
  #clients = [];
  #programs = [];

  static async start(name, { words = [], scheme = 'http', env = () => ({}) }) {
    const example = new Example();
    example.port = await freePort();
    example.url = `${scheme}://127.0.0.1:${example.port}`;
    const environment = { ...process.env, ...env(example.port) };
    example.child = spawn(join(programs, name), ['--port', String(example.port), ...words], {
      env: environment,
    });
    example.exit = new Promise((done) => example.child.on('close', (code, signal) => done({ code, signal })));
    example.output = '';
    for (const stream of [example.child.stdout, example.child.stderr]) {
      stream.on('data', (data) => (example.output += data));
    }
    try {
      await example.listens();
    } catch (error) {
      await example.stop();
      throw error;
    }
    return example;
  }

  async listens() {
    for (const end = Date.now() + patience; Date.now() < end; await new Promise((done) => setTimeout(done, 20))) {
      const socket = net.connect(this.port, '127.0.0.1');
      const open = await new Promise((done) => socket.on('connect', () => done(true)).on('error', () => done(false)));
      socket.destroy();
      if (open) return;
    }
    throw new Error(`it does not listen: ${this.output}`);
  }

  // A client that is not connected yet, so that nothing which it is sent first is missed.
  client(options = {}) {
    const { nsp = '', ...rest } = options;
    const socket = io(this.url + nsp, { forceNew: true, reconnection: false, ...rest });
    this.#clients.push(socket);
    return socket;
  }

  async connect(options = {}) {
    const socket = this.client(options);
    await once(socket, 'connect');
    return socket.timeout(patience);
  }

  // Another program that talks to it, and all that it prints. It does not outlive the check.
  program(name, words) {
    const child = spawn(join(programs, name), words, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#programs.push(child);
    child.shown = '';
    child.stdout.setEncoding('utf8').on('data', (more) => {
      child.shown += more;
      child.emit('shown');
    });
    child.shows = async (text) => {
      while (!child.shown.includes(text)) await once(child, 'shown');
      return child.shown;
    };
    return child;
  }

  // What it prints comes by another way than what it sends.
  async says(pattern) {
    for (const end = Date.now() + patience; Date.now() < end; await new Promise((done) => setTimeout(done, 20))) {
      if (pattern.test(this.output)) return;
    }
    assert.match(this.output, pattern);
  }

  // How it has ended, once it was asked to.
  async ends() {
    const late = new Promise((_, fail) => setTimeout(fail, patience, new Error('it goes on')).unref());
    return Promise.race([this.exit, late]);
  }

  async stop() {
    for (const socket of this.#clients) socket.disconnect();
    for (const program of this.#programs) program.kill('SIGKILL');
    this.child.kill('SIGTERM');
    // One that does not obey is a failure of its own check, not of all.
    const timer = setTimeout(() => this.child.kill('SIGKILL'), patience);
    await this.exit;
    clearTimeout(timer);
  }
}

const checks = {
  async echo(example) {
    const socket = example.client();
    const [[id]] = await Promise.all([once(socket, 'welcome'), once(socket, 'connect')]);
    assert.equal(id, socket.id);
    const anything = { list: [1, null, 'é'], bytes: Buffer.of(1, 2) };
    assert.deepEqual(await socket.timeout(patience).emitWithAck('echo', anything), anything);
    const greeting = once(socket, 'greeting');
    socket.emit('greet', 'Ada');
    assert.deepEqual(await greeting, ['Hello, Ada!', 0]);
    assert.equal(await socket.timeout(patience).emitWithAck('sum', [1, 2.5]), 3.5);
    assert.deepEqual([...(await socket.timeout(patience).emitWithAck('reverse', Buffer.of(1, 2)))], [2, 1]);
    const closed = once(socket, 'disconnect');
    example.child.kill('SIGTERM');
    await closed;
    assert.deepEqual(await example.ends(), { code: 0, signal: null });
  },

  // By itself, whether there is a Redis or not: tests/cluster has clusters.
  async redis_cluster(example) {
    const client = await example.connect();
    client.emit('join', 'lobby');
    const said = once(client, 'said');
    client.emit('say', 'lobby', 'hello');
    assert.deepEqual(await said, ['hello']);
    assert.equal((await client.emitWithAck('who', 'lobby'))[0], client.id);
    assert.match(await client.emitWithAck('cluster'), /./);
  },

  // The connection is cut between an order and its answer.
  async retries(example) {
    const socket = example.client({ reconnection: true, reconnectionDelay: 10, retries: 5, ackTimeout: 2000 });
    await once(socket, 'connect');
    const other = await example.connect();
    const placed = socket.emitWithAck('placeOrder', { id: 'a', item: 'tea' });
    await new Promise((done) => setTimeout(done, 50));
    socket.io.engine.close();
    assert.equal(await placed, 1);
    assert.equal(socket.recovered, true);
    assert.equal(await socket.emitWithAck('placeOrder', { id: 'b', item: 'milk' }), 2);
    assert.equal(await socket.emitWithAck('lookAt', 'tea'), undefined);
    assert.equal(await other.emitWithAck('count'), 2);
  },

  async memory_cluster(example) {
    await example.says(/listening on ports \d+ and \d+/);
    const [, port] = /and (\d+)/.exec(example.output);
    const here = await example.connect();
    const there = io(`http://127.0.0.1:${port}`, { forceNew: true, reconnection: false });
    await once(there, 'connect');
    there.on('who are you?', (answer) => answer('there'));
    const said = once(there, 'said');
    here.emit('say', 'hello');
    assert.deepEqual(await said, ['hello']);
    assert.equal(await here.emitWithAck('census'), 2);
    assert.deepEqual(await here.emitWithAck('others'), ['two']);
    assert.deepEqual(await here.emitWithAck('ask'), ['there']);
    await example.says(/operation has timed out/);
    there.disconnect();
  },

  async chat_30_lines(example) {
    const [ada, bob, eve] = [example.client(), example.client(), example.client()];
    await Promise.all([ada, bob, eve].map((socket) => once(socket, 'connect')));
    assert.equal(await ada.timeout(patience).emitWithAck('join', 'Ada', 'tea'), 'welcome to tea');
    const joined = once(ada, 'joined');
    await bob.timeout(patience).emitWithAck('join', 'Bob', 'tea');
    assert.deepEqual(await joined, ['Bob']);
    await eve.timeout(patience).emitWithAck('join', 'Eve', 'coffee');
    eve.on('said', () => assert.fail('a message left its room'));
    const said = [ada, bob].map((socket) => once(socket, 'said'));
    ada.emit('say', 'hello');
    assert.deepEqual(await Promise.all(said), [['Ada', 'hello'], ['Ada', 'hello']]);
    const left = once(ada, 'left');
    bob.disconnect();
    assert.deepEqual(await left, ['Bob']);

    // The same in a terminal.
    const words = ['--url', example.url, '--name', 'Tom', '--room', 'tea'];
    const tom = once(ada, 'joined');
    const terminal = example.program('chat_client', words);
    assert.deepEqual(await tom, ['Tom']);
    await terminal.shows('welcome to tea');
    const heard = once(ada, 'said');
    terminal.stdin.write('hi\n');
    assert.deepEqual(await heard, ['Tom', 'hi']);
    ada.emit('say', 'hello, Tom');
    assert.equal(await terminal.shows('Ada: hello, Tom\n'), 'welcome to tea\nTom: hi\nAda: hello, Tom\n');
    const gone = once(ada, 'left');
    terminal.stdin.end();
    assert.deepEqual(await gone, ['Tom']);
  },

  async field(example) {
    const watcher = await example.connect();
    assert.equal(await watcher.emitWithAck('watch'), true);
    const frame = once(watcher, 'telemetry');
    const finished = once(watcher, 'finished');
    const panel = existsSync(join(programs, 'qt_panel')) && example.program('qt_panel', ['--url', example.url]);
    if (panel) await panel.shows('watching\n');
    const robot = example.program('robot', ['--url', example.url, '--frames', '25']);
    const [name, bytes] = await frame;
    assert.equal(bytes.length, 16);
    assert.ok(bytes.readUInt32LE(0) < 25);
    assert.deepEqual(await finished, [name, 25]);
    await robot.shows('25 frames\n');
    if (panel) assert.match(await panel.shows(': 25 frames'), /: 16 bytes\n/);

    const moved = once(watcher, 'moved');
    const game = example.program('game_loop', ['--url', example.url, '--frames', '100000']);
    const [, to] = await moved;
    assert.ok(Math.abs(Math.hypot(to.x, to.y) - 1) < 1e-9, JSON.stringify(to));
    watcher.emit('move', { x: 1, y: 2 });
    await game.shows(`another player: ${watcher.id}\n`);
  },

  async gateway_auth(example) {
    const refused = example.client({ auth: { token: 'forged' } });
    const [error] = await once(refused, 'connect_error');
    assert.deepEqual([error.message, error.data], ['INVALID_TOKEN', { code: 'INVALID_TOKEN' }]);
    const { token } = await (await fetch(`${example.url}/login?name=Ada`, { method: 'POST' })).json();
    const socket = await example.connect({ auth: { token } });
    assert.deepEqual(await socket.emitWithAck('whoami'), { name: 'Ada' });
    const unset = spawnSync(join(programs, 'gateway_auth'), { env: { JWT_SECRET: 'short', TOKEN_TTL: 'soon' } });
    assert.equal(unset.status, 1);
    assert.equal(
      unset.stderr.toString(),
      'aerie: Config cannot be read from the environment:\n' +
        '  set TOKEN_TTL to a duration such as "500ms", "90s" or "15m" (its value is not shown)\n' +
        '  set JWT_SECRET to a text of at least 32 characters (its value is not shown)\n',
    );
  },

  async plain_websocket(example) {
    const address = `ws://127.0.0.1:${example.port}/prices`;
    const nameless = new WebSocket(address);
    const [, refusal] = await once(nameless, 'unexpected-response');
    assert.equal(refusal.statusCode, 403);
    nameless.on('error', () => {}).terminate();
    const socket = new WebSocket(`${address}?name=Ada`);
    const messages = [];
    socket.on('message', (data) => messages.push(JSON.parse(data)));
    await once(socket, 'open');
    socket.send(JSON.stringify({ event: 'watch', data: { symbol: 'ABC' } }));
    while (messages.length < 3) await once(socket, 'message');
    assert.equal(messages[0].event, 'welcome');
    assert.deepEqual(messages.slice(1, 3), [
      { event: 'price', data: { symbol: 'ABC', cents: 1000 } },
      { event: 'price', data: { symbol: 'ABC', cents: 1001 } },
    ]);
    socket.send('{"event":"leave"}');
    const [code, reason] = await once(socket, 'close');
    assert.deepEqual([code, reason.toString()], [1000, 'as you wish']);
  },

  async jwt_auth(example) {
    const refused = example.client({ auth: { token: 'forged' } });
    const [error] = await once(refused, 'connect_error');
    assert.deepEqual([error.message, error.data], ['unauthorized', { code: 'INVALID_TOKEN' }]);
    const { token } = await (await fetch(`${example.url}/login?name=Ada`, { method: 'POST' })).json();
    const socket = await example.connect({ auth: { token } });
    assert.deepEqual(await socket.emitWithAck('whoami'), { name: 'Ada' });
  },

  async own_io_context(example) {
    const socket = example.client();
    const first = await once(socket, 'tick');
    const second = await once(socket, 'tick');
    assert.equal(second[0], first[0] + 1);
    assert.equal(await socket.timeout(patience).emitWithAck('add', 1, 2), 3);
  },

  async tls(example, { renew }) {
    const socket = await example.connect({ rejectUnauthorized: false });
    assert.equal(await socket.emitWithAck('secure?'), true);
    const certificate = () =>
      new Promise((done, fail) => {
        const connection = connectTls({ port: example.port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
          done(connection.getPeerCertificate().subject.CN);
          connection.destroy();
        }).on('error', fail);
      });
    assert.equal(await certificate(), 'first');
    renew('second');
    const said = once(example.child.stdout, 'data');
    example.child.kill('SIGHUP');
    await said;
    assert.equal(await certificate(), 'second');
    assert.equal(await socket.emitWithAck('secure?'), true);
  },

  async gateway_rooms(example) {
    const socket = await example.connect({ nsp: '/rooms/7' });
    assert.equal(await socket.emitWithAck('whoami'), `${socket.id} in room 7`);
    const refused = once(socket, 'exception');
    socket.emit('nonsense', 1);
    assert.deepEqual(await refused, [
      { status: 'error', message: 'Unknown event', cause: { pattern: 'nonsense', data: 1 } },
    ]);
    assert.deepEqual(await socket.emitWithAck('counts'), { counts: 1, nonsense: 1, whoami: 1 });
    const [error] = await once(example.client({ nsp: '/rooms/x' }), 'connect_error');
    assert.equal(error.message, 'Invalid namespace');
  },

  async gateway_scopes(example) {
    const ada = await example.connect();
    const bob = await example.connect();
    for (const thing of ['bread', 'salt']) ada.emit('put', thing);
    assert.equal(await ada.emitWithAck('total'), 9);
    assert.equal(await bob.emitWithAck('total'), 0);
    assert.equal(await bob.emitWithAck('owner'), bob.id);
    assert.equal(await bob.emitWithAck('report', 'first'), 'first\n');
    assert.equal(await bob.emitWithAck('report', 'second'), 'first\nsecond\n');
    const refusal = async (socket, event, payload) => {
      const refused = once(socket, 'exception');
      socket.emit(event, payload);
      return (await refused)[0];
    };
    const { code, retryAfter } = await refusal(bob, 'report', 'third');
    assert.deepEqual([code, retryAfter], ['TOO_MANY_REQUESTS', 60_000]);
    assert.equal(await bob.emitWithAck('price', 'bread'), 5);
    assert.equal(await bob.emitWithAck('celebrate', { age: 35 }), 36);
    assert.deepEqual((await refusal(bob, 'celebrate', { age: 151 })).message, ['age must not be greater than 150']);
    ada.emit('put', 'x'.repeat(100));
    assert.equal((await refusal(ada, 'total')).message, 'Forbidden resource');
    assert.equal(await bob.emitWithAck('total'), 0);
  },

  async controllers(example) {
    const form = new FormData();
    form.set('title', 'Cat');
    form.set('picture', new Blob(['PNG'], { type: 'image/png' }), 'cat.png');
    const uploaded = await fetch(`${example.url}/api/v1/pictures`, { method: 'POST', body: form });
    assert.equal(await uploaded.text(), 'Cat: 3 bytes of image/png');
    form.append('picture', new Blob(['PNG']), 'second.png');
    const refused = await fetch(`${example.url}/api/v1/pictures`, { method: 'POST', body: form });
    assert.deepEqual(await refused.json(), { message: 'Too many files', error: 'Bad Request', statusCode: 400 });
    const leaving = new AbortController();
    const events = await fetch(`${example.url}/api/v1/prices/live/41`, { signal: leaving.signal });
    assert.equal(events.headers.get('content-type'), 'text/event-stream');
    let text = '';
    for await (const bytes of events.body) {
      text += Buffer.from(bytes).toString();
      if (text.includes('id: 2')) break;
    }
    leaving.abort();
    assert.equal(text, 'event: price\nid: 1\ndata: 41\n\nevent: price\nid: 2\ndata: 42\n\n');
    const table = await fetch(`${example.url}/api/v1/prices/table`);
    assert.equal((await table.text()).split('\n')[999], '1000,1000000');
    assert.equal(await (await fetch(`${example.url}/status`)).text(), 'fine');
    assert.equal((await fetch(`${example.url}/api/v2/prices/table`)).status, 404);
  },

  async typed(example) {
    const [socket, other] = [await example.connect(), example.client()];
    await once(other, 'connect');
    const told = once(other, 'todo:added');
    const todo = await socket.emitWithAck('todo:add', { title: 'write', priority: 'high' });
    assert.deepEqual([todo.id, todo.content], [1, { title: 'write', priority: 'high' }]);
    assert.ok(Math.abs(Date.parse(todo.createdAt) - Date.now()) < 60000);
    assert.deepEqual(await told, [todo]);
    assert.deepEqual(await socket.emitWithAck('todo:list'), [todo]);
    assert.equal(await socket.emitWithAck('todo:save', '/dev/null'), JSON.stringify([todo]).length);
    assert.equal(await socket.emitWithAck('remind', 20, 'tea'), 'Remember: tea');
  },

  async published_keys(example, { sign }) {
    const token = sign({ sub: 'ada', jti: 'first', exp: 4_000_000_000 });
    const ada = await example.connect({ auth: { token } });
    assert.equal(await ada.emitWithAck('hello'), 'Hello, ada!');
    const refused = async (auth) => (await once(example.client({ auth }), 'connect_error'))[0].message;
    assert.equal(await refused({ token: token.slice(0, -8) + 'AAAAAAAA' }), 'INVALID_TOKEN');
    assert.equal(await refused({ token: sign({ sub: 'ada', exp: 4_000_000_000 }, 'unknown') }), 'INVALID_TOKEN');
    ada.emit('revoke', 'second');
    await ada.emitWithAck('hello');
    assert.equal(await refused({ token: sign({ sub: 'eve', jti: 'second', exp: 4_000_000_000 }) }), 'INVALID_TOKEN');
  },

  // What a collector is sent of an event, and what the log says of it.
  async tracing(example, { collector }) {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const socket = example.client({ auth: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` } });
    await once(socket, 'connect');
    assert.equal(await socket.timeout(patience).emitWithAck('count', 'tea'), 3);
    assert.equal(await socket.timeout(patience).emitWithAck('count', ''), 0);
    const named = (name) => collector.spans.filter((span) => span.name === name);
    while (named('count receive').length < 2) await once(collector, 'spans');
    const [first] = named('count receive');
    assert.equal(first.traceId, traceId);
    assert.equal(first.parentSpanId, '00f067aa0ba902b7');
    const handler = named('ChatGateway.count').find((span) => span.parentSpanId === first.spanId);
    const query = named('count messages').find((span) => span.parentSpanId === handler.spanId);
    assert.equal(query.kind, 3);
    assert.deepEqual(query.attributes, [{ key: 'room', value: { stringValue: 'tea' } }]);
    assert.ok(BigInt(query.endTimeUnixNano) - BigInt(query.startTimeUnixNano) >= 5_000_000n);
    assert.deepEqual(
      named('count messages').map((span) => span.status.code),
      [undefined, 2],
    );
    assert.deepEqual(collector.resource.attributes[0], { key: 'service.name', value: { stringValue: 'chat' } });
    await example.says(new RegExp(`somebody counts trace_id=${traceId} span_id=${handler.spanId}`));
  },

  async validation(example) {
    const socket = await example.connect();
    const message = { roomId: 1, text: 'hello', attachments: [{ name: 'a' }] };
    assert.deepEqual(await socket.emitWithAck('check', message), []);
    assert.deepEqual(await socket.emitWithAck('check', { ...message, roomId: 0, attachments: [{ name: 1 }] }), [
      'roomId must not be less than 1',
      'attachments.0.name must be a string',
    ]);
  },
};

Object.assign(checks, tutorial({ once, patience, programs }));

// A set of one key, and what signs tokens with it.
function publishedKeys(file) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(file, JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', use: 'sig' }] }));
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signToken = (claims, kid = 'k') => {
    const signed = `${part({ alg: 'EdDSA', kid })}.${part(claims)}`;
    return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
  };
  return { words: ['--jwks-file', file], sign: signToken };
}

// Takes spans as OTLP sends them over HTTP.
function startCollector() {
  const collector = http.createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (more) => (text += more));
    request.on('end', () => {
      assert.equal(request.url, '/v1/traces');
      assert.equal(request.headers['content-type'], 'application/json');
      for (const { resource, scopeSpans } of JSON.parse(text).resourceSpans) {
        collector.resource = resource;
        for (const { spans } of scopeSpans) collector.spans.push(...spans);
      }
      response.setHeader('Content-Type', 'application/json').end('{}');
      collector.emit('spans');
    });
  });
  collector.spans = [];
  return collector.listen(0, '127.0.0.1');
}

// The words after `--port`, the environment, and what else a check needs.
function preparation(name, folder) {
  if (name === 'gateway_auth') return { env: () => ({ JWT_SECRET: 'an example of at least 32 characters' }) };
  if (name === 'tutorial_deployment') {
    return { env: (port) => ({ PORT: String(port), CLIENT_URL: 'http://page.example' }) };
  }
  if (name === 'published_keys') return publishedKeys(join(folder, 'jwks.json'));
  if (name === 'tracing') {
    const collector = startCollector();
    const env = () => ({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.address().port}` });
    return { env, collector, end: () => collector.close() };
  }
  if (name !== 'tls') return {};
  const [cert, key] = [join(folder, 'server.pem'), join(folder, 'server.key')];
  const renew = (subject) =>
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${subject}`, '-out', cert, '-keyout', key],
      { stdio: 'pipe' },
    );
  renew('first');
  return { words: ['--cert', cert, '--key', key], scheme: 'https', renew };
}

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  const folder = mkdtempSync(join(tmpdir(), 'aerie-example-'));
  let example;
  let prepared;
  try {
    prepared = preparation(name, folder);
    example = await Example.start(name, prepared);
    await check(example, prepared);
    console.log(`${name}: passed`);
  } catch (error) {
    failed++;
    console.log(`${name}: failed: ${error.stack}\n${example?.output ?? ''}`);
  } finally {
    await example?.stop();
    prepared?.end?.();
    rmSync(folder, { recursive: true });
  }
}
console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
