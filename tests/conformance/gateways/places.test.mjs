// Gateways on ports and paths of their own, and without polling: node --test places.test.mjs
// AERIE_GATEWAYS names the program, AERIE_THREADS the number of its event loops, AERIE_PORTS ports for it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { io } from 'socket.io-client';
import { freePort } from '../lib/ports.mjs';
import { sleep, within } from '../lib/wait.mjs';
import { startServer } from './server.mjs';

const threads = ['--threads', process.env.AERIE_THREADS ?? '1'];
let server;
let ownPort;

before(async () => {
  ownPort = await freePort();
  server = await startServer('scattered', '--own-port', String(ownPort), ...threads);
});
after(async () => assert.equal(await server.stop(), 0));

function connect(port, namespace, options) {
  return io(`http://127.0.0.1:${port}${namespace}`, { forceNew: true, reconnection: false, ...options });
}

// What the gateway says of itself, and the transport that the client has ended up with.
async function ask(port, { namespace = '', ...options } = {}) {
  const socket = connect(port, namespace, options);
  const failed = once(socket, 'connect_error').then(([error]) => Promise.reject(error));
  await within(Promise.race([once(socket, 'connect'), failed]), 'a connection');
  const answer = await within(socket.emitWithAck('where'), 'an answer');
  const transport = socket.io.engine.transport.name;
  socket.close();
  return `${answer} over ${transport}`;
}

async function refusal(port, { namespace = '', ...options } = {}) {
  const socket = connect(port, namespace, options);
  const connected = once(socket, 'connect').then(() => Promise.reject(new Error('it has connected')));
  const [error] = await within(Promise.race([once(socket, 'connect_error'), connected]), 'a refusal');
  socket.close();
  return error;
}

const handshake = (port, path, origin, init = {}) =>
  fetch(`http://127.0.0.1:${port}${path}?EIO=4&transport=polling`, {
    ...init,
    headers: { origin, ...init.headers },
  });

async function logged(text) {
  const isThere = async () => {
    while (!server.log.some((line) => line.includes(text))) await sleep(5);
  };
  await within(isThere(), `a line of the log with ${text}`);
}

for (const transport of ['polling', 'websocket']) {
  const transports = [transport];

  test(`a gateway with another path, over ${transport}`, async () => {
    assert.equal(await ask(server.port, { path: '/realtime', transports }), `moved over ${transport}`);
  });

  test(`a gateway with a port of its own, over ${transport}`, async () => {
    assert.equal(await ask(ownPort, { transports }), `own over ${transport}`);
    assert.equal(await ask(ownPort, { transports, namespace: '/lobby' }), `lobby over ${transport}`);
  });
}

test('clients that begin with polling upgrade there, too', async () => {
  for (const [port, path] of [[server.port, '/realtime'], [ownPort, '/socket.io']]) {
    const socket = connect(port, '', { path });
    await within(once(socket, 'connect'), 'a connection');
    if (socket.io.engine.transport.name !== 'websocket') await within(once(socket.io.engine, 'upgrade'), 'the upgrade');
    assert.equal(await within(socket.emitWithAck('where'), 'an answer'), port === ownPort ? 'own' : 'moved');
    socket.close();
  }
});

test('a second path on the same port is a server of its own', async () => {
  const strict = { path: '/strict', transports: ['websocket'] };
  assert.equal(await ask(ownPort, strict), 'strict over websocket');
  assert.equal((await refusal(ownPort, { ...strict, namespace: '/lobby' })).message, 'Invalid namespace');
});

test('a gateway without polling takes clients that begin with WebSocket', async () => {
  const transports = ['websocket', 'polling'];
  assert.equal(await ask(ownPort, { path: '/strict', transports }), 'strict over websocket');
});

test('a gateway without polling refuses those that poll', async () => {
  assert.equal((await refusal(ownPort, { path: '/strict' })).message, 'xhr poll error');
  const response = await handshake(ownPort, '/strict/', 'https://strict.example');
  assert.equal(response.status, 400);
  assert.deepEqual(await response.json(), { code: 0, message: 'Transport unknown' });
});

test('each server answers with its own CORS', async () => {
  const allowed = async (port, path) => {
    const response = await handshake(port, path, 'https://elsewhere.example');
    const of = (name) => response.headers.get(`access-control-allow-${name}`);
    return [of('origin'), of('credentials')];
  };
  assert.deepEqual(await allowed(server.port, '/realtime/'), ['https://chat.example', null]);
  assert.deepEqual(await allowed(ownPort, '/socket.io/'), ['https://own.example', 'true']);
  assert.deepEqual(await allowed(ownPort, '/strict/'), ['https://strict.example', null]);
});

test('each server answers preflights with its own CORS', async () => {
  const preflight = { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } };
  for (const [port, path, origin] of [
    [server.port, '/realtime/', 'https://chat.example'],
    [ownPort, '/socket.io/', 'https://own.example'],
    [ownPort, '/strict/', 'https://strict.example'],
  ]) {
    const response = await handshake(port, path, origin, preflight);
    assert.deepEqual([response.status, response.headers.get('access-control-allow-origin')], [204, origin]);
  }
});

test('pages of other origins get no WebSocket', async () => {
  const from = (origin) => ({ path: '/strict', transports: ['websocket'], extraHeaders: { origin } });
  assert.equal(await ask(ownPort, from('https://strict.example')), 'strict over websocket');
  assert.equal((await refusal(ownPort, from('https://own.example'))).message, 'websocket error');
});

test('who asks the application for its gateway at the default path gets a 404, and the log says why', async () => {
  assert.equal((await refusal(server.port)).message, 'xhr poll error');
  const response = await handshake(server.port, '/socket.io/', 'https://chat.example');
  assert.deepEqual(await response.json(), {
    message: 'Cannot GET /socket.io/?EIO=4&transport=polling',
    error: 'Not Found',
    statusCode: 404,
  });
  await logged(
    'aerie: no route for GET /socket.io/: Socket.IO is at /realtime/; set the client\'s option `path` to that, ' +
      "or the server's `path` to the path that clients use",
  );
});

test('a port of a gateway explains where it is', async () => {
  const response = await handshake(ownPort, '/realtime/', 'https://own.example');
  assert.equal(response.status, 404);
  assert.match(await response.text(), /^aerie: no route for GET \/realtime\/: Socket\.IO is at \/(socket\.io|strict)\/;/);
});

test('gateways of one port and path that contradict each other stop the start', async () => {
  const start = startServer('conflicting', '--own-port', String(await freePort()), ...threads);
  await assert.rejects(start, {
    code: 1,
    log: [
      'aerie: StubbornGateway and OwnGateway share a server (one port and path) but set its `cors` differently; ' +
        'set it in one of them, or give one another port or path',
    ],
  });
});
