// The sharded adapter on a Redis Cluster of six nodes. Channels of different slots are on different nodes, so what is
// said of the order holds for one channel only: for all behaviours everything is on one.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { until } from '../conformance/lib/wait.mjs';
import { declareBehaviours, forEachCluster } from './lib/behaviours.mjs';
import { startRedisCluster } from './lib/redis_server.mjs';

const options = ['--adapter', 'redis-sharded', '--redis-cluster'];

// The official server publishes at one node after the other, so there is no order to speak of: not of broadcasts, and who is
// to join one room and leave another may have left before.
const counted = ['acknowledgements', 'disconnections', 'fetches', 'server-side emits'];
declareBehaviours('a Redis Cluster, plain', ['--adapter', 'redis', '--redis-cluster'], counted, startRedisCluster);
declareBehaviours('a Redis Cluster, static', [...options, '--mode', 'static'], undefined, startRedisCluster);

forEachCluster(
  'a Redis Cluster, dynamic',
  options,
  (context, servers) => {
    // The official server asks every master for the number of servers, also the one that has gone, and waits.
    const skip = servers.includes('node');
    const rooms = Array.from({ length: 12 }, (_, i) => `room ${i}`);

    test('rooms on all nodes are reached from both servers', async () => {
      const [[a], [b]] = await context.cluster.connect(1);
      for (const room of rooms) {
        await context.cluster.join(room, [a, b]);
        await a.ask('say', room, `a ${room}`);
        await b.ask('say', room, `b ${room}`);
      }
      const all = rooms.flatMap((room) => [[`a ${room}`], [`b ${room}`]]).sort();
      for (const client of [a, b]) {
        await until(() => client.got('said').length === all.length, 'everything arrives');
        assert.deepEqual(client.got('said').sort(), all);
      }
    });

    test('a master fails: its replica takes over, and all goes on', { skip }, async () => {
      const { cluster, redis } = context;
      const [[a], [b]] = await cluster.connect(1);
      for (const room of rooms) await cluster.join(room, [b]);
      await (await redis.masterOf('socket.io#/chat#')).stop();
      await cluster.complete();
      for (const room of rooms) await cluster.reachable(room, [b]);
      await a.ask('say', rooms[0], 'after');
      await until(() => b.got('said').some(([text]) => text === 'after'), 'a room works again');
      assert.deepEqual(await a.ask('who', rooms[0]), [b.id]);
    });
  },
  startRedisCluster,
);
