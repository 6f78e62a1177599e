// Checklist K: rooms, broadcasts, and operations on many sockets.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { connect, record, run, settled } from './lib/client.mjs';
import { RawClient } from './lib/socketio.mjs';
import { serve } from './lib/target.mjs';
import { once } from './lib/wait.mjs';

// Each test has a dynamic namespace of its own, so that they can run side by side.
let last = 0;

describe('rooms and broadcasts', { concurrency: true }, () => {
  const server = serve();

  // `count` clients of a fresh namespace; every other one is on polling.
  async function group(count) {
    const nsp = `/dynamic-${++last}`;
    const transports = (i) => ({ transports: [i % 2 ? 'polling' : 'websocket'] });
    const sockets = await Promise.all(
      Array.from({ length: count }, (_, i) => connect(server, nsp, transports(i))),
    );
    const events = sockets.map(record);
    await settled(...sockets);
    for (const list of events) list.length = 0;
    return { nsp, sockets, events, ids: sockets.map(({ id }) => id) };
  }

  // Who (by index) heard the event, and how often.
  async function heard({ sockets, events }, event = 'news') {
    await settled(...sockets);
    return events.map((list) => list.filter(([name]) => name === event).length);
  }

  const join = (socket, ...rooms) => run(socket, { do: 'join', rooms });
  const news = (options) => ({ do: 'emit', from: 'nsp', event: 'news', ...options });

  test('163 the server emits to all sockets of the namespace, to no others', async () => {
    const here = await group(3);
    const elsewhere = await group(1);
    await run(here.sockets[0], news({ args: [] }), 1);
    assert.deepEqual(await heard(here), [1, 1, 1]);
    assert.deepEqual(await heard(elsewhere), [0]);
  });

  test('163 io.emit reaches the main namespace only', async () => {
    const main = await connect(server);
    const here = await group(1);
    const received = once(main, 'to-all');
    await server.command({ do: 'emit', from: 'io', event: 'to-all', args: [1, 'x'] });
    assert.deepEqual(await received, [1, 'x']);
    assert.deepEqual(await heard(here, 'to-all'), [0]);
  });

  test('164, 168 binary reaches all, and rooms', async () => {
    const here = await group(3);
    const bytes = Buffer.of(1, 2, 3);
    await run(here.sockets[0], news({}), { bytes }, bytes);
    await join(here.sockets[1], 'r');
    await run(here.sockets[0], news({ to: ['r'], event: 'room' }), bytes);
    assert.deepEqual(await heard(here), [1, 1, 1]);
    assert.deepEqual(await heard(here, 'room'), [0, 1, 0]);
    assert.deepEqual(here.events[1][0], ['news', { bytes }, bytes]);
  });

  test('165 socket.broadcast reaches all but the sender', async () => {
    const here = await group(3);
    await run(here.sockets[1], news({ from: 'broadcast' }));
    assert.deepEqual(await heard(here), [1, 0, 1]);
  });

  test('166 several rooms are a union without doubles', async () => {
    const here = await group(4);
    await join(here.sockets[0], 'a', 'b');
    await join(here.sockets[1], 'b');
    await join(here.sockets[2], 'c');
    await run(here.sockets[3], news({ to: ['a', 'b', 'b'] }));
    assert.deepEqual(await heard(here), [1, 1, 0, 0]);
    await run(here.sockets[3], news({ to: [['a', 'c']], event: 'list' }));
    assert.deepEqual(await heard(here, 'list'), [1, 0, 1, 0]);
  });

  test('165-166 socket.to excludes the sender even when it is in the room', async () => {
    const here = await group(3);
    await join(here.sockets[0], 'a');
    await join(here.sockets[1], 'a');
    await run(here.sockets[0], news({ from: 'socket', to: ['a'] }));
    assert.deepEqual(await heard(here), [0, 1, 0]);
  });

  test('166 a room that does not exist reaches nobody', async () => {
    const here = await group(2);
    await run(here.sockets[0], news({ to: ['nowhere'] }));
    assert.deepEqual(await heard(here), [0, 0]);
  });

  test('166 the id of a socket is a room', async () => {
    const here = await group(2);
    await run(here.sockets[0], news({ to: [here.ids[1]] }));
    assert.deepEqual(await heard(here), [0, 1]);
  });

  test('169 except leaves out sockets and rooms', async () => {
    const here = await group(4);
    await join(here.sockets[0], 'a', 'b');
    await join(here.sockets[1], 'a');
    await join(here.sockets[2], 'b');
    await run(here.sockets[3], news({ except: ['b'] }));
    assert.deepEqual(await heard(here), [0, 1, 0, 1]);
    await run(here.sockets[3], news({ to: ['a'], except: [here.ids[1]], event: 'one' }));
    assert.deepEqual(await heard(here, 'one'), [1, 0, 0, 0]);
    await run(here.sockets[3], news({ except: [['a', 'b']], event: 'rest' }));
    assert.deepEqual(await heard(here, 'rest'), [0, 0, 0, 1]);
    await run(here.sockets[1], news({ from: 'broadcast', except: ['b'], event: 'mine' }));
    assert.deepEqual(await heard(here, 'mine'), [0, 0, 0, 1]);
  });

  test('169 the server object has except, too', async () => {
    const [a, b] = await Promise.all([connect(server), connect(server)]);
    const lists = [record(a), record(b)];
    await server.command({ do: 'emit', from: 'io', except: [a.id], event: 'but-you' });
    await settled(a, b);
    assert.deepEqual(
      lists.map((list) => list.filter(([name]) => name === 'but-you').length),
      [0, 1],
    );
  });

  test('170 a socket is in the room of its id, and in those it joined', async () => {
    const { sockets, ids } = await group(1);
    const rooms = () => run(sockets[0], { do: 'rooms' });
    assert.deepEqual(await rooms(), [ids[0]]);
    await join(sockets[0], 'a');
    await join(sockets[0], 'a');
    assert.deepEqual((await rooms()).sort(), [ids[0], 'a'].sort());
    await run(sockets[0], { do: 'leave', room: 'a' });
    await run(sockets[0], { do: 'leave', room: 'never joined' });
    assert.deepEqual(await rooms(), [ids[0]]);
  });

  test('170 who has left hears nothing more', async () => {
    const here = await group(2);
    await join(here.sockets[0], 'a');
    await run(here.sockets[0], { do: 'leave', room: 'a' });
    await run(here.sockets[1], news({ to: ['a'] }));
    assert.deepEqual(await heard(here), [0, 0]);
  });

  test('171 empty rooms vanish; a disconnect leaves all', async () => {
    const { nsp, sockets, ids } = await group(2);
    const names = async () => (await run(sockets[1], { do: 'roomNames' })).sort();
    await join(sockets[0], 'a', 'b');
    assert.deepEqual(await names(), [...ids, 'a', 'b'].sort());
    await run(sockets[0], { do: 'leave', room: 'a' });
    assert.deepEqual(await names(), [...ids, 'b'].sort());
    sockets[0].disconnect();
    await server.logged({ what: 'disconnect', nsp, id: ids[0] });
    assert.deepEqual(await names(), [ids[1]]);
  });

  test('172 join takes a list', async () => {
    const { sockets } = await group(1);
    await run(sockets[0], { do: 'join', rooms: ['a', 'b', 'c'] });
    const rooms = await run(sockets[0], { do: 'rooms' });
    assert.ok(['a', 'b', 'c'].every((room) => rooms.includes(room)));
  });

  test('173 an operator does not change what it was made from', async () => {
    const here = await group(3);
    await join(here.sockets[0], 'a');
    await join(here.sockets[1], 'b');
    await run(here.sockets[2], { do: 'immutable', a: 'a', b: 'b' });
    assert.deepEqual(await heard(here, 'immutable'), [1, 0, 0]);
  });

  test('174 a broadcast collects the acknowledgements of all', async () => {
    const { sockets } = await group(3);
    sockets.forEach((socket, i) => socket.on('ask', (add, ack) => ack(i + add, 'ignored')));
    const { err, responses } = await run(
      sockets[0],
      { do: 'emit', from: 'nsp', event: 'ask', timeout: 3000 },
      10,
    );
    assert.equal(err, null);
    assert.deepEqual(responses.sort(), [10, 11, 12]);
  });

  test('174 binary in the acknowledgements of a broadcast', async () => {
    const { sockets } = await group(2);
    sockets.forEach((socket, i) => socket.on('ask', (ack) => ack(Buffer.of(i))));
    const { responses } = await run(sockets[0], { do: 'emit', from: 'nsp', event: 'ask', timeout: 3000 });
    assert.deepEqual(responses.map((bytes) => bytes[0]).sort(), [0, 1]);
  });

  test('174 after the timeout it gives an error and what has come', async () => {
    const { sockets } = await group(3);
    sockets[0].on('ask', (ack) => ack('quick'));
    sockets[1].on('ask', () => {});
    const command = { do: 'emit', from: 'nsp', event: 'ask', timeout: 300 };
    const { err, responses } = await run(sockets[2], command);
    assert.equal(err, 'operation has timed out');
    assert.deepEqual(responses, ['quick']);
  });

  test('174 nobody to ask is answered at once', async () => {
    const { sockets } = await group(1);
    const command = { do: 'emit', from: 'nsp', to: ['nowhere'], event: 'ask', timeout: 60000 };
    assert.deepEqual(await run(sockets[0], command), { err: null, responses: [] });
  });

  test('174 rooms and the excluded sender count', async () => {
    const { sockets } = await group(3);
    for (const socket of sockets) {
      await join(socket, 'a');
      socket.on('ask', (ack) => ack(socket.id));
    }
    const command = { do: 'emit', from: 'socket', to: ['a'], event: 'ask', timeout: 3000 };
    const { responses } = await run(sockets[0], command);
    assert.deepEqual(responses.sort(), [sockets[1].id, sockets[2].id].sort());
  });

  test('174 a late acknowledgement is ignored', async () => {
    const { sockets } = await group(1);
    let late;
    sockets[0].on('ask', (ack) => (late = ack));
    const { err } = await run(sockets[0], { do: 'emit', from: 'nsp', event: 'ask', timeout: 30 });
    assert.equal(err, 'operation has timed out');
    late('too late');
    await settled(sockets[0]);
  });

  test('175 disconnecting still sees the rooms, disconnect does not', async () => {
    const { nsp, sockets, ids } = await group(1);
    await join(sockets[0], 'a');
    sockets[0].disconnect();
    const { rooms: before } = await server.logged({ what: 'disconnecting', nsp });
    const { rooms: after } = await server.logged({ what: 'disconnect', nsp });
    assert.deepEqual(before.sort(), ['a', ids[0]].sort());
    assert.deepEqual(after, []);
  });

  test('176 joining after the disconnect has no effect', async () => {
    const raw = await RawClient.open(server, null);
    raw.send('0/bye,');
    assert.match(await raw.next(), /^0\/bye,/);
    assert.equal(await raw.next(), '2/bye,["bye"]');
    assert.equal(await raw.next(), '1/bye,');
    assert.deepEqual(await server.command({ do: 'members', nsp: '/bye' }), []);
    assert.deepEqual(await server.command({ do: 'roomNames', nsp: '/bye' }), []);
    // The official server still sends what is emitted after disconnect(); clients ignore it.
    raw.send('0');
    const packets = [await raw.next()];
    if (packets[0] === '2/bye,["too-late"]') packets.push(await raw.next());
    assert.match(packets.at(-1), /^0\{"sid"/);
    assert.ok((await raw.fate()).alive);
  });

  test('177 the sockets of a namespace, of a room, of several rooms', async () => {
    const { sockets, ids } = await group(3);
    await join(sockets[0], 'a');
    await join(sockets[1], 'b');
    const members = async (room) => (await run(sockets[0], { do: 'members', room })).sort();
    assert.deepEqual(await members(), [...ids].sort());
    assert.deepEqual(await members('a'), [ids[0]]);
    assert.deepEqual(await members('nowhere'), []);
    const fetched = await run(sockets[0], { do: 'fetchSockets', from: 'nsp', to: ['a', 'b'] });
    assert.deepEqual(fetched.map(({ id }) => id).sort(), [ids[0], ids[1]].sort());
  });

  test('178 fetchSockets tells id, rooms, data and handshake', async () => {
    const { sockets, ids } = await group(2);
    await join(sockets[0], 'a');
    await run(sockets[0], { do: 'setData', data: { name: 'x', list: [1] } });
    const fetched = await run(sockets[1], { do: 'fetchSockets', from: 'nsp' });
    assert.deepEqual(fetched.map(({ id }) => id).sort(), [...ids].sort());
    const first = fetched.find(({ id }) => id === ids[0]);
    assert.deepEqual(first.rooms.sort(), ['a', ids[0]].sort());
    assert.deepEqual(first.data, { value: { name: 'x', list: [1] } });
    assert.equal(first.handshake.query.EIO, '4');
    const inRoom = await run(sockets[1], { do: 'fetchSockets', from: 'nsp', to: ['a'] });
    assert.deepEqual(
      inRoom.map(({ id }) => id),
      [ids[0]],
    );
    const others = await run(sockets[1], { do: 'fetchSockets', from: 'nsp', except: ['a'] });
    assert.deepEqual(
      others.map(({ id }) => id),
      [ids[1]],
    );
  });

  test('179 socketsJoin and socketsLeave, all and by room', async () => {
    const { sockets } = await group(3);
    const joined = async (room) => (await run(sockets[0], { do: 'members', room })).length;
    await join(sockets[0], 'a');
    await run(sockets[0], { do: 'socketsJoin', from: 'nsp', rooms: ['all', 'too'] });
    assert.deepEqual([await joined('all'), await joined('too')], [3, 3]);
    await run(sockets[0], { do: 'socketsJoin', from: 'nsp', to: ['a'], rooms: 'only-a' });
    assert.equal(await joined('only-a'), 1);
    await run(sockets[0], { do: 'socketsLeave', from: 'nsp', except: ['a'], rooms: 'all' });
    assert.equal(await joined('all'), 1);
    await run(sockets[0], { do: 'socketsLeave', from: 'nsp', rooms: ['all', 'too'] });
    assert.deepEqual([await joined('all'), await joined('too')], [0, 0]);
  });

  test('180 disconnectSockets of a room leaves the others', async () => {
    const { sockets, ids, nsp } = await group(3);
    await join(sockets[0], 'a');
    const gone = once(sockets[0], 'disconnect');
    await run(sockets[1], { do: 'disconnectSockets', from: 'nsp', to: ['a'] });
    assert.equal((await gone)[0], 'io server disconnect');
    await server.logged({ what: 'disconnect', nsp, id: ids[0], reason: 'server namespace disconnect' });
    assert.deepEqual((await run(sockets[1], { do: 'members' })).sort(), [ids[1], ids[2]].sort());
  });

  test('180 disconnectSockets of all, closing the connections', async () => {
    const { sockets } = await group(2);
    const gone = sockets.map((socket) => once(socket, 'disconnect'));
    const closed = sockets.map((socket) => once(socket.io, 'close'));
    sockets[0].emit('do', { do: 'disconnectSockets', from: 'nsp', close: true });
    const reasons = (await Promise.all(gone)).map(([reason]) => reason);
    assert.deepEqual(reasons, ['io server disconnect', 'io server disconnect']);
    await Promise.all(closed);
  });

  test('181 local reaches the sockets of this server', async () => {
    const here = await group(2);
    await run(here.sockets[0], news({ local: true }));
    assert.deepEqual(await heard(here), [1, 1]);
  });

  test('182 an acknowledgement of one socket is a single value', async () => {
    const { sockets, ids, nsp } = await group(2);
    sockets[1].on('ask', (ack) => ack('mine'));
    const command = { do: 'emit', from: 'socket', socket: ids[1], nsp, event: 'ask', timeout: 3000 };
    assert.deepEqual(await run(sockets[0], command), { err: null, responses: ['mine'] });
  });

  test('163 a broadcast keeps its order against events of one socket', async () => {
    const here = await group(2);
    const commands = Array.from({ length: 40 }, (_, i) =>
      news({ from: i % 2 ? 'nsp' : 'socket', args: [i] }),
    );
    await run(here.sockets[0], { do: 'sequence', commands });
    await settled(...here.sockets);
    const order = here.events[0].filter(([name]) => name === 'news').map(([, i]) => i);
    assert.deepEqual(
      order,
      Array.from({ length: 40 }, (_, i) => i),
    );
  });
});
