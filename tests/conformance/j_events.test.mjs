// Checklist J: events and acknowledgements.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { client, collect, connect, connected, record, run, settled } from './lib/client.mjs';
import { PollingSession } from './lib/engine.mjs';
import { reservedEvents } from './lib/payloads.mjs';
import { RawClient } from './lib/socketio.mjs';
import { serve } from './lib/target.mjs';
import { once, until } from './lib/wait.mjs';

describe('events', { concurrency: true }, () => {
  const server = serve();

  test('142 values that JSON does not know', async () => {
    const socket = await connect(server);
    socket.emit('types');
    assert.deepEqual(await once(socket, 'types'), [
      '2020-01-02T03:04:05.678Z',
      [null, 1],
      null,
      0,
      1e21,
      { b: null },
      '"\u2028é',
      Buffer.of(1, 2),
    ]);
  });

  test('142 their bytes on the wire', async () => {
    const raw = await RawClient.open(server);
    raw.emit('types');
    const date = '"2020-01-02T03:04:05.678Z"';
    const expected = `51-["types",${date},[null,1],null,0,1e+21,{"b":null},"\\"\u2028é",{"_placeholder":true,"num":0}]`;
    assert.equal(await raw.next(), expected);
    assert.deepEqual(await raw.next(), Buffer.of(1, 2));
  });

  test('143 the name of an event may be a number', async () => {
    const raw = await RawClient.open(server);
    raw.send('2[1,"x"]');
    assert.equal(await raw.next(), '2["one","x"]');
  });

  test('144 events arrive in the order of their emits', async () => {
    const socket = await connect(server, '/', { transports: ['websocket'] });
    const echoes = collect(socket, 'echo', 500);
    for (let i = 0; i < 500; i++) socket.emit('echo', i, i % 5 === 0 ? Buffer.of(i & 255) : null);
    assert.deepEqual(
      (await echoes).map(([i]) => i),
      Array.from({ length: 500 }, (_, i) => i),
    );
  });

  test('144 events emitted before and right after the connection keep their order', async () => {
    const socket = client(server, '/custom');
    const echoes = collect(socket, 'echo', 20);
    for (let i = 0; i < 10; i++) socket.emit('echo', i);
    await connected(socket);
    for (let i = 10; i < 20; i++) socket.emit('echo', i);
    assert.deepEqual(
      (await echoes).map(([i]) => i),
      Array.from({ length: 20 }, (_, i) => i),
    );
  });

  test('144 what the server emits in its connection handler follows CONNECT, in order', async () => {
    const raw = await RawClient.open(server, null);
    raw.send('0/greet,');
    assert.match(await raw.next(), /^0\/greet,\{"sid"/);
    for (let i = 0; i < 10; i++) assert.equal(await raw.next(), `2/greet,["greet",${i}]`);
  });

  test('144 an ack comes after the events that the handler emitted before it', async () => {
    const raw = await RawClient.open(server);
    await raw.command({ do: 'emit', event: 'first' }, 1);
    assert.deepEqual(raw.kept, ['2["first",1]']);
  });

  test('145 the acknowledgement has the id of the event', async () => {
    const raw = await RawClient.open(server);
    raw.send('212["echo",1]').send('2007["echo",2]').send('20["echo"]');
    assert.equal(await raw.next(), '312[1]');
    assert.equal(await raw.next(), '37[2]');
    assert.equal(await raw.next(), '30[]');
    raw.send('51-789["echo",{"_placeholder":true,"num":0}]').send(Buffer.of(1, 2));
    assert.equal(await raw.next(), '61-789[{"_placeholder":true,"num":0}]');
    assert.deepEqual(await raw.next(), Buffer.of(1, 2));
  });

  test('139 several attachments on the wire', async () => {
    const raw = await RawClient.open(server);
    raw.send('52-["echo",{"_placeholder":true,"num":1},{"a":{"_placeholder":true,"num":0}}]');
    raw.send(Buffer.of(1)).send(Buffer.of(2));
    assert.equal(
      await raw.next(),
      '52-["echo",{"_placeholder":true,"num":0},{"a":{"_placeholder":true,"num":1}}]',
    );
    assert.deepEqual(await raw.next(), Buffer.of(2));
    assert.deepEqual(await raw.next(), Buffer.of(1));
  });

  test('139 attachments over polling', async () => {
    const session = await PollingSession.open(server);
    await session.post('40');
    await session.receive();
    await session.post('451-["echo",{"_placeholder":true,"num":0}]\x1ebAQID');
    const packets = await session.receiveCount(2);
    assert.deepEqual(packets, ['451-["echo",{"_placeholder":true,"num":0}]', 'bAQID']);
  });

  test('146 the server asks for an ack, and gets its arguments', async () => {
    const socket = await connect(server);
    socket.on('ask', (question, ack) => ack(question, Buffer.of(1), { n: 2 }));
    const { err, responses } = await run(socket, { do: 'emit', event: 'ask', ack: true }, 'why');
    assert.equal(err, null);
    assert.deepEqual(responses, ['why', Buffer.of(1), { n: 2 }]);
  });

  test('147 only the first call of an ack counts', async () => {
    const raw = await RawClient.open(server);
    raw.send('25["ack-twice"]');
    assert.equal(await raw.next(), '35[1]');
    assert.deepEqual(await raw.fate(), { alive: true, packets: [] });
  });

  test('148 acknowledgements that nobody waits for are ignored', async () => {
    const raw = await RawClient.open(server);
    raw.send('3999999[1]').send('3[1]').send('30[]');
    assert.ok((await raw.fate()).alive);
  });

  test('150 an ack that does not come in time', async () => {
    const socket = await connect(server);
    socket.on('ask', () => {});
    const { err, responses } = await run(socket, { do: 'emit', event: 'ask', timeout: 50 });
    assert.equal(err, 'operation has timed out');
    assert.deepEqual(responses, []);
  });

  test('150 an ack in time, and one that is late', async () => {
    const socket = await connect(server);
    socket.on('ask', (value, ack) => ack(value));
    assert.deepEqual(await run(socket, { do: 'emit', event: 'ask', timeout: 2000 }, 7), {
      err: null,
      responses: [7],
    });
    let late;
    socket.on('late', (ack) => (late = ack));
    assert.equal(
      (await run(socket, { do: 'emit', event: 'late', timeout: 20 })).err,
      'operation has timed out',
    );
    late('too late');
    await settled(socket);
  });

  test('150 the client side of timeouts', async () => {
    const socket = await connect(server);
    await assert.rejects(socket.timeout(30).emitWithAck('ack-after', 300, 'x'), /operation has timed out/);
    assert.equal(await socket.timeout(3000).emitWithAck('ack-after', 10, 'x'), 'x');
  });

  test('153 reserved names cannot be emitted by a server socket', async () => {
    const socket = await connect(server);
    for (const event of reservedEvents) {
      await assert.rejects(run(socket, { do: 'emit', event }), {
        message: `"${event}" is a reserved event name`,
      });
    }
  });

  test('153 nor by a namespace or the server', async () => {
    for (const from of ['nsp', 'io']) {
      await assert.rejects(server.command({ do: 'emit', from, event: 'disconnect' }), {
        message: '"disconnect" is a reserved event name',
      });
    }
  });

  test('156 packets after a disconnect are not handled', async () => {
    const raw = await RawClient.open(server, '/custom');
    const other = await raw.join('/');
    raw.send('1/custom,').send('2/custom,["echo","late"]');
    const { packets } = await raw.fate();
    assert.ok(!packets.some((packet) => String(packet).includes('late')));
    assert.ok(other);
  });

  test('159 names of Object.prototype are plain names of events and of rooms', async () => {
    const socket = await connect(server);
    const events = record(socket);
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '']) {
      socket.emit(name, 1);
      await run(socket, { do: 'join', rooms: name });
      await run(socket, { do: 'emit', from: 'nsp', to: [name], event: name || 'empty' }, 2);
    }
    await settled(socket);
    assert.deepEqual(
      events.map(([event]) => event),
      ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'empty'],
    );
    const rooms = await run(socket, { do: 'rooms' });
    assert.ok(['__proto__', 'constructor', ''].every((name) => rooms.includes(name)));
  });

  test('159 they are unknown namespaces and plain query parameters', async () => {
    const raw = await RawClient.open(server);
    for (const name of ['/__proto__', '/constructor']) {
      raw.send(`0${name},`);
      assert.equal(await raw.next(), `4${name},{"message":"Invalid namespace"}`);
    }
    const socket = await connect(server, '/', { query: { constructor: 'c', toString: 't' } });
    const { query } = (await run(socket, { do: 'info' })).handshake;
    assert.deepEqual([query.constructor, query.toString], ['c', 't']);
  });

  test('161 handlers run once after a client has reconnected', async () => {
    const socket = await connect(server);
    for (let i = 0; i < 3; i++) {
      socket.disconnect();
      socket.connect();
      await connected(socket);
    }
    const events = record(socket);
    socket.emit('echo', 'once');
    await settled(socket);
    assert.deepEqual(events, [['echo', 'once']]);
  });
});

describe('ack ids of the server', () => {
  const server = serve();

  test('149 they count from 0 and are unique in a namespace', async () => {
    const a = await RawClient.open(server);
    const b = await RawClient.open(server);
    const ask = '2["do",{"do":"emit","event":"ask","ack":true,"label":"x"}]';
    a.send(ask);
    assert.equal(await a.next(), '20["ask"]');
    b.send(ask);
    assert.equal(await b.next(), '21["ask"]');
    a.send('2["do",{"do":"emit","from":"nsp","event":"all","timeout":2000,"label":"y"}]');
    assert.equal(await a.next(), '22["all"]');
    assert.equal(await b.next(), '22["all"]');
    b.send(ask);
    assert.equal(await b.next(), '23["ask"]');
  });

  test('149 each namespace has its own count', async () => {
    const raw = await RawClient.open(server, '/custom');
    raw.send('2/custom,["do",{"do":"emit","event":"ask","ack":true,"label":"x"}]');
    assert.equal(await raw.next(), '2/custom,0["ask"]');
  });
});

describe('catch-all listeners', () => {
  const server = serve();

  test('154 incoming: the prepended one first, the removed one never, acks included', async () => {
    const socket = await connect(server, '/any');
    await server.clearLog();
    assert.equal(await socket.emitWithAck('echo', 'x'), 'x');
    socket.emit('unheard', 1, Buffer.of(2));
    await until(async () => (await server.log({ what: 'any' })).length >= 4, 'the listeners ran');
    const entries = await server.log({ what: 'any', id: socket.id });
    assert.deepEqual(
      entries.map(({ n, event }) => [n, event[0]]),
      [
        [1, 'echo'],
        [2, 'echo'],
        [1, 'unheard'],
        [2, 'unheard'],
      ],
    );
    assert.equal(entries[2].event[1], 1);
  });

  test('155 outgoing: events to the socket and broadcasts, not acks', async () => {
    const socket = await connect(server, '/any');
    await server.clearLog();
    await run(socket, { do: 'emit', event: 'mine' }, 1, Buffer.of(2));
    await run(socket, { do: 'emit', from: 'nsp', event: 'everyone' }, 'x');
    await run(socket, { do: 'emit', from: 'nsp', to: [socket.id], event: 'binary' }, Buffer.of(3));
    const entries = await server.log({ what: 'any_outgoing', id: socket.id });
    assert.deepEqual(
      entries.map(({ event }) => event[0]),
      ['mine', 'everyone', 'binary'],
    );
    assert.deepEqual(entries[1].event, ['everyone', 'x']);
  });
});

describe('listening again', () => {
  const server = serve();

  test('162 events flow after close and listen', async (t) => {
    if (!(await server.supports('relisten'))) return t.skip('no relisten');
    const lines = server.listeningLines().length;
    await server.request('POST', '/__close?relisten=1');
    await until(() => server.listeningLines().length > lines, 'listening again', 5000);
    const socket = await connect(server);
    const events = record(socket);
    await run(socket, { do: 'emit', event: 'mine' }, 1);
    await server.command({ do: 'emit', from: 'io', event: 'everyone', args: [2] });
    await settled(socket);
    assert.deepEqual(events, [
      ['mine', 1],
      ['everyone', 2],
    ]);
  });
});
