// What the official Admin UI is told by a server of Aerie, beside what an official server with @socket.io/admin-ui tells it
// when the same things happen, and what its actions do.
//
//     node run.mjs [WORD]       only the tests with this word in their names
//
// AERIE_BIN: where the programs are.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { report, skip, test } from '../conformance/lib/checks.mjs';
import { startRedis } from '../chat/lib/services.mjs';
import { Administrator, Target, connect, until } from './lib.mjs';
import { drivePage } from './page.mjs';

const right = { username: 'admin', password: 'right' };

/** Both servers, one after the other; the same is expected of both. */
async function both(words, body) {
  const results = [];
  for (const kind of ['official', 'aerie']) {
    const target = await Target.start(kind, words);
    try {
      results.push(await body(target));
    } finally {
      await target.close();
    }
  }
  assert.deepEqual(results[1], results[0]);
  return results[1];
}

const isDate = (text) => typeof text === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text);

/** What was heard, with names for ids and dates, and without what differs from run to run. */
function transcript(administrator, names) {
  const known = new Map(Object.entries(names).map(([name, id]) => [id, name]));
  const plain = (value) => {
    if (known.has(value)) return known.get(value);
    if (isDate(value)) return 'a date';
    if (Array.isArray(value)) return value.map(plain);
    if (value === null || typeof value !== 'object') return value;
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, each]) => [key, field(key, each)]));
  };
  const field = (key, value) => {
    if (key === 'clientId') return /^[\w-]{12}$/.test(value) ? 'twelve characters' : value;
    if (['issued', 'time', 'url'].includes(key)) return typeof value;
    // Those of one's own connection, whatever the machine.
    if (key === 'headers') return Object.keys(value).filter((name) => name !== 'accept-encoding').sort();
    if (key === 'query') return Object.keys(value).filter((name) => name !== 't').sort();
    return plain(value);
  };
  return administrator.heard.filter(([event]) => !['server_stats', 'session'].includes(event)).map(plain);
}

const refusalOf = async (url, auth) => {
  try {
    (await Administrator.signIn(url, auth)).close();
  } catch (error) {
    return error.message;
  }
  return 'let in';
};

await test('who does not know the password is refused', () =>
  both([], async ({ url }) => [
    await refusalOf(url, {}),
    await refusalOf(url, { username: 'admin', password: 'wrong' }),
    await refusalOf(url, { username: 'eve', password: 'right' }),
    await refusalOf(url, { sessionId: 'made up' }),
    await refusalOf(url, { sessionId: '' , ...right }),
  ]));

await test('a session stands for the password', () =>
  both([], async ({ url }) => {
    const first = await Administrator.signIn(url, right);
    const [, sessionId] = await first.hears('session');
    assert.equal(typeof sessionId, 'string');
    first.close();
    const second = await Administrator.signIn(url, { sessionId });
    await second.hears('config');
    second.close();
    return second.all('session').length;
  }));

await test('what is told of a client that comes, speaks and goes', async () => {
  const heard = await both([], async ({ url }) => {
    const admin = await Administrator.signIn(url, right);
    await admin.hears('all_sockets');
    const user = await connect(url, '/chat');
    const { id } = user;
    await admin.hears('socket_connected', (socket) => socket.id === id);
    assert.equal(await user.timeout(5000).emitWithAck('echo', 'hello'), 'hello');
    await user.timeout(5000).emitWithAck('join', 'room1');
    await user.timeout(5000).emitWithAck('say', 'room1', 'to all of it');
    await user.timeout(5000).emitWithAck('leave', 'room1');
    await admin.hears('room_left', (nsp, room) => room === 'room1');
    user.emit('bytes', Buffer.from([1, 2, 3]));
    await admin.hears('event_received', (nsp, socket, [event]) => event === 'bytes');
    user.disconnect();
    await admin.hears('room_left', (nsp, room) => room === id);
    const result = transcript(admin, { 'the user': id, 'the administrator': admin.socket.id });
    admin.close();
    return result;
  });
  assert.ok(heard.length > 10, 'much is told');
});

await test('what is told of data and of a connection that goes over to a WebSocket', () =>
  both([], async ({ url }) => {
    const admin = await Administrator.signIn(url, right);
    await admin.hears('all_sockets');
    const user = await connect(url, '/', { transports: ['polling', 'websocket'] });
    const { id } = user;
    await admin.hears('socket_updated', (socket) => socket.transport === 'websocket' && socket.id === id);
    await user.timeout(5000).emitWithAck('set', 'blue');
    await admin.hears('socket_updated', (socket) => socket.id === id && socket.data?.color === 'blue');
    const later = await Administrator.signIn(url, right);
    const [, sockets] = await later.hears('all_sockets');
    const seen = sockets.find((socket) => socket.id === id);
    user.disconnect();
    admin.close();
    later.close();
    return [seen.data, seen.transport, seen.rooms.length, Object.keys(seen).sort(), Object.keys(seen.handshake).sort()];
  }));

await test('what administrators do', async () => {
  const heard = await both([], async ({ url }) => {
    const admin = await Administrator.signIn(url, right);
    await admin.hears('all_sockets');
    const one = await connect(url, '/chat');
    const two = await connect(url, '/chat');
    const said = [];
    for (const [name, socket] of Object.entries({ one, two })) {
      socket.onAny((...args) => said.push([name, ...args]));
      socket.on('disconnect', (reason) => said.push([name, reason]));
    }
    const ids = [one.id, two.id];
    await admin.hears('socket_connected', (socket) => socket.id === two.id);
    admin.socket.emit('join', '/chat', 'room1', one.id);
    await admin.hears('room_joined', (nsp, room, id) => room === 'room1' && id === one.id);
    admin.socket.emit('emit', '/chat', 'room1', 'news', 1, { two: [3] });
    await until(() => said.length === 1, () => JSON.stringify(said));
    admin.socket.emit('emit', '/chat', '', 'news', 'for all');
    await until(() => said.length === 3, () => JSON.stringify(said));
    admin.socket.emit('join', '/chat', ['room2', 'room3']);
    for (const room of ['room2', 'room3']) {
      for (const id of ids) await admin.hears('room_joined', (nsp, joined, socket) => joined === room && socket === id);
    }
    admin.socket.emit('leave', '/chat', 'room1', 'room1');
    await admin.hears('room_left', (nsp, room, id) => room === 'room1' && id === one.id);
    admin.socket.emit('_disconnect', '/chat', false, ids[0]);
    await admin.hears('socket_disconnected', (nsp, id) => id === ids[0]);
    admin.socket.emit('_disconnect', '/chat', true);
    await admin.hears('room_left', (nsp, room, id) => room === ids[1] && id === ids[1]);
    await until(() => said.length === 5, () => JSON.stringify(said));
    const result = transcript(admin, { one: ids[0], two: ids[1], admin: admin.socket.id });
    admin.close();
    // The order of two clients' rooms is nobody's.
    return { said: said.map(String).sort(), heard: result.map((event) => JSON.stringify(event)).sort() };
  });
  assert.ok(heard.said.includes('one,io server disconnect'));
});

await test('an administrator who may only look on', () =>
  both(['--readonly'], async ({ url }) => {
    const admin = await Administrator.signIn(url, right);
    const [, config] = await admin.hears('config');
    await admin.hears('all_sockets');
    const user = await connect(url, '/chat');
    admin.socket.emit('_disconnect', '/chat', true);
    assert.equal(await user.timeout(5000).emitWithAck('echo', 'still here'), 'still here');
    await admin.socket.emit('join', '/chat', 'room1');
    assert.equal(await user.timeout(5000).emitWithAck('echo', 'and here'), 'and here');
    user.disconnect();
    admin.close();
    return [config, admin.all('room_joined').some(([, , room]) => room === 'room1')];
  }));

await test('in production only numbers are told', () =>
  both(['--production'], async ({ url }) => {
    const admin = await Administrator.signIn(url, right);
    const [, config] = await admin.hears('config');
    const user = await connect(url, '/chat');
    await user.timeout(5000).emitWithAck('echo', 'hello');
    await admin.hears('server_stats', ({ namespaces }) => namespaces.some(({ name, socketsCount }) => name === '/chat' && socketsCount === 1));
    const others = new Set(admin.heard.map(([event]) => event));
    user.disconnect();
    admin.close();
    return [config, [...others].sort()];
  }));

await test('the numbers of a server', () =>
  both([], async ({ url }) => {
    const admin = await Administrator.signIn(url, right);
    const polling = await connect(url, '/', { transports: ['polling'] });
    const user = await connect(url, '/chat');
    await user.timeout(5000).emitWithAck('echo', 'hello');
    const [, stats] = await admin.hears('server_stats', ({ clientsCount }) => clientsCount === 3);
    user.disconnect();
    polling.disconnect();
    await admin.hears('server_stats', ({ clientsCount }) => clientsCount === 1);
    const events = admin.all('server_stats').flatMap(([, { aggregatedEvents }]) => aggregatedEvents);
    for (const { timestamp, count } of events) {
      assert.ok(timestamp % 1000 === 0 && Math.abs(timestamp - Date.now()) < 60_000 && count > 0);
    }
    const total = (type) => events.filter((event) => event.type === type).reduce((sum, { count }) => sum + count, 0);
    assert.ok(total('bytesIn') > total('packetsIn') && total('bytesOut') > total('packetsOut'));
    assert.ok(stats.uptime >= 0 && stats.pid > 0 && stats.serverId.startsWith(stats.hostname));
    admin.close();
    return {
      keys: Object.keys(stats).sort(),
      polling: stats.pollingClientsCount,
      namespaces: stats.namespaces.sort((a, b) => (a.name < b.name ? -1 : 1)),
      types: [...new Set(events.map(({ type, subType }) => `${type} ${subType ?? ''}`))].sort(),
      connections: total('rawConnection'),
    };
  }));

await test('several event loops are one server', async () => {
  const target = await Target.start('aerie', ['--threads', '3']);
  const admin = await Administrator.signIn(target.url, right);
  await admin.hears('all_sockets');
  const users = [];
  for (let i = 0; i < 6; i += 1) users.push(await connect(target.url, '/chat'));
  for (const user of users) {
    await admin.hears('socket_connected', ({ id }) => id === user.id);
    await user.timeout(5000).emitWithAck('echo', user.id);
    await admin.hears('event_received', (nsp, id, [event, text]) => id === user.id && event === 'echo' && text === user.id);
  }
  const gone = users.map((user) => new Promise((resolve) => user.on('disconnect', resolve)));
  admin.socket.emit('_disconnect', '/chat', true);
  assert.deepEqual(new Set(await Promise.all(gone)), new Set(['io server disconnect']));
  admin.close();
  await target.close();
});

const redis = await startRedis();
if (!redis) {
  skipped += 1;
  console.log('skipped: a cluster: Redis is not installed; script/bootstrap --test installs it');
} else {
  await test('a cluster is seen and ruled from each of its servers', async () => {
    const targets = [await Target.start('aerie', ['--redis', redis.url]), await Target.start('aerie', ['--redis', redis.url])];
    const admin = await Administrator.signIn(targets[0].url, right);
    const user = await connect(targets[1].url, '/chat');
    const { id } = user;
    // Both know of each other once one is heard of at the other.
    await until(
      async () => {
        await user.timeout(5000).emitWithAck('echo', 'are you there');
        return admin.all('event_received').some(([, , socket]) => socket === id);
      },
      () => 'the other server is heard of',
    );
    const later = await Administrator.signIn(targets[0].url, right);
    const [, sockets] = await later.hears('all_sockets');
    const seen = sockets.find((socket) => socket.id === id);
    assert.equal(seen?.transport, 'websocket');
    assert.match(seen.clientId, /^[\w-]{12}$/);
    admin.socket.emit('join', '/chat', 'far', id);
    await admin.hears('room_joined', (nsp, room, socket) => room === 'far' && socket === id);
    const reason = new Promise((resolve) => user.on('disconnect', resolve));
    admin.socket.emit('_disconnect', '/chat', false, 'far');
    assert.equal(await reason, 'io server disconnect');
    await admin.hears('socket_disconnected', (nsp, socket) => socket === id);
    const servers = await until(
      () => {
        const ids = new Set(admin.all('server_stats').map(([, { serverId }]) => serverId));
        return ids.size === 2 && ids;
      },
      () => 'both tell their numbers',
    );
    assert.equal(servers.size, 2);
    admin.close();
    later.close();
    for (const target of targets) await target.close();
  });
  await redis.close();
}

if (!existsSync('/usr/bin/chromium')) {
  skip('the page: no Chromium; script/bootstrap --browser installs it');
} else {
  for (const kind of ['official', 'aerie']) {
    await test(`the page in a browser, ${kind}`, async () => {
      const target = await Target.start(kind);
      try {
        await drivePage(target);
      } finally {
        await target.close();
      }
    });
  }
}

report();
