// Checklist M: the life of the server.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { client, connect, connected, manager, refusal, run } from './lib/client.mjs';
import { PollingSession, target } from './lib/engine.mjs';
import { RawClient } from './lib/socketio.mjs';
import { Server, official, serve } from './lib/target.mjs';
import { once, until } from './lib/wait.mjs';

describe('closing the server', { concurrency: true }, () => {
  test('194 clients see transport close and try again, server sockets see the shutdown', async () => {
    const server = await Server.start();
    const shared = manager(server, { reconnection: true, reconnectionDelay: 20, reconnectionDelayMax: 50 });
    const sockets = [shared.socket('/'), shared.socket('/custom')];
    await Promise.all(sockets.map((socket) => connected(socket)));
    const ids = sockets.map(({ id }) => id);
    const gone = sockets.map((socket) => once(socket, 'disconnect'));
    const attempt = once(shared, 'reconnect_attempt');
    await server.request('POST', '/__close');
    const reasons = (await Promise.all(gone)).map(([reason]) => reason);
    assert.deepEqual(reasons, ['transport close', 'transport close']);
    await attempt;
    const { code, log } = await server.ended();
    assert.equal(code, 0);
    for (const id of ids) {
      const entries = log.filter((entry) => entry.what === 'disconnect' && entry.id === id);
      assert.deepEqual(
        entries.map(({ reason }) => reason),
        ['server shutting down'],
      );
    }
    server.releaseClients();
  });

  test('194 a polling client sees transport close too', async () => {
    const server = await Server.start();
    const socket = await connect(server, '/', { transports: ['polling'] });
    const gone = once(socket, 'disconnect');
    await server.request('POST', '/__close');
    assert.match((await gone)[0], /^transport (close|error)$/);
    assert.equal((await server.ended()).code, 0);
  });

  test('194-195 the port is free afterwards', async () => {
    const first = await Server.start();
    await connect(first);
    await first.request('POST', '/__close');
    await first.ended();
    first.releaseClients();
    const second = await Server.start([], first.port);
    assert.equal((await second.request('GET', '/hello')).text, 'hello');
    await second.stop();
  });

  test('196 the process ends by itself, whatever its clients were doing', async () => {
    const server = await Server.start(['--ping-interval', 60000, '--connect-timeout', 60000]);
    await connect(server, '/', { transports: ['websocket'] });
    await connect(server, '/', { transports: ['polling'] });
    await PollingSession.open(server);
    const session = await PollingSession.open(server);
    const probing = await session.webSocket();
    probing.text('2probe');
    await probing.next();
    probing.closed().catch(() => {});
    const joining = await RawClient.open(server, null);
    joining.send('0/slow,{"delay":500}');
    const asked = await RawClient.open(server);
    asked.send('2["do",{"do":"emit","event":"ask","ack":true}]');
    await asked.next();
    // The WebSockets answer the close frames, as any client does.
    for (const raw of [joining, asked]) raw.session.closed().catch(() => {});
    server.signal('SIGTERM');
    assert.equal((await server.ended()).code, 0);
    server.releaseClients();
  });

  test('194 SIGTERM closes gracefully', async () => {
    const server = await Server.start();
    const socket = await connect(server, '/', { transports: ['websocket'] });
    const { id } = socket;
    const gone = once(socket, 'disconnect');
    server.signal('SIGTERM');
    assert.equal((await gone)[0], 'transport close');
    const { code, log } = await server.ended();
    assert.equal(code, 0);
    assert.equal(
      log.find((entry) => entry.what === 'disconnect' && entry.id === id).reason,
      'server shutting down',
    );
  });

  test('194 a server that is closing takes no new sessions', async () => {
    const server = await Server.start();
    await server.request('POST', '/__close');
    await server.ended();
    const socket = client(server);
    const [error] = await once(socket, 'connect_error');
    assert.ok(error);
    server.releaseClients();
  });
});

describe('one HTTP server', () => {
  const server = serve();

  test('197 other handlers of the HTTP server go on working', async () => {
    await connect(server);
    assert.equal((await server.request('GET', '/hello')).text, 'hello');
    assert.equal((await server.request('POST', '/hello', { body: 'four' })).text, '4 bytes');
  });
});

describe('an HTTP server without Socket.IO', () => {
  const server = serve('--no-attach');

  test('197 answers its own routes only', async () => {
    assert.equal((await server.request('GET', '/hello')).text, 'hello');
    assert.equal((await server.request('GET', target('polling'))).status, 404);
  });
});

describe('handlers that throw', () => {
  const server = serve();

  for (const event of ['throw', 'throw-later']) {
    test(`a handler of "${event}" that throws harms nobody else`, async () => {
      const bystander = await connect(server);
      const socket = await connect(server);
      socket.emit(event, `thrown by ${event}`);
      await until(
        async () =>
          (await server.log({ what: 'handler_error' })).some(({ message }) => message.includes(event)),
        'the error is logged',
      );
      assert.equal(await bystander.emitWithAck('echo', 1), 1);
      assert.equal(await socket.emitWithAck('echo', 1), 1);
    });
  }

  test('a namespace middleware that throws lets nobody in', async () => {
    const socket = client(server, '/throws');
    // The official server only knows an unhandled rejection, and leaves the client waiting.
    if (official) await server.logged({ what: 'handler_error', message: 'boom' });
    else assert.ok((await refusal(socket)).message.length > 0);
    assert.equal(socket.connected, false);
    const other = await connect(server);
    assert.equal((await run(other, { do: 'info' })).connected, true);
  });
});
