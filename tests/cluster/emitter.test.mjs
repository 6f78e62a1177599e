// Those who send to a cluster and are no servers of it: the official emitter, `aerie emit`, and a script in Python.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from 'node:test';

import { once, until } from '../conformance/lib/wait.mjs';
import { forEachCluster } from './lib/behaviours.mjs';
import { onlyOfficial } from './lib/cluster.mjs';

const require = createRequire(import.meta.url);
const { createClient } = require('redis');
const { Emitter } = require('@socket.io/redis-emitter');
const run = promisify(execFile);

const script = fileURLToPath(new URL('emit.py', import.meta.url));
// Debian's, which has its package python3-redis.
const python = process.env.AERIE_PYTHON ?? '/usr/bin/python3';
const command =
  process.env.AERIE_COMMAND ?? join(dirname(process.env.AERIE_CLUSTER_TARGET ?? '.'), 'aerie');

/** Each does the same: in /chat, with what `job` says. */
const senders = {
  'the official emitter': async (url, job) => {
    const client = createClient({ url });
    await client.connect();
    const nsp = new Emitter(client).of('/chat');
    let to = nsp.to(job.rooms ?? []).except(job.except ?? []);
    if (job.volatile) to = to.volatile;
    if (job.compress === false) to = to.compress(false);
    if (job.join) to.socketsJoin(job.join);
    if (job.leave) to.socketsLeave(job.leave);
    if (job.disconnect) to.disconnectSockets(job.close);
    if (job.serverSide) nsp.serverSideEmit(...job.event);
    else if (job.event) to.emit(...job.event);
    await client.quit();
  },
};
if (!onlyOfficial) {
  senders['aerie emit'] = async (url, job) => {
    const each = (option, values = []) => values.flatMap((value) => [option, value]);
    const flag = (option, set) => (set ? [option] : []);
    await run(command, [
      'emit', '--redis', url, '--namespace', '/chat',
      ...each('--room', job.rooms), ...each('--except', job.except), ...each('--join', job.join),
      ...each('--leave', job.leave), ...flag('--disconnect', job.disconnect), ...flag('--close', job.close),
      ...flag('--volatile', job.volatile), ...flag('--no-compress', job.compress === false),
      ...flag('--server-side', job.serverSide),
      ...(job.event ? ['--', job.event[0], ...job.event.slice(1).map((value) => JSON.stringify(value))] : []),
    ]);
  };
}

forEachCluster('emitters', ['--adapter', 'redis'], (context) => {
  const everybody = async () => (await context.cluster.connect(2)).flat();
  const got = (clients, event, ...args) =>
    until(() => clients.every((client) => client.got(event).length > 0), `${event} arrives`).then(() => {
      for (const client of clients) assert.deepEqual(client.got(event), [args]);
    });
  const nothing = (clients, event) => {
    for (const client of clients) assert.deepEqual(client.got(event), []);
  };

  for (const [name, send] of Object.entries(senders)) {
    const emit = (job) => send(context.redis.url, job);

    test(`${name}: everybody in a namespace`, async () => {
      const all = await everybody();
      const strangers = (await context.cluster.connect(1, '/')).flat();
      await emit({ event: ['news', 'text', 1, { a: [true, null] }] });
      await got(all, 'news', 'text', 1, { a: [true, null] });
      nothing(strangers, 'news');
    });

    test(`${name}: rooms, and exceptions`, async () => {
      const [a, b, c, d] = await everybody();
      await context.cluster.join('blue', [a, c, d]);
      await context.cluster.join('red', [b, d]);
      await emit({ rooms: ['blue'], event: ['first'] });
      await emit({ rooms: ['blue', 'red'], except: [d.id], event: ['second'] });
      await emit({ event: ['last'] });
      await got([a, b, c, d], 'last');
      await got([a, c, d], 'first');
      await got([a, b, c], 'second');
      nothing([b], 'first');
      nothing([d], 'second');
    });

    test(`${name}: flags`, async () => {
      const all = await everybody();
      await emit({ compress: false, event: ['plain'] });
      await got(all, 'plain');
      // A volatile event is dropped for a client that anything else waits for at that moment.
      await until(async () => {
        await emit({ volatile: true, event: ['perhaps'] });
        return until(() => all.every((client) => client.got('perhaps').length > 0), 'it arrives', 200).catch(() => false);
      }, 'a volatile event arrives');
      for (const client of all) for (const args of client.got('perhaps')) assert.deepEqual(args, []);
    });

    test(`${name}: sockets join and leave`, async () => {
      const [a, b, c, d] = await everybody();
      await context.cluster.join('blue', [a, c]);
      await emit({ rooms: ['blue'], join: ['green', 'white'] });
      await context.cluster.reachable('green', [a, c]);
      assert.deepEqual(await b.ask('who', 'white'), [a.id, c.id].sort());
      await emit({ rooms: ['green'], leave: ['white'] });
      await until(async () => (await d.ask('who', 'white')).length === 0, 'the room is empty');
      assert.deepEqual(await d.ask('who', 'green'), [a.id, c.id].sort());
    });

    test(`${name}: sockets are disconnected`, async () => {
      const [a, b, c, d] = await everybody();
      const gone = [b, c].map(({ socket }) => once(socket, 'disconnect'));
      await emit({ rooms: [b.id, c.id], disconnect: true });
      for (const [reason] of await Promise.all(gone)) assert.equal(reason, 'io server disconnect');
      const closed = once(d.socket.io.engine, 'close');
      await emit({ rooms: [d.id], disconnect: true, close: true });
      await closed;
      assert.ok(a.socket.connected);
    });

    test(`${name}: servers are told`, async () => {
      const all = await everybody();
      await emit({ serverSide: true, event: ['side', 'text'] });
      await got(all, 'side', 'text');
    });
  }

  test('a script in Python: a room', async () => {
    const [a, b, c, d] = await everybody();
    await context.cluster.join('blue', [a, d]);
    await run(python, [script, context.redis.url, '/chat', 'blue', 'said', 'grüße ☃']);
    await got([a, d], 'said', 'grüße ☃');
    nothing([b, c], 'said');
  });
});
