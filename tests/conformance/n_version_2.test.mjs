// Checklist N: clients of Socket.IO 2 (Engine.IO 3), with `allowEIO3`, by themselves and together with later ones.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { connect, collect, run, settled } from './lib/client.mjs';
import { serve } from './lib/target.mjs';
import { EngineSocket3, client2, connect2, run2 } from './lib/version_2.mjs';
import { once, until } from './lib/wait.mjs';

const over = [
  ['polling', { transports: ['polling'] }],
  ['polling in base64', { transports: ['polling'], forceBase64: true }],
  ['websocket', { transports: ['websocket'] }],
  ['websocket in base64', { transports: ['websocket'], forceBase64: true }],
  ['polling, then websocket', { transports: ['polling', 'websocket'] }],
];

describe('a client of version 2', { concurrency: true }, () => {
  const server = serve('--allow-eio3');

  for (const [name, options] of over) {
    test(`198, 201 sends and receives everything over ${name}`, async () => {
      const socket = await connect2(server, '/', options);
      const values = [1, 'é 中 😀 \u2028 "\\n', null, { a: [true, { b: 1.5 }] }, []];
      assert.deepEqual(await run2.ack(socket, 'echo', ...values), values);
      const bytes = Buffer.from(Array.from({ length: 300 }, (_, i) => i % 256));
      const [back, nested, text] = await run2.ack(socket, 'echo', bytes, { list: [Buffer.of(0, 255)] }, 'text');
      assert.deepEqual(Buffer.from(back), bytes);
      assert.deepEqual(Buffer.from(nested.list[0]), Buffer.of(0, 255));
      assert.equal(text, 'text');
      const large = 'x中'.repeat(50_000);
      assert.deepEqual(await run2.ack(socket, 'echo', large), [large]);
      const received = once(socket, 'message-back');
      socket.emit('message', Buffer.of(1, 2, 3), 'é');
      const [first, second] = await received;
      assert.deepEqual([Buffer.from(first), second], [Buffer.of(1, 2, 3), 'é']);
      const { id, conn } = await run2.command(socket, { do: 'info' });
      assert.equal(conn.protocol, 3);
      assert.equal(id, socket.id);
      if (options.transports.length === 2) {
        await until(() => socket.io.engine.transport.name === 'websocket', 'the upgrade');
        assert.deepEqual(await run2.ack(socket, 'echo', 'after', Buffer.of(7)).then(([a]) => a), 'after');
      }
    });
  }

  test('198 is called by the server what it calls itself', async () => {
    const main = await connect2(server, '/');
    const other = await connect2(server, '/custom');
    assert.equal((await run2.command(main, { do: 'info' })).id, main.id);
    const { id, nsp } = await run2.command(other, { do: 'info' });
    assert.equal(nsp, '/custom');
    assert.equal(id, other.id);
    assert.match(id, /^\/custom#[A-Za-z0-9_-]{20}$/);
  });

  test('105, 198 has the query of the connection in "/", and that of a namespace as its auth', async () => {
    const main = await connect2(server, '/', { query: { tok: 'a b', x: '1' } });
    const { handshake } = await run2.command(main, { do: 'info' });
    assert.equal(handshake.query.tok, 'a b');
    assert.deepEqual(handshake.auth, {});
    const admin = await connect2(server, '/admin', { query: { token: 'secret', more: 'é &,?#=' } });
    const there = await run2.command(admin, { do: 'info' });
    assert.deepEqual(there.handshake.auth, { token: 'secret', more: 'é &,?#=' });
  });

  test('200 is told the data of an error, or its message, or that there is no such namespace', async () => {
    const refusal = async (nsp, query) => (await once(client2(server, nsp, { query }), 'error'))[0];
    assert.deepEqual(await refusal('/admin', { token: 'wrong' }), { code: 401 });
    assert.equal(await refusal('/dynamic-1', { refuse: '1' }), 'refused');
    assert.deepEqual(await refusal('/nowhere', {}), { message: 'Invalid namespace' });
  });

  test('115, 117 joins dynamic namespaces', async () => {
    const socket = client2(server, '/dynamic-22');
    const [name] = await once(socket, 'dynamic');
    assert.equal(name, '/dynamic-22');
    await connect2(server, '/fn-v2');
  });

  test('101, 111 has several namespaces over one connection, and leaves one', async () => {
    const main = await connect2(server, '/', { forceNew: false, multiplex: true });
    const custom = main.io.socket('/custom');
    await once(custom, 'connect');
    custom.disconnect();
    assert.deepEqual(await run2.ack(main, 'echo', 1), [1]);
    await server.logged({ what: 'disconnect', nsp: '/custom', reason: 'client namespace disconnect' });
    main.io.close();
  });

  test('110 is disconnected by the server', async () => {
    const socket = await connect2(server, '/custom');
    const gone = once(socket, 'disconnect');
    socket.emit('do', { do: 'disconnect' });
    assert.deepEqual(await gone, ['io server disconnect']);
  });

  test('146 acknowledges what the server asks, with bytes too', async () => {
    const socket = await connect2(server, '/custom');
    socket.on('ask', (value, bytes, reply) => reply(value + 1, bytes));
    const { err, responses } = await run2.command(
      socket,
      { do: 'emit', event: 'ask', ack: true },
      1,
      Buffer.of(1, 2),
    );
    assert.equal(err, null);
    assert.equal(responses[0], 2);
    assert.deepEqual(Buffer.from(responses[1]), Buffer.of(1, 2));
  });

  test('144 receives many messages in order while it goes over to a WebSocket', async () => {
    const socket = await connect2(server, '/', { transports: ['polling', 'websocket'] });
    const numbers = [];
    socket.on('count', (i) => numbers.push(i));
    for (let i = 0; i < 5; i++) socket.emit('count', 40, 10);
    await until(() => numbers.length === 200, 'all messages');
    await until(() => socket.io.engine.transport.name === 'websocket', 'the upgrade');
    assert.deepEqual(
      numbers,
      Array.from({ length: 200 }, (_, i) => i % 40),
    );
  });

  test('94 comes back after its connection broke', async () => {
    const socket = await connect2(server, '/custom', { reconnection: true, reconnectionDelay: 10 });
    const first = socket.id;
    const again = once(socket, 'reconnect');
    socket.io.engine.close();
    await again;
    await until(() => socket.connected, 'it is connected again');
    assert.notEqual(socket.id, first);
    assert.deepEqual(await run2.ack(socket, 'echo', 1), [1]);
  });
});

describe('clients of version 2 and of version 4', { concurrency: true }, () => {
  const server = serve('--allow-eio3');

  test('198 talk to each other in one room', async () => {
    const old = await connect2(server, '/dynamic-7', { transports: ['websocket'] });
    const oldPolling = await connect2(server, '/dynamic-7', { transports: ['polling'] });
    const later = await connect(server, '/dynamic-7', { transports: ['websocket'] });
    const laterPolling = await connect(server, '/dynamic-7', { transports: ['polling'] });
    const join = { do: 'join', rooms: 'lobby' };
    await Promise.all([run2.command(old, join), run2.command(oldPolling, join)]);
    await Promise.all([run(later, join), run(laterPolling, join)]);

    const heard = [old, oldPolling, later, laterPolling].map((socket) => collect(socket, 'said', 2));
    const say = { do: 'emit', from: 'nsp', to: ['lobby'], event: 'said' };
    await run2.command(old, say, 'from 2', Buffer.of(1, 2, 3), 'é');
    await run(later, say, 'from 4', Buffer.of(4, 5), '中');
    for (const events of await Promise.all(heard)) {
      assert.deepEqual(
        // The two are on event loops of their own, and so is who hears them.
        events.map(([text, bytes, more]) => [text, Buffer.from(bytes), more]).sort(([a], [b]) => a.localeCompare(b)),
        [
          ['from 2', Buffer.of(1, 2, 3), 'é'],
          ['from 4', Buffer.of(4, 5), '中'],
        ],
      );
    }
  });

  test('165, 169 exclude each other, and find each other by id', async () => {
    const old = await connect2(server, '/dynamic-8');
    const later = await connect(server, '/dynamic-8');
    const atOld = [];
    const atLater = [];
    old.on('news', (...args) => atOld.push(...args));
    later.on('news', (...args) => atLater.push(...args));
    await run2.command(old, { do: 'emit', from: 'broadcast', event: 'news' }, 'not me');
    await run(later, { do: 'emit', from: 'nsp', to: [old.id], event: 'news' }, 'to the old one');
    await run2.command(old, { do: 'emit', from: 'nsp', except: [old.id], event: 'news' }, 'to others');
    await settled(later);
    await run2.ack(old, 'echo', 1);
    assert.deepEqual(atLater, ['not me', 'to others']);
    assert.deepEqual(atOld, ['to the old one']);
    assert.deepEqual(new Set(await run(later, { do: 'members' })), new Set([old.id, later.id]));
  });

  test('174 acknowledge one broadcast together', async () => {
    const old = await connect2(server, '/dynamic-9');
    const later = await connect(server, '/dynamic-9');
    old.on('ask', (reply) => reply('two'));
    later.on('ask', (reply) => reply('four'));
    const answer = await run(later, { do: 'emit', from: 'nsp', event: 'ask', timeout: 5000 });
    assert.equal(answer.err, null);
    assert.deepEqual(answer.responses.sort(), ['four', 'two']);
  });
});

describe('a client of version 2 that is not wanted', () => {
  const server = serve();

  test('199 is told so, over both transports', async () => {
    for (const transport of ['polling', 'websocket']) {
      const socket = client2(server, '/', { transports: [transport] });
      const [error] = await once(socket, 'connect_error');
      assert.match(String(error), transport === 'polling' ? /xhr poll error/ : /websocket error/);
    }
  });
});

describe('engine.io-client 3', { concurrency: true }, () => {
  // The client pings often, and has time for it on a busy machine, too.
  const server = serve('--allow-eio3', '--engine-only', '--ping-interval', 200, '--ping-timeout', 1500);

  function open(options) {
    const socket = new EngineSocket3(server.url, { path: '/socket.io/', ...options });
    server.track({ destroy: () => socket.close() });
    return socket;
  }

  for (const [name, options] of over) {
    test(`201 messages come back over ${name}`, async () => {
      const socket = open(options);
      await once(socket, 'open');
      const messages = [];
      socket.on('message', (data) => messages.push(typeof data === 'string' ? data : Buffer.from(data)));
      const sent = ['hello', 'é 中 😀', Buffer.of(0, 1, 255, 30), 'a:1', 'x'.repeat(5000)];
      for (const each of sent) socket.send(each);
      await until(() => messages.length === sent.length, 'all messages');
      assert.deepEqual(messages, sent);
    });
  }

  test('71 stays as long as it pings', async () => {
    for (const options of [{ transports: ['polling'] }, { transports: ['websocket'] }]) {
      const socket = open(options);
      await once(socket, 'open');
      let pongs = 0;
      socket.on('pong', () => pongs++);
      await until(() => pongs >= 4, 'four pongs');
      assert.equal(socket.readyState, 'open');
      socket.close();
    }
  });

  test('71, 202 is given up when it does not', async () => {
    const socket = open({ transports: ['websocket'] });
    await once(socket, 'open');
    const { id: sid } = socket;
    clearTimeout(socket.pingIntervalTimer);
    clearTimeout(socket.pingTimeoutTimer);
    socket.onHeartbeat = () => {};
    await server.logged({ what: 'engine_close', sid, reason: 'ping timeout' });
  });

  test('76 refuses a session of the other protocol', async () => {
    const { handshake } = await jsonp(server, '3');
    const wrong = await server.request(
      'GET',
      `/socket.io/?EIO=4&transport=polling&sid=${handshake.sid}`,
    );
    assert.equal(wrong.status, 400);
  });
});

// A session over JSONP, by hand: its handshake, and what a script of its answer would give the page.
async function jsonp(server, version) {
  const target = `/socket.io/?EIO=${version}&transport=polling&b64=1&j=4`;
  const evaluate = (script) => {
    const payloads = [];
    const eio = [];
    eio[4] = (payload) => payloads.push(payload);
    new Function('___eio', script)(eio);
    assert.equal(payloads.length, 1);
    return payloads[0];
  };
  const response = await server.request('GET', target);
  assert.equal(response.status, 200);
  assert.match(response.text, /^___eio\[4\]\("/);
  const payload = evaluate(response.text);
  const handshake = JSON.parse(payload.slice(payload.indexOf('{')));
  const there = `${target}&sid=${handshake.sid}`;
  return {
    handshake,
    payload,
    poll: async () => evaluate((await server.request('GET', there)).text),
    post: (body) =>
      server.request('POST', there, {
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body,
      }),
  };
}

describe('JSONP', { concurrency: true }, () => {
  const server = serve('--allow-eio3', '--engine-only');
  const form = (payload) => `d=${encodeURIComponent(payload.replaceAll('\\n', '\\\\n').replaceAll('\n', '\\n'))}`;

  test('201 carries the payloads of protocol 3 in scripts and forms', async () => {
    const session = await jsonp(server, '3');
    const text = 'a\nb\\nc "é" \u2028 😀 </script>';
    const answer = await session.post(form(`${text.length + 1}:4${text}6:b4AQID`));
    assert.equal(answer.text, 'ok');
    assert.equal(await session.poll(), `${text.length + 1}:4${text}6:b4AQID`);
  });

  test('201 carries the payloads of protocol 4 in scripts and forms', async () => {
    const session = await jsonp(server, '4');
    const text = 'a\nb\\nc "é" \u2029 😀';
    const answer = await session.post(form(`4${text}\x1ebAQID`));
    assert.equal(answer.text, 'ok');
    assert.equal(await session.poll(), `4${text}\x1ebAQID`);
  });
});
