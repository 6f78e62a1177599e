// The same operations that record.mjs has recorded of official servers, on Aerie's: what is published is the same bytes,
// on the same channels, in the same order.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';

import { sleep } from '../conformance/lib/wait.mjs';
import { Cluster, onlyOfficial } from './lib/cluster.mjs';
import { monitorRedis, startRedis } from './lib/redis_server.mjs';
import { decoded } from './lib/wire.mjs';

const flavours = [
  { name: 'default', file: 'redis', options: ['--adapter', 'redis'] },
  { name: 'dynamic', file: 'sharded', options: ['--adapter', 'redis-sharded'] },
  { name: 'static', file: 'sharded', options: ['--adapter', 'redis-sharded', '--mode', 'static'], prefix: 'p' },
  { name: 'dynamic-private', file: 'sharded', options: ['--adapter', 'redis-sharded', '--mode', 'dynamic-private'] },
];

const emit = (event, args, rest) => ({ op: 'emit', event, args, ...rest });
const hello = (rest) => emit('said', ['hello'], rest);
const ask = (args, rest) => ({ op: 'ask', event: 'question', args, timeout: 400, ...rest });

/** As in record.mjs. `b`: the other server's client. */
const operations = {
  'broadcast: an event without arguments': () => emit('ping', []),
  'broadcast: to a namespace': () => emit('said', ['hello', 1]),
  'broadcast: to a room': () => hello({ rooms: ['room1'] }),
  'broadcast: to a room with characters of three bytes': () => emit('said', ['☃😀'], { rooms: ['räume☃'] }),
  'broadcast: to two rooms': () => hello({ rooms: ['room1', 'room2'] }),
  'broadcast: except a room': () => hello({ except: ['room3'] }),
  'broadcast: to a room except two': () => hello({ rooms: ['room1'], except: ['room3', 'room4'] }),
  'broadcast: from a socket': () => hello({ from: 'socket' }),
  'broadcast: from a socket to a room': () => hello({ from: 'socket', rooms: ['room1'] }),
  'broadcast: to a socket': (b) => hello({ rooms: [b.id] }),
  'broadcast: volatile': () => hello({ volatile: true }),
  'broadcast: not compressed': () => hello({ compress: false }),
  'broadcast: with a timeout': () => hello({ timeout: 500 }),
  'broadcast: volatile and not compressed': () => hello({ volatile: true, compress: false }),
  'broadcast: local': () => hello({ local: true }),
  'broadcast: binary': () => emit('said', [Buffer.from([1, 2, 3])]),
  'broadcast: binary to a room, nested': () =>
    emit('said', [{ list: [Buffer.from([255])], empty: Buffer.alloc(0) }], { rooms: ['room1'] }),
  'ask: no clients there': () => ask([1], { rooms: ['nobody'], timeout: 100 }),
  'ask: all clients': () => ask(['yes']),
  'ask: clients in a room': () => ask([{ n: 1 }], { rooms: ['room1'] }),
  'ask: binary': () => ask([Buffer.from([9])]),
  'ask: an answer without a value': () => ask([]),
  'join: everybody, a room': () => ({ op: 'join', names: ['room5'] }),
  'join: a room, two rooms': () => ({ op: 'join', rooms: ['room1'], names: ['room5', 'room6'] }),
  'join: except a room': () => ({ op: 'join', except: ['room1'], names: ['room7'] }),
  'join: local': () => ({ op: 'join', local: true, names: ['room8'] }),
  'leave: everybody, a room': () => ({ op: 'leave', names: ['room5'] }),
  'leave: a room except another, two rooms': () => ({
    op: 'leave', rooms: ['room1'], except: ['room6'], names: ['room5', 'room6'],
  }),
  'fetch: everybody': () => ({ op: 'fetch' }),
  'fetch: a room except another': () => ({ op: 'fetch', rooms: ['room1'], except: ['room9'] }),
  'fetch: nobody': () => ({ op: 'fetch', rooms: ['nobody'] }),
  'fetch: with a timeout': (b) => ({ op: 'fetch', rooms: [b.id], timeout: 300 }),
  'tell servers': () => ({ op: 'side', event: 'silent', args: ['text', 1, { a: [true] }] }),
  'tell servers: an event without arguments': () => ({ op: 'side', event: 'silent' }),
  'tell servers: binary': () => ({ op: 'side', event: 'silent', args: [Buffer.from([1])] }),
  'ask servers': () => ({ op: 'side-ask', event: 'question', args: ['value'] }),
  'ask servers: an answer without a value': () => ({ op: 'side-ask', event: 'question' }),
  'ask servers: binary': () => ({ op: 'side-ask', event: 'question', args: [Buffer.from([2])] }),
  'disconnect: a room': () => ({ op: 'disconnect', rooms: ['nobody'], close: false }),
  'disconnect: a room, and close': () => ({ op: 'disconnect', rooms: ['nobody'], except: ['room1'], close: true }),
};

const isPublication = ({ command }) => command === 'PUBLISH' || command === 'SPUBLISH';
const bytesOf = (entry) => (entry.hex ? Buffer.from(entry.hex, 'hex') : Buffer.from(entry.text ?? ''));

// Numbers of requests are those of a whole recording.
const anyRequest = (text) => text.replaceAll(/r\d{3}-/g, 'r###-');

// What a handshake says of a connection is its own affair; that it says the same things is not.
function withoutHandshake(text, isJson) {
  if (!isJson || !text.includes('"handshake"')) return text;
  const message = JSON.parse(Buffer.from(text, 'latin1').toString());
  for (const socket of message.sockets ?? message.data.sockets) socket.handshake = Object.keys(socket.handshake);
  return JSON.stringify(message);
}

function shown(command, channel, bytes) {
  const isJson = bytes[0] === 0x7b;
  const text = withoutHandshake(anyRequest(bytes.toString('latin1')), isJson);
  return `${command} ${channel} ${isJson ? text : Buffer.from(text, 'latin1').toString('hex')}`;
}

for (const { name, file, options, prefix } of flavours) {
  describe(`${name}: what is published`, { skip: onlyOfficial, concurrency: 1 }, () => {
    const golden = JSON.parse(readFileSync(new URL(`golden/${file}.json`, import.meta.url))).filter(
      (entry) => entry.flavour === name && isPublication(entry),
    );
    let redis, monitor, cluster, a, b, ids;

    before(async () => {
      redis = await startRedis();
      monitor = await monitorRedis(redis.port);
      cluster = await Cluster.start(['aerie', 'aerie'], ['--redis', redis.url, ...options]);
      [[a], [b]] = await cluster.connect(1);
      for (const client of [a, b]) {
        client.socket.on('question', (...args) => args.pop()(...args));
      }
      await b.ask('join', 'room1');
      ids = [[a.id, 'socket-of-a-00000000'], [b.id, 'socket-of-b-00000000']];
      monitor.take();
      await a.do('emit', { event: 'hello' });
      await a.do('side-ask', { event: 'question' });
      const [first, ...rest] = await published();
      ids.push([senderOf(first.bytes), 'uachat0000000000']);
      if (file === 'sharded') ids.push([senderOf(rest.at(-1).bytes), 'ubchat0000000000']);
    });
    after(async () => {
      monitor?.stop();
      await cluster?.stop();
      await redis?.stop();
    });

    const senderOf = (bytes) => decoded(bytes)[0] ?? decoded(bytes).uid;

    // What has been published since the last call, when nothing comes any more.
    async function published() {
      const commands = monitor.take();
      for (;;) {
        await sleep(60);
        const more = monitor.take();
        if (more.length === 0) break;
        commands.push(...more);
      }
      return commands
        .map(([command, channel, bytes]) => ({ command: String(command).toUpperCase(), channel: String(channel), bytes }))
        .filter(isPublication);
    }

    // With the ids of the recording.
    function normal({ command, channel, bytes }) {
      const message = decoded(bytes);
      const request = message?.requestId ?? message?.data?.requestId;
      const known = request ? [...ids, [request, 'r000-00000000000']] : ids;
      const rename = (text) => {
        for (const [id, to] of known) text = text.replaceAll(id, to.slice(0, id.length));
        return text;
      };
      const goldenChannel = rename(channel).replace(/^socket\.io/, prefix ?? 'socket.io');
      return shown(command, goldenChannel, Buffer.from(rename(bytes.toString('latin1')), 'latin1'));
    }

    for (const [operation, job] of Object.entries(operations)) {
      test(operation, async () => {
        await published();
        await a.do(job(b).op, job(b));
        const expected = golden
          .filter((entry) => entry.operation === operation)
          .map((entry) => shown(entry.command, entry.channel, bytesOf(entry)));
        assert.deepEqual((await published()).map(normal), expected);
      });
    }
  });
}
