// Records what the official adapters and the official emitter write to Redis: node record.mjs
//
// One operation after the other on two official servers that share a Redis, with one client each; what MONITOR shows
// of it goes into golden/*.json, one command a line. What differs from run to run (ids, and what a handshake says of
// the machine) is replaced by texts of the same length, so that the bytes around them stay as they were.
import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';

import { sleep, until, within } from '../conformance/lib/wait.mjs';
import { monitorRedis, startRedis } from './lib/redis_server.mjs';
import { interesting, line, Names } from './lib/wire.mjs';

const require = createRequire(import.meta.url);
const { Server } = require('socket.io');
const { io: connect } = require('socket.io-client');
const { createClient } = require('redis');
const { createAdapter, createShardedAdapter } = require('@socket.io/redis-adapter');
const { Emitter } = require('@socket.io/redis-emitter');

const handshake = {
  headers: { host: 'example.test', 'user-agent': 'golden' },
  time: 'Thu Jan 01 2026 00:00:00 GMT+0000 (Coordinated Universal Time)',
  address: '192.0.2.1',
  xdomain: false,
  secure: false,
  issued: 1767225600000,
  url: '/socket.io/?EIO=4&transport=websocket',
  query: { EIO: '4', transport: 'websocket' },
  auth: {},
};

const redis = await startRedis();
const monitor = await monitorRedis(redis.port);

async function redisClient() {
  const client = createClient({ url: redis.url });
  client.on('error', (error) => console.error(error));
  await client.connect();
  return client;
}

// A server with one client in /chat and in /. Handlers of the client answer by the name of the event.
async function startServer(makeAdapter) {
  const pub = await redisClient();
  const sub = await redisClient();
  const http = createServer();
  const io = new Server(http, { adapter: makeAdapter(pub, sub) });
  io.of('/chat').use((socket, next) => {
    socket.handshake = { ...socket.handshake, ...handshake };
    next();
  });
  io.of('/chat').on('question', (...args) => args.at(-1)(args.length > 1 ? args[0] : undefined));
  io.of('/chat').on('silent', () => {});
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${http.address().port}/chat`;
  const client = connect(url, { transports: ['websocket'] });
  client.on('question', (...args) => {
    const ack = args.pop();
    if (args.length > 0) ack(...args);
    else ack();
  });
  await within(new Promise((resolve) => client.once('connect', resolve)), 'the client has connected', 5000);
  const socket = io.of('/chat').sockets.get(client.id);
  return {
    io,
    chat: io.of('/chat'),
    socket,
    client,
    async stop() {
      client.disconnect();
      await io.close();
      await Promise.all([pub.quit(), sub.quit()]);
    },
  };
}

// What every flavour does. Each gets the server that asks, and the other one's socket id.
const operations = {
  'broadcast: an event without arguments': ({ a }) => a.chat.emit('ping'),
  'broadcast: to the default namespace': ({ a }) => a.io.emit('said', 'hello', 1),
  'broadcast: to a namespace': ({ a }) => a.chat.emit('said', 'hello', 1),
  'broadcast: to a room': ({ a }) => a.chat.to('room1').emit('said', 'hello'),
  'broadcast: to a room with characters of three bytes': ({ a }) => a.chat.to('räume☃').emit('said', '☃😀'),
  'broadcast: to two rooms': ({ a }) => a.chat.to(['room1', 'room2']).emit('said', 'hello'),
  'broadcast: except a room': ({ a }) => a.chat.except('room3').emit('said', 'hello'),
  'broadcast: to a room except two': ({ a }) => a.chat.to('room1').except(['room3', 'room4']).emit('said', 'hello'),
  'broadcast: from a socket': ({ a }) => a.socket.broadcast.emit('said', 'hello'),
  'broadcast: from a socket to a room': ({ a }) => a.socket.to('room1').emit('said', 'hello'),
  'broadcast: to a socket': ({ a, b }) => a.chat.to(b.client.id).emit('said', 'hello'),
  'broadcast: volatile': ({ a }) => a.chat.volatile.emit('said', 'hello'),
  'broadcast: not compressed': ({ a }) => a.chat.compress(false).emit('said', 'hello'),
  'broadcast: compressed': ({ a }) => a.chat.compress(true).emit('said', 'hello'),
  'broadcast: with a timeout': ({ a }) => a.chat.timeout(500).emit('said', 'hello'),
  'broadcast: volatile and not compressed': ({ a }) => a.chat.volatile.compress(false).emit('said', 'hello'),
  'broadcast: local': ({ a }) => a.chat.local.emit('said', 'hello'),
  'broadcast: binary': ({ a }) => a.chat.emit('said', Buffer.from([1, 2, 3])),
  'broadcast: binary to a room, nested': ({ a }) =>
    a.chat.to('room1').emit('said', { list: [Buffer.from([255])], empty: Buffer.alloc(0) }),
  'broadcast: many kinds of values': ({ a }) =>
    a.chat.emit('said', null, true, false, 0, -1, 127, 128, 255, 256, 65536, 4294967296, -33, -129, -32769, 1.5, -0.1,
      '', 'a'.repeat(40), [], {}, [[1]], { a: { b: null } }),
  'broadcast: undefined and a date': ({ a }) => a.chat.emit('said', undefined, { left: undefined, kept: 1 },
    new Date(1767225600123)),
  'ask: no clients there': ({ a }) => a.chat.to('nobody').timeout(100).emitWithAck('question', 1),
  'ask: all clients': ({ a }) => a.chat.timeout(400).emitWithAck('question', 'yes'),
  'ask: clients in a room': ({ a }) => a.chat.to('room1').timeout(400).emitWithAck('question', { n: 1 }),
  'ask: binary': ({ a }) => a.chat.timeout(400).emitWithAck('question', Buffer.from([9])),
  'ask: an answer without a value': ({ a }) => a.chat.timeout(400).emitWithAck('question'),
  'ask: a remote socket': async ({ a, b }) => {
    const [remote] = await a.chat.in(b.client.id).fetchSockets();
    monitor.take();
    await remote.timeout(400).emitWithAck('question', 'one');
  },
  'emit: to a remote socket': async ({ a, b }) => {
    const [remote] = await a.chat.in(b.client.id).fetchSockets();
    monitor.take();
    remote.emit('said', 'hello');
  },
  'join: everybody, a room': ({ a }) => a.chat.socketsJoin('room5'),
  'join: a room, two rooms': ({ a }) => a.chat.in('room1').socketsJoin(['room5', 'room6']),
  'join: except a room': ({ a }) => a.chat.except('room1').socketsJoin('room7'),
  'join: local': ({ a }) => a.chat.local.socketsJoin('room8'),
  'leave: everybody, a room': ({ a }) => a.chat.socketsLeave('room5'),
  'leave: a room except another, two rooms': ({ a }) =>
    a.chat.in('room1').except('room6').socketsLeave(['room5', 'room6']),
  'fetch: everybody': ({ a }) => a.chat.fetchSockets(),
  'fetch: a room except another': ({ a }) => a.chat.in('room1').except('room9').fetchSockets(),
  'fetch: nobody': ({ a }) => a.chat.in('nobody').fetchSockets(),
  'fetch: with data': async ({ a, b }) => {
    b.socket.data = { name: 'Ada', tags: ['x'] };
    await a.chat.in(b.client.id).fetchSockets();
    b.socket.data = {};
  },
  'fetch: with a timeout': ({ a, b }) => a.chat.timeout(300).in(b.client.id).fetchSockets(),
  'fetch: with binary data': async ({ a, b }) => {
    b.socket.data = { photo: Buffer.from([7, 8]) };
    await a.chat.in(b.client.id).fetchSockets();
    b.socket.data = {};
  },
  'tell servers': ({ a }) => a.chat.serverSideEmit('silent', 'text', 1, { a: [true] }),
  'tell servers: an event without arguments': ({ a }) => a.chat.serverSideEmit('silent'),
  'tell servers: binary': ({ a }) => a.chat.serverSideEmit('silent', Buffer.from([1])),
  'ask servers': ({ a }) => a.chat.serverSideEmitWithAck('question', 'value'),
  'ask servers: an answer without a value': ({ a }) => a.chat.serverSideEmitWithAck('question'),
  'ask servers: binary': ({ a }) => a.chat.serverSideEmitWithAck('question', Buffer.from([2])),
  'count servers': ({ a }) => a.chat.adapter.serverCount(),
  'all rooms': ({ a }) => a.chat.adapter.allRooms?.(),
  'disconnect: a room': ({ a }) => a.chat.in('nobody').disconnectSockets(),
  'disconnect: a room, and close': ({ a }) => a.chat.in('nobody').except('room1').disconnectSockets(true),
  'disconnect: everybody, and close': ({ a }) => a.chat.disconnectSockets(true),
};

const fromOutside = {
  'broadcast: to the default namespace': (e) => e.emit('said', 'hello', 1),
  'broadcast: to a namespace': (e) => e.of('/chat').emit('said', 'hello', 1),
  'broadcast: to a namespace without its slash': (e) => e.of('chat').emit('said', 'hello', 1),
  'broadcast: an event without arguments': (e) => e.of('/chat').emit('ping'),
  'broadcast: to a room': (e) => e.of('/chat').to('room1').emit('said', 'hello'),
  'broadcast: to two rooms': (e) => e.of('/chat').to(['room1', 'room2']).emit('said', 'hello'),
  'broadcast: except a room': (e) => e.of('/chat').except('room3').emit('said', 'hello'),
  'broadcast: to a room except two': (e) => e.of('/chat').to('room1').except(['room3', 'room4']).emit('said', 'hello'),
  'broadcast: volatile': (e) => e.of('/chat').volatile.emit('said', 'hello'),
  'broadcast: not compressed': (e) => e.of('/chat').compress(false).emit('said', 'hello'),
  'broadcast: volatile and not compressed': (e) => e.of('/chat').volatile.compress(false).emit('said', 'hello'),
  'broadcast: binary': (e) => e.of('/chat').emit('said', Buffer.from([1, 2, 3])),
  'join: everybody, a room': (e) => e.of('/chat').socketsJoin('room5'),
  'join: a room, two rooms': (e) => e.of('/chat').in('room1').socketsJoin(['room5', 'room6']),
  'leave: everybody, a room': (e) => e.of('/chat').socketsLeave('room5'),
  'leave: a room except another, two rooms': (e) =>
    e.of('/chat').in('room1').except('room6').socketsLeave(['room5', 'room6']),
  'disconnect: a room': (e) => e.of('/chat').in('nobody').disconnectSockets(),
  'disconnect: everybody, and close': (e) => e.of('/chat').disconnectSockets(true),
  'tell servers': (e) => e.of('/chat').serverSideEmit('silent', 'text', 1, { a: [true] }),
};

// Nothing tells when the last server has answered the last client: 60 ms of silence do.
async function quiet() {
  const commands = monitor.take();
  for (;;) {
    await sleep(60);
    const more = monitor.take();
    if (more.length === 0) return commands.filter(([name]) => interesting.has(name.toString().toUpperCase()));
    commands.push(...more);
  }
}

async function recordAdapter(flavour, makeAdapter) {
  const lines = [];
  const names = new Names();
  await quiet();
  const a = await startServer(makeAdapter);
  const opening = await quiet();
  const b = await startServer(makeAdapter);
  await until(async () => (await a.chat.adapter.serverCount()) === 2, 'two servers know of each other');
  await quiet();
  for (const [server, name] of [[a, 'a'], [b, 'b']]) {
    for (const nsp of ['/', '/chat']) {
      names.add(server.io.of(nsp).adapter.uid, `u${name}${nsp === '/' ? 'main' : 'chat'}`);
    }
    names.add(server.client.id, `socket-of-${name}-`);
  }
  const keep = (operation, commands) => lines.push(...commands.map((each) => line(flavour, operation, each, names)));
  keep('open', opening);
  b.socket.join('room1');
  keep('a socket joins a room', await quiet());
  for (const [operation, run] of Object.entries(operations)) {
    await run({ a, b });
    keep(operation, await quiet());
  }
  await b.stop();
  await quiet();
  await a.stop();
  keep('close', await quiet());
  return lines;
}

async function recordEmitter() {
  const lines = [];
  const client = await redisClient();
  const emitter = new Emitter(client);
  for (const [operation, run] of Object.entries(fromOutside)) {
    await quiet();
    run(emitter);
    for (const command of await quiet()) lines.push(line('emitter', operation, command, new Names()));
  }
  await client.quit();
  return lines;
}

const write = (name, lines) =>
  writeFileSync(new URL(`golden/${name}.json`, import.meta.url), `[\n${lines.join(',\n')}\n]\n`);

try {
  const redisFlavour = (options) => (pub, sub) => createAdapter(pub, sub, options);
  const shardedFlavour = (options) => (pub, sub) => createShardedAdapter(pub, sub, options);
  write('redis', [
    ...(await recordAdapter('default', redisFlavour({}))),
    ...(await recordAdapter('specific', redisFlavour({ key: 'k', publishOnSpecificResponseChannel: true }))),
  ]);
  write('sharded', [
    ...(await recordAdapter('dynamic', shardedFlavour({}))),
    ...(await recordAdapter('static', shardedFlavour({ channelPrefix: 'p', subscriptionMode: 'static' }))),
    ...(await recordAdapter('dynamic-private', shardedFlavour({ subscriptionMode: 'dynamic-private' }))),
  ]);
  write('emitter', await recordEmitter());
} finally {
  monitor.stop();
  await redis.stop();
}
process.exit(0);
