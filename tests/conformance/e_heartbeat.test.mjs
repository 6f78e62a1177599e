// Checklist E: the heartbeat. Time is what is tested here, so these tests do wait.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { connect, run } from './lib/client.mjs';
import { PollingSession, WebSocketSession } from './lib/engine.mjs';
import { assertError, errors } from './lib/errors.mjs';
import { Server, serve } from './lib/target.mjs';
import { once, sleep } from './lib/wait.mjs';

// Not before `least`, and not much later: the machine that runs the tests may be busy.
function assertAbout(elapsed, least, slack = 800) {
  assert.ok(
    elapsed >= least - 5 && elapsed <= least + slack,
    `${elapsed.toFixed(0)} ms, expected ${least} to ${least + slack}`,
  );
}

describe('heartbeat', { concurrency: true }, () => {
  const interval = 300;
  const timeout = 200;
  const server = serve('--engine-only', '--ping-interval', interval, '--ping-timeout', timeout);

  async function openWithoutPongs() {
    const session = await WebSocketSession.open(server);
    session.answerPings = false;
    return session;
  }

  test('66 the server pings once an interval over WebSocket', async () => {
    const session = await openWithoutPongs();
    for (let i = 0; i < 3; i++) {
      const start = performance.now();
      assert.equal(await session.next(), '2');
      assertAbout(performance.now() - start, interval - 15);
      session.send('3');
    }
  });

  test('66 the server pings once an interval over polling', async () => {
    const session = await PollingSession.open(server);
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(await session.receive(), ['2']);
      assert.equal((await session.post('3')).text, 'ok');
    }
  });

  test('67-68 without a pong the session ends after the ping timeout', async () => {
    // The server counts from a moment before the client knows that it is connected.
    const start = performance.now();
    const session = await openWithoutPongs();
    assert.equal(await session.next(), '2');
    await session.closed();
    assertAbout(performance.now() - start, interval + timeout);
    await server.logged({ what: 'engine_close', sid: session.sid, reason: 'ping timeout' });
  });

  test('67 each pong starts the next interval', async () => {
    const session = await openWithoutPongs();
    await session.next();
    session.send('3');
    const start = performance.now();
    await session.next();
    await session.closed();
    assertAbout(performance.now() - start, interval + timeout - 15);
  });

  test('68 a polling session is gone right at the deadline', async () => {
    const session = await PollingSession.open(server);
    await sleep(interval + timeout + 20);
    assertError(await session.poll(), errors.sid);
  });

  test('68 a polling session is still there shortly before the deadline', async () => {
    const session = await PollingSession.open(server);
    await sleep(interval + timeout - 150);
    const [packet] = await session.receive();
    assert.equal(packet, '2');
    await session.post('3');
    assert.ok(await session.alive());
  });

  test('73 the timeout does not need a pending poll', async () => {
    const start = performance.now();
    const session = await PollingSession.open(server);
    const { reason, at } = await server.logged({ what: 'engine_close', sid: session.sid });
    assert.equal(reason, 'ping timeout');
    assert.ok(at > 0);
    assertAbout(performance.now() - start, interval + timeout);
  });

  test('70 a ping from the client closes the session', async () => {
    const session = await openWithoutPongs();
    session.send('2');
    assert.equal((await session.closed()).code, 1005);
    await server.logged({ what: 'engine_close', sid: session.sid, reason: 'transport error' });
  });

  test('67 a pong that nobody asked for is ignored', async () => {
    const session = await openWithoutPongs();
    for (let i = 0; i < 20; i++) session.send('3');
    session.send('4alive');
    assert.equal(await session.next(), '4alive');
  });

  test('74 an upgrade does not end in a ping timeout', async () => {
    const session = await PollingSession.open(server);
    await sleep(interval - 100);
    const upgraded = await session.upgrade();
    upgraded.send('4hello');
    assert.equal(await upgraded.next(), '4hello');
    // The pings that come meanwhile are answered by next().
    for (let i = 0; i < 10; i++) {
      await sleep((interval + timeout) / 5);
      upgraded.send(`4${i}`);
      assert.equal(await upgraded.next(), `4${i}`);
    }
  });

  test('74 a ping that is due while upgrading is not lost', async () => {
    const session = await PollingSession.open(server);
    const upgraded = await session.upgrade();
    upgraded.answerPings = false;
    assert.equal(await upgraded.next(), '2');
    upgraded.send('3');
    assert.equal(await upgraded.next(), '2');
  });
});

describe('other packets while a pong is due', () => {
  const server = serve('--engine-only', '--ping-interval', 100, '--ping-timeout', 1000);

  test('72 the first one gives the client one more timeout, the next one does not', async () => {
    const session = await WebSocketSession.open(server);
    session.answerPings = false;
    assert.equal(await session.next(), '2');
    const pinged = performance.now();
    await sleep(400);
    session.send('4busy');
    assert.equal(await session.next(), '4busy');
    await sleep(500);
    session.send('4again');
    assert.equal(await session.next(), '4again');
    await session.closed();
    assertAbout(performance.now() - pinged, 1400, 450);
  });
});

describe('pings among much else', () => {
  const server = serve('--engine-only', '--ping-interval', 200, '--ping-timeout', 150);

  test('74 many large messages right after the opening do not end in a ping timeout', async () => {
    const session = await WebSocketSession.open(server);
    const count = 100;
    const size = 65535;
    session.send(`4!send ${count} ${size}`);
    for (const [i, packet] of (await session.take(count)).entries())
      assert.equal(packet, `4${i}:${'x'.repeat(size)}`);
    session.send('4alive');
    assert.equal(await session.next(), '4alive');
  });
});

describe('heartbeat of the official client', { concurrency: true }, () => {
  const server = serve('--ping-interval', 200, '--ping-timeout', 150);

  test('66 it stays connected over both transports', async () => {
    const sockets = await Promise.all([
      connect(server, '/', { transports: ['polling'] }),
      connect(server, '/', { transports: ['websocket'] }),
      connect(server),
    ]);
    await sleep(900);
    for (const socket of sockets) assert.equal(await socket.emitWithAck('echo', 1), 1);
  });

  test('68-69 the client gives up when the pings stay away', async () => {
    const frozen = await Server.start(['--ping-interval', 200, '--ping-timeout', 150]);
    const socket = await connect(frozen, '/', { transports: ['websocket'] });
    frozen.signal('SIGSTOP');
    const start = performance.now();
    const [reason] = await once(socket, 'disconnect');
    assert.equal(reason, 'ping timeout');
    assert.ok(performance.now() - start < 1000);
    frozen.signal('SIGCONT');
    await frozen.stop();
  });
});

test('75 no timer keeps the process alive after a close', async () => {
  const server = await Server.start(['--ping-interval', 60000, '--ping-timeout', 60000]);
  const socket = await connect(server, '/', { transports: ['websocket'] });
  await run(socket, { do: 'info' });
  socket.disconnect();
  await server.request('POST', '/__close');
  assert.equal((await server.ended(5000)).code, 0);
});
