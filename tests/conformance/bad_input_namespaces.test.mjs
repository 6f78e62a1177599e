// Namespaces, rooms and resources under bad treatment (numbers N1 to N25), and foreign origins (O1 to O8).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { canary, openFiles } from './lib/canary.mjs';
import { client, connect, refusal, run, settled } from './lib/client.mjs';
import { asOfficial, expectation } from './lib/differences.mjs';
import { PollingSession, target } from './lib/engine.mjs';
import { RawClient } from './lib/socketio.mjs';
import { Server, official, serve } from './lib/target.mjs';
import { once, sleep, until } from './lib/wait.mjs';
import { RawWebSocket } from './lib/websocket.mjs';

describe('namespaces', { concurrency: true }, () => {
  const server = serve();
  canary(server);

  for (const name of [
    '/nope',
    '/admin?x=1',
    '/custom?',
    '/a*b',
    '/a[b]',
    '/a#b',
    '/..',
    '/../',
    '//',
    '/\0',
    '/é',
    '/custom/',
  ]) {
    test(`N1-N6 the name ${JSON.stringify(name)} is unknown, the connection lives`, async () => {
      const raw = await RawClient.open(server);
      raw.send(`0${name},`);
      assert.equal(await raw.next(), `4${name},{"message":"Invalid namespace"}`);
      assert.ok((await raw.fate()).alive);
    });
  }

  test('N4 a name of 10 kB is refused, the connection lives', async () => {
    const raw = await RawClient.open(server);
    raw.send(`0/${'n'.repeat(10000)},`);
    assert.match(await raw.next(), /^4\/n/);
    assert.ok((await raw.fate()).alive);
  });

  test('N4 a dynamic name of 600 bytes', async () => {
    const socket = client(server, `/dynamic-${'1'.repeat(600)}`);
    if (asOfficial('N4')) return until(() => socket.connected, 'connected');
    assert.ok((await refusal(socket)).message);
  });

  test('N22 everything a socket can do after its own disconnect', async () => {
    const socket = await connect(server, '/custom', { transports: ['websocket'] });
    const { id } = socket;
    const commands = [
      { do: 'disconnect' },
      { do: 'emit', event: 'x', args: [1] },
      { do: 'emit', event: 'x', ack: true, label: 'never' },
      { do: 'emit', from: 'broadcast', event: 'x' },
      { do: 'emit', from: 'nsp', event: 'x' },
      { do: 'join', rooms: ['a', 'b'] },
      { do: 'leave', room: 'a' },
      { do: 'rooms' },
      { do: 'info' },
      { do: 'setData', data: 1 },
      { do: 'disconnect', close: true },
      { do: 'closeConn' },
    ];
    socket.emit('do', { do: 'sequence', commands });
    await server.logged({ what: 'disconnect', id, reason: 'server namespace disconnect' });
    assert.deepEqual(await server.command({ do: 'roomNames', nsp: '/custom' }), []);
  });

  test('N2 a flood of events is handled in order, others are not starved', async () => {
    const raw = await RawClient.open(server);
    const other = await connect(server);
    for (let i = 0; i < 20000; i++) raw.emit('echo', i);
    const start = performance.now();
    await settled(other);
    assert.ok(performance.now() - start < 5000);
    for (let i = 0; i < 20000; i++) assert.equal(await raw.next(), `2["echo",${i}]`);
  });
});

describe('limits of a client', { concurrency: true }, () => {
  const server = serve('--max-namespaces-per-client', 20, '--max-rooms-per-socket', 50);

  test('N3 namespaces of one client', async () => {
    const raw = await RawClient.open(server, null);
    const answers = [];
    for (let i = 0; i < 30; i++) {
      raw.send(`0/dynamic-3${i},`);
      let answer;
      do answer = await raw.next();
      while (!/^[04]/.test(answer));
      answers.push(answer[0]);
    }
    const joined = answers.filter((type) => type === '0').length;
    assert.equal(joined, expectation('N3', { expected: 20, official: 30 }));
  });

  test('N10 rooms of one socket', async () => {
    const socket = await connect(server);
    for (let i = 0; i < 60; i++) await run(socket, { do: 'join', rooms: `room ${i}` }).catch(() => {});
    const rooms = (await run(socket, { do: 'rooms' }).catch(() => [])).length;
    if (asOfficial('N10')) assert.equal(rooms, 61);
    else assert.ok(rooms <= 51, `${rooms} rooms`);
  });
});

describe('readers that do not read', { concurrency: true }, () => {
  const server = serve('--outgoing-limit', 262144);
  canary(server);

  // Sends a client that takes nothing a burst, and another when it has been sent, until it is disconnected. Two of
  // them may be written in the same turn of its event loop, and what one turn writes is the writer's: who leaves it
  // and is sent more is slow. So it takes two turns, and as many bursts as there are until then.
  async function overwhelm(id) {
    const burst = { do: 'emit', socket: id, event: 'x', times: 50, args: ['x'.repeat(10000)] };
    return until(async () => {
      await server.command(burst).catch((error) => assert.equal(error.message, `no socket ${id}`));
      return (await server.log({ what: 'disconnect', id }))[0];
    }, 'a client that takes nothing is disconnected');
  }

  // The same on a server that keeps everything.
  async function burden(id) {
    const burst = { do: 'emit', socket: id, event: 'x', times: 200, args: ['x'.repeat(10000)] };
    for (let i = 0; i < 10; i++) await server.command(burst);
  }

  test('N13 a WebSocket client that stops reading is disconnected, the others are not', async () => {
    const raw = await RawClient.open(server);
    raw.session.socket.connection.socket.pause();
    if (asOfficial('N13')) {
      await burden(raw.id);
      assert.deepEqual(await server.log({ what: 'disconnect', id: raw.id }), []);
    } else {
      const { reason } = await overwhelm(raw.id);
      assert.match(reason, /^(transport (error|close)|forced (server )?close)$/);
    }
    raw.destroy();
  });

  test('N16 a polling client that never polls is disconnected', async () => {
    const session = await PollingSession.open(server);
    await session.post('40');
    const { sid } = JSON.parse((await session.receive())[0].slice(2));
    if (asOfficial('N13')) {
      await burden(sid);
      assert.ok(await session.alive());
    } else {
      await overwhelm(sid);
    }
  });

  test('N12 one packet of any size fits an empty queue', async () => {
    const socket = await connect(server);
    const received = once(socket, 'big');
    await server.command({ do: 'emit', socket: socket.id, event: 'big', args: ['x'.repeat(900000)] });
    assert.equal((await received)[0].length, 900000);
  });
});

describe('middlewares that never end', () => {
  const server = serve('--middleware-timeout', 200);

  test('N8 the client is told at the deadline', { skip: official && 'it has no deadline' }, async () => {
    const error = await refusal(client(server, '/never'));
    assert.ok(error.message);
  });
});

describe('coming and going', () => {
  const server = serve();

  test('N23 many short connections leave nothing behind', async () => {
    const before = openFiles(server);
    for (let round = 0; round < 20; round++) {
      const clients = await Promise.all(Array.from({ length: 20 }, () => RawClient.open(server)));
      for (const each of clients) each.destroy();
    }
    await until(
      async () => (await server.json('GET', '/__engine')).clientsCount === 0,
      'the sessions are gone',
    );
    await until(() => openFiles(server) <= before + 2, 'the descriptors are closed');
    assert.deepEqual(await server.command({ do: 'members', nsp: '/' }), []);
    assert.deepEqual(await server.command({ do: 'roomNames', nsp: '/' }), []);
  });
});

describe('origins', { concurrency: true }, () => {
  const good = 'http://good.example';
  const server = serve('--cors-origin', good, '--cors-origin', 'http://other.example');
  const webSocket = async (path, origin) =>
    (await RawWebSocket.attempt(server, path, origin === undefined ? {} : { Origin: origin })).response
      .status;

  test('O1 a client without an Origin is no browser', async () => {
    assert.equal((await server.request('GET', target('polling'))).status, 200);
    assert.equal(await webSocket(target('websocket')), 101);
  });

  for (const origin of [good, 'http://other.example']) {
    test(`O1 ${origin} is welcome`, async () => {
      assert.equal(
        (await server.request('GET', target('polling'), { headers: { Origin: origin } })).status,
        200,
      );
      assert.equal(await webSocket(target('websocket'), origin), 101);
    });
  }

  const foreign = [
    'http://evil.example',
    'null',
    'file://',
    'https://good.example.evil',
    'http://good.example:81',
    'https://good.example',
    'http://good.example.',
    'http://sub.good.example',
    'http://good.example/',
    'http://good.exampl\u00e9',
  ];
  for (const origin of foreign) {
    test(`O2, O4 over polling ${origin} is not allowed to read`, async () => {
      const { status, headers } = await server.request('GET', target('polling'), {
        headers: { Origin: origin },
      });
      assert.ok([200, 403].includes(status));
      assert.notEqual(headers['access-control-allow-origin'], origin);
      assert.notEqual(headers['access-control-allow-origin'], '*');
    });

    test(`O3-O4 over WebSocket ${origin} is refused`, async () => {
      const status = await webSocket(target('websocket'), origin);
      assert.equal(status, expectation('O3', { expected: 403, official: 101 }));
    });
  }

  test('O7 the upgrade of a session is checked as well', async () => {
    const session = await PollingSession.open(server, { headers: { Origin: good } });
    const status = await webSocket(session.target('websocket'), 'http://evil.example');
    assert.equal(status, expectation('O3', { expected: 403, official: 101 }));
    assert.ok(await session.alive());
  });
});

describe('origins, unchecked', () => {
  const server = serve('--cors-origin', 'http://good.example', '--origin-check', 'off');

  test('O3 the check can be switched off', async () => {
    const { response } = await RawWebSocket.attempt(server, target('websocket'), {
      Origin: 'http://evil.example',
    });
    assert.equal(response.status, 101);
  });
});

test('O5 the star together with credentials', async () => {
  const options = ['--cors-origin', '*', '--cors-credentials'];
  if (asOfficial('O5')) return (await Server.start(options)).stop();
  await assert.rejects(Server.start(options), /did not start/);
});

test('N8 a client that waits for a slow middleware does not hold up the others', async () => {
  const server = await Server.start();
  const raw = await RawClient.open(server, null);
  raw.send('0/never,');
  await raw.join('/');
  await sleep(20);
  assert.ok((await raw.fate()).alive);
  await server.stop();
});
