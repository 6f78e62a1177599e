// What the official adapters do in a cluster, begun on each of two servers in turn and observed by official clients on
// both.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';

import { duration, once, until } from '../../conformance/lib/wait.mjs';
import { Cluster, onlyOfficial } from './cluster.mjs';
import { startRedis } from './redis_server.mjs';

const kinds = onlyOfficial
  ? { 'two official servers': ['node', 'node'] }
  : {
      'two Aerie servers': ['aerie', 'aerie'],
      'an Aerie and an official server': ['aerie', 'node'],
      'two Aerie servers with two threads each': ['aerie with two threads', 'aerie with two threads'],
    };

/** Servers answer each other within this time, where a test waits for one that does not. */
const requestsTimeout = 1000;

/** Calls `body` with a cluster that has begun, for each kind of cluster. `options`: the adapter's; `start`: its Redis. */
export function forEachCluster(title, options, body, start = startRedis) {
  for (const [kind, servers] of Object.entries(kinds)) {
    describe(`${title}, ${kind}`, { concurrency: 1 }, () => {
      // How long a server waits for others: the official sharded and streams adapters have no setting for it.
      const fixed = (server) => server === 'node' && !options.includes('redis');
      const context = { patience: servers.map((server) => (fixed(server) ? 5000 : requestsTimeout)) };
      before(async () => {
        context.redis = await start();
        context.cluster = await Cluster.start(servers, [
          '--redis', context.redis.url, '--requests-timeout', requestsTimeout, ...options,
        ]);
      });
      afterEach(() => context.cluster?.releaseClients());
      after(async () => {
        try {
          await context.cluster?.stop();
        } finally {
          await context.redis?.stop();
        }
      });
      body(context, servers);
    });
  }
}

const sorted = (values) => [...values].sort();
const ids = (clients) => sorted(clients.map(({ id }) => id));

/** Two clients on each server: the sender first on its own side, everybody in `all`. */
async function people(cluster, side) {
  const clients = await cluster.connect(2);
  const [from, neighbour] = clients[side];
  const [near, far] = clients[1 - side];
  return { from, neighbour, near, far, all: clients.flat() };
}

/** Who has got `event`, once each. */
function assertGot(clients, event, ...args) {
  for (const client of clients) assert.deepEqual(client.got(event), [args], `${client.id} on ${client.target.kind}`);
}

function assertGotNothing(clients, event) {
  for (const client of clients) assert.deepEqual(client.got(event), [], `${client.id} on ${client.target.kind}`);
}

const broadcasts = {
  'an event reaches everybody in the namespace, once': async ({ cluster }, { from, all }) => {
    const [[stranger], [otherStranger]] = await cluster.connect(1, '/');
    await from.do('emit', { event: 'news', args: ['text', 1, { a: [true, null] }] });
    await cluster.fence(from, all);
    assertGot(all, 'news', 'text', 1, { a: [true, null] });
    assertGotNothing([stranger, otherStranger], 'news');
  },
  'an event in the default namespace stays there': async ({ cluster }, { all }, side) => {
    const clients = (await cluster.connect(1, '/')).flat();
    await clients[side].do('emit', { event: 'news' });
    await cluster.fence(clients[side], clients);
    assertGot(clients, 'news');
    assertGotNothing(all, 'news');
  },
  'a room': async ({ cluster }, { from, neighbour, near, far, all }) => {
    await cluster.join('blue', [from, near]);
    assert.equal(await from.ask('say', 'blue', 'hello'), 'ok');
    await cluster.fence(from, all);
    assertGot([from, near], 'said', 'hello');
    assertGotNothing([neighbour, far], 'said');
  },
  'a room whose name is no ASCII': async ({ cluster }, { from, far, near, all }) => {
    await cluster.join('räume ☃😀', [far]);
    await from.ask('say', 'räume ☃😀', '☃😀');
    await cluster.fence(from, all);
    assertGot([far], 'said', '☃😀');
    assertGotNothing([near], 'said');
  },
  'a room with the characters of patterns': async ({ cluster }, { from, far, near, all }) => {
    await cluster.join('a*b?[c]#d', [far]);
    await from.ask('say', 'a*b?[c]#d', 'hello');
    await from.ask('say', 'aXb', 'nobody');
    await cluster.fence(from, all);
    assertGot([far], 'said', 'hello');
    assertGotNothing([near], 'said');
  },
  'several rooms, nobody twice': async ({ cluster }, { from, neighbour, near, far, all }) => {
    await cluster.join('blue', [from, near]);
    await cluster.join('red', [near, far]);
    await from.do('emit', { rooms: ['blue', 'red'], event: 'news', args: [1] });
    await cluster.fence(from, all);
    assertGot([from, near, far], 'news', 1);
    assertGotNothing([neighbour], 'news');
  },
  'a room that nobody is in': async ({ cluster }, { from, all }) => {
    await from.ask('say', 'empty', 'hello');
    await cluster.fence(from, all);
    assertGotNothing(all, 'said');
  },
  'a room that everybody has left': async ({ cluster }, { from, near, all }) => {
    await cluster.join('blue', [near]);
    await near.ask('leave', 'blue');
    await from.ask('say', 'blue', 'hello');
    await cluster.fence(from, all);
    assertGotNothing(all, 'said');
  },
  'except a room': async ({ cluster }, { from, neighbour, near, far, all }) => {
    await cluster.join('blue', [from, near]);
    await from.do('emit', { except: ['blue'], event: 'news' });
    await cluster.fence(from, all);
    assertGot([neighbour, far], 'news');
    assertGotNothing([from, near], 'news');
  },
  'a room except another': async ({ cluster }, { from, neighbour, near, far, all }) => {
    await cluster.join('blue', [from, near, far]);
    await cluster.join('red', [far]);
    await from.do('emit', { rooms: ['blue'], except: ['red'], event: 'news' });
    await cluster.fence(from, all);
    assertGot([from, near], 'news');
    assertGotNothing([neighbour, far], 'news');
  },
  'one socket of the other server': async ({ cluster }, { from, far, all }) => {
    // With private channels its server has subscribed to one for it, which takes a moment.
    await cluster.reachable(far.id, [far]);
    assert.equal(await from.ask('tell', far.id, 'psst'), 'ok');
    await cluster.fence(from, all);
    assertGot([far], 'said', 'psst');
    assertGotNothing(all.filter((client) => client !== far), 'said');
  },
  'everybody but the sender': async ({ cluster }, { from, neighbour, near, far, all }) => {
    await from.do('emit', { from: 'socket', event: 'news', args: [1] });
    await cluster.fence(from, all);
    assertGot([neighbour, near, far], 'news', 1);
    assertGotNothing([from], 'news');
  },
  'only the clients of this server': async ({ cluster }, { from, neighbour, near, far, all }) => {
    await from.do('emit', { local: true, event: 'news' });
    await cluster.fence(from, all);
    assertGot([from, neighbour], 'news');
    assertGotNothing([near, far], 'news');
  },
  'volatile': async ({ cluster }, { from, near, far }) => {
    // Clients that keep up get it; nothing is behind here but what the test itself sends.
    await until(async () => {
      await from.do('emit', { volatile: true, event: 'news', args: [1] });
      await cluster.fence(from, [near, far]);
      return [near, far].every((client) => client.got('news').length > 0);
    }, 'a volatile event arrives');
  },
  'not compressed': async ({ cluster }, { from, all }) => {
    await from.do('emit', { compress: false, event: 'news', args: ['text'] });
    await cluster.fence(from, all);
    assertGot(all, 'news', 'text');
  },
  'binary': async ({ cluster }, { from, near, far, all }) => {
    await cluster.join('blue', [near]);
    const value = { list: [Buffer.from([1, 2, 255]), { more: Buffer.alloc(0) }], text: 'x' };
    await from.do('emit', { rooms: ['blue'], event: 'file', args: [Buffer.from([0, 128]), value] });
    await cluster.fence(from, all);
    assertGot([near], 'file', Buffer.from([0, 128]), value);
    assertGotNothing([far], 'file');
  },
  'a large event': async ({ cluster }, { from, near }) => {
    const text = 'a'.repeat(900_000);
    await from.do('emit', { event: 'large', args: [text] });
    await cluster.fence(from, [near]);
    assert.equal(near.got('large')[0][0].length, text.length);
  },
  'the order of one sender is kept': async ({ cluster }, { from, all }) => {
    const numbers = Array.from({ length: 300 }, (_, i) => i);
    await Promise.all(numbers.map((n) => from.do('emit', { event: 'n', args: [n] })));
    await cluster.fence(from, all);
    for (const client of all) assert.deepEqual(client.got('n').flat(), numbers);
  },
  'the order of one sender is kept over rooms': async ({ cluster }, { from, near }) => {
    await cluster.join('blue', [near]);
    await cluster.join('red', [near]);
    const numbers = Array.from({ length: 90 }, (_, i) => i);
    const rooms = [['blue'], ['red'], []];
    await Promise.all(numbers.map((n) => from.do('emit', { rooms: rooms[n % 3], event: 'n', args: [n] })));
    await cluster.fence(from, [near]);
    assert.deepEqual(near.got('n').flat(), numbers);
  },
};

/** Clients answer `question` with a name each. */
function answering(clients, name = (i) => `name ${i}`) {
  clients.forEach((client, i) => client.socket.on('question', (...args) => args.at(-1)(name(i), 'ignored')));
}

const acknowledgements = {
  'all clients answer': async (context, { from, all }) => {
    answering(all);
    const { answers, complete } = await from.do('ask', { timeout: 5000, event: 'question' });
    assert.deepEqual(sorted(answers), ['name 0', 'name 1', 'name 2', 'name 3']);
    assert.equal(complete, true);
  },
  'the clients in a room answer': async ({ cluster }, { from, near, far }) => {
    answering([from, near, far]);
    await cluster.join('blue', [near, from]);
    assert.deepEqual(await from.ask('ask', 'blue'), ['name 0', 'name 1']);
  },
  'nobody is there': async (context, { from }) => {
    const ms = await duration(async () => assert.deepEqual(await from.ask('ask', 'empty'), []));
    assert.ok(ms < 900, `after ${ms} ms`);
  },
  'binary, there and back': async (context, { from, all }) => {
    for (const client of all) client.socket.on('question', (bytes, answer) => answer(Buffer.from(bytes).reverse()));
    const { answers } = await from.do('ask', { timeout: 5000, event: 'question', args: [Buffer.from([1, 2])] });
    assert.deepEqual(answers, Array(4).fill(Buffer.from([2, 1])));
  },
  'values of all kinds': async (context, { from, near, far }) => {
    near.socket.on('question', (answer) => answer({ a: [1.5, null, 'x', { b: false }] }));
    far.socket.on('question', (answer) => answer());
    const { answers } = await from.do('ask', { rooms: [near.id], timeout: 5000, event: 'question' });
    assert.deepEqual(answers, [{ a: [1.5, null, 'x', { b: false }] }]);
    const { answers: none, complete } = await from.do('ask', { rooms: [far.id], timeout: 5000, event: 'question' });
    assert.equal(none.length, 1);
    assert.equal(none[0] ?? null, null);
    assert.equal(complete, true);
  },
  'one client does not answer in time': async (context, { from, neighbour, near, far }) => {
    answering([from, neighbour, near]);
    far.socket.on('question', () => {});
    let result;
    const ms = await duration(async () => (result = await from.do('ask', { timeout: 300, event: 'question' })));
    assert.deepEqual(sorted(result.answers), ['name 0', 'name 1', 'name 2']);
    assert.equal(result.complete, false);
    assert.ok(ms >= 290 && ms < 2000, `after ${ms} ms`);
  },
};

const moves = {
  'everybody joins a room': async ({ cluster }, { from, all }) => {
    assert.equal(await from.do('join', { names: ['green'] }), 'ok');
    await cluster.reachable('green', all);
    assert.deepEqual(await from.ask('who', 'green'), ids(all));
  },
  'the sockets of a room join several': async ({ cluster }, { from, near, far, all }) => {
    await cluster.join('blue', [near]);
    await from.do('join', { rooms: ['blue'], names: ['green', 'red'] });
    await cluster.reachable('green', [near]);
    await cluster.reachable('red', [near]);
    await from.do('emit', { rooms: ['green'], event: 'news' });
    await cluster.fence(from, all);
    assertGot([near], 'news');
    assertGotNothing([far], 'news');
  },
  'one socket joins, by its id': async ({ cluster }, { from, far }) => {
    await from.do('join', { rooms: [far.id], names: ['green'] });
    await cluster.reachable('green', [far]);
    assert.deepEqual(await from.ask('who', 'green'), [far.id]);
  },
  'everybody but a room joins': async ({ cluster }, { from, neighbour, near, far }) => {
    await cluster.join('blue', [from, near]);
    await from.do('join', { except: ['blue'], names: ['green'] });
    await cluster.reachable('green', [neighbour, far]);
    assert.deepEqual(await from.ask('who', 'green'), ids([neighbour, far]));
  },
  'only the sockets of this server join': async ({ cluster }, { from, neighbour }) => {
    await from.do('join', { local: true, names: ['green'] });
    await cluster.reachable('green', [from, neighbour]);
    assert.deepEqual(await from.ask('who', 'green'), ids([from, neighbour]));
  },
  'everybody leaves a room': async ({ cluster }, { from, all }) => {
    await cluster.join('blue', all);
    await from.do('leave', { names: ['blue'] });
    await cluster.fence(from, all);
    await until(async () => (await from.ask('who', 'blue')).length === 0, 'the room is empty');
  },
  'the sockets of a room move to another': async ({ cluster }, { from, neighbour, near, far }) => {
    await cluster.join('blue', [from, near]);
    assert.equal(await from.ask('move', 'blue', 'green'), 'ok');
    await cluster.reachable('green', [from, near]);
    assert.deepEqual(await from.ask('who', 'green'), ids([from, near]));
    assert.deepEqual(await neighbour.ask('who', 'blue'), []);
    assert.deepEqual(await far.ask('who', 'blue'), []);
  },
};

const disconnections = {
  'the sockets of a room leave the namespace': async ({ cluster }, { from, neighbour, near, far }) => {
    await cluster.join('blue', [neighbour, near]);
    const gone = [neighbour, near].map(({ socket }) => once(socket, 'disconnect'));
    assert.equal(await from.ask('kick', 'blue'), 'ok');
    for (const [reason] of await Promise.all(gone)) assert.equal(reason, 'io server disconnect');
    await cluster.fence(from, [from, far]);
    assert.ok(from.socket.connected && far.socket.connected);
  },
  'one socket, by its id, and its connection': async ({ cluster }, { from, near, far }) => {
    const engine = near.socket.io.engine;
    const closed = once(engine, 'close');
    await from.do('disconnect', { rooms: [near.id], close: true });
    await closed;
    await cluster.fence(from, [from, far]);
    assert.ok(far.socket.connected);
  },
  'everybody': async (context, { from, neighbour, near, far }) => {
    const gone = [from, neighbour, near, far].map(({ socket }) => once(socket, 'disconnect'));
    from.socket.emit('do', { op: 'disconnect', close: true });
    await Promise.all(gone);
  },
};

const fetches = {
  'all sockets': async (context, { from, all }) => {
    for (const client of all) await client.do('data', { data: { name: client.target.kind, n: [1] } });
    const sockets = await from.do('fetch');
    assert.deepEqual(sockets.map(({ id }) => id), ids(all));
    for (const { id, rooms, data } of sockets) {
      assert.deepEqual(rooms, [id]);
      assert.deepEqual(data, { name: all.find((client) => client.id === id).target.kind, n: [1] });
    }
  },
  'the sockets of a room': async ({ cluster }, { from, near, far }) => {
    await cluster.join('blue', [near, far]);
    const sockets = await from.do('fetch', { rooms: ['blue'], except: [far.id] });
    assert.deepEqual(sockets.map(({ id }) => id), [near.id]);
    assert.deepEqual(sockets[0].rooms, sorted([near.id, 'blue']));
  },
  'one socket, by its id': async (context, { from, far }) => {
    assert.deepEqual(await from.ask('who', far.id), [far.id]);
  },
  'nobody': async (context, { from }) => assert.deepEqual(await from.ask('who', 'empty'), []),
  'the sockets of this server': async (context, { from, neighbour }) => {
    const sockets = await from.do('fetch', { local: true });
    assert.deepEqual(sockets.map(({ id }) => id), ids([from, neighbour]));
  },
  'the number of servers': async (context, { from, near }) => {
    assert.equal(await from.ask('servers'), 2);
    assert.equal(await near.ask('servers'), 2);
  },
};

const serverSide = {
  'the other servers are told, and not this one': async ({ cluster }, { from, neighbour, near, far }) => {
    assert.equal(await from.ask('side', 'text'), 'ok');
    await until(() => near.got('side').length > 0 && far.got('side').length > 0, 'the other server is told');
    await cluster.fence(from, [from, neighbour, near, far]);
    assertGot([near, far], 'side', 'text');
    assertGotNothing([from, neighbour], 'side');
  },
  'the other servers answer': async (context, { from }) => {
    const value = { a: [1, 'x', null] };
    assert.deepEqual(await from.do('side-ask', { event: 'question', args: [value] }), { answers: [value], complete: true });
  },
  'a server that does not answer': async ({ patience }, { from }, side) => {
    let result;
    const ms = await duration(async () => (result = await from.do('side-ask', { event: 'silent' })));
    assert.deepEqual(result, { answers: [], complete: false });
    assert.ok(ms >= patience[side] - 10 && ms < patience[side] + 2500, `after ${ms} ms`);
  },
};

const groups = { broadcasts, acknowledgements, moves, disconnections, fetches, 'server-side emits': serverSide };

/** Declares the behaviours of some groups, or of all, for every kind of cluster. `start`: what starts its Redis. */
export function declareBehaviours(title, options, names = Object.keys(groups), start = startRedis) {
  const declare = (context, servers) => {
    for (const group of names) {
      for (const [name, body] of Object.entries(groups[group])) {
        for (const side of [0, 1]) {
          test(`${group}: ${name}, from server ${side + 1} (${servers[side]})`, async () => {
            await body(context, await people(context.cluster, side), side);
          });
        }
      }
    }
  };
  forEachCluster(title, options, declare, start);
}
