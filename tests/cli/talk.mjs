// Starts a new project's server and does what its README does: node tests/cli/talk.mjs script/server
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import net from 'node:net';

const require = createRequire(new URL('../conformance/package.json', import.meta.url));
const { io } = require('socket.io-client');
const patience = 5000;

const probe = net.createServer().listen(0, '127.0.0.1');
await once(probe, 'listening');
const { port } = probe.address();
probe.close();

const server = spawn(process.argv[2], { env: { ...process.env, PORT: String(port) }, stdio: 'inherit' });
const exit = once(server, 'exit');
const clients = [];
try {
  // Until it listens: the client tries again by itself.
  const ada = io(`http://127.0.0.1:${port}/chat`, { reconnectionDelay: 100, reconnectionDelayMax: 200 });
  clients.push(ada);
  await once(ada, 'connect', { signal: AbortSignal.timeout(4 * patience) });
  const bob = io(`http://127.0.0.1:${port}/chat`);
  clients.push(bob);

  assert.deepEqual(await ada.timeout(patience).emitWithAck('join', { room: 'lobby', name: 'Ada' }), []);
  const heard = once(ada, 'message', { signal: AbortSignal.timeout(patience) });
  ada.emit('send', { text: 'hello' });
  assert.deepEqual(await heard, [{ author: 'Ada', text: 'hello' }]);
  assert.deepEqual(await bob.timeout(patience).emitWithAck('join', { room: 'lobby', name: 'Bob' }), [
    { author: 'Ada', text: 'hello' },
  ]);

  const refused = once(bob, 'exception', { signal: AbortSignal.timeout(patience) });
  bob.emit('send', { text: '' });
  const [{ status, message }] = await refused;
  assert.equal(status, 'error');
  assert.match(JSON.stringify(message), /text must be longer than or equal to 1 characters/);

  const rooms = io(`http://127.0.0.1:${port}/rooms`, { forceNew: true });
  clients.push(rooms);
  assert.equal(await rooms.timeout(patience).emitWithAck('message', 'hi'), 'Hello world!');
  const answer = await fetch(`http://127.0.0.1:${port}/rooms`);
  assert.equal(await answer.text(), 'Hello world!');

  const left = once(ada, 'disconnect', { signal: AbortSignal.timeout(patience) });
  server.kill('SIGTERM');
  await left;
  assert.deepEqual(await exit, [0, null]);
} finally {
  for (const client of clients) client.disconnect();
  server.kill('SIGKILL');
}
