// The client against the official server, against Aerie's, or against one that others have written:
// tests/conformance/lib/target.mjs says which.
//
//     AERIE_BIN=build/release/bin AERIE_TARGET=official node --test tests/client/
//     AERIE_BIN=build/release/bin AERIE_FIXTURE=$PWD/build/release/bin/conformance_server node --test tests/client/
//     PYTHONPATH=build/interop/python AERIE_FIXTURE=$PWD/tests/client/others/python_server.py \
//       AERIE_NO_NAMESPACE='Unable to connect' AERIE_QUIET=2500 node --test tests/client/interop.test.mjs
//     AERIE_FIXTURE=$PWD/build/interop/rust/debug/socketioxide-server AERIE_REFUSAL='{"message":"not authorized"}' \
//       node --test tests/client/interop.test.mjs
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { Server } from '../conformance/lib/target.mjs';

const bin = process.env.AERIE_BIN ?? 'build/release/bin';
// What the server says of a namespace that it does not have.
const noNamespace = process.env.AERIE_NO_NAMESPACE ?? 'Invalid namespace';
// What it says to who may not come in.
const refusal = JSON.parse(process.env.AERIE_REFUSAL ?? '{"message":"not authorized","data":{"code":401}}');
// Longer than its ping interval and timeout are together: milliseconds.
const quiet = process.env.AERIE_QUIET ?? '1000';
const heartbeats = ['--ping-interval', 300, '--ping-timeout', 200];

// Runs a program to its end; `onLine` sees each line that it prints.
function run(program, words, onLine = () => {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(`${bin}/${program}`, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    const limit = setTimeout(() => child.kill('SIGKILL'), 30_000);
    let output = '';
    let errors = '';
    let seen = 0;
    child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      const lines = output.split('\n').slice(0, -1);
      for (const line of lines.slice(seen)) onLine(line);
      seen = lines.length;
    });
    child.on('error', reject);
    child.on('close', (status, signal) => {
      clearTimeout(limit);
      resolve({ status, signal, errors, lines: output.trim().split('\n') });
    });
  });
}

async function connect(url, words, onLine = () => {}) {
  const result = await run('aerie', ['connect', url, ...words, '--json'], (line) => onLine(JSON.parse(line)));
  return { ...result, lines: result.lines.filter((line) => line !== '').map((line) => JSON.parse(line)) };
}

async function command(server, body) {
  const response = await fetch(`${server.url}/__do`, { method: 'POST', body: JSON.stringify(body) });
  return response.json();
}

let server;
before(async () => (server = await Server.start(heartbeats)));
after(() => server.stop());

for (const transport of ['polling', 'websocket', 'upgrade']) {
  it(`whatever is sent by ${transport} arrives`, async () => {
    const { status, lines, errors } = await run('client_talker', [server.url, transport, quiet]);
    assert.deepEqual(lines.filter((line) => line.startsWith('not ok')), [], errors);
    assert.equal(status, 0, errors);
    const carried = transport === 'polling' ? 'polling' : 'websocket';
    assert.ok(lines.includes(`transport ${carried}`), lines.join('\n'));
  });
}

describe('aerie connect', () => {
  for (const words of [[], ['--transport', 'polling'], ['--transport', 'websocket']]) {
    it(`sends and waits ${words.join(' ')}`, async () => {
      const { status, lines } = await connect(server.url, [
        ...words, '--emit', 'echo', '["hello",{"a":[1,null]}]', '--ack']);
      assert.equal(status, 0);
      assert.deepEqual(lines.map((line) => line.type), ['connect', 'ack']);
      assert.deepEqual(lines[1], { type: 'ack', args: ['hello', { a: [1, null] }] });
    });
  }

  it('waits for events', async () => {
    const { status, lines } = await connect(server.url, ['--emit', 'message', '[1,2]', '--wait', 'message-back']);
    assert.equal(status, 0);
    assert.deepEqual(lines.at(-1), { type: 'event', event: 'message-back', args: [1, 2] });
  });

  it('shows its credentials', async () => {
    const auth = ['--auth', '{"token":"secret"}'];
    const refused = await connect(server.url, ['--namespace', '/admin']);
    assert.equal(refused.status, 1);
    assert.deepEqual(refused.lines, [{ type: 'error', ...refusal }]);
    const taken = await connect(`${server.url}/admin`, auth);
    assert.equal(taken.status, 0);
    assert.equal(taken.lines[0].type, 'connect');
  });

  it('says that a namespace does not exist', async () => {
    const { status, lines } = await connect(server.url, ['--namespace', '/nowhere']);
    assert.equal(status, 1);
    assert.deepEqual(lines, [{ type: 'error', message: noNamespace }]);
  });

  it('ends when the time is over', async () => {
    const { status, lines } = await connect(server.url, ['--wait', 'never', '--timeout', '300ms']);
    assert.equal(status, 1);
    assert.deepEqual(lines.at(-1), { type: 'error', message: 'timeout' });
  });

  it('ends where nobody listens', async () => {
    const { status, lines } = await connect('http://127.0.0.1:1', []);
    assert.equal(status, 1);
    assert.equal(lines[0].type, 'error');
  });

  it('ends when the server disconnects it', async () => {
    const { status, lines } = await connect(`${server.url}/bye`, ['--wait', 'never']);
    assert.equal(status, 1);
    assert.deepEqual(lines.at(-1), { type: 'disconnect', reason: 'io server disconnect' });
  });
});

it('comes back when the server is started again', async () => {
  let mortal = await Server.start(heartbeats);
  const { url, port } = mortal;
  let connects = 0;
  const result = await connect(url, ['--wait', 'now', '--timeout', '15s'], async (line) => {
    if (line.type !== 'connect') return;
    connects += 1;
    if (connects === 1) {
      await mortal.kill();
      mortal = await Server.start(heartbeats, port);
    } else {
      await command(mortal, { do: 'emit', from: 'io', event: 'now', args: [1] });
    }
  });
  await mortal.stop();
  assert.equal(result.status, 0, JSON.stringify(result.lines));
  const types = result.lines.map((line) => line.type);
  assert.equal(types[0], 'connect');
  assert.ok(types.includes('disconnect'));
  assert.equal(types.at(-1), 'event');
});
